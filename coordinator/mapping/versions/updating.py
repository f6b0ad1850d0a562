"""A newer mapping that came with the program: published where nobody edited, else offered.

See docs/decisions/0026-bundled-mapping.md.
"""

from enum import StrEnum, auto

from coordinator.db import db, transactional
from coordinator.errors import NotAllowed, NotFound
from coordinator.mapping.duties.document import MAPPING_FORMAT
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.versions import bundled, queries
from coordinator.mapping.versions.bundled import BundledUpdate
from coordinator.mapping.versions.models import BundledMapping, MappingDraft
from coordinator.mapping.versions.service import publish, save_draft
from coordinator.people.directory.queries import task_force_by_code
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.translation import gettext as _


class UpdateOutcome(StrEnum):
    """What became of a bundled mapping when the program started."""

    NONE = auto()  # this task force's own did not begin from one, or it is the same
    PUBLISHED = auto()
    OFFERED = auto()


@transactional
def note_bundled(mapping: Mapping, *, file_hash: str) -> None:
    """Remember the bundled mapping that a new installation was filled with."""
    force = task_force_by_code(mapping.task_forces[0].code)
    assert force is not None
    db.session.add(
        BundledMapping(
            task_force_id=force.id, taken=MAPPING_FORMAT.to_json(mapping), file_hash=file_hash
        )
    )
    record("mapping.update_noted", by=None, subject=("task_force", force.id))


def is_known(code: str, file_hash: str) -> bool:
    """Return whether this very file was looked at before, or does not concern task force `code`."""
    force = task_force_by_code(code)
    row = db.session.get(BundledMapping, force.id) if force else None
    return row is None or row.file_hash == file_hash


@transactional
def take_in(mapping: Mapping, *, file_hash: str) -> UpdateOutcome:
    """Process the mapping that came with this release.

    If the task force never edited the previous one, it becomes a new version, and agencies are
    notified once as usual. If it did, or has a draft, nothing changes: the update is offered.
    """
    force = task_force_by_code(mapping.task_forces[0].code)
    row = db.session.get(BundledMapping, force.id) if force else None
    if force is None or row is None:
        return UpdateOutcome.NONE
    row.file_hash = file_hash
    published = queries.published(force.id)
    taken, text = MAPPING_FORMAT.from_json(row.taken), MAPPING_FORMAT.to_json(mapping)
    outcome = UpdateOutcome.NONE
    if mapping == taken or published is None:
        row.offered = None
    elif published == taken and db.session.get(MappingDraft, force.id) is None:
        publish(mapping, by=None, reason=_("Pembaruan pemetaan bawaan"), notify=True)
        row.taken, row.offered = text, None
        outcome = UpdateOutcome.PUBLISHED
    else:
        row.offered = text
        bundled.settle(force.id, published)
        outcome = UpdateOutcome.OFFERED if row.offered else UpdateOutcome.NONE
    db.session.flush()
    record(
        "mapping.update_noted",
        by=None,
        subject=("task_force", force.id),
        outcome=outcome.value,
    )
    return outcome


def draft_update(*, revision: int, base_number: int | None, by: Viewer) -> BundledUpdate:
    """Put the waiting update into the draft, to be reviewed and published like any other change.

    What the task force worded itself stays. Raises NotAllowed, NotFound, Conflict.
    """
    found = _offer(by)
    save_draft(found.mapping, revision=revision, by=by, base_number=base_number)
    return found


@transactional
def decline_update(*, by: Viewer) -> None:
    """Decline the waiting update; the next one is compared with it.

    Raises NotAllowed, NotFound.
    """
    _offer(by)
    row = db.session.get_one(BundledMapping, by.own_task_force_id)
    assert row.offered is not None
    row.taken, row.offered = row.offered, None
    db.session.flush()
    record("mapping.update_declined", by=by, subject=("task_force", by.own_task_force_id))


def _offer(by: Viewer) -> BundledUpdate:
    if not by.may(Permission.EDIT_MAPPING):
        raise NotAllowed(_("Hanya Sekretariat yang dapat mengubah pemetaan."))
    found = bundled.offer(by)
    if found is None:
        raise NotFound(_("Tidak ada pembaruan pemetaan bawaan."))
    return found
