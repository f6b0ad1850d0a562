"""All timed work on one screen. The scheduler only ticks: what is due comes from the database.

A second scheduler, a missed day, `flask jobs run NAME` or cron are therefore harmless.
"""

import json
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from types import FrameType

import click
import flask
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from coordinator import logs
from coordinator.assignments.letters.jobs import ALL_LETTERS, make_all_letters
from coordinator.clock import DEFAULT_ZONE, now, today
from coordinator.commandline import DAY
from coordinator.db import db, is_storage_fault
from coordinator.oversight.auditors.jobs import tell_auditors
from coordinator.oversight.cards.jobs import ALL_CARDS, make_all_cards
from coordinator.oversight.matrix.jobs import compare_matrix
from coordinator.oversight.reminders.jobs import queue_todays_reminders
from coordinator.oversight.reminders.service import digests, render
from coordinator.people.accounts.jobs import forget_old_counters
from coordinator.people.directory.queries import active_task_forces
from coordinator.people.importing.jobs import forget_old_imports
from coordinator.plans.importing.jobs import READ_PLAN, forget_old_plan_imports, read_plan
from coordinator.platform.audit.jobs import seal_audit_entries, take_in_access_log
from coordinator.platform.background_jobs import running
from coordinator.platform.background_jobs.jobs import forget_old_results
from coordinator.platform.files.jobs import sweep_evidence
from coordinator.platform.mail.jobs import send_queued_emails
from coordinator.platform.operations import service
from coordinator.platform.operations.clockwatch import Watch
from coordinator.platform.operations.collector import Collector

FAILED = "gagal"
HELD = "ditahan: jam server perlu dipastikan"
# Set while the database cannot be written: said once when it begins, once when it is over.
_storage_is_down = threading.Event()


@dataclass(frozen=True, slots=True)
class Job:
    """A job, its interval in seconds, and its schedule in words.

    Most run by the day or the hour and wait while the clock must be confirmed.
    """

    run: Callable[[], str]
    seconds: int
    schedule: str
    needs_clock: bool = True

    @property
    def name(self) -> str:
        """Return the job's name: that of its function."""
        return self.run.__name__


# What each kind of long work is done by.
HANDLERS: dict[str, running.Handler] = {
    ALL_CARDS: make_all_cards,
    READ_PLAN: read_plan,
    ALL_LETTERS: make_all_letters,
}


def run_queued_tasks() -> str:
    """Do the long work that waits."""
    return running.run_queued(HANDLERS)


JOBS = {
    job.name: job
    for job in (
        Job(queue_todays_reminders, 60, "hari kerja pukul 08.00 waktu gugus tugas"),
        Job(send_queued_emails, 5, "tiap 5 detik"),
        Job(run_queued_tasks, 2, "tiap 2 detik", needs_clock=False),
        Job(seal_audit_entries, 60, "tiap menit", needs_clock=False),
        Job(take_in_access_log, 60, "tiap menit", needs_clock=False),
        Job(tell_auditors, 60, "sekali seminggu, hari kerja mulai 08.00 waktu gugus tugas"),
        Job(forget_old_counters, 3600, "tiap jam"),
        Job(forget_old_results, 3600, "tiap jam"),
        Job(forget_old_imports, 3600, "tiap jam"),
        Job(forget_old_plan_imports, 3600, "tiap jam"),
        Job(sweep_evidence, 3600, "tiap jam"),
        Job(compare_matrix, 3600, "sekali semalam, pukul 02.00"),
    )
}


def run_job(name: str, *, next_at: datetime | None = None, watch: Watch | None = None) -> str:
    """Run a job now and record how it went; a failure is logged and recorded, never raised.

    `watch` is the process's look at its clocks; without one this is a process of its own. While
    the clock must be confirmed nothing is queued, sent or forgotten by it.
    While the database is locked, full, read-only or away nothing can be recorded: one line says so
    when it begins, not one each tick.
    """
    try:
        result = _run_recorded(name, next_at, watch or Watch())
    except DBAPIError as error:
        if not is_storage_fault(error):
            raise
        db.session.rollback()
        if not _storage_is_down.is_set():
            _storage_is_down.set()
            logs.trouble("the database cannot be written; the jobs wait", error, job=name)
        return FAILED
    if _storage_is_down.is_set():
        _storage_is_down.clear()
        logs.info("the database can be written again", job=name)
    return result


def _run_recorded(name: str, next_at: datetime | None, watch: Watch) -> str:
    job = JOBS[name]
    is_held = watch.is_held(flask.current_app.config["SETTINGS"].data_dir)
    service.job_started(name)
    try:
        result = HELD if is_held and job.needs_clock else job.run()
    except Exception as error:
        if isinstance(error, DBAPIError) and is_storage_fault(error):
            raise
        logs.fault("a job failed", error, job=name)
        service.job_finished(name, result=type(error).__name__, is_ok=False, next_at=next_at)
        return FAILED
    service.job_finished(name, result=result, is_ok=True, next_at=next_at)
    return result


def start(app: flask.Flask, stopping: threading.Event) -> None:
    """Tick until stopped. In-memory jobs, never two of a kind at once, late ones still run."""
    scheduler = BackgroundScheduler(
        timezone=DEFAULT_ZONE,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )

    watch = Watch()

    def tick(name: str) -> None:
        if stopping.is_set():
            return
        with app.app_context():
            known = scheduler.get_job(name)
            run_job(name, next_at=known.next_run_time if known else None, watch=watch)

    for name, job in JOBS.items():
        scheduler.add_job(
            tick,
            IntervalTrigger(seconds=job.seconds, timezone=DEFAULT_ZONE),
            args=[name],
            id=name,
            next_run_time=now(),
        )
    running.stopping.clear()
    collector = Collector()
    scheduler.start()
    while not stopping.wait(1):
        collector.collect_if_due()
    running.stopping.set()  # long work stops at its next step
    scheduler.shutdown(wait=True)


jobs_cli = AppGroup("jobs", help="Pekerjaan terjadwal.")


@jobs_cli.command("start")
def start_command() -> None:
    """Jalankan penjadwal sampai dihentikan (SIGTERM)."""
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    start(flask.current_app._get_current_object(), stopping)  # type: ignore[attr-defined]


@jobs_cli.command("list")
@click.option("--json", "as_json", is_flag=True, help="Cetak sebagai JSON.")
def list_command(as_json: bool) -> None:
    """Daftar pekerjaan, jadwal, dan hasil terakhirnya."""
    runs = service.job_runs()
    rows = [
        {
            "name": name,
            "schedule": job.schedule,
            "next": _iso(runs[name].next_at) if name in runs else None,
            "last": _iso(runs[name].started_at) if name in runs else None,
            "result": runs[name].result if name in runs else None,
        }
        for name, job in JOBS.items()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(
            f"{row['name']}  {row['schedule']}  terakhir {row['last'] or '-'}: "
            f"{row['result'] or '-'}"
        )


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


@jobs_cli.command("run")
@click.argument("name", type=click.Choice(sorted(JOBS)))
@click.option("--on", type=DAY, help="Hari yang dicoba (dengan --dry-run).")
@click.option(
    "--dry-run", is_flag=True, help="Tunjukkan apa yang akan dikirim, jangan ubah apa pun."
)
@click.option("--json", "as_json", is_flag=True, help="Cetak sebagai JSON.")
def run_command(name: str, on: date | None, dry_run: bool, as_json: bool) -> None:
    """Jalankan satu pekerjaan sekarang."""
    if on is not None and not dry_run:
        raise click.UsageError("--on hanya boleh bersama --dry-run.")
    if dry_run:
        rows = would_send(on) if name == "queue_todays_reminders" else []
        if as_json:
            click.echo(json.dumps(rows, ensure_ascii=False))
        for row in () if as_json else rows:
            click.echo(f"{row['to']}: {row['subject']}")
        return
    result = run_job(name)
    click.echo(json.dumps({"name": name, "result": result}) if as_json else result)
    if result == FAILED:
        sys.exit(1)


def would_send(on: date | None) -> list[dict[str, object]]:
    """Return the digests of a day (default: each task force's today) without queueing them."""
    rows: list[dict[str, object]] = []
    for force in active_task_forces():
        day = on or today(force.zone)
        for digest in digests(force, day):
            titles = {item.obligation_id: item for item in digest.items}
            reasons = [
                f"H{steps[-1]:+d} {titles[obligation].title}"
                for obligation, steps in digest.steps.items()
            ]
            reasons += [
                f"H{offset:+d} kepala {titles[obligation].title}"
                for obligation, offset in digest.escalated.items()
            ]
            rows.append(
                {
                    "to": digest.account.mail_address,
                    "subject": render(digest, force, day).subject,
                    "reason": "; ".join(reasons),
                    "obligations": [item.public_id for item in digest.items],
                }
            )
    return rows
