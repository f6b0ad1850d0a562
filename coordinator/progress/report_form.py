"""The report form over HTTP: writing, checking, sending. Shared by the page behind the sign-in and
by the page that a mail's link opens; `Place` says which of the two it is."""

import secrets
from collections.abc import Mapping

import flask
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordinator import screening, words
from coordinator.assignments.why import why
from coordinator.clock import today
from coordinator.directory import queries as directory
from coordinator.directory.rules import add_working_days
from coordinator.errors import Conflict, InvalidInput
from coordinator.evidence.taking_in import MOST_FILES, taken_in, too_many
from coordinator.files.rules import ACCEPT
from coordinator.forms import refuse, select_choices
from coordinator.plan.rules import IndicatorKind
from coordinator.progress import queries
from coordinator.progress.approval.asking import approvals_of, asks_head
from coordinator.progress.forms import ReportForm
from coordinator.progress.last_answer import last_answer
from coordinator.progress.lines import carried, labels_of, question_of, said_as
from coordinator.progress.models import Report
from coordinator.progress.place import Place, may_write, page_for
from coordinator.progress.rules import FIELDS, SURE, VERIFY_WITHIN, Asked, ReportState, may_edit
from coordinator.progress.service import was_sent_with
from coordinator.progress.submission import files_to_send, problems_of, require_no_identity
from coordinator.progress.threads import history
from coordinator.progress.words import kind_labels, return_reason_labels
from coordinator.roles import queries as roles

AUTOSAVE = "simpan-otomatis"
SENDING = ("periksa", "kirim")


# --- the form ------------------------------------------------------------------------------------


def fresh_form(place: Place, page: queries.ReportPage) -> ReportForm:
    """Return the form with what is stored in it."""
    draft = place.draft(page)
    form = ReportForm(formdata=None, data={name: draft.get(name) for name in FIELDS})
    _complete(form)
    form.form_key.data = secrets.token_urlsafe(16)
    form.version.data = page.report.version if page.report else 0
    return form


def _complete(form: ReportForm) -> None:
    form.kind.choices = select_choices(
        [(kind.value, label) for kind, label in kind_labels().items()]
    )


def _values(page: queries.ReportPage, source: Mapping[str, str]) -> dict[str, str]:
    names = [Asked(i.id, i.kind).field for i in page.indicators]
    return {name: source.get(name, "") for name in (*names, *(SURE + one for one in names))}


def show_form(
    place: Place,
    page: queries.ReportPage,
    form: ReportForm | None = None,
    *,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Show the form: what is asked, what counts as proof, the fields, what follows."""
    duties = roles.duties_by_id(page.duty_ids)
    latest = page.report.latest if page.report else None
    laid = len(page.report.draft_evidence) if page.report else 0
    on = today(place.viewer.zone)
    return flask.render_template(
        "progress/report_form.html",
        place=place,
        page=page,
        form=form or fresh_form(place, page),
        values=_values(page, place.draft(page)) if values is None else values,
        errors=errors or {},
        question=question_of(page),
        on=on,
        accepted=list(dict.fromkeys(line for d in duties for line in d.evidence)),
        refused=list(dict.fromkeys(line for d in duties for line in d.not_evidence)),
        reason=why(place.viewer, page.assignment, [page.obligation.party], called=page.called)[0],
        history=[]
        if place.is_link
        else history.of_report(page.report, place.viewer.zone, with_draft=True),
        last=None if place.is_link else last_answer(page.obligation.party_id, page.period),
        kind_labels=kind_labels(),
        files=place.files(page),
        other_files=laid - len(place.files(page)),
        returned=latest.verification
        if latest and page.report and page.report.state is ReportState.RETURNED
        else None,
        return_reasons=return_reason_labels(),
        head_remark=head_remark(page.report),
        kinds=IndicatorKind,
        accept=ACCEPT,
        asks_head=asks_head(page.agency.id, place.viewer.zone),
        verify_by=add_working_days(on, VERIFY_WITHIN, directory.days_off()),
        saved=flask.request.args.get("selesai") == "draf",
        came_back=flask.request.args.get("selesai") == "kembali",
        **place.frame,
    ), status


def head_remark(report: Report | None) -> str:
    """Return what the agency's head asks to be changed, while nothing was sent since."""
    approvals = approvals_of(report.id) if report and may_edit(report.state) else []
    return approvals[-1].remark if approvals and not approvals[-1].is_approved else ""


def _typed(page: queries.ReportPage) -> dict[str, str]:
    sent = flask.request.form
    names = (*FIELDS, f"{SURE}contribution")
    return {name: sent.get(name, "") for name in names} | _values(page, sent.to_dict())


def write(place: Place, report_id: str) -> ResponseReturnValue:
    """Save what was typed; then check it, send it or take a file away, as asked. Whatever fails,
    what was typed is kept. A page that carries no fields (the check page) saves nothing."""
    page = page_for(place.viewer, report_id)
    act = flask.request.form.get("act", "simpan")
    form = ReportForm()
    _complete(form)
    if act == "pakai-tersimpan":
        return flask.redirect(place.form_url, 303)
    if act == "kirim" and "note" not in flask.request.form:
        return _send(place, page, form)
    form_key = form.form_key.data or ""
    if act == "kirim" and page.report and was_sent_with(page.report, form_key, place.viewer):
        return _after_sending(place, page.report)
    typed = _typed(page)
    if act == "gabungkan":
        stored = place.draft(page)
        typed = {
            name: stored.get(name, "")
            if flask.request.form.get(f"pilih-{name}") == "tersimpan"
            else text
            for name, text in typed.items()
        }
    # All that keeps the report from being sent is said at once, whatever refuses it first.
    wrong = problems_of(typed, page.obligation, place.viewer.zone)[1] if act in SENDING else {}
    if not form.validate():
        refused = {f.name: str(f.errors[0]) for f in form if f.errors} | _identity(typed)
        if act == AUTOSAVE:
            return flask.jsonify(refused=refused), 422
        refuse(
            form,
            InvalidInput(
                {k: v for k, v in (wrong | _identity(typed)).items() if k not in form.errors}
            ),
        )
        return show_form(
            place,
            page,
            form,
            values=_values(page, typed),
            errors=_beside_inputs({**wrong, **refused}),
            status=422,
        )
    try:
        file_errors = _add_files(place, page, form)
        saved = place.save(
            typed, version=form.version.data or 0, form_key=form_key, is_autosave=act == AUTOSAVE
        )
        version = saved.version
        form.version.data = version
        form.version.raw_data = None
        if act == AUTOSAVE:
            return _autosaved(place, report_id, file_errors)
        said = _keep_words(place, page_for(place.viewer, report_id))
        if file_errors or said:
            raise InvalidInput({**wrong, **file_errors, **said})
        if act.startswith("hapus:"):
            place.remove_file(act.removeprefix("hapus:"))
            return flask.redirect(f"{place.form_url}#bukti", 303)
        if act == "periksa":
            if wrong:
                raise InvalidInput(wrong)
            return flask.redirect(place.check_url, 303)
        if act == "kirim":
            return _send(place, page_for(place.viewer, report_id), form)
    except InvalidInput as error:
        if act == AUTOSAVE:
            return flask.jsonify(refused=error.fields), 422
        error = InvalidInput({**wrong, **error.fields})
        refuse(form, error)
        fresh = page_for(place.viewer, report_id)
        return show_form(
            place,
            fresh,
            form,
            values=_values(page, typed),
            errors=_beside_inputs(error.fields),
            status=422,
        )
    except Conflict as error:
        if act == AUTOSAVE:
            return flask.jsonify(message=error.message), 409
        fresh = page_for(place.viewer, report_id)
        if fresh.report and was_sent_with(fresh.report, form_key, place.viewer):
            return _after_sending(place, fresh.report)  # this form's other copy was quicker
        return _show_conflict(place, fresh, typed, error.message)
    return flask.redirect(f"{place.form_url}?selesai=draf", 303)


def _identity(typed: Mapping[str, str]) -> dict[str, str]:
    """Return what saving refuses of what was typed, by field."""
    try:
        require_no_identity(typed)
    except InvalidInput as error:
        return error.fields
    return {}


def _beside_inputs(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the objections to inputs that are no field of the form: values and files' words."""
    return {k: v for k, v in fields.items() if k.startswith(("value-", "reuse-"))}


def _add_files(place: Place, page: queries.ReportPage, form: ReportForm) -> dict[str, str]:
    """Lay what was uploaded beside the draft; return in words what was not kept, by field. Into a
    report that cannot be written nothing is even taken in: saving says so."""
    uploads = form.files.data or [] if may_write(place.viewer, page) else []
    laid = files_to_send(page.report) if page.report else []
    with taken_in(
        uploads,
        field="files",
        agency_id=page.agency.id,
        room=MOST_FILES - len(laid),
        there=[one.received_sha256 for one in laid],
    ) as taken:
        errors = dict(taken.errors)
        if taken.files:
            left = place.add_files(taken.files, form_key=form.form_key.data or "")
            if left:
                errors["files"] = f"{errors.get('files', '')} {too_many(left)}".strip()
    return errors


def _autosaved(place: Place, report_id: str, file_errors: Mapping[str, str]) -> ResponseReturnValue:
    page = page_for(place.viewer, report_id)
    assert page.report is not None
    return flask.jsonify(
        version=page.report.version,
        saved_at=words.clock_time(page.report.saved_at, place.viewer.zone),
        file_errors=list(file_errors.values()),
        files=flask.render_template(
            "progress/draft_files.html", files=place.files(page), errors={}
        ),
    )


def _keep_words(place: Place, page: queries.ReportPage) -> dict[str, str]:
    """Keep what the uploader says of the files; return what is wrong with it, by field."""
    sent = flask.request.form
    wrong: dict[str, str] = {}
    shown = [
        (row.evidence.public_id, row.evidence.reuse_reason or "", row.evidence.needs_word)
        for row in place.files(page)
        if row.evidence.file_id is not None
    ]
    for public_id, reason, needs_word in shown:
        text = sent.get(f"reuse-{public_id}", "").strip()
        if text and text != reason:
            try:
                place.explain(public_id, text)
            except InvalidInput as error:
                wrong[f"reuse-{public_id}"] = " ".join(error.fields.values())
        if needs_word and sent.get(f"word-{public_id}"):
            place.assure(public_id)
    return wrong


def _unsaid(place: Place, page: queries.ReportPage) -> dict[str, str]:
    """Return what is still asked about the files shown, by field."""
    found: dict[str, str] = {}
    for row in place.files(page):
        one = row.evidence
        if one.needs_reason:
            found[f"reuse-{one.public_id}"] = _("Tulis alasan memakai ulang %(n)s", n=one.name)
        if one.needs_word:
            found[f"word-{one.public_id}"] = _("Pastikan isi %(n)s, lalu centang", n=one.name)
    return found


# --- two people at once --------------------------------------------------------------------------


def _show_conflict(
    place: Place,
    page: queries.ReportPage,
    typed: Mapping[str, str],
    message: str,
    *,
    is_check: bool = False,
) -> ResponseReturnValue:
    """Show both texts side by side; nothing is overwritten until somebody chooses. Who was about to
    send (`is_check`) is shown what changed since they read it, to read it again."""
    stored = place.draft(page)
    labels = labels_of(page)
    rows = [
        (
            name,
            labels[name],
            said_as(name, typed.get(name) or "", page),
            said_as(name, stored.get(name) or "", page),
        )
        for name in labels
        if (typed.get(name) or "") != (stored.get(name) or "")
    ]
    return flask.render_template(
        "progress/conflict.html",
        place=place,
        page=page,
        form=ReportForm(formdata=None),
        form_key=secrets.token_urlsafe(16),
        typed=typed,
        rows=rows,
        message=message,
        may_write=may_write(place.viewer, page) and not place.hides_draft,
        is_check=is_check,
        **place.frame,
    ), 409


# --- check and send ------------------------------------------------------------------------------


def show_check(
    place: Place,
    page: queries.ReportPage,
    form: ReportForm | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    general: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """Show what is about to be sent, line by line, each with its way back."""
    report = page.report
    draft = place.draft(page)
    content, problems = (
        problems_of(draft, page.obligation, place.viewer.zone) if report else (None, {})
    )
    if report is None or content is None or problems or not may_write(place.viewer, page):
        return flask.redirect(place.form_url)
    labels = labels_of(page)
    warned = {
        name
        for name, text in draft.items()
        if any(found.severity != "block" for found in screening.findings(text))
    }
    on = today(place.viewer.zone)
    lines = [
        (name, labels[name], said_as(name, draft[name], page), name in warned)
        for name in carried(content.kind.value, page)
        if draft.get(name)
    ]
    return flask.render_template(
        "progress/check.html",
        place=place,
        page=page,
        lines=lines,
        read=draft,
        warned=bool(warned),
        errors=errors or {},
        general=general,
        form=form or ReportForm(formdata=None),
        form_key=(form.form_key.data if form else "") or secrets.token_urlsafe(16),
        files=report.draft_evidence,
        own_files=place.files(page),
        asks_head=asks_head(page.agency.id, place.viewer.zone),
        verify_by=add_working_days(on, VERIFY_WITHIN, directory.days_off()),
        **place.frame,
    ), status


def _send(place: Place, page: queries.ReportPage, form: ReportForm) -> ResponseReturnValue:
    seen = flask.request.form.get("seen_files")
    is_form = "note" in flask.request.form
    said = _keep_words(place, page)
    page = page_for(place.viewer, page.obligation.public_id)
    if said:
        return show_check(place, page, form, errors=said, status=422)
    try:
        report = place.submit(
            version=form.version.data or 0,
            form_key=form.form_key.data or secrets.token_urlsafe(16),
            confirmed=bool(form.confirmed.data),
            seen_files=None if seen is None else frozenset(seen.split()),
        )
    except InvalidInput as error:
        refuse(form, error)
        unsaid = _unsaid(place, page) if "files" in error.fields else {}
        if set(error.fields) <= ({"confirmed"} if is_form else {"confirmed", "files"}):
            general = "" if unsaid else error.fields.get("files", "")
            return show_check(place, page, form, errors=unsaid, general=general, status=422)
        errors = {k: v for k, v in error.fields.items() if k.startswith("value-")} | unsaid
        fresh = page_for(place.viewer, page.obligation.public_id)
        typed = _typed(page) if is_form else place.draft(fresh)
        shown = form if is_form else fresh_form(place, fresh)
        if shown is not form:
            refuse(shown, error)
        return show_form(
            place, fresh, shown, values=_values(page, typed), errors=errors, status=422
        )
    except Conflict as error:
        fresh = page_for(place.viewer, page.obligation.public_id)
        if fresh.report and was_sent_with(fresh.report, form.form_key.data or "", place.viewer):
            return _after_sending(place, fresh.report)
        if is_form:
            return _show_conflict(place, fresh, _typed(fresh), error.message)
        return _show_conflict(place, fresh, _read(), error.message, is_check=True)
    return _after_sending(place, report)


def _read() -> dict[str, str]:
    """Return the text of the check page that was sent, by field."""
    return {
        name.removeprefix("read-"): text
        for name, text in flask.request.form.items()
        if name.startswith("read-")
    }


def _after_sending(place: Place, report: Report) -> ResponseReturnValue:
    """Lead to the receipt; to the report where it waits for the head; and where this very page had
    been sent before and the report came back since, to the form, which says so."""
    if report.state in (ReportState.SUBMITTED, ReportState.VERIFIED) or place.is_link:
        return flask.redirect(place.sent_url, 303)
    done = "1" if report.state is ReportState.AWAITING_HEAD else "kembali"
    return flask.redirect(f"{place.form_url}?selesai={done}", 303)
