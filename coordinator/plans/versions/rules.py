"""What a plan must satisfy as a whole, and what becomes of what a new file leaves out. Pure."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum, auto

from coordinator.plans.actions.diff import LEVEL_WORDS, number
from coordinator.plans.actions.rules import Better, PlanKind, PlanStatus, TargetLevel, is_below_law
from coordinator.plans.actions.seed import ActionPart, PlanFile, PlanPart, StrategyPart

UNDO_WITHIN = timedelta(hours=24)
IMPORT_KEPT = timedelta(hours=24)
LONGEST_CODE = 20
SAMPLE_MARK = "DATA CONTOH"  # in the title and the note of a plan that is made up


class Missing(StrEnum):
    """What becomes of the actions in force that a new file does not have."""

    KEEP = auto()
    DISCONTINUE = auto()


class RestsOn(StrEnum):
    """What keeps a plan from being removed."""

    ASSIGNMENT = auto()
    PLAN = auto()
    VERSION = auto()  # somebody changed it
    OTHER = auto()


def faults(plan: PlanFile, former: PlanFile | None) -> Iterator[str]:  # noqa: C901
    """Say what keeps `plan` from being in force after `former`."""
    head = plan.plan
    if head.status is PlanStatus.ENACTED and not head.basis:
        yield "Rencana yang ditetapkan harus menyebut dasarnya (Perpres, Pergub, atau Perbup)."
    if head.last_year < head.first_year:
        yield "Tahun akhir rencana lebih awal daripada tahun awalnya."
    if (head.kind is PlanKind.RAD) != (head.task_force is not None):
        yield "RAD menyebut gugus tugasnya (task_force); RAN tidak."
    if is_enacted_sample(head) and not (former and is_enacted_sample(former.plan)):
        yield "Data contoh tidak dapat ditetapkan. Impor naskah resminya."
    if former is not None:
        is_enacted = former.plan.status is PlanStatus.ENACTED and not former.plan.sample
        if is_enacted and head.status is PlanStatus.DRAFT:
            yield "Rencana yang sudah ditetapkan tidak dapat kembali menjadi rancangan."
        if head.sample and not former.plan.sample:
            yield "Rencana yang naskahnya resmi tidak dapat kembali menjadi data contoh."
        if (former.plan.kind, former.plan.task_force) != (head.kind, head.task_force):
            yield f"“{head.id}” sudah dipakai rencana lain. Beri rencana ini nama (id) lain."
    numbers = {part.number for part in plan.strategies}
    for action in plan.actions:
        if action.strategy not in numbers:
            yield f"Aksi {action.code}: strategi {action.strategy} tidak ada."
        if action.lead is not None and action.lead in action.support:
            yield f"Aksi {action.code}: {action.lead} sudah menjadi penanggung jawab."
    yield from _repeated("Strategi", [str(part.number) for part in plan.strategies])
    yield from _repeated("Kode aksi", [part.code for part in plan.actions])
    yield from _repeated("Id aksi", [part.id for part in plan.actions])
    yield from _repeated(
        "Id indikator", [part.id for action in plan.actions for part in action.indicators]
    )
    for action in plan.actions:
        for name, keys in (("pendukung", action.support), ("uraian tugas", action.duties)):
            if len(set(keys)) < len(keys):
                yield f"Aksi {action.code}: {name} disebut dua kali."


def is_enacted_sample(head: PlanPart) -> bool:
    """Return whether what is made up is called enacted: nothing becomes so, but such a plan may be
    kept from earlier, and can still be changed."""
    return head.sample and head.status is PlanStatus.ENACTED


def below_law(actions: Iterable[ActionPart], former: Iterable[ActionPart] = ()) -> Iterator[str]:
    """Say which targets ask for less than a law does, unless they are the same in `former`.

    Such a plan may be in force (somebody may know why): it is asked about, not refused.
    """
    known = {one for action in former for one in _below(action)}
    for action in actions:
        for indicator, level, year, value in _below(action):
            if (indicator, level, year, value) in known:
                continue
            part = next(one for one in action.indicators if one.id == indicator)
            floor = part.legal_floor
            assert floor is not None
            where = f" {LEVEL_WORDS[level]}" if level else ""
            side = "di bawah" if part.better is Better.UP else "di atas"
            yield (
                f"Aksi {action.code}, {part.name}, target {year}{where} {number(value)} "
                f"{part.unit} {side} kewajiban hukum: {number(floor.value)} ({floor.article})."
            )


def with_floors(plan: PlanFile, former: PlanFile | None) -> PlanFile:
    """Return a plan read from a sheet with the legal floors its indicators have in `former`: a
    sheet has no column for them."""
    floors = {
        one.id: one.legal_floor
        for action in (former.actions if former else ())
        for one in action.indicators
        if one.legal_floor
    }
    actions = [
        replace(
            action,
            indicators=[
                replace(one, legal_floor=one.legal_floor or floors.get(one.id))
                for one in action.indicators
            ],
        )
        for action in plan.actions
    ]
    return replace(plan, actions=actions)


def _below(action: ActionPart) -> Iterator[tuple[str, TargetLevel | None, int, Decimal]]:
    for part in action.indicators:
        floor = part.legal_floor
        levels = ((None, part.targets), *part.level_targets.items())
        for level, years in levels if floor is not None else ():
            for year, value in sorted(years.items()):
                if floor and is_below_law(value, floor.value, part.better):
                    yield part.id, level, year, value


def _repeated(name: str, values: list[str]) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"{name} {value} dipakai {count} kali."


def replaces_sample(former: PlanFile | None, new: PlanFile) -> bool:
    """Return whether a real plan takes the place of a sample."""
    return former is not None and former.plan.sample and not new.plan.sample


def renewed_head(head: PlanPart, before: PlanPart, newest: PlanPart) -> PlanPart:
    """Return `newest` with what a person changed of `before` when they wrote `head`."""
    names = [one.name for one in fields(head)]
    said = {name: getattr(head, name) for name in names}
    return replace(newest, **{k: v for k, v in said.items() if v != getattr(before, k)})


def to_complete(
    former: PlanFile | None, new: PlanFile, in_use: Callable[[], Collection[str]]
) -> PlanFile | None:
    """Return what of `former` a new version is completed with: all of it, but of a sample that a
    real plan replaces only the actions that work rests on (`in_use` gives the ids)."""
    if former is None or not replaces_sample(former, new):
        return former
    used = in_use()
    return replace(former, actions=[part for part in former.actions if part.id in used])


def left_out(former: PlanFile | None, new: PlanFile) -> list[ActionPart]:
    """Return the actions in force that `new` does not have.

    What was discontinued before is not missed: it is not changed.
    """
    listed = {part.id for part in new.actions}
    actions = former.actions if former else []
    return [part for part in actions if part.id not in listed and not part.discontinued]


def completed(
    former: PlanFile | None, new: PlanFile, missing: Missing, reason: str = ""
) -> PlanFile:
    """Return `new` with the actions of `former` that it does not have, at the end: as they were, or
    discontinued for `reason`. What was discontinued before stays so.

    Where a new action has taken the code of such a one, the older is shown as "1.3 (lama)". What is
    kept of a sample in a real plan says that it was made up.
    """
    if former is None:
        return new
    listed = {part.id for part in new.actions}
    kept = [part for part in former.actions if part.id not in listed]
    if replaces_sample(former, new):
        kept = [_marked(part) for part in kept]
    if missing is Missing.DISCONTINUE:
        kept = [part if part.discontinued else replace(part, discontinued=reason) for part in kept]
    codes = {part.code for part in new.actions}
    actions = list(new.actions)
    for part in kept:
        code = _free_code(part.code, codes)
        codes.add(code)
        actions.append(part if code == part.code else replace(part, code=code))
    return replace(new, actions=actions, strategies=_strategies(former, new, kept))


def _marked(part: ActionPart) -> ActionPart:
    is_marked = SAMPLE_MARK.casefold() in part.title.casefold()
    return part if is_marked else replace(part, title=f"{part.title} ({SAMPLE_MARK})")


def _free_code(code: str, taken: set[str]) -> str:
    if code not in taken:
        return code
    stem = code.split(" (")[0]
    for n in range(1, len(taken) + 2):
        suffix = " (lama)" if n == 1 else f" (lama {n})"
        if (found := stem[: LONGEST_CODE - len(suffix)] + suffix) not in taken:
            return found
    raise AssertionError("unreachable")


def _strategies(former: PlanFile, new: PlanFile, kept: list[ActionPart]) -> list[StrategyPart]:
    numbers = {part.number for part in new.strategies}
    used = {part.strategy for part in kept} - numbers
    older = [part for part in former.strategies if part.number in used]
    return (
        sorted([*new.strategies, *older], key=lambda part: part.number)
        if older
        else list(new.strategies)
    )


def emptied(plan: PlanFile) -> PlanFile:
    """Return the plan before its first version: the name, no action."""
    head = replace(plan.plan, status=PlanStatus.DRAFT, basis=None)
    return replace(plan, plan=head, strategies=[], actions=[])
