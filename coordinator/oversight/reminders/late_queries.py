"""What an agency is late with, for the letter to its head and for the note of a contact."""

from dataclasses import dataclass
from datetime import date

from coordinator.assignments.letters.rules import addressee
from coordinator.clock import local
from coordinator.oversight.reminders.escalation_queries import all_told
from coordinator.oversight.reminders.queries import DueReport, all_steps, due_reports
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency
from coordinator.people.directory.queries import PrintedLetterhead
from coordinator.permissions import Permission, Viewer


@dataclass(frozen=True, slots=True)
class LateLetter:
    """What the letter to the head of an agency says."""

    agency: str
    addressee: str
    region: str
    told_on: (
        date | None
    )  # the first day on which somebody of the agency was notified of any of them
    reports: tuple[DueReport, ...]
    letterhead: PrintedLetterhead


def late_reports(
    viewer: Viewer, slug: str, on: date
) -> tuple[Agency | None, tuple[DueReport, ...]]:
    """Return an agency of the viewer's task force and the reports it is late with on a day, the
    longest first; None and nothing where the viewer does not keep contacts."""
    force = directory.task_force(viewer)
    agency = directory.agency_by_slug(viewer, slug)
    if force is None or agency is None or not viewer.may(Permission.KEEP_CONTACTS):
        return None, ()
    return agency, tuple(
        item for item in due_reports(force) if item.agency_id == agency.id and item.last_day < on
    )


def late_letter(viewer: Viewer, slug: str, on: date) -> LateLetter | None:
    """Return the letter about what an agency is late with; None where it is not."""
    agency, reports = late_reports(viewer, slug, on)
    force = directory.task_force(viewer)
    if agency is None or force is None or not reports:
        return None
    told = all_told(
        {item.obligation_id for item in reports}, all_steps(force.id).higher, force.zone
    )
    days = [local(told[item.key], force.zone).date() for item in reports if item.key in told]
    return LateLetter(
        agency=agency.name,
        addressee=addressee(agency.name),
        region=force.region,
        told_on=min(days, default=None),
        reports=reports,
        letterhead=directory.letterhead(force),
    )
