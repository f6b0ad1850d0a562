"""The typed text of a form, sealed so that only its own writer gets it back.

A form's CSRF token says whose page it was: the secret behind it begins with a mark of the account.
The text is encrypted, bound to that mark, and put into the sign-in page. The server stores nothing:
text that may be about victims is screened when the form is sent, as always.
"""

import base64
import hashlib
import hmac
import json
import secrets
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

import flask
from cryptography.fernet import Fernet, InvalidToken
from itsdangerous import BadData, URLSafeTimedSerializer

from coordinator.people.accounts.rules import ABSOLUTE
from coordinator.web import is_safe_next

V = TypeVar("V", bound=Callable[..., Any])

FIELD = "titipan"
# Never carried: secrets, what each page generates, and text that was already carried.
NOT_CARRIED = frozenset({"password", "old", "code", "csrf_token", "form_key", FIELD})
LONGEST = 1_000_000  # characters of a sealed form; a longer one would not fit into the next
CSRF_SALT = "wtf-csrf-token"  # Flask-WTF's own
MARK_LENGTH = 16


@dataclass(frozen=True, slots=True)
class TypedPage:
    """What was typed: the pages where its form may be, where it was sent (or, where its buttons
    send to several addresses, the page of the form), its fields in order."""

    owner: str
    pages: tuple[str, ...]
    action: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool


def _key(purpose: str) -> bytes:
    secret_key = str(flask.current_app.config["SECRET_KEY"])
    return hmac.digest(secret_key.encode(), purpose.encode(), hashlib.sha256)


def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key("titipan")))


def mark_of(account_id: int) -> str:
    """Return the mark of an account: it tells nobody whose it is."""
    found = hmac.digest(_key("pemilik formulir"), str(account_id).encode(), hashlib.sha256)
    return found.hex()[:MARK_LENGTH]


def fresh_csrf_secret(account_id: int) -> str:
    """Return the secret behind a session's CSRF tokens, beginning with the account's mark."""
    return f"{mark_of(account_id)}.{secrets.token_hex(20)}"


def owner_of_form() -> str:
    """Return the mark of the account whose page sent this form.

    Empty if nobody was signed in, or if the token is not one of ours.
    """
    token = flask.request.form.get("csrf_token") or flask.request.headers.get("X-CSRFToken", "")
    reader = URLSafeTimedSerializer(str(flask.current_app.config["SECRET_KEY"]), salt=CSRF_SALT)
    try:
        secret = str(reader.loads(token))
    except BadData:
        return ""
    mark, dot, _rest = secret.partition(".")
    return mark if dot and len(mark) == MARK_LENGTH else ""


def form_of(page: str) -> Callable[[V], V]:
    """Declare that a view answers a button of the form on `page`.

    `page` is an endpoint with the same arguments. Text sent to the view is put back into that form.
    The form names that page's address too, in its `data-form`.
    """

    def declare(view: V) -> V:
        view.form_page = page  # type: ignore[attr-defined]
        return view

    return declare


def _form_address() -> str:
    """Return the address by which the form is known that this request sends."""
    request = flask.request
    view = flask.current_app.view_functions.get(request.endpoint or "")
    page = getattr(view, "form_page", None)
    return flask.url_for(page, **(request.view_args or {})) if page else request.path


def typed(owner: str) -> TypedPage:
    """Return what this request's form holds, without passwords and tokens."""
    request = flask.request
    came_from = urlsplit(request.referrer or "")
    action = _form_address()
    query = request.query_string.decode()
    pages = [f"{action}?{query}".rstrip("?")]
    if came_from.netloc == request.host:
        pages.insert(0, f"{came_from.path}?{came_from.query}".rstrip("?"))
    return TypedPage(
        owner=owner,
        pages=tuple(dict.fromkeys(page for page in pages if is_safe_next(page))),
        action=action,
        fields=tuple(
            (name, value)
            for name, value in request.form.items(multi=True)
            if name.rpartition("-")[2] not in NOT_CARRIED
        ),
        had_files=any(file.filename for file in request.files.values()),
    )


def seal(kept: TypedPage) -> str:
    """Return the typed text encrypted for a hidden field.

    Empty if there is no text or no owner, or if it is too long.
    """
    if not kept.fields or not kept.owner:
        return ""
    plain = json.dumps([kept.owner, kept.pages, kept.action, kept.fields, kept.had_files])
    sealed = _cipher().encrypt(zlib.compress(plain.encode()))
    return sealed.decode() if len(sealed) <= LONGEST else ""


def unseal(sealed: str, *, account_id: int) -> TypedPage | None:
    """Return what `seal` sealed, or None.

    Only its own writer can open it, for as long as a session may last.
    """
    try:
        plain = _cipher().decrypt(sealed.encode(), ttl=ABSOLUTE // timedelta(seconds=1))
    except InvalidToken:
        return None
    owner, pages, action, fields, had_files = json.loads(zlib.decompress(plain))
    if not hmac.compare_digest(owner, mark_of(account_id)):
        return None
    return TypedPage(owner, tuple(pages), action, tuple((n, v) for n, v in fields), had_files)
