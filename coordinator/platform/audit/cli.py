"""`flask audit`: verify, adopt-head."""

import json
import re
import sys

import click
import flask
from flask.cli import AppGroup

from coordinator.platform.audit import chain, service

audit_cli = AppGroup("audit", help="Jejak audit.")
HEAD = re.compile(r"[0-9a-f]{12,64}")


class _HeadOfMail(click.ParamType[str]):
    """A head as a mail shows it: hexadecimal digits, with or without spaces and dashes."""

    name = "sidik"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the digits."""
        digits = re.sub(r"[\s-]", "", value).lower()
        if not HEAD.fullmatch(digits):
            self.fail("Tulis sidik dari email: 12 sampai 64 angka dan huruf a-f.", param, ctx)
        return digits


@audit_cli.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Cetak sebagai JSON.")
@click.option("--head", "wanted", type=_HeadOfMail(), help="Sidik kepala dari email mingguan.")
def verify_command(as_json: bool, wanted: str | None) -> None:
    """Periksa rantai segel; bandingkan ujungnya dengan kepala di luar basis data."""
    settings = flask.current_app.config["SETTINGS"]
    found = chain.examine(settings.data_dir, flask.current_app.config["SECRET_KEY"])
    link = chain.find(found, wanted) if wanted else None
    if wanted and link is None:
        found.problems.append("Rantai tidak memuat kepala dengan sidik itu.")
    elif link is not None:
        found.notices.append(
            f"Rantai memuat kepala itu: {chain.in_words(link.mark)}, disegel "
            f"{chain.moment(link.at)}."
        )
    newest = found.newest
    if as_json:
        mark = newest.mark.to_plain() if newest else None
        answer = {"ok": not found.problems, "problems": found.problems, "notices": found.notices}
        click.echo(json.dumps(answer | {"chain": mark}, ensure_ascii=False))
    else:
        for line in (*found.problems, *found.notices):
            click.echo(line)
        if not found.problems:
            click.echo("Rantai segel utuh.")
            end = f"Ujungnya: {chain.in_words(newest.mark)}." if newest else "Belum ada segel."
            click.echo(end)
    if found.problems:
        sys.exit(1)


@audit_cli.command("adopt-head")
@click.option("--dry-run", is_flag=True, help="Tunjukkan saja.")
def adopt_head_command(dry_run: bool) -> None:
    """Terima rantai yang ada sebagai yang benar: sesudah pg_restore, atau SECRET_KEY baru."""
    settings = flask.current_app.config["SETTINGS"]
    secret_key = flask.current_app.config["SECRET_KEY"]
    mark = service.newest_mark() if dry_run else service.adopt_head(settings.data_dir, secret_key)
    if mark is None:
        click.echo("Belum ada segel: tidak ada yang dapat diterima.", err=True)
        sys.exit(1)
    click.echo(f"{'Akan diterima' if dry_run else 'Kepala sekarang'}: {chain.in_words(mark)}.")
