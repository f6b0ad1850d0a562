"""What a test needs of others is in builders or fixtures, not in a test module."""

import ast
from collections.abc import Iterator

import pytest

from tests.engines import ROOT


def _imported(source: str) -> Iterator[str]:
    """Return the names that a source imports, with the modules they are taken from."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module or ''}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _of_test_modules(source: str) -> list[str]:
    return [
        name
        for name in _imported(source)
        if any(part.startswith("test_") for part in name.split("."))
    ]


def test_no_test_module_is_imported() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): names
        for folder in ("tests", "bench")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (names := _of_test_modules(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        "from tests.test_db import x",
        "from tests import test_db",
        "import tests.test_db",
    ],
)
def test_an_import_of_a_test_module_is_seen(line: str) -> None:
    assert len(_of_test_modules(line)) == 1


def test_builders_are_no_test_modules() -> None:
    assert _of_test_modules("from tests.reporting.evidence.builders import picture") == []
