"""All that comes from outside is read in one place, and cleaned there."""

import ast
from pathlib import Path

import pytest

from tests.engines import ROOT

PACKAGE = ROOT / "coordinator"
SOURCES = {str(path.relative_to(PACKAGE)): path for path in sorted(PACKAGE.rglob("*.py"))}
# What opens a workbook or a separated text, and who alone may.
READERS = {
    "python_calamine": {"platform/spreadsheets/cells.py", "platform/files/preview_document.py"},
    "openpyxl": set(),
    "csv.reader": {"platform/spreadsheets/csvtext.py"},
    "csv.DictReader": set(),
    "yaml.parse": {"platform/yaml_files/reader.py"},
    "yaml.load": set(),
    "yaml.safe_load": set(),
}
# Anyone who lets text in must clean it.
CLEANERS = ("platform/spreadsheets/cells.py", "platform/yaml_files/reader.py", "edge.py")


def _names(path: Path) -> set[str]:
    """Modules imported and functions called as `module.name`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.add(f"{node.value.id}.{node.attr}")
    return found


@pytest.mark.parametrize("reader", READERS)
def test_files_are_opened_by_the_one_reader_alone(reader: str) -> None:
    users = {name for name, path in SOURCES.items() if reader in _names(path)}
    assert users == READERS[reader]


@pytest.mark.parametrize("name", CLEANERS)
def test_what_lets_text_in_cleans_it(name: str) -> None:
    called = {
        node.func.id
        for node in ast.walk(ast.parse(SOURCES[name].read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert "clean" in called


def test_every_form_is_read_through_the_clean_request() -> None:
    """`flask.request` is our class, whose form, query and file names are cleaned."""
    assert "app.request_class = Request" in SOURCES["edge.py"].read_text()
    assert "edge.register(app)" in SOURCES["app.py"].read_text()
