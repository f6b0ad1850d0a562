"""Writing, submitting and judging reports, through the services people's clicks call."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.exc import DBAPIError, IntegrityError
from werkzeug.datastructures import FileStorage

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.files.receiving import Received, receive
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.reporting.drafts.service import asked_of, remove_file, save_draft
from coordinator.reporting.evidence import queries as evidence_queries
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.reports import queries
from coordinator.reporting.reports.models import (
    IndicatorValue,
    Report,
    ReportRevision,
    Verification,
    VerifiedValue,
)
from coordinator.reporting.reports.rules import (
    ReportKind,
    ReportState,
    ReturnReason,
    ShortfallReason,
)
from coordinator.reporting.submission import service
from coordinator.reporting.verification import queries as queue
from coordinator.reporting.verification import verdict_queries
from coordinator.reporting.verification.returning_service import return_report
from coordinator.reporting.verification.rules import ReturnInput, VerifyInput
from coordinator.reporting.verification.service import verify_report
from tests import factories
from tests.factories import Story

# Invented numbers with the shape of a NIK and of a Kartu Keluarga number.
CANARIES = ("6472015505080001", "6472 0155 0508 0001", "No. KK 6472011505080002")
RETURN = ReturnInput(
    revision_number=1,
    return_reason=ReturnReason.EVIDENCE_UNDATED,
    remark="Tambahkan tanggal pada foto.",
    revise_by_on=date(2026, 10, 16),
)
ACCEPT = VerifyInput(revision_number=1, identity_checked=True)

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def story(in_app: None) -> Iterator[Story]:
    """Dispora owes a report as lead, Disnakertrans as supporter."""
    return factories.story()


@pytest.fixture
def owed(story: Story) -> Obligation:
    """What Dispora owes."""
    return factories.obligation_of(story.assignment, "dispora")


def photo(colour: int = 90) -> Received:
    """A stored picture."""
    out = io.BytesIO()
    Image.new("RGB", (20, 20), (colour, 120, 90)).save(out, "JPEG")
    out.seek(0)
    return receive(FileStorage(out, filename="kegiatan.jpg"), field="files")


def report_of(obligation: Obligation) -> Report:
    """The report as it is in the database."""
    db.session.rollback()
    return db.session.scalars(
        sa.select(Report)
        .where(Report.obligation_id == obligation.id)
        .execution_options(populate_existing=True)
    ).one()


def count(model: type[Any]) -> int:
    """How many rows there are."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def everything_stored() -> str:
    """Every value of every row of every table, as one text."""
    return "\n".join(
        repr(tuple(row))
        for table in db.metadata.sorted_tables
        for row in db.session.execute(sa.select(table))
    )


# --- drafts --------------------------------------------------------------------------------------


def test_a_draft_keeps_what_was_typed_bad_numbers_too(story: Story, owed: Obligation) -> None:
    typed = factories.draft_for(owed, "lima belas", place="Balikpapan ", note="")
    report = save_draft(owed.public_id, typed, version=0, by=story.focal_point)
    draft = report_of(owed).draft
    assert draft == {name: text for name, text in typed.items() if text}
    assert "lima belas" in draft.values()
    assert (report.state, report.version) == (ReportState.DRAFT, 1)


def test_a_draft_keeps_only_the_fields_of_its_form(story: Story, owed: Obligation) -> None:
    typed = {"note": "Berjalan.", "csrf_token": "x", "value-999999": "7", "state": "verified"}
    save_draft(owed.public_id, typed, version=0, by=story.focal_point)
    assert report_of(owed).draft == {"note": "Berjalan."}


@pytest.mark.parametrize("version", [0, 2, -1])
def test_a_stale_version_overwrites_nothing(story: Story, owed: Obligation, version: int) -> None:
    save_draft(owed.public_id, {"note": "Pertama"}, version=0, by=story.focal_point)
    with pytest.raises(Conflict):
        save_draft(owed.public_id, {"note": "Kedua"}, version=version, by=story.focal_point)
    report = report_of(owed)
    assert report.draft == {"note": "Pertama"}
    assert report.version == 1


def test_a_stale_version_is_not_submitted_either(story: Story, owed: Obligation) -> None:
    draft = factories.draft_for(owed)
    save_draft(owed.public_id, draft, version=0, by=story.focal_point)
    save_draft(owed.public_id, {**draft, "note": "Baru"}, version=1, by=story.focal_point)
    with pytest.raises(Conflict):
        service.submit_report(
            owed.public_id, version=1, form_key="k", confirmed=True, by=story.focal_point
        )
    assert count(ReportRevision) == 0


@pytest.mark.parametrize(
    ("field", "canary"),
    [
        ("note", CANARIES[0]),
        ("note", CANARIES[2]),
        ("place", CANARIES[1]),
        ("nil_reason", CANARIES[2]),
        ("blocked_by", CANARIES[0]),
        ("contribution", CANARIES[0]),
        ("value", CANARIES[0]),
    ],
)
def test_identity_numbers_are_refused_and_kept_nowhere(
    story: Story, owed: Obligation, field: str, canary: str, data_dir: Path
) -> None:
    if field == "value":
        field = next(n for n in factories.draft_for(owed) if n.startswith("value-"))
    draft = factories.draft_for(owed, **{field: f"Didampingi {canary} bulan lalu"})
    with pytest.raises(InvalidInput) as refusal:
        save_draft(owed.public_id, draft, version=0, by=story.focal_point)
    assert set(refusal.value.fields) == {field}
    digits = canary[-8:]
    assert digits not in str(refusal.value)
    assert digits not in everything_stored()
    assert count(Report) == 0
    for file in data_dir.rglob("*"):
        assert not file.is_file() or digits.encode() not in file.read_bytes(), file


def test_an_identity_number_in_a_remark_of_the_verifier_is_refused(
    story: Story, owed: Obligation
) -> None:
    factories.submit(owed, story.focal_point)
    with pytest.raises(InvalidInput) as refusal:
        return_report(
            owed.public_id, replace(RETURN, remark=f"Hapus {CANARIES[0]}"), by=story.secretariat
        )
    assert set(refusal.value.fields) == {"remark"}
    assert CANARIES[0][-8:] not in everything_stored()


def test_the_same_file_twice_is_one_and_the_sixth_is_refused(
    story: Story, owed: Obligation
) -> None:
    files = [photo(), photo()]
    save_draft(owed.public_id, {"note": "a"}, version=0, files=files, by=story.focal_point)
    assert len(report_of(owed).draft_evidence) == 1
    with pytest.raises(InvalidInput) as refusal:
        save_draft(
            owed.public_id,
            {"note": "b"},
            version=1,
            files=[photo(colour) for colour in (10, 30, 50, 130, 170)],
            by=story.focal_point,
        )
    assert set(refusal.value.fields) == {"files"}
    report = report_of(owed)
    assert (report.draft, len(report.draft_evidence)) == ({"note": "a"}, 1)


# --- submitting ----------------------------------------------------------------------------------


def test_submitting_freezes_a_revision(story: Story, owed: Obligation) -> None:
    factories.submit(owed, story.focal_point, "5", place="Samarinda")
    report = report_of(owed)
    revision = report.revisions[0]
    assert (report.state, revision.number, revision.place) == (
        ReportState.SUBMITTED,
        1,
        "Samarinda",
    )
    assert {value.value for value in revision.values} == {5}
    assert report.number == f"LAP-2026-{report.id:05d}"
    for change in ("report_revision SET note = 'x'", "indicator_value SET value = 9000"):
        with db.engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(sa.text(f"UPDATE {change}"))
    with pytest.raises(Conflict):
        save_draft(owed.public_id, {"note": "lain"}, version=report.version, by=story.focal_point)


def test_the_same_form_twice_is_one_revision_and_one_trail(story: Story, owed: Obligation) -> None:
    draft = factories.draft_for(owed)
    report = save_draft(owed.public_id, draft, version=0, by=story.focal_point)
    for _ in range(3):
        service.submit_report(
            owed.public_id,
            version=report.version if report.state is ReportState.DRAFT else 1,
            form_key="kunci",
            confirmed=True,
            by=story.focal_point,
        )
    assert count(ReportRevision) == 1
    actions = list(db.session.scalars(sa.select(AuditEntry.action)))
    assert actions.count("report.submitted") == 1


@pytest.mark.parametrize(
    ("draft", "confirmed", "fields"),
    [
        ({}, True, {"kind"}),
        ({"kind": "nil"}, True, {"nil_reason"}),
        ({"kind": "blocked"}, False, {"blocked_by", "confirmed"}),
        ({"kind": "nil", "nil_reason": "Libur."}, False, {"confirmed"}),
    ],
)
def test_what_is_missing_stops_a_submission_and_keeps_the_draft(
    story: Story, owed: Obligation, draft: dict[str, str], confirmed: bool, fields: set[str]
) -> None:
    save_draft(owed.public_id, draft, version=0, by=story.focal_point)
    with pytest.raises(InvalidInput) as refusal:
        service.submit_report(
            owed.public_id, version=1, form_key="k", confirmed=confirmed, by=story.focal_point
        )
    assert set(refusal.value.fields) == fields
    assert report_of(owed).draft == draft
    assert count(ReportRevision) == 0


@pytest.mark.parametrize(
    ("kind", "more"),
    [("nil", {"nil_reason": "Tidak ada sasaran."}), ("blocked", {"blocked_by": "Polda"})],
)
def test_nil_and_blocked_are_submitted_without_a_number(
    story: Story, owed: Obligation, kind: str, more: dict[str, str]
) -> None:
    factories.submit(owed, story.focal_point, "9", kind=kind, **more)
    report = report_of(owed)
    assert report.kind is ReportKind(kind)
    assert report.revisions[0].values == []


def test_a_supporter_reports_no_value_of_the_leads_target(story: Story, owed: Obligation) -> None:
    support = factories.obligation_of(story.assignment, "disnakertrans")
    lead_fields = {name: "99" for name in factories.draft_for(owed) if name.startswith("value-")}
    factories.submit(support, story.supporter, contribution="2", **lead_fields)
    revision = report_of(support).revisions[0]
    assert revision.values == []
    assert revision.contribution == 2
    assert count(IndicatorValue) == 0


# --- returning, correcting, verifying -----------------------------------------------------------


def test_a_returned_report_is_corrected_as_revision_two_and_keeps_the_first(
    story: Story, owed: Obligation, clock: Any
) -> None:
    factories.submit(owed, story.focal_point, "5")
    first_at = report_of(owed).first_submitted_at
    return_report(owed.public_id, RETURN, by=story.secretariat)
    report = report_of(owed)
    assert (report.state, report.mend_by_on) == (ReportState.RETURNED, date(2026, 10, 16))
    assert report.draft["note"] == "Kegiatan berjalan."
    clock.shift(86_400)
    factories.submit(owed, story.focal_point, "4", note="Sudah bertanggal.")
    report = report_of(owed)
    assert [(r.number, r.note) for r in report.revisions] == [
        (1, "Kegiatan berjalan."),
        (2, "Sudah bertanggal."),
    ]
    assert [{v.value for v in r.values} for r in report.revisions] == [{5}, {4}]
    assert report.first_submitted_at == first_at
    assert report.mend_by_on is None
    verify_report(owed.public_id, replace(ACCEPT, revision_number=2), by=story.secretariat)
    report = report_of(owed)
    assert report.state is ReportState.VERIFIED
    assert [r.verification.verdict.value for r in report.revisions] == ["returned", "verified"]


def test_correcting_at_once_takes_back_the_mail_that_had_not_left(
    story: Story, owed: Obligation
) -> None:
    factories.submit(owed, story.focal_point)
    return_report(owed.public_id, RETURN, by=story.secretariat)
    factories.submit(owed, story.focal_point)
    states = db.session.scalars(
        sa.select(OutgoingEmail.state).where(OutgoingEmail.kind == "returned")
    ).all()
    assert [state.value for state in states] == ["cancelled"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"return_reason": None}, "return_reason"),
        ({"remark": "  "}, "remark"),
        ({"revise_by_on": None}, "mend_by_on"),
        ({"revise_by_on": date(2026, 10, 13)}, "mend_by_on"),
    ],
)
def test_returning_needs_a_reason_a_sentence_and_a_later_day(
    story: Story, owed: Obligation, change: dict[str, Any], field: str
) -> None:
    factories.submit(owed, story.focal_point)
    with pytest.raises(InvalidInput) as refusal:
        return_report(owed.public_id, replace(RETURN, **change), by=story.secretariat)
    assert set(refusal.value.fields) == {field}
    assert report_of(owed).state is ReportState.SUBMITTED
    assert count(Verification) == 0


def test_verified_whole_means_the_same_value(story: Story, owed: Obligation) -> None:
    factories.submit(owed, story.focal_point, "5,5")
    verify_report(owed.public_id, ACCEPT, by=story.secretariat)
    values = {str(v) for v in db.session.scalars(sa.select(VerifiedValue.value))}
    assert values == {"5.5"}
    report = report_of(owed)
    assert report.verified_by_id == story.secretariat.account_id


def _partly(owed: Obligation, text: str, reason: ShortfallReason | None) -> VerifyInput:
    first = asked_of(owed)[0]
    return replace(ACCEPT, values={first.id: text}, shortfall_reason=reason)


def test_less_may_be_verified_than_was_reported_with_a_reason(
    story: Story, owed: Obligation
) -> None:
    factories.submit(owed, story.focal_point, "5")
    with pytest.raises(InvalidInput) as refusal:
        verify_report(owed.public_id, _partly(owed, "4", None), by=story.secretariat)
    assert set(refusal.value.fields) == {"shortfall_reason"}
    verify_report(
        owed.public_id, _partly(owed, "4", ShortfallReason.COUNTED_TWICE), by=story.secretariat
    )
    verified = sorted(db.session.scalars(sa.select(VerifiedValue.value)))
    reported = sorted(db.session.scalars(sa.select(IndicatorValue.value)))
    assert verified == [4, 5]
    assert reported == [5, 5]


@pytest.mark.parametrize("text", ["6", "5,001", "empat", "-1", ""])
def test_more_than_reported_or_no_number_is_never_verified(
    story: Story, owed: Obligation, text: str
) -> None:
    factories.submit(owed, story.focal_point, "5")
    with pytest.raises(InvalidInput):
        verify_report(
            owed.public_id, _partly(owed, text, ShortfallReason.OTHER), by=story.secretariat
        )
    assert count(VerifiedValue) == 0
    assert report_of(owed).state is ReportState.SUBMITTED


def test_the_tick_of_a_file_is_required_and_clears_it(story: Story, owed: Obligation) -> None:
    save_draft(
        owed.public_id,
        factories.draft_for(owed),
        version=0,
        files=[photo()],
        by=story.focal_point,
    )
    service.submit_report(
        owed.public_id, version=1, form_key="k", confirmed=True, by=story.focal_point
    )
    with pytest.raises(InvalidInput) as refusal:
        verify_report(owed.public_id, replace(ACCEPT, identity_checked=False), by=story.secretariat)
    evidence_id = db.session.scalars(sa.select(Evidence.public_id)).one()
    assert set(refusal.value.fields) == {f"file-{evidence_id}"}
    assert db.session.scalars(sa.select(Evidence.check_state)).one().value == "waiting"
    with pytest.raises(InvalidInput) as refusal:  # a photo waits for a tick of its own
        verify_report(owed.public_id, ACCEPT, by=story.secretariat)
    assert set(refusal.value.fields) == {f"file-{evidence_id}"}
    looked_at = VerifyInput(revision_number=1, checked_files=frozenset({evidence_id}))
    verify_report(owed.public_id, looked_at, by=story.secretariat)
    evidence = db.session.scalars(sa.select(Evidence)).one()
    assert evidence.check_state.value == "clean"
    assert evidence.checked_by_id == story.secretariat.account_id


def test_a_verdict_on_an_older_revision_is_a_conflict(story: Story, owed: Obligation) -> None:
    factories.submit(owed, story.focal_point)
    return_report(owed.public_id, RETURN, by=story.secretariat)
    with pytest.raises(Conflict):
        verify_report(owed.public_id, ACCEPT, by=story.secretariat)
    factories.submit(owed, story.focal_point)
    with pytest.raises(Conflict):
        verify_report(owed.public_id, ACCEPT, by=story.secretariat)
    assert report_of(owed).state is ReportState.SUBMITTED
    verify_report(owed.public_id, replace(ACCEPT, revision_number=2), by=story.secretariat)
    with pytest.raises(Conflict):
        return_report(owed.public_id, replace(RETURN, revision_number=2), by=story.secretariat)


# --- who may -------------------------------------------------------------------------------------


@pytest.fixture
def colleague(story: Story) -> Viewer:
    """A verifier of the secretariat who works for Dispora."""
    return factories.person(AccessKind.SECRETARIAT, home="dispora", email="kolega@uji.example")


@pytest.fixture
def typist(story: Story) -> Viewer:
    """The focal point, in their other access as verifier: they typed the report."""
    return replace(story.secretariat, account_id=story.focal_point.account_id)


@pytest.mark.parametrize(
    ("who", "constraint"),
    [("colleague", "not_own_agency"), ("typist", "not_own_report")],
)
@pytest.mark.parametrize("act", ["verify_report", "return_report"])
def test_nobody_judges_their_own_even_where_the_guard_would_fail(
    story: Story,
    owed: Obligation,
    who: str,
    constraint: str,
    act: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verifier: Viewer = request.getfixturevalue(who)
    factories.submit(owed, story.focal_point)
    judge: Callable[[], Report] = {
        "verify_report": lambda: verify_report(owed.public_id, ACCEPT, by=verifier),
        "return_report": lambda: return_report(owed.public_id, RETURN, by=verifier),
    }[act]
    with pytest.raises(NotAllowed):
        judge()
    monkeypatch.setattr(verdict_queries, "may_verify", lambda **_facts: True)
    with pytest.raises(IntegrityError, match=constraint):
        judge()
    assert report_of(owed).state is ReportState.SUBMITTED
    assert count(Verification) == 0


def test_another_agencys_report_does_not_exist_for_reading_or_writing(
    story: Story, owed: Obligation
) -> None:
    save_draft(owed.public_id, {"note": "Rahasia"}, version=0, by=story.focal_point)
    other = story.supporter
    assert queries.report_page(other, owed.public_id) is None
    for act in (
        lambda: save_draft(owed.public_id, {"note": "x"}, version=1, by=other),
        lambda: service.submit_report(
            owed.public_id, version=1, form_key="k", confirmed=True, by=other
        ),
        lambda: remove_file(owed.public_id, "x", by=other),
    ):
        with pytest.raises(NotFound):
            act()
    assert report_of(owed).draft == {"note": "Rahasia"}


def test_another_task_force_sees_and_judges_nothing(story: Story, owed: Obligation) -> None:
    factories.submit(owed, story.focal_point)
    abroad = replace(story.secretariat, task_force_id=factories.task_force("64.72").id)
    assert queries.report_page(abroad, owed.public_id) is None
    assert queue.verification_queue(abroad, ReportState.SUBMITTED) == ([], 0)
    with pytest.raises(NotFound):
        verify_report(owed.public_id, ACCEPT, by=abroad)
    agency_there = replace(story.focal_point, task_force_id=abroad.task_force_id)
    with pytest.raises(NotFound):
        save_draft(owed.public_id, {}, version=0, by=agency_there)


@pytest.mark.parametrize(
    "kind", [AccessKind.LEADERSHIP, AccessKind.AUDITOR, AccessKind.AGENCY_HEAD]
)
def test_who_only_reads_can_neither_write_nor_judge(
    story: Story, owed: Obligation, kind: AccessKind
) -> None:
    factories.submit(owed, story.focal_point)
    reader = replace(story.focal_point, kind=kind, account_id=story.leadership.account_id)
    with pytest.raises(NotAllowed):
        save_draft(owed.public_id, {}, version=0, by=reader)
    with pytest.raises(NotAllowed):
        verify_report(owed.public_id, ACCEPT, by=reader)
    with pytest.raises(NotAllowed):
        return_report(owed.public_id, RETURN, by=reader)


def test_a_drafts_files_are_its_agencys_alone(story: Story, owed: Obligation) -> None:
    save_draft(
        owed.public_id,
        factories.draft_for(owed),
        version=0,
        files=[photo()],
        by=story.focal_point,
    )
    file = db.session.scalars(sa.select(Evidence.public_id)).one()
    others = (story.leadership, story.secretariat, story.supporter)
    assert evidence_queries.evidence(story.focal_point, file) is not None
    assert [evidence_queries.evidence(viewer, file) for viewer in others] == [None, None, None]
    service.submit_report(
        owed.public_id, version=1, form_key="k", confirmed=True, by=story.focal_point
    )
    assert evidence_queries.evidence(story.leadership, file) is not None
    assert evidence_queries.evidence(story.secretariat, file) is not None
    assert evidence_queries.evidence(story.supporter, file) is None


def test_an_ended_obligation_takes_no_report(story: Story, owed: Obligation) -> None:
    with db.engine.begin() as connection:
        connection.execute(
            sa.text(
                "UPDATE obligation SET ended_as = 'transferred', "
                "ended_at = '2026-10-13 00:00:00' WHERE id = :id"
            ).bindparams(id=owed.id)
        )
    with pytest.raises(Conflict):
        save_draft(owed.public_id, {"note": "x"}, version=0, by=story.focal_point)
    assert count(Report) == 0
