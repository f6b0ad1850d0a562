"""Plain functions that make what tests need, through the services that people use."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import flask
import sqlalchemy as sa

from coordinator.assignments.changes.assigning import NewAssignment, assign_action
from coordinator.assignments.models import Assignment
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.rules import BasisKind
from coordinator.clock import today
from coordinator.db import db
from coordinator.oversight.opening.service import NewPeriod, open_new_period
from coordinator.people.accounts import passwords
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.models import Account
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AGENCY_KINDS, AccessKind, Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.reports.rules import AskedIndicator
from coordinator.reporting.submission import service as submission

PASSWORD = "kata sandi untuk uji"
# Hashed once a worker: a hash takes a third of a second on purpose.
_hash: list[str] = []


def task_force(code: str = "64") -> TaskForce:
    """Return a task force."""
    return db.session.scalars(sa.select(TaskForce).where(TaskForce.code == code)).one()


def agency(slug: str, code: str = "64") -> Agency:
    """Return an agency of a task force."""
    return db.session.scalars(
        sa.select(Agency).where(Agency.slug == slug, Agency.task_force_id == task_force(code).id)
    ).one()


def person(
    kind: AccessKind, slug: str = "", *, email: str = "", home: str = "", alternate: bool = False
) -> Viewer:
    """Create a person with one access and a password; return them as a viewer."""
    email = email or f"{kind.value}.{slug or home or 'x'}@uji.example"
    is_admin = kind is AccessKind.ADMINISTRATOR
    force = task_force()
    acting_for = agency(slug) if slug and kind in AGENCY_KINDS else None
    home_agency = agency(home) if home else acting_for
    account = accounts.add_person(
        accounts.NewPerson(
            email=email,
            name=email.split("@")[0],
            kind=kind,
            task_force_id=None if is_admin else force.id,
            agency_id=acting_for.id if acting_for else None,
            home_agency_id=home_agency.id if home_agency else None,
            is_alternate=alternate,
            from_on=today() - timedelta(days=200),
        ),
        by=None,
    )
    if not _hash:
        _hash.append(passwords.hasher.hash(PASSWORD))
    accounts.store_password_hash(account.id, _hash[0])
    return Viewer(
        account_id=account.id,
        kind=kind,
        task_force_id=None if is_admin else force.id,
        agency_id=acting_for.id if acting_for else None,
        home_agency_id=home_agency.id if home_agency else None,
    )


def email_of(viewer: Viewer) -> str:
    """Return a viewer's address."""
    return db.session.get_one(Account, viewer.account_id).email


def action(code: str) -> ActionItem:
    """Return an action item of the sample plan."""
    return db.session.scalars(sa.select(ActionItem).where(ActionItem.code == code)).one()


def open_period(
    *,
    closes_on: date | None = None,
    opens_on: date | None = None,
    label: str = "Triwulan III",
    position: int = 3,
    covers: tuple[date, date] = (date(2026, 7, 1), date(2026, 9, 30)),
) -> ReportingPeriod:
    """Open a period of Kaltim; by default Triwulan III 2026, closing in three days."""
    return open_new_period(
        task_force().id,
        NewPeriod(
            year=covers[0].year,
            label=label,
            position=position,
            periods_in_year=4,
            covers_from=covers[0],
            covers_until=covers[1],
            opens_on=opens_on or today() - timedelta(days=12),
            closes_on=closes_on or today() + timedelta(days=3),
        ),
        by=None,
    )


def assign(
    by: Viewer,
    code: str = "1.1",
    lead: str = "dispora",
    support: tuple[str, ...] = (),
    *,
    join: ReportingPeriod | None = None,
    targets: dict[int, Decimal] | None = None,
    due_on: date = date(2026, 12, 31),
) -> Assignment:
    """Assign an action of the sample plan."""
    item = action(code)
    return assign_action(
        NewAssignment(
            action_id=item.public_id,
            lead=lead,
            support=support,
            basis_kind=BasisKind.LETTER,
            basis_reference="463/01/UJI",
            basis_on=today() - timedelta(days=20),
            due_on=due_on,
            targets={item.indicators[0].id: Decimal(12)} if targets is None else targets,
        ),
        by=by,
        join=join,
    )


def obligation_of(assignment: Assignment, slug: str) -> Obligation:
    """Return the newest obligation of an agency in an assignment."""
    return db.session.scalars(
        sa.select(Obligation)
        .where(
            Obligation.agency_id == agency(slug).id,
            Obligation.party_id.in_([party.id for party in assignment.parties]),
        )
        .order_by(Obligation.id.desc())
        .limit(1)
    ).one()


def draft_for(obligation: Obligation, value: str = "3", **more: str) -> dict[str, str]:
    """Return a draft that may be submitted: an achievement with the same value everywhere."""
    fields = {
        AskedIndicator(indicator.id, indicator.kind).field: value
        for indicator in drafts.asked_of(obligation)
    }
    return {"kind": "achievement", "note": "Kegiatan berjalan.", **fields, **more}


def submit(obligation: Obligation, by: Viewer, value: str = "3", **more: str) -> None:
    """Write and submit a report."""
    public_id = obligation.public_id
    version = obligation_version(obligation)
    report = drafts.save_draft(
        public_id, draft_for(obligation, value, **more), version=version, by=by
    )
    submission.submit_report(
        public_id,
        version=report.version,
        form_key=f"{public_id}-{report.version}",
        confirmed=True,
        by=by,
    )


def obligation_version(obligation: Obligation) -> int:
    """Return the draft's version, 0 where there is none."""
    from_db = db.session.scalar(
        sa.text("SELECT version FROM report WHERE obligation_id = :id").bindparams(id=obligation.id)
    )
    return int(from_db or 0)


@dataclass(frozen=True)
class Story:
    """The smallest task force at work: one assignment reported in one open period."""

    secretariat: Viewer
    focal_point: Viewer
    supporter: Viewer
    leadership: Viewer
    period: ReportingPeriod
    assignment: Assignment


def story() -> Story:
    """Dispora leads action 1.1, Disnakertrans supports; Triwulan III is open for three days.

    Where a test begins with it, it is brought back from the first time that it was built."""
    scenes = flask.current_app.extensions.get("scenes")
    if scenes is None:
        viewers, period_id, assignment_id = _build_story()
    else:
        viewers, period_id, assignment_id = scenes.remember_first("story", _build_story)
    return Story(
        *viewers,
        period=db.session.get_one(ReportingPeriod, period_id),
        assignment=db.session.get_one(Assignment, assignment_id),
    )


def _build_story() -> tuple[tuple[Viewer, ...], int, int]:
    secretariat = person(AccessKind.SECRETARIAT, home="biro-kesra")
    focal_point = person(AccessKind.FOCAL_POINT, "dispora")
    supporter = person(AccessKind.FOCAL_POINT, "disnakertrans")
    leadership = person(AccessKind.LEADERSHIP, home="biro-kesra")
    period = open_period()
    assignment = assign(secretariat, support=("disnakertrans",), join=period)
    return (secretariat, focal_point, supporter, leadership), period.id, assignment.id
