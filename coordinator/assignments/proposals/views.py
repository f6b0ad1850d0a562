"""Proposals: the receiver's list with its answers, the proposer's acts with their counts."""

import secrets
from datetime import date

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.assignments.changes.bulk import Obstacle
from coordinator.assignments.changes.labels import obstacle_labels
from coordinator.assignments.proposals import answering, labels, offering, queries, service
from coordinator.assignments.proposals.forms import AcceptForm, ProposalReasonForm
from coordinator.assignments.proposals.models import Proposal
from coordinator.assignments.proposals.offering import Offered
from coordinator.assignments.proposals.rules import ProposalState
from coordinator.clock import now, today
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.forms import refuse
from coordinator.people.accounts.queries import contacts_of_agencies
from coordinator.people.directory import queries as directory
from coordinator.periods import queries as periods
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import Permission
from coordinator.platform.mail.service import GRACE
from coordinator.platform.mail.thread_queries import all_states
from coordinator.translation import gettext as _

bp = flask.Blueprint("proposals", __name__)

SHOWN = 200  # rows of one act; what is accepted is the whole of it


@bp.get("/penugasan/usulan")
@web.requires(Permission.ASSIGN_ACTIONS)
def index() -> ResponseReturnValue:
    """What waits for one's own task force, what it answered, and what it proposed itself."""
    return _index()


def _index(conflict: str = "") -> ResponseReturnValue:
    viewer = web.viewer()
    on = today(viewer.zone)
    force = directory.task_force(viewer)
    return flask.render_template(
        "assignments/proposals/list.html",
        acts=[
            (act, _accept_form(act), _without_people(act, on)) for act in offering.by_act(viewer)
        ],
        answered=queries.answered(viewer),
        sent=queries.sent(viewer),
        is_below=force is not None and force.parent_id is not None,
        may_propose=queries.may_propose(viewer),
        period=periods.open_period(viewer, on),
        labels=obstacle_labels(),
        remedies=labels.remedies(),
        states=labels.state_labels(),
        shown=SHOWN,
        on=on,
        zone=viewer.zone,
        undone=flask.request.args.get("diurungkan", ""),
        done=flask.request.args.get("selesai", ""),
        conflict=conflict,
    ), (409 if conflict else 200)


def _accept_form(act: Offered) -> AcceptForm:
    """Return the form of one act, with ids of its own: a page may have several."""
    # formdata=None: after a post, the page shows the current state, not what was sent.
    form = AcceptForm(formdata=None)
    form.form_key.data = secrets.token_urlsafe(16)
    form.fingerprint.data = act.prepared.fingerprint
    for field in form:
        field.id = f"{field.id}-{act.batch.public_id}"
    return form


def _without_people(act: Offered, on: date) -> int:
    """Count the agencies that would be given work and have nobody to read about it."""
    contacts = contacts_of_agencies(set(act.prepared.agencies), on)
    return sum(not grants for grants in contacts.values())


def _period(form: AcceptForm) -> ReportingPeriod | None:
    viewer = web.viewer()
    return periods.open_period(viewer, today(viewer.zone)) if form.join.data else None


@bp.post("/penugasan/usulan/<batch_id>/terima")
@web.requires(Permission.ASSIGN_ACTIONS)
def accept(batch_id: str) -> ResponseReturnValue:
    """Accept all of an act that can be accepted."""
    form = AcceptForm()
    try:
        made = answering.accept(
            batch_id,
            join=_period(form),
            fingerprint=form.fingerprint.data or "",
            form_key=form.form_key.data or None,
            by=web.viewer(),
        )
    except Conflict as error:
        return _index(error.message)
    except InvalidInput as error:
        return _index(next(iter(error.fields.values())))
    return flask.redirect(
        flask.url_for("assignments.pages.bulk_result", batch_id=made.public_id), 303
    )


# --- one proposal --------------------------------------------------------------------------------


def _found(proposal_id: str) -> Proposal:
    found = queries.proposal(web.viewer(), proposal_id)
    if found is None:
        raise NotFound(_("Usulan itu tidak ada."))
    return found


@bp.route("/penugasan/usulan/aksi/<proposal_id>", methods=["GET", "POST"])
@web.requires(Permission.ASSIGN_ACTIONS)
def proposal(proposal_id: str) -> ResponseReturnValue:
    """One proposed action: accept it as it is, with changes, as already held, or decline it."""
    viewer = web.viewer()
    found = _found(proposal_id)
    reason, form = ProposalReasonForm(), AcceptForm()
    conflict = ""
    if flask.request.method == "POST" and reason.validate():
        try:
            return _answer(found, reason, form)
        except InvalidInput as error:
            refuse(reason, error)
            conflict = "" if "reason" in error.fields else next(iter(error.fields.values()))
        except Conflict as error:
            conflict = error.message
        found = _found(proposal_id)
    is_open = found.state is ProposalState.OPEN
    act = offering.offered(viewer, [found]) if is_open else None
    obstacle = act.obstacles[0][1] if act and act.obstacles else None
    fresh = _accept_form(act) if act else form
    return flask.render_template(
        "assignments/proposals/proposal.html",
        proposal=found,
        one=act.prepared.proposals[0] if act and act.prepared.proposals else None,
        obstacle=obstacle,
        is_held=obstacle is Obstacle.HELD,
        may_change=obstacle not in (Obstacle.HELD, Obstacle.GONE, Obstacle.NO_GROUP),
        advice=labels.advice(obstacle),
        form=fresh,
        reason=reason,
        period=periods.open_period(viewer, today(viewer.zone)),
        labels=obstacle_labels(),
        states=labels.state_labels(),
        is_past=found.batch.due_on < today(viewer.zone),
        conflict=conflict,
        zone=viewer.zone,
    ), (409 if conflict else 422 if reason.errors else 200)


def _answer(found: Proposal, reason: ProposalReasonForm, form: AcceptForm) -> ResponseReturnValue:
    viewer, act = web.viewer(), flask.request.form.get("act", "")
    if act == "terima":
        made = answering.accept(
            found.batch.public_id,
            proposal_id=found.public_id,
            join=_period(form),
            fingerprint=form.fingerprint.data or "",
            form_key=form.form_key.data or None,
            by=viewer,
        )
        return flask.redirect(
            flask.url_for("assignments.pages.bulk_result", batch_id=made.public_id), 303
        )
    if act == "catat":
        answering.accept_held(found.public_id, by=viewer)
    elif act == "tolak":
        answering.decline(found.public_id, reason=reason.reason.data or "", by=viewer)
    else:
        raise InvalidInput({"reason": _("Pilih terima atau tolak")})
    return flask.redirect(flask.url_for("assignments.proposals.index", selesai=act), 303)


# --- the proposer's acts -------------------------------------------------------------------------


@bp.get("/penugasan/usulan/<batch_id>")
@web.requires(Permission.ASSIGN_ACTIONS)
def sent(batch_id: str) -> ResponseReturnValue:
    """One act of proposing: counts for each task force, and the ways back."""
    return _sent(batch_id, ProposalReasonForm())


def _sent(batch_id: str, form: ProposalReasonForm, conflict: str = "") -> ResponseReturnValue:
    viewer = web.viewer()
    acts = queries.sent(viewer, batch_id)
    if not acts:
        raise NotFound(_("Usulan itu tidak ada, atau sudah diurungkan."))
    act = acts[0]
    mails = all_states(act.batch.mail_thread)
    return flask.render_template(
        "assignments/proposals/sent.html",
        act=act,
        batch=act.batch,
        rows=queries.answers_by_force(act.batch),
        actions=queries.items_of(act.batch),  # `items` is the frame's navigation
        mails=sum(mails.values()),
        form=form,
        may_undo=queries.may_undo(act.batch, at=now()),
        until=act.batch.made_at + GRACE,
        zone=viewer.zone,
        conflict=conflict,
    ), (409 if conflict else 422 if form.errors else 200)


@bp.post("/penugasan/usulan/<batch_id>/urungkan")
@web.requires(Permission.ASSIGN_ACTIONS)
def undo(batch_id: str) -> ResponseReturnValue:
    """Undo an act within two minutes; nobody is notified."""
    count = service.undo(batch_id, by=web.viewer())
    return flask.redirect(flask.url_for("assignments.proposals.index", diurungkan=count), 303)


@bp.post("/penugasan/usulan/<batch_id>/tarik")
@web.requires(Permission.ASSIGN_ACTIONS)
def withdraw(batch_id: str) -> ResponseReturnValue:
    """Take back what nobody has answered yet."""
    form = ProposalReasonForm()
    if form.validate():
        try:
            service.withdraw(batch_id, reason=form.reason.data or "", by=web.viewer())
        except InvalidInput as error:
            refuse(form, error)
        except Conflict as error:
            return _sent(batch_id, form, error.message)
        else:
            return flask.redirect(
                flask.url_for("assignments.proposals.sent", batch_id=batch_id), 303
            )
    return _sent(batch_id, form)
