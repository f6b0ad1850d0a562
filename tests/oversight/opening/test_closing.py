"""Closing a period and opening it again."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.obligations import extensions
from coordinator.assignments.obligations import service as obligations
from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import today
from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed
from coordinator.oversight.matrix import queries as matrix_queries
from coordinator.oversight.matrix.rules import Layer
from coordinator.oversight.opening import service
from coordinator.oversight.reminders import queries as reminders
from coordinator.oversight.reminders.rules import ReminderSubject
from coordinator.people.directory.models import TaskForce
from coordinator.reporting.drafts import service as draft_service
from coordinator.reporting.reports import task_queries
from coordinator.reporting.reports.rules import ReturnReason
from coordinator.reporting.submission import service as submission
from coordinator.reporting.verification.returning_service import return_report
from coordinator.reporting.verification.rules import ReturnInput
from tests import factories
from tests.conftest import Browser

AFTER = datetime(2026, 10, 19, 2, 0, tzinfo=UTC)


@pytest.mark.usefixtures("in_app")
def test_closing_locks_drafts_keeps_corrections_and_reopening_gives_a_new_day(
    clock: time_machine.Traveller,
) -> None:
    story = factories.story()
    second = factories.assign(story.secretariat, "1.2", "dispora", join=story.period)
    third = factories.assign(story.secretariat, "1.3", "dispora", join=story.period)
    draft = factories.obligation_of(story.assignment, "dispora")
    returned = factories.obligation_of(second, "dispora")
    late = factories.obligation_of(third, "dispora")
    draft_service.save_draft(
        draft.public_id, {"note": "Separuh jalan"}, version=0, by=story.focal_point
    )
    factories.submit(returned, story.focal_point)
    return_report(
        returned.public_id,
        ReturnInput(
            revision_number=1,
            return_reason=ReturnReason.OTHER,
            remark="Lengkapi.",
            revise_by_on=date(2026, 10, 16),
        ),
        by=story.secretariat,
    )
    with pytest.raises(Conflict, match="masih terbuka"):
        service.close_period(story.period.public_id, by=story.secretariat)
    clock.move_to(AFTER)
    factories.submit(late, story.focal_point)
    extensions.grant_extension(
        story.period.id,
        factories.agency("disnakertrans").id,
        until_on=date(2026, 10, 19),
        reason="x",
        by=story.secretariat,
    )
    what = service.closing(story.secretariat, story.period)
    assert (what.agencies, what.drafts) == ([("Dispora", 1)], 1)
    with pytest.raises(Conflict, match="Disnakertrans masih punya waktu"):
        service.close_period(story.period.public_id, by=story.secretariat)
    with pytest.raises(NotAllowed):
        service.close_period(story.period.public_id, by=story.leadership)

    clock.move_to(datetime(2026, 10, 20, 2, tzinfo=UTC))
    for _again in range(2):
        service.close_period(story.period.public_id, by=story.secretariat)
    actions = db.session.scalars(
        sa.text("SELECT details FROM audit_entry WHERE action = 'period.closed'")
    ).all()
    assert len(actions) == 1

    version = factories.obligation_version(draft)
    for act in (
        lambda: draft_service.save_draft(
            draft.public_id, {"note": "x"}, version=version, by=story.focal_point
        ),
        lambda: submission.submit_report(
            draft.public_id, version=version, form_key="k", confirmed=True, by=story.focal_point
        ),
        lambda: draft_service.remove_file(draft.public_id, "x", by=story.focal_point),
        lambda: draft_service.save_draft(
            factories.obligation_of(story.assignment, "disnakertrans").public_id,
            {"note": "x"},
            version=0,
            by=story.supporter,
        ),
        lambda: obligations.join_period(
            factories.assign(story.secretariat, "2.1", "dispora").id,
            story.period.id,
            by=story.secretariat,
        ),
    ):
        with pytest.raises(Conflict, match="ditutup"):
            act()
    force = db.session.get_one(TaskForce, story.period.task_force_id)
    assert [item.subject for item in reminders.due_reports(force)] == [ReminderSubject.REVISION]
    tasks = task_queries.open_tasks(story.focal_point)
    assert [task.public_id for task in tasks] == [returned.public_id]
    factories.submit(returned, story.focal_point)  # what came back may still be corrected

    with pytest.raises(InvalidInput) as refusal:
        service.reopen_period(
            story.period.public_id, closes_on=date(2026, 10, 16), reason="", by=story.secretariat
        )
    assert set(refusal.value.fields) == {"closes_on", "reason"}
    service.reopen_period(
        story.period.public_id,
        closes_on=date(2026, 10, 27),
        reason="Server padam",
        by=story.secretariat,
    )
    due = {
        row[0]: row[1]
        for row in db.session.execute(sa.select(Obligation.public_id, Obligation.due_on))
    }
    assert due[draft.public_id] == date(2026, 10, 27)
    assert due[late.public_id] == due[returned.public_id] == date(2026, 10, 16)
    factories.submit(
        db.session.scalars(
            sa.select(Obligation).where(Obligation.public_id == draft.public_id)
        ).one(),
        story.focal_point,
    )
    found = matrix_queries.matrix(story.leadership, story.period, Layer.LAPOR, on=today())
    counts = next(one.counts for one in found.rows if one.slug == "dispora")
    assert (counts.reported, counts.in_time, counts.silent) == (3, 2, 0)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_screens_say_it_before_and_keep_what_was_typed(
    app: flask.Flask, browser: Callable[[], Browser], clock: time_machine.Traveller
) -> None:
    with app.app_context():
        story = factories.story()
        report = factories.obligation_of(story.assignment, "dispora").public_id
        period = story.period.public_id
        officer_mail = factories.email_of(story.secretariat)
        writer_mail = factories.email_of(story.focal_point)
    clock.move_to(AFTER)
    officer = browser().sign_in(officer_mail, factories.PASSWORD)
    writer = browser().sign_in(writer_mail, factories.PASSWORD)
    form = writer.get(f"/laporan/{report}").text
    page = officer.get(f"/periode/{period}/tutup").text
    assert "Dispora: 1 laporan" in page
    assert "Disnakertrans: 1 laporan" in page
    officer.post(f"/periode/{period}/tutup", {})
    answer = writer.client.post(
        f"/laporan/{report}",
        data={
            "csrf_token": form.split('name="csrf_token"')[1].split('value="')[1].split('"')[0],
            "version": "0",
            "form_key": "k",
            "note": "Tulisan terakhir",
            "act": "simpan",
        },
        content_type="multipart/form-data",
    )
    assert answer.status_code == 409
    assert "sudah ditutup" in answer.text
    assert "Tulisan terakhir" in answer.text
    assert "tidak dapat dikirim lagi" in writer.get("/tugas-saya").text
    assert "Ditutup" in officer.get("/periode").text
    bad = officer.post(
        f"/periode/{period}/buka-kembali", {"closes_on": "", "reason": "Padam"}, status=422
    )
    assert "Padam" in bad.text
    officer.post(f"/periode/{period}/buka-kembali", {"closes_on": "2026-10-30", "reason": "Padam"})
    shown = officer.get(f"/periode/{period}").text
    assert "Padam" in shown
    assert "30 Oktober 2026" in shown
    assert "Simpan draf" in writer.get(f"/laporan/{report}").text
