"""The people of the demo, who can be tried with one tap."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from coordinator.db import db
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.accounts.queries import in_force
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.permissions import AccessKind


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """One person of the demo, and the access they have."""

    account_id: int
    public_id: str
    kind: AccessKind
    agency: str
    region: str


@dataclass(frozen=True, slots=True)
class SamplePeople:
    """The people of the demo: the first of each kind, and the others."""

    first: tuple[SamplePerson, ...]
    others: tuple[SamplePerson, ...]
    region: str  # of the first ones; what lies elsewhere is named


NO_SAMPLES = SamplePeople((), (), "")


def all_sample_people(on: date) -> SamplePeople:
    """Return who of the demo has an access on a day."""
    rows = db.session.execute(
        sa.select(
            Account.id,
            Account.public_id,
            AccessGrant.kind,
            Agency.abbreviation,
            TaskForce.region,
        )
        .join(AccessGrant, AccessGrant.account_id == Account.id)
        .outerjoin(Agency, Agency.id == AccessGrant.agency_id)
        .outerjoin(TaskForce, TaskForce.id == AccessGrant.task_force_id)
        .where(Account.is_sample, Account.is_active, in_force(on))
        .order_by(Account.id)
    )
    people = [
        SamplePerson(account_id, key, kind, agency or "", place or "")
        for account_id, key, kind, agency, place in rows
    ]
    first: dict[AccessKind, SamplePerson] = {}
    for one in people:
        first.setdefault(one.kind, one)
    shown = tuple(first[kind] for kind in AccessKind if kind in first)
    region = next((one.region for one in shown if one.region), "")
    return SamplePeople(shown, tuple(one for one in people if one not in shown), region)
