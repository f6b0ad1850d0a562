"""What an agency owes, one report, the verification queue."""

from collections.abc import Callable
from datetime import date, datetime

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.assignments.obligations.dispute_queries import is_disputed
from coordinator.clock import local, today
from coordinator.paging import page_number, pages
from coordinator.people.directory import queries as directory
from coordinator.people.directory.rules import add_working_days
from coordinator.permissions import Permission
from coordinator.reporting.approval.service import take_from_head
from coordinator.reporting.papers.forms import PaperAnswerForm
from coordinator.reporting.reading.duty_queries import why_theirs
from coordinator.reporting.reading.file_queries import files
from coordinator.reporting.reading.head_queries import head_for
from coordinator.reporting.reading.queries import submissions
from coordinator.reporting.reading.rows import ReportHead, verdict_mark_of
from coordinator.reporting.report_form.editors import AccountEditor
from coordinator.reporting.report_form.pages import show_check, show_form
from coordinator.reporting.report_pages.formatting import TaskFormatter
from coordinator.reporting.report_pages.queries import tasks_page
from coordinator.reporting.report_pages.statement_queries import TaskPart
from coordinator.reporting.reports import task_queries
from coordinator.reporting.reports.evidence_marks import verdict_marks
from coordinator.reporting.reports.labels import kind_labels
from coordinator.reporting.reports.lines import draft_lines
from coordinator.reporting.reports.report_page import may_write
from coordinator.reporting.reports.rules import VERIFY_WITHIN, ReportKind, ReportState, may_edit
from coordinator.reporting.revisions.withdrawal import withdraw_report as withdraw
from coordinator.reporting.threads import timeline
from coordinator.reporting.threads.related_queries import related_to

bp = flask.Blueprint("report_pages", __name__)


# --- Tugas saya ----------------------------------------------------------------------------------


@bp.get("/tugas-saya")
@web.requires(Permission.SEE_OWN_TASKS)
def my_tasks() -> ResponseReturnValue:
    """What the viewer's agency owes, the most urgent first."""
    viewer = web.viewer()
    on = today(viewer.zone)
    number = page_number()
    tasks = tasks_page(viewer, on, page=number)
    return flask.render_template(
        "reporting/report_pages/my_tasks.html",
        on=on,
        tasks=tasks,
        agency=tasks.agency,
        parts=TaskPart,
        formatter=TaskFormatter(on),
        report_url=_address("reporting.report_pages.report"),
        approval_url=_address("reporting.approval.approval"),
        page=number,
        pages=pages(tasks.total),
        may_write=viewer.may(Permission.WRITE_REPORTS),
        states=ReportState,
    )


def _address(endpoint: str) -> Callable[[str], str]:
    """Return the function that gives the address of an endpoint by `report_id`, for many rows.

    Such an id has only letters that an address keeps as they are (`db.random_id`).
    """
    before, _mark, after = flask.url_for(endpoint, report_id="~").partition("~")
    return lambda report_id: f"{before}{report_id}{after}"


@bp.get("/tugas-saya/lalu")
@web.requires(Permission.SEE_OWN_TASKS)
def past_tasks() -> ResponseReturnValue:
    """Everything the agency was ever asked."""
    page = page_number()
    tasks, total = task_queries.past_tasks(web.viewer(), page=page)
    return flask.render_template(
        "reporting/report_pages/past_tasks.html",
        tasks=tasks,
        marks=verdict_marks(task.public_id for task in tasks),
        total=total,
        page=page,
        pages=pages(total),
        on=today(web.viewer().zone),
    )


def _verify_by() -> Callable[[datetime], date]:
    """Return the function that gives the day by which the secretariat should look at a submission.

    The table of days off is read once for a whole page.
    """
    zone, days_off = web.viewer().zone, directory.days_off()

    def verify_by(submitted_at: datetime) -> date:
        return add_working_days(local(submitted_at, zone).date(), VERIFY_WITHIN, days_off)

    return verify_by


# --- one report ----------------------------------------------------------------------------------


@bp.get("/laporan/<report_id>")
@web.signed_in
def report(report_id: str) -> ResponseReturnValue:
    """The form while it can be written; what was sent, with its history, otherwise."""
    viewer = web.viewer()
    head = head_for(viewer, report_id)
    if may_write(viewer, head):
        return show_form(AccountEditor(viewer, report_id), head)
    return show_report(head)


@bp.get("/laporan/<report_id>/periksa")
@web.requires(Permission.WRITE_REPORTS)
def check_report(report_id: str) -> ResponseReturnValue:
    """What is about to be sent."""
    viewer = web.viewer()
    return show_check(AccountEditor(viewer, report_id), head_for(viewer, report_id))


def show_report(head: ReportHead, *, answer: PaperAnswerForm | None = None) -> str:
    """Show what was sent.

    The agency sees the text of its own locked draft. `answer` is its refused answer about what was
    typed for it.
    """
    viewer = web.viewer()
    is_own = head.agency.id == viewer.agency_id
    is_writer = is_own and viewer.may(Permission.WRITE_REPORTS)
    waits_for_head = head.state is ReportState.AWAITING_HEAD and not head.is_ended
    sees_draft = is_own and (head.is_locked or waits_for_head or head.is_ended)
    sent = submissions(viewer, head)
    latest = sent.latest if sent else None
    shown = sent.numbered(flask.request.args.get("pengajuan", "")) if sent else None
    draft_of = head.report.id if head.report and is_own and waits_for_head else None
    used = files(viewer, [latest, shown], draft_of=draft_of)
    related = related_to(viewer, head)
    return flask.render_template(
        "reporting/report_pages/report.html",
        page=head,
        report=head.report,
        newest=latest,
        shown=shown,
        files=used,
        mark=verdict_mark_of(latest, used.of(latest)),
        is_disputed=is_disputed(viewer, head.party_id, head.period_id),
        answer_form=answer or PaperAnswerForm(formdata=None),
        may_withdraw=is_writer
        and head.state is ReportState.SUBMITTED
        and latest is not None
        and not latest.is_opened,
        may_type=viewer.may(Permission.TYPE_ON_BEHALF)
        and not head.is_ended
        and not head.is_locked
        and may_edit(head.state),
        on=today(viewer.zone),
        history=timeline.of_report(viewer, head, sent, related),
        decisions=related.decisions,
        reason=why_theirs(viewer, head),
        kind_labels=kind_labels(),
        locked_draft=draft_lines(head.report.draft, head) if sees_draft and head.report else [],
        is_writer=is_writer,
        may_approve=is_own and waits_for_head and viewer.may(Permission.APPROVE_REPORTS),
        is_own=is_own,
        may_verify=viewer.may(Permission.VERIFY_REPORTS),
        may_see_decisions=viewer.may(Permission.SEE_DECISIONS),
        states=ReportState,
        kinds=ReportKind,
        waits_for_head=waits_for_head,
        done=flask.request.args.get("selesai") == "1",
    )


@bp.post("/laporan/<report_id>/tarik")
@web.requires(Permission.WRITE_REPORTS)
def withdraw_report(report_id: str) -> ResponseReturnValue:
    """Take the newest submission back, while nobody has opened it; or what waits for the head."""
    version = edge.form_number("version", -1)
    if version >= 0:
        take_from_head(report_id, version=version, by=web.viewer())
    else:
        withdraw(report_id, revision_number=edge.form_number("revision"), by=web.viewer())
    return flask.redirect(flask.url_for("reporting.report_pages.report", report_id=report_id), 303)
