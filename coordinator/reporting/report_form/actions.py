"""What the buttons of the report form do with what a browser sent. Whatever is refused, what was
typed is kept: in the draft, or else on the page that says what is wrong."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from coordinator import words
from coordinator.errors import Conflict, InvalidInput
from coordinator.forms import refuse
from coordinator.reporting.drafts.service import require_no_identity, was_sent_with
from coordinator.reporting.evidence.taking_in import MOST_FILES, taken_in, too_many
from coordinator.reporting.report_form.editors import FormAction, ReportEditor
from coordinator.reporting.report_form.pages import show_conflict, show_form
from coordinator.reporting.reports.forms import ReportForm
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.report_page import may_write, page_for
from coordinator.reporting.reports.rules import FIELDS, SURE, ReportState
from coordinator.reporting.revisions.submission import files_to_send, problems_of

VALUE = re.compile(rf"(?:{SURE})?value-\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Posted:
    """The form as it was sent, and its text by field."""

    form: ReportForm
    typed: Mapping[str, str]

    @property
    def key(self) -> str:
        """The word by which a form that is sent twice is known; empty where there is none."""
        return self.form.form_key.data or ""

    @property
    def uploads(self) -> list[FileStorage]:
        """The files that were chosen."""
        return [one for one in self.form.files.data or [] if one and one.filename]

    def refused(self) -> dict[str, str]:
        """Return what is wrong with the fields, whatever the report, by field."""
        self.form.validate()
        found = {field.name: str(field.errors[0]) for field in self.form if field.errors}
        if found:
            try:
                require_no_identity(self.typed)
            except InvalidInput as error:
                return found | error.fields
        return found


def read_form() -> Posted:
    """Return the form that this request sends."""
    sent = flask.request.form
    names = (*FIELDS, f"{SURE}contribution")
    values = {name: text for name, text in sent.items() if VALUE.fullmatch(name)}
    return Posted(ReportForm(), {name: sent.get(name, "") for name in names} | values)


# --- the actions ---------------------------------------------------------------------------------


def save(editor: ReportEditor) -> ResponseReturnValue:
    """Save the draft, and say so on the form."""
    return save_then(editor, read_form(), lambda: to_form(editor, "?selesai=draf"))


def autosave(editor: ReportEditor) -> ResponseReturnValue:
    """Save the draft for the page's script: JSON with the draft's version, or (422) what is refused
    by field, or (409) that somebody else was quicker."""
    posted = read_form()
    refused = posted.refused()
    if refused:
        return flask.jsonify(refused=refused), 422
    try:
        report, file_errors = _keep(editor, posted, is_autosave=True)
    except InvalidInput as error:
        return flask.jsonify(refused=error.fields), 422
    except Conflict as error:
        return flask.jsonify(message=error.message), 409
    return flask.jsonify(
        version=report.version,
        saved_at=words.clock_time(report.saved_at, editor.viewer.zone),
        file_errors=list(file_errors.values()),
        files=_files_html(editor, report) if posted.uploads else None,
    )


def check(editor: ReportEditor) -> ResponseReturnValue:
    """Save the draft and lead to the check page; where the draft cannot be sent, say all that is
    missing at once, whatever refuses it first."""
    posted = read_form()
    missing = missing_in(editor, posted)

    def go_on() -> ResponseReturnValue:
        if missing:
            raise InvalidInput(missing)
        return flask.redirect(editor.url_of(FormAction.CHECK), 303)

    return save_then(editor, posted, go_on, missing)


def merge(editor: ReportEditor) -> ResponseReturnValue:
    """Save, of two texts side by side, the one chosen for each field."""
    posted = read_form()
    stored = editor.draft_of(page_for(editor.viewer, editor.report_id).report)
    chosen = {
        name: stored.get(name, "")
        if flask.request.form.get(f"pilih-{name}") == "tersimpan"
        else text
        for name, text in posted.typed.items()
    }
    return save_then(editor, Posted(posted.form, chosen), lambda: to_form(editor, "?selesai=draf"))


def remove_file(editor: ReportEditor, evidence_id: str) -> ResponseReturnValue:
    """Save the draft, and take one of its files away."""

    def go_on() -> ResponseReturnValue:
        editor.remove_file(evidence_id)
        return to_form(editor, "#bukti")

    return save_then(editor, read_form(), go_on)


# --- saving --------------------------------------------------------------------------------------


def to_form(editor: ReportEditor, at: str = "") -> ResponseReturnValue:
    """Lead to the form; `at` is a query string or a part of the page."""
    return flask.redirect(f"{editor.form_url}{at}", 303)


def after_sending(editor: ReportEditor, report: Report) -> ResponseReturnValue:
    """Lead to the receipt; to the report where it waits for the head; and where this very page had
    been sent before and the report came back since, to the form, which says so."""
    if report.state in (ReportState.SUBMITTED, ReportState.VERIFIED) or editor.is_link:
        return flask.redirect(editor.sent_url, 303)
    done = "1" if report.state is ReportState.AWAITING_HEAD else "kembali"
    return to_form(editor, f"?selesai={done}")


def missing_in(editor: ReportEditor, posted: Posted) -> dict[str, str]:
    """Return what keeps the text from being sent, by field."""
    page = page_for(editor.viewer, editor.report_id)
    return problems_of(posted.typed, page.obligation, editor.viewer.zone)[1]


def save_then(
    editor: ReportEditor,
    posted: Posted,
    go_on: Callable[[], ResponseReturnValue],
    missing: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    """Save the draft, then answer with `go_on`; where either is refused, with the form and what is
    wrong (`missing` too), or with both texts side by side."""
    refused = posted.refused()
    if refused:
        return _show_refused(editor, posted, {**(missing or {}), **refused})
    try:
        report, wrong = _keep(editor, posted)
        posted.form.version.data = report.version
        posted.form.version.raw_data = None  # the field shows the new version, not what was sent
        wrong |= save_file_answers(editor, report)
        if wrong:
            raise InvalidInput(wrong)
        return go_on()
    except InvalidInput as error:
        return _show_refused(editor, posted, {**(missing or {}), **error.fields})
    except Conflict as error:
        page = page_for(editor.viewer, editor.report_id)
        if page.report and was_sent_with(page.report, posted.key, editor.viewer):
            return after_sending(editor, page.report)  # this form's other copy was quicker
        return show_conflict(editor, page, posted.typed, error.message)


def _keep(
    editor: ReportEditor, posted: Posted, *, is_autosave: bool = False
) -> tuple[Report, dict[str, str]]:
    """Keep the uploads, then the text: a text that is refused costs no file. Return the report, and
    what is wrong with the uploads, by field. Raises InvalidInput, Conflict, NotFound."""
    file_errors = _add_files(editor, posted) if posted.uploads else {}
    report = editor.save(
        posted.typed,
        version=posted.form.version.data or 0,
        form_key=posted.key,
        is_autosave=is_autosave,
    )
    return report, file_errors


def _show_refused(
    editor: ReportEditor, posted: Posted, wrong: Mapping[str, str]
) -> ResponseReturnValue:
    """Show the form as it was sent, each objection beside its input."""
    known = posted.form.errors
    refuse(posted.form, InvalidInput({k: v for k, v in wrong.items() if k not in known}))
    return show_form(
        editor,
        page_for(editor.viewer, editor.report_id),
        posted.form,
        typed=posted.typed,
        errors={k: v for k, v in wrong.items() if k.startswith(("value-", "reuse-"))},
        status=422,
    )


# --- files ---------------------------------------------------------------------------------------


def _add_files(editor: ReportEditor, posted: Posted) -> dict[str, str]:
    """Attach what was uploaded to the draft; return in words what was not kept, by field. Into a
    report that cannot be written nothing is even taken in: saving says so."""
    page = page_for(editor.viewer, editor.report_id)
    if not may_write(editor.viewer, page):
        return {}
    present = files_to_send(page.report) if page.report else []
    with taken_in(
        posted.uploads,
        field="files",
        agency_id=page.agency.id,
        room=MOST_FILES - len(present),
        there=[one.received_sha256 for one in present],
    ) as taken:
        errors = dict(taken.errors)
        if taken.files:
            left = editor.add_files(taken.files, form_key=posted.key)
            if left:
                errors["files"] = f"{errors.get('files', '')} {too_many(left)}".strip()
    return errors


def _files_html(editor: ReportEditor, report: Report) -> str:
    """Return the list of files as it is now, for the script."""
    return flask.render_template(
        "reporting/report_form/draft_files.html",
        editor=editor,
        actions=FormAction,
        files=editor.files_of(report),
        errors={},
    )


def save_file_answers(editor: ReportEditor, report: Report | None) -> dict[str, str]:
    """Keep what the uploader says of the files; return what is wrong with it, by field."""
    sent = flask.request.form
    if not any(name.startswith(("reuse-", "word-")) for name in sent):
        return {}
    wrong: dict[str, str] = {}
    shown = [
        (row.evidence.public_id, row.evidence.reuse_reason or "", row.evidence.needs_word)
        for row in editor.files_of(report)
        if row.evidence.file_id is not None
    ]
    for public_id, reason, needs_word in shown:
        text = sent.get(f"reuse-{public_id}", "").strip()
        if text and text != reason:
            try:
                editor.explain_reuse(public_id, text)
            except InvalidInput as error:
                wrong[f"reuse-{public_id}"] = " ".join(error.fields.values())
        if needs_word and sent.get(f"word-{public_id}"):
            editor.acknowledge(public_id)
    return wrong
