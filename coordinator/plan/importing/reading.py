"""Stands in until spreadsheets are read: plan files in YAML only."""

from coordinator.plan.importing.shapes import Choices, Known, Problem, Reading, Shape
from coordinator.plan.seed import PlanFile
from coordinator.seedfile import BadFile, parse, validate


def read(data: bytes, name: str, known: Known, choices: Choices) -> Reading:
    """Return what a file says."""
    try:
        plan = validate(parse(data, name), PlanFile)
    except BadFile as error:
        return Reading(
            shape=Shape.YAML,
            problems=[
                Problem(severity="error", message=one.message, row=one.line)
                for one in error.findings
            ],
        )
    return Reading(shape=Shape.YAML, rows=len(plan.actions), plan=plan)
