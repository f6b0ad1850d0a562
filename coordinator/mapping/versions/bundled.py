"""What a newer mapping that came with the program would change. See docs/decisions/0026."""

from dataclasses import dataclass

from coordinator.db import db
from coordinator.mapping.duties.diff import compare
from coordinator.mapping.duties.differences import MappingDifference
from coordinator.mapping.duties.document import MAPPING_FORMAT
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.versions.merging import merged
from coordinator.mapping.versions.models import BundledMapping
from coordinator.mapping.versions.queries import edited
from coordinator.permissions import Permission, Viewer


@dataclass(frozen=True, slots=True)
class BundledUpdate:
    """A newer bundled mapping applied to the task force's own: its draft, else what is in force.

    `own` are changes that are not taken over, because the task force rewrote those parts: its text,
    and that of the update.
    """

    mapping: Mapping
    differences: list[MappingDifference]
    own: list[MappingDifference]

    @property
    def count(self) -> int:
        """Return how many changes the update has, taken or not: the one number that is shown."""
        return len(self.differences) + len(self.own)


def offer(viewer: Viewer) -> BundledUpdate | None:
    """Return the update that waits for the viewer's task force.

    None if there is none, if nothing in it is new, and for viewers who do not edit the mapping.
    """
    if not viewer.may(Permission.EDIT_MAPPING):
        return None
    row = db.session.get(BundledMapping, viewer.own_task_force_id)
    mine, _revision = edited(viewer)
    if row is None or row.offered is None or mine is None:
        return None
    found = _put_on(
        mine, MAPPING_FORMAT.from_json(row.taken), MAPPING_FORMAT.from_json(row.offered)
    )
    return found if found.differences or found.own else None


def _put_on(mine: Mapping, taken: Mapping, offered: Mapping) -> BundledUpdate:
    mapping, _clashes = merged(taken, mine, offered)
    news = {(one.subject, one.id) for one in compare(taken, offered)}
    own = [one for one in compare(mapping, offered) if (one.subject, one.id) in news]
    return BundledUpdate(mapping, compare(mine, mapping), own)


def waits(viewer: Viewer) -> bool:
    """Return whether an update waits for the viewer's task force. Cheaper than `offer`."""
    row = db.session.get(BundledMapping, viewer.own_task_force_id)
    return row is not None and row.offered is not None


def settle(task_force_id: int, published: Mapping) -> None:
    """Mark an update as taken once it would change nothing more. Within a transaction."""
    row = db.session.get(BundledMapping, task_force_id)
    if row is None or row.offered is None:
        return
    found = _put_on(
        published, MAPPING_FORMAT.from_json(row.taken), MAPPING_FORMAT.from_json(row.offered)
    )
    if not (found.differences or found.own):
        row.taken, row.offered = row.offered, None
