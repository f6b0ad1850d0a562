"""Removing the demo: its rows, what was done with them, and nothing else."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import flask
import sqlalchemy as sa

from coordinator.assignments.changes.models import AssignmentBatch
from coordinator.assignments.models import Assignment
from coordinator.assignments.proposals.models import ProposalBatch
from coordinator.db import Base, db, transactional
from coordinator.demo.scenario import BACKUP, TASK_FORCE
from coordinator.mapping.duties.document import document
from coordinator.mapping.duties.models import MappingVersion
from coordinator.mapping.duties.service import load_mapping
from coordinator.mapping.duties.text_service import forget_checks_of
from coordinator.mapping.versions.models import MappingDraft
from coordinator.oversight.reminders.models import ReminderRun
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency, Letterhead, TaskForce
from coordinator.people.directory.rules import TaskForceState
from coordinator.people.onboarding.models import PeopleImport
from coordinator.periods.models import ReportingPeriod
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.models import Plan, PlanVersion
from coordinator.plans.actions.service import load_plan
from coordinator.plans.versions.rules import emptied
from coordinator.plans.versions.sample_queries import SAMPLE_KEY, all_resting_on
from coordinator.plans.versions.sample_service import remove_sample_plan
from coordinator.platform.audit.models import AccessLog, AuditEntry
from coordinator.platform.audit.service import record
from coordinator.platform.files import storage
from coordinator.platform.files.models import StoredFile
from coordinator.platform.mail.models import AddressBounce, OutgoingEmail, UnclearAnswer
from coordinator.platform.operations.models import Backup

MOST_VALUES = 1000  # in one statement; SQLite takes 32,766


@transactional
def remove_demo() -> int:
    """Remove everything the demo added or that was done with it; return how many people are gone.

    Rows that depend on a row of the demo are removed too, found along the foreign keys: a new table
    needs no line here. A real person's row that only mentions a demo account stays, without that
    mention. Audit entries stay: they show that the demo was here. The caller removes files that
    nobody else uses after the commit (see `flask demo remove`).
    """
    people = sa.select(Account.id).where(Account.is_sample)
    loaded = db.session.scalar(
        sa.select(AuditEntry)
        .where(AuditEntry.action == "demo.loaded")
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    count = db.session.scalar(sa.select(sa.func.count()).select_from(people.subquery())) or 0
    begun = _begun_by(people)
    addresses = {
        address
        for account in db.session.scalars(sa.select(Account).where(Account.is_sample))
        for address in (account.email, account.mail_address)
    }
    _take_mapping_back(people)
    forget_checks_of(people)
    doomed = _doomed(
        {
            Account: Account.is_sample.is_(True),
            Assignment: sa.or_(
                Assignment.is_sample.is_(True), Assignment.assigned_by_id.in_(people)
            ),
            ReportingPeriod: ReportingPeriod.is_sample.is_(True),
            AssignmentBatch: AssignmentBatch.made_by_id.in_(people),
            ProposalBatch: ProposalBatch.made_by_id.in_(people),
            PeopleImport: PeopleImport.owner_id.in_(people),
            Letterhead: Letterhead.is_sample.is_(True),
            # These two name an account without a foreign key: they outlive people.
            OutgoingEmail: OutgoingEmail.account_id.in_(people),
            AccessLog: AccessLog.account_id.in_(people),
            AddressBounce: AddressBounce.address.in_(addresses),
            UnclearAnswer: UnclearAnswer.address.in_(addresses),
            Backup: Backup.name == BACKUP,
        },
        task_forces=begun,
    )
    accounts = Base.metadata.tables[Account.__tablename__]
    invented = {accounts: doomed.pop(accounts, set())}
    db.session.execute(sa.update(Account).where(Account.is_sample).values(home_agency_id=None))
    _delete(doomed)
    _let_begin_again()
    _take_plans_back(people)  # no demo row references the plans now; their authors are still known
    _delete(invented)
    _remove_brought_plan(loaded)
    _delete_unused_files()
    force = directory.task_force_by_code(TASK_FORCE)
    if force is not None and loaded is not None:
        # Runs from before the demo are real: without them the reminders of that day would run
        # again. The demo's own was dated to the morning for which it was recorded.
        own = loaded.details.get("reminded_on")
        db.session.execute(
            sa.delete(ReminderRun).where(
                ReminderRun.task_force_id == force.id,
                sa.or_(
                    ReminderRun.finished_at >= loaded.at,
                    ReminderRun.on == (date.fromisoformat(own) if own else None),
                ),
            )
        )
    record("demo.removed", by=None, subject=("task_force", TASK_FORCE), people=count)
    return int(count)


Keys = set[tuple[int, ...]]  # of rows, as many numbers as the table's primary key has columns


def _begun_by(people: sa.Select[int]) -> set[int]:
    """Return the task forces whose mapping the demo began and where nobody real has done anything:
    what is there belongs to the demo."""
    is_theirs = MappingVersion.author_id.in_(people)
    begun = set(
        db.session.scalars(
            sa.select(MappingVersion.task_force_id).where(MappingVersion.number == 1, is_theirs)
        )
    )
    edited = sa.select(MappingVersion.task_force_id).where(
        MappingVersion.author_id.is_not(None), ~is_theirs
    )
    peopled = sa.select(AccessGrant.task_force_id).where(
        AccessGrant.task_force_id.is_not(None), AccessGrant.account_id.not_in(people)
    )
    homes = (
        sa.select(Agency.task_force_id)
        .join(Account, Account.home_agency_id == Agency.id)
        .where(Account.is_sample.is_(False))
    )
    return begun.difference(*(db.session.scalars(query) for query in (edited, peopled, homes)))


def _let_begin_again() -> None:
    """Return task forces without mapping and draft to their state before they had one."""
    db.session.execute(
        sa.update(TaskForce)
        .where(
            TaskForce.id.not_in(sa.select(MappingVersion.task_force_id)),
            TaskForce.id.not_in(sa.select(MappingDraft.task_force_id)),
        )
        .values(state=TaskForceState.NOT_STARTED)
    )


def _doomed(
    roots: dict[type[Base], sa.ColumnElement[bool]], *, task_forces: set[int]
) -> dict[sa.Table, Keys]:
    """Return the keys of the rows to delete, by table: the roots, all that belongs to one of
    `task_forces`, and all that depends on them."""
    found: dict[sa.Table, Keys] = defaultdict(set)

    def add(table: sa.Table, condition: sa.ColumnElement[bool]) -> None:
        rows = db.session.execute(sa.select(*table.primary_key.columns).where(condition))
        found[table] |= {tuple(row) for row in rows}

    for model, condition in roots.items():
        add(Base.metadata.tables[model.__tablename__], condition)
    for table in Base.metadata.sorted_tables:  # parents before children
        for key in table.foreign_keys:
            if key.column.table is TaskForce.__table__ and table is not TaskForce.__table__:
                add(table, key.parent.in_(task_forces))
            if not _is_mention(key):
                for condition in _pointing(key, found):
                    add(table, condition)
    return found


def _delete(doomed: dict[sa.Table, Keys]) -> None:
    """Delete rows, children first; rows that only mention a deleted row lose the mention."""
    tables = Base.metadata.sorted_tables
    for table in tables:
        for key in filter(_is_mention, table.foreign_keys):
            for condition in _pointing(key, doomed):
                db.session.execute(sa.update(table).where(condition).values({key.parent: None}))
    for table in reversed(tables):
        for some in _some_of(doomed.get(table)):
            db.session.execute(
                sa.delete(table).where(sa.tuple_(*table.primary_key.columns).in_(some))
            )
    db.session.expire_all()


def _is_mention(key: sa.ForeignKey) -> bool:
    """Return whether a row can exist without the one it references.

    It can if that row is the account that once did something to it, or a row of its own table.
    """
    is_person = key.column.table is Account.__table__
    return key.parent.nullable is True and (is_person or key.column.table is key.parent.table)


def _pointing(key: sa.ForeignKey, doomed: dict[sa.Table, Keys]) -> Iterator[sa.ColumnElement[bool]]:
    """Yield conditions for the rows whose foreign key is one of the doomed.

    Every foreign key here references a whole primary key.
    """
    for some in _some_of(doomed.get(key.column.table)):
        yield key.parent.in_([number for (number,) in some])


def _some_of(keys: Keys | None) -> Iterator[list[tuple[int, ...]]]:
    """Yield the keys in batches that fit into one statement."""
    left = sorted(keys or ())
    for start in range(0, len(left), MOST_VALUES):
        yield left[start : start + MOST_VALUES]


def _delete_unused_files() -> None:
    """Delete the rows of stored files that no other row references."""
    query = sa.delete(StoredFile)
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is StoredFile.__table__:
                users = sa.select(key.parent).where(key.parent.is_not(None))
                query = query.where(StoredFile.id.not_in(users))
    db.session.execute(query, execution_options={"synchronize_session": False})


def _take_mapping_back(people: sa.Select[int]) -> None:
    """Restore the mapping as it was before a demo account first published one.

    Nothing is restored if a real person has published since. Versions stay, without their author: a
    period may have pinned them.
    """
    for force in db.session.scalars(sa.select(TaskForce)).all():
        versions = db.session.scalars(
            sa.select(MappingVersion)
            .where(MappingVersion.task_force_id == force.id)
            .order_by(MappingVersion.number)
        ).all()
        invented = [version for version in versions if version.author_id is not None]
        authors = set(db.session.scalars(people))
        first = next((v.number for v in invented if v.author_id in authors), None)
        real = any(v.author_id not in authors for v in invented if first and v.number > first)
        before = document(force.id, first - 1) if first is not None and not real else None
        if before is not None:
            load_mapping(before, by=None, reason="Data contoh dihapus")
    db.session.execute(
        sa.update(MappingVersion)
        .where(MappingVersion.author_id.in_(people))
        .values(author_id=None)
        .execution_options(synchronize_session=False)
    )


def _take_plans_back(people: sa.Select[int]) -> None:
    """Restore each plan as it was before a demo account first published one.

    Nothing is restored if a real person has published since; a plan that the demo itself created is
    left without actions.
    """
    authors = set(db.session.scalars(people))
    for plan_id in db.session.scalars(sa.select(Plan.id)).all():
        versions = db.session.execute(
            sa.select(PlanVersion.number, PlanVersion.author_id)
            .where(PlanVersion.plan_id == plan_id)
            .order_by(PlanVersion.number)
        ).all()
        first = next((row.number for row in versions if row.author_id in authors), None)
        later = [row.author_id for row in versions if first is not None and row.number > first]
        if first is None or any(one is not None and one not in authors for one in later):
            continue
        own = plans.document(plan_id, first)
        before = plans.document(plan_id, first - 1) or (emptied(own) if own else None)
        if before is not None:
            load_plan(before, by=None, reason="Data contoh dihapus")
    db.session.execute(
        sa.update(PlanVersion)
        .where(PlanVersion.author_id.in_(people))
        .values(author_id=None)
        .execution_options(synchronize_session=False)
    )


def remove_backup() -> None:
    """Delete the backup that was made of the demo."""
    folder = Path(flask.current_app.config["SETTINGS"].data_dir)
    (folder / BACKUP).unlink(missing_ok=True)


def _remove_brought_plan(loaded: AuditEntry | None) -> None:
    """Remove the sample plan if the demo brought it and nothing of a real person rests on it."""
    plan = plans.plan_by_key(SAMPLE_KEY)
    if loaded is None or not loaded.details.get("brought_plan") or plan is None:
        return
    if plan.is_sample and all_resting_on(plan) is None:
        remove_sample_plan(by=None)


def remove_orphaned_files() -> int:
    """Delete stored files that no row names; return how many."""
    known = set(db.session.scalars(sa.select(StoredFile.sha256)))
    folder = storage.root()
    removed = 0
    for path in folder.glob("??/*") if folder.exists() else ():
        if path.is_file() and path.name not in known:
            path.unlink()
            removed += 1
    return removed
