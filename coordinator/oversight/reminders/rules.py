"""What a ladder reminds of, and what a digest holds. Pure."""

from enum import StrEnum, auto

SEND_HOUR = 8
SOONEST_ABOVE = 7  # days after the last day: no step to somebody above is earlier
COMING_DAYS = 14
MONDAY = 0


class ReminderSubject(StrEnum):
    """What a step reminds of: a report not yet sent, or a returned one not yet corrected."""

    REPORT = auto()
    REVISION = "mend"  # the stored value


class Audience(StrEnum):
    """Whom a step tells."""

    CONTACTS = auto()  # the focal point and the alternate
    HEAD = auto()
    LEADERSHIP = auto()  # on the list of its first page; no mail


# Calendar days from the last day. The installation's own: no text sets any.
DEFAULT_LADDER = (
    *((ReminderSubject.REPORT, offset, Audience.CONTACTS) for offset in (-14, -3, 1)),
    *((ReminderSubject.REVISION, offset, Audience.CONTACTS) for offset in (-1, 1)),
    *((subject, SOONEST_ABOVE, Audience.HEAD) for subject in ReminderSubject),
    *((subject, 14, Audience.LEADERSHIP) for subject in ReminderSubject),
)
