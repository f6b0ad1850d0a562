"""Settings of reporting: links in mails, the heads' approval."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.errors import Conflict, InvalidInput
from coordinator.forms import refuse, select_choices
from coordinator.people.directory import queries as directory
from coordinator.people.directory.rules import AgencyKind
from coordinator.permissions import Permission
from coordinator.reporting.settings import queries, service
from coordinator.reporting.settings.forms import SettingsForm
from coordinator.translation import gettext as _

bp = flask.Blueprint("settings", __name__)


def _kind_labels() -> dict[AgencyKind, str]:
    return {
        AgencyKind.PERANGKAT_DAERAH: _("Perangkat daerah"),
        AgencyKind.INSTANSI_VERTIKAL: _("Instansi vertikal"),
        AgencyKind.PENEGAK_HUKUM: _("Penegak hukum"),
        AgencyKind.TNI: _("TNI"),
        AgencyKind.LEMBAGA: _("Lembaga"),
        AgencyKind.MASYARAKAT: _("Masyarakat"),
    }


@bp.route("/pengaturan/pelaporan", methods=["GET", "POST"])
@web.requires(Permission.SET_REPORTING)
def settings() -> ResponseReturnValue:
    """What mails of this task force may carry, and whose heads approve."""
    viewer = web.viewer()
    form = SettingsForm()
    form.no_links_for.choices = select_choices(
        [(kind.value, label) for kind, label in _kind_labels().items()]
    )
    stale = ""
    if flask.request.method == "GET":
        stored = queries.settings_of(viewer.own_task_force_id)
        form.version.data = stored.version
        form.mail_links.data = stored.mail_links
        form.no_links_for.data = sorted(stored.no_links_for)
        form.link_grace_days.data = stored.link_grace_days
    elif form.validate_on_submit():
        try:
            service.save_settings(
                mail_links=bool(form.mail_links.data),
                no_links_for=form.no_links_for.data or [],
                link_grace_days=form.link_grace_days.data or 0,
                version=form.version.data or 0,
                by=viewer,
            )
        except InvalidInput as error:
            refuse(form, error)
        except Conflict as error:
            stale = error.message
            form.version.raw_data = None
            form.version.data = queries.settings_of(viewer.own_task_force_id).version
        else:
            return flask.redirect(flask.url_for("reporting.settings.settings", selesai="1"), 303)
    return flask.render_template(
        "reporting/settings/settings.html",
        form=form,
        stale=stale,
        agencies=queries.head_approvals(viewer),
        done=flask.request.args.get("selesai") == "1",
    ), (409 if stale else 422 if form.errors else 200)


@bp.get("/pengaturan/persetujuan-kepala")
@web.requires(Permission.APPROVE_REPORTS)
def own_approval() -> ResponseReturnValue:
    """The head's own switch."""
    agency = directory.agency(web.viewer())
    return flask.render_template(
        "reporting/settings/own_approval.html",
        agency=agency,
        wanted=queries.head_approves(web.viewer().own_agency_id),
        done=flask.request.args.get("selesai") == "1",
    )


@bp.post("/pengaturan/persetujuan-kepala/<slug>")
@web.signed_in
def set_approval(slug: str) -> ResponseReturnValue:
    """Turn the head's approval of an agency's reports on or off."""
    viewer = web.viewer()
    service.set_head_approval(slug, wanted=flask.request.form.get("act") == "nyalakan", by=viewer)
    back = (
        "reporting.settings.settings"
        if viewer.may(Permission.SET_REPORTING)
        else "reporting.settings.own_approval"
    )
    return flask.redirect(flask.url_for(back, selesai="1"), 303)
