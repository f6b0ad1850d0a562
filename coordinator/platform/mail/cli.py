"""`flask mail`: list, resend, bounce; `release` is in `holding.cli`."""

import json
import sys
from collections.abc import Collection
from typing import BinaryIO

import click
from flask.cli import AppGroup

from coordinator.clock import now
from coordinator.commandline import ADDRESS
from coordinator.platform.mail import queries, service
from coordinator.platform.mail.bounces import MOST_BYTES
from coordinator.platform.mail.reports import Effect, MailReading, take_report
from coordinator.platform.mail.rules import BounceKind

mail_cli = AppGroup("mail", help="Email keluar.")


@mail_cli.command("list")
@click.option("--json", "as_json", is_flag=True, help="Cetak sebagai JSON.")
@click.option(
    "--most", default=500, type=click.IntRange(1), show_default=True, help="Paling banyak berapa."
)
def list_command(as_json: bool, most: int) -> None:
    """Daftar email keluar, terbaru dahulu."""
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
    """Antrekan lagi email yang gagal."""
    row = next((r for r in queries.all_emails(100_000) if r.key == key), None)
    if row is None or not service.send_again(row.id):
        click.echo("Tidak ada email gagal dengan kunci itu.", err=True)
        sys.exit(1)
    click.echo("Diantrekan lagi.")


@mail_cli.command("bounce")
@click.argument("address", required=False, type=ADDRESS)
@click.option("--hard/--soft", "is_hard", default=True, help="Untuk seterusnya, atau sementara.")
@click.option("--clear", is_flag=True, help="Alamat sudah diperbaiki: kirim lagi ke sana.")
@click.option("--dsn", type=click.File("rb"), help="Baca email yang kembali; - masukan.")
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
    """Catat email yang kembali; satu --hard atau lima --soft sebulan menghentikan kiriman.

    Alamat yang tidak pernah disurati tidak dicatat. Balasan server yang tidak jelas menghentikan
    apa pun: ia menunggu dibaca orang di halaman Email keluar.

    Kode keluar: 0 tercatat; 1 tidak ada yang dicatat, atau ada alamat yang tidak pernah disurati;
    2 perintah salah tulis.
    """
    if (address is None) == (dsn is None) or (dsn is not None and clear):
        raise click.UsageError("Beri satu ALAMAT, atau --dsn BERKAS tanpa --clear.")
    if dsn is not None:
        _take_file(dsn, dry_run=dry_run, as_json=as_json)
        return
    given = str(address)
    if not queries.written_to([given]):
        _say_stranger(given)
        sys.exit(1)
    kind = BounceKind.HARD if is_hard else BounceKind.SOFT
    if clear and not dry_run:
        service.clear_bounces(given)
    elif not dry_run:
        service.note_bounce(given, kind, email_id=queries.came_back(given))
    _print([(given, kind.value)], as_json=as_json)


def _take_file(dsn: BinaryIO, *, dry_run: bool, as_json: bool) -> None:
    reading, outcomes = take_report(dsn.read(MOST_BYTES), dry_run=dry_run)
    if reading is not MailReading.REPORT:
        click.echo(
            "Berkas ini terlalu rumit atau rusak untuk dibaca. Tidak ada yang dicatat."
            if reading is MailReading.UNREADABLE
            else "Tidak ada alamat gagal dalam laporan ini.",
            err=True,
        )
        sys.exit(1)
    strangers = [one for one in outcomes if one.effect is Effect.STRANGER]
    for one in strangers:
        _say_stranger(one.address)
    _print(
        [(one.address, one.effect.value) for one in outcomes if one not in strangers],
        as_json=as_json,
        refused={one.address for one in outcomes if one.is_policy},
    )
    if strangers:
        sys.exit(1)


def _say_stranger(address: str) -> None:
    click.echo(f"{address}: tidak pernah disurati dari sini, tidak dicatat.", err=True)


def _print(found: list[tuple[str, str]], *, as_json: bool, refused: Collection[str] = ()) -> None:
    stopped = queries.unreachable([address for address, _kind in found], now())
    rows = [
        {"address": address, "kind": kind, "stopped": address.casefold() in stopped}
        for address, kind in found
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        word = "dihentikan" if row["stopped"] else "masih dikirimi"
        if row["kind"] == Effect.UNCLEAR.value:
            word += "; balasan server tidak jelas, baca di halaman Email keluar"
        elif row["address"] in refused:
            word += "; ditolak sebagai spam atau oleh kebijakan, baca di halaman Email keluar"
        click.echo(f"{row['address'] or '(alamat tidak disebut)'}  {word}")
