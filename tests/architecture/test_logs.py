"""One module logs. Nobody else writes to the log, to standard error, or formats a traceback."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "coordinator"
LOGS = PACKAGE / "logs.py"
# Modules by which a value could get into a log around `coordinator.logs`.
FORBIDDEN_IMPORTS = {"logging", "traceback", "warnings", "faulthandler", "syslog", "cgitb"}
FORBIDDEN_CALLS = {"print_exc", "format_exc", "print_exception", "format_exception", "print_stack"}
# What may touch standard error, and why.
STANDARD_ERROR = {
    "child.py": "names the kind of its exception to the process that started it",
    "platform/operations/cli.py": "asks whether it is a terminal, and draws a progress bar there",
}
PRINTS = {
    "platform/operations/run.py": "says in words what the settings are, before anything is logged"
}
LINES = {"info", "warning", "trouble", "fault", "request"}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted([*PACKAGE.rglob("*.py"), ROOT / "config.py", ROOT / "wsgi.py"]):
        if path != LOGS:
            name = str(path.relative_to(PACKAGE)) if path.is_relative_to(PACKAGE) else path.name
            yield name, ast.parse(path.read_text())


def faults_of(name: str, tree: ast.Module) -> list[str]:
    """Return what in a module gets around the one place that logs."""
    found = []
    for node in ast.walk(tree):
        where = f"{name}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [f"{where} imports {each}" for each in FORBIDDEN_IMPORTS & set(names)]
        elif isinstance(node, ast.Attribute):
            if node.attr == "stderr" and name not in STANDARD_ERROR and _is(node.value, "sys"):
                found.append(f"{where} sys.stderr")
            if node.attr in FORBIDDEN_CALLS or node.attr == "logger":
                found.append(f"{where} {node.attr}")
        elif isinstance(node, ast.Call):
            if _is(node.func, "print") and name not in PRINTS:
                found.append(f"{where} print")
            if isinstance(node.func, ast.Attribute) and _is(node.func.value, "logs"):
                found += [f"{where} {what}" for what in _bad_line(node.func.attr, node)]
    return found


def _bad_line(name: str, call: ast.Call) -> Iterator[str]:
    """A line is a fixed sentence and named facts: nothing is put together where it is written."""
    if name not in LINES:
        return
    if call.args and not (isinstance(call.args[0], ast.Constant)):
        yield "its sentence is put together"
    for given in [keyword.value for keyword in call.keywords] + call.args[1:]:
        if isinstance(given, ast.JoinedStr | ast.BinOp):
            yield "a fact is put together"
        if isinstance(given, ast.Call) and _is(given.func, "str"):
            yield "a fact is the text of something"


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def test_one_module_logs() -> None:
    assert [fault for name, tree in _modules() for fault in faults_of(name, tree)] == []


@pytest.mark.parametrize(
    "code",
    [
        "import logging",
        "from logging import getLogger",
        "import traceback",
        "import sys\nsys.stderr.write('x')",
        "print('x')",
        "flask.current_app.logger.error('x')",
        "logs.info(f'saved {name}')",
        "logs.fault('it failed', error, why=str(error))",
        "logs.fault('it failed', error, why=f'{error}')",
        "logs.warning('a ' + b)",
    ],
)
def test_the_rule_would_notice(code: str) -> None:
    assert faults_of("somewhere.py", ast.parse(code))


def test_every_entry_of_a_process_sends_its_lines_there() -> None:
    """The web server, the scheduler and the commands start at wsgi.py."""
    assert "logs.configure()" in (ROOT / "wsgi.py").read_text()
    assert Path(LOGS).exists()
