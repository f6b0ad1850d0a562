"""Passwords, addresses, sessions and limits. Pure."""

import ipaddress
from datetime import date, datetime, timedelta
from enum import StrEnum, auto

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(hours=20)
TOUCH = timedelta(minutes=5)
INVITATION_LIFE = timedelta(hours=48)
RESET_LIFE = timedelta(minutes=30)
SHORTEST_PASSWORD = 15
LONGEST_PASSWORD = 200
WINDOW = timedelta(minutes=5)
FAILURES_PER_ACCOUNT = 10
FAILURES_PER_ADDRESS = 30


class LinkPurpose(StrEnum):
    """What a one-time link is good for."""

    INVITATION = auto()
    RESET = auto()


class PasswordProblem(StrEnum):
    """Why a password cannot be used."""

    TOO_SHORT = auto()
    TOO_LONG = auto()
    GUESSABLE = auto()


def password_problem(password: str, *, email: str) -> PasswordProblem | None:
    """Return what is wrong with a new password, or None.

    Length instead of a mix of characters, and no forced change (ASVS 5.0, NIST 800-63B-4);
    docs/decisions/0006-passwords.md says where this departs from BSSN 4/2021.
    """
    if len(password) < SHORTEST_PASSWORD:
        return PasswordProblem.TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return PasswordProblem.TOO_LONG
    folded = password.casefold()
    local = email.partition("@")[0].casefold()
    if len(set(folded)) < 5 or (local and folded.replace(local, "").strip("0123456789") == ""):
        return PasswordProblem.GUESSABLE
    return None


def normal_email(email: str) -> str:
    """Return the one spelling under which an address is kept and looked up."""
    return email.strip().casefold()


def network_of(address: str) -> str:
    """Return whom an address stands for in the limiter: an IPv6 customer holds a whole /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def session_has_ended(*, created_at: datetime, seen_at: datetime, at: datetime) -> bool:
    """Tell whether a session is over: 8 hours idle, or 20 hours in all."""
    return at - seen_at > IDLE or at - created_at > ABSOLUTE


def grant_holds(*, from_on: date, until_on: date | None, on: date) -> bool:
    """Tell whether an access is in force on a day (both ends included)."""
    return from_on <= on and (until_on is None or on <= until_on)
