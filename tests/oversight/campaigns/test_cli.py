"""`flask roles ask`: what it refuses."""

import flask
import pytest

from coordinator.oversight.campaigns.cli import ask_command
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.mapping.answers.builders import NIK
from tests.oversight.campaigns.builders import told


@pytest.fixture
def head(app: flask.Flask) -> Viewer:
    """Dispora's head."""
    with app.app_context():
        return factories.person(AccessKind.AGENCY_HEAD, "dispora")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--by", "2027-01-05", "--task-force", "99.99"], "Tidak ada gugus tugas 99.99."),
        (["--by", "2027-01-05", "--message", "x" * 301], "Paling panjang 300"),
        (["--by", "2026-01-05", "--dry-run"], "Pilih hari sesudah hari ini"),
        (["--by", "2027-01-05", "--message", f"NIK {NIK}", "--dry-run"], "NIK"),
    ],
)
def test_the_shell_refuses_what_the_form_refuses(
    app: flask.Flask, head: Viewer, arguments: list[str], said: str
) -> None:
    done = app.test_cli_runner().invoke(ask_command, [*arguments, "--scope", "all"])
    assert done.exit_code == 1
    assert said in done.output
    with app.app_context():
        assert told() == []
