"""The mapping: instruments, pokja, duties and memberships as dated rows.

A duty keeps its identity. Its wording, agency and basis are `DutyRevision` rows that hold from one
mapping version until another; so do memberships. A row holds at version N when
`since <= N AND (until IS NULL OR until > N)`. The whole mapping of a version, as it was published,
is its `MappingDocument`: what agencies and pokja were called then is read from it.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Model, UtcDateTime, enum_column, partial_unique, random_id
from coordinator.mapping.duties.rules import (
    BasisStatus,
    ChainStep,
    LimitBound,
    LimitUnit,
    MembershipKind,
    StepHolding,
    TextStatement,
    WithBasis,
    newest_statement,
)
from coordinator.mapping.duties.text_models import TextCheck
from coordinator.people.directory.models import Agency


class LegalInstrument(Model):
    """A law, regulation or decree, as one task force's mapping describes it.

    `file_checked_on` is the day that the mapping file gives; `text_checked_on` is what follows from
    it and from the checks of its citations in force (docs/decisions/0049).
    """

    __tablename__ = "legal_instrument"
    __table_args__ = (sa.UniqueConstraint("task_force_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    key: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(sa.String(20))
    short: Mapped[str] = mapped_column(sa.String(80))
    title: Mapped[str] = mapped_column(sa.Text)
    in_force_from: Mapped[date | None]
    in_force_until: Mapped[date | None]
    file_checked_on: Mapped[date | None]
    text_checked_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(sa.Text)


class Amendment(Model):
    """`instrument` is amended by `amended_by`; `position` keeps the chain in order."""

    __tablename__ = "amendment"
    __table_args__ = (sa.UniqueConstraint("instrument_id", "amended_by_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instrument_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_instrument.id"))
    amended_by_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_instrument.id"))
    position: Mapped[int]


class WorkingGroup(Model):
    """Pokja: one of the (at present six) Sub Gugus Tugas of a task force."""

    __tablename__ = "working_group"
    __table_args__ = (sa.UniqueConstraint("task_force_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    key: Mapped[str] = mapped_column(sa.String(60))
    position: Mapped[int]
    numeral: Mapped[str] = mapped_column(sa.String(6))
    code: Mapped[str] = mapped_column(sa.String(20))
    short: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(160))
    scope: Mapped[str] = mapped_column(sa.Text)
    is_active: Mapped[bool] = mapped_column(default=True)


class MappingVersion(Model):
    """One published change of a task force's mapping."""

    __tablename__ = "mapping_version"
    __table_args__ = (sa.UniqueConstraint("task_force_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    number: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(sa.Text)
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    content_hash: Mapped[str] = mapped_column(sa.String(64))

    @property
    def earliest_next(self) -> date | None:
        """Return the day before which no later version may begin; None for a first version, which
        begins on the day on which it was loaded."""
        return self.effective_on if self.number > 1 else None


class MappingDocument(Model):
    """The whole mapping of a version as JSON, in the shape of the YAML file. Append-only."""

    __tablename__ = "mapping_document"

    mapping_version_id: Mapped[int] = mapped_column(
        sa.ForeignKey("mapping_version.id"), primary_key=True
    )
    content: Mapped[str] = mapped_column(sa.Text)


class Membership(WithBasis, Model):
    """An agency in a pokja, as a dated row with its own basis: who leads is a legal claim too."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.CheckConstraint("until IS NULL OR until > since", name="versions_in_order"),
        sa.CheckConstraint(
            "status != 'proposal' OR source_label IS NOT NULL", name="proposal_names_source"
        ),
        partial_unique(
            "uq_membership_current", "working_group_id", "agency_id", where="until IS NULL"
        ),
        partial_unique(
            "uq_membership_one_lead", "working_group_id", where="until IS NULL AND kind = 'lead'"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    working_group_id: Mapped[int] = mapped_column(sa.ForeignKey("working_group.id"))
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    kind: Mapped[MembershipKind] = mapped_column(enum_column(MembershipKind))
    status: Mapped[BasisStatus] = mapped_column(enum_column(BasisStatus))
    source_label: Mapped[str | None] = mapped_column(sa.String(200))
    since: Mapped[int]
    until: Mapped[int | None]

    agency: Mapped[Agency] = relationship()
    working_group: Mapped[WorkingGroup] = relationship()
    citations: Mapped[list["Citation"]] = relationship(order_by="Citation.id")


class Duty(Model):
    """The identity of a duty and its place in lists; what it says is in its revisions."""

    __tablename__ = "duty"
    __table_args__ = (sa.UniqueConstraint("task_force_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    task_force_id: Mapped[int] = mapped_column(sa.ForeignKey("task_force.id"))
    key: Mapped[str] = mapped_column(sa.String(120))
    # The same duty in every task force: the key it had where the mapping was copied from.
    lineage: Mapped[str] = mapped_column(
        sa.String(120), default=lambda context: context.get_current_parameters()["key"]
    )
    position: Mapped[int]


class DutyRevision(WithBasis, Model):
    """What a duty says and to whom it falls, from one mapping version until another.

    `substance_since` is the version since which agency, pokja, wording, unit and legal basis have
    stayed as they are here: an agency's answer holds for all revisions that share it. A recipe of
    evidence, a step of the chain with its limit, a checked text or a decree (SK) that sets the same
    words makes a new revision, but asks nobody to answer again.
    """

    __tablename__ = "duty_revision"
    __table_args__ = (
        sa.CheckConstraint("until IS NULL OR until > since", name="versions_in_order"),
        sa.CheckConstraint(
            "status != 'proposal' OR source_label IS NOT NULL", name="proposal_names_source"
        ),
        sa.CheckConstraint("(step IS NULL) = (step_as IS NULL)", name="step_has_holding"),
        sa.CheckConstraint(
            "(limit_value IS NULL) = (limit_article IS NULL AND limit_source_label IS NULL)",
            name="limit_has_source",
        ),
        partial_unique("uq_duty_revision_current", "duty_id", where="until IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(sa.ForeignKey("duty.id"), index=True)
    working_group_id: Mapped[int] = mapped_column(sa.ForeignKey("working_group.id"), index=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    unit: Mapped[str | None] = mapped_column(sa.String(160))
    status: Mapped[BasisStatus] = mapped_column(enum_column(BasisStatus))
    source_label: Mapped[str | None] = mapped_column(sa.String(200))
    evidence: Mapped[list[str]] = mapped_column(sa.JSON)
    not_evidence: Mapped[list[str]] = mapped_column(sa.JSON)
    example: Mapped[str | None] = mapped_column(sa.Text)
    step: Mapped[ChainStep | None] = mapped_column(enum_column(ChainStep))
    step_as: Mapped[StepHolding | None] = mapped_column(enum_column(StepHolding))
    limit_value: Mapped[int | None]
    limit_unit: Mapped[LimitUnit | None] = mapped_column(enum_column(LimitUnit))
    limit_at: Mapped[LimitBound | None] = mapped_column(enum_column(LimitBound))
    # The key of one of its instruments and the article there, or the source of a mere model.
    limit_instrument: Mapped[str | None] = mapped_column(sa.String(80))
    limit_article: Mapped[str | None] = mapped_column(sa.String(200))
    limit_source_label: Mapped[str | None] = mapped_column(sa.String(200))
    since: Mapped[int]
    until: Mapped[int | None]
    substance_since: Mapped[int]

    duty: Mapped[Duty] = relationship()
    agency: Mapped[Agency] = relationship()
    working_group: Mapped[WorkingGroup] = relationship()
    citations: Mapped[list["Citation"]] = relationship(order_by="Citation.id")


class Citation(Model):
    """An article behind a duty or a membership.

    `text_checked_on` is the day that the mapping file gives, `check` the newest one made on screen
    of these very words and this article; `statement` is what counts.
    """

    __tablename__ = "citation"
    __table_args__ = (
        sa.CheckConstraint(
            "(duty_revision_id IS NULL) != (membership_id IS NULL)", name="one_subject"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_revision_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("duty_revision.id"), index=True
    )
    membership_id: Mapped[int | None] = mapped_column(sa.ForeignKey("membership.id"), index=True)
    instrument_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_instrument.id"))
    article: Mapped[str] = mapped_column(sa.String(200))
    note: Mapped[str | None] = mapped_column(sa.Text)
    text_checked_on: Mapped[date | None]
    text_check_id: Mapped[int | None] = mapped_column(sa.ForeignKey("text_check.id"))

    instrument: Mapped[LegalInstrument] = relationship()
    check: Mapped[TextCheck | None] = relationship(lazy="joined")

    @property
    def statement(self) -> TextStatement | None:
        """Return whether the article was compared with its text: on which day, by which office."""
        one = self.check
        check = TextStatement(one.verdict, one.checked_on, one.office) if one else None
        return newest_statement(self.text_checked_on, check)

    @property
    def is_compared(self) -> bool:
        """Return whether the article was found to agree with what rests on it."""
        return self.statement is not None and self.statement.agrees
