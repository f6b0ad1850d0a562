"""When a link in a mail works. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto

TOKEN_PURPOSE = "laporan"  # noqa: S105 a word for mail.rules.derive_token, no secret
CONFIRM_DAYS = 30


class TokenPurpose(StrEnum):
    """Write and send a report, or say whether what was typed on one's behalf is right."""

    REPORT = auto()
    CONFIRM = auto()


class LinkState(StrEnum):
    """What somebody who opens a link finds."""

    OPEN = auto()
    SENT = auto()  # it has done its work
    OVER = auto()  # too late, the person has left, or somebody else sent the report


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What decides about a link."""

    is_writable: bool
    is_same_round: bool
    has_access: bool
    is_allowed: bool
    last_day: date
    grace_days: int
    has_sent: bool


def link_state(facts: LinkFacts, on: date) -> LinkState:
    """Return what a link is good for on the day `on`.

    It ends with the submission, with the person's access, `grace_days` after the report's last
    day, and where the task force switches links off.
    """
    if facts.has_sent and facts.has_access:
        return LinkState.SENT
    is_in_time = on <= facts.last_day + timedelta(days=facts.grace_days)
    alive = facts.is_writable and facts.is_same_round and facts.has_access and facts.is_allowed
    return LinkState.OPEN if alive and is_in_time else LinkState.OVER
