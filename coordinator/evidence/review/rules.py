"""The states of a review and what they mean for bytes that come again. Pure."""

from enum import StrEnum, auto

LOOK_WITHIN = 1  # working days in which the secretariat decides


class ReviewState(StrEnum):
    """What has become of a file that was said to identify a victim or witness."""

    OPEN = auto()  # hidden from everybody; the secretariat has to look
    KEPT = auto()  # it does not: shown again, and accepted again
    DELETED = auto()  # it does: gone from every report of the task force, refused from then on
