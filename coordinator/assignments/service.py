"""Giving work: an action item to exactly one lead and any supporters."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from coordinator.accounts.queries import contacts_of_agencies
from coordinator.assignments import emails
from coordinator.assignments.models import (
    Assignment,
    AssignmentParty,
    AssignmentTarget,
    PartyDuty,
)
from coordinator.assignments.rules import BasisKind
from coordinator.audit.service import record
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.directory.models import Agency, TaskForce
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.mail.service import GRACE, queue_email
from coordinator.permissions import Permission, Viewer
from coordinator.plan import queries as plan
from coordinator.plan.models import ActionItem
from coordinator.plan.rules import PartyKind, targets_for
from coordinator.roles.models import Duty, DutyRevision, WorkingGroup


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
    _require_dates(new, by)
    held = db.session.scalar(
        sa.select(Assignment.id).where(
            Assignment.task_force_id == by.own_task_force_id,
            Assignment.action_item_id == action.id,
            Assignment.closed_at.is_(None),
        )
    )
    if held is not None:
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


def _require_dates(new: NewAssignment, by: Viewer) -> None:
    on = today(by.zone)
    if new.basis_on > on:
        raise InvalidInput({"basis_on": _("Tanggal dasar penugasan belum terjadi.")})
    if new.due_on < on:
        raise InvalidInput({"due_on": _("Batas waktu sudah lewat.")})


def _add_parties(assignment: Assignment, action: ActionItem, agencies: list[Agency]) -> None:
    """Add the parties, each with the duties of its agency that the action carries out."""
    keys = [link.duty_key for link in action.duties]
    behind = db.session.execute(
        sa.select(DutyRevision.agency_id, Duty.id)
        .join(Duty, Duty.id == DutyRevision.duty_id)
        .where(
            Duty.task_force_id == assignment.task_force_id,
            Duty.key.in_(keys),
            DutyRevision.until.is_(None),
        )
    ).all()
    for place, agency in enumerate(agencies):
        party = AssignmentParty(
            assignment_id=assignment.id,
            agency_id=agency.id,
            kind=PartyKind.LEAD if place == 0 else PartyKind.SUPPORT,
        )
        db.session.add(party)
        db.session.flush()
        db.session.add_all(
            PartyDuty(party_id=party.id, duty_id=duty_id)
            for agency_id, duty_id in behind
            if agency_id == agency.id
        )
    db.session.flush()
    db.session.refresh(assignment, ["parties"])


def _add_targets(assignment: Assignment, action: ActionItem, new: NewAssignment) -> None:
    year = today().year
    targets = {(indicator_id, year): value for indicator_id, value in new.targets.items()}
    level = plan.level_of(assignment.task_force_id)
    for indicator in action.indicators:
        for target_year, value in targets_for(indicator.targets, level).items():
            if year < target_year <= new.due_on.year:
                targets[indicator.id, target_year] = value
    db.session.add_all(
        AssignmentTarget(
            assignment_id=assignment.id, indicator_id=indicator_id, year=target_year, value=value
        )
        for (indicator_id, target_year), value in targets.items()
    )


def _notify(assignment: Assignment, action: ActionItem) -> None:
    contacts = contacts_of_agencies({p.agency_id for p in assignment.parties}, today())
    force = db.session.get_one(TaskForce, assignment.task_force_id)
    for party in assignment.parties:
        for grant in contacts[party.agency_id]:
            queue_email(
                emails.assigned(
                    party=party,
                    assignment=assignment,
                    action=action,
                    force=force,
                    is_sample=grant.account.is_sample,
                ),
                key=f"assigned:{assignment.public_id}:{party.id}:{grant.account_id}",
                kind="assigned",
                to_address=grant.account.mail_address,
                account_id=grant.account_id,
                task_force_id=assignment.task_force_id,
                thread=f"assignment-{assignment.public_id}",
                not_before=now() + GRACE,
            )
