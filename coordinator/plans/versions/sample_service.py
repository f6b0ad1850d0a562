"""The sample plan that comes with the program: loading it when somebody asks, and removing it."""

import sqlalchemy as sa

import config
from coordinator.db import db, transactional
from coordinator.errors import Conflict, NotFound
from coordinator.permissions import Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.models import Plan, PlanVersion
from coordinator.plans.actions.seed import PlanFile, check
from coordinator.plans.actions.service import load_plan
from coordinator.plans.versions.labels import resting_sentence
from coordinator.plans.versions.models import PlanImport
from coordinator.plans.versions.queries import MAIL_KIND, mail_thread
from coordinator.plans.versions.sample_queries import (
    SAMPLE_KEY,
    all_parts,
    all_resting_on,
    sample_plan,
)
from coordinator.plans.versions.service import require_may_edit
from coordinator.platform.audit.service import record
from coordinator.platform.mail.service import cancel_emails
from coordinator.translation import gettext as _

SAMPLE_FILE = config.ROOT / "seed" / "ran_tppo_2025_2029.yaml"


def _read() -> PlanFile:
    """Return the sample plan. Exits with the findings of a bad file."""
    plan, findings = check(SAMPLE_FILE)
    if plan is None:
        raise SystemExit("\n".join(map(str, findings)))
    return plan


@transactional
def load_sample_plan(*, by: Viewer | None) -> None:
    """Put the sample plan in force; nobody is written to. `by` None is the demo.

    Raises NotAllowed, Conflict where somebody's plan is there: a sample is for a place without one.
    """
    plan = _read()
    require_may_edit(by, plan)
    if by is not None and sample_plan(by).has_plan:
        raise Conflict(_("Sudah ada rencana aksi. Rencana contoh hanya untuk yang belum punya."))
    load_plan(plan, by=by, reason=_("Rencana contoh dimuat (DATA CONTOH)"))


def bring_sample_plan() -> bool:
    """Load the sample plan for the demo, unless it is there; tell whether it was loaded."""
    if plans.plan_by_key(SAMPLE_KEY) is not None:
        return False
    load_sample_plan(by=None)
    return True


@transactional
def remove_sample_plan(*, by: Viewer | None) -> None:
    """Remove the sample plan with all its versions. `by` None is the removal of the demo.

    Raises NotFound, NotAllowed, Conflict where something rests on it.
    """
    plan = plans.plan_by_key(SAMPLE_KEY)
    if plan is None or not plan.is_sample:
        raise NotFound(_("Tidak ada rencana contoh."))
    require_may_edit(by, _read())
    rests = all_resting_on(plan)
    if rests is not None:
        raise Conflict(
            _("Rencana contoh tidak dapat dihapus: %(why)s.", why=resting_sentence(rests))
        )
    versions = sa.select(PlanVersion.number).where(PlanVersion.plan_id == plan.id)
    for number in db.session.scalars(versions).all():
        cancel_emails(thread=mail_thread(plan.key, number), kinds=frozenset({MAIL_KIND}))
    _delete(plan)
    record("plan.sample_removed", by=by, subject=("plan", SAMPLE_KEY))


def _delete(plan: Plan) -> None:
    parts = all_parts(plan.id)
    imported = sa.select(PlanVersion.id).where(PlanVersion.plan_id == plan.id)
    db.session.execute(sa.delete(PlanImport).where(PlanImport.version_id.in_(imported)))
    for table, rows in reversed(parts.items()):
        keys = list(db.session.scalars(rows))
        db.session.execute(sa.delete(table).where(table.c.id.in_(keys)))
    db.session.expire_all()
