"""Random histories of campaigns, answers, new wordings and new heads.

After every step: nobody is written to about what is answered and unchanged; a step of a campaign
reaches a person once; the number in the frame of an agency's pages is the number of its open
duties. `SOAK=1` runs 300 histories, otherwise a small dose.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import example, given
from hypothesis import strategies as st

from coordinator.clock import now, today
from coordinator.db import db
from coordinator.errors import DomainError
from coordinator.mapping.answers.campaign_queries import own_duties
from coordinator.mapping.answers.models import DutyResponse
from coordinator.mapping.answers.questions import count_unanswered
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.answers.service import answer_duty
from coordinator.mapping.duties.models import DutyRevision
from coordinator.mapping.versions.queries import published
from coordinator.mapping.versions.service import publish
from coordinator.oversight.campaigns import queries, service
from coordinator.oversight.campaigns.models import CampaignNotice
from coordinator.oversight.campaigns.rules import CampaignScope
from coordinator.oversight.reminders.service import queue_reminders
from coordinator.people.accounts import service as accounts
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.histories import begin_again, histories
from tests.mapping.duties.builders import reworded
from tests.oversight.campaigns.builders import duty_ids, start

SLUGS = ("dispora", "satpol-pp", "kesbangpol")

# One pokja alone asks too few of these agencies to be worth a step.
SCOPES = [scope for scope in CampaignScope if scope is not CampaignScope.GROUP]
STEP = st.one_of(
    st.tuples(st.just("start"), st.sampled_from(SCOPES), st.integers(1, 20)),
    st.tuples(st.just("answer"), st.integers(0, 2), st.integers(0, 5), st.sampled_from(Answer)),
    st.tuples(st.just("accept_all"), st.integers(0, 2)),
    st.tuples(st.just("reword"), st.integers(0, 2), st.integers(0, 5)),
    st.tuples(st.just("new_head"), st.integers(0, 2)),
    st.tuples(st.just("answer_in_time"), st.integers(1, 2), st.integers(1, 4)),
    st.tuples(st.just("end")),
    st.tuples(st.just("days"), st.integers(1, 9)),
)


class World:
    """Three agencies with a focal point each, a secretariat, and days that pass."""

    def __init__(self, clock: time_machine.Traveller) -> None:
        self.clock = clock
        self.secretariat = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        self.people = [factories.person(AccessKind.FOCAL_POINT, slug) for slug in SLUGS]
        self.head_since: dict[int, datetime] = {}
        self.confirms: dict[int, datetime] = {}
        self.heads = 0

    def begin(self) -> None:
        """One agency has accepted everything before its present head took office."""
        self.accept_all(0)
        self.days(1)
        self.new_head(0)

    def answer_in_time(self, who: int, days: int) -> None:
        """A campaign for all, which one agency answers before its first step."""
        start(self.secretariat, scope=CampaignScope.ALL, days=8 + days)
        self.accept_all(who)
        self.days(8 + days)

    def start(self, scope: CampaignScope, days: int) -> None:
        """Start a campaign; whom it asks is worked out again the slow way."""
        owed = {
            viewer.own_agency_id: self.slowly_open(
                viewer, self.head_since if scope is CampaignScope.CONFIRM else {}
            )
            for viewer in self.people
        }
        newest = self.newest()
        start(self.secretariat, scope=scope, days=days)
        if scope is CampaignScope.CONFIRM:
            self.confirms = dict(self.head_since)
        asked = {row.agency_id for row in self.notices(newest)}
        assert asked <= {agency_id for agency_id, duties in owed.items() if duties}
        if scope in (CampaignScope.ALL, CampaignScope.CONFIRM):
            assert asked == {agency_id for agency_id, duties in owed.items() if duties}

    def answer(self, who: int, place: int, answer: Answer) -> None:
        """One agency answers one duty."""
        ids = duty_ids(self.people[who])
        answer_duty(ids[place % len(ids)], answer, reason="Mohon penjelasan.", by=self.people[who])

    def accept_all(self, who: int) -> None:
        """One agency accepts all its duties."""
        for duty_id in duty_ids(self.people[who]):
            answer_duty(duty_id, Answer.ACCEPTED, by=self.people[who])

    def reword(self, who: int, place: int) -> None:
        """One duty gets new words."""
        mapping = published(factories.task_force().id)
        assert mapping is not None
        own = [duty for duty in mapping.duties if duty.agency == SLUGS[who]]
        duty = own[place % len(own)]
        publish(
            reworded(mapping, duty.id, text=f"{duty.text[:80]} ({now():%d%H%M%S})"),
            by=self.secretariat,
            reason="Uji",
            notify=False,
        )

    def new_head(self, who: int) -> None:
        """Another head takes office today."""
        self.heads += 1
        agency_id = self.people[who].own_agency_id
        accounts.add_person(
            accounts.NewPerson(
                email=f"kepala{self.heads}@uji.example",
                name=f"kepala{self.heads}",
                kind=AccessKind.AGENCY_HEAD,
                task_force_id=self.people[who].task_force_id,
                agency_id=agency_id,
                from_on=today(),
            ),
            by=None,
        )
        midnight = datetime(today().year, today().month, today().day, tzinfo=UTC)
        self.head_since[agency_id] = midnight - timedelta(hours=8)  # 00.00 WITA

    def end(self) -> None:
        """End the campaign that runs."""
        campaign = queries.running(self.secretariat)
        if campaign is not None:
            service.end(campaign.public_id, by=self.secretariat)
        self.confirms = {}

    def days(self, count: int) -> None:
        """Days pass, each with its reminders at 08.05; then somebody works at ten."""
        for _day in range(count):
            on = today() + timedelta(days=1)
            self.clock.move_to(datetime(on.year, on.month, on.day, 0, 5, tzinfo=UTC))
            owed = {one.own_agency_id: self.slowly_open(one, self.confirms) for one in self.people}
            newest = self.newest()
            queue_reminders(factories.task_force().id)
            for row in self.notices(newest):
                assert owed[row.agency_id], "written to although everything is answered"
            self.clock.move_to(datetime(on.year, on.month, on.day, 2, 0, tzinfo=UTC))

    def slowly_open(self, viewer: Viewer, confirms: dict[int, datetime]) -> set[int]:
        """The duties of an agency without an answer to their present words, the obvious way."""
        found = set()
        held = db.session.scalars(
            sa.select(DutyRevision).where(
                DutyRevision.agency_id == viewer.own_agency_id, DutyRevision.until.is_(None)
            )
        )
        for duty in held:
            said = [
                one
                for one in db.session.scalars(
                    sa.select(DutyResponse)
                    .where(DutyResponse.duty_id == duty.duty_id)
                    .order_by(DutyResponse.id)
                )
                if one.revision.substance_since == duty.substance_since
                and one.agency_id == duty.agency_id
            ]
            since = confirms.get(viewer.own_agency_id)
            is_old = (
                bool(said)
                and said[-1].answer is Answer.ACCEPTED
                and since is not None
                and said[-1].answered_at < since
            )
            if not said or is_old:
                found.add(duty.duty_id)
        return found

    def newest(self) -> int:
        """The id of the newest notice."""
        return db.session.scalar(sa.select(sa.func.max(CampaignNotice.id))) or 0

    def notices(self, after: int) -> list[CampaignNotice]:
        """The notices since then, of these agencies."""
        ids = [viewer.own_agency_id for viewer in self.people]
        return list(
            db.session.scalars(
                sa.select(CampaignNotice).where(
                    CampaignNotice.id > after, CampaignNotice.agency_id.in_(ids)
                )
            )
        )

    def check(self) -> None:
        """What must hold after every step."""
        db.session.expire_all()
        running = queries.running(self.secretariat)
        asked = queries.asked_agencies(self.secretariat, running.id) if running else set()
        for viewer in self.people:
            confirms = self.confirms if viewer.own_agency_id in asked else {}
            slow = self.slowly_open(viewer, confirms)
            shown = {
                own.revision.duty_id for own in own_duties(viewer) if own.state == "unanswered"
            }
            assert shown == slow
            assert count_unanswered(viewer) == len(slow)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_random_histories(
    app: flask.Flask,
    clock: time_machine.Traveller,
    data_dir: Path,
    sqlite_templates: dict[str, Path],
) -> None:
    """SQLite: a fresh copy of the seeded database for every history."""
    begun = now()

    @example([("start", CampaignScope.CONFIRM, 10), ("accept_all", 0), ("days", 9)])
    @example([("answer_in_time", 1, 1)])
    @histories(8, soak=300)
    @given(st.lists(STEP, min_size=4, max_size=12))
    def one_history(steps: list[tuple[object, ...]]) -> None:
        begin_again(data_dir, sqlite_templates)
        clock.move_to(begun)
        world = World(clock)
        world.begin()
        world.check()
        for name, *values in steps:
            try:
                getattr(world, str(name))(*values)
            except DomainError:
                db.session.rollback()
            world.check()

    with app.app_context():
        one_history()
