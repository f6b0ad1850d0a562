"""Who of an agency a campaign reached: mails with the server's answer, and contacts by hand."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from coordinator.db import db
from coordinator.oversight.campaigns.models import CampaignNotice
from coordinator.oversight.campaigns.rules import CampaignStep
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.directory.ladder_rules import NoticeOutcome
from coordinator.people.onboarding.models import ContactNote
from coordinator.people.onboarding.rules import ContactMeans
from coordinator.permissions import AccessKind
from coordinator.platform.mail import queries as mail
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState


@dataclass(frozen=True, slots=True)
class CampaignMail:
    """The newest mail of a campaign to a person of an agency."""

    kind: AccessKind
    is_alternate: bool
    step: CampaignStep
    at: datetime
    state: MailState
    came_back: bool
    answer: str

    @property
    def arrived(self) -> bool:
        """Return whether a server took the mail and it did not come back."""
        return self.state is MailState.SENT and not self.came_back


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact that the secretariat noted by hand."""

    on: date
    means: ContactMeans
    letter_number: str


def all_mails(campaign_id: int) -> dict[int, list[CampaignMail]]:
    """Return the newest mail of a campaign to each person, by agency, the head's first."""
    newest = (
        sa.select(sa.func.max(CampaignNotice.id))
        .where(
            CampaignNotice.campaign_id == campaign_id,
            # The first mail of a campaign may be one that an earlier campaign sent.
            sa.or_(
                CampaignNotice.outcome == NoticeOutcome.SENT,
                CampaignNotice.step == CampaignStep.OPENING,
            ),
        )
        .group_by(CampaignNotice.agency_id, CampaignNotice.account_id)
    )
    is_head = sa.exists().where(
        AccessGrant.account_id == CampaignNotice.account_id,
        AccessGrant.agency_id == CampaignNotice.agency_id,
        AccessGrant.kind == AccessKind.AGENCY_HEAD,
    )
    is_main = sa.exists().where(
        AccessGrant.account_id == CampaignNotice.account_id,
        AccessGrant.agency_id == CampaignNotice.agency_id,
        AccessGrant.is_alternate.is_(False),
    )
    rows = db.session.execute(
        sa.select(
            CampaignNotice.agency_id,
            is_head.label("is_head"),
            is_main.label("is_main"),
            CampaignNotice.step,
            OutgoingEmail.id,
            OutgoingEmail.state,
            OutgoingEmail.answer,
            OutgoingEmail.queued_at,
            OutgoingEmail.sent_at,
        )
        .join(OutgoingEmail, OutgoingEmail.id == CampaignNotice.email_id)
        .where(CampaignNotice.id.in_(newest))
        .order_by(is_head.desc(), CampaignNotice.id)
    ).all()
    came_back = mail.returned([row.id for row in rows if row.state is MailState.SENT])
    found: dict[int, list[CampaignMail]] = {}
    for row in rows:
        found.setdefault(row.agency_id, []).append(
            CampaignMail(
                kind=AccessKind.AGENCY_HEAD if row.is_head else AccessKind.FOCAL_POINT,
                is_alternate=not row.is_main,
                step=row.step,
                at=row.sent_at or row.queued_at,
                state=row.state,
                came_back=row.id in came_back,
                answer=row.answer,
            )
        )
    return found


def all_contacts(task_force_id: int, since: date) -> dict[int, list[ContactLine]]:
    """Return the contacts that the secretariat noted since a day, by agency, newest first."""
    rows = db.session.execute(
        sa.select(
            ContactNote.agency_id, ContactNote.on, ContactNote.means, ContactNote.letter_number
        )
        .where(ContactNote.task_force_id == task_force_id, ContactNote.on >= since)
        .order_by(ContactNote.on.desc(), ContactNote.id.desc())
    )
    found: dict[int, list[ContactLine]] = {}
    for agency_id, on, means, number in rows:
        found.setdefault(agency_id, []).append(ContactLine(on, means, number or ""))
    return found
