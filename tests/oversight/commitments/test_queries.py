"""The list of assignments as the database answers it: states, figures, search, order."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.models import Assignment
from coordinator.db import db, transactional
from coordinator.oversight.commitments.labels import status_text
from coordinator.oversight.commitments.queries import CommitmentFilter, Moment, commitments
from coordinator.oversight.commitments.rules import ReportStatus
from coordinator.platform.audit.service import record
from coordinator.reporting.reports.rules import ReportKind
from coordinator.reporting.verification.returning_service import default_revise_by, reopen_report
from tests import factories
from tests.oversight.commitments.builders import CommitmentScene, build


@pytest.fixture
def scene(
    app: flask.Flask,
    clock: time_machine.Traveller,
    remember: Callable[[str, Callable[[], CommitmentScene]], CommitmentScene],
) -> Iterator[CommitmentScene]:
    """The scene inside an app context."""
    found = remember("commitments", lambda: build(clock))
    with app.app_context():
        yield found


def test_the_state_of_each_report_of_the_period(scene: CommitmentScene) -> None:
    found = {row.code: row.status for row in scene.rows()}
    assert found == {
        "1.1": ReportStatus.VERIFIED,
        "1.2": ReportStatus.SILENT,
        "1.3": ReportStatus.SUBMITTED,
        "1.5": ReportStatus.RETURNED,
        "1.7": ReportStatus.DISPUTED,
        "1.8": ReportStatus.SILENT,
        "1.9": ReportStatus.NOT_ASKED,
    }
    kinds = {row.code: row.kind for row in scene.rows()}
    assert kinds["1.3"] is ReportKind.NIL
    assert kinds["1.8"] is None


def test_a_draft_reads_like_nothing_before_the_last_day(scene: CommitmentScene) -> None:
    texts = {row.code: status_text(row) for row in scene.rows(date(2026, 10, 16))}
    assert texts["1.8"] == texts["1.2"] == "Belum dikirim"
    assert texts["1.3"] == "Menunggu verifikasi, Nihil"
    assert texts["1.9"] == "tidak diminta"


def test_verified_of_the_years_target_and_nothing_that_was_taken_back(
    scene: CommitmentScene,
) -> None:
    rows = {row.code: row for row in scene.rows()}
    assert [(one.verified, one.target) for one in rows["1.1"].figures] == [
        (Decimal(4), Decimal(12)),
        (Decimal(5), None),
    ]
    assert (rows["1.1"].lead, rows["1.1"].supports) == ("Dispora", 2)
    # What was reported and not verified counts nothing.
    assert [(one.verified, one.target) for one in rows["1.5"].figures] == [(0, Decimal(12))]
    report = factories.obligation_of(_assignment("1.1"), "dispora").public_id
    reopen_report(
        report,
        revision_number=1,
        reason="Salah hitung.",
        revise_by_on=default_revise_by("Asia/Makassar"),
        by=scene.secretariat,
    )
    after = {row.code: row for row in scene.rows()}["1.1"]
    assert after.status is ReportStatus.RETURNED
    assert [(one.verified, one.target) for one in after.figures] == [(0, Decimal(12))]


def test_another_year_has_figures_of_its_own(scene: CommitmentScene) -> None:
    at = replace(scene.at(), year=2027)
    assert all(not row.figures for row in _all(scene, at))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("1.1", ["1.1"]),
        ("SMK", ["1.3"]),
        ("smk", ["1.3"]),
        ("dispora", ["1.1"]),
        ("dinas kesehatan", ["1.1"]),  # a supporter, by its name
        ("463/01", ["1.5", "1.1", "1.2", "1.3", "1.7", "1.8", "1.9"]),
        ("463/01 satpol", ["1.2"]),
        ("100%", []),
        ("tidak-ada", []),
    ],
)
def test_search_finds_code_title_agency_and_letter(
    scene: CommitmentScene, text: str, codes: list[str]
) -> None:
    assert scene.codes(text=text) == codes


@pytest.mark.parametrize(
    ("order", "codes"),
    [
        ("", ["1.5", "1.1", "1.2", "1.3", "1.7", "1.8", "1.9"]),
        ("-", ["1.1", "1.2", "1.3", "1.7", "1.8", "1.9", "1.5"]),
        ("aksi", ["1.1", "1.2", "1.3", "1.5", "1.7", "1.8", "1.9"]),
        ("laporan", ["1.2", "1.8", "1.5", "1.7", "1.3", "1.1", "1.9"]),
        ("-laporan", ["1.9", "1.1", "1.3", "1.7", "1.5", "1.2", "1.8"]),
        ("-dukung", ["1.1", "1.5", "1.2", "1.3", "1.7", "1.8", "1.9"]),
        ("-capaian", ["1.1", "1.5", "1.2", "1.3", "1.7", "1.8", "1.9"]),
        ("capaian", ["1.5", "1.2", "1.3", "1.7", "1.8", "1.9", "1.1"]),
        ("baru", ["1.9", "1.8", "1.7", "1.5", "1.3", "1.2", "1.1"]),
    ],
)
def test_every_order_both_ways(scene: CommitmentScene, order: str, codes: list[str]) -> None:
    assert scene.codes(order=order) == codes
    leads = [row.lead.lower() for row in scene.rows(order="ketua")]
    assert leads == sorted(leads)


def test_filters_and_pages(scene: CommitmentScene) -> None:
    assert scene.codes(agency="dinkes") == ["1.1"]
    assert scene.codes(working_group="koordinasi") == []
    _close("1.2")
    assert "1.2" not in scene.codes()
    at = scene.at()
    closed, total = commitments(scene.leadership, CommitmentFilter(closed=True), at)
    assert ([row.code for row in closed], total) == (["1.2"], 1)
    for order in ("", "capaian"):
        wanted = CommitmentFilter(order=order)
        assert commitments(scene.leadership, wanted, at, page=2) == ([], 6)
        assert len(commitments(scene.leadership, wanted, at, page=None)[0]) == 6


def test_before_any_period_and_for_another_task_force(scene: CommitmentScene) -> None:
    at = Moment(None, 2026, date(2026, 10, 20))
    assert {row.status for row in _all(scene, at)} == {ReportStatus.NOT_ASKED}
    stranger = replace(scene.secretariat, task_force_id=factories.task_force("64.72").id)
    for order in ("", "capaian"):
        assert commitments(stranger, CommitmentFilter(order=order), scene.at()) == ([], 0)


def _all(scene: CommitmentScene, at: Moment) -> list:
    return commitments(scene.secretariat, CommitmentFilter(), at)[0]


def _assignment(code: str) -> Assignment:
    return db.session.scalars(
        sa.select(Assignment).where(Assignment.action_item_id == factories.action(code).id)
    ).one()


@transactional
def _close(code: str) -> None:
    one = _assignment(code)
    one.closed_at, one.closed_reason = one.assigned_at, "Selesai."
    record("assignment.closed", by=None, subject=("assignment", one.public_id))
