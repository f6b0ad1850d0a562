"""How a ruling changes the mapping. Pure."""

from dataclasses import replace

from coordinator.mapping.answers.rules import Outcome
from coordinator.mapping.duties.limits import founded
from coordinator.mapping.duties.rules import (
    DECREE_KIND,
    BasisStatus,
    MembershipKind,
    StepHolding,
)
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
    reference. A decree (SK) gave it to the former agency and is no reference for the new one.
    Raises KeyError if the mapping has no such duty.
    """
    duty = next((part for part in mapping.duties if part.id == duty_id), None)
    if duty is None:
        raise KeyError(duty_id)
    if outcome is Outcome.STAYS:
        return mapping
    if outcome is Outcome.REWORDED:
        assert new_text is not None
        return _with_duty(mapping, replace(duty, text=new_text))
    agency, status = str(to_agency), BasisStatus.PROPOSAL
    decrees = {part.id for part in mapping.legal_instruments if part.kind == DECREE_KIND}
    articles = [one for one in duty.citations if one.instrument not in decrees]
    ruled = founded(
        replace(duty, agency=agency, status=status, source=SOURCE.id, citations=articles)
    )
    if outcome is Outcome.MOVED:
        mapping = _with_duty(mapping, ruled)
    else:
        # The agency that keeps the duty keeps the lead of its step as well.
        step_as = StepHolding.SUPPORT if ruled.step else None
        key = shared_id(mapping, duty_id, agency)
        shared = replace(ruled, id=key, lineage=None, step_as=step_as)
        mapping = replace(mapping, duties=[*mapping.duties, shared])
    return _with_member(_with_source(mapping), agency, duty.working_group)


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
    return replace(
        mapping, duties=[duty if part.id == duty.id else part for part in mapping.duties]
    )


def _with_source(mapping: Mapping) -> Mapping:
    if any(part.id == SOURCE.id for part in mapping.sources):
        return mapping
    return replace(mapping, sources=[*mapping.sources, SOURCE])


def _with_member(mapping: Mapping, agency: str, group: str) -> Mapping:
    if any(part.agency == agency and part.working_group == group for part in mapping.memberships):
        return mapping
    member = MembershipPart(
        agency=agency,
        working_group=group,
        as_=MembershipKind.MEMBER,
        status=BasisStatus.PROPOSAL,
        source=SOURCE.id,
    )
    return replace(mapping, memberships=[*mapping.memberships, member])
