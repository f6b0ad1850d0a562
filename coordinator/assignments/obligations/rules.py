"""Words and terms of obligations. Pure."""

from enum import StrEnum, auto

# Working days that a new holder of work has for its first report (docs/glossary.md).
DAYS_FOR_RECEIVER = 10


class ObligationEnd(StrEnum):
    """Why an obligation ended without a report of its own."""

    TRANSFERRED = auto()
    CLOSED = auto()
