"""Random histories of answers, rulings, new wordings and reports: what product and law promise.

After every step: nobody is reminded of what is in dispute; each assignment has one lead; what was
submitted is nobody else's; an obligation ends only by moving; a receiver has ten working days.
`SOAK=1` runs 200 histories, otherwise a small dose.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from coordinator.assignments.models import Assignment, AssignmentParty, PartyDuty
from coordinator.assignments.obligations.dispute_queries import is_disputed
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.queries import disputed_parties
from coordinator.clock import now, today
from coordinator.db import db
from coordinator.errors import DomainError
from coordinator.mapping.answers.queries import current_answers, latest_answers
from coordinator.mapping.answers.rules import Answer, Outcome
from coordinator.mapping.answers.service import answer_duty
from coordinator.mapping.duties.models import Duty, DutyRevision
from coordinator.mapping.versions.queries import published
from coordinator.mapping.versions.service import publish
from coordinator.oversight.matrix.queries import matrix
from coordinator.oversight.matrix.rules import Layer
from coordinator.oversight.reminders.queries import due_reports
from coordinator.oversight.rulings.service import NewRuling, rule_on
from coordinator.people.directory.models import Agency
from coordinator.people.directory.queries import days_off
from coordinator.people.directory.rules import working_days_between
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions.rules import PartyKind
from coordinator.reporting.reports.models import Report
from tests import factories
from tests.histories import begin_again, histories

SLUGS = ("dispora", "dinsos", "disnakertrans", "disdikbud")

STEP = st.one_of(
    st.tuples(st.just("answer"), st.integers(0, 3), st.integers(0, 5), st.sampled_from(Answer)),
    st.tuples(st.just("refuse all"), st.integers(0, 3)),
    st.tuples(st.just("rule"), st.integers(0, 9), st.sampled_from(Outcome), st.integers(0, 3)),
    st.tuples(st.just("reword"), st.integers(0, 9)),
    st.tuples(st.just("submit"), st.integers(0, 9)),
    st.tuples(st.just("days"), st.integers(1, 6)),
)


@dataclass
class World:
    """A task force with one assignment led by Dispora, supported by Dinsos, in an open period."""

    clock: time_machine.Traveller
    secretariat: Viewer = field(init=False)
    people: dict[str, Viewer] = field(init=False)
    submitted: set[int] = field(default_factory=set)
    given: dict[int, int] = field(default_factory=dict)
    words: int = 0

    def begin(self) -> None:
        """Set the scene."""
        self.secretariat = factories.person(AccessKind.SECRETARIAT)
        self.people = {slug: factories.person(AccessKind.FOCAL_POINT, slug) for slug in SLUGS}
        period = factories.open_period(closes_on=today() + timedelta(days=12))
        factories.assign(self.secretariat, "1.1", "dispora", ("dinsos",), join=period)
        factories.assign(self.secretariat, "1.2", "disdikbud", ("dispora",), join=period)

    def duties_of(self, slug: str) -> list[int]:
        """The duties behind an agency's active parts."""
        return list(
            db.session.scalars(
                sa.select(PartyDuty.duty_id)
                .join(AssignmentParty, AssignmentParty.id == PartyDuty.party_id)
                .where(
                    AssignmentParty.agency_id == factories.agency(slug).id,
                    AssignmentParty.ended_at.is_(None),
                )
                .order_by(PartyDuty.duty_id)
                .distinct()
            )
        )

    def step(self, name: str, *values: object) -> None:
        """Do one thing that a person could do; a refusal is fine, a fault is not."""
        db.session.rollback()
        try:
            getattr(self, name.replace(" ", "_"))(*values)
        except DomainError:
            db.session.rollback()

    def answer(self, who: int, which: int, answer: Answer) -> None:
        """An agency answers one duty behind its parts."""
        duties = self.duties_of(SLUGS[who])
        if duties:
            duty_id = duties[which % len(duties)]
            answer_duty(duty_id, answer, reason="Alasan uji.", by=self.people[SLUGS[who]])

    def refuse_all(self, who: int) -> None:
        """An agency refuses everything behind its parts."""
        for duty_id in self.duties_of(SLUGS[who]):
            answer_duty(duty_id, Answer.NOT_OURS, reason="Alasan uji.", by=self.people[SLUGS[who]])

    def rule(self, which: int, outcome: Outcome, to: int) -> None:
        """The secretariat rules on one question that waits."""
        waiting = sorted(
            (a for a in current_answers(factories.task_force().id).values() if a.is_disputed),
            key=lambda a: a.response_id,
        )
        if not waiting:
            return
        known = set(db.session.scalars(sa.select(Obligation.id)))
        self.words += 1
        rule_on(
            waiting[which % len(waiting)].public_id,
            NewRuling(outcome, "Alasan uji.", SLUGS[to], f"Bunyi uji {self.words}."),
            by=self.secretariat,
        )
        for obligation in db.session.scalars(
            sa.select(Obligation).where(Obligation.id.not_in(known))
        ):
            days = working_days_between(today(), obligation.due_on, days_off())
            assert days >= 10, f"a receiver got {days} working days"

    def reword(self, which: int) -> None:
        """A new version changes the words of one duty."""
        mapping = published(factories.task_force().id)
        assert mapping is not None
        behind = sorted({duty for slug in SLUGS for duty in self.duties_of(slug)})
        key = db.session.get_one(Duty, behind[which % len(behind)]).key
        self.words += 1
        duties = [
            replace(part, text=f"Bunyi uji {self.words}.") if part.id == key else part
            for part in mapping.duties
        ]
        publish(replace(mapping, duties=duties), by=self.secretariat, reason="uji")

    def submit(self, which: int) -> None:
        """An agency reports what it owes."""
        open_ones = db.session.scalars(
            sa.select(Obligation)
            .outerjoin(Report, Report.obligation_id == Obligation.id)
            .where(Obligation.ended_as.is_(None), Report.id.is_(None))
            .order_by(Obligation.id)
        ).all()
        if open_ones:
            chosen = open_ones[which % len(open_ones)]
            slug = db.session.get_one(Agency, chosen.agency_id).slug
            chosen_id = chosen.id
            factories.submit(chosen, self.people[slug])
            self.submitted.add(chosen_id)

    def days(self, count: int) -> None:
        """Time passes."""
        self.clock.shift(timedelta(days=count))

    def check(self) -> None:
        """What must hold after any step."""
        db.session.rollback()
        force = factories.task_force()
        self._one_lead_each()
        self._submitted_stays()
        disputed = self._disputed_by_hand()
        reminded = {item.obligation_id for item in due_reports(force)}
        for obligation in db.session.scalars(sa.select(Obligation)):
            duties = {link.duty_id for link in obligation.party.duties}
            is_unclear = bool(duties) and duties <= disputed.get(obligation.party.agency_id, set())
            place = (obligation.party_id, obligation.period_id)
            assert disputed_parties(force.id).covers(*place) == is_unclear
            assert is_disputed(self.secretariat, *place) == is_unclear  # the same, of one report
            if is_unclear:
                assert obligation.id not in reminded, "a reminder about what is in dispute"
            if obligation.ended_as is not None:
                assert obligation.party.ended_at is not None
                assert obligation.id not in reminded
        self._counted_once()

    def _one_lead_each(self) -> None:
        for assignment in db.session.scalars(sa.select(Assignment)):
            leads = [
                party
                for party in assignment.parties
                if party.kind is PartyKind.LEAD and party.ended_at is None
            ]
            assert len(leads) == 1

    def _submitted_stays(self) -> None:
        for obligation_id in self.submitted:
            assert db.session.get_one(Obligation, obligation_id).ended_as is None

    def _disputed_by_hand(self) -> dict[int, set[int]]:
        """By agency, the duties in dispute in the open period, worked out from the rows alone."""
        period = db.session.scalars(sa.select(ReportingPeriod)).one()
        ruled = set(
            db.session.scalars(
                sa.text("SELECT ruling_id FROM period_exception WHERE period_id = :p"),
                {"p": period.id},
            )
        )
        newest: dict[tuple[int, int, int], object] = {}
        for answer in sorted(
            latest_answers(factories.task_force().id), key=lambda a: a.response_id
        ):
            newest[answer.duty_id, answer.agency_id, answer.substance_since] = answer
        found: dict[int, set[int]] = {}
        version = period.mapping_version or 0
        for (duty_id, agency_id, substance), answer in newest.items():
            rows = db.session.scalars(
                sa.select(DutyRevision).where(
                    DutyRevision.duty_id == duty_id, DutyRevision.agency_id == agency_id
                )
            ).all()
            then = [r for r in rows if r.since <= version and (r.until or 10**6) > version]
            now = [r for r in rows if r.until is None]
            applies = (then or now or [None])[0]
            if applies is None or applies.substance_since != substance:
                continue
            if answer.answer is not Answer.ACCEPTED and answer.ruling_id not in ruled:  # type: ignore[attr-defined]
                found.setdefault(agency_id, set()).add(duty_id)
        return found

    def _counted_once(self) -> None:
        period = db.session.scalars(sa.select(ReportingPeriod)).one()
        table = matrix(self.secretariat, period, Layer.LAPOR, on=today())
        standing = db.session.scalar(
            sa.select(sa.func.count()).where(Obligation.ended_as.is_(None))
        )
        assert table.totals.total == standing


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_random_histories(
    app: flask.Flask,
    clock: time_machine.Traveller,
    data_dir: Path,
    sqlite_templates: dict[str, Path],
) -> None:
    """SQLite: a fresh copy of the seeded database for every history."""
    start = now()

    @histories(8, soak=200)
    @given(st.lists(STEP, min_size=3, max_size=10))
    def one_history(steps: list[tuple[object, ...]]) -> None:
        begin_again(data_dir, sqlite_templates)
        clock.move_to(start)
        world = World(clock)
        world.begin()
        world.check()
        for name, *values in steps:
            world.step(str(name), *values)
            world.check()

    with app.app_context():
        one_history()
