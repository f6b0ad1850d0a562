"""Words of periods. Pure."""

from enum import StrEnum, auto


class ObligationEnd(StrEnum):
    """Why an obligation ended without a report of its own."""

    TRANSFERRED = auto()
    CLOSED = auto()
