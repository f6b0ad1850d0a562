"""What the page's form says, put over what was chosen before."""

from werkzeug.datastructures import MultiDict

from coordinator.plans.importing.choosing import chosen
from coordinator.plans.reading.shapes import Ambiguity, Choices, Heading, Option, PlanReading, Sheet

WAYS = [Option(value="last", label="40"), Option(value="sum", label="100")]


def question(place: int, answer: str = "") -> Ambiguity:
    """Return a question about a row."""
    return Ambiguity(
        key=f"periods:A!E{place}", group="periods", text="?", options=WAYS, answer=answer
    )


def reading(*questions: Ambiguity) -> PlanReading:
    """Return a reading of the first of two sheets."""
    return PlanReading(
        sheets=[Sheet(name="A", is_visible=True, rows=3), Sheet(name="B", is_visible=True, rows=3)],
        sheet="A",
        read_sheets=["A"],
        header=2,
        headings=[Heading(column="C", text="x", field=None, is_sure=False)],
        questions=list(questions),
    )


def put(found: PlanReading, former: Choices, *fields: tuple[str, str]) -> Choices:
    """Return the choices after these fields were sent."""
    return chosen(MultiDict(fields), found, former, None)


def test_one_answer_is_for_all_of_its_kind_and_may_be_changed() -> None:
    first = put(reading(question(5), question(6)), Choices(), ("jawab-semua-periods", "last"))
    assert first.answers == {"periods": "last"}
    answered = reading(question(5, "last"), question(6, "last"))
    kept = (("jawab-0", "last"), ("jawab-1", "last"))
    other = put(answered, first, ("jawab-semua-periods", "sum"), *kept)
    assert other.answers == {"periods": "sum"}
    single = put(answered, first, ("jawab-0", "last"), ("jawab-1", "sum"))
    assert single.answers == {"periods": "last", "periods:A!E6": "sum"}


def test_other_sheets_and_another_header_begin_the_columns_again() -> None:
    former = Choices(headings={"C": "action"}, header={"A": 2})
    same = put(reading(), former, ("kolom-C", "lead"))
    assert (same.headings, same.sheets) == ({"C": "lead"}, [])
    sheets = put(reading(), former, ("lembar", "A"), ("lembar", "B"), ("kolom-C", "lead"))
    assert (sheets.sheets, sheets.headings, sheets.header) == (["A", "B"], {}, {})
    header = put(reading(), former, ("baris-judul", "4"), ("kolom-C", "lead"))
    assert (header.headings, header.header) == ({}, {"A": 4})


def test_a_sheet_that_is_not_in_the_file_is_not_chosen() -> None:
    assert put(reading(), Choices(), ("lembar", "C"), ("ambil", "struck_row")).take == []
