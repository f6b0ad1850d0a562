"""`make run` without make: one command that prepares, serves, schedules, and stops cleanly."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.engines import ROOT, free_port
from tests.journeys.product import copy_of, descendants, environment, fetch, flask, is_gone, until

# What rightly differs after the demo has gone: who did what when, and the scheduler's own notes.
NOT_COUNTED = {
    "access_log",
    "alembic_version",
    "attempt_count",
    "audit_entry",
    "audit_seal",
    "clock_watch",
    "job_run",
    "sealed_entry",
    "user_session",
}
# What the scheduler writes on a working day after 08.00, in either run.
OF_REMINDERS = {"reminder_run", "reminder_step", "reminder_notice", "outgoing_email", "report_link"}


class Run:
    """A started `python -m coordinator.platform.operations.run` and what it printed."""

    def __init__(self, data_dir: Path, **more: str) -> None:
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.env = environment(data_dir, self.port, **more)
        self.log = data_dir.parent / f"run-{self.port}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "coordinator.platform.operations.run"],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def printed(self) -> str:
        """Return all that it said."""
        return self.log.read_text()

    def answers(self, path: str) -> bool:
        """Tell whether `path` answers 200; the end of the process fails the test at once."""
        assert self.process.poll() is None, self.printed()[-3000:]
        return fetch(self.base_url + path)[0] == 200

    def stop(self) -> None:
        """SIGTERM; everything below the process must be gone with it."""
        below = descendants(self.process.pid)
        self.process.terminate()
        try:
            code = self.process.wait(timeout=600)
            assert code == 0, self.printed()[-3000:]
            until(lambda: all(map(is_gone, below)), f"{below} are gone")
        finally:
            for pid in (self.process.pid, *below):
                if not is_gone(pid):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()
        assert len(below) >= 4  # gunicorn and its two workers, the scheduler
        assert fetch(f"{self.base_url}/sehat")[0] == 0


@contextmanager
def running(data_dir: Path, **more: str) -> Iterator[Run]:
    """Start, wait until ready, and stop at the end."""
    run = Run(data_dir, **more)
    try:
        until(lambda: run.answers("/sehat"), "/sehat answers 200")
        until(lambda: run.answers("/siap"), "/siap answers 200")
        yield run
    finally:
        run.stop()


def table_counts(data_dir: Path) -> dict[str, int]:
    """Return the number of rows of every table that is compared."""
    with closing(sqlite3.connect(data_dir / "koordinator.db")) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith("sqlite_") and name not in NOT_COUNTED
        ]
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for name in names
        }


def stored_files(data_dir: Path) -> list[str]:
    """Return the evidence files on disk."""
    return sorted(path.name for path in (data_dir / "evidence").glob("??/*") if path.is_file())


def test_demo_run_twice(memory_path: Path) -> None:
    data_dir = memory_path / "data"
    with running(data_dir) as run:
        said = run.printed()
        assert run.base_url in said
        accounts = json.loads(flask(run.env, "demo", "accounts", "--json"))
        assert {
            "administrator",
            "agency_head",
            "auditor",
            "focal_point",
            "leadership",
            "secretariat",
        } == {account["access"] for account in accounts}
        assert len({a["agency"] for a in accounts if a["access"] == "focal_point"}) > 1
        for access in ("secretariat", "focal_point", "leadership", "auditor", "administrator"):
            shown = [a["email"] for a in accounts if a["access"] == access and a["email"] in said]
            assert shown, f"no {access} in:\n{said}"
        assert accounts[0]["password"] in said
        status, body = fetch(f"{run.base_url}/siap")
        state = json.loads(body)
        assert status == 200
        assert state["ready"] is True
        assert state["faults"] == []
        assert state["database"] == "ok"
        assert state["scheduler_last_tick"]
        assert state["mail_mode"] == "inbox"
        flask(run.env, "audit", "verify")
    secret = (data_dir / "secret_key").read_text()
    before = table_counts(data_dir)

    with running(data_dir) as run:
        assert run.base_url in run.printed()
        assert json.loads(flask(run.env, "demo", "accounts", "--json")) == accounts
        assert json.loads(fetch(f"{run.base_url}/siap")[1])["mail_mode"] == "inbox"
    assert (data_dir / "secret_key").read_text() == secret
    assert (data_dir / "secret_key").stat().st_mode & 0o077 == 0
    again = table_counts(data_dir)
    loaded = set(before) - OF_REMINDERS
    assert {name: again[name] for name in loaded} == {name: before[name] for name in loaded}


def test_without_demo_says_how_to_begin_and_demo_leaves_no_trace(
    memory_path: Path, prepared: Path
) -> None:
    data_dir = memory_path / "data"
    with running(data_dir, DEMO="off") as run:
        said = run.printed()
        assert "accounts invite --access administrator" in said
        assert "contoh.test" not in said
        assert json.loads(flask(run.env, "demo", "accounts", "--json")) == []
        before = table_counts(data_dir)
        invited = flask(
            run.env,
            *("accounts", "invite", "--access", "administrator", "--email", "admin@example.go.id"),
        )
        link = re.search(rf"{re.escape(run.base_url)}(/undangan/\S+)", invited)
        assert link, invited
        assert run.answers(link[1])

    assert stored_files(data_dir) == []
    demo = copy_of(prepared, memory_path / "demo")
    during = table_counts(demo.data_dir)
    assert during["report"] > before["report"]
    assert during["account"] > before["account"]
    assert stored_files(demo.data_dir)
    flask(demo.env, "demo", "remove")
    after = table_counts(demo.data_dir)
    before["reminder_run"] = 0  # the first product ran, perhaps on a working day after 08.00
    assert {
        name: (before[name], count) for name, count in after.items() if count != before[name]
    } == {}
    assert stored_files(demo.data_dir) == []
    flask(demo.env, "audit", "verify")
