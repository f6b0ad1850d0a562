"""`flask plan`: check, template. `import` joins in `coordinator.planning.cli`."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from coordinator.commandline import TASK_FORCE_CODE
from coordinator.directory.queries import root_task_force, task_force_by_code
from coordinator.permissions import AccessKind, Viewer
from coordinator.plan.importing import queries, reading
from coordinator.plan.importing.shapes import Problem, Reading
from coordinator.plan.importing.template import template
from coordinator.seedfile.findings import SEVERITY_WORDS

plan_cli = AppGroup("plan", help="Rencana aksi.")
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
NEW_FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
TASK_FORCE = click.option(
    "--task-force", "code", type=TASK_FORCE_CODE, help="Kode gugus tugas; bila kosong, provinsi."
)


def _viewer(code: str | None) -> Viewer:
    """Return whoever runs the shell as the secretariat of a task force: names are read its way."""
    force = task_force_by_code(code) if code else root_task_force()
    if force is None:
        raise click.BadParameter("Gugus tugas itu tidak ada.", param_hint="--task-force")
    return Viewer(None, AccessKind.SECRETARIAT, task_force_id=force.id)


def _line(name: str, problem: Problem) -> str:
    cell = f"{problem.column or ''}{problem.row or ''}"
    place = ":".join(filter(None, (name, problem.sheet, cell)))
    value = f" (“{problem.value}”)" if problem.value else ""
    return f"{place}: {SEVERITY_WORDS[problem.severity]}: {problem.message}{value}"


def _say(name: str, found: Reading) -> None:
    for problem in found.problems:
        click.echo(_line(name, problem), err=True)
    unknown = [("instansi", one) for one in found.unknown_agencies]
    unknown += [("pokja untuk strategi atau nama", one) for one in found.unknown_working_groups]
    for what, one in unknown:
        rows = ", ".join(map(str, one.rows[:5]))
        near = "; ".join(f"{hint.name} ({hint.key})" for hint in one.suggestions) or "tidak ada"
        click.echo(
            f"{name}: baris {rows}: {what} “{one.text}” tidak dikenal; mungkin: {near}", err=True
        )


@plan_cli.command("check")
@FILE
@TASK_FORCE
@click.option("--json", "as_json", is_flag=True, help="Cetak hasil bacaan sebagai JSON.")
def check_command(file: Path, code: str | None, as_json: bool) -> None:
    """Periksa berkas rencana (XLSX, ODS, CSV, YAML); tidak ada yang diubah."""
    found = reading.read(file.read_bytes(), file.name, known=queries.known(_viewer(code)))
    if as_json:
        click.echo(found.model_dump_json(by_alias=True, indent=2))
    else:
        _say(file.name, found)
        if found.refused:
            click.echo(f"{file.name}: {found.refused}", err=True)
        elif found.plan is not None:
            click.echo(f"{len(found.plan.actions)} aksi: dapat dimuat.")
        else:
            errors = sum(problem.severity == "error" for problem in found.problems)
            names = len(found.unknown_agencies) + len(found.unknown_working_groups)
            click.echo(f"{errors} galat, {names} nama tidak dikenal: belum dapat dimuat.", err=True)
    if found.plan is None:
        sys.exit(1)


@plan_cli.command("template")
@NEW_FILE
@TASK_FORCE
def template_command(file: Path, code: str | None) -> None:
    """Tulis templat XLSX yang kosong, dengan daftar instansi dan pokja gugus tugas."""
    file.write_bytes(template(queries.known(_viewer(code))))
    click.echo(f"{file} ditulis.")
