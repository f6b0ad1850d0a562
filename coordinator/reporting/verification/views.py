"""The verification queue, one report with what was asked, and taking a verdict back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import local, now, today
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.forms import refuse
from coordinator.mapping.duties import queries as duty_queries
from coordinator.paging import page_number, pages
from coordinator.people.directory import queries as directory
from coordinator.permissions import Permission
from coordinator.reporting.evidence.rules import CheckState
from coordinator.reporting.reading.duty_queries import duties_behind
from coordinator.reporting.reading.file_queries import files_with_uses
from coordinator.reporting.reading.head_queries import report_head
from coordinator.reporting.reading.queries import submissions
from coordinator.reporting.reading.rows import ReportHead, ReportRow, SubmissionRow, Submissions
from coordinator.reporting.reports.evidence_marks import verdict_marks
from coordinator.reporting.reports.labels import kind_labels
from coordinator.reporting.reports.rules import (
    VERIFY_WITHIN,
    ReportKind,
    ReportState,
    SubmittedVia,
    is_waiting_long,
)
from coordinator.reporting.reports.unlikely import unlikely
from coordinator.reporting.revisions.withdrawal import note_opening
from coordinator.reporting.threads import timeline
from coordinator.reporting.threads.related_queries import related_to
from coordinator.reporting.verification import queries
from coordinator.reporting.verification.blueprint import bp
from coordinator.reporting.verification.form_data import return_input, verdict_form, verify_input
from coordinator.reporting.verification.formatting import (
    approve_text,
    doubtful_text,
    recipient_text,
)
from coordinator.reporting.verification.forms import ReopenForm
from coordinator.reporting.verification.notices import verdict_notice
from coordinator.reporting.verification.queue_filters import (
    agencies,
    filter_texts,
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
from coordinator.reporting.verification.rules import QueueFilter
from coordinator.reporting.verification.service import verified_already, verify_report
from coordinator.reporting.verification.verifier_queries import Desk, desk_for, verifier_check
from coordinator.translation import gettext as _

QUEUES = {
    "": ReportState.SUBMITTED,
    "dikembalikan": ReportState.RETURNED,
    "selesai": ReportState.VERIFIED,
}


def _waits_long() -> Callable[[datetime], bool]:
    """Return the test of whether a submission has waited too long for the secretariat."""
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
        notice=verdict_notice(),
        state=QUEUES[tab],
        states=ReportState,
        groups=duty_queries.working_groups(viewer),
        agencies=agencies(),
        wanted=wanted,
        query=query_of(wanted),
        filters=filter_texts(wanted),
        flags=flag_labels(),
        waiting_long={row.public_id for row in rows if waits_long(row.submitted_at)},
        not_mine={
            row.public_id for row in rows if not can_verify(row.agency_id, row.submitted_by_id)
        },
        zone=viewer.zone,
        on=today(viewer.zone),
        local=local,
    )


def _sent(report_id: str) -> tuple[ReportHead, ReportRow, Submissions, SubmissionRow]:
    """Return a report that was sent, with its newest submission. Raises NotFound."""
    viewer = web.viewer()
    head = report_head(viewer, report_id)
    sent = submissions(viewer, head) if head else None
    if head is None or head.report is None or sent is None or sent.latest is None:
        raise NotFound(_("Laporan itu tidak ada, atau belum dikirim."))
    return head, head.report, sent, sent.latest


def _opened(
    report_id: str,
) -> tuple[ReportHead, ReportRow, Submissions, SubmissionRow, Desk]:
    """Return a report that was sent, and who looks at it.

    That somebody who may judge it has opened it is noted: from then on its agency cannot take it
    back, so it is read as it is from then on.
    """
    viewer = web.viewer()
    head, report, sent, latest = _sent(report_id)
    desk = desk_for(viewer, head.agency.id)
    if (
        flask.request.method == "GET"
        and report.state is ReportState.SUBMITTED
        and not latest.is_opened
        and desk.can_verify(head.agency.id, latest.submitted_by_id)
    ):
        note_opening(report_id, by=viewer)
        head, report, sent, latest = _sent(report_id)
    return head, report, sent, latest, desk


@bp.route("/verifikasi/<report_id>", methods=["GET", "POST"])
@web.requires(Permission.VERIFY_REPORTS)
def verify(report_id: str) -> ResponseReturnValue:
    """What was asked, what was reported, and the decision."""
    viewer = web.viewer()
    head, report, sent, latest, desk = _opened(report_id)
    wanted = wanted_reports()
    if report.state is not ReportState.SUBMITTED:
        if flask.request.method == "POST" and _is_repeat(report_id, latest):
            place = queries.place_in_queue(viewer, report_id, wanted, desk.can_verify)
            return _to_next(report_id, place.next_assigned, wanted)
        return _moved_on(report_id, typed=flask.request.form.get("remark", ""))
    place = queries.place_in_queue(viewer, report_id, wanted, desk.can_verify)
    form = verdict_form(latest)
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
            conflict = _("Instansi mengirim kiriman baru saat Anda memeriksa.")
            head, report, sent, latest = _sent(report_id)
            if report.state is not ReportState.SUBMITTED:
                is_return = form.verdict.data == "return"
                return _moved_on(report_id, typed=return_input(form).remark if is_return else "")
        else:
            return _to_next(report_id, place.next_assigned, wanted)
    related = related_to(viewer, head)
    found = duties_behind(viewer, head)
    proofs = files_with_uses(viewer, latest)
    return flask.render_template(
        "reporting/verification/verify.html",
        page=head,
        form=form,
        errors=errors,
        conflict=conflict,
        notice=None if errors or form.errors else verdict_notice(),
        approve=approve_text(latest),
        latest=latest,
        proofs=proofs,
        reused=sum(bool(file.uses) for file in proofs),
        doubtful=doubtful_text(latest),
        unlikely=unlikely(report.draft, head.asked, latest.values),
        place=place,
        query=query_of(wanted),
        filters=filter_texts(wanted),
        duties=found.duties,
        amendments=found.amendments,
        history=timeline.of_report(viewer, head, sent, related),
        decisions=related.decisions,
        kind_labels=kind_labels(),
        typed={
            f"value-{v.indicator_id}": flask.request.form.get(f"value-{v.indicator_id}", "")
            for v in latest.values
        },
        ticked=set(flask.request.form.getlist("files")),
        waiting=CheckState.WAITING,
        may=desk.can_verify(head.agency.id, latest.submitted_by_id),
        told=recipient_text(head, desk),
        first_day=local(report.first_submitted_at or now(), viewer.zone).date(),
        waits_long=_waits_long()(latest.submitted_at),
        kinds=ReportKind,
        on_behalf=SubmittedVia.ON_BEHALF,
        zone=viewer.zone,
    ), (409 if conflict else 422 if form.errors or errors else 200)


def _is_repeat(report_id: str, latest: SubmissionRow) -> bool:
    """Return whether this verdict was given already: the form's other copy was faster."""
    form = verdict_form(latest)
    if not form.validate():
        return False
    viewer = web.viewer()
    if form.verdict.data == "return":
        return returned_already(report_id, return_input(form), by=viewer) is not None
    try:
        same = verified_already(report_id, verify_input(form, latest), by=viewer)
    except InvalidInput:
        return False
    return same is not None


def _moved_on(report_id: str, *, typed: str = "") -> ResponseReturnValue:
    """Show the report as it is now.

    Somebody who just decided sees that it was too late, and gets the text back.
    """
    if flask.request.method == "POST" and typed.strip():
        raise Conflict(
            _("Laporan ini sudah berubah. Keputusan Anda tidak disimpan: “%(text)s”", text=typed)
        )
    if flask.request.method == "POST":
        raise Conflict(_("Laporan ini sudah berubah. Keputusan Anda tidak disimpan."))
    return flask.redirect(flask.url_for("reporting.report_pages.report", report_id=report_id))


def _to_next(report_id: str, upcoming: str | None, wanted: QueueFilter) -> ResponseReturnValue:
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
    head, report, _submissions, latest = _sent(report_id)
    if report.state is not ReportState.VERIFIED:
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
    desk = desk_for(viewer, head.agency.id)
    return flask.render_template(
        "reporting/verification/reopen.html",
        page=head,
        form=form,
        latest=latest,
        told=recipient_text(head, desk),
        may=desk.can_verify(head.agency.id, latest.submitted_by_id),
    ), (422 if form.errors else 200)
