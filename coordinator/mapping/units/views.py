"""The page on which an agency names the units that do its duties."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.errors import InvalidInput, NotFound
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


@bp.get("/jawab/unit")
@web.requires(Permission.ANSWER_DUTIES)
def units() -> ResponseReturnValue:
    """Show the agency's duties, each with its unit."""
    known = queries.own_units(web.viewer())
    typed = {
        f"{part}-{duty.duty_id}": getattr(known[duty.duty_id], part)
        for duty in _duties()
        if duty.duty_id in known
        for part in ("unit", "office")
    }
    return _page(typed, {})


@bp.post("/jawab/unit")
@web.requires(Permission.ANSWER_DUTIES)
def save() -> ResponseReturnValue:
    """Record the units."""
    typed = {
        name: flask.request.form.get(name, "")
        for duty in _duties()
        for name in (f"unit-{duty.duty_id}", f"office-{duty.duty_id}")
    }
    words = {
        duty.duty_id: service.UnitWords(
            typed[f"unit-{duty.duty_id}"], typed[f"office-{duty.duty_id}"]
        )
        for duty in _duties()
        if f"unit-{duty.duty_id}" in flask.request.form
    }
    try:
        count = service.name_units(words, by=web.viewer())
    except InvalidInput as error:
        return _page(typed, error.fields), 422
    return flask.redirect(flask.url_for("mapping.units.units", tersimpan=count), 303)


def _page(typed: dict[str, str], errors: dict[str, str]) -> str:
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
        used=sorted({one.unit for one in known.values()}),
        used_offices=sorted({one.office for one in known.values() if one.office}),
        typed=typed,
        errors=errors,
        longest=service.LONGEST,
        saved=flask.request.args.get("tersimpan", ""),
    )
