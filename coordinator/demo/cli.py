"""`flask demo`: load, remove, accounts."""

import json
import sys
from dataclasses import asdict

import click
import flask
from flask.cli import AppGroup

from coordinator.demo import removal, service
from coordinator.errors import DomainError

demo_cli = AppGroup("demo", help="Data contoh untuk mencoba.")


def _require_local() -> None:
    if not flask.current_app.config["SETTINGS"].is_local:
        click.echo(
            "Akun contoh punya kata sandi yang diketahui umum: hanya untuk loopback.", err=True
        )
        sys.exit(1)


@demo_cli.command("load")
def load_command() -> None:
    """Muat data contoh (akun, penugasan, laporan) ke basis data ini."""
    _require_local()
    try:
        service.load_demo()
    except DomainError as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    click.echo("Data contoh dimuat.")


@demo_cli.command("remove")
def remove_command() -> None:
    """Hapus semua data contoh dan apa pun yang dibuat dengan akun contoh."""
    count = removal.remove_demo()
    removal.remove_orphaned_files()
    removal.remove_backup()
    click.echo(f"Data contoh dihapus: {count} akun.")


@demo_cli.command("accounts")
@click.option("--json", "as_json", is_flag=True, help="Cetak sebagai JSON.")
def accounts_command(as_json: bool) -> None:
    """Daftar akun contoh dengan kata sandinya."""
    rows = service.demo_accounts()
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows]))
        return
    for row in rows:
        click.echo(f"{row.email:40} {row.access:14} {row.agency or ''}")
