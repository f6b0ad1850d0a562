"""Writing the demo's reports and judging them, on the days on which it is said to have happened."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from PIL import Image, ImageDraw

from coordinator.assignments.obligations.models import Obligation
from coordinator.demo import queries
from coordinator.demo.stage import Stage
from coordinator.demo.stories import (
    LEVELS,
    NONE_ASKED,
    PLACES,
    QUESTION,
    RETURNS,
    SHARED_REASON,
    STORIES,
    WAITS_FOR_LEAD,
    ActionStory,
    FigureLevel,
    figure,
    lowered,
)
from coordinator.people.directory.rules import working_day_on_or_after
from coordinator.plans.actions.models import Indicator
from coordinator.plans.actions.rules import IndicatorKind, PartyKind
from coordinator.platform.files import storage
from coordinator.platform.files.receiving import Received
from coordinator.platform.files.rules import JPEG, Reading, Removed
from coordinator.reporting.decisions.service import request_decision
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.evidence.service import explain_reuse
from coordinator.reporting.reports.evidence_queries import REPORTS
from coordinator.reporting.reports.queries import latest_revision
from coordinator.reporting.reports.rules import AskedIndicator, ShortfallReason
from coordinator.reporting.submission import service as submission
from coordinator.reporting.threads.service import write_comment
from coordinator.reporting.verification.returning_service import return_report
from coordinator.reporting.verification.rules import ReturnInput, VerifyInput
from coordinator.reporting.verification.service import verify_report

SHARED_PHOTO = 12  # every so many reports
UNSENT = frozenset({"none", "silent"})
# How many days before the last day of its period a report was sent, and over how many more.
DAYS_BEFORE = {"waiting": (13, 2), "submitted": (1, 3), "returned": (6, 2)}
LATE = 6  # days


class ReportWriter:
    """Writes the reports of one task force.

    `focal_points` and `offices` are the names under which its people are known on the stage: of who
    reports for an agency, and of who verifies; the second verifies what the first must not.
    """

    def __init__(self, stage: Stage, *, focal_point: str, offices: tuple[str, str]) -> None:
        self.stage = stage
        self.focal_point = focal_point
        self.offices = offices
        self.place = 0  # of the report among all of them: what varies, varies by it
        self.returned = 0

    def report(self, obligation: Obligation, outcome: str, closes_on: date) -> None:
        """Bring a report as far as `outcome` says."""
        self.place += 1
        stage, place = self.stage, self.place
        writer = stage.viewers.get(self.focal_point.format(obligation.party.agency.slug))
        if outcome in UNSENT or writer is None:
            return
        day = self._day(outcome, closes_on)
        kind = outcome if outcome in ("nil", "blocked") else "achievement"
        draft = self._draft(obligation, kind, day)
        with stage.frozen(stage.at(day, 8 + place % 4, 17 * place % 60)):
            # Sometimes two agencies hand in the same photo of a joint activity.
            number = place - 1 if place % SHARED_PHOTO == 0 else place
            files = [picture(number)] if kind == "achievement" else []
            kept = drafts.save_draft(obligation.public_id, draft, version=0, files=files, by=writer)
            if files and number != place:
                for one in queries.all_evidence(obligation.id):
                    if one.needs_reason:
                        explain_reuse(one.public_id, SHARED_REASON, reports=REPORTS, by=writer)
            if outcome == "draft":
                return
            submission.submit_report(
                obligation.public_id,
                version=kept.version,
                form_key=f"demo-{obligation.public_id}",
                confirmed=True,
                by=writer,
                is_told=False,
            )
            decision = _story(obligation).decision if _is_lead(obligation) else None
            if outcome == "blocked" and decision is not None:
                request_decision(latest_revision(obligation), *decision, by=writer)
        if outcome == "waiting":
            with stage.frozen(stage.at(day, 15, 11 * place % 60)):
                write_comment(obligation.public_id, QUESTION, by=stage.viewers[self.offices[0]])
        if outcome not in ("submitted", "waiting"):
            self._judge(obligation, outcome, day)

    def _day(self, outcome: str, closes_on: date) -> date:
        """Return the working day on which a report is sent."""
        if outcome == "late":
            day = closes_on + timedelta(days=LATE)
        else:
            last = min(closes_on, self.stage.on) - timedelta(days=1)
            days, spread = DAYS_BEFORE.get(outcome, (3, 6))
            day = last - timedelta(days=days + self.place % spread)
        return min(self.stage.working_day_before(day, is_included=True), self.stage.latest)

    def _draft(self, obligation: Obligation, kind: str, day: date) -> dict[str, str]:
        story, is_lead = _story(obligation), _is_lead(obligation)
        if kind == "nil":
            return {"kind": kind, "nil_reason": story.nothing if is_lead else NONE_ASKED}
        if kind == "blocked":
            leader = obligation.party.assignment.lead.agency
            waits = (
                story.waits
                if is_lead
                else _in_turn(WAITS_FOR_LEAD, self.place).format(lead=leader.abbreviation)
            )
            return {"kind": kind, "blocked_by": waits}
        figures = dict(self._figures(obligation))
        note = story.done if is_lead else story.helped
        if story.underway and is_lead and not any(int(value) for value in figures.values()):
            note = story.underway
        draft = {"kind": kind, "note": note, **figures}
        period = obligation.period
        held_on = min(day - timedelta(days=1 + self.place % 4), period.covers_until)
        if held_on >= period.covers_from:
            draft["held_on"] = held_on.isoformat()
        if story.is_outside:
            draft["place"] = (
                _in_turn(PLACES, self.place)
                if self.stage.force.parent_id is None
                else self.stage.force.short_region
            )
        return draft

    def _figures(self, obligation: Obligation) -> Iterator[tuple[str, str]]:
        period = obligation.period
        targets = {
            target.indicator_id: target.value
            for target in obligation.party.assignment.targets
            if target.period_id is None and target.year == period.year
        }
        level = LEVELS[(obligation.party_id + period.position) % len(LEVELS)]
        # A document is finished in the newest month alone, never twice.
        finished = FigureLevel.AT if period.closes_on >= self.stage.on else FigureLevel.BELOW
        for indicator in drafts.asked_of(obligation):
            value = figure(
                indicator.kind,
                indicator.accumulation,
                indicator.better,
                targets.get(indicator.id),
                level=finished if indicator.kind is IndicatorKind.MILESTONE else level,
            )
            yield AskedIndicator(indicator.id, indicator.kind).field, str(value)

    def _judge(self, obligation: Obligation, outcome: str, day: date) -> None:
        stage = self.stage
        first, second = (stage.viewers[name] for name in self.offices)
        by = second if obligation.agency_id == first.home_agency_id else first
        next_day = working_day_on_or_after(day + timedelta(days=1), stage.days_off)
        with stage.frozen(
            stage.at(min(next_day, stage.latest), 13 + self.place % 3, 13 * self.place % 60)
        ):
            if outcome == "returned":
                reason, remark = RETURNS[self.returned % len(RETURNS)]
                self.returned += 1
                return_report(
                    obligation.public_id,
                    ReturnInput(
                        revision_number=1,
                        return_reason=reason,
                        remark=remark,
                        revise_by_on=working_day_on_or_after(
                            stage.on + timedelta(days=1), stage.days_off
                        ),
                    ),
                    by=by,
                )
                return
            revision = latest_revision(obligation)
            values = {}
            if outcome == "partial":
                indicators = {one.id: one for one in drafts.asked_of(obligation)}
                values = {
                    one.indicator_id: str(less)
                    for one in revision.values
                    if (less := _lowered(indicators[one.indicator_id], one.value)) is not None
                }
            verify_report(
                obligation.public_id,
                VerifyInput(
                    revision_number=1,
                    identity_checked=True,
                    checked_files={row.evidence.public_id for row in revision.evidence},
                    values=values,
                    shortfall_reason=ShortfallReason.EVIDENCE_COVERS_LESS if values else None,
                ),
                by=by,
            )


def _story(obligation: Obligation) -> ActionStory:
    return STORIES[obligation.party.assignment.action_item.code]


def _is_lead(obligation: Obligation) -> bool:
    return obligation.party.kind is PartyKind.LEAD


def _in_turn(texts: tuple[str, ...], place: int) -> str:
    return texts[place % len(texts)]


def _lowered(indicator: Indicator, value: Decimal) -> Decimal | None:
    return lowered(indicator.kind, indicator.better, value)


def picture(number: int) -> Received:
    """Return a stored picture with a caption that says what it is."""
    image = Image.new("RGB", (480, 320), (200 - number * 12 % 90, 205, 190 + number * 8 % 60))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 200, 480, 320), fill=(150, 170 - number * 9 % 80, 120))
    draw.text((20, 20), f"DATA CONTOH - foto kegiatan {number}", fill=(20, 40, 40))
    out = io.BytesIO()
    image.save(out, "JPEG")
    data = out.getvalue()
    return Received(
        sha256=storage.store(data),
        size=len(data),
        media_type=JPEG,
        name=f"foto-kegiatan-{number}.jpg",
        reading=Reading.NONE,
        removed=frozenset({Removed.METADATA}),
    )
