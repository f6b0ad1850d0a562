"""The states of a request and the lengths of its texts. Pure."""

from enum import StrEnum, auto

LONGEST_QUESTION = 2000  # characters
LONGEST_ASKED_OF = 200  # characters


class DecisionState(StrEnum):
    """open -> decided by the leadership, or withdrawn by a submission that no longer asks."""

    OPEN = auto()
    DECIDED = auto()
    WITHDRAWN = auto()
