"""`flask roles`: check, load."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from coordinator.roles import service
from coordinator.roles.seed import check
from coordinator.seedfile import Finding

roles_cli = AppGroup("roles", help="Pemetaan pokja dan uraian tugas.")
FILE = click.argument("file", type=click.Path(path_type=Path))


def _print(findings: list[Finding], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([f.as_dict() for f in findings], ensure_ascii=False))
        return
    for finding in findings:
        click.echo(f"{finding.severity}: {finding}", err=True)


@roles_cli.command("check")
@FILE
@click.option("--json", "as_json", is_flag=True, help="Cetak temuan sebagai JSON.")
def check_command(file: Path, as_json: bool) -> None:
    """Periksa berkas pemetaan tanpa menyentuh basis data."""
    mapping, findings = check(file)
    _print(findings, as_json)
    if mapping is None:
        sys.exit(1)
    if not as_json:
        click.echo(
            f"{len(mapping.agencies)} instansi, {len(mapping.memberships)} keanggotaan, "
            f"{len(mapping.duties)} uraian tugas: dapat dimuat."
        )


@roles_cli.command("load")
@FILE
@click.option("--effective-on", type=click.DateTime(["%Y-%m-%d"]), help="Mulai berlaku.")
@click.option("--reason", default="Dimuat dari berkas", help="Alasan versi ini.")
@click.option("--dry-run", is_flag=True, help="Periksa saja.")
def load_command(file: Path, effective_on: datetime | None, reason: str, dry_run: bool) -> None:
    """Muat berkas pemetaan sebagai versi baru. Berkas yang keliru tidak mengubah apa pun."""
    mapping, findings = check(file)
    _print(findings, False)
    if mapping is None:
        sys.exit(1)
    if dry_run:
        click.echo("Berkas dapat dimuat; tidak ada yang diubah.")
        return
    done = service.load_mapping(
        mapping,
        by=None,
        reason=reason,
        effective_on=effective_on.date() if effective_on else None,
    )
    state = "diterbitkan" if done.is_new else "sudah berlaku, tidak ada perubahan"
    click.echo(f"Versi {done.number} {state}: {done.duties} uraian tugas.")
