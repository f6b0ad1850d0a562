"""The code keeps the directions the architecture promises: who imports, commits, tells the time."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.engines import ROOT

PACKAGE = ROOT / "coordinator"
SOURCES = sorted(PACKAGE.rglob("*.py"))
# Files that only carry things in and out: every question to the database is in queries or service.
CARRIERS = re.compile(
    r"(^|_)(views|forms|jobs|cli|emails|rules|exports|actions?|editors?|pages)\.py$"
)
PURE = {
    "calendar",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "functools",
    "html",
    "hashlib",
    "hmac",
    "ipaddress",
    "itertools",
    "json",
    "math",
    "operator",
    "re",
    "string",
    "typing",
    "unicodedata",
}
# The helpers outside a rules.py that rules may use: they turn typed text into a number or a day, or
# a value into words.
PURE_HELPERS = {
    ("coordinator.formatting", "parse_number"),
    ("coordinator.numbers", "NumberComparison"),
    ("coordinator.numbers", "NOTHING_KNOWN"),
    ("coordinator.numbers", "asked_of"),
    ("coordinator.platform.spreadsheets.dittos", "is_ditto"),
    ("coordinator.typed", "sensible_day"),
    ("coordinator.clock", "TOLERANCE"),
    ("coordinator.plans.actions.diff", "LEVEL_WORDS"),
    ("coordinator.plans.actions.diff", "number"),
}

# Who imports by name while running, and what for: docs/decisions/0043 and 0045.
LATE_IMPORTS = {
    "coordinator/checked.py": "pydantic, when a file, a form or kept JSON is checked",
    "coordinator/child.py": "the module that a child process runs",
    "coordinator/commands.py": "a group of commands, and Flask-Migrate, when the shell asks for it",
    "coordinator/home/first_step_views.py": "the doctor and Alembic, when its page is opened",
}


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield (dotted name, call) for every call by a plain or dotted name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_layers_hold() -> None:
    """import-linter's contracts in pyproject.toml: a line imports only lines below it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    assert len(contracts) > 2
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert command, "import-linter is not installed"
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(contracts)} kept, 0 broken" in done.stdout


def test_no_import_inside_a_function() -> None:
    inside = [
        f"{_name(path)}:{node.lineno}"
        for path in SOURCES
        for function in ast.walk(_tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_one_commit() -> None:
    """Only `@transactional` commits: a change is kept with its audit entry and mail, or not."""
    places = [
        _name(path)
        for path in SOURCES
        for name, _call in _calls(_tree(path))
        if name.split(".")[-1] == "commit"
    ]
    assert places == ["coordinator/db.py"]


def test_one_clock() -> None:
    places = {
        _name(path)
        for path in SOURCES
        for name, _call in _calls(_tree(path))
        if re.search(r"(?:^|\.)(?:datetime\.now|utcnow|today)$", name)
        and re.search(r"\b(?:datetime|date)\b", name)
    }
    assert places <= {"coordinator/clock.py"}
    assert places, "the clock itself was not found: this test looks for the wrong thing"


def test_carriers_ask_the_database_nothing() -> None:
    asked = [
        f"{_name(path)}:{call.lineno} {name}"
        for path in SOURCES
        if CARRIERS.search(path.name)
        for name, call in _calls(_tree(path))
        if name.split(".")[-1] in {"select", "execute", "scalar", "scalars", "get_one", "text"}
        and name.split(".")[0] in {"db", "sa", "sqlalchemy", "session", "select"}
    ]
    assert asked == []


@pytest.mark.parametrize(
    "path",
    [*sorted(PACKAGE.rglob("*rules.py")), *sorted(PACKAGE.glob("screening/*.py"))],
    ids=_name,
)
def test_rules_are_pure(path: Path) -> None:
    """Plain values in, answer out: rules import other rules and harmless standard modules."""
    impure = []
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            impure += [a.name for a in node.names if a.name.split(".")[0] not in PURE]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if module.split(".")[0] in PURE | {"__future__", "array", "bisect"}:
                continue
            # `seed`: the shapes of a file, plain values like a rule's own.
            if module == "coordinator.permissions" or re.fullmatch(
                r"coordinator\.((\w+\.)+(\w*rules|seed)|screening\.\w+)", module
            ):
                continue
            impure += [
                f"{module}.{a.name}" for a in node.names if (module, a.name) not in PURE_HELPERS
            ]
    assert impure == []


def test_no_drawer_for_odds_and_ends() -> None:
    forbidden = {"utils.py", "helpers.py", "common.py", "base.py", "managers.py", "interfaces.py"}
    assert [_name(path) for path in SOURCES if path.name in forbidden] == []


def _imported_by(module: str) -> set[str]:
    """Return the modules of the product that a module's import statements name."""
    path = ROOT / (module.replace(".", "/") + ".py")
    if not path.exists():
        path = ROOT / module.replace(".", "/") / "__init__.py"
    if not path.exists():
        return set()
    found: set[str] = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in found if name.startswith("coordinator")}


def test_every_table_is_seen_by_migrations() -> None:
    """A models.py that the factory never imports would be missing from the metadata silently."""
    seen: set[str] = set()
    waiting = {"coordinator.app"}
    while waiting:
        module = waiting.pop()
        seen.add(module)
        waiting |= _imported_by(module) - seen
    there = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in PACKAGE.rglob("models.py")
    }
    assert there
    assert there <= seen


def test_modules_are_imported_late_only_where_the_record_says() -> None:
    """Ruff (PLC0415) refuses an import inside a function; this one refuses the other ways."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if re.search(
            r"\b(import_module|__import__|LazyLoader)\b|noqa: PLC0415", path.read_text("utf-8")
        )
    }
    assert found == LATE_IMPORTS.keys()
