"""Seven assignments of pokja I, each with a report that is elsewhere on its way."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import time_machine

from coordinator.assignments.models import Assignment
from coordinator.clock import today
from coordinator.db import db
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.answers.service import answer_duty
from coordinator.oversight.commitments.queries import (
    Commitment,
    CommitmentFilter,
    Moment,
    commitments,
)
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.reports.rules import ReturnReason, ShortfallReason
from coordinator.reporting.verification.returning_service import default_revise_by, return_report
from coordinator.reporting.verification.rules import ReturnInput, VerifyInput
from coordinator.reporting.verification.service import verify_report
from tests import factories

PAST_DUE = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)
LEADS = {
    "dispora": "1.1",  # reported 5, verified 4
    "satpol-pp": "1.2",  # lewat batas
    "disdikbud": "1.3",  # nil, awaits the verdict
    "dpmpd": "1.5",  # returned
    "disnakertrans": "1.7",  # belum jelas
    "diskominfo": "1.8",  # a draft
    "dispar": "1.9",  # given later, not asked in this period
}


@dataclass(frozen=True)
class CommitmentScene:
    """Who looks, and the period."""

    secretariat: Viewer
    leadership: Viewer
    period_id: int

    def at(self, on: date | None = None) -> Moment:
        """What the list speaks about."""
        period = db.session.get_one(ReportingPeriod, self.period_id)
        return Moment(period, period.year, on or today())

    def rows(self, on: date | None = None, **wanted: str) -> list[Commitment]:
        """The first page of the list as the secretariat sees it."""
        return commitments(self.secretariat, CommitmentFilter(**wanted), self.at(on))[0]  # type: ignore[arg-type]

    def codes(self, **wanted: str) -> list[str]:
        """The actions of the first page, in its order."""
        return [row.code for row in self.rows(**wanted)]


def verified(assignment: Assignment, slug: str, values: tuple[str, str], by: Viewer) -> None:
    """Verify an agency's report with a value for each of two indicators."""
    report = factories.obligation_of(assignment, slug)
    first, second = drafts.asked_of(report)
    given = VerifyInput(
        1,
        identity_checked=True,
        values={first.id: values[0], second.id: values[1]},
        shortfall_reason=ShortfallReason.COUNTED_TWICE,
    )
    verify_report(report.public_id, given, by=by)


def build(clock: time_machine.Traveller) -> CommitmentScene:
    """Make the scene; four days after the period closed."""
    secretariat = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    leadership = factories.person(AccessKind.LEADERSHIP, home="biro-kesra")
    period = factories.open_period()
    given: dict[str, Assignment] = {}
    people: dict[str, Viewer] = {}
    for slug, code in LEADS.items():
        people[slug] = factories.person(AccessKind.FOCAL_POINT, slug)
        given[slug] = factories.assign(
            secretariat,
            code,
            slug,
            ("dinsos", "dinkes") if slug == "dispora" else (),
            join=None if slug == "dispar" else period,
            due_on=date(2026, 11, 30) if slug == "dpmpd" else date(2026, 12, 31),
        )
    owed = {slug: factories.obligation_of(given[slug], slug) for slug in LEADS if slug != "dispar"}
    factories.submit(owed["dispora"], people["dispora"], "5")
    verified(given["dispora"], "dispora", ("4", "5"), secretariat)
    nil = {"kind": "nil", "nil_reason": "Sekolah libur."}
    factories.submit(owed["disdikbud"], people["disdikbud"], **nil)
    factories.submit(owed["dpmpd"], people["dpmpd"])
    why = ReturnInput(
        1, ReturnReason.FIGURE_UNCLEAR, "Angka belum cocok.", default_revise_by("Asia/Makassar")
    )
    return_report(owed["dpmpd"].public_id, why, by=secretariat)
    for link in given["disnakertrans"].lead.duties:
        answer_duty(
            link.duty_id, Answer.NOT_OURS, reason="Kewenangan pusat.", by=people["disnakertrans"]
        )
    draft = factories.draft_for(owed["diskominfo"], "9")
    drafts.save_draft(owed["diskominfo"].public_id, draft, version=0, by=people["diskominfo"])
    clock.move_to(PAST_DUE)
    return CommitmentScene(secretariat, leadership, period.id)


TARGET = Decimal(12)  # of the first indicator of each (factories.assign)
