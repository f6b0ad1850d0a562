"""The outbox, and the local inbox of MAIL_MODE=inbox."""

import flask
import flask_login
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import now
from coordinator.errors import NotFound
from coordinator.paging import page_number, pages
from coordinator.permissions import Permission
from coordinator.platform.mail import queries, reports, service
from coordinator.platform.mail.links import fill
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from coordinator.platform.operations.holding import hold
from coordinator.translation import gettext as _

bp = flask.Blueprint("mail", __name__)


@bp.get("/surel")
@web.requires(Permission.SEE_OUTBOX)
def outbox() -> ResponseReturnValue:
    """What left, what waits, what failed."""
    state = flask.request.args.get("keadaan", "")
    if state not in {*MailState, queries.RETURNED}:
        state = ""
    page = page_number()
    settings = flask.current_app.config["SETTINGS"]
    rows, total = queries.outbox(web.viewer(), state=state, page=page)
    return flask.render_template(
        "platform/mail/outbox.html",
        rows=rows,
        total=total,
        page=page,
        pages=pages(total),
        state=state,
        returned=queries.returned([row.id for row in rows if row.state is MailState.SENT]),
        unclear=queries.unclear_answers(web.viewer()),
        may_send=web.viewer().may(Permission.SEND_AGAIN),
        mode=settings.mail_mode,
        held=hold(settings),
        now=now(),
        zone=web.viewer().zone,
    )


@bp.post("/surel/<int:email_id>/kirim-ulang")
@web.requires(Permission.SEND_AGAIN)
def send_again(email_id: int) -> ResponseReturnValue:
    """Queue a failed mail again."""
    known = queries.email_id(web.viewer(), email_id)
    if known < 0:
        raise NotFound(_("Email itu tidak ada."))
    service.send_again(known)
    return flask.redirect(flask.url_for("platform.mail.outbox"), 303)


@bp.post("/surel/balasan/<int:answer_id>/selesai")
@web.requires(Permission.SEND_AGAIN)
def settle_answer(answer_id: int) -> ResponseReturnValue:
    """Take an unclear answer of a server off the list."""
    reports.settle_unclear_answer(answer_id, by=web.viewer())
    return flask.redirect(flask.url_for("platform.mail.outbox", selesai="dibaca"), 303)


@bp.get("/kotak-masuk")
@web.signed_in
def inbox() -> ResponseReturnValue:
    """The signed-in person's own mails, while nothing leaves this machine."""
    _require_local_inbox()
    rows = queries.received_by(flask_login.current_user.account_id)
    return flask.render_template("platform/mail/inbox.html", rows=rows)


@bp.get("/kotak-masuk/<int:email_id>")
@web.signed_in
def inbox_mail(email_id: int) -> ResponseReturnValue:
    """One mail as its receiver reads it: the plain text, with the links filled in."""
    _require_local_inbox()
    row = _own_mail(email_id)
    text = _filled(row)
    page = flask.make_response(
        flask.render_template("platform/mail/inbox_mail.html", row=row, text=text)
    )
    page.headers["Content-Security-Policy"] = f"{web.CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return page


@bp.get("/kotak-masuk/<int:email_id>/isi")
@web.signed_in
def inbox_body(email_id: int) -> ResponseReturnValue:
    """The HTML part alone, for the frame: its inline styles are allowed here and nowhere else.

    No script runs in it; `allow-same-origin` lets the page around it read how tall it is.
    """
    _require_local_inbox()
    row = _own_mail(email_id)
    # A link of the mail leads the page around it, as in a mail program; no page of ours is framed.
    response = flask.make_response(
        _filled(row, is_html=True).replace("<head>", '<head><base target="_top">', 1)
    )
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
        "sandbox allow-same-origin allow-top-navigation-by-user-activation allow-popups"
    )
    return response


def _require_local_inbox() -> None:
    if flask.current_app.config["SETTINGS"].mail_mode != "inbox":
        raise NotFound(_("Kotak masuk hanya ada bila email tidak dikirim ke luar."))


def _own_mail(email_id: int) -> OutgoingEmail:
    row = queries.mail_to(flask_login.current_user.account_id, email_id)
    if row is None:
        raise NotFound(_("Email itu tidak ada."))
    return row


def _filled(row: OutgoingEmail, *, is_html: bool = False) -> str:
    config = flask.current_app.config
    return fill(
        row.html if is_html else row.text,
        row.mail_links,
        base_url=config["SETTINGS"].base_url,
        secret_key=config["SECRET_KEY"],
        is_html=is_html,
    )
