"""Nobody above hears of what the agency's own people were not told a day before."""

import json
from datetime import date, timedelta

import flask
import sqlalchemy as sa
import time_machine

from coordinator.assignments.models import Assignment
from coordinator.clock import today
from coordinator.db import db
from coordinator.oversight.calendar.queries import reminder_days
from coordinator.oversight.reminders import service
from coordinator.oversight.reminders.escalation import EscalationState, EscalationWay
from coordinator.oversight.reminders.rules import Audience
from coordinator.people.directory.models import TaskForce
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail import service as mail
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import BounceKind
from tests import factories
from tests.oversight.reminders.builders import (
    FIRST,
    FOCAL,
    H1,
    H7,
    H14,
    HEAD,
    at_eight,
    mails_to,
    morning,
    mornings,
    owe,
    standing,
    state,
)

Clock = time_machine.Traveller


# --- the notice before ---------------------------------------------------------------------------


def test_a_refused_notice_does_not_count(
    force: TaskForce, focal_point: Viewer, head: Viewer, owed: Assignment, clock: Clock
) -> None:
    got = mornings(clock, FIRST, H14, refused=[FOCAL])
    assert not mails_to(HEAD, got)
    assert state(force)[0] is EscalationState.UNTOLD
    assert state(force, Audience.LEADERSHIP)[0] is EscalationState.UNTOLD


def test_a_notice_that_came_back_does_not_count(
    force: TaskForce, focal_point: Viewer, head: Viewer, owed: Assignment, clock: Clock
) -> None:
    for row in morning(clock, FIRST):
        mail.note_bounce(FOCAL, BounceKind.HARD, answer="550 tidak ada", email_id=row.id)
    got = mornings(clock, FIRST + timedelta(days=1), H14)
    assert not mails_to(HEAD, got)
    assert state(force)[0] is EscalationState.UNTOLD


def test_after_a_long_outage_the_head_hears_a_day_after_the_focal_point(
    focal_point: Viewer, head: Viewer, owed: Assignment, clock: Clock
) -> None:
    back = date(2026, 10, 27)  # a Tuesday after H+7
    (row,) = morning(clock, back)
    assert row.to_address == FOCAL
    # Wednesday at eight is less than a day after five past eight.
    assert "Bila belum dikirim, 29 Oktober 2026 kepala Dispora menerima pengingat." in row.text
    got = mornings(clock, back + timedelta(days=1), date(2026, 11, 6))
    assert got == {date(2026, 10, 29): [HEAD]}


def test_a_heads_mail_that_comes_back_is_followed_by_a_letter_and_no_second_mail(
    force: TaskForce, focal_point: Viewer, head: Viewer, owed: Assignment, clock: Clock
) -> None:
    mornings(clock, FIRST, H7 - timedelta(days=1))
    (row,) = morning(clock, H7)
    assert state(force) == (EscalationState.DONE, EscalationWay.MAIL)
    mail.note_bounce(HEAD, BounceKind.SOFT, answer="452 penuh", email_id=row.id)
    assert state(force) == (EscalationState.DUE, EscalationWay.LETTER)
    assert mornings(clock, H7 + timedelta(days=1), H14) == {}


def test_a_head_whose_mailbox_is_dead_is_written_a_letter(
    force: TaskForce, focal_point: Viewer, head: Viewer, owed: Assignment, clock: Clock
) -> None:
    mail.note_bounce(HEAD, BounceKind.HARD, answer="550 tidak ada")
    assert not mails_to(HEAD, mornings(clock, FIRST, H7))
    assert state(force) == (EscalationState.DUE, EscalationWay.LETTER)


def test_others_than_the_own_government_get_a_letter(
    force: TaskForce, secretariat: Viewer, clock: Clock
) -> None:
    clock.move_to(at_eight(date(2026, 9, 28)))
    factories.person(AccessKind.FOCAL_POINT, "polda")
    factories.person(AccessKind.AGENCY_HEAD, "polda")
    owe(secretariat, "polda")
    got = mornings(clock, FIRST, H7)
    assert not mails_to("agency_head.polda@uji.example", got)
    assert state(force) == (EscalationState.DUE, EscalationWay.LETTER)
    assert standing(force)[0].needs_letter


def test_no_mail_to_a_head_is_doubled(
    focal_point: Viewer, head: Viewer, owed: Assignment, clock: Clock
) -> None:
    mornings(clock, FIRST, H7)
    with db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM reminder_run"))
    assert service.queue_reminders(factories.task_force().id) == 0
    heads = db.session.scalars(
        sa.select(OutgoingEmail.id).where(OutgoingEmail.to_address == HEAD)
    ).all()
    assert len(heads) == 1


def test_the_dry_run_the_calendar_and_the_schedule_foresee_the_heads_mail(
    app: flask.Flask, clock: Clock
) -> None:
    shell = app.test_cli_runner()
    with app.app_context():
        clock.move_to(at_eight(date(2026, 9, 28)))
        service.ensure_ladder(factories.task_force().id)
        office = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        factories.person(AccessKind.FOCAL_POINT, "dispora")
        factories.person(AccessKind.AGENCY_HEAD, "dispora")
        owe(office)
        mornings(clock, FIRST, H1)
        assert reminder_days(office, today()) == {H1: 1, H7: 1}
    printed = shell.invoke(
        args=["jobs", "run", "queue_todays_reminders", "--dry-run", "--json", "--on", f"{H7}"]
    )
    assert printed.exit_code == 0, printed.output
    (row,) = json.loads(printed.stdout)
    assert row["to"] == HEAD
    assert row["reason"].startswith("H+7 kepala ")
    with app.app_context():
        mornings(clock, H1 + timedelta(days=1), H7 - timedelta(days=1))
        (sent,) = morning(clock, H7)
        assert (sent.to_address, sent.subject) == (row["to"], row["subject"])
