"""What an agency owes, one report, the verification queue."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import partial

import flask
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordinator import web, words
from coordinator.assignments.why import why
from coordinator.clock import local, now, today
from coordinator.directory import queries as directory
from coordinator.directory.rules import add_working_days
from coordinator.errors import InvalidInput, NotFound
from coordinator.forms import refuse, select_choices
from coordinator.paging import page_number, pages
from coordinator.periods import queries as periods
from coordinator.permissions import Permission
from coordinator.plan.rules import PartyKind
from coordinator.progress import history, queries, service
from coordinator.progress.forms import VerdictForm
from coordinator.progress.on_behalf.queries import paper_of, unanswered
from coordinator.progress.report_form import (
    Place,
    draft_lines,
    may_write,
    page_for,
    show_check,
    show_form,
    write,
)
from coordinator.progress.rules import (
    VERIFY_WITHIN,
    ReportKind,
    ReportState,
    ReturnReason,
    ShortfallReason,
    is_waiting_long,
    may_edit,
    may_verify,
)
from coordinator.progress.withdrawal import may_withdraw, note_opening
from coordinator.progress.withdrawal import withdraw_report as withdraw
from coordinator.progress.words import (
    kind_labels,
    return_reason_labels,
    shortfall_reason_labels,
)
from coordinator.roles import queries as roles

bp = flask.Blueprint("progress", __name__)

QUEUES = {
    "": ReportState.SUBMITTED,
    "dikembalikan": ReportState.RETURNED,
    "selesai": ReportState.VERIFIED,
}
DUE_SOON_DAYS = 7


# --- Tugas saya ----------------------------------------------------------------------------------


@bp.get("/tugas-saya")
@web.requires(Permission.SEE_OWN_TASKS)
def my_tasks() -> ResponseReturnValue:
    """What the viewer's agency owes, the most urgent first."""
    viewer = web.viewer()
    on = today(viewer.zone)
    period = periods.newest_period(viewer.own_task_force_id)
    tasks = queries.my_tasks(viewer, period_id=period.id if period else None)
    waiting = [task for task in tasks if task.is_open]
    urgent = waiting[0] if waiting else None
    rest = waiting[1:]
    return flask.render_template(
        "progress/my_tasks.html",
        period=period,
        on=on,
        waiting=waiting,
        urgent=urgent,
        late=[task for task in rest if task.last_day < on],
        soon=[task for task in rest if 0 <= (task.last_day - on).days <= DUE_SOON_DAYS],
        later=[task for task in rest if (task.last_day - on).days > DUE_SOON_DAYS],
        quiet=[task for task in tasks if not task.is_open],
        for_head=[task for task in tasks if task.state is ReportState.AWAITING_HEAD]
        if viewer.may(Permission.APPROVE_REPORTS)
        else [],
        typed=unanswered(viewer, on, agency_id=viewer.own_agency_id),
        verify_by=_verify_by(),
        may_write=viewer.may(Permission.WRITE_REPORTS),
        duties=roles.duties(viewer, agency_id=viewer.own_agency_id),
        agency=directory.agency(viewer),
        lead=PartyKind.LEAD,
        states=ReportState,
        kinds=ReportKind,
    )


@bp.get("/tugas-saya/lalu")
@web.requires(Permission.SEE_OWN_TASKS)
def past_tasks() -> ResponseReturnValue:
    """Everything the agency was ever asked."""
    page = page_number()
    tasks, total = queries.past_tasks(web.viewer(), page=page)
    return flask.render_template(
        "progress/past_tasks.html",
        tasks=tasks,
        total=total,
        page=page,
        pages=pages(total),
        on=today(web.viewer().zone),
    )


def _verify_by() -> Callable[[datetime], date]:
    """Return what tells by which day the secretariat should have looked at a submission; the table
    of days off is read once for a whole page."""
    zone, days_off = web.viewer().zone, directory.days_off()

    def verify_by(submitted_at: datetime) -> date:
        return add_working_days(local(submitted_at, zone).date(), VERIFY_WITHIN, days_off)

    return verify_by


# --- one report ----------------------------------------------------------------------------------


def _page(report_id: str) -> queries.ReportPage:
    return page_for(web.viewer(), report_id)


def _place(report_id: str) -> Place:
    """Return the form of a signed-in person."""
    viewer = web.viewer()
    return Place(
        viewer=viewer,
        form_url=flask.url_for("progress.report", report_id=report_id),
        check_url=flask.url_for("progress.check_report", report_id=report_id),
        sent_url=flask.url_for("receipts.receipt", report_id=report_id),
        save=partial(service.save_draft, report_id, by=viewer),
        add_files=partial(service.add_files, report_id, by=viewer),
        remove_file=partial(service.remove_file, report_id, by=viewer),
        submit=partial(service.submit_report, report_id, by=viewer),
    )


@bp.get("/laporan/<report_id>")
@web.signed_in
def report(report_id: str) -> ResponseReturnValue:
    """The form while it can be written; what was sent, with its history, otherwise."""
    page = _page(report_id)
    if may_write(web.viewer(), page):
        return show_form(_place(report_id), page)
    return _show_report(page)


@bp.post("/laporan/<report_id>")
@web.requires(Permission.WRITE_REPORTS)
def write_report(report_id: str) -> ResponseReturnValue:
    """Save the draft; then check or send it, as asked."""
    return write(_place(report_id), report_id)


@bp.get("/laporan/<report_id>/periksa")
@web.requires(Permission.WRITE_REPORTS)
def check_report(report_id: str) -> ResponseReturnValue:
    """What is about to be sent."""
    return show_check(_place(report_id), _page(report_id))


def _show_report(page: queries.ReportPage) -> str:
    """Show what was sent. Of a locked draft its agency sees the text."""
    viewer = web.viewer()
    sees_draft = page.agency.id == viewer.agency_id
    draft = page.report.draft if page.report else {}
    latest = page.report.latest if page.report else None
    is_writer = sees_draft and viewer.may(Permission.WRITE_REPORTS)
    return flask.render_template(
        "progress/report.html",
        paper=paper_of(latest.id) if latest else None,
        may_withdraw=is_writer and page.report is not None and may_withdraw(page.report),
        may_type=viewer.may(Permission.TYPE_ON_BEHALF)
        and page.obligation.ended_as is None
        and may_edit(page.report.state if page.report else None),
        page=page,
        on=today(viewer.zone),
        history=history.of_report(page.report, viewer.zone, with_draft=sees_draft),
        reason=why(viewer, page.assignment, [page.obligation.party])[0],
        kind_labels=kind_labels(),
        locked_draft=draft_lines(draft, page) if page.is_locked and sees_draft else [],
        verify_by=_verify_by(),
        is_own=sees_draft,
        may_verify=viewer.may(Permission.VERIFY_REPORTS),
        states=ReportState,
        kinds=ReportKind,
        waits_for_head=page.report is not None and page.report.state is ReportState.AWAITING_HEAD,
        done=flask.request.args.get("selesai") == "1",
    )


@bp.post("/laporan/<report_id>/tarik")
@web.requires(Permission.WRITE_REPORTS)
def withdraw_report(report_id: str) -> ResponseReturnValue:
    """Take the newest submission back, while nobody has opened it."""
    number = flask.request.form.get("revision", "")
    withdraw(report_id, revision_number=int(number) if number.isdecimal() else 0, by=web.viewer())
    return flask.redirect(flask.url_for("progress.report", report_id=report_id), 303)


# --- verification --------------------------------------------------------------------------------


@bp.get("/verifikasi")
@web.requires(Permission.VERIFY_REPORTS)
def verification_queue() -> ResponseReturnValue:
    """Reports by age, in three tabs."""
    viewer = web.viewer()
    tab = flask.request.args.get("tab", "")
    state = QUEUES.get(tab, ReportState.SUBMITTED)
    group_key = flask.request.args.get("pokja", "")
    slug = flask.request.args.get("instansi", "")
    page = page_number()
    rows, total = queries.verification_queue(
        viewer, state, working_group=group_key, agency=slug, page=page
    )
    on = today(viewer.zone)
    days_off = directory.days_off()
    return flask.render_template(
        "progress/queue.html",
        rows=rows,
        total=total,
        page=page,
        pages=pages(total),
        tab=tab,
        state=state,
        states=ReportState,
        groups=roles.working_groups(viewer),
        agencies=directory.agencies(viewer),
        group_key=group_key,
        slug=slug,
        waiting_long={
            row.public_id
            for row in rows
            if is_waiting_long(
                local(row.submitted_at, viewer.zone).date(), on, days_off, VERIFY_WITHIN
            )
        },
        not_mine={
            row.public_id
            for row in rows
            if not may_verify(
                verifier_id=viewer.account_id or 0,
                home_agency_id=viewer.home_agency_id,
                agency_id=row.agency_id,
                submitted_by_id=row.submitted_by_id,
            )
        },
        zone=viewer.zone,
        on=on,
        local=local,
    )


def _verdict_form(page: queries.ReportPage) -> VerdictForm:
    form = VerdictForm()
    latest = page.report.latest if page.report else None
    total = service.reported_total(latest) if latest else None
    accept = (
        _("Setujui %(value)s", value=words.number(total)) if total is not None else _("Setujui")
    )
    choices = [("verify", accept)]
    if total is not None:
        choices.append(("partial", _("Setujui sebagian")))
    form.verdict.choices = select_choices([*choices, ("return", _("Kembalikan"))])
    form.shortfall_reason.choices = select_choices(
        [("", _("Pilih alasan")), *((k.value, v) for k, v in shortfall_reason_labels().items())]
    )
    form.return_reason.choices = select_choices(
        [("", _("Pilih alasan")), *((k.value, v) for k, v in return_reason_labels().items())]
    )
    if flask.request.method == "GET":
        form.revision.data = latest.number if latest else 0
        form.mend_by_on.data = service.default_mend_by(web.viewer().zone)
    return form


@bp.route("/verifikasi/<report_id>", methods=["GET", "POST"])
@web.requires(Permission.VERIFY_REPORTS)
def verify(report_id: str) -> ResponseReturnValue:
    """What was asked, what was reported, and the decision."""
    viewer = web.viewer()
    if flask.request.method == "GET":
        note_opening(report_id, by=viewer)
    page = _page(report_id)
    if page.report is None or page.report.latest is None:
        raise NotFound(_("Laporan itu belum dikirim."))
    if page.report.state is not ReportState.SUBMITTED:
        return flask.redirect(flask.url_for("progress.report", report_id=report_id), 303)
    form = _verdict_form(page)
    errors: dict[str, str] = {}
    if form.validate_on_submit():
        judgement = _judgement(form, page)
        try:
            if form.verdict.data == "return":
                service.return_report(report_id, judgement, by=viewer)
            else:
                service.verify_report(report_id, judgement, by=viewer)
        except InvalidInput as error:
            errors = {k: v for k, v in error.fields.items() if k.startswith("value-")}
            refuse(form, error)
        else:
            return _to_next(report_id, form.verdict.data)
    latest = page.report.latest
    rows, total = queries.verification_queue(viewer, ReportState.SUBMITTED, size=200)
    ids = [row.public_id for row in rows]
    place = ids.index(report_id) if report_id in ids else 0
    return flask.render_template(
        "progress/verify.html",
        page=page,
        form=form,
        errors=errors,
        latest=latest,
        position=place + 1,
        total=total,
        previous=ids[place - 1] if place else None,
        following=ids[place + 1] if place + 1 < len(ids) else None,
        duties=roles.duties_by_id(page.duty_ids),
        amendments=roles.amendments(),
        on=today(viewer.zone),
        history=history.of_report(page.report, viewer.zone, with_draft=False),
        kind_labels=kind_labels(),
        typed={
            f"value-{v.indicator_id}": flask.request.form.get(f"value-{v.indicator_id}", "")
            for v in latest.values
        },
        may=may_verify(
            verifier_id=viewer.account_id or 0,
            home_agency_id=viewer.home_agency_id,
            agency_id=page.agency.id,
            submitted_by_id=latest.submitted_by_id,
        ),
        first_day=local(page.report.first_submitted_at or now(), viewer.zone).date(),
        kinds=ReportKind,
    ), (422 if form.errors or errors else 200)


def _judgement(form: VerdictForm, page: queries.ReportPage) -> service.Judgement:
    latest = page.report.latest if page.report else None
    judgement = service.Judgement(
        revision_number=form.revision.data or 0,
        identity_checked=bool(form.identity_checked.data),
        remark=(form.remark.data or "").strip(),
    )
    if form.verdict.data == "return":
        return replace(
            judgement,
            return_reason=ReturnReason(form.return_reason.data)
            if form.return_reason.data
            else None,
            mend_by_on=form.mend_by_on.data,
        )
    if form.verdict.data == "partial" and latest is not None:
        return replace(
            judgement,
            remark="",
            values={
                v.indicator_id: flask.request.form.get(f"value-{v.indicator_id}", "")
                for v in latest.values
            },
            shortfall_reason=ShortfallReason(form.shortfall_reason.data)
            if form.shortfall_reason.data
            else None,
        )
    return replace(judgement, remark="")


def _to_next(report_id: str, verdict: str) -> ResponseReturnValue:
    """Go on with the next report of the queue; to the queue when it is empty."""
    viewer = web.viewer()
    rows, _total = queries.verification_queue(viewer, ReportState.SUBMITTED, size=50)
    upcoming = next(
        (
            row.public_id
            for row in rows
            if may_verify(
                verifier_id=viewer.account_id or 0,
                home_agency_id=viewer.home_agency_id,
                agency_id=row.agency_id,
                submitted_by_id=row.submitted_by_id,
            )
        ),
        None,
    )
    if upcoming is None:
        target = flask.url_for("progress.verification_queue", selesai=verdict)
    else:
        target = flask.url_for(
            "progress.verify", report_id=upcoming, selesai=verdict, laporan=report_id
        )
    return flask.redirect(target, 303)
