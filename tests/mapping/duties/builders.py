"""The mapping that is bundled, and changes to it."""

from dataclasses import replace

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.duties.models import Duty, DutyRevision
from coordinator.mapping.duties.seed import Mapping
from tests.engines import ROOT

FILE = ROOT / "seed" / "roles_perpres49.yaml"
KEY = "dispora-mengawasi-pengiriman-pemuda"


def revisions(key: str) -> list[DutyRevision]:
    """Every wording of a duty, oldest first."""
    db.session.rollback()
    return list(
        db.session.scalars(
            sa.select(DutyRevision)
            .join(Duty)
            .where(Duty.key == key)
            .order_by(DutyRevision.since)
            .execution_options(populate_existing=True)
        )
    )


def reworded(mapping: Mapping, key: str, **change: object) -> Mapping:
    """The mapping with one duty changed."""
    return replace(
        mapping,
        duties=[replace(duty, **change) if duty.id == key else duty for duty in mapping.duties],
    )
