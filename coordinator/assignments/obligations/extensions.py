"""More time for one agency in one period: granting, changing and withdrawing it, with the mails."""

from datetime import date

import sqlalchemy as sa

from coordinator.assignments.obligations import emails
from coordinator.assignments.obligations.names import PeriodNames
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.free_text import refuse_identity
from coordinator.people.accounts.notices import notify
from coordinator.people.accounts.queries import contacts_of_agencies
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.mail.service import cancel_emails, was_told
from coordinator.translation import gettext as _

KIND = frozenset({"extension"})


def _place(period_id: int, agency_id: int, by: Viewer) -> tuple[ReportingPeriod, Agency]:
    if not by.may(Permission.RUN_PERIODS):
        raise NotAllowed(_("Anda tidak dapat memberi perpanjangan."))
    period = db.session.get(ReportingPeriod, period_id)
    agency = db.session.get(Agency, agency_id)
    if (
        period is None
        or agency is None
        or period.task_force_id != by.own_task_force_id
        or agency.task_force_id != by.own_task_force_id
    ):
        raise NotFound(_("Periode atau instansi itu tidak ada."))
    if period.opened_at is None:
        raise Conflict(_("%(title)s belum dibuka.", title=period.title))
    if period.closed_at is not None:
        raise Conflict(_("%(title)s sudah ditutup. Buka kembali lebih dahulu.", title=period.title))
    return period, agency


def _extension(period: ReportingPeriod, agency: Agency) -> Extension | None:
    return db.session.scalar(
        sa.select(Extension).where(
            Extension.period_id == period.id, Extension.agency_id == agency.id
        )
    )


@transactional
def grant_extension(
    period_id: int, agency_id: int, *, until_on: date, reason: str, by: Viewer
) -> Extension:
    """Give one agency more time in one period, or change it; notify its focal points.

    Raises NotAllowed, NotFound, Conflict (not open), InvalidInput (not later than the window's
    close and today, no reason).
    """
    period, agency = _place(period_id, agency_id, by)
    problems = {}
    if until_on <= period.closes_on:
        problems["until_on"] = _("Isi tanggal sesudah periode ditutup")
    elif until_on < today(by.zone):
        problems["until_on"] = _("Tanggal itu sudah lewat.")
    if not reason.strip():
        problems["reason"] = _("Tulis alasannya.")
    if problems:
        raise InvalidInput(problems)
    refuse_identity(reason=reason)
    extension = _extension(period, agency)
    former = extension.until_on if extension else None
    if extension is None:
        extension = Extension(period_id=period.id, agency_id=agency.id)
        db.session.add(extension)
    elif (extension.until_on, extension.reason) == (until_on, reason.strip()):
        return extension  # the same form sent twice
    extension.until_on = until_on
    extension.reason = reason.strip()
    extension.granted_by_id = by.account_id
    extension.granted_at = now()
    db.session.flush()
    _notify(period, agency, until_on, extension.reason)
    record(
        "extension.granted",
        by=by,
        subject=("period", period.public_id),
        agency_id=agency.id,
        until_on=until_on.isoformat(),
        former=former.isoformat() if former else None,
    )
    return extension


@transactional
def withdraw_extension(period_id: int, agency_id: int, *, by: Viewer) -> None:
    """Withdraw an agency's extra time: its last day is the window's close again.

    Its focal points are notified. If there is none, nothing happens. Raises NotAllowed, NotFound,
    Conflict.
    """
    period, agency = _place(period_id, agency_id, by)
    extension = _extension(period, agency)
    if extension is None:
        return
    former = extension.until_on
    db.session.delete(extension)
    db.session.flush()
    _notify(period, agency, None, "")
    record(
        "extension.withdrawn",
        by=by,
        subject=("period", period.public_id),
        agency_id=agency.id,
        former=former.isoformat(),
    )


def _notify(period: ReportingPeriod, agency: Agency, until_on: date | None, reason: str) -> None:
    force = db.session.get_one(TaskForce, period.task_force_id)
    stamp = now()
    thread = f"extension-{period.public_id}-{agency.id}"
    # Of several changes within the two minutes before sending, only the last is mailed. An
    # extension withdrawn before anybody was notified of it, or of an earlier one, needs no mail at
    # all.
    unsent = cancel_emails(thread=thread, kinds=KIND)
    if until_on is None and unsent and not was_told(thread=thread, kinds=KIND):
        return
    called = PeriodNames(force.id).agency(period.id, agency.id)
    for grant in contacts_of_agencies({agency.id}, today(force.zone))[agency.id]:
        notify(
            grant,
            emails.extension(
                period=period,
                agency=called,
                until_on=until_on,
                reason=reason,
                force=force,
                is_sample=grant.account.is_sample,
            ),
            occasion=(thread, stamp.isoformat()),
            kind="extension",
            thread=thread,
        )
