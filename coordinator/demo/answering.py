"""What the demo's agencies say of their duties."""

from coordinator.demo.scenario import (
    FOCAL_POINTS,
    HEADS_TO_ANSWER,
    OBJECTIONS,
    PEOPLE,
    ForceBelow,
    Objection,
)
from coordinator.demo.stage import Stage
from coordinator.mapping.answers import service as answers
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.duties import queries as duty_queries
from coordinator.mapping.duties.models import DutyRevision
from coordinator.permissions import AccessKind, Viewer

DAYS_AGO = 9
BELOW_DAYS_AGO = 45


def answer_duties(stage: Stage) -> None:
    """Heads answer, or focal points for them: two in three agencies accept, some of them only half
    their duties; one agency asks about a duty, another says that one is not its own. One head has
    answered nothing yet; the rest are silent."""
    heads = {
        person.agency: person.local_part
        for person in PEOPLE
        if person.kind is AccessKind.AGENCY_HEAD
    }
    objections = {one.duty: one for one in OBJECTIONS}
    objecting = {one.agency for one in OBJECTIONS}
    for place, slug in enumerate(FOCAL_POINTS):
        is_silent = place % 3 == 2 and slug not in heads and slug not in objecting
        if is_silent or slug in HEADS_TO_ANSWER:
            continue
        by = stage.viewers[heads.get(slug, f"narahubung.{slug}")]
        duties = duty_queries.duties(by, agency_id=stage.agencies[slug].id)
        is_half = place % 5 == 4 and slug not in heads
        for duty in duties[::2] if is_half else duties:
            objection = objections.get(duty.duty.key)
            days = objection.days_ago if objection else DAYS_AGO + place % 4
            with stage.frozen(stage.ago(days)):
                _answer(stage, duty, objection, by)


def answer_duties_below(stage: Stage, part: ForceBelow) -> None:
    """The focal points of a kabupaten/kota accept their duties, or some of them."""
    if not part.answers:
        return
    with stage.frozen(stage.ago(BELOW_DAYS_AGO)):
        for slug in part.focal_points:
            by = stage.viewers[part.focal_point.format(slug)]
            duties = duty_queries.duties(by, agency_id=stage.agencies[slug].id)
            for place, duty in enumerate(duties, start=1):
                if place % part.answers:
                    _answer(stage, duty, None, by)


def _answer(stage: Stage, duty: DutyRevision, objection: Objection | None, by: Viewer) -> None:
    if objection is None:
        answers.answer_duty(duty.duty_id, Answer.ACCEPTED, by=by)
        return
    suggested = stage.agencies[objection.suggested].id if objection.is_refusal else None
    answers.answer_duty(
        duty.duty_id,
        Answer.NOT_OURS if objection.is_refusal else Answer.NEEDS_EXPLANATION,
        reason=objection.reason,
        suggested_agency_id=suggested,
        by=by,
    )
