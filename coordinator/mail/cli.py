"""`flask mail`: list, resend, release."""

import json
import sys

import click
import flask
from flask.cli import AppGroup

from coordinator.mail import queries, service
from coordinator.mail.rules import MailState
from coordinator.operations.service import adopt, is_copy

mail_cli = AppGroup("mail", help="Surel keluar.")


@mail_cli.command("list")
@click.option("--json", "as_json", is_flag=True, help="Cetak sebagai JSON.")
@click.option("--most", default=500, show_default=True, help="Paling banyak berapa.")
def list_command(as_json: bool, most: int) -> None:
    """Daftar surel keluar, terbaru dahulu."""
    rows = [
        {
            "key": row.key,
            "message_id": row.message_id,
            "to": row.to_address,
            "subject": row.subject,
            "state": row.state.value,
            "attempts": row.attempts,
            "queued_at": row.queued_at.isoformat(),
            "sent_at": row.sent_at.isoformat() if row.sent_at else None,
            "answer": row.answer,
        }
        for row in queries.all_emails(most)
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['state']:9} {row['to']}  {row['subject']}")


@mail_cli.command("resend")
@click.argument("key")
def resend_command(key: str) -> None:
    """Antrekan lagi surel yang gagal."""
    row = next((r for r in queries.all_emails(100_000) if r.key == key), None)
    if row is None or not service.send_again(row.id):
        click.echo("Tidak ada surel gagal dengan kunci itu.", err=True)
        sys.exit(1)
    click.echo("Diantrekan lagi.")


@mail_cli.command("release")
@click.option("--dry-run", is_flag=True, help="Tunjukkan apa yang akan dikirim, jangan lepas.")
def release_command(dry_run: bool) -> None:
    """Lepas surel yang ditahan karena basis data ini salinan."""
    data_dir = flask.current_app.config["SETTINGS"].data_dir
    if not is_copy(data_dir):
        click.echo("Pemasangan ini bukan salinan; tidak ada yang ditahan.")
        return
    waiting = [row for row in queries.all_emails(100_000) if row.state is MailState.QUEUED]
    for row in waiting:
        click.echo(f"{row.to_address}  {row.subject}")
    if dry_run:
        click.echo(f"{len(waiting)} surel akan dikirim setelah dilepas.")
        return
    adopt(data_dir)
    click.echo(f"{len(waiting)} surel dilepas.")
