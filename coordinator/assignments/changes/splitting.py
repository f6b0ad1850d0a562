"""Dividing an assignment between several leads. See docs/decisions/0011-parts-of-an-item.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from coordinator import screening
from coordinator.assignments import queries as assignments
from coordinator.assignments.changes.changes import (
    ChangeRequest,
    add_change,
    duties_of,
    first_due,
    forget_mail,
    last_due,
    load_for_change,
    notify_parties,
)
from coordinator.assignments.changes.emails import ChangeNotice
from coordinator.assignments.changes.models import BasisFile
from coordinator.assignments.models import (
    Assignment,
)
from coordinator.assignments.obligations.reassignment import end_party
from coordinator.assignments.obligations.rules import ObligationEnd
from coordinator.assignments.obligations.service import create_obligations
from coordinator.assignments.rules import (
    MOST_PARTS,
    ChangeKind,
)
from coordinator.assignments.service import (
    NewParty,
    add_parties,
    agency_to_give,
    notify_party,
    set_targets,
)
from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import InvalidInput
from coordinator.people.directory.models import Agency
from coordinator.permissions import Viewer
from coordinator.plans.actions.rules import PartyKind
from coordinator.platform.audit.service import record
from coordinator.reporting.reports.obligation_states import unsent_obligations
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class SplitPart:
    """A new part of a split item: its label, its lead, its share of this year's targets."""

    label: str
    lead: str
    targets: Mapping[int, Decimal] = field(default_factory=dict)


@transactional
def split(
    public_id: str,
    *,
    label: str,
    own_targets: Mapping[int, Decimal],
    parts: Sequence[SplitPart],
    request: ChangeRequest,
    by: Viewer,
) -> list[Assignment]:
    """Divide an assignment into parts; return all of them.

    It becomes the part `label`, with its lead and history; each of `parts` becomes an assignment of
    its own, on the same basis and due date. A lead that supported the whole supports it no longer:
    it has its own part now. Raises NotAllowed, NotFound, InvalidInput, Conflict.
    """
    assignment, is_done = load_for_change(public_id, request, by)
    if is_done:
        return [assignment, *assignments.siblings(assignment)]
    on = today(by.zone)
    leads = _checked_parts(assignment, label, parts, by)
    # Where the lead reported the whole already, the new parts are asked from the next period on.
    unsent = unsent_obligations(assignment, on)
    running = [one.period for one in unsent.get(assignment.lead.id, ())]
    earliest = first_due(on)
    made = [assignment]
    assignment.part = label.strip()
    assignment.version += 1
    set_targets(assignment, own_targets)
    db.session.flush()
    told: dict[int, ChangeNotice] = {assignment.lead.agency_id: ChangeNotice.SPLIT}
    for part, lead in zip(parts, leads, strict=True):
        supporter = assignment.party_of(lead)
        if supporter is not None:
            end_party(supporter, unsent, ObligationEnd.TRANSFERRED)
            forget_mail(supporter)
        one = _new_part(assignment, part, lead, by)
        db.session.flush()
        notify_party(
            one.lead,
            one,
            assignment.action_item,
            last_due(running, earliest),
        )
        create_obligations(running, Assignment.id == one.id, not_before=earliest)
        made.append(one)
    change = add_change(assignment, ChangeKind.SPLIT, request, by)
    for one in made[1:]:
        add_change(
            one, ChangeKind.SPLIT, request, by, agency_id=assignment.lead.agency_id, first=False
        )
    db.session.refresh(assignment, ["parties", "targets"])
    told |= {
        party.agency_id: ChangeNotice.SPLIT
        for party in assignment.active_parties
        if party.kind is PartyKind.SUPPORT
    }
    notify_parties(assignment, change, told, on)
    for one in made[1:]:
        record(
            "assignment.made_by_split",
            by=by,
            subject=("assignment", one.public_id),
            agency_id=one.lead.agency_id,
            origin=assignment.public_id,
        )
    record(
        "assignment.split",
        by=by,
        subject=("assignment", assignment.public_id),
        parts=[one.public_id for one in made[1:]],
    )
    return made


def _checked_parts(  # noqa: C901
    assignment: Assignment, label: str, parts: Sequence[SplitPart], by: Viewer
) -> list[Agency]:
    """Return the leads of new parts. Raises InvalidInput: `label`, `label-0`, `lead-0`."""
    problems: dict[str, str] = {}
    others = assignments.siblings(assignment)
    if not parts:
        problems["label-0"] = _("Isi paling sedikit satu bagian baru")
    if len(parts) + 1 + len(others) > MOST_PARTS:
        problems["label-0"] = _("Paling banyak %(n)s bagian", n=MOST_PARTS)
    labels = {other.part.casefold() for other in others}
    for name, text in [("label", label), *((f"label-{n}", p.label) for n, p in enumerate(parts))]:
        text = text.strip()
        if not text:
            problems[name] = _("Beri nama bagian ini")
        elif len(text) > 80:
            problems[name] = _("Paling panjang 80 karakter.")
        elif screening.blocks(text):
            problems[name] = _("Ada angka seperti NIK di sini. Hapus angka itu.")
        elif text.casefold() in labels:
            problems[name] = _("Nama bagian ini sudah dipakai")
        labels.add(text.casefold())
    taken = {assignment.lead.agency_id} | {
        party.agency_id for other in others for party in other.active_parties
    }
    leads = []
    for place, part in enumerate(parts):
        name = f"lead-{place}"
        try:
            lead = agency_to_give(part.lead, by, name)
        except InvalidInput as error:
            problems |= error.fields
            continue
        if lead.id in taken:
            problems[name] = _("Instansi ini sudah ditugasi bagian lain")
        taken.add(lead.id)
        leads.append(lead)
    if problems:
        raise InvalidInput(problems)
    return leads


def _new_part(origin: Assignment, part: SplitPart, lead: Agency, by: Viewer) -> Assignment:
    one = Assignment(
        task_force_id=origin.task_force_id,
        action_item_id=origin.action_item_id,
        working_group_id=origin.working_group_id,
        part=part.label.strip(),
        basis_kind=origin.basis_kind,
        basis_reference=origin.basis_reference,
        basis_on=origin.basis_on,
        due_on=origin.due_on,
        note=origin.note,
        reported_in=origin.reported_in,
        report_months=origin.report_months,
        assigned_by_id=by.account_id,
        assigned_at=now(),
        is_sample=origin.is_sample,
    )
    db.session.add(one)
    db.session.flush()
    add_parties([NewParty(one.id, lead.id, PartyKind.LEAD, duties_of(origin, lead))])
    set_targets(one, part.targets)
    if (file := db.session.get(BasisFile, origin.id)) is not None:
        db.session.add(BasisFile(assignment_id=one.id, file_id=file.file_id, name=file.name))
    return one
