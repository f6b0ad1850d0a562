"""What an agency was called in a period: the one place that every page of a period asks.

A period pins a mapping version when it opens and uses the names of that version, regardless of
later versions. A planned period, and an agency that was added later, use today's names.
"""

import functools
from collections.abc import Callable, Collection, Iterable

import sqlalchemy as sa

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.mapping.duties.models import MappingVersion
from coordinator.mapping.duties.queries import AgencyName, all_names
from coordinator.people.directory.models import Agency
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Viewer


class PeriodNames:
    """The agencies of a task force under the names of each of its periods; read once, when asked.

    Make one for a query, never one to keep: a mapping may be published in between.
    """

    def __init__(self, task_force_id: int) -> None:
        self._task_force_id = task_force_id
        self._by_version: dict[int | None, dict[int, AgencyName]] = {}

    def agency(self, period_id: int, agency_id: int) -> AgencyName:
        """Return what an agency was called in a period of the same task force."""
        number = self._versions.get(period_id)
        if number not in self._by_version:
            self._by_version[number] = names_then(self._task_force_id, {number})[number]
        return self._by_version[number][agency_id]

    def of(self, period_id: int) -> Callable[[int], AgencyName]:
        """Return the function that gives the names of one period."""
        return functools.partial(self.agency, period_id)

    @functools.cached_property
    def _versions(self) -> dict[int, int | None]:
        rows = db.session.execute(
            sa.select(ReportingPeriod.id, ReportingPeriod.mapping_version).where(
                ReportingPeriod.task_force_id == self._task_force_id
            )
        )
        return {row.id: row.mapping_version for row in rows}


def names_then(
    task_force_id: int, versions: Collection[int | None]
) -> dict[int | None, dict[int, AgencyName]]:
    """Return, by mapping version, the agencies of a task force under the names they had.

    Today's names are used if they came later, or if a period has no version yet (None).
    """
    names = all_names(task_force_id, [number for number in versions if number is not None])
    now = names.now()
    return {
        number: now
        if number is None
        else now | {one.id: one for one in names.under(number).agencies}
        for number in versions
    }


_TODAY = sa.select(
    Agency,
    sa.select(sa.func.max(MappingVersion.number))
    .where(MappingVersion.task_force_id == Agency.task_force_id)
    .scalar_subquery()
    .label("newest"),
).where(Agency.id == sa.bindparam("agency_id"))


def called_in(obligation: Obligation) -> AgencyName:
    """Return what the agency of an obligation was called in its period.

    In a period that is only planned, or was opened under the mapping in force, it has its name of
    today.
    """
    agency, newest = db.session.execute(_TODAY, {"agency_id": obligation.agency_id}).one()
    if obligation.period.mapping_version in (None, newest):
        return _named(agency)
    names = PeriodNames(obligation.task_force_id)
    return names.agency(obligation.period_id, obligation.agency_id)


def _named(agency: Agency) -> AgencyName:
    return AgencyName(agency.id, agency.slug, agency.abbreviation, agency.name, agency.is_court)


def with_former_names(viewer: Viewer, agencies: Iterable[Agency]) -> list[AgencyName]:
    """Return agencies of any period to choose from, by today's name.

    It includes the short names that their earlier reports use.
    """
    former = former_names(viewer.own_task_force_id)
    found = []
    for one in agencies:
        short = [name for name in former.get(one.id, ()) if " " not in name]
        name = f"{one.abbreviation} (dahulu {', '.join(short)})" if short else one.abbreviation
        found.append(AgencyName(one.id, one.slug, name, one.name, one.is_court))
    return found


def former_names(task_force_id: int) -> dict[int, tuple[str, ...]]:
    """Return, by agency, the other names that the task force's periods were held under."""
    pinned = db.session.scalars(
        sa.select(ReportingPeriod.mapping_version)
        .where(
            ReportingPeriod.task_force_id == task_force_id,
            ReportingPeriod.mapping_version.is_not(None),
        )
        .distinct()
    )
    numbers = sorted(number for number in pinned if number is not None)
    names = all_names(task_force_id, numbers)
    found: dict[int, dict[str, None]] = {}
    for number in numbers:
        for one in names.under(number).agencies:
            found.setdefault(one.id, {}).update({one.abbreviation: None, one.name: None})
    today = {agency_id: (one.abbreviation, one.name) for agency_id, one in names.now().items()}
    return {
        agency_id: former
        for agency_id, known in found.items()
        if (former := tuple(name for name in known if name not in today.get(agency_id, ())))
    }
