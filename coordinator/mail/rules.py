"""Addresses, placeholders and waiting times of mail. Pure."""

import hashlib
import hmac
import re
from datetime import timedelta
from enum import StrEnum, auto

# [[base]] is where the site is reached; [[token:purpose:id]] a secret made at the time of sending.
PLACEHOLDER = re.compile(r"\[\[(base|token:[a-z]+:[A-Za-z0-9_-]+)\]\]")
LINE_BREAKS = re.compile(r"[\r\n\x00-\x1f\x7f\u0085\u2028\u2029]+")
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=1)
MOST_ATTEMPTS = 40  # about a day and a half of trying
SUBJECT_LENGTH = 150


class MailState(StrEnum):
    """Where a mail is. `sending` is held by a lease and falls back to the queue when it ends."""

    QUEUED = auto()
    SENDING = auto()
    SENT = auto()
    FAILED = auto()
    CANCELLED = auto()


def derive_token(secret_key: str, purpose: str, link_id: str) -> str:
    """Return the secret of a link: 256 bits of HMAC over its purpose and id.

    It can be made again for a retry, and neither the outbox nor the link's table holds it.
    """
    digest = hmac.new(secret_key.encode(), f"{purpose}:{link_id}".encode(), hashlib.sha256)
    return digest.hexdigest()


def token_hash(token: str) -> str:
    """Return what a table keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def fill_placeholders(text: str, *, base_url: str, secret_key: str) -> str:
    """Return `text` with the site's address and the links' secrets put in."""

    def fill(match: re.Match[str]) -> str:
        if match[1] == "base":
            return base_url
        _, purpose, link_id = match[1].split(":")
        return derive_token(secret_key, purpose, link_id)

    return PLACEHOLDER.sub(fill, text)


def one_line(text: str, length: int = SUBJECT_LENGTH) -> str:
    """Return `text` fit for a header: no line breaks or control characters, not too long."""
    text = " ".join(LINE_BREAKS.sub(" ", text).split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def retry_after(attempts: int) -> timedelta:
    """Return the wait after the `attempts`-th try (1, 2, ...): 1 minute doubling to 1 hour."""
    doublings = min(attempts - 1, 10)
    return min(FIRST_RETRY * (1 << doublings), LONGEST_RETRY)
