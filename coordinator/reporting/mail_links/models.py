"""Links in mails."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import Model, UtcDateTime, enum_column
from coordinator.people.accounts.models import AccessGrant
from coordinator.reporting.mail_links.rules import TokenPurpose


class ReportLink(Model):
    """One person's way to one report of their agency, out of a mail.

    The token is derived from SECRET_KEY and `public_id` when the mail is sent; only its hash is
    kept. Nothing here says whether the link still works: that is worked out from the report, the
    person's access and the dates each time it is used (`links.queries`), so that no change
    elsewhere can forget to end it. `round` counts what was sent before it: the next sending ends
    it.
    """

    __tablename__ = "report_link"
    __audited__ = False
    __table_args__ = (sa.UniqueConstraint("obligation_id", "grant_id", "purpose", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(32), unique=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    purpose: Mapped[TokenPurpose] = mapped_column(enum_column(TokenPurpose, name="link_purpose"))
    obligation_id: Mapped[int] = mapped_column(sa.ForeignKey("obligation.id"))
    grant_id: Mapped[int] = mapped_column(sa.ForeignKey("access_grant.id"), index=True)
    round: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the report was sent, or the question answered, through it.
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    obligation: Mapped[Obligation] = relationship()
    grant: Mapped[AccessGrant] = relationship()
