"""How an agency was contacted, and who of it can be reached. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum, auto

UNSEEN_AFTER = timedelta(days=60)
IMPORT_LIFE = timedelta(hours=24)


class ContactMeans(StrEnum):
    """How the secretariat contacted an agency."""

    TELEPHONE = auto()
    WHATSAPP = auto()
    LETTER = auto()
    IN_PERSON = auto()


class Reach(StrEnum):
    """Why a person cannot be reached; `OK` where they can."""

    OK = auto()
    NOT_YET = auto()  # the appointment begins later
    EXPIRED = auto()  # the appointment is over
    CLOSED = auto()  # the account was closed
    BOUNCED = auto()  # mail comes back, or was given up
    NOT_INVITED = auto()
    UNSEEN = auto()  # not seen for 60 days


class InviteState(StrEnum):
    """How far a person's way into the product is."""

    NOT_INVITED = auto()
    INVITED = auto()
    ACTIVE = auto()
    FAILED = auto()
    CLOSED = auto()


def reachability(
    *,
    is_active: bool,
    has_begun: bool,
    is_over: bool,
    has_mailbox: bool,
    is_bounced: bool,
    was_invited: bool,
    seen_at: datetime,
    at: datetime,
) -> Reach:
    """Return whether a person can be reached, or the first reason why not.

    `seen_at` is when they last signed in or, before the first time, when they were invited. Who has
    no mailbox is reached through the product alone, and so must have been invited (by letter) too.
    """
    if is_over:
        return Reach.EXPIRED
    if not is_active:
        return Reach.CLOSED
    if not has_begun:
        return Reach.NOT_YET
    if has_mailbox and is_bounced:
        return Reach.BOUNCED
    if not was_invited:
        return Reach.NOT_INVITED
    if at - seen_at > UNSEEN_AFTER:
        return Reach.UNSEEN
    return Reach.OK
