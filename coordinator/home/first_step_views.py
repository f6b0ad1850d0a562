"""What is still to set up, with the buttons for it, and what the doctor found."""

import importlib

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import today
from coordinator.home import first_step_service
from coordinator.home.blueprint import bp
from coordinator.home.first_step_labels import mail_sentence, step_lines
from coordinator.home.first_step_queries import first_steps
from coordinator.home.shell import HOME
from coordinator.permissions import AccessKind, Permission
from coordinator.plans.versions.queries import may_edit
from coordinator.platform.operations.holding import hold


@bp.get("/langkah-pertama")
@web.requires(Permission.SET_UP)
def setting_up() -> ResponseReturnValue:
    """The steps with all that is known of each, and the doctor's findings."""
    viewer = web.viewer()
    settings = flask.current_app.config["SETTINGS"]
    sends_mail = settings.mail_mode == "smtp"
    found = first_steps(viewer, today(viewer.zone), sends_mail=sends_mail)
    # Loaded when asked for: the doctor knows the migrations, which no other page needs.
    doctor = importlib.import_module("coordinator.platform.operations.doctor")
    advice = importlib.import_module("coordinator.platform.operations.advice")
    checks = doctor.examine()
    return flask.render_template(
        "home/setting_up.html",
        found=found,
        steps=step_lines(found, viewer, sends_mail=sends_mail),
        mail_said=mail_sentence(found, viewer.zone, sends_mail=sends_mail),
        sends_mail=sends_mail,
        held=hold(settings),
        wrong=[(one.state, advice.sentence(one)) for one in checks if one.state != "ok"],
        well=[one.message for one in checks if one.state == "ok"],
        may_load_plan=not found.has_plan and not found.has_sample_plan and may_edit(viewer, None),
        is_administrator=viewer.kind is AccessKind.ADMINISTRATOR,
        zone=viewer.zone,
    )


@bp.post("/langkah-pertama/sembunyikan")
@web.requires(Permission.SET_UP)
def hide_steps() -> ResponseReturnValue:
    """Put the list away from the viewer's first page."""
    first_step_service.set_hidden(True, by=web.viewer())
    return flask.redirect(HOME[web.viewer().kind], 303)


@bp.post("/langkah-pertama/tampilkan")
@web.requires(Permission.SET_UP)
def show_steps() -> ResponseReturnValue:
    """Put the list on the viewer's first page again."""
    first_step_service.set_hidden(False, by=web.viewer())
    return flask.redirect(HOME[web.viewer().kind], 303)


@bp.post("/langkah-pertama/email-uji")
@web.requires(Permission.SET_UP)
def send_trial() -> ResponseReturnValue:
    """Send a mail to the viewer, to see what the server answers."""
    first_step_service.send_trial(by=web.viewer())
    return flask.redirect(flask.url_for("home.setting_up", selesai="email", _anchor="surel"), 303)
