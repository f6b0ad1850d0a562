""" "Mengapa ini tugas saya?": what an agency's part in an assignment rests on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.mapping.duties import queries as duty_queries
from coordinator.mapping.duties.queries import AgencyName
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency
from coordinator.people.directory.queries import PrintedLetterhead
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions.rules import PartyKind, PlanStatus


class _Duty(Protocol):
    """A duty's wording, as a row or as an entity; the macros read more of it."""

    @property
    def evidence(self) -> list[str]: ...


class _Instrument(Protocol):
    """What amended a law, as a row or as an entity."""

    @property
    def short(self) -> str: ...


@dataclass(frozen=True, slots=True)
class AssignmentReason:
    """Duty, article, pokja, plan item, the letter or meeting, the proof, and whom to ask."""

    agency: Agency | AgencyName
    is_lead: bool
    lead: str
    duties: Sequence[_Duty]
    amendments: Mapping[int, Sequence[_Instrument]]
    code: str  # of the plan's item
    plan_title: str
    is_draft: bool  # the plan is not enacted
    basis_reference: str
    basis_on: date
    letterhead: PrintedLetterhead | None

    @property
    def evidence(self) -> tuple[str, ...]:
        """What counts as proof, over all its duties."""
        return tuple(dict.fromkeys(line for duty in self.duties for line in duty.evidence))


def why(
    viewer: Viewer,
    assignment: Assignment,
    parties: Iterable[AssignmentParty],
    *,
    called: Callable[[int], AgencyName] | None = None,
) -> list[AssignmentReason]:
    """Return what each of these parties' part is based on, the lead's first.

    `assignment` is one the caller knows the viewer may see; an agency's people only get their own
    agency's part. `called` gives an agency's name in a period, by id, for pages about a period.
    """
    shown = [
        party
        for party in sorted(parties, key=lambda one: (one.kind is not PartyKind.LEAD, one.id))
        if viewer.may(Permission.SEE_ASSIGNMENTS) or party.agency_id == viewer.own_agency_id
    ]
    duty_ids = {link.duty_id for party in shown for link in party.duties}
    duties = duty_queries.duties_by_id(duty_ids)
    amendments = duty_queries.amendments()
    force = directory.task_force(viewer)
    letterhead = directory.letterhead(force) if force else None
    lead = assignment.lead.agency
    action = assignment.action_item
    return [
        AssignmentReason(
            agency=called(party.agency_id) if called else party.agency,
            is_lead=party.kind is PartyKind.LEAD,
            lead=(called(lead.id) if called else lead).abbreviation,
            duties=tuple(
                duty for duty in duties if duty.duty_id in {link.duty_id for link in party.duties}
            ),
            amendments=amendments,
            code=action.code,
            plan_title=action.plan.title,
            is_draft=action.plan.status is PlanStatus.DRAFT,
            basis_reference=assignment.basis_reference,
            basis_on=assignment.basis_on,
            letterhead=letterhead,
        )
        for party in shown
    ]
