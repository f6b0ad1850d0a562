"""Where the buttons of a mail lead: stored as data with its text, never as text. Pure."""

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Self

from markupsafe import escape

from coordinator.platform.mail.rules import derive_token

_shown: ContextVar[dict[str, "MailLink"]] = ContextVar("links of the mail being written")


def _new_mark() -> str:
    # Nobody can have typed it: it is made after everything that people typed.
    return f"[[{secrets.token_hex(16)}]]"


@dataclass(frozen=True, slots=True)
class MailLink:
    """A page of this site, or with `purpose` and `secret_id` a page protected by a secret.

    With a secret, `path` ends where the token begins, and the token is made when the mail is sent.
    In the text of a mail it is a random `mark`, and becomes one of that mail's links. Only marks of
    the mail's own links are replaced by addresses; text that people typed is never changed.
    """

    path: str
    purpose: str = ""
    secret_id: str = ""
    mark: str = field(default_factory=_new_mark)

    def __str__(self) -> str:
        _shown.get()[self.mark] = self
        return self.mark

    @property
    def is_secret(self) -> bool:
        """True where the link needs no password."""
        return bool(self.purpose)

    def address(self, *, base_url: str, secret_key: str) -> str:
        """Return where it leads."""
        token = derive_token(secret_key, self.purpose, self.secret_id) if self.is_secret else ""
        return f"{base_url}{self.path}{token}"

    def to_json(self) -> dict[str, str]:
        """Return what the outbox keeps of it."""
        return {
            "mark": self.mark,
            "path": self.path,
            "purpose": self.purpose,
            "secret_id": self.secret_id,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, str]) -> Self:
        """Return a link that the outbox kept."""
        return cls(**stored)


@contextmanager
def writing_a_mail() -> Iterator[dict[str, MailLink]]:
    """Collect, by mark, the links that are shown meanwhile. Showing one elsewhere is a fault."""
    links: dict[str, MailLink] = {}
    token = _shown.set(links)
    try:
        yield links
    finally:
        _shown.reset(token)


def fill(
    text: str, links: Iterable[MailLink], *, base_url: str, secret_key: str, is_html: bool = False
) -> str:
    """Return `text` with the addresses of `links` in the places of their marks."""
    addresses = {
        link.mark: link.address(base_url=base_url, secret_key=secret_key) for link in links
    }
    if not addresses:
        return text
    if is_html:
        addresses = {mark: str(escape(address)) for mark, address in addresses.items()}
    marks = re.compile("|".join(re.escape(mark) for mark in addresses))
    return marks.sub(lambda match: addresses[match[0]], text)
