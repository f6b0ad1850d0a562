"""`flask mail`: list, resend."""

import json
import sys

import click
from flask.cli import AppGroup

from coordinator.mail import queries, service

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
