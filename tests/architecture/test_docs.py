"""What README and the guides name exists: files, make targets, shell commands, addresses."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import flask
import pytest
from flask.cli import FlaskGroup
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.engines import ROOT

DOCS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
# Words after a command that are not its subcommands: options, arguments, ends of sentences.
ARGUMENT = re.compile(r"^(-|\.|[A-Z0-9<\"'{$])|[.:/=@]|^\W*$")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _quoted() -> Iterator[tuple[str, str]]:
    """Yield (file, text) of everything set as code."""
    for path in DOCS:
        text = path.read_text(encoding="utf-8")
        for block in re.findall(r"```\w*\n(.*?)```", text, re.S):
            for line in block.splitlines():
                yield _name(path), line.partition(" #")[0].strip()
        text = re.sub(r"```.*?```", "", text, flags=re.S)
        for code in re.findall(r"`([^`]+)`", text):
            yield _name(path), " ".join(code.split())


def test_every_link_leads_to_a_file() -> None:
    links = [
        (path, target)
        for path in DOCS
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:", target)
    ]
    assert len(links) > 20
    broken = [f"{_name(path)}: {to}" for path, to in links if not (path.parent / to).exists()]
    assert broken == []


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    named = {
        (name, target)
        for name, code in _quoted()
        for target in re.findall(r"(?:^|[ ;&])make (?:[A-Z_]+=\S+ )*([a-z]+)", code)
    }
    assert len(named) > 5
    assert [(name, target) for name, target in sorted(named) if target not in targets] == []


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_every_shell_command_exists(empty_app: flask.Flask) -> None:
    group = FlaskGroup(create_app=lambda: empty_app)
    info = flask.cli.ScriptInfo(create_app=lambda: empty_app)
    unknown, seen = [], 0
    for name, code in _quoted():
        for line in re.findall(r"(?:^|[ /])flask ([a-z].*)", code):
            command: click.Command | None = group
            # Left open, its context would hold the app for all tests that follow.
            with click.Context(group, obj=info) as context:
                for word in line.split():
                    if not isinstance(command, click.Group) or ARGUMENT.search(word):
                        break
                    command = command.get_command(context, word)
                    if command is None:
                        unknown.append(f"{name}: flask {line}")
                        break
                    seen += 1
    assert seen > 20
    assert unknown == []


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_every_address_is_answered(empty_app: flask.Flask) -> None:
    adapter = empty_app.url_map.bind("localhost")
    unknown, seen = [], 0
    for name, code in _quoted():
        if not re.fullmatch(r"/[a-z0-9][\w./<>?=&-]*", code) or code.startswith(("/etc", "/var")):
            continue
        path = re.sub(r"<\w+>", "1", code.partition("?")[0])
        seen += 1
        if not any(_is_known(adapter, path, method) for method in ("GET", "POST")):
            unknown.append(f"{name}: {code}")
    assert seen > 20
    assert unknown == []


def _is_known(adapter: object, path: str, method: str) -> bool:
    try:
        adapter.match(path, method=method)  # type: ignore[attr-defined]
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True
