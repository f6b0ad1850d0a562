"""An installation of before the packages moved into rooms starts, migrates and serves as before.

`installation_before_rooms.tar.xz` is a backup of the demo (DATA CONTOH), made with `flask backup
create` by the last commit before the move, while three pieces of long work waited and a person had
kept a view. What it stores by name (kinds of work, jobs, audit actions, addresses) must still be
known.
"""

import lzma
import re
import subprocess
import sys
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa

import config
from coordinator import scheduler
from coordinator.app import create_app
from coordinator.db import db
from coordinator.people.directory.models import Agency
from coordinator.platform.background_jobs.models import BackgroundTask
from coordinator.platform.background_jobs.rules import TaskState
from coordinator.reporting.evidence.models import Evidence
from tests.conftest import Browser
from tests.engines import ROOT
from tests.journeys.product import environment
from tests.journeys.product import flask as run_flask

BACKUP = Path(__file__).parent / "installation_before_rooms.tar.xz"
PASSWORD = "contoh-koordinator-tppo"
PAGES_OF_SECRETARIAT = (
    *(
        "/beranda",
        "/peran",
        "/kartu-peran",
        "/rencana",
        "/penugasan",
        "/penugasan/surat",
        "/periode",
    ),
    *("/verifikasi", "/matriks", "/pengingat", "/surel", "/orang", "/jejak"),
    *("/pekerjaan", "/keputusan", "/sampel", "/tanya", "/kalender", "/tampilan"),
)


@pytest.fixture(scope="module")
def restored(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of an installation that the backup was put into, brought up to date."""
    folder = tmp_path_factory.mktemp("before")
    archive = folder / "cadangan.tar"
    archive.write_bytes(lzma.decompress(BACKUP.read_bytes()))
    env = environment(folder / "data", 8000, SECRET_KEY="a-key-for-one-test", DEMO="on")
    run_flask(env, "backup", "restore", str(archive), "--yes")
    run_flask(env, "db", "upgrade")
    run_flask(env, "prepare")
    return env


@pytest.fixture(scope="module")
def served(restored: dict[str, str]) -> flask.Flask:
    return create_app(config.load(restored))


@pytest.mark.parametrize("path", PAGES_OF_SECRETARIAT)
def test_pages_open(served: flask.Flask, path: str) -> None:
    Browser(served).sign_in("sekretariat@contoh.test", PASSWORD).get(path)


def test_a_kept_view_leads_where_it_led(served: flask.Flask) -> None:
    browser = Browser(served).sign_in("sekretariat@contoh.test", PASSWORD)
    assert ">Pencegahan saja</a>" in browser.get("/penugasan").text
    browser.get("/penugasan?pokja=pencegahan")


def test_reports_and_their_files_open(served: flask.Flask) -> None:
    browser = Browser(served).sign_in("narahubung.dispora@contoh.test", PASSWORD)
    reports = set(re.findall(r'href="(/laporan/[\w-]+)"', browser.get("/tugas-saya").text))
    assert reports
    for report in sorted(reports):
        browser.get(report)
    own = (
        sa.select(Evidence.public_id)
        .join(Agency)
        .where(Agency.slug == "dispora", Evidence.file_id.is_not(None))
    )
    with served.app_context():
        files = db.session.scalars(own).all()
    assert files
    for one in files:
        assert browser.client.get(f"/bukti/{one}").status_code == 200


def test_work_that_waited_is_done(served: flask.Flask) -> None:
    with served.app_context():
        queued = sa.select(BackgroundTask.kind).where(BackgroundTask.state == TaskState.QUEUED)
        waiting = db.session.scalars(queued).all()
        assert sorted(waiting) == ["all_cards", "all_letters", "read_plan"]
        for _one in waiting:
            scheduler.run_job("run_queued_tasks")
        states = db.session.execute(sa.select(BackgroundTask.kind, BackgroundTask.state)).all()
    assert [row for row in states if row.state is not TaskState.DONE] == []


def test_the_trail_is_whole(restored: dict[str, str]) -> None:
    run_flask(restored, "audit", "verify")


def test_a_service_file_with_the_old_path_starts_the_server(restored: dict[str, str]) -> None:
    """Provinces with several hosts wrote this path into their own service files."""
    command = (
        "--check-config",
        "--config",
        "coordinator/platform/operations/gunicorn_conf.py",
        "wsgi:app",
    )
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", *command],
        cwd=ROOT,
        env=restored,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
