"""The pages of a report that is written: the form, the check before sending, and both texts side by
side where two people wrote at once."""

import secrets
from collections.abc import Mapping

import flask
from flask.typing import ResponseReturnValue

from coordinator import screening
from coordinator.assignments.why import why
from coordinator.clock import today
from coordinator.mapping.duties import queries as roles
from coordinator.people.directory import queries as directory
from coordinator.people.directory.rules import add_working_days
from coordinator.plans.actions.rules import IndicatorKind
from coordinator.platform.files.rules import ACCEPT
from coordinator.reporting.approval.asking import approvals_of, asks_head
from coordinator.reporting.report_form.editors import FormAction, ReportEditor
from coordinator.reporting.reports.forms import ReportForm
from coordinator.reporting.reports.last_answer import last_answer
from coordinator.reporting.reports.lines import (
    display_value,
    field_labels,
    fields_for_kind,
    question_of,
)
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.queries import ReportPage
from coordinator.reporting.reports.report_page import may_write
from coordinator.reporting.reports.rules import (
    FIELDS,
    SURE,
    VERIFY_WITHIN,
    Asked,
    ReportState,
    may_edit,
)
from coordinator.reporting.reports.words import kind_labels, return_reason_labels
from coordinator.reporting.revisions.submission import problems_of
from coordinator.reporting.threads import history

# --- the form ------------------------------------------------------------------------------------


def filled_form(editor: ReportEditor, page: ReportPage) -> ReportForm:
    """Return the form with what is stored in it."""
    draft = editor.draft_of(page.report)
    form = ReportForm(formdata=None, data={name: draft.get(name) for name in FIELDS})
    form.form_key.data = secrets.token_urlsafe(16)
    form.version.data = page.report.version if page.report else 0
    return form


def show_form(
    editor: ReportEditor,
    page: ReportPage,
    form: ReportForm | None = None,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Show the form: what is asked, what counts as proof, the fields, what follows.

    `form` and `typed` are what was refused; without them the stored draft is shown. `errors` are
    about inputs that are no field of the form: values, and answers about files.
    """
    duties = roles.duties_by_id(page.duty_ids)
    latest = page.report.latest if page.report else None
    files = editor.files_of(page.report)
    all_files = page.report.draft_evidence if page.report else []
    on = today(editor.viewer.zone)
    return flask.render_template(
        "reporting/report_form/report_form.html",
        editor=editor,
        actions=FormAction,
        page=page,
        form=form or filled_form(editor, page),
        values=_values(page, editor.draft_of(page.report) if typed is None else typed),
        errors=errors or {},
        question=question_of(page),
        on=on,
        accepted=list(dict.fromkeys(line for d in duties for line in d.evidence)),
        refused=list(dict.fromkeys(line for d in duties for line in d.not_evidence)),
        reason=why(editor.viewer, page.assignment, [page.obligation.party], called=page.called)[0],
        history=[]
        if editor.is_link
        else history.of_report(page.report, editor.viewer.zone, with_draft=True),
        last=None if editor.is_link else last_answer(page.obligation.party_id, page.period),
        kind_labels=kind_labels(),
        files=files,
        other_files=len(all_files) - len(files),
        returned=latest.verification
        if latest and page.report and page.report.state is ReportState.RETURNED
        else None,
        return_reasons=return_reason_labels(),
        head_remark=_head_remark(page.report),
        kinds=IndicatorKind,
        accept=ACCEPT,
        asks_head=asks_head(page.agency.id, editor.viewer.zone),
        verify_by=add_working_days(on, VERIFY_WITHIN, directory.days_off()),
        saved=flask.request.args.get("selesai") == "draf",
        came_back=flask.request.args.get("selesai") == "kembali",
        **editor.frame,
    ), status


def _values(page: ReportPage, source: Mapping[str, str]) -> dict[str, str]:
    """Return the indicators' values, and what was said of unlikely ones, by field."""
    names = [Asked(i.id, i.kind).field for i in page.indicators]
    return {name: source.get(name, "") for name in (*names, *(SURE + one for one in names))}


def _head_remark(report: Report | None) -> str:
    """Return what the agency's head asks to be changed, while nothing was sent since."""
    approvals = approvals_of(report.id) if report and may_edit(report.state) else []
    return approvals[-1].remark if approvals and not approvals[-1].is_approved else ""


# --- check and send ------------------------------------------------------------------------------


def show_check(
    editor: ReportEditor,
    page: ReportPage,
    form: ReportForm | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    general: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """Show what is about to be sent, line by line, each with its way back; lead to the form where
    it cannot be sent. `errors` are about answers about files, `general` about no field."""
    report = page.report
    draft = editor.draft_of(report)
    content, problems = (
        problems_of(draft, page.obligation, editor.viewer.zone) if report else (None, {})
    )
    if report is None or content is None or problems or not may_write(editor.viewer, page):
        return flask.redirect(editor.form_url)
    labels = field_labels(page)
    warned = {
        name
        for name, text in draft.items()
        if any(found.severity != "block" for found in screening.findings(text))
    }
    on = today(editor.viewer.zone)
    lines = [
        (name, labels[name], display_value(name, draft[name], page), name in warned)
        for name in fields_for_kind(content.kind.value, page)
        if draft.get(name)
    ]
    return flask.render_template(
        "reporting/report_form/check.html",
        editor=editor,
        actions=FormAction,
        page=page,
        lines=lines,
        read=draft,
        warned=bool(warned),
        errors=errors or {},
        general=general,
        form=form or ReportForm(formdata=None),
        form_key=(form.form_key.data if form else "") or secrets.token_urlsafe(16),
        files=report.draft_evidence,
        own_files=editor.files_of(report),
        asks_head=asks_head(page.agency.id, editor.viewer.zone),
        verify_by=add_working_days(on, VERIFY_WITHIN, directory.days_off()),
        **editor.frame,
    ), status


# --- two people at once --------------------------------------------------------------------------


def show_conflict(
    editor: ReportEditor,
    page: ReportPage,
    typed: Mapping[str, str],
    message: str,
    *,
    is_check: bool = False,
) -> ResponseReturnValue:
    """Show both texts side by side; nothing is overwritten until somebody chooses. Who was about to
    send (`is_check`) is shown what changed since they read it, to read it again."""
    stored = editor.draft_of(page.report)
    labels = field_labels(page)
    rows = [
        (
            name,
            labels[name],
            display_value(name, typed.get(name) or "", page),
            display_value(name, stored.get(name) or "", page),
        )
        for name in labels
        if (typed.get(name) or "") != (stored.get(name) or "")
    ]
    return flask.render_template(
        "reporting/report_form/conflict.html",
        editor=editor,
        actions=FormAction,
        page=page,
        form=ReportForm(formdata=None),
        form_key=secrets.token_urlsafe(16),
        # Every field: one that was left out of the form (no option chosen) may be chosen here.
        typed=dict.fromkeys(labels, "") | dict(typed),
        rows=rows,
        message=message,
        may_write=may_write(editor.viewer, page) and not editor.hides_draft,
        is_check=is_check,
        **editor.frame,
    ), 409
