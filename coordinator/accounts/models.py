"""People, their dated access, sessions, one-time links, and limiter counters."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.accounts.rules import LinkPurpose
from coordinator.db import Model, UtcDateTime, enum_column, random_id
from coordinator.directory.models import Agency, TaskForce
from coordinator.permissions import AccessKind


class Account(Model):
    """One person who signs in. `home_agency` is where they work, or none."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    home_agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))
    is_active: Mapped[bool] = mapped_column(default=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    home_agency: Mapped[Agency | None] = relationship()
    grants: Mapped[list["AccessGrant"]] = relationship(
        back_populates="account", order_by="AccessGrant.id", cascade="all, delete-orphan"
    )


class AccessGrant(Model):
    """What an account may do, where, from when to when."""

    __tablename__ = "access_grant"
    __table_args__ = (
        sa.CheckConstraint(
            "(kind IN ('focal_point', 'agency_head')) = (agency_id IS NOT NULL)",
            name="agency_for_agency_kinds",
        ),
        sa.CheckConstraint(
            "kind = 'administrator' OR task_force_id IS NOT NULL", name="task_force_given"
        ),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="dates_in_order"),
        sa.Index("ix_access_grant_agency_id_kind", "agency_id", "kind"),
        sa.Index("ix_access_grant_task_force_id_kind", "task_force_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    kind: Mapped[AccessKind] = mapped_column(enum_column(AccessKind))
    task_force_id: Mapped[int | None] = mapped_column(sa.ForeignKey("task_force.id"))
    agency_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agency.id"))
    is_alternate: Mapped[bool] = mapped_column(default=False)
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    account: Mapped[Account] = relationship(back_populates="grants")
    task_force: Mapped[TaskForce | None] = relationship()
    agency: Mapped[Agency | None] = relationship()


class UserSession(Model):
    """A signed-in browser. The cookie carries a random token, this row only its hash."""

    __tablename__ = "user_session"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    grant_id: Mapped[int | None] = mapped_column(sa.ForeignKey("access_grant.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(sa.String(45), default="")
    browser: Mapped[str] = mapped_column(sa.String(200), default="")

    account: Mapped[Account] = relationship()
    grant: Mapped[AccessGrant | None] = relationship()


class OneTimeLink(Model):
    """An invitation or password reset. The token is derived from SECRET_KEY and the id when the
    mail is sent; only its hash is kept."""

    __tablename__ = "one_time_link"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(32), unique=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(enum_column(LinkPurpose))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship()


class AttemptCount(Model):
    """How often something was tried in a window of time: the limiter's memory, shared by all
    processes and hosts."""

    __tablename__ = "attempt_count"
    __audited__ = False

    bucket: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    window_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
