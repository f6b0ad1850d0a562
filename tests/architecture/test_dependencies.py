"""What is installed to run is used, or has a reason."""

import ast
import re
from importlib.metadata import packages_distributions

from tests.engines import ROOT

# Needed without an import of ours.
REASONS = {
    "psycopg": "SQLAlchemy loads it for PostgreSQL",
    "flask-migrate": "`coordinator.commands` loads it by its name when a command needs it",
    "pydantic": "`coordinator.checked` loads it by its name when something is checked",
    "tzdata": "zoneinfo reads it where the system has no time zones",
}


def required(text: str) -> set[str]:
    """Return the names of the packages in a requirements file, as their makers write them."""
    names = re.findall(r"^([A-Za-z][\w.-]*)", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


def imported() -> set[str]:
    """Return the top names of what the product and its migrations import."""
    found = set()
    sources = [*(ROOT / "coordinator").rglob("*.py"), *(ROOT / "migrations").rglob("*.py")]
    for path in [*sources, ROOT / "config.py", ROOT / "wsgi.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return found


def test_every_package_is_used_or_has_a_reason() -> None:
    makers = packages_distributions()
    used = {
        re.sub(r"[-_.]+", "-", maker).lower()
        for name in imported()
        for maker in makers.get(name, ())
    }
    packages = required((ROOT / "requirements.in").read_text(encoding="utf-8"))
    assert len(packages) > 20
    assert packages - used - REASONS.keys() == set()
    assert REASONS.keys() & used == set(), "a reason that is no longer needed"


def test_a_package_is_read_from_its_line() -> None:
    assert required("# none\nFlask==3\npsycopg[binary]==3\npython_dotenv\n-r other.in\n") == {
        "flask",
        "psycopg",
        "python-dotenv",
    }
