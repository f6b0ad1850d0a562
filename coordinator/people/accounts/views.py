"""Signing in and out, choosing an access, people, one's own account."""

import secrets

import flask
import flask_login
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import today
from coordinator.errors import InvalidInput, NotFound, TooManyAttempts
from coordinator.forms import refuse
from coordinator.people.accounts import appointments, codes, devices, limiter, queries, service
from coordinator.people.accounts.blueprint import bp
from coordinator.people.accounts.forms import (
    STANDINGS,
    ActivationForm,
    AppointmentForm,
    ChangePasswordForm,
    NewPasswordForm,
    PersonForm,
    SignInForm,
)
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.accounts.returning import pages as returning
from coordinator.people.accounts.returning import sealing
from coordinator.people.accounts.rules import DEVICE_LIFE
from coordinator.people.accounts.session import load_signed_in
from coordinator.permissions import AccessKind, Permission
from coordinator.platform.mail.rules import token_hash
from coordinator.translation import gettext as _


def begin_session(token: str, target: str = "/") -> ResponseReturnValue:
    """Put a new session's token into a new cookie: nothing of the old one survives sign-in. From
    now on the browser is a known device of the account."""
    flask.session.clear()
    person = load_signed_in(token)
    flask.g.pop("csrf_token", None)  # what this request's form created for the previous session
    if person is not None:
        flask.session["csrf_token"] = sealing.fresh_csrf_secret(person.account_id)
    flask_login.login_user(person)
    response = flask.redirect(target, 303)
    if person is None:
        return response
    cookie = devices.remember(
        person.account_id, flask.request.cookies, secret_key=flask.current_app.config["SECRET_KEY"]
    )
    if cookie is not None:
        is_https = bool(flask.current_app.config["SESSION_COOKIE_SECURE"])
        name, value = cookie
        response.set_cookie(
            f"__Host-{name}" if is_https else name,
            value,
            max_age=DEVICE_LIFE,
            secure=is_https,
            httponly=True,
            samesite="Lax",
        )
    return response


def _open_session(account_id: int) -> ResponseReturnValue:
    return begin_session(
        service.open_session(
            account_id=account_id,
            address=web.client_address(),
            browser=flask.request.user_agent.string,
        )
    )


@bp.route("/masuk", methods=["GET", "POST"])
@web.public
def sign_in() -> ResponseReturnValue:
    """Show the sign-in page and sign in."""
    sealed, target = flask.request.form.get(sealing.FIELD, ""), flask.request.args.get("next", "")
    if flask_login.current_user.is_authenticated:
        return returning.resumed(sealed) or flask.redirect("/")
    form = SignInForm()
    status = 200
    if form.validate_on_submit():
        status = 422
        try:
            token = service.sign_in(
                email=form.email.data or "",
                password=form.password.data or "",
                address=web.client_address(),
                browser=flask.request.user_agent.string,
                cookies=flask.request.cookies,
                secret_key=flask.current_app.config["SECRET_KEY"],
            )
        except TooManyAttempts as error:
            if not sealed:
                raise
            form.email.errors, status = [error.message], error.status
        else:
            if token is not None:
                safe = target if web.is_safe_next(target) and not sealed else "/"
                return _resumed(begin_session(token, safe), sealed)
            form.email.errors = [_("Email atau kata sandi tidak cocok.")]
    elif form.errors:
        status = 422
    return returning.sign_in_page(form, sealed=sealed, target=target), status


def _resumed(signed_in: ResponseReturnValue, sealed: str) -> ResponseReturnValue:
    """Return the form that was carried through the sign-in, else where signing in leads."""
    page = returning.resumed(sealed)
    if page is None:
        return signed_in
    response = flask.make_response(page)
    for cookie in flask.make_response(signed_in).headers.getlist("Set-Cookie"):
        response.headers.add("Set-Cookie", cookie)
    return response


@bp.post("/keluar")
@web.public
def sign_out() -> ResponseReturnValue:
    """End the session."""
    user = flask_login.current_user
    if user.is_authenticated:
        service.end_session(user.session_public_id, account_id=user.account_id)
    flask_login.logout_user()
    flask.session.clear()
    response = flask.redirect(flask.url_for("people.accounts.sign_in"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.route("/akses", methods=["GET", "POST"])
@web.signed_in
def choose_access() -> ResponseReturnValue:
    """Choose among several accesses."""
    user = flask_login.current_user
    if flask.request.method == "POST":
        service.choose_access(
            user.session_id, account_id=user.account_id, grant_id=edge.form_number("grant")
        )
        flask_login.login_user(load_signed_in(user.token))
        sealed = flask.request.form.get(sealing.FIELD, "")
        return returning.resumed(sealed) or flask.redirect("/", 303)
    return returning.choose_access_page()


@bp.route("/undangan/<token>", methods=["GET", "POST"])
@web.public
def accept_link(token: str) -> ResponseReturnValue:
    """Set a password with a one-time link. GET changes nothing."""
    # A valid or used link works regardless of failed attempts from the same address.
    if not queries.is_link(token_hash(token)):
        limiter.count_stranger("link", web.client_address())
    link = service.usable_link(token)
    form = NewPasswordForm()
    email = link.account.email
    if form.validate_on_submit():
        try:
            account_id = service.set_password_by_link(token, form.password.data or "")
        except InvalidInput as error:
            refuse(form, error)
        else:
            return _open_session(account_id)
    return flask.render_template("people/accounts/accept_link.html", form=form, email=email), (
        422 if form.errors else 200
    )


@bp.route("/aktivasi", methods=["GET", "POST"])
@web.public
def activate() -> ResponseReturnValue:
    """Set a password with the code of a letter."""
    form = ActivationForm()
    if form.validate_on_submit():
        try:
            account_id = codes.activate(
                email=form.email.data or "",
                code=form.code.data or "",
                password=form.password.data or "",
                address=web.client_address(),
                secret_key=flask.current_app.config["SECRET_KEY"],
            )
        except InvalidInput as error:
            refuse(form, error)
        else:
            return _open_session(account_id)
    return flask.render_template("people/accounts/activate.html", form=form), (
        422 if form.errors else 200
    )


@bp.route("/akun", methods=["GET", "POST"])
@web.signed_in
def account() -> ResponseReturnValue:
    """Show one's own account: password, accesses, sessions."""
    user = flask_login.current_user
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            service.change_password(
                account_id=user.account_id,
                old=form.old.data or "",
                new=form.password.data or "",
                keep_session_id=user.session_id,
            )
        except InvalidInput as error:
            refuse(form, error)
        else:
            return flask.redirect(flask.url_for("people.accounts.account", selesai="sandi"), 303)
    return flask.render_template(
        "people/accounts/account.html",
        form=form,
        grants=queries.grants_in_force(user.account_id, today()),
        colleagues=_colleagues(),
        sessions=queries.sessions_of_account(user.account_id),
        current_session=user.session_public_id,
    ), (422 if form.errors else 200)


def _colleagues() -> list[AccessGrant]:
    """Return whose work the signed-in person may hand over: their own, and a head their focal
    points'."""
    user = flask_login.current_user
    viewer = user.viewer
    if viewer is None or viewer.agency_id is None or not viewer.may(Permission.HAND_OVER):
        return []
    return [
        grant
        for grant in queries.holders(viewer, viewer.agency_id, today(viewer.zone))
        if (viewer.kind is AccessKind.AGENCY_HEAD or grant.account_id == viewer.account_id)
    ]


@bp.post("/akun/sesi/<session_id>/akhiri")
@web.signed_in
def end_session(session_id: str) -> ResponseReturnValue:
    """End one of one's own sessions."""
    service.end_session(session_id, account_id=flask_login.current_user.account_id)
    return flask.redirect(flask.url_for("people.accounts.account"), 303)


@bp.route("/orang/<account_id>", methods=["GET", "POST"])
@web.requires(Permission.INVITE_PEOPLE)
def person(account_id: str) -> ResponseReturnValue:
    """Show one person: how to reach them, and the office behind each access."""
    viewer = web.viewer()
    account = queries.person(viewer, account_id)
    if account is None:
        raise NotFound(_("Akun itu tidak ada."))
    grants = [grant for grant in account.grants if _is_own(grant)]
    person_form = PersonForm(prefix="orang-", obj=None if _is_sent("orang-name") else account)
    forms = {grant.id: _appointment_form(grant) for grant in grants if grant.ended_at is None}
    done = _save(account, person_form, forms) if flask.request.method == "POST" else None
    if done is not None:
        return done
    all_forms = [person_form, *forms.values()]
    return flask.render_template(
        "people/accounts/person.html",
        account=account,
        grants=grants,
        person_form=person_form,
        forms=forms,
        standings=STANDINGS,
        all_forms=all_forms,
        form_key=secrets.token_urlsafe(16),
        today=today(viewer.zone),
    ), (422 if any(form.errors for form in all_forms) else 200)


def _is_own(grant: AccessGrant) -> bool:
    viewer = web.viewer()
    return (
        viewer.kind is AccessKind.ADMINISTRATOR or grant.task_force_id == viewer.own_task_force_id
    )


def _is_sent(name: str) -> bool:
    return name in flask.request.form


def _appointment_form(grant: AccessGrant) -> AppointmentForm:
    prefix = f"akses{grant.id}-"
    is_sent = _is_sent(f"{prefix}from_on")
    form = AppointmentForm(
        formdata=flask.request.form if is_sent else None, prefix=prefix, obj=grant
    )
    if not is_sent:
        form.standing.data = grant.standing.value if grant.standing else ""
    return form


def _save(
    account: Account, person_form: PersonForm, forms: dict[int, AppointmentForm]
) -> ResponseReturnValue | None:
    """Save the one form of the page that was sent; None where it was refused."""
    viewer = web.viewer()
    back = flask.redirect(
        flask.url_for("people.accounts.person", account_id=account.public_id, selesai="1"), 303
    )
    if _is_sent("orang-name"):
        if person_form.validate():
            appointments.edit_person(
                account.id,
                appointments.PersonDetails(
                    name=person_form.name.data or "",
                    telephone=person_form.telephone.data,
                    contact_email=person_form.contact_email.data,
                ),
                by=viewer,
            )
            return back
        return None
    for grant_id, form in forms.items():
        if not _is_sent(f"akses{grant_id}-from_on") or not form.validate():
            continue
        try:
            appointments.edit_appointment(
                grant_id,
                appointments.Appointment(
                    from_on=form.from_on.data or today(viewer.zone),
                    until_on=form.until_on.data,
                    position=form.position.data,
                    standing=form.chosen_standing,
                    letter_number=form.letter_number.data,
                    letter_on=form.letter_on.data,
                    is_alternate=form.is_alternate.data,
                ),
                by=viewer,
            )
        except InvalidInput as error:
            refuse(form, error)
        else:
            return back
    return None


@bp.post("/orang/<account_id>/akhiri")
@web.requires(Permission.INVITE_PEOPLE)
def end_access(account_id: str) -> ResponseReturnValue:
    """End one access of a person at once."""
    found = queries.person(web.viewer(), account_id)
    chosen = flask.request.form.get("grant", "")
    grant = next((g for g in found.grants if str(g.id) == chosen), None) if found else None
    if found is None or grant is None:
        raise NotFound(_("Akses itu tidak ada."))
    appointments.end_access(grant.id, by=web.viewer())
    return flask.redirect(
        flask.url_for("people.accounts.person", account_id=account_id, selesai="1"), 303
    )


@bp.post("/orang/<account_id>/tutup")
@web.requires(Permission.INVITE_PEOPLE)
def disable(account_id: str) -> ResponseReturnValue:
    """Close an account."""
    service.disable(queries.account_id(web.viewer(), account_id), by=web.viewer())
    return flask.redirect(flask.url_for("people.onboarding.people"), 303)


@bp.post("/orang/<account_id>/undang")
@web.requires(Permission.INVITE_PEOPLE)
def send_invitation(account_id: str) -> ResponseReturnValue:
    """Send the invitation, for the first time or again."""
    service.send_invitation(
        queries.account_id(web.viewer(), account_id),
        by=web.viewer(),
        secret_key=flask.current_app.config["SECRET_KEY"],
    )
    back = flask.request.form.get("next", "")
    return flask.redirect(
        back
        if web.is_safe_next(back)
        else flask.url_for("people.onboarding.people", selesai="undangan"),
        303,
    )


@bp.post("/orang/<account_id>/tautan")
@web.requires(Permission.INVITE_PEOPLE)
def send_reset(account_id: str) -> ResponseReturnValue:
    """Send a link for a new password."""
    service.send_reset(
        queries.account_id(web.viewer(), account_id),
        form_key=flask.request.form.get("form_key", ""),
        by=web.viewer(),
        secret_key=flask.current_app.config["SECRET_KEY"],
    )
    return flask.redirect(flask.url_for("people.onboarding.people", selesai="tautan"), 303)
