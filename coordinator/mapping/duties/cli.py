"""`flask roles check`; `mapping.versions.cli` adds `diff`, `load` and `export`."""

import json
import sys
from datetime import date
from pathlib import Path

import click
from flask.cli import AppGroup

from coordinator.commandline import DAY
from coordinator.mapping.duties.lint import check
from coordinator.mapping.duties.seed import Mapping
from coordinator.platform.yaml_files import YamlFinding

roles_cli = AppGroup("roles", help="Pemetaan pokja dan uraian tugas.")
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


def print_findings(findings: list[YamlFinding]) -> None:
    """Print findings on standard error, a line each: what a command found before it goes on."""
    for finding in findings:
        click.echo(str(finding), err=True)


@roles_cli.command("check")
@FILE
@click.option("--on", type=DAY, help="Hari berlakunya pasal yang dikutip; bila kosong, hari ini.")
@click.option("--json", "as_json", is_flag=True, help="Cetak temuan sebagai JSON.")
def check_command(file: Path, on: date | None, as_json: bool) -> None:
    """Periksa berkas pemetaan tanpa menyentuh basis data."""
    mapping, findings = check(file, on)
    if as_json:
        click.echo(json.dumps([f.as_dict() for f in findings], ensure_ascii=False, indent=2))
    else:
        _say(mapping, findings)
    if mapping is None:
        sys.exit(1)


def _say(mapping: Mapping | None, findings: list[YamlFinding]) -> None:
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
