"""Open a period, send trial mails, close it and reopen it."""

from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from markupsafe import escape

from coordinator import screening
from coordinator.assignments.models import Assignment
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.queries import due_in
from coordinator.assignments.obligations.service import create_obligations
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.formatting import plain_date
from coordinator.free_text import refuse_identity
from coordinator.mapping.duties.queries import current_version
from coordinator.oversight.opening import queries
from coordinator.people.accounts.models import Account
from coordinator.periods import queries as periods
from coordinator.periods.models import PeriodReopening, ReportingPeriod
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.mail.service import Email, queue_email
from coordinator.reporting.reports.models import Report
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class NewPeriod:
    """A period of a year and its reporting window."""

    year: int
    label: str
    position: int
    periods_in_year: int
    covers_from: date
    covers_until: date
    opens_on: date
    closes_on: date


@transactional
def open_new_period(
    task_force_id: int, new: NewPeriod, *, by: Viewer | None, is_sample: bool = False
) -> ReportingPeriod:
    """Create a period, pin the mapping as it is now, and create its obligations.

    `by` None is the system itself (seed). Raises Conflict where the task force has no mapping.
    """
    refuse_identity(label=new.label)
    period = ReportingPeriod(
        task_force_id=task_force_id,
        year=new.year,
        label=new.label,
        position=new.position,
        periods_in_year=new.periods_in_year,
        covers_from=new.covers_from,
        covers_until=new.covers_until,
        opens_on=new.opens_on,
        closes_on=new.closes_on,
        is_sample=is_sample,
    )
    db.session.add(period)
    db.session.flush()
    _open(period, by=by)
    return period


@transactional
def open_planned_period(public_id: str, *, by: Viewer) -> ReportingPeriod:
    """Open a planned period: pin the mapping as it is now and create its obligations.

    A period that is open already is returned as it is: opening twice, or two officers at once, make
    no second obligation. Raises NotAllowed, NotFound, InvalidInput (its last day has passed),
    Conflict (no mapping yet).
    """
    if not by.may(Permission.RUN_PERIODS):
        raise NotAllowed(_("Anda tidak dapat membuka periode."))
    period = periods.period(by, public_id)
    if period is None:
        raise NotFound(_("Periode itu tidak ada."))
    if period.opened_at is not None:
        return period
    if period.closes_on < today(by.zone):
        raise InvalidInput({"name": _("Hari terakhirnya sudah lewat. Ubah tanggalnya dahulu.")})
    _open(period, by=by)
    return period


def _open(period: ReportingPeriod, *, by: Viewer | None) -> None:
    version = current_version(period.task_force_id)
    if version is None:
        raise Conflict(_("Gugus tugas ini belum punya pemetaan."))
    period.mapping_version = version.number
    period.opened_at = now()
    db.session.flush()
    left_out = period.left_out or {}
    count = create_obligations([period], *due_in(period), Assignment.public_id.not_in(left_out))
    record(
        "period.opened",
        by=by,
        subject=("period", period.public_id),
        task_force_id=period.task_force_id,
        label=period.title,
        closes_on=period.closes_on.isoformat(),
        mapping_version=version.number,
        obligations=count,
        left_out=sorted(left_out),
    )


def trial_of(email: Email) -> Email:
    """Return a mail as a trial: marked [UJI], and saying that its buttons lead nowhere yet."""
    notice = _("Email uji. Tombolnya belum membuka apa pun: periode ini belum dibuka.")
    mark = "</td></tr>\n<tr><td"  # the end of the frame's first row
    shown = f'<p style="margin:0 0 16px;"><b>{escape(notice)}</b></p>'
    head, found, rest = email.html.partition(mark)
    opening, bracket, body = rest.partition(">")
    html = f"{head}{found}{opening}{bracket}{shown}{body}" if found else email.html
    return replace(
        email, subject=f"[UJI] {email.subject}", text=f"{notice}\n\n{email.text}", html=html
    )


@transactional
def send_trial(public_id: str, email: Email, *, by: Viewer) -> str:
    """Queue one real mail of a period to the signed-in person; return the address.

    Raises NotAllowed, NotFound, InvalidInput (they have no mailbox).
    """
    if not by.may(Permission.RUN_PERIODS):
        raise NotAllowed(_("Anda tidak dapat mengirim email uji."))
    period = periods.period(by, public_id)
    account = db.session.get(Account, by.account_id)
    if period is None or account is None:
        raise NotFound(_("Periode itu tidak ada."))
    if not account.mail_address:
        raise InvalidInput({"trial": _("Akun Anda belum punya alamat email.")})
    queue_email(
        trial_of(email),
        occasion=("trial", period.public_id, now().isoformat()),
        kind="trial",
        to_address=account.mail_address,
        account_id=account.id,
        task_force_id=period.task_force_id,
        thread=f"trial-{period.public_id}",
    )
    record("period.tried", by=by, subject=("period", period.public_id))
    return account.mail_address


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing a period does: who stays silent, which drafts lock, who still has time."""

    silent: list[queries.Unsent]
    running: list[queries.Unsent]

    @property
    def drafts(self) -> int:
        """Return how many drafts would be locked."""
        return sum(one.has_draft for one in self.silent)

    @property
    def agencies(self) -> list[tuple[str, int]]:
        """Return the agencies with missing reports, each with its number of them."""
        counts: dict[str, int] = {}
        for one in self.silent:
            counts[one.agency] = counts.get(one.agency, 0) + 1
        return list(counts.items())


def closing(viewer: Viewer, period: ReportingPeriod) -> Closing:
    """Return what closing a period would do today."""
    on = today(viewer.zone)
    unsent = queries.unsent(viewer, period)
    return Closing(
        silent=[one for one in unsent if one.due_on < on],
        running=[one for one in unsent if one.due_on >= on],
    )


def _period(public_id: str, by: Viewer) -> ReportingPeriod:
    if not by.may(Permission.RUN_PERIODS):
        raise NotAllowed(_("Anda tidak dapat menutup atau membuka periode."))
    period = periods.period(by, public_id)
    if period is None:
        raise NotFound(_("Periode itu tidak ada."))
    if period.opened_at is None:
        raise Conflict(_("%(title)s belum dibuka.", title=period.title))
    return period


@transactional
def close_period(public_id: str, *, by: Viewer) -> ReportingPeriod:
    """Close a period: drafts lock, and what was not sent stays silent. Closing twice is once.

    Time that was promised is kept: while the window is open, or an agency that has not reported
    still has days left, it cannot be closed. Raises NotAllowed, NotFound, Conflict.
    """
    period = _period(public_id, by)
    if period.closed_at is not None:
        return period
    what = closing(by, period)
    if period.closes_on >= today(by.zone):
        raise Conflict(
            _("Masa pelaporan masih terbuka sampai %(day)s.", day=plain_date(period.closes_on))
        )
    if what.running:
        raise Conflict(
            _(
                "%(agency)s masih punya waktu sampai %(day)s.",
                agency=what.running[0].agency,
                day=plain_date(what.running[0].due_on),
            )
        )
    period.closed_at = now()
    db.session.flush()
    record(
        "period.closed",
        by=by,
        subject=("period", period.public_id),
        silent=len(what.silent),
        drafts=what.drafts,
    )
    return period


@transactional
def reopen_period(public_id: str, *, closes_on: date, reason: str, by: Viewer) -> ReportingPeriod:
    """Open a closed period again, with a reason and a new last day.

    Only what was never sent gets the new day: a report that came late stays late. Raises
    NotAllowed, NotFound, Conflict (not closed), InvalidInput.
    """
    period = _period(public_id, by)
    if period.closed_at is None:
        raise Conflict(_("%(title)s tidak tertutup.", title=period.title))
    problems = {}
    if closes_on < today(by.zone) or closes_on <= period.closes_on:
        problems["closes_on"] = _(
            "Isi tanggal mulai hari ini dan sesudah %(day)s", day=plain_date(period.closes_on)
        )
    if not reason.strip():
        problems["reason"] = _("Tulis alasannya.")
    elif screening.blocks(reason):
        problems["reason"] = _("Ada angka seperti NIK di sini. Hapus angka itu.")
    if problems:
        raise InvalidInput(problems)
    db.session.add(
        PeriodReopening(
            period_id=period.id,
            closed_at=period.closed_at,
            reopened_at=now(),
            reopened_by_id=by.account_id,
            reason=reason.strip(),
            former_closes_on=period.closes_on,
            closes_on=closes_on,
        )
    )
    period.closed_at = None
    period.closes_on = closes_on
    db.session.flush()
    count = _give_new_day(period)
    record(
        "period.reopened",
        by=by,
        subject=("period", period.public_id),
        closes_on=closes_on.isoformat(),
        obligations=count,
    )
    return period


def _give_new_day(period: ReportingPeriod) -> int:
    sent = sa.select(Report.obligation_id).where(Report.first_submitted_at.is_not(None))
    done = db.session.execute(
        sa.update(Obligation)
        .where(
            Obligation.period_id == period.id,
            Obligation.ended_as.is_(None),
            Obligation.due_on < period.closes_on,
            Obligation.id.not_in(sent),
        )
        .values(due_on=period.closes_on),
        execution_options={"synchronize_session": False},
    )
    db.session.expire_all()
    return int(done.rowcount)  # type: ignore[attr-defined]
