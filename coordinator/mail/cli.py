"""`flask mail`: list, resend, bounce; `release` is in `holding.cli`."""

import json
import sys
from typing import BinaryIO

import click
from flask.cli import AppGroup

from coordinator.clock import now
from coordinator.commandline import ADDRESS
from coordinator.mail import queries, service
from coordinator.mail.bounces import bounced_addresses
from coordinator.mail.rules import BounceKind

mail_cli = AppGroup("mail", help="Surel keluar.")


@mail_cli.command("list")
@click.option("--json", "as_json", is_flag=True, help="Cetak sebagai JSON.")
@click.option(
    "--most", default=500, type=click.IntRange(1), show_default=True, help="Paling banyak berapa."
)
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


@mail_cli.command("bounce")
@click.argument("address", required=False, type=ADDRESS)
@click.option("--hard/--soft", "is_hard", default=True, help="Untuk seterusnya, atau sementara.")
@click.option("--clear", is_flag=True, help="Alamat sudah diperbaiki: kirim lagi ke sana.")
@click.option("--dsn", type=click.File("rb"), help="Baca laporan pantulan (RFC 3464); - masukan.")
@click.option("--dry-run", is_flag=True, help="Tunjukkan saja.")
@click.option("--json", "as_json", is_flag=True, help="Cetak sebagai JSON.")
def bounce_command(
    address: str | None,
    is_hard: bool,
    clear: bool,
    dsn: BinaryIO | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Catat surel yang kembali; satu --hard atau lima --soft sebulan menghentikan kiriman.

    Alamat yang tidak pernah disurati tidak dicatat.
    """
    if (address is None) == (dsn is None):
        raise click.UsageError("Beri satu ALAMAT, atau --dsn BERKAS.")
    if dsn is not None:
        found = bounced_addresses(dsn.read(5_000_000))
        if not found:
            click.echo("Tidak ada alamat gagal dalam laporan ini.", err=True)
            sys.exit(1)
    else:
        found = [(str(address), BounceKind.HARD if is_hard else BounceKind.SOFT, "")]
    known = queries.written_to([each for each, _kind, _answer in found])
    strangers = [each for each, _kind, _answer in found if each.casefold() not in known]
    found = [one for one in found if one[0].casefold() in known]
    for each in strangers:
        click.echo(f"{each}: tidak pernah disurati dari sini, tidak dicatat.", err=True)
    for each, kind, answer in () if dry_run else found:
        if clear:
            service.clear_bounces(each)
        else:
            service.note_bounce(each, kind, answer=answer)
    stopped = queries.unreachable([each for each, _kind, _answer in found], now())
    rows = [
        {"address": each, "kind": kind.value, "stopped": each.casefold() in stopped}
        for each, kind, _answer in found
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
    for row in () if as_json else rows:
        click.echo(f"{row['address']}  {'dihentikan' if row['stopped'] else 'masih dikirimi'}")
    if strangers:
        sys.exit(1)
