"""The pages of a report that is written: the form, the check before sending, and both texts side by
side where two people wrote at once."""

import secrets
from collections.abc import Mapping, Sequence

import flask
from flask.typing import ResponseReturnValue

from coordinator import screening
from coordinator.assignments.obligations.dispute_queries import is_disputed
from coordinator.clock import today
from coordinator.people.directory import queries as directory
from coordinator.people.directory.rules import add_working_days
from coordinator.plans.actions.rules import IndicatorKind
from coordinator.platform.files.rules import ACCEPT
from coordinator.reporting.approval.asking import approvals_of, asks_head, heads
from coordinator.reporting.reading.duty_queries import duties_behind, why_theirs
from coordinator.reporting.reading.queries import submissions
from coordinator.reporting.reading.rows import ReportHead, Submissions
from coordinator.reporting.report_form.editors import FormAction, ReportEditor
from coordinator.reporting.report_form.queries import draft_files, form_only, former_figures
from coordinator.reporting.reports.forms import ReportForm
from coordinator.reporting.reports.labels import kind_labels, return_reason_labels
from coordinator.reporting.reports.last_answer import last_answer
from coordinator.reporting.reports.lines import (
    display_value,
    field_labels,
    fields_for_kind,
    question_to_supporter,
)
from coordinator.reporting.reports.models import HeadApproval
from coordinator.reporting.reports.report_page import may_write
from coordinator.reporting.reports.rules import (
    FIELDS,
    SURE,
    VERIFY_WITHIN,
    AskedIndicator,
    Content,
    ReportState,
    may_edit,
)
from coordinator.reporting.revisions.submission import problems_with
from coordinator.reporting.threads import history

# --- the form ------------------------------------------------------------------------------------


def filled_form(editor: ReportEditor, page: ReportHead) -> ReportForm:
    """Return the form with what is stored in it."""
    draft = editor.draft_of(page)
    form = ReportForm(formdata=None, data={name: draft.get(name) for name in FIELDS})
    form.form_key.data = secrets.token_urlsafe(16)
    form.version.data = page.report.version if page.report else 0
    return form


def show_form(
    editor: ReportEditor,
    page: ReportHead,
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
    viewer = editor.viewer
    found = duties_behind(viewer, page)
    only = form_only(viewer, page)
    # Nothing of a report that never left the draft.
    sent = submissions(viewer, page) if page.report and page.report.number else None
    approvals = approvals_of(page.report.id) if page.report and only.was_before_head else []
    all_files = draft_files(viewer, page) if only.has_files else ()
    files = editor.files_of(all_files)
    on = today(viewer.zone)
    return flask.render_template(
        "reporting/report_form/report_form.html",
        editor=editor,
        actions=FormAction,
        page=page,
        only=only,
        is_disputed=is_disputed(viewer, page.party_id, page.period_id),
        form=form or filled_form(editor, page),
        values=_values(page, editor.draft_of(page) if typed is None else typed),
        errors=errors or {},
        question=only.question
        if page.is_lead
        else question_to_supporter(page.agency.abbreviation, page.lead.abbreviation),
        on=on,
        accepted=list(dict.fromkeys(line for d in found.duties for line in d.evidence)),
        refused=list(dict.fromkeys(line for d in found.duties for line in d.not_evidence)),
        reason=why_theirs(viewer, page, found),
        history=[]
        if editor.is_link or page.report is None
        else history.items_of(
            sent or Submissions((), page.report.state, page.report.saved_at),
            approvals,
            viewer.zone,
            with_draft=True,
        ),
        last=None if editor.is_link else last_answer(page.party_id, only.covers_from),
        kind_labels=kind_labels(),
        files=files,
        other_files=len(all_files) - len(files),
        returned=sent.latest.verification
        if sent and sent.latest and page.state is ReportState.RETURNED
        else None,
        return_reasons=return_reason_labels(),
        head_remark=_head_remark(page, approvals),
        kinds=IndicatorKind,
        former=[] if editor.hides_draft else former_figures(viewer, page),
        accept=ACCEPT,
        asks_head=only.wants_head and bool(heads(page.agency.id, viewer.zone)),
        verify_by=add_working_days(on, VERIFY_WITHIN, directory.days_off()),
        saved=flask.request.args.get("selesai") == "draf",
        came_back=flask.request.args.get("selesai") == "kembali",
        **editor.frame,
    ), status


def _values(page: ReportHead, source: Mapping[str, str]) -> dict[str, str]:
    """Return the indicators' values, and what was said of unlikely ones, by field."""
    names = [AskedIndicator(i.id, i.kind).field for i in page.indicators]
    return {name: source.get(name, "") for name in (*names, *(SURE + one for one in names))}


def _head_remark(page: ReportHead, approvals: Sequence[HeadApproval]) -> str:
    """Return what the agency's head asks to be changed, while nothing was sent since."""
    newest = approvals[-1] if approvals and may_edit(page.state) else None
    return newest.remark if newest and not newest.is_approved else ""


def problems_on(
    page: ReportHead, draft: Mapping[str, str], zone: str
) -> tuple[Content | None, dict[str, str]]:
    """Return what a draft says, and in words what keeps it from being sent, by field."""
    units = {AskedIndicator(one.id, one.kind).field: one.unit for one in page.indicators}
    return problems_with(draft, page.asked, units, is_lead=page.is_lead, zone=zone)


# --- check and send ------------------------------------------------------------------------------


def show_check(
    editor: ReportEditor,
    page: ReportHead,
    form: ReportForm | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    general: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """Show what is about to be sent, line by line, each with its way back; lead to the form where
    it cannot be sent. `errors` are about answers about files, `general` about no field."""
    draft = editor.draft_of(page)
    content, problems = problems_on(page, draft, editor.viewer.zone)
    if page.report is None or content is None or problems or not may_write(editor.viewer, page):
        return flask.redirect(editor.form_url)
    files = draft_files(editor.viewer, page)
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
        files=files,
        own_files=editor.files_of(files),
        asks_head=asks_head(page.agency.id, editor.viewer.zone),
        verify_by=add_working_days(on, VERIFY_WITHIN, directory.days_off()),
        **editor.frame,
    ), status


# --- two people at once --------------------------------------------------------------------------


def show_conflict(
    editor: ReportEditor,
    page: ReportHead,
    typed: Mapping[str, str],
    message: str,
    *,
    is_check: bool = False,
) -> ResponseReturnValue:
    """Show both texts side by side; nothing is overwritten until somebody chooses.

    Who was about to send (`is_check`) is shown what changed since they read it, to read it again.
    """
    stored = editor.draft_of(page)
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
