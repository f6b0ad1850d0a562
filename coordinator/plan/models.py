"""Plans: strategies, action items, indicators, yearly targets."""

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Amount, Model, enum_column, random_id
from coordinator.plan.rules import (
    Accumulation,
    Better,
    IndicatorKind,
    PartyKind,
    PlanKind,
    PlanStatus,
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
    content_hash: Mapped[str] = mapped_column(sa.String(64))


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
        back_populates="strategy", order_by="ActionItem.position"
    )


class ActionItem(Model):
    """An action of a plan. A national plan is read by many task forces, so pokja, agencies and
    duties are named by their stable keys and resolved within the reading task force."""

    __tablename__ = "action_item"
    __table_args__ = (sa.UniqueConstraint("plan_id", "key"), sa.UniqueConstraint("plan_id", "code"))

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
    tag: Mapped[str] = mapped_column(sa.String(20))
    origin: Mapped[str] = mapped_column(sa.Text)

    plan: Mapped[Plan] = relationship()
    strategy: Mapped[Strategy] = relationship(back_populates="actions")
    indicators: Mapped[list["Indicator"]] = relationship(
        order_by="Indicator.position", cascade="all, delete-orphan"
    )
    candidates: Mapped[list["CandidateParty"]] = relationship(
        order_by="CandidateParty.id", cascade="all, delete-orphan"
    )
    duties: Mapped[list["ActionDuty"]] = relationship(cascade="all, delete-orphan")


class CandidateParty(Model):
    """The agency a plan suggests as lead or support."""

    __tablename__ = "candidate_party"
    __table_args__ = (sa.UniqueConstraint("action_item_id", "agency_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_item_id: Mapped[int] = mapped_column(sa.ForeignKey("action_item.id"))
    agency_key: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[PartyKind] = mapped_column(enum_column(PartyKind))


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
    __table_args__ = (sa.UniqueConstraint("action_item_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_item_id: Mapped[int] = mapped_column(sa.ForeignKey("action_item.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(sa.String(120))
    name: Mapped[str] = mapped_column(sa.Text)
    unit: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[IndicatorKind] = mapped_column(enum_column(IndicatorKind))
    better: Mapped[Better] = mapped_column(enum_column(Better))
    accumulation: Mapped[Accumulation] = mapped_column(enum_column(Accumulation))

    targets: Mapped[list["Target"]] = relationship(
        order_by="Target.year", cascade="all, delete-orphan"
    )


class Target(Model):
    """An indicator's target for a year."""

    __tablename__ = "target"
    __table_args__ = (sa.UniqueConstraint("indicator_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicator.id"))
    year: Mapped[int]
    value: Mapped[Decimal] = mapped_column(Amount)
