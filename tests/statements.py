"""The statements that are sent to the database while a page is made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import flask
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from coordinator.db import db

Sent = tuple[str, Any]  # a statement and its parameters


@contextmanager
def _noting(engine: Engine, note: Callable[[str, Any], None]) -> Iterator[None]:
    def listen(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        note(statement, values)

    sa.event.listen(engine, "before_cursor_execute", listen)
    try:
        yield
    finally:
        sa.event.remove(engine, "before_cursor_execute", listen)


@contextmanager
def statements(app: flask.Flask) -> Iterator[list[str]]:
    """Yield the list of the statements that the block sends, with BEGIN."""
    found: list[str] = []
    with app.app_context():
        engine = db.engine
    with _noting(engine, lambda statement, _values: found.append(statement)):
        yield found


@contextmanager
def queries() -> Iterator[list[Sent]]:
    """Yield the list of the statements with their parameters that the block reads with.

    Needs an app context.
    """
    found: list[Sent] = []

    def note(statement: str, values: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            found.append((statement, values))

    with _noting(db.engine, note):
        yield found
