"""`flask mail` with `release`, which leaves its mark in the trail."""

import click
import flask

from coordinator.clock import local, now
from coordinator.errors import DomainError
from coordinator.platform.holding import service
from coordinator.platform.mail import queries
from coordinator.platform.mail.cli import mail_cli
from coordinator.platform.mail.rules import MailState
from coordinator.platform.operations.holding import hold
from coordinator.platform.operations.rules import HoldReason

STILL = {
    HoldReason.CLOCK: "jam server masih menahan. Jalankan perintah ini sekali lagi.",
    HoldReason.COPY: "jam sudah dipastikan, tetapi basis data ini salinan. Bila dipakai sungguhan, "
    "jalankan perintah ini sekali lagi.",
    HoldReason.SETTING: "MAIL_MODE=hold masih menahan semua email; ubah pengaturan itu.",
}


@mail_cli.command("release")
@click.option("--dry-run", is_flag=True, help="Tunjukkan apa yang akan dikirim, jangan lepas.")
def release_command(dry_run: bool) -> None:
    """Lepas email yang ditahan: jam server sudah benar, atau salinan ini dipakai sungguhan."""
    settings = flask.current_app.config["SETTINGS"]
    held = hold(settings)
    if held is None or held.reason is HoldReason.SETTING:
        click.echo("Tidak ada yang perlu dilepas di sini.")
        if held is not None:
            click.echo("MAIL_MODE=hold menahan semua email; ubah pengaturan itu.")
        return
    waiting = [row for row in queries.all_emails(100_000) if row.state is MailState.QUEUED]
    for row in waiting:
        click.echo(f"{row.to_address}  {row.subject}")
    if held.reason is HoldReason.CLOCK:
        click.echo(f"Jam server sekarang {_moment(now())}.")
        if held.seen_at and held.held_at:
            click.echo(f"Terakhir diketahui benar {_moment(held.seen_at)}.")
            click.echo(f"Saat ditahan jam menunjukkan {_moment(held.held_at)}.")
    if dry_run:
        click.echo(f"{len(waiting)} email akan dikirim setelah dilepas.")
        return
    try:
        if held.reason is HoldReason.CLOCK:
            service.confirm_clock(settings.data_dir, by=None)
        else:
            service.adopt_copy(settings.data_dir)
    except DomainError as error:  # somebody else was quicker
        click.echo(error.message)
        return
    still = hold(settings)
    if still is None:
        click.echo(f"{len(waiting)} email dilepas.")
    else:
        click.echo(f"Belum ada email yang dilepas: {STILL[still.reason]}")


def _moment(instant: object) -> str:
    return f"{local(instant):%d/%m/%Y %H.%M} WITA"  # type: ignore[arg-type]


__all__ = ["mail_cli"]
