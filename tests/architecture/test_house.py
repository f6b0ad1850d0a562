"""Rules of the house that no tool checks, each with a list of exceptions that may only shrink."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from tests.architecture import exceptions
from tests.architecture.exceptions import require, require_at_most
from tests.engines import ROOT

PACKAGE = ROOT / "coordinator"
TEMPLATES = ROOT / "templates"
STATIC = PACKAGE / "static"
LONGEST_FILE = 300
LONGEST_TEMPLATE_LINE = 160
# A service, a query, a rule and a model are used by pages, commands and jobs alike.
WITHOUT_FLASK = re.compile(r"(/|_)(service|queries|rules|models)\.py$")
# A read for a page is a query; a service loads what it changes.
MAY_SELECT = re.compile(r"(/|_)(queries|service|models)\.py$")
READERS = {"Viewer", "AccessGrant", "LinkViewer"}
# Who mails an account, whichever accesses it has. Everybody else calls `notify`, which forgets
# neither the task force of a mail nor the time to undo.
MAIL_AN_ACCOUNT = {
    "coordinator/oversight/auditors/service.py",
    "coordinator/oversight/opening/service.py",
    "coordinator/oversight/reminders/service.py",
    "coordinator/people/accounts/notices.py",
    "coordinator/people/accounts/service.py",
    "coordinator/reporting/evidence/notices.py",
}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _sources() -> dict[str, ast.Module]:
    return {
        _name(path): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


@cache
def _templates() -> dict[str, str]:
    return {
        _name(path): path.read_text(encoding="utf-8")
        for path in sorted(TEMPLATES.rglob("*"))
        if path.suffix in (".html", ".txt")
    }


def _all_code() -> str:
    return "\n".join(
        path.read_text(encoding="utf-8")
        for folder in (PACKAGE, TEMPLATES)
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".py", ".html", ".txt", ".js") and "vendor" not in path.parts
    )


# --- files ---------------------------------------------------------------------------------------


def test_files_are_short() -> None:
    sizes = {
        _name(path): len(path.read_text(encoding="utf-8").splitlines())
        for folder in (PACKAGE, ROOT / "tests", ROOT / "bench")
        for path in folder.rglob("*.py")
    }
    require_at_most("long_files", sizes, LONGEST_FILE)


# --- names ---------------------------------------------------------------------------------------


def test_no_public_class_has_the_name_of_another() -> None:
    """Forms are classes too. A class inside another (`Meta`) is read with its owner."""
    places: dict[str, list[str]] = {}
    for name, tree in _sources().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(name)
    assert len(places) > 500
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


# --- layers inside a room ------------------------------------------------------------------------


def test_no_flask_below_the_views() -> None:
    """`flask_babel` is allowed: it only looks words up."""
    found = {
        name
        for name, tree in _sources().items()
        if WITHOUT_FLASK.search(name)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Import) and any(a.name == "flask" for a in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "flask")
    }
    require("flask_below_views", found)


def test_reads_are_in_queries() -> None:
    found = {
        name
        for name, tree in _sources().items()
        if not MAY_SELECT.search(name)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"sa.select", "select"}
    }
    require("selects_elsewhere", found)


def _public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def _reads(function: ast.FunctionDef) -> bool:
    """Tell whether a function itself asks the database, and not only builds a statement, which
    another function executes for its viewer."""
    if function.returns is not None and ast.unparse(function.returns).startswith("sa.Select["):
        return False
    return any(
        isinstance(node, ast.Call)
        and ast.unparse(node.func).startswith(("db.session", "sa.select"))
        for node in ast.walk(function)
    )


def test_a_query_starts_from_its_viewer() -> None:
    """What a page may show is decided by who reads; what reads for nobody says `all_`."""
    found = {
        f"{name}:{function.name}"
        for name, tree in _sources().items()
        if re.search(r"(/|_)queries\.py$", name)
        for function in _public_functions(tree)
        if _reads(function)
        and not function.name.startswith("all_")
        and not READERS
        & {
            part
            for arg in (*function.args.args, *function.args.kwonlyargs)
            if arg.annotation is not None
            for part in re.findall(r"\w+", ast.unparse(arg.annotation))
        }
    }
    require("queries_without_viewer", found)


def test_mail_to_an_access_is_queued_by_notify() -> None:
    found = {
        name
        for name, tree in _sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "queue_email"
    }
    assert found == MAIL_AN_ACCOUNT


# --- nothing that is not used --------------------------------------------------------------------


def test_every_macro_is_used() -> None:
    called: Counter[str] = Counter()
    defined = {}
    for name, source in _templates().items():
        called.update(re.findall(r"(\w+)\(", source))
        defined |= dict.fromkeys(re.findall(r"{%-?\s*macro (\w+)\(", source), name)
    assert len(defined) > 50
    assert {macro: name for macro, name in defined.items() if called[macro] < 2} == {}


def test_every_macro_that_is_imported_is_used() -> None:
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    found = set()
    for name, source in _templates().items():
        tree = environment.parse(source)
        used = {node.name for node in tree.find_all(nodes.Name)}
        for node in tree.find_all(nodes.FromImport):
            names = {one if isinstance(one, str) else one[1] for one in node.names}
            found |= {f"{name}: {one}" for one in names - used}
    assert found == set()


def test_every_icon_is_drawn_and_used() -> None:
    sprite = (TEMPLATES / "components" / "sprite.html").read_text(encoding="utf-8")
    drawn = re.findall(r'<symbol id="([^"]*)"', sprite)
    assert len(drawn) > 10
    assert [name for name in drawn if not re.fullmatch(r"i-[a-z-]+", name)] == []
    text = _all_code()
    used = {name for name in drawn if re.search(rf"""['"]{name.removeprefix("i-")}['"]""", text)}
    used |= {name for name in drawn if f'href="#{name}"' in text}
    assert [name for name in drawn if name not in used] == []


def test_every_class_of_the_stylesheet_is_used() -> None:
    sheets = [re.sub(r"/\*.*?\*/", "", p.read_text(), flags=re.S) for p in STATIC.glob("*.css")]
    assert sheets
    own = {
        name
        for sheet in sheets
        for selector in re.findall(r"([^{}]+)\{", sheet)
        for name in re.findall(r"\.(-?[a-zA-Z][\w-]*)", selector)
    }
    text = _all_code()
    unused = own - set(re.findall(r"[\w-]+", text))
    assert {name for name in unused if not _is_composed(name, text)} == set()


def _is_composed(name: str, text: str) -> bool:
    """Tell whether a class is put together of a stem and a value: `cell-{{ band }}`."""
    stems = [name[: found.end()] for found in re.finditer("-", name)]
    return any(re.search(rf"""(?<![\w-]){stem}(\{{|['"] ~)""", text) for stem in stems)


def test_every_setting_is_in_the_readme() -> None:
    source = (ROOT / "config.py").read_text(encoding="utf-8")
    names = set(re.findall(r"\(?[\"']([A-Z][A-Z_]{3,})[\"']", source))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(names) > 10
    assert {name for name in names if f"`{name}" not in readme} == set()


# --- templates -----------------------------------------------------------------------------------


def test_lines_of_templates_can_be_reviewed() -> None:
    """The number of lines above the limit, by template."""
    counts = {
        name: sum(len(line) > LONGEST_TEMPLATE_LINE for line in source.splitlines())
        for name, source in _templates().items()
    }
    require_at_most("long_template_lines", counts, 0)


# --- the lists can only shrink --------------------------------------------------------------------


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One list of each form, in place of the product's."""
    (tmp_path / "names.txt").write_text("a.py\nb.py\n")
    (tmp_path / "sizes.txt").write_text("a.py 400\n")
    monkeypatch.setattr(exceptions, "FOLDER", tmp_path)


@pytest.mark.parametrize(
    ("found", "is_right"),
    [(["a.py", "b.py"], True), (["a.py", "b.py", "c.py"], False), (["a.py"], False)],
)
@pytest.mark.usefixtures("listed")
def test_a_list_of_names_fails_for_new_and_for_cured(found: list[str], is_right: bool) -> None:
    with nullcontext() if is_right else pytest.raises(AssertionError):
        require("names", found)


@pytest.mark.parametrize(
    ("found", "is_right"),
    [
        ({"a.py": 400, "b.py": 300}, True),
        ({"a.py": 401}, False),
        ({"a.py": 399}, False),
        ({"a.py": 200}, False),
        ({"a.py": 400, "b.py": 301}, False),
    ],
)
@pytest.mark.usefixtures("listed")
def test_a_list_of_sizes_fails_for_more_and_for_less(found: dict[str, int], is_right: bool) -> None:
    with nullcontext() if is_right else pytest.raises(AssertionError):
        require_at_most("sizes", found, 300)
