"""Who joins, answers in time, or was asked the same lately; and who is a new head."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
import time_machine

from coordinator.clock import today
from coordinator.db import db, transactional
from coordinator.mapping.answers.questions import count_unanswered
from coordinator.oversight.campaigns import candidate_queries, queries, service
from coordinator.oversight.campaigns.rules import CampaignScope, HeadAppointment, head_since
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.models import AccessGrant
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.mail.rules import MailState
from tests import factories
from tests.oversight.campaigns.builders import (
    accept_all,
    asked_slugs,
    deliver,
    morning,
    refuse_first,
    start,
    steps,
    told,
)

Clock = time_machine.Traveller


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
    first = HeadAppointment(1, date(2026, 1, 1), is_held=False)
    other = HeadAppointment(2, date(2026, 6, 1), is_held=False)
    again = HeadAppointment(1, date(2027, 1, 1), is_held=True)
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


def test_who_got_it_is_written_to_again_where_it_is_wanted(
    secretariat: Viewer, head: Viewer
) -> None:
    campaign = start(secretariat)
    deliver()
    service.end(campaign.public_id, by=secretariat)
    new = service.NewCampaign(CampaignScope.ALL, today() + timedelta(days=14), again=True)
    service.start(new, by=secretariat)
    assert len(told()) == 2


@transactional
def _appoint_another(former: Viewer, slug: str) -> Viewer:
    grant = db.session.scalars(
        sa.select(AccessGrant).where(AccessGrant.account_id == former.account_id)
    ).one()
    grant.until_on = today() - timedelta(days=1)
    new = factories.person(AccessKind.AGENCY_HEAD, slug, email=f"baru.{slug}@uji.example")
    grant = db.session.scalars(
        sa.select(AccessGrant).where(AccessGrant.account_id == new.account_id)
    ).one()
    grant.from_on = today()
    record("grant.test", by=None, subject=("grant", grant.id))
    return new


def test_an_agency_left_out_of_a_confirmation_can_be_added(
    secretariat: Viewer, clock: time_machine.Traveller
) -> None:
    """Both have a new head; Dinsos was unticked by mistake."""
    slugs = ("dispora", "dinsos")
    former = {slug: factories.person(AccessKind.AGENCY_HEAD, slug) for slug in slugs}
    for head in former.values():
        accept_all(head)
    clock.shift(timedelta(days=3))
    new = {slug: _appoint_another(head, slug) for slug, head in former.items()}
    found = candidate_queries.candidates(secretariat, CampaignScope.CONFIRM, None)
    wanted = next(one.open for one in found if one.agency.slug == "dinsos")
    assert wanted > 0
    others = frozenset(one.agency.slug for one in found if one.agency.slug != "dispora")
    campaign = service.start(
        service.NewCampaign(CampaignScope.CONFIRM, today() + timedelta(days=14), without=others),
        by=secretariat,
    )
    shown = queries.progress(secretariat, queries.running(secretariat)).agencies
    assert next(one.unasked for one in shown if one.slug == "dinsos") == wanted
    service.add_agencies(campaign.public_id, ["dinsos"], by=secretariat)
    shown = queries.progress(secretariat, queries.running(secretariat)).agencies
    assert next(one.asked_open for one in shown if one.slug == "dinsos") == wanted
    mail = next(one for one in told() if one.account_id == new["dinsos"].account_id)
    assert "versi" not in mail.text.lower()
