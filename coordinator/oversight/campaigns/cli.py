"""`flask roles ask`: a campaign from the shell, for a mapping that was loaded there."""

import sys
from datetime import date

import click

from coordinator.clock import today
from coordinator.commandline import DAY
from coordinator.errors import DomainError, InvalidInput
from coordinator.mapping.versions.cli import CODE, roles_cli
from coordinator.oversight.campaigns import candidate_queries, service
from coordinator.oversight.campaigns.rules import CampaignScope
from coordinator.people.directory.queries import task_force_by_code
from coordinator.permissions import AccessKind, Viewer

__all__ = ["roles_cli"]

SCOPES = [CampaignScope.CHANGED, CampaignScope.ALL, CampaignScope.SILENT, CampaignScope.CONFIRM]


@roles_cli.command("ask")
@CODE
@click.option("--by", "target_on", type=DAY, required=True, help="Jawaban paling lambat.")
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in SCOPES]),
    default=CampaignScope.CHANGED.value,
    help="Siapa yang diminta menjawab.",
)
@click.option("--message", default="", help="Kalimat sendiri, dimuat di tiap email.")
@click.option("--dry-run", is_flag=True, help="Tunjukkan saja, tidak mengirim apa pun.")
def ask_command(code: str, target_on: date, scope: str, message: str, dry_run: bool) -> None:
    """Minta instansi menjawab uraian tugasnya: satu email, lalu pengingat sampai dijawab."""
    force = task_force_by_code(code)
    if force is None:
        click.echo(f"Tidak ada gugus tugas {code}.", err=True)
        sys.exit(1)
    by = Viewer(None, AccessKind.SECRETARIAT, task_force_id=force.id)
    try:
        service.check(target_on, message, today(force.zone))
    except InvalidInput as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    asked = candidate_queries.candidates(by, CampaignScope(scope), None)
    for one in asked:
        click.echo(f"{one.agency.abbreviation}: {one.open} tugas, {one.mails} email")
    if dry_run:
        click.echo(f"{len(asked)} instansi.")
        return
    try:
        service.start(service.NewCampaign(CampaignScope(scope), target_on, message=message), by=by)
    except DomainError as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    click.echo(f"Dimulai: {len(asked)} instansi, {sum(one.mails for one in asked)} email.")
