"""Reading what a running campaign asks, and how far each agency is with its duties."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.answers import queries
from coordinator.mapping.answers.models import AnswerCampaign, CampaignAgency, DutyResponse
from coordinator.mapping.answers.rules import DutyStanding, answer_state, is_asked_again
from coordinator.mapping.duties import queries as duty_queries
from coordinator.mapping.duties.models import Duty, DutyRevision, WorkingGroup
from coordinator.permissions import Viewer


@dataclass(frozen=True, slots=True)
class Asked:
    """What a running campaign asks of one agency."""

    target_on: date
    confirm_since: datetime | None
    working_group_id: int | None
    group: str = ""  # the numeral of that working group

    def asks_about(self, working_group_id: int) -> bool:
        """Return whether the campaign asks about the duties of a working group."""
        return self.working_group_id in (None, working_group_id)

    def asks_again(
        self, answer: queries.LatestAnswer | DutyResponse | None, working_group_id: int
    ) -> bool:
        """Return whether an answer to a duty of a working group is to be confirmed."""
        return (
            answer is not None
            and self.asks_about(working_group_id)
            and is_asked_again(answer.answer, answer.answered_at, self.confirm_since)
        )


def asked_of_own_agency(viewer: Viewer) -> Asked | None:
    """Return what the running campaign asks of the viewer's agency; None where none does."""
    return all_asked(viewer.own_task_force_id).get(viewer.own_agency_id)


def is_asking(viewer: Viewer) -> bool:
    """Return whether a campaign runs in the viewer's task force."""
    running = sa.exists().where(
        AnswerCampaign.task_force_id == viewer.own_task_force_id, AnswerCampaign.ended_at.is_(None)
    )
    return bool(db.session.scalar(sa.select(running)))


def all_asked_since(task_force_id: int) -> int | None:
    """Return the mapping version with which the running campaign of a task force began."""
    return db.session.scalar(
        sa.select(AnswerCampaign.mapping_version).where(
            AnswerCampaign.task_force_id == task_force_id, AnswerCampaign.ended_at.is_(None)
        )
    )


def all_asked(task_force_id: int) -> dict[int, Asked]:
    """Return what the running campaign of a task force asks, by agency."""
    rows = db.session.execute(
        sa.select(
            CampaignAgency.agency_id,
            AnswerCampaign.target_on,
            CampaignAgency.confirm_since,
            AnswerCampaign.working_group_id,
            WorkingGroup.numeral,
        )
        .join(AnswerCampaign, AnswerCampaign.id == CampaignAgency.campaign_id)
        .outerjoin(WorkingGroup, WorkingGroup.id == AnswerCampaign.working_group_id)
        .where(AnswerCampaign.task_force_id == task_force_id, AnswerCampaign.ended_at.is_(None))
    )
    return {
        row.agency_id: Asked(
            row.target_on, row.confirm_since, row.working_group_id, row.numeral or ""
        )
        for row in rows
    }


def all_standings(
    task_force_id: int, confirm_since: dict[int, datetime] | None = None
) -> list[DutyStanding]:
    """Return every duty in force of a task force with the state of its answer.

    `confirm_since`, by agency, replaces what the running campaign asks to confirm: so a campaign
    is shown before it begins.
    """
    answers = queries.current_answers(task_force_id)
    asked = all_asked(task_force_id)
    if confirm_since is not None:
        asked = {key: Asked(date.max, since, None) for key, since in confirm_since.items()}
    rows = db.session.execute(
        sa.select(
            DutyRevision.duty_id,
            DutyRevision.agency_id,
            DutyRevision.working_group_id,
            DutyRevision.substance_since,
        )
        .join(Duty, Duty.id == DutyRevision.duty_id)
        .where(Duty.task_force_id == task_force_id, DutyRevision.until.is_(None))
        .order_by(DutyRevision.agency_id, DutyRevision.id)
    )
    found = []
    for duty_id, agency_id, group_id, substance in rows:
        answer = answers.get(duty_id)
        again = agency_id in asked and asked[agency_id].asks_again(answer, group_id)
        state = answer_state(
            answer.answer if answer else None,
            is_ruled=answer is not None and answer.ruling_id is not None,
            is_asked_again=again,
        )
        found.append(DutyStanding(duty_id, agency_id, group_id, substance, state))
    return found


@dataclass(frozen=True, slots=True)
class OwnDuty:
    """A duty of the viewer's agency with the answer that holds for it."""

    revision: DutyRevision
    answer: queries.LatestAnswer | None
    asks_again: bool = False

    @property
    def state(self) -> str:
        """Return the section of the agency's page that shows this duty."""
        if self.answer is None or self.asks_again:
            return "unanswered"
        if self.answer.is_accepted:
            return "accepted"
        return "asked" if self.answer.is_disputed else "ruled"


def own_duties(viewer: Viewer) -> list[OwnDuty]:
    """Return the duties of the viewer's agency, each with the answer that holds for it, and whether
    a campaign asks to confirm that answer."""
    held = queries.current_answers(viewer.own_task_force_id)
    asked = asked_of_own_agency(viewer)
    return [
        OwnDuty(
            revision,
            held.get(revision.duty_id),
            asked is not None
            and asked.asks_again(held.get(revision.duty_id), revision.working_group_id),
        )
        for revision in duty_queries.duties(viewer, agency_id=viewer.own_agency_id)
    ]
