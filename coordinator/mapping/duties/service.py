"""Publishing the mapping: every change is a numbered version, rows are dated, never overwritten."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.free_text import refuse_identity
from coordinator.mapping.duties.document import MAPPING_FORMAT
from coordinator.mapping.duties.limits import step_columns
from coordinator.mapping.duties.models import (
    Amendment,
    Citation,
    Duty,
    DutyRevision,
    LegalInstrument,
    MappingDocument,
    MappingVersion,
    Membership,
    WorkingGroup,
)
from coordinator.mapping.duties.rules import keeps_answers
from coordinator.mapping.duties.seed import AgencyPart, CitationPart, LegalBasis, Mapping
from coordinator.mapping.duties.text_service import follow_checks
from coordinator.people.directory.models import Agency, AgencyAlias, FormerSlug, TaskForce
from coordinator.people.directory.rules import TaskForceState
from coordinator.permissions import Viewer
from coordinator.platform.audit.service import record

WORDS = ("agency_id", "working_group_id", "text", "unit")


@dataclass(frozen=True, slots=True)
class Published:
    """What loading a mapping did; `number` is the version now current."""

    task_force_id: int
    number: int
    is_new: bool
    duties: int
    memberships: int


@transactional
def load_mapping(
    mapping: Mapping,
    *,
    by: Viewer | None,
    reason: str,
    effective_on: date | None = None,
    even_if_same: bool = False,
) -> Published:
    """Make the checked `mapping` the current one of its first task force.

    A load that changes nothing makes no version, except where `even_if_same` (a ruling that
    leaves everything as it is, is a version too). A changed duty keeps its identity: its former
    row ends at the new version and a new one begins there.
    """
    refuse_identity(reason=reason)
    forces = _load_task_forces(mapping)
    force = forces[mapping.task_forces[0].code]
    content = MAPPING_FORMAT.to_json(mapping)
    digest = hashlib.sha256(content.encode()).hexdigest()
    current = db.session.scalar(
        sa.select(MappingVersion)
        .where(MappingVersion.task_force_id == force.id)
        .order_by(MappingVersion.number.desc())
        .limit(1)
    )
    if current is not None and current.content_hash == digest and not even_if_same:
        return Published(
            force.id, current.number, False, len(mapping.duties), len(mapping.memberships)
        )
    number = 1 if current is None else current.number + 1
    version = MappingVersion(
        task_force_id=force.id,
        number=number,
        author_id=by.account_id if by else None,
        reason=reason,
        effective_on=effective_on or today(force.zone),
        recorded_at=now(),
        content_hash=digest,
    )
    db.session.add(version)
    db.session.flush()
    db.session.add(MappingDocument(mapping_version_id=version.id, content=content))
    force.state = TaskForceState.ACTIVE
    loader = _Loader(mapping, force, number)
    loader.load()
    record(
        "mapping.published",
        by=by,
        subject=("mapping_version", f"{force.code}/{number}"),
        task_force_id=force.id,
        duties=len(mapping.duties),
        memberships=len(mapping.memberships),
    )
    return Published(force.id, number, True, len(mapping.duties), len(mapping.memberships))


def _load_task_forces(mapping: Mapping) -> dict[str, TaskForce]:
    forces = {force.code: force for force in db.session.scalars(sa.select(TaskForce))}
    for part in mapping.task_forces:
        force = forces.get(part.code)
        if force is None:
            force = TaskForce(
                code=part.code,
                name=part.name,
                region=part.region,
                level=part.level,
                state=TaskForceState.NOT_STARTED,
                zone="Asia/Makassar",
            )
            db.session.add(force)
            forces[part.code] = force
            db.session.flush()
            record(
                "task_force.added",
                by=None,
                subject=("task_force", part.code),
                task_force_id=force.id,
            )
    for part in mapping.task_forces:
        if part.parent is not None and forces[part.code].parent_id is None:
            forces[part.code].parent_id = forces[part.parent].id
    db.session.flush()
    return forces


class _Loader:
    """One load: resolves keys to rows, ends what changed, adds what is new."""

    def __init__(self, mapping: Mapping, force: TaskForce, number: int) -> None:
        self.mapping = mapping
        self.force = force
        self.number = number
        self.labels = {part.id: part.label for part in mapping.sources}
        self.instruments: dict[str, LegalInstrument] = {}
        self.groups: dict[str, WorkingGroup] = {}
        self.agencies: dict[str, Agency] = {}

    def load(self) -> None:
        self._load_instruments()
        self._load_groups()
        self._load_agencies()
        self._load_memberships()
        self._load_duties()
        follow_checks(self.force.id)

    def _load_instruments(self) -> None:
        known = {
            row.key: row
            for row in db.session.scalars(
                sa.select(LegalInstrument).where(LegalInstrument.task_force_id == self.force.id)
            )
        }
        for part in self.mapping.legal_instruments:
            row = known.get(part.id)
            if row is None:
                row = LegalInstrument(task_force_id=self.force.id, key=part.id)
                db.session.add(row)
            row.kind, row.short, row.title = part.kind, part.short, part.title
            row.in_force_from, row.in_force_until = part.in_force_from, part.in_force_to
            row.file_checked_on, row.note = part.text_checked_on, part.note
            self.instruments[part.id] = row
        db.session.flush()
        chains = {
            (row.instrument_id, row.amended_by_id): row
            for row in db.session.scalars(
                sa.select(Amendment).where(
                    Amendment.instrument_id.in_([row.id for row in self.instruments.values()])
                )
            )
        }
        for part in self.mapping.legal_instruments:
            for position, key in enumerate(part.amended_by, start=1):
                ids = (self.instruments[part.id].id, self.instruments[key].id)
                link = chains.pop(ids, None)
                if link is None:
                    link = Amendment(instrument_id=ids[0], amended_by_id=ids[1])
                    db.session.add(link)
                link.position = position
        for gone in chains.values():
            db.session.delete(gone)
        db.session.flush()

    def _load_groups(self) -> None:
        known = {
            row.key: row
            for row in db.session.scalars(
                sa.select(WorkingGroup).where(WorkingGroup.task_force_id == self.force.id)
            )
        }
        for position, part in enumerate(self.mapping.working_groups, start=1):
            row = known.pop(part.id, None)
            if row is None:
                row = WorkingGroup(task_force_id=self.force.id, key=part.id)
                db.session.add(row)
            row.position, row.numeral, row.code = position, part.number, part.code
            row.short, row.name, row.scope = part.short, part.name, part.scope
            row.is_active = True
            self.groups[part.id] = row
        for gone in known.values():
            gone.is_active = False
        db.session.flush()

    def _load_agencies(self) -> None:
        known = {
            row.key: row
            for row in db.session.scalars(
                sa.select(Agency).where(Agency.task_force_id == self.force.id)
            )
        }
        for part in self.mapping.agencies:
            row = known.pop(part.id, None) or self._renamed(part, known)
            if row is None:
                row = Agency(
                    task_force_id=self.force.id,
                    key=part.id,
                    slug=part.id,
                    lineage=part.lineage or part.id,
                )
                db.session.add(row)
            row.name, row.abbreviation, row.kind = part.name, part.abbreviation, part.kind
            row.note, row.is_active = part.note, True
            self.agencies[part.id] = row
            names = {name.casefold(): name for name in part.aliases}
            row.aliases = [alias for alias in row.aliases if alias.folded in names] + [
                AgencyAlias(task_force_id=self.force.id, name=name, folded=folded)
                for folded, name in names.items()
                if folded not in {alias.folded for alias in row.aliases}
            ]
        for gone in known.values():
            gone.is_active = False
        db.session.flush()

    def _renamed(self, part: AgencyPart, known: dict[str, Agency]) -> Agency | None:
        """Return the agency that had one of the part's former ids, under its new one."""
        for former in part.former_ids:
            row = known.pop(former, None)
            if row is not None:
                db.session.add(
                    FormerSlug(task_force_id=self.force.id, slug=row.slug, agency_id=row.id)
                )
                row.key = row.slug = part.id
                return row
        return None

    def _load_memberships(self) -> None:
        current = {
            (row.working_group_id, row.agency_id): row
            for row in db.session.scalars(
                sa.select(Membership)
                .join(Membership.working_group)
                .where(WorkingGroup.task_force_id == self.force.id, Membership.until.is_(None))
            )
        }
        new: list[tuple[Membership, list[CitationPart]]] = []
        for part in self.mapping.memberships:
            wanted: dict[str, Any] = {
                "working_group_id": self.groups[part.working_group].id,
                "agency_id": self.agencies[part.agency].id,
                "kind": part.as_,
                "status": part.status,
                "source_label": self._label(part),
            }
            row = current.pop((wanted["working_group_id"], wanted["agency_id"]), None)
            if row is not None and self._is_same(row, wanted, part.citations):
                continue
            if row is not None:
                row.until = self.number
            new.append((Membership(since=self.number, **wanted), part.citations))
        for gone in current.values():
            gone.until = self.number
        self._add(new)

    def _load_duties(self) -> None:
        duties = {
            row.key: row
            for row in db.session.scalars(
                sa.select(Duty).where(Duty.task_force_id == self.force.id)
            )
        }
        current = {
            row.duty_id: row
            for row in db.session.scalars(
                sa.select(DutyRevision)
                .join(DutyRevision.duty)
                .where(Duty.task_force_id == self.force.id, DutyRevision.until.is_(None))
            )
        }
        for position, part in enumerate(self.mapping.duties, start=1):
            if part.id not in duties:
                duties[part.id] = Duty(
                    task_force_id=self.force.id, key=part.id, lineage=part.lineage or part.id
                )
                db.session.add(duties[part.id])
            duties[part.id].position = position
        db.session.flush()
        new: list[tuple[DutyRevision, list[CitationPart]]] = []
        for part in self.mapping.duties:
            wanted: dict[str, Any] = {
                "duty_id": duties[part.id].id,
                "working_group_id": self.groups[part.working_group].id,
                "agency_id": self.agencies[part.agency].id,
                "text": part.text,
                "unit": part.unit,
                "status": part.status,
                "source_label": self._label(part),
                "evidence": list(part.evidence),
                "not_evidence": list(part.not_evidence),
                "example": part.example,
                **step_columns(part, self.labels),
            }
            row = current.pop(duties[part.id].id, None)
            if row is not None and self._is_same(row, wanted, part.citations):
                continue
            if row is not None:
                row.until = self.number
            new.append((DutyRevision(since=self.number, **wanted), part.citations))
        for gone in current.values():
            gone.until = self.number
        former = self._former_revisions([row.duty_id for row, _citations in new])
        for row, citations in new:
            # Back to an earlier wording: the answers given to it apply again.
            row.substance_since = next(
                (
                    old.substance_since
                    for old in former.get(row.duty_id, [])
                    if self._has_same_substance(old, row, citations)
                ),
                self.number,
            )
        self._add(new)

    def _former_revisions(self, duty_ids: list[int]) -> dict[int, list[DutyRevision]]:
        found: dict[int, list[DutyRevision]] = {}
        for row in db.session.scalars(
            sa.select(DutyRevision)
            .where(DutyRevision.duty_id.in_(duty_ids))
            .options(selectinload(DutyRevision.citations))
            .order_by(DutyRevision.since.desc())
        ):
            found.setdefault(row.duty_id, []).append(row)
        return found

    def _label(self, part: LegalBasis) -> str | None:
        return self.labels[part.source] if part.source is not None else None

    def _is_same(
        self,
        row: Membership | DutyRevision,
        wanted: dict[str, Any],
        citations: Sequence[CitationPart],
    ) -> bool:
        if any(getattr(row, name) != value for name, value in wanted.items()):
            return False
        there = [(c.instrument_id, c.article, c.note, c.text_checked_on) for c in row.citations]
        return there == [
            (self.instruments[c.instrument].id, c.article, c.note, c.text_checked_on)
            for c in citations
        ]

    def _has_same_substance(
        self, row: DutyRevision, new: DutyRevision, citations: Sequence[CitationPart]
    ) -> bool:
        """Return whether an agency's answer to `row` holds for `new` as well."""
        if any(getattr(row, name) != getattr(new, name) for name in WORDS):
            return False
        is_same_law = [(c.instrument_id, c.article) for c in row.citations] == [
            (self.instruments[c.instrument].id, c.article) for c in citations
        ]
        return keeps_answers(row.status, new.status, is_same_law=is_same_law)

    def _add(
        self, rows: Sequence[tuple[Membership | DutyRevision, Sequence[CitationPart]]]
    ) -> None:
        # The partial unique indexes allow one open row: end the old ones before the new come.
        db.session.flush()
        db.session.add_all(row for row, _citations in rows)
        for row, citations in rows:
            row.citations = [
                Citation(
                    instrument_id=self.instruments[part.instrument].id,
                    article=part.article,
                    note=part.note,
                    text_checked_on=part.text_checked_on,
                )
                for part in citations
            ]
        db.session.flush()
