"""`flask roles check`; `diff`, `load` and `export` are added by `coordinator.publication.cli`."""

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from coordinator.roles.seed import check
from coordinator.seedfile import Finding

roles_cli = AppGroup("roles", help="Pemetaan pokja dan uraian tugas.")
FILE = click.argument("file", type=click.Path(path_type=Path))


def print_findings(findings: list[Finding], as_json: bool) -> None:
    """Print findings: as one JSON list, or a line each on standard error."""
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
    print_findings(findings, as_json)
    if mapping is None:
        sys.exit(1)
    if not as_json:
        click.echo(
            f"{len(mapping.agencies)} instansi, {len(mapping.memberships)} keanggotaan, "
            f"{len(mapping.duties)} uraian tugas: dapat dimuat."
        )
