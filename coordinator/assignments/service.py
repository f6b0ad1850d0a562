"""Giving work: an action item to exactly one lead and any supporters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from coordinator.accounts.queries import contacts_of_agencies
from coordinator.assignments import emails, queries
from coordinator.assignments.models import (
    Assignment,
    AssignmentParty,
    AssignmentTarget,
    PartyDuty,
)
from coordinator.assignments.rules import BasisKind, BudgetState, ReportedIn, is_budget_code
from coordinator.audit.service import record
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.directory.models import Agency, TaskForce
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.free_text import refuse_identity
from coordinator.mail.service import GRACE, queue_email
from coordinator.permissions import Permission, Viewer
from coordinator.plan import queries as plan
from coordinator.plan.models import ActionItem
from coordinator.plan.rules import PartyKind, TargetLevel, targets_for
from coordinator.roles.models import WorkingGroup


@dataclass(frozen=True, slots=True)
class Budget:
    """What is known of the money behind an assignment; `amount` in whole rupiah."""

    state: BudgetState = BudgetState.UNSTATED
    code: str = ""
    amount: int | None = None


UNSTATED = Budget()


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """What the secretariat decided about one action item."""

    action_id: str
    lead: str
    support: tuple[str, ...]
    basis_kind: BasisKind
    basis_reference: str
    basis_on: date
    due_on: date
    note: str = ""
    # This year's target by indicator id; an indicator left out has none ("tanpa target"). Later
    # years up to the due date take the plan's target.
    targets: dict[int, Decimal] = field(default_factory=dict)
    reported_in: ReportedIn = ReportedIn.EVERY
    report_months: int | None = None  # rules.months_mask
    budget: Budget = UNSTATED
    form_key: str | None = None


@transactional
def assign_action(new: NewAssignment, *, by: Viewer, is_sample: bool = False) -> Assignment:
    """Give an action item of the plan to its parties, and tell their focal points by mail.

    The same form sent twice (`form_key`) gives the assignment made the first time.
    Raises NotAllowed, NotFound, InvalidInput, Conflict (the item is already held).
    """
    if not by.may(Permission.ASSIGN_ACTIONS):
        raise NotAllowed(_("Anda tidak dapat menugaskan aksi."))
    if new.form_key:
        done = db.session.scalar(sa.select(Assignment).where(Assignment.form_key == new.form_key))
        if done is not None:
            return done
    action = plan.action(by, new.action_id)
    if action is None:
        raise NotFound(_("Aksi itu tidak ada."))
    if action.discontinued:
        raise Conflict(_("Aksi ini tidak dilanjutkan dan tidak dapat ditugaskan."))
    group = db.session.scalar(
        sa.select(WorkingGroup).where(
            WorkingGroup.task_force_id == by.own_task_force_id,
            WorkingGroup.key == action.working_group_key,
        )
    )
    if group is None:
        raise InvalidInput({"lead": _("Pokja aksi ini tidak ada di gugus tugas Anda.")})
    agencies = _parties(new, by)
    require_dates(new.basis_on, new.due_on, by)
    require_reporting(new.reported_in, new.report_months)
    require_budget(new.budget)
    refuse_identity(note=new.note, basis_reference=new.basis_reference)
    if action.id in queries.held_items(by):
        raise Conflict(_("Aksi ini sudah ditugaskan. Muat ulang halaman rencana."))
    assignment = Assignment(
        form_key=new.form_key,
        task_force_id=by.own_task_force_id,
        action_item_id=action.id,
        working_group_id=group.id,
        basis_kind=new.basis_kind,
        basis_reference=new.basis_reference,
        basis_on=new.basis_on,
        due_on=new.due_on,
        note=new.note or None,
        reported_in=new.reported_in,
        report_months=new.report_months,
        budget=new.budget.state,
        budget_code=new.budget.code or None,
        budget_amount=new.budget.amount,
        assigned_by_id=by.account_id,
        assigned_at=now(),
        is_sample=is_sample,
    )
    db.session.add(assignment)
    db.session.flush()
    _add_parties(assignment, action, agencies)
    _add_targets(assignment, action, new)
    db.session.flush()
    _notify(assignment, action)
    record(
        "action.assigned",
        by=by,
        subject=("assignment", assignment.public_id),
        agency_id=agencies[0].id,
        code=action.code,
        lead=agencies[0].key,
        support=[agency.key for agency in agencies[1:]],
        due_on=new.due_on.isoformat(),
    )
    return assignment


def _parties(new: NewAssignment, by: Viewer) -> list[Agency]:
    """Return the lead and then the supporters."""
    wanted = [new.lead, *dict.fromkeys(slug for slug in new.support if slug != new.lead)]
    found = {
        agency.slug: agency
        for agency in db.session.scalars(
            sa.select(Agency).where(
                Agency.task_force_id == by.own_task_force_id,
                Agency.slug.in_(wanted),
                Agency.is_active,
            )
        )
    }
    if new.lead not in found:
        raise InvalidInput({"lead": _("Pilih satu penanggung jawab.")})
    if len(found) != len(wanted):
        raise InvalidInput({"support": _("Ada pendukung yang tidak ada di gugus tugas ini.")})
    agencies = [found[slug] for slug in wanted]
    for agency in agencies:
        if agency.is_court:
            name = "lead" if agency.slug == new.lead else "support"
            raise InvalidInput(
                {name: _("Pengadilan hanya berbagi data dan tidak dapat diberi penugasan.")}
            )
    return agencies


def require_dates(basis_on: date, due_on: date, by: Viewer) -> None:
    """Raise InvalidInput where the basis is of a coming day, or the due date has passed."""
    on = today(by.zone)
    if basis_on > on:
        raise InvalidInput({"basis_on": _("Tanggal dasar penugasan belum terjadi.")})
    if due_on < on:
        raise InvalidInput({"due_on": _("Batas waktu sudah lewat.")})


def require_reporting(reported_in: ReportedIn, months: int | None) -> None:
    """Raise InvalidInput where months are asked for and none, or nonsense, was chosen."""
    if reported_in is ReportedIn.MONTHS and not (months and 0 < months < 1 << 12):
        raise InvalidInput({"report_months": _("Pilih paling sedikit satu bulan")})


def require_budget(budget: Budget) -> None:
    """Raise InvalidInput where a budget line is stated without a code or an amount."""
    if budget.state is not BudgetState.STATED:
        return
    if not budget.code and budget.amount is None:
        raise InvalidInput({"budget_code": _("Isi kode sub-kegiatan atau jumlahnya")})
    if budget.code and not is_budget_code(budget.code):
        raise InvalidInput(
            {"budget_code": _("Tulis kode dengan angka dan titik, misalnya 2.08.03.2.01.0002")}
        )


def _add_parties(assignment: Assignment, action: ActionItem, agencies: list[Agency]) -> None:
    """Add the parties, each with the duties of its agency that the action carries out."""
    behind = queries.duties_behind(assignment.task_force_id, [action])
    for place, agency in enumerate(agencies):
        add_party(
            assignment,
            agency,
            PartyKind.LEAD if place == 0 else PartyKind.SUPPORT,
            behind[action.id].get(agency.id, ()),
        )


def add_party(
    assignment: Assignment, agency: Agency, kind: PartyKind, duty_ids: Sequence[int]
) -> AssignmentParty:
    """Give an agency a part in a new assignment, with the duties that stand behind it."""
    party = AssignmentParty(assignment=assignment, agency=agency, kind=kind)
    party.duties = [PartyDuty(duty_id=duty_id) for duty_id in duty_ids]
    db.session.add(party)
    db.session.flush()
    return party


def default_targets(
    action: ActionItem, first_year: int, last_year: int, level: TargetLevel
) -> dict[tuple[int, int], Decimal]:
    """Return the plan's targets for an action, by (indicator id, year), for a level of task force:
    the one place where an assignment's targets come from the plan."""
    return {
        (indicator.id, year): value
        for indicator in action.indicators
        for year, value in targets_for(indicator.targets, level).items()
        if first_year <= year <= last_year
    }


def _add_targets(assignment: Assignment, action: ActionItem, new: NewAssignment) -> None:
    year = today().year
    targets = default_targets(
        action, year + 1, new.due_on.year, plan.level_of(assignment.task_force_id)
    )
    targets |= {(indicator_id, year): value for indicator_id, value in new.targets.items()}
    db.session.add_all(
        AssignmentTarget(
            assignment_id=assignment.id, indicator_id=indicator_id, year=target_year, value=value
        )
        for (indicator_id, target_year), value in targets.items()
    )


def _notify(assignment: Assignment, action: ActionItem) -> None:
    for party in assignment.parties:
        tell_assigned(party, assignment, action)


def tell_assigned(
    party: AssignmentParty,
    assignment: Assignment,
    action: ActionItem,
    report_due_on: date | None = None,
) -> int:
    """Queue the mail that says what was given to a party, to its focal point and alternate; return
    how many. `report_due_on`: the last day of the first report, where it is known."""
    force = db.session.get_one(TaskForce, assignment.task_force_id)
    count = 0
    for grant in contacts_of_agencies({party.agency_id}, today(force.zone))[party.agency_id]:
        queue_email(
            emails.assigned(
                party=party,
                assignment=assignment,
                action=action,
                force=force,
                report_due_on=report_due_on,
                is_sample=grant.account.is_sample,
            ),
            occasion=("assigned", assignment.public_id, party.id),
            kind="assigned",
            to_address=grant.account.mail_address,
            account_id=grant.account_id,
            task_force_id=assignment.task_force_id,
            thread=f"assignment-{assignment.public_id}",
            not_before=now() + GRACE,
        )
        count += 1
    return count
