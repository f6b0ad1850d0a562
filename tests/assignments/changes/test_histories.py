"""Random histories of giving, moving, dividing, closing and reporting: what always holds.

After every step: each open (item, part) has one lead; an item is held whole or in named parts, but
never both; nobody is asked twice about an item in a period; what was submitted is nobody else's and
never ends; a receiver has ten working days. `SOAK=1` runs 200 histories, otherwise a small dose.
"""

import os
import shutil
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coordinator.assignments.changes import batches, service
from coordinator.assignments.changes.amending import AssignmentTerms, amend
from coordinator.assignments.changes.bulk import Assignee
from coordinator.assignments.changes.models import AssignmentBatch
from coordinator.assignments.changes.queries import Filter
from coordinator.assignments.changes.splitting import SplitPart, split
from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.proposals.undoing import undo_batch
from coordinator.assignments.rules import CloseKind, ReportedIn
from coordinator.assignments.service import Budget
from coordinator.clock import now, today
from coordinator.db import db
from coordinator.errors import DomainError
from coordinator.people.directory.queries import days_off
from coordinator.people.directory.rules import working_days_between
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions.rules import PartyKind
from coordinator.reporting.reports.models import Report
from tests import factories
from tests.assignments.changes import builders

SLUGS = ("dispora", "dinsos", "disnakertrans", "disdikbud", "pengadilan-tinggi")
CODES = ("1.1", "1.2")
SOAK = bool(os.environ.get("SOAK"))
EXAMPLES = 200 if SOAK else 6

WHO = st.integers(0, len(SLUGS) - 1)
STEP = st.one_of(
    st.tuples(st.just("assign"), st.integers(0, 1), WHO, st.booleans()),
    st.tuples(st.just("together"), st.booleans()),
    st.tuples(st.just("undo")),
    st.tuples(st.just("reassign"), st.integers(0, 5), WHO),
    st.tuples(st.just("support"), st.integers(0, 5), st.sets(WHO, max_size=3)),
    st.tuples(st.just("split"), st.integers(0, 5), WHO, WHO),
    st.tuples(st.just("amend"), st.integers(0, 5), st.integers(-40, 40)),
    st.tuples(st.just("close"), st.integers(0, 5)),
    st.tuples(st.just("submit"), st.integers(0, 9)),
    st.tuples(st.just("days"), st.integers(1, 6)),
)


@dataclass
class World:
    """A task force with two items and an open period."""

    clock: time_machine.Traveller
    secretariat: Viewer = field(init=False)
    reporter: Viewer = field(init=False)
    period: int = field(init=False)
    submitted: set[int] = field(default_factory=set)
    labels: int = 0

    def begin(self) -> None:
        """Set the scene."""
        self.secretariat = factories.person(AccessKind.SECRETARIAT)
        self.reporter = factories.person(AccessKind.FOCAL_POINT, "dispora")
        self.period = factories.open_period(closes_on=today() + timedelta(days=12)).id

    def step(self, name: str, *values: object) -> None:
        """Do one thing that a person could do; a refusal is fine, a fault is not."""
        db.session.rollback()
        known = set(db.session.scalars(sa.select(Obligation.id)))
        try:
            getattr(self, name)(*values)
        except DomainError:
            db.session.rollback()
            return
        if name in ("reassign", "support", "split"):
            for one in db.session.scalars(sa.select(Obligation).where(Obligation.id.not_in(known))):
                days = working_days_between(today(), one.due_on, days_off())
                assert days >= 10, f"a receiver got {days} working days"

    def _one(self, which: int) -> Assignment | None:
        rows = db.session.scalars(
            sa.select(Assignment).where(Assignment.closed_at.is_(None)).order_by(Assignment.id)
        ).all()
        return rows[which % len(rows)] if rows else None

    def assign(self, item: int, who: int, join: bool) -> None:
        """Give one item."""
        period = db.session.get_one(ReportingPeriod, self.period)
        factories.assign(
            self.secretariat,
            CODES[item],
            SLUGS[who],
            (SLUGS[(who + 1) % 4],),
            join=period if join else None,
            targets={},
            due_on=max(today(), date(2026, 12, 31)),
        )

    def together(self, join: bool) -> None:
        """Give both items as the plan suggests, as far as they are free."""
        ids = tuple(factories.action(code).public_id for code in CODES)
        period = db.session.get_one(ReportingPeriod, self.period)
        batches.assign_together(
            Filter(ids=ids),
            Assignee.PLAN,
            builders.TERMS,
            join=period if join else None,
            by=self.secretariat,
        )

    def undo(self) -> None:
        """Take the newest batch back."""
        newest = db.session.scalar(
            sa.select(AssignmentBatch.public_id).order_by(AssignmentBatch.id.desc()).limit(1)
        )
        if newest:
            undo_batch(newest, by=self.secretariat)

    def reassign(self, which: int, who: int) -> None:
        """Another lead."""
        if one := self._one(which):
            service.reassign(
                one.public_id,
                lead=SLUGS[who],
                basis=builders.BASIS,
                request=builders.request(one),
                by=self.secretariat,
            )

    def support(self, which: int, who: set[int]) -> None:
        """Other supporters."""
        if one := self._one(which):
            service.set_support(
                one.public_id,
                support=[SLUGS[n] for n in sorted(who)],
                request=builders.request(one),
                by=self.secretariat,
            )

    def split(self, which: int, first: int, second: int) -> None:
        """In two or three parts."""
        if one := self._one(which):
            self.labels += 3
            parts = [SplitPart(f"Bagian {self.labels}", SLUGS[first])]
            if first != second:
                parts.append(SplitPart(f"Bagian {self.labels + 1}", SLUGS[second]))
            split(
                one.public_id,
                label=f"Bagian {self.labels + 2}",
                own_targets={},
                parts=parts,
                request=builders.request(one),
                by=self.secretariat,
            )

    def amend(self, which: int, days: int) -> None:
        """Another due date."""
        if one := self._one(which):
            amend(
                one.public_id,
                to=AssignmentTerms(
                    due_on=one.due_on + timedelta(days=days),
                    targets={},
                    note="",
                    reported_in=ReportedIn.LAST if days % 2 else ReportedIn.EVERY,
                    report_months=None,
                    budget=Budget(),
                ),
                request=builders.request(one),
                by=self.secretariat,
            )

    def close(self, which: int) -> None:
        """Close one."""
        if one := self._one(which):
            service.close(
                one.public_id,
                kind=CloseKind.OTHER,
                request=builders.request(one),
                by=self.secretariat,
            )

    def submit(self, which: int) -> None:
        """An agency reports what it owes."""
        rows = db.session.scalars(
            sa.select(Obligation)
            .outerjoin(Report, Report.obligation_id == Obligation.id)
            .where(Obligation.ended_as.is_(None), Report.id.is_(None))
            .order_by(Obligation.id)
        ).all()
        if rows:
            obligation = rows[which % len(rows)]
            obligation_id = obligation.id
            by = replace(self.reporter, agency_id=obligation.agency_id)
            factories.submit(obligation, by)
            self.submitted.add(obligation_id)

    def days(self, count: int) -> None:
        """Time passes."""
        self.clock.shift(timedelta(days=count))

    def check(self) -> None:
        """What must hold no matter what happened."""
        db.session.rollback()
        held: dict[int, list[str]] = {}
        for one in db.session.scalars(sa.select(Assignment)):
            leads = [p for p in one.parties if p.kind is PartyKind.LEAD and p.ended_at is None]
            assert len(leads) == 1, f"{one.part or 'whole'}: {len(leads)} leads"
            assert all(not party.agency.is_court for party in one.parties)
            if one.closed_at is None:
                held.setdefault(one.action_item_id, []).append(one.part)
        for parts in held.values():
            assert len(parts) == len(set(parts))
            assert parts == [""] or "" not in parts, f"whole and in parts: {parts}"
        asked = Counter(
            tuple(row)
            for row in db.session.execute(
                sa.select(Assignment.action_item_id, Obligation.period_id, Obligation.agency_id)
                .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
                .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
                .outerjoin(Report, Report.obligation_id == Obligation.id)
                .where(
                    Obligation.ended_as.is_(None),
                    AssignmentParty.ended_at.is_(None),
                    Assignment.closed_at.is_(None),
                    Report.id.is_(None),
                )
            )
        )
        assert not [key for key, times in asked.items() if times > 1], "somebody is asked twice"
        for obligation_id in self.submitted:
            row = db.session.get_one(Obligation, obligation_id)
            assert row.ended_as is None, "what was submitted ended"
            assert row.agency_id == row.party.agency_id


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_an_open_item_has_one_lead_after_any_history(
    app: flask.Flask, data_dir: Path, clock: time_machine.Traveller
) -> None:
    file, clean = data_dir / "koordinator.db", data_dir / "clean.db"
    begun = World(clock)
    with app.app_context():
        begun.begin()
        db.session.remove()
        db.engine.dispose()
    _copy(file, clean)
    start = now()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=tuple(Phase) if SOAK else (Phase.generate,),
        derandomize=not SOAK,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(STEP, min_size=4, max_size=14))
    def run(steps: list[tuple[object, ...]]) -> None:
        _copy(clean, file)
        clock.move_to(start)
        with app.app_context():
            world = World(clock)
            world.secretariat, world.reporter = begun.secretariat, begun.reporter
            world.period = begun.period
            for name, *values in steps:
                world.step(str(name), *values)
                world.check()
            db.session.remove()
            db.engine.dispose()

    run()


def _copy(source: Path, target: Path) -> None:
    for end in ("-wal", "-shm"):
        Path(f"{target}{end}").unlink(missing_ok=True)
    shutil.copy(source, target)
