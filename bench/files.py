"""The SQLite files of the data sets."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path


def fold_in(path: Path) -> None:
    """Move the write-ahead log into the database file, so that copying this file is enough."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def require_sound(path: Path) -> None:
    """Exit with a message if a row has a dangling reference, or the file is damaged."""
    with closing(sqlite3.connect(path)) as connection:
        dangling = connection.execute("PRAGMA foreign_key_check").fetchall()
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if dangling or verdict != "ok":
        sys.exit(f"{path.name}: {len(dangling)} dangling references, integrity {verdict}")
