"""Keys, secrets and waiting times of mail. Pure."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum, auto

LINE_BREAKS = re.compile(r"[\r\n\x00-\x1f\x7f\u0085\u2028\u2029]+")
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=1)
MOST_ATTEMPTS = 40  # about a day and a half of trying
SUBJECT_LENGTH = 150
SOFT_BOUNCES = 5  # so many within SOFT_WINDOW count as one hard bounce
SOFT_WINDOW = timedelta(days=30)
NO_ADDRESS = "orang ini belum punya alamat email"
UNREACHABLE = "alamat ini tidak sampai; perbaiki alamatnya di halaman kontak OPD"


class MailState(StrEnum):
    """Where a mail is. `sending` is held by a lease and falls back to the queue when it ends."""

    QUEUED = auto()
    SENDING = auto()
    SENT = auto()
    FAILED = auto()
    CANCELLED = auto()


class BounceKind(StrEnum):
    """For good (no such mailbox), or for now (full, unreachable)."""

    HARD = auto()
    SOFT = auto()


def occasion_prefix(occasion: Sequence[object]) -> str:
    """Return what the keys of all mails on an occasion begin with; no other occasion's do."""
    return "".join(f"{part}:" for part in occasion)


def mail_key(
    occasion: Sequence[object],
    *,
    task_force_id: int | None,
    account_id: int | None,
    to_address: str,
) -> str:
    """Return the key of a mail: the occasion, the task force that writes and the person it is for
    (where there is no account, the address).

    A person in two task forces, or two people on one occasion, never share a key.
    """
    receiver = token_hash(to_address.casefold())[:16] if account_id is None else account_id
    return f"{occasion_prefix(occasion)}{task_force_id or 0}:{receiver}"


def derive_token(secret_key: str, purpose: str, link_id: str) -> str:
    """Return the secret of a link: 256 bits of HMAC over its purpose and id.

    It can be made again for a retry, and neither the outbox nor the link's table holds it.
    """
    digest = hmac.new(secret_key.encode(), f"{purpose}:{link_id}".encode(), hashlib.sha256)
    return digest.hexdigest()


def token_hash(token: str) -> str:
    """Return what a table keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def one_line(text: str, length: int = SUBJECT_LENGTH) -> str:
    """Return `text` fit for a header: no line breaks or control characters, not too long."""
    text = " ".join(LINE_BREAKS.sub(" ", text).split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def retry_after(attempts: int) -> timedelta:
    """Return the wait after the `attempts`-th try (1, 2, ...): 1 minute doubling to 1 hour."""
    doublings = min(attempts - 1, 10)
    return min(FIRST_RETRY * (1 << doublings), LONGEST_RETRY)
