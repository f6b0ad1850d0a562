"""Measure three acts on a province's whole plan, each against bare inserts of the same rows.

On a copy of the seeded database, in this process: a plan of 5,000 actions is applied, 2,000 of its
actions are given in one act, a period of 20,000 reports is opened (`--quick`: a tenth of each). All
names are made up.
"""

import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa

from bench import dataset
from coordinator.assignments.changes import batches
from coordinator.assignments.changes.bulk import Assignee
from coordinator.assignments.changes.queries import Filter
from coordinator.assignments.changes.service import AssignmentBasis
from coordinator.assignments.rules import BasisKind
from coordinator.clock import today
from coordinator.db import db
from coordinator.mapping.duties.queries import working_groups
from coordinator.oversight.opening import service as opening
from coordinator.people.accounts import service as accounts
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.people.directory.rules import AgencyKind
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions.rules import (
    Accumulation,
    Better,
    IndicatorKind,
    PlanKind,
    PlanStatus,
)
from coordinator.plans.actions.seed import (
    ActionPart,
    IndicatorPart,
    PlanFile,
    PlanPart,
    StrategyPart,
)
from coordinator.plans.reading import queries as reading_queries
from coordinator.plans.reading import reading
from coordinator.plans.reading.template import template
from coordinator.plans.versions import service as plan_versions

PARTIES = 4  # a lead and three supporters: 20,000 reports of 5,000 actions


@dataclass(frozen=True)
class Act:
    """What was done, its wall-clock and processor time, and its floor."""

    name: str
    seconds: float
    processor: float
    floor: float | None


def run(folder: Path, actions: int) -> list[Act]:
    """Do the acts in turn on one database; return what each took.

    The plan has `actions` actions, of which two fifths are given in one act.
    """
    given = actions * 2 // 5
    database = folder / "acts.db"
    shutil.copyfile(dataset.seeded(), database)
    app = dataset.app_on(folder, database)
    found: list[Act] = []
    with app.app_context():
        office = _office()
        plan = _plan(office, actions, given)
        sheet = template(reading_queries.known(office), plan)
        found.append(
            _timed(
                f"read an XLSX of {actions:,} actions",
                lambda: reading.read(sheet, "rencana.xlsx", known=reading_queries.known(office)),
                None,
            )
        )
        found.append(
            _timed(
                f"apply a plan of {actions:,} actions",
                lambda: plan_versions.publish(plan, by=None, reason="bench"),
                _floor(folder, actions * 6),
            )
        )
        terms = batches.Terms(
            AssignmentBasis(BasisKind.LETTER, "bench/1", today()), today() + timedelta(days=300)
        )
        strategies = _strategies(plan.plan.id)
        found.append(
            _timed(
                f"give {given:,} actions, {given * PARTIES:,} parties",
                lambda: batches.assign_together(
                    Filter(strategy=strategies[0]), Assignee.PLAN, terms, by=office
                ),
                _floor(folder, given * (2 + 2 * PARTIES)),
            )
        )
        for strategy in strategies[1:]:
            batches.assign_together(Filter(strategy=strategy), Assignee.PLAN, terms, by=office)
        on = today()
        new = opening.NewPeriod(
            year=on.year,
            label="Ukur",
            position=1,
            periods_in_year=1,
            covers_from=on - timedelta(days=30),
            covers_until=on,
            opens_on=on,
            closes_on=on + timedelta(days=14),
        )
        found.append(
            _timed(
                f"open a period of {actions * PARTIES:,} reports",
                lambda: opening.open_new_period(office.own_task_force_id, new, by=None),
                _floor(folder, actions * PARTIES),
            )
        )
        db.session.remove()
        db.engine.dispose()
    return found


def _timed(name: str, act: Callable[[], object], floor: float | None) -> Act:
    db.session.rollback()
    began, processor = time.perf_counter(), time.process_time()
    act()
    db.session.rollback()
    return Act(name, time.perf_counter() - began, time.process_time() - processor, floor)


def _floor(folder: Path, rows: int) -> float:
    """Return the seconds that as many plain rows take through the driver alone.

    They are written in one transaction that reaches the disk.
    """
    path = folder / "floor.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(
            "CREATE TABLE one (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b INTEGER, c INTEGER, d TEXT)"
        )
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO one (a, b, c, d) VALUES (?, ?, ?, ?)",
            [(f"{n:016d}", n, n % 40, "2026-12-31") for n in range(rows)],
        )
        connection.execute("COMMIT")
        took = time.perf_counter() - began
    path.unlink()
    return took


def _office() -> Viewer:
    force = db.session.scalars(sa.select(TaskForce).where(TaskForce.code == "64")).one()
    account = accounts.add_person(
        accounts.NewPerson(
            email="sekretariat@ukur.example",
            name="Sekretariat (ukur)",
            kind=AccessKind.SECRETARIAT,
            task_force_id=force.id,
            agency_id=None,
            home_agency_id=None,
            is_alternate=False,
            from_on=today(),
        ),
        by=None,
    )
    return Viewer(
        account_id=account.id,
        kind=AccessKind.SECRETARIAT,
        task_force_id=force.id,
        agency_id=None,
        home_agency_id=None,
    )


def _plan(office: Viewer, count: int, given: int) -> PlanFile:
    agencies = list(
        db.session.scalars(
            sa.select(Agency.key)
            .where(
                Agency.task_force_id == office.own_task_force_id,
                Agency.kind != AgencyKind.PENGADILAN,
            )
            .order_by(Agency.id)
        )
    )
    groups = [group.key for group in working_groups(office)]
    # "schema" is the document's own word for it, which a model's field cannot be called.
    return PlanFile.checked(
        {
            "schema": "1",
            "plan": PlanPart(
                id="ukur",
                kind=PlanKind.RAN,
                title="Rencana untuk mengukur (DATA CONTOH)",
                status=PlanStatus.DRAFT,
                sample=True,
                first_year=today().year,
                last_year=today().year + 4,
            ),
            "strategies": [
                StrategyPart(number=number, title=f"Strategi {number}") for number in (1, 2, 3)
            ],
            "actions": [_action(n, given, agencies, groups) for n in range(count)],
        }
    )


def _action(n: int, given: int, agencies: list[str], groups: list[str]) -> ActionPart:
    # The first strategy holds what is given in the measured act, the others the rest.
    strategy = 1 if n < given else 2 + (n % 2)
    four = [agencies[(n * 3 + place) % len(agencies)] for place in range(PARTIES)]
    return ActionPart(
        id=f"ukur-{n}",
        code=f"{strategy}.{n + 1}",
        strategy=strategy,
        working_group=groups[n % len(groups)],
        title=f"Aksi yang diukur nomor {n + 1}",
        question="Berapa kegiatan yang dilakukan?",
        origin="dibuat untuk mengukur",
        lead=four[0],
        support=four[1:],
        indicators=[
            IndicatorPart(
                id=f"ukur-{n}-kegiatan",
                name="Kegiatan",
                unit="kegiatan",
                kind=IndicatorKind.NUMBER,
                better=Better.UP,
                accumulation=Accumulation.CUMULATIVE,
                targets={today().year: Decimal(12), today().year + 1: Decimal(14)},
            )
        ],
    )


def _strategies(key: str) -> list[int]:
    """Return the ids of a plan's strategies, in their order."""
    return list(
        db.session.scalars(
            sa.text(
                "SELECT strategy.id FROM strategy JOIN plan ON plan.id = strategy.plan_id "
                "WHERE plan.key = :key ORDER BY strategy.number"
            ).bindparams(key=key)
        )
    )
