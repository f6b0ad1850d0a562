"""Settings of reporting."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coordinator.db import Model, UtcDateTime
from coordinator.reporting.settings.rules import DEFAULT_GRACE_DAYS


class ReportingSettings(Model):
    """A task force's; without a row, the defaults hold.

    `no_links_for` lists kinds of agency whose mails carry no link that works without a password.
    """

    __tablename__ = "reporting_settings"
    __table_args__ = (
        sa.CheckConstraint("link_grace_days BETWEEN 0 AND 90", name="grace_within_reason"),
    )

    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"), primary_key=True)
    mail_links: Mapped[bool] = mapped_column(default=True)
    no_links_for: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    link_grace_days: Mapped[int] = mapped_column(default=DEFAULT_GRACE_DAYS)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AgencyReporting(Model):
    """An agency's own wish: its head approves each report before it goes out."""

    __tablename__ = "agency_reporting"

    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), primary_key=True)
    head_approves: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
