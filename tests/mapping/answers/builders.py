"""Who answers duties, here and in another task force."""

import flask

from coordinator.db import db, transactional
from coordinator.mapping.duties import queries as duty_queries
from coordinator.mapping.duties.models import DutyRevision
from coordinator.people.accounts import service as accounts
from coordinator.people.directory.models import Agency
from coordinator.people.directory.rules import AgencyKind
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.service import record
from tests import factories
from tests.conftest import Browser

NIK = "6472015505080001"  # invented


def sit_down(app: flask.Flask, viewer: Viewer) -> Browser:
    """A browser signed in as `viewer`, without the third of a second a password takes."""
    with app.app_context():
        token = accounts.open_session(
            account_id=viewer.account_id or 0, address="127.0.0.1", browser="uji"
        )
    browser = Browser(app)
    with browser.client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return browser


@transactional
def agency_elsewhere(code: str = "64.72", slug: str = "dispora") -> Agency:
    """An agency of another task force, of the same kind as the one here."""
    here = factories.agency(slug)
    row = Agency(
        task_force_id=factories.task_force(code).id,
        key=slug,
        slug=slug,
        name=f"{here.name} kota",
        abbreviation=here.abbreviation,
        kind=AgencyKind.PERANGKAT_DAERAH,
        lineage=here.lineage,
    )
    db.session.add(row)
    db.session.flush()
    record("task_force.added", by=None, subject=("agency", row.id))
    return row


def person_elsewhere(kind: AccessKind, code: str = "64.72") -> Viewer:
    """A person of another task force; for an agency of the same kind as Dispora where needed."""
    acting_for = agency_elsewhere(code) if kind is not AccessKind.SECRETARIAT else None
    force = factories.task_force(code)
    account = accounts.add_person(
        accounts.NewPerson(
            email=f"{kind.value}@elsewhere.example",
            name="Orang Contoh",
            kind=kind,
            task_force_id=force.id,
            agency_id=acting_for.id if acting_for else None,
        ),
        by=None,
    )
    return Viewer(
        account_id=account.id,
        kind=kind,
        task_force_id=force.id,
        agency_id=acting_for.id if acting_for else None,
    )


def duties_of(viewer: Viewer) -> list[DutyRevision]:
    """The duties of a viewer's agency."""
    return duty_queries.duties(viewer, agency_id=viewer.own_agency_id)
