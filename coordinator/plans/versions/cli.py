"""`flask plan import` and `export`, added to the group of `coordinator.plans.reading.cli`."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from coordinator.assignments.replanning.queries import running
from coordinator.assignments.replanning.rules import outcomes
from coordinator.clock import today
from coordinator.errors import DomainError, Unavailable
from coordinator.people.directory.queries import active_task_forces, root_task_force
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.diff import compare
from coordinator.plans.actions.differences import PlanChange, PlanDifference
from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.actions.use_queries import all_keys_in_use
from coordinator.plans.reading import exports, matched, queries
from coordinator.plans.reading.cli import (
    choices_of,
    plan_cli,
    question_line,
    row_line,
    with_choices,
)
from coordinator.plans.reading.shapes import PlanReading, Shape
from coordinator.plans.versions import service
from coordinator.plans.versions.rules import (
    Missing,
    below_law,
    completed,
    faults,
    to_complete,
    with_floors,
)

__all__ = ["plan_cli"]

MOST_NAMED = 5  # codes in one sentence

WORDS = {
    PlanChange.NEW: "baru",
    PlanChange.CHANGED: "berubah",
    PlanChange.DISCONTINUED: "tidak dilanjutkan",
    PlanChange.RESUMED: "dilanjutkan kembali",
    PlanChange.REMOVED: "hilang",
}


def _errors(found: PlanReading) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = [
        one.to_plain() for one in found.problems if one.severity == "error"
    ]
    if found.refused is not None:
        listed.append({"severity": "error", "message": found.refused})
    for kind, names in (
        ("instansi", found.unknown_agencies),
        ("pokja", found.unknown_working_groups),
    ):
        for one in names:
            near = ", ".join(f"{suggested.key}" for suggested in one.suggestions)
            listed.append(
                {
                    "severity": "error",
                    "message": f"Nama {kind} tidak dikenal: “{one.text}”."
                    + (f" Mungkin: {near}." if near else ""),
                    "row": one.rows[0] if one.rows else None,
                    "value": one.text,
                }
            )
    listed += [
        {
            "severity": "error",
            "message": question_line(one),
            "sheet": one.sheet,
            "row": one.row,
            "column": one.column,
            "value": one.value,
        }
        for one in found.questions
        if not one.answer
    ]
    return listed


def _warnings(found: PlanReading) -> list[dict[str, object]]:
    return [one.to_plain() for one in found.problems if one.severity == "warning"]


def _print(
    differences: list[PlanDifference],
    errors: list[dict[str, object]],
    left: list[dict[str, object]],
    found: PlanReading,
) -> None:
    for row in found.table:
        click.echo(row_line(row))
    for one in differences:
        click.echo(f"{WORDS[one.change]}: {one.code} {one.label}")
        for line in one.lines if one.change is not PlanChange.NEW else ():
            click.echo(f"    {line.heading}: {line.before or '-'} -> {line.after or '-'}")
    for error in [*_warnings(found), *left, *errors]:
        place = " ".join(
            str(part)
            for part in (error.get("sheet"), error.get("row"), error.get("column"))
            if part
        )
        click.echo(f"{place}: {error['message']}" if place else str(error["message"]), err=True)
    if errors and found.may_leave_wrong:
        click.echo("Baris yang benar dapat dimuat dengan --without-wrong.", err=True)


def _print_json(
    differences: list[PlanDifference],
    errors: list[dict[str, object]],
    left: list[dict[str, object]],
    found: PlanReading,
) -> None:
    lists: dict[str, list[dict[str, object]]] = {"new": [], "changed": [], "removed": []}
    for one in differences:
        name = {
            PlanChange.NEW: "new",
            PlanChange.DISCONTINUED: "removed",
            PlanChange.REMOVED: "removed",
        }.get(one.change, "changed")
        lists[name].append(one.as_dict())
    said = {
        "errors": errors,
        "left_out": left,
        "warnings": _warnings(found),
        "notes": found.notes,
        "questions": [one.to_plain() for one in found.questions],
        "rows": [one.to_plain() for one in found.table],
    }
    click.echo(json.dumps({**lists, **said}, ensure_ascii=False))


@plan_cli.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--plan", "plan_key", help="Id rencana yang diperbarui berkas ini.")
@click.option("--dry-run", is_flag=True, help="Tunjukkan akibatnya, jangan ubah apa pun.")
@click.option("--json", "as_json", is_flag=True, help="Cetak sebagai JSON.")
@click.option("--reason", default="Dimuat dari berkas", help="Alasan versi ini.")
@click.option("--notify", is_flag=True, help="Kirim satu email ke tiap instansi yang berubah.")
@click.option(
    "--missing",
    type=click.Choice([one.value for one in Missing]),
    default=Missing.KEEP.value,
    help="Aksi yang tidak ada di berkas: dibiarkan, atau tidak dilanjutkan.",
)
@click.option("--missing-reason", default="", help="Mengapa tidak dilanjutkan.")
@with_choices
def import_command(  # noqa: C901
    file: Path,
    plan_key: str | None,
    dry_run: bool,
    as_json: bool,
    reason: str,
    notify: bool,
    missing: str,
    missing_reason: str,
    **decided: Any,
) -> None:
    """Terapkan berkas rencana (XLSX, ODS, CSV, YAML) sebagai versi baru: seluruhnya atau tidak."""
    choice = Missing(missing)
    if choice is Missing.DISCONTINUE and not missing_reason.strip():
        raise click.UsageError("--missing discontinue perlu --missing-reason.")
    known_plan = plans.in_force(plan_key) if plan_key else None
    if plan_key and known_plan is None:
        raise click.UsageError(f"Rencana {plan_key} tidak ada.")
    choices = choices_of(**decided)
    if known_plan:
        choices = replace(choices, plan=known_plan.plan)
    found = matched.read(_shell(), file.read_bytes(), file.name, plan_key=plan_key, choices=choices)
    if found.plan is not None and found.shape is not Shape.YAML:
        plan = with_floors(found.plan, plans.in_force(found.plan.plan.id))
        found = replace(found, plan=plan)
    errors = _errors(found)
    left: list[dict[str, object]] = []
    if found.plan is not None:  # what is wrong was left out because somebody said so
        errors, left = [], errors
    differences: list[PlanDifference] = []
    if found.plan is not None:
        errors += [
            {"severity": "error", "message": text} for text in _whole_faults(found.plan, choice)
        ]
        differences = _differences(found.plan, choice, missing_reason)
        former = plans.in_force(found.plan.plan.id)
        low = below_law(found.plan.actions, former.actions if former else ())
        left_behind = list(_work_left(found.plan, choice))
        for line in (*low, *left_behind):
            click.echo(f"peringatan: {line}", err=True)
    if not as_json:
        _say_notes(found)
    if as_json:
        _print_json(differences, errors, left, found)
    elif dry_run or errors:
        _print(differences, errors, left, found)
    if errors or found.plan is None:
        sys.exit(1)
    if dry_run:
        return
    try:
        done = service.publish(
            found.plan,
            by=None,
            reason=reason,
            missing=choice,
            missing_reason=missing_reason,
            notify=notify,
        )
    except DomainError as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    if not as_json:
        state = "terbit" if done.is_new else "sudah berlaku, tidak ada perubahan"
        click.echo(
            f"{done.key} versi {done.number} {state}: {len(done.differences)} perubahan, "
            f"{done.mails} email."
        )


def _say_notes(found: PlanReading) -> None:
    for note in found.notes:
        click.echo(f"catatan: {note}", err=True)


def _shell() -> Viewer:
    """Return the user of the shell, who reads names as the province's secretariat has them."""
    force = root_task_force()
    return Viewer(None, AccessKind.SECRETARIAT, task_force_id=force.id if force else None)


def _whole_faults(plan: PlanFile, missing: Missing) -> list[str]:
    former = plans.in_force(plan.plan.id)
    return list(faults(completed(former, plan, missing, "-"), former))


def _work_left(plan: PlanFile, missing: Missing) -> Iterator[str]:
    """Yield which running assignments stay as they are although their action changes: only the page
    asks about their targets, closes them with a reason and tells their agencies."""
    key = plan.plan.id
    former = plans.in_force(key)
    if former is None:
        return
    whole = completed(to_complete(former, plan, lambda: all_keys_in_use(key)), plan, missing, "-")
    for force in active_task_forces():
        held = running(Viewer(None, AccessKind.SECRETARIAT, task_force_id=force.id), key)
        level, year = plans.level_of(force.id), today(force.zone).year
        found = outcomes(held, former, whole, level=level, year=year)
        codes = list(dict.fromkeys(one.before.code for one in found))
        if codes:
            yield (
                f"{len(found)} penugasan {force.name} tidak ikut berubah (aksi "
                f"{', '.join(codes[:MOST_NAMED])}{', ...' if len(codes) > MOST_NAMED else ''}). "
                "Muat lewat Rencana aksi > Impor berkas agar targetnya ikut, yang berhenti "
                "ditutup, dan instansinya menerima email."
            )


def _differences(plan: PlanFile, missing: Missing, reason: str) -> list[PlanDifference]:
    former = plans.in_force(plan.plan.id)
    return compare(former, completed(former, plan, missing, reason.strip()))


@plan_cli.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--plan", "plan_key", help="Id rencana; bila kosong, rencana nasional.")
def export_command(file: Path, plan_key: str | None) -> None:
    """Tulis rencana yang berlaku ke FILE (.xlsx, .csv, .yaml).

    Berkas itu dapat diubah lalu dimuat lagi dengan `flask plan import`.
    """
    found = plans.in_force(plan_key) if plan_key else plans.newest_national()
    if found is None:
        raise click.UsageError(
            f"Rencana {plan_key} tidak ada." if plan_key else "Belum ada rencana nasional."
        )
    if file.suffix not in exports.ENDINGS:
        raise click.UsageError(f"Akhiran berkas: {', '.join(exports.ENDINGS)}.")
    try:
        file.write_bytes(exports.file_of(found, queries.known(_shell()), file.suffix))
    except Unavailable as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    click.echo(f"{file}: {len(found.actions)} aksi.")
