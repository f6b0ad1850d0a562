"""What every request goes through: guards closed by default, headers, request ids, error pages."""

import contextlib
import gzip
import ipaddress
import re
import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar

import flask
import flask_login
import sqlalchemy.exc
from werkzeug.exceptions import HTTPException

from coordinator import logs
from coordinator.db import is_full, is_storage_fault
from coordinator.errors import (
    DomainError,
    InvalidInput,
    NotAllowed,
    SignInNeeded,
    TooManyAttempts,
)
from coordinator.permissions import Permission, Viewer
from coordinator.translation import gettext as _

V = TypeVar("V", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed-in"

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
COMPRESSED = frozenset(
    {"text/html", "text/css", "text/javascript", "application/javascript", "text/csv"}
    | {"image/svg+xml", "application/json", "text/plain"}
)
SMALLEST_COMPRESSED = 1000  # bytes
# Pages whose address is a capability: it must not leak to the sites they link to.
SECRET_PATH = re.compile(r"^/(?:l|undangan|kalender)/")
# How some proxies name a client: with its port, and IPv6 in brackets.
WITH_PORT = re.compile(r"\[([^\[\]]+)\](?::\d{1,5})?|([\d.]+):\d{1,5}", re.ASCII)
# An id of ours in an address (`db.random_id`); any other text in a dead address was typed.
OWN_ID = re.compile(r"[A-Za-z0-9_-]{12}")


def public(view: V) -> V:
    """Declare that anybody may call `view`, signed in or not."""
    view.guard = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: V) -> V:
    """Declare that any signed-in person may call `view`."""
    view.guard = SIGNED_IN  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[V], V]:
    """Declare the permission that `view` asks of the viewer."""

    def declare(view: V) -> V:
        view.guard = permission  # type: ignore[attr-defined]
        return view

    return declare


def viewer() -> Viewer:
    """Return who asks. Raises NotAllowed when nobody with an access is signed in."""
    found = getattr(flask_login.current_user, "viewer", None)
    if not isinstance(found, Viewer):
        raise NotAllowed(_("Pilih akses Anda lebih dahulu."))
    return found


def request_facts() -> tuple[str, str]:
    """Return (request id, client address), or two empty strings outside a request."""
    if not flask.has_request_context():
        return "", ""
    return flask.g.get("request_id", ""), client_address()


def client_address() -> str:
    """Return the client's IP address, as seen by the outermost trusted proxy; empty if that is no
    address. A port is dropped. IPv4-mapped IPv6 is returned as IPv4: otherwise all such clients
    would be one network."""
    text = flask.request.remote_addr or ""
    named = WITH_PORT.fullmatch(text)
    try:
        address = ipaddress.ip_address((named[1] or named[2]) if named else text)
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return "" if getattr(address, "scope_id", None) else str(mapped or address)


def is_safe_next(target: str) -> bool:
    """Return whether `target` is a path of this site: the only thing `next=` may name."""
    return bool(re.fullmatch(r"/(?![/\\])[A-Za-z0-9._~/?&=%+-]*", target)) and "//" not in target


def logged_path(status: int) -> str:
    """Return the part of the request's path that may be logged: no token, no invented text.

    Arguments called `token` are secrets. Other arguments are ids of what was shown or done: if
    nothing was (an error, or a redirect that is no answer to a form) only our own kind of id is
    kept, and of a path that is no page at most its first part, if pages begin with it.
    """
    asked = flask.request
    is_shown = 200 <= status < 300
    is_done = 300 <= status < 400 and asked.method == "POST" and "is_admitted" in flask.g
    if asked.url_rule is None:
        first = asked.path.split("/")[1] if asked.path.startswith("/") else ""
        return f"/{first}/{logs.HIDDEN}" if first in _first_parts() else f"/{logs.HIDDEN}"
    arguments = asked.view_args or {}

    def kept(found: re.Match[str]) -> str:
        value = str(arguments.get(found[1], ""))
        if found[1] == "token":
            return logs.HIDDEN
        return value if is_shown or is_done or OWN_ID.fullmatch(value) else logs.HIDDEN

    return re.sub(r"<(?:[^<>:]+:)?(\w+)>", kept, asked.url_rule.rule)


def _first_parts() -> set[str]:
    return {rule.rule.split("/")[1] for rule in flask.current_app.url_map.iter_rules()}


def register(app: flask.Flask) -> None:
    """Put guards, headers, log lines and error pages around every view of `app`."""
    app.before_request(_start)
    app.before_request(_guard)
    app.after_request(_finish)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(sqlalchemy.exc.DBAPIError, _database_error)
    for refusal in (
        sqlalchemy.exc.DataError,
        sqlalchemy.exc.StatementError,
        UnicodeError,
        OverflowError,
    ):
        app.register_error_handler(refusal, _unstorable)
    app.register_error_handler(Exception, _fault)


def _start() -> None:
    flask.g.request_id = secrets.token_hex(4).upper()
    flask.g.started = time.perf_counter()


def _guard() -> flask.typing.ResponseReturnValue | None:  # noqa: C901
    if flask.request.endpoint is None:
        return None  # no such page: the router's 404 or 405 follows
    if flask.request.endpoint == "static":
        return None
    view = flask.current_app.view_functions[flask.request.endpoint]
    guard = getattr(view, "guard", None)
    if guard is None:
        raise RuntimeError(f"{flask.request.endpoint} declares no guard")
    if guard == PUBLIC:
        return None
    user = flask_login.current_user
    if not user.is_authenticated:
        if flask.request.method not in ("GET", "HEAD"):
            raise SignInNeeded(_("Sesi Anda sudah berakhir. Masuk lagi."))
        target = flask.request.full_path.rstrip("?")
        known = target if is_safe_next(target) and target != "/" else None
        return flask.redirect(flask.url_for("people.accounts.sign_in", next=known))
    if guard == SIGNED_IN:
        flask.g.is_admitted = True
        return None
    if getattr(user, "viewer", None) is None:
        if flask.request.method not in ("GET", "HEAD"):
            raise SignInNeeded(_("Pilih akses Anda lebih dahulu."))
        return flask.redirect(flask.url_for("people.accounts.choose_access"))
    if not viewer().may(guard):
        raise NotAllowed(_("Akses Anda tidak mencakup halaman ini."))
    flask.g.is_admitted = True
    return None


def _finish(response: flask.Response) -> flask.Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = (
        "no-referrer" if SECRET_PATH.match(flask.request.path) else ("same-origin")
    )
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if flask.current_app.config["SESSION_COOKIE_SECURE"]:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if flask.request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    headers["X-Request-Id"] = flask.g.get("request_id", "")
    _compress(response)
    _log_line(response.status_code)
    return response


def _compress(response: flask.Response) -> None:
    """Send text gzipped: on a slow line the stylesheet alone would take seconds otherwise.

    Cookies are SameSite=Lax, so no foreign page can make a browser fetch ours with its session and
    guess secrets from their compressed length.
    """
    if response.mimetype not in COMPRESSED or response.status_code in (204, 304):
        return
    response.vary.add("Accept-Encoding")
    wants = flask.request.accept_encodings.quality("gzip") > 0
    if not wants or "Content-Encoding" in response.headers:
        return
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < SMALLEST_COMPRESSED:
        return
    response.set_data(gzip.compress(body, 6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    etag, _is_weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)


def _log_line(status: int) -> None:
    if flask.request.endpoint == "static":
        return
    began = flask.g.get("started", time.perf_counter())
    logs.request(
        request=flask.g.get("request_id", ""),
        method=flask.request.method,
        path=logged_path(status),
        status=status,
        ms=round((time.perf_counter() - began) * 1000, 1),
    )


# --- error pages ---------------------------------------------------------------------------------


def _texts(status: int) -> tuple[str, str]:
    texts = {
        400: (
            _("Permintaan tidak dapat dibaca"),
            _("Muat ulang halaman sebelumnya, lalu coba lagi. Isian Anda masih ada di sana."),
        ),
        403: (
            _("Anda tidak memiliki akses"),
            _("Halaman atau tindakan ini bukan untuk akses Anda."),
        ),
        404: (
            _("Halaman tidak ditemukan"),
            _("Alamatnya mungkin salah, atau isinya bukan untuk akses Anda."),
        ),
        405: (_("Cara membuka halaman ini keliru"), _("Mulai lagi dari halaman pertama Anda.")),
        409: (_("Belum tersimpan"), _("Muat ulang untuk melihat keadaan terbaru.")),
        413: (
            _("Berkas terlalu besar"),
            _(
                "Paling besar %(n)s MB tiap berkas. Kecilkan atau pilih berkas lain.",
                n=flask.current_app.config["SETTINGS"].evidence_mb,
            ),
        ),
        422: (_("Ada yang perlu diperbaiki"), _("Kembali ke formulir dan perbaiki isiannya.")),
        429: (_("Terlalu banyak percobaan"), _("Tunggu sebentar, lalu coba lagi.")),
        503: (
            _("Sistem sedang tidak dapat menyimpan"),
            _("Kembali ke formulir: isian Anda masih di sana. Coba lagi beberapa saat lagi."),
        ),
        507: (
            _("Ruang penyimpanan penuh"),
            _("Belum ada yang tersimpan. Isian Anda masih di formulir; beri tahu administrator."),
        ),
    }
    fallback = (
        _("Ada gangguan pada sistem"),
        _("Bukan salah Anda. Bila terulang, sampaikan ID kejadian ini kepada Sekretariat."),
    )
    return texts.get(status, fallback)


def error_page(status: int, message: str = "") -> flask.Response:
    """Render the page of an error `status`; `message` (shown as it is) replaces its text.

    The incident id is the request id, which is in every log line of the request.
    """
    title, text = _texts(status)
    # A form's token is checked before our own first step: the id is then made here.
    incident = flask.g.setdefault("request_id", secrets.token_hex(4).upper())
    try:
        body = flask.render_template(
            "errors/error.html", code=status, title=title, text=message or text, incident=incident
        )
    except Exception as error:
        # The page needs the database (who is signed in); the plain one does not.
        logs.fault("an error page could not be rendered", error, request=incident)
        page = flask.current_app.jinja_env.get_template("errors/static_503.html")
        body = page.render(incident=incident)  # without the context that has just failed
    response = flask.make_response(body, status)
    if status == 503:
        response.headers["Retry-After"] = "30"
    return response


def _domain_error(error: DomainError) -> flask.Response:
    message = "" if isinstance(error, InvalidInput) else error.message
    response = error_page(error.status, message)
    if isinstance(error, TooManyAttempts):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def stale_form_page() -> flask.Response:
    """Return the page for a form whose token is not of this session: nothing was done."""
    return error_page(
        400,
        _(
            "Formulir ini sudah terlalu lama terbuka. "
            "Muat ulang halaman sebelumnya, lalu kirim lagi."
        ),
    )


def _http_error(error: HTTPException) -> flask.typing.ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    return error_page(error.code)


def _database_error(error: sqlalchemy.exc.DBAPIError) -> flask.Response:
    """Answer for a locked, full or read-only database: say that nothing was saved."""
    if not is_storage_fault(error):
        return _fault(error)
    logs.trouble("the database refused", error, request=flask.g.get("request_id", ""))
    with contextlib.suppress(Exception):
        flask.current_app.extensions["sqlalchemy"].session.rollback()
    return error_page(507 if is_full(error) else 503)


def _unstorable(error: Exception) -> flask.Response:
    """Answer for a value that no column or encoding accepts and that `edge` and forms missed."""
    logs.trouble("a value cannot be stored", error, request=flask.g.get("request_id", ""))
    with contextlib.suppress(Exception):
        flask.current_app.extensions["sqlalchemy"].session.rollback()
    return error_page(
        400,
        _("Ada isian yang tidak dapat disimpan. Kembali ke formulir, perbaiki, lalu kirim lagi."),
    )


def _fault(error: Exception) -> flask.Response:
    incident = flask.g.get("request_id", "")
    logs.fault("a page failed", error, request=incident, path=logged_path(500))
    with contextlib.suppress(Exception):
        flask.current_app.extensions["sqlalchemy"].session.rollback()
    return error_page(500)
