"""An answer ends what a campaign still has to say to an agency."""

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.answers import campaign_queries
from coordinator.mapping.answers.models import AnswerCampaign
from coordinator.people.directory.models import Agency
from coordinator.permissions import Viewer
from coordinator.platform.mail.service import cancel_emails_of


def campaign_occasion(public_id: str, agency_key: str) -> tuple[object, ...]:
    """Return the occasion of a campaign's mails to an agency."""
    return ("campaign", public_id, agency_key)


def cancel_what_is_answered(by: Viewer) -> None:
    """Cancel the waiting mail of the running campaign to the viewer's agency, once it has answered
    everything that the campaign asks. Part of a service."""
    asked = campaign_queries.asked_of_own_agency(by)
    if asked is None or any(
        own.state == "unanswered" and asked.asks_about(own.revision.working_group_id)
        for own in campaign_queries.own_duties(by)
    ):
        return
    public_id = db.session.scalar(
        sa.select(AnswerCampaign.public_id).where(
            AnswerCampaign.task_force_id == by.own_task_force_id, AnswerCampaign.ended_at.is_(None)
        )
    )
    agency = db.session.get_one(Agency, by.own_agency_id)
    if public_id is not None:
        cancel_emails_of(campaign_occasion(public_id, agency.key))
