"""The steps that one agency holds, and from whom to whom they pass. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from coordinator.mapping.chains.rules import ChainGroup, StepDuty, StepLimit, holders
from coordinator.mapping.duties.rules import ChainStep, StepHolding


@dataclass(frozen=True, slots=True)
class StepSide:
    """The step before or after: who leads it, by name and pokja. `is_own`: the agency itself."""

    step: ChainStep
    leads: tuple[tuple[str, str], ...]
    is_own: bool


@dataclass(frozen=True, slots=True)
class OwnStep:
    """A step that an agency holds, with whom it hands over."""

    step: ChainStep
    holding: StepHolding
    groups: tuple[ChainGroup, ...]
    limits: tuple[StepLimit, ...]
    before: StepSide | None
    after: StepSide | None


def own_steps(
    groups: Sequence[ChainGroup], duties: Sequence[StepDuty], agency_id: int
) -> list[OwnStep]:
    """Return the steps of an agency in order; in all pokja together, each once."""
    order = list(ChainStep)
    found = []
    for place, step in enumerate(order):
        own = [one for one in duties if (one.step, one.holder.agency_id) == (step, agency_id)]
        places = tuple(group for group in groups if any(one.group_id == group.id for one in own))
        if not places:
            continue
        is_lead = any(one.holding is StepHolding.LEAD for one in own)
        limits = dict.fromkeys(one.limit for one in own if one.limit is not None)
        found.append(
            OwnStep(
                step,
                StepHolding.LEAD if is_lead else StepHolding.SUPPORT,
                places,
                tuple(limits),
                _side(order[place - 1], places, groups, duties, agency_id) if place else None,
                _side(order[place + 1], places, groups, duties, agency_id)
                if place + 1 < len(order)
                else None,
            )
        )
    return found


def _side(
    step: ChainStep,
    places: Sequence[ChainGroup],
    groups: Sequence[ChainGroup],
    duties: Sequence[StepDuty],
    agency_id: int,
) -> StepSide:
    """Return who leads a step: in the agency's own pokja if anybody does there, else anywhere."""
    held = [holders(group, step, duties) for group in groups]
    near = [one for one in held if one.leads and one.group in places]
    far = [one for one in held if one.leads]
    leads = [(holder, one.group) for one in near or far for holder in one.leads]
    return StepSide(
        step,
        tuple((holder.name, group.numeral) for holder, group in leads),
        any(holder.agency_id == agency_id for holder, _group in leads),
    )
