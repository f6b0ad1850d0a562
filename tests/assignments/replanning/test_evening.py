"""The evening the national plan appears: it takes the place of the sample while work runs."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import flask
import pytest
import sqlalchemy as sa

from coordinator.assignments.changes.changes import ChangeRequest
from coordinator.assignments.changes.service import close
from coordinator.assignments.models import Assignment, AssignmentTarget
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.queries import changes
from coordinator.assignments.rules import CloseKind
from coordinator.db import db
from coordinator.people.directory.models import Agency
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.models import Indicator
from coordinator.plans.actions.seed import PlanFile
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from coordinator.reporting.reading.head_queries import head_for
from coordinator.reporting.verification.rules import VerifyInput
from coordinator.reporting.verification.service import verify_report
from tests import factories
from tests.conftest import Browser
from tests.plans.actions.builders import seed_plan
from tests.plans.versions.importing import KEY, apply_import, choices_of, read_waiting, upload
from tests.plans.versions.ministry import Ministry

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

HELD = {
    "dispora": "1.1",  # the same action; its first target is the plan's
    "satpol-pp": "1.2",  # another title; a target of its own
    "disdikbud": "1.3",  # another title
    "dpmpd": "1.5",  # not in the matrix
    "disnakertrans": "1.7",  # measured otherwise
}
BASIS = "Perpres 1/2026 (DATA CONTOH)"


@dataclass(frozen=True)
class Evening:
    """The secretariat, the matrix, and who held what before it came."""

    secretariat: Viewer
    office: Browser
    ministry: Ministry
    assignments: dict[str, int]
    report: str  # Dispora's, verified


@pytest.fixture
def evening(app: flask.Flask, browser: Callable[[], Browser]) -> Evening:
    """Five agencies hold actions of the sample; a report of Dispora's is verified."""
    with app.app_context():
        secretariat = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        period = factories.open_period()
        held = {}
        for slug, code in HELD.items():
            people = factories.person(AccessKind.FOCAL_POINT, slug)
            first = factories.action(code).indicators[0]
            own = Decimal(5) if slug == "satpol-pp" else first.targets[1].value
            given = factories.assign(secretariat, code, slug, join=period, targets={first.id: own})
            held[slug] = given.id
            if slug == "dispora":
                owed = factories.obligation_of(given, slug)
                report = owed.public_id
                factories.submit(owed, people, "4")
                verify_report(report, VerifyInput(1, identity_checked=True), by=secretariat)
        names = {row.key: row.abbreviation for row in db.session.scalars(sa.select(Agency))}
        address = factories.email_of(secretariat)
    office = browser().sign_in(address, factories.PASSWORD)
    return Evening(secretariat, office, Ministry(seed_plan(), names), held, report)


def _read(app: flask.Flask, evening: Evening, **more: str) -> tuple[str, str]:
    """Upload the matrix, confirm the columns, and answer what is asked; return the import's address
    and its preview."""
    office = evening.office
    path = upload(app, office, evening.ministry.book(), name="matriks.xlsx")
    page = office.get(path).text
    wanted = {
        "standing": "enacted",
        "title": "RAN PP TPPO 2025-2029",
        "basis": BASIS,
        "source": "Surat kementerian (DATA CONTOH)",
        **more,
    }
    for _round in range(3):
        choices = choices_of(page)
        groups = {n: "pencegahan" for n in choices if n.startswith("pokja-") and not choices[n]}
        answers = {_question(page, "Perusahaan dan lembaga yang diawasi"): "new"}
        office.post(path, {**choices, **groups, **answers, **wanted})
        read_waiting(app)
        page = office.get(path).text
        if "Pratinjau impor" in page:
            return path, page
    raise AssertionError(re.findall(r'class="note.*?</div>', page, re.S))


def _question(page: str, words: str) -> str:
    """Return the field of the question that offers these words."""
    for name, body in re.findall(r'<select[^>]*name="(jawab-\d+)"[^>]*>(.*?)</select>', page, re.S):
        if words in body:
            return str(name)
    raise AssertionError(words)


def _assignment(evening: Evening, slug: str) -> Assignment:
    return db.session.get_one(Assignment, evening.assignments[slug])


def _targets(evening: Evening, slug: str) -> dict[str, Decimal]:
    """This year's targets of an agency's assignment, by the indicator's name."""
    rows = db.session.execute(
        sa.select(Indicator.name, AssignmentTarget.value)
        .join(Indicator, Indicator.id == AssignmentTarget.indicator_id)
        .where(
            AssignmentTarget.assignment_id == evening.assignments[slug],
            AssignmentTarget.year == 2026,
        )
    )
    return {row.name: row.value for row in rows}


def test_nothing_goes_on_silently(app: flask.Flask, evening: Evening) -> None:
    office = evening.office
    path = upload(app, office, evening.ministry.book(), name="matriks.xlsx")
    page = office.get(path).text
    assert "Cocokkan berkas" in page
    # Two titles and one indicator are other ones; the rest says itself what it is.
    asked = [name for name in choices_of(page) if name.startswith("jawab-")]
    assert len(asked) == 3, asked
    assert page.count("Saran, periksa.") == 3
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
    _path, page = _read(app, evening)
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
    path, page = _read(app, evening)
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
    assert _targets(evening, "dispora")["Kegiatan pengawasan"] == 24
    assert _targets(evening, "satpol-pp") == {"Lokasi rawan yang diawasi": 5}
    moved = _targets(evening, "disnakertrans")
    assert moved == {"Perusahaan dan lembaga yang diawasi": 18, "Jumlah lain 1.7": 36}
    for slug in ("dispora", "satpol-pp", "disdikbud", "disnakertrans"):
        assert _assignment(evening, slug).closed_at is None
    closed = _assignment(evening, "dpmpd")
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


def _state(evening: Evening) -> list[object]:
    """What an undo must bring back: assignments, targets, obligations, the plan."""
    db.session.expire_all()
    assignments = [_assignment(evening, slug) for slug in HELD]
    targets = [dict(sorted(_targets(evening, slug).items())) for slug in HELD]
    obligations = db.session.execute(
        sa.select(Obligation.public_id, Obligation.ended_as, Obligation.ended_at).order_by(
            Obligation.id
        )
    ).all()
    closed = [(one.closed_at, one.closed_kind, one.closed_reason) for one in assignments]
    return [closed, targets, [tuple(row) for row in obligations], plans.in_force(KEY)]


def test_taking_the_version_back_brings_everything_back(app: flask.Flask, evening: Evening) -> None:
    with app.app_context():
        before = _state(evening)
    path, _page = _read(app, evening)
    apply_import(evening.office, path, missing="discontinue", missing_reason="Tidak ada")
    with app.app_context():
        assert _state(evening)[:2] != before[:2]
    page = f"/rencana/versi/{KEY}/2"
    assert "Urungkan" in evening.office.get(page).text
    evening.office.post(f"{page}/urungkan", {}, page=page)
    with app.app_context():
        assert _state(evening) == before
        reasons = [one.reason for one in changes(evening.assignments["dpmpd"])]
        assert reasons == ["RAN PP TPPO 2025-2029 versi 2 diurungkan", "Tidak ada"]
        waiting = sa.select(OutgoingEmail.id).where(
            OutgoingEmail.kind == "plan_changed", OutgoingEmail.state == MailState.QUEUED
        )
        assert db.session.scalars(waiting).all() == []


def test_it_is_not_taken_back_over_what_somebody_decided_since(
    app: flask.Flask, evening: Evening
) -> None:
    path, _page = _read(app, evening)
    apply_import(evening.office, path, missing="discontinue", missing_reason="Tidak ada")
    with app.app_context():
        given = _assignment(evening, "dispora")
        close(
            given.public_id,
            kind=CloseKind.DONE,
            request=ChangeRequest(version=given.version, reason="Selesai"),
            by=evening.secretariat,
        )
        now_there = _state(evening)
    page = f"/rencana/versi/{KEY}/2"
    answer = evening.office.post(f"{page}/urungkan", {}, page=page, status=409)
    assert "penugasan 1.1 sudah diubah sesudahnya" in answer.text
    with app.app_context():
        assert _state(evening) == now_there


def test_one_of_its_own_follows_where_it_is_ticked_and_new_targets_may_wait(
    app: flask.Flask, evening: Evening
) -> None:
    path, _page = _read(app, evening)
    with app.app_context():
        ticked = _assignment(evening, "satpol-pp").public_id
    apply_import(
        evening.office,
        path,
        missing="discontinue",
        missing_reason="Tidak ada",
        follow=[ticked],
        new_targets="next",
    )
    with app.app_context():
        assert _targets(evening, "satpol-pp") == {"Lokasi rawan yang diawasi": 72}
        assert "Jumlah lain 1.7" not in _targets(evening, "disnakertrans")


def test_made_up_actions_cannot_be_kept_by_hand(app: flask.Flask, evening: Evening) -> None:
    path, _page = _read(app, evening)
    refused = apply_import(evening.office, path, missing="keep", status=422)
    assert "Not a valid choice" not in refused.text
    with app.app_context():
        assert plans.in_force(KEY) == seed_plan()


def test_a_sample_that_stays_one_keeps_what_the_file_does_not_have(
    app: flask.Flask, evening: Evening
) -> None:
    path, page = _read(app, evening, standing="sample")
    assert "Biarkan" in page
    apply_import(evening.office, path, missing="keep")
    with app.app_context():
        plan = plans.in_force(KEY)
        assert plan is not None
        assert plan.plan == seed_plan().plan
        assert {"1.5", "1.8"} <= {part.code for part in plan.actions}
        assert _assignment(evening, "dpmpd").closed_at is None
