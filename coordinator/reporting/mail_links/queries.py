"""What a link in a mail opens, and whether it still does."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import called_in
from coordinator.assignments.obligations.queries import due_on_column, extension_join
from coordinator.clock import local, today
from coordinator.db import db
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.accounts.queries import in_force
from coordinator.people.directory.models import Agency
from coordinator.periods.models import Extension
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail.rules import token_hash
from coordinator.reporting.mail_links.models import ReportLink
from coordinator.reporting.mail_links.rules import (
    CONFIRM_DAYS,
    LinkFacts,
    LinkState,
    TokenPurpose,
    link_state,
)
from coordinator.reporting.reports.models import HeadApproval, Report, ReportRevision
from coordinator.reporting.reports.rules import ReportState, is_locked, may_edit
from coordinator.reporting.settings.queries import settings_of


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link with who holds it and what it may do. Plain values: no transaction expires them."""

    id: int
    purpose: TokenPurpose
    state: LinkState
    viewer: Viewer
    address: str
    agency: str
    obligation_id: int
    report_id: str  # the report's public id
    has_colleagues_draft: bool
    # Public ids of the draft's files since the last sending, except those of colleagues.
    own_files: frozenset[str]
    number: str
    report_state: ReportState | None


def link_of(token: str) -> FoundLink | None:
    """Return the link of a token; None if there never was such a link."""
    row = db.session.scalar(
        sa.select(ReportLink)
        .where(ReportLink.token_hash == token_hash(token))
        .options(
            joinedload(ReportLink.obligation),
            joinedload(ReportLink.grant).options(
                joinedload(AccessGrant.account),
                joinedload(AccessGrant.agency),
                joinedload(AccessGrant.task_force),
            ),
        )
    )
    if row is None or row.grant.agency is None or row.grant.task_force is None:
        return None
    grant, obligation = row.grant, row.obligation
    zone = row.grant.task_force.zone
    on = today(zone)
    report = db.session.scalar(sa.select(Report).where(Report.obligation_id == obligation.id))
    colleagues = _colleagues(obligation.agency_id, on) - {grant.account_id}
    return FoundLink(
        id=row.id,
        purpose=row.purpose,
        state=link_state(_facts(row, report, zone, on), on),
        viewer=Viewer(
            account_id=grant.account_id,
            kind=AccessKind.FOCAL_POINT,
            task_force_id=grant.task_force_id,
            agency_id=grant.agency_id,
            home_agency_id=grant.account.home_agency_id,
            zone=zone,
        ),
        address=grant.account.mail_address,
        agency=called_in(obligation).abbreviation,
        obligation_id=obligation.id,
        report_id=obligation.public_id,
        has_colleagues_draft=_is_colleagues(report, colleagues),
        own_files=_own_files(report, colleagues),
        number=(report.number if report else None) or "",
        report_state=report.state if report else None,
    )


def _facts(row: ReportLink, report: Report | None, zone: str, on: date) -> LinkFacts:
    grant, obligation = row.grant, row.obligation
    settings = settings_of(obligation.task_force_id)
    assert grant.agency is not None
    is_report = row.purpose is TokenPurpose.REPORT
    return LinkFacts(
        is_writable=obligation.ended_as is None
        and (not is_report or _may_write(obligation, report)),
        is_same_round=row.round == send_counts({obligation.id}).get(obligation.id, 0),
        has_access=grant.kind is AccessKind.FOCAL_POINT
        and grant.holds(on)
        and grant.account.is_active
        and grant.agency_id == obligation.agency_id,
        is_allowed=settings.allow_links_to(grant.agency.kind.value),
        last_day=_last_day(obligation, report) if is_report else local(row.created_at, zone).date(),
        grace_days=settings.link_grace_days if is_report else CONFIRM_DAYS,
        has_sent=row.sent_at is not None,
    )


def _may_write(obligation: Obligation, report: Report | None) -> bool:
    state = report.state if report else None
    return may_edit(state) and not is_locked(
        state, is_period_closed=obligation.period.closed_at is not None
    )


def _last_day(obligation: Obligation, report: Report | None) -> date:
    due_on = db.session.scalar(
        sa.select(due_on_column())
        .select_from(Obligation)
        .outerjoin(Extension, extension_join())
        .where(Obligation.id == obligation.id)
    )
    days = [due_on or obligation.due_on]
    if report is not None and report.mend_by_on is not None:
        days.append(report.mend_by_on)
    return max(days)


def own_files(token: str) -> frozenset[str]:
    """Return the files (public ids) of the draft that the link's holder may handle."""
    link = link_of(token)
    return link.own_files if link else frozenset()


def _colleagues(agency_id: int, on: date) -> set[int]:
    """The accounts that may write an agency's reports on the day `on`."""
    return set(
        db.session.scalars(
            sa.select(AccessGrant.account_id).where(
                AccessGrant.agency_id == agency_id,
                AccessGrant.kind == AccessKind.FOCAL_POINT,
                in_force(on),
            )
        )
    )


def _is_colleagues(report: Report | None, colleagues: Collection[int]) -> bool:
    """Return whether a colleague has edited the draft since the last sending: it is theirs then.

    What was sent is the agency's, and its mail asks this person to revise it. The same applies to a
    draft left by somebody who no longer holds this access, and to what others typed for the agency.
    """
    if report is None or not report.draft or report.saved_by_id not in colleagues:
        return False
    return report.submitted_at is None or report.saved_at > report.submitted_at


def _own_files(report: Report | None, colleagues: Collection[int]) -> frozenset[str]:
    if report is None:
        return frozenset()
    return frozenset(
        row.evidence.public_id
        for row in report.draft_evidence
        if row.evidence.uploaded_by_id not in colleagues
        and (report.submitted_at is None or row.evidence.uploaded_at > report.submitted_at)
    )


def send_counts(obligation_ids: Collection[int]) -> dict[int, int]:
    """Return how often the reports of obligations were sent: to the secretariat, or to the head.

    Sending to a head counts unless the head approved it. A link made before the last sending is
    over.
    """
    found: dict[int, int] = {}
    for query in (
        sa.select(Report.obligation_id, sa.func.count())
        .join(ReportRevision, ReportRevision.report_id == Report.id)
        .where(Report.obligation_id.in_(obligation_ids)),
        sa.select(Report.obligation_id, sa.func.count())
        .join(HeadApproval, HeadApproval.report_id == Report.id)
        .where(Report.obligation_id.in_(obligation_ids), HeadApproval.is_approved.is_not(True)),
    ):
        for obligation_id, count in db.session.execute(query.group_by(Report.obligation_id)):
            found[obligation_id] = found.get(obligation_id, 0) + count
    return found


def locked(obligation_ids: Collection[int]) -> set[int]:
    """Return those whose report nobody can write in now: no link of a mail would open it."""
    rows = db.session.execute(
        sa.select(Report.obligation_id, Report.state).where(
            Report.obligation_id.in_(obligation_ids)
        )
    )
    return {obligation_id for obligation_id, state in rows if not may_edit(state)}


def links_of(
    obligation_ids: Collection[int], purpose: TokenPurpose
) -> dict[tuple[int, int, int], str]:
    """Return the public ids of links made, by (obligation, grant, round)."""
    rows = db.session.execute(
        sa.select(
            ReportLink.obligation_id, ReportLink.grant_id, ReportLink.round, ReportLink.public_id
        ).where(ReportLink.obligation_id.in_(obligation_ids), ReportLink.purpose == purpose)
    )
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def agency_kinds(agency_ids: Collection[int]) -> dict[int, str]:
    """Return the kinds of agencies."""
    rows = db.session.execute(sa.select(Agency.id, Agency.kind).where(Agency.id.in_(agency_ids)))
    return {row[0]: row[1].value for row in rows}
