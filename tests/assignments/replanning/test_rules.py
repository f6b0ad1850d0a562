"""What a new version of a plan means for one running assignment, case by case."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from coordinator.assignments.replanning.rules import (
    NO_WISHES,
    AssignmentOutcome,
    Running,
    TargetFate,
    Wishes,
    outcomes,
)
from coordinator.plans.actions.rules import TargetLevel
from coordinator.plans.actions.seed import ActionPart, IndicatorPart, PlanFile
from tests.plans.actions.builders import seed_plan
from tests.plans.versions.plans import changed

YEAR = 2026
FOLLOWS, KEPT, NEW = TargetFate.FOLLOWS, TargetFate.KEPT, TargetFate.NEW


@pytest.fixture(scope="module")
def plan() -> PlanFile:
    """The plan before: 1.1 has two indicators, the first with targets 12 and 12."""
    return seed_plan()


def _action(plan: PlanFile) -> ActionPart:
    return next(part for part in plan.actions if part.code == "1.1")


def _first(plan: PlanFile, **changes: object) -> PlanFile:
    """The plan with the first indicator of 1.1 changed."""
    first, *others = _action(plan).indicators
    return changed(plan, "1.1", indicators=[replace(first, **changes), *others])  # type: ignore[arg-type]


def _running(
    plan: PlanFile, own: dict[int, int | None] | None = None, until: int = 2027
) -> Running:
    """An assignment of 1.1 with the plan's targets, but for the first indicator's in `own`."""
    first, second = _action(plan).indicators
    targets = {
        (part.id, year): value
        for part in (first, second)
        for year, value in part.targets.items()
        if YEAR <= year <= until
    }
    for year, value in (own or {}).items():
        targets.pop((first.id, year), None)
        if value is not None:
            targets[first.id, year] = Decimal(value)
    return Running(1, "a", 1, _action(plan).id, "", "Dispora", (7, 8), date(until, 12, 31), targets)


def _outcome(
    plan: PlanFile, after: PlanFile, one: Running, wishes: Wishes = NO_WISHES
) -> AssignmentOutcome | None:
    found = outcomes([one], plan, after, level=TargetLevel.PROVINCE, year=YEAR, wishes=wishes)
    return found[0] if found else None


def _fates(
    outcome: AssignmentOutcome | None,
) -> list[tuple[int, Decimal | None, Decimal | None, TargetFate]]:
    assert outcome is not None
    return [(one.year, one.before, one.after, one.fate) for one in outcome.targets]


def test_a_plan_that_says_the_same_changes_nothing(plan: PlanFile) -> None:
    assert _outcome(plan, plan, _running(plan)) is None
    assert _outcome(plan, changed(plan, "1.2", title="Judul lain"), _running(plan)) is None


def test_another_title_or_other_parties_are_shown_and_change_no_target(plan: PlanFile) -> None:
    renamed = _outcome(plan, changed(plan, "1.1", title="Judul lain"), _running(plan))
    assert renamed is not None
    assert (renamed.is_renamed, renamed.has_other_parties) == (True, False)
    assert (renamed.targets, renamed.gone) == ((), ())
    others = _outcome(plan, changed(plan, "1.1", support=["dinkes"]), _running(plan))
    assert others is not None
    assert (others.is_renamed, others.has_other_parties) == (False, True)
    assert others.planned_agencies == ("dispora", "dinkes")


def test_a_target_of_the_plan_follows_the_plan(plan: PlanFile) -> None:
    after = _first(plan, targets={2025: 8, 2026: 20, 2027: 12, 2028: 30})
    assert _fates(_outcome(plan, after, _running(plan))) == [(2026, 12, 20, FOLLOWS)]
    after = _first(plan, targets={2026: 20, 2027: 25, 2028: 30})
    assert _fates(_outcome(plan, after, _running(plan, until=2026))) == [(2026, 12, 20, FOLLOWS)]


def test_one_without_a_target_in_the_new_plan_has_none(plan: PlanFile) -> None:
    after = _first(plan, targets={2027: 12})
    assert _fates(_outcome(plan, after, _running(plan))) == [(2026, 12, None, FOLLOWS)]


@pytest.mark.parametrize("own", [15, None], ids=["another", "tanpa target"])
def test_a_target_of_its_own_stays_unless_it_is_to_follow(plan: PlanFile, own: int | None) -> None:
    after = _first(plan, targets={2026: 20, 2027: 12})
    one = _running(plan, {2026: own})
    value = None if own is None else Decimal(own)
    outcome = _outcome(plan, after, one)
    assert _fates(outcome) == [(2026, value, value, KEPT)]
    assert outcome is not None
    assert outcome.may_follow
    assert not any(one.changes for one in outcome.targets)
    follow = Wishes(follow={"a"})
    assert _fates(_outcome(plan, after, one, follow)) == [(2026, value, 20, FOLLOWS)]


def test_a_plan_that_now_says_what_the_assignment_had_changes_nothing(plan: PlanFile) -> None:
    after = _first(plan, targets={2026: 15, 2027: 12})
    assert _outcome(plan, after, _running(plan, {2026: 15})) is None


def test_a_target_of_its_own_is_named_only_where_the_plan_changes_it(plan: PlanFile) -> None:
    one = _running(plan, {2026: 15})
    assert _outcome(plan, plan, one) is None
    assert _outcome(plan, _first(plan, targets={2026: 12, 2027: 12, 2028: 40}), one) is None


def test_targets_of_a_level_win_over_those_for_every_level(plan: PlanFile) -> None:
    levels = {TargetLevel.PROVINCE: {2026: Decimal(30)}, TargetLevel.DISTRICT: {2026: Decimal(2)}}
    after = _first(plan, level_targets=levels)
    assert _fates(_outcome(plan, after, _running(plan))) == [(2026, 12, 30, FOLLOWS)]


def test_a_new_indicator_brings_its_targets_and_the_old_one_is_kept_apart(plan: PlanFile) -> None:
    first, second = _action(plan).indicators
    new = IndicatorPart.checked({**first.to_plain(), "id": "uji-baru", "name": "Desa"})
    new = replace(new, targets={2026: Decimal(5), 2027: Decimal(6)})
    after = changed(plan, "1.1", indicators=[new, second])
    outcome = _outcome(plan, after, _running(plan))
    assert _fates(outcome) == [(2026, None, 5, NEW), (2027, None, 6, NEW)]
    assert outcome is not None
    assert outcome.gone == (first.name,)
    later = _outcome(plan, after, _running(plan), Wishes(new_from=2027))
    assert _fates(later) == [(2026, None, None, NEW), (2027, None, 6, NEW)]


def test_an_action_that_falls_away_closes_its_assignment_once(plan: PlanFile) -> None:
    gone = changed(plan, "1.1", discontinued="Tidak ada di naskah")
    outcome = _outcome(plan, gone, _running(plan))
    assert outcome is not None
    assert (outcome.closed, outcome.targets) == ("Tidak ada di naskah", ())
    # What ran on after that did so because somebody wanted it.
    assert _outcome(gone, changed(gone, "1.1", discontinued="Lagi"), _running(plan)) is None


def test_they_come_in_the_order_of_the_plan(plan: PlanFile) -> None:
    codes = ["1.3", "1.1", "1.2"]
    keys = {part.code: part.id for part in plan.actions}
    after = plan
    for code in codes:
        after = changed(after, code, discontinued="x")
    running = [
        replace(_running(plan), id=place, action_key=keys[code]) for place, code in enumerate(codes)
    ]
    found = outcomes(running, plan, after, level=TargetLevel.PROVINCE, year=YEAR)
    assert [one.before.code for one in found] == ["1.1", "1.2", "1.3"]
