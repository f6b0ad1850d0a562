"""The worked example of CONTRIBUTING.md is followed to the letter in a copy of the tree."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engines import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`([\w/.]+)`\n\n```\w+\n(.*?)^```$", TEXT, re.M | re.S))
BIN = Path(sys.executable).parent
OPENS = """
import config
from coordinator.app import create_app

app = create_app(config.load({"DATA_DIR": "data", "SECRET_KEY": "uji"}))
assert "people.roster.roster" in app.view_functions
app.jinja_env.get_template("people/roster/roster.html")
print(app.url_map.bind("localhost").match("/daftar-instansi")[0])
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree with the example's files and its two lines elsewhere."""
    folder = tmp_path_factory.mktemp("tree")
    for name in ("coordinator", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "config.py", folder)
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    container = 'containers = ["coordinator.people"]\nlayers = [\n'
    assert container in project
    project = project.replace(container, f'{container}  "roster",\n')
    (folder / "pyproject.toml").write_text(project, encoding="utf-8")
    app = folder / "coordinator" / "app.py"
    source = app.read_text(encoding="utf-8").replace("VIEWS = (", "VIEWS = (\n    roster_views,")
    imported = "from coordinator.people.roster import views as roster_views\n"
    app.write_text(
        source.replace("from coordinator import", f"{imported}from coordinator import", 1)
    )
    return folder


def _run(copy: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_example_is_whole() -> None:
    assert len(FILES) == 4


def test_the_example_keeps_the_directions(copy: Path) -> None:
    assert "0 broken" in _run(copy, str(BIN / "lint-imports"), "--no-cache")


def test_the_example_is_written_as_the_rest(copy: Path) -> None:
    files = [name for name in FILES if name.endswith(".py")]
    _run(copy, str(BIN / "ruff"), "check", *files)
    _run(copy, str(BIN / "ruff"), "format", "--check", *files)


def test_the_example_opens(copy: Path) -> None:
    assert "people.roster.roster" in _run(copy, sys.executable, "-c", OPENS)
