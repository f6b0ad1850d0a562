"""`flask plan`: check, import."""

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from coordinator.errors import Conflict
from coordinator.plan import service
from coordinator.plan.seed import check

plan_cli = AppGroup("plan", help="Rencana aksi.")
FILE = click.argument("file", type=click.Path(path_type=Path))


@plan_cli.command("check")
@FILE
@click.option("--json", "as_json", is_flag=True, help="Cetak temuan sebagai JSON.")
def check_command(file: Path, as_json: bool) -> None:
    """Periksa berkas rencana tanpa menyentuh basis data."""
    plan, findings = check(file)
    if as_json:
        click.echo(json.dumps([f.as_dict() for f in findings], ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(str(finding), err=True)
    if plan is None:
        sys.exit(1)
    if not as_json:
        click.echo(f"{len(plan.actions)} aksi: dapat dimuat.")


@plan_cli.command("import")
@FILE
@click.option("--dry-run", is_flag=True, help="Periksa saja.")
def import_command(file: Path, dry_run: bool) -> None:
    """Muat berkas rencana (YAML)."""
    plan, findings = check(file)
    for finding in findings:
        click.echo(str(finding), err=True)
    if plan is None:
        sys.exit(1)
    if dry_run:
        click.echo("Berkas dapat dimuat; tidak ada yang diubah.")
        return
    try:
        is_new = service.load_plan(plan, by=None)
    except Conflict as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    click.echo(
        f"{len(plan.actions)} aksi dimuat." if is_new else "Sudah dimuat, tidak ada perubahan."
    )
