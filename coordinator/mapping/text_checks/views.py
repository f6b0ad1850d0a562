"""The list of citations to check, one article next to its text, and the texts themselves."""

from typing import Any

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import today
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.forms import refuse
from coordinator.mapping.duties.rules import TextVerdict
from coordinator.mapping.text_checks import labels, queries, rules, service
from coordinator.mapping.text_checks.forms import (
    CheckForm,
    InstrumentTextForm,
    check_form,
    chosen,
)
from coordinator.mapping.text_checks.passages import PassagesFound, find_passages
from coordinator.mapping.text_checks.rules import CheckFilter, CheckStep, StepState
from coordinator.permissions import Permission
from coordinator.platform.files.handing_out import hand_out
from coordinator.platform.files.taking_in import taken_in
from coordinator.translation import gettext as _

bp = flask.Blueprint("text_checks", __name__)


def _asked(steps: list[CheckStep]) -> CheckFilter:
    """Return the filter of the address; a value that means nothing narrows nothing."""
    key = flask.request.args.get("peraturan", "")
    state = flask.request.args.get("keadaan", "")
    return CheckFilter(
        instrument=key if key in {one.instrument_key for one in steps} else "",
        state=StepState(state) if state in set(StepState) else None,
    )


def _query(asked: CheckFilter) -> dict[str, str]:
    """Return a filter as the query of an address."""
    query = {"peraturan": asked.instrument, "keadaan": asked.state.value if asked.state else ""}
    return {name: value for name, value in query.items() if value}


def _filter_texts(asked: CheckFilter, steps: list[CheckStep]) -> list[str]:
    names = {one.instrument_key: one.instrument for one in steps}
    said = [names[asked.instrument]] if asked.instrument else []
    return said + ([labels.state_labels()[asked.state].lower()] if asked.state else [])


def _saved(steps: list[CheckStep]) -> CheckStep | None:
    """Return the step that was just saved, for the line that says so."""
    saved = flask.request.args.get("selesai", "")
    return next((one for one in steps if one.id == saved), None)


@bp.get("/peran/naskah")
@web.requires(Permission.CHECK_TEXTS)
def overview() -> ResponseReturnValue:
    """List every article the mapping cites: what is checked and what is not."""
    viewer = web.viewer()
    steps = queries.steps(viewer)
    asked = _asked(steps)
    shown = rules.wanted_steps(steps, asked)
    of_instrument = rules.wanted_steps(steps, CheckFilter(asked.instrument))
    by_instrument: dict[str, list[CheckStep]] = {}
    for one in shown:
        by_instrument.setdefault(one.instrument_key, []).append(one)
    newest: dict[int, Any] = {}
    for text in queries.texts(viewer):
        newest.setdefault(text.instrument_id, text)
    return flask.render_template(
        "mapping/text_checks/overview.html",
        groups=list(by_instrument.values()),
        instruments={one.instrument_key: one.instrument for one in steps},
        newest=newest,
        first=next((one for one in shown if one.is_open), None),
        progress=rules.progress_of(of_instrument),
        progress_of=rules.progress_of,
        state_of=rules.state_of,
        asked=asked,
        query=_query(asked),
        filters=_filter_texts(asked, steps),
        saved=_saved(steps),
        labels=labels,
        states=StepState,
        may_edit=viewer.may(Permission.EDIT_MAPPING),
    )


@bp.route("/peran/naskah/<step_id>", methods=["GET", "POST"])
@web.requires(Permission.CHECK_TEXTS)
def step(step_id: str) -> ResponseReturnValue:
    """Show the words that cite an article next to its text, and take the verdicts."""
    viewer = web.viewer()
    steps = queries.steps(viewer)
    own = next((one for one in steps if one.id == step_id), None)
    if own is None:
        raise NotFound(_("Kutipan itu tidak ada di pemetaan yang berlaku."))
    asked = _asked(steps)
    place = rules.place_of(step_id, steps, asked)
    texts = queries.texts(viewer, own.instrument_id)
    pasted = next((one for one in texts if one.file_id is None), None)
    read = queries.text(viewer, pasted.public_id) if pasted else None
    found = find_passages(read.text or "", own.article) if read else PassagesFound()
    values = {
        "quote": own.quote or (found.quote if found.is_whole else ""),
        "checked_on": today(viewer.zone),
        "office": queries.usual_office(viewer),
        "text": pasted.public_id if pasted else "",
    }
    form = check_form(own, is_sent=True, **values)
    conflict = ""
    if form.validate_on_submit():
        try:
            service.check_step(step_id, _checks(form, own), by=viewer)
        except InvalidInput as error:
            _refuse(form, error)
        except Conflict as error:
            conflict = error.message
        else:
            return _to_next(step_id, place.next_open, asked)
    if conflict:  # the words are others now: only what was quoted, the day and the office stay
        kept = {name: form[name].data for name in ("quote", "checked_on", "office")}
        form = check_form(own, is_sent=False, **{**values, **kept})
    progress = rules.progress_of(rules.wanted_steps(steps, CheckFilter(asked.instrument)))
    return flask.render_template(
        "mapping/text_checks/step.html",
        step=own,
        form=form,
        conflict=conflict,
        place=place,
        progress=progress,
        query=_query(asked),
        filters=_filter_texts(asked, steps),
        saved=None if form.errors or conflict else _saved(steps),
        texts=texts,
        pasted=pasted,
        found=found,
        labels=labels,
        state_of=rules.state_of,
        states=StepState,
    ), (409 if conflict else 422 if form.errors else 200)


def _checks(form: CheckForm, own: CheckStep) -> service.NewChecks:
    """Return what was sent. Raises InvalidInput where "all agree" contradicts what was chosen."""
    is_all = flask.request.form.get("act") == CheckForm.ALL
    known = {one.subject: one.check.verdict if one.check else None for one in own.items}
    verdicts = []
    for row in form.rows:
        subject, verdict = row.form.subject.data or "", chosen(row.form.verdict.data)
        if is_all and verdict not in (None, TextVerdict.AGREES, known.get(subject)):
            raise InvalidInput(
                {f"verdict-{subject}": _("Ini dipilih lain. Simpan putusannya satu per satu.")}
            )
        verdicts.append(
            service.NewVerdict(subject, TextVerdict.AGREES)
            if is_all
            else service.NewVerdict(subject, verdict, row.form.remark.data or "")
        )
    assert form.checked_on.data is not None
    return service.NewChecks(
        verdicts=verdicts,
        quote=(form.quote.data or "").replace("\r\n", "\n"),
        checked_on=form.checked_on.data,
        office=form.office.data or "",
        text_id=form.text.data or "",
    )


def _refuse(form: CheckForm, error: InvalidInput) -> None:
    """Attach the errors to their fields; "remark-<subject>" is a field of that row."""
    rows = {row.form.subject.data: row.form for row in form.rows}
    others = {}
    for path, message in error.fields.items():
        name, _dash, subject = path.partition("-")
        if subject in rows:
            field = rows[subject][name]
            field.errors = [*field.errors, message]
            form.rows.errors = [*form.rows.errors, message]
        else:
            others[path] = message
    if others:
        refuse(form, InvalidInput(others))


def _to_next(step_id: str, upcoming: str | None, asked: CheckFilter) -> ResponseReturnValue:
    """Go on with the next article that is open; to the list when none is left."""
    query: dict[str, Any] = {"selesai": step_id, **_query(asked)}
    if upcoming is None:
        target = flask.url_for("mapping.text_checks.overview", **query)
    else:
        target = flask.url_for("mapping.text_checks.step", step_id=upcoming, **query)
    return flask.redirect(target, 303)


# --- texts ---------------------------------------------------------------------------------------


@bp.route("/peran/naskah/peraturan/<key>", methods=["GET", "POST"])
@web.requires(Permission.CHECK_TEXTS)
def texts(key: str) -> ResponseReturnValue:
    """List the texts of an instrument, each with its source; paste or attach another."""
    viewer = web.viewer()
    instrument = queries.instrument(viewer, key)
    if instrument is None:
        raise NotFound(_("Peraturan itu tidak ada di pemetaan ini."))
    form = InstrumentTextForm()
    if flask.request.method == "GET":
        form.taken_on.data = today(viewer.zone)
    if form.validate_on_submit() and form.taken_on.data is not None and _add(key, form):
        return flask.redirect(flask.url_for("mapping.text_checks.texts", key=key, selesai="1"), 303)
    rows = queries.texts(viewer, instrument.id)
    cited = [one for one in queries.steps(viewer) if one.instrument_key == key]
    return flask.render_template(
        "mapping/text_checks/texts.html",
        instrument=instrument,
        form=form,
        texts=rows,
        steps=cited,
        first=next((one for one in cited if one.is_open), None),
        zone=viewer.zone,
        longest=rules.LONGEST_TEXT,
    ), (422 if form.errors else 200)


def _add(key: str, form: InstrumentTextForm) -> bool:
    """Keep what was pasted or attached; return whether it was taken."""
    assert form.taken_on.data is not None
    try:
        with taken_in([flask.request.files.get("file")], field="file") as taken:
            if taken.errors:
                raise InvalidInput(taken.errors)
            new = service.NewText(
                source=form.source.data or "",
                taken_on=form.taken_on.data,
                text=form.text.data or "",
                file=taken.first,
            )
            service.add_text(key, new, by=web.viewer())
    except InvalidInput as error:
        refuse(form, error)
        return False
    return True


@bp.get("/peran/naskah/teks/<text_id>")
@web.requires(Permission.CHECK_TEXTS)
def text_file(text_id: str) -> ResponseReturnValue:
    """Download one text as it was brought: the pasted words, or the PDF."""
    viewer = web.viewer()
    found = queries.text(viewer, text_id)
    if found is None:
        raise NotFound(_("Naskah itu tidak ada."))
    if found.file is not None:
        name = found.file_name or "naskah.pdf"
        return hand_out(found.file, name, what="law", subject_id=text_id, by=viewer)
    name = f"naskah_{found.instrument.key}_{found.taken_on.isoformat()}.txt"
    return edge.download((found.text or "").encode(), "text/plain", name)
