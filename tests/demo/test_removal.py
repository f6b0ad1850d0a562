"""The demo leaves nothing behind, no matter what was done with it; what is somebody's own stays."""

from datetime import date, timedelta
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.obligations.extensions import grant_extension
from coordinator.assignments.obligations.models import Obligation
from coordinator.db import Base, db, transactional
from coordinator.demo import removal, service
from coordinator.mapping.duties.models import MappingVersion
from coordinator.oversight.reminders.models import ReminderRun
from coordinator.oversight.reminders.service import ensure_ladder, queue_reminders
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.rules import TaskForceState
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AccessLog, AuditEntry, AuditSeal
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.reports import take_report
from coordinator.platform.saved_views.service import save_view
from coordinator.reporting.mail_links.tokens import mail_addresses
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.rules import ReportState
from coordinator.reporting.revisions.withdrawal import note_opening, withdraw_report
from tests import factories
from tests.engines import DATABASE

pytestmark = pytest.mark.usefixtures("in_app")

# What says that the demo was here.
KEPT = {AuditEntry.__tablename__, AuditSeal.__tablename__, AccessLog.__tablename__}
# Taking a published mapping or plan back is a version of its own.
VERSIONED = {"mapping_version", "mapping_document", "plan_version"}

# The demo takes ten seconds to make; that it goes away on both engines is shown by the first test.
IS_ACTIVE = TaskForce.state == TaskForceState.ACTIVE
# A mail of a server that does not say whether the mailbox exists.
REPORT = """From: MAILER-DAEMON@contoh.test
Subject: Undelivered Mail Returned to Sender
X-Failed-Recipients: narahubung.dinkes@contoh.test
Message-ID: <returned@contoh.test>
In-Reply-To: {message_id}

The mail to narahubung.dinkes@contoh.test could not be processed.
"""

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


def _newest_mail() -> OutgoingEmail:
    query = sa.select(OutgoingEmail).where(
        OutgoingEmail.to_address == "narahubung.dinkes@contoh.test"
    )
    return db.session.scalars(query.order_by(OutgoingEmail.id.desc()).limit(1)).one()


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
    ensure_ladder(factories.task_force().id)  # as `flask prepare` does
    before = _counts()
    service.load_demo()
    province = factories.task_force()
    assert set(db.session.scalars(sa.select(TaskForce.code).where(IS_ACTIVE))) == {
        *("64", "64.02", "64.03", "64.08")
    }
    opened, taken_back = _waiting_reports()[:2]
    note_opening(opened.obligation.public_id, by=_viewer(_grant(AccessKind.SECRETARIAT)))
    writer = _grant(AccessKind.FOCAL_POINT, taken_back.obligation.agency_id)
    withdraw_report(taken_back.obligation.public_id, revision_number=1, by=_viewer(writer))
    save_view("/matriks", "pokja=pencegahan", "Contoh", by=_viewer(writer))

    @transactional
    def make_link() -> None:
        mail_addresses([(taken_back.obligation, writer)])

    make_link()
    take_report(REPORT.format(message_id=_newest_mail().message_id).encode())
    assert {name for name, count in _counts().items() if count != before[name]} >= {
        *("address_bounce", "unclear_answer", "reminder_run", "report_link"),
        *("revision_opening", "saved_view", "withdrawal"),
    }
    assert removal.remove_demo() > 0
    after = _counts()
    assert {name: count for name, count in after.items() if count != before[name]} == {}
    assert list(db.session.scalars(sa.select(TaskForce.code).where(IS_ACTIVE))) == ["64"]
    assert set(db.session.scalars(sa.select(MappingVersion.task_force_id))) == {province.id}
    removal.remove_backup()
    removal.remove_orphaned_files()
    folder = Path(flask.current_app.config["SETTINGS"].data_dir)
    left = {path.name for path in folder.rglob("*") if path.is_file()}
    assert {name for name in left if not name.startswith(DATABASE)} == set()


@ON_ONE_ENGINE
def test_a_kabupaten_kota_that_went_on_by_itself_stays() -> None:
    """Somebody real took over one of the three that the demo began."""
    service.load_demo()
    berau = factories.task_force("64.03")
    accounts.add_person(
        accounts.NewPerson(
            email="sekretariat@uji.example",
            name="Sekretariat Berau",
            kind=AccessKind.SECRETARIAT,
            task_force_id=berau.id,
            home_agency_id=factories.agency("dinsos", "64.03").id,
        ),
        by=None,
    )
    removal.remove_demo()
    assert list(db.session.scalars(sa.select(TaskForce.code).where(IS_ACTIVE))) == ["64", "64.03"]
    assert factories.agency("dinsos", "64.03")
    assert db.session.scalars(sa.select(Account.email)).all() == ["sekretariat@uji.example"]
    service.load_demo()  # once more: it leaves that task force alone
    assert {one.task_force for one in service.demo_accounts()} == {None, "64", "64.02", "64.08"}


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
