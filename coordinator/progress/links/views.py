"""The one page that a mail's link opens, without a password. GET and HEAD change nothing: mail
scanners open links too."""

from functools import partial
from typing import Any

import flask
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordinator import web
from coordinator.accounts import limiter
from coordinator.directory import queries as directory
from coordinator.errors import InvalidInput
from coordinator.forms import refuse
from coordinator.progress.links import service
from coordinator.progress.mail_links import queries
from coordinator.progress.mail_links.rules import LinkPurpose, LinkState
from coordinator.progress.on_behalf.service import answer_typed
from coordinator.progress.on_behalf.views import ANSWERS
from coordinator.progress.papers.forms import AnswerForm
from coordinator.progress.papers.queries import paper_of
from coordinator.progress.place import Place, page_for
from coordinator.progress.receipts import exports
from coordinator.progress.receipts.queries import receipt
from coordinator.progress.receipts.views import share_text
from coordinator.progress.report_form import show_check, show_form, write
from coordinator.progress.rules import ReportState
from coordinator.progress.words import kind_labels

bp = flask.Blueprint("links", __name__)


def _found(token: str) -> queries.FoundLink | None:
    """Return what the token opens. A token that never was one counts against its network, and is
    all that the count stops: a good link opens whatever others behind the same address try."""
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


def _place(token: str, link: queries.FoundLink) -> Place:
    return Place(
        viewer=link.viewer,
        form_url=flask.url_for("links.report", token=token),
        check_url=flask.url_for("links.check_report", token=token),
        sent_url=flask.url_for("links.report", token=token),
        save=partial(service.save_draft, token),
        add_files=partial(service.add_files, token),
        remove_file=partial(service.remove_file, token),
        submit=partial(service.submit, token),
        explain=partial(service.explain_reuse, token),
        assure=partial(service.acknowledge, token),
        is_link=True,
        recipient=link.address,
        hides_draft=link.has_colleagues_draft,
        own_files=partial(queries.own_files, token),
        frame=_frame(link),
    )


@bp.get("/l/<token>")
@web.public
def report(token: str) -> ResponseReturnValue:
    """The form of this one report; after sending, its receipt; else where to turn."""
    link = _found(token)
    if link is None or link.state is LinkState.OVER:
        return _over(link)
    if link.purpose is LinkPurpose.CONFIRM:
        return _typed_report(token, link)
    if link.state is LinkState.SENT:
        return _sent(link)
    return show_form(_place(token, link), page_for(link.viewer, link.report_id))


@bp.post("/l/<token>")
@web.public
def write_report(token: str) -> ResponseReturnValue:
    """Save, check or send through the link. The same form sent twice leads to the receipt."""
    link = _found(token)
    if link is None or link.state is LinkState.OVER:
        return _over(link)
    if link.purpose is LinkPurpose.CONFIRM:
        return _answer_typed(token, link)
    if link.state is LinkState.SENT:
        return flask.redirect(flask.url_for("links.report", token=token), 303)
    return write(_place(token, link), link.report_id)


@bp.get("/l/<token>/periksa")
@web.public
def check_report(token: str) -> ResponseReturnValue:
    """What is about to be sent through the link."""
    link = _found(token)
    if link is None or link.state is LinkState.OVER:
        return _over(link)
    if link.state is not LinkState.OPEN or link.purpose is not LinkPurpose.REPORT:
        return flask.redirect(flask.url_for("links.report", token=token))
    return show_check(_place(token, link), page_for(link.viewer, link.report_id))


def _typed_report(
    token: str, link: queries.FoundLink, form: AnswerForm | None = None
) -> ResponseReturnValue:
    """What the secretariat typed from paper, with the two answers; no file can be opened here."""
    page = page_for(link.viewer, link.report_id)
    latest = page.report.latest if page.report else None
    paper = paper_of(latest.id) if latest else None
    if page.report is None or latest is None or paper is None:
        is_answered = link.state is LinkState.SENT
        if not is_answered:
            return _over(link)
        return flask.render_template("progress/link_answered.html", link=link, **_frame(link))
    return flask.render_template(
        "progress/link_typed.html",
        page=page,
        latest=latest,
        paper=paper,
        kind_labels=kind_labels(),
        recipient=link.address,
        form=form or AnswerForm(formdata=None),
        token=token,
        **_frame(link),
    ), (422 if form and form.errors else 200)


def _answer_typed(token: str, link: queries.FoundLink) -> ResponseReturnValue:
    form = AnswerForm()
    chosen = ANSWERS.get(flask.request.form.get("act", ""))
    if link.state is LinkState.SENT or chosen is None:
        return flask.redirect(flask.url_for("links.report", token=token), 303)
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
    return flask.redirect(flask.url_for("links.report", token=token), 303)


def _sent(link: queries.FoundLink) -> ResponseReturnValue:
    """Show what has become of the report: the number and who looks at it by when; that it waits for
    the head; or that it has moved on. Nothing of what it says."""
    is_there = link.report_state in (ReportState.SUBMITTED, ReportState.VERIFIED)
    found = receipt(link.viewer, link.report_id) if is_there else None
    shown = {_("Nomor"), _("Instansi"), _("Periode"), _("Pemeriksa"), _("Diperiksa paling lambat")}
    lines = exports.lines(found, link.viewer.zone) if found else []
    return flask.render_template(
        "progress/link_sent.html",
        link=link,
        receipt=found,
        waits_for_head=link.report_state is ReportState.AWAITING_HEAD,
        lines=[line for line in lines if line[0] in shown],
        share=share_text(link.number, link.report_id),
        **_frame(link),
    )


def _over(link: queries.FoundLink | None) -> ResponseReturnValue:
    return flask.render_template("progress/link_over.html", link=link, **_frame(link)), 410
