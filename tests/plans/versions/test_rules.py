"""What a plan must satisfy, and what becomes of what a file leaves out."""

from dataclasses import replace
from typing import Any

import pytest

from coordinator.plans.actions.diff import compare
from coordinator.plans.actions.differences import PlanChange
from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.versions import editing
from coordinator.plans.versions.rules import (
    Missing,
    below_law,
    completed,
    emptied,
    faults,
    left_out,
)
from tests.plans.actions.builders import seed_plan
from tests.plans.versions.plans import below, changed, new_action, regional, with_new, without


def test_what_a_file_leaves_out_stays_as_it_was_or_is_discontinued(plan: PlanFile) -> None:
    file = without(plan, "1.3", "6.7")
    assert [part.code for part in left_out(plan, file)] == ["1.3", "6.7"]
    kept = completed(plan, file, Missing.KEEP)
    assert {part.id for part in kept.actions} == {part.id for part in plan.actions}
    assert [one for one in compare(plan, kept) if one.change is not PlanChange.CHANGED] == []
    stopped = completed(plan, file, Missing.DISCONTINUE, "Diganti RAN baru")
    gone = {part.code: part.discontinued for part in stopped.actions if part.discontinued}
    assert gone == {"1.3": "Diganti RAN baru", "6.7": "Diganti RAN baru"}
    # What is discontinued already is neither missed again nor given another reason.
    assert left_out(stopped, file) == []
    assert completed(stopped, file, Missing.DISCONTINUE, "Lain") == stopped
    assert list(faults(stopped, plan)) == []


def test_a_whole_strategy_left_out_keeps_its_title(plan: PlanFile) -> None:
    file = without(plan, *(part.code for part in plan.actions if part.strategy == 6))
    file = replace(file, strategies=plan.strategies[:5])
    kept = completed(plan, file, Missing.KEEP)
    assert kept.strategies == plan.strategies
    assert list(faults(kept, plan)) == []


def test_an_older_action_whose_code_is_taken_is_marked(plan: PlanFile) -> None:
    file = with_new(without(plan, "1.3"), new_action(plan, "1.3"))
    kept = completed(plan, file, Missing.KEEP)
    assert {part.id: part.code for part in kept.actions if part.code.startswith("1.3")} == {
        "uji-1-3": "1.3",
        plan.actions[2].id: "1.3 (lama)",
    }
    again = with_new(without(file, "1.3"), new_action(plan, "1.3", id="uji-lagi"))
    once_more = completed(kept, again, Missing.KEEP)
    codes = [part.code for part in once_more.actions]
    assert len(set(codes)) == len(codes)
    assert {"1.3", "1.3 (lama)", "1.3 (lama 2)"} <= set(codes)


@pytest.mark.parametrize(
    ("head", "fields", "message"),
    [
        ({"status": "enacted"}, {}, "harus menyebut dasarnya"),
        ({"last_year": 2020}, {}, "lebih awal"),
        ({"task_force": "64"}, {}, "RAD menyebut"),
        ({}, {"code": "1.2"}, "Kode aksi 1.2 dipakai 2 kali"),
        ({}, {"strategy": 9}, "strategi 9 tidak ada"),
        ({}, {"support": ["dispora"]}, "sudah menjadi penanggung jawab"),
        ({}, {"support": ["dinkes", "dinkes"]}, "disebut dua kali"),
    ],
)
def test_faults_are_said(
    plan: PlanFile, head: dict[str, Any], fields: dict[str, Any], message: str
) -> None:
    bad = changed(plan, "1.1", **fields)
    bad = replace(bad, plan=type(plan.plan).checked({**plan.plan.to_plain(), **head}))
    assert any(message in text for text in faults(bad, None)), list(faults(bad, None))


def _enacted(plan: PlanFile) -> PlanFile:
    head = {**plan.plan.to_plain(), "status": "enacted", "basis": "Perpres contoh"}
    return replace(plan, plan=type(plan.plan).checked(head))


def test_a_sample_is_never_enacted_and_a_draft_takes_its_place(plan: PlanFile) -> None:
    """One that was called enacted earlier can be changed, put right and replaced."""
    wrong = _enacted(plan)
    for former in (None, plan):
        assert any("Data contoh tidak dapat ditetapkan" in text for text in faults(wrong, former))
    real = replace(plan, plan=replace(plan.plan, sample=False))
    for after in (wrong, plan, real, _enacted(real)):
        assert list(faults(after, wrong)) == []


def test_an_enacted_plan_is_no_draft_again_and_a_name_belongs_to_one_plan(plan: PlanFile) -> None:
    plan = replace(plan, plan=replace(plan.plan, sample=False))
    enacted = _enacted(plan)
    assert list(faults(enacted, plan)) == []
    assert any("kembali menjadi rancangan" in text for text in faults(plan, enacted))
    other = regional(plan, new_action(plan))
    other = replace(other, plan=replace(other.plan, id=plan.plan.id, national=None))
    assert any("sudah dipakai rencana lain" in text for text in faults(other, plan))
    assert emptied(enacted).plan.status == "draft"
    assert emptied(enacted).actions == []


def test_keys_are_made_of_words_and_never_taken_twice() -> None:
    assert editing.fresh_key("Desa Bebas TPPO!", ()) == "desa-bebas-tppo"
    assert editing.fresh_key("Desa Bebas TPPO!", {"desa-bebas-tppo"}) == "desa-bebas-tppo-2"
    assert editing.fresh_key("…", ()) == "aksi"
    assert len(editing.fresh_key("kata " * 100, ())) <= 120


def test_strategies_are_read_one_a_line() -> None:
    found = editing.strategies_in("1. Pencegahan\n\n 2) Kesehatan")
    assert found is not None
    assert [(one.number, one.title) for one in found] == [(1, "Pencegahan"), (2, "Kesehatan")]
    assert editing.strategies_in("Pencegahan") is None


LAW = "UU 21/2007 Pasal 52 ayat (1) dan Pasal 53"


def test_a_target_below_the_law_is_said_with_both_numbers_and_the_article(plan: PlanFile) -> None:
    assert list(below_law(below(plan, 80).actions)) == [
        "Aksi 2.1, Permohonan yang dilayani dalam tujuh hari, target 2026 80 persen di bawah "
        f"kewajiban hukum: 100 ({LAW})."
    ]
    assert list(below_law(below(plan, 80, level="district").actions)) == [
        "Aksi 2.1, Permohonan yang dilayani dalam tujuh hari, target 2026 kabupaten/kota 80 persen "
        f"di bawah kewajiban hukum: 100 ({LAW})."
    ]
    assert list(below_law(below(plan, 100).actions)) == []


def test_where_less_is_better_more_than_the_law_allows_is_said(plan: PlanFile) -> None:
    days = below(plan, 7, place=1, floor=7)
    assert list(below_law(days.actions)) == []
    (said,) = below_law(below(plan, 8, place=1, floor=7).actions)
    assert "8 hari di atas kewajiban hukum: 7" in said


def test_what_was_so_before_is_not_asked_again(plan: PlanFile) -> None:
    former = below(plan, 80)
    assert list(below_law(former.actions, former.actions)) == []
    assert len(list(below_law(below(plan, 70).actions, former.actions))) == 1


def test_a_real_plan_does_not_become_made_up_again() -> None:
    sample = seed_plan()
    real = replace(sample, plan=replace(sample.plan, sample=False))
    assert any("data contoh" in text for text in faults(sample, real))
    assert list(faults(real, sample)) == list(faults(sample, sample))
