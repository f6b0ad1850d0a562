"""The pages on which an assignment is moved, supported, divided, amended and closed."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.assignments.changes import amending, labels, queries, service, splitting
from coordinator.assignments.changes.amending import AssignmentTerms
from coordinator.assignments.changes.changes import ChangeRequest
from coordinator.assignments.changes.forms import (
    AmendForm,
    ChangeFields,
    CloseForm,
    ReassignForm,
    SplitForm,
    SupportForm,
)
from coordinator.assignments.changes.service import AssignmentBasis
from coordinator.assignments.changes.splitting import SplitPart
from coordinator.assignments.models import Assignment
from coordinator.assignments.obligations.rules import DAYS_FOR_RECEIVER
from coordinator.assignments.pages.blueprint import bp
from coordinator.assignments.pages.views import (
    amount_text,
    found_assignment,
    read_targets,
    to_page,
    typed_targets,
)
from coordinator.assignments.rules import MOST_PARTS, BasisKind, CloseKind, ReportedIn, months_of
from coordinator.clock import today
from coordinator.errors import Conflict, InvalidInput
from coordinator.formatting import number, parse_number
from coordinator.forms import refuse, select_choices
from coordinator.people.directory.queries import days_off
from coordinator.people.directory.rules import add_working_days
from coordinator.permissions import Permission
from coordinator.reporting.reports.obligation_states import unsent_obligations
from coordinator.translation import gettext as _

NEW_PARTS = 3  # rows on the page; the others stay empty


def _shown(
    template: str,
    found: Assignment,
    form: ChangeFields,
    *,
    errors: dict[str, str] | None = None,
    conflict: str = "",
    **more: Any,
) -> ResponseReturnValue:
    """Show a form; after a conflict with the version of now, and with what was typed."""
    if conflict or flask.request.method == "GET":
        form.version.data, form.version.raw_data = found.version, None
    if flask.request.method == "GET":
        form.form_key.data = secrets.token_urlsafe(16)
    status = 409 if conflict else 422 if form.errors or errors else 200
    return flask.render_template(
        template, assignment=found, form=form, errors=errors or {}, conflict=conflict, **more
    ), status


def _change_request(form: ChangeFields) -> ChangeRequest:
    return ChangeRequest(
        version=form.version.data or 0,
        reason=(form.reason.data or "").strip(),
        form_key=form.form_key.data or None,
    )


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The result of a form: where to go, or what to say on the page again."""

    errors: dict[str, str]
    conflict: str = ""


def _try(form: ChangeFields, change: Callable[[], object]) -> _Outcome | None:
    """Make a change; None where it was done. Objections about fields outside the form come back."""
    try:
        change()
    except InvalidInput as error:
        refuse(form, error)
        return _Outcome({k: v for k, v in error.fields.items() if not hasattr(form, k)})
    except Conflict as error:
        return _Outcome({}, error.message)
    return None


def _others(but: Assignment) -> list[tuple[str, str]]:
    """Return the agencies that do not lead an assignment, each with what it holds now."""
    return [
        (one.agency.slug, labels.choice_label(one))
        for one in queries.choices(web.viewer())
        if one.agency.id != but.lead.agency_id
    ]


@bp.route("/penugasan/<assignment_id>/alihkan", methods=["GET", "POST"])
@web.requires(Permission.ASSIGN_ACTIONS)
def reassign(assignment_id: str) -> ResponseReturnValue:
    """Give an assignment to another lead."""
    viewer = web.viewer()
    found = found_assignment(assignment_id)
    on = today(viewer.zone)
    form = ReassignForm()
    form.lead.choices = select_choices([("", _("Pilih instansi")), *_others(found)])
    asked = unsent_obligations(found, on).get(found.lead.id, ())
    earliest = add_working_days(on, DAYS_FOR_RECEIVER, days_off())
    outcome = None
    if form.validate_on_submit():
        outcome = _try(
            form,
            lambda: service.reassign(
                assignment_id,
                lead=form.lead.data,
                basis=AssignmentBasis(
                    BasisKind(form.basis_kind.data),
                    (form.basis_reference.data or "").strip(),
                    form.basis_on.data or date.min,
                ),
                report_due_on=form.report_due_on.data,
                request=_change_request(form),
                by=viewer,
            ),
        )
        if outcome is None:
            return to_page(found, "dialihkan")
        found = found_assignment(assignment_id)
    return _shown(
        "assignments/pages/reassign.html",
        found,
        form,
        conflict=outcome.conflict if outcome else "",
        asked=len(asked),
        earliest=earliest,
    )


@bp.route("/penugasan/<assignment_id>/pendukung", methods=["GET", "POST"])
@web.requires(Permission.ASSIGN_ACTIONS)
def support(assignment_id: str) -> ResponseReturnValue:
    """Who supports an assignment."""
    found = found_assignment(assignment_id)
    form = SupportForm()
    form.support.choices = select_choices(
        [
            (one.agency.slug, labels.short_label(one))
            for one in queries.choices(web.viewer())
            if one.agency.id != found.lead.agency_id
        ]
    )
    if flask.request.method == "GET":
        form.support.data = [party.agency.slug for party in found.active_parties[1:]]
    outcome = None
    if form.validate_on_submit():
        outcome = _try(
            form,
            lambda: service.set_support(
                assignment_id,
                support=form.support.data or (),
                request=_change_request(form),
                by=web.viewer(),
            ),
        )
        if outcome is None:
            return to_page(found, "pendukung")
        found = found_assignment(assignment_id)
    return _shown(
        "assignments/pages/support.html", found, form, conflict=outcome.conflict if outcome else ""
    )


@bp.route("/penugasan/<assignment_id>/pecah", methods=["GET", "POST"])
@web.requires(Permission.ASSIGN_ACTIONS)
def split(assignment_id: str) -> ResponseReturnValue:
    """Divide an assignment between several leads."""
    found = found_assignment(assignment_id)
    form = SplitForm()
    action = found.action_item
    year = today(web.viewer().zone).year
    current = {t.indicator_id: t.value for t in found.targets if t.year == year}
    rows = _typed_parts(found)
    own = (
        typed_targets(action)
        if flask.request.method == "POST"
        else {i.id: amount_text(current.get(i.id)) for i in action.indicators}
    )
    outcome = None
    if form.validate_on_submit():
        outcome = _try(form, lambda: _split(found, form, own, rows))
        if outcome is None:
            return to_page(found, "dibagi")
        found = found_assignment(assignment_id)
    return _shown(
        "assignments/pages/split.html",
        found,
        form,
        errors=outcome.errors if outcome else {},
        conflict=outcome.conflict if outcome else "",
        new_parts=rows,
        own=own,
        choices=_others(found),
        current=current,
        total=_total(found, own, rows),
        most=MOST_PARTS,
    )


def _typed_parts(found: Assignment) -> list[dict[str, Any]]:
    """Return the rows of new parts as they were typed."""
    source = flask.request.form
    return [
        {
            "label": source.get(f"label-{place}", ""),
            "lead": source.get(f"lead-{place}", ""),
            "targets": typed_targets(found.action_item, f"target-{place}"),
        }
        for place in range(NEW_PARTS)
    ]


def _split(
    found: Assignment, form: SplitForm, own: dict[int, str], rows: list[dict[str, Any]]
) -> None:
    parts = []
    for place, row in enumerate(rows):
        if not row["label"].strip() and not row["lead"]:
            if any(later["label"].strip() or later["lead"] for later in rows[place:]):
                raise InvalidInput({f"label-{place}": _("Isi bagian ini sebelum yang berikut")})
            break
        targets = read_targets(found.action_item, row["targets"], f"target-{place}")
        parts.append(SplitPart(row["label"], row["lead"], targets))
    splitting.split(
        found.public_id,
        label=form.label.data or "",
        own_targets=read_targets(found.action_item, own),
        parts=parts,
        request=_change_request(form),
        by=web.viewer(),
    )


def _total(found: Assignment, own: dict[int, str], rows: list[dict[str, Any]]) -> dict[int, str]:
    """Return the parts' targets as typed, summed by indicator id; none where one is no number."""
    sums: dict[int, str] = {}
    for indicator in found.action_item.indicators:
        texts = [typed.get(indicator.id, "") for typed in (own, *(row["targets"] for row in rows))]
        read = [parse_number(text) for text in texts if text.strip()]
        values = [value for value in read if value is not None]
        if len(values) == len(read):
            sums[indicator.id] = number(sum(values)) if values else ""
    return sums


@bp.route("/penugasan/<assignment_id>/ubah", methods=["GET", "POST"])
@web.requires(Permission.ASSIGN_ACTIONS)
def amend(assignment_id: str) -> ResponseReturnValue:
    """Change due date, targets, note, budget and the periods it is reported in."""
    found = found_assignment(assignment_id)
    form = AmendForm()
    on = today(web.viewer().zone)
    unsent = unsent_obligations(found, on)
    asked = [o for party in found.active_parties for o in unsent.get(party.id, ())]
    if flask.request.method == "GET":
        form.due_on.data, form.note.data = found.due_on, found.note or ""
        form.reported_in.data = found.reported_in.value
        form.report_months.data = list(months_of(found.report_months))
        form.budget.data = found.budget.value
        form.budget_code.data = found.budget_code or ""
        form.budget_amount.data = "" if found.budget_amount is None else number(found.budget_amount)
        targets = {
            i.id: amount_text(
                next(
                    (
                        t.value
                        for t in found.targets
                        if t.indicator_id == i.id and t.year == on.year and t.period_id is None
                    ),
                    None,
                )
            )
            for i in found.action_item.indicators
        }
    else:
        targets = typed_targets(found.action_item)
    outcome = None
    if form.validate_on_submit():
        outcome = _try(form, lambda: _amend(found, form, targets))
        if outcome is None:
            return to_page(found, "diubah")
        found = found_assignment(assignment_id)
    return _shown(
        "assignments/pages/amend.html",
        found,
        form,
        errors=outcome.errors if outcome else {},
        conflict=outcome.conflict if outcome else "",
        targets=targets,
        asked=asked,
    )


def _amend(found: Assignment, form: AmendForm, targets: dict[int, str]) -> None:
    amending.amend(
        found.public_id,
        to=AssignmentTerms(
            due_on=form.due_on.data or date.min,
            targets=read_targets(found.action_item, targets),
            note=form.note.data or "",
            reported_in=ReportedIn(form.reported_in.data),
            report_months=form.months,
            budget=form.budget_line,
            report_due_on=form.report_due_on.data,
        ),
        request=_change_request(form),
        by=web.viewer(),
    )


@bp.route("/penugasan/<assignment_id>/tutup", methods=["GET", "POST"])
@web.requires(Permission.ASSIGN_ACTIONS)
def close(assignment_id: str) -> ResponseReturnValue:
    """Close an assignment with its reason."""
    found = found_assignment(assignment_id)
    form = CloseForm()
    on = today(web.viewer().zone)
    unsent = unsent_obligations(found, on)
    asked = sum(len(unsent.get(party.id, ())) for party in found.active_parties)
    outcome = None
    if form.validate_on_submit():
        outcome = _try(
            form,
            lambda: service.close(
                assignment_id,
                kind=CloseKind(form.kind.data),
                request=_change_request(form),
                by=web.viewer(),
            ),
        )
        if outcome is None:
            return to_page(found, "ditutup")
        found = found_assignment(assignment_id)
    return _shown(
        "assignments/pages/close.html",
        found,
        form,
        conflict=outcome.conflict if outcome else "",
        asked=asked,
    )
