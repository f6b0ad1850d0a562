"""`flask audit`: verify."""

import json
import sys

import click
from flask.cli import AppGroup

from coordinator.audit.service import broken_seals

audit_cli = AppGroup("audit", help="Jejak audit.")


@audit_cli.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Cetak sebagai JSON.")
def verify_command(as_json: bool) -> None:
    """Periksa rantai segel; menyebut catatan yang berubah atau hilang."""
    problems = broken_seals()
    if as_json:
        click.echo(json.dumps(problems, ensure_ascii=False))
    for problem in () if as_json else problems:
        click.echo(problem)
    if problems:
        sys.exit(1)
    if not as_json:
        click.echo("Rantai segel utuh.")
