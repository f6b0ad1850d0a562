"""Putting a plan in force: the next version, and the rows that follow from it."""

from dataclasses import dataclass

import sqlalchemy as sa

from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import InvalidInput
from coordinator.free_text import refuse_identity
from coordinator.people.directory.queries import task_force_by_code
from coordinator.permissions import Viewer
from coordinator.plans.actions import queries
from coordinator.plans.actions.diff import compare
from coordinator.plans.actions.differences import PlanDifference
from coordinator.plans.actions.document import PLAN_FORMAT
from coordinator.plans.actions.models import Plan, PlanVersion
from coordinator.plans.actions.rows import write_rows
from coordinator.plans.actions.seed import PlanFile
from coordinator.platform.audit.service import record
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Loaded:
    """The version in force after loading, whether it is a new one, and what it changed."""

    plan_id: int
    number: int
    is_new: bool
    differences: list[PlanDifference]


@transactional
def load_plan(
    file: PlanFile,
    *,
    by: Viewer | None,
    reason: str = "Dimuat dari berkas",
    undoes: int | None = None,
) -> Loaded:
    """Make a checked plan the one in force under its key.

    Where it says the same as the plan in force, in any order, it makes no version. Who may do so is
    checked by the caller (`planning.service.publish`). Raises InvalidInput where a regional plan
    names no known task force.
    """
    refuse_identity(reason=reason)
    plan = queries.plan_by_key(file.plan.id)
    newest = None if plan is None else queries.newest_version(plan.id)
    before = None if plan is None or newest is None else queries.document(plan.id, newest.number)
    if plan is not None and newest is not None and before and not compare(before, file):
        return Loaded(plan.id, newest.number, False, [])
    owner = task_force_by_code(file.plan.task_force) if file.plan.task_force else None
    if file.plan.task_force and owner is None:
        raise InvalidInput(
            {"plan": _("Gugus tugas %(code)s tidak dikenal.", code=file.plan.task_force)}
        )
    if plan is None:
        plan = Plan(key=file.plan.id)
        db.session.add(plan)
    plan.kind = file.plan.kind
    plan.task_force_id = owner.id if owner else None
    plan.title = file.plan.title
    plan.status = file.plan.status
    plan.is_sample = file.plan.sample
    plan.first_year = file.plan.first_year
    plan.last_year = file.plan.last_year
    plan.note = file.plan.note
    plan.basis = file.plan.basis
    plan.source = file.plan.source
    plan.national_key = file.plan.national
    db.session.flush()
    number = newest.number + 1 if newest else 1
    differences = compare(before, file)
    db.session.add(
        PlanVersion(
            plan_id=plan.id,
            number=number,
            reason=reason,
            author_id=by.account_id if by else None,
            recorded_at=now(),
            changes=len(differences) if before else 0,
            undoes=undoes,
            content=PLAN_FORMAT.to_json(file),
        )
    )
    db.session.flush()
    plan_id, key, owner_id = plan.id, plan.key, plan.task_force_id
    write_rows(plan, file, number)
    record(
        "plan.published" if undoes is None else "plan.taken_back",
        by=by,
        subject=("plan", key),
        task_force_id=owner_id,
        version=number,
        changes=len(differences),
        actions=len(file.actions),
        undoes=undoes,
    )
    return Loaded(plan_id, number, True, differences)


@transactional
def note_told(plan_id: int, number: int, *, told_from: int) -> None:
    """Note with which version the mails about version `number` compare."""
    db.session.execute(
        sa.update(PlanVersion)
        .where(PlanVersion.plan_id == plan_id, PlanVersion.number == number)
        .values(told_from=told_from)
    )
