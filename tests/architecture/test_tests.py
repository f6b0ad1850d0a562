"""What a test needs of others is in builders or fixtures, not in a test module."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.exceptions import require
from tests.engines import ROOT


def _imported(source: str) -> Iterator[str]:
    """Return the modules that a source takes something from, or imports itself."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _test_modules(source: str) -> set[str]:
    return {
        name
        for name in _imported(source)
        if name.startswith("tests.")
        and (ROOT / (name.replace(".", "/") + ".py")).is_file()
        and name.rpartition(".")[2].startswith("test_")
    }


def test_no_test_module_is_imported() -> None:
    found = {
        f"{path.relative_to(ROOT).as_posix()} {name}"
        for folder in ("tests", "bench")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for name in _test_modules(path.read_text(encoding="utf-8"))
    }
    require("imports_of_test_modules", found)


@pytest.mark.parametrize(
    "line",
    [
        "from tests.test_db import x",
        "from tests import test_db",
        "import tests.test_db",
    ],
)
def test_an_import_of_a_test_module_is_seen(line: str) -> None:
    assert _test_modules(line) == {"tests.test_db"}


def test_builders_are_no_test_modules() -> None:
    assert _test_modules("from tests.reporting.evidence.builders import picture") == set()
