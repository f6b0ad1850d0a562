"""What may become of a proposal. Pure."""

from enum import StrEnum, auto


class ProposalState(StrEnum):
    """Waits for the receiver; accepted or declined by it; or taken back by who proposed."""

    OPEN = auto()
    ACCEPTED = auto()
    DECLINED = auto()
    WITHDRAWN = auto()
