"""Mails about assignments."""

from datetime import date

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.people.directory.models import TaskForce
from coordinator.plans.actions.models import ActionItem
from coordinator.plans.actions.rules import PartyKind
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.translation import gettext as _


def assigned(
    *,
    party: AssignmentParty,
    assignment: Assignment,
    action: ActionItem,
    force: TaskForce,
    is_sample: bool,
    report_due_on: date | None = None,
) -> Email:
    """To a party's focal point: what was given, by what right, until when."""
    subject = _(
        "[TPPO] Penugasan baru: %(title)s - %(agency)s",
        title=assignment.title,
        agency=party.agency.abbreviation,
    )
    return render_email(
        "assignments/assigned",
        subject,
        party=party,
        is_lead=party.kind is PartyKind.LEAD,
        lead=assignment.lead.agency,
        assignment=assignment,
        action=action,
        title=assignment.title,
        report_due_on=report_due_on,
        region_short=force.short_region,
        sample_data=is_sample,
    )
