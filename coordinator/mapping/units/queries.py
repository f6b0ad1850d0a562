"""Reading the units that agencies named for their duties."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from coordinator.clock import local
from coordinator.db import db
from coordinator.mapping.duties.models import Duty, DutyRevision
from coordinator.mapping.units.models import DutyUnit
from coordinator.permissions import Viewer


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """The unit that an agency named for one of its duties, and the day on which it did."""

    unit: str
    office: str
    on: date

    @property
    def text(self) -> str:
        """Return unit and office in one line."""
        return ", ".join(part for part in (self.unit, self.office) if part)


@dataclass(frozen=True, slots=True)
class UnitCount:
    """How many of an agency's duties have a unit: its own word, or the mapping's."""

    duties: int
    named: int


def all_units(agency_id: int, zone: str) -> dict[int, NamedUnit]:
    """Return the units an agency named, by duty; the caller shows what anybody may read."""
    newest = (
        sa.select(sa.func.max(DutyUnit.id))
        .where(DutyUnit.agency_id == agency_id)
        .group_by(DutyUnit.duty_id)
    )
    rows = db.session.execute(
        sa.select(DutyUnit.duty_id, DutyUnit.unit, DutyUnit.office, DutyUnit.said_at).where(
            DutyUnit.id.in_(newest), DutyUnit.unit.is_not(None)
        )
    )
    return {
        duty_id: NamedUnit(unit or "", office or "", local(said_at, zone).date())
        for duty_id, unit, office, said_at in rows
    }


def own_units(viewer: Viewer) -> dict[int, NamedUnit]:
    """Return the units that the viewer's agency named, by duty."""
    return all_units(viewer.own_agency_id, viewer.zone)


def unit_counts(viewer: Viewer) -> dict[int, UnitCount]:
    """Return, by agency of the viewer's task force, how many duties in force have a unit.

    A unit of the mapping itself counts too.
    """
    newest = (
        sa.select(sa.func.max(DutyUnit.id))
        .where(DutyUnit.duty_id == DutyRevision.duty_id)
        .where(DutyUnit.agency_id == DutyRevision.agency_id)
        .correlate(DutyRevision)
        .scalar_subquery()
    )
    said = sa.exists().where(DutyUnit.id == newest, DutyUnit.unit.is_not(None))
    has_unit = sa.or_(DutyRevision.unit.is_not(None), said.correlate(DutyRevision))
    rows = db.session.execute(
        sa.select(
            DutyRevision.agency_id,
            sa.func.count(),
            sa.func.sum(sa.case((has_unit, 1), else_=0)),
        )
        .join(Duty, Duty.id == DutyRevision.duty_id)
        .where(Duty.task_force_id == viewer.own_task_force_id, DutyRevision.until.is_(None))
        .group_by(DutyRevision.agency_id)
    )
    return {agency_id: UnitCount(duties, int(named or 0)) for agency_id, duties, named in rows}


def own_count(viewer: Viewer) -> UnitCount:
    """Return how many duties of the viewer's agency have a unit, as `unit_counts` counts."""
    return unit_counts(viewer).get(viewer.own_agency_id, UnitCount(0, 0))


def held_duties(viewer: Viewer, duty_ids: Collection[int]) -> set[int]:
    """Return those of the duties that the viewer's agency holds now."""
    return set(
        db.session.scalars(
            sa.select(DutyRevision.duty_id).where(
                DutyRevision.duty_id.in_(duty_ids),
                DutyRevision.agency_id == viewer.own_agency_id,
                DutyRevision.until.is_(None),
            )
        )
    )
