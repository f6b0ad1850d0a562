"""What is found: where and of what kind, never what it says."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple


class Severity(StrEnum):
    """What the caller does: refuse the save, or ask the person first."""

    BLOCK = "block"
    WARN = "warn"


# Python looks a member of an enum up slowly; these two are asked for at every hit.
BLOCK: Final = Severity.BLOCK
WARN: Final = Severity.WARN


class Kind(StrEnum):
    """What was found. ``NIK`` with ``WARN`` is a labelled number with a digit lost or added."""

    NIK = "nik"
    KK = "kk"
    PHONE = "phone"
    INITIALS = "initials"
    IDENTITY = "identity"
    CASE_NUMBER = "case_number"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in a text; on purpose without the text itself.

    ``start`` and ``end`` are a half-open span in code points of the original text, also where that
    holds full-width digits, zero-width characters or ``%20``.
    """

    severity: Severity
    kind: Kind
    start: int
    end: int


class Hit(NamedTuple):
    """A finding in folded positions."""

    severity: Severity
    kind: Kind
    start: int
    end: int
