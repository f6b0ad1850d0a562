"""Capture the statements that the product's own query functions send, for the floors."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from bench.dataset import CACHE, Facts, app_on
from coordinator.clock import today
from coordinator.db import db
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.permissions import Viewer
from coordinator.reporting.report_pages.queries import tasks_page
from coordinator.reporting.reports import queries

HISTORIES = 20  # reports whose page is measured, in turn
Statement = tuple[str, list[Any]]


def floor_facts(database: Path, facts: Facts, writing: Path) -> dict[str, Any]:
    """Return what bench/floor.py reads."""
    app = app_on(CACHE, database)
    with app.app_context():
        pages = {
            "tugas": _statements(_tasks(_viewer(facts.focal_point))),
            **{
                f"laporan-{n}": _statements(_report(_viewer(facts.secretariat), public_id))
                for n, public_id in enumerate(facts.with_history[:HISTORIES])
            },
        }
        db.session.remove()
        db.engine.dispose()
    return {
        "database": str(database),
        "writing": str(writing),
        "pages": pages,
        "force": facts.task_force_id,
        "period": facts.period_id,
        "today": today().isoformat(),
    }


def _tasks(viewer: Viewer) -> Callable[[], object]:
    return lambda: tasks_page(viewer, today(), page=1)


def _report(viewer: Viewer, public_id: str) -> Callable[[], object]:
    return lambda: queries.report_page(viewer, public_id)


def _viewer(email: str) -> Viewer:
    grant = db.session.scalars(
        sa.select(AccessGrant)
        .join(Account, Account.id == AccessGrant.account_id)
        .where(Account.email == email)
    ).one()
    return Viewer(
        account_id=grant.account_id,
        kind=grant.kind,
        task_force_id=grant.task_force_id,
        agency_id=grant.agency_id,
    )


def _statements(ask: Callable[[], object]) -> list[Statement]:
    found: list[Statement] = []

    def note(
        _connection: Any, _cursor: Any, sql: str, values: Any, _context: Any, _many: bool
    ) -> None:
        if sql.startswith(("SELECT", "WITH")):
            found.append((sql, [_plain(value) for value in values]))

    db.session.rollback()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
