"""Keep the summary of the matrix up to date by recounting, never by incrementing.

Every change in the session to an obligation, report, last day or target is recorded, and the
affected cells are recounted from the obligations just before the transaction commits: once,
regardless of the size of a bulk operation, and without a call by the writer. Incrementing a counter
would count twice when PostgreSQL retries a transaction, and all writers would contend for one row.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction
from sqlalchemy.orm.util import identity_key

from coordinator.assignments.models import Assignment, AssignmentParty, AssignmentTarget
from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db, transactional
from coordinator.oversight.matrix.models import MatrixCount
from coordinator.oversight.matrix.obligation_queries import Alike, all_of_places
from coordinator.oversight.matrix.rules import BandCount
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.plans.actions.models import Indicator
from coordinator.plans.actions.rules import PartyKind
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.rules import ReportState

Place = tuple[int, int, int]  # (period id, agency id, working group id)
Notes = dict[str, set[Any]]

NOTES = "matrix_notes"
# By table, the columns that map a changed row to the places it is counted in.
WATCHED: dict[str, tuple[str, ...]] = {
    Obligation.__tablename__: ("period_id", "agency_id", "working_group_id"),
    Report.__tablename__: ("obligation_id",),
    Extension.__tablename__: ("period_id", "agency_id"),
    AssignmentTarget.__tablename__: ("assignment_id",),
    Indicator.__tablename__: ("action_item_id",),
}
COUNTED_OF_A_REPORT = ("state", "kind", "first_submitted_at")
VERIFIED = "verified"  # obligations whose report became verified, or no longer is
_PLACE = (Obligation.period_id, Obligation.agency_id, Obligation.working_group_id)
_PLACE_NAMES = frozenset(WATCHED[Obligation.__tablename__])


def watch() -> None:
    """Keep the summary up to date from now on; a second call has no effect."""
    event.listen(Session, "after_flush", _note_rows)
    event.listen(Session, "do_orm_execute", _note_statements)
    event.listen(Session, "before_commit", _count_again)
    event.listen(Session, "after_transaction_end", _forget)


# --- what changed --------------------------------------------------------------------------------


def _note(session: Session, name: str, keys: Iterable[tuple[Any, ...]]) -> None:
    notes: Notes = session.info.setdefault(NOTES, defaultdict(set))
    notes[name].update(keys)


def _note_rows(session: Session, _context: Any) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        columns = WATCHED.get(row.__tablename__)
        if columns is None or (row in session.dirty and not _is_counted_otherwise(row)):
            continue
        _note(session, row.__tablename__, [tuple(getattr(row, name) for name in columns)])
        if isinstance(row, Report):
            states = sa.inspect(row).attrs.state.history
            if ReportState.VERIFIED in (*(states.added or ()), *(states.deleted or ())):
                _note(session, VERIFIED, [(row.obligation_id,)])


def _is_counted_otherwise(row: Any) -> bool:
    """Return whether a changed row can change a count: of a report only three columns matter, so
    that saving a draft repeatedly does not recount each time."""
    if not isinstance(row, Report):
        return True
    attributes = sa.inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in COUNTED_OF_A_REPORT)


def _note_statements(state: ORMExecuteState) -> None:
    """Record what a statement will change: the rows it adds, or those that match its condition."""
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    statement: Any = state.statement
    table = statement.table
    columns = WATCHED.get(table.name)
    if columns is None:
        return
    if state.is_insert:
        given: Any = state.parameters
        keys = [tuple(row[name] for name in columns) for row in given]
    else:
        query = sa.select(*(table.c[name] for name in columns)).distinct()
        if statement.whereclause is not None:
            query = query.where(statement.whereclause)
        keys = [tuple(row) for row in state.session.execute(query)]
    _note(state.session, table.name, keys)
    if table.name == Report.__tablename__:
        _note(state.session, VERIFIED, keys)


def _count_again(session: Session) -> None:
    """Recount what was affected, as the last step before the commit."""
    if session.in_nested_transaction():
        return
    session.flush()
    notes = session.info.pop(NOTES, None)
    if notes:
        recount(_touched(session, notes))


def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(NOTES, None)


# --- where it is counted -------------------------------------------------------------------------


def _touched(session: Session, notes: Notes) -> set[Place]:
    """Return the places in which the recorded changes are counted."""
    found: set[Place] = set(notes.get(Obligation.__tablename__, ()))
    unknown = []
    for (obligation_id,) in notes.get(Report.__tablename__, ()):
        place = _place_in_memory(session, obligation_id)
        if place is None:
            unknown.append(obligation_id)
        else:
            found.add(place)
    queries = []
    if unknown:
        queries.append(sa.select(*_PLACE).where(Obligation.id.in_(unknown)))
    if extended := notes.get(Extension.__tablename__):
        queries.append(
            sa.select(*_PLACE).where(
                sa.or_(
                    *(
                        sa.and_(Obligation.period_id == period, Obligation.agency_id == agency)
                        for period, agency in extended
                    )
                )
            )
        )
    if verified := notes.get(VERIFIED):
        queries.append(_later_in_the_year([one for (one,) in verified]))
    if targets := notes.get(AssignmentTarget.__tablename__):
        queries.append(_leads().where(AssignmentParty.assignment_id.in_([a for (a,) in targets])))
    if items := notes.get(Indicator.__tablename__):
        of_items = sa.select(Assignment.id).where(
            Assignment.action_item_id.in_([item for (item,) in items])
        )
        queries.append(_leads().where(AssignmentParty.assignment_id.in_(of_items)))
    for query in queries:
        found.update(
            (period, agency, group) for period, agency, group in session.execute(query.distinct())
        )
    return found


def _place_in_memory(session: Session, obligation_id: int) -> Place | None:
    """Return the place of an obligation if the session has it; None if it must be read: an object
    that somebody still holds may be expired, and its row deleted by a statement."""
    obligation = session.identity_map.get(identity_key(Obligation, obligation_id))
    if obligation is None or sa.inspect(obligation).unloaded.intersection(_PLACE_NAMES):
        return None
    return obligation.period_id, obligation.agency_id, obligation.working_group_id


def _leads() -> sa.Select[int, int, int]:
    return (
        sa.select(*_PLACE)
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .where(AssignmentParty.kind == PartyKind.LEAD)
    )


def _later_in_the_year(obligation_ids: list[int]) -> sa.Select[int, int, int]:
    """Select where the same action is counted in later periods of the year: what was verified
    before adds up in them."""
    changed = sa.orm.aliased(Obligation)
    party = sa.orm.aliased(AssignmentParty)
    period = sa.orm.aliased(ReportingPeriod)
    return (
        _leads()
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .join(party, party.assignment_id == AssignmentParty.assignment_id)
        .join(changed, changed.party_id == party.id)
        .join(period, period.id == changed.period_id)
        .where(
            changed.id.in_(obligation_ids),
            ReportingPeriod.year == period.year,
            ReportingPeriod.position > period.position,
        )
    )


# --- counting ------------------------------------------------------------------------------------


def recount(places: Iterable[Place]) -> None:
    """Count places again from their obligations; inside the caller's transaction.

    For each period, all named agencies in all named pokja are counted: a few more places than
    needed, whose counts stay the same.
    """
    by_period: dict[int, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for period_id, agency_id, group_id in places:
        agencies, groups = by_period[period_id]
        agencies.add(agency_id)
        groups.add(group_id)
    for period_id, (agencies, groups) in sorted(by_period.items()):
        _replace(
            _counted(period_id, agencies, groups),
            MatrixCount.period_id == period_id,
            MatrixCount.agency_id.in_(agencies),
            MatrixCount.working_group_id.in_(groups),
        )


def _replace(counted: Mapping[Alike, BandCount], *where: sa.ColumnElement[bool]) -> None:
    db.session.execute(
        sa.delete(MatrixCount).where(*where).execution_options(synchronize_session=False)
    )
    rows = [
        {**asdict(alike), "obligations": together.actions, "percents": together.percents}
        for alike, together in counted.items()
    ]
    if rows:
        # One statement for all of them, with a band or without.
        as_one = {"render_nulls": True}
        db.session.execute(sa.insert(MatrixCount), rows, execution_options=as_one)


def _counted(period_id: int, agencies: set[int], groups: set[int]) -> dict[Alike, BandCount]:
    found: dict[Alike, BandCount] = defaultdict(BandCount)
    for one in all_of_places(period_id, sorted(agencies), sorted(groups)):
        found[one.alike] += BandCount(1, one.percent)
    return found


@transactional
def rebuild() -> int:
    """Recount every period and return how many had been wrong. For the command line: it does not
    check access."""
    wrong = 0
    for period_id in _opened():
        right = _right(period_id)
        if _written(period_id) != right:
            _replace(right, MatrixCount.period_id == period_id)
            wrong += 1
    return wrong


def differing_periods() -> list[int]:
    """Return the ids of periods whose summary does not match their obligations."""
    return [one for one in _opened() if _written(one) != _right(one)]


def is_missing() -> bool:
    """Return whether nothing was ever counted, although there is something to count."""
    query = sa.select(sa.exists().select_from(Obligation), sa.exists().select_from(MatrixCount))
    is_owed, is_counted = db.session.execute(query).one()
    return bool(is_owed and not is_counted)


def _opened() -> Sequence[int]:
    return db.session.scalars(
        sa.select(ReportingPeriod.id)
        .where(ReportingPeriod.opened_at.is_not(None))
        .order_by(ReportingPeriod.id)
    ).all()


def _places_of(period_id: int) -> set[Place]:
    query = sa.select(*_PLACE).where(Obligation.period_id == period_id).distinct()
    return {(period, agency, group) for period, agency, group in db.session.execute(query)}


def _right(period_id: int) -> dict[Alike, BandCount]:
    places = _places_of(period_id)
    return _counted(period_id, {place[1] for place in places}, {place[2] for place in places})


def _written(period_id: int) -> dict[Alike, BandCount]:
    columns = [getattr(MatrixCount, field.name) for field in fields(Alike)]
    rows = db.session.execute(
        sa.select(*columns, MatrixCount.obligations, MatrixCount.percents).where(
            MatrixCount.period_id == period_id
        )
    )
    found: dict[Alike, BandCount] = defaultdict(BandCount)
    for *alike, obligations, percents in rows:
        found[Alike(*alike)] += BandCount(obligations, percents)
    return found
