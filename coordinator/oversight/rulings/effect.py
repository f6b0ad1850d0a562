"""How a ruling changes the mapping. Pure."""

from coordinator.mapping.answers.rules import Outcome
from coordinator.mapping.duties.rules import BasisStatus, MembershipKind
from coordinator.mapping.duties.seed import DutyPart, Mapping, MembershipPart, SourcePart

SOURCE = SourcePart(
    id="ketetapan-sekretariat",
    label="Ketetapan sekretariat",
    note="Diputuskan sekretariat atas pertanyaan instansi; belum ditetapkan dengan SK.",
)


def ruled_mapping(
    mapping: Mapping,
    duty_id: str,
    outcome: Outcome,
    *,
    to_agency: str | None = None,
    new_text: str | None = None,
) -> Mapping:
    """Return the mapping after a ruling on the duty `duty_id`.

    A duty that a ruling moves to another agency is based on the ruling alone, regardless of its
    former basis: its status is `proposal` with that source, its articles stay as a general
    reference. Raises KeyError if the mapping has no such duty.
    """
    duty = next((part for part in mapping.duties if part.id == duty_id), None)
    if duty is None:
        raise KeyError(duty_id)
    if outcome is Outcome.STAYS:
        return mapping
    if outcome is Outcome.REWORDED:
        return _with_duty(mapping, duty.model_copy(update={"text": new_text}))
    ruled = {"agency": to_agency, "status": BasisStatus.PROPOSAL, "source": SOURCE.id}
    if outcome is Outcome.MOVED:
        mapping = _with_duty(mapping, duty.model_copy(update=ruled))
    else:
        shared = duty.model_copy(
            update={**ruled, "id": shared_id(mapping, duty_id, str(to_agency)), "lineage": None}
        )
        mapping = mapping.model_copy(update={"duties": [*mapping.duties, shared]})
    return _with_member(_with_source(mapping), str(to_agency), duty.working_group)


def shared_id(mapping: Mapping, duty_id: str, agency: str) -> str:
    """Return a free id for an agency's copy of a shared duty."""
    taken = {part.id for part in mapping.duties}
    stem = f"{duty_id}-{agency}"[:110].rstrip("-")
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


def _with_duty(mapping: Mapping, duty: DutyPart) -> Mapping:
    return mapping.model_copy(
        update={"duties": [duty if part.id == duty.id else part for part in mapping.duties]}
    )


def _with_source(mapping: Mapping) -> Mapping:
    if any(part.id == SOURCE.id for part in mapping.sources):
        return mapping
    return mapping.model_copy(update={"sources": [*mapping.sources, SOURCE]})


def _with_member(mapping: Mapping, agency: str, group: str) -> Mapping:
    if any(part.agency == agency and part.working_group == group for part in mapping.memberships):
        return mapping
    member = MembershipPart.model_validate(
        {
            "agency": agency,
            "working_group": group,
            "as": MembershipKind.MEMBER,
            "status": BasisStatus.PROPOSAL,
            "source": SOURCE.id,
        }
    )
    return mapping.model_copy(update={"memberships": [*mapping.memberships, member]})
