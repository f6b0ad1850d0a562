"""What a ladder reminds of, and what a digest holds. Pure."""

from enum import StrEnum, auto

# Calendar days from the last day; the later steps (H+7, H+14) go to other people and come later.
DEFAULT_REPORT_STEPS = (-14, -3, 1)
DEFAULT_REVISION_STEPS = (-1, 1)
SEND_HOUR = 8
COMING_DAYS = 14
MONDAY = 0


class ReminderSubject(StrEnum):
    """What a step reminds of: a report not yet sent, or a returned one not yet corrected."""

    REPORT = auto()
    REVISION = "mend"  # the stored value
