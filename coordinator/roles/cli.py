"""`flask roles`: check, load."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from coordinator.roles import service
from coordinator.roles.lint import check
from coordinator.roles.seed import Mapping
from coordinator.seedfile import Finding

roles_cli = AppGroup("roles", help="Pemetaan pokja dan uraian tugas.")
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
DAY = click.DateTime(["%Y-%m-%d"])


@roles_cli.command("check")
@FILE
@click.option("--on", type=DAY, help="Hari berlakunya pasal yang dikutip; bila kosong, hari ini.")
@click.option("--json", "as_json", is_flag=True, help="Cetak temuan sebagai JSON.")
def check_command(file: Path, on: datetime | None, as_json: bool) -> None:
    """Periksa berkas pemetaan tanpa menyentuh basis data."""
    mapping, findings = check(file, on.date() if on else None)
    if as_json:
        click.echo(json.dumps([f.as_dict() for f in findings], ensure_ascii=False, indent=2))
    else:
        _say(mapping, findings)
    if mapping is None:
        sys.exit(1)


def _say(mapping: Mapping | None, findings: list[Finding]) -> None:
    for finding in findings:
        click.echo(str(finding))
    errors = sum(finding.severity == "error" for finding in findings)
    counts = f"{errors} galat, {len(findings) - errors} peringatan"
    if mapping is None:
        click.echo(f"{counts}: tidak dapat dimuat.")
        return
    click.echo(
        f"{counts}; {len(mapping.agencies)} instansi, {len(mapping.memberships)} keanggotaan, "
        f"{len(mapping.duties)} uraian tugas: dapat dimuat."
    )


@roles_cli.command("load")
@FILE
@click.option("--effective-on", type=DAY, help="Mulai berlaku.")
@click.option("--reason", default="Dimuat dari berkas", help="Alasan versi ini.")
@click.option("--dry-run", is_flag=True, help="Periksa saja.")
def load_command(file: Path, effective_on: datetime | None, reason: str, dry_run: bool) -> None:
    """Muat berkas pemetaan sebagai versi baru. Berkas yang keliru tidak mengubah apa pun."""
    effective = effective_on.date() if effective_on else None
    mapping, findings = check(file, effective)
    for finding in findings:
        click.echo(str(finding), err=True)
    if mapping is None:
        sys.exit(1)
    if dry_run:
        click.echo("Berkas dapat dimuat; tidak ada yang diubah.")
        return
    done = service.load_mapping(
        mapping,
        by=None,
        reason=reason,
        effective_on=effective,
    )
    state = "diterbitkan" if done.is_new else "sudah berlaku, tidak ada perubahan"
    click.echo(f"Versi {done.number} {state}: {done.duties} uraian tugas.")
