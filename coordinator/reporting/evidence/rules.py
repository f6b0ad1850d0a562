"""What people may say of a use of a file, and the states of its check and its review. Pure."""

from enum import StrEnum, auto

from coordinator.platform.files.rules import Reading

LOOK_WITHIN = 1  # working days in which the secretariat decides


class CheckState(StrEnum):
    """Whether somebody has looked for victims' identity.

    `clean` without a person (`checked_by_id` empty) means that the detector read every word of the
    file and found nothing. A file it could not read whole never becomes clean by itself.
    """

    WAITING = auto()
    CLEAN = auto()
    REFUSED = auto()


class Level(StrEnum):
    """Who may open a file that was handed in. Nothing is public."""

    INTERNAL = auto()  # anyone who may read reports of the task force
    RESTRICTED = auto()  # the agency, the secretariat, the auditor


class WithdrawReason(StrEnum):
    """Why a file is taken back."""

    IDENTITY = auto()
    WRONG_FILE = auto()
    OTHER = auto()


class ReviewState(StrEnum):
    """What has become of a file that was said to identify a victim or witness."""

    OPEN = auto()  # hidden from everybody; the secretariat has to look
    KEPT = auto()  # it does not: shown again, and accepted again
    DELETED = auto()  # it does: gone from every report of the task force, refused from then on


def check_after(reading: Reading, warnings: int) -> CheckState:
    """Return the state of a file just taken in.

    Only a file that was read completely, without a doubt, passes (UU 21/2007 arts. 24, 44).
    """
    return CheckState.CLEAN if reading is Reading.FULL and not warnings else CheckState.WAITING
