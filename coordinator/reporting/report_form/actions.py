"""What the buttons of the report form do. The input is kept on every error path: in the draft, or
on the page that shows the error."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from coordinator import formatting
from coordinator.errors import Conflict, InvalidInput
from coordinator.forms import refuse
from coordinator.reporting.drafts.queries import was_sent_with
from coordinator.reporting.drafts.service import ReportFacts, require_no_identity
from coordinator.reporting.evidence.taking_in import MOST_FILES, taken_in, too_many
from coordinator.reporting.reading.head_queries import head_for
from coordinator.reporting.reading.rows import FileRow, ReportRow
from coordinator.reporting.report_form.editors import FormAction, ReportEditor
from coordinator.reporting.report_form.pages import problems_on, show_conflict, show_form
from coordinator.reporting.report_form.queries import draft_files, room_for_files
from coordinator.reporting.reports.forms import ReportForm
from coordinator.reporting.reports.rules import FIELDS, SURE, ReportState

VALUE = re.compile(rf"(?:{SURE})?value-\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Posted:
    """The form as it was sent, and its text by field."""

    form: ReportForm
    typed: Mapping[str, str]

    @property
    def key(self) -> str:
        """The key that identifies a form that is sent twice; empty if there is none."""
        return self.form.form_key.data or ""

    @property
    def version(self) -> int:
        """The draft's version that the form was opened with."""
        return self.form.version.data or 0

    @property
    def uploads(self) -> list[FileStorage]:
        """The files that were chosen; no browser sends a text in their place."""
        chosen = [one for one in self.form.files.data or [] if isinstance(one, FileStorage)]
        return [one for one in chosen if one.filename]

    def shows_version(self, version: int) -> None:
        """Make the form carry the version its text was just saved as, when it is shown again."""
        self.form.version.data = version
        self.form.version.raw_data = None  # what the field would show else

    def refused(self) -> dict[str, str]:
        """Return the errors of the fields, by field, regardless of the report's state."""
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
    """Save the draft for the page's script; answer in JSON.

    It has the draft's version, or (422) the errors by field, or (409) that somebody else was
    faster.
    """
    posted = read_form()
    refused = posted.refused()
    if refused:
        return flask.jsonify(refused=refused), 422
    try:
        file_errors = _add_files(editor, posted) if posted.uploads else {}
        report = editor.save(
            posted.typed, version=posted.version, form_key=posted.key, is_autosave=True
        )
    except InvalidInput as error:
        return flask.jsonify(refused=error.fields), 422
    except Conflict as error:
        return flask.jsonify(message=error.message), 409
    return flask.jsonify(
        version=report.version,
        saved_at=formatting.clock_time(report.saved_at, editor.viewer.zone),
        file_errors=list(file_errors.values()),
        files=_files_html(editor) if posted.uploads else None,
    )


def check(editor: ReportEditor) -> ResponseReturnValue:
    """Save the draft and redirect to the check page, or show everything that is missing at once."""
    return save_then(
        editor,
        read_form(),
        lambda: flask.redirect(editor.url_of(FormAction.CHECK), 303),
        is_to_be_sent=True,
    )


def merge(editor: ReportEditor) -> ResponseReturnValue:
    """Save, of two texts side by side, the one chosen for each field."""
    posted = read_form()
    stored = editor.draft_of(head_for(editor.viewer, editor.report_id))
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


def after_sending(editor: ReportEditor, report: ReportFacts | ReportRow) -> ResponseReturnValue:
    """Redirect to the receipt; to the report if it waits for the head; or, if this page was sent
    before and the report was returned since, to the form, which says so."""
    if report.state in (ReportState.SUBMITTED, ReportState.VERIFIED) or editor.is_link:
        return flask.redirect(editor.sent_url, 303)
    done = "1" if report.state is ReportState.AWAITING_HEAD else "kembali"
    return to_form(editor, f"?selesai={done}")


def save_then(
    editor: ReportEditor,
    posted: Posted,
    go_on: Callable[[], ResponseReturnValue],
    *,
    is_to_be_sent: bool = False,
) -> ResponseReturnValue:
    """Save the draft, then answer with `go_on`; on an error show the form, or both texts.

    With `is_to_be_sent`, missing answers are errors too. The uploads come first: an additional file
    loses nobody's text, and a text that is refused costs no file.
    """
    refused = posted.refused()
    if refused:
        return show_refused(editor, posted, refused, is_to_be_sent=is_to_be_sent)
    try:
        wrong = _add_files(editor, posted) if posted.uploads else {}
        version, missing = _keep(editor, posted, is_to_be_sent=is_to_be_sent)
        posted.shows_version(version)
        wrong = {**wrong, **save_file_answers(editor), **missing}
        if wrong:
            raise InvalidInput(wrong)
        return go_on()
    except InvalidInput as error:
        return show_refused(editor, posted, error.fields, is_to_be_sent=is_to_be_sent)
    except Conflict as error:
        return sent_or_conflict(editor, posted.key, posted.typed, error)


def _keep(
    editor: ReportEditor, posted: Posted, *, is_to_be_sent: bool
) -> tuple[int, Mapping[str, str]]:
    """Save the text; return the draft's new version and the errors, by field, that keep it from
    being sent where it `is_to_be_sent`. Raises InvalidInput, Conflict, NotFound."""
    if not is_to_be_sent:
        report = editor.save(posted.typed, version=posted.version, form_key=posted.key)
        return report.version, {}
    kept = editor.save_and_check(posted.typed, version=posted.version, form_key=posted.key)
    return kept.report.version, kept.missing


def sent_or_conflict(
    editor: ReportEditor,
    form_key: str,
    typed: Mapping[str, str],
    error: Conflict,
    *,
    is_check: bool = False,
) -> ResponseReturnValue:
    """Answer as after sending if this form's other copy was faster, else show both texts."""
    page = head_for(editor.viewer, editor.report_id)
    if page.report and was_sent_with(page.report.id, form_key, editor.viewer):
        return after_sending(editor, page.report)
    return show_conflict(editor, page, typed, error.message, is_check=is_check)


def show_refused(
    editor: ReportEditor, posted: Posted, wrong: Mapping[str, str], *, is_to_be_sent: bool
) -> ResponseReturnValue:
    """Show the form as sent with its errors; if `is_to_be_sent`, with all that is missing too."""
    page = head_for(editor.viewer, editor.report_id)
    if is_to_be_sent:
        missing = problems_on(page, posted.typed, editor.viewer.zone)[1]
        wrong = {**missing, **wrong}
    known = posted.form.errors
    refuse(posted.form, InvalidInput({k: v for k, v in wrong.items() if k not in known}))
    return show_form(
        editor,
        page,
        posted.form,
        typed=posted.typed,
        errors={k: v for k, v in wrong.items() if k.startswith(("value-", "reuse-"))},
        status=422,
    )


# --- files ---------------------------------------------------------------------------------------


def _add_files(editor: ReportEditor, posted: Posted) -> dict[str, str]:
    """Attach the uploads to the draft; return messages about what was not kept, by field. Nothing
    is taken in for a report that cannot be written: saving says so."""
    room = room_for_files(editor.viewer, editor.report_id)
    if not room.may_write:
        return {}
    with taken_in(
        posted.uploads,
        field="files",
        agency_id=room.agency_id,
        room=MOST_FILES - len(room.received),
        there=room.received,
    ) as taken:
        errors = dict(taken.errors)
        if taken.files:
            left = editor.add_files(taken.files, form_key=posted.key)
            if left:
                errors["files"] = f"{errors.get('files', '')} {too_many(left)}".strip()
    return errors


def _files_html(editor: ReportEditor) -> str:
    """Return the list of files as it is now, for the script."""
    return flask.render_template(
        "reporting/report_form/draft_files.html",
        editor=editor,
        actions=FormAction,
        files=_shown_files(editor),
        errors={},
    )


def _shown_files(editor: ReportEditor) -> list[FileRow]:
    page = head_for(editor.viewer, editor.report_id)
    return editor.files_of(draft_files(editor.viewer, page))


def has_file_answers() -> bool:
    """Return whether the form has answers about the draft's files."""
    return any(name.startswith(("reuse-", "word-")) for name in flask.request.form)


def save_file_answers(editor: ReportEditor) -> dict[str, str]:
    """Keep what the uploader says of the files; return what is wrong with it, by field."""
    if not has_file_answers():
        return {}
    sent = flask.request.form
    wrong: dict[str, str] = {}
    for one in (one for one in _shown_files(editor) if one.file_id is not None):
        text = sent.get(f"reuse-{one.public_id}", "").strip()
        if text and text != (one.reuse_reason or ""):
            try:
                editor.explain_reuse(one.public_id, text)
            except InvalidInput as error:
                wrong[f"reuse-{one.public_id}"] = " ".join(error.fields.values())
        if one.needs_word and sent.get(f"word-{one.public_id}"):
            editor.acknowledge(one.public_id)
    return wrong
