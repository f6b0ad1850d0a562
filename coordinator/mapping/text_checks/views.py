"""The list of citations to check, one article next to its text, and the texts themselves."""

from typing import Any

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import today
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.forms import refuse
from coordinator.mapping.duties.rules import TextVerdict
from coordinator.mapping.duties.text_models import InstrumentText
from coordinator.mapping.text_checks import labels, queries, rules, service
from coordinator.mapping.text_checks.blueprint import MOST_TEXTS, bp
from coordinator.mapping.text_checks.forms import (
    CheckForm,
    check_form,
    chosen,
)
from coordinator.mapping.text_checks.passages import PassagesFound, find_passages
from coordinator.mapping.text_checks.rules import CheckFilter, CheckStep, StepState
from coordinator.permissions import Permission
from coordinator.translation import gettext as _
from coordinator.typed import whole


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
