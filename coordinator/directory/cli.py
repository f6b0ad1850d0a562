"""`flask directory`: days off."""

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from coordinator.directory import queries, service

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
