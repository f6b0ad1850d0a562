"""The same form sent eight times at once: one report, and all eight land on its receipt. Real
threads, both engines."""

import re
import threading
from collections.abc import Callable
from typing import Any

import flask
import pytest
import sqlalchemy as sa

from coordinator.assignments.models import Assignment
from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.mapping.answers.models import DutyResponse
from coordinator.permissions import AccessKind
from coordinator.reporting.reports.models import ReportRevision, Verification
from tests import factories
from tests.conftest import Browser
from tests.reporting.evidence.builders import picture
from tests.reporting.reports.mail_link import link_in, mail_to, remind

COPIES = 8


def at_once(
    app: flask.Flask, person: Browser, path: str, data: dict[str, Any], *, page: str = ""
) -> list[str]:
    """POST the same form (with the token of `page`, default: the same) from as many threads with
    one session; return where each was led, or the status where it was led nowhere."""
    token = person.token(page or path)
    with person.client.session_transaction() as cookie:
        session = dict(cookie)
    barrier = threading.Barrier(COPIES)
    led: list[str] = []

    def post() -> None:
        client = app.test_client()
        with client.session_transaction() as own:
            own.update(session)
        fields = {**data, "csrf_token": token}
        for name in ("files", "scan"):
            if name in fields:
                fields[name] = [picture()]
        barrier.wait()
        answer = client.post(path, data=fields, content_type="multipart/form-data")
        led.append(answer.headers.get("Location") or str(answer.status_code))

    threads = [threading.Thread(target=post) for _ in range(COPIES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return led


def revisions() -> int:
    """How many submissions there are."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(ReportRevision)) or 0


@pytest.mark.parametrize("way", ["form", "form with a file", "check page", "link"])
def test_eight_copies_of_a_form_land_on_one_receipt(
    app: flask.Flask, browser: Callable[[], Browser], way: str
) -> None:
    with app.app_context():
        story = factories.story()
        owed = factories.obligation_of(story.assignment, "dispora")
        report_id, draft = owed.public_id, factories.draft_for(owed)
        email, path = factories.email_of(story.focal_point), f"/laporan/{report_id}"
        if way == "link":
            remind()
            path = link_in(mail_to(story.focal_point.account_id, "digest"), app)
            db.session.rollback()
        db.session.remove()
    person = browser() if way == "link" else browser().sign_in(email, factories.PASSWORD)
    data: dict[str, Any] = {"form_key": "k" * 22, "version": "0", "confirmed": "y"}
    if way == "check page":
        person.post(path, {**draft, **data, "act": "simpan"})
        data["version"] = "1"
    else:
        data |= draft
    if way == "form with a file":
        data["files"] = ()
    led = at_once(app, person, path, {**data, "act": "kirim"})
    receipt = path if way == "link" else f"/laporan/{report_id}/tanda-terima"
    assert led == [receipt] * COPIES
    with app.app_context():
        assert revisions() == 1


class Office:
    """The secretariat at a browser, and what it may do twice."""

    def __init__(self, app: flask.Flask, browser: Callable[[], Browser]) -> None:
        self.app = app
        with app.app_context():
            story = factories.story()
            owed = factories.obligation_of(story.assignment, "dispora")
            self.public_id, self.draft = owed.public_id, factories.draft_for(owed)
            self.names = [factories.email_of(one) for one in (story.secretariat, story.focal_point)]
            self.action = factories.action("1.2").public_id
            self.story = story
            db.session.remove()
        self.officer = browser().sign_in(self.names[0], factories.PASSWORD)

    def count(self, model: type[Any]) -> int:
        """How many rows of a table there are."""
        with self.app.app_context():
            return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@pytest.fixture
def office(app: flask.Flask, browser: Callable[[], Browser]) -> Office:
    """The secretariat at work."""
    return Office(app, browser)


def test_eight_copies_of_a_report_from_paper_are_one(office: Office) -> None:
    data: dict[str, Any] = {
        **office.draft,
        "form_key": "p" * 22,
        "reference": "Laporan 12",
        "dated_on": "2026-10-12",
        "confirmed": "y",
        "scan": (),
    }
    path = f"/laporan/{office.public_id}/atas-nama"
    led = at_once(office.app, office.officer, path, data)
    assert led == [f"/laporan/{office.public_id}/tanda-terima"] * COPIES
    assert office.count(ReportRevision) == 1


@pytest.mark.parametrize("verdict", ["verify", "return"])
def test_eight_copies_of_a_verdict_are_one(office: Office, verdict: str) -> None:
    with office.app.app_context():
        owed = db.session.scalars(
            sa.select(Obligation).where(Obligation.public_id == office.public_id)
        ).one()
        factories.submit(owed, office.story.focal_point)
        db.session.remove()
    data = {"revision": "1", "verdict": verdict, "identity_checked": "y"}
    if verdict == "return":
        data |= {
            "return_reason": "figure_unclear",
            "remark": "Jelaskan angkanya.",
            "mend_by_on": "2026-10-20",
        }
    path = f"/verifikasi/{office.public_id}"
    led = at_once(office.app, office.officer, path, data)
    assert led == [f"/verifikasi?selesai={office.public_id}"] * COPIES
    assert office.count(Verification) == 1


def test_eight_copies_of_an_assignment_are_one(office: Office) -> None:
    before = office.count(Assignment)
    data = {
        "lead": "dispora",
        "basis_kind": "letter",
        "basis_reference": "463/01/UJI",
        "basis_on": "2026-10-01",
        "due_on": "2026-12-31",
        "reported_in": "every",
        "form_key": "a" * 22,
        "scan": (),
    }
    led = at_once(office.app, office.officer, f"/penugasan/baru/{office.action}", data)
    assert len(set(led)) == 1
    assert led[0].startswith("/penugasan/")
    assert office.count(Assignment) == before + 1


def test_eight_copies_of_a_question_about_a_duty_are_one(
    office: Office, browser: Callable[[], Browser]
) -> None:
    person = browser().sign_in(office.names[1], factories.PASSWORD)
    found = re.search(r'href="(/jawab/[^"?/]+)"', person.get("/jawab").text)
    assert found
    data = {
        "answer": "needs_explanation",
        "question": "Apakah ini juga berlaku untuk kabupaten?",
        "version": "1",
    }
    led = at_once(office.app, person, found[1], data)
    assert len(set(led)) == 1
    assert led[0].startswith("/jawab")
    assert office.count(DutyResponse) == 1


def test_another_persons_form_with_the_same_key_is_no_receipt(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        story = factories.story()
        other = factories.person(
            AccessKind.FOCAL_POINT, "dispora", email="dua@uji.example", alternate=True
        )
        owed = factories.obligation_of(story.assignment, "dispora")
        path, draft = f"/laporan/{owed.public_id}", factories.draft_for(owed)
        names = [factories.email_of(one) for one in (story.focal_point, other)]
        db.session.remove()
    first, second = (browser().sign_in(name, factories.PASSWORD) for name in names)
    data = {**draft, "form_key": "k" * 22, "version": "0", "confirmed": "y", "act": "kirim"}
    first.post(path, data)
    second.post(path, data, page="/tugas-saya/lembar", status=409)
