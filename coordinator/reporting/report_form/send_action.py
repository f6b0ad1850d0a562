"""Sending a report from its check page."""

import secrets

import flask
from flask.typing import ResponseReturnValue

from coordinator.errors import Conflict, InvalidInput
from coordinator.forms import refuse
from coordinator.reporting.drafts.service import was_sent_with
from coordinator.reporting.report_form.actions import (
    after_sending,
    missing_in,
    read_form,
    save_file_answers,
    save_then,
)
from coordinator.reporting.report_form.editors import ReportEditor
from coordinator.reporting.report_form.pages import (
    filled_form,
    show_check,
    show_conflict,
    show_form,
)
from coordinator.reporting.reports.forms import ReportForm
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.queries import ReportPage
from coordinator.reporting.reports.report_page import page_for
from coordinator.translation import gettext as _


def send(editor: ReportEditor) -> ResponseReturnValue:
    """Send what the check page shows. A page that carries the fields too saves them first."""
    posted = read_form()
    has_fields = "note" in flask.request.form
    page = page_for(editor.viewer, editor.report_id)
    if not has_fields:
        return _send(editor, page, posted.form, has_fields=False)
    if page.report and was_sent_with(page.report, posted.key, editor.viewer):
        return after_sending(editor, page.report)
    return save_then(
        editor,
        posted,
        lambda: _send(
            editor, page_for(editor.viewer, editor.report_id), posted.form, has_fields=True
        ),
        missing_in(editor, posted),
    )


def _send(
    editor: ReportEditor, page: ReportPage, form: ReportForm, *, has_fields: bool
) -> ResponseReturnValue:
    seen = flask.request.form.get("seen_files")
    wrong = save_file_answers(editor, page.report)
    page = page_for(editor.viewer, editor.report_id)
    if wrong:
        return show_check(editor, page, form, errors=wrong, status=422)
    try:
        report = editor.submit(
            version=form.version.data or 0,
            form_key=form.form_key.data or secrets.token_urlsafe(16),
            confirmed=bool(form.confirmed.data),
            seen_files=None if seen is None else frozenset(seen.split()),
        )
    except InvalidInput as error:
        return _show_refused(editor, form, error, has_fields=has_fields)
    except Conflict as error:
        page = page_for(editor.viewer, editor.report_id)
        if page.report and was_sent_with(page.report, form.form_key.data or "", editor.viewer):
            return after_sending(editor, page.report)
        if has_fields:
            return show_conflict(editor, page, read_form().typed, error.message)
        return show_conflict(editor, page, _read(), error.message, is_check=True)
    return after_sending(editor, report)


def _show_refused(
    editor: ReportEditor, form: ReportForm, error: InvalidInput, *, has_fields: bool
) -> ResponseReturnValue:
    """Show the check page where the fault can be put right there, else the form."""
    page = page_for(editor.viewer, editor.report_id)
    refuse(form, error)
    missing = _missing_file_answers(editor, page.report) if "files" in error.fields else {}
    if set(error.fields) <= ({"confirmed"} if has_fields else {"confirmed", "files"}):
        general = "" if missing else error.fields.get("files", "")
        return show_check(editor, page, form, errors=missing, general=general, status=422)
    errors = {k: v for k, v in error.fields.items() if k.startswith("value-")} | missing
    if has_fields:
        return show_form(editor, page, form, typed=read_form().typed, errors=errors, status=422)
    stored = filled_form(editor, page)
    refuse(stored, error)
    return show_form(editor, page, stored, errors=errors, status=422)


def _read() -> dict[str, str]:
    """Return the text of the check page that was sent, by field."""
    return {
        name.removeprefix("read-"): text
        for name, text in flask.request.form.items()
        if name.startswith("read-")
    }


def _missing_file_answers(editor: ReportEditor, report: Report | None) -> dict[str, str]:
    """Return what is still asked about the files shown, by field."""
    found: dict[str, str] = {}
    for row in editor.files_of(report):
        one = row.evidence
        if one.needs_reason:
            found[f"reuse-{one.public_id}"] = _("Tulis alasan memakai ulang %(n)s", n=one.name)
        if one.needs_word:
            found[f"word-{one.public_id}"] = _("Pastikan isi %(n)s, lalu centang", n=one.name)
    return found
