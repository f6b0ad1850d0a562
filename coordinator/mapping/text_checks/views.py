"""The list of citations to check, one article next to its text, and the texts themselves."""

from typing import Any

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import today
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.forms import refuse
from coordinator.mapping.duties.rules import TextVerdict
from coordinator.mapping.duties.text_models import InstrumentText
from coordinator.mapping.text_checks import labels, queries, rules, service
from coordinator.mapping.text_checks.forms import (
    CheckForm,
    InstrumentTextForm,
    check_form,
    chosen,
)
from coordinator.mapping.text_checks.passages import LawText, PassagesFound, find_passages
from coordinator.mapping.text_checks.rules import CheckFilter, CheckStep, StepState
from coordinator.permissions import Permission
from coordinator.platform.files.handing_out import hand_out
from coordinator.platform.files.taking_in import receive_pdf, taken_in
from coordinator.translation import gettext as _
from coordinator.typed import whole

bp = flask.Blueprint("text_checks", __name__)
MOST_TEXTS = 8  # of one law, in which an article is looked for


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
        if text.is_used:
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
    texts = [one for one in queries.texts(viewer, own.instrument_id) if one.is_used]
    pasted, found = _searched(queries.pasted_texts(viewer, own.instrument_id), own.article)
    values = {
        "quote": own.quote or (found.quote if found.is_whole else ""),
        "checked_on": today(viewer.zone),
        "office": queries.usual_office(viewer),
        "text": pasted.public_id if pasted else "",
        "seen": own.newest_check,
    }
    form = check_form(own, is_sent=True, **values)
    conflict = ""
    if form.validate_on_submit():
        try:
            service.check_step(step_id, _checks(form, own), by=viewer)
        except InvalidInput as error:
            _refuse(form, error)
        except service.AlreadyChecked as error:
            conflict = error.message
            form.seen.data = str(own.newest_check)
        except Conflict as error:
            conflict = error.message
            # The words are others now: only what was quoted, the day and the office stay.
            kept = {name: form[name].data for name in ("quote", "checked_on", "office")}
            form = check_form(own, is_sent=False, **{**values, **kept})
        else:
            return _to_next(step_id, place.next_open, asked)
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
        is_newest=pasted is None or pasted.id == max(one.id for one in texts if not one.file_id),
        outdated=queries.outdated_checks(viewer, [one.subject for one in own.subjects]),
        found=found,
        labels=labels,
        state_of=rules.state_of,
        states=StepState,
    ), (409 if conflict else 422 if form.errors else 200)


def _searched(
    pasted: list[InstrumentText], article: str
) -> tuple[InstrumentText | None, PassagesFound]:
    """Return the newest text that has every article of a citation, else the newest that has one,
    else the newest; and what it says there."""
    looked = [(one, find_passages(one.text or "", article)) for one in pasted[:MOST_TEXTS]]
    has_all = [pair for pair in looked if pair[1].passages and not pair[1].missing]
    has_one = [pair for pair in looked if pair[1].passages]
    return next(iter([*has_all, *has_one, *looked]), (None, PassagesFound()))


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
        seen=whole(form.seen.data),
        is_quote_sure=_squeezed(flask.request.form.get("yakin-quote", ""))
        == _squeezed(form.quote.data or ""),
    )


def _squeezed(text: str) -> str:
    """Return a text without its blanks: a browser sends other line ends in a tick than in a box."""
    return "".join(text.split())


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
    return _texts(key)


def _texts(key: str, *, conflict: str = "") -> ResponseReturnValue:
    viewer = web.viewer()
    instrument = queries.instrument(viewer, key)
    if instrument is None:
        raise NotFound(_("Peraturan itu tidak ada di pemetaan ini."))
    form = InstrumentTextForm()
    if flask.request.method == "GET" or conflict:
        form.taken_on.data = today(viewer.zone)
    if (
        not conflict
        and form.validate_on_submit()
        and form.taken_on.data is not None
        and _add(key, form)
    ):
        return flask.redirect(flask.url_for("mapping.text_checks.texts", key=key, selesai="1"), 303)
    rows = queries.texts(viewer, instrument.id)
    cited = [one for one in queries.steps(viewer) if one.instrument_key == key]
    return flask.render_template(
        "mapping/text_checks/texts.html",
        instrument=instrument,
        form=form,
        texts=rows,
        found=_found_in(queries.pasted_texts(viewer, instrument.id), cited),
        may_withdraw={
            one.id
            for one in rows
            if one.is_used
            and (one.recorded_by_id == viewer.account_id or viewer.may(Permission.EDIT_MAPPING))
        }
        - queries.quoted_texts(viewer),
        conflict=conflict,
        steps=cited,
        first=next((one for one in cited if one.is_open), None),
        zone=viewer.zone,
        longest=rules.LONGEST_TEXT,
    ), (409 if conflict else 422 if form.errors else 200)


def _found_in(pasted: list[InstrumentText], cited: list[CheckStep]) -> dict[int, int]:
    """Return how many of the articles cited each text has, by its id."""
    found = {}
    for one in pasted[:MOST_TEXTS]:
        law = LawText(one.text or "")
        answers = [law.find(step.article) for step in cited]
        found[one.id] = sum(bool(one.passages) and not one.missing for one in answers)
    return found


@bp.post("/peran/naskah/teks/<text_id>/tarik")
@web.requires(Permission.CHECK_TEXTS)
def withdraw_text(text_id: str) -> ResponseReturnValue:
    """Take a text back that was brought by mistake."""
    try:
        row = service.withdraw_text(text_id, by=web.viewer())
    except Conflict as error:
        found = queries.text(web.viewer(), text_id)
        assert found is not None
        return _texts(found.instrument.key, conflict=error.message)
    return flask.redirect(
        flask.url_for("mapping.text_checks.texts", key=row.instrument.key, selesai="ditarik"), 303
    )


def _add(key: str, form: InstrumentTextForm) -> bool:
    """Keep what was pasted or attached; return whether it was taken."""
    assert form.taken_on.data is not None
    try:
        with taken_in(
            [flask.request.files.get("file")], field="file", receive=receive_pdf
        ) as taken:
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
