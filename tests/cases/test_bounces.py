"""A mail that came back stops an address only where it was ours, and its mailbox is gone."""

import json
from pathlib import Path

import flask
import pytest

from tests.cases import FILES
from tests.cases.bounces import CASES, UNCLEAR, WRITTEN_TO
from tests.platform.mail.builders import write_to


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("file", CASES)
def test_a_mail_that_came_back(app: flask.Flask, tmp_path: Path, file: str) -> None:
    with app.app_context():
        (message_id,) = write_to(WRITTEN_TO)
    noted, said = CASES[file]
    report = (FILES / file).read_bytes()
    assert _take(app, tmp_path, report) == ([UNCLEAR], said), "anybody can write this"
    ours = f"In-Reply-To: {message_id}\n".encode() + report
    expected = [noted, *([UNCLEAR] if said else [])]
    assert _take(app, tmp_path, ours) == (expected, "")


def _take(app: flask.Flask, folder: Path, report: bytes) -> tuple[list[dict[str, object]], str]:
    file = folder / "report.eml"
    file.write_bytes(report)
    arguments = ["mail", "bounce", "--dsn", str(file), "--json"]
    done = app.test_cli_runner().invoke(args=arguments)
    return json.loads(done.stdout), done.stderr
