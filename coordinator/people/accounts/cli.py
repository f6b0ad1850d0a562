"""`flask accounts`: invite, disable, reset."""

import sys

import click
import flask
from flask.cli import AppGroup

from coordinator.commandline import ADDRESS, TASK_FORCE_CODE
from coordinator.errors import DomainError
from coordinator.people.accounts import queries, service
from coordinator.people.accounts.rules import normal_email
from coordinator.people.directory import queries as directory
from coordinator.permissions import AccessKind, Viewer

accounts_cli = AppGroup("accounts", help="Akun dan akses.")


def _link(token: str) -> str:
    return f"{flask.current_app.config['SETTINGS'].base_url}/undangan/{token}"


@accounts_cli.command("invite")
@click.option("--email", required=True, type=ADDRESS, help="Alamat email.")
@click.option("--name", default="", help="Nama atau jabatan.")
@click.option("--access", required=True, type=click.Choice([k.value for k in AccessKind]))
@click.option(
    "--task-force",
    "code",
    default="64",
    type=TASK_FORCE_CODE,
    show_default=True,
    help="Kode Kemendagri.",
)
@click.option("--agency", default="", help="Slug instansi, untuk focal_point dan agency_head.")
@click.option("--alternate", is_flag=True, help="Sebagai pengganti.")
@click.option("--dry-run", is_flag=True, help="Periksa saja.")
def invite_command(
    email: str, name: str, access: str, code: str, agency: str, alternate: bool, dry_run: bool
) -> None:
    """Undang seseorang; mencetak tautan sekali pakai, juga tanpa email."""
    kind = AccessKind(access)
    force = directory.task_force_by_code(code)
    if force is None and kind is not AccessKind.ADMINISTRATOR:
        click.echo(f"Gugus tugas {code} tidak ada.", err=True)
        sys.exit(1)
    viewer = Viewer(None, AccessKind.SECRETARIAT, force.id if force else None)
    found = directory.agency_by_slug(viewer, agency) if agency else None
    if agency and found is None:
        click.echo(f"Instansi {agency} tidak ada di gugus tugas {code}.", err=True)
        sys.exit(1)
    person = service.NewPerson(
        email=email,
        name=name or email,
        kind=kind,
        task_force_id=force.id if force and kind is not AccessKind.ADMINISTRATOR else None,
        agency_id=found.id if found else None,
        is_alternate=alternate,
    )
    if dry_run:
        click.echo(f"{email} akan diundang sebagai {access}.")
        return
    try:
        _account, token = service.invite(
            person, by=None, secret_key=flask.current_app.config["SECRET_KEY"]
        )
    except DomainError as error:
        click.echo(error.message or str(error), err=True)
        sys.exit(1)
    click.echo(_link(token))


def _account_id(email: str) -> int:
    account = queries.account_by_email(normal_email(email))
    if account is None:
        click.echo(f"Akun {email} tidak ada.", err=True)
        sys.exit(1)
    return account.id


@accounts_cli.command("disable")
@click.argument("email")
def disable_command(email: str) -> None:
    """Tutup akun; semua sesinya berakhir."""
    service.disable(_account_id(email), by=None)
    click.echo(f"Akun {email} ditutup.")


@accounts_cli.command("reset")
@click.argument("email")
def reset_command(email: str) -> None:
    """Cetak (dan kirim) tautan untuk kata sandi baru, berlaku 30 menit."""
    token = service.send_reset(
        _account_id(email), by=None, secret_key=flask.current_app.config["SECRET_KEY"]
    )
    click.echo(_link(token))
