"""The form of a handover, and its berita acara."""

import flask
import flask_login
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import today
from coordinator.errors import InvalidInput, NotFound
from coordinator.forms import refuse, select_choices
from coordinator.oversight.handover import queries, service
from coordinator.oversight.handover.forms import HandoverForm
from coordinator.oversight.handover.models import Handover
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.permissions import Permission
from coordinator.translation import gettext as _

bp = flask.Blueprint("handover", __name__)


@bp.route("/orang/<account_id>/serah-terima", methods=["GET", "POST"])
@web.requires(Permission.HAND_OVER)
def begin(account_id: str) -> ResponseReturnValue:
    """Choose a successor, see what moves, and hand over."""
    viewer = web.viewer()
    on = today(viewer.zone)
    slug = flask.request.args.get("instansi", "")
    leaving = queries.leaving(viewer, account_id, slug, on)
    if leaving is None:
        raise NotFound(_("Orang ini tidak bertugas di instansi itu."))
    form = HandoverForm()
    form.successor.choices = select_choices(
        [
            (service.NEW_PERSON, _("Orang baru")),  # first: its panel opens without a script
            *((grant.account.public_id, grant.account.name) for grant in leaving.colleagues),
        ]
    )
    if flask.request.method == "GET":
        form.on.data = on
        form.successor.data = None if leaving.colleagues else service.NEW_PERSON
    if form.validate_on_submit() and form.on.data is not None:
        force = directory.task_force(viewer)
        is_self = leaving.account.id == viewer.account_id
        agency = leaving.agency
        try:
            row = service.hand_over(
                account_id,
                slug,
                service.Successor(
                    account_id=form.successor.data,
                    name=(form.name.data or "").strip(),
                    position=(form.position.data or "").strip(),
                    standing=form.chosen_standing,
                    email=form.email.data or "",
                    telephone=form.telephone.data or "",
                ),
                service.HandoverLetter(
                    form.on.data, (form.letter_number.data or "").strip(), form.letter_on.data
                ),
                by=viewer,
                secret_key=flask.current_app.config["SECRET_KEY"],
            )
        except InvalidInput as error:
            refuse(form, error)
        else:
            if not is_self:
                return flask.redirect(
                    flask.url_for(
                        "oversight.handover.minutes", handover_id=row.public_id, selesai="1"
                    ),
                    303,
                )
            # Their session has just ended: this answer is the last page they get.
            page = _minutes(row, agency, force)
            if row.account_closed:
                flask_login.logout_user()
                flask.session.clear()
            return page
    reports = queries.open_reports(viewer, leaving.agency.id)
    return flask.render_template(
        "oversight/handover/begin.html",
        form=form,
        leaving=leaving,
        reports=reports,
        drafts=sum(task.state == "draft" for task in reports),
        new_person=service.NEW_PERSON,
        is_self=leaving.account.id == viewer.account_id,
        colleagues={grant.account.public_id: grant.account.email for grant in leaving.colleagues},
    ), (422 if form.errors else 200)


@bp.get("/orang/serah-terima/<handover_id>")
@web.requires(Permission.HAND_OVER)
def minutes(handover_id: str) -> ResponseReturnValue:
    """Show the berita acara of a handover, to print and sign."""
    viewer = web.viewer()
    found = queries.handover(viewer, handover_id)
    if found is None:
        raise NotFound(_("Berita acara itu tidak ada."))
    return _minutes(*found, directory.task_force(viewer))


def _minutes(row: Handover, agency: Agency, force: TaskForce | None) -> str:
    return flask.render_template(
        "oversight/handover/minutes.html", row=row, agency=agency, force=force
    )
