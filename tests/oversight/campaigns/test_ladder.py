"""The steps of a campaign, day by day, and the yearly confirmation."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
import time_machine

from coordinator.clock import today
from coordinator.db import db
from coordinator.mapping.answers.campaign_queries import own_duties
from coordinator.mapping.answers.questions import count_unanswered
from coordinator.oversight.campaigns import (
    ladder_queries,
    queries,
    service,
)
from coordinator.oversight.campaigns.rules import CampaignScope
from coordinator.oversight.reminders.service import ensure_ladder
from coordinator.people.accounts import service as accounts
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from tests import factories
from tests.oversight.campaigns.builders import (
    accept_all,
    asked_slugs,
    morning,
    refuse_first,
    start,
    steps,
    told,
)

Clock = time_machine.Traveller


def test_the_ladder_goes_with_the_days_digest_and_stops_at_the_answer(
    secretariat: Viewer, head: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    clock.move_to(datetime(2026, 9, 1, 2, 0, tzinfo=UTC))  # Tuesday
    ensure_ladder(factories.task_force().id)
    period = factories.open_period(closes_on=date(2026, 9, 10), opens_on=date(2026, 9, 1))
    factories.assign(secretariat, join=period)
    start(secretariat, days=13)  # Monday, 14 September
    days = [date(2026, 9, 1) + timedelta(days=n) for n in range(30)]
    sent: dict[date, list[OutgoingEmail]] = {day: morning(clock, day) for day in days[:8]}
    at_seven = sent[date(2026, 9, 7)]
    assert {row.account_id for row in at_seven} == {head.account_id, focal_point.account_id}
    both = next(row for row in at_seven if row.account_id == focal_point.account_id)
    assert "jatuh tempo" in both.subject  # H-3 of the report is the same Monday: one mail
    assert "3 uraian tugas belum dijawab" in both.subject
    alone = next(row for row in at_seven if row.account_id == head.account_id)
    assert alone.subject == "[TPPO] 3 uraian tugas belum dijawab - Dispora"
    assert alone.text.startswith("Yth. Kepala Dispora")
    assert "Senin, 14 September 2026" in alone.text
    # H-1 is a Sunday: the Friday before.
    for day in days[8:]:
        sent[day] = morning(clock, day)
    assert [step[:2] for step in steps(head)] == [
        (date(2026, 9, 1), "opening"),
        (date(2026, 9, 7), "week_before"),
        (date(2026, 9, 11), "day_before"),
        (date(2026, 9, 17), "after"),
    ]
    per_day = [(day, row.account_id) for day, rows in sent.items() for row in rows]
    assert len(per_day) == len(set(per_day))  # never two in a day
    accept_all(head)
    assert ladder_queries.all_calls(factories.task_force(), date(2026, 10, 5)) == []


def test_an_answer_in_between_ends_it_for_that_agency_alone(
    secretariat: Viewer, head: Viewer, clock: Clock
) -> None:
    clock.move_to(datetime(2026, 9, 1, 2, 0, tzinfo=UTC))
    other = factories.person(AccessKind.FOCAL_POINT, "dinsos")
    start(secretariat, days=13)
    refuse_first(head)  # a question or refusal is an answer too; two are still open
    accept_all(other)
    morning(clock, date(2026, 9, 7))
    assert len(steps(head)) == 2
    assert len(steps(other)) == 1


def test_a_server_that_was_off_sends_one_step_and_records_the_others(
    secretariat: Viewer, head: Viewer, clock: Clock
) -> None:
    clock.move_to(datetime(2026, 9, 1, 2, 0, tzinfo=UTC))
    start(secretariat, days=13)
    morning(clock, date(2026, 9, 21))
    assert steps(head)[1:] == [
        (date(2026, 9, 21), "week_before", "skipped"),
        (date(2026, 9, 21), "day_before", "skipped"),
        (date(2026, 9, 21), "after", "sent"),
    ]
    assert morning(clock, date(2026, 9, 22)) == []


def test_a_year_later_only_a_new_head_and_changed_duties_are_asked(
    secretariat: Viewer, head: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    other = factories.person(AccessKind.AGENCY_HEAD, "dinsos")
    accept_all(head)
    accept_all(other)
    clock.move_to(datetime(2027, 3, 1, 2, 0, tzinfo=UTC))
    account = accounts.add_person(
        accounts.NewPerson(
            email="kepala.baru@uji.example",
            name="kepala.baru",
            kind=AccessKind.AGENCY_HEAD,
            task_force_id=head.task_force_id,
            agency_id=head.agency_id,
            from_on=today(),
        ),
        by=None,
    )
    successor = replace(head, account_id=account.id)
    assert count_unanswered(successor) == 0
    start(secretariat, scope=CampaignScope.CONFIRM)
    asked = asked_slugs()
    assert "dispora" in asked
    assert "dinsos" not in asked
    assert [one.state for one in own_duties(successor)] == ["unanswered"] * 3
    assert count_unanswered(successor) == 3
    assert "Konfirmasi tugas" in told()[0].subject
    accept_all(successor)
    assert count_unanswered(successor) == 0
    assert [one.state for one in own_duties(successor)] == ["accepted"] * 3
    rows = {
        row.slug: row
        for row in queries.progress(secretariat, queries.running(secretariat)).agencies
    }
    assert (rows["dispora"].counts.open, rows["dispora"].counts.answered) == (0, 3)


def test_the_same_person_may_confirm_what_they_accepted_for_the_former_head(
    secretariat: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    accept_all(focal_point)
    clock.move_to(datetime(2027, 3, 1, 2, 0, tzinfo=UTC))
    accounts.add_person(
        accounts.NewPerson(
            email="kepala.baru@uji.example",
            name="kepala.baru",
            kind=AccessKind.AGENCY_HEAD,
            task_force_id=focal_point.task_force_id,
            agency_id=focal_point.agency_id,
            from_on=today(),
        ),
        by=None,
    )
    start(secretariat, scope=CampaignScope.CONFIRM)
    assert count_unanswered(focal_point) == 3
    accept_all(focal_point)
    assert count_unanswered(focal_point) == 0


def test_ending_it_cancels_what_still_waits_and_reminds_nobody(
    secretariat: Viewer, head: Viewer, clock: Clock
) -> None:
    clock.move_to(datetime(2026, 9, 1, 2, 0, tzinfo=UTC))
    campaign = start(secretariat, days=13)
    assert service.end(campaign.public_id, by=secretariat) == 1
    assert [row.state for row in told()] == [MailState.CANCELLED]
    assert service.end(campaign.public_id, by=secretariat) == 0
    assert morning(clock, date(2026, 9, 7)) == []
    assert start(secretariat).public_id != campaign.public_id
    entries = db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.action.startswith("campaign."))
    )
    assert list(entries) == ["campaign.started", "campaign.ended", "campaign.started"]
