"""Reading drafts and versions."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum, auto

import sqlalchemy as sa

from coordinator.clock import is_within
from coordinator.db import db
from coordinator.mapping.answers.campaign_queries import all_asked_since
from coordinator.mapping.answers.queries import current_answers
from coordinator.mapping.duties.diff import compare, to_answer
from coordinator.mapping.duties.differences import MappingDifference, by_agency
from coordinator.mapping.duties.document import MAPPING_FORMAT, document
from coordinator.mapping.duties.models import Duty, LegalInstrument, MappingVersion, WorkingGroup
from coordinator.mapping.duties.queries import current_version
from coordinator.mapping.duties.seed import DutyPart, Mapping
from coordinator.mapping.versions.models import MappingDraft
from coordinator.people.accounts.queries import recipients_of_agencies
from coordinator.people.directory.models import Agency, FormerSlug
from coordinator.people.directory.queries import agencies_by_key
from coordinator.permissions import Viewer
from coordinator.platform.mail.rules import MailState
from coordinator.platform.mail.service import GRACE
from coordinator.platform.mail.thread_queries import all_states


def draft(viewer: Viewer) -> MappingDraft | None:
    """Return the draft of the viewer's task force."""
    return db.session.get(MappingDraft, viewer.own_task_force_id)


def published(task_force_id: int) -> Mapping | None:
    """Return the mapping now in force as a document."""
    version = current_version(task_force_id)
    return document(task_force_id, version.number) if version else None


def edited(viewer: Viewer) -> tuple[Mapping | None, int]:
    """Return the mapping as the secretariat sees it while editing, and the draft's revision.

    The mapping is the draft, else the version in force; the revision is 0 if there is no draft.
    """
    row = draft(viewer)
    if row is not None:
        return MAPPING_FORMAT.from_json(row.content), row.revision
    return published(viewer.own_task_force_id), 0


@dataclass(frozen=True, slots=True)
class Working:
    """The mapping as the secretariat edits it, and the one it began from.

    `token` identifies both: a form with a different token was opened on another state.
    """

    mapping: Mapping
    base: Mapping
    number: int
    newest: int
    revision: int
    content: str

    @property
    def token(self) -> str:
        """Return the token that a form carries to identify what its editor saw."""
        return f"{self.number}.{self.revision}"

    @property
    def is_draft(self) -> bool:
        """Return whether a draft is kept."""
        return self.revision > 0

    @property
    def is_stale(self) -> bool:
        """Return whether another version was published since the draft was begun."""
        return self.number != self.newest

    def differences(self) -> list[MappingDifference]:
        """Return what publishing would change."""
        return compare(self.base, self.mapping)

    def to_answer(self) -> list[DutyPart]:
        """Return the duties whose agency would be asked (again)."""
        return to_answer(self.base, self.mapping)


def working(viewer: Viewer) -> Working | None:
    """Return the mapping as the secretariat edits it.

    None if there is neither a version nor a draft of the first one.
    """
    version = current_version(viewer.own_task_force_id)
    row = draft(viewer)
    if version is None:
        return None if row is None else _first(row)
    number = row.base_number if row else version.number
    base = document(viewer.own_task_force_id, number)
    if base is None:
        return None
    return Working(
        mapping=MAPPING_FORMAT.from_json(row.content) if row else base,
        base=base,
        number=number,
        newest=version.number,
        revision=row.revision if row else 0,
        content=row.content if row else "",
    )


def _first(row: MappingDraft) -> Working:
    """Return the draft of a task force's first mapping: all in it is new."""
    mapping = MAPPING_FORMAT.from_json(row.content)
    nothing = replace(
        mapping,
        sources=[],
        legal_instruments=[],
        working_groups=[],
        agencies=[],
        memberships=[],
        duties=[],
    )
    return Working(
        mapping=mapping,
        base=nothing,
        number=row.base_number,
        newest=row.base_number,
        revision=row.revision,
        content=row.content,
    )


def used_keys(
    viewer: Viewer, model: type[Duty | Agency | WorkingGroup | LegalInstrument]
) -> set[str]:
    """Return every id a part of this kind ever had in the viewer's task force.

    A new part must not reuse them, because history refers to ids.
    """
    found = set(
        db.session.scalars(
            sa.select(model.key).where(model.task_force_id == viewer.own_task_force_id)
        )
    )
    if model is Agency:
        found |= set(
            db.session.scalars(
                sa.select(FormerSlug.slug).where(
                    FormerSlug.task_force_id == viewer.own_task_force_id
                )
            )
        )
    return found


def receivers(viewer: Viewer, differences: list[MappingDifference], on: date) -> tuple[int, int]:
    """Return how many agencies the differences touch, and how many of them can be sent a mail."""
    touched = by_agency(differences)
    known = agencies_by_key(viewer.own_task_force_id)
    people = recipients_of_agencies((known[key].id for key in touched if key in known), on)
    return len(touched), sum(map(bool, people.values()))


def unanswered(viewer: Viewer, keys: set[str]) -> list[Duty]:
    """Return those of the duties `keys` with no answer to their current version."""
    answered = current_answers(viewer.own_task_force_id)
    rows = db.session.scalars(
        sa.select(Duty)
        .where(Duty.task_force_id == viewer.own_task_force_id, Duty.key.in_(keys))
        .order_by(Duty.position)
    )
    return [duty for duty in rows if duty.id not in answered]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One published version in the list; `changes` is None if the number is not known."""

    number: int
    reason: str
    effective_on: date
    recorded_at: datetime
    changes: int | None = None


def versions(viewer: Viewer) -> list[VersionLine]:
    """Return the published versions of the viewer's task force, newest first."""
    rows = db.session.execute(
        sa.select(
            MappingVersion.number,
            MappingVersion.reason,
            MappingVersion.effective_on,
            MappingVersion.recorded_at,
        )
        .where(MappingVersion.task_force_id == viewer.own_task_force_id)
        .order_by(MappingVersion.number.desc())
    )
    return [VersionLine(*row) for row in rows]


def with_changes(viewer: Viewer, lines: list[VersionLine]) -> list[VersionLine]:
    """Return the lines with their number of changes. Reads each document once."""
    numbers = {line.number for line in lines} | {line.number - 1 for line in lines}
    found = {number: document(viewer.own_task_force_id, number) for number in numbers}
    counted = []
    for line in lines:
        before, after = found[line.number - 1], found[line.number]
        count = None if before is None or after is None else len(compare(before, after))
        counted.append(replace(line, changes=count))
    return counted


def version(viewer: Viewer, number: int) -> MappingVersion | None:
    """Return one version of the viewer's task force."""
    return db.session.scalar(
        sa.select(MappingVersion).where(
            MappingVersion.task_force_id == viewer.own_task_force_id,
            MappingVersion.number == number,
        )
    )


def changes_of(task_force_id: int, number: int) -> list[MappingDifference]:
    """Return what version `number` changed against the one before it.

    Empty for the first version, and if either was published before documents were stored.
    """
    after = document(task_force_id, number)
    before = document(task_force_id, number - 1)
    return [] if after is None or before is None else compare(before, after)


def mail_thread(code: str, number: int) -> str:
    """Return the thread of a version's mails in the outbox."""
    return f"mapping:{code}:{number}"


class UndoBar(StrEnum):
    """Why a version cannot be taken back."""

    NOT_NEWEST = auto()
    REQUEST = auto()  # a request for answers rests on it; once that has ended, it can
    LATE = auto()


def undo_bar(version: MappingVersion, code: str, *, at: datetime) -> UndoBar | None:
    """Return what keeps a version from being taken back: only the newest is, within two minutes,
    before any of its mails leaves and while no request for answers rests on it."""
    newest = current_version(version.task_force_id)
    if newest is None or newest.number != version.number or version.number == 1:
        return UndoBar.NOT_NEWEST
    states = set(all_states(mail_thread(code, version.number)))
    has_left = states & {MailState.SENDING, MailState.SENT}
    if has_left or not is_within(GRACE, version.recorded_at, at):
        return UndoBar.LATE
    asks_since = all_asked_since(version.task_force_id)
    if asks_since is not None and (
        asks_since >= version.number or MailState.CANCELLED in states  # taken by its mails
    ):
        return UndoBar.REQUEST
    return None
