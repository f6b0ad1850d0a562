"""Reading answers, disputes and precedents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import flask
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from coordinator.clock import local, today
from coordinator.db import db
from coordinator.mapping.answers.models import (
    DutyMessage,
    DutyResponse,
    Precedent,
    PublishedQuestion,
    Ruling,
)
from coordinator.mapping.answers.rules import Answer, Outcome, due_to_rule, working_days_late
from coordinator.mapping.duties.models import Duty, DutyRevision
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.directory.models import Agency
from coordinator.people.directory.queries import days_off
from coordinator.people.directory.rules import working_days_between
from coordinator.permissions import AGENCY_KINDS, AccessKind, Viewer


@dataclass(frozen=True, slots=True)
class LatestAnswer:
    """An agency's newest answer to a duty in one substance; `ruling_id` where it was ruled on."""

    response_id: int
    public_id: str
    duty_id: int
    agency_id: int
    substance_since: int
    answer: Answer
    answered_at: datetime
    ruling_id: int | None
    outcome: Outcome | None
    answered_as: AccessKind

    @property
    def is_accepted(self) -> bool:
        """Return whether the agency itself accepted the duty; a ruling alone only settles it."""
        return self.answer is Answer.ACCEPTED

    @property
    def is_settled(self) -> bool:
        """Return whether the agency asked or refused, and a ruling left the duty with it."""
        return self.answer is not Answer.ACCEPTED and self.ruling_id is not None

    @property
    def is_disputed(self) -> bool:
        """Return whether a question or refusal waits for a ruling."""
        return self.answer is not Answer.ACCEPTED and self.ruling_id is None


def ruling_days() -> int:
    """Return within how many working days the secretariat is to rule (setting RULING_DAYS)."""
    return int(flask.current_app.config["SETTINGS"].ruling_days)


def latest_answers(task_force_id: int) -> list[LatestAnswer]:
    """Return the newest answer of each agency to each substance of each duty it was asked about."""
    newest = (
        sa.select(sa.func.max(DutyResponse.id))
        .join(Duty, Duty.id == DutyResponse.duty_id)
        .join(DutyRevision, DutyRevision.id == DutyResponse.duty_revision_id)
        .where(Duty.task_force_id == task_force_id)
        .group_by(DutyResponse.duty_id, DutyResponse.agency_id, DutyRevision.substance_since)
    )
    rows: Iterable[Any] = db.session.execute(
        sa.select(
            DutyResponse.id,
            DutyResponse.public_id,
            DutyResponse.duty_id,
            DutyResponse.agency_id,
            DutyRevision.substance_since,
            DutyResponse.answer,
            DutyResponse.answered_at,
            Ruling.id,
            Ruling.outcome,
            DutyResponse.answered_as,
        )
        .join(DutyRevision, DutyRevision.id == DutyResponse.duty_revision_id)
        .outerjoin(Ruling, Ruling.response_id == DutyResponse.id)
        .where(DutyResponse.id.in_(newest))
    )
    return [LatestAnswer(*row) for row in rows]


def current_answers(task_force_id: int) -> dict[int, LatestAnswer]:
    """Return, by duty id, the newest answer that applies to the current version of the duty."""
    now_held = {
        (duty_id, agency_id, substance)
        for duty_id, agency_id, substance in db.session.execute(
            sa.select(DutyRevision.duty_id, DutyRevision.agency_id, DutyRevision.substance_since)
            .join(Duty, Duty.id == DutyRevision.duty_id)
            .where(Duty.task_force_id == task_force_id, DutyRevision.until.is_(None))
        )
    }
    return {
        answer.duty_id: answer
        for answer in latest_answers(task_force_id)
        if (answer.duty_id, answer.agency_id, answer.substance_since) in now_held
    }


def disputed_duties(task_force_id: int) -> set[int]:
    """Return the ids of duties whose current version is questioned or refused, without a ruling."""
    return {
        duty_id for duty_id, answer in current_answers(task_force_id).items() if answer.is_disputed
    }


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A duty whose agency asks or refuses, with no ruling yet."""

    public_id: str
    agency: str
    slug: str
    answer: Answer
    text: str
    suggested: str | None
    answered_at: datetime
    due_on: date
    waited: int  # working days
    late_by: int  # working days past `due_on`; 0 while there is time


def open_questions(viewer: Viewer) -> list[OpenQuestion]:
    """Return the disputed duties of the viewer's task force or own agency, oldest first."""
    open_ids = [
        answer.response_id
        for answer in current_answers(viewer.own_task_force_id).values()
        if answer.is_disputed
        and (viewer.kind not in AGENCY_KINDS or answer.agency_id == viewer.own_agency_id)
    ]
    if not open_ids:
        return []
    suggested = sa.orm.aliased(Agency)
    rows = db.session.execute(
        sa.select(
            DutyResponse.public_id,
            Agency.abbreviation,
            Agency.slug,
            DutyResponse.answer,
            DutyRevision.text,
            suggested.abbreviation,
            DutyResponse.answered_at,
        )
        .join(Agency, Agency.id == DutyResponse.agency_id)
        .join(DutyRevision, DutyRevision.id == DutyResponse.duty_revision_id)
        .outerjoin(suggested, suggested.id == DutyResponse.suggested_agency_id)
        .where(DutyResponse.id.in_(open_ids))
        .order_by(DutyResponse.answered_at, DutyResponse.id)
    )
    on, off = today(viewer.zone), days_off()
    return [OpenQuestion(*row, *_age(row.answered_at, viewer.zone, on, off)) for row in rows]


def _age(answered_at: datetime, zone: str, on: date, off: frozenset[date]) -> tuple[date, int, int]:
    """Return a question's due day, and its working days waited and late."""
    asked_on = local(answered_at, zone).date()
    due_on = due_to_rule(asked_on, off, days=ruling_days())
    return due_on, working_days_between(asked_on, on, off), working_days_late(due_on, on, off)


def thread(viewer: Viewer, public_id: str) -> DutyResponse | None:
    """Return a question or refusal that the viewer may read: the secretariat's and the auditor's
    task force; the agency that asked; the agency it named."""
    response = db.session.scalar(
        sa.select(DutyResponse)
        .join(Duty, Duty.id == DutyResponse.duty_id)
        .where(
            DutyResponse.public_id == public_id,
            DutyResponse.answer != Answer.ACCEPTED,
            Duty.task_force_id == viewer.own_task_force_id,
        )
        .options(
            joinedload(DutyResponse.agency),
            joinedload(DutyResponse.suggested_agency),
            joinedload(DutyResponse.duty),
            joinedload(DutyResponse.revision).joinedload(DutyRevision.working_group),
            joinedload(DutyResponse.ruling).joinedload(Ruling.to_agency),
            joinedload(DutyResponse.ruling).joinedload(Ruling.precedent),
        )
    )
    if response is None:
        return None
    if viewer.kind in AGENCY_KINDS and viewer.own_agency_id not in (
        response.agency_id,
        response.suggested_agency_id,
        response.ruling.to_agency_id if response.ruling else None,
    ):
        return None
    return response


def is_waiting(viewer: Viewer, response: DutyResponse) -> bool:
    """Return whether a question has no ruling and neither a newer answer nor a changed duty."""
    held = current_answers(viewer.own_task_force_id).get(response.duty_id)
    return response.ruling is None and held is not None and held.response_id == response.id


def messages(response: DutyResponse) -> list[tuple[DutyMessage, str]]:
    """Return a thread's messages, oldest first, each with the agency its writer spoke for ("" for
    the secretariat); the caller has checked who reads.

    A message keeps the kind of access it was written with, not the agency: that is looked up among
    the agencies of this thread.
    """
    sides = {
        agency.id: agency.abbreviation
        for agency in (
            response.agency,
            response.suggested_agency,
            response.ruling.to_agency if response.ruling else None,
        )
        if agency is not None
    }
    spoke_for = (
        sa.select(sa.func.min(AccessGrant.agency_id))
        .where(
            AccessGrant.account_id == DutyMessage.author_id,
            AccessGrant.kind == DutyMessage.written_as,
            AccessGrant.agency_id.in_(list(sides)),
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(DutyMessage, spoke_for)
        .where(DutyMessage.response_id == response.id)
        .order_by(DutyMessage.id)
    )
    return [(message, sides.get(agency_id, "")) for message, agency_id in rows]


def precedents(viewer: Viewer, duties: Iterable[Duty], lineage: str) -> dict[str, list[Precedent]]:
    """Return, by duty lineage, rulings that other task forces shared on the same duties of the
    same kind of agency, newest first."""
    wanted = {duty.lineage for duty in duties}
    if not wanted:
        return {}
    rows = db.session.scalars(
        sa.select(Precedent)
        .where(
            Precedent.duty_lineage.in_(wanted),
            Precedent.agency_lineage == lineage,
            Precedent.task_force_id != viewer.own_task_force_id,
        )
        .options(joinedload(Precedent.task_force), joinedload(Precedent.ruling))
        .order_by(Precedent.shared_at.desc())
    )
    found: dict[str, list[Precedent]] = {}
    for row in rows:
        found.setdefault(row.duty_lineage, []).append(row)
    return found


def published_questions(agency_id: int) -> dict[int, list[PublishedQuestion]]:
    """Return, by duty id, the published questions and answers on an agency's card."""
    found: dict[int, list[PublishedQuestion]] = {}
    for row in db.session.scalars(
        sa.select(PublishedQuestion)
        .where(PublishedQuestion.agency_id == agency_id, PublishedQuestion.withdrawn_at.is_(None))
        .order_by(PublishedQuestion.id)
    ):
        found.setdefault(row.duty_id, []).append(row)
    return found


def published_on(duty_id: int) -> list[PublishedQuestion]:
    """Return the published questions about a duty; the caller has checked read access."""
    return list(
        db.session.scalars(
            sa.select(PublishedQuestion)
            .where(PublishedQuestion.duty_id == duty_id, PublishedQuestion.withdrawn_at.is_(None))
            .order_by(PublishedQuestion.id)
        )
    )


def shared_precedents(
    viewer: Viewer, *, text: str = "", page: int = 1, size: int = 50
) -> tuple[list[Precedent], int]:
    """Return a page of what any task force shared, newest first, and how many there are.

    An agency's people see those of their own kind of agency. `text` is looked for in the duty, the
    shared reason and the receiver's name.
    """
    query = sa.select(Precedent)
    if viewer.kind in AGENCY_KINDS:
        lineage = sa.select(Agency.lineage).where(Agency.id == viewer.own_agency_id)
        query = query.where(Precedent.agency_lineage.in_(lineage))
    for word in text.lower().split():
        query = query.where(
            sa.or_(
                *(
                    sa.func.lower(column).contains(word, autoescape=True)
                    for column in (Precedent.duty_text, Precedent.summary, Precedent.receiver)
                )
            )
        )
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(
        query.options(
            joinedload(Precedent.task_force),
            joinedload(Precedent.ruling)
            .joinedload(Ruling.response)
            .joinedload(DutyResponse.agency),
        )
        .order_by(Precedent.shared_at.desc(), Precedent.ruling_id.desc())
        .offset((page - 1) * size)
        .limit(size)
    )
    return list(rows), total
