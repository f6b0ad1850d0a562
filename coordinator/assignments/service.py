"""Shared steps of every way of giving work: checking terms, parties, targets, the mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from coordinator.assignments import emails
from coordinator.assignments.models import (
    Assignment,
    AssignmentParty,
    AssignmentTarget,
    PartyDuty,
)
from coordinator.assignments.rules import BudgetState, ReportedIn, is_budget_code
from coordinator.clock import today
from coordinator.db import db
from coordinator.errors import InvalidInput
from coordinator.mapping.duties.models import WorkingGroup
from coordinator.people.accounts.notices import notify
from coordinator.people.accounts.queries import contacts_of_agencies
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.plans.actions.rules import PartyKind, TargetLevel, targets_for
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Budget:
    """What is known of the money behind an assignment; `amount` in whole rupiah."""

    state: BudgetState = BudgetState.UNSTATED
    code: str = ""
    amount: int | None = None


UNSTATED = Budget()


def working_group_of(action: ActionItem, by: Viewer) -> WorkingGroup:
    """Return the pokja of an action in the viewer's task force. Raises InvalidInput."""
    group = db.session.scalar(
        sa.select(WorkingGroup).where(
            WorkingGroup.task_force_id == by.own_task_force_id,
            WorkingGroup.key == action.working_group_key,
        )
    )
    if group is None:
        raise InvalidInput({"lead": _("Pokja aksi ini tidak ada di gugus tugas Anda.")})
    return group


def agency_to_give(slug: str, by: Viewer, name: str) -> Agency:
    """Return an agency that may be given work. Raises InvalidInput about the field `name`."""
    agency = db.session.scalar(
        sa.select(Agency).where(
            Agency.task_force_id == by.own_task_force_id, Agency.slug == slug, Agency.is_active
        )
    )
    if agency is None:
        raise InvalidInput({name: _("Pilih instansi dari daftar")})
    if agency.is_court:
        raise InvalidInput(
            {name: _("Pengadilan hanya berbagi data dan tidak dapat diberi penugasan.")}
        )
    return agency


def agencies_to_give(lead: str, support: Sequence[str], by: Viewer) -> list[Agency]:
    """Return the lead and then the supporters (slugs), each an agency that may be given work.
    Raises InvalidInput about `lead` or `support`."""
    wanted = [lead, *dict.fromkeys(slug for slug in support if slug != lead)]
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
    if lead not in found:
        raise InvalidInput({"lead": _("Pilih satu penanggung jawab.")})
    if len(found) != len(wanted):
        raise InvalidInput({"support": _("Ada pendukung yang tidak ada di gugus tugas ini.")})
    agencies = [found[slug] for slug in wanted]
    for agency in agencies:
        if agency.is_court:
            name = "lead" if agency.slug == lead else "support"
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


@dataclass(frozen=True, slots=True)
class NewParty:
    """An agency's part in an assignment, and the duties (ids) it is based on."""

    assignment_id: int
    agency_id: int
    kind: PartyKind
    duties: Sequence[int]


def add_parties(parties: Sequence[NewParty]) -> list[int]:
    """Give agencies their parts in assignments; return the ids of the parts, in the same order.

    In two statements, not row by row: a province gives thousands in one act. An assignment whose
    `parties` were read before must be refreshed by the caller.
    """
    ids = db.session.scalars(
        sa.insert(AssignmentParty).returning(AssignmentParty.id, sort_by_parameter_order=True),
        [
            {"assignment_id": one.assignment_id, "agency_id": one.agency_id, "kind": one.kind}
            for one in parties
        ],
    ).all()
    duties = [
        {"party_id": party_id, "duty_id": duty_id}
        for party_id, one in zip(ids, parties, strict=True)
        for duty_id in one.duties
    ]
    if duties:
        db.session.execute(sa.insert(PartyDuty), duties)
    return list(ids)


def default_targets(
    action: ActionItem, first_year: int, last_year: int, level: TargetLevel
) -> dict[tuple[int, int], Decimal]:
    """Return the plan's targets for an action and a level of task force, by (indicator id, year).

    This is the one place where an assignment's targets come from the plan.
    """
    return {
        (indicator.id, year): value
        for indicator in action.indicators
        for year, value in targets_for(indicator.targets, level).items()
        if first_year <= year <= last_year
    }


def add_targets(targets: Mapping[int, Mapping[tuple[int, int], Decimal]]) -> None:
    """Give new assignments their targets: by assignment id, then by (indicator id, year)."""
    rows = [
        {
            "assignment_id": assignment_id,
            "indicator_id": indicator_id,
            "year": year,
            "value": value,
        }
        for assignment_id, own in targets.items()
        for (indicator_id, year), value in own.items()
    ]
    if rows:
        db.session.execute(sa.insert(AssignmentTarget), rows)


def set_targets(assignment: Assignment, targets: Mapping[int, Decimal]) -> dict[int, str]:
    """Make `targets` this year's; one left out is "tanpa target". Return those that changed."""
    year = today().year
    known = {
        row.indicator_id: row
        for row in db.session.scalars(
            sa.select(AssignmentTarget).where(
                AssignmentTarget.assignment_id == assignment.id,
                AssignmentTarget.year == year,
                AssignmentTarget.period_id.is_(None),
            )
        )
    }
    own = {indicator.id for indicator in assignment.action_item.indicators}
    changed: dict[int, str] = {}
    for indicator_id in sorted(own):
        row, value = known.get(indicator_id), targets.get(indicator_id)
        if (row.value if row else None) == value:
            continue
        changed[indicator_id] = (
            f"{row.value if row else '-'} -> {value if value is not None else '-'}"
        )
        if value is None:
            if row is not None:
                db.session.delete(row)
        elif row is None:
            db.session.add(
                AssignmentTarget(
                    assignment_id=assignment.id, indicator_id=indicator_id, year=year, value=value
                )
            )
        else:
            row.value = value
    db.session.flush()
    return changed


def notify_party(
    party: AssignmentParty,
    assignment: Assignment,
    action: ActionItem,
    report_due_on: date | None = None,
) -> int:
    """Queue the mail about a new part to the party's focal point and alternate; return how many.

    `report_due_on`: the last day of the first report, if known.
    """
    force = db.session.get_one(TaskForce, assignment.task_force_id)
    count = 0
    for grant in contacts_of_agencies({party.agency_id}, today(force.zone))[party.agency_id]:
        notify(
            grant,
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
            thread=f"assignment-{assignment.public_id}",
        )
        count += 1
    return count
