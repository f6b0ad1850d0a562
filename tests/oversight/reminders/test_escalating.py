"""A late report goes to the head and to the leadership, never before its own people were told."""

import json
from datetime import date, timedelta

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.models import Assignment
from coordinator.assignments.obligations import extensions
from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import today
from coordinator.db import db
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.answers.service import answer_duty
from coordinator.oversight.calendar.queries import reminder_days
from coordinator.oversight.reminders import queries, service
from coordinator.oversight.reminders.escalating import Escalation, escalations
from coordinator.oversight.reminders.escalation import StepState, Way
from coordinator.oversight.reminders.models import ReminderNotice, ReminderStep
from coordinator.oversight.reminders.rules import Audience
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import TaskForce
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail import service as mail
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import BounceKind
from coordinator.reporting.reports.rules import ReturnReason
from coordinator.reporting.verification.returning_service import return_report
from coordinator.reporting.verification.rules import ReturnInput
from tests import factories
from tests.oversight.reminders.builders import at_eight, morning, mornings

Clock = time_machine.Traveller

CLOSES_ON = date(2026, 10, 16)  # a Friday
FIRST = date(2026, 10, 13)
H1 = date(2026, 10, 19)
H7 = date(2026, 10, 23)
H14 = date(2026, 10, 30)
FOCAL = "focal_point.dispora@uji.example"
HEAD = "agency_head.dispora@uji.example"
ALTERNATE = "pengganti@uji.example"


@pytest.fixture
def force(in_app: None) -> TaskForce:
    """Kalimantan Timur with the usual ladder."""
    found = factories.task_force()
    service.ensure_ladder(found.id)
    return found


@pytest.fixture
def secretariat(force: TaskForce) -> Viewer:
    return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")


@pytest.fixture
def focal_point(force: TaskForce) -> Viewer:
    return factories.person(AccessKind.FOCAL_POINT, "dispora")


@pytest.fixture
def head(force: TaskForce) -> Viewer:
    return factories.person(AccessKind.AGENCY_HEAD, "dispora")


@pytest.fixture
def owed(secretariat: Viewer, clock: Clock) -> Assignment:
    """Dispora owes a report by Friday 16 October."""
    clock.move_to(at_eight(date(2026, 9, 28)))
    return owe(secretariat)


def owe(secretariat: Viewer, *leads: str) -> Assignment:
    """Open a period and give each of these agencies an action; return the first."""
    period = factories.open_period(closes_on=CLOSES_ON, opens_on=date(2026, 9, 1))
    given = [
        factories.assign(secretariat, f"1.{n}", lead, join=period, due_on=date(2027, 12, 31))
        for n, lead in enumerate(leads or ("dispora",), start=1)
    ]
    return given[0]


def mails_to(address: str, got: dict[date, list[str]]) -> list[date]:
    """The days on which somebody got a digest."""
    return [day for day, receivers in got.items() if address in receivers]


def standing(force: TaskForce, audience: Audience = Audience.HEAD) -> list[Escalation]:
    """How far the steps to somebody above are today."""
    owed = queries.due_reports(force)
    found = escalations(
        force,
        owed,
        queries.all_steps(force.id).higher,
        today(force.zone),
        days_off=directory.days_off(),
        sent=queries.sent_reminders({one.obligation_id for one in owed}, today(force.zone)),
    )
    return [one for one in found if one.step.audience is audience]


def state(force: TaskForce, audience: Audience = Audience.HEAD) -> tuple[StepState, Way]:
    (one,) = standing(force, audience)
    return one.state, one.way


# --- who hears what ------------------------------------------------------------------------------


def test_three_weeks_of_silence_and_each_person_gets_what_the_ladder_says(
    force: TaskForce,
    secretariat: Viewer,
    focal_point: Viewer,
    head: Viewer,
    owed: Assignment,
    clock: Clock,
) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dispora", email=ALTERNATE, alternate=True)
    factories.person(AccessKind.LEADERSHIP, home="biro-kesra")
    factories.person(AccessKind.AGENCY_HEAD, "dinsos")
    both = sorted([FOCAL, ALTERNATE])
    assert mornings(clock, date(2026, 9, 28), date(2026, 11, 13)) == {
        date(2026, 10, 2): both,  # H-14
        date(2026, 10, 13): both,  # H-3
        H1: both,  # H+1 is a Saturday
        H7: [HEAD],
    }
    assert state(force) == (StepState.DONE, Way.MAIL)
    assert state(force, Audience.LEADERSHIP) == (StepState.DUE, Way.LIST)
    clock.move_to(at_eight(H14 - timedelta(days=1)))
    assert state(force, Audience.LEADERSHIP) == (StepState.AHEAD, Way.LIST)


def test_the_heads_mail_says_who_was_told_when_and_has_no_link_without_password(
    focal_point: Viewer, head: Viewer, owed: Assignment, clock: Clock
) -> None:
    mornings(clock, FIRST, H7 - timedelta(days=1))
    (row,) = morning(clock, H7)
    assert row.subject == "[TPPO] 1 lewat batas - Dispora"
    obligation = factories.obligation_of(owed, "dispora")
    for part in (row.text, row.html):
        assert "Yth. Kepala Dispora," in part
        assert "Narahubung diberi tahu 13 Oktober 2026, belum ada yang dikirim." in part
        assert (
            "Bila belum dikirim, 30 Oktober 2026 Dispora masuk daftar pimpinan gugus tugas." in part
        )
        assert "tanpa kata sandi" not in part
    assert "Lihat laporan" in row.html
    assert {link.path for link in row.mail_links} == {f"/laporan/{obligation.public_id}"}
    assert not any(link.is_secret for link in row.mail_links)


def test_the_agency_reads_in_advance_that_its_head_hears_next(
    focal_point: Viewer, head: Viewer, owed: Assignment, clock: Clock
) -> None:
    (before,) = morning(clock, FIRST)
    assert "Bila belum dikirim" not in before.text
    (row,) = morning(clock, H1)
    for part in (row.text, row.html):
        assert "Bila belum dikirim, 23 Oktober 2026 kepala Dispora menerima pengingat." in part


def test_without_a_head_the_agency_reads_of_a_letter(
    focal_point: Viewer, owed: Assignment, clock: Clock
) -> None:
    morning(clock, FIRST)
    (row,) = morning(clock, H1)
    said = "Bila belum dikirim, 23 Oktober 2026 disiapkan surat untuk pimpinan Dispora."
    assert said in row.text
    assert said in row.html


def test_a_head_who_is_the_focal_point_too_gets_one_mail(
    force: TaskForce, secretariat: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    factories.person(AccessKind.AGENCY_HEAD, "dispora", email=FOCAL)
    clock.move_to(at_eight(date(2026, 9, 28)))
    owe(secretariat)
    factories.open_period(
        closes_on=H7 - timedelta(days=1), opens_on=date(2026, 9, 1), label="Bulan 9"
    )
    mornings(clock, date(2026, 9, 28), H7 - timedelta(days=1))
    (row,) = morning(clock, H7)  # H+7 of one as head, H+1 of the other as focal point
    assert row.to_address == FOCAL
    assert row.subject.startswith("[TPPO] 2 lewat batas")
    offsets = sorted(
        db.session.scalars(
            sa.select(ReminderNotice.offset_days).where(ReminderNotice.email_id == row.id)
        )
    )
    assert offsets == [1, 7]


def test_a_head_of_two_agencies_gets_one_mail_about_both(
    secretariat: Viewer, focal_point: Viewer, head: Viewer, clock: Clock
) -> None:
    clock.move_to(at_eight(date(2026, 9, 28)))
    factories.person(AccessKind.FOCAL_POINT, "dinsos")
    factories.person(AccessKind.AGENCY_HEAD, "dinsos", email=HEAD)
    owe(secretariat, "dispora", "dinsos")
    got = mornings(clock, FIRST, H7)
    assert got[H7] == [HEAD]
    rows = db.session.scalars(
        sa.select(ReminderNotice.obligation_id).where(ReminderNotice.offset_days == 7)
    ).all()
    assert len(set(rows)) == len(rows) == 2


# --- who is left alone ---------------------------------------------------------------------------


def test_nothing_goes_up_of_what_is_submitted_or_nil(
    secretariat: Viewer, focal_point: Viewer, head: Viewer, clock: Clock
) -> None:
    clock.move_to(at_eight(date(2026, 9, 28)))
    owe(secretariat, "dispora", "dispora", "dispora")
    mornings(clock, FIRST, H1)
    sent, nil, silent = db.session.scalars(sa.select(Obligation).order_by(Obligation.id))
    factories.submit(sent, focal_point)
    factories.submit(nil, focal_point, kind="nil", nil_reason="Belum ada kegiatan bulan ini.")
    got = mornings(clock, H1 + timedelta(days=1), H14)
    assert got == {H7: [HEAD]}
    rows = db.session.scalars(
        sa.select(ReminderNotice.obligation_id).where(ReminderNotice.offset_days == 7)
    )
    assert list(rows) == [silent.id]


def test_more_time_begins_the_ladder_anew(
    secretariat: Viewer, focal_point: Viewer, head: Viewer, owed: Assignment, clock: Clock
) -> None:
    mornings(clock, FIRST, H1)
    obligation = factories.obligation_of(owed, "dispora")
    extensions.grant_extension(
        obligation.period_id,
        obligation.agency_id,
        until_on=date(2026, 11, 6),
        reason="Banjir",
        by=secretariat,
    )
    # The focal point is refused from now on, and what was said of the old last day is over.
    assert mornings(clock, H1 + timedelta(days=1), date(2026, 11, 20), refused=[FOCAL]) == {
        date(2026, 10, 23): [FOCAL],
        date(2026, 11, 3): [FOCAL],
        date(2026, 11, 9): [FOCAL],
    }


def test_a_disputed_duty_stops_the_step_to_the_head(
    focal_point: Viewer, head: Viewer, owed: Assignment, clock: Clock
) -> None:
    mornings(clock, FIRST, H1)
    for link in owed.lead.duties:
        answer_duty(link.duty_id, Answer.NOT_OURS, reason="Bukan bidang kami.", by=focal_point)
    assert mornings(clock, H1 + timedelta(days=1), H14) == {}


def test_a_returned_report_climbs_from_its_own_last_day(
    secretariat: Viewer, focal_point: Viewer, head: Viewer, owed: Assignment, clock: Clock
) -> None:
    obligation = factories.obligation_of(owed, "dispora")
    morning(clock, FIRST)
    factories.submit(obligation, focal_point)
    return_report(
        obligation.public_id,
        ReturnInput(1, ReturnReason.FIGURE_UNCLEAR, "Jelaskan asal angka.", date(2026, 10, 21)),
        by=secretariat,
    )
    got = mornings(clock, FIRST + timedelta(days=1), date(2026, 10, 30))
    assert mails_to(HEAD, got) == [date(2026, 10, 28)]


def test_on_a_day_off_nothing_goes_up(
    secretariat: Viewer, focal_point: Viewer, head: Viewer, clock: Clock
) -> None:
    clock.move_to(at_eight(date(2026, 12, 1)))
    period = factories.open_period(closes_on=date(2026, 12, 18), opens_on=date(2026, 12, 1))
    factories.assign(secretariat, join=period, due_on=date(2027, 12, 31))
    got = mornings(clock, date(2026, 12, 1), date(2027, 1, 5))
    # H+7 is Christmas, then a weekend: the Monday after.
    assert mails_to(HEAD, got) == [date(2026, 12, 28)]


def test_what_was_late_before_the_step_was_added_does_not_go_up(
    force: TaskForce, focal_point: Viewer, head: Viewer, owed: Assignment, clock: Clock
) -> None:
    _steps_since(date(2026, 10, 24))
    got = mornings(clock, FIRST, date(2026, 11, 13))
    assert not mails_to(HEAD, got)
    assert state(force)[0] is StepState.PASSED
    assert state(force, Audience.LEADERSHIP)[0] is StepState.DUE  # its day came later


def _steps_since(day: date) -> None:
    with db.engine.begin() as connection:
        connection.execute(
            sa.update(ReminderStep)
            .where(ReminderStep.audience != Audience.CONTACTS)
            .values(since=day)
        )


# --- the notice before ---------------------------------------------------------------------------


def test_a_refused_notice_does_not_count(
    force: TaskForce, focal_point: Viewer, head: Viewer, owed: Assignment, clock: Clock
) -> None:
    got = mornings(clock, FIRST, H14, refused=[FOCAL])
    assert not mails_to(HEAD, got)
    assert state(force)[0] is StepState.UNTOLD
    assert state(force, Audience.LEADERSHIP)[0] is StepState.UNTOLD


def test_a_notice_that_came_back_does_not_count(
    force: TaskForce, focal_point: Viewer, head: Viewer, owed: Assignment, clock: Clock
) -> None:
    for row in morning(clock, FIRST):
        mail.note_bounce(FOCAL, BounceKind.HARD, answer="550 tidak ada", email_id=row.id)
    got = mornings(clock, FIRST + timedelta(days=1), H14)
    assert not mails_to(HEAD, got)
    assert state(force)[0] is StepState.UNTOLD


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
    assert state(force) == (StepState.DONE, Way.MAIL)
    mail.note_bounce(HEAD, BounceKind.SOFT, answer="452 penuh", email_id=row.id)
    assert state(force) == (StepState.DUE, Way.LETTER)
    assert mornings(clock, H7 + timedelta(days=1), H14) == {}


def test_a_head_whose_mailbox_is_dead_is_written_a_letter(
    force: TaskForce, focal_point: Viewer, head: Viewer, owed: Assignment, clock: Clock
) -> None:
    mail.note_bounce(HEAD, BounceKind.HARD, answer="550 tidak ada")
    assert not mails_to(HEAD, mornings(clock, FIRST, H7))
    assert state(force) == (StepState.DUE, Way.LETTER)


def test_others_than_the_own_government_get_a_letter(
    force: TaskForce, secretariat: Viewer, clock: Clock
) -> None:
    clock.move_to(at_eight(date(2026, 9, 28)))
    factories.person(AccessKind.FOCAL_POINT, "polda")
    factories.person(AccessKind.AGENCY_HEAD, "polda")
    owe(secretariat, "polda")
    got = mornings(clock, FIRST, H7)
    assert not mails_to("agency_head.polda@uji.example", got)
    assert state(force) == (StepState.DUE, Way.LETTER)
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
    (row,) = json.loads(printed.stdout)
    assert row["to"] == HEAD
    assert row["reason"].startswith("H+7 kepala ")
    with app.app_context():
        mornings(clock, H1 + timedelta(days=1), H7 - timedelta(days=1))
        (sent,) = morning(clock, H7)
        assert (sent.to_address, sent.subject) == (row["to"], row["subject"])
