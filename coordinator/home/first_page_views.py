"""The first pages of heads of agencies, inspectors and administrators."""

from datetime import timedelta

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import now, today
from coordinator.errors import NotFound
from coordinator.home import first_page_queries as queries
from coordinator.home.blueprint import bp
from coordinator.home.first_step_labels import step_lines
from coordinator.home.first_step_queries import SetUp, first_steps
from coordinator.home.formatting import seen_text
from coordinator.home.readiness import fault_sentences, readiness
from coordinator.mapping.answers.campaign_queries import own_duties
from coordinator.people.directory import queries as directory
from coordinator.people.onboarding import queries as onboarding
from coordinator.people.onboarding.labels import reach_sentence
from coordinator.people.onboarding.rules import InviteState, Reach
from coordinator.periods import queries as periods
from coordinator.permissions import AccessKind, Permission
from coordinator.platform.audit.service import newest_mark
from coordinator.platform.mail import queries as mail
from coordinator.platform.mail.rules import MailState
from coordinator.platform.operations.holding import hold
from coordinator.platform.operations.service import backup_age, last_tick
from coordinator.reporting.evidence.review_queries import waiting as reviews_waiting
from coordinator.reporting.papers.queries import unanswered as unanswered_papers
from coordinator.reporting.report_pages import queries as task_queries
from coordinator.reporting.report_pages.statement_queries import TaskPart
from coordinator.reporting.reports.rules import ReportState
from coordinator.reporting.sampling import queries as sampling
from coordinator.reporting.sampling.rules import FindingKind
from coordinator.translation import gettext as _

REOPENED_WITHIN = timedelta(days=90)


@bp.get("/beranda/kepala")
@web.requires(Permission.APPROVE_REPORTS)
def agency_head() -> ResponseReturnValue:
    """Show a head what waits for them, what is stuck in their agency, and who reports for it."""
    viewer = web.viewer()
    on = today(viewer.zone)
    own = directory.agency(viewer)
    if own is None:
        raise NotFound(_("Instansi itu tidak ada."))
    reach = onboarding.agency(viewer, own.slug, on)
    tasks = task_queries.tasks_page(viewer, on, page=1)
    late = [tasks.urgent] if tasks.urgent and tasks.urgent.part is TaskPart.LATE else []
    return flask.render_template(
        "home/agency_head.html",
        agency=own,
        duties=[one for one in own_duties(viewer) if one.state == "unanswered"],
        tasks=tasks,
        parts=TaskPart,
        states=ReportState,
        late=late + tasks.of(TaskPart.LATE),
        people=[
            contact
            for contact in (reach.contacts if reach else ())
            if contact.grant.kind is AccessKind.FOCAL_POINT
            and contact.reach not in (Reach.EXPIRED, Reach.CLOSED)
        ],
        reachable=Reach.OK,
        reach_sentence=reach_sentence,
        seen_text=lambda account: seen_text(account.last_seen_at, on, viewer.zone),
        letterhead=directory.page_head(viewer),
        on=on,
    )


@bp.get("/beranda/inspektorat")
@web.requires(Permission.SAMPLE_REPORTS)
def inspector() -> ResponseReturnValue:
    """Show an inspector how far the sample is, and what else deserves a look."""
    viewer = web.viewer()
    on = today(viewer.zone)
    force = directory.task_force(viewer)
    # The sample is drawn from the newest period that is over.
    newest = periods.period_in_review(viewer.own_task_force_id, on)
    period = newest if newest is not None and newest.closes_on < on else None
    draw = sampling.draw_of(viewer, period.id) if period else None
    rows = sampling.drawn_reports(viewer, draw) if draw else []
    return flask.render_template(
        "home/inspector.html",
        period=period,
        draw=draw,
        rows=rows,
        open=[row for row in rows if row.finding is None],
        found=sum(
            row.finding is not None and row.finding.kind is FindingKind.FINDING for row in rows
        ),
        reopened=queries.reopened_since(viewer, now() - REOPENED_WITHIN),
        papers=unanswered_papers(viewer, on),
        reviews=reviews_waiting(viewer),
        mark=newest_mark(),
        letterhead=directory.page_head(viewer),
        region=force.region if force else "",
        on=on,
        zone=viewer.zone,
    )


@bp.get("/beranda/administrator")
@web.requires(Permission.KEEP_TASK_FORCES)
def administrator() -> ResponseReturnValue:
    """Show an administrator what the installation needs, and whom nobody has let in yet."""
    viewer = web.viewer()
    on = today(viewer.zone)
    settings = flask.current_app.config["SETTINGS"]
    sends_mail = settings.mail_mode == "smtp"
    ready = readiness(settings)
    first = first_steps(viewer, on, sends_mail=sends_mail)
    people = onboarding.people_states(viewer)
    return flask.render_template(
        "home/administrator.html",
        first=first,
        steps=step_lines(first, viewer, sends_mail=sends_mail),
        faults=fault_sentences(ready.faults),
        tick=last_tick(),
        backup=backup_age(),
        mail_mode=ready.parts.get("mail_mode"),
        held=hold(settings),
        # While the list above names these steps, they are not named a second time.
        without_secretariat=queries.without_secretariat(viewer, on)
        if first.has(SetUp.TASK_FORCE)
        else [],
        failed=mail.outbox(viewer, state=MailState.FAILED, size=1)[1],
        not_invited=[one for one in people if one.state is InviteState.NOT_INVITED],
        invited=[one for one in people if one.state is InviteState.INVITED],
        bounced=[one for one in people if one.is_failed],
        is_alone=first.has(SetUp.ADMINISTRATORS) and queries.administrators(viewer, on) == 1,
        on=on,
        zone=viewer.zone,
    )
