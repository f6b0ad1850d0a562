"""The list of versions, each as it was called then, and which of them were taken back."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from coordinator.db import db
from coordinator.permissions import Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.document import head_of
from coordinator.plans.actions.models import Plan, PlanVersion

VERSIONS_SHOWN = 100
HEAD = 20_000  # characters of a version's text: its head comes first, and is far shorter


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A version with its plan, and what the plan was called then."""

    version: PlanVersion
    plan: Plan
    title: str
    is_sample: bool


def versions(viewer: Viewer) -> list[ListedVersion]:
    """Return the newest versions of the plans the viewer's task force reads, newest first."""
    rows = db.session.execute(
        sa.select(PlanVersion, Plan, sa.func.substr(PlanVersion.content, 1, HEAD).label("text"))
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .where(plans.visible(viewer))
        .order_by(PlanVersion.recorded_at.desc(), PlanVersion.id.desc())
        .limit(VERSIONS_SHOWN)
    )
    found = []
    for version, plan, text in rows:
        head = head_of(text)
        found.append(ListedVersion(version, plan, head.title, head.sample))
    return found


def all_taken_back(version_ids: Collection[int]) -> set[int]:
    """Return those of some versions that were taken back, by id."""
    taken, undoing = aliased(PlanVersion), aliased(PlanVersion)
    return set(
        db.session.scalars(
            sa.select(taken.id)
            .join(undoing, undoing.plan_id == taken.plan_id)
            .where(taken.id.in_(list(version_ids)), undoing.undoes == taken.number)
        )
    )
