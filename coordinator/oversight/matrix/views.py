"""The compliance matrix, the page behind a cell, the CSV."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.assignments.obligations.names import PeriodNames
from coordinator.clock import local, now, today
from coordinator.errors import NotFound
from coordinator.mapping.duties import queries as duty_queries
from coordinator.oversight.matrix import exports, queries
from coordinator.oversight.matrix.agency_queries import agency_lines
from coordinator.oversight.matrix.labels import cell_number, cell_word, layer_labels, legend
from coordinator.oversight.matrix.rules import Layer
from coordinator.people.accounts.queries import contacts_of_agencies
from coordinator.people.directory import queries as directory
from coordinator.periods import queries as periods
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Permission
from coordinator.plans.actions.rules import PartyKind
from coordinator.platform.audit.access import log_access
from coordinator.reporting.decisions.queries import waiting as decisions_waiting
from coordinator.reporting.evidence.review_queries import late_count
from coordinator.reporting.reports.evidence_marks import verdict_marks
from coordinator.reporting.reports.rules import ReportKind, ReportState
from coordinator.translation import gettext as _

bp = flask.Blueprint("matrix", __name__)


def _layer() -> Layer:
    try:
        return Layer(flask.request.args.get("lapis", Layer.LAPOR.value))
    except ValueError:
        return Layer.LAPOR


def _period(opened: list[ReportingPeriod]) -> ReportingPeriod | None:
    """Return the requested period, else the one in review.

    In review is the newest period whose window has closed, or the newest of all.
    """
    wanted = flask.request.args.get("periode", "")
    chosen = next((one for one in opened if one.public_id == wanted), None)
    return chosen or periods.in_review(opened, today(web.viewer().zone))


@bp.get("/matriks")
@web.requires(Permission.SEE_MATRIX)
def matrix() -> ResponseReturnValue:
    """Show agencies x pokja for a period and a layer."""
    viewer = web.viewer()
    on = today(viewer.zone)
    opened = periods.periods(viewer)
    period = _period(opened)
    group_key = flask.request.args.get("pokja", "")
    layer = _layer()
    found = (
        queries.matrix(viewer, period, layer, on=on, working_group=group_key) if period else None
    )
    rows = found.rows if found else []
    return flask.render_template(
        "oversight/matrix/matrix.html",
        letterhead=directory.page_head(web.viewer()),
        matrix=found,
        layer=layer,
        layers=layer_labels(),
        legend=legend(layer),
        periods=opened,
        period=period,
        extended=periods.extended_agencies(viewer, period.id) if period else {},
        unconfirmed=found.unconfirmed if found else [],
        groups=found.all_groups if found else (),
        group_key=group_key,
        attention=[row for row in rows if row.needs_attention and not row.is_court],
        fine=[
            row
            for row in rows
            if not row.needs_attention and not row.is_not_due and not row.is_court
        ],
        later=[
            row
            for row in rows
            if row.is_not_due
            and not row.is_without_task
            and not row.needs_attention
            and not row.is_court
        ],
        without=[row for row in rows if row.is_without_task and not row.is_court],
        courts=[row for row in rows if row.is_court],
        word=cell_word,
        number=cell_number,
        at=now(),
        zone=viewer.zone,
        decisions=_decisions(),
        late_reviews=late_count(viewer, on) if viewer.may(Permission.DECIDE_REQUESTS) else 0,
    )


def _decisions() -> tuple[int, int]:
    """Return how many decisions wait for the viewer, and the days since the oldest was asked."""
    viewer = web.viewer()
    if not viewer.may(Permission.DECIDE_REQUESTS):
        return 0, 0
    count, oldest = decisions_waiting(viewer)
    if oldest is None:
        return 0, 0
    return count, (today(viewer.zone) - local(oldest, viewer.zone).date()).days


@bp.get("/matriks.csv")
@web.requires(Permission.SEE_MATRIX)
def matrix_csv() -> ResponseReturnValue:
    """Return the same filtered matrix as a CSV for Excel with Indonesian settings."""
    viewer = web.viewer()
    period = _period(periods.periods(viewer))
    if period is None:
        raise NotFound(_("Belum ada periode."))
    layer = _layer()
    found = queries.matrix(
        viewer,
        period,
        layer,
        on=today(viewer.zone),
        working_group=flask.request.args.get("pokja", ""),
    )
    body = exports.matrix_csv(found, periods.extended_agencies(viewer, period.id))
    log_access("export", by=viewer, subject_id=f"matriks/{period.public_id}/{layer.value}")
    name = f"matriks_{layer.value}_{period.label}_{period.year}_{today(viewer.zone)}.csv"
    return edge.download(body, "text/csv", name.replace(" ", "-").lower())


@bp.get("/matriks/<slug>")
@web.requires(Permission.SEE_MATRIX)
def agency(slug: str) -> ResponseReturnValue:
    """Show the details of an agency's cells: each obligation with its report."""
    viewer = web.viewer()
    found = directory.agency_by_slug(viewer, slug)
    if found is None:
        raise NotFound(_("Instansi itu tidak ada di gugus tugas Anda."))
    period = _period(periods.periods(viewer))
    group_key = flask.request.args.get("pokja", "")
    groups = duty_queries.working_groups(viewer)
    lines = agency_lines(viewer, found, period, working_group=group_key) if period else []
    return flask.render_template(
        "oversight/matrix/agency.html",
        letterhead=directory.page_head(web.viewer()),
        agency=PeriodNames(viewer.own_task_force_id).agency(period.id, found.id)
        if period
        else found,
        period=period,
        layer=_layer(),
        group=next((group for group in groups if group.key == group_key), None),
        lines=lines,
        contacts=contacts_of_agencies({found.id}, today(viewer.zone))[found.id],
        marks=verdict_marks(line.public_id for line in lines),
        lead=PartyKind.LEAD,
        on=today(viewer.zone),
        states=ReportState,
        kinds=ReportKind,
    )
