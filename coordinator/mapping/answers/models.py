"""Answers to duties and the campaigns that ask for them; questions, rulings, precedents."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Model, UtcDateTime, enum_column, partial_unique, random_id
from coordinator.mapping.answers.rules import Answer, CampaignPurpose, Outcome
from coordinator.mapping.duties.models import Duty, DutyRevision
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.permissions import AccessKind


class DutyResponse(Model):
    """An agency's answer to one wording of a duty. Append-only: the newest counts.

    `answered_as` says whether the head answered, or a focal point for the head.
    """

    __tablename__ = "duty_response"
    __table_args__ = (
        sa.CheckConstraint("answer = 'accepted' OR reason IS NOT NULL", name="reason_given"),
        sa.Index("ix_duty_response_duty_id_agency_id_id", "duty_id", "agency_id", "id"),
        sa.Index("ix_duty_response_agency_id_answer", "agency_id", "answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    duty_id: Mapped[int] = mapped_column(sa.ForeignKey("duty.id"))
    duty_revision_id: Mapped[int] = mapped_column(sa.ForeignKey("duty_revision.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"))
    answer: Mapped[Answer] = mapped_column(enum_column(Answer))
    reason: Mapped[str | None] = mapped_column(sa.Text)
    suggested_agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))
    answered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    answered_as: Mapped[AccessKind] = mapped_column(enum_column(AccessKind))
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    duty: Mapped[Duty] = relationship()
    revision: Mapped[DutyRevision] = relationship()
    agency: Mapped[Agency] = relationship(foreign_keys=[agency_id])
    suggested_agency: Mapped[Agency | None] = relationship(foreign_keys=[suggested_agency_id])
    ruling: Mapped["Ruling | None"] = relationship(back_populates="response")


class DutyMessage(Model):
    """One message of the thread on a question or refusal. Append-only."""

    __tablename__ = "duty_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(sa.ForeignKey("duty_response.id"), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    written_as: Mapped[AccessKind] = mapped_column(enum_column(AccessKind))
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Ruling(Model):
    """The secretariat's ruling on a question or refusal; it published `mapping_version`."""

    __tablename__ = "ruling"
    __table_args__ = (
        sa.CheckConstraint(
            "(outcome IN ('moved', 'shared')) = (to_agency_id IS NOT NULL)", name="names_receiver"
        ),
        sa.CheckConstraint(
            "(outcome = 'reworded') = (new_text IS NOT NULL)", name="reworded_has_text"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    response_id: Mapped[int] = mapped_column(sa.ForeignKey("duty_response.id"), unique=True)
    outcome: Mapped[Outcome] = mapped_column(enum_column(Outcome))
    reason: Mapped[str] = mapped_column(sa.Text)
    to_agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))
    new_text: Mapped[str | None] = mapped_column(sa.Text)
    mapping_version: Mapped[int]
    ruled_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    ruled_at: Mapped[datetime] = mapped_column(UtcDateTime)

    response: Mapped[DutyResponse] = relationship(back_populates="ruling")
    to_agency: Mapped[Agency | None] = relationship()
    precedent: Mapped["Precedent | None"] = relationship(back_populates="ruling")


class Precedent(Model):
    """What other task forces may read of a ruling.

    It holds the same duty, the same kind of agency, and a reason written for sharing: never the
    thread, never a person.
    """

    __tablename__ = "precedent"
    __table_args__ = (
        sa.Index("ix_precedent_duty_lineage_agency_lineage", "duty_lineage", "agency_lineage"),
    )

    ruling_id: Mapped[int] = mapped_column(sa.ForeignKey("ruling.id"), primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    duty_lineage: Mapped[str] = mapped_column(sa.String(120))
    agency_lineage: Mapped[str] = mapped_column(sa.String(80))
    receiver: Mapped[str | None] = mapped_column(sa.String(200))
    duty_text: Mapped[str] = mapped_column(sa.Text)
    summary: Mapped[str] = mapped_column(sa.Text)
    shared_at: Mapped[datetime] = mapped_column(UtcDateTime)

    ruling: Mapped[Ruling] = relationship(back_populates="precedent")
    task_force: Mapped[TaskForce] = relationship()


class PublishedQuestion(Model):
    """A question and its answer, edited for everybody, on the role card."""

    __tablename__ = "published_question"
    __table_args__ = (
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_at >= published_at", name="withdrawn_after"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    duty_id: Mapped[int] = mapped_column(sa.ForeignKey("duty.id"), index=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    question: Mapped[str] = mapped_column(sa.Text)
    answer: Mapped[str] = mapped_column(sa.Text)
    published_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AnswerCampaign(Model):
    """The secretariat asks agencies to answer their duties by a day; one at a time.

    With a working group only the duties of that group are meant. `message` is the secretariat's
    own sentence in each mail.
    """

    __tablename__ = "answer_campaign"
    __table_args__ = (
        partial_unique("uq_answer_campaign_running", "task_force_id", where="ended_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    purpose: Mapped[CampaignPurpose] = mapped_column(enum_column(CampaignPurpose))
    working_group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("working_group.id"))
    target_on: Mapped[date]
    message: Mapped[str | None] = mapped_column(sa.Text)
    mapping_version: Mapped[int]
    # None: from the shell.
    started_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))


class CampaignAgency(Model):
    """An agency that a campaign asks.

    Acceptances given before `confirm_since` (the present head began then) are asked again; None
    where the campaign asks only for what has no answer.
    """

    __tablename__ = "campaign_agency"

    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("answer_campaign.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), primary_key=True, index=True)
    confirm_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
