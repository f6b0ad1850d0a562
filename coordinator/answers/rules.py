"""Words of answers and rulings. Pure."""

from enum import StrEnum, auto

# Working days; a setting of the task force later. The ministry names no term: it is ours.
DAYS_TO_RULE = 5


class Answer(StrEnum):
    """What an agency says of a duty."""

    ACCEPTED = auto()
    NEEDS_EXPLANATION = auto()
    NOT_OURS = auto()


class Outcome(StrEnum):
    """How the secretariat rules on a question or refusal."""

    STAYS = auto()
    MOVED = auto()
    SHARED = auto()
    REWORDED = auto()
