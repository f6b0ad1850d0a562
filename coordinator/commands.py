"""The `flask` commands, loaded when called: the web process does not load their libraries.

The lazy group is the recipe of Click's documentation: Click has no class for it.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import flask
import sqlalchemy as sa
from flask.cli import ScriptInfo
from sqlalchemy.exc import DBAPIError

import config
from coordinator.db import db

# name -> (module:object, one line for `flask --help`)
COMMANDS = {
    "roles": ("coordinator.oversight.campaigns.cli:roles_cli", "Pemetaan pokja dan uraian tugas."),
    "plan": ("coordinator.plans.versions.cli:plan_cli", "Rencana aksi."),
    "accounts": ("coordinator.people.importing.cli:accounts_cli", "Akun dan akses."),
    "directory": (
        "coordinator.people.directory.cli:directory_cli",
        "Gugus tugas, instansi, hari libur.",
    ),
    "jobs": ("coordinator.scheduler:jobs_cli", "Pekerjaan terjadwal."),
    "mail": ("coordinator.platform.holding.cli:mail_cli", "Email keluar."),
    "backup": ("coordinator.platform.operations.cli:backup_cli", "Cadangan dan pemulihan."),
    "audit": ("coordinator.platform.audit.cli:audit_cli", "Jejak audit."),
    "demo": ("coordinator.demo.cli:demo_cli", "Data contoh untuk mencoba."),
    "doctor": ("coordinator.platform.operations.cli:doctor", "Periksa kesehatan pemasangan ini."),
    "db": ("flask_migrate.cli:db", "Skema basis data (Alembic)."),
    "prepare": ("coordinator.preparation:prepare", "Isi basis data yang masih kosong."),
}


class LateCommand(click.Command):
    """A placeholder for a command or group until it is called."""

    def __init__(self, name: str, target: str, help_text: str) -> None:
        super().__init__(name, help=help_text, short_help=help_text)
        self._target = target

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Load the real command and delegate to it."""
        module, _, attribute = self._target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        context = command.make_context(info_name, args, parent, **extra)
        context.with_resource(_installed(context))
        return context


@contextmanager
def _installed(context: click.Context) -> Iterator[None]:
    """If a command fails because nothing is installed here, say so and how to start."""
    try:
        yield
    except DBAPIError:
        app = context.ensure_object(ScriptInfo).load_app()
        with app.app_context():
            if sa.inspect(db.engine).get_table_names():
                raise
        where = app.config["SETTINGS"].data_dir
        sys.exit(
            f"Belum ada pemasangan di DATA_DIR {where}: jalankan make run lebih dahulu, atau tulis "
            "DATA_DIR=... (dan DATABASE_URL=...) yang sama di depan perintah ini."
        )


class LateMigrate:
    """A placeholder for Flask-Migrate until a command migrates.

    Alembic would cost the web process 60 modules at start, and memory.
    """

    def __init__(self, app: flask.Flask) -> None:
        self._app = app

    @property
    def migrate(self) -> Any:
        """Load Flask-Migrate, which takes this one's place, and hand over to it."""
        migrations = str(config.ROOT / "migrations")
        return importlib.import_module("flask_migrate").Migrate(
            self._app, db, directory=migrations, render_as_batch=True
        )


def register(app: flask.Flask) -> None:
    """Make every command known to `flask`."""
    app.extensions["migrate"] = LateMigrate(app)
    for name, (target, help_text) in COMMANDS.items():
        app.cli.add_command(LateCommand(name, target, help_text))
