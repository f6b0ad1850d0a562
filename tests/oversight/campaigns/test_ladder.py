"""The steps of a campaign, day by day, and the yearly confirmation."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
import time_machine

from coordinator.clock import today
from coordinator.db import db, transactional
from coordinator.mapping.answers.campaign_queries import own_duties
from coordinator.mapping.answers.questions import count_unanswered
from coordinator.oversight.campaigns import (
    ladder_queries,
    queries,
    service,
)
from coordinator.oversight.campaigns.rules import CampaignScope, HeadTerm, head_since
from coordinator.oversight.reminders.service import ensure_ladder, queue_reminders
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.models import AccessGrant
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.audit.service import record
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from tests import factories
from tests.oversight.campaigns.builders import (
    accept_all,
    asked_slugs,
    deliver,
    refuse_first,
    start,
    steps,
    told,
)

Clock = time_machine.Traveller


def morning(clock: Clock, day: date) -> list[OutgoingEmail]:
    """Work out a day's reminders at 08.05 WITA; return the digests they made."""
    before = len(told("digest"))
    clock.move_to(datetime(day.year, day.month, day.day, 0, 5, tzinfo=UTC))
    queue_reminders(factories.task_force().id)
    return told("digest")[before:]


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


def appoint(viewer: Viewer, email: str, **change: object) -> Viewer:
    """Give somebody an access for the viewer's agency; return them."""
    account = accounts.add_person(
        accounts.NewPerson(
            **{
                "email": email,
                "name": "Orang Contoh",
                "kind": AccessKind.AGENCY_HEAD,
                "task_force_id": viewer.task_force_id,
                "agency_id": viewer.agency_id,
                "from_on": today(),
                **change,
            }
        ),
        by=None,
    )
    return replace(viewer, account_id=account.id)


@transactional
def come_back(viewer: Viewer, *, until: date, again: date) -> None:
    """End the person's access on a day, and give them the same one later."""
    grant = db.session.scalars(
        sa.select(AccessGrant).where(AccessGrant.account_id == viewer.account_id)
    ).one()
    grant.until_on = until
    db.session.add(
        AccessGrant(
            account_id=grant.account_id,
            kind=grant.kind,
            task_force_id=grant.task_force_id,
            agency_id=grant.agency_id,
            from_on=again,
        )
    )
    db.session.flush()
    record("access.granted", by=None, subject=("account", grant.account_id))


def test_a_gap_between_two_accesses_of_one_person_is_no_new_head(
    secretariat: Viewer, head: Viewer, clock: Clock
) -> None:
    accept_all(head)
    come_back(head, until=date(2026, 12, 31), again=date(2027, 2, 1))
    clock.move_to(datetime(2027, 3, 1, 2, 0, tzinfo=UTC))
    start(secretariat, scope=CampaignScope.CONFIRM)
    assert "dispora" not in asked_slugs()
    assert count_unanswered(head) == 0


def test_a_former_head_who_comes_back_after_another_is_new(
    secretariat: Viewer, head: Viewer, clock: Clock
) -> None:
    first = HeadTerm(1, date(2026, 1, 1), is_held=False)
    other = HeadTerm(2, date(2026, 6, 1), is_held=False)
    again = HeadTerm(1, date(2027, 1, 1), is_held=True)
    assert head_since([first, other, again]) == date(2027, 1, 1)
    assert head_since([first, again]) == date(2026, 1, 1)
    assert head_since([other, first]) is None


def test_who_joins_during_a_campaign_gets_its_mail_once(
    secretariat: Viewer, head: Viewer, clock: Clock
) -> None:
    clock.move_to(datetime(2026, 9, 1, 2, 0, tzinfo=UTC))
    start(secretariat, days=13)  # Monday, 14 September; H+3 is the 17th
    morning(clock, date(2026, 9, 2))
    late = appoint(head, "baru@uji.example", kind=AccessKind.FOCAL_POINT)
    empty = factories.person(AccessKind.AGENCY_HEAD, "dinsos")
    done = factories.person(AccessKind.AGENCY_HEAD, "satpol-pp")
    accept_all(done)
    before = len(told())
    for day in (3, 4):
        morning(clock, date(2026, 9, day))
    new = told()[before:]
    assert {row.account_id for row in new} == {late.account_id, empty.account_id}
    assert len(new) == 2
    # On the day of a step the first mail says it all: no second mail.
    clock.move_to(datetime(2026, 9, 11, 2, 0, tzinfo=UTC))
    later = appoint(head, "lain@uji.example", kind=AccessKind.FOCAL_POINT, is_alternate=True)
    clock.move_to(datetime(2026, 9, 13, 2, 0, tzinfo=UTC))
    for day in (14, 15, 16, 17, 18):
        morning(clock, date(2026, 9, day))
    assert [step[:2] for step in steps(later)] == [
        (date(2026, 9, 14), "opening"),
        (date(2026, 9, 17), "after"),
    ]
    clock.move_to(datetime(2026, 9, 25, 2, 0, tzinfo=UTC))
    last = appoint(head, "akhir@uji.example", kind=AccessKind.FOCAL_POINT, is_alternate=True)
    morning(clock, date(2026, 9, 28))
    assert [step[1] for step in steps(last)] == ["opening"]


def test_who_answers_before_the_mail_leaves_is_not_mailed(
    secretariat: Viewer, head: Viewer, focal_point: Viewer
) -> None:
    start(secretariat)
    refuse_first(head)
    assert {row.state for row in told()} == {MailState.QUEUED}
    accept_all(head)
    assert {row.state for row in told()} == {MailState.CANCELLED}


def test_beginning_again_writes_to_nobody_about_the_same_duties(
    secretariat: Viewer, head: Viewer, clock: Clock
) -> None:
    clock.move_to(datetime(2026, 9, 1, 2, 0, tzinfo=UTC))
    service.end(start(secretariat).public_id, by=secretariat)
    start(secretariat)
    assert len(told()) == 2  # the first was cancelled before it left
    deliver()
    service.end(queries.campaigns(secretariat)[0].public_id, by=secretariat)
    late = appoint(head, "baru@uji.example", kind=AccessKind.FOCAL_POINT)
    start(secretariat)
    assert [row.account_id for row in told()[2:]] == [late.account_id]
    found = queries.progress(secretariat, queries.running(secretariat))
    (row,) = [one for one in found.agencies if one.slug == "dispora"]
    assert [one.arrived for one in row.told] == [True, False]  # the former mail is shown
    assert not row.needs_letter
    assert morning(clock, date(2026, 9, 8))  # H-7: reminded as before
    deliver()
    service.end(queries.campaigns(secretariat)[0].public_id, by=secretariat)
    clock.move_to(datetime(2026, 9, 20, 2, 0, tzinfo=UTC))
    start(secretariat)
    assert len(told()) == 5  # after a week: everybody again


def test_somebody_is_written_to_again_where_it_is_wanted(secretariat: Viewer, head: Viewer) -> None:
    campaign = start(secretariat)
    deliver()
    service.end(campaign.public_id, by=secretariat)
    new = service.NewCampaign(CampaignScope.ALL, today() + timedelta(days=14), again=True)
    service.start(new, by=secretariat)
    assert len(told()) == 2
