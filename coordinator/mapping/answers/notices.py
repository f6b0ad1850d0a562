"""The mails about a question or refusal, and the day by which it is ruled on."""

from datetime import date

from coordinator.clock import local, today
from coordinator.db import db
from coordinator.mapping.answers import emails, queries
from coordinator.mapping.answers.models import DutyMessage, DutyResponse
from coordinator.mapping.answers.rules import due_to_rule as due_after
from coordinator.people.accounts.notices import notify
from coordinator.people.accounts.queries import (
    contacts_of_agencies,
    recipients_of_agency,
    secretariat_of,
)
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.queries import days_off
from coordinator.permissions import AGENCY_KINDS, Viewer


def due_to_rule(response: DutyResponse, zone: str) -> date:
    """Return the day by which the secretariat is to rule, in working days after the answer."""
    return due_after(
        local(response.answered_at, zone).date(), days_off(), days=queries.ruling_days()
    )


def notify_question(response: DutyResponse, by: Viewer) -> None:
    """Notify the secretariat, and the agency that was named. Part of a service."""
    force = db.session.get_one(TaskForce, by.own_task_force_id)
    on = today(force.zone)
    due = due_to_rule(response, force.zone)
    receivers = [(grant, True) for grant in secretariat_of(force.id, on)]
    if response.suggested_agency_id is not None:
        own = contacts_of_agencies({response.suggested_agency_id}, on)
        receivers += [(grant, False) for grant in own[response.suggested_agency_id]]
    for grant, is_secretariat in receivers:
        notify(
            grant,
            emails.question(
                response=response,
                due_on=due,
                force=force,
                to_secretariat=is_secretariat,
                is_sample=grant.account.is_sample,
            ),
            occasion=("question", response.public_id, "office" if is_secretariat else "agency"),
            kind="question",
            thread=f"question:{response.public_id}",
        )


def notify_message(message: DutyMessage, response: DutyResponse, by: Viewer) -> None:
    """Notify the other side of a thread. Part of a service."""
    force = db.session.get_one(TaskForce, by.own_task_force_id)
    on = today(force.zone)
    if by.kind in AGENCY_KINDS:
        grants = secretariat_of(force.id, on)
    else:
        grants = recipients_of_agency(response.agency_id, on)
    for grant in grants:
        notify(
            grant,
            emails.message(
                response=response,
                force=force,
                from_secretariat=by.kind not in AGENCY_KINDS,
                is_sample=grant.account.is_sample,
            ),
            occasion=("message", message.id),
            kind="message",
            thread=f"question:{response.public_id}",
        )
