"""`flask plan`: check, template. `import` joins in `coordinator.plans.versions.cli`."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from coordinator.commandline import TASK_FORCE_CODE
from coordinator.people.directory.queries import root_task_force, task_force_by_code
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.reading import matched, queries
from coordinator.plans.reading.shapes import (
    ANY_SHEET,
    LEAVE_OUT,
    Ambiguity,
    Choices,
    Field,
    PlanReading,
    Problem,
    ShownRow,
)
from coordinator.plans.reading.slots import parse_target_field
from coordinator.plans.reading.template import template
from coordinator.platform.spreadsheets.shapes import Reason
from coordinator.platform.yaml_files.findings import SEVERITY_WORDS

plan_cli = AppGroup("plan", help="Rencana aksi.")
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
NEW_FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
TASK_FORCE = click.option(
    "--task-force", "code", type=TASK_FORCE_CODE, help="Kode gugus tugas; bila kosong, provinsi."
)

Command = Callable[..., None]
# How a person decides in the shell what the screen asks.
CHOICES = (
    click.option("--sheet", "sheets", multiple=True, help="Lembar yang dibaca; boleh berulang."),
    click.option("--header", "headers", multiple=True, help="Baris judul kolom: 4, atau Lembar=4."),
    click.option(
        "--column",
        "columns",
        multiple=True,
        help="Isi=kolom, misalnya --column action=C, target:2026=F, lead='Lembar 2!H'.",
    ),
    click.option("--map", "maps", multiple=True, help="Kolom=isi, misalnya --map C=action."),
    click.option("--agency", "agencies", multiple=True, help="Nama di berkas=id instansi."),
    click.option("--pokja", "groups", multiple=True, help="Nama di berkas=id pokja."),
    click.option("--answer", "answers", multiple=True, help="Pertanyaan (atau jenisnya)=jawaban."),
    click.option(
        "--take",
        multiple=True,
        type=click.Choice([one.value for one in Reason]),
        help="Yang tersembunyi atau dicoret ikut dibaca.",
    ),
    click.option(
        "--without-wrong", is_flag=True, help="Baris yang salah ditinggalkan, sisanya dimuat."
    ),
)


def with_choices(command: Command) -> Command:
    """Give a command the options by which a person decides how a file is read."""
    for option in reversed(CHOICES):
        command = option(command)
    return command


def choices_of(  # noqa: PLR0913
    *,
    sheets: tuple[str, ...],
    headers: tuple[str, ...],
    columns: tuple[str, ...],
    maps: tuple[str, ...],
    agencies: tuple[str, ...],
    groups: tuple[str, ...],
    answers: tuple[str, ...],
    take: tuple[str, ...],
    without_wrong: bool,
) -> Choices:
    """Return what was decided by the options of `with_choices`."""
    rows = _pairs((row if "=" in row else f"{ANY_SHEET}={row}" for row in headers), "--header")
    if not all(row.isdecimal() and int(row) > 0 for row in rows.values()):
        raise click.BadParameter("Tulis nomor baris.", param_hint="--header")
    named = {column: name for name, column in _pairs(columns, "--column").items()}
    headings = {**_pairs(maps, "--map"), **named}
    for name in headings.values():
        if name not in (LEAVE_OUT, *Field) and parse_target_field(name) is None:
            allowed = ", ".join([*Field, "target:2026", "target:2026/Q1", LEAVE_OUT])
            raise click.BadParameter(f"Isi “{name}” tidak dikenal. Yang ada: {allowed}.")
    return Choices(
        sheets=list(sheets),
        header={sheet: int(row) for sheet, row in rows.items()},
        headings={
            column if "!" in column else column.upper(): name for column, name in headings.items()
        },
        agencies=_pairs(agencies, "--agency"),
        working_groups=_pairs(groups, "--pokja"),
        answers=_pairs(answers, "--answer"),
        take=list(take),
        without_wrong=without_wrong,
    )


def _pairs(texts: Iterable[str], option: str) -> dict[str, str]:
    found = {}
    for text in texts:
        name, equals, value = text.rpartition("=")
        if not equals or not name or not value:
            raise click.BadParameter(f"Tulis {option} sebagai nama=nilai.", param_hint=option)
        found[name] = value
    return found


def question_line(question: Ambiguity) -> str:
    """Return a question with its answers, as the shell asks it."""
    ways = " | ".join(f"{one.value}: {one.label}" for one in question.options)
    return (
        f"{question.text} {ways}. Jawab dengan --answer “{question.key}=…”, atau "
        f"“{question.group}=…” untuk semua yang sejenis."
    )


def row_line(row: ShownRow) -> str:
    """Return a row as it will be, on one line."""
    targets = "; ".join(f"{one.label}: {one.text}" for one in row.targets) or "tanpa target"
    parts = [
        row.strategy or "-",
        f"{row.code} {row.action}".strip()
        + (f" ({row.code_in_file} di berkas)" if row.code_in_file else ""),
        f"{row.indicator} ({', '.join(filter(None, (row.measure, row.unit)))})",
        f"PJ {row.lead or '-'}",
        f"pendukung {', '.join(row.support) or '-'}",
        targets,
    ]
    place = " ".join(filter(None, (row.sheet, str(row.row or ""))))
    return (
        f"{place}: "
        + " | ".join(parts)
        + (f" [{ROW_WORDS[row.state]}]" if row.state in ROW_WORDS else "")
    )


ROW_WORDS = {
    "asked": "menunggu jawaban",
    "wrong": "salah",
    "kept": "salah; tetap seperti yang berlaku",
}


def _viewer(code: str | None) -> Viewer:
    """Return the user of the shell as the secretariat of a task force: names are read its way."""
    force = task_force_by_code(code) if code else root_task_force()
    if force is None:
        raise click.BadParameter("Gugus tugas itu tidak ada.", param_hint="--task-force")
    return Viewer(None, AccessKind.SECRETARIAT, task_force_id=force.id)


def _line(name: str, problem: Problem) -> str:
    cell = f"{problem.column or ''}{problem.row or ''}"
    place = ":".join(filter(None, (name, problem.sheet, cell)))
    value = f" (“{problem.value}”)" if problem.value else ""
    return f"{place}: {SEVERITY_WORDS[problem.severity]}: {problem.message}{value}"


def _say(name: str, found: PlanReading) -> None:
    for problem in found.problems:
        click.echo(_line(name, problem), err=True)
    for note in found.notes:
        click.echo(f"{name}: catatan: {note}", err=True)
    for question in found.questions:
        if not question.answer:
            place = f"{question.column or ''}{question.row or ''}"
            where = ":".join(filter(None, (name, question.sheet, place)))
            click.echo(f"{where}: pertanyaan: {question_line(question)}", err=True)
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
@click.option("--plan", "plan_key", help="Id rencana yang diperbarui berkas ini.")
@with_choices
@click.option("--rows", "with_rows", is_flag=True, help="Tunjukkan tiap baris seperti akan dimuat.")
@click.option("--json", "as_json", is_flag=True, help="Cetak hasil bacaan sebagai JSON.")
def check_command(
    file: Path,
    code: str | None,
    plan_key: str | None,
    with_rows: bool,
    as_json: bool,
    **decided: Any,
) -> None:
    """Periksa berkas rencana (XLSX, ODS, CSV, YAML); tidak ada yang diubah."""
    choices = choices_of(**decided)
    if plan_key:
        in_force = plans.in_force(plan_key)
        if in_force is None:
            raise click.UsageError(f"Rencana {plan_key} tidak ada.")
        choices = replace(choices, plan=in_force.plan)
    viewer = _viewer(code)
    data = file.read_bytes()
    found = matched.read(viewer, data, file.name, plan_key=plan_key, choices=choices)
    if as_json:
        click.echo(found.to_json(indent=2))
    else:
        _say(file.name, found)
        for row in found.table if with_rows else ():
            click.echo(row_line(row))
        if found.refused:
            click.echo(f"{file.name}: {found.refused}", err=True)
        elif found.plan is not None:
            click.echo(f"{len(found.plan.actions)} aksi: dapat dimuat.")
        else:
            errors = sum(problem.severity == "error" for problem in found.problems)
            names = len(found.unknown_agencies) + len(found.unknown_working_groups)
            asked = sum(not question.answer for question in found.questions)
            more = f", {asked} pertanyaan" if asked else ""
            text = f"{errors} galat, {names} nama tidak dikenal{more}: belum dapat dimuat."
            click.echo(text, err=True)
            if found.may_leave_wrong:
                click.echo("Baris yang benar dapat dimuat dengan --without-wrong.", err=True)
    if found.plan is None:
        sys.exit(1)


@plan_cli.command("template")
@NEW_FILE
@TASK_FORCE
def template_command(file: Path, code: str | None) -> None:
    """Tulis templat XLSX yang kosong, dengan daftar instansi dan pokja gugus tugas."""
    file.write_bytes(template(queries.known(_viewer(code))))
    click.echo(f"{file} ditulis.")
