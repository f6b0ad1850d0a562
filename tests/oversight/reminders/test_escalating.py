"""A late report goes to the head and to the leadership: who hears what, and who is left alone."""

from datetime import date, timedelta

import sqlalchemy as sa
import time_machine

from coordinator.assignments.models import Assignment
from coordinator.assignments.obligations import extensions
from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.answers.service import answer_duty
from coordinator.oversight.reminders.escalation import EscalationState, EscalationWay
from coordinator.oversight.reminders.models import ReminderNotice, ReminderStep
from coordinator.oversight.reminders.rules import Audience
from coordinator.people.directory.models import TaskForce
from coordinator.permissions import AccessKind, Viewer
from coordinator.reporting.reports.rules import ReturnReason
from coordinator.reporting.verification.returning_service import return_report
from coordinator.reporting.verification.rules import ReturnInput
from tests import factories
from tests.oversight.reminders.builders import (
    ALTERNATE,
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
    state,
)

Clock = time_machine.Traveller


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
    assert state(force) == (EscalationState.DONE, EscalationWay.MAIL)
    assert state(force, Audience.LEADERSHIP) == (EscalationState.DUE, EscalationWay.LIST)
    clock.move_to(at_eight(H14 - timedelta(days=1)))
    assert state(force, Audience.LEADERSHIP) == (EscalationState.AHEAD, EscalationWay.LIST)


def test_the_heads_mail_says_who_knew_when_and_has_no_link_without_password(
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


def test_more_time_begins_the_ladder_again(
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
    assert state(force)[0] is EscalationState.PASSED
    assert state(force, Audience.LEADERSHIP)[0] is EscalationState.DUE  # its day came later


def _steps_since(day: date) -> None:
    with db.engine.begin() as connection:
        connection.execute(
            sa.update(ReminderStep)
            .where(ReminderStep.audience != Audience.CONTACTS)
            .values(since=day)
        )
