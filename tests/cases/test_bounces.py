"""A mail that came back stops an address only where its mailbox is gone."""

import json

import flask
import pytest

from tests.cases import FILES
from tests.mail.test_bounces import write_to

WRITTEN_TO = "sri.wahyuni@contoh.example"
POLICY = {"address": WRITTEN_TO, "kind": "soft", "stopped": False}
GONE = {"address": WRITTEN_TO, "kind": "hard", "stopped": True}
# What is noted, and what is said of addresses that nobody wrote to.
CASES: dict[str, tuple[dict[str, object], str]] = {
    "40-dsn-policy-571.eml": (POLICY, ""),
    "41-dsn-original-recipient.eml": (GONE, ""),
    "42-dsn-angle.eml": (GONE, ""),
    "48-exim-x-failed.eml": (GONE, ""),
    "49-dsn-two-recipients-forwarded.eml": (
        POLICY,
        "lain@contoh.example: tidak pernah disurati dari sini, tidak dicatat.\n",
    ),
}


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("file", CASES)
def test_a_mail_that_came_back(app: flask.Flask, file: str) -> None:
    with app.app_context():
        write_to(WRITTEN_TO)
    arguments = ["mail", "bounce", "--dsn", str(FILES / file), "--json"]
    done = app.test_cli_runner().invoke(args=arguments)
    noted, said = CASES[file]
    assert json.loads(done.stdout) == [noted]
    assert done.stderr == said
