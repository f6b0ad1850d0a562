"""Reading a file with what the database knows: names, and the plan that it changes."""

from coordinator.permissions import Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.reading import reading
from coordinator.plans.reading.queries import known
from coordinator.plans.reading.shapes import Choices, PlanReading


def read(
    viewer: Viewer, data: bytes, name: str, *, plan_key: str | None, choices: Choices
) -> PlanReading:
    """Return what a file says, compared with the plan in force under `plan_key`, or with the one
    that the file names itself, where the viewer may see it."""
    base = plans.in_force(plan_key) if plan_key else None
    found = reading.read(data, name, known=known(viewer, base), choices=choices)
    own = found.names_plan
    if base is not None or own is None:
        return found
    is_shell = viewer.account_id is None
    base = plans.in_force(own) if is_shell or plans.plan(viewer, own) else None
    if base is None:
        return found
    return reading.read(data, name, known=known(viewer, base), choices=choices)
