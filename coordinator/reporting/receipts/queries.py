"""What a receipt says."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from coordinator.clock import local
from coordinator.db import db
from coordinator.formatting import plain_date
from coordinator.people.accounts.models import Account
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.rules import add_working_days
from coordinator.permissions import Viewer
from coordinator.reporting.reports.queries import report_page
from coordinator.reporting.reports.rules import VERIFY_WITHIN, ReportKind, SubmittedVia


@dataclass(frozen=True, slots=True)
class Receipt:
    """The newest submission of a report, withdrawn ones left out."""

    report_id: str
    number: str
    revision: int
    title: str
    period: str
    agency_id: int
    agency: str
    force: TaskForce
    kind: ReportKind
    values: list[tuple[str, str, str]]  # (indicator, value, unit), the value as stored
    contribution: Decimal | None
    texts: list[tuple[str, str]]  # what was written, by name of the field, screened when sent
    files: list[str]
    via: SubmittedVia
    sent_at: datetime
    is_in_time: bool
    due_on: date
    verify_by: date
    is_verified: bool
    is_sample: bool


def receipt(viewer: Viewer, public_id: str) -> Receipt | None:
    """Return the receipt of a report the viewer may see; None before anything was sent."""
    page = report_page(viewer, public_id)
    if page is None or page.report is None or page.report.latest is None:
        return None
    report, revision = page.report, page.report.latest
    force = db.session.get_one(TaskForce, page.obligation.task_force_id)
    sent_on = local(revision.submitted_at, viewer.zone).date()
    first = report.first_submitted_at or revision.submitted_at
    is_sample = db.session.scalar(
        sa.select(Account.is_sample).where(Account.id == revision.submitted_by_id)
    )
    return Receipt(
        report_id=public_id,
        number=report.number or "",
        revision=revision.number,
        title=page.assignment.title,
        period=page.period.title,
        agency_id=page.agency.id,
        agency=page.agency.name,
        force=force,
        kind=revision.kind,
        values=[
            (value.indicator.name, str(value.value), value.indicator.unit)
            for value in revision.values
        ],
        contribution=revision.contribution,
        texts=[
            ("held_on", plain_date(revision.held_on) if revision.held_on else ""),
            ("place", revision.place),
            ("nil_reason", revision.nil_reason or ""),
            ("blocked_by", revision.blocked_by or ""),
            ("note", revision.note),
        ],
        files=[row.evidence.name for row in revision.evidence],
        via=revision.via,
        sent_at=revision.submitted_at,
        is_in_time=local(first, viewer.zone).date() <= page.due_on,
        due_on=page.due_on,
        verify_by=add_working_days(sent_on, VERIFY_WITHIN, directory.days_off()),
        is_verified=revision.verification is not None,
        is_sample=bool(is_sample),
    )
