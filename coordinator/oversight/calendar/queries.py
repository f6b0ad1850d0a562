"""Every date a person should know, as the page and the feed show it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations import queries as obligations
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.names import PeriodNames
from coordinator.db import db
from coordinator.oversight.calendar.labels import past_due
from coordinator.oversight.calendar.models import CalendarEntry, CalendarFeed
from coordinator.oversight.reminders import queries as reminders
from coordinator.oversight.reminders.coming import MAILED, coming_steps
from coordinator.oversight.reminders.service import next_sending
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency
from coordinator.periods import queries as periods
from coordinator.periods.labels import window_warnings
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import AGENCY_KINDS, AccessKind, Permission, Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.queries import UNSENT_STATES, revise_by_column
from coordinator.reporting.reports.rules import ReportState, is_locked
from coordinator.translation import gettext as _

LOOK_BACK = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Event:
    """One all-day event. `uid` stays when the day or the text changes; see `agenda.service` for
    the revision that then rises.

    The text names an action's code, a period, an agency: never anybody, and nothing that was
    reported.
    """

    uid: str
    on: date
    summary: str
    path: str
    is_alarmed: bool = False


def events(viewer: Viewer, on: date) -> list[Event]:
    """Return what a person's calendar holds, by what their access lets them see, in order."""
    if viewer.kind in AGENCY_KINDS:
        found = [*_own_reports(viewer, on), *_own_assignments(viewer, on)]
    else:
        is_secretariat = viewer.kind is AccessKind.SECRETARIAT
        found = list(_windows(viewer, on, with_opening=is_secretariat))
        if is_secretariat:
            found += [*_extensions(viewer, on), *_mendings(viewer)]
    return sorted(found, key=lambda event: (event.on, event.uid))


def _own_reports(viewer: Viewer, on: date) -> Iterator[Event]:
    """Yield one event per period for reports due on the usual day, and one for each report with its
    own due day (moved by a ruling, or returned for correction)."""
    disputes = obligations.disputed_parties(viewer.own_task_force_id)
    rows = db.session.execute(
        sa.select(
            Obligation.public_id,
            Obligation.party_id,
            Obligation.due_on.label("own_due_on"),
            obligations.due_on_column().label("due_on"),
            ReportingPeriod,
            ActionItem.code,
            Report.state,
            Report.kind,
            revise_by_column().label("mend_by_on"),
            Agency.key,
        )
        .join(ReportingPeriod, ReportingPeriod.id == Obligation.period_id)
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .join(Agency, Agency.id == Obligation.agency_id)
        .outerjoin(Extension, obligations.extension_join())
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .where(
            Obligation.agency_id == viewer.own_agency_id,
            Obligation.task_force_id == viewer.own_task_force_id,
            Obligation.ended_as.is_(None),
            AssignmentParty.ended_at.is_(None),
            Assignment.closed_at.is_(None),
            sa.or_(Report.id.is_(None), Report.state.in_(UNSENT_STATES)),
        )
        .order_by(ReportingPeriod.covers_from, ReportingPeriod.id, Obligation.id)
    ).all()
    kept = [
        row
        for row in rows
        if not disputes.covers(row.party_id, row.ReportingPeriod.id)
        and not is_locked(
            row.state,
            is_period_closed=row.ReportingPeriod.closed_at is not None,
            was_sent=row.kind is not None,
        )
    ]
    usual: dict[str, list[Any]] = {}
    names = PeriodNames(viewer.own_task_force_id)
    for row in kept:
        period = row.ReportingPeriod
        called = names.agency(period.id, viewer.own_agency_id).abbreviation
        if row.mend_by_on:
            yield Event(
                f"mend-{row.public_id}",
                row.mend_by_on,
                past_due(
                    _("Perbaikan laporan aksi %(code)s, %(period)s - %(agency)s"),
                    row.mend_by_on < on,
                    is_revision=True,
                )
                % {"code": row.code, "period": period.title, "agency": called},
                f"/laporan/{row.public_id}",
                is_alarmed=True,
            )
        elif row.own_due_on != period.closes_on:
            yield Event(
                f"due-{row.public_id}",
                row.due_on,
                past_due(
                    _("Laporan aksi %(code)s jatuh tempo, %(period)s - %(agency)s"),
                    row.due_on < on,
                )
                % {"code": row.code, "period": period.title, "agency": called},
                f"/laporan/{row.public_id}",
                is_alarmed=True,
            )
        else:
            usual.setdefault(period.public_id, []).append(row)
    for key, group in usual.items():
        first = group[0]
        yield Event(
            f"due-{key}-{first.key}",
            first.due_on,
            past_due(_("%(n)s laporan jatuh tempo: %(period)s - %(agency)s"), first.due_on < on)
            % {
                "n": len(group),
                "period": first.ReportingPeriod.title,
                "agency": names.agency(first.ReportingPeriod.id, viewer.own_agency_id).abbreviation,
            },
            "/tugas-saya",
            is_alarmed=True,
        )


def _own_assignments(viewer: Viewer, on: date) -> Iterator[Event]:
    rows = db.session.execute(
        sa.select(
            Assignment.public_id,
            Assignment.due_on,
            ActionItem.code,
            Agency.key,
            Agency.abbreviation,
        )
        .join(AssignmentParty, AssignmentParty.assignment_id == Assignment.id)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .join(Agency, Agency.id == AssignmentParty.agency_id)
        .where(
            AssignmentParty.agency_id == viewer.own_agency_id,
            Assignment.task_force_id == viewer.own_task_force_id,
            AssignmentParty.ended_at.is_(None),
            Assignment.closed_at.is_(None),
            Assignment.due_on >= on - LOOK_BACK,
        )
        .order_by(Assignment.id)
    ).all()
    for row in rows:
        yield Event(
            f"assignment-{row.public_id}-{row.key}",
            row.due_on,
            _("Batas waktu aksi %(code)s - %(agency)s", code=row.code, agency=row.abbreviation),
            "/tugas-saya",
        )


def _windows(viewer: Viewer, on: date, *, with_opening: bool) -> Iterator[Event]:
    found = [
        period
        for period in [*periods.periods(viewer), *periods.planned_periods(viewer)]
        if period.closed_at is None and period.closes_on >= on - LOOK_BACK
    ]
    for period in found:
        path = f"/periode/{period.public_id}" if period.opened_at or with_opening else "/periode"
        if with_opening:
            opening = _("Masa pelaporan %(title)s dibuka", title=period.title)
            yield Event(f"opens-{period.public_id}", period.opens_on, opening, path)
        closing = _("Laporan jatuh tempo: %(title)s", title=period.title)
        yield Event(
            f"closes-{period.public_id}", period.closes_on, closing, path, is_alarmed=with_opening
        )


def _extensions(viewer: Viewer, on: date) -> Iterator[Event]:
    rows = db.session.execute(
        sa.select(Extension.until_on, Agency.id, Agency.key, ReportingPeriod)
        .join(Agency, Agency.id == Extension.agency_id)
        .join(ReportingPeriod, ReportingPeriod.id == Extension.period_id)
        .where(
            ReportingPeriod.task_force_id == viewer.own_task_force_id,
            ReportingPeriod.closed_at.is_(None),
            Extension.until_on >= on - LOOK_BACK,
        )
    ).all()
    names = PeriodNames(viewer.own_task_force_id)
    for row in rows:
        period = row.ReportingPeriod
        yield Event(
            f"extension-{period.public_id}-{row.key}",
            row.until_on,
            _(
                "Perpanjangan %(title)s berakhir - %(agency)s",
                title=period.title,
                agency=names.agency(period.id, row.id).abbreviation,
            ),
            f"/periode/{period.public_id}",
        )


def _mendings(viewer: Viewer) -> Iterator[Event]:
    rows = db.session.execute(
        sa.select(
            Obligation.public_id,
            Report.mend_by_on,
            ActionItem.code,
            Obligation.period_id,
            Obligation.agency_id,
        )
        .join(Report, Report.obligation_id == Obligation.id)
        .join(AssignmentParty, AssignmentParty.id == Obligation.party_id)
        .join(Assignment, Assignment.id == AssignmentParty.assignment_id)
        .join(ActionItem, ActionItem.id == Assignment.action_item_id)
        .where(
            Obligation.task_force_id == viewer.own_task_force_id,
            Obligation.ended_as.is_(None),
            Report.state == ReportState.RETURNED,
        )
    ).all()
    names = PeriodNames(viewer.own_task_force_id)
    for row in rows:
        yield Event(
            f"mend-{row.public_id}",
            row.mend_by_on,
            _(
                "Perbaikan ditunggu: aksi %(code)s - %(agency)s",
                code=row.code,
                agency=names.agency(row.period_id, row.agency_id).abbreviation,
            ),
            f"/laporan/{row.public_id}",
        )


def reminder_days(viewer: Viewer, on: date) -> dict[date, int]:
    """Return the coming reminder days with their number of reports; an agency sees only its own."""
    force = directory.task_force(viewer)
    if force is None or not viewer.may(Permission.SEE_REMINDERS):
        return {}
    owed = reminders.due_reports(force)
    if viewer.kind in AGENCY_KINDS:
        owed = [item for item in owed if item.agency_id == viewer.agency_id]
    steps, _climbing = coming_steps(
        force,
        owed,
        reminders.all_steps(force.id),
        on=on,
        sending_on=next_sending(force).date(),
        until=date.max,
    )
    found: dict[date, int] = {}
    for step in steps:
        if step.on is not None and step.receiver in MAILED:
            found[step.on] = found.get(step.on, 0) + 1
    return found


def windows_on_days_off(viewer: Viewer) -> list[tuple[str, list[str]]]:
    """Return the planned periods whose window begins or ends on a day off, and why."""
    found = []
    for period in periods.planned_periods(viewer):
        years = range(period.opens_on.year, period.closes_on.year + 1)
        holidays = [day for year in years for day in directory.holidays_of(year)]
        sentences = window_warnings(period.window, holidays, lengths=False)
        if sentences:
            found.append((period.title, sentences))
    return found


def own_grant(viewer: Viewer, on: date) -> AccessGrant | None:
    """Return the access behind a viewer."""
    return db.session.scalar(
        sa.select(AccessGrant)
        .where(
            AccessGrant.account_id == viewer.account_id,
            AccessGrant.kind == viewer.kind,
            AccessGrant.task_force_id == viewer.task_force_id,
            AccessGrant.agency_id.is_(None)
            if viewer.agency_id is None
            else AccessGrant.agency_id == viewer.agency_id,
            AccessGrant.from_on <= on,
            sa.or_(AccessGrant.until_on.is_(None), AccessGrant.until_on >= on),
            AccessGrant.ended_at.is_(None),
        )
        .order_by(AccessGrant.id)
        .limit(1)
    )


def own_feed(viewer: Viewer, on: date) -> CalendarFeed | None:
    """Return the feed of a viewer's access."""
    grant = own_grant(viewer, on)
    if grant is None:
        return None
    return db.session.scalar(sa.select(CalendarFeed).where(CalendarFeed.grant_id == grant.id))


def feed_by_hash(token_hash: str) -> CalendarFeed | None:
    """Return a feed by the hash of its token."""
    return db.session.scalar(sa.select(CalendarFeed).where(CalendarFeed.token_hash == token_hash))


def entries(feed_id: int) -> dict[str, CalendarEntry]:
    """Return what a feed last said, by UID."""
    rows = db.session.scalars(sa.select(CalendarEntry).where(CalendarEntry.feed_id == feed_id))
    return {row.uid: row for row in rows}
