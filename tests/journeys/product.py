"""The product as it is run: its own commands, gunicorn and the scheduler as separate processes."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from tests.engines import ROOT, free_port

T = TypeVar("T")
DATABASE = "koordinator.db"
WITA = ZoneInfo("Asia/Makassar")

SETTINGS = [
    "BASE_URL",
    "DATA_DIR",
    "DATABASE_URL",
    "DEMO",
    "HOST",
    "PORT",
    "MAIL_MODE",
    "MAIL_FROM",
    "SECRET_KEY",
    "TRUSTED_HOSTS",
    "TRUSTED_PROXIES",
    "SMTP_HOST",
    "SMTP_PORT",
    "SMTP_USER",
    "SMTP_PASSWORD",
    "SMTP_TLS",
    "FLASK_APP",
    "FLASK_DEBUG",
    "TZ",
    "FAULT_AT",
]


def until(ask: Callable[[], T | None], what: str, seconds: float = 600) -> T:
    """Return the first truthy answer of `ask`, asked ten times a second for at most `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"after {seconds:.0f} s still not: {what}")


def environment(data_dir: Path, port: int, **more: str) -> dict[str, str]:
    """Return the environment of a run: nothing of the developer's own settings leaks in."""
    kept = {key: value for key, value in os.environ.items() if key not in SETTINGS}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # a dozen starts, each compiling every library again
    return {
        **kept,
        "PYTHONPYCACHEPREFIX": str(ROOT / ".pytest_cache" / "bytecode"),
        "DATA_DIR": str(data_dir),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "TZ": "UTC",
        **more,
    }


def flask(env: dict[str, str], *arguments: str) -> str:
    """Run a `flask` command to its end and return what it printed; a failure fails the test."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, f"flask {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
    return done.stdout


def fetch(url: str) -> tuple[int, bytes]:
    """GET an address; (0, b"") while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
    except OSError:
        return 0, b""


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended (a zombie has)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def descendants(pid: int) -> set[int]:
    """Return the ids of all processes below `pid`."""
    children: dict[int, set[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, set()).add(int(path.parent.name))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        for child in children.get(waiting.pop(), set()) - found:
            found.add(child)
            waiting.append(child)
    return found


class Product:
    """A running installation with the demo in it, on a loopback port of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.env = environment(
            data_dir,
            self.port,
            BASE_URL=self.base_url,
            SECRET_KEY="a-key-for-journeys-only",
            MAIL_MODE="inbox",
            DEMO="on",
        )
        self.log = data_dir.parent / f"{data_dir.name}.log"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._accounts: list[dict[str, Any]] = []

    def prepare(self) -> None:
        """Migrate and fill the database."""
        flask(self.env, "db", "upgrade")
        flask(self.env, "prepare")
        accounts = flask(self.env, "demo", "accounts", "--json")
        (self.data_dir / "accounts.json").write_text(accounts)

    def start(self) -> None:
        """Start the web server and the scheduler; return when both answer."""
        gunicorn = (
            "gunicorn",
            "--config",
            "coordinator/platform/operations/gunicorn_conf.py",
            "wsgi:app",
        )
        with self.log.open("wb") as log:
            for command in (gunicorn, ("flask", "jobs", "start")):
                self._processes.append(
                    subprocess.Popen(
                        [sys.executable, "-m", *command],
                        cwd=ROOT,
                        env=self.env,
                        stdout=log,
                        stderr=log,
                    )
                )

        def answers() -> bool:
            ended = [process.args for process in self._processes if process.poll() is not None]
            assert not ended, f"{ended} ended:\n{self.log.read_text()[-3000:]}"
            return fetch(f"{self.base_url}/sehat")[0] == 200

        until(answers, f"{self.base_url}/sehat answers")
        until(
            lambda: self.sql("SELECT 1 FROM job_run WHERE name = 'send_queued_emails'"),
            "the scheduler ticks",
        )

    def stop(self) -> None:
        """Kill these processes and no others; how they end in peace is tested by `make run`."""
        below = {pid for process in self._processes for pid in descendants(process.pid)}
        for process in self._processes:
            process.kill()
            process.wait()
        for pid in below:
            if not is_gone(pid):
                os.kill(pid, signal.SIGKILL)

    def reset_to(self, prepared: Path) -> None:
        """Put database and files back to those of `prepared` while the processes live: starting
        them costs seven seconds of processor time. They keep nothing of the data in memory."""
        with (
            closing(sqlite3.connect(prepared / DATABASE)) as source,
            closing(sqlite3.connect(self.data_dir / DATABASE, timeout=60)) as target,
        ):
            source.backup(target)
        for path in self.data_dir.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif not path.name.startswith(DATABASE):
                path.unlink()
        kept = shutil.ignore_patterns(f"{DATABASE}*")
        shutil.copytree(prepared, self.data_dir, ignore=kept, dirs_exist_ok=True)

    @property
    def accounts(self) -> list[dict[str, Any]]:
        """The demo accounts, as `flask demo accounts --json` gave them."""
        if not self._accounts:
            self._accounts = json.loads((self.data_dir / "accounts.json").read_text())
        return self._accounts

    def account(self, access: str, agency: str | None = None) -> dict[str, Any]:
        """Return the first demo account of an access kind (and agency)."""
        return next(
            account
            for account in self.accounts
            if account["access"] == access and agency in (None, account["agency"])
        )

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement on the product's database file and return the rows."""
        path = self.data_dir / DATABASE
        with closing(sqlite3.connect(path, timeout=10)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def end_grace(self, kind: str) -> None:
        """Take away the two minutes in which an event's mail can still be undone.

        Only the row's `not_before` is moved; it is the product's own scheduler, in its own
        process, that finds the row due and hands the mail out.
        """
        assert self.sql(
            "UPDATE outgoing_email SET not_before = queued_at "
            "WHERE kind = ? AND state = 'queued' RETURNING id",
            kind,
        ), f"no mail of the kind {kind} waits"


def copy_of(prepared: Path, target: Path) -> Product:
    """Return a product on its own copy of a prepared, stopped installation."""
    shutil.copytree(prepared, target)
    return Product(target)
