"""Giving one action, the page of an assignment, and the scan it rests on."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.assignments.changes import labels, queries
from coordinator.assignments.changes.assigning import NewAssignment, assign_action
from coordinator.assignments.changes.forms import AssignmentForm
from coordinator.assignments.models import Assignment
from coordinator.assignments.obligations.queries import obligations_of_assignment
from coordinator.assignments.obligations.service import join_period
from coordinator.assignments.pages.blueprint import bp
from coordinator.assignments.proposals import queries as proposals
from coordinator.assignments.proposals.answering import accept_as
from coordinator.assignments.proposals.models import Proposal, ProposalBatch
from coordinator.assignments.proposals.offering import way
from coordinator.assignments.queries import assignment as find_assignment
from coordinator.assignments.queries import changes, siblings
from coordinator.assignments.rules import BasisKind, ReportedIn
from coordinator.assignments.service import default_targets
from coordinator.assignments.why import why
from coordinator.clock import today
from coordinator.errors import InvalidInput, NotFound
from coordinator.formatting import local_date, parse_number
from coordinator.forms import number_question, refuse, select_choices
from coordinator.periods import queries as periods
from coordinator.permissions import Permission
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.models import ActionItem
from coordinator.plans.actions.rules import IndicatorKind, PartyKind, targets_for
from coordinator.platform.files.handing_out import hand_out
from coordinator.platform.files.rules import ACCEPT
from coordinator.platform.files.taking_in import Taken, taken_in
from coordinator.reporting.reports.evidence_marks import verdict_marks
from coordinator.reporting.reports.obligation_states import states_of_obligations
from coordinator.translation import gettext as _

# --- giving one action ---------------------------------------------------------------------------


@bp.route("/penugasan/baru/<action_id>", methods=["GET", "POST"])
@web.requires(Permission.ASSIGN_ACTIONS)
def assign(action_id: str) -> ResponseReturnValue:
    """Give an action item of the plan to its parties."""
    viewer = web.viewer()
    action = plans.action(viewer, action_id)
    if action is None:
        raise NotFound(_("Aksi itu tidak ada."))
    proposal = _proposal(action)
    period = periods.open_period(viewer, today(viewer.zone))
    form = _prepared_form(action, proposal)
    targets = _typed_targets(action)
    errors: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            new = _new_assignment(form, action, targets)
            join = period if form.join.data else None
            with received_scan() as taken:
                scan = taken.first
                if proposal is not None:
                    assignment = accept_as(proposal.public_id, new, join=join, scan=scan, by=viewer)
                else:
                    assignment = assign_action(new, join=join, scan=scan, by=viewer)
        except InvalidInput as error:
            errors = {k: v for k, v in error.fields.items() if k.startswith("target-")}
            refuse(form, error)
        else:
            return to_page(assignment, "1")
    return flask.render_template(
        "assignments/pages/assign.html",
        form=form,
        action=action,
        proposal=proposal,
        period=period,
        targets=targets,
        plan_targets={
            indicator.id: targets_for(indicator.targets, plans.level_of(viewer.own_task_force_id))
            for indicator in action.indicators
        },
        errors=errors,
        accept=ACCEPT,
    ), (422 if form.errors or errors else 200)


def _proposal(action: ActionItem) -> Proposal | None:
    """Return the proposal that the address or the form names: assigning then accepts it. Raises
    NotFound where it is not one of this action to the viewer's task force."""
    public_id = flask.request.values.get("usulan", "")
    if not public_id:
        return None
    found = proposals.proposal(web.viewer(), public_id)
    if found is None or found.action_item_id != action.id:
        raise NotFound(_("Usulan itu tidak ada."))
    return found


def _prepared_form(action: ActionItem, proposal: Proposal | None) -> AssignmentForm:
    """Return the form with the plan's suggestions ticked, or with what was proposed. A court is
    never offered."""
    choices = queries.choices(web.viewer())
    form = AssignmentForm()
    leads = [(one.agency.slug, labels.choice_label(one)) for one in choices]
    form.lead.choices = select_choices([("", _("Pilih instansi")), *leads])
    form.support.choices = select_choices(
        [(one.agency.slug, labels.short_label(one)) for one in choices]
    )
    if flask.request.method == "GET":
        by_key = {one.agency.key: one.agency.slug for one in choices}
        suggested = [
            (c.kind, by_key[c.agency_key]) for c in action.candidates if c.agency_key in by_key
        ]
        form.lead.data = next((slug for kind, slug in suggested if kind is PartyKind.LEAD), "")
        form.support.data = [slug for kind, slug in suggested if kind is PartyKind.SUPPORT]
        form.due_on.data = date(today(web.viewer().zone).year, 12, 31)
        if proposal is not None:
            _fill_from(form, proposal.batch)
        form.form_key.data = secrets.token_urlsafe(16)
    return form


def _fill_from(form: AssignmentForm, batch: ProposalBatch) -> None:
    form.basis_kind.data = batch.basis_kind.value
    form.basis_reference.data, form.basis_on.data = batch.basis_reference, batch.basis_on
    form.due_on.data, form.note.data = batch.due_on, batch.note
    if batch.agency_kind is not None:
        _towards, form.lead.data = way(web.viewer(), batch)
        form.support.data = []


def _typed_targets(action: ActionItem) -> dict[int, str]:
    """Return the value of each target field: what was typed, or the plan's target."""
    year = today(web.viewer().zone).year
    if flask.request.method == "POST":
        return typed_targets(action)
    level = plans.level_of(web.viewer().own_task_force_id)
    suggested = default_targets(action, year, year, level)
    return {i.id: amount_text(suggested.get((i.id, year))) for i in action.indicators}


def typed_targets(action: ActionItem, prefix: str = "target") -> dict[int, str]:
    """Return what was typed as targets, by indicator id."""
    return {i.id: flask.request.form.get(f"{prefix}-{i.id}", "") for i in action.indicators}


def amount_text(value: Decimal | None) -> str:
    """Return an amount as a person would type it into a field."""
    return "" if value is None else f"{value.normalize():f}".replace(".", ",")


def read_targets(
    action: ActionItem, typed: dict[int, str], prefix: str = "target"
) -> dict[int, Decimal]:
    """Return an action's typed targets as values; an empty one is none. Raises InvalidInput by
    field, with a Question for what is unlikely."""
    percents = {one.id for one in action.indicators if one.kind is IndicatorKind.PERCENT}
    values: dict[int, Decimal] = {}
    problems: dict[str, str] = {}
    for indicator_id, text in typed.items():
        if not text.strip():
            continue
        value = parse_number(text)
        if value is None:
            problems[f"{prefix}-{indicator_id}"] = _("Isi target dengan angka, misalnya 12")
            continue
        values[indicator_id] = value
        name = f"{prefix}-{indicator_id}"
        question = number_question(name, text, is_percent=indicator_id in percents)
        if question:
            problems[name] = question
    if problems:
        raise InvalidInput(problems)
    return values


def _new_assignment(
    form: AssignmentForm, action: ActionItem, targets: dict[int, str]
) -> NewAssignment:
    return NewAssignment(
        action_id=action.public_id,
        lead=form.lead.data,
        support=tuple(form.support.data or ()),
        basis_kind=BasisKind(form.basis_kind.data),
        basis_reference=(form.basis_reference.data or "").strip(),
        basis_on=form.basis_on.data or date.min,
        due_on=form.due_on.data or date.min,
        note=(form.note.data or "").strip(),
        targets=read_targets(action, targets),
        reported_in=ReportedIn(form.reported_in.data),
        report_months=form.months,
        budget=form.budget_line,
        form_key=form.form_key.data or None,
    )


@contextmanager
def received_scan() -> Iterator[Taken]:
    """Take in the uploaded scan, if there is one. Raises InvalidInput about `scan`."""
    with taken_in([flask.request.files.get("scan")], field="scan") as taken:
        if taken.errors:
            raise InvalidInput(taken.errors)
        yield taken


# --- the page of an assignment -------------------------------------------------------------------


def found_assignment(assignment_id: str) -> Assignment:
    """Return an assignment of the viewer's task force. Raises NotFound."""
    found = find_assignment(web.viewer(), assignment_id)
    if found is None:
        raise NotFound(_("Penugasan itu tidak ada."))
    return found


def to_page(assignment: Assignment, done: str) -> ResponseReturnValue:
    """Go to an assignment's page, which says what was done."""
    return flask.redirect(
        flask.url_for(
            "assignments.pages.assignment", assignment_id=assignment.public_id, selesai=done
        ),
        303,
    )


@bp.get("/penugasan/<assignment_id>")
@web.requires(Permission.SEE_ASSIGNMENTS)
def assignment(assignment_id: str) -> ResponseReturnValue:
    """One assignment: its parties, its targets, what was reported, what happened to it."""
    viewer = web.viewer()
    found = found_assignment(assignment_id)
    on = today(viewer.zone)
    obligations = obligations_of_assignment(found)
    period = periods.open_period(viewer, on)
    active = found.active_parties
    return flask.render_template(
        "assignments/pages/assignment.html",
        assignment=found,
        supporters=active[1:],
        siblings=siblings(found),
        obligations=obligations,
        states=states_of_obligations(one.id for one in obligations),
        marks=verdict_marks(one.public_id for one in obligations),
        reasons=why(viewer, found, active),
        period=period,
        has_joined=period is not None and any(one.period_id == period.id for one in obligations),
        may_assign=viewer.may(Permission.ASSIGN_ACTIONS) and found.closed_at is None,
        scan_name=queries.basis_file_name(found.id),
        budget=labels.budget_text(found),
        reporting=labels.reporting_text(found),
        close_labels=labels.close_labels(),
        history=_history(found, viewer.zone),
        on=on,
        done=flask.request.args.get("selesai", ""),
    )


def _history(found: Assignment, zone: str) -> list[dict[str, str]]:
    """Return the lines of an assignment's history, newest first."""
    lines = []
    for change in changes(found.id):
        verb, text = labels.change_text(change)
        if change.reason:
            text = _("%(text)s Alasan: %(reason)s", text=text, reason=change.reason).strip()
        lines.append(
            {
                "when": local_date(change.made_at, zone),
                "iso": change.made_at.isoformat(),
                "verb": verb,
                "text": text,
            }
        )
    return [
        *lines,
        {
            "when": local_date(found.assigned_at, zone),
            "iso": found.assigned_at.isoformat(),
            "verb": _("Ditugaskan"),
            "text": "",
        },
    ]


@bp.post("/penugasan/<assignment_id>/ikutkan")
@web.requires(Permission.ASSIGN_ACTIONS)
def join(assignment_id: str) -> ResponseReturnValue:
    """Let an assignment be reported in the open period."""
    viewer, found = web.viewer(), found_assignment(assignment_id)
    period = periods.open_period(viewer, today(viewer.zone))
    if period is None:
        raise NotFound(_("Tidak ada periode yang terbuka."))
    join_period(found.id, period.id, by=viewer)
    return flask.redirect(
        flask.url_for("assignments.pages.assignment", assignment_id=assignment_id), 303
    )


@bp.get("/penugasan/<assignment_id>/dasar")
@web.signed_in
def basis_file(assignment_id: str) -> ResponseReturnValue:
    """Hand out the scan behind an assignment; who took it is logged."""
    viewer = web.viewer()
    found = queries.basis_file(viewer, assignment_id)
    if found is None:
        raise NotFound(_("Salinan itu tidak ada, atau bukan untuk akses Anda."))
    return hand_out(found.file, found.name, what="basis", subject_id=assignment_id, by=viewer)
