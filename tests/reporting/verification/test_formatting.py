"""What the button of a verdict and the notice after it say."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from coordinator.plans.actions.rules import IndicatorKind
from coordinator.reporting.reading.rows import IndicatorRow, SubmissionRow, ValueRow
from coordinator.reporting.reports.rules import ReportKind, ReportState, SubmittedVia, Verdict
from coordinator.reporting.verification.formatting import approve_text, given_text
from coordinator.reporting.verification.given_queries import GivenValue, GivenVerdict

AT = datetime(2026, 10, 13, 2, 0, tzinfo=UTC)
SENT = SubmissionRow(
    id=1,
    number=1,
    kind=ReportKind.ACHIEVEMENT,
    note="",
    place="",
    held_on=None,
    nil_reason=None,
    blocked_by=None,
    contribution=None,
    via=SubmittedVia.SCREEN,
    submitted_at=AT,
    submitted_by_id=1,
    is_opened=True,
    values=(),
    verification=None,
    withdrawal=None,
    paper=None,
)
GIVEN = GivenVerdict(
    public_id="abc",
    agency="UPTD PPA",
    version=2,
    state=ReportState.VERIFIED,
    saved_at=AT,
    kind=ReportKind.ACHIEVEMENT,
    verdict=Verdict.VERIFIED,
    decided_at=AT,
    mend_by_on=None,
    values=(),
)


def value(text: str, unit: str, kind: IndicatorKind = IndicatorKind.NUMBER) -> ValueRow:
    """A reported value."""
    return ValueRow(1, Decimal(text), IndicatorRow(1, "Ukuran", unit, kind))


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((value("5.000", "kegiatan"),), "Setujui, 5 kegiatan"),
        ((value("1250.5", "orang"),), "Setujui, 1.250,5 orang"),
        ((value("91", "persen", IndicatorKind.PERCENT),), "Setujui, 91 persen"),
        ((value("0", "kegiatan"),), "Setujui angka 0"),
        ((value("0", "dokumen", IndicatorKind.MILESTONE),), "Setujui “Belum” (angka 0)"),
        ((value("1", "ya/tidak", IndicatorKind.YES_NO),), "Setujui “Sudah” (angka 1)"),
        ((value("5", "kegiatan"), value("0", "orang")), "Setujui, 2 angka"),
        ((), "Setujui laporan"),
    ],
)
def test_the_button_names_what_is_approved(values: tuple[ValueRow, ...], text: str) -> None:
    assert approve_text(replace(SENT, values=values)) == text


def test_the_button_names_a_report_without_a_number() -> None:
    assert approve_text(replace(SENT, kind=ReportKind.NIL)) == "Terima laporan nihil"
    assert approve_text(replace(SENT, kind=ReportKind.BLOCKED)) == "Terima laporan terhambat"
    support = replace(SENT, contribution=Decimal("3.000"))
    assert approve_text(support) == "Setujui, jumlah dukungan 3"


def test_the_notice_says_what_was_done() -> None:
    def given(reported: str, accepted: str | None) -> GivenValue:
        number = Decimal(accepted) if accepted is not None else None
        return GivenValue(Decimal(reported), number, "kegiatan", IndicatorKind.NUMBER)

    def text(*values: GivenValue) -> str:
        return given_text(replace(GIVEN, values=values))

    assert text(given("5", "5")) == "Disetujui: UPTD PPA, 5 kegiatan"
    assert text(given("5", "3")) == "Disetujui sebagian: UPTD PPA, 3 dari 5 kegiatan"
    assert text(given("0", "0")) == "Disetujui: UPTD PPA, angka 0"
    assert text(given("5", "5"), given("1", "1")) == "Disetujui: UPTD PPA, 2 angka"
    assert text() == "Disetujui: UPTD PPA"
    back = replace(GIVEN, verdict=Verdict.RETURNED, mend_by_on=date(2026, 10, 16))
    assert given_text(replace(back, values=(given("5", None),))) == (
        "Dikembalikan: UPTD PPA, perbaikan paling lambat Jumat, 16 Oktober"
    )
