"""Starting a real PostgreSQL for the tests, and other helpers that are no fixtures."""

import os
import pwd
import shutil
import socket
import subprocess
from pathlib import Path

import flask_migrate
import psycopg

ROOT = Path(__file__).resolve().parent.parent


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


class Postgres:
    """A server on a loopback port with its own data folder; it refuses to run as root, so as root
    it is run as the account `postgres`."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self._as_root = os.geteuid() == 0

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
            "-c synchronous_commit=off -c full_page_writes=off -c max_connections=80"
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
        """Drop a database, whoever still holds it."""
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
