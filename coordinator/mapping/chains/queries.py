"""The duties that are steps of the chain, as they are in force."""

from typing import Any

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.chains.rules import (
    ChainGroup,
    LimitBasis,
    StepDuty,
    StepHolder,
    StepLimit,
    chains,
    gaps,
)
from coordinator.mapping.duties.models import (
    Citation,
    Duty,
    DutyRevision,
    LegalInstrument,
    WorkingGroup,
)
from coordinator.mapping.duties.queries import amendments
from coordinator.mapping.duties.rules import BasisStatus
from coordinator.people.directory.models import Agency
from coordinator.people.directory.rules import AgencyKind
from coordinator.permissions import Viewer


def chain_groups(viewer: Viewer) -> list[ChainGroup]:
    """Return the pokja of the viewer's task force, in order."""
    return all_chain_groups(viewer.own_task_force_id)


def step_duties(viewer: Viewer) -> list[StepDuty]:
    """Return the duties of the viewer's task force that are steps, in the mapping's order."""
    return all_step_duties(viewer.own_task_force_id, with_amendments=True)


def gap_count(viewer: Viewer) -> int | None:
    """Return how many things the chain in force lacks; None where no duty is a step."""
    duties = all_step_duties(viewer.own_task_force_id)
    return len(gaps(chains(chain_groups(viewer), duties))) if duties else None


def all_step_duties(task_force_id: int, *, with_amendments: bool = False) -> list[StepDuty]:
    """Return the duties that are steps of a task force's chain; what amended the instruments of
    their limits where asked. A court holds none."""
    rows = db.session.execute(
        sa.select(DutyRevision, Agency, LegalInstrument, Citation)
        .join(Duty, Duty.id == DutyRevision.duty_id)
        .join(Agency, Agency.id == DutyRevision.agency_id)
        .outerjoin(
            LegalInstrument,
            sa.and_(
                LegalInstrument.task_force_id == Duty.task_force_id,
                LegalInstrument.key == DutyRevision.limit_instrument,
            ),
        )
        .outerjoin(
            Citation,
            sa.and_(
                Citation.duty_revision_id == DutyRevision.id,
                Citation.instrument_id == LegalInstrument.id,
                Citation.article == DutyRevision.limit_article,
            ),
        )
        .where(
            Duty.task_force_id == task_force_id,
            DutyRevision.until.is_(None),
            DutyRevision.step.is_not(None),
            Agency.is_active,
            Agency.kind != AgencyKind.PENGADILAN,
        )
        .order_by(Duty.position, Citation.id)
    ).all()
    chain = amendments() if with_amendments else {}
    found: dict[int, StepDuty] = {}
    for row, agency, instrument, citation in rows:
        assert row.step is not None
        assert row.step_as is not None
        basis = None
        if instrument is not None:
            amended_by = tuple(one.short for one in chain.get(instrument.id, ()))
            basis = (
                LimitBasis(citation.note, amended_by, citation.statement)
                if citation is not None
                else LimitBasis(None, amended_by)
            )
        found.setdefault(
            row.id,
            StepDuty(
                row.working_group_id,
                row.step,
                row.step_as,
                StepHolder(
                    agency.id,
                    agency.abbreviation,
                    agency.slug,
                    row.status is BasisStatus.PROPOSAL,
                ),
                row.text,
                _limit(row, instrument),
                basis,
            ),
        )
    return list(found.values())


def _limit(row: DutyRevision, instrument: Any) -> StepLimit | None:
    if row.limit_value is None or row.limit_unit is None or row.limit_at is None:
        return None
    law = f"{instrument.short} {row.limit_article}" if instrument is not None else None
    return StepLimit(
        row.limit_value,
        row.limit_unit,
        row.limit_at,
        law,
        row.limit_source_label,
        row.text,
        row.status is BasisStatus.DECREE,
    )


def all_chain_groups(task_force_id: int) -> list[ChainGroup]:
    """Return the pokja of a task force, in order."""
    rows = db.session.scalars(
        sa.select(WorkingGroup)
        .where(WorkingGroup.task_force_id == task_force_id, WorkingGroup.is_active)
        .order_by(WorkingGroup.position)
    )
    return [ChainGroup(row.id, row.key, row.numeral, row.short) for row in rows]
