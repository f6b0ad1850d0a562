"""A report that was sent in time and returned is past its limit at most, never late."""

from collections.abc import Callable
from datetime import date, datetime

import flask
import time_machine

from coordinator.clock import today
from coordinator.db import db
from coordinator.oversight.reminders.service import digests, ensure_ladder, render
from coordinator.people.directory.models import TaskForce
from coordinator.platform.mail.links import MailLink
from coordinator.reporting.reports.rules import ReturnReason
from coordinator.reporting.verification.returning_service import return_report
from coordinator.reporting.verification.rules import ReturnInput
from tests import factories
from tests.conftest import Browser

LIMIT = date(2026, 10, 21)
DAY_AFTER = datetime.fromisoformat("2026-10-22T09:00+08:00")


def test_pages_and_digest_name_the_day_to_revise_by_and_blame_nobody(
    app: flask.Flask, browser: Callable[[], Browser], clock: time_machine.Traveller
) -> None:
    with app.app_context():
        story = factories.story()
        obligation = factories.obligation_of(story.assignment, "dispora")
        factories.submit(obligation, story.focal_point)
        why = ReturnInput(1, ReturnReason.OTHER, "Lengkapi.", LIMIT)
        return_report(obligation.public_id, why, by=story.secretariat)
        ensure_ladder(obligation.task_force_id)
        person, task_force_id = factories.email_of(story.focal_point), obligation.task_force_id
        paths = ("/tugas-saya", f"/laporan/{obligation.public_id}")
    office = browser().sign_in(person, factories.PASSWORD)
    for path in paths:
        assert "Perbaiki paling lambat Rabu, 21 Oktober 2026, 8 hari lagi" in office.get(path).text
    clock.move_to(DAY_AFTER)
    office = browser().sign_in(person, factories.PASSWORD)
    texts = [office.get(path).text for path in paths]
    calendar = office.get("/kalender").text
    assert "LEWAT BATAS. Perbaikan laporan aksi" in calendar
    assert "TERLAMBAT" not in calendar
    with app.app_context():
        force = db.session.get_one(TaskForce, task_force_id)
        [digest] = [one for one in digests(force, today()) if one.account.email == person]
        links = {item.obligation_id: MailLink("/laporan") for item in digest.items}
        mail = render(digest, force, today(), links=links)
    for text in (*texts, mail.text, mail.html):
        assert "lewat 1 hari" in text.lower()
        assert "terlambat" not in text.lower()
    assert mail.subject == "[TPPO] 1 lewat batas - Dispora"
