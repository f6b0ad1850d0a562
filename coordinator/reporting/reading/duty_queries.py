"""The duties behind an agency's part in an assignment, as they are worded now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from coordinator.assignments.models import PartyDuty
from coordinator.assignments.why import AssignmentReason
from coordinator.db import db
from coordinator.mapping.duties.models import (
    Amendment,
    Citation,
    Duty,
    DutyRevision,
    LegalInstrument,
    WorkingGroup,
)
from coordinator.mapping.duties.rules import (
    BasisStatus,
    TextStatement,
    WithBasis,
    newest_statement,
)
from coordinator.mapping.duties.text_models import TextCheck
from coordinator.people.directory import queries as directory
from coordinator.permissions import Viewer
from coordinator.reporting.reading.rows import ReportHead


@dataclass(frozen=True, slots=True)
class InstrumentRow:
    """A law or decree; `kind` only where something rests on it."""

    short: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class CitationRow:
    """An article behind a duty."""

    instrument_id: int
    instrument: InstrumentRow
    article: str
    statement: TextStatement | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The pokja of a duty."""

    numeral: str
    short: str


@dataclass(frozen=True, slots=True)
class DutyRow(WithBasis):
    """What a duty says, and what it rests on."""

    text: str
    status: BasisStatus
    source_label: str | None
    evidence: list[str]
    not_evidence: list[str]
    example: str | None
    working_group: GroupRow
    citations: tuple[CitationRow, ...]


@dataclass(frozen=True, slots=True)
class Duties:
    """The duties of a part in the mapping's order, and by instrument id what amended it."""

    duties: tuple[DutyRow, ...]
    amendments: Mapping[int, list[InstrumentRow]]


_AMENDING = aliased(LegalInstrument)

# A row for each amendment of an instrument that a duty cites; one without either at the least.
DUTIES = (
    sa.select(
        DutyRevision.id,
        DutyRevision.text,
        DutyRevision.status,
        DutyRevision.source_label,
        DutyRevision.evidence,
        DutyRevision.not_evidence,
        DutyRevision.example,
        WorkingGroup.numeral,
        WorkingGroup.short.label("group"),
        Citation.id.label("citation_id"),
        Citation.article,
        Citation.text_checked_on,
        TextCheck.verdict,
        TextCheck.checked_on,
        TextCheck.office,
        LegalInstrument.id.label("instrument_id"),
        LegalInstrument.short,
        LegalInstrument.kind,
        Amendment.id.label("amendment_id"),
        _AMENDING.short.label("amended_by"),
    )
    .select_from(PartyDuty)
    .join(Duty, Duty.id == PartyDuty.duty_id)
    .join(DutyRevision, sa.and_(DutyRevision.duty_id == Duty.id, DutyRevision.until.is_(None)))
    .join(WorkingGroup, WorkingGroup.id == DutyRevision.working_group_id)
    .outerjoin(Citation, Citation.duty_revision_id == DutyRevision.id)
    .outerjoin(TextCheck, TextCheck.id == Citation.text_check_id)
    .outerjoin(LegalInstrument, LegalInstrument.id == Citation.instrument_id)
    .outerjoin(Amendment, Amendment.instrument_id == LegalInstrument.id)
    .outerjoin(_AMENDING, _AMENDING.id == Amendment.amended_by_id)
    .where(PartyDuty.party_id == sa.bindparam("party_id"))
    .order_by(Duty.position, DutyRevision.id, Citation.id, Amendment.position)
)


def duties_behind(_viewer: Viewer, head: ReportHead) -> Duties:
    """Return the duties behind a part that the viewer was given the head of a report of."""
    by_duty: dict[int, list[Any]] = {}
    amended_by: dict[int, dict[int, InstrumentRow]] = {}
    for row in db.session.execute(DUTIES, {"party_id": head.party_id}):
        by_duty.setdefault(row.id, []).append(row)
        if row.amendment_id is not None:
            amending = amended_by.setdefault(row.instrument_id, {})
            amending[row.amendment_id] = InstrumentRow(row.amended_by)
    return Duties(
        tuple(_duty(rows) for rows in by_duty.values()),
        {instrument_id: list(found.values()) for instrument_id, found in amended_by.items()},
    )


def _duty(rows: list[Any]) -> DutyRow:
    row = rows[0]
    citations = {
        one.citation_id: CitationRow(
            one.instrument_id, InstrumentRow(one.short, one.kind), one.article, _statement(one)
        )
        for one in rows
        if one.citation_id is not None
    }
    return DutyRow(
        text=row.text,
        status=row.status,
        source_label=row.source_label,
        evidence=row.evidence,
        not_evidence=row.not_evidence,
        example=row.example,
        working_group=GroupRow(row.numeral, row.group),
        citations=tuple(citations.values()),
    )


def _statement(row: Any) -> TextStatement | None:
    check = TextStatement(row.verdict, row.checked_on, row.office) if row.verdict else None
    return newest_statement(row.text_checked_on, check)


def why_theirs(viewer: Viewer, head: ReportHead, found: Duties | None = None) -> AssignmentReason:
    """Return what the part behind a report rests on ("Mengapa ini tugas saya?").

    `found`: its duties, where the page has read them.
    """
    found = found or duties_behind(viewer, head)
    force = directory.task_force(viewer)
    return AssignmentReason(
        agency=head.agency,
        is_lead=head.is_lead,
        lead=head.lead.abbreviation,
        duties=found.duties,
        amendments=found.amendments,
        code=head.basis.code,
        plan_title=head.basis.plan_title,
        is_draft=head.basis.is_plan_draft,
        basis_reference=head.basis.reference,
        basis_on=head.basis.on,
        letterhead=directory.letterhead(force) if force else None,
    )
