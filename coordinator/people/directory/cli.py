"""`flask directory`: days off."""

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from coordinator.child import ChildFailed
from coordinator.people.directory import queries, service
from coordinator.people.directory.holidays import compare_with_library

directory_cli = AppGroup("directory", help="Gugus tugas, instansi, hari libur.")
holidays_cli = AppGroup("holidays", help="Tabel hari libur dan cuti bersama.")
directory_cli.add_command(holidays_cli)


@holidays_cli.command("load")
@click.argument("file", type=click.Path(path_type=Path))
def load_command(file: Path) -> None:
    """Tambahkan hari libur dari berkas; yang sudah ada tidak diubah."""
    count = service.load_holidays(service.read_holidays(file))
    click.echo(f"{count} hari ditambahkan.")


@holidays_cli.command("list")
@click.argument("year", type=int)
@click.option("--json", "as_json", is_flag=True, help="Cetak sebagai JSON.")
def list_command(year: int, as_json: bool) -> None:
    """Daftar hari libur satu tahun."""
    rows = queries.holidays_of(year)
    if as_json:
        click.echo(
            json.dumps(
                [{"on": r.on.isoformat(), "name": r.name, "kind": r.kind.value} for r in rows],
                ensure_ascii=False,
            )
        )
        return
    for row in rows:
        click.echo(f"{row.on} {row.name}")


WHAT = {
    "missing": "ada di pustaka, tidak ada di tabel",
    "extra": "ada di tabel, tidak ada di pustaka",
    "kind": "jenisnya berbeda",
}


@holidays_cli.command("check")
@click.argument("year", type=click.IntRange(1945, 2200))
@click.option("--json", "as_json", is_flag=True, help="Cetak sebagai JSON.")
def check_command(year: int, as_json: bool) -> None:
    """Bandingkan tabel satu tahun dengan pustaka `holidays`. Kode keluar 1 bila berbeda."""
    try:
        found = compare_with_library(year)
    except ChildFailed as error:
        raise click.ClickException(f"Pustaka holidays tidak menjawab: {error}") from error
    if as_json:
        rows = [
            {"on": one.on.isoformat(), "difference": one.what, "name": one.name}
            for one in found.differences
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for one in found.differences:
            click.echo(f"{one.on} {one.name}: {WHAT[one.what]}")
        click.echo(f"{len(found.differences)} perbedaan pada {year}.")
        if not found.knows_joint_leave:
            click.echo("Pustaka belum punya cuti bersama tahun itu; cocokkan dengan SKB.")
    if found.differences:
        sys.exit(1)
