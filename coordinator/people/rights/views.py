"""The rights given in a task force: the list, giving one, ending one."""

from datetime import timedelta

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import today
from coordinator.errors import InvalidInput
from coordinator.forms import refuse, select_choices
from coordinator.people.accounts.labels import access_labels
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.rights import queries, service
from coordinator.people.rights.forms import RightForm
from coordinator.people.rights.labels import right_labels
from coordinator.people.rights.rules import MOST_FOUND
from coordinator.permissions import Permission, Right
from coordinator.translation import gettext as _
from coordinator.typed import whole

bp = flask.Blueprint("rights", __name__)

USUAL = timedelta(days=30)


def _person_label(grant: AccessGrant) -> str:
    place = grant.agency.abbreviation if grant.agency else ""
    access = f"{access_labels()[grant.kind]} {place}".strip()
    return _("%(name)s, %(access)s", name=grant.account.name, access=access)


@bp.route("/orang/hak", methods=["GET", "POST"])
@web.requires(Permission.GIVE_RIGHTS)
def rights() -> ResponseReturnValue:
    """List the rights with who gave them; find a person and give them one."""
    viewer = web.viewer()
    on = today(viewer.zone)
    asked = flask.request.args.get("cari", "")[:100].strip()
    found = queries.receivers(viewer, asked, on) if asked else []
    form = RightForm()
    form.grant.choices = select_choices(
        (str(grant.id), _person_label(grant)) for grant in found[:MOST_FOUND]
    )
    form.kind.choices = select_choices((kind.value, name) for kind, name in right_labels().items())
    if flask.request.method == "GET":
        form.from_on.data, form.until_on.data = on, on + USUAL
    if form.validate_on_submit() and form.from_on.data and form.until_on.data:
        new = service.NewRight(
            grant_id=whole(form.grant.data),
            kind=Right(form.kind.data),
            from_on=form.from_on.data,
            until_on=form.until_on.data,
        )
        try:
            service.give_right(new, by=viewer)
        except InvalidInput as error:
            refuse(form, error)
        else:
            return flask.redirect(flask.url_for("people.rights.rights", selesai="diberi"), 303)
    return flask.render_template(
        "people/rights/rights.html",
        form=form,
        asked=asked,
        found=found,
        most=MOST_FOUND,
        rights=queries.rights(viewer),
        labels=right_labels(),
        person_label=_person_label,
        on=on,
    ), (422 if form.errors else 200)


@bp.post("/orang/hak/<right_id>/akhiri")
@web.requires(Permission.GIVE_RIGHTS)
def end_right(right_id: str) -> ResponseReturnValue:
    """End a right at once."""
    service.end_right(right_id, by=web.viewer())
    return flask.redirect(flask.url_for("people.rights.rights", selesai="diakhiri"), 303)
