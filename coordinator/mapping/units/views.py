"""The page on which an agency names the units that do its duties."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import formatting, screening, web
from coordinator.errors import FieldQuestion, InvalidInput, NotFound
from coordinator.mapping.duties import queries as duty_queries
from coordinator.mapping.duties.models import DutyRevision
from coordinator.mapping.units import queries, service
from coordinator.people.directory import queries as directory
from coordinator.permissions import Permission
from coordinator.translation import gettext as _

bp = flask.Blueprint("units", __name__)


def _duties() -> list[DutyRevision]:
    viewer = web.viewer()
    return duty_queries.duties(viewer, agency_id=viewer.own_agency_id)


def _held() -> dict[str, str]:
    """Return the units of the agency, by field of the page."""
    return {
        f"{part}-{duty_id}": getattr(known, part)
        for duty_id, known in queries.own_units(web.viewer()).items()
        for part in ("unit", "office")
    }


@bp.get("/jawab/unit")
@web.requires(Permission.ANSWER_DUTIES)
def units() -> ResponseReturnValue:
    """Show the agency's duties, each with its unit."""
    held = _held()
    return _page(held, held, {})


@bp.post("/jawab/unit")
@web.requires(Permission.ANSWER_DUTIES)
def save() -> ResponseReturnValue:
    """Record the units that the person changed."""
    form = flask.request.form
    duties = [duty.duty_id for duty in _duties() if f"unit-{duty.duty_id}" in form]
    names = [f"{part}-{duty_id}" for duty_id in duties for part in ("unit", "office")]
    typed = {name: form.get(name, "") for name in names}
    seen = {name: form.get(f"seen-{name}", "") for name in names}
    _fill(typed, duties)
    questions = _asked(typed, seen)
    try:
        if questions:
            raise InvalidInput(questions)
        count = service.name_units(
            _words(typed, duties), seen=_words(seen, duties), by=web.viewer()
        )
    except InvalidInput as error:
        return _page(typed, seen, error.fields), 422
    except service.UnitsChanged as error:
        said = {
            name: _("Rekan Anda baru saja menulis “%(text)s”. Simpan lagi bila yang ini benar.")
            % {"text": text}
            if text
            else _("Rekan Anda baru saja mengosongkannya. Simpan lagi bila yang ini benar.")
            for name, text in error.fields.items()
        }
        return _page(typed, seen | error.fields, said), 409
    return flask.redirect(flask.url_for("mapping.units.units", tersimpan=count), 303)


def _words(texts: dict[str, str], duties: list[int]) -> dict[int, service.UnitWords]:
    return {one: service.UnitWords(texts[f"unit-{one}"], texts[f"office-{one}"]) for one in duties}


def _fill(typed: dict[str, str], duties: list[int]) -> None:
    """Write what was typed for all duties where a duty has no unit."""
    form = flask.request.form
    if not form.get("all-unit", "").strip():
        return
    held = _held()
    for duty_id in duties:
        if not typed[f"unit-{duty_id}"].strip() and not held.get(f"unit-{duty_id}"):
            typed[f"unit-{duty_id}"] = form["all-unit"]
            typed[f"office-{duty_id}"] = typed[f"office-{duty_id}"] or form.get("all-office", "")


def _asked(typed: dict[str, str], seen: dict[str, str]) -> dict[str, str]:
    """Return what is asked about texts that may identify somebody, as other forms ask: a telephone
    number, initials. A text with an identity number is refused by the service."""
    found: dict[str, str] = {}
    for name, text in typed.items():
        kinds = {one.kind for one in screening.findings(text[: service.LONGEST])}
        is_sure = flask.request.form.get(f"yakin-{name}") == text
        if text != seen[name] and kinds and not screening.blocks(text) and not is_sure:
            found[name] = FieldQuestion(
                _(
                    "Ada %(what)s di sini. Hapus, atau centang bila bukan milik korban atau saksi.",
                    what=formatting.of_kinds(kinds),
                )
            )
    return found


def _page(typed: dict[str, str], seen: dict[str, str], errors: dict[str, str]) -> str:
    viewer = web.viewer()
    agency = directory.agency(viewer)
    if agency is None:
        raise NotFound(_("Instansi itu tidak ada."))
    known = queries.own_units(viewer)
    return flask.render_template(
        "mapping/units/units.html",
        agency=agency,
        duties=_duties(),
        known=known,
        count=queries.own_count(viewer),
        used=sorted({one.unit for one in known.values()}),
        used_offices=sorted({one.office for one in known.values() if one.office}),
        typed=typed,
        seen=seen,
        errors=errors,
        longest=service.LONGEST,
        saved=flask.request.args.get("tersimpan", ""),
    )
