"""What the matrix shows, read from its summary."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from coordinator.db import db
from coordinator.oversight.matrix.models import MatrixCount
from coordinator.oversight.matrix.obligation_queries import Counted, all_single
from coordinator.oversight.matrix.rules import (
    REPORTED,
    Band,
    Counts,
    Outcome,
    Tasks,
    band_on_the_day,
)
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Viewer
from coordinator.reporting.reports.rules import ReportKind, ReportState

Place = tuple[int, int]  # (agency id, working group id)
Outcomes = dict[Band, Outcome]


@dataclass(frozen=True, slots=True)
class PlaceCounts:
    """What a place's obligations say together, and which tasks of it are reported."""

    counts: Counts
    tasks: Tasks


@dataclass(frozen=True, slots=True)
class Apart:
    """The obligations of a period that count for nothing else: few, and known by their day."""

    disputed: list[Counted]
    unconfirmed: list[Counted]


def _statements() -> tuple[sa.Select[*tuple[Any, ...]], sa.Select[*tuple[Any, ...]]]:
    """Return the select of the numbers of every place, and that of the bands of its leads."""
    is_reported = MatrixCount.state.in_(REPORTED)
    is_past = MatrixCount.last_day < sa.bindparam("on", type_=sa.Date)
    is_late = sa.and_(is_past, sa.or_(MatrixCount.state.is_(None), sa.not_(is_reported)))

    def many(condition: Any, name: str) -> sa.Label[int]:
        return sa.func.sum(sa.case((condition, MatrixCount.obligations), else_=0)).label(name)

    mine = sa.and_(
        MatrixCount.period_id == sa.bindparam("period_id"),
        sa.exists().where(
            ReportingPeriod.id == sa.bindparam("period_id"),
            ReportingPeriod.task_force_id == sa.bindparam("task_force_id"),
        ),
    )
    numbers = (
        sa.select(
            MatrixCount.agency_id,
            MatrixCount.working_group_id,
            sa.func.sum(MatrixCount.obligations).label("total"),
            many(sa.or_(is_past, is_reported), "due"),
            many(MatrixCount.is_in_time, "in_time"),
            many(is_reported, "reported"),
            many(MatrixCount.state == ReportState.VERIFIED, "verified"),
            many(MatrixCount.kind == ReportKind.NIL, "nil"),
            many(MatrixCount.kind == ReportKind.BLOCKED, "blocked"),
            many(is_late, "silent"),
            many(MatrixCount.is_lead, "leads"),
        )
        .where(mine)
        .group_by(MatrixCount.agency_id, MatrixCount.working_group_id)
    )
    bands = (
        sa.select(
            MatrixCount.agency_id,
            MatrixCount.working_group_id,
            MatrixCount.band,
            is_late.label("is_late"),
            sa.func.sum(MatrixCount.obligations).label("actions"),
            sa.func.sum(MatrixCount.percents).label("percents"),
        )
        .where(mine, MatrixCount.is_lead)
        .group_by(MatrixCount.agency_id, MatrixCount.working_group_id, MatrixCount.band, "is_late")
    )
    return numbers, bands


_NUMBERS, _BANDS = _statements()


def obligations_apart(
    viewer: Viewer, period_id: int, *, party_ids: Iterable[int], public_ids: Iterable[str]
) -> Apart:
    """Return the obligations of the parties whose duties are in dispute, and those whose report was
    typed and waits for the agency's word."""
    disputed_parties, typed = frozenset(party_ids), frozenset(public_ids)
    if not disputed_parties and not typed:
        return Apart([], [])
    found = all_single(
        viewer.own_task_force_id, period_id, party_ids=disputed_parties, public_ids=typed
    )
    return Apart(
        [one for one in found if one.party_id in disputed_parties],
        [one for one in found if one.party_id not in disputed_parties],
    )


def counts_by_place(
    viewer: Viewer, period_id: int, apart: Apart, *, on: date
) -> dict[Place, PlaceCounts]:
    """Return what the obligations of a period of the viewer's task force say, by place."""
    rows = db.session.execute(_NUMBERS, _of(viewer, period_id, on))
    found: dict[Place, PlaceCounts] = {}
    for row in rows:
        counts = Counts(
            total=int(row.total),
            due=int(row.due),
            in_time=int(row.in_time),
            reported=int(row.reported),
            verified=int(row.verified),
            waiting=int(row.reported - row.verified),
            nil=int(row.nil),
            blocked=int(row.blocked),
            silent=int(row.silent),
        )
        tasks = Tasks(leads=row.leads > 0, supports=row.leads < row.total)
        found[row.agency_id, row.working_group_id] = PlaceCounts(counts, tasks)
    changes: dict[Place, Counts] = defaultdict(Counts)
    for one in apart.disputed:
        changes[_place(one)] += Counts(total=1, disputed=1) - _counts(one, on)
    for one in apart.unconfirmed:
        changes[_place(one)] += Counts(total=1, unconfirmed=1) - _counts(one, on)
    for place, change in changes.items():
        found[place] = PlaceCounts(found[place].counts + change, found[place].tasks)
    return found


def outcomes(viewer: Viewer, period_id: int, apart: Apart, *, on: date) -> dict[Place, Outcomes]:
    """Return the bands of what agencies lead in a period, by place: only the lead's report counts,
    once per assignment."""
    found: dict[Place, Outcomes] = defaultdict(lambda: defaultdict(Outcome))
    for row in db.session.execute(_BANDS, _of(viewer, period_id, on)):
        band = band_on_the_day(row.band, is_late=bool(row.is_late))
        found[row.agency_id, row.working_group_id][band] += Outcome(
            int(row.actions), int(row.percents)
        )
    for one in apart.disputed:
        if one.alike.band is None:
            continue
        cell = found[_place(one)]
        cell[band_on_the_day(one.alike.band, is_late=_is_late(one, on))] -= Outcome(1, one.percent)
        cell[Band.DISPUTED] += Outcome(1)
    return found


def _of(viewer: Viewer, period_id: int, on: date) -> dict[str, Any]:
    return {"task_force_id": viewer.own_task_force_id, "period_id": period_id, "on": on}


def _place(one: Counted) -> Place:
    return one.alike.agency_id, one.alike.working_group_id


def _is_late(one: Counted, on: date) -> bool:
    return one.alike.last_day < on and one.alike.state not in REPORTED


def _counts(one: Counted, on: date) -> Counts:
    """Return what the summary counts for one obligation."""
    alike = one.alike
    is_reported = alike.state in REPORTED
    is_verified = alike.state is ReportState.VERIFIED
    return Counts(
        total=1,
        due=int(is_reported or alike.last_day < on),
        in_time=int(alike.is_in_time),
        reported=int(is_reported),
        verified=int(is_verified),
        waiting=int(is_reported and not is_verified),
        nil=int(alike.kind is ReportKind.NIL),
        blocked=int(alike.kind is ReportKind.BLOCKED),
        silent=int(_is_late(one, on)),
    )
