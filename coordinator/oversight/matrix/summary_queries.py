"""What the matrix shows, read from its summary."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from coordinator.db import db
from coordinator.oversight.matrix.models import MatrixCount
from coordinator.oversight.matrix.obligation_queries import Counted, all_single
from coordinator.oversight.matrix.rules import (
    REPORTED,
    Band,
    BandCount,
    Counts,
    Tasks,
    band_on_the_day,
)
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Viewer
from coordinator.reporting.reports.rules import ReportKind, ReportState

Place = tuple[int, int]  # (agency id, working group id)
Outcomes = dict[Band, BandCount]


@dataclass(frozen=True, slots=True)
class PlaceCounts:
    """What a place's obligations say together, and which tasks of it are reported."""

    counts: Counts
    tasks: Tasks


@dataclass(frozen=True, slots=True)
class Summary:
    """What the matrix shows of a period: the numbers of every place, and, where the layer asks for
    them, the bands of what its agency leads there."""

    numbers: dict[Place, PlaceCounts] = field(default_factory=dict)
    outcomes: dict[Place, Outcomes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Excluded:
    """The obligations of a period that the numbers leave out: few, with their last day.

    They are in dispute, or their agency has not confirmed a report that was entered for it.
    """

    disputed: list[Counted]
    unconfirmed: list[Counted]


def _statements() -> tuple[sa.Select[*tuple[Any, ...]], sa.Select[*tuple[Any, ...]]]:
    """Return the select of the numbers of every place, and the same one by band of its leads (the
    band of what is only supported is empty)."""
    is_reported = MatrixCount.state.in_(REPORTED)
    is_past = MatrixCount.last_day < sa.bindparam("on", type_=sa.Date)
    is_late = sa.and_(is_past, sa.or_(MatrixCount.state.is_(None), sa.not_(is_reported)))

    def many(condition: Any, name: str) -> sa.Label[int]:
        return sa.func.sum(sa.case((condition, MatrixCount.obligations), else_=0)).label(name)

    place = MatrixCount.agency_id, MatrixCount.working_group_id
    numbers = (
        sa.select(
            *place,
            # In the order that `_place_counts` reads.
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
        .where(
            MatrixCount.period_id == sa.bindparam("period_id"),
            sa.exists().where(
                ReportingPeriod.id == sa.bindparam("period_id"),
                ReportingPeriod.task_force_id == sa.bindparam("task_force_id"),
            ),
        )
        .group_by(*place)
    )
    by_band = numbers.add_columns(
        MatrixCount.band,
        is_late.label("is_late"),
        sa.func.sum(MatrixCount.percents).label("percents"),
    ).group_by(MatrixCount.band, "is_late")
    return numbers, by_band


_NUMBERS, _NUMBERS_BY_BAND = _statements()


def excluded_obligations(
    viewer: Viewer, period_id: int, *, party_ids: Iterable[int], public_ids: Iterable[str]
) -> Excluded:
    """Return the obligations in dispute, and those with a report that is not confirmed."""
    disputed_parties, typed = frozenset(party_ids), frozenset(public_ids)
    if not disputed_parties and not typed:
        return Excluded([], [])
    found = all_single(
        viewer.own_task_force_id, period_id, party_ids=disputed_parties, public_ids=typed
    )
    return Excluded(
        [one for one in found if one.party_id in disputed_parties],
        [one for one in found if one.party_id not in disputed_parties],
    )


def summary(
    viewer: Viewer, period_id: int, excluded: Excluded, *, on: date, with_outcomes: bool
) -> Summary:
    """Return what the obligations of a period of the viewer's task force say, by place; with the
    bands of what agencies lead where asked: only the lead's report counts, once per assignment."""
    values = {"task_force_id": viewer.own_task_force_id, "period_id": period_id, "on": on}
    if not with_outcomes:
        rows = db.session.execute(_NUMBERS, values)
        numbers = {(agency, group): _place_counts(sums) for agency, group, *sums in rows}
        return Summary(_without(numbers, excluded, on))
    sums_of: dict[Place, list[int]] = {}
    outcomes: dict[Place, Outcomes] = defaultdict(dict)
    rows = db.session.execute(_NUMBERS_BY_BAND, values)
    for agency, group, *sums, any_day, is_late, percents in rows:
        place = agency, group
        known = sums_of.get(place)
        sums_of[place] = [a + b for a, b in zip(known, sums, strict=True)] if known else sums
        if any_day is not None:
            band = band_on_the_day(any_day, is_late=bool(is_late))
            _add(outcomes[place], band, BandCount(int(sums[0]), int(percents)))
    for one in excluded.disputed:
        if one.alike.band is not None:
            band = band_on_the_day(one.alike.band, is_late=_is_late(one, on))
            _add(outcomes[_place(one)], band, BandCount() - BandCount(1, one.percent))
            _add(outcomes[_place(one)], Band.DISPUTED, BandCount(1))
    numbers = {place: _place_counts(sums) for place, sums in sums_of.items()}
    return Summary(_without(numbers, excluded, on), outcomes)


def _add(outcomes: Outcomes, band: Band, outcome: BandCount) -> None:
    known = outcomes.get(band)
    outcomes[band] = known + outcome if known else outcome


def _place_counts(sums: list[int]) -> PlaceCounts:
    """Return the counts in a row of sums; PostgreSQL gives them as decimals."""
    total, due, in_time, reported, verified, nil, blocked, silent, leads = map(int, sums)
    counts = Counts(
        total=total,
        due=due,
        in_time=in_time,
        reported=reported,
        verified=verified,
        waiting=reported - verified,
        nil=nil,
        blocked=blocked,
        silent=silent,
    )
    return PlaceCounts(counts, Tasks(leads=leads > 0, supports=leads < total))


def _without(
    numbers: dict[Place, PlaceCounts], excluded: Excluded, on: date
) -> dict[Place, PlaceCounts]:
    """Count what is excluded as disputed or unconfirmed, and as nothing else."""
    changes: dict[Place, Counts] = defaultdict(Counts)
    for one in excluded.disputed:
        changes[_place(one)] += Counts(total=1, disputed=1) - _counts(one, on)
    for one in excluded.unconfirmed:
        changes[_place(one)] += Counts(total=1, unconfirmed=1) - _counts(one, on)
    return numbers | {
        place: PlaceCounts(numbers[place].counts + change, numbers[place].tasks)
        for place, change in changes.items()
    }


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
