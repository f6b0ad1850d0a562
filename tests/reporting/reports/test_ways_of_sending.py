"""Sending with the head's word, taking back, typing from paper, many at once: services on both
engines."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import flask
import openpyxl
import pytest
import sqlalchemy as sa
import time_machine
from PIL import Image
from werkzeug.datastructures import FileStorage

from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.reassignment import end_party
from coordinator.assignments.obligations.rules import ObligationEnd
from coordinator.clock import today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.home.workload import loads
from coordinator.oversight.calendar.queries import events
from coordinator.oversight.matrix.queries import matrix
from coordinator.oversight.matrix.rules import Counts, Layer
from coordinator.oversight.opening import service as opening
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.service import record
from coordinator.platform.files.receiving import Received, receive
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.reporting.approval.service import approve_report, send_back, take_from_head
from coordinator.reporting.decisions.models import DecisionRequest
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.mail_links import queries as links
from coordinator.reporting.on_behalf import service as on_behalf
from coordinator.reporting.papers.queries import unanswered
from coordinator.reporting.papers.rules import AgencyAnswer
from coordinator.reporting.reports.models import Report, ReportRevision
from coordinator.reporting.reports.obligation_states import unsent_obligations
from coordinator.reporting.reports.rules import ReportState, ReturnReason, SubmittedVia
from coordinator.reporting.revisions.withdrawal import note_opening, withdraw_report
from coordinator.reporting.settings.service import set_head_approval
from coordinator.reporting.sheet import exports
from coordinator.reporting.sheet import queries as sheets
from coordinator.reporting.sheet import service as sheet
from coordinator.reporting.verification.returning_service import default_revise_by, return_report
from coordinator.reporting.verification.rules import ReturnInput, VerifyInput
from coordinator.reporting.verification.service import verify_report
from tests import factories
from tests.reporting.reports.mail_link import link_in, mail_to


@dataclass
class Desk:
    """Dispora's report, and everybody around it."""

    story: factories.Story
    head: Viewer
    obligation: Obligation

    @property
    def report_id(self) -> str:
        """The report's address."""
        return self.obligation.public_id

    def report(self) -> Report:
        """The report as it is."""
        db.session.expire_all()
        return db.session.scalars(
            sa.select(Report).where(Report.obligation_id == self.obligation.id)
        ).one()

    def send(self, **more: str) -> Report:
        """The focal point sends."""
        factories.submit(self.obligation, self.story.focal_point, **more)
        return self.report()

    @transactional
    def ends(self) -> None:
        """The part goes to another agency, and what it has not answered ends."""
        party, end = self.obligation.party, ObligationEnd.TRANSFERRED
        end_party(party, unsent_obligations(party.assignment, today()), end)
        record("test.moved", by=self.story.secretariat, subject=("report", self.report_id))


@pytest.fixture
def desk(in_app: None) -> Desk:
    """One open report."""
    story = factories.story()
    head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
    return Desk(story, head, factories.obligation_of(story.assignment, "dispora"))


def mails(kind: str) -> int:
    """How many mails of a kind are queued."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(OutgoingEmail)
            .where(OutgoingEmail.kind == kind, OutgoingEmail.state != "cancelled")
        )
        or 0
    )


def scan(colour: int = 1) -> Received:
    """A photo of a paper."""
    out = io.BytesIO()
    Image.new("RGB", (30, 30), (colour, 9, 9)).save(out, "JPEG")
    out.seek(0)
    return receive(FileStorage(out, filename="kertas.jpg"), field="scan")


def test_with_the_heads_word_a_report_is_sent_when_it_reaches_the_secretariat(
    desk: Desk, app: flask.Flask, clock: time_machine.Traveller
) -> None:
    set_head_approval("dispora", wanted=True, by=desk.head)
    with pytest.raises(NotFound):
        set_head_approval("disdikbud", wanted=True, by=desk.head)
    with pytest.raises(NotAllowed):
        set_head_approval("dispora", wanted=False, by=desk.story.focal_point)
    report = desk.send()
    assert report.state is ReportState.AWAITING_HEAD
    assert (report.number, report.first_submitted_at, report.revisions) == (None, None, [])
    assert (mails("head_asked"), mails("sent")) == (1, 0)
    with pytest.raises(Conflict):
        desk.send()
    with pytest.raises(NotAllowed):
        approve_report(desk.report_id, version=report.version, by=desk.story.focal_point)
    with pytest.raises(InvalidInput):
        send_back(desk.report_id, version=report.version, remark=" ", by=desk.head)
    send_back(desk.report_id, version=report.version, remark="Tambah foto.", by=desk.head)
    report = desk.report()
    assert report.state is ReportState.DRAFT
    assert report.draft["note"] == "Kegiatan berjalan."
    assert link_in(mail_to(desk.story.focal_point.account_id, "head_back"), app)
    report = desk.send()
    clock.move_to("2026-10-17T02:00:00+00:00")  # the period has closed meanwhile
    row = matrix(desk.head, desk.story.period, Layer.LAPOR, on=today()).totals
    assert (row.reported, row.in_time) == (0, 0)
    with pytest.raises(Conflict):
        approve_report(desk.report_id, version=report.version - 1, by=desk.head)
    approve_report(desk.report_id, version=report.version, by=desk.head)
    report = desk.report()
    assert report.state is ReportState.SUBMITTED
    assert report.latest is not None
    assert report.latest.submitted_by_id == desk.story.focal_point.account_id
    row = matrix(desk.head, desk.story.period, Layer.LAPOR, on=today()).totals
    assert (row.reported, row.in_time) == (1, 0)
    assert mails("sent") == 1


def test_a_report_is_taken_back_until_a_verifier_opens_it(desk: Desk) -> None:
    report = desk.send(decision_question="Siapa menanggung transport?", decision_asked_of="Sekda")
    assert report.latest is not None
    assert db.session.scalars(sa.select(DecisionRequest.question)).one().startswith("Siapa")
    # Somebody who may not judge it (the agency's own) opens nothing.
    own = factories.person(AccessKind.SECRETARIAT, home="dispora", email="dispora2@uji.example")
    note_opening(desk.report_id, by=own)
    withdraw_report(desk.report_id, revision_number=1, by=desk.story.focal_point)
    assert db.session.scalars(sa.select(DecisionRequest.state)).one() == "withdrawn"
    report = desk.report()
    assert report.state is ReportState.DRAFT
    assert (report.kind, report.first_submitted_at, report.latest) == (None, None, None)
    assert len(report.revisions) == 1
    assert mails("sent") == 0
    report = desk.send()
    assert report.latest is not None
    assert report.latest.number == 2
    note_opening(desk.report_id, by=desk.story.secretariat)
    note_opening(desk.report_id, by=desk.story.secretariat)
    with pytest.raises(Conflict):
        withdraw_report(desk.report_id, revision_number=2, by=desk.story.focal_point)
    with pytest.raises(NotFound):
        withdraw_report(desk.report_id, revision_number=2, by=desk.story.supporter)
    assert desk.report().state is ReportState.SUBMITTED


def typed(desk: Desk, key: str = "k1", **change: object) -> Report:
    """The secretariat types Dispora's report."""
    given: dict[str, object] = {
        "paper": on_behalf.SourcePaper("460/12/DISPORA", today(), scan()),
        "files": [],
        "form_key": key,
        "confirmed": True,
        "by": desk.story.secretariat,
        **change,
    }
    return on_behalf.type_report(
        desk.report_id,
        factories.draft_for(desk.obligation),
        **given,  # type: ignore[arg-type]
    )


def counted(desk: Desk) -> Counts:
    """What the matrix counts of Dispora."""
    period = db.session.get_one(ReportingPeriod, desk.obligation.period_id)
    found = matrix(desk.story.leadership, period, Layer.LAPOR, on=today())
    return next(row.counts for row in found.rows if row.slug == "dispora")


def test_atas_nama_is_marked_asked_about_and_never_judged_by_its_typist(
    desk: Desk, app: flask.Flask, clock: time_machine.Traveller
) -> None:
    drafts.save_draft(desk.report_id, {"note": "Draf dinas."}, version=0, by=desk.story.focal_point)
    for missing in ({"confirmed": False}, {"paper": on_behalf.SourcePaper("x", today(), None)}):
        with pytest.raises(InvalidInput):
            typed(desk, **missing)
    typed(desk)
    typed(desk)  # a double click
    report = desk.report()
    assert report.draft == {"note": "Draf dinas."}  # the agency's own draft stays theirs
    assert report.latest is not None
    assert report.latest.via is SubmittedVia.ON_BEHALF
    assert len(report.revisions) == 1
    assert mails("typed") == 1
    with pytest.raises(NotAllowed):
        verify_report(
            desk.report_id, VerifyInput(1, identity_checked=True), by=desk.story.secretariat
        )
    waiting = unanswered(desk.story.secretariat, today())
    assert [(one.agency, one.is_long) for one in waiting] == [("Dispora", False)]
    assert counted(desk) == Counts(total=1, due=1, in_time=1, reported=1, waiting=1)
    clock.move_to("2026-10-28T02:00:00+00:00")  # 11 working days later
    assert [one.is_long for one in unanswered(desk.story.secretariat, today())] == [True]
    assert counted(desk) == Counts(total=1, unconfirmed=1)  # neither met nor missed
    link = link_in(mail_to(desk.story.focal_point.account_id, "typed"), app).removeprefix("/l/")
    found = links.link_of(link)
    assert found is not None
    on_behalf.answer_typed(
        desk.report_id, AgencyAnswer.CONFIRMED, revision_number=1, by=found.viewer, link=found
    )
    assert unanswered(desk.story.secretariat, today()) == []
    assert counted(desk) == Counts(total=1, due=1, in_time=1, reported=1, waiting=1)
    with pytest.raises(Conflict):
        on_behalf.answer_typed(
            desk.report_id, AgencyAnswer.OBJECTED, revision_number=1, remark="x", by=desk.head
        )


def test_an_objection_takes_back_what_others_typed(desk: Desk) -> None:
    typed(desk)
    with pytest.raises(InvalidInput):
        on_behalf.answer_typed(
            desk.report_id, AgencyAnswer.OBJECTED, revision_number=1, by=desk.head
        )
    with pytest.raises(NotFound):
        on_behalf.answer_typed(
            desk.report_id, AgencyAnswer.CONFIRMED, revision_number=1, by=desk.story.supporter
        )
    on_behalf.answer_typed(
        desk.report_id,
        AgencyAnswer.OBJECTED,
        revision_number=1,
        remark="Angkanya bukan dari kami.",
        by=desk.head,
    )
    report = desk.report()
    assert (report.state, report.latest, report.kind) == (ReportState.DRAFT, None, None)
    assert report.draft["note"] == "Kegiatan berjalan."  # may be corrected, not typed again
    assert mails("objected") == 1


def filled(body: bytes, fill: Callable[[dict[str, int], object], None]) -> bytes:
    """The sheet as somebody fills it in a spreadsheet program."""
    book = openpyxl.load_workbook(io.BytesIO(body))
    page = book["Laporan"]
    place = {str(cell.value): cell.column for cell in page[1]}
    fill(place, page)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_is_shown_before_it_is_applied_as_a_whole(desk: Desk) -> None:
    by = desk.story.focal_point
    factories.assign(
        desk.story.secretariat, "1.2", lead="dispora", join=desk.story.period, targets={}
    )
    reports = sheets.open_reports(by)
    assert len(reports) == 2
    body = exports.sheet(reports)
    assert {line.is_changed for line in sheet.preview(body, by=by).lines} == {False}

    def good(place: dict[str, int], page: object) -> None:
        for row in (2, 3):
            page.cell(row, place["Jenis laporan"]).value = "Nihil"  # type: ignore[attr-defined]
            page.cell(row, place["Alasan nihil"]).value = "Tidak ada."  # type: ignore[attr-defined]
        page.cell(2, place["Kirim? (ya/tidak)"]).value = "ya"  # type: ignore[attr-defined]

    def bad(place: dict[str, int], page: object) -> None:
        good(place, page)
        page.cell(3, place["Catatan singkat"]).value = 6472015505080001  # type: ignore[attr-defined]
        page.cell(3, place["Jenis laporan"]).value = "Entah"  # type: ignore[attr-defined]

    lines = sheet.preview(filled(body, bad), by=by).lines
    problems = {problem.what for line in lines for problem in line.problems}
    assert {"identity", "kind"} <= problems
    assert all(problem.cell.endswith("3") for line in lines for problem in line.problems)

    lines = sheet.preview(filled(body, good), by=by).lines
    assert [(line.send, line.is_changed, line.problems) for line in lines] == [
        (True, True, []),
        (False, True, []),
    ]
    wanted = [sheet.ConfirmedLine(one.key, one.version, one.draft, one.send) for one in lines]
    with pytest.raises(InvalidInput):
        sheet.apply_sheet(wanted, form_key="s1", confirmed=False, by=by)
    broken = [*wanted[:1], sheet.ConfirmedLine(wanted[1].key, 7, wanted[1].draft, False)]
    with pytest.raises(InvalidInput):
        sheet.apply_sheet(broken, form_key="s1", confirmed=True, by=by)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ReportRevision)) == 0
    assert sheet.apply_sheet(wanted, form_key="s1", confirmed=True, by=by) == (1, 1)
    assert sheet.apply_sheet(wanted, form_key="s1", confirmed=True, by=by) == (1, 1)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ReportRevision)) == 1
    # The sheet is old now: what was sent is no longer open, what was kept has moved on.
    again = sheet.preview(filled(body, good), by=by).lines
    assert {problem.what for line in again for problem in line.problems} == {"unknown"}


@pytest.mark.parametrize("data", [b"", b"bukan lembar", b"PK\x03\x04rusak"])
def test_a_file_that_is_no_sheet_is_refused_with_words(desk: Desk, data: bytes) -> None:
    with pytest.raises(InvalidInput):
        sheet.preview(data, by=desk.story.focal_point)


def test_mails_of_one_agency_outlive_what_another_of_the_assignment_sends(desk: Desk) -> None:
    desk.send()
    day = default_revise_by("Asia/Makassar")
    given = ReturnInput(1, ReturnReason.EVIDENCE_MISSING, "Lampirkan berita acara.", day)
    return_report(desk.report_id, given, by=desk.story.secretariat)
    theirs = factories.obligation_of(desk.story.assignment, "disnakertrans")
    factories.submit(theirs, desk.story.supporter)
    assert (mails("returned"), mails("sent")) == (1, 2)
    withdraw_report(theirs.public_id, revision_number=1, by=desk.story.supporter)
    assert (mails("returned"), mails("sent")) == (1, 1)
    set_head_approval("dispora", wanted=True, by=desk.head)
    report = desk.send()  # corrected, and on the head's desk: the day it is wanted by stays
    dates = {one.uid: one.on for one in events(desk.story.focal_point, today())}
    assert dates[f"mend-{desk.report_id}"] == default_revise_by("Asia/Makassar")
    take_from_head(desk.report_id, version=report.version, by=desk.story.focal_point)
    set_head_approval("dispora", wanted=False, by=desk.head)
    desk.send()  # corrected: what asked for it is of no use any more
    assert (mails("returned"), mails("sent")) == (0, 2)


def test_the_heads_desk_is_no_trap(desk: Desk, clock: time_machine.Traveller) -> None:
    set_head_approval("dispora", wanted=True, by=desk.head)
    report = desk.send()
    for by in (desk.story.supporter, desk.story.secretariat):
        with pytest.raises((NotFound, NotAllowed)):
            take_from_head(desk.report_id, version=report.version, by=by)
    with pytest.raises(Conflict):
        take_from_head(desk.report_id, version=report.version - 1, by=desk.story.focal_point)
    take_from_head(desk.report_id, version=report.version, by=desk.story.focal_point)
    report = desk.report()
    assert report.state is ReportState.DRAFT
    assert mails("head_asked") == 0
    with pytest.raises(Conflict):
        approve_report(desk.report_id, version=report.version, by=desk.head)
    # What is not approved yet counts as owed, everywhere.
    report = desk.send()
    unsent = unsent_obligations(desk.obligation.party.assignment, today())
    assert [one.id for one in unsent[desk.obligation.party_id]] == [desk.obligation.id]
    assert [one.reports for one in loads(desk.story.secretariat) if one.slug == "dispora"] == [1]
    assert any(one.uid.startswith("due-") for one in events(desk.story.focal_point, today()))
    # A closed period locks it on the head's desk too, until it is opened again.
    clock.move_to("2026-10-20T02:00:00+00:00")
    period = db.session.get_one(ReportingPeriod, desk.obligation.period_id)
    opening.close_period(period.public_id, by=desk.story.secretariat)
    with pytest.raises(Conflict):
        approve_report(desk.report_id, version=report.version, by=desk.head)
    opening.reopen_period(
        period.public_id,
        closes_on=today() + timedelta(days=5),
        reason="Diminta dinas.",
        by=desk.story.secretariat,
    )
    desk.ends()
    with pytest.raises(Conflict):
        approve_report(desk.report_id, version=report.version, by=desk.head)


def test_a_sheet_left_alone_changes_nothing_and_asks_the_head_once(desk: Desk) -> None:
    by = desk.story.focal_point
    set_head_approval("dispora", wanted=True, by=desk.head)
    drafts.save_draft(
        desk.report_id,
        factories.draft_for(desk.obligation, note="baris satu\r\nbaris dua ", place="Ulu "),
        version=0,
        by=by,
    )
    body = exports.sheet(sheets.open_reports(by))
    assert [line.is_changed for line in sheet.preview(body, by=by).lines] == [False]
    factories.assign(
        desk.story.secretariat, "1.2", lead="dispora", join=desk.story.period, targets={}
    )
    wanted = [
        sheet.ConfirmedLine(one.key, one.version, {"kind": "nil", "nil_reason": "Tidak ada."}, True)
        for one in sheets.open_reports(by)
    ]
    assert sheet.apply_sheet(wanted, form_key="s1", confirmed=True, by=by) == (0, 2)
    mail = mail_to(desk.head.account_id, "head_asked")
    assert mails("head_asked") == 1
    assert mail.subject == "[TPPO] 2 laporan menunggu persetujuan Anda - Dispora"
    assert "/tugas-saya" in {link.path for link in mail.mail_links}
