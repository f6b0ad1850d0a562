"""First pages, help, and health."""

import flask
import flask_login
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.assignments.proposals.queries import count_open
from coordinator.clock import local, now, today
from coordinator.home.blueprint import bp
from coordinator.home.first_step_labels import step_lines
from coordinator.home.first_step_queries import SetUp, first_steps
from coordinator.home.readiness import readiness
from coordinator.home.shell import HOME
from coordinator.home.workload import free_actions, idle_agencies
from coordinator.mapping.answers import queries as answers
from coordinator.mapping.text_checks.queries import findings as text_findings
from coordinator.mapping.versions.bundled import waits as update_waits
from coordinator.oversight.reminders import queries as reminders
from coordinator.oversight.reminders.service import digests, is_overdue, next_sending
from coordinator.oversight.stuck import formatting as late_formatting
from coordinator.oversight.stuck.queries import all_letters_due, late_agencies
from coordinator.people.directory import queries as directory
from coordinator.people.onboarding.labels import reach_sentence
from coordinator.people.onboarding.queries import unreachable_agencies
from coordinator.periods import queries as periods
from coordinator.permissions import Permission
from coordinator.platform.mail import queries as mail
from coordinator.platform.mail.rules import MailState
from coordinator.platform.operations.holding import hold
from coordinator.platform.operations.service import backup_age
from coordinator.reporting.decisions.queries import waiting as decisions_waiting
from coordinator.reporting.evidence.review_queries import waiting as reviews_waiting
from coordinator.reporting.reports import queries as report_queries
from coordinator.reporting.threads.queries import unanswered
from coordinator.reporting.threads.rules import Addressee
from coordinator.reporting.verification import queries as verification


@bp.get("/")
@web.public
def start() -> ResponseReturnValue:
    """Send everybody to their first page."""
    user = flask_login.current_user
    if not user.is_authenticated:
        return flask.redirect(flask.url_for("people.accounts.sign_in"))
    if user.viewer is None:
        return flask.redirect(flask.url_for("people.accounts.choose_access"))
    return flask.redirect(HOME[user.viewer.kind])


@bp.get("/beranda")
@web.requires(Permission.VERIFY_REPORTS)
def secretariat() -> ResponseReturnValue:
    """What waits for the secretariat, and whether the reminders ran."""
    viewer = web.viewer()
    on = today(viewer.zone)
    period = periods.period_in_review(viewer.own_task_force_id, on)
    last_run = reminders.last_run(viewer)
    force = directory.task_force(viewer)
    upcoming = next_sending(force) if force else None
    midnight = local(now(), viewer.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    states = mail.counts_by_state(viewer, since=midnight)
    sends_mail = flask.current_app.config["SETTINGS"].mail_mode == "smtp"
    late = late_agencies(viewer, on)
    first = first_steps(viewer, on, sends_mail=sends_mail)
    return flask.render_template(
        "home/secretariat.html",
        on=on,
        period=period,
        open_period=periods.open_period(viewer, on),
        counts=report_queries.period_counts(viewer, period.id, on) if period else None,
        first=first,
        steps=step_lines(first, viewer, sends_mail=sends_mail),
        late=late,
        letters=all_letters_due(force, late, on) if force else [],
        formatting=late_formatting,
        tasks_address=flask.current_app.config["SETTINGS"].base_url + "/tugas-saya",
        region=force.region if force else "",
        questions=answers.open_questions(viewer),
        ruling_days=answers.ruling_days(),
        unreachable=unreachable_agencies(viewer, on) if first.has(SetUp.PEOPLE) else [],
        reach_sentence=reach_sentence,
        waiting=verification.reports_waiting(viewer),
        oldest=verification.oldest_waiting(viewer),
        days_since=lambda moment: (on - local(moment, viewer.zone).date()).days,
        without_verifier=verification.reports_without_verifier(viewer, on),
        calls=unanswered(viewer.own_task_force_id, addressee=Addressee.SECRETARIAT),
        decisions=decisions_waiting(viewer),
        reviews=reviews_waiting(viewer),
        free=free_actions(viewer),
        idle=idle_agencies(viewer) if first.has(SetUp.PEOPLE) else [],
        proposed=count_open(viewer),
        year_without_days_off=directory.year_without_days_off(on),
        unchecked_year=directory.year_with_unchecked_days_off(on),
        has_mapping_update=update_waits(viewer),
        text_findings=len(text_findings(viewer)),
        held=hold(flask.current_app.config["SETTINGS"]),
        last_run=last_run,
        ran_today=last_run is not None and last_run.on == on,
        is_late=force is not None and is_overdue(force, last_run.on if last_run else None),
        sent=states.get(MailState.SENT, 0),
        failed=states.get(MailState.FAILED, 0),
        queued=states.get(MailState.QUEUED, 0),
        upcoming=upcoming,
        upcoming_count=len(digests(force, upcoming.date())) if force and upcoming else 0,
        backup=backup_age(),
        zone=viewer.zone,
        now=now(),
    )


@bp.get("/bantuan")
@web.public
def help_page() -> ResponseReturnValue:
    """How to do the main jobs, and whom to ask."""
    return flask.render_template("home/help_page.html")


@bp.get("/privasi")
@web.public
def privacy() -> ResponseReturnValue:
    """What is kept, how long, and who answers for it."""
    return flask.render_template("home/privacy.html")


@bp.get("/aksesibilitas")
@web.public
def accessibility() -> ResponseReturnValue:
    """What works without a mouse, without a script, and what does not yet."""
    return flask.render_template("home/accessibility.html")


@bp.get("/sehat")
@web.public
def alive() -> ResponseReturnValue:
    """The process answers."""
    flask.g.without_frame = True
    return {"alive": True}


@bp.get("/siap")
@web.public
def ready() -> ResponseReturnValue:
    """Whether the parts that people depend on work; 503 with the names of those that do not."""
    found = readiness(flask.current_app.config["SETTINGS"])
    status = 503 if found.faults else 200
    return {"ready": not found.faults, "faults": found.faults, **found.parts}, status
