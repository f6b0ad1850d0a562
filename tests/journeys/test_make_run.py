"""`make run` without make: one command that prepares, serves, schedules, and stops cleanly."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.journeys.product import copy_of, fetch, flask
from tests.journeys.running import running

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
