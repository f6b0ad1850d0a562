"""Other ways in than a password: a link for who forgot it, and the people of the demo."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import today
from coordinator.errors import NotFound, TooManyAttempts
from coordinator.people.accounts import forgotten, service
from coordinator.people.accounts.blueprint import bp
from coordinator.people.accounts.forms import ForgottenForm
from coordinator.people.accounts.sample_queries import all_sample_people
from coordinator.people.accounts.views import begin_session
from coordinator.translation import gettext as _


@bp.route("/lupa-kata-sandi", methods=["GET", "POST"])
@web.public
def forgotten_password() -> ResponseReturnValue:
    """Ask for a link that sets a new password."""
    form = ForgottenForm()
    if form.validate_on_submit():
        try:
            forgotten.ask_for_link(
                email=form.email.data or "",
                address=web.client_address(),
                secret_key=flask.current_app.config["SECRET_KEY"],
            )
        except TooManyAttempts as error:
            form.email.errors = [error.message]
            page = flask.render_template("people/accounts/forgotten_password.html", form=form)
            return page, error.status
        return flask.redirect(
            flask.url_for("people.accounts.forgotten_password", selesai="terkirim"), 303
        )
    return flask.render_template("people/accounts/forgotten_password.html", form=form), (
        422 if form.errors else 200
    )


@bp.post("/masuk/contoh")
@web.public
def sign_in_to_demo() -> ResponseReturnValue:
    """Sign in as one of the people of the demo, whose password everybody knows: only on the
    machine itself."""
    wanted = flask.request.form.get("akun", "")
    account_id = None
    if flask.current_app.config["SETTINGS"].is_local:
        people = all_sample_people(today())
        account_id = next(
            (one.account_id for one in (*people.first, *people.others) if one.public_id == wanted),
            None,
        )
    if account_id is None:
        raise NotFound(_("Akun contoh itu tidak ada."))
    return begin_session(
        service.open_session(
            account_id=account_id,
            address=web.client_address(),
            browser=flask.request.user_agent.string,
        )
    )
