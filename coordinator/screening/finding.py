"""Findings: where and of what kind, never the text itself."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple


class Severity(StrEnum):
    """What the caller must do: refuse the save, or ask the user first."""

    BLOCK = "block"
    WARN = "warn"


# Python looks up enum members slowly; these two are needed for every hit.
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
    """One place in a text, deliberately without the text itself.

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
