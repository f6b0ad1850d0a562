"""A file that two agencies show, and what one of them says of it."""

import sqlalchemy as sa

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.permissions import Viewer
from coordinator.reporting.evidence.models import EvidenceReview
from coordinator.reporting.evidence.review_service import decide_review, withdraw
from coordinator.reporting.evidence.rules import WithdrawReason
from coordinator.reporting.reports.evidence_queries import REPORTS
from coordinator.reporting.verification.rules import VerifyInput
from coordinator.reporting.verification.service import verify_report
from tests import factories
from tests.reporting.evidence.builders import lay, received, send


class SharedFile:
    """Minutes of a shared meeting: Disnakertrans' report with them is verified; Dispora, which has
    them in a draft, says that they identify somebody."""

    def __init__(self) -> None:
        self.story = factories.story()
        self.owed = factories.obligation_of(self.story.assignment, "disnakertrans")
        self.theirs = lay(self.owed, self.story.supporter, received(name="risalah.jpg"))
        send(self.owed, self.story.supporter)
        verify(self.owed, self.theirs, self.story.secretariat)
        self.own_owed = factories.obligation_of(self.story.assignment, "dispora")
        self.own = lay(self.own_owed, self.story.focal_point, received(name="rapat.jpg"))
        self.sha256 = received().sha256

    def take_back(self) -> EvidenceReview:
        """Dispora takes its own use back "for identity"."""
        withdraw(self.own, WithdrawReason.IDENTITY, reports=REPORTS, by=self.story.focal_point)
        return the_review()

    def decide(self, *, is_kept: bool) -> None:
        """The secretariat's word."""
        decide_review(
            the_review().public_id,
            is_kept=is_kept,
            reason="Sudah dibaca.",
            reports=REPORTS,
            by=self.secretariat,
        )

    @property
    def secretariat(self) -> Viewer:
        """Who decides."""
        return self.story.secretariat


def verify(owed: Obligation, evidence_id: str, by: Viewer) -> None:
    """Accept a report, its file looked at."""
    verify_report(
        owed.public_id, VerifyInput(1, identity_checked=True, checked_files={evidence_id}), by=by
    )


def the_review() -> EvidenceReview:
    """The one review there is."""
    db.session.rollback()
    return db.session.scalars(sa.select(EvidenceReview)).one()
