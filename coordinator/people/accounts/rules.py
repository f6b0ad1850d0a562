"""Passwords, addresses, sessions and limits. Pure."""

import ipaddress
import re
from datetime import date, datetime, timedelta
from enum import StrEnum, auto

from coordinator.clock import TOLERANCE

IDLE = timedelta(hours=8)
ADMINISTRATOR_IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=20)
TOUCH = timedelta(minutes=5)
ADMINISTRATOR_TOUCH = timedelta(minutes=1)  # a coarser step would end a half hour noticeably early
INVITATION_LIFE = timedelta(hours=48)
RESET_LIFE = timedelta(minutes=30)
RESETS_IN_A_WHILE = 3  # links that one account may ask for
RESETS_WHILE = timedelta(hours=1)
CODE_LIFE = timedelta(days=14)
DEVICE_LIFE = timedelta(days=180)
LINK_PURPOSE = "undangan"  # purpose string of the derivation of one-time links
SHORTEST_PASSWORD = 15
LONGEST_PASSWORD = 200
WINDOW = timedelta(minutes=5)
FAILURES_PER_ACCOUNT = 10  # from one address
FAILURES_PER_ADDRESS = 30
FAILURES_PER_ADDRESS_IN_ALL = 150  # more than a whole office behind one address makes
FAILURES_IN_ALL = 1000
# Once these are full, each account has few tries left an address; strangers fill them too.
FEW_FAILURES = 3
FAILURES_PER_ACCOUNT_IN_ALL = 100
# Without 0 O, 1 I L, 2 Z, 5 S, 8 B, which are confused when read aloud or copied from paper.
CODE_ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
CODE_LENGTH = 12
USER_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")


class LinkPurpose(StrEnum):
    """What a one-time link is good for."""

    INVITATION = auto()
    RESET = auto()


class Standing(StrEnum):
    """How somebody holds an office: appointed, acting (pelaksana tugas) or for a day (harian)."""

    DEFINITIF = auto()
    PLT = auto()
    PLH = auto()


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
    """Return the network under which the limiter counts an address: up to a /56 for IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 56), strict=False))


def touch_after(*, is_administrator: bool) -> timedelta:
    """Return how long a session is in use before that is written down again."""
    return ADMINISTRATOR_TOUCH if is_administrator else TOUCH


def is_same_name(one: str, other: str) -> bool:
    """Return whether two spellings are one person's name: case, dots and spaces do not count."""
    return re.sub(r"[\W_]+", "", one.casefold()) == re.sub(r"[\W_]+", "", other.casefold())


TITLES = frozenset(
    (
        "prof", "dr", "drg", "drh", "drs", "dra", "ir", "apt", "ns", "bdn", "h", "hj", "kh", "kol",
        "akbp", "akp", "iptu", "ipda", "kompol", "kombes", "pol", "letkol", "mayor", "kapten",
        "bapak", "ibu", "sdr", "sdri",
    )
)  # fmt: skip


# Behind a name without a comma: "S.Sos", "M.Si.", "SH".
DEGREE = re.compile(
    r"[a-z]{1,3}\.[a-z][a-z.]*|(?:sh|se|st|skm|skep|spd|sip|ssos|mh|mm|mt|msi|mkes|mpd|map|amd)\.?",
    re.IGNORECASE,
)


def without_titles(name: str) -> str:
    """Return a name without its titles: "Dr. Rina Contoh, M.Si." is "Rina Contoh"."""
    words = name.partition(",")[0].split()
    while len(words) > 1 and words[0].casefold().rstrip(".") in TITLES:
        words = words[1:]
    while len(words) > 1 and DEGREE.fullmatch(words[-1]):
        words = words[:-1]
    return " ".join(words)


def bare_name(name: str) -> str:
    """Return a name without titles, case, dots and spaces: one that many are compared with."""
    return re.sub(r"[\W_]+", "", without_titles(name).casefold())


def may_be_same_person(one: str, other: str) -> bool:
    """Return whether two names differ only in titles: a user must confirm that they are one."""
    return bare_name(one) == bare_name(other)


def is_user_name(text: str) -> bool:
    """Return whether a (normal) sign-in name without an @ can be one."""
    return USER_NAME.fullmatch(text) is not None


def session_has_ended(
    *, created_at: datetime, seen_at: datetime, at: datetime, is_administrator: bool = False
) -> bool:
    """Return whether a session is over.

    It is over after 8 hours idle (an administrator's after 30 minutes), or after 20 hours in all.
    One that began or was seen in the future was dated by a wrong clock: it is over.
    """
    idle = ADMINISTRATOR_IDLE if is_administrator else IDLE
    is_ahead = max(created_at, seen_at) > at + TOLERANCE
    return is_ahead or at - seen_at > idle or at - created_at > ABSOLUTE


def grant_holds(
    *, from_on: date, until_on: date | None, on: date, ended_at: datetime | None = None
) -> bool:
    """Return whether an access is in force on a day (both ends included), unless it was ended."""
    return ended_at is None and from_on <= on and (until_on is None or on <= until_on)


def shown_code(code: str) -> str:
    """Return an activation code as it is printed: "ACDE-FGHJ-KMNP"."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def normal_code(text: str) -> str:
    """Return a typed activation code as it was made: capitals, without dashes and spaces."""
    return re.sub(r"[\s-]+", "", text).upper()
