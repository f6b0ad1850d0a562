"""What is asked of the database about assignments."""

from datetime import date, timedelta

import sqlalchemy as sa

from coordinator.assignments import queries
from coordinator.assignments.models import Assignment
from coordinator.assignments.rules import ReportedIn, is_reported_in, months_mask
from coordinator.db import db, transactional
from coordinator.permissions import AccessKind
from coordinator.platform.audit.service import record
from tests import factories


@transactional
def _report_in(assignment_id: int, kind: ReportedIn, months: int | None, due_on: date) -> None:
    one = db.session.get_one(Assignment, assignment_id)
    one.reported_in, one.report_months, one.due_on = kind, months, due_on
    record("assignment.amended", by=None, subject=("assignment", one.public_id))


def test_the_database_finds_what_the_rule_says_is_reported(in_app: None) -> None:
    """Opening a period asks the database, an assignment's page asks the rule."""
    secretariat = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    rows = [
        (ReportedIn.EVERY, None, date(2026, 7, 1)),
        (ReportedIn.LAST, None, date(2026, 9, 30)),
        (ReportedIn.LAST, None, date(2026, 12, 31)),
        (ReportedIn.MONTHS, months_mask([6, 12]), date(2026, 12, 31)),
        (ReportedIn.MONTHS, months_mask([3]), date(2026, 10, 1)),
    ]
    codes = ("1.1", "1.2", "1.3", "2.1", "2.2")
    for code, (kind, months, due_on) in zip(codes, rows, strict=True):
        _report_in(factories.assign(secretariat, code).id, kind, months, due_on)
    for quarter in range(4):
        start = date(2026, 3 * quarter + 1, 1)
        end = date(2026 + (quarter == 3), (3 * quarter + 3) % 12 + 1, 1) - timedelta(days=1)
        found = set(
            db.session.scalars(sa.select(Assignment.id).where(queries.reported_in(start, end)))
        )
        assert found == {
            one.id
            for one in db.session.scalars(sa.select(Assignment))
            if is_reported_in(
                one.reported_in,
                one.report_months,
                one.due_on,
                covers_from=start,
                covers_until=end,
            )
        }
