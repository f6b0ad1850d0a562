"""The evening the national plan appears: it takes the place of the sample while work runs."""

import re
from dataclasses import replace

import flask
import pytest
import sqlalchemy as sa

from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.queries import changes
from coordinator.assignments.rules import CloseKind
from coordinator.db import db, transactional
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.rules import PlanStatus
from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.actions.service import load_plan
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from coordinator.reporting.reading.head_queries import head_for
from tests.assignments.replanning.evening import (
    BASIS,
    HELD,
    Evening,
    assignment_of,
    read_matrix,
    targets_of,
)
from tests.plans.actions.builders import seed_plan
from tests.plans.versions.importing import KEY, apply_import, choices_of, upload

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def test_nothing_goes_on_silently(app: flask.Flask, evening: Evening) -> None:
    office = evening.office
    path = upload(app, office, evening.ministry.book(), name="matriks.xlsx")
    page = office.get(path).text
    assert "Cocokkan berkas" in page
    # Two titles and one indicator are other ones; the rest says itself what it is.
    asked = [name for name in choices_of(page) if name.startswith("jawab-")]
    assert len(asked) == 3, asked
    assert page.count("Saran, periksa: Ya: ") == 3
    # Nobody has said yet what the text is.
    refused = office.post(path, {**choices_of(page), "standing": ""}, status=422)
    assert "Pilih naskah apa ini" in refused.text
    for basis, title, said in (
        ("", "RAN PP TPPO 2025-2029", "Tulis dasar penetapannya"),
        (BASIS, "RAN (DATA CONTOH)", "Hapus “DATA CONTOH” dari judulnya"),
    ):
        choices = {**choices_of(page), "standing": "enacted", "basis": basis, "title": title}
        assert said in office.post(path, choices, status=422).text


def test_the_preview_says_what_becomes_of_each_assignment(
    app: flask.Flask, evening: Evening
) -> None:
    _path, page = read_matrix(app, evening)
    assert "Penugasan berjalan yang berubah" in page
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Kegiatan pengawasan: 2026 12 → 24 kegiatan" in words
    assert "Lembaga pelatihan yang diperiksa: 2026 tanpa target → 20 lembaga" not in words
    assert "semula 1.2 Pengawasan lapangan dan edukasi di wilayah rawan" in words
    assert "2026 tetap 5, rencana 72" in words
    assert "Perusahaan dan lembaga yang diawasi tidak diminta lagi" in words
    assert "Jumlah lain 1.7 (indikator baru): 2026 36 lembaga" in words
    assert "1 penugasan berjalan ditutup dengan alasan itu" in words
    assert "1.5 Desa dengan kader dan alur lapor pencegahan TPPO: DPMPD" in words
    assert "Biarkan" not in words, "what was made up does not stay in the real plan"
    with app.app_context():
        assert plans.in_force(KEY) == seed_plan()


def test_it_is_applied_whole_and_work_goes_on(app: flask.Flask, evening: Evening) -> None:
    path, page = read_matrix(app, evening)
    reason = re.search(r'name="missing_reason"[^>]*value="([^"]+)"', page)
    assert reason
    apply_import(
        evening.office,
        path,
        missing="discontinue",
        missing_reason=reason[1],
        reason="Perpres terbit",
    )
    with app.app_context():
        plan = plans.in_force(KEY)
        assert plan is not None
        _the_plan_is_real(plan)
        _the_assignments_follow(evening)
        _each_agency_has_one_mail(evening)
        head = head_for(evening.secretariat, evening.report)
        assert head.indicators[0].name == "Kegiatan pengawasan"


def _the_plan_is_real(plan: PlanFile) -> None:
    assert (plan.plan.sample, plan.plan.status, plan.plan.basis) == (False, "enacted", BASIS)
    assert plan.plan.note is None
    by_code = {part.code: part for part in plan.actions}
    # What nobody held went with the sample; what somebody held stays in sight, with the reason.
    assert "1.8" not in by_code
    assert [part.code for part in plan.actions if part.discontinued] == ["1.5"]
    rows = sum(len(part.indicators) for part in plan.actions if not part.discontinued)
    assert rows == 200
    for part in plan.actions:
        if not part.discontinued:
            assert "matriks.xlsx" in part.origin, part.code
    assert by_code["1.1"].indicators[0].targets[2026] == 24


def _the_assignments_follow(evening: Evening) -> None:
    assert targets_of(evening, "dispora")["Kegiatan pengawasan"] == 24
    assert targets_of(evening, "satpol-pp") == {"Lokasi rawan yang diawasi": 5}
    moved = targets_of(evening, "disnakertrans")
    assert moved == {"Perusahaan dan lembaga yang diawasi": 18, "Jumlah lain 1.7": 36}
    for slug in ("dispora", "satpol-pp", "disdikbud", "disnakertrans"):
        assert assignment_of(evening, slug).closed_at is None
    closed = assignment_of(evening, "dpmpd")
    assert closed.closed_kind is CloseKind.DISCONTINUED
    assert closed.closed_reason == "Aksi contoh; tidak ada di naskah resmi"
    open_ones = db.session.scalars(
        sa.select(Obligation).where(
            Obligation.party_id.in_([party.id for party in closed.parties]),
            Obligation.ended_as.is_(None),
        )
    ).all()
    assert open_ones == []
    assert [one.reason for one in changes(evening.assignments["dispora"])] == [
        "RAN PP TPPO 2025-2029 versi 2: Perpres terbit"
    ]
    assert changes(evening.assignments["satpol-pp"]) == []


def _each_agency_has_one_mail(evening: Evening) -> None:
    mails = db.session.scalars(
        sa.select(OutgoingEmail).where(
            OutgoingEmail.kind == "plan_changed", OutgoingEmail.state == MailState.QUEUED
        )
    ).all()
    assert len(mails) == len({mail.to_address for mail in mails}) == len(HELD)
    by_words = {mail.subject.rpartition("untuk ")[2].split(":")[0]: mail for mail in mails}
    assert len(by_words) == len(HELD)
    assert "ditutup. Anda tidak diminta melapor lagi" in by_words["DPMPD"].text
    assert "Kegiatan pengawasan 12 menjadi 24 kegiatan" in by_words["Dispora"].text
    assert "Akibatnya bagi penugasan Anda" not in by_words["Satpol PP"].text
    for mail in mails:
        assert len(mail.html.encode()) < 50_000


def test_one_of_its_own_follows_where_it_is_ticked_and_new_targets_may_wait(
    app: flask.Flask, evening: Evening
) -> None:
    path, _page = read_matrix(app, evening)
    with app.app_context():
        ticked = assignment_of(evening, "satpol-pp").public_id
    apply_import(
        evening.office,
        path,
        missing="discontinue",
        missing_reason="Tidak ada",
        follow=[ticked],
        new_targets="next",
    )
    with app.app_context():
        assert targets_of(evening, "satpol-pp") == {"Lokasi rawan yang diawasi": 72}
        assert "Jumlah lain 1.7" not in targets_of(evening, "disnakertrans")


def test_made_up_actions_cannot_be_kept_by_hand(app: flask.Flask, evening: Evening) -> None:
    path, _page = read_matrix(app, evening)
    refused = apply_import(evening.office, path, missing="keep", status=422)
    assert "Not a valid choice" not in refused.text
    with app.app_context():
        assert plans.in_force(KEY) == seed_plan()


def test_a_sample_that_stays_one_keeps_what_the_file_does_not_have(
    app: flask.Flask, evening: Evening
) -> None:
    path, page = read_matrix(app, evening, standing="sample")
    assert "Biarkan" in page
    apply_import(evening.office, path, missing="keep")
    with app.app_context():
        plan = plans.in_force(KEY)
        assert plan is not None
        assert plan.plan == seed_plan().plan
        assert {"1.5", "1.8"} <= {part.code for part in plan.actions}
        assert assignment_of(evening, "dpmpd").closed_at is None


def test_a_real_draft_takes_the_place_of_a_sample_that_was_called_enacted(
    app: flask.Flask, evening: Evening
) -> None:
    """An older version of the program let the sample be marked "ditetapkan" by mistake."""
    plan = seed_plan()
    head = replace(plan.plan, status=PlanStatus.ENACTED, basis="Perpres 1/2026")
    with app.app_context():
        _keep(replace(plan, plan=head))
    path, page = read_matrix(app, evening, standing="draft", basis="")
    assert "Belum dapat diterapkan" not in page
    apply_import(evening.office, path, missing="discontinue", missing_reason="Tidak ada")
    with app.app_context():
        stored = plans.in_force(KEY)
        assert stored is not None
        assert (stored.plan.sample, stored.plan.status) == (False, PlanStatus.DRAFT)


@transactional
def _keep(plan: PlanFile) -> None:
    load_plan(plan, by=None, reason="Uji")
