"""Numbers as people type them, drafts read into reports, who may judge."""

import string
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator.formatting import number, parse_number
from coordinator.plans.actions.rules import IndicatorKind
from coordinator.reporting.reports.rules import (
    AskedIndicator,
    FieldProblem,
    ReportKind,
    ReportState,
    is_waiting_long,
    may_edit,
    may_verify,
    read_draft,
)

AMOUNTS = st.decimals(
    min_value=0, max_value=999_999_999_999, places=3, allow_nan=False, allow_infinity=False
)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("3", "3"),
        ("0", "0"),
        ("007", "7"),
        (" 12 ", "12"),
        ("\u00a012\u00a0", "12"),
        ("1.500", "1500"),
        ("1.234.567", "1234567"),
        ("92,5", "92.5"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("0,125", "0.125"),
        ("92.5", "92.5"),
        ("92.50", "92.50"),
        ("999999999999", "999999999999"),
    ],
)
def test_numbers_as_they_are_written_here(typed: str, value: str) -> None:
    assert parse_number(typed) == Decimal(value)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "lima",
        "5 kegiatan",
        "-3",
        "+3",
        "1,5,5",
        "1.50.000",
        "1.234.56",
        "0,1234",
        "1e5",
        "0x10",
        "NaN",
        "Infinity",
        "½",
        "5%",
        "1000000000000",
        "9" * 400,
        "1..000",
        "1.000,",
        ",5",
        ".5",
        "3\n4",
    ],
)
def test_what_is_no_number_is_refused_and_not_guessed(typed: str) -> None:
    assert parse_number(typed) is None


@given(AMOUNTS)
def test_what_the_screen_prints_can_be_typed_back(value: Decimal) -> None:
    assert parse_number(number(value)) == value


@given(st.text(max_size=40))
def test_no_text_makes_it_fail(typed: str) -> None:
    value = parse_number(typed)
    assert value is None or 0 <= value <= 999_999_999_999


@given(st.text(alphabet=string.digits + ".,", max_size=20))
def test_a_number_read_has_at_most_three_decimal_places(typed: str) -> None:
    value = parse_number(typed)
    assert value is None or value == value.quantize(Decimal("0.001"))


TODAY = date(2026, 10, 13)
COUNT = AskedIndicator(1, IndicatorKind.NUMBER)
SHARE = AskedIndicator(2, IndicatorKind.PERCENT)
DONE = AskedIndicator(3, IndicatorKind.YES_NO)
ACHIEVED = {"kind": "achievement"}


@pytest.mark.parametrize(
    ("draft", "values"),
    [
        ({"value-1": "3"}, {1: "3", 2: "90", 3: "1"}),
        ({"value-2": "92,5%"}, {1: "5", 2: "92.5", 3: "1"}),
        ({"value-2": "92,5 %"}, {1: "5", 2: "92.5", 3: "1"}),
        ({"value-2": "100"}, {1: "5", 2: "100", 3: "1"}),
        ({"value-3": "0"}, {1: "5", 2: "90", 3: "0"}),
        ({"value-1": "0"}, {1: "0", 2: "90", 3: "1"}),
    ],
)
def test_the_lead_gives_a_value_for_every_indicator(
    draft: dict[str, str], values: dict[int, str]
) -> None:
    typed = {**ACHIEVED, "value-1": "5", "value-2": "90", "value-3": "1", **draft}
    content, problems = read_draft(typed, asked=[COUNT, SHARE, DONE], is_lead=True, on=TODAY)
    assert problems == {}
    assert content is not None
    assert content.values == {key: Decimal(value) for key, value in values.items()}


@pytest.mark.parametrize(
    ("count", "share", "asked"),
    [
        ("1,234", "90", {"value-1"}),
        ("1.234", "90", set()),
        ("1.234.567", "90", set()),
        ("1234", "90%", set()),
        ("12,5", "0,9", {"value-2"}),
        ("0,9", "0", set()),
        ("3", "100", set()),
        ("3", "8000", {"value-2"}),
    ],
)
def test_an_unlikely_number_is_asked_about_and_taken_when_it_is_meant(
    count: str, share: str, asked: set[str]
) -> None:
    draft = {**ACHIEVED, "value-1": count, "value-2": share, "value-3": "1"}
    _content, problems = read_draft(draft, asked=[COUNT, SHARE, DONE], is_lead=True, on=TODAY)
    assert problems == dict.fromkeys(asked, FieldProblem.ASKED)
    # What was sent to its head is not asked about again.
    assert not read_draft(draft, asked=[COUNT, SHARE, DONE], is_lead=True, on=TODAY, asks=False)[1]
    sure = {f"yakin-{name}": draft[name] for name in asked}
    content, problems = read_draft(
        {**draft, **sure}, asked=[COUNT, SHARE, DONE], is_lead=True, on=TODAY
    )
    assert (content is not None, problems) == (True, {})
    # The tick is about the text that was shown with it, not about what is typed next.
    other = {**draft, **dict.fromkeys(asked, "5,678"), **sure}
    assert read_draft(other, asked=[COUNT, SHARE, DONE], is_lead=True, on=TODAY)[1].keys() == asked


@pytest.mark.parametrize(
    ("draft", "problems"),
    [
        ({}, {"kind": FieldProblem.MISSING}),
        ({"kind": "sudah"}, {"kind": FieldProblem.MISSING}),
        (ACHIEVED, dict.fromkeys(("value-1", "value-2", "value-3"), FieldProblem.MISSING)),
        (
            {**ACHIEVED, "value-1": "banyak", "value-2": "101", "value-3": "2"},
            {
                "value-1": FieldProblem.NOT_A_NUMBER,
                "value-2": FieldProblem.ASKED,
                "value-3": FieldProblem.MISSING,
            },
        ),
        (
            {**ACHIEVED, "value-1": "5%", "value-2": "100,001%", "value-3": "1"},
            {"value-1": FieldProblem.NOT_A_NUMBER, "value-2": FieldProblem.ASKED},
        ),
        ({"kind": "nil"}, {"nil_reason": FieldProblem.MISSING}),
        ({"kind": "nil", "nil_reason": "   "}, {"nil_reason": FieldProblem.MISSING}),
        ({"kind": "nil", "blocked_by": "Polda"}, {"nil_reason": FieldProblem.MISSING}),
        ({"kind": "blocked"}, {"blocked_by": FieldProblem.MISSING}),
        ({"kind": "blocked", "nil_reason": "x"}, {"blocked_by": FieldProblem.MISSING}),
    ],
)
def test_what_a_lead_left_out_is_named_by_its_field(
    draft: dict[str, str], problems: dict[str, FieldProblem]
) -> None:
    assert read_draft(draft, asked=[COUNT, SHARE, DONE], is_lead=True, on=TODAY) == (None, problems)


@pytest.mark.parametrize(
    ("draft", "problems"),
    [
        (ACHIEVED, {"note": FieldProblem.MISSING}),
        (
            {**ACHIEVED, "note": "Ikut.", "contribution": "dua"},
            {"contribution": FieldProblem.NOT_A_NUMBER},
        ),
        ({"kind": "nil"}, {"nil_reason": FieldProblem.MISSING}),
        ({"kind": "blocked"}, {"blocked_by": FieldProblem.MISSING}),
    ],
)
def test_a_supporter_is_asked_for_a_sentence_and_never_for_the_target(
    draft: dict[str, str], problems: dict[str, FieldProblem]
) -> None:
    assert read_draft(draft, asked=[COUNT], is_lead=False, on=TODAY) == (None, problems)


def test_a_supporters_number_is_a_contribution_not_a_value() -> None:
    draft = {**ACHIEVED, "note": " Ikut dua kali. ", "contribution": "2", "value-1": "99"}
    content, _problems = read_draft(draft, asked=[COUNT], is_lead=False, on=TODAY)
    assert content is not None
    assert content.values == {}
    assert content.contribution == 2
    assert content.note == "Ikut dua kali."


@pytest.mark.parametrize("is_lead", [True, False])
@pytest.mark.parametrize(("kind", "reason"), [("nil", "nil_reason"), ("blocked", "blocked_by")])
def test_nil_and_blocked_carry_their_reason_and_no_number(
    kind: str, reason: str, is_lead: bool
) -> None:
    draft = {
        "kind": kind,
        "nil_reason": "Tidak ada sasaran.",
        "blocked_by": "Menunggu Polda.",
        "value-1": "99",
        "contribution": "7",
    }
    content, problems = read_draft(draft, asked=[COUNT], is_lead=is_lead, on=TODAY)
    assert problems == {}
    assert content is not None
    assert content.kind is ReportKind(kind)
    assert (content.values, content.contribution) == ({}, None)
    kept = {"nil_reason": content.nil_reason, "blocked_by": content.blocked_by}
    assert {name for name, text in kept.items() if text} == {reason}


@pytest.mark.parametrize(
    ("own", "agency", "typed_it", "expected"),
    [
        ({7}, 8, False, True),
        ({7}, 7, False, False),
        ({7, 9}, 9, False, False),
        ({7}, 8, True, False),
        ({7}, 7, True, False),
        (set(), 8, False, True),
        (set(), 8, True, False),
    ],
)
def test_nobody_judges_their_own_agency_or_their_own_typing(
    own: set[int], agency: int, typed_it: bool, expected: bool
) -> None:
    assert (
        may_verify(
            verifier_id=1,
            own_agencies=own,
            agency_id=agency,
            submitted_by_id=1 if typed_it else 2,
        )
        is expected
    )


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (None, True),
        (ReportState.DRAFT, True),
        (ReportState.RETURNED, True),
        (ReportState.AWAITING_HEAD, False),
        (ReportState.SUBMITTED, False),
        (ReportState.VERIFIED, False),
    ],
)
def test_only_a_draft_or_a_returned_report_can_be_written(
    state: ReportState | None, expected: bool
) -> None:
    assert may_edit(state) is expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 12, 23), False),
        (date(2026, 12, 24), False),
        (date(2026, 12, 28), False),
        (date(2026, 12, 30), False),
        (date(2026, 12, 31), True),
    ],
)
def test_waiting_for_the_secretariat_is_counted_in_working_days(on: date, expected: bool) -> None:
    days_off = {date(2026, 12, 24), date(2026, 12, 25)}
    # Submitted on Monday the 21st: the 22nd, 23rd, 28th, 29th and 30th are the five days.
    assert is_waiting_long(date(2026, 12, 21), on, days_off, 5) is expected
