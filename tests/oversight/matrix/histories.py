"""Anything that can happen to obligations, at random, against the slow count."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from coordinator.assignments.models import Assignment, AssignmentTarget
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.rules import ObligationEnd
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.answers.service import answer_duty
from coordinator.oversight.matrix import queries
from coordinator.oversight.matrix.rules import Layer
from coordinator.oversight.matrix.summary_service import differing_periods
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions.models import Indicator
from coordinator.plans.actions.rules import Accumulation, Better
from coordinator.reporting.reports.models import (
    Report,
    ReportRevision,
    Verification,
    VerifiedValue,
)
from coordinator.reporting.reports.rules import (
    ReportKind,
    ReportState,
    SubmittedVia,
    Verdict,
)
from tests import factories
from tests.oversight.matrix import slow_count

LAST_DAY = date(2026, 10, 16)
# Around midnight of the last day in Makassar, which is 16.00 UTC.
HOURS = [datetime(2026, 10, 16, 15, 59, tzinfo=UTC) + timedelta(hours=n) for n in (-30, 0, 1, 30)]


@dataclass
class World:
    """Four assignments in two periods of a year; a row is changed as the session
    does, and so that it may stand in the database."""

    secretariat: Viewer
    person_id: int
    verifier_id: int
    choose: random.Random
    numbers: int = 0

    def one(self, model: Any) -> Any:
        """Any row; of indicators, one of the actions given."""
        query = sa.select(model).order_by(model.id)
        if model is Indicator:
            query = query.where(Indicator.action_item_id.in_(sa.select(Assignment.action_item_id)))
        return self.choose.choice(db.session.scalars(query).all())

    @transactional
    def step(self) -> None:
        """Change something, sometimes several things at once."""
        db.session.info["audited"] = True
        for _n in range(self.choose.choice([1, 1, 1, 3])):
            act = self.choose.choice(
                ["report"] * 3
                + ["verdict"] * 2
                + ["reopen", "extension", "target", "indicator", "obligation", "in_bulk"]
            )
            getattr(self, act)()
            if self.choose.random() < 0.5:
                db.session.flush()

    def report(self) -> None:
        """A report is drafted, sent, returned or taken back."""
        obligation = self.one(Obligation)
        found = db.session.scalar(sa.select(Report).where(Report.obligation_id == obligation.id))
        if found is not None and found.state is ReportState.VERIFIED:
            return
        if found is None:
            found = Report(
                obligation_id=obligation.id, saved_at=now(), saved_by_id=self.person_id, draft={}
            )
        found.state = self.choose.choice(
            [ReportState.DRAFT, ReportState.SUBMITTED, ReportState.RETURNED]
        )
        if found.state is not ReportState.DRAFT or found.kind:
            found.kind = self.choose.choice(list(ReportKind))
            found.first_submitted_at = found.first_submitted_at or self.choose.choice(HOURS)
        found.mend_by_on = LAST_DAY if found.state is ReportState.RETURNED else None
        db.session.add(found)

    def verdict(self) -> None:
        """A report of an achievement is verified, with numbers."""
        obligation = self.one(Obligation)
        found = db.session.scalar(sa.select(Report).where(Report.obligation_id == obligation.id))
        if found is None or found.state is not ReportState.SUBMITTED:
            return
        self.numbers += 1
        revision = ReportRevision(
            report_id=found.id,
            number=self.numbers,
            kind=ReportKind.ACHIEVEMENT,
            via=SubmittedVia.SCREEN,
            submitted_at=now(),
            submitted_by_id=self.person_id,
        )
        db.session.add(revision)
        db.session.flush()
        verification = Verification(
            revision_id=revision.id,
            verdict=Verdict.VERIFIED,
            verifier_id=self.verifier_id,
            agency_id=obligation.agency_id,
            submitted_by_id=self.person_id,
            decided_at=now(),
            identity_checked=True,
        )
        db.session.add(verification)
        db.session.flush()
        for indicator in obligation.party.assignment.action_item.indicators:
            value = Decimal(self.choose.choice([0, 8, 17, 24, 72, 96])) / 8
            db.session.add(
                VerifiedValue(
                    verification_id=verification.id, indicator_id=indicator.id, value=value
                )
            )
        found.state, found.verified_at, found.verified_by_id = (
            ReportState.VERIFIED,
            now(),
            self.verifier_id,
        )

    def reopen(self) -> None:
        """A verdict is taken back."""
        verified = db.session.scalars(
            sa.select(Report).where(Report.state == ReportState.VERIFIED).order_by(Report.id)
        ).all()
        if not verified:
            return
        found = self.choose.choice(verified)
        for verification in db.session.scalars(
            sa.select(Verification)
            .join(ReportRevision, ReportRevision.id == Verification.revision_id)
            .where(ReportRevision.report_id == found.id, Verification.reopened_at.is_(None))
        ):
            verification.reopened_at = now()
            verification.reopened_by_id = self.verifier_id
            verification.reopen_reason = "Salah hitung."
        found.state, found.verified_at, found.verified_by_id = ReportState.RETURNED, None, None
        found.mend_by_on = LAST_DAY

    def extension(self) -> None:
        """An agency gets more time, other time, or none."""
        obligation = self.one(Obligation)
        found = db.session.scalar(
            sa.select(Extension).where(
                Extension.period_id == obligation.period_id,
                Extension.agency_id == obligation.agency_id,
            )
        )
        if found is not None and self.choose.random() < 0.5:
            db.session.delete(found)
            return
        if found is None:
            found = Extension(period_id=obligation.period_id, agency_id=obligation.agency_id)
            db.session.add(found)
        found.until_on = LAST_DAY + timedelta(days=self.choose.choice([-2, 0, 1, 5]))
        found.reason, found.granted_at = "Pindah kantor", now()

    def target(self) -> None:
        """A target is set for the year or a period, changed, or taken away."""
        obligation = self.one(Obligation)
        assignment = obligation.party.assignment
        if not assignment.action_item.indicators:
            return
        indicator = self.choose.choice(assignment.action_item.indicators)
        period_id = self.choose.choice([None, None, obligation.period_id])
        found = db.session.scalar(
            sa.select(AssignmentTarget).where(
                AssignmentTarget.assignment_id == assignment.id,
                AssignmentTarget.indicator_id == indicator.id,
                AssignmentTarget.year == 2026,
                AssignmentTarget.period_id.is_(None)
                if period_id is None
                else AssignmentTarget.period_id == period_id,
            )
        )
        if found is not None and self.choose.random() < 0.3:
            db.session.delete(found)
            return
        if found is None:
            found = AssignmentTarget(
                assignment_id=assignment.id,
                indicator_id=indicator.id,
                year=2026,
                period_id=period_id,
            )
            db.session.add(found)
        found.value = Decimal(self.choose.choice([0, 1, 4, 12]))

    def indicator(self) -> None:
        """A new plan leaves an indicator out, or measures it otherwise."""
        indicator = self.one(Indicator)
        indicator.left_in = self.choose.choice([None, 2])
        indicator.accumulation = self.choose.choice(list(Accumulation))
        indicator.better = self.choose.choice(list(Better))

    def obligation(self) -> None:
        """An obligation ends by moving, or gets another last day."""
        obligation = self.one(Obligation)
        obligation.due_on = LAST_DAY + timedelta(days=self.choose.choice([-3, 0, 2]))
        if self.choose.random() < 0.2:
            obligation.ended_as, obligation.ended_at = self.choose.choice(
                [(None, None), (self.choose.choice(list(ObligationEnd)), now())]
            )

    def in_bulk(self) -> None:
        """Last days move with one statement, as when a period is opened again."""
        period = self.one(ReportingPeriod)
        db.session.execute(
            sa.update(Obligation)
            .where(Obligation.period_id == period.id, Obligation.due_on < LAST_DAY)
            .values(due_on=LAST_DAY),
            execution_options={"synchronize_session": False},
        )
        db.session.expire_all()

    def compare(self) -> None:
        """What the page says is what the slow count says."""
        on = LAST_DAY + timedelta(days=self.choose.choice([-1, 0, 1, 4, 30]))
        for period in db.session.scalars(sa.select(ReportingPeriod)).all():
            right = slow_count.count(self.secretariat, period, on)
            for layer in (Layer.LAPOR, Layer.TERVERIFIKASI, Layer.CAPAIAN):
                found = queries.matrix(self.secretariat, period, layer, on=on)
                shown = {
                    (row.agency_id, group): cell
                    for row in found.rows
                    for group, cell in row.cells.items()
                }
                for place, wanted in right.items():
                    if wanted.led or layer is not Layer.CAPAIAN:
                        assert shown[place] == wanted.cell(layer)
                total = sum((place.counts for place in right.values()), slow_count.Counts())
                assert found.totals == total
        assert differing_periods() == []


def begin(seed: int) -> World:
    """Set the scene: two periods with four assignments, one agency with a refused duty."""
    secretariat = factories.person(AccessKind.SECRETARIAT)
    people = {
        slug: factories.person(AccessKind.FOCAL_POINT, slug)
        for slug in ("dispora", "satpol-pp", "disdikbud", "disnakertrans")
    }
    second = factories.open_period(
        label="Triwulan II", position=2, covers=(date(2026, 4, 1), date(2026, 6, 30))
    )
    given = [
        factories.assign(secretariat, code, slug, ("dinsos", "dpmpd"), join=second)
        for code, slug in zip(("1.1", "1.2", "1.3", "1.7"), people, strict=True)
    ]
    factories.open_period()
    for link in given[-1].lead.duties:
        answer_duty(link.duty_id, Answer.NOT_OURS, reason="Pusat.", by=people["disnakertrans"])
    person_id = people["dispora"].account_id
    verifier_id = secretariat.account_id
    assert person_id is not None
    assert verifier_id is not None
    return World(secretariat, person_id, verifier_id, random.Random(seed))
