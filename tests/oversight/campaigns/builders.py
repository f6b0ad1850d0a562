"""Scenes of a campaign: who answers, and what the people were sent."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
import time_machine

from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.mapping.answers.models import AnswerCampaign, CampaignAgency
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.answers.service import accept_duties, answer_duty
from coordinator.mapping.duties.queries import duties
from coordinator.oversight.campaigns import service
from coordinator.oversight.campaigns.models import CampaignNotice
from coordinator.oversight.campaigns.rules import CampaignScope
from coordinator.oversight.campaigns.telling_service import MAIL_KIND
from coordinator.oversight.reminders.service import queue_reminders
from coordinator.people.directory.models import Agency
from coordinator.permissions import Viewer
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from tests import factories


def duty_ids(viewer: Viewer) -> list[int]:
    """The duties of a viewer's agency."""
    return [one.duty_id for one in duties(viewer, agency_id=viewer.own_agency_id)]


def accept_all(viewer: Viewer) -> None:
    """Accept every duty of the viewer's agency."""
    accept_duties(duty_ids(viewer), by=viewer)


def refuse_first(viewer: Viewer) -> None:
    """Refuse one duty of the viewer's agency."""
    answer_duty(duty_ids(viewer)[0], Answer.NOT_OURS, reason="Bukan kewenangan kami.", by=viewer)


def start(
    by: Viewer,
    *,
    days: int = 14,
    scope: CampaignScope = CampaignScope.ALL,
    group_id: int | None = None,
    message: str = "",
) -> AnswerCampaign:
    """Start a campaign that ends in some days."""
    return service.start(
        service.NewCampaign(scope, today() + timedelta(days=days), group_id, message), by=by
    )


def told(kind: str = MAIL_KIND) -> list[OutgoingEmail]:
    """The mails of a kind, oldest first."""
    return list(
        db.session.scalars(
            sa.select(OutgoingEmail).where(OutgoingEmail.kind == kind).order_by(OutgoingEmail.id)
        )
    )


@transactional
def deliver() -> None:
    """Let every waiting mail of a campaign leave."""
    for row in told():
        if row.state is MailState.QUEUED:
            row.state, row.sent_at = MailState.SENT, now()


def steps(viewer: Viewer) -> list[tuple[date, str, str]]:
    """What a person got of a campaign: day, step and outcome."""
    rows = db.session.execute(
        sa.select(CampaignNotice.noted_on, CampaignNotice.step, CampaignNotice.outcome)
        .where(CampaignNotice.account_id == viewer.account_id)
        .order_by(CampaignNotice.id)
    )
    return [(on, step.value, outcome.value) for on, step, outcome in rows]


def asked_slugs() -> set[str]:
    """The agencies of the campaign."""
    return set(
        db.session.scalars(
            sa.select(Agency.slug).join(CampaignAgency, CampaignAgency.agency_id == Agency.id)
        )
    )


def morning(clock: time_machine.Traveller, day: date) -> list[OutgoingEmail]:
    """Work out a day's reminders at 08.05 WITA; return the digests they made."""
    before = len(told("digest"))
    clock.move_to(datetime(day.year, day.month, day.day, 0, 5, tzinfo=UTC))
    queue_reminders(factories.task_force().id)
    return told("digest")[before:]
