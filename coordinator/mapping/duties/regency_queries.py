"""What laws give to the viewer's kabupaten/kota and nobody holds, read from its mapping."""

import functools
import json

from coordinator.mapping.duties.document import document_text
from coordinator.mapping.duties.regency_rules import RegencyDuty, unheld
from coordinator.permissions import Viewer


def unheld_duties(viewer: Viewer, version: int) -> list[RegencyDuty]:
    """Return what laws give to the viewer's kabupaten/kota and its mapping of `version` assigns to
    nobody."""
    text = document_text(viewer.own_task_force_id, version)
    return [] if text is None else list(_unheld_in(text))


@functools.lru_cache(maxsize=8)
def _unheld_in(document: str) -> tuple[RegencyDuty, ...]:
    content = json.loads(document)
    short = {part["id"]: part["short"] for part in content["legal_instruments"]}
    listed = [
        RegencyDuty(
            one["text"],
            one["instrument"],
            one["article"],
            f"{short[one['instrument']]} {one['article']}",
            one.get("note"),
        )
        for one in content.get("regency_duties", ())
    ]
    cited = [
        (one["instrument"], one["article"])
        for duty in content["duties"]
        for one in duty.get("citations", ())
    ]
    return tuple(unheld(listed, cited))
