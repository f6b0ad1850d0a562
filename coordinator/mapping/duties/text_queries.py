"""Every citation in force with the words it is cited for, and what was found about it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.duties.models import (
    Citation,
    Duty,
    DutyRevision,
    LegalInstrument,
    Membership,
    WorkingGroup,
)
from coordinator.mapping.duties.rules import DECREE_KIND, subject_of
from coordinator.mapping.duties.text_models import TextCheck
from coordinator.mapping.duties.text_rules import CheckFacts, CitedWords
from coordinator.people.directory.models import Agency


def all_cited_words(task_force_id: int) -> list[CitedWords]:
    """Return the citations in force of a task force: by instrument, then in the mapping's order.

    Those of a decree (SK) are left out: it is no law to compare with, its scan is its text.
    """
    return [_cited(row) for row in db.session.execute(_CITED, {"task_force_id": task_force_id})]


def all_newest_checks(task_force_id: int, subjects: Sequence[str]) -> dict[str, int]:
    """Return the id of the newest check of each subject that was ever checked; none of those whose
    newest check a newer text has put in question."""
    newest = (
        sa.select(sa.func.max(TextCheck.id))
        .where(TextCheck.task_force_id == task_force_id, TextCheck.subject.in_(subjects))
        .group_by(TextCheck.subject)
    )
    rows = db.session.execute(
        sa.select(TextCheck.subject, TextCheck.id).where(
            TextCheck.id.in_(newest), TextCheck.outdated_by_id.is_(None)
        )
    )
    return {row[0]: row[1] for row in rows}


_AGENCY_ID = sa.func.coalesce(DutyRevision.agency_id, Membership.agency_id)
_GROUP_ID = sa.func.coalesce(DutyRevision.working_group_id, Membership.working_group_id)
_CITED = (
    sa.select(
        Citation.id,
        Citation.article,
        Citation.note,
        Citation.text_checked_on,
        LegalInstrument.id.label("instrument_id"),
        LegalInstrument.key.label("instrument_key"),
        LegalInstrument.short,
        Duty.id.label("duty_id"),
        Duty.key.label("duty_key"),
        DutyRevision.text,
        DutyRevision.unit,
        DutyRevision.status.label("duty_status"),
        DutyRevision.source_label.label("duty_source"),
        Membership.kind,
        Membership.status.label("membership_status"),
        Membership.source_label.label("membership_source"),
        Agency.id.label("agency_id"),
        Agency.key.label("agency_key"),
        Agency.abbreviation,
        WorkingGroup.id.label("group_id"),
        WorkingGroup.numeral,
        WorkingGroup.short.label("group_short"),
        TextCheck.id.label("check_id"),
        TextCheck.verdict,
        TextCheck.checked_on,
        TextCheck.office,
        TextCheck.quote,
        TextCheck.remark,
    )
    .select_from(Citation)
    .join(LegalInstrument, LegalInstrument.id == Citation.instrument_id)
    .outerjoin(DutyRevision, DutyRevision.id == Citation.duty_revision_id)
    .outerjoin(Duty, Duty.id == DutyRevision.duty_id)
    .outerjoin(Membership, Membership.id == Citation.membership_id)
    .join(Agency, Agency.id == _AGENCY_ID)
    .join(WorkingGroup, WorkingGroup.id == _GROUP_ID)
    .outerjoin(TextCheck, TextCheck.id == Citation.text_check_id)
    .where(
        LegalInstrument.task_force_id == sa.bindparam("task_force_id"),
        LegalInstrument.kind != DECREE_KIND,
        sa.or_(
            sa.and_(Membership.id.is_(None), DutyRevision.until.is_(None)),
            sa.and_(DutyRevision.id.is_(None), Membership.until.is_(None)),
        ),
    )
    .order_by(
        LegalInstrument.id,
        Duty.position.is_(None),  # duties first
        Duty.position,
        WorkingGroup.position,
        Citation.id,
    )
)


def _cited(row: Any) -> CitedWords:
    is_duty = row.duty_id is not None
    status = row.duty_status if is_duty else row.membership_status
    citation = (row.instrument_id, row.article, *([row.note] if row.note else []))
    subject = (
        subject_of("duty", row.duty_id, row.agency_id, row.text, row.unit, status, *citation)
        if is_duty
        else subject_of("membership", row.agency_id, row.group_id, row.kind, status, *citation)
    )
    return CitedWords(
        citation_id=row.id,
        instrument_id=row.instrument_id,
        instrument_key=row.instrument_key,
        instrument=row.short,
        article=row.article,
        note=row.note,
        part=row.duty_key if is_duty else row.agency_key,
        kind=row.kind,
        agency=row.abbreviation,
        group=f"{row.numeral} {row.group_short}",
        text=row.text or "",
        unit=row.unit,
        status=status,
        source_label=row.duty_source if is_duty else row.membership_source,
        file_on=row.text_checked_on,
        subject=subject,
        check=CheckFacts(
            row.check_id, row.verdict, row.checked_on, row.office, row.quote, row.remark
        )
        if row.check_id is not None
        else None,
    )
