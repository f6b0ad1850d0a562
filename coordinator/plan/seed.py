"""The shape of a plan file (`seed/ran_tppo_2025_2029.yaml`), and what must agree inside it."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from coordinator.plan.rules import (
    Accumulation,
    Better,
    IndicatorKind,
    PlanKind,
    PlanStatus,
    TargetLevel,
)
from coordinator.seedfile import BadFile, Finding, Part, Source, parse, read_bytes, validate

Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Tag = Literal["koordinasi", "advokasi", "pelindungan", "penegakan", "pelaporan"]


class PlanPart(Part):
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
    # A RAD only: whose it is (Kemendagri code), and the national plan its actions hang on.
    task_force: Annotated[str, Field(pattern=r"^\d\d(\.\d\d)?$")] | None = None
    national: Key | None = None


class StrategyPart(Part):
    """A strategy."""

    number: int
    title: Text


class LegalFloor(Part):
    """What the law asks for already, in the indicator's unit, and the article that says so. Where
    less is better, it is the most that may be."""

    value: Decimal
    article: Text


class IndicatorPart(Part):
    """What is measured, and the target of each year: `targets` for every level of task force,
    `level_targets` for one level, which wins over it. A target below `legal_floor` is asked about:
    a plan cannot allow what a law forbids."""

    id: Key
    name: Text
    unit: Annotated[str, Field(min_length=1, max_length=60)]
    kind: IndicatorKind
    better: Better
    accumulation: Accumulation
    targets: dict[int, Decimal] = {}
    level_targets: dict[TargetLevel, dict[int, Decimal]] = {}
    legal_floor: LegalFloor | None = None


class ActionPart(Part):
    """An action item; pokja, agencies and duties by their ids in the mapping.

    `national` is the action of the national plan that a RAD's action carries out. An action with
    `discontinued` (the reason) is no longer assigned and stays in sight.
    """

    id: Key
    code: Annotated[str, Field(min_length=1, max_length=20)]
    strategy: int
    working_group: Key
    title: Text
    question: Text
    tag: Tag | None = None
    origin: Text
    basis: Text | None = None
    lead: Key | None = None
    support: list[Key] = []
    duties: list[Key] = []
    national: Key | None = None
    discontinued: Text | None = None
    indicators: Annotated[list[IndicatorPart], Field(min_length=1)]


class PlanFile(Part):
    """The whole file."""

    schema_: Annotated[Literal["1"], Field(alias="schema")]
    plan: PlanPart
    strategies: list[StrategyPart]
    actions: list[ActionPart]


def _faults(plan: PlanFile, source: Source) -> Iterator[Finding]:
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
            where: tuple[str | int, ...] = ("actions", index, "indicators", place)
            below: list[tuple[str | int, ...]] = [
                (*where, "targets", str(year))
                for year, value in indicator.targets.items()
                if value < 0
            ]
            below += [
                (*where, "level_targets", level.value, str(year))
                for level, targets in indicator.level_targets.items()
                for year, value in targets.items()
                if value < 0
            ]
            for path in below:
                yield source.finding(path, "Target tidak boleh di bawah nol.")
            for year in indicator.targets:
                if not plan.plan.first_year <= year <= plan.plan.last_year:
                    yield source.finding(
                        ("actions", index, "indicators", place, "targets", str(year)),
                        f"Tahun {year} di luar masa rencana.",
                    )


def check(path: Path) -> tuple[PlanFile | None, list[Finding]]:
    """Read and check a plan file; return it (None where an error stands) and all findings."""
    try:
        raw = read_bytes(path)
    except BadFile as error:
        return None, error.findings
    plan, findings, _source = checked(raw, path.name)
    return plan, findings


def checked(raw: bytes, name: str) -> tuple[PlanFile | None, list[Finding], Source | None]:
    """Check a plan file's bytes; return the plan (None where an error stands), all findings, and
    where its parts stand."""
    try:
        source = parse(raw, name)
        plan = validate(source, PlanFile)
    except BadFile as error:
        return None, error.findings, None
    findings = sorted(_faults(plan, source), key=lambda finding: (finding.line, finding.column))
    return (None if findings else plan), findings, source
