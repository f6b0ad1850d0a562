"""`flask accounts import`, in addition to the other commands about accounts."""

import json
import sys
from pathlib import Path

import click

from coordinator.commandline import TASK_FORCE_CODE
from coordinator.errors import DomainError
from coordinator.people.accounts.cli import accounts_cli
from coordinator.people.directory import queries as directory
from coordinator.people.importing import exports, service
from coordinator.people.importing.labels import row_place
from coordinator.permissions import AccessKind, Viewer


@accounts_cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--task-force",
    "code",
    default="64",
    type=TASK_FORCE_CODE,
    show_default=True,
    help="Kode Kemendagri.",
)
@click.option("--dry-run", is_flag=True, help="Periksa saja.")
@click.option("--json", "as_json", is_flag=True, help="Cetak sebagai JSON.")
def import_command(file: Path, code: str, dry_run: bool, as_json: bool) -> None:
    """Masukkan daftar orang (XLSX, ODS, CSV); baris yang salah dilewati dan dicetak."""
    force = directory.task_force_by_code(code)
    if force is None:
        click.echo(f"Gugus tugas {code} tidak ada.", err=True)
        sys.exit(1)
    viewer = Viewer(None, AccessKind.SECRETARIAT, force.id, zone=force.zone)
    try:
        listed = service.read(file.read_bytes(), by=viewer)
    except DomainError as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    rows = listed.rows
    judged = service.judge(rows, {}, by=viewer)
    errors = exports.error_rows(judged)
    counts = {
        verdict.value: sum(found.verdict is verdict for found in judged)
        for verdict in service.RowEffect
    }
    if not dry_run:
        counts = service.apply_rows(rows, {}, by=viewer)
    if as_json:
        answer = {**counts, "errors": errors, "said": listed.said}
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        for sentence in listed.said:
            click.echo(sentence, err=True)
        for error_row in errors:
            place = row_place(str(error_row["sheet"]), int(error_row["row"]))
            click.echo(f"{place}, {error_row['column']}: {error_row['reason']}", err=True)
        click.echo(
            f"{counts['new']} baru, {counts['changed']} diperbarui, "
            f"{counts['same']} sudah ada, {counts['asked']} perlu dijawab di layar, "
            f"{counts['error']} galat."
        )
    if errors:
        sys.exit(1)
