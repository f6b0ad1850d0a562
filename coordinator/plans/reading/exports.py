"""A plan as a file, by the ending of the file's name."""

from coordinator.plans.actions.document import PLAN_FORMAT
from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.reading.shapes import KnownNames
from coordinator.plans.reading.template import table_csv, template

ENDINGS = (".xlsx", ".csv", ".yaml", ".yml")


def file_of(plan: PlanFile, known: KnownNames, ending: str) -> bytes:
    """Return a plan as a workbook, a table or YAML; each is read back to no change.

    Raises Unavailable where it cannot be made now, ValueError for another ending.
    """
    if ending == ".xlsx":
        return template(known, plan)
    if ending == ".csv":
        return table_csv(known, plan)
    if ending in ENDINGS:
        return PLAN_FORMAT.to_yaml(plan).encode()
    raise ValueError(ending)
