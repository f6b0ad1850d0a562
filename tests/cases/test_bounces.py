"""A mail that came back stops an address only where it was ours, and its mailbox is gone."""

import json
from pathlib import Path

import flask
import pytest

from tests.cases import FILES
from tests.platform.mail.builders import write_to

WRITTEN_TO = "sri.wahyuni@contoh.example"
POLICY = {"address": WRITTEN_TO, "kind": "soft", "stopped": False}
GONE = {"address": WRITTEN_TO, "kind": "hard", "stopped": True}
UNCLEAR = {"address": WRITTEN_TO, "kind": "unclear", "stopped": False}
# What is noted where the report gives back our mail, and what is said of addresses that nobody
# wrote to.
CASES: dict[str, tuple[dict[str, object], str]] = {
    "40-dsn-policy-571.eml": (POLICY, ""),
    "41-dsn-original-recipient.eml": (UNCLEAR, ""),  # a mailbox behind the address
    "42-dsn-angle.eml": (GONE, ""),
    "48-exim-x-failed.eml": (GONE, ""),
    "49-dsn-two-recipients-forwarded.eml": (
        POLICY,
        "lain@contoh.example: tidak pernah disurati dari sini, tidak dicatat.\n",
    ),
}


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
