"""No statement of the pages of one report goes through a table that grows with the reports."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentParty, PartyDuty
from coordinator.assignments.obligations.dispute_queries import is_disputed
from coordinator.assignments.obligations.models import Obligation
from coordinator.db import Base, db, transactional
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.reporting.decisions.models import DecisionRequest
from coordinator.reporting.decisions.service import request_decision
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.evidence.rules import Level
from coordinator.reporting.evidence.service import set_level
from coordinator.reporting.papers.models import PaperReport
from coordinator.reporting.reading.duty_queries import duties_behind
from coordinator.reporting.reading.file_queries import files, files_with_uses
from coordinator.reporting.reading.head_queries import report_head
from coordinator.reporting.reading.queries import submissions
from coordinator.reporting.reports.models import (
    HeadApproval,
    IndicatorValue,
    Report,
    ReportRevision,
    RevisionEvidence,
    Verification,
    VerifiedValue,
    Withdrawal,
)
from coordinator.reporting.reports.queries import latest_revision
from coordinator.reporting.threads.models import ReportComment
from coordinator.reporting.threads.related_queries import related_to
from coordinator.reporting.threads.service import write_comment
from coordinator.reporting.verification.queries import place_in_queue
from coordinator.reporting.verification.rules import ALL_REPORTS, VerifyInput
from coordinator.reporting.verification.service import verify_report
from coordinator.reporting.verification.verifier_queries import desk_for
from tests import factories
from tests.factories import Story
from tests.reporting.evidence.builders import lay, received, send
from tests.statements import queries

PARTIES, PERIODS = 1_000, 20  # 20,000 obligations, each with a verified report
BIG = {
    model.__tablename__
    for model in (
        Assignment,
        AssignmentParty,
        AuditEntry,
        DecisionRequest,
        Evidence,
        HeadApproval,
        IndicatorValue,
        Obligation,
        PaperReport,
        PartyDuty,
        Report,
        ReportComment,
        ReportRevision,
        RevisionEvidence,
        Verification,
        VerifiedValue,
        Withdrawal,
    )
}
NUMBERS = (
    "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT * FROM n)"
)


def _copies(model: type[Base], source: str, **changed: str) -> str:
    """Return the statement that inserts a row `t` again for each row of `source`."""
    table = model.__table__
    columns = [column.name for column in table.columns if column.name != "id"]
    values = [changed.get(name, f't."{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table.name} ({names}) SELECT {', '.join(values)} FROM {source}"


def _fill(owed: int) -> Iterator[str]:
    """Yield the statements that copy the report of an obligation 20,000 times."""
    given = (
        "SELECT p.assignment_id FROM assignment_party p "
        f"JOIN obligation o ON o.party_id = p.id WHERE o.id = {owed}"
    )
    party = f"SELECT party_id FROM obligation WHERE id = {owed}"
    report = f"SELECT id FROM report WHERE obligation_id = {owed}"
    revision = f"SELECT id FROM report_revision WHERE report_id = ({report})"
    verdict = f"SELECT id FROM verification WHERE revision_id = ({revision})"
    yield _copies(
        Assignment,
        f"assignment t CROSS JOIN {NUMBERS.format(PARTIES)} n WHERE t.id = ({given})",
        public_id="'as' || n.i",
        part="'bagian ' || n.i",
        form_key="NULL",
    )
    new = "a.part LIKE 'bagian %'"
    yield _copies(
        AssignmentParty,
        f"assignment_party t JOIN assignment a ON {new} WHERE t.id = ({party})",
        assignment_id="a.id",
    )
    yield _copies(
        PartyDuty,
        f"party_duty t JOIN assignment a ON {new} JOIN assignment_party p "
        f"ON p.assignment_id = a.id WHERE t.party_id = ({party})",
        party_id="p.id",
    )
    yield _copies(
        ReportingPeriod,
        f"reporting_period t CROSS JOIN {NUMBERS.format(PERIODS)} n "
        f"WHERE t.id = (SELECT period_id FROM obligation WHERE id = {owed})",
        public_id="'pe' || n.i",
        label="'Periode ' || n.i",
    )
    yield _copies(
        Obligation,
        f"obligation t JOIN assignment a ON {new} "
        "JOIN assignment_party p ON p.assignment_id = a.id "
        f"JOIN reporting_period q ON q.label LIKE 'Periode %' WHERE t.id = {owed}",
        public_id="'o' || p.id || '-' || q.id",
        party_id="p.id",
        period_id="q.id",
    )
    others = f"JOIN obligation o ON o.public_id LIKE 'o%-%' AND o.party_id <> ({party})"
    yield _copies(
        Report, f"report t {others} WHERE t.id = ({report})", obligation_id="o.id", number="NULL"
    )
    reports = f"JOIN report r ON r.id <> ({report}) AND r.number IS NULL"
    yield _copies(
        ReportRevision,
        f"report_revision t {reports} WHERE t.id = ({revision})",
        report_id="r.id",
        form_key="NULL",
    )
    revisions = f"JOIN report_revision v ON v.id <> ({revision}) AND v.form_key IS NULL"
    by_revision = f"{revisions} WHERE t.revision_id = ({revision})"
    yield _copies(IndicatorValue, f"indicator_value t {by_revision}", revision_id="v.id")
    yield _copies(Verification, f"verification t {by_revision}", revision_id="v.id")
    yield _copies(
        VerifiedValue,
        f"verified_value t JOIN verification w ON w.id <> ({verdict}) "
        f"WHERE t.verification_id = ({verdict})",
        verification_id="w.id",
    )
    yield _copies(
        Evidence,
        f"evidence t {others} WHERE t.obligation_id = {owed}",
        public_id="'e' || o.id",
        obligation_id="o.id",
        received_sha256="'sha' || o.id",
        file_id="NULL",
        withdrawn_at="t.uploaded_at",
        withdrawn_reason="'salah'",
    )
    yield "ANALYZE"  # or PostgreSQL may take each of these tables for a small one, and an hour
    yield _copies(
        RevisionEvidence,
        f"revision_evidence t JOIN report r ON r.number IS NULL "
        "JOIN report_revision v ON v.report_id = r.id "
        "JOIN evidence e ON e.obligation_id = r.obligation_id AND e.file_id IS NULL "
        f"WHERE t.revision_id = ({revision})",
        revision_id="v.id",
        evidence_id="e.id",
    )
    yield _copies(
        AuditEntry,
        "audit_entry t JOIN evidence e ON e.file_id IS NULL WHERE t.action = 'evidence.level_set'",
        subject_id="e.public_id",
    )
    by_report = f"{reports} WHERE t.report_id = ({report})"
    yield _copies(ReportComment, f"report_comment t {by_report}", report_id="r.id", form_key="NULL")
    yield _copies(
        DecisionRequest,
        f"decision_request t {by_report}",
        report_id="r.id",
        public_id="'d' || r.id",
    )


def _sent_among_many(story: Story) -> str:
    """Send Dispora's report with a file; let it be talked about, ask for a decision and be
    verified; put 20,000 like it next to it. Return its id."""
    owed = factories.obligation_of(story.assignment, "dispora")
    number, public_id = owed.id, owed.public_id
    file = lay(owed, story.focal_point, received())
    send(owed, story.focal_point)
    write_comment(public_id, "Baik.", by=story.secretariat)
    ask(latest_revision(owed), story.focal_point)
    set_level(file, Level.RESTRICTED, by=story.secretariat)
    verify_report(
        public_id,
        VerifyInput(revision_number=1, identity_checked=True, checked_files={file}),
        by=story.secretariat,
    )
    db.session.rollback()
    with db.engine.begin() as connection:
        for statement in _fill(number):
            connection.execute(sa.text(statement))
        connection.execute(sa.text("ANALYZE"))
        many = connection.scalar(sa.text("SELECT count(*) FROM verified_value"))
    assert (many or 0) > PARTIES * PERIODS
    return public_id


@transactional
def ask(revision: ReportRevision, by: Viewer) -> None:
    """Ask for a decision, as sending does."""
    request_decision(revision, "Siapa?", "Sekda", by=by)


def _scanned(statement: str, parameters: Any) -> set[str]:
    """Return the big tables that the database would read from end to end."""
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            lines = [str(row[3]) for row in plan]
            found = [re.match(r"SCAN (\w+)(?! VIRTUAL)", line) for line in lines]
        else:
            connection.execute(sa.text("SET enable_seqscan = off"))
            plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
            found = [re.search(r"Seq Scan on (\w+)", str(row[0])) for row in plan]
    return {name for one in found if one and (name := re.sub(r"_\d+$", "", one[1])) in BIG}


def test_no_big_table_is_read_from_end_to_end(in_app: None) -> None:
    story = factories.story()
    public_id = _sent_among_many(story)
    with queries() as asked:
        for viewer in (story.secretariat, story.leadership, story.focal_point):
            head = report_head(viewer, public_id)
            assert head is not None
            assert head.report is not None
            sent = submissions(viewer, head)
            assert sent is not None
            assert sent.latest is not None
            assert files(viewer, [sent.latest], draft_of=head.report.id).of(sent.latest)
            assert files_with_uses(viewer, sent.latest)
            related = related_to(viewer, head)
            assert related.comments
            assert related.decisions
            duties_behind(viewer, head)
            is_disputed(viewer, head.party_id, head.period_id)
        desk = desk_for(story.secretariat, head.agency.id)
        place_in_queue(story.secretariat, public_id, ALL_REPORTS, desk.can_verify)
    assert len(asked) >= 20
    scanned = [(statement, _scanned(statement, given)) for statement, given in asked]
    assert [one for one in scanned if one[1]] == []

    with queries() as asked:  # the check itself sees one
        on = date(2026, 10, 13)
        db.session.execute(sa.select(Obligation.id).where(Obligation.due_on == on)).all()
    ((statement, given),) = asked
    assert _scanned(statement, given) == {"obligation"}
