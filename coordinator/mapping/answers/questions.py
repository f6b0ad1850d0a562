"""Reading questions and refusals: lists, and the counts in the frame of every page."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from coordinator.db import db
from coordinator.mapping.answers.models import (
    AnswerCampaign,
    CampaignAgency,
    DutyResponse,
    Ruling,
)
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.duties.models import Duty, DutyRevision
from coordinator.people.directory.models import Agency
from coordinator.permissions import AGENCY_KINDS, Viewer


@cache
def open_questions() -> sa.Select[int]:
    """Return the statement that counts the disputed duties of `:task_force_id`."""
    held, newer = aliased(DutyRevision), aliased(DutyResponse)
    newer_revision = aliased(DutyRevision)
    answered_since = (
        sa.select(newer.id)
        .join(newer_revision, newer_revision.id == newer.duty_revision_id)
        .where(
            newer.duty_id == DutyResponse.duty_id,
            newer.agency_id == DutyResponse.agency_id,
            newer_revision.substance_since == held.substance_since,
            newer.id > DutyResponse.id,
        )
    )
    return (
        sa.select(sa.func.count())
        .select_from(DutyResponse)
        .join(DutyRevision, DutyRevision.id == DutyResponse.duty_revision_id)
        .join(Duty, Duty.id == DutyResponse.duty_id)
        .join(
            held,
            sa.and_(
                held.duty_id == DutyResponse.duty_id,
                held.agency_id == DutyResponse.agency_id,
                held.substance_since == DutyRevision.substance_since,
                held.until.is_(None),
            ),
        )
        .outerjoin(Ruling, Ruling.response_id == DutyResponse.id)
        .where(
            Duty.task_force_id == sa.bindparam("task_force_id"),
            DutyResponse.answer != Answer.ACCEPTED,
            Ruling.id.is_(None),
            ~answered_since.exists(),
        )
    )


def count_open_questions(viewer: Viewer) -> int:
    """Count the disputed duties of the viewer's task force."""
    return db.session.scalar(open_questions(), {"task_force_id": viewer.own_task_force_id}) or 0


@cache
def unanswered_duties() -> sa.Select[int]:
    """Return the statement that counts the duties of `:agency_id` that need an answer.

    An answer to an earlier version of a duty does not count, nor an acceptance that the running
    campaign asks to confirm.
    """
    given, earlier = aliased(DutyRevision), aliased(DutyResponse)
    newest = (
        sa.select(sa.func.max(earlier.id))
        .join(given, given.id == earlier.duty_revision_id)
        .where(
            earlier.duty_id == DutyRevision.duty_id,
            earlier.agency_id == DutyRevision.agency_id,
            given.substance_since == DutyRevision.substance_since,
        )
        .correlate(DutyRevision)
        .scalar_subquery()
    )
    is_asked_again = (
        sa.select(CampaignAgency.agency_id)
        .join(AnswerCampaign, AnswerCampaign.id == CampaignAgency.campaign_id)
        .where(
            CampaignAgency.agency_id == sa.bindparam("agency_id"),
            AnswerCampaign.ended_at.is_(None),
            sa.or_(
                AnswerCampaign.working_group_id.is_(None),
                AnswerCampaign.working_group_id == DutyRevision.working_group_id,
            ),
            DutyResponse.answer == Answer.ACCEPTED,
            DutyResponse.answered_at < CampaignAgency.confirm_since,
        )
        .correlate(DutyRevision, DutyResponse)
    )
    answered = (
        sa.select(DutyResponse.id)
        .where(DutyResponse.id == newest, ~is_asked_again.exists())
        .correlate(DutyRevision)
    )
    return (
        sa.select(sa.func.count())
        .select_from(DutyRevision)
        .where(
            DutyRevision.agency_id == sa.bindparam("agency_id"),
            DutyRevision.until.is_(None),
            ~answered.exists(),
        )
    )


def count_unanswered(viewer: Viewer) -> int:
    """Count the duties of the viewer's agency with no answer to their current version."""
    return db.session.scalar(unanswered_duties(), {"agency_id": viewer.own_agency_id}) or 0


def threads(viewer: Viewer, *, agency: str = "") -> list[DutyResponse]:
    """Return every question and refusal that the viewer may read, oldest first.

    With a slug, only those of that agency.
    """
    query = (
        sa.select(DutyResponse)
        .join(Duty, Duty.id == DutyResponse.duty_id)
        .join(Agency, Agency.id == DutyResponse.agency_id)
        .outerjoin(Ruling, Ruling.response_id == DutyResponse.id)
        .where(
            DutyResponse.answer != Answer.ACCEPTED,
            Duty.task_force_id == viewer.own_task_force_id,
        )
        .options(
            joinedload(DutyResponse.agency),
            joinedload(DutyResponse.suggested_agency),
            joinedload(DutyResponse.revision).joinedload(DutyRevision.working_group),
            joinedload(DutyResponse.ruling).joinedload(Ruling.to_agency),
        )
        .order_by(DutyResponse.answered_at, DutyResponse.id)
    )
    if viewer.kind in AGENCY_KINDS:
        own = viewer.own_agency_id
        query = query.where(
            sa.or_(
                DutyResponse.agency_id == own,
                DutyResponse.suggested_agency_id == own,
                Ruling.to_agency_id == own,
            )
        )
    if agency:
        query = query.where(Agency.slug == agency)
    return list(db.session.scalars(query))
