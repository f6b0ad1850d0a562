"""Answers to a form sent after its session ended: the sign-in page, which carries the typed text,
and after sign-in the form again. The form is never submitted automatically."""

import flask
import flask_login
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.test import EnvironBuilder

from coordinator import web
from coordinator.clock import today
from coordinator.errors import SignInNeeded
from coordinator.people.accounts import queries
from coordinator.people.accounts.forms import SignInForm
from coordinator.people.accounts.labels import access_labels
from coordinator.people.accounts.returning.filling import best_form, filled, left_over
from coordinator.people.accounts.returning.sealing import (
    FIELD,
    TypedPage,
    mark_of,
    owner_of_form,
    seal,
    typed,
    unseal,
)
from coordinator.people.accounts.sample_queries import NO_SAMPLES, SamplePeople, all_sample_people

# Fields that the page fills in itself, or that a person only selects.
NOT_TYPED = frozenset(
    (
        "accumulation", "account", "act", "better", "fingerprint", "grant", "key", "kind",
        "missing", "next", "outcome", "payload", "public_id", "query", "revision", "round",
        "scan_token", "seen", "seen_files", "status", "version",
    )
)  # fmt: skip
TICKED = frozenset(("y", "on"))


def register(app: flask.Flask) -> None:
    """Answer forms of an ended session."""
    app.register_error_handler(SignInNeeded, _session_over)
    app.register_error_handler(CSRFError, _stale_token)


def sign_in_page(form: SignInForm, *, sealed: str = "", target: str = "") -> str:
    """Return the sign-in page, carrying a sealed form."""
    known = target if web.is_safe_next(target) and target != "/" else None
    return flask.render_template(
        "people/accounts/returning/sign_in.html",
        form=form,
        sealed=sealed,
        target=known,
        kinds=access_labels(),
        samples=NO_SAMPLES if sealed else _samples(),
    )


def _samples() -> SamplePeople:
    """Return the people of the demo; on a machine that others can reach, none."""
    if not flask.current_app.config["SETTINGS"].is_local:
        return NO_SAMPLES
    return all_sample_people(today())


def choose_access_page(sealed: str = "") -> str:
    """Return the page on which one of several accesses is chosen, carrying a sealed form."""
    grants = queries.grants_in_force(flask_login.current_user.account_id, today())
    return flask.render_template(
        "people/accounts/returning/choose_access.html", grants=grants, sealed=sealed
    )


def resumed(sealed: str) -> ResponseReturnValue | None:
    """Return the form with the text that the signed-in person had typed.

    None if nothing was carried, or somebody else typed it.
    """
    user = flask_login.current_user
    kept = unseal(sealed, account_id=user.account_id) if sealed else None
    if kept is None:
        return None
    if user.viewer is None:
        return choose_access_page(sealed)
    return _shown(kept)


def _session_over(_error: SignInNeeded) -> ResponseReturnValue:
    kept = typed(owner_of_form())
    sealed = seal(kept)
    if flask_login.current_user.is_authenticated:
        return choose_access_page(sealed), 401
    if not sealed:
        target = kept.pages[0] if kept.pages else None
        return flask.redirect(flask.url_for("people.accounts.sign_in", next=target))
    return sign_in_page(SignInForm(formdata=None), sealed=sealed, target=kept.pages[0]), 401


def _stale_token(_error: CSRFError) -> ResponseReturnValue:
    """Answer a form whose session was replaced or ended in the same browser, without acting on it.

    Only a token that we issued identifies the page's owner; requests from other sites are refused.
    """
    carried = flask.request.form.get(FIELD, "")
    user = flask_login.current_user
    if carried and user.is_authenticated:
        return resumed(carried) or flask.redirect("/", 303)
    if carried:
        return sign_in_page(SignInForm(), sealed=carried), 400
    kept = typed(owner_of_form())
    view = flask.current_app.view_functions.get(flask.request.endpoint or "")
    is_public = getattr(view, "guard", None) == web.PUBLIC
    if is_public and web.SECRET_PATH.match(flask.request.path) and kept.fields:
        return _shown(kept), 400  # anyone who has the address may fill in the form
    if is_public or not kept.owner:
        return web.stale_form_page()
    if not user.is_authenticated:
        sealed = seal(kept)
        if sealed:
            return sign_in_page(SignInForm(formdata=None), sealed=sealed, target=kept.pages[0]), 400
        return web.stale_form_page()
    if kept.owner == mark_of(user.account_id) and kept.fields:
        return _shown(kept), 400
    return web.stale_form_page()


def _shown(kept: TypedPage) -> str:
    """Return the form's page with the text in it; where that form is gone, the text alone."""
    cookie = _cookie()
    for page in kept.pages:
        html = _got(page, cookie)
        place = {"page": page, "action": kept.action, "fields": kept.fields}
        if html is None or best_form(html, **place) is None:  # type: ignore[arg-type]
            continue
        left = left_over(html, **place)  # type: ignore[arg-type]
        note = flask.render_template(
            "people/accounts/returning/kept_note.html", had_files=kept.had_files, left=_texts(left)
        )
        return filled(html, **place, note=note)  # type: ignore[arg-type]
    return flask.render_template(
        "people/accounts/returning/kept_text.html",
        texts=_texts(list(kept.fields)),
        page=kept.pages[0] if kept.pages else "/",
    )


def _texts(fields: list[tuple[str, str]]) -> list[str]:
    """Return the fields that a person would miss: texts, not ids and checkboxes."""
    return [
        value
        for name, value in fields
        if value.strip()
        and value not in TICKED
        and (len(value.split()) > 1 or name.rpartition("-")[2] not in NOT_TYPED)
    ]


def _cookie() -> str:
    """Return the cookies of this browser as they are after this answer."""
    generate_csrf()  # the session must have its secret before the page reads it
    app = flask.current_app
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookies: dict[str, str] = dict(flask.request.cookies.items())
    cookies[str(app.config["SESSION_COOKIE_NAME"])] = str(signer.dumps(dict(flask.session)))
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _got(page: str, cookie: str) -> str | None:
    """Return the HTML of a page as this person gets it, after every access check.

    None if the answer is not a page.
    """
    app = flask.current_app._get_current_object()  # type: ignore[attr-defined]
    environ = EnvironBuilder(
        path=page,
        base_url=flask.request.host_url,
        headers=[("Cookie", cookie), ("User-Agent", flask.request.user_agent.string)],
        environ_base={"REMOTE_ADDR": web.client_address()},
    ).get_environ()
    with app.app_context(), app.request_context(environ):
        response = app.full_dispatch_request()
        if response.status_code != 200 or response.mimetype != "text/html":
            return None
        return str(response.get_data(as_text=True))
