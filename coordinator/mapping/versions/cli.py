"""`flask roles diff|load|export`, added to the group of `coordinator.mapping.duties.cli`."""

import json
import sys
from datetime import date
from pathlib import Path

import click

from coordinator.commandline import DAY, TASK_FORCE_CODE
from coordinator.errors import DomainError
from coordinator.mapping.duties.cli import FILE, print_findings, roles_cli
from coordinator.mapping.duties.diff import compare
from coordinator.mapping.duties.differences import MappingChange, MappingDifference, by_agency
from coordinator.mapping.duties.document import MAPPING_FORMAT, document
from coordinator.mapping.duties.lint import check
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.versions import queries, service
from coordinator.people.directory.queries import task_force_by_code

__all__ = ["roles_cli"]

CODE = click.option(
    "--task-force",
    "code",
    default="64",
    type=TASK_FORCE_CODE,
    help="Kode gugus tugas, misalnya 64.71.",
)
WORDS = {
    MappingChange.ADDED: "baru",
    MappingChange.REMOVED: "dihapus",
    MappingChange.MOVED: "pindah",
    MappingChange.REWORDED: "berubah bunyi",
    MappingChange.REBASED: "berubah dasar",
}


def _checked(file: Path, on: date | None = None) -> Mapping:
    mapping, findings = check(file, on)
    print_findings(findings)
    if mapping is None:
        sys.exit(1)
    return mapping


def _differences(mapping: Mapping) -> list[MappingDifference]:
    force = task_force_by_code(mapping.task_forces[0].code)
    return compare(queries.published(force.id) if force else None, mapping)


def _print_differences(differences: list[MappingDifference], mapping: Mapping) -> None:
    names = {part.id: part.abbreviation for part in mapping.agencies}
    for agency, own in sorted(by_agency(differences).items()):
        click.echo(f"\n{names.get(agency, agency)}")
        for one in own:
            click.echo(f"  {WORDS[one.change]}: {one.label}")
            if one.before:
                click.echo("    semula : " + one.before.replace("\n", "; "))
            if one.after:
                click.echo("    menjadi: " + one.after.replace("\n", "; "))
    touched = len(by_agency(differences))
    click.echo(f"\n{len(differences)} perubahan, {touched} instansi." if differences else "Sama.")


@roles_cli.command("diff")
@FILE
@click.option("--json", "as_json", is_flag=True, help="Cetak sebagai JSON.")
def diff_command(file: Path, as_json: bool) -> None:
    """Tunjukkan apa yang akan diubah sebuah berkas, per instansi."""
    mapping = _checked(file)
    differences = _differences(mapping)
    if not as_json:
        _print_differences(differences, mapping)
        return
    lists: dict[str, list[dict[str, object]]] = {change.value: [] for change in MappingChange}
    for one in differences:
        lists[one.change.value].append(one.as_dict())
    click.echo(json.dumps(lists, ensure_ascii=False))


@roles_cli.command("load")
@FILE
@click.option("--effective-on", type=DAY, help="Mulai berlaku.")
@click.option("--reason", default="Dimuat dari berkas", help="Alasan versi ini.")
@click.option("--notify", is_flag=True, help="Kirim satu email ke tiap instansi yang berubah.")
@click.option("--dry-run", is_flag=True, help="Tunjukkan saja, tidak mengubah apa pun.")
def load_command(
    file: Path, effective_on: date | None, reason: str, notify: bool, dry_run: bool
) -> None:
    """Terbitkan berkas pemetaan sebagai versi baru. Berkas yang keliru tidak mengubah apa pun."""
    mapping = _checked(file, effective_on)
    if dry_run:
        _print_differences(_differences(mapping), mapping)
        return
    try:
        done = service.publish(
            mapping, by=None, reason=reason, effective_on=effective_on, notify=notify
        )
    except DomainError as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    state = "diterbitkan" if done.is_new else "sudah berlaku, tidak ada perubahan"
    click.echo(
        f"Versi {done.number} {state}: {len(done.differences)} perubahan, {done.mails} email."
    )
    if done.is_new and not notify:
        click.echo("Minta jawaban atas yang berubah: flask roles ask --by TANGGAL")


@roles_cli.command("export")
@CODE
@click.option("--version", "number", type=int, help="Nomor versi; tanpa ini yang berlaku.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Tulis ke berkas ini.")
def export_command(code: str, number: int | None, output: Path | None) -> None:
    """Tulis pemetaan sebagai YAML. Dimuat kembali, tidak ada yang berubah."""
    force = task_force_by_code(code)
    mapping = None
    if force is not None:
        mapping = queries.published(force.id) if number is None else document(force.id, number)
    if mapping is None:
        click.echo(f"Gugus tugas {code} tidak punya pemetaan itu.", err=True)
        sys.exit(1)
    text = MAPPING_FORMAT.to_yaml(mapping)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
        click.echo(f"{output}: {len(mapping.duties)} uraian tugas.")
