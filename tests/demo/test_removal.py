"""The demo leaves nothing behind, no matter what was done with it; what is somebody's own stays."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.obligations.extensions import grant_extension
from coordinator.assignments.obligations.models import Obligation
from coordinator.db import Base, db, transactional
from coordinator.demo import removal, service
from coordinator.oversight.reminders.models import ReminderRun
from coordinator.oversight.reminders.service import queue_reminders
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AccessLog, AuditEntry, AuditSeal
from coordinator.platform.saved_views.service import save_view
from coordinator.reporting.mail_links.tokens import mail_addresses
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.rules import ReportState
from coordinator.reporting.revisions.withdrawal import note_opening, withdraw_report
from tests import factories

pytestmark = pytest.mark.usefixtures("in_app")

# What says that the demo was here.
KEPT = {AuditEntry.__tablename__, AuditSeal.__tablename__, AccessLog.__tablename__}
# Taking a published mapping or plan back is a version of its own.
VERSIONED = {"mapping_version", "mapping_document", "plan_version"}

# The demo takes ten seconds to make; that it goes away on both engines is shown by the first test.
ON_ONE_ENGINE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def _counts() -> dict[str, int]:
    return {
        table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        if table.name not in KEPT | VERSIONED
    }


def _viewer(grant: AccessGrant) -> Viewer:
    return Viewer(
        account_id=grant.account_id,
        kind=grant.kind,
        task_force_id=grant.task_force_id,
        agency_id=grant.agency_id,
        home_agency_id=grant.account.home_agency_id,
    )


def _grant(kind: AccessKind, agency_id: int | None = None) -> AccessGrant:
    query = (
        sa.select(AccessGrant)
        .join(Account, Account.id == AccessGrant.account_id)
        .where(Account.is_sample, AccessGrant.kind == kind)
        .order_by(AccessGrant.id)
        .limit(1)
    )
    if agency_id is not None:
        query = query.where(AccessGrant.agency_id == agency_id)
    return db.session.scalars(query).one()


def _waiting_reports() -> list[Report]:
    agencies = sa.select(AccessGrant.agency_id).where(AccessGrant.kind == AccessKind.FOCAL_POINT)
    return list(
        db.session.scalars(
            sa.select(Report)
            .join(Obligation, Obligation.id == Report.obligation_id)
            .where(Report.state == ReportState.SUBMITTED, Obligation.agency_id.in_(agencies))
            .order_by(Report.id)
        )
    )


def test_nothing_is_left_of_a_demo_that_was_used() -> None:
    before = _counts()
    service.load_demo()
    opened, taken_back = _waiting_reports()[:2]
    note_opening(opened.obligation.public_id, by=_viewer(_grant(AccessKind.SECRETARIAT)))
    writer = _grant(AccessKind.FOCAL_POINT, taken_back.obligation.agency_id)
    withdraw_report(taken_back.obligation.public_id, revision_number=1, by=_viewer(writer))
    save_view("/matriks", "pokja=pencegahan", "Contoh", by=_viewer(writer))

    @transactional
    def make_link() -> None:
        mail_addresses([(taken_back.obligation, writer)])

    make_link()
    assert {name for name, count in _counts().items() if count != before[name]} >= {
        "report_link",
        "revision_opening",
        "saved_view",
        "withdrawal",
    }
    assert removal.remove_demo() > 0
    after = _counts()
    assert {name: count for name, count in after.items() if count != before[name]} == {}


@ON_ONE_ENGINE
def test_what_somebody_real_has_made_stays_without_the_demo_accounts_name() -> None:
    officer = factories.person(AccessKind.SECRETARIAT)
    period = factories.open_period()
    dispora = factories.agency("dispora")
    service.load_demo()
    invented = _grant(AccessKind.SECRETARIAT)

    grant_extension(
        period.id, dispora.id, until_on=date(2026, 12, 30), reason="uji", by=_viewer(invented)
    )
    removal.remove_demo()
    kept = db.session.scalars(sa.select(Extension)).one()
    assert (kept.period_id, kept.granted_by_id) == (period.id, None)
    assert db.session.get(Account, officer.account_id) is not None
    assert db.session.get(ReportingPeriod, period.id) is not None


@ON_ONE_ENGINE
def test_the_days_run_from_before_the_demo_stays(clock: time_machine.Traveller) -> None:
    # Deleting it had the same day's reminders worked out twice.
    force = factories.task_force("64")
    assert queue_reminders(force.id) is not None  # Tuesday, 10.00: it is time
    clock.shift(60)
    service.load_demo()
    clock.shift(timedelta(days=1))
    assert queue_reminders(force.id) is not None
    removal.remove_demo()
    assert list(db.session.scalars(sa.select(ReminderRun.on))) == [date(2026, 10, 13)]
    assert queue_reminders(force.id) is not None  # the demo's own day may be run for real people
