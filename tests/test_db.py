"""What saving promises: nothing lost, nothing half-done, nothing unaudited, on both engines."""

import contextlib
import multiprocessing
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import flask
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

import config
from coordinator import app as factory
from coordinator.app import create_app
from coordinator.clock import now
from coordinator.db import Thousandths, UtcDateTime, db, random_id, transactional
from coordinator.people.accounts.models import Account
from coordinator.permissions import AccessKind
from coordinator.platform.audit.models import AccessLog, AuditEntry
from coordinator.platform.audit.service import record
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.service import Email, queue_email
from coordinator.platform.operations.models import JobRun
from coordinator.reporting.reports.models import Report, ReportRevision
from tests import factories
from tests.conftest import NOW, Browser

SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
# Named first, so that the app is made with it.
IMPATIENT = pytest.mark.usefixtures("impatient")
PROCESSES = 8
TIMES = 25


# --- what other processes do ---------------------------------------------------------------------


def _app_of(data_dir: str, url: str) -> flask.Flask:
    settings = config.load(
        {
            "DATA_DIR": data_dir,
            "DATABASE_URL": url,
            "SECRET_KEY": "test-secret-key",
            "BASE_URL": "http://localhost",
            "DEMO": "off",
        }
    )
    return create_app(settings)


@transactional
def _add_one(account_id: int) -> None:
    account = db.session.get_one(Account, account_id)
    account.name = str(int(account.name) + 1)
    record("test.counted", by=None, subject=("account", account_id))


def _count_up(data_dir: str, url: str, account_id: int, start: Any, results: Any) -> None:
    """Add one, TIMES times; every process begins when all of them are ready."""
    app = _app_of(data_dir, url)
    done = 0
    try:
        with app.app_context():
            db.session.execute(sa.select(Account.id)).all()
            db.session.rollback()
            start.wait(60)
            for _ in range(TIMES):
                _add_one(account_id)
                done += 1
        results.put((done, ""))
    except Exception as error:
        results.put((done, repr(error)))


def _read_then_write(data_dir: str, url: str, account_id: int, start: Any, results: Any) -> None:
    """Read the row first, as a view does, wait until the other process read it too, then write."""
    app = _app_of(data_dir, url)
    try:
        with app.app_context():
            seen = db.session.get_one(Account, account_id).name
            start.wait(60)
            for _ in range(5):
                _add_one(account_id)
        results.put((5, "" if seen == "0" else f"read {seen}"))
    except Exception as error:
        results.put((0, repr(error)))


def _run_together(
    target: Callable[..., None], count: int, app: flask.Flask, account_id: int
) -> list[tuple[int, str]]:
    # Clean processes, forked from one that has imported this module once.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    start, results = context.Barrier(count), context.Queue()
    settings = app.config["SETTINGS"]
    workers = [
        context.Process(
            target=target,
            args=(str(settings.data_dir), settings.database_url, account_id, start, results),
        )
        for _ in range(count)
    ]
    for worker in workers:
        worker.start()
    answers = [results.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join(60)
    return answers


@transactional
def _make_counter() -> int:
    account = Account(
        email="hitung@uji.example", name="0", is_active=True, is_sample=False, created_at=now()
    )
    db.session.add(account)
    db.session.flush()
    record("test.made", by=None, subject=("account", account.id))
    return account.id


def _value(account_id: int) -> int:
    return int(db.session.scalars(sa.select(Account.name).where(Account.id == account_id)).one())


def test_no_save_is_lost_between_processes(empty_app: flask.Flask) -> None:
    """Eight processes read, add one and write: every one of them must be in the sum."""
    with empty_app.app_context():
        counter = _make_counter()
    answers = _run_together(_count_up, PROCESSES, empty_app, counter)
    assert answers == [(TIMES, "")] * PROCESSES
    with empty_app.app_context():
        assert _value(counter) == PROCESSES * TIMES
        counted = sa.select(sa.func.count()).where(AuditEntry.action == "test.counted")
        assert db.session.scalar(counted) == PROCESSES * TIMES


def test_what_was_read_before_is_not_written_back(empty_app: flask.Flask) -> None:
    """Two processes hold the old row in their sessions; their writes start from the new one."""
    with empty_app.app_context():
        counter = _make_counter()
    answers = _run_together(_read_then_write, 2, empty_app, counter)
    assert answers == [(5, "")] * 2
    with empty_app.app_context():
        assert _value(counter) == 10


# --- one transaction -----------------------------------------------------------------------------


@pytest.fixture
def counter(empty_app: flask.Flask) -> Iterator[int]:
    """A row to change, in an app context."""
    with empty_app.app_context():
        yield _make_counter()
        db.session.rollback()


def _mails_and_entries() -> tuple[int, int]:
    return (
        db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingEmail)) or 0,
        db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0,
    )


def test_an_exception_undoes_change_audit_and_mail(counter: int) -> None:
    @transactional
    def fail() -> None:
        _add_one(counter)
        queue_email(
            Email("Perihal", "isi", "<p>isi</p>"),
            occasion=("uji", "batal"),
            kind="test",
            to_address="x@uji.example",
        )
        db.session.flush()
        raise ZeroDivisionError

    before = _mails_and_entries()
    with pytest.raises(ZeroDivisionError):
        fail()
    assert _mails_and_entries() == before
    assert _value(counter) == 0


def test_a_nested_call_joins_the_outer_transaction(counter: int) -> None:
    """What the inner service did is gone when the outer one fails after it."""

    @transactional
    def outer(fails: bool) -> None:
        _add_one(counter)
        _add_one(counter)
        if fails:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        outer(fails=True)
    assert _value(counter) == 0
    db.session.rollback()
    outer(fails=False)
    assert _value(counter) == 2


def test_a_caught_error_of_a_nested_call_leaves_the_outer_writing(counter: int) -> None:
    @transactional
    def inner() -> None:
        raise ZeroDivisionError

    @transactional
    def outer() -> None:
        with contextlib.suppress(ZeroDivisionError):
            inner()
        _add_one(counter)

    outer()
    assert _value(counter) == 1


def test_a_change_without_audit_is_refused(counter: int) -> None:
    @transactional
    def silent() -> None:
        db.session.get_one(Account, counter).name = "7"

    with pytest.raises(RuntimeError, match="silent changed Account without an audit"):
        silent()
    assert _value(counter) == 0


@pytest.mark.parametrize("kind", ["insert", "update", "delete"])
def test_a_bulk_change_without_audit_is_refused(counter: int, kind: str) -> None:
    statements = {
        "insert": sa.insert(Account).values(
            public_id="lain", email="lain@uji.example", name="1", created_at=now()
        ),
        "update": sa.update(Account).values(name="7"),
        "delete": sa.delete(Account),
    }

    @transactional
    def silent() -> None:
        db.session.execute(statements[kind])

    with pytest.raises(RuntimeError, match="without an audit"):
        silent()
    assert _value(counter) == 0


def test_an_unaudited_model_needs_no_entry(counter: int) -> None:
    @transactional
    def tick() -> None:
        db.session.add(JobRun(name="uji", started_at=now(), result="", is_ok=True))

    tick()
    assert db.session.get_one(JobRun, "uji").is_ok


def test_an_audit_of_one_transaction_does_not_cover_the_next(counter: int) -> None:
    _add_one(counter)

    @transactional
    def silent() -> None:
        db.session.get_one(Account, counter).name = "7"

    with pytest.raises(RuntimeError, match="without an audit"):
        silent()


def test_a_flush_outside_a_transaction_is_refused(counter: int) -> None:
    db.session.get_one(Account, counter).name = "7"
    with pytest.raises(RuntimeError, match="outside @transactional"):
        db.session.flush()


@pytest.mark.parametrize(
    "statement",
    [sa.update(Account).values(name="7"), sa.delete(Account)],
    ids=["update", "delete"],
)
def test_a_bulk_change_outside_a_transaction_is_refused(counter: int, statement: Any) -> None:
    with pytest.raises(RuntimeError, match="outside @transactional"):
        db.session.execute(statement)


def test_a_failed_transaction_does_not_leave_the_session_writing(counter: int) -> None:
    @transactional
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    db.session.get_one(Account, counter).name = "7"
    with pytest.raises(RuntimeError, match="outside @transactional"):
        db.session.flush()


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_deadlock_runs_the_whole_function_again(counter: int) -> None:
    """What another transaction changed meanwhile is read again, not overwritten."""
    tries: list[int] = []

    @transactional
    def disturbed() -> None:
        account = db.session.get_one(Account, counter)
        tries.append(int(account.name))
        if len(tries) == 1:
            with db.engine.begin() as other:
                other.execute(sa.text("UPDATE account SET name = '40'"))
        account.name = str(int(account.name) + 2)
        record("test.counted", by=None, subject=("account", counter))

    disturbed()
    assert tries == [0, 40]
    assert _value(counter) == 42


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_row_that_another_adds_meanwhile_runs_the_whole_function_again(in_app: None) -> None:
    """Two forms of one report that nobody had begun: the second finds the report of the first."""
    owed = factories.obligation_of(factories.story().assignment, "dispora").id
    tries: list[bool] = []

    def report() -> Report:
        return Report(obligation_id=owed, saved_by_id=1, draft={}, saved_at=now(), version=1)

    @transactional
    def begin() -> None:
        found = db.session.scalar(sa.select(Report.id).where(Report.obligation_id == owed))
        tries.append(found is not None)
        if found is None:
            with Session(db.engine, info={"writing": True}) as other:
                other.add(report())
                other.commit()
            db.session.add(report())
        record("test.made", by=None, subject=("report", 0))

    begin()
    assert tries == [False, True]


# --- connections ---------------------------------------------------------------------------------


@SQLITE_ONLY
def test_every_pooled_connection_is_durable_and_checks_foreign_keys(app: flask.Flask) -> None:
    with app.app_context(), contextlib.ExitStack() as stack:
        connections = [stack.enter_context(db.engine.connect()) for _ in range(8)]
        found = {
            tuple(
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            )
            for connection in connections
        }
        assert len({id(c.connection.dbapi_connection) for c in connections}) == 8
    assert found == {("wal", 2, 1)}


def test_a_row_without_its_parent_is_refused(in_app: None) -> None:
    @transactional
    def orphan() -> None:
        db.session.add(
            Report(obligation_id=987654, saved_by_id=987654, draft={}, saved_at=now(), version=1)
        )
        record("test.made", by=None, subject=("report", 0))

    with pytest.raises(sa.exc.IntegrityError):
        orphan()


# --- types ---------------------------------------------------------------------------------------


@pytest.fixture
def engine(empty_app: flask.Flask) -> Iterator[Engine]:
    """The engine with a table of our own types."""
    with empty_app.app_context():
        with db.engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE IF EXISTS of_types"))
        yield db.engine


def test_instants_keep_their_moment(engine: Engine) -> None:
    wita = timezone(timedelta(hours=8))
    instants = [
        datetime(2026, 10, 13, 23, 59, 59, 999999, wita),
        datetime(2026, 10, 13, 15, 59, 59, 123456, UTC),
        datetime(2026, 12, 31, 20, 0, tzinfo=timezone(timedelta(hours=-5))),
        None,
    ]
    table = sa.Table(
        "of_types",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", UtcDateTime),
    )
    table.create(engine)
    with engine.begin() as connection:
        for number, instant in enumerate(instants):
            connection.execute(table.insert().values(id=number, at=instant))
        back = list(connection.scalars(sa.select(table.c.at).order_by(table.c.id)))
        half_past = datetime(2026, 10, 13, 15, 59, 59, 500000, UTC)
        later = connection.scalars(sa.select(table.c.id).where(table.c.at > half_past))
        assert sorted(later) == [0, 2]
    assert back == instants
    assert {instant.tzinfo for instant in back if instant} == {UTC}


def test_a_naive_instant_is_refused(counter: int) -> None:
    @transactional
    def write() -> None:
        db.session.add(JobRun(name="naif", started_at=datetime(2026, 10, 13, 10, 0), result=""))

    with pytest.raises(sa.exc.StatementError, match="an instant must be aware"):
        write()


def test_amounts_are_kept_exactly(engine: Engine) -> None:
    table = sa.Table(
        "of_types",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("value", Thousandths),
    )
    table.create(engine)
    amounts = [Decimal(text) for text in ("0.1", "0.2", "0.3", "0.001", "999999999999.999", "-2.5")]
    with engine.begin() as connection:
        connection.execute(
            table.insert(), [{"id": n, "value": value} for n, value in enumerate(amounts)]
        )
        back = list(connection.scalars(sa.select(table.c.value).order_by(table.c.id)))
        equal = connection.scalars(sa.select(table.c.id).where(table.c.value == Decimal("0.3")))
        assert list(equal) == [2]
    assert back == amounts
    assert back[0] + back[1] == back[2]


@given(
    st.decimals(
        min_value=-(10**12), max_value=10**12, places=3, allow_nan=False, allow_infinity=False
    )
)
def test_any_amount_round_trips(value: Decimal) -> None:
    kind = Thousandths()
    stored = kind.process_bind_param(value, None)
    assert isinstance(stored, int)
    assert kind.process_result_value(stored, None) == value


def test_random_ids_do_not_repeat() -> None:
    ids = {random_id() for _ in range(10_000)}
    assert len(ids) == 10_000
    assert {len(each) for each in ids} == {12}


# --- append-only ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'x'",
        "DELETE FROM audit_entry",
        "UPDATE report_revision SET note = 'x'",
        "UPDATE indicator_value SET value = 1",
    ],
)
def test_the_database_refuses_to_change_history(in_app: None, statement: str) -> None:
    story = factories.story()
    factories.submit(factories.obligation_of(story.assignment, "dispora"), story.focal_point)
    revisions = db.session.scalar(sa.select(sa.func.count()).select_from(ReportRevision))
    assert revisions == 1
    db.session.rollback()
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.execute(sa.text(statement))


# --- a database that cannot be written now -------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for a lock is cut from five seconds to a tenth, to keep these tests quick."""
    monkeypatch.setattr(factory, "_engine_options", lambda _url: {"connect_args": {"timeout": 0.1}})


@pytest.fixture
def at_work(app: flask.Flask) -> dict[str, str]:
    """A focal point with an open report, and their address."""
    with app.app_context():
        story = factories.story()
        obligation = factories.obligation_of(story.assignment, "dispora")
        return {
            "email": factories.email_of(story.focal_point),
            "secretariat": factories.email_of(story.secretariat),
            "report": f"/laporan/{obligation.public_id}",
        }


@contextlib.contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    """Hold the write lock from outside, as a forgotten shell would."""
    other = sqlite3.connect(data_dir / "koordinator.db", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


def _save(browser: Browser, path: str, *, status: int) -> Any:
    return browser.post(
        path,
        {"form_key": "kunci", "version": "0", "note": "Tulisan saya.", "act": "simpan"},
        status=status,
    )


def _assert_says_try_again(answer: Any) -> None:
    assert answer.headers["Retry-After"] == "30"
    assert "<h1>Sistem sedang tidak dapat menyimpan</h1>" in answer.text
    assert "Coba lagi beberapa saat lagi." in answer.text
    assert answer.text.count("<h1") == 1
    assert "Traceback" not in answer.text
    assert "locked" not in answer.text


@IMPATIENT
@SQLITE_ONLY
def test_a_locked_database_says_try_again_and_still_reads(
    app: flask.Flask,
    at_work: dict[str, str],
    data_dir: Path,
    browser: Callable[[], Browser],
) -> None:
    person = browser().sign_in(at_work["email"], factories.PASSWORD)
    with _locked(data_dir):
        _assert_says_try_again(_save(person, at_work["report"], status=503))
        person.get("/tugas-saya")
        person.get(at_work["report"])
        person.get("/peran")
    _save(person, at_work["report"], status=303)  # the same form, once the lock is gone
    assert "Tulisan saya." in person.get(at_work["report"]).text


@IMPATIENT
@SQLITE_ONLY
def test_reading_while_locked_works_also_when_the_session_must_be_touched(
    app: flask.Flask,
    at_work: dict[str, str],
    data_dir: Path,
    clock: Any,
    browser: Callable[[], Browser],
) -> None:
    """Noting "seen a moment ago" is no reason to refuse somebody their page."""
    person = browser().sign_in(at_work["email"], factories.PASSWORD)
    clock.move_to(NOW + timedelta(minutes=20))
    with _locked(data_dir):
        person.get("/tugas-saya")


@IMPATIENT
@SQLITE_ONLY
def test_sign_in_while_locked_says_try_again(
    app: flask.Flask, at_work: dict[str, str], data_dir: Path, browser: Callable[[], Browser]
) -> None:
    someone = browser()
    with _locked(data_dir):
        for password in (factories.PASSWORD, "bukan kata sandinya"):
            _assert_says_try_again(
                someone.post(
                    "/masuk", {"email": at_work["email"], "password": password}, status=503
                )
            )
    someone.sign_in(at_work["email"], factories.PASSWORD)


@IMPATIENT
@SQLITE_ONLY
@pytest.mark.own_app  # its engine is changed
def test_a_read_only_database_is_read(
    app: flask.Flask,
    at_work: dict[str, str],
    clock: Any,
    browser: Callable[[], Browser],
) -> None:
    """`query_only` simulates a read-only disk: root, who runs tests, is not stopped by chmod."""
    person = browser().sign_in(at_work["email"], factories.PASSWORD)
    secretariat = browser().sign_in(at_work["secretariat"], factories.PASSWORD)
    with app.app_context():
        db.engine.dispose()
        sa.event.listen(db.engine, "connect", _query_only)
    clock.move_to(NOW + timedelta(minutes=20))
    for path in ("/tugas-saya", at_work["report"], "/peran", "/rencana", "/periode", "/pengingat"):
        person.get(path)
    for path in ("/beranda", "/matriks", "/verifikasi", "/orang", "/surel", "/jejak"):
        secretariat.get(path)
    answer = _save(person, at_work["report"], status=503)
    assert answer.headers["Retry-After"] == "30"
    assert "Sistem sedang tidak dapat menyimpan" in answer.text


def _query_only(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("PRAGMA query_only=ON")


def test_reading_something_sensitive_is_noted_apart(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        email = factories.email_of(factories.person(AccessKind.LEADERSHIP, home="biro-kesra"))
        factories.open_period()
        entries = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    browser().sign_in(email, factories.PASSWORD).get("/matriks.csv")
    with app.app_context():
        assert [row.what for row in db.session.scalars(sa.select(AccessLog))] == ["export"]
        # The one new entry is the sign-in itself.
        after = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
        assert after == (entries or 0) + 1
