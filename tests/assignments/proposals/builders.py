"""Kabupaten/kota with a mapping of their own, copied from Kaltim's, and people."""

from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from coordinator.assignments.changes.queries import Filter
from coordinator.assignments.proposals.service import ProposalTerms
from coordinator.clock import today
from coordinator.db import db
from coordinator.mapping.copies.copying import copied_mapping, proposals
from coordinator.mapping.duties.service import load_mapping
from coordinator.mapping.versions.queries import published
from coordinator.people.accounts import passwords
from coordinator.people.accounts import service as accounts
from coordinator.permissions import AGENCY_KINDS, AccessKind, Viewer
from coordinator.plans.actions.models import ActionItem
from tests import factories
from tests.assignments.changes.builders import BASIS

TERMS = ProposalTerms(BASIS, date(2026, 12, 31), "Utamakan pesisir.")
BALIKPAPAN, PASER, SAMARINDA = "64.71", "64.01", "64.72"
# In the name of everything that a kabupaten/kota has of its own.
MARK = "Setempat"


def mapped(code: str) -> None:
    """Give a task force below the mapping that the mirror proposes, with marked names."""
    mapping = published(factories.task_force().id)
    assert mapping is not None
    part = next(one for one in mapping.task_forces if one.code == code)
    own = copied_mapping(mapping, part, proposals(mapping, region=part.region))
    agencies = [
        replace(one, name=f"{MARK} {one.name}", abbreviation=f"{MARK} {one.abbreviation}")
        for one in own.agencies
    ]
    load_mapping(replace(own, agencies=agencies), by=None, reason="uji")


def person(code: str, kind: AccessKind = AccessKind.SECRETARIAT, slug: str = "") -> Viewer:
    """Create somebody of a task force below, with a password."""
    force = factories.task_force(code)
    agency = factories.agency(slug, code) if slug else None
    email = f"{MARK.lower()}.{kind.value}.{slug or code}@uji.example"
    account = accounts.add_person(
        accounts.NewPerson(
            email=email,
            name=f"Orang {MARK} {code}",
            kind=kind,
            task_force_id=force.id,
            agency_id=agency.id if agency and kind in AGENCY_KINDS else None,
            from_on=today(),
        ),
        by=None,
    )
    if not factories._hash:
        factories._hash.append(passwords.hasher.hash(factories.PASSWORD))
    accounts.store_password_hash(account.id, factories._hash[0])
    return Viewer(
        account_id=account.id,
        kind=kind,
        task_force_id=force.id,
        agency_id=agency.id if agency else None,
    )


def twelve() -> Filter:
    """The first twelve actions of the sample plan."""
    items = db.session.scalars(sa.select(ActionItem).order_by(ActionItem.position).limit(12))
    return Filter(ids=tuple(one.public_id for one in items), to_propose=True)


def count(model: type) -> int:
    """How many rows a table has."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
