"""Reads for the list of assignments: statements per page do not grow with its rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.queries import (
    disputed_parties,
    due_on_column,
    extension_join,
)
from coordinator.assignments.obligations.rules import ObligationEnd
from coordinator.assignments.queries import title_column
from coordinator.db import db
from coordinator.mapping.duties.models import WorkingGroup
from coordinator.oversight.commitments.figure_queries import figures_of, in_lots
from coordinator.oversight.commitments.rules import ReportStatus, YearFigure, by_ratio
from coordinator.people.directory.models import Agency, AgencyAlias
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.plans.actions.rules import PartyKind
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.rules import ReportKind, ReportState

PAGE_SIZE = 50
MOST_WORDS = 8
BY_FIGURE = "capaian"  # the one order that the database does not know


@dataclass(frozen=True, slots=True)
class CommitmentFilter:
    """Which assignments, in which order: open (or closed) ones of a pokja (key) and an agency
    (slug) in which every word of `text` is found. `order` is a key of ORDERS or BY_FIGURE; "-"
    before it turns it round."""

    working_group: str = ""
    agency: str = ""
    closed: bool = False
    text: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a list speaks about: the period whose reports it shows (None before any is opened), the
    year of the figures, and the day."""

    period: ReportingPeriod | None
    year: int
    on: date


@dataclass(frozen=True, slots=True)
class Commitment:
    """One assignment of the list."""

    public_id: str
    code: str
    title: str
    numeral: str
    working_group: str
    lead: str
    supports: int
    due_on: date
    status: ReportStatus
    ended_as: ObligationEnd | None
    kind: ReportKind | None  # of what was sent
    obligation_id: str | None  # in addresses
    report_due_on: date | None
    figures: tuple[YearFigure, ...] = field(default=())


_Lead = aliased(AssignmentParty, name="lead_party")
_Party = aliased(AssignmentParty, name="any_party")

_SUPPORTS = (
    sa.select(sa.func.count())
    .where(
        _Party.assignment_id == Assignment.id,
        _Party.kind == PartyKind.SUPPORT,
        _Party.ended_at.is_(None),
    )
    .correlate(Assignment)
    .scalar_subquery()
)

_Order = tuple[sa.ColumnElement[Any] | sa.orm.InstrumentedAttribute[Any], ...]


def _orders(status: sa.ColumnElement[int]) -> dict[str, _Order]:
    return {
        "": (Assignment.due_on,),
        "aksi": (ActionItem.position, ActionItem.id, Assignment.part),
        "ketua": (sa.func.lower(Agency.abbreviation),),
        "dukung": (_SUPPORTS,),
        "laporan": (status,),
        "pokja": (WorkingGroup.position,),
        "baru": (-Assignment.id,),
    }


ORDERS = (*_orders(sa.literal(0)), BY_FIGURE)


def commitments(
    viewer: Viewer, wanted: CommitmentFilter, at: Moment, *, page: int | None = 1
) -> tuple[list[Commitment], int]:
    """Return a page of assignments of the viewer's task force (all of them where `page` is None),
    and how many there are."""
    status = _status(viewer, at)
    chosen = _chosen(viewer, wanted)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(chosen.subquery())) or 0
    shown, figures = _rows(viewer, _listed(chosen, status, at), wanted.order, status, at.year, page)
    return [_commitment(row, figures(row.id)) for row in shown], total


def _rows(
    viewer: Viewer,
    listed: sa.Select[Any],
    order: str,
    status: sa.ColumnElement[int],
    year: int,
    page: int | None,
) -> tuple[list[Any], Callable[[int], tuple[YearFigure, ...]]]:
    """Return the rows of a page in their order, and what gives the figures of each."""
    name, turned = order.removeprefix("-"), order.startswith("-")
    first = () if name == BY_FIGURE else _orders(status)[name]
    in_order = listed.order_by(
        *(column.desc() if turned else column for column in first), Assignment.due_on, Assignment.id
    )
    if name != BY_FIGURE:
        rows = list(db.session.execute(in_order if page is None else _slice(in_order, page)))
        figures = figures_of(viewer, [row.id for row in rows], year)
        return rows, figures
    ids = list(
        db.session.scalars(in_order.with_only_columns(Assignment.id, maintain_column_froms=True))
    )
    figures = figures_of(viewer, ids, year)
    ranked = by_ratio(((one, figures(one)) for one in ids), highest_first=turned)
    if page is not None:
        ranked = ranked[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    place = {one: number for number, one in enumerate(ranked)}
    found: list[Any] = []
    for part in in_lots(ranked):
        found.extend(db.session.execute(listed.where(Assignment.id.in_(part))))
    return sorted(found, key=lambda row: place[row.id]), figures


def _slice(query: sa.Select[Any], page: int) -> sa.Select[Any]:
    return query.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE)


def _chosen(viewer: Viewer, wanted: CommitmentFilter) -> sa.Select[Any]:
    query = (
        sa.select(Assignment.id)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .join(WorkingGroup, WorkingGroup.id == Assignment.working_group_id)
        .where(
            Assignment.task_force_id == viewer.own_task_force_id,
            Assignment.closed_at.is_not(None) if wanted.closed else Assignment.closed_at.is_(None),
        )
    )
    if wanted.working_group:
        query = query.where(WorkingGroup.key == wanted.working_group)
    if wanted.agency:
        query = query.where(_takes_part(Agency.slug == wanted.agency))
    for word in wanted.text.split()[:MOST_WORDS]:
        query = query.where(
            sa.or_(
                ActionItem.code.icontains(word, autoescape=True),
                ActionItem.title.icontains(word, autoescape=True),
                Assignment.part.icontains(word, autoescape=True),
                Assignment.basis_reference.icontains(word, autoescape=True),
                _takes_part(
                    sa.or_(
                        Agency.abbreviation.icontains(word, autoescape=True),
                        Agency.name.icontains(word, autoescape=True),
                        Agency.id.in_(
                            sa.select(AgencyAlias.agency_id).where(
                                AgencyAlias.name.icontains(word, autoescape=True)
                            )
                        ),
                    )
                ),
            )
        )
    return query


def _takes_part(is_wanted: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return the condition that an agency of a kind is the lead or a supporter."""
    return Assignment.id.in_(
        sa.select(AssignmentParty.assignment_id)
        .join(Agency, Agency.id == AssignmentParty.agency_id)
        .where(AssignmentParty.ended_at.is_(None), is_wanted)
    )


def _status(viewer: Viewer, at: Moment) -> sa.ColumnElement[int]:
    """Return the lead's `ReportStatus`, by which a list can be sorted too."""
    disputed: Iterable[int] = ()
    if at.period is not None:
        disputed = disputed_parties(viewer.own_task_force_id).by_period.get(at.period.id, ())
    is_unsent = sa.or_(
        Report.id.is_(None), Report.state.in_((ReportState.DRAFT, ReportState.AWAITING_HEAD))
    )
    return sa.case(
        (Obligation.id.is_(None), ReportStatus.NOT_ASKED.value),
        (Obligation.ended_as.is_not(None), ReportStatus.ENDED.value),
        (_Lead.id.in_(sorted(disputed)), ReportStatus.DISPUTED.value),
        (sa.and_(is_unsent, due_on_column() < at.on), ReportStatus.SILENT.value),
        (is_unsent, ReportStatus.UNSENT.value),
        (Report.state == ReportState.RETURNED, ReportStatus.RETURNED.value),
        (Report.state == ReportState.SUBMITTED, ReportStatus.SUBMITTED.value),
        else_=ReportStatus.VERIFIED.value,
    )


def _listed(
    chosen: sa.Select[Any], status: sa.ColumnElement[int], at: Moment
) -> sa.Select[*tuple[Any, ...]]:
    period_id = at.period.id if at.period else 0
    return (
        chosen.with_only_columns(
            Assignment.id,
            Assignment.public_id,
            Assignment.due_on,
            ActionItem.code,
            title_column(),
            WorkingGroup.numeral,
            WorkingGroup.short,
            Agency.abbreviation,
            _SUPPORTS.label("supports"),
            status.label("status"),
            Obligation.ended_as,
            Obligation.public_id.label("obligation_id"),
            due_on_column().label("report_due_on"),
            Report.state,
            Report.kind,
            maintain_column_froms=True,
        )
        .join(
            _Lead,
            sa.and_(
                _Lead.assignment_id == Assignment.id,
                _Lead.kind == PartyKind.LEAD,
                _Lead.ended_at.is_(None),
            ),
        )
        .join(Agency, Agency.id == _Lead.agency_id)
        .outerjoin(
            Obligation,
            sa.and_(Obligation.party_id == _Lead.id, Obligation.period_id == period_id),
        )
        .outerjoin(Extension, extension_join())
        .outerjoin(Report, Report.obligation_id == Obligation.id)
    )


def _commitment(row: Any, figures: tuple[YearFigure, ...]) -> Commitment:
    status = ReportStatus(row.status)
    is_sent = status in (ReportStatus.SUBMITTED, ReportStatus.VERIFIED, ReportStatus.RETURNED)
    return Commitment(
        public_id=row.public_id,
        code=row.code,
        title=row.title,
        numeral=row.numeral,
        working_group=row.short,
        lead=row.abbreviation,
        supports=row.supports,
        due_on=row.due_on,
        status=status,
        ended_as=row.ended_as,
        kind=row.kind if is_sent else None,
        obligation_id=row.obligation_id,
        report_due_on=row.report_due_on,
        figures=figures,
    )
