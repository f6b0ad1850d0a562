"""Who is called by a comment. Pure."""

import re
from enum import StrEnum, auto

from coordinator.permissions import AGENCY_KINDS, AccessKind


class Addressee(StrEnum):
    """Functions a comment may call; persons are never named."""

    FOCAL_POINT = auto()
    SECRETARIAT = auto()


HANDLES = {"narahubung": Addressee.FOCAL_POINT, "sekretariat": Addressee.SECRETARIAT}
# Not within an address ("dinas@narahubung.example") nor a longer word.
HANDLE = re.compile(r"(?<![\w.@])@(" + "|".join(HANDLES) + r")\b(?!\.\w)", re.IGNORECASE)


def called(text: str) -> list[Addressee]:
    """Return the functions a comment calls ("@narahubung", "@sekretariat"), each once, in order."""
    return list(dict.fromkeys(HANDLES[found[1].lower()] for found in HANDLE.finditer(text)))


def side_of(kind: AccessKind) -> Addressee | None:
    """Return which addressee a writer answers for: the agency's people for the focal point."""
    if kind is AccessKind.SECRETARIAT:
        return Addressee.SECRETARIAT
    return Addressee.FOCAL_POINT if kind in AGENCY_KINDS else None
