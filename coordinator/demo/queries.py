"""What the load of the demo reads for nobody in particular."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentTarget
from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from coordinator.reporting.evidence.models import Evidence


def all_obligations(period_id: int) -> Sequence[Obligation]:
    """Return what is to be reported in a period, in the order in which it was created."""
    return db.session.scalars(
        sa.select(Obligation).where(Obligation.period_id == period_id).order_by(Obligation.id)
    ).all()


def all_yearly_targets(task_force_id: int, year: int) -> Sequence[AssignmentTarget]:
    """Return the targets that the demo's assignments of a task force have for a year."""
    return db.session.scalars(
        sa.select(AssignmentTarget)
        .join(Assignment, Assignment.id == AssignmentTarget.assignment_id)
        .where(
            Assignment.is_sample,
            Assignment.task_force_id == task_force_id,
            AssignmentTarget.period_id.is_(None),
            AssignmentTarget.year == year,
        )
    ).all()


def all_evidence(obligation_id: int) -> Sequence[Evidence]:
    """Return the files that were attached to a report."""
    return db.session.scalars(
        sa.select(Evidence).where(Evidence.obligation_id == obligation_id)
    ).all()


def all_sending_times(until: datetime) -> Sequence[datetime]:
    """Return when each queued mail is due, up to an instant, in the order of sending."""
    return db.session.scalars(
        sa.select(OutgoingEmail.not_before)
        .where(OutgoingEmail.state == MailState.QUEUED, OutgoingEmail.not_before <= until)
        .order_by(OutgoingEmail.not_before, OutgoingEmail.id)
    ).all()
