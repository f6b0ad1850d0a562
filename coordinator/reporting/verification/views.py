"""The verification queue, one report beside what was asked, and taking a verdict back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from coordinator import screening, web, words
from coordinator.clock import local, now, today
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.forms import refuse
from coordinator.mapping.duties import queries as roles
from coordinator.paging import page_number, pages
from coordinator.people.accounts.queries import contacts_of_agencies
from coordinator.people.directory import queries as directory
from coordinator.permissions import Permission
from coordinator.reporting.decisions.queries import requests_of
from coordinator.reporting.evidence.rules import CheckState
from coordinator.reporting.reports import queries as progress
from coordinator.reporting.reports.evidence_marks import verdict_marks
from coordinator.reporting.reports.models import ReportRevision
from coordinator.reporting.reports.rules import (
    VERIFY_WITHIN,
    ReportKind,
    ReportState,
    SubmittedVia,
    is_waiting_long,
)
from coordinator.reporting.reports.unlikely import unlikely
from coordinator.reporting.reports.words import kind_labels
from coordinator.reporting.revisions.withdrawal import note_opening
from coordinator.reporting.threads import timeline
from coordinator.reporting.verification import queries
from coordinator.reporting.verification.blueprint import bp
from coordinator.reporting.verification.form_data import return_input, verdict_form, verify_input
from coordinator.reporting.verification.forms import ReopenForm
from coordinator.reporting.verification.queue_filters import (
    agencies,
    filter_words,
    flag_labels,
    query_of,
    wanted_reports,
)
from coordinator.reporting.verification.returning_service import (
    default_revise_by,
    reopen_report,
    return_report,
    returned_already,
)
from coordinator.reporting.verification.rules import Wanted
from coordinator.reporting.verification.service import verified_already, verify_report
from coordinator.reporting.verification.verifier_queries import verifier_check
from coordinator.translation import gettext as _

QUEUES = {
    "": ReportState.SUBMITTED,
    "dikembalikan": ReportState.RETURNED,
    "selesai": ReportState.VERIFIED,
}


def _waits_long() -> Callable[[datetime], bool]:
    """Return what tells whether a submission has waited too long for the secretariat."""
    zone = web.viewer().zone
    on, days_off = today(zone), directory.days_off()
    return lambda at: is_waiting_long(local(at, zone).date(), on, days_off, VERIFY_WITHIN)


@bp.get("/verifikasi")
@web.requires(Permission.VERIFY_REPORTS)
def queue() -> ResponseReturnValue:
    """Reports by age, in three tabs."""
    viewer = web.viewer()
    tab = flask.request.args.get("tab", "")
    tab = tab if tab in QUEUES else ""
    wanted = wanted_reports()
    page = page_number()
    rows, total = queries.verification_queue(viewer, QUEUES[tab], wanted, page=page)
    waits_long = _waits_long()
    can_verify = verifier_check(viewer)
    return flask.render_template(
        "reporting/verification/queue.html",
        rows=rows,
        marks=verdict_marks(row.public_id for row in rows),
        total=total,
        page=page,
        pages=pages(total),
        tab=tab,
        state=QUEUES[tab],
        states=ReportState,
        groups=roles.working_groups(viewer),
        agencies=agencies(),
        wanted=wanted,
        query=query_of(wanted),
        filters=filter_words(wanted),
        flags=flag_labels(),
        waiting_long={row.public_id for row in rows if waits_long(row.submitted_at)},
        not_mine={
            row.public_id for row in rows if not can_verify(row.agency_id, row.submitted_by_id)
        },
        zone=viewer.zone,
        on=today(viewer.zone),
        local=local,
    )


def _page(report_id: str) -> progress.ReportPage:
    page = progress.report_page(web.viewer(), report_id)
    if page is None or page.report is None or page.report.latest is None:
        raise NotFound(_("Laporan itu tidak ada, atau belum dikirim."))
    return page


@bp.route("/verifikasi/<report_id>", methods=["GET", "POST"])
@web.requires(Permission.VERIFY_REPORTS)
def verify(report_id: str) -> ResponseReturnValue:
    """What was asked, what was reported, and the decision."""
    viewer = web.viewer()
    if flask.request.method == "GET":
        note_opening(report_id, by=viewer)  # from now on its agency cannot take it back
    page = _page(report_id)
    report, latest = page.report, page.report.latest if page.report else None
    wanted = wanted_reports()
    if report is None or latest is None or report.state is not ReportState.SUBMITTED:
        if flask.request.method == "POST" and _is_repeat(page):
            place = queries.place_in_queue(viewer, report_id, wanted)
            return _to_next(report_id, place.next_of_mine, wanted)
        return _moved_on(report_id, typed=flask.request.form.get("remark", ""))
    place = queries.place_in_queue(viewer, report_id, wanted)
    form = verdict_form(page)
    errors: dict[str, str] = {}
    conflict = ""
    if form.validate_on_submit():
        try:
            if form.verdict.data == "return":
                return_report(report_id, return_input(form), by=viewer)
            else:
                verify_report(report_id, verify_input(form, latest), by=viewer)
        except InvalidInput as error:
            errors = {k: v for k, v in error.fields.items() if k.startswith(("value-", "file-"))}
            refuse(form, error)
        except Conflict:
            conflict = _("Instansi mengirim pengajuan baru saat Anda memeriksa.")
            page = _page(report_id)
            report, latest = page.report, page.report.latest if page.report else None
            if report is None or latest is None or report.state is not ReportState.SUBMITTED:
                is_return = form.verdict.data == "return"
                return _moved_on(report_id, typed=return_input(form).remark if is_return else "")
        else:
            return _to_next(report_id, place.next_of_mine, wanted)
    return flask.render_template(
        "reporting/verification/verify.html",
        page=page,
        form=form,
        errors=errors,
        conflict=conflict,
        latest=latest,
        doubtful=_doubtful(latest),
        unlikely=unlikely(page, latest),
        place=place,
        query=query_of(wanted),
        filters=filter_words(wanted),
        duties=roles.duties_by_id(page.duty_ids),
        amendments=roles.amendments(),
        on=today(viewer.zone),
        history=timeline.of_report(viewer, page),
        decisions=requests_of(report.id),
        kind_labels=kind_labels(),
        typed={
            f"value-{v.indicator_id}": flask.request.form.get(f"value-{v.indicator_id}", "")
            for v in latest.values
        },
        ticked=set(flask.request.form.getlist("files")),
        uses=queries.other_uses(viewer, latest),
        waiting=CheckState.WAITING,
        may=verifier_check(viewer)(page.agency.id, latest.submitted_by_id),
        told=_told(page),
        first_day=local(report.first_submitted_at or now(), viewer.zone).date(),
        waits_long=_waits_long()(latest.submitted_at),
        kinds=ReportKind,
        on_behalf=SubmittedVia.ON_BEHALF,
        zone=viewer.zone,
    ), (409 if conflict else 422 if form.errors or errors else 200)


def _is_repeat(page: progress.ReportPage) -> bool:
    """Tell whether this very verdict was given already: the form's other copy was quicker."""
    form = verdict_form(page)
    if not form.validate():
        return False
    report_id, viewer = page.obligation.public_id, web.viewer()
    if form.verdict.data == "return":
        return returned_already(report_id, return_input(form), by=viewer) is not None
    latest = page.report.latest if page.report else None
    try:
        same = verified_already(report_id, verify_input(form, latest), by=viewer)
    except InvalidInput:
        return False
    return same is not None


def _doubtful(revision: ReportRevision) -> str:
    """Return in words what the detector asks a person to look at in a submission's own text."""
    texts = (revision.note, revision.place, revision.nil_reason, revision.blocked_by)
    kinds = {found.kind for text in texts for found in screening.findings(text or "")}
    return words.of_kinds(kinds)


def _moved_on(report_id: str, *, typed: str = "") -> ResponseReturnValue:
    """Show the report as it is now; somebody who just decided is told that it was too late, and
    gets the words back."""
    if flask.request.method == "POST" and typed.strip():
        raise Conflict(
            _("Laporan ini sudah berubah. Keputusan Anda tidak disimpan: “%(text)s”", text=typed)
        )
    if flask.request.method == "POST":
        raise Conflict(_("Laporan ini sudah berubah. Keputusan Anda tidak disimpan."))
    return flask.redirect(flask.url_for("reporting.report_pages.report", report_id=report_id))


def _told(page: progress.ReportPage) -> str:
    """Return who would get the mail about a returned report, by function; "" where nobody."""
    grants = contacts_of_agencies({page.agency.id}, today(web.viewer().zone))[page.agency.id]
    functions = dict.fromkeys(_("pengganti") if g.is_alternate else _("narahubung") for g in grants)
    if not functions:
        return ""
    return _("%(who)s %(agency)s", who=_(" dan ").join(functions), agency=page.agency.abbreviation)


def _to_next(report_id: str, upcoming: str | None, wanted: Wanted) -> ResponseReturnValue:
    """Go on with the next report of the same queue; to the queue when none is left."""
    query: dict[str, Any] = {"selesai": report_id, **query_of(wanted)}
    if upcoming is None:
        target = flask.url_for("reporting.verification.queue", **query)
    else:
        target = flask.url_for("reporting.verification.verify", report_id=upcoming, **query)
    return flask.redirect(target, 303)


@bp.route("/verifikasi/<report_id>/buka-kembali", methods=["GET", "POST"])
@web.requires(Permission.VERIFY_REPORTS)
def reopen(report_id: str) -> ResponseReturnValue:
    """Take a verdict back, with a reason."""
    viewer = web.viewer()
    page = _page(report_id)
    report, latest = page.report, page.report.latest if page.report else None
    if report is None or latest is None or report.state is not ReportState.VERIFIED:
        return _moved_on(report_id)
    form = ReopenForm()
    if flask.request.method == "GET":
        form.mend_by_on.data = default_revise_by(viewer.zone)
    if form.validate_on_submit():
        try:
            reopen_report(
                report_id,
                revision_number=form.revision.data or 0,
                reason=form.reason.data or "",
                revise_by_on=form.mend_by_on.data,
                by=viewer,
            )
        except InvalidInput as error:
            refuse(form, error)
        else:
            return flask.redirect(
                flask.url_for(
                    "reporting.report_pages.report", report_id=report_id, selesai="dibuka"
                ),
                303,
            )
    return flask.render_template(
        "reporting/verification/reopen.html",
        page=page,
        form=form,
        latest=latest,
        told=_told(page),
        may=verifier_check(viewer)(page.agency.id, latest.submitted_by_id),
    ), (422 if form.errors else 200)
