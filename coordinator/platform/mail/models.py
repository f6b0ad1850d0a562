"""The outbox."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coordinator.db import Model, UtcDateTime, enum_column
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rules import BounceKind, MailState


class OutgoingEmail(Model):
    """One mail to one address.

    The targets of its links are stored with the text (`links`, see `mail.links`) and inserted at
    the moment of sending.
    """

    __tablename__ = "outgoing_email"
    __audited__ = False
    __table_args__ = (
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
        sa.CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name="lease_sending"),
        sa.Index("ix_outgoing_email_state_not_before", "state", "not_before"),
        sa.Index("ix_outgoing_email_task_force_id_id", "task_force_id", "id"),
        sa.Index("ix_outgoing_email_account_id_id", "account_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(160), unique=True)
    message_id: Mapped[str] = mapped_column(sa.String(160), unique=True)
    thread: Mapped[str] = mapped_column(sa.String(160), default="")
    kind: Mapped[str] = mapped_column(sa.String(40))
    task_force_id: Mapped[int | None]
    account_id: Mapped[int | None]
    to_address: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    links: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list)
    state: Mapped[MailState] = mapped_column(enum_column(MailState), default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_by: Mapped[str | None] = mapped_column(sa.String(80))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(sa.String(300), default="")

    @property
    def mail_links(self) -> list[MailLink]:
        """The links of this mail."""
        return [MailLink.from_json(stored) for stored in self.links]

    @property
    def holds_secret(self) -> bool:
        """True where one of its links needs no password: it is for one person."""
        return any(link.is_secret for link in self.mail_links)


class AddressBounce(Model):
    """A mail system's report that an address takes no mail.

    `cleared_at` is when somebody recorded that the mailbox works again. The address itself is kept:
    it must be compared with what is about to be sent. `report` is the SHA-256 of the file that
    reported it, so that one report counts once; None where a server said it at sending, or a person
    noted it.
    """

    __tablename__ = "address_bounce"
    __audited__ = False
    __table_args__ = (
        sa.Index("ix_address_bounce_address_at", "address", "at"),
        sa.Index("ix_address_bounce_report_address", "report", "address", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(sa.String(254))
    kind: Mapped[BounceKind] = mapped_column(enum_column(BounceKind))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(sa.String(300), default="")
    cleared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    report: Mapped[str | None] = mapped_column(sa.String(64))
    # The mail that came back: the one the report names, else the newest that left for the address.
    email_id: Mapped[int | None]


class UnclearAnswer(Model):
    """A server's answer about a mail of ours that no rule understands, or that refuses the mail as
    spam or by policy: a person reads it. It stops nothing. `address` is empty where the report
    names none that we wrote to."""

    __tablename__ = "unclear_answer"
    __audited__ = False
    __table_args__ = (sa.UniqueConstraint("report", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report: Mapped[str] = mapped_column(sa.String(64))
    address: Mapped[str] = mapped_column(sa.String(254))
    email_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(sa.String(300))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
