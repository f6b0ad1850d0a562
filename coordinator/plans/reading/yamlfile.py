"""A plan file in YAML, with the same answer as a spreadsheet: its lines are the rows."""

from collections.abc import Iterator
from dataclasses import replace

from coordinator import screening
from coordinator.plans.actions.seed import PlanFile, checked
from coordinator.plans.reading.faults import IDENTITY
from coordinator.plans.reading.shapes import (
    Ambiguity,
    Choices,
    KnownNames,
    PlanReading,
    Problem,
    Shape,
    ShownRow,
)
from coordinator.plans.reading.shown import of_part
from coordinator.plans.reading.strategies import label_of
from coordinator.plans.reading.table import names_of
from coordinator.plans.reading.yaml_checks import TargetCheck
from coordinator.platform.yaml_files import Source, YamlFinding


def read(data: bytes, name: str, known: KnownNames, choices: Choices) -> PlanReading:
    """Return what was read of a plan file."""
    plan, findings, source = checked(data, name)
    problems = [_problem(finding) for finding in findings]
    questions: list[Ambiguity] = []
    if plan is not None and source is not None:
        problems += [_problem(finding) for finding in _identities(source)]
        problems += [_problem(finding) for finding in _strangers(plan, source, known)]
        base = known.base if known.base and known.base.plan.id == plan.plan.id else None
        sense = TargetCheck(source, choices, base)
        plan = sense.of(plan)
        problems += [_problem(finding) for finding in sense.findings]
        questions = sense.questions
    is_whole = not any(problem.severity == "error" for problem in problems)
    is_open = any(not question.answer for question in questions)
    return PlanReading(
        shape=Shape.YAML,
        rows=sum(len(action.indicators) for action in plan.actions) if plan else 0,
        table=list(_rows(plan, known)) if plan else [],
        problems=problems,
        questions=questions,
        names_plan=plan.plan.id if plan else None,
        plan=plan if is_whole and not is_open else None,
    )


def _rows(plan: PlanFile, known: KnownNames) -> Iterator[ShownRow]:
    agencies, _groups = names_of(known, plan)
    titles = {part.number: part.title for part in plan.strategies}
    for action in plan.actions:
        for part in action.indicators:
            if not screening.blocks(action.to_json()):
                row = of_part(action, part, agencies)
                yield replace(row, strategy=label_of(action.strategy, titles))


def _problem(finding: YamlFinding) -> Problem:
    message = f"{finding.key}: {finding.message}" if finding.key else finding.message
    return Problem(severity=finding.severity, message=message, row=finding.line)


def _identities(source: Source) -> Iterator[YamlFinding]:
    for path in source.places:
        value = source.data
        for step in path:
            value = value[step]
        if isinstance(value, str) and screening.blocks(value):
            yield source.finding(path, IDENTITY)


def _strangers(plan: PlanFile, source: Source, known: KnownNames) -> Iterator[YamlFinding]:
    """Agencies and pokja that this task force does not have: a national plan may name them."""
    for index, action in enumerate(plan.actions):
        for key in filter(None, (action.lead, *action.support)):
            if known.agencies and key not in known.agencies:
                yield source.finding(
                    ("actions", index), f"Instansi “{key}” tidak ada di sini.", severity="warning"
                )
        if known.working_groups and action.working_group not in known.working_groups:
            yield source.finding(
                ("actions", index, "working_group"),
                f"Pokja “{action.working_group}” tidak ada di sini.",
                severity="warning",
            )
