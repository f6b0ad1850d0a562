"""`flask backup create|verify|restore` and `flask doctor`.

Exit codes: 0 ok, 1 a problem was found, 2 the command was used wrongly. What a person reads goes
to standard output, progress to standard error; with --json standard output is one JSON document.
"""

import contextlib
import json
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import click
import flask
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from coordinator.clock import local
from coordinator.platform.operations.advice import sentence
from coordinator.platform.operations.archive import Advance, Manifest
from coordinator.platform.operations.backup import (
    NOT_INCLUDED,
    ArchiveReport,
    BackupFailed,
    WrongUse,
    check_target,
    create_backup,
    evidence_files,
    place_of_app,
    record_backup,
    verify_backup,
)
from coordinator.platform.operations.doctor import State, examine
from coordinator.platform.operations.restore import present_data, restore_backup
from coordinator.platform.operations.rules import REBUILDS

OK, PROBLEM, WRONG_USE = 0, 1, 2
LEFT_OUT = f"Tidak tercakup: {' dan '.join(NOT_INCLUDED)}; simpan keduanya di tempat lain."
HELD = (
    "Instalasi ini sekarang dikenali sebagai salinan: tidak ada email yang keluar sampai "
    "seseorang melepasnya (lihat docs/id/cadangan.md)."
)
SIGNS = {State.OK: "baik      ", State.WARNING: "peringatan", State.PROBLEM: "MASALAH   "}

backup_cli = AppGroup("backup", help="Cadangan: buat, periksa, pulihkan.")
json_option = click.option("--json", "as_json", is_flag=True, help="Keluaran JSON.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Tidak menulis apa pun.")
path_argument = click.argument("path", metavar="BERKAS", type=click.Path(path_type=Path))


@contextlib.contextmanager
def _progress(label: str, total: int) -> Iterator[Advance]:
    """Show a bar on a terminal, one plain line elsewhere."""
    if sys.stderr.isatty():
        with click.progressbar(length=total, label=label, file=sys.stderr) as bar:
            yield bar.update
    else:
        click.echo(f"{label} ...", err=True)
        yield lambda _amount: None


def _stop(code: int, message: str, *, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"ok": False, "message": _plain(message)}))
    click.echo(f"Galat: {_plain(message)}", err=True)
    sys.exit(code)


@contextlib.contextmanager
def _refusals(as_json: bool = False) -> Iterator[None]:
    """Turn what may go wrong into a sentence and an exit code."""
    try:
        yield
    except WrongUse as error:
        _stop(WRONG_USE, error.message, as_json=as_json)
    except BackupFailed as error:
        _stop(PROBLEM, error.message, as_json=as_json)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        _stop(PROBLEM, f"Berkas atau disk: {error.strerror or error}{where}.", as_json=as_json)
    except (SQLAlchemyError, sqlite3.Error) as error:
        reason = str(getattr(error, "orig", None) or error)
        _stop(PROBLEM, f"Basis data: {reason}.", as_json=as_json)


def _plain(text: str) -> str:
    """Return `text` without characters that could steer a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _size(count: int) -> str:
    amount, unit = float(count), "B"
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if amount < 1000 or unit == "TB":
            break
        amount /= 1000
    return f"{amount:.{0 if unit == 'B' else 1}f} {unit}".replace(".", ",")


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _as_dict(path: Path, report: ArchiveReport) -> dict[str, Any]:
    manifest = report.manifest
    return {
        "path": str(path),
        "ok": report.is_ok,
        "size": report.size,
        "created_at": manifest.created_at.isoformat() if manifest else None,
        "version": manifest.version if manifest else None,
        "schema": manifest.schema_revision if manifest else None,
        "rows": manifest.row_counts if manifest else {},
        "evidence_files": manifest.evidence_files if manifest else 0,
        "not_included": list(manifest.not_included if manifest else NOT_INCLUDED),
        "damage": list(report.damage),
        "source_faults": list(report.source_faults),
    }


def _describe(manifest: Manifest) -> None:
    rows = _count(sum(manifest.row_counts.values()))
    click.echo(
        f"Isi: {len(manifest.row_counts)} tabel, {rows} baris, "
        f"{_count(manifest.evidence_files)} berkas bukti; "
        f"dibuat {local(manifest.created_at):%d/%m/%Y %H.%M} WITA; "
        f"skema {_plain(manifest.schema_revision or 'tidak tercatat')}, "
        f"versi {_plain(manifest.version)}."
    )


def _print_faults(report: ArchiveReport) -> None:
    for fault in report.source_faults:
        click.echo(f"Sudah begitu di instalasi asal: {_plain(fault)}.")


@backup_cli.command("create")
@path_argument
@click.option("--overwrite", is_flag=True, help="Ganti berkas yang sudah ada.")
@dry_run_option
@json_option
def create(path: Path, overwrite: bool, dry_run: bool, as_json: bool) -> None:
    """Tulis satu arsip ke BERKAS: basis data dan bukti. Server boleh tetap berjalan."""
    with _refusals(as_json):
        place = place_of_app()
        if dry_run:
            check_target(path, place=place, overwrite=overwrite)
            files = evidence_files(place.evidence).values()
            needed = sum(file.stat().st_size for file in (place.database, *files))
            free = shutil.disk_usage(path.parent).free
            if as_json:
                plan = {"path": str(path), "evidence_files": len(files), "size": needed}
                click.echo(json.dumps(plan | {"free": free, "not_included": list(NOT_INCLUDED)}))
            else:
                click.echo(
                    f"Akan ditulis: {_plain(str(path))}, sekitar {_size(needed)} (basis data dan "
                    f"{_count(len(files))} berkas bukti); ruang kosong {_size(free)}."
                )
                click.echo(LEFT_OUT)
            return
        report = create_backup(path, place=place, overwrite=overwrite, stage=_progress)
        try:
            folder = str(path.resolve().parent)
            record_backup(name=path.name, folder=folder, size=report.size)
        except SQLAlchemyError as error:
            raise BackupFailed(
                f"Cadangan {path} utuh, tetapi tidak dapat dicatat di basis data: "
                f"{getattr(error, 'orig', None) or error}."
            ) from error
    if as_json:
        click.echo(json.dumps(_as_dict(path, report)))
    else:
        click.echo(
            f"Cadangan selesai dan sudah diperiksa: {_plain(str(path))} ({_size(report.size)})."
        )
        if report.manifest:
            _describe(report.manifest)
        click.echo(LEFT_OUT)
        _print_faults(report)
    sys.exit(OK if report.is_ok else PROBLEM)


@backup_cli.command("verify")
@path_argument
@json_option
def verify(path: Path, as_json: bool) -> None:
    """Periksa setiap bita BERKAS dan basis data di dalamnya; tidak mengubah apa pun."""
    with _refusals(as_json):
        report = verify_backup(path, stage=_progress)
    if as_json:
        click.echo(json.dumps(_as_dict(path, report)))
    else:
        for damage in report.damage:
            click.echo(f"Rusak: {_plain(damage)}.")
        _print_faults(report)
        if report.manifest and not report.damage:
            click.echo(f"{_plain(str(path))} utuh ({_size(report.size)}).")
            _describe(report.manifest)
            click.echo(LEFT_OUT)
    sys.exit(OK if report.is_ok else PROBLEM)


@backup_cli.command("restore")
@path_argument
@click.option("--yes", is_flag=True, help="Pindahkan data yang ada ke folder bertanggal.")
@dry_run_option
def restore(path: Path, yes: bool, dry_run: bool) -> None:
    """Pulihkan basis data dan bukti dari BERKAS. Hentikan server dahulu."""
    with _refusals():
        place = place_of_app()
        has_data = bool(present_data(place))
        done = restore_backup(path, place=place, replace=yes, dry_run=dry_run, stage=_progress)
    if done.report.manifest:
        _describe(done.report.manifest)
    _print_faults(done.report)
    if dry_run:
        click.echo(f"Cadangan utuh; akan dipulihkan ke {place.data_dir}. Tidak ada yang diubah.")
        if has_data:
            click.echo("Data yang ada akan dipindahkan ke folder bertanggal, tidak dihapus.")
        return
    click.echo(f"Dipulihkan ke {place.data_dir}.")
    for folder in done.aside:
        click.echo(f"Data sebelumnya ada di {folder}.")
    click.echo(LEFT_OUT)
    click.echo(HELD)
    click.echo("Langkah berikut: `make run`, yang juga memutakhirkan skema bila perlu.")


@click.command("doctor")
@json_option
@click.option("--rebuild", is_flag=True, help="Hitung ulang ringkasan matriks lebih dahulu.")
@with_appcontext
def doctor(as_json: bool, rebuild: bool) -> None:
    """Periksa kesehatan instalasi ini."""
    if rebuild:
        with _refusals(as_json):
            wrong = sum(count() for count in flask.current_app.extensions[REBUILDS])
        click.echo(f"Ringkasan matriks: {wrong} periode diperbaiki.", err=as_json)
    checks = examine()
    if as_json:
        rows = [
            {"name": check.name, "state": check.state.value, "message": check.message}
            for check in checks
        ]
        click.echo(json.dumps(rows, indent=1))
    else:
        for check in checks:
            click.echo(f"{SIGNS[check.state]}  {_plain(sentence(check))}")
    sys.exit(PROBLEM if any(check.state is State.PROBLEM for check in checks) else OK)
