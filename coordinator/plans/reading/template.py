"""The template to fill in; with a plan in it, it is the plan's export."""

import json
from dataclasses import replace

from coordinator import child
from coordinator.errors import Unavailable
from coordinator.plans.actions.document import PLAN_FORMAT
from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.reading.shapes import KnownNames
from coordinator.translation import gettext as _

WRITER = "coordinator.plans.reading.writer"


def template(known: KnownNames, plan: PlanFile | None = None) -> bytes:
    """Return the workbook that `reading.read` reads back: with `plan`, to no change.

    Raises Unavailable.
    """
    return _written("xlsx", known, plan)


def table_csv(known: KnownNames, plan: PlanFile) -> bytes:
    """Return a plan's actions as CSV, read back to no change while the plan is in force (CSV has
    no place for the plan's own title and years). Raises Unavailable."""
    return _written("csv", known, plan)


def _written(form: str, known: KnownNames, plan: PlanFile | None) -> bytes:
    order = {
        "format": form,
        "known": replace(known, base=None).to_plain(),
        "plan": PLAN_FORMAT.to_json(plan) if plan else None,
    }
    try:
        return child.run(WRITER, json.dumps(order).encode())
    except child.ChildFailed as error:
        raise Unavailable(_("Berkas belum dapat dibuat. Coba lagi beberapa saat lagi.")) from error
