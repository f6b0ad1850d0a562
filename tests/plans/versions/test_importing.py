"""A plan's file becomes a version: read by the scheduler, matched, shown, applied whole, undone."""

import io
import json
import re
from datetime import timedelta
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.db import db
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.document import PLAN_FORMAT
from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.importing.jobs import forget_old_plan_imports
from coordinator.plans.versions.models import PlanImport
from coordinator.plans.versions.service import publish
from coordinator.platform.mail.models import OutgoingEmail
from tests.conftest import Browser
from tests.plans.versions.importing import (
    KEY,
    apply_import,
    choices_of,
    matrix,
    read_waiting,
    upload,
)
from tests.plans.versions.plans import below, changed, new_action, with_new, without

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def _in_force(app: flask.Flask, key: str = KEY) -> PlanFile | None:
    with app.app_context():
        return plans.in_force(key)


def test_a_file_with_a_target_below_the_law_says_so_and_can_be_applied(
    app: flask.Flask, office: Browser, plan: PlanFile
) -> None:
    path = upload(app, office, PLAN_FORMAT.to_yaml(below(plan, 80)).encode())
    page = office.get(path).text
    assert "1 target di bawah kewajiban hukum" in page
    assert "target 2026 80 persen di bawah kewajiban hukum: 100" in page
    apply_import(office, path)
    assert _in_force(app) == below(plan, 80)


def test_a_file_is_shown_applied_whole_and_taken_back(
    app: flask.Flask, office: Browser, plan: PlanFile
) -> None:
    file = with_new(changed(without(plan, "1.3"), "1.1", title="Judul lain"), new_action(plan))
    path = upload(app, office, PLAN_FORMAT.to_yaml(file).encode())
    page = office.get(path).text
    for number, label in ((1, "Baru"), (1, "Berubah"), (1, "Tidak ada di berkas"), (0, "Salah")):
        assert re.search(rf"<dt>{label}</dt><dd>{number}</dd>", page), label
    assert "Judul lain" in page
    assert "Pengawasan program pelatihan dan pengiriman pemuda" in page
    assert _in_force(app) == plan
    assert "Tulis mengapa" in apply_import(office, path, status=422, missing="discontinue").text
    assert "Tulis alasannya" in apply_import(office, path, status=422, reason=" ").text
    assert _in_force(app) == plan
    apply_import(office, path, missing="discontinue", missing_reason="Diganti")
    done = office.get(path).text
    assert "3 perubahan, tercatat sebagai versi 2" in done
    assert "Urungkan" in office.get(f"/rencana/versi/{KEY}/2").text
    stored = _in_force(app)
    assert stored is not None
    assert {one.code for one in stored.actions if one.discontinued} == {"1.3"}
    with app.app_context():
        (mail,) = db.session.scalars(
            sa.select(OutgoingEmail).where(OutgoingEmail.kind == "plan_changed")
        )
        assert "Judul lain" in mail.text
        assert db.session.scalar(sa.select(PlanImport.data)) is None
    assert apply_import(office, path, status=409)
    office.post(f"/rencana/versi/{KEY}/2/urungkan", {}, page=f"/rencana/versi/{KEY}/2")
    assert _in_force(app) == plan
    assert "Diterapkan: versi 2, lalu diurungkan" in office.get("/rencana/impor").text
    assert "sudah diurungkan" in office.get(path).text
    # The same plan again: nothing to apply.
    same = upload(app, office, PLAN_FORMAT.to_yaml(plan).encode())
    text = office.get(same).text
    assert "sama dengan yang berlaku" in text
    assert "Terapkan</button>" not in text


def test_a_version_in_between_asks_to_read_again(
    app: flask.Flask, office: Browser, plan: PlanFile
) -> None:
    path = upload(app, office, PLAN_FORMAT.to_yaml(changed(plan, "1.1", title="Lain")).encode())
    with app.app_context():
        publish(changed(plan, "1.2", title="Orang lain"), by=None, reason="x", notify=False)
    answer = apply_import(office, path, status=409)
    assert "terbit versi 2" in answer.text
    office.post(path, {"act": "ulang"})
    read_waiting(app)
    page = office.get(path).text
    assert "Orang lain" in page
    apply_import(office, path)
    stored = _in_force(app)
    assert stored is not None
    assert [one.title for one in stored.actions[:2]] == ["Lain", plan.actions[1].title]


@pytest.mark.parametrize(
    ("title", "key"),
    [("RAN baru", "ran-baru"), ("RAN TPPO 2025-2029", f"{KEY}-2")],  # the second: the sample's id
)
def test_somebody_elses_matrix_is_matched_by_a_person(
    app: flask.Flask, office: Browser, plan: PlanFile, title: str, key: str
) -> None:
    path = upload(app, office, matrix(), plan="", name="../Matriks <b>RAN.xlsx")
    page = office.get(path).text
    assert "Cocokkan berkas" in page
    assert "Badan Antah" in page
    assert "&lt;b&gt;RAN" in page
    choices = choices_of(page)
    bad = office.post(path, {**choices, "title": " "}, status=422)
    assert "Tulis judulnya" in bad.text
    agency = next(name for name in choices if name.startswith("instansi-"))
    groups = {name: "pencegahan" for name in choices if name.startswith("pokja-")}
    wanted = {**choices, **groups, agency: "dpmpd", "title": title}
    office.post(path, wanted)
    read_waiting(app)
    # On an older reading nothing is decided.
    office.post(path, wanted, status=409)
    page = office.get(path).text
    assert "Pratinjau impor" in page, re.findall(r'class="note.*?</div>', page, re.S)
    assert "rencana baru" in page
    assert "rancangan, belum ditetapkan" in page.lower()
    apply_import(office, path)
    stored = _in_force(app, key)
    assert stored is not None
    assert [(one.code, one.lead) for one in stored.actions] == [
        ("1.1", "dispora"),
        ("1.2", "dpmpd"),
    ]
    assert stored.plan.status == "draft"
    assert _in_force(app) == plan


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 rusak", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 40]
)
def test_a_file_that_cannot_be_read_leaves_nothing(
    app: flask.Flask, office: Browser, data: bytes
) -> None:
    if not data:
        answer = office.post(
            "/rencana/impor", {"file": (io.BytesIO(data), "x.xlsx"), "plan": KEY}, status=422
        )
        assert "kosong" in answer.text
        return
    path = upload(app, office, data, name="x.xlsx")
    page = office.get(path).text
    assert "isi berkas tidak disimpan" in page
    apply_import(office, path, status=409)
    with app.app_context():
        assert db.session.scalar(sa.select(PlanImport.data)) is None


def test_what_is_wrong_is_said_with_its_place_and_old_files_go(
    app: flask.Flask, office: Browser, plan: PlanFile, clock: time_machine.Traveller
) -> None:
    text = re.sub(r"code: (.)1\.2\1", r"code: \g<1>1.1\1", PLAN_FORMAT.to_yaml(plan))
    path = upload(app, office, text.encode())
    page = office.get(path).text
    assert "sudah dipakai" in page
    csv = office.get(f"{path}/galat.csv")
    assert csv.mimetype == "text/csv"
    assert "sudah dipakai" in csv.get_data(as_text=True)
    apply_import(office, path, status=409)
    office.post(f"{path}/buang", {}, page=path)
    office.get(path, status=404)
    upload(app, office, PLAN_FORMAT.to_yaml(plan).encode())
    clock.shift(timedelta(hours=25))
    with app.app_context():
        assert forget_old_plan_imports() == "1 impor dihapus"
        assert db.session.scalar(sa.select(sa.func.count()).select_from(PlanImport)) == 0


def test_the_shell_shows_and_applies_a_file(
    app: flask.Flask, plan: PlanFile, tmp_path: Path
) -> None:
    runner = app.test_cli_runner()
    file = tmp_path / "rencana.yaml"
    wanted = with_new(changed(without(plan, "1.3"), "1.1", title="Judul lain"), new_action(plan))
    file.write_text(PLAN_FORMAT.to_yaml(wanted), "utf-8")
    stop = ["--missing", "discontinue"]
    shown = runner.invoke(
        args=[
            "plan",
            "import",
            str(file),
            "--dry-run",
            "--json",
            *stop,
            "--missing-reason",
            "Diganti",
        ]
    )
    assert shown.exit_code == 0, shown.output
    lists = json.loads(shown.stdout)
    names = ("new", "changed", "removed", "errors")
    assert {name: [one["code"] for one in lists[name]] for name in names} == {
        "new": ["1.90"],
        "changed": ["1.1"],
        "removed": ["1.3"],
        "errors": [],
    }
    assert lists["changed"][0]["fields"] == [
        {"field": "Aksi", "before": plan.actions[0].title, "after": "Judul lain"}
    ]
    assert _in_force(app) == plan
    assert runner.invoke(args=["plan", "import", str(file), *stop]).exit_code == 2
    assert runner.invoke(args=["plan", "import", str(file), "--map", "C"]).exit_code == 2
    done = runner.invoke(args=["plan", "import", str(file), "--reason", "Surat"])
    assert done.exit_code == 0, done.output
    assert "versi 2 terbit" in done.stdout
    assert "tidak ada perubahan" in runner.invoke(args=["plan", "import", str(file)]).stdout
    matrix_file = tmp_path / "matriks.xlsx"
    matrix_file.write_bytes(matrix())
    args = ["plan", "import", str(matrix_file), "--plan", KEY, "--dry-run", "--json"]
    unknown = runner.invoke(args=args)
    assert unknown.exit_code == 1
    assert any("Badan Antah" in one["message"] for one in json.loads(unknown.stdout)["errors"])
    known = runner.invoke(args=[*args, "--agency", "Badan Antah=dpmpd", "--pokja", "1=pencegahan"])
    assert known.exit_code == 0, known.output
