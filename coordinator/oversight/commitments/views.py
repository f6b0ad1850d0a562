"""The list of assignments, and the same list as a file."""

from typing import Any

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import today
from coordinator.mapping.duties import queries as duty_queries
from coordinator.oversight.commitments import exports, queries
from coordinator.oversight.commitments.labels import (
    SHOWN_KINDS,
    figure_text,
    order_labels,
    status_tag,
)
from coordinator.oversight.commitments.queries import BY_FIGURE, CommitmentFilter, Moment
from coordinator.oversight.commitments.rules import ReportStatus
from coordinator.paging import page_number, pages
from coordinator.people.directory import queries as directory
from coordinator.periods.queries import newest_period
from coordinator.permissions import Permission
from coordinator.platform.audit.access import log_access
from coordinator.platform.documents.rendering import XLSX_TYPE
from coordinator.reporting.reports.evidence_marks import verdict_marks
from coordinator.translation import gettext as _

bp = flask.Blueprint("commitments", __name__)

LONGEST_TEXT = 100


def _wanted() -> CommitmentFilter:
    arguments = flask.request.args
    order = arguments.get("urut", "")
    return CommitmentFilter(
        working_group=arguments.get("pokja", ""),
        agency=arguments.get("instansi", ""),
        closed=arguments.get("keadaan") == "tutup",
        text=arguments.get("cari", "").strip()[:LONGEST_TEXT],
        order=order if order.removeprefix("-") in queries.ORDERS else "",
    )


def _address(wanted: CommitmentFilter, **other: str) -> dict[str, Any]:
    """Return the query string that asks for a list, with something else in it."""
    asked = {
        "cari": wanted.text,
        "pokja": wanted.working_group,
        "instansi": wanted.agency,
        "keadaan": "tutup" if wanted.closed else "",
        "urut": wanted.order,
    }
    return {name: value or None for name, value in (asked | other).items()}


def _moment() -> Moment:
    viewer = web.viewer()
    on = today(viewer.zone)
    period = newest_period(viewer.own_task_force_id)
    return Moment(period, period.year if period else on.year, on)


def _heads(wanted: CommitmentFilter, at: Moment) -> list[dict[str, Any]]:
    """Return the heads of the columns; a second press on one turns its order round."""
    report = _("Laporan %(period)s", period=at.period.title) if at.period else _("Laporan")
    columns = [
        ("aksi", _("Aksi"), "aksi"),
        ("ketua", _("Penanggung jawab"), "ketua"),
        ("dukung", _("Pendukung"), "-dukung"),
        ("laporan", report, "laporan"),
        (BY_FIGURE, _("Terverifikasi %(year)s", year=at.year), BY_FIGURE),
        ("", _("Batas waktu"), ""),
    ]
    return [_head(wanted, name, text, first) for name, text, first in columns]


def _head(wanted: CommitmentFilter, name: str, text: str, first: str) -> dict[str, Any]:
    turned = first.removeprefix("-") if first.startswith("-") else f"-{first}"
    target = turned if wanted.order == first else first
    sort = {name: "ascending", f"-{name}": "descending"}.get(wanted.order)
    href = flask.url_for("oversight.commitments.assignments", **_address(wanted, urut=target))
    return {"text": text, "num": name == "dukung", "sort": sort, "href": href}


@bp.get("/penugasan")
@web.requires(Permission.SEE_ASSIGNMENTS)
def assignments() -> ResponseReturnValue:
    """Show the open (or closed) assignments with their reports and figures, the nearest limit
    first unless asked otherwise."""
    viewer = web.viewer()
    wanted, at, page = _wanted(), _moment(), page_number()
    rows, total = queries.commitments(viewer, wanted, at, page=page)
    orders = order_labels()
    head = next((one for one in _heads(wanted, at) if one["sort"]), None)
    if wanted.order not in orders and head is not None:
        orders[wanted.order] = _("%(column)s, terbalik", column=head["text"])
    return flask.render_template(
        "oversight/commitments/assignments.html",
        letterhead=directory.page_head(web.viewer()),
        rows=rows,
        total=total,
        page=page,
        pages=pages(total, queries.PAGE_SIZE),
        wanted=wanted,
        at=at,
        heads=_heads(wanted, at),
        orders=orders,
        address=_address(wanted),
        groups=duty_queries.working_groups(viewer),
        agencies=directory.agencies(viewer),
        marks=verdict_marks(row.obligation_id for row in rows if row.obligation_id),
        status_tag=status_tag,
        shown_kinds=SHOWN_KINDS,
        unsent=(ReportStatus.SILENT, ReportStatus.UNSENT),
        figure_text=figure_text,
        may_assign=viewer.may(Permission.ASSIGN_ACTIONS),
    )


@bp.get("/penugasan.csv")
@web.requires(Permission.SEE_ASSIGNMENTS)
def assignments_csv() -> ResponseReturnValue:
    """Return every page of the same list as CSV."""
    rows, at = _every_row()
    return _file(exports.commitments_csv(rows, at), "text/csv", "csv")


@bp.get("/penugasan.xlsx")
@web.requires(Permission.SEE_ASSIGNMENTS)
def assignments_xlsx() -> ResponseReturnValue:
    """Return every page of the same list as a workbook."""
    rows, at = _every_row()
    return _file(exports.commitments_xlsx(rows, at), XLSX_TYPE, "xlsx")


def _every_row() -> tuple[list[queries.Commitment], Moment]:
    at = _moment()
    rows, _total = queries.commitments(web.viewer(), _wanted(), at, page=None)
    return rows, at


def _file(data: bytes, media_type: str, ending: str) -> flask.Response:
    viewer = web.viewer()
    log_access("export", by=viewer, subject_id=f"penugasan.{ending}")
    return edge.download(data, media_type, f"penugasan_{today(viewer.zone)}.{ending}")
