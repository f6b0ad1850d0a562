"""`flask prepare`: what a migrated database needs before the first visitor. Safe to repeat."""

import hashlib
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

import click
import flask
import sqlalchemy as sa
from flask.cli import with_appcontext

import config
from coordinator.demo import service as demo
from coordinator.demo.scenario import PASSWORD
from coordinator.mapping.duties import lint as mapping_lint
from coordinator.mapping.duties import service as duties_service
from coordinator.mapping.duties.queries import current_version
from coordinator.mapping.versions import updating
from coordinator.oversight.matrix import summary_service as matrix_summary
from coordinator.oversight.reminders.service import ensure_ladder
from coordinator.people.directory import queries as directory
from coordinator.people.directory import service as directory_service
from coordinator.plans.versions.sample_service import load_sample_plan
from coordinator.platform.operations.service import ensure_installation

SEED = config.ROOT / "seed"
MAPPING = SEED / "roles_perpres49.yaml"
PROVINCE = "64"
# What may be given on the line of `make run` and decides what another command speaks to or prints.
OF_THE_LINE = ("HOST", "PORT", "BASE_URL")


@click.command("prepare")
@with_appcontext
def prepare() -> None:
    """Isi basis data yang masih kosong: pemetaan, hari libur, data contoh."""
    settings = flask.current_app.config["SETTINGS"]
    ensure_installation(settings.data_dir)
    is_new = directory.task_force_by_code(PROVINCE) is None
    if is_new:
        load_seed()
    else:
        _take_in_mapping()
    for force in directory.active_task_forces():
        ensure_ladder(force.id)
    if demo.is_loaded() and not settings.is_local:
        sys.exit(
            "Basis data ini memuat akun contoh dengan kata sandi yang diketahui umum. "
            "Hapus dahulu: flask demo remove"
        )
    if is_new and settings.demo_wanted:
        demo.load_demo()
    if matrix_summary.is_missing():  # the data is older than the summary
        matrix_summary.rebuild()
    _say_hello()


def load_seed(*, with_sample_plan: bool = False) -> None:
    """Load holidays and mapping. Exits with the findings of a bad file.

    A new installation has no plan: the demo brings the sample plan, or somebody asks for it.
    """
    directory_service.load_holidays(directory_service.read_holidays(SEED / "holidays_id.yaml"))
    mapping, findings = mapping_lint.check(MAPPING)
    if mapping is None:
        sys.exit("\n".join(map(str, findings)))
    duties_service.load_mapping(mapping, by=None, reason="Pemetaan awal dari berkas bawaan")
    updating.note_bundled(mapping, file_hash=_hash(MAPPING))
    if with_sample_plan:
        load_sample_plan(by=None)


def _take_in_mapping() -> None:
    """Offer or publish the mapping of this release if it differs from the last one."""
    file_hash = _hash(MAPPING)
    if updating.is_known(PROVINCE, file_hash):
        return
    mapping, findings = mapping_lint.check(MAPPING)
    if mapping is None:
        sys.exit("\n".join(map(str, findings)))
    outcome = updating.take_in(mapping, file_hash=file_hash)
    if outcome is updating.UpdateOutcome.PUBLISHED:
        click.echo("Pemetaan bawaan diperbarui dan terbit sebagai versi baru: /peran/versi")
    elif outcome is updating.UpdateOutcome.OFFERED:
        click.echo("Ada pembaruan pemetaan bawaan. Yang berlaku tidak berubah; lihat /peran/ubah")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def command_prefix(settings: config.Settings, environ: Mapping[str, str]) -> str:
    """Return the prefix that makes `.venv/bin/flask` in another terminal use this installation.

    It has the settings that are neither the default nor in DATA_DIR/.env, without passwords.
    """
    given = {}
    if settings.data_dir != config.ROOT / "var":
        given["DATA_DIR"] = str(settings.data_dir)
    if environ.get("DATABASE_URL"):
        url = sa.make_url(settings.database_url).difference_update_query(["password"])
        address = sa.URL.create(
            url.get_backend_name(), url.username, None, url.host, url.port, url.database, url.query
        )
        given["DATABASE_URL"] = address.render_as_string()
    given |= {name: environ[name] for name in OF_THE_LINE if environ.get(name)}
    return "".join(f"{name}={shlex.quote(value)} " for name, value in given.items())


def _say_hello() -> None:
    settings = flask.current_app.config["SETTINGS"]
    force = directory.task_force_by_code(PROVINCE)
    version = current_version(force.id) if force else None
    click.echo(f"\nKoordinator TPPO: {settings.base_url}")
    if version is not None:
        click.echo(f"Pemetaan versi {version.number}, email: {settings.mail_mode}.")
    command = f"{command_prefix(settings, os.environ)}.venv/bin/flask"
    accounts = demo.demo_accounts()
    if not accounts:
        click.echo(f"Akun pertama: {command} accounts invite --access administrator --email ALAMAT")
        return
    click.echo(f"\nAkun contoh (DATA CONTOH), kata sandi semuanya: {PASSWORD}")
    seen: set[str] = set()
    for account in accounts:
        is_shown = account.access not in seen or account.agency in ("satpol-pp", "dkp3a")
        seen.add(account.access)
        if is_shown:
            click.echo(f"  {account.email:34} {account.access:14} {account.agency or ''}")
    click.echo(f"  lainnya: {command} demo accounts\n")
