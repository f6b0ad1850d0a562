"""People, their dated access, sessions, one-time links, and limiter counters."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordinator.db import Model, UtcDateTime, enum_column, random_id
from coordinator.people.accounts.rules import LinkPurpose, Standing, grant_holds
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.permissions import AccessKind, Right


class Account(Model):
    """One person who signs in. `home_agency` is where they work, or none.

    `email` is the sign-in name: the person's own address or, where an office shares one mailbox or
    has none, a user name ("dispora.pengganti"). Mail goes to `mail_address`, never to `email`.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    contact_email: Mapped[str | None] = mapped_column(sa.String(254), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    telephone: Mapped[str | None] = mapped_column(sa.String(40))
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

    @property
    def mail_address(self) -> str:
        """Return where mail to this person goes; empty if they have no mailbox."""
        return self.contact_email or (self.email if "@" in self.email else "")


class AccessGrant(Model):
    """What an account may do, where, from when to when; for an agency: the appointment behind it.

    `until_on` is the last day (included). `ended_at` ends it at once, also within that day: a
    handover cannot wait for midnight.
    """

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
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    position: Mapped[str | None] = mapped_column(sa.String(120))
    standing: Mapped[Standing | None] = mapped_column(enum_column(Standing))
    letter_number: Mapped[str | None] = mapped_column(sa.String(80))
    letter_on: Mapped[date | None]

    account: Mapped[Account] = relationship(back_populates="grants")
    task_force: Mapped[TaskForce | None] = relationship()
    agency: Mapped[Agency | None] = relationship()

    def holds(self, on: date) -> bool:
        """Return whether the access is in force on a day."""
        return grant_holds(
            from_on=self.from_on, until_on=self.until_on, on=on, ended_at=self.ended_at
        )


class GrantedRight(Model):
    """A right that an access has for a time, besides its kind; it ends with the access.

    `until_on` is the last day (included). `ended_at` ends it at once.
    """

    __tablename__ = "granted_right"
    __table_args__ = (sa.CheckConstraint("until_on >= from_on", name="dates_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=random_id)
    grant_id: Mapped[int] = mapped_column(sa.ForeignKey("access_grant.id"), index=True)
    kind: Mapped[Right] = mapped_column(enum_column(Right))
    from_on: Mapped[date]
    until_on: Mapped[date]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    given_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)

    grant: Mapped[AccessGrant] = relationship()
    given_by: Mapped[Account] = relationship()


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

    @property
    def is_administrator(self) -> bool:
        """Return whether the access chosen in this session is an administrator's."""
        return self.grant is not None and self.grant.kind is AccessKind.ADMINISTRATOR


class OneTimeLink(Model):
    """An invitation or password reset.

    The token is derived from SECRET_KEY and the id when the mail is sent; only its hash is stored.
    """

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


class ActivationCode(Model):
    """A one-time code on paper, for a person without a mailbox. Only an HMAC of it is kept."""

    __tablename__ = "activation_code"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship()


class KnownDevice(Model):
    """A browser in which this account's password was right before.

    An attack from elsewhere does not lock it out. The cookie has a random token, this row only its
    hash.
    """

    __tablename__ = "known_device"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship()


class AttemptCount(Model):
    """How often something was tried in a time window: the limiter's counters.

    They are shared by all processes and hosts.
    """

    __tablename__ = "attempt_count"
    __audited__ = False

    bucket: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    window_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
