"""Starting a real PostgreSQL for the tests, and other helpers that are no fixtures."""

import importlib
import os
import pwd
import shutil
import socket
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "koordinator.db"  # the file of SQLite in DATA_DIR
ROOM_IN_MEMORY = 1_500_000_000  # bytes a worker


def folder_in_memory() -> Path | None:
    """Return where files are kept in memory, None (the usual place) where that has little room."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK | os.X_OK):
        return None
    lines = Path("/proc/meminfo").read_text().splitlines()
    available = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable"))
    room = min(shutil.disk_usage(memory).free, available * 1024)
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    return memory if room > ROOM_IN_MEMORY * workers else None


def load_models() -> None:
    """Import every model, so that the tables of all rooms are known."""
    for path in sorted((ROOT / "coordinator").rglob("models.py")):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def migrate(revision: str = "head") -> None:
    """Bring the current app's database to a revision."""
    flask_migrate.upgrade(directory=str(ROOT / "migrations"), revision=revision)


def _bin(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    path = str(found[0]) if found else shutil.which(name)
    if path is None:
        raise RuntimeError(f"{name} not found: run `make test`, or apt-get install postgresql")
    return path


@dataclass(frozen=True, slots=True)
class Captured:
    """The tables of a database that differ from its template's, and where its sequences are."""

    rows: dict[str, bytes]
    sequences: dict[str, int | None]


class Postgres:
    """A server on a loopback port with its own data folder; it refuses to run as root, so as root
    it is run as the account `postgres`."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self._as_root = os.geteuid() == 0
        self._kept: dict[str, _Kept] = {}

    def _run(self, *command: str) -> None:
        if self._as_root:
            command = ("runuser", "-u", "postgres", "--", *command)
        done = subprocess.run(command, capture_output=True, text=True, cwd="/")
        if done.returncode:
            raise RuntimeError(f"{command}: {done.stdout}{done.stderr}")

    def start(self) -> None:
        """Create the cluster and start it; fsync is off, because nothing here must survive."""
        self.folder.mkdir()
        if self._as_root:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        data = str(self.folder / "data")
        self._run(_bin("initdb"), "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "-N")
        options = (
            f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off "
            "-c synchronous_commit=off -c full_page_writes=off -c max_wal_size=128MB "
            "-c max_connections=80"
        )
        self._run(
            _bin("pg_ctl"), "-D", data, "-o", options, "-w", "-l", str(self.folder / "log"), "start"
        )

    def stop(self) -> None:
        """Stop at once."""
        self._run(_bin("pg_ctl"), "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgresql://test@127.0.0.1:{self.port}/{name}"

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def create(self, name: str, template: str = "template0") -> None:
        """Create a database from a template."""
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop(self, name: str) -> None:
        """Drop a database, no matter who still holds it."""
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def fresh(self, template: str) -> str:
        """Return the name of a database that equals `template`, the same one at each call.

        Creating a database costs half a second of processor time, more than most tests; so it is
        made once, and afterwards only the tables that the last test changed are filled again. A
        test that changed the schema, the settings or the triggers gets a new database.
        """
        kept = self._kept.get(template)
        if kept is None or not kept.restore():
            name = template.replace("template", "test", 1)
            self.drop(name)
            self.create(name, template=template)
            kept = self._kept[template] = _Kept(name, self.url(name))
        return kept.name

    def captured(self, template: str) -> Captured:
        """Return what the last `fresh` database holds beyond its template."""
        return self._kept[template].capture()

    def is_changed(self, template: str) -> bool:
        """Say whether anything was written to the last `fresh` database."""
        return self._kept[template].is_changed()

    def put_in(self, template: str, captured: Captured) -> None:
        """Put what was captured into a `fresh` database that nobody has changed."""
        self._kept[template].put_in(captured)


# What a schema consists of: a row of a newer transaction says that it was changed.
_CATALOGS = ("pg_class", "pg_attribute", "pg_constraint", "pg_trigger", "pg_proc", "pg_type")
_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
AND backend_type = 'client backend'"""
_OWN_SETTINGS = """SELECT count(*) FROM pg_db_role_setting
WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))"""


class _Kept:
    """A database as it was when it was made, to be brought back to that state."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self._url = url
        with self._connect() as connection:
            self._tables = [
                str(table)
                for (table,) in connection.execute(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                )
            ]
            self._rows = {table: self._copy_out(connection, table) for table in self._tables}
            self._sequences = self._positions(connection)
            self._catalog_rows = self._schema(connection)[1]
            self._writes = self._written(connection)
            self._since = self._now(connection)

    def restore(self) -> bool:
        """Fill again what was changed; False if more than rows was changed."""
        with suppress(psycopg.OperationalError), self._connect() as connection:
            self._end_others(connection)
            if self._is_altered(connection):
                return False
            # Triggers and foreign keys rest meanwhile: some tables refuse every DELETE.
            connection.execute("SET session_replication_role = replica")
            for table in self._changed(connection):
                self._fill(connection, table, self._rows[table])
            self._set(connection, self._sequences)
            self._writes = self._written(connection)
            self._since = self._now(connection)
            return True
        return False

    def capture(self) -> Captured:
        """Return what was changed since the last `restore`."""
        with self._connect() as connection:
            self._end_others(connection)
            rows = {table: self._copy_out(connection, table) for table in self._changed(connection)}
            return Captured(rows, self._positions(connection))

    def is_changed(self) -> bool:
        """Say whether any row was written since the last `restore`."""
        with self._connect() as connection:
            self._end_others(connection)
            return bool(self._changed(connection))

    def put_in(self, captured: Captured) -> None:
        """Make the changes that were captured."""
        with self._connect() as connection:
            connection.execute("SET session_replication_role = replica")
            for table, rows in captured.rows.items():
                self._fill(connection, table, rows)
            self._set(connection, captured.sequences)

    @staticmethod
    def _end_others(connection: psycopg.Connection) -> None:
        while connection.execute(_OTHERS).fetchall():
            connection.commit()  # inside one transaction the list of others stays as it was

    def _changed(self, connection: psycopg.Connection) -> list[str]:
        writes = self._written(connection)
        if not writes:
            return self._tables
        return [table for table in self._tables if writes[table] != self._writes[table]]

    def _set(self, connection: psycopg.Connection, sequences: dict[str, int | None]) -> None:
        positions = self._positions(connection)
        moved = [name for name, position in positions.items() if position != sequences[name]]
        parts = [
            sql.SQL("setval({}, {}, {})").format(
                name, sequences[name] or 1, sequences[name] is not None
            )
            for name in moved
        ]
        if parts:
            connection.execute(sql.SQL("SELECT {}").format(sql.SQL(", ").join(parts)))

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self._url, options="-c default_transaction_read_only=off")

    def _is_altered(self, connection: psycopg.Connection) -> bool:
        newest, rows, settings = self._schema(connection)
        return newest >= self._since or rows != self._catalog_rows or settings > 0

    @staticmethod
    def _schema(connection: psycopg.Connection) -> tuple[int, int, int]:
        """The newest transaction that made an object, the number of objects (what was dropped has
        no row), and that of settings of the database."""
        rows = " UNION ALL ".join(f"SELECT xmin::text::bigint AS x FROM {c}" for c in _CATALOGS)
        query = f"SELECT max(x), count(*), ({_OWN_SETTINGS}) FROM ({rows}) AS found"
        return connection.execute(query).fetchone()  # type: ignore[call-overload]

    @staticmethod
    def _written(connection: psycopg.Connection) -> dict[str, int]:
        """How many rows of each table were ever added, changed or deleted: the server adds what a
        session did when it ends, or is asked to. Empty where the server is too old to be asked."""
        if connection.info.server_version < 150_000:
            return {}
        connection.commit()
        connection.execute("SELECT pg_stat_force_next_flush()")
        connection.commit()
        query = "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables"
        return dict(connection.execute(query).fetchall())

    @staticmethod
    def _positions(connection: psycopg.Connection) -> dict[str, int | None]:
        query = "SELECT quote_ident(sequencename), last_value FROM pg_sequences"
        return dict(connection.execute(query).fetchall())

    @staticmethod
    def _now(connection: psycopg.Connection) -> int:
        """Return the number that the next transaction will have, or a smaller one of this one."""
        connection.commit()
        (number,) = connection.execute("SELECT txid_current()").fetchone() or (0,)
        connection.commit()
        return int(number)

    @staticmethod
    def _copy_out(connection: psycopg.Connection, table: str) -> bytes:
        query = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
        with connection.cursor().copy(query) as copy:
            return b"".join(bytes(block) for block in copy)

    @staticmethod
    def _fill(connection: psycopg.Connection, table: str, rows: bytes) -> None:
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        if rows:
            query = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
            with connection.cursor().copy(query) as copy:
                copy.write(rows)
