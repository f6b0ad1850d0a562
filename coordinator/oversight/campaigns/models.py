"""Whom a campaign told, at which step."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coordinator.db import Model, enum_column
from coordinator.oversight.campaigns.rules import CampaignStep
from coordinator.people.directory.ladder_rules import NoticeOutcome


class CampaignNotice(Model):
    """A step of a campaign, sent to one person of one agency once.

    The unique key makes a second scheduler, a restart or a repeated run harmless.
    """

    __tablename__ = "campaign_notice"
    __audited__ = False
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "agency_id", "account_id", "step"),
        sa.CheckConstraint("outcome != 'sent' OR email_id IS NOT NULL", name="sent_has_mail"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("answer_campaign.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    step: Mapped[CampaignStep] = mapped_column(enum_column(CampaignStep))
    outcome: Mapped[NoticeOutcome] = mapped_column(enum_column(NoticeOutcome))
    noted_on: Mapped[date]
    email_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outgoing_email.id"))
