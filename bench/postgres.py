"""A PostgreSQL server of this run, on loopback, with settings as installed: fsync is on."""

import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from bench.dataset import migrate, settings_for
from bench.servers import free_port

PROGRAMS = ("initdb", "pg_ctl")
ACCOUNT = "postgres"  # as which it is run where this runs as root: it refuses to be root


def missing() -> str | None:
    """Return the program that is not installed, None where PostgreSQL can be started."""
    return next((name for name in PROGRAMS if _program(name) is None), None)


def _program(name: str) -> str | None:
    packaged = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(packaged[0]) if packaged else shutil.which(name)


class Cluster:
    """A server with a data folder of its own under the temporary folder, until `with` ends."""

    def __init__(self) -> None:
        self.port = free_port()
        self._as_root = os.geteuid() == 0

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="bench-postgres-"))
        try:
            if self._as_root:
                owner = pwd.getpwnam(ACCOUNT)
                os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            data = str(self.folder / "data")
            self._run("initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8")
            options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
            log = str(self.folder / "log")
            self._run("pg_ctl", "-D", data, "-o", options, "-w", "-l", log, "start")
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        try:
            self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "fast", "stop")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [_program(program) or program, *arguments]
        if self._as_root:
            command = ["runuser", "-u", ACCOUNT, "--", *command]
        # The server keeps what it is given as its output: a pipe would never end.
        with (self.folder / f"{program}.out").open("w+b") as out:
            done = subprocess.run(command, stdout=out, stderr=out, cwd="/")
            if done.returncode:
                out.seek(0)
                raise RuntimeError(f"{program}: {out.read().decode('utf-8', 'replace')}")

    def address(self, name: str) -> str:
        """Return the address of a database of this server."""
        return f"postgresql://bench@127.0.0.1:{self.port}/{name}"

    def filled_from(self, source: Path, name: str) -> str:
        """Make a migrated database with the rows of a SQLite file; return its address."""
        address = self.address(name)
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        migrate(settings_for(self.folder, source, DATABASE_URL=address))
        with closing(sqlite3.connect(source)) as origin, psycopg.connect(address) as target:
            copy_rows(origin, target)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        return address


def copy_rows(origin: sqlite3.Connection, target: psycopg.Connection) -> None:
    """Copy every table as text, which PostgreSQL converts to its own types.

    Triggers and foreign keys are disabled meanwhile. Instants are in UTC.
    """
    target.execute("SET session_replication_role = replica")
    target.execute("SET TIME ZONE 'UTC'")
    columns = target.execute(
        "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
        " JOIN pg_tables ON tablename = table_name AND schemaname = table_schema"
        " WHERE schemaname = 'public' GROUP BY table_name"
    ).fetchall()
    for table, names in columns:
        target.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        listed = ", ".join(f'"{name}"' for name in names)
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
        )
        with target.cursor().copy(into) as copy:
            for row in origin.execute(f'SELECT {listed} FROM "{table}"'):
                copy.write_row(row)
    counted = target.execute(
        "SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), "
        "column_name) FROM information_schema.columns WHERE table_schema = 'public'"
    ).fetchall()
    for table, column, sequence in counted:
        if sequence is not None:
            newest = sql.SQL("SELECT setval({}, coalesce(max({}), 0) + 1, false) FROM {}").format(
                sql.Literal(sequence), sql.Identifier(column), sql.Identifier(table)
            )
            target.execute(newest)
