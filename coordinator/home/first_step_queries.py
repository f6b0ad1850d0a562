"""What an installation still has to set up, read from what is there."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum, auto
from typing import Any

import sqlalchemy as sa

from coordinator.db import db
from coordinator.home.models import HiddenFirstSteps
from coordinator.mapping.duties.models import MappingVersion
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.accounts.queries import in_force
from coordinator.people.directory.models import Holiday, Letterhead, TaskForce
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions.models import Plan
from coordinator.plans.actions.queries import visible
from coordinator.platform.mail.models import AddressBounce, OutgoingEmail
from coordinator.platform.mail.rules import MailState
from coordinator.platform.mail.sending import INBOX_ANSWER
from coordinator.platform.operations.models import Backup

TRIED = "tried"  # the kind of a mail that somebody sends to themselves to see whether mail leaves
ADMINISTRATORS = 2  # one alone can lock everybody out


class SetUp(StrEnum):
    """The steps, in their order."""

    TASK_FORCE = auto()
    LETTERHEAD = auto()
    MAPPING = auto()
    PEOPLE = auto()
    PLAN = auto()
    DAYS_OFF = auto()
    PERIODS = auto()
    MAIL = auto()
    BACKUP = auto()
    ADMINISTRATORS = auto()


SECRETARIATS = frozenset(SetUp) - {SetUp.TASK_FORCE, SetUp.BACKUP, SetUp.ADMINISTRATORS}
ADMINISTRATORS_OWN = frozenset(
    {SetUp.TASK_FORCE, SetUp.DAYS_OFF, SetUp.MAIL, SetUp.BACKUP, SetUp.ADMINISTRATORS}
)


@dataclass(frozen=True, slots=True)
class TriedMail:
    """The newest mail that was sent to see whether mail leaves: where it is, what was answered."""

    state: MailState
    queued_at: datetime
    sent_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class KnownBackup:
    """The newest backup: when, its file, and the folder it was written to."""

    finished_at: datetime
    name: str
    folder: str


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """The steps that the viewer sees, and which are done; none while the demo is there.

    `is_hidden`: the viewer put them away.
    """

    done: dict[SetUp, bool] = field(default_factory=dict)
    is_hidden: bool = False
    region: str = ""
    year: int = 0
    has_sample_plan: bool = False
    has_plan: bool = False
    mail: TriedMail | None = None
    backup: KnownBackup | None = None

    @property
    def is_shown(self) -> bool:
        """Tell whether the viewer's first page lists them."""
        return not self.is_hidden and self.is_open

    def has(self, step: SetUp) -> bool:
        """Tell whether a step is done, or is no question any more.

        While the list says that nobody was invited yet, a page need not say it of each agency.
        """
        return not self.is_shown or self.done.get(step, True)

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to do."""
        return not all(self.done.values())


def first_steps(viewer: Viewer, on: date, *, sends_mail: bool) -> FirstSteps:
    """Return the steps of the viewer's task force; an administrator's are those of their own work.

    `sends_mail` says whether this installation sends mail at all. One statement.
    """
    row = db.session.execute(sa.select(*_facts(viewer, on), *_newest(viewer))).one()
    if row.demo:
        return FirstSteps()
    done = {
        SetUp.TASK_FORCE: row.secretariat,
        SetUp.LETTERHEAD: row.letterhead,
        SetUp.MAPPING: row.mapping,
        SetUp.PEOPLE: row.people,
        SetUp.PLAN: row.plan,
        SetUp.DAYS_OFF: row.this_year and row.next_year,
        SetUp.PERIODS: row.periods,
        SetUp.MAIL: sends_mail and row.mail_state is MailState.SENT and not row.came_back,
        SetUp.BACKUP: row.backup_at is not None,
        SetUp.ADMINISTRATORS: row.administrators >= ADMINISTRATORS,
    }
    is_administrator = viewer.kind is AccessKind.ADMINISTRATOR
    return FirstSteps(
        done={
            step: bool(value)
            for step, value in done.items()
            if not is_administrator or step in ADMINISTRATORS_OWN
        },
        is_hidden=bool(row.hidden),
        region=row.region or "",
        year=on.year,
        has_sample_plan=bool(row.sample_plan),
        has_plan=bool(row.plan),
        mail=None
        if row.mail_state is None
        else TriedMail(row.mail_state, row.mail_queued_at, row.mail_sent_at, row.mail_answer),
        backup=None
        if row.backup_at is None
        else KnownBackup(row.backup_at, row.backup_name, row.backup_folder),
    )


def all_administrators(on: date) -> sa.Select[int]:
    """Return the statement that counts who may administer the installation on a day."""
    return (
        sa.select(sa.func.count(AccessGrant.account_id.distinct()))
        .join(Account, Account.id == AccessGrant.account_id)
        .where(
            AccessGrant.kind == AccessKind.ADMINISTRATOR,
            in_force(on),
            Account.is_active,
            Account.password_hash.is_not(None),
        )
    )


def _facts(viewer: Viewer, on: date) -> list[sa.Label[Any]]:
    """Return what is there, as columns."""
    force = viewer.own_task_force_id
    is_administrator = viewer.kind is AccessKind.ADMINISTRATOR
    of_force = sa.true() if is_administrator else AccessGrant.task_force_id == force

    def holds(kind: AccessKind) -> sa.ColumnElement[bool]:
        return sa.and_(AccessGrant.kind == kind, in_force(on))

    def days_off(year: int) -> sa.Exists:
        return sa.exists().where(Holiday.on.between(date(year, 1, 1), date(year, 12, 31)))

    return [
        sa.exists().where(Account.is_sample).label("demo"),
        sa.exists().where(HiddenFirstSteps.account_id == viewer.account_id).label("hidden"),
        sa.select(TaskForce.region).where(TaskForce.id == force).scalar_subquery().label("region"),
        sa.exists().where(holds(AccessKind.SECRETARIAT), of_force).label("secretariat"),
        sa.exists().where(Letterhead.task_force_id == force).label("letterhead"),
        sa.exists().where(MappingVersion.task_force_id == force).label("mapping"),
        sa.exists().where(holds(AccessKind.FOCAL_POINT), of_force).label("people"),
        sa.exists().where(visible(viewer), Plan.is_sample.is_(False)).label("plan"),
        sa.exists().where(visible(viewer), Plan.is_sample).label("sample_plan"),
        days_off(on.year).label("this_year"),
        days_off(on.year + 1).label("next_year"),
        sa.exists().where(ReportingPeriod.task_force_id == force).label("periods"),
        all_administrators(on).scalar_subquery().label("administrators"),
    ]


def _newest(viewer: Viewer) -> list[sa.Label[Any]]:
    """Return the newest backup, and the newest mail that was sent to see whether mail leaves.

    Of the mails, the viewer's task force's and an administrator's count: there is one mail server.
    """
    is_administrator = viewer.kind is AccessKind.ADMINISTRATOR
    mails = sa.true() if is_administrator else OutgoingEmail.task_force_id.is_(None)
    tried = (
        sa.select(sa.func.max(OutgoingEmail.id))
        .where(
            OutgoingEmail.kind == TRIED,
            # What was put into the local inbox says nothing of a mail server.
            sa.func.coalesce(OutgoingEmail.answer, "") != INBOX_ANSWER,
            sa.or_(mails, OutgoingEmail.task_force_id == viewer.own_task_force_id),
        )
        .scalar_subquery()
    )
    written = sa.select(sa.func.max(Backup.id)).scalar_subquery()

    def of(model: Any, column: Any, newest: Any, name: str) -> sa.Label[Any]:
        return sa.select(column).where(model.id == newest).scalar_subquery().label(name)

    return [
        *(
            of(OutgoingEmail, getattr(OutgoingEmail, name), tried, f"mail_{name}")
            for name in ("state", "queued_at", "sent_at", "answer")
        ),
        sa.exists().where(AddressBounce.email_id == tried).label("came_back"),
        of(Backup, Backup.finished_at, written, "backup_at"),
        of(Backup, Backup.name, written, "backup_name"),
        of(Backup, Backup.folder, written, "backup_folder"),
    ]
