"""Letters for tests."""

import io
import re
from datetime import date

import flask
from docx import Document

from coordinator.assignments.letters import queries
from coordinator.assignments.letters.rules import LetterBody, LetterHead, Nature
from coordinator.clock import today
from coordinator.people.accounts import service as accounts
from coordinator.permissions import Viewer
from tests import factories
from tests.conftest import Browser


def head(**changes: object) -> LetterHead:
    """Return what a secretariat might write on a letter."""
    usual: dict[str, object] = {
        "number": "463/017/UJI",
        "place": "Samarinda",
        "dated_on": date(2026, 10, 13),
        "nature": Nature.USUAL,
        "signer": "Sekretaris Gugus Tugas",
        "acknowledged_by": "",
        "copies": ("Arsip",),
    }
    return LetterHead(**{**usual, **changes})  # type: ignore[arg-type]


def body_of(slug: str) -> LetterBody:
    """Return what a letter to an agency would say today."""
    body = queries.body(factories.task_force(), factories.agency(slug), on=today())
    assert body is not None
    return body


def words_of_docx(data: bytes) -> str:
    """Return all text of a DOCX in one line."""
    document = Document(io.BytesIO(data))
    texts = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        texts += [cell.text for row in table.rows for cell in row.cells]
    return re.sub(r"\s+", " ", " ".join(texts))


def session_of(viewer: Viewer) -> str:
    """Open a session without the third of a second that checking a password takes."""
    return accounts.open_session(
        account_id=viewer.account_id or 0, address="127.0.0.1", browser="uji"
    )


def seated(app: flask.Flask, session: str) -> Browser:
    """Return a browser that is signed in with a session."""
    browser = Browser(app)
    with browser.client.session_transaction() as cookie:
        cookie["_user_id"] = session
    return browser
