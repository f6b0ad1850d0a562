"""How the pages of the matrix are read: in few statements, none through a whole big table."""

import re
from collections.abc import Callable
from datetime import timedelta

import flask
import pytest
import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.rules import BasisKind
from coordinator.clock import now, today
from coordinator.db import db, random_id
from coordinator.mapping.duties.models import WorkingGroup
from coordinator.oversight.matrix.summary_service import rebuild
from coordinator.people.directory.models import Agency
from coordinator.permissions import AccessKind
from coordinator.plans.actions.models import ActionItem
from coordinator.plans.actions.rules import PartyKind
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.rules import ReportKind, ReportState
from tests import factories
from tests.conftest import Browser
from tests.statements import queries, statements

BIG = "obligation|report|report_revision|assignment|assignment_party|matrix_count|verification"
SCAN = re.compile(rf"\b(?:SCAN|Seq Scan on) (?:{BIG})\b")
# Who raises one of these says here why. Frame: the session; the menu's counts with sample data.
# Page: the periods; names of the period's mapping; what is typed and not confirmed; what is in
# dispute, and the obligations of both; the numbers with their bands; members; tasks of those who
# owe nothing; extensions; decisions that wait; late reviews; saved views. Six were asked for: each
# of the others belongs to another capability and takes less than half a millisecond, and joining
# them by UNION would tie these rooms together for two.
FRAME = 2
PAGES = {
    "/matriks?lapis=lapor": 12,
    "/matriks?lapis=terverifikasi": 12,
    "/matriks?lapis=capaian": 12,
    "/matriks?lapis=paham": 13,  # and the duties with their answers, but no tasks
    "/matriks.csv?lapis=lapor": 10,  # with the line of the access log, without notes and filter
    # Names, disputes, the lines, their values and marks, the letterhead, whom to ask.
    "/matriks/dispora?pokja=pencegahan": 11,
}


def _fill(items: int, agencies: int) -> None:
    """Give every agency a part in every item, and most of them a report."""
    period = factories.open_period()
    force = factories.task_force()
    item = db.session.scalars(sa.select(ActionItem)).first()
    groups = db.session.scalars(
        sa.select(WorkingGroup.id).where(WorkingGroup.task_force_id == force.id)
    ).all()
    places = db.session.scalars(
        sa.select(Agency.id).where(Agency.task_force_id == force.id).limit(agencies)
    ).all()
    person = factories.person(AccessKind.FOCAL_POINT, "dispora").account_id
    assert item is not None
    force_id, item_id, period_id, due_on = force.id, item.id, period.id, period.closes_on
    db.session.rollback()
    assignments, parties, obligations, reports = [], [], [], []
    for n in range(1, items + 1):
        assignments.append(
            {
                "id": n,
                "public_id": f"t{n}",
                "task_force_id": force_id,
                "action_item_id": item_id,
                "working_group_id": groups[n % len(groups)],
                "part": str(n),
                "basis_kind": BasisKind.LETTER,
                "basis_reference": "463/01/UJI",
                "basis_on": today(),
                "due_on": due_on,
                "assigned_at": now() - timedelta(days=200),
            }
        )
        for k, agency_id in enumerate(places):
            number = len(parties) + 1
            parties.append(
                {
                    "id": number,
                    "assignment_id": n,
                    "agency_id": agency_id,
                    "kind": PartyKind.LEAD if k == n % len(places) else PartyKind.SUPPORT,
                }
            )
            obligations.append(
                {
                    "id": number,
                    "public_id": random_id(),
                    "period_id": period_id,
                    "party_id": number,
                    "task_force_id": force_id,
                    "agency_id": agency_id,
                    "working_group_id": groups[n % len(groups)],
                    "due_on": due_on,
                }
            )
            if number % 4:
                reports.append(
                    {
                        "obligation_id": number,
                        "state": ReportState.SUBMITTED,
                        "kind": ReportKind.ACHIEVEMENT,
                        "draft": {},
                        "saved_at": now(),
                        "saved_by_id": person,
                        "first_submitted_at": now(),
                    }
                )
    with db.engine.begin() as connection:
        for model, rows in (
            (Assignment, assignments),
            (AssignmentParty, parties),
            (Obligation, obligations),
            (Report, reports),
        ):
            connection.execute(sa.insert(model), rows)
    _analyse()
    rebuild()
    _analyse()


def _analyse() -> None:
    """Gather statistics, as both engines do by themselves in time."""
    with db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT", writing=True).exec_driver_sql(
            "ANALYZE"
        )


@pytest.fixture
def reader(app: flask.Flask, browser: Callable[[], Browser]) -> Browser:
    """The leadership, signed in."""
    with app.app_context():
        address = factories.email_of(factories.person(AccessKind.LEADERSHIP, home="biro-kesra"))
    return browser().sign_in(address, factories.PASSWORD)


@pytest.mark.parametrize("path", list(PAGES))
def test_a_page_is_read_in_few_statements(app: flask.Flask, reader: Browser, path: str) -> None:
    with app.app_context():
        _fill(4, 6)
        with statements(app) as found:
            reader.get(path)
        sent = [one for one in found if not one.startswith(("BEGIN", "PRAGMA"))]
        assert len(sent) <= FRAME + PAGES[path], sent


def test_no_statement_goes_through_a_big_table(app: flask.Flask, reader: Browser) -> None:
    with app.app_context():
        is_sqlite = db.engine.dialect.name == "sqlite"
        # PostgreSQL may not read a table through here, however small; SQLite goes by statistics.
        _fill(*((500, 40) if is_sqlite else (20, 10)))
        with queries() as found:
            for path in (*PAGES, "/matriks/dispora"):
                reader.get(path)
        with db.engine.connect() as connection:
            if not is_sqlite:
                connection.exec_driver_sql("SET enable_seqscan = off")
            explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
            bad = [
                (line, statement)
                for statement, parameters in found
                for *_rest, line in connection.exec_driver_sql(explain + statement, parameters)
                if SCAN.search(line)
            ]
    assert bad == []
