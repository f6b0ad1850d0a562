"""Sending a report from its check page, or from a page that carries the fields too."""

import secrets

import flask
from flask.typing import ResponseReturnValue

from coordinator.errors import Conflict, InvalidInput
from coordinator.forms import refuse
from coordinator.reporting.reading.head_queries import head_for
from coordinator.reporting.reading.rows import ReportHead
from coordinator.reporting.report_form.actions import (
    Posted,
    after_sending,
    has_file_answers,
    read_form,
    save_file_answers,
    save_then,
    sent_or_conflict,
    show_refused,
)
from coordinator.reporting.report_form.editors import ReportEditor
from coordinator.reporting.report_form.pages import filled_form, show_check, show_form
from coordinator.reporting.report_form.queries import draft_files
from coordinator.reporting.reports.forms import ReportForm
from coordinator.translation import gettext as _


def send(editor: ReportEditor) -> ResponseReturnValue:
    """Send what the check page shows.

    A page that carries the fields too saves them as well: with the sending at once, or before the
    files and what is said of them, which take a transaction each.
    """
    posted = read_form()
    if "note" not in flask.request.form:
        wrong = save_file_answers(editor)
        if wrong:
            page = head_for(editor.viewer, editor.report_id)
            return show_check(editor, page, posted.form, errors=wrong, status=422)
        return _send(editor, posted, has_fields=False)
    if posted.uploads or has_file_answers():
        return save_then(
            editor, posted, lambda: _send(editor, posted, has_fields=True), is_to_be_sent=True
        )
    return _save_and_send(editor, posted)


def _save_and_send(editor: ReportEditor, posted: Posted) -> ResponseReturnValue:
    refused = posted.refused()
    if refused:
        return show_refused(editor, posted, refused, is_to_be_sent=True)
    try:
        kept = editor.save_and_submit(
            posted.typed,
            version=posted.version,
            form_key=posted.key or secrets.token_urlsafe(16),
            confirmed=bool(posted.form.confirmed.data),
        )
    except InvalidInput as error:
        return show_refused(editor, posted, error.fields, is_to_be_sent=True)
    except Conflict as error:
        return sent_or_conflict(editor, posted.key, posted.typed, error)
    if kept.refused is None:
        return after_sending(editor, kept.report)
    posted.shows_version(kept.report.version)
    return _refuse(editor, posted, kept.refused, has_fields=True)


def _send(editor: ReportEditor, posted: Posted, *, has_fields: bool) -> ResponseReturnValue:
    seen = flask.request.form.get("seen_files")
    try:
        report = editor.submit(
            version=posted.version,
            form_key=posted.key or secrets.token_urlsafe(16),
            confirmed=bool(posted.form.confirmed.data),
            seen_files=None if seen is None else frozenset(seen.split()),
        )
    except (InvalidInput, Conflict) as error:
        return _refuse(editor, posted, error, has_fields=has_fields)
    return after_sending(editor, report)


def _refuse(
    editor: ReportEditor, posted: Posted, error: InvalidInput | Conflict, *, has_fields: bool
) -> ResponseReturnValue:
    """Say what keeps a report from being sent whose text is kept."""
    if isinstance(error, InvalidInput):
        return _show_refused(editor, posted.form, error, has_fields=has_fields)
    typed = posted.typed if has_fields else _read()
    return sent_or_conflict(editor, posted.key, typed, error, is_check=not has_fields)


def _show_refused(
    editor: ReportEditor, form: ReportForm, error: InvalidInput, *, has_fields: bool
) -> ResponseReturnValue:
    """Show the check page where the fault can be put right there, else the form."""
    page = head_for(editor.viewer, editor.report_id)
    refuse(form, error)
    missing = _missing_file_answers(editor, page) if "files" in error.fields else {}
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


def _missing_file_answers(editor: ReportEditor, page: ReportHead) -> dict[str, str]:
    """Return what is still asked about the files shown, by field."""
    found: dict[str, str] = {}
    for one in editor.files_of(draft_files(editor.viewer, page)):
        if one.needs_reason:
            found[f"reuse-{one.public_id}"] = _("Tulis alasan memakai ulang %(n)s", n=one.name)
        if one.needs_word:
            found[f"word-{one.public_id}"] = _("Pastikan isi %(n)s, lalu centang", n=one.name)
    return found
