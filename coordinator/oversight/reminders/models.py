"""The ladder of steps, the reminders sent to each person, and each day's run."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coordinator.db import Model, UtcDateTime, enum_column
from coordinator.oversight.reminders.rules import Audience, ReminderSubject
from coordinator.people.directory.ladder_rules import NoticeOutcome


class ReminderStep(Model):
    """A step of the ladder: calendar days from the obligation's last day (negative: before).

    `since` is the day a step to the head or the leadership was added: what was late before does not
    go up all at once.
    """

    __tablename__ = "reminder_step"
    __table_args__ = (sa.UniqueConstraint("task_force_id", "subject", "offset_days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    subject: Mapped[ReminderSubject] = mapped_column(enum_column(ReminderSubject, name="subject"))
    offset_days: Mapped[int]
    audience: Mapped[Audience] = mapped_column(
        enum_column(Audience, name="audience"), default=Audience.CONTACTS
    )
    since: Mapped[date | None]


class HandNotice(Model):
    """A report that a contact of the secretariat with its agency was about, and its last day then:
    it counts as a notice of the ladder."""

    __tablename__ = "hand_notice"

    note_id: Mapped[int] = mapped_column(sa.ForeignKey("contact_note.id"), primary_key=True)
    obligation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("obligation.id"), primary_key=True, index=True
    )
    subject: Mapped[ReminderSubject] = mapped_column(enum_column(ReminderSubject, name="subject"))
    due_on: Mapped[date]


class ReminderNotice(Model):
    """A step of one obligation, sent to one person once.

    The unique key makes a second scheduler, a restart or a repeated run harmless.
    """

    __tablename__ = "reminder_notice"
    __audited__ = False
    __table_args__ = (
        sa.UniqueConstraint("obligation_id", "subject", "due_on", "offset_days", "account_id"),
        sa.CheckConstraint("outcome != 'sent' OR email_id IS NOT NULL", name="sent_has_mail"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(sa.ForeignKey("obligation.id"))
    subject: Mapped[ReminderSubject] = mapped_column(enum_column(ReminderSubject, name="subject"))
    due_on: Mapped[date]
    offset_days: Mapped[int]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    outcome: Mapped[NoticeOutcome] = mapped_column(enum_column(NoticeOutcome))
    noted_on: Mapped[date]
    email_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outgoing_email.id"))


class ReminderRun(Model):
    """The reminders of one task force on one day were worked out."""

    __tablename__ = "reminder_run"
    __audited__ = False
    __table_args__ = (sa.UniqueConstraint("task_force_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    on: Mapped[date]
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime)
    emails: Mapped[int]
