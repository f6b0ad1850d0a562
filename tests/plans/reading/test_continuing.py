"""An action or indicator that work rests on goes on only where a person says so."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.reading import worker
from coordinator.plans.reading.continuing import ACTION, INDICATOR, NEW
from coordinator.plans.reading.shapes import Ambiguity, PlanReading
from tests.plans.actions.spreadsheets.builders import book
from tests.plans.actions.spreadsheets.case import DECIDED, HEADER, KNOWN, row

OLD = [
    row("1.1", "Desa", "Melatih petugas desa", "Petugas terlatih", "orang", 10, 20, "Dinsos"),
    row("1.2", "Desa", "Menyusun modul pencegahan", "Modul", "modul", 1, 2, "Dinkes"),
    row("1.3", "Desa", "Merujuk korban ke layanan", "Korban dirujuk", "orang", 3, 4, "Polda"),
]


def _read(rows: list[list[object]], known: object = KNOWN, **answers: str) -> PlanReading:
    choices = replace(DECIDED, answers={key.replace("_", "-"): one for key, one in answers.items()})
    return worker.read(book([HEADER, *rows]), "a.xlsx", known=known, choices=choices)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def base() -> PlanFile:
    """The plan in force."""
    found = _read(OLD).plan
    assert found is not None
    return found


def _with(base: PlanFile, *in_use: str) -> object:
    return replace(KNOWN, base=base, in_use=list(in_use))


def _id(base: PlanFile, code: str) -> str:
    return next(one.id for one in base.actions if one.code == code)


def _indicator(base: PlanFile, code: str) -> str:
    return next(one.indicators[0].id for one in base.actions if one.code == code)


def _asked(found: PlanReading, group: str) -> list[Ambiguity]:
    return [one for one in found.questions if one.group == group]


def _answered(
    rows: list[list[object]], known: object, answers: Mapping[str, str]
) -> tuple[PlanReading, PlanFile | None]:
    choices = replace(DECIDED, answers=dict(answers))
    found = worker.read(book([HEADER, *rows]), "a.xlsx", known=known, choices=choices)  # type: ignore[arg-type]
    return found, found.plan


def test_the_same_title_is_the_same_action_and_nobody_is_asked(base: PlanFile) -> None:
    rows = [row("4.9", "Lain", "Melatih petugas desa", "Petugas terlatih", "orang", 5, 6, "Dinsos")]
    found = _read(rows, _with(base, _id(base, "1.1"), _indicator(base, "1.1")))
    assert found.questions == []
    assert found.plan is not None
    assert found.plan.actions[0].id == _id(base, "1.1")
    assert found.plan.actions[0].indicators[0].id == _indicator(base, "1.1")


def test_another_title_under_the_same_code_is_asked_about(base: PlanFile) -> None:
    rows = [row("1.1", "Desa", "Pelatihan petugas desa tangguh", "Petugas terlatih", "orang", 5, 6)]
    known = _with(base, _id(base, "1.1"), _indicator(base, "1.1"))
    found = _read(rows, known)
    (question,) = _asked(found, ACTION)
    assert found.plan is None
    assert [one.value for one in question.options] == [_id(base, "1.1"), NEW]
    assert question.options[0].label == "Ya: 1.1 Melatih petugas desa"
    _found, plan = _answered(rows, known, {question.key: _id(base, "1.1")})
    assert plan is not None
    assert plan.actions[0].id == _id(base, "1.1")
    assert plan.actions[0].title == "Pelatihan petugas desa tangguh"
    assert plan.actions[0].indicators[0].id == _indicator(base, "1.1")
    _found, plan = _answered(rows, known, {question.key: NEW})
    assert plan is not None
    assert plan.actions[0].id not in {one.id for one in base.actions}
    # One word for all, as the shell says it.
    _found, plan = _answered(rows, known, {ACTION: NEW})
    assert plan is not None


def test_what_nothing_rests_on_is_matched_as_ever(base: PlanFile) -> None:
    rows = [row("1.1", "Desa", "Melatih semua petugas desa", "Petugas terlatih", "orang", 5, 6)]
    found = _read(rows, _with(base))
    assert found.questions == []
    assert found.plan is not None
    assert found.plan.actions[0].id == _id(base, "1.1")


def test_nothing_alike_is_new(base: PlanFile) -> None:
    rows = [row("7.1", "Lain", "Mengawasi kapal", "Kapal", "kapal", 5, 6)]
    found = _read(rows, _with(base, *(one.id for one in base.actions)))
    assert found.questions == []


def test_a_likely_one_is_suggested_and_counts_only_once_it_is_chosen(base: PlanFile) -> None:
    rows = [row("9.1", "Desa", "Menyusun modul pencegahan TPPO", "Modul", "modul", 1, 2, "Dinkes")]
    known = _with(base, _id(base, "1.2"))
    found = _read(rows, known)
    (question,) = _asked(found, ACTION)
    assert (question.suggestion, question.answer) == (_id(base, "1.2"), "")
    assert found.plan is None


def test_an_action_that_another_row_names_is_not_offered(base: PlanFile) -> None:
    rows = [
        row("1.1", "Desa", "Melatih petugas desa dan kelurahan", "Petugas", "orang", 5, 6),
        row("1.7", "Desa", "Melatih petugas desa", "Petugas terlatih", "orang", 5, 6),
    ]
    found = _read(rows, _with(base, _id(base, "1.1"), _indicator(base, "1.1")))
    assert _asked(found, ACTION) == []
    assert found.plan is not None
    assert [one.id == _id(base, "1.1") for one in found.plan.actions] == [False, True]


def test_one_action_goes_on_in_one_row_only(base: PlanFile) -> None:
    rows = [
        row("8.1", "Desa", "Melatih petugas desa di pesisir", "Petugas", "orang", 5, 6),
        row("8.2", "Desa", "Melatih petugas desa di kota", "Petugas", "orang", 5, 6),
    ]
    known = _with(base, _id(base, "1.1"))
    first, second = _asked(_read(rows, known), ACTION)
    both = {first.key: _id(base, "1.1"), second.key: _id(base, "1.1")}
    found, plan = _answered(rows, known, both)
    # Once the first has it, the second is asked again: its answer is not dropped in silence.
    assert [one.answer for one in _asked(found, ACTION)] == [_id(base, "1.1"), ""]
    assert "dipilih untuk baris lain" in _asked(found, ACTION)[1].text
    found, plan = _answered(rows, known, {**both, second.key: NEW})
    assert plan is not None
    assert [one.id == _id(base, "1.1") for one in plan.actions] == [True, False]


def test_an_action_is_suggested_to_the_likeliest_row_alone(base: PlanFile) -> None:
    rows = [
        row("8.1", "Desa", "Melatih petugas desa terpencil", "Petugas", "orang", 5, 6),
        row("1.1", "Desa", "Melatih para petugas desa", "Petugas", "orang", 5, 6),
    ]
    known = _with(base, _id(base, "1.1"))
    asked = _asked(_read(rows, known), ACTION)
    assert [one.suggestion for one in asked][-1] == _id(base, "1.1")
    assert [one.suggestion for one in asked].count(_id(base, "1.1")) == 1


def test_of_two_rows_with_one_title_the_one_with_its_code_goes_on(base: PlanFile) -> None:
    rows = [
        row("3.9", "Desa", "Melatih petugas desa", "Sidang", "sidang", 5, 6),
        row("1.1", "Desa", "Melatih petugas desa", "Petugas terlatih", "orang", 10, 20),
    ]
    plan = _read(rows, _with(base, _id(base, "1.1"))).plan
    assert plan is not None
    assert [one.id == _id(base, "1.1") for one in plan.actions] == [False, True]


@pytest.mark.parametrize(
    ("name", "unit", "is_suggested"),
    [
        ("Petugas terlatih", "persen", False),  # the same words count something else now
        ("Petugas yang lulus pelatihan", "orang", True),
        ("Desa dengan petugas", "desa", False),
    ],
)
def test_another_indicator_is_asked_about(
    base: PlanFile, name: str, unit: str, is_suggested: bool
) -> None:
    old = _indicator(base, "1.1")
    rows = [row("1.1", "Desa", "Melatih petugas desa", name, unit, 5, 6, "Dinsos")]
    known = _with(base, _id(base, "1.1"), old)
    found = _read(rows, known)
    (question,) = _asked(found, INDICATOR)
    assert found.plan is None
    assert question.suggestion == (old if is_suggested else "")
    _found, plan = _answered(rows, known, {question.key: old})
    assert plan is not None
    assert plan.actions[0].indicators[0].id == old
    _found, plan = _answered(rows, known, {question.key: NEW})
    assert plan is not None
    assert plan.actions[0].indicators[0].id != old


def test_percent_is_percent_however_it_is_written(base: PlanFile) -> None:
    rows = [row("1.3", "Desa", "Merujuk korban ke layanan", "Rujukan", "%", 90, 95, "Polda")]
    percent = _read(rows).plan
    assert percent is not None
    again = [row("1.3", "Desa", "Merujuk korban ke layanan", "Rujukan", "persen", 91, 96, "Polda")]
    action = percent.actions[0]
    found = _read(again, _with(percent, action.id, action.indicators[0].id))
    assert _asked(found, INDICATOR) == []


ONE_YEAR = [*HEADER[:5], "Target 2026", *HEADER[7:]]


@pytest.mark.parametrize("is_real", [True, False])
def test_targets_that_were_made_up_do_not_go_on_in_a_real_plan(
    base: PlanFile, *, is_real: bool
) -> None:
    plan = DECIDED.plan
    assert plan is not None
    choices = replace(DECIDED, plan=replace(plan, sample=not is_real))
    rows = [["1.1", "Desa", "Melatih petugas desa", "Petugas terlatih", "orang", 7, "Dinsos", None]]
    found = worker.read(
        book([ONE_YEAR, *rows]), "naskah.xlsx", known=replace(KNOWN, base=base), choices=choices
    )
    assert found.plan is not None, found.questions
    (action,) = found.plan.actions
    assert action.id == _id(base, "1.1")
    assert action.indicators[0].targets == ({2026: 7} if is_real else {2025: 10, 2026: 7})
    assert action.origin.startswith("naskah.xlsx") is is_real


def test_a_wrong_row_brings_nothing_of_a_sample_into_a_real_plan(base: PlanFile) -> None:
    plan = DECIDED.plan
    assert plan is not None
    rows = [
        row("1.1", "Desa", "Melatih petugas desa", "Petugas terlatih", "orang", "-5", 20, "Dinsos"),
        row("1.2", "Desa", "Menyusun modul pencegahan", "Modul", "modul", 1, 2, "Dinkes"),
    ]
    for is_real in (True, False):
        choices = replace(DECIDED, plan=replace(plan, sample=not is_real), without_wrong=True)
        known = replace(KNOWN, base=base)
        found = worker.read(book([HEADER, *rows]), "a.xlsx", known=known, choices=choices)
        assert found.plan is not None
        assert [one.code for one in found.plan.actions] == (["1.2"] if is_real else ["1.1", "1.2"])


def test_one_indicator_goes_on_in_one_row_only(base: PlanFile) -> None:
    old = _indicator(base, "1.1")
    rows = [
        row("1.1", "Desa", "Melatih petugas desa", "Petugas yang lulus", "orang", 5, 6, "Dinsos"),
        row("1.1", "Desa", "Melatih petugas desa", "Petugas yang hadir", "orang", 7, 8, "Dinsos"),
    ]
    known = _with(base, _id(base, "1.1"), old)
    first, second = _asked(_read(rows, known), INDICATOR)
    found, plan = _answered(rows, known, {first.key: old, second.key: old})
    assert [one.answer for one in _asked(found, INDICATOR)] == [old]
    assert plan is not None
    names = {one.name: one.id == old for one in plan.actions[0].indicators}
    assert names == {"Petugas yang lulus": True, "Petugas yang hadir": False}


@pytest.mark.parametrize("is_real", [True, False])
def test_leaving_out_what_is_open_never_ends_work(base: PlanFile, *, is_real: bool) -> None:
    plan = DECIDED.plan
    assert plan is not None
    choices = replace(DECIDED, plan=replace(plan, sample=not is_real), without_wrong=True)
    known = replace(KNOWN, base=base, in_use=[_id(base, "1.1")])
    other = row("7.1", "Lain", "Mengawasi kapal", "Kapal", "kapal", 5, 6)
    asked = row("1.1", "Desa", "Pelatihan petugas desa tangguh", "Petugas", "orang", 5, 6)
    found = worker.read(book([HEADER, asked, other]), "a.xlsx", known=known, choices=choices)
    assert (found.plan, found.may_leave_wrong) == (None, False)
    wrong = row("1.1", "Desa", "Melatih petugas desa", "Petugas terlatih", "orang", "-5", 6)
    found = worker.read(book([HEADER, wrong, other]), "a.xlsx", known=known, choices=choices)
    assert found.may_leave_wrong is not is_real
    kept = [one.id for one in found.plan.actions] if found.plan else []
    assert (_id(base, "1.1") in kept) is not is_real
