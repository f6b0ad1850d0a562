"""Verifying through the browser: what is asked, what is refused, and that no words are lost."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.clock import today
from coordinator.db import db
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.models import Account
from coordinator.permissions import AccessKind, Viewer
from coordinator.reporting.decisions.models import DecisionRequest
from coordinator.reporting.decisions.service import NewDecision, decide_request
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.rules import ReportState
from coordinator.reporting.revisions.withdrawal import withdraw_report
from coordinator.reporting.submission import service
from coordinator.reporting.threads.models import ReportComment
from coordinator.reporting.verification import queries
from coordinator.reporting.verification.rules import Flag, QueueFilter
from tests import factories
from tests.conftest import Browser

RETURNED = {
    "verdict": "return",
    "return_reason": "evidence_undated",
    "remark": "Tambahkan berita acara.",
    "mend_by_on": "2026-10-20",
}


@dataclass
class Desk:
    """One report that waits, and who may look at it."""

    app: flask.Flask
    email: str
    secretariat: Viewer
    writer: Viewer
    report_id: str
    draft: dict[str, str]

    def send(self, **change: str) -> None:
        """Hand it in (again)."""
        report = drafts.save_draft(
            self.report_id,
            {**self.draft, **change},
            version=self._version(),
            by=self.writer,
        )
        service.submit_report(
            self.report_id,
            version=report.version,
            form_key=f"{self.report_id}-{report.version}",
            confirmed=True,
            by=self.writer,
        )

    def _version(self) -> int:
        return db.session.scalar(sa.select(Report.version)) or 0

    def state(self) -> ReportState:
        """Its state."""
        with self.app.app_context():
            return db.session.scalars(sa.select(Report.state)).one()


@pytest.fixture
def desk(app: flask.Flask) -> Desk:
    """Dispora's report, handed in."""
    with app.app_context():
        story = factories.story()
        owed = factories.obligation_of(story.assignment, "dispora")
        desk = Desk(
            app,
            factories.email_of(story.secretariat),
            story.secretariat,
            story.focal_point,
            owed.public_id,
            factories.draft_for(owed),
        )
        desk.send()
        db.session.remove()
    return desk


@pytest.fixture
def office(desk: Desk, browser: Callable[[], Browser]) -> Browser:
    """The secretariat at its desk."""
    return browser().sign_in(desk.email, factories.PASSWORD)


def test_a_verdict_on_what_was_replaced_meanwhile_keeps_its_words(
    desk: Desk, office: Browser
) -> None:
    path = f"/verifikasi/{desk.report_id}"
    with desk.app.app_context():
        withdraw_report(desk.report_id, revision_number=1, by=desk.writer)
        desk.send(note="Angkanya diperbaiki.")
    answer = office.post(path, {**RETURNED, "revision": "1"}, status=409)
    assert "mengirim kiriman baru" in answer.text
    assert "Tambahkan berita acara." in answer.text
    assert "Angkanya diperbaiki." in answer.text
    assert desk.state() is ReportState.SUBMITTED
    office.post(path, {**RETURNED, "revision": "2"})
    assert desk.state() is ReportState.RETURNED
    token = office.token("/akun")
    again = {**RETURNED, "revision": "2", "csrf_token": token}
    assert office.client.post(path, data=again).status_code == 303  # the same verdict: its copy
    late = office.client.post(path, data={**again, "remark": "Tambahkan daftar hadir."})
    assert late.status_code == 409
    assert "Tambahkan daftar hadir." in late.text  # decided already: the words come back


def test_what_is_required_is_not_called_optional(desk: Desk, office: Browser) -> None:
    page = office.get(f"/verifikasi/{desk.report_id}").text
    assert "(boleh kosong)" not in page.partition('class="sheet decision"')[2]
    asked = {"verdict": "return", "revision": "1", "mend_by_on": "2099-12-31"}
    answer = office.post(f"/verifikasi/{desk.report_id}", asked, status=422)
    for words in ("Pilih alasan", "Paling lama 90 hari lagi"):
        assert words in answer.text


def test_who_reports_for_an_agency_never_judges_it(desk: Desk, office: Browser) -> None:
    with desk.app.app_context():
        account = db.session.get_one(Account, desk.secretariat.account_id)
        accounts.add_person(
            accounts.NewPerson(
                email=account.email,
                name=account.name,
                kind=AccessKind.FOCAL_POINT,
                task_force_id=desk.secretariat.task_force_id,
                agency_id=desk.writer.agency_id,
                home_agency_id=None,
                is_alternate=True,
                from_on=today(),
            ),
            by=None,
        )
        by = desk.secretariat
        wanted = QueueFilter(flag=Flag.NOT_MINE)
        assert queries.verification_queue(by, ReportState.SUBMITTED, wanted)[1] == 1
        assert queries.reports_without_verifier(by, today()) == ["Dispora"]
    page = office.get(f"/verifikasi/{desk.report_id}").text
    assert "Perlu verifikator lain." in page
    judged = {"verdict": "verify", "revision": "1", "identity_checked": "y"}
    office.client.post(
        f"/verifikasi/{desk.report_id}", data={**judged, "csrf_token": office.token("/akun")}
    )
    assert desk.state() is ReportState.SUBMITTED


def test_words_that_may_tell_who_somebody_is_are_asked_about_once(
    desk: Desk, office: Browser
) -> None:
    path = f"/laporan/{desk.report_id}/percakapan"
    text = "Anak berinisial AB di nomor 0812-3456-7890."
    asked = office.post(path, {"text": text}, status=422)
    assert "nomor telepon" in asked.text
    assert text in asked.text
    assert 'name="yakin-text"' in asked.text
    with desk.app.app_context():
        assert db.session.scalars(sa.select(ReportComment)).all() == []
    office.post(path, {"text": text, "yakin-text": "1"})
    # A population number (made up) is refused, no matter what is ticked.
    refused = {"text": "NIK 6472015505080001", "yakin-text": "1"}
    office.post(path, refused, status=422)
    with desk.app.app_context():
        (kept,) = db.session.scalars(sa.select(ReportComment.text))
        assert kept == text


def test_the_verifier_sees_what_to_look_at(desk: Desk, office: Browser) -> None:
    path = f"/verifikasi/{desk.report_id}"
    assert "Pemeriksa otomatis menandai" not in office.get(path).text
    office.post(path, {**RETURNED, "revision": "1"})
    with desk.app.app_context():
        desk.send(note="Hubungi 0812-3456-7890.")
    assert "Pemeriksa otomatis menandai nomor telepon." in office.get(path).text
    # What was sent first can still be read, said to be so.
    first = office.get(f"/laporan/{desk.report_id}?pengajuan=1").text
    assert "Ini kiriman ke-1." in first
    assert "0812-3456-7890" not in first.partition("Riwayat")[0]
    assert "Ini pengajuan" not in office.get(f"/laporan/{desk.report_id}?pengajuan=2").text


def test_a_decision_moves_the_reports_mark(desk: Desk, office: Browser) -> None:
    office.post(f"/verifikasi/{desk.report_id}", {**RETURNED, "revision": "1"})
    with desk.app.app_context():
        desk.send(decision_question="Siapa yang mengundang?", decision_asked_of="Sekda")
    page = office.get(f"/laporan/{desk.report_id}").text
    assert "Menunggu keputusan" in page
    assert "Sudah diputuskan" not in page
    with desk.app.app_context():
        (request,) = db.session.scalars(sa.select(DecisionRequest))
        leader = replace(desk.secretariat, kind=AccessKind.LEADERSHIP)
        decided = NewDecision("Biro Kesra mengundang.", today(), "Rapat pimpinan")
        decide_request(request.public_id, decided, by=leader)
    page = office.get(f"/laporan/{desk.report_id}").text
    assert "Sudah diputuskan" in page
    assert "Menunggu keputusan" not in page
    assert desk.state() is ReportState.SUBMITTED  # still to be verified


APPROVED = {"verdict": "verify", "revision": "1", "identity_checked": "y"}


def test_the_button_names_what_it_approves_and_the_next_page_what_was_done(
    desk: Desk, office: Browser, clock: time_machine.Traveller
) -> None:
    path = f"/verifikasi/{desk.report_id}"
    page = office.get(path).text
    assert ">Setujui, 2 angka</button>" in page
    assert page.count(" autofocus") == 1
    assert page.count("identitas korban/saksi") == 1  # one question, said once
    done = office.post(path, APPROVED)
    page = office.get(done.location).text
    assert "Disetujui: Dispora, 2 angka." in page
    assert "Urungkan (60 detik)" in page
    clock.shift(timedelta(seconds=60))
    assert "Urungkan (60 detik)" not in office.get(done.location).text


@pytest.mark.parametrize(
    ("change", "button", "notice"),
    [
        (
            {"kind": "nil", "nil_reason": "Belum ada kegiatan."},
            "Terima laporan nihil",
            "Diterima: Dispora, laporan nihil.",
        ),
        (
            {"kind": "blocked", "blocked_by": "Bappeda, pagu."},
            "Terima laporan terhambat",
            "Diterima: Dispora, laporan terhambat.",
        ),
    ],
)
def test_what_has_no_number_has_a_button_of_its_own(
    desk: Desk, office: Browser, change: dict[str, str], button: str, notice: str
) -> None:
    path = f"/verifikasi/{desk.report_id}"
    office.post(path, {**RETURNED, "revision": "1"})
    with desk.app.app_context():
        desk.send(**change)
    assert f">{button}</button>" in office.get(path).text
    assert "Setujui sebagian" not in office.get(path).text
    done = office.post(path, {**APPROVED, "revision": "2"})
    assert notice in office.get(done.location).text


def test_a_button_that_names_another_number_is_refused(desk: Desk, office: Browser) -> None:
    path = f"/verifikasi/{desk.report_id}"
    with desk.app.app_context():
        field = next(name for name in desk.draft if name.startswith("value-"))
    # Enter in the input for a lower value presses the first button of the form.
    answer = office.post(path, {**APPROVED, field: "1"}, status=422)
    assert "Tekan “Setujui sebagian”" in answer.text
    assert f'name="{field}" inputmode="decimal" autocomplete="off" value="1"' in answer.text
    assert desk.state() is ReportState.SUBMITTED
    office.post(path, {**APPROVED, field: "3"})  # as reported
    assert desk.state() is ReportState.VERIFIED


def test_a_verdict_is_undone_from_the_notice_and_not_after_a_minute(
    desk: Desk, office: Browser, browser: Callable[[], Browser], clock: time_machine.Traveller
) -> None:
    path = f"/verifikasi/{desk.report_id}"
    done = office.post(path, {**RETURNED, "revision": "1"})
    page = office.get(done.location).text
    assert "Dikembalikan: Dispora, perbaikan paling lambat Selasa, 20 Oktober." in page
    version = page.partition('name="version" value="')[2].partition('"')[0]
    with desk.app.app_context():
        other = factories.person(AccessKind.SECRETARIAT, home="dkp3a", email="lain@uji.example")
        email = factories.email_of(other)
    colleague = browser().sign_in(email, factories.PASSWORD)
    assert "Urungkan" not in colleague.get(done.location).text
    form = {"version": version}
    colleague.post(f"{path}/urungkan", form, page="/akun", status=403)
    for _copy in range(2):  # the form sent twice is undone once
        undone = office.post(f"{path}/urungkan", form, page="/akun")
        assert "Keputusan diurungkan." in office.get(undone.location).text
    assert desk.state() is ReportState.SUBMITTED
    done = office.post(path, APPROVED)
    page = office.get(done.location).text
    version = page.partition('name="version" value="')[2].partition('"')[0]
    clock.shift(timedelta(seconds=61))
    late = office.post(f"{path}/urungkan", {"version": version}, page="/akun")
    page = office.get(late.location).text
    assert "Keputusan tidak dapat diurungkan lagi." in page
    assert f"{path}/buka-kembali" in page  # what is left to do
    assert desk.state() is ReportState.VERIFIED
