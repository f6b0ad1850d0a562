"""Plans: versions as documents, and the rows of what is in force.

A version keeps the whole plan as a document; strategies, action items, indicators and targets are
the rows that lists, assignments and reports refer to, written by `plan.service` alone from the
newest document. See docs/decisions/0010-plan-as-document.md.
"""

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Model, Thousandths, UtcDateTime, enum_column, partial_unique, random_id
from coordinator.plans.actions.rules import (
    Accumulation,
    Better,
    IndicatorKind,
    PartyKind,
    PlanKind,
    PlanStatus,
    TargetLevel,
    is_below_law,
)


class Plan(Model):
    """A RAN (no task force: seen by all) or a task force's RAD."""

    __tablename__ = "plan"
    __table_args__ = (
        sa.CheckConstraint("(kind = 'rad') = (task_force_id IS NOT NULL)", name="rad_has_owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    kind: Mapped[PlanKind] = mapped_column(enum_column(PlanKind))
    task_force_id: Mapped[int | None] = mapped_column(sa.ForeignKey("task_force.id"))
    title: Mapped[str] = mapped_column(sa.Text)
    status: Mapped[PlanStatus] = mapped_column(enum_column(PlanStatus))
    is_sample: Mapped[bool] = mapped_column(default=False)
    first_year: Mapped[int]
    last_year: Mapped[int]
    note: Mapped[str | None] = mapped_column(sa.Text)
    basis: Mapped[str | None] = mapped_column(sa.Text)
    source: Mapped[str | None] = mapped_column(sa.Text)
    # The national plan that a RAD's actions refer to, by its key.
    national_key: Mapped[str | None] = mapped_column(sa.String(80))


class PlanVersion(Model):
    """One published state of a plan: the whole of it, by whom, why.

    `undoes` is the version it took back. `told_from` is the version that the mails about it compare
    with, where there are mails: earlier than the one before it, where the mails of several versions
    were gathered in one.
    """

    __tablename__ = "plan_version"
    __table_args__ = (sa.UniqueConstraint("plan_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"))
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.Text)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changes: Mapped[int]
    undoes: Mapped[int | None]
    told_from: Mapped[int | None]
    content: Mapped[str] = mapped_column(sa.Text, deferred=True)


class Strategy(Model):
    """A strategy of a plan."""

    __tablename__ = "strategy"
    __table_args__ = (sa.UniqueConstraint("plan_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.Text)

    plan: Mapped[Plan] = relationship()
    actions: Mapped[list["ActionItem"]] = relationship(
        primaryjoin=("and_(Strategy.id == ActionItem.strategy_id, ActionItem.left_in.is_(None))"),
        order_by="ActionItem.position",
        viewonly=True,
    )


class ActionItem(Model):
    """An action of a plan. A national plan is read by many task forces, so pokja, agencies and
    duties are named by their stable keys and resolved within the reading task force.

    `discontinued` is the reason why it is not carried on: it is still shown, but cannot be
    assigned. `left_in` is the version in which it left the plan altogether; its row is kept only
    for the rows that refer to it, and no list shows it.
    """

    __tablename__ = "action_item"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "key"),
        partial_unique("uq_action_item_code_in_plan", "plan_id", "code", where="left_in IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"))
    strategy_id: Mapped[int] = mapped_column(sa.ForeignKey("strategy.id"), index=True)
    position: Mapped[int]
    key: Mapped[str] = mapped_column(sa.String(120))
    code: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str] = mapped_column(sa.Text)
    question: Mapped[str] = mapped_column(sa.Text)
    working_group_key: Mapped[str] = mapped_column(sa.String(60))
    tag: Mapped[str | None] = mapped_column(sa.String(20))
    origin: Mapped[str] = mapped_column(sa.Text)
    basis: Mapped[str | None] = mapped_column(sa.Text)
    national_key: Mapped[str | None] = mapped_column(sa.String(120))
    discontinued: Mapped[str | None] = mapped_column(sa.Text)
    left_in: Mapped[int | None]

    plan: Mapped[Plan] = relationship()
    strategy: Mapped[Strategy] = relationship()
    # What is measured now; one that left the plan keeps its row for the figures reported on it.
    indicators: Mapped[list["Indicator"]] = relationship(
        primaryjoin="and_(ActionItem.id == Indicator.action_item_id, Indicator.left_in.is_(None))",
        order_by="Indicator.position",
        viewonly=True,
    )
    candidates: Mapped[list["CandidateParty"]] = relationship(
        order_by="CandidateParty.position", viewonly=True
    )
    duties: Mapped[list["ActionDuty"]] = relationship(order_by="ActionDuty.id", viewonly=True)


class CandidateParty(Model):
    """The agency a plan suggests as lead or support."""

    __tablename__ = "candidate_party"
    __table_args__ = (sa.UniqueConstraint("action_item_id", "agency_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_item_id: Mapped[int] = mapped_column(sa.ForeignKey("action_item.id"))
    agency_key: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[PartyKind] = mapped_column(enum_column(PartyKind))
    position: Mapped[int]


class ActionDuty(Model):
    """A duty that an action item carries out."""

    __tablename__ = "action_duty"
    __table_args__ = (sa.UniqueConstraint("action_item_id", "duty_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_item_id: Mapped[int] = mapped_column(sa.ForeignKey("action_item.id"))
    duty_key: Mapped[str] = mapped_column(sa.String(120))


class Indicator(Model):
    """What is measured for an action item."""

    __tablename__ = "indicator"
    __table_args__ = (
        sa.UniqueConstraint("action_item_id", "key"),
        sa.CheckConstraint(
            "(legal_floor IS NULL) = (legal_article IS NULL)", name="floor_has_article"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_item_id: Mapped[int] = mapped_column(sa.ForeignKey("action_item.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(sa.String(120))
    name: Mapped[str] = mapped_column(sa.Text)
    unit: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[IndicatorKind] = mapped_column(enum_column(IndicatorKind))
    better: Mapped[Better] = mapped_column(enum_column(Better))
    accumulation: Mapped[Accumulation] = mapped_column(enum_column(Accumulation))
    # What the law asks for already, and the article.
    legal_floor: Mapped[Decimal | None] = mapped_column(Thousandths)
    legal_article: Mapped[str | None] = mapped_column(sa.Text)
    left_in: Mapped[int | None]

    # Of every level: `plan.rules.targets_for` picks those of one task force.
    targets: Mapped[list["Target"]] = relationship(order_by="Target.year", viewonly=True)

    def is_below_law(self, value: Decimal) -> bool:
        """Tell whether a target of this indicator asks for less than the law does."""
        return self.legal_floor is not None and is_below_law(value, self.legal_floor, self.better)


class Target(Model):
    """An indicator's target for a year; `level` None is for every level of task force."""

    __tablename__ = "target"
    __table_args__ = (
        partial_unique("uq_target_every_level", "indicator_id", "year", where="level IS NULL"),
        partial_unique(
            "uq_target_level", "indicator_id", "level", "year", where="level IS NOT NULL"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicator.id"), index=True)
    level: Mapped[TargetLevel | None] = mapped_column(enum_column(TargetLevel))
    year: Mapped[int]
    value: Mapped[Decimal] = mapped_column(Thousandths)
