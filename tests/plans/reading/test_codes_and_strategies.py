"""A code and a strategy are kept as the file has them; where they are not, it is said and shown."""

from dataclasses import replace

from openpyxl.styles import Font
from openpyxl.workbook import Workbook

from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.reading import worker
from coordinator.plans.reading.shapes import PlanReading, ShownRow
from tests.plans.actions.spreadsheets.builders import book
from tests.plans.actions.spreadsheets.case import DECIDED, HEADER, KNOWN, row

BANDS: list[list[object]] = [
    list(HEADER),
    ["STRATEGI I: PENCEGAHAN DI HULU"],
    row(1, "Pencegahan", "Melatih petugas", "Petugas", "orang"),
    row(2, "Pencegahan", "Menyusun modul", "Modul", "modul"),
    ["STRATEGI II: LAYANAN KORBAN"],
    row(3, "Penanganan", "Merujuk korban", "Korban", "orang"),
]


def read(
    rows: list[list[object]], *, base: PlanFile | None = None, change: object = None, **more: object
) -> PlanReading:
    """Return how the rows are read."""
    data = book(rows, change=change)  # type: ignore[arg-type]
    known = replace(KNOWN, base=base)
    return worker.read(data, "a.xlsx", known=known, choices=replace(DECIDED, **more))


def codes(found: PlanReading) -> list[tuple[str, str]]:
    """Return the code of each row as it is kept, and as the file has it where that is another."""
    return [(one.code, one.code_in_file) for one in found.table]


def said(found: PlanReading, word: str) -> list[str]:
    """Return the warnings with this word."""
    return [one.message for one in found.problems if word in one.message]


def strategies(table: list[ShownRow]) -> list[str]:
    """Return the strategy of each row."""
    return [one.strategy for one in table]


def test_a_running_number_is_kept_under_its_strategy_where_a_row_is_left_out() -> None:
    def strike(made: Workbook) -> None:
        for cell in made["Matriks"][3]:
            cell.font = Font(strike=True)

    rows = [
        list(HEADER),
        row(1, "Strategi 1: Desa", "Melatih", "Petugas"),
        row(2, None, "Menyusun", "Modul"),
        row(3, None, "Merujuk", "Korban"),
        row(4, "Strategi 2: Layanan", "Membina", "Rumah"),
    ]
    found = read(rows, change=strike)
    assert codes(found) == [("1.1", "1"), ("1.3", "3"), ("2.4", "4")]
    assert said(found, "Kode") == []
    assert any("1 → 1.1, 3 → 1.3, 4 → 2.4" in note for note in found.notes)


def test_a_number_that_is_not_kept_is_warned_of_and_both_are_shown() -> None:
    rows = [
        list(HEADER),
        row(1, "Strategi 1: Desa", "Melatih", "Petugas"),
        row(7, None, "Menyusun", "Modul"),
        row(7, None, "Merujuk", "Korban"),
    ]
    found = read(rows)
    assert codes(found) == [("1.1", "1"), ("1.7", "7"), ("1.2", "7")]
    assert ["7 → 1.2" in text for text in said(found, "Kode yang disimpan lain")] == [True]


def test_a_code_that_is_kept_is_shown_once() -> None:
    found = read([list(HEADER), row("RAD 1", "Strategi 1: Desa", "Melatih", "Petugas")])
    assert codes(found) == [("RAD 1", "")]
    assert not any("Nomor di berkas" in note for note in found.notes)


def test_a_title_across_and_a_column_that_name_two_strategies_are_asked_about() -> None:
    found = read(BANDS)
    questions = [one for one in found.questions if one.group == "strategy"]
    assert found.plan is None
    assert [one.value for one in questions] == ["Pencegahan", "Penanganan"]
    assert "STRATEGI I: PENCEGAHAN DI HULU" in questions[0].text
    assert {one.state.value for one in found.table} == {"asked"}
    # Until somebody says so, the number that the file has.
    assert strategies(found.table) == [
        *["Strategi 1: PENCEGAHAN DI HULU"] * 2,
        "Strategi 2: LAYANAN KORBAN",
    ]


def test_the_strategy_is_the_one_that_was_chosen_and_keeps_the_number_of_the_file() -> None:
    for answer, titles in (
        ("band", {1: "PENCEGAHAN DI HULU", 2: "LAYANAN KORBAN"}),
        ("column", {1: "Pencegahan", 2: "Penanganan"}),
    ):
        found = read(BANDS, answers={"strategy": answer})
        assert found.plan is not None, found.questions
        assert {one.number: one.title for one in found.plan.strategies} == titles
        assert [one.strategy for one in found.plan.actions] == [1, 1, 2]


def test_a_strategy_in_force_is_not_asked_about_again() -> None:
    base = read(BANDS, answers={"strategy": "column"}).plan
    again = read(BANDS, base=base)
    assert again.questions == []
    assert again.plan is not None
    assert base is not None
    assert again.plan.strategies == base.strategies


def test_the_same_strategy_in_both_is_no_question() -> None:
    rows = [list(HEADER), ["STRATEGI I: Pencegahan"], row(1, "Pencegahan", "Melatih", "Petugas")]
    found = read(rows)
    assert found.questions == []
    assert strategies(found.table) == ["Strategi 1: Pencegahan"]


def test_the_question_about_a_pokja_has_the_words_of_the_file() -> None:
    found = read(BANDS, working_groups={}, answers={"strategy": "band"})
    assert [(one.text, one.label) for one in found.unknown_working_groups] == [
        ("1", "STRATEGI I: PENCEGAHAN DI HULU"),
        ("2", "STRATEGI II: LAYANAN KORBAN"),
    ]
    assert found.strategies == {one.text: one.label for one in found.unknown_working_groups}
