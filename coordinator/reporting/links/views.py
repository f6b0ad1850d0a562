"""The one page that a mail's link opens, without a password. GET and HEAD change nothing: mail
scanners open links too."""

from collections.abc import Callable
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.errors import InvalidInput
from coordinator.forms import refuse
from coordinator.people.accounts import limiter
from coordinator.people.accounts.returning.sealing import form_of
from coordinator.people.directory import queries as directory
from coordinator.reporting.links.editor import LinkEditor
from coordinator.reporting.mail_links import queries
from coordinator.reporting.mail_links.rules import LinkState, TokenPurpose
from coordinator.reporting.on_behalf.service import answer_typed
from coordinator.reporting.on_behalf.views import ANSWERS
from coordinator.reporting.papers.forms import PaperAnswerForm
from coordinator.reporting.papers.queries import paper_of
from coordinator.reporting.reading.head_queries import head_for
from coordinator.reporting.receipts import exports
from coordinator.reporting.receipts.queries import Receipt, receipt
from coordinator.reporting.receipts.views import as_pdf, share_text
from coordinator.reporting.report_form import actions
from coordinator.reporting.report_form.editors import ReportEditor
from coordinator.reporting.report_form.old_pages import from_old_page
from coordinator.reporting.report_form.pages import show_check, show_form
from coordinator.reporting.report_form.send_action import send
from coordinator.reporting.reports.labels import kind_labels
from coordinator.reporting.reports.report_page import page_for
from coordinator.reporting.reports.rules import ReportState

bp = flask.Blueprint("links", __name__)
FORM = "reporting.links.report"


def _found(token: str) -> queries.FoundLink | None:
    """Return what the token opens.

    An unknown token counts against its network, and the limit stops unknown tokens only: a valid
    link opens regardless of what others behind the same address try.
    """
    link = queries.link_of(token)
    if link is None:
        limiter.count_stranger("report-link", web.client_address())
    return link


def _frame(link: queries.FoundLink | None) -> dict[str, Any]:
    """Return the frame of a page out of a mail: whom it is for, and no navigation."""
    if link is None:
        return {"masthead": {}, "navigation": []}
    force = directory.task_force(link.viewer)
    return {
        "masthead": {
            "region": force.region if force else "",
            "region_short": force.short_region if force else "",
            "recipient": link.agency,
        },
        "navigation": [],
    }


def _editor(token: str, link: queries.FoundLink) -> LinkEditor:
    return LinkEditor(token, link, _frame(link))


def _answer(
    token: str,
    link: queries.FoundLink | None,
    action: Callable[[ReportEditor], ResponseReturnValue],
) -> ResponseReturnValue:
    """Do what a button of the form asks for. The same form sent twice leads to the receipt."""
    if link is None or link.state is LinkState.OVER:
        return _over(link)
    if link.state is LinkState.SENT or link.purpose is not TokenPurpose.REPORT:
        return _to_report(token)
    return action(_editor(token, link))


def _to_report(token: str) -> ResponseReturnValue:
    return flask.redirect(flask.url_for(FORM, token=token), 303)


@bp.get("/l/<token>")
@web.public
def report(token: str) -> ResponseReturnValue:
    """The form of this one report; after sending, its receipt; else where to turn."""
    link = _found(token)
    if link is None or link.state is LinkState.OVER:
        return _over(link)
    if link.purpose is TokenPurpose.CONFIRM:
        return _typed_report(token, link)
    if link.state is LinkState.SENT:
        return _sent(token, link)
    return show_form(_editor(token, link), head_for(link.viewer, link.report_id))


@bp.post("/l/<token>/simpan")
@web.public
@form_of(FORM)
def save(token: str) -> ResponseReturnValue:
    """Save the draft."""
    return _answer(token, _found(token), actions.save)


@bp.post("/l/<token>/simpan-otomatis")
@web.public
@form_of(FORM)
def autosave(token: str) -> ResponseReturnValue:
    """Save the draft for the page's script."""
    return _answer(token, _found(token), actions.autosave)


@bp.post("/l/<token>/periksa")
@web.public
@form_of(FORM)
def check(token: str) -> ResponseReturnValue:
    """Save the draft, then show what is about to be sent."""
    return _answer(token, _found(token), actions.check)


@bp.post("/l/<token>/gabungkan")
@web.public
@form_of(FORM)
def merge(token: str) -> ResponseReturnValue:
    """Save, of two texts, what was chosen."""
    return _answer(token, _found(token), actions.merge)


@bp.post("/l/<token>/hapus")
@web.public
@form_of(FORM)
def remove_file(token: str) -> ResponseReturnValue:
    """Save the draft, and take a file away."""
    evidence_id = flask.request.form.get("public_id", "")
    return _answer(token, _found(token), lambda editor: actions.remove_file(editor, evidence_id))


@bp.post("/l/<token>/kirim")
@web.public
@form_of(FORM)
def send_report(token: str) -> ResponseReturnValue:
    """Send what the check page shows."""
    return _answer(token, _found(token), send)


@bp.post("/l/<token>")
@web.public
def old_page(token: str) -> ResponseReturnValue:
    """Save the agency's answer about a report that was typed for it.

    Also answers a form that was open before its buttons had addresses.
    """
    link = _found(token)
    if link is not None and link.purpose is TokenPurpose.CONFIRM:
        return _over(link) if link.state is LinkState.OVER else _answer_typed(token, link)
    return _answer(token, link, from_old_page)


@bp.get("/l/<token>/simpan")
@bp.get("/l/<token>/gabungkan")
@bp.get("/l/<token>/hapus")
@bp.get("/l/<token>/kirim")
@web.public
def form(token: str) -> ResponseReturnValue:
    """Lead to the form: a browser that opens a refused page again asks for its address."""
    return flask.redirect(flask.url_for("reporting.links.report", token=token), 303)


@bp.get("/l/<token>/periksa")
@web.public
def check_report(token: str) -> ResponseReturnValue:
    """What is about to be sent through the link."""
    link = _found(token)
    if link is None or link.state is LinkState.OVER:
        return _over(link)
    if link.state is not LinkState.OPEN or link.purpose is not TokenPurpose.REPORT:
        return flask.redirect(flask.url_for(FORM, token=token))
    return show_check(_editor(token, link), head_for(link.viewer, link.report_id))


def _typed_report(
    token: str, link: queries.FoundLink, form: PaperAnswerForm | None = None
) -> ResponseReturnValue:
    """What the secretariat typed from paper, with the two answers; no file can be opened here."""
    page = page_for(link.viewer, link.report_id)
    latest = page.report.latest if page.report else None
    paper = paper_of(latest.id) if latest else None
    if page.report is None or latest is None or paper is None:
        is_answered = link.state is LinkState.SENT
        if not is_answered:
            return _over(link)
        return flask.render_template(
            "reporting/links/link_answered.html", link=link, **_frame(link)
        )
    return flask.render_template(
        "reporting/links/link_typed.html",
        page=page,
        latest=latest,
        paper=paper,
        kind_labels=kind_labels(),
        recipient=link.address,
        form=form or PaperAnswerForm(formdata=None),
        token=token,
        **_frame(link),
    ), (422 if form and form.errors else 200)


def _answer_typed(token: str, link: queries.FoundLink) -> ResponseReturnValue:
    form = PaperAnswerForm()
    chosen = ANSWERS.get(flask.request.form.get("act", ""))
    if link.state is LinkState.SENT or chosen is None:
        return _to_report(token)
    if not form.validate():
        return _typed_report(token, link, form)
    try:
        answer_typed(
            link.report_id,
            chosen,
            revision_number=form.revision.data or 0,
            remark=form.remark.data or "",
            by=link.viewer,
            link=link,
        )
    except InvalidInput as error:
        refuse(form, error)
        return _typed_report(token, link, form)
    return _to_report(token)


def _sent(token: str, link: queries.FoundLink) -> ResponseReturnValue:
    """Show the state of the report, nothing of its content.

    That is the number and who looks at it by when; that it waits for the head; or that it has moved
    on.
    """
    found = _receipt(link)
    return flask.render_template(
        "reporting/links/link_sent.html",
        link=link,
        receipt=found,
        waits_for_head=link.report_state is ReportState.AWAITING_HEAD,
        lines=exports.public_lines(found, link.viewer.zone) if found else [],
        token=token,
        share=share_text(link.number, link.report_id),
        **_frame(link),
    )


def _receipt(link: queries.FoundLink) -> Receipt | None:
    is_there = link.report_state in (ReportState.SUBMITTED, ReportState.VERIFIED)
    return receipt(link.viewer, link.report_id) if is_there else None


@bp.get("/l/<token>/tanda-terima.pdf")
@web.public
def receipt_pdf(token: str) -> ResponseReturnValue:
    """The receipt on paper, with as little of the report as the page shows."""
    link = _found(token)
    if link is None or link.state is LinkState.OVER:
        return _over(link)
    found = _receipt(link) if link.state is LinkState.SENT else None
    if found is None:
        return _to_report(token)
    return as_pdf(found, exports.public_lines(found, link.viewer.zone), link.viewer.zone)


def _over(link: queries.FoundLink | None) -> ResponseReturnValue:
    return flask.render_template("reporting/links/link_over.html", link=link, **_frame(link)), 410
