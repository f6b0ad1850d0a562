"""Reading "Tugas saya": one page of rows, and what it says of all of them, in four statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from coordinator.assignments.obligations.names import names_then
from coordinator.clock import local
from coordinator.db import db
from coordinator.paging import SIZE
from coordinator.people.directory.queries import days_off
from coordinator.people.directory.rules import add_working_days
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions.rules import PartyKind
from coordinator.reporting.report_pages.statement_queries import (
    HEAD,
    LINES,
    OPEN_PARTS,
    TaskPart,
)
from coordinator.reporting.reports.evidence_marks import VerdictMark
from coordinator.reporting.reports.rules import VERIFY_WITHIN, ReportKind, ReportState

DUE_SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One row of "Tugas saya". `number` is the report's, `lead` the agency that leads, where it is
    another, under its name of the period; `verify_by` is for what waits to be verified."""

    part: TaskPart
    public_id: str
    number: str
    title: str
    working_group: str
    numeral: str
    lead: str
    period: str
    last_day: date
    state: ReportState | None
    report_kind: ReportKind | None
    submitted_at: datetime | None
    verified_at: datetime | None
    verify_by: date | None
    is_disputed: bool
    is_locked: bool
    mark: VerdictMark | None

    @property
    def is_open(self) -> bool:
        """True while the agency still has something to send."""
        return self.part in OPEN_PARTS


@dataclass(frozen=True, slots=True)
class OwnAgency:
    """The agency the viewer acts for."""

    slug: str
    abbreviation: str
    name: str
    duties: int  # that it holds now
    groups: int  # pokja they are in


@dataclass(frozen=True, slots=True)
class TasksPage:
    """A page of "Tugas saya". `counts` are of all rows, not of the page's; `urgent` is the first of
    all open ones, on the page that it falls on."""

    agency: OwnAgency | None
    period: str | None  # the newest
    counts: Mapping[TaskPart, int]
    urgent: TaskLine | None
    lines: list[TaskLine]  # without the urgent one

    def of(self, part: TaskPart) -> list[TaskLine]:
        """Return the page's rows of a part."""
        return [line for line in self.lines if line.part is part]

    @property
    def total(self) -> int:
        """How many rows all pages have."""
        return sum(self.counts.values())

    @property
    def open(self) -> int:
        """How many reports the agency still has to send."""
        return sum(self.counts[part] for part in OPEN_PARTS)

    @property
    def beside_urgent(self) -> Mapping[TaskPart, int]:
        """How many rows each part lists, without the urgent row, which is shown above them."""
        first = next((part for part in OPEN_PARTS if self.counts[part]), None)
        return {part: count - (part is first) for part, count in self.counts.items()}


def tasks_page(viewer: Viewer, on: date, *, page: int) -> TasksPage:
    """Return what the viewer's agency owes on the day `on`, most urgent first.

    That is everything open in any period, and the rest of the newest period (sent, verified).
    Reports that wait for a head's approval, or for an answer about what was typed from paper, come
    first.
    """
    own = {"agency_id": viewer.own_agency_id, "task_force_id": viewer.own_task_force_id}
    head = db.session.execute(HEAD, own).first()
    period_id = head.period_id if head else None
    rows = db.session.execute(
        LINES,
        {
            **own,
            "newest": -1 if period_id is None else period_id,
            "on": on,
            "soon": on + timedelta(days=DUE_SOON_DAYS),
            "approves": viewer.may(Permission.APPROVE_REPORTS),
            "size": SIZE,
            "skip": (page - 1) * SIZE,
        },
    ).all()
    counts = {part: rows[0][part] for part in TaskPart}  # the first columns
    lines = _with_words(viewer, [row for row in rows if row.part is not None])
    before_open = counts[TaskPart.FOR_HEAD] + counts[TaskPart.TYPED] - (page - 1) * SIZE
    urgent = next((line for line in lines if line.is_open), None) if before_open >= 0 else None
    return TasksPage(
        agency=OwnAgency(head.slug, head.abbreviation, head.name, head.duties, head.groups)
        if head is not None and head.slug is not None
        else None,
        period=f"{head.label} {head.year}" if head is not None and period_id is not None else None,
        counts=counts,
        urgent=urgent,
        lines=[line for line in lines if line is not urgent],
    )


def _with_words(viewer: Viewer, rows: list[Any]) -> list[TaskLine]:
    """Return rows as lines. Former names and days off are read only if a row needs them."""
    supported = {row.mapping_version for row in rows if row.party_kind is PartyKind.SUPPORT}
    names = names_then(viewer.own_task_force_id, supported) if supported else {}
    is_checked = any(row.state is ReportState.SUBMITTED for row in rows)
    off = days_off() if is_checked else frozenset()
    return [
        TaskLine(
            part=TaskPart(row.part),
            public_id=row.public_id,
            number=row.number or "",
            title=row.title,
            working_group=row.short,
            numeral=row.numeral,
            lead=names[row.mapping_version][row.lead_id].abbreviation
            if row.party_kind is PartyKind.SUPPORT
            else "",
            period=f"{row.label} {row.year}",
            last_day=row.last_day,
            state=row.state,
            report_kind=row.report_kind,
            submitted_at=row.submitted_at,
            verified_at=row.verified_at,
            verify_by=add_working_days(
                local(row.submitted_at, viewer.zone).date(), VERIFY_WITHIN, off
            )
            if row.state is ReportState.SUBMITTED
            else None,
            is_disputed=row.is_disputed,
            is_locked=row.is_locked,
            mark=VerdictMark(row.mark) if row.mark else None,
        )
        for row in rows
    ]
