"""The texts of an instrument: the list, bringing one, taking one back."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import today
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.forms import refuse
from coordinator.mapping.duties.text_models import InstrumentText
from coordinator.mapping.text_checks import queries, rules, text_service
from coordinator.mapping.text_checks.blueprint import MOST_TEXTS, bp
from coordinator.mapping.text_checks.forms import (
    InstrumentTextForm,
)
from coordinator.mapping.text_checks.passages import LawText
from coordinator.mapping.text_checks.rules import CheckStep
from coordinator.permissions import Permission
from coordinator.platform.files.handing_out import hand_out
from coordinator.platform.files.taking_in import receive_pdf, taken_in
from coordinator.translation import gettext as _


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
        row = text_service.withdraw_text(text_id, by=web.viewer())
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
            new = text_service.NewText(
                source=form.source.data or "",
                taken_on=form.taken_on.data,
                text=form.text.data or "",
                file=taken.first,
            )
            text_service.add_text(key, new, by=web.viewer())
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
