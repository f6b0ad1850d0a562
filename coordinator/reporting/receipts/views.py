"""The receipt: a page that can be bookmarked, a PDF, words for WhatsApp."""

from urllib.parse import quote

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import now
from coordinator.errors import NotFound
from coordinator.people.directory import queries as directory
from coordinator.permissions import Viewer
from coordinator.reporting.receipts import exports, queries
from coordinator.translation import gettext as _

bp = flask.Blueprint("receipts", __name__)


def _receipt(viewer: Viewer, report_id: str) -> queries.Receipt:
    found = queries.receipt(viewer, report_id)
    if found is None:
        raise NotFound(_("Belum ada tanda terima untuk laporan itu."))
    return found


def share_text(number: str, report_id: str) -> str:
    """Return the words for WhatsApp, quoted for an address: the number and a plain link to the page
    behind the sign-in; never a token, never a title."""
    base_url = flask.current_app.config["SETTINGS"].base_url
    return quote(
        _(
            "Laporan %(number)s sudah dikirim ke Sekretariat Gugus Tugas. %(link)s",
            number=number,
            link=f"{base_url}/laporan/{report_id}",
        )
    )


@bp.get("/laporan/<report_id>/tanda-terima")
@web.signed_in
def receipt(report_id: str) -> ResponseReturnValue:
    """What was sent, under which number, who looks at it and by when."""
    viewer = web.viewer()
    found = _receipt(viewer, report_id)
    return flask.render_template(
        "reporting/receipts/receipt.html",
        receipt=found,
        letterhead=directory.letterhead(found.force),
        share=share_text(found.number, report_id),
        lines=exports.lines(found, viewer.zone),
        is_own=found.agency_id == viewer.agency_id,
    )


@bp.get("/laporan/<report_id>/tanda-terima.pdf")
@web.signed_in
def receipt_pdf(report_id: str) -> ResponseReturnValue:
    """The receipt on paper."""
    viewer = web.viewer()
    found = _receipt(viewer, report_id)
    return as_pdf(found, exports.lines(found, viewer.zone), viewer.zone)


def as_pdf(found: queries.Receipt, said: list[tuple[str, str]], zone: str) -> flask.Response:
    """Return a receipt with these lines as a PDF. Raises Unavailable."""
    body = exports.receipt_pdf(
        found,
        directory.letterhead(found.force),
        said=said,
        base_url=str(flask.current_app.config["SETTINGS"].base_url),
        at=now(),
        zone=zone,
    )
    return edge.download(body, "application/pdf", f"{found.number}.pdf", is_shown=True)
