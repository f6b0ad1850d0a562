"""`flask plan`: check. `import` joins in `coordinator.planning.cli`."""

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

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
