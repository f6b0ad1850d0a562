"""Read what is checked, what is not, and the texts of law that were brought."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from coordinator.db import db
from coordinator.mapping.duties.models import LegalInstrument
from coordinator.mapping.duties.rules import TextVerdict
from coordinator.mapping.duties.text_models import InstrumentText, TextCheck
from coordinator.mapping.duties.text_queries import all_cited_words
from coordinator.mapping.duties.text_rules import CitedWords
from coordinator.mapping.text_checks.rules import CheckStep, steps_of
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.permissions import Permission, Viewer


def steps(viewer: Viewer) -> list[CheckStep]:
    """Return every article that the mapping in force of the viewer's task force cites."""
    return steps_of(all_cited_words(viewer.own_task_force_id))


def findings(viewer: Viewer) -> list[CitedWords]:
    """Return the citations that a checker found wrong, then those in doubt; none for viewers who do
    not edit the mapping."""
    if not viewer.may(Permission.EDIT_MAPPING):
        return []
    found = [
        one
        for one in all_cited_words(viewer.own_task_force_id)
        if one.statement is not None and not one.statement.agrees
    ]
    return sorted(
        found, key=lambda one: one.check is None or one.check.verdict is not TextVerdict.DIFFERS
    )


def findings_about(viewer: Viewer, part: str | None, *, is_duty: bool) -> list[CitedWords]:
    """Return what was found wrong or doubtful about one duty, or one agency's memberships."""
    if part is None:
        return []
    return [one for one in findings(viewer) if one.part == part and one.is_duty is is_duty]


def instrument(viewer: Viewer, key: str) -> LegalInstrument | None:
    """Return an instrument of the viewer's task force."""
    return db.session.scalar(
        sa.select(LegalInstrument).where(
            LegalInstrument.task_force_id == viewer.own_task_force_id, LegalInstrument.key == key
        )
    )


def lock(viewer: Viewer) -> None:
    """Let one check of the viewer's task force be made after the other."""
    db.session.execute(
        sa.select(TaskForce.id).where(TaskForce.id == viewer.own_task_force_id).with_for_update()
    )


def texts(viewer: Viewer, instrument_id: int | None = None) -> list[InstrumentText]:
    """Return the texts brought for the viewer's instruments (or one of them), the newest first,
    without the pasted words themselves."""
    query = (
        sa.select(InstrumentText)
        .join(InstrumentText.instrument)
        .where(LegalInstrument.task_force_id == viewer.own_task_force_id)
        .order_by(InstrumentText.id.desc())
    )
    if instrument_id is not None:
        query = query.where(InstrumentText.instrument_id == instrument_id)
    return list(db.session.scalars(query))


def pasted_texts(viewer: Viewer, instrument_id: int) -> list[InstrumentText]:
    """Return the pasted texts of one of the viewer's instruments that are in use, with their words,
    the newest first."""
    return list(
        db.session.scalars(
            sa.select(InstrumentText)
            .join(InstrumentText.instrument)
            .where(
                LegalInstrument.task_force_id == viewer.own_task_force_id,
                InstrumentText.instrument_id == instrument_id,
                InstrumentText.text.is_not(None),
                InstrumentText.withdrawn_at.is_(None),
            )
            .order_by(InstrumentText.id.desc())
            .options(undefer(InstrumentText.text))
        )
    )


def quoted_texts(viewer: Viewer) -> set[int]:
    """Return the ids of the texts that checks of the viewer's task force were made with."""
    return set(
        db.session.scalars(
            sa.select(TextCheck.instrument_text_id).where(
                TextCheck.task_force_id == viewer.own_task_force_id,
                TextCheck.instrument_text_id.is_not(None),
                TextCheck.quote.is_not(None),
            )
        )
    )


def quoting_checks(viewer: Viewer, instrument_id: int) -> list[TextCheck]:
    """Return the checks of one of the viewer's instruments that quote words of it."""
    return list(
        db.session.scalars(
            sa.select(TextCheck)
            .where(
                TextCheck.task_force_id == viewer.own_task_force_id,
                TextCheck.instrument_id == instrument_id,
                TextCheck.quote.is_not(None),
            )
            .options(undefer(TextCheck.quote))
        )
    )


def outdated_checks(viewer: Viewer, subjects: Collection[str]) -> dict[str, TextCheck]:
    """Return the newest check of each subject that a newer text has put in question."""
    rows = db.session.scalars(
        sa.select(TextCheck)
        .where(
            TextCheck.task_force_id == viewer.own_task_force_id,
            TextCheck.subject.in_(subjects),
            TextCheck.outdated_by_id.is_not(None),
        )
        .order_by(TextCheck.id)
        .options(undefer(TextCheck.quote), undefer(TextCheck.remark))
    )
    return {one.subject: one for one in rows}


def text(viewer: Viewer, public_id: str) -> InstrumentText | None:
    """Return one of the texts with its words or its file."""
    return db.session.scalar(
        sa.select(InstrumentText)
        .join(InstrumentText.instrument)
        .where(
            LegalInstrument.task_force_id == viewer.own_task_force_id,
            InstrumentText.public_id == public_id,
        )
        .options(undefer(InstrumentText.text), joinedload(InstrumentText.file))
    )


def checked_days(viewer: Viewer) -> dict[str, date]:
    """Return since when the text of each instrument of the viewer's has been compared, by key."""
    rows = db.session.execute(
        sa.select(LegalInstrument.key, LegalInstrument.text_checked_on).where(
            LegalInstrument.task_force_id == viewer.own_task_force_id
        )
    )
    return {key: day for key, day in rows if day is not None}


def usual_office(viewer: Viewer) -> str:
    """Return the office that the viewer last checked for; at first, the agency they work at."""
    last = db.session.scalar(
        sa.select(TextCheck.office)
        .where(
            TextCheck.checked_by_id == viewer.account_id,
            TextCheck.task_force_id == viewer.own_task_force_id,
        )
        .order_by(TextCheck.id.desc())
        .limit(1)
    )
    if last is not None:
        return last
    home = viewer.agency_id or viewer.home_agency_id or -1
    return db.session.scalar(sa.select(Agency.name).where(Agency.id == home)) or ""
