"""The answers that evidence asks of reports (`coordinator.reporting.evidence.reports`)."""

from collections.abc import Collection

import sqlalchemy as sa

from coordinator.db import db
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.reports.models import (
    Report,
    ReportRevision,
    RevisionEvidence,
    Verification,
)
from coordinator.reporting.reports.rules import Verdict, may_edit


class StoredReports:
    """`Reports` as stored in the database. The code that passes it must have the right to the uses
    it is asked about."""

    def is_with_agency(self, one: Evidence) -> bool:
        """Return whether the report this use is for can still be edited."""
        return may_edit(
            db.session.scalar(
                sa.select(Report.state).where(Report.obligation_id == one.obligation_id)
            )
        )

    def numbers(self, obligation_ids: Collection[int | None]) -> dict[int, str]:
        """Return the number of each obligation's report, by obligation; empty where it has none."""
        rows = db.session.execute(
            sa.select(Report.obligation_id, Report.number).where(
                Report.obligation_id.in_(obligation_ids)
            )
        )
        return {obligation_id: number or "" for obligation_id, number in rows}

    def verifiers(self, evidence_ids: Collection[int]) -> dict[int, int]:
        """Return, by use, the account that verified a report based on it.

        The newest verdict that was not taken back counts.
        """
        rows = db.session.execute(
            sa.select(RevisionEvidence.evidence_id, Verification.verifier_id)
            .join(ReportRevision, ReportRevision.id == RevisionEvidence.revision_id)
            .join(Verification, Verification.revision_id == ReportRevision.id)
            .where(
                RevisionEvidence.evidence_id.in_(evidence_ids),
                Verification.verdict == Verdict.VERIFIED,
                Verification.reopened_at.is_(None),
            )
            .order_by(Verification.id)
        )
        return {row.evidence_id: row.verifier_id for row in rows}


REPORTS = StoredReports()
