"""A clock that jumps sends nothing that is not due, and silences nothing that is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator import scheduler
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import Conflict, NotAllowed, NotFound
from coordinator.oversight.reminders import service as reminders
from coordinator.oversight.reminders.models import ReminderNotice, ReminderRun
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.session import load_signed_in
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.holding.service import confirm_clock
from coordinator.platform.mail import queries as mail_queries
from coordinator.platform.mail.models import AddressBounce, OutgoingEmail
from coordinator.platform.mail.rules import BounceKind
from coordinator.platform.mail.service import Email, claim_next, note_bounce, queue_email
from coordinator.platform.operations.clockwatch import CLOCK_FILE, Watch, held_clock
from coordinator.platform.operations.holding import hold
from coordinator.platform.operations.models import JobRun
from coordinator.platform.operations.rules import HoldReason
from coordinator.platform.operations.service import ensure_installation, last_tick
from tests import factories
from tests.conftest import Browser

Clock = time_machine.Traveller
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REMIND, SEND, FORGET = "queue_todays_reminders", "send_queued_emails", "forget_old_counters"
SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


class Process:
    """A scheduler process: its look at two clocks, of which only one can be set."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self.seconds = clock, 1000.0
        self.watch = Watch(steady=lambda: self.seconds)

    def run(self, name: str = SEND) -> str:
        """Let a job tick."""
        return scheduler.run_job(name, watch=self.watch)

    def live(self, span: timedelta) -> None:
        """Let time pass by both clocks."""
        self._clock.shift(span)
        self.seconds += span.total_seconds()


@pytest.fixture
def process(in_app: None, clock: Clock, data_dir: Path) -> Process:
    """An installation whose scheduler has ticked once today."""
    ensure_installation(data_dir)
    found = Process(clock)
    assert found.run() != scheduler.HELD
    return found


def start(clock: Clock) -> Process:
    """Another process: a restart, a second scheduler, or one `flask jobs run` of cron."""
    return Process(clock)


def release(data_dir: Path) -> None:
    """Somebody says that the clock is right."""
    confirm_clock(data_dir, by=None)


# --- what holds ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("process")
@pytest.mark.parametrize(
    ("gap", "fault"),
    [
        (timedelta(minutes=50), None),
        (59 * DAY, None),
        (60 * DAY, None),
        (61 * DAY, "gap"),
        (400 * DAY, "gap"),
        (-timedelta(minutes=50), None),
        (-2 * HOUR, "back"),
        (-30 * DAY, "back"),
    ],
    ids=str,
)
def test_a_start_after_a_gap(clock: Clock, gap: timedelta, fault: str | None) -> None:
    clock.shift(gap)
    results = {start(clock).run(name) for name in (SEND, REMIND, FORGET)}
    held = held_clock()
    if fault is None:
        assert held is None
        assert scheduler.HELD not in results
    else:
        assert results == {scheduler.HELD}
        assert held is not None
        assert held.fault == fault
        assert held.held_at == now()


@pytest.mark.parametrize("step", [2 * HOUR, -2 * HOUR, 59 * DAY, 400 * DAY, -30 * DAY], ids=str)
def test_a_clock_that_is_set_while_the_scheduler_runs(
    process: Process, clock: Clock, step: timedelta
) -> None:
    process.live(DAY)
    assert process.run() != scheduler.HELD
    clock.shift(step)  # by one clock alone
    assert process.run() == scheduler.HELD
    assert start(clock).run() == scheduler.HELD  # the second scheduler hears of it
    clock.shift(-step)
    assert process.run() == scheduler.HELD  # a person decides, not the clock


@pytest.mark.parametrize("step", [timedelta(minutes=50), -timedelta(minutes=50)], ids=str)
def test_a_small_correction_is_no_jump(process: Process, clock: Clock, step: timedelta) -> None:
    process.live(HOUR)
    process.run()
    clock.shift(step)
    assert process.run() != scheduler.HELD
    assert held_clock() is None


def test_a_machine_that_slept_was_off(process: Process) -> None:
    process.live(3 * DAY)
    assert process.run() != scheduler.HELD


def test_long_work_and_the_seal_go_on(process: Process, clock: Clock) -> None:
    clock.shift(400 * DAY)
    assert process.run(SEND) == scheduler.HELD
    assert process.run("seal_audit_entries") != scheduler.HELD
    assert process.run("run_queued_tasks") != scheduler.HELD


@pytest.mark.usefixtures("process")
def test_a_restored_older_database_is_no_gap(clock: Clock, data_dir: Path) -> None:
    """The time next to the database goes on when the database goes back."""
    assert datetime.fromisoformat((data_dir / CLOCK_FILE).read_text()) == now()
    with db.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE clock_watch SET seen_at = :at").bindparams(
                sa.bindparam("at", now() - 90 * DAY, type_=JobRun.started_at.type)
            )
        )
    assert start(clock).run() != scheduler.HELD


@pytest.mark.usefixtures("process")
@pytest.mark.parametrize("content", ["", "bukan jam", "\x00", "2026-99-99"])
def test_a_damaged_file_holds_nothing(clock: Clock, data_dir: Path, content: str) -> None:
    (data_dir / CLOCK_FILE).write_text(content)
    clock.shift(HOUR)
    assert start(clock).run() != scheduler.HELD
    assert datetime.fromisoformat((data_dir / CLOCK_FILE).read_text()) == now()


@pytest.mark.usefixtures("in_app")
def test_an_older_version_left_its_last_tick(clock: Clock, data_dir: Path) -> None:
    """The first look after an upgrade, of an installation that once ran in 2028."""
    ensure_installation(data_dir)

    @transactional
    def ticked() -> None:
        db.session.add(JobRun(name=SEND, started_at=datetime(2028, 1, 1, tzinfo=UTC)))

    ticked()
    assert start(clock).run() == scheduler.HELD


# --- letting go ----------------------------------------------------------------------------------


@pytest.fixture
def owed(process: Process) -> factories.Story:
    """Dispora and Disnakertrans owe a report by Friday."""
    found = factories.story()
    reminders.ensure_ladder(factories.task_force().id)
    return found


def digests() -> list[OutgoingEmail]:
    """The reminder mails, in order."""
    db.session.rollback()
    return list(
        db.session.scalars(
            sa.select(OutgoingEmail)
            .where(OutgoingEmail.kind == "digest")
            .order_by(OutgoingEmail.id)
        )
    )


@pytest.mark.usefixtures("owed")
def test_once_in_2028_and_back_loses_no_reminder(clock: Clock, data_dir: Path) -> None:
    clock.move_to(datetime(2028, 3, 1, 2, tzinfo=UTC))
    assert start(clock).run(REMIND) == scheduler.HELD
    assert start(clock).run(SEND) == scheduler.HELD
    clock.move_to(datetime(2026, 10, 14, 2, tzinfo=UTC))
    assert start(clock).run(REMIND) == scheduler.HELD
    assert digests() == []
    release(data_dir)
    start(clock).run(REMIND)
    assert len(digests()) == 2
    start(clock).run(SEND)
    assert {mail.state.value for mail in digests()} == {"sent"}


@pytest.mark.usefixtures("owed")
def test_even_if_somebody_said_that_2028_was_right(clock: Clock, data_dir: Path) -> None:
    """What was queued, told and run by the wrong clock counts for nothing afterwards."""
    clock.move_to(datetime(2028, 3, 1, 2, tzinfo=UTC))
    start(clock).run(REMIND)
    release(data_dir)
    start(clock).run(REMIND)
    wrong = {mail.id for mail in digests()}
    assert len(wrong) == 2
    clock.move_to(datetime(2026, 10, 14, 2, tzinfo=UTC))
    assert start(clock).run(REMIND) == scheduler.HELD
    release(data_dir)
    start(clock).run(REMIND)
    right = [mail for mail in digests() if mail.id not in wrong]
    assert len(right) == 2
    days = set(db.session.scalars(sa.select(ReminderNotice.noted_on)))
    assert days == {date(2026, 10, 14)}
    assert set(db.session.scalars(sa.select(ReminderRun.on))) == {date(2026, 10, 14)}


@pytest.mark.usefixtures("owed")
def test_after_59_days_everything_due_is_one_mail_a_person(clock: Clock) -> None:
    clock.shift(59 * DAY)
    start(clock).run(REMIND)
    start(clock).run(REMIND)
    assert len(digests()) == 2


def test_two_schedulers_ask_once(process: Process, clock: Clock, data_dir: Path) -> None:
    other = start(clock)
    other.run()
    clock.shift(3 * HOUR)
    assert process.run() == other.run() == scheduler.HELD
    release(data_dir)
    assert scheduler.HELD not in {process.run(), other.run()}


def test_the_trail_says_who_confirmed_what(
    process: Process, owed: factories.Story, clock: Clock, data_dir: Path
) -> None:
    clock.shift(3 * HOUR)
    process.run()
    with pytest.raises(NotAllowed):
        confirm_clock(data_dir, by=owed.focal_point)
    with pytest.raises(Conflict):  # the clock went on since the page was read
        confirm_clock(data_dir, shown_at=now() - HOUR, by=owed.secretariat)
    assert held_clock() is not None
    confirm_clock(data_dir, shown_at=now(), by=owed.secretariat)
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "clock.confirmed")
    ).one()
    assert entry.details["fault"] == "jump"
    with pytest.raises(Conflict):
        release(data_dir)


# --- rows that lie ahead -------------------------------------------------------------------------


@pytest.fixture
def ahead(in_app: None, clock: Clock) -> Callable[[], None]:
    """The clock is in 2028; call it to be back today."""
    clock.move_to(datetime(2028, 3, 1, 2, tzinfo=UTC))
    return lambda: clock.move_to(datetime(2026, 10, 13, 2, tzinfo=UTC))


@transactional
def put() -> None:
    """Queue an event's mail, to leave in two minutes."""
    queue_email(
        Email("Uji", "Isi", "<p>Isi</p>"),
        occasion=("uji",),
        kind="uji",
        to_address="a@uji.example",
        not_before=now() + timedelta(minutes=2),
    )


def test_a_mail_queued_ahead_leaves(ahead: Callable[[], None]) -> None:
    put()
    ahead()
    assert claim_next("uji") is not None


def test_a_lease_from_ahead_is_over(ahead: Callable[[], None], clock: Clock) -> None:
    put()
    clock.shift(timedelta(minutes=3))
    assert claim_next("mati") is not None
    ahead()
    assert claim_next("uji") is not None


@pytest.mark.parametrize("kind", list(BounceKind))
def test_a_bounce_from_ahead_stops_no_mail(ahead: Callable[[], None], kind: BounceKind) -> None:
    for _time in range(5):
        note_bounce("a@uji.example", kind)
    assert mail_queries.unreachable({"a@uji.example"}, now())
    ahead()
    assert not mail_queries.unreachable({"a@uji.example"}, now())
    assert db.session.scalar(sa.select(sa.func.count(AddressBounce.id))) == 5


def test_a_session_and_a_link_from_ahead_are_over(
    ahead: Callable[[], None], app: flask.Flask
) -> None:
    person = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    assert person.account_id is not None
    token = accounts.open_session(account_id=person.account_id, address="127.0.0.1", browser="uji")
    reset = accounts.send_reset(person.account_id, by=None, secret_key="test-secret-key")
    assert load_signed_in(token) is not None
    assert accounts.usable_link(reset)
    ahead()
    assert load_signed_in(token) is None
    with pytest.raises(NotFound):
        accounts.usable_link(reset)


def test_a_tick_from_ahead_is_no_sign_of_life(ahead: Callable[[], None]) -> None:
    scheduler.run_job(SEND)
    assert last_tick() is not None
    ahead()
    assert last_tick() is None


def test_a_period_opened_ahead_silences_nothing(ahead: Callable[[], None], clock: Clock) -> None:
    """The assignment says 2028; its report was due long before by the right clock."""
    office = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    factories.assign(
        office,
        join=factories.open_period(closes_on=date(2028, 3, 3), opens_on=date(2028, 2, 1)),
        due_on=date(2028, 12, 31),
    )
    ahead()
    with db.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE reporting_period SET opens_on = '2026-10-01', closes_on = '2026-10-16'")
        )
        connection.execute(sa.text("UPDATE obligation SET due_on = '2026-10-16'"))
    factories.person(AccessKind.FOCAL_POINT, "dispora")
    force = factories.task_force()
    reminders.ensure_ladder(force.id)
    assert len(reminders.digests(force, date(2026, 10, 13))) == 1


# --- who sees it ---------------------------------------------------------------------------------


@SQLITE_ONLY
def test_the_secretariat_sees_it_and_releases_it(
    app: flask.Flask, browser: Callable[[], Browser], clock: Clock, data_dir: Path
) -> None:
    with app.app_context():
        ensure_installation(data_dir)
        people = [
            factories.email_of(factories.person(AccessKind.SECRETARIAT, home="biro-kesra")),
            factories.email_of(factories.person(AccessKind.ADMINISTRATOR)),
            factories.email_of(factories.person(AccessKind.AUDITOR, home="inspektorat")),
        ]
        process = Process(clock)
        process.run()
        clock.shift(3 * HOUR)
        assert process.run() == scheduler.HELD
        held = hold(app.config["SETTINGS"])
        assert held is not None
        assert held.reason is HoldReason.CLOCK
        db.session.remove()
    office, admin, auditor = (browser().sign_in(each, factories.PASSWORD) for each in people)
    sentence = "Email dan pengingat ditahan: jam server perlu dipastikan."
    assert sentence in office.get("/beranda").text
    assert sentence in admin.get("/orang").text
    ready = office.client.get("/siap")
    assert ready.status_code == 503
    assert ready.json["mail_held"] == "clock"
    assert "clock" in ready.json["faults"]
    assert sentence in auditor.get("/surel").text
    assert "lepaskan email" not in auditor.get("/surel").text
    assert app.test_cli_runner().invoke(args=["doctor"]).exit_code == 1
    auditor.post("/surel/lepas", {"jam": now().isoformat()}, page="/surel", status=403)
    office.post("/surel/lepas", {"jam": "kemarin"}, page="/surel", status=409)
    office.post("/surel/lepas", {"jam": now().isoformat()}, page="/surel")
    assert "Email dilepas." in office.get("/surel?selesai=lepas").text
    assert sentence not in office.get("/beranda").text
    assert "clock" not in office.client.get("/siap").json["faults"]


@SQLITE_ONLY
def test_the_shell_releases_it(app: flask.Flask, clock: Clock, data_dir: Path) -> None:
    run = app.test_cli_runner().invoke
    with app.app_context():
        ensure_installation(data_dir)
        db.session.remove()
    assert "perlu dilepas" in run(args=["mail", "release"]).output
    assert run(args=["jobs", "run", SEND]).exit_code == 0
    clock.shift(61 * DAY)
    assert scheduler.HELD in run(args=["jobs", "run", SEND]).output
    dry = run(args=["mail", "release", "--dry-run"])
    assert "akan dikirim" in dry.output
    assert "13/10/2026" in dry.output
    assert scheduler.HELD in run(args=["jobs", "run", SEND]).output
    assert "dilepas" in run(args=["mail", "release"]).output
    assert scheduler.HELD not in run(args=["jobs", "run", SEND]).output


@SQLITE_ONLY
def test_the_shell_says_what_still_holds(app: flask.Flask, clock: Clock, data_dir: Path) -> None:
    """A copied database with a wrong clock: two words of a person, and neither is passed over."""
    run = app.test_cli_runner().invoke
    with app.app_context():
        ensure_installation(data_dir)
        db.session.remove()
    assert run(args=["jobs", "run", SEND]).exit_code == 0
    clock.shift(61 * DAY)
    assert scheduler.HELD in run(args=["jobs", "run", SEND]).output
    (data_dir / "installation_id").unlink()
    first = run(args=["mail", "release"]).output
    assert "Belum ada email yang dilepas" in first
    assert "salinan" in first
    assert "0 email dilepas" in run(args=["mail", "release"]).output
    assert "Tidak ada yang perlu dilepas" in run(args=["mail", "release"]).output


def test_a_viewer_of_another_kind_may_not(process: Process, clock: Clock, data_dir: Path) -> None:
    clock.shift(400 * DAY)
    process.run()
    for kind in AccessKind:
        if kind in (AccessKind.SECRETARIAT, AccessKind.ADMINISTRATOR):
            continue
        with pytest.raises(NotAllowed):
            confirm_clock(data_dir, by=Viewer(1, kind, 1))
