"""Periods, and giving work that is reported in them."""

import secrets
from datetime import date
from decimal import Decimal

import flask
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordinator import web
from coordinator.assignments.queries import assignment as find_assignment
from coordinator.assignments.rules import BasisKind
from coordinator.assignments.service import NewAssignment
from coordinator.clock import today
from coordinator.directory import queries as directory
from coordinator.errors import InvalidInput, NotFound
from coordinator.forms import refuse, select_choices
from coordinator.periods import queries, service
from coordinator.periods.forms import AssignmentForm
from coordinator.periods.words import state_labels
from coordinator.permissions import Permission
from coordinator.plan import queries as plan
from coordinator.plan.models import ActionItem, Indicator
from coordinator.plan.rules import PartyKind
from coordinator.words import parse_number

bp = flask.Blueprint("periods", __name__)


@bp.get("/periode")
@web.requires(Permission.SEE_PERIODS)
def periods() -> ResponseReturnValue:
    """The periods with their windows and extensions."""
    viewer = web.viewer()
    return flask.render_template(
        "periods/list.html",
        periods=queries.periods(viewer),
        counts=queries.obligation_counts(viewer),
        extensions=queries.extensions(viewer),
        may_run=viewer.may(Permission.RUN_PERIODS),
        planned=queries.planned_periods(viewer) if viewer.may(Permission.RUN_PERIODS) else [],
        states=state_labels(),
        on=today(viewer.zone),
    )


@bp.route("/penugasan/baru/<action_id>", methods=["GET", "POST"])
@web.requires(Permission.ASSIGN_ACTIONS)
def assign(action_id: str) -> ResponseReturnValue:
    """Give an action item of the plan to its parties."""
    viewer = web.viewer()
    action = plan.action(viewer, action_id)
    if action is None:
        raise NotFound(_("Aksi itu tidak ada."))
    period = queries.open_period(viewer, today(viewer.zone))
    form = _prepared_form(action)
    targets = _typed_targets(action)
    errors: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            assignment = service.assign_action(
                _new_assignment(form, action, targets),
                by=viewer,
                join=period if form.join.data else None,
            )
        except InvalidInput as error:
            errors = {k: v for k, v in error.fields.items() if k.startswith("target-")}
            refuse(form, error)
        else:
            return flask.redirect(
                flask.url_for(
                    "progress.assignment", assignment_id=assignment.public_id, selesai="1"
                ),
                303,
            )
    return flask.render_template(
        "periods/assign.html",
        form=form,
        action=action,
        period=period,
        targets=targets,
        errors=errors,
    ), (422 if form.errors or errors else 200)


def _prepared_form(action: ActionItem) -> AssignmentForm:
    """Return the form with the plan's suggestions ticked. A court is never offered."""
    agencies = [a for a in directory.agencies(web.viewer()) if not a.is_court]
    form = AssignmentForm()
    choices = [(agency.slug, agency.abbreviation) for agency in agencies]
    form.lead.choices = select_choices([("", _("Pilih instansi")), *choices])
    form.support.choices = select_choices(choices)
    form.basis_kind.choices = select_choices(
        [(BasisKind.LETTER.value, _("Surat")), (BasisKind.MEETING.value, _("Rapat"))]
    )
    if flask.request.method == "GET":
        by_key = {agency.key: agency.slug for agency in agencies}
        suggested = [
            (c.kind, by_key[c.agency_key]) for c in action.candidates if c.agency_key in by_key
        ]
        form.lead.data = next((slug for kind, slug in suggested if kind is PartyKind.LEAD), "")
        form.support.data = [slug for kind, slug in suggested if kind is PartyKind.SUPPORT]
        form.due_on.data = date(today(web.viewer().zone).year, 12, 31)
        form.form_key.data = secrets.token_urlsafe(16)
    return form


def _typed_targets(action: ActionItem) -> dict[int, str]:
    """Return what stands in each target field: what was typed, or the plan's target."""
    year = today(web.viewer().zone).year
    if flask.request.method == "POST":
        return {i.id: flask.request.form.get(f"target-{i.id}", "") for i in action.indicators}
    return {i.id: _plan_target(i, year) for i in action.indicators}


def _plan_target(indicator: Indicator, year: int) -> str:
    value = next((t.value for t in indicator.targets if t.year == year), None)
    return "" if value is None else f"{value.normalize():f}".replace(".", ",")


def _new_assignment(
    form: AssignmentForm, action: ActionItem, targets: dict[int, str]
) -> NewAssignment:
    values: dict[int, Decimal] = {}
    for indicator_id, text in targets.items():
        if not text.strip():
            continue
        value = parse_number(text)
        if value is None:
            raise InvalidInput(
                {f"target-{indicator_id}": _("Isi target dengan angka, misalnya 12")}
            )
        values[indicator_id] = value
    return NewAssignment(
        action_id=action.public_id,
        lead=form.lead.data,
        support=tuple(form.support.data or ()),
        basis_kind=BasisKind(form.basis_kind.data),
        basis_reference=(form.basis_reference.data or "").strip(),
        basis_on=form.basis_on.data or date.min,
        due_on=form.due_on.data or date.min,
        note=(form.note.data or "").strip(),
        targets=values,
        form_key=form.form_key.data or None,
    )


@bp.post("/penugasan/<assignment_id>/ikutkan")
@web.requires(Permission.ASSIGN_ACTIONS)
def join(assignment_id: str) -> ResponseReturnValue:
    """Let an assignment be reported in the open period."""
    viewer = web.viewer()
    assignment = find_assignment(viewer, assignment_id)
    period = queries.open_period(viewer, today(viewer.zone))
    if assignment is None or period is None:
        raise NotFound(_("Penugasan atau periode itu tidak ada."))
    service.join_period(assignment.id, period.id, by=viewer)
    return flask.redirect(flask.url_for("progress.assignment", assignment_id=assignment_id), 303)
