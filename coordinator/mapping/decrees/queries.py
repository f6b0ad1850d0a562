"""The draft of an annex, what an entered decree would change, and the decrees that were entered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from coordinator.clock import local, today
from coordinator.db import db
from coordinator.formatting import plain_date
from coordinator.mapping.answers import queries as answers
from coordinator.mapping.answers.labels import answer_labels
from coordinator.mapping.answers.models import DutyResponse
from coordinator.mapping.decrees.annex import (
    Annex,
    OpenDispute,
    agencies_of,
    gaps_in,
    groups_of,
)
from coordinator.mapping.decrees.effect import signing_office
from coordinator.mapping.decrees.models import MappingDecree
from coordinator.mapping.duties.document import document_text
from coordinator.mapping.duties.models import Duty, DutyRevision, MappingVersion
from coordinator.mapping.duties.queries import current_version
from coordinator.mapping.versions import queries as versions
from coordinator.mapping.versions.queries import Working
from coordinator.mapping.versions.service import draft_problems
from coordinator.people.accounts.models import Account
from coordinator.people.accounts.queries import recipients_of_agencies
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.queries import agencies_by_key
from coordinator.periods.queries import newest_closed_end
from coordinator.permissions import Viewer
from coordinator.translation import gettext as _


def draft_annex(viewer: Viewer, force: TaskForce) -> Annex | None:
    """Return the annex of the draft being edited, else of the mapping in force; None where the
    task force has neither."""
    working = versions.working(viewer)
    if working is None:
        return None
    content = working.content or document_text(force.id, working.number) or ""
    waiting = answers.open_questions(viewer)
    said = answer_labels()
    return Annex(
        task_force=force.name,
        office=signing_office(force.level, force.region),
        origin=origin(working, viewer),
        groups=groups_of(working.mapping),
        agencies=agencies_of(working.mapping),
        disputes=tuple(
            OpenDispute(
                one.agency,
                one.text,
                said[one.answer]
                + (_("; mengusulkan %(agency)s", agency=one.suggested) if one.suggested else ""),
                plain_date(local(one.answered_at, viewer.zone).date()),
            )
            for one in waiting
        ),
        gaps=gaps_in(draft_problems(content)),
        is_sample=_are_sample([one.public_id for one in waiting]),
    )


def origin(working: Working, viewer: Viewer) -> str:
    """Return the sentence that says which mapping a draft was written from."""
    if working.is_draft and not working.number:
        return _("Disusun dari draf pemetaan pertama, belum berlaku.")
    if working.is_draft:
        return _(
            "Disusun dari draf yang dimulai dari pemetaan versi %(n)s, belum berlaku.",
            n=working.number,
        )
    version = versions.version(viewer, working.number)
    assert version is not None
    return _(
        "Disusun dari pemetaan versi %(n)s, berlaku sejak %(day)s.",
        n=working.number,
        day=plain_date(version.effective_on),
    )


def _are_sample(response_ids: list[str]) -> bool:
    return bool(
        response_ids
        and db.session.scalar(
            sa.select(
                sa.exists().where(
                    DutyResponse.public_id.in_(response_ids),
                    DutyResponse.answered_by_id == Account.id,
                    Account.is_sample,
                )
            )
        )
    )


# --- entering a signed decree --------------------------------------------------------------------


def disputed_keys(viewer: Viewer) -> set[str]:
    """Return the keys of the duties in dispute in the viewer's task force."""
    ids = answers.disputed_duties(viewer.own_task_force_id)
    return set(db.session.scalars(sa.select(Duty.key).where(Duty.id.in_(ids)))) if ids else set()


def effective_day(viewer: Viewer, signed_on: date) -> date:
    """Return the day from which a decree's version holds: the day it was signed, or the earliest
    day that closed periods and the version in force leave free."""
    earliest = newest_closed_end(viewer.own_task_force_id, today(viewer.zone))
    newest = current_version(viewer.own_task_force_id)
    start = newest.earliest_next if newest is not None else None
    return max(signed_on, earliest or signed_on, start or signed_on)


def mails(viewer: Viewer, agencies: Collection[str]) -> tuple[int, int]:
    """Return how many people of these agencies would get a mail, and how many agencies have
    nobody."""
    known = agencies_by_key(viewer.own_task_force_id)
    people = recipients_of_agencies(
        (known[key].id for key in agencies if key in known), today(viewer.zone)
    )
    accounts = {(agency, one.account_id) for agency, found in people.items() for one in found}
    return len(accounts), sum(not found for found in people.values())


def all_answer_counts(task_force_id: int) -> dict[int, tuple[int, int]]:
    """Return how many of each agency's duties are answered and how many wait, by its id."""
    answered = answers.current_answers(task_force_id)
    counts: dict[int, tuple[int, int]] = {}
    for duty_id, agency_id in db.session.execute(
        sa.select(DutyRevision.duty_id, DutyRevision.agency_id)
        .join(Duty, Duty.id == DutyRevision.duty_id)
        .where(Duty.task_force_id == task_force_id, DutyRevision.until.is_(None))
    ):
        done, waiting = counts.get(agency_id, (0, 0))
        is_done = duty_id in answered
        counts[agency_id] = (done + is_done, waiting + (not is_done))
    return counts


# --- decrees that were entered -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DecreeLine:
    """A decree in the list. `is_undone`: the version it made was taken back."""

    public_id: str
    number: str
    signed_on: date
    about: str
    office: str
    version: int
    duties: int
    memberships: int
    file_name: str
    recorded_at: datetime
    is_undone: bool


def decrees(viewer: Viewer) -> list[DecreeLine]:
    """Return the decrees entered for the viewer's task force, newest first."""
    rows = db.session.execute(
        _decrees(viewer.own_task_force_id).order_by(
            MappingDecree.signed_on.desc(), MappingDecree.id.desc()
        )
    )
    return [
        DecreeLine(
            row.public_id,
            row.number,
            row.signed_on,
            row.about,
            row.office,
            row.mapping_version,
            row.duties,
            row.memberships,
            row.file_name,
            row.recorded_at,
            bool(is_undone),
        )
        for row, is_undone in rows
    ]


def version_of(viewer: Viewer, number: str, signed_on: date) -> int | None:
    """Return the mapping version made by the decree with this number and day; None where it was not
    entered, or what was entered was taken back."""
    rows = db.session.execute(
        _decrees(viewer.own_task_force_id).where(
            sa.func.lower(MappingDecree.number) == number.lower(),
            MappingDecree.signed_on == signed_on,
        )
    )
    return next((row.mapping_version for row, is_undone in rows if not is_undone), None)


def _decrees(task_force_id: int) -> sa.Select[MappingDecree, bool]:
    """Select decrees, each with whether the version after it has the content of the one before."""
    before, after = aliased(MappingVersion), aliased(MappingVersion)
    return (
        sa.select(MappingDecree, after.id.is_not(None))
        .outerjoin(
            before,
            sa.and_(
                before.task_force_id == MappingDecree.task_force_id,
                before.number == MappingDecree.mapping_version - 1,
            ),
        )
        .outerjoin(
            after,
            sa.and_(
                after.task_force_id == MappingDecree.task_force_id,
                after.number == MappingDecree.mapping_version + 1,
                after.content_hash == before.content_hash,
            ),
        )
        .where(MappingDecree.task_force_id == task_force_id)
    )


def decree(viewer: Viewer, public_id: str) -> MappingDecree | None:
    """Return a decree of the viewer's task force with its file."""
    return db.session.scalar(
        sa.select(MappingDecree)
        .where(
            MappingDecree.public_id == public_id,
            MappingDecree.task_force_id == viewer.own_task_force_id,
        )
        .options(joinedload(MappingDecree.file))
    )
