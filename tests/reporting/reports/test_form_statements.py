"""How many statements each button of the report form costs, and what sending at once keeps.

A pin is the whole request: two statements of the frame (BEGIN, the session), BEGIN IMMEDIATE, what
the service loads once, what it writes. Raise one with the reason here: a report that begins or is
sent counts otherwise in the matrix, and its place is counted again in the same transaction
(docs/decisions/0036), by three or four statements; a draft saved once more is not.
"""

from collections.abc import Callable

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.errors import InvalidInput
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.reporting.decisions.rules import LONGEST_ASKED_OF
from coordinator.reporting.reports.models import Report, ReportRevision
from coordinator.reporting.reports.rules import ReportState
from coordinator.reporting.submission.service import save_and_submit
from tests import factories
from tests.conftest import Browser, csrf_token
from tests.reporting.evidence.builders import picture
from tests.reporting.reports.writer import Writer
from tests.statements import statements

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def writer(app: flask.Flask, browser: Callable[[], Browser]) -> Writer:
    """Dispora's focal point at the form of the lead's report, with a value for each indicator."""
    with app.app_context():
        story = factories.story()
        obligation = factories.obligation_of(story.assignment, "dispora")
        values = [name for name in factories.draft_for(obligation) if name.startswith("value-")]
        email, address = factories.email_of(story.focal_point), f"/laporan/{obligation.public_id}"
    return Writer(app, browser().sign_in(email, factories.PASSWORD), address, values)


def test_a_button_costs_few_statements(writer: Writer) -> None:
    typed = {"kind": "achievement", "note": "Tiga lembaga.", **dict.fromkeys(writer.values, "3")}
    page = writer.open()
    with statements(writer.app) as found:
        assert writer.press(page, **typed).status_code == 303
    assert len(found) <= 7 + 4, found  # it begins

    fields = {**writer.fields(writer.open()), "note": "Empat."}
    with statements(writer.app) as found:
        answer = writer.browser.client.post(f"{writer.address}/simpan-otomatis", data=fields)
    assert answer.json["version"] == 2
    assert len(found) <= 7, found  # no audit entry of its own; the form's key is looked for

    page = writer.open()
    with statements(writer.app) as found:
        assert writer.press(page, "Periksa", note="Lima.").status_code == 303
    assert len(found) <= 10, found

    page = writer.open(f"{writer.address}/periksa")
    with statements(writer.app) as found:
        assert writer.press(page, confirmed="y").location.endswith("/tanda-terima")
    assert len(found) <= 22 + 3, found


def test_the_form_is_read_as_rows(writer: Writer) -> None:
    """Besides the frame's four: the head, what only the form shows, duties, what is disputed, the
    last answer; the task force, its letterhead, the days off. Files cost one more."""
    writer.open()  # what is kept for the next page is read here
    with statements(writer.app) as found:
        page = writer.open()
    assert len(found) <= 4 + 8, found
    writer.press(page, kind="nil", note="Draf.")
    with statements(writer.app) as found:
        assert "Draf." in writer.open()
    assert len(found) <= 4 + 8, found
    writer.press(writer.open(), files=picture("satu.jpg"))
    with statements(writer.app) as found:
        assert "satu.jpg" in writer.open()
    assert len(found) <= 4 + 9, found


def test_saving_and_sending_at_once_is_one_transaction(writer: Writer) -> None:
    typed = {"kind": "achievement", "note": "Tiga lembaga.", **dict.fromkeys(writer.values, "3")}
    sent = {**writer.fields(writer.open()), **typed, "confirmed": "y"}
    with statements(writer.app) as found:
        answer = writer.browser.client.post(f"{writer.address}/kirim", data=sent)
    assert answer.location.endswith("/tanda-terima")
    assert len(found) <= 22 + 3, found
    assert found.count("BEGIN IMMEDIATE") == 1


def test_what_cannot_be_sent_is_kept(writer: Writer) -> None:
    typed = {"kind": "achievement", "note": "Tiga lembaga.", **dict.fromkeys(writer.values, "x")}
    sent = {**writer.fields(writer.open()), **typed, "confirmed": "y"}
    answer = writer.browser.client.post(f"{writer.address}/kirim", data=sent)
    assert answer.status_code == 422
    assert "dengan angka" in answer.text
    assert writer.fields(answer.text)["version"] == "1"  # as it was just kept
    assert writer.draft()["note"] == "Tiga lembaga."
    with writer.app.app_context():
        assert db.session.scalars(sa.select(Report.state)).one() is ReportState.DRAFT
        assert db.session.scalars(sa.select(ReportRevision)).all() == []

    # Put right on the very page, it goes.
    right = {**writer.fields(answer.text), **typed, **dict.fromkeys(writer.values, "3")}
    right |= {"confirmed": "y", "csrf_token": csrf_token(answer.text)}
    answer = writer.browser.client.post(f"{writer.address}/kirim", data=right)
    assert answer.location.endswith("/tanda-terima")


def test_nothing_of_a_refused_sending_is_written(app: flask.Flask) -> None:
    """No matter what refuses it, to the last check: the text alone stays."""
    with app.app_context():
        story = factories.story()
        obligation = factories.obligation_of(story.assignment, "dispora")
        draft = factories.draft_for(
            obligation, decision_question="Apa?", decision_asked_of="x" * (LONGEST_ASKED_OF + 1)
        )
        mails = sa.select(sa.func.count()).select_from(OutgoingEmail)
        before = db.session.scalar(mails)
        kept = save_and_submit(
            obligation.public_id,
            draft,
            version=0,
            form_key="satu",
            confirmed=True,
            by=story.focal_point,
        )
        assert isinstance(kept.refused, InvalidInput)
        assert set(kept.refused.fields) == {"decision_asked_of"}
        assert kept.report.state is ReportState.DRAFT
        report = db.session.scalars(sa.select(Report)).one()
        assert report.draft["note"] == draft["note"]
        assert (report.number, report.first_submitted_at) == (None, None)
        assert db.session.scalars(sa.select(ReportRevision)).all() == []
        assert db.session.scalar(mails) == before
