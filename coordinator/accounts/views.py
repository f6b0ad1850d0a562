"""Signing in and out, choosing an access, invitations, people, one's own account."""

import flask
import flask_login
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordinator import web
from coordinator.accounts import queries, service
from coordinator.accounts.forms import (
    ChangePasswordForm,
    InvitationForm,
    NewPasswordForm,
    SignInForm,
)
from coordinator.accounts.session import load_signed_in
from coordinator.clock import today
from coordinator.directory import queries as directory
from coordinator.errors import InvalidInput
from coordinator.forms import refuse, select_choices
from coordinator.permissions import AGENCY_KINDS, AccessKind, Permission

bp = flask.Blueprint("accounts", __name__)


def _begin_session(token: str) -> None:
    """Put a new session's token into a new cookie: nothing of the old one survives sign-in."""
    flask.session.clear()
    flask_login.login_user(load_signed_in(token))


@bp.route("/masuk", methods=["GET", "POST"])
@web.public
def sign_in() -> ResponseReturnValue:
    """The sign-in page."""
    if flask_login.current_user.is_authenticated:
        return flask.redirect("/")
    form = SignInForm()
    if form.validate_on_submit():
        token = service.sign_in(
            email=form.email.data or "",
            password=form.password.data or "",
            address=flask.request.remote_addr or "",
            browser=flask.request.user_agent.string,
        )
        if token is not None:
            _begin_session(token)
            target = flask.request.args.get("next", "")
            return flask.redirect(target if web.is_safe_next(target) else "/", 303)
        form.email.errors = [_("Surel atau kata sandi tidak cocok.")]
    status = 422 if form.errors or form.email.errors else 200
    return flask.render_template("accounts/sign_in.html", form=form), status


@bp.post("/keluar")
@web.public
def sign_out() -> ResponseReturnValue:
    """End the session."""
    user = flask_login.current_user
    if user.is_authenticated:
        service.end_session(user.session_public_id, account_id=user.account_id)
    flask_login.logout_user()
    flask.session.clear()
    response = flask.redirect(flask.url_for("accounts.sign_in"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.route("/akses", methods=["GET", "POST"])
@web.signed_in
def choose_access() -> ResponseReturnValue:
    """Choose among several accesses."""
    user = flask_login.current_user
    if flask.request.method == "POST":
        chosen = flask.request.form.get("grant", "")
        service.choose_access(
            user.session_id,
            account_id=user.account_id,
            grant_id=int(chosen) if chosen.isdigit() else 0,
        )
        return flask.redirect("/", 303)
    grants = queries.grants_in_force(user.account_id, today())
    return flask.render_template("accounts/choose_access.html", grants=grants)


@bp.route("/undangan/<token>", methods=["GET", "POST"])
@web.public
def accept_link(token: str) -> ResponseReturnValue:
    """Set a password with a one-time link. GET changes nothing."""
    link = service.usable_link(token)
    form = NewPasswordForm()
    email = link.account.email
    if form.validate_on_submit():
        try:
            account_id = service.set_password_by_link(token, form.password.data or "")
        except InvalidInput as error:
            refuse(form, error)
        else:
            _begin_session(
                service.open_session(
                    account_id=account_id,
                    address=flask.request.remote_addr or "",
                    browser=flask.request.user_agent.string,
                )
            )
            return flask.redirect("/", 303)
    return flask.render_template("accounts/accept_link.html", form=form, email=email), (
        422 if form.errors else 200
    )


@bp.route("/akun", methods=["GET", "POST"])
@web.signed_in
def account() -> ResponseReturnValue:
    """One's own account: password, accesses, sessions."""
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
            return flask.redirect(flask.url_for("accounts.account", selesai="sandi"), 303)
    return flask.render_template(
        "accounts/account.html",
        form=form,
        grants=queries.grants_in_force(user.account_id, today()),
        sessions=queries.sessions_of_account(user.account_id),
        current_session=user.session_public_id,
    ), (422 if form.errors else 200)


@bp.post("/akun/sesi/<session_id>/akhiri")
@web.signed_in
def end_session(session_id: str) -> ResponseReturnValue:
    """End one of one's own sessions."""
    service.end_session(session_id, account_id=flask_login.current_user.account_id)
    return flask.redirect(flask.url_for("accounts.account"), 303)


@bp.get("/orang")
@web.requires(Permission.SEE_PEOPLE)
def people() -> ResponseReturnValue:
    """Who has access."""
    return flask.render_template(
        "accounts/people.html", people=queries.people(web.viewer()), today=today()
    )


@bp.route("/orang/undang", methods=["GET", "POST"])
@web.requires(Permission.INVITE_PEOPLE)
def invite() -> ResponseReturnValue:
    """Invite a person by mail."""
    viewer = web.viewer()
    agencies = directory.agencies(viewer)
    form = InvitationForm()
    form.kind.choices = select_choices(
        [
            (kind.value, label)
            for kind, label in access_labels().items()
            if kind is not AccessKind.ADMINISTRATOR
        ]
    )
    form.agency.choices = select_choices(
        [("", _("Tidak ada")), *((agency.slug, agency.abbreviation) for agency in agencies)]
    )
    if form.validate_on_submit():
        chosen = next((a for a in agencies if a.slug == form.agency.data), None)
        kind = AccessKind(form.kind.data)
        person = service.NewPerson(
            email=form.email.data or "",
            name=form.name.data or "",
            kind=kind,
            task_force_id=viewer.task_force_id,
            agency_id=chosen.id if chosen and kind in AGENCY_KINDS else None,
            home_agency_id=chosen.id if chosen else None,
            is_alternate=form.is_alternate.data,
        )
        try:
            service.invite(person, by=viewer, secret_key=flask.current_app.config["SECRET_KEY"])
        except InvalidInput as error:
            refuse(form, error)
        else:
            return flask.redirect(flask.url_for("accounts.people", selesai="undangan"), 303)
    return flask.render_template("accounts/invite.html", form=form), (422 if form.errors else 200)


@bp.post("/orang/<account_id>/tutup")
@web.requires(Permission.INVITE_PEOPLE)
def disable(account_id: str) -> ResponseReturnValue:
    """Close an account."""
    service.disable(queries.account_id(web.viewer(), account_id), by=web.viewer())
    return flask.redirect(flask.url_for("accounts.people"), 303)


@bp.post("/orang/<account_id>/tautan")
@web.requires(Permission.INVITE_PEOPLE)
def send_reset(account_id: str) -> ResponseReturnValue:
    """Send a link for a new password."""
    service.send_reset(
        queries.account_id(web.viewer(), account_id),
        by=web.viewer(),
        secret_key=flask.current_app.config["SECRET_KEY"],
    )
    return flask.redirect(flask.url_for("accounts.people", selesai="tautan"), 303)


def access_labels() -> dict[AccessKind, str]:
    """Return the Indonesian words for each kind of access."""
    return {
        AccessKind.SECRETARIAT: _("Sekretariat"),
        AccessKind.FOCAL_POINT: _("Narahubung OPD"),
        AccessKind.AGENCY_HEAD: _("Kepala OPD"),
        AccessKind.LEADERSHIP: _("Pimpinan daerah"),
        AccessKind.AUDITOR: _("Inspektorat (baca saja)"),
        AccessKind.ADMINISTRATOR: _("Administrator"),
    }
