"""The first and last steps of every change of an assignment.

Each change names the version the person saw (somebody else's newer change is never overwritten) and
a form key (the same form sent twice is one change), adds a line to the assignment's history, and
notifies the people concerned by mail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from coordinator import screening
from coordinator.assignments import queries as assignments
from coordinator.assignments.changes import emails
from coordinator.assignments.changes.emails import ChangeNotice
from coordinator.assignments.models import (
    Assignment,
    AssignmentChange,
    AssignmentParty,
)
from coordinator.assignments.obligations.rules import DAYS_FOR_RECEIVER
from coordinator.assignments.rules import (
    ChangeKind,
)
from coordinator.clock import now
from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.formatting import plain_date
from coordinator.people.accounts.notices import notify
from coordinator.people.accounts.queries import contacts_of_agencies
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.people.directory.queries import days_off
from coordinator.people.directory.rules import add_working_days
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Permission, Viewer
from coordinator.platform.mail.service import cancel_emails_of
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """What every form carries: the version it was opened on, its key, the reason."""

    version: int
    reason: str = ""
    form_key: str | None = None


def load_for_change(public_id: str, request: ChangeRequest, by: Viewer) -> tuple[Assignment, bool]:
    """Return the assignment to change, and whether this form has changed it already.

    Raises NotAllowed, NotFound, Conflict (closed, or changed meanwhile), InvalidInput.
    """
    if not by.may(Permission.ASSIGN_ACTIONS):
        raise NotAllowed(_("Anda tidak dapat mengubah penugasan."))
    assignment = assignments.assignment(by, public_id)
    if assignment is None:
        raise NotFound(_("Penugasan itu tidak ada."))
    made = assignments.changes(assignment.id) if request.form_key else []
    if any(change.form_key == request.form_key for change in made):
        return assignment, True
    if assignment.closed_at is not None:
        raise Conflict(_("Penugasan ini sudah ditutup."))
    if assignment.version != request.version:
        raise Conflict(
            _("Penugasan ini baru saja diubah orang lain. Isian Anda masih ada di bawah.")
        )
    if screening.blocks(request.reason):
        raise InvalidInput({"reason": _("Ada angka seperti NIK di sini. Hapus angka itu.")})
    return assignment, False


def require_reason(request: ChangeRequest) -> None:
    """Raise InvalidInput where no reason was written."""
    if not request.reason.strip():
        raise InvalidInput({"reason": _("Tulis alasannya")})


def add_change(
    assignment: Assignment,
    kind: ChangeKind,
    request: ChangeRequest,
    by: Viewer,
    *,
    agency_id: int | None = None,
    to_agency_id: int | None = None,
    due: tuple[date, date] | None = None,
    first: bool = True,
) -> AssignmentChange:
    """Add a line of history; only the first line of a request holds its form key."""
    change = AssignmentChange(
        assignment_id=assignment.id,
        form_key=request.form_key if first else None,
        kind=kind,
        agency_id=agency_id,
        to_agency_id=to_agency_id,
        due_before=due[0] if due else None,
        due_after=due[1] if due else None,
        reason=request.reason.strip(),
        made_by_id=by.account_id,
        made_at=now(),
    )
    db.session.add(change)
    db.session.flush()
    return change


def require_not_in_sibling(assignment: Assignment, agency: Agency, name: str) -> None:
    """Refuse an agency that already has a part in another assignment of the same item."""
    for other in assignments.siblings(assignment):
        if any(party.agency_id == agency.id for party in other.active_parties):
            raise InvalidInput(
                {
                    name: _(
                        "%(agency)s sudah ikut dalam bagian lain: %(part)s",
                        agency=agency.abbreviation,
                        part=other.part,
                    )
                }
            )


def duties_of(assignment: Assignment, agency: Agency) -> list[int]:
    """Return the ids of an agency's duties that the assignment's action carries out."""
    action = assignment.action_item
    behind = assignments.duties_behind(assignment.task_force_id, [action])
    return behind[action.id].get(agency.id, [])


def first_due(on: date, wanted: date | None = None) -> date:
    """Return the first last day that a receiver may be given: ten working days, or later."""
    first = add_working_days(on, DAYS_FOR_RECEIVER, days_off())
    if wanted is not None and wanted < first:
        raise InvalidInput(
            {
                "report_due_on": _(
                    "Paling cepat %(day)s: penerima mendapat sepuluh hari kerja.",
                    day=plain_date(first),
                )
            }
        )
    return wanted or first


def last_due(running: Sequence[ReportingPeriod], earliest: date) -> date | None:
    """Return the last day of a receiver's report, None where it is asked for none now."""
    return max((max(period.closes_on, earliest) for period in running), default=None)


def notify_parties(
    assignment: Assignment,
    change: AssignmentChange,
    agencies: Mapping[int, ChangeNotice],
    on: date,
) -> None:
    """Queue one mail for each person of the agencies: what changed for them."""
    force = db.session.get_one(TaskForce, assignment.task_force_id)
    contacts = contacts_of_agencies(set(agencies), on)
    for agency_id, news in agencies.items():
        for grant in contacts[agency_id]:
            notify(
                grant,
                emails.assignment_changed(
                    assignment=assignment,
                    agency=db.session.get_one(Agency, agency_id),
                    news=news,
                    reason=change.reason,
                    force=force,
                    is_sample=grant.account.is_sample,
                ),
                occasion=("change", change.id, agency_id),
                kind="assignment_changed",
                thread=f"assignment-{assignment.public_id}",
            )


def forget_mail(party: AssignmentParty) -> None:
    """Cancel the mail that says a party was assigned, if it was not sent yet."""
    assignment = party.assignment
    cancel_emails_of(("assigned", assignment.public_id, party.id))
