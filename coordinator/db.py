"""The database: types, naming, and the only commit.

SQLite's default driver mode opens a transaction at the first *write*, so a row read before it may
be overwritten silently. Here the driver never begins by itself: reading sends BEGIN, and the
outermost `@transactional` starts BEGIN IMMEDIATE (SQLite) or SERIALIZABLE (PostgreSQL) after
discarding everything read before. See docs/decisions/0002-one-writing-transaction.md.
"""

import functools
import random
import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session

P = ParamSpec("P")
R = TypeVar("R")

# SQLite's primary result codes, and SQLSTATE codes and classes, that mean a storage problem, not a
# faulty statement: locked, full, read-only, not readable, unreachable.
SQLITE_STORAGE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
STORAGE_STATES = frozenset({"25006", "55P03"})  # read-only, lock timeout
STORAGE_CLASSES = frozenset({"08", "53", "57", "58"})  # connection, resources, shutdown, system
DISK_FULL = "53100"
PATIENCE = 50  # milliseconds, for writes that may be skipped
SERIALIZATION_FAILURES = frozenset({"40001", "40P01"})
# Two transactions look for a row, find none and add it: PostgreSQL may report the duplicate key to
# the second before it reports the conflict. Run again, it finds the row of the first.
UNIQUE_VIOLATION = "23505"
UNIQUE_ATTEMPTS = 3  # a duplicate that existed before the transaction began is a bug
ATTEMPTS = 30  # about five seconds, like SQLite's busy timeout
LONGEST_PAUSE = 0.4  # seconds


class Base(DeclarativeBase):
    """Declarative base with names for every constraint, so that migrations can drop them."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, engine_options={}, session_options={})

if TYPE_CHECKING:

    class Model(Base):
        __abstract__ = True
        __audited__: bool
else:
    Model = db.Model
    # A change of any model must come with an audit entry in the same transaction, unless the
    # model says otherwise (sessions, counters, the outbox's own bookkeeping).
    Model.__audited__ = True


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware instant, stored in UTC on both engines."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("an instant must be aware")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Thousandths(sa.types.TypeDecorator[Decimal]):
    """A decimal with three places, stored as whole thousandths.

    SQLite has no exact decimal; whole numbers compare and add exactly on both engines.
    """

    impl = sa.BigInteger
    cache_ok = True
    PLACES = Decimal("0.001")

    def process_bind_param(self, value: Decimal | int | None, dialect: Any) -> int | None:  # noqa: ARG002
        if value is None:
            return None
        return int(Decimal(value).quantize(self.PLACES) * 1000)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value) / 1000


def enum_column(enum: type[StrEnum], *, name: str | None = None) -> sa.Enum:
    """Return a column type that stores the enum's values under a CHECK named after the enum, or
    `name`."""
    return sa.Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        values_callable=lambda e: [member.value for member in e],
        name=name or re.sub(r"(?<!^)(?=[A-Z])", "_", enum.__name__).lower(),
    )


def partial_unique(name: str, *columns: str, where: str) -> sa.Index:
    """Return a unique index over those rows that fulfil a condition, on both engines."""
    condition = sa.text(where)
    return sa.Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def random_id() -> str:
    """Return an id for a URL: 72 random bits, 12 characters."""
    return secrets.token_urlsafe(9)


@event.listens_for(Engine, "connect")
def _configure_sqlite(dbapi_connection: Any, _record: Any) -> None:
    if isinstance(dbapi_connection, sqlite3.Connection):
        dbapi_connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            dbapi_connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    options = connection.get_execution_options()
    begin = "BEGIN IMMEDIATE" if options.get("writing") else "BEGIN"
    patience = options.get("patience")
    if patience is None:
        connection.exec_driver_sql(begin)
        return
    usual = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    connection.exec_driver_sql(f"PRAGMA busy_timeout={patience:d}")
    try:
        connection.exec_driver_sql(begin)
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={usual}")


@event.listens_for(Session, "before_flush")
def _refuse_write_outside(session: Session, _context: Any, _instances: Any) -> None:
    if not session.info.get("writing"):
        raise RuntimeError("a change of data outside @transactional")


@event.listens_for(Session, "after_flush")
def _note_changes(session: Session, _context: Any) -> None:
    for instance in (*session.new, *session.dirty, *session.deleted):
        if type(instance).__audited__:
            session.info["changed"] = type(instance).__name__


@event.listens_for(Session, "do_orm_execute")
def _note_bulk_changes(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        if not state.session.info.get("writing"):
            raise RuntimeError("a change of data outside @transactional")
        mapper = state.bind_mapper
        if mapper is None or mapper.class_.__audited__:
            state.session.info["changed"] = mapper.class_.__name__ if mapper else "a table"


@contextmanager
def without_waiting(patience: int = PATIENCE) -> Iterator[None]:
    """Give up after `patience` milliseconds if SQLite is locked: for writes that may be skipped."""
    info = db.session().info
    info["patience"] = patience
    try:
        yield
    finally:
        info["patience"] = None


@contextmanager
def if_possible() -> Iterator[None]:
    """Skip a write, without waiting, if the database cannot accept it now.

    A page that only reads must not fail because the read cannot be recorded.
    """
    try:
        with without_waiting():
            yield
    except DBAPIError as error:
        if not is_storage_fault(error):
            raise


def is_storage_fault(error: DBAPIError) -> bool:
    """Return whether the database cannot be used now: locked, full, read-only or unreachable.

    Any other error comes from the statement and is a bug.
    """
    cause = error.orig
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in SQLITE_STORAGE
    state = getattr(cause, "sqlstate", None)
    if state is None:
        return isinstance(error, OperationalError)  # no connection, so no SQLSTATE
    return state in STORAGE_STATES or state[:2] in STORAGE_CLASSES


def is_full(error: DBAPIError) -> bool:
    """Return whether the error means that the storage is full."""
    return getattr(error.orig, "sqlstate", None) == DISK_FULL or "full" in str(error.orig)


def _is_to_be_tried_again(error: DBAPIError, attempt: int) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    if state == UNIQUE_VIOLATION:
        return attempt < UNIQUE_ATTEMPTS - 1
    return state in SERIALIZATION_FAILURES and attempt < ATTEMPTS - 1


def transactional(function: Callable[P, R]) -> Callable[P, R]:
    """Run a service function in one writing transaction; a nested call joins the outer one.

    The outermost call ends the read transaction first, so everything read before is read again.
    Any exception rolls everything back. On PostgreSQL a serialization failure, a deadlock or a row
    that somebody else was adding as well runs the whole function again: it must have no effect
    outside the database.

    Raises RuntimeError if an audited model changed and no audit entry was written.
    """

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        session = db.session()
        if session.info.get("writing"):
            return function(*args, **kwargs)
        for attempt in range(ATTEMPTS):
            session.rollback()
            session.info.update(writing=True, changed=None, audited=False)
            try:
                options: dict[str, Any] = {
                    "writing": True,
                    "patience": session.info.get("patience"),
                }
                if session.get_bind().dialect.name == "postgresql":
                    options["isolation_level"] = "SERIALIZABLE"
                session.connection(execution_options=options)
                result = function(*args, **kwargs)
                session.flush()
                if session.info["changed"] and not session.info["audited"]:
                    raise RuntimeError(
                        f"{function.__name__} changed {session.info['changed']} without an audit"
                    )
                session.commit()
            except (OperationalError, IntegrityError) as error:
                session.rollback()
                if not _is_to_be_tried_again(error, attempt):
                    raise
                pause = min(0.02 * 2**attempt, LONGEST_PAUSE)
                time.sleep(random.uniform(0, pause))  # noqa: S311 jitter, no secret
            except BaseException:
                session.rollback()
                raise
            else:
                return result
            finally:
                session.info["writing"] = False
        raise AssertionError("unreachable")

    return wrapper
