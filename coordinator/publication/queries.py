"""Reading drafts and versions."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from coordinator.db import db
from coordinator.mail.models import OutgoingEmail
from coordinator.mail.rules import MailState
from coordinator.mail.service import GRACE
from coordinator.permissions import Viewer
from coordinator.publication.models import MappingDraft
from coordinator.roles.diff import Difference, compare
from coordinator.roles.document import document, from_json
from coordinator.roles.models import MappingVersion
from coordinator.roles.queries import current_version
from coordinator.roles.seed import Mapping


def draft(viewer: Viewer) -> MappingDraft | None:
    """Return the draft of the viewer's task force."""
    return db.session.get(MappingDraft, viewer.own_task_force_id)


def published(task_force_id: int) -> Mapping | None:
    """Return the mapping now in force as a document."""
    version = current_version(task_force_id)
    return document(task_force_id, version.number) if version else None


def edited(viewer: Viewer) -> tuple[Mapping | None, int]:
    """Return the mapping as the secretariat sees it while editing (the draft, else what is in
    force), and the draft's revision (0 where there is none)."""
    row = draft(viewer)
    if row is not None:
        return from_json(row.content), row.revision
    return published(viewer.own_task_force_id), 0


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One published version in the list."""

    number: int
    reason: str
    effective_on: date
    recorded_at: datetime


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


def version(viewer: Viewer, number: int) -> MappingVersion | None:
    """Return one version of the viewer's task force."""
    return db.session.scalar(
        sa.select(MappingVersion).where(
            MappingVersion.task_force_id == viewer.own_task_force_id,
            MappingVersion.number == number,
        )
    )


def changes_of(task_force_id: int, number: int) -> list[Difference]:
    """Return what version `number` changed against the one before it; empty where either was
    published before documents were kept, and for the first."""
    after = document(task_force_id, number)
    before = document(task_force_id, number - 1)
    return [] if after is None or before is None else compare(before, after)


def mail_thread(code: str, number: int) -> str:
    """Return the thread of a version's mails in the outbox."""
    return f"mapping:{code}:{number}"


def may_undo(version: MappingVersion, code: str, *, at: datetime) -> bool:
    """Tell whether a version is the newest, two minutes have not passed, and no mail has left."""
    newest = current_version(version.task_force_id)
    if newest is None or newest.number != version.number or version.number == 1:
        return False
    states = db.session.scalars(
        sa.select(OutgoingEmail.state).where(
            OutgoingEmail.thread == mail_thread(code, version.number)
        )
    )
    return at < version.recorded_at + GRACE and all(state is MailState.QUEUED for state in states)
