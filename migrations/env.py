"""Runs migrations with the application's engine.

Foreign keys are switched off before SQLite's transaction begins: batch mode copies a table and
drops the old one, and with them on, ON DELETE CASCADE would silently empty its children.
"""

import logging
from typing import Any

from alembic import context
from flask import current_app

from coordinator.db import Base, Thousandths, UtcDateTime, db

config = context.config
logging.getLogger("alembic").setLevel(logging.WARNING)


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write plain column types: a migration must not change when the application's types do."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Thousandths):
        return "sa.BigInteger()"
    return False


def run_migrations() -> None:
    """Upgrade or downgrade in one transaction; on SQLite check foreign keys before it ends."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        try:
            context.configure(
                connection=connection.execution_options(writing=True),
                target_metadata=Base.metadata,
                transactional_ddl=True,
                render_item=render_item,
                **options,
            )
            with context.begin_transaction():
                context.run_migrations()
                if is_sqlite:
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                    if broken:
                        raise RuntimeError(f"migration breaks foreign keys: {broken[:5]}")
        finally:
            if is_sqlite:
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")


run_migrations()
