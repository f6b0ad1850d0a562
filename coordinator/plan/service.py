"""Loading a plan."""

import sqlalchemy as sa

from coordinator.audit.service import record
from coordinator.db import db, transactional
from coordinator.errors import Conflict
from coordinator.permissions import Viewer
from coordinator.plan.models import (
    ActionDuty,
    ActionItem,
    CandidateParty,
    Indicator,
    Plan,
    Strategy,
    Target,
)
from coordinator.plan.rules import PartyKind
from coordinator.plan.seed import ActionPart, PlanFile
from coordinator.seedfile import content_hash


@transactional
def load_plan(file: PlanFile, *, by: Viewer | None) -> bool:
    """Load a checked plan; return False where it is there already, unchanged.

    Raises Conflict where a different version of the same plan is loaded: changing a plan that
    assignments may hang on needs versions, which this release does not have.
    """
    digest = content_hash(file)
    known = db.session.scalar(sa.select(Plan).where(Plan.key == file.plan.id))
    if known is not None:
        if known.content_hash == digest:
            return False
        raise Conflict(
            "Rencana ini sudah dimuat dengan isi yang berbeda. Menggantinya belum didukung."
        )
    plan = Plan(
        key=file.plan.id,
        kind=file.plan.kind,
        title=file.plan.title,
        status=file.plan.status,
        is_sample=file.plan.sample,
        first_year=file.plan.first_year,
        last_year=file.plan.last_year,
        note=file.plan.note,
        content_hash=digest,
    )
    db.session.add(plan)
    db.session.flush()
    strategies = {
        part.number: Strategy(plan_id=plan.id, number=part.number, title=part.title)
        for part in file.strategies
    }
    db.session.add_all(strategies.values())
    db.session.flush()
    db.session.add_all(
        _action(part, plan.id, strategies[part.strategy].id, position)
        for position, part in enumerate(file.actions, start=1)
    )
    db.session.flush()
    record("plan.loaded", by=by, subject=("plan", plan.key), actions=len(file.actions))
    return True


def _action(part: ActionPart, plan_id: int, strategy_id: int, position: int) -> ActionItem:
    return ActionItem(
        plan_id=plan_id,
        strategy_id=strategy_id,
        position=position,
        key=part.id,
        code=part.code,
        title=part.title,
        question=part.question,
        working_group_key=part.working_group,
        tag=part.tag,
        origin=part.origin,
        candidates=[
            CandidateParty(agency_key=part.lead, kind=PartyKind.LEAD),
            *(CandidateParty(agency_key=key, kind=PartyKind.SUPPORT) for key in part.support),
        ],
        duties=[ActionDuty(duty_key=key) for key in part.duties],
        indicators=[
            Indicator(
                position=place,
                key=indicator.id,
                name=indicator.name,
                unit=indicator.unit,
                kind=indicator.kind,
                better=indicator.better,
                accumulation=indicator.accumulation,
                targets=[
                    Target(year=year, value=value) for year, value in indicator.targets.items()
                ],
            )
            for place, indicator in enumerate(part.indicators, start=1)
        ],
    )
