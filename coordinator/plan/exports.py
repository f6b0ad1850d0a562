"""A plan as a file, by the ending of the file's name."""

from coordinator.plan.document import to_yaml
from coordinator.plan.importing.shapes import Known
from coordinator.plan.importing.template import table_csv, template
from coordinator.plan.seed import PlanFile

ENDINGS = (".xlsx", ".csv", ".yaml", ".yml")


def file_of(plan: PlanFile, known: Known, ending: str) -> bytes:
    """Return a plan as a workbook, a table or YAML; each is read back to no change.

    Raises Unavailable where it cannot be made now, ValueError for another ending.
    """
    if ending == ".xlsx":
        return template(known, plan)
    if ending == ".csv":
        return table_csv(known, plan)
    if ending in ENDINGS:
        return to_yaml(plan).encode()
    raise ValueError(ending)
