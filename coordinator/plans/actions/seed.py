"""The shape of a plan file (`seed/ran_tppo_2025_2029.yaml`), and what must agree inside it."""

from collections.abc import Iterator
from dataclasses import field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from coordinator.checked import Limits
from coordinator.plans.actions.rules import (
    Accumulation,
    Better,
    IndicatorKind,
    PlanKind,
    PlanStatus,
    TargetLevel,
)
from coordinator.platform.yaml_files import (
    BadFile,
    SeedPart,
    Source,
    YamlFinding,
    parse,
    read_bytes,
    validate,
)
from coordinator.platform.yaml_files.findings import Location

Key = Annotated[str, Limits(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)]
Text = Annotated[str, Limits(min_length=1, max_length=2000)]
Tag = Literal["koordinasi", "advokasi", "pelindungan", "penegakan", "pelaporan"]

# What no target reaches; kept as thousandths in 64 bits.
ABOVE_ANY_TARGET = Decimal(10) ** 12
FIRST_YEAR, LAST_YEAR = 2000, 2100
LARGEST_NUMBER = 999
NO_TARGET = "Target harus 0 atau lebih, dan kurang dari 1.000.000.000.000."
NO_YEAR = f"Isi dengan tahun antara {FIRST_YEAR} dan {LAST_YEAR}."
NO_NUMBER = f"Nomor strategi harus antara 0 dan {LARGEST_NUMBER}."


class PlanPart(SeedPart):
    """What plan this is."""

    id: Key
    kind: PlanKind
    title: Text
    status: PlanStatus
    sample: bool = False
    first_year: int
    last_year: int
    note: Text | None = None
    # The Perpres, Pergub or Perbup that enacted it; a draft has none.
    basis: Text | None = None
    source: Text | None = None
    # A RAD only: whose it is (Kemendagri code), and the national plan its actions refer to.
    task_force: Annotated[str, Limits(pattern=r"^\d\d(\.\d\d)?$")] | None = None
    national: Key | None = None


class StrategyPart(SeedPart):
    """A strategy."""

    number: int
    title: Text


class LegalFloor(SeedPart):
    """What the law asks for already, in the indicator's unit, and the article that says so. Where
    less is better, it is the most that may be."""

    value: Decimal
    article: Text


class IndicatorPart(SeedPart):
    """What is measured, and the target of each year: `targets` for every level of task force,
    `level_targets` for one level, which wins over it. A target below `legal_floor` is asked about:
    a plan cannot allow what a law forbids."""

    id: Key
    name: Text
    unit: Annotated[str, Limits(min_length=1, max_length=60)]
    kind: IndicatorKind
    better: Better
    accumulation: Accumulation
    targets: dict[int, Decimal] = field(default_factory=dict)
    level_targets: dict[TargetLevel, dict[int, Decimal]] = field(default_factory=dict)
    legal_floor: LegalFloor | None = None


class ActionPart(SeedPart):
    """An action item; pokja, agencies and duties by their ids in the mapping.

    `national` is the action of the national plan that a RAD's action carries out. An action with
    `discontinued` (the reason) is no longer assigned and stays in sight.
    """

    id: Key
    code: Annotated[str, Limits(min_length=1, max_length=20)]
    strategy: int
    working_group: Key
    title: Text
    question: Text
    tag: Tag | None = None
    origin: Text
    basis: Text | None = None
    lead: Key | None = None
    support: list[Key] = field(default_factory=list)
    duties: list[Key] = field(default_factory=list)
    national: Key | None = None
    discontinued: Text | None = None
    indicators: Annotated[list[IndicatorPart], Limits(min_length=1)]


class PlanFile(SeedPart):
    """The whole file."""

    schema_: Literal["1"]
    plan: PlanPart
    strategies: list[StrategyPart]
    actions: list[ActionPart]


def _faults(plan: PlanFile, source: Source) -> Iterator[YamlFinding]:  # noqa: C901
    strategies = {part.number for part in plan.strategies}
    seen: dict[str, set[str]] = {"id": set(), "code": set(), "indicator": set()}
    for index, action in enumerate(plan.actions):
        if action.strategy not in strategies:
            yield source.finding(
                ("actions", index, "strategy"), f"Strategi {action.strategy} tidak ada."
            )
        if action.lead in action.support:
            yield source.finding(
                ("actions", index, "support"), f"{action.lead} sudah menjadi penanggung jawab."
            )
        values = [("id", action.id), ("code", action.code)]
        values += [("indicator", indicator.id) for indicator in action.indicators]
        for name, value in values:
            if value in seen[name]:
                yield source.finding(("actions", index), f"“{value}” sudah dipakai di atas.")
            seen[name].add(value)
        for place, indicator in enumerate(action.indicators):
            yield from _wrong_targets(
                plan.plan, indicator, ("actions", index, "indicators", place), source
            )
    for name in ("first_year", "last_year"):
        if not FIRST_YEAR <= getattr(plan.plan, name) <= LAST_YEAR:
            yield source.finding(("plan", name), NO_YEAR)
    for index, strategy in enumerate(plan.strategies):
        if not 0 <= strategy.number <= LARGEST_NUMBER:
            yield source.finding(("strategies", index, "number"), NO_NUMBER)


def target_places(
    part: IndicatorPart,
) -> Iterator[tuple[tuple[TargetLevel | None, int], Decimal, Location]]:
    """Return each target of an indicator: its level and year, the value, and where in the indicator
    a file has it."""
    for year, value in part.targets.items():
        yield (None, year), value, ("targets", str(year))
    for level, years in part.level_targets.items():
        for year, value in years.items():
            yield (level, year), value, ("level_targets", level.value, str(year))


def _wrong_targets(
    head: PlanPart, part: IndicatorPart, path: Location, source: Source
) -> Iterator[YamlFinding]:
    for (_level, year), value, place in target_places(part):
        if not head.first_year <= year <= head.last_year:
            yield source.finding((*path, *place), f"Tahun {year} di luar masa rencana.")
        if not 0 <= value < ABOVE_ANY_TARGET:
            yield source.finding((*path, *place), NO_TARGET)
    if part.legal_floor is not None and not 0 <= part.legal_floor.value < ABOVE_ANY_TARGET:
        yield source.finding((*path, "legal_floor", "value"), NO_TARGET)


def check(path: Path) -> tuple[PlanFile | None, list[YamlFinding]]:
    """Read and check a plan file; return it (None if it has an error) and all findings."""
    try:
        raw = read_bytes(path)
    except BadFile as error:
        return None, error.findings
    plan, findings, _source = checked(raw, path.name)
    return plan, findings


def checked(raw: bytes, name: str) -> tuple[PlanFile | None, list[YamlFinding], Source | None]:
    """Check a plan file's bytes.

    Return the plan (None if it has an error), all findings, and the places of its parts.
    """
    try:
        source = parse(raw, name)
        plan = validate(source, PlanFile)
    except BadFile as error:
        return None, error.findings, None
    findings = sorted(_faults(plan, source), key=lambda finding: (finding.line, finding.column))
    return (None if findings else plan), findings, source
