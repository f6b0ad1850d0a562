"""The mapping on screen."""

import flask
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordinator import web
from coordinator.directory import queries as directory
from coordinator.errors import NotFound
from coordinator.permissions import Permission
from coordinator.roles import queries
from coordinator.roles.rules import BasisStatus, MembershipKind

bp = flask.Blueprint("roles", __name__)


@bp.get("/peran")
@web.requires(Permission.SEE_MAPPING)
def mapping() -> ResponseReturnValue:
    """The whole mapping by pokja; `pokja` and `instansi` in the address narrow it."""
    viewer = web.viewer()
    groups = queries.working_groups(viewer)
    agencies = directory.agencies(viewer)
    chosen_group = flask.request.args.get("pokja", "")
    chosen_agency = flask.request.args.get("instansi", "")
    agency = next((a for a in agencies if a.slug == chosen_agency), None)
    if chosen_agency and agency is None:
        raise NotFound(_("Instansi itu tidak ada di gugus tugas Anda."))
    memberships = queries.memberships(viewer)
    duties = queries.duties(viewer, agency_id=agency.id if agency else None)
    shown = [g for g in groups if not chosen_group or g.key == chosen_group]
    if agency is not None:
        own = {m.working_group_id for m in memberships if m.agency_id == agency.id}
        shown = [group for group in shown if group.id in own]
    return flask.render_template(
        "roles/mapping.html",
        version=queries.current_version(viewer.own_task_force_id),
        groups=groups,
        shown=shown,
        agencies=agencies,
        agency=agency,
        chosen_group=chosen_group,
        memberships=memberships,
        duties=duties,
        amendments=queries.amendments(),
        lead=MembershipKind.LEAD,
        proposal=BasisStatus.PROPOSAL,
        own_agency_id=viewer.agency_id,
    )
