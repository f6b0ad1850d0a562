"""Rooms: an endpoint, a template and a mail are named after the package whose they are."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import flask
import pytest

from tests.architecture.exceptions import require
from tests.engines import ROOT

PACKAGE = ROOT / "coordinator"
TEMPLATES = ROOT / "templates"
# What pages of several packages show.
SHARED = {"components", "errors"}


def _package(path: Path) -> str:
    return path.parent.relative_to(PACKAGE).as_posix()


def _named(call: str) -> Iterator[tuple[Path, str]]:
    """Yield the files of the product and the template that each `call(...)` names."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).endswith(call)
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield path, str(node.args[0].value)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_an_endpoint_is_named_after_its_package(app: flask.Flask) -> None:
    views = {
        name: view.__module__.split(".")
        for name, view in app.view_functions.items()
        if name != "static"
    }
    assert len(views) > 150
    assert {
        name: module for name, module in views.items() if name.split(".")[:-1] != module[1:-1]
    } == {}


def test_a_page_is_shown_by_its_package() -> None:
    named = [one for one in _named("render_template") if one[1].split("/")[0] not in SHARED]
    assert len(named) > 100
    assert [
        (str(path), name) for path, name in named if name.rpartition("/")[0] != _package(path)
    ] == []


def test_a_mail_is_written_by_its_package() -> None:
    named = list(_named("render_email"))
    assert len(named) > 15
    assert [
        (str(path), name) for path, name in named if name.rpartition("/")[0] != _package(path)
    ] == []
    written = {name for _path, name in named}
    kept = {
        path.relative_to(TEMPLATES / "email").with_suffix("").as_posix()
        for path in (TEMPLATES / "email").rglob("*.txt")
    }
    assert kept == written


def test_a_page_has_the_name_of_its_endpoint() -> None:
    """What a view that answers GET shows by itself; what several views share has its own name."""
    found = set()
    for path in sorted(PACKAGE.rglob("*views.py")):
        for function in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(function, ast.FunctionDef) or not _answers_get(function):
                continue
            shown = {
                str(node.args[0].value).rpartition("/")[2].removesuffix(".html")
                for node in ast.walk(function)
                if isinstance(node, ast.Call)
                and ast.unparse(node.func) == "flask.render_template"
                and isinstance(node.args[0], ast.Constant)
            }
            if len(shown) == 1 and shown != {function.name}:
                found.add(f"{_package(path)}:{function.name} {shown.pop()}")
    require("pages_named_otherwise", found)


def _answers_get(function: ast.FunctionDef) -> bool:
    return any(
        re.match(r"bp\.(get|route)\(", ast.unparse(decorator))
        for decorator in function.decorator_list
    )


def test_every_room_says_what_it_is_for() -> None:
    for path in sorted(PACKAGE.rglob("__init__.py")):
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert text is not None, path
        assert text.endswith("."), path
