"""What is asked of the database while a page is made."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import flask
import sqlalchemy as sa

from coordinator.db import db


@contextmanager
def statements(app: flask.Flask) -> Iterator[list[str]]:
    """Note the statements that are sent meanwhile, BEGIN with them."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        found.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
