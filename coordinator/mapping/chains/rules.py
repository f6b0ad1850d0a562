"""Who holds which step of the chain, pokja by pokja, and what is missing. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from coordinator.mapping.duties.rules import (
    ChainStep,
    LimitBound,
    LimitUnit,
    StepHolding,
    TextStatement,
)


@dataclass(frozen=True, slots=True)
class StepLimit:
    """A limit with what it rests on: an article as law, or else the source of a model. `text` is
    the duty's, which says from when it runs; `is_decreed`: a decree (SK) set the duty."""

    value: int
    unit: LimitUnit
    at: LimitBound
    law: str | None
    source: str | None
    text: str = ""
    is_decreed: bool = False


@dataclass(frozen=True, slots=True)
class LimitBasis:
    """What is known of the article of a limit: its note, what amended the instrument, and whether
    it was compared with the text."""

    note: str | None = None
    amended_by: tuple[str, ...] = ()
    statement: TextStatement | None = None


@dataclass(frozen=True, slots=True)
class StepHolder:
    """An agency in a step; `is_proposal` where no text or decree assigns it anything there."""

    agency_id: int
    name: str
    slug: str
    is_proposal: bool


@dataclass(frozen=True, slots=True)
class StepDuty:
    """A duty that is a step of the chain."""

    group_id: int
    step: ChainStep
    holding: StepHolding
    holder: StepHolder
    text: str
    limit: StepLimit | None = None
    basis: LimitBasis | None = None


@dataclass(frozen=True, slots=True)
class ChainGroup:
    """A pokja."""

    id: int
    key: str
    numeral: str
    short: str


class HeldState(StrEnum):
    """How a step is held in one pokja."""

    HELD = auto()  # by one lead
    LED_ELSEWHERE = auto()  # supported here, led in another pokja
    ELSEWHERE = auto()  # nobody here, somebody in another pokja
    TWO_LEADS = auto()
    NO_LEAD = auto()  # supported here, led in no pokja
    NOBODY = auto()  # in no pokja


LACKING = frozenset({HeldState.TWO_LEADS, HeldState.NO_LEAD, HeldState.NOBODY})


@dataclass(frozen=True, slots=True)
class GroupHolders:
    """Who holds a step in a pokja, each by name."""

    group: ChainGroup
    leads: tuple[StepHolder, ...] = ()
    supports: tuple[StepHolder, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether nobody does."""
        return not self.leads and not self.supports


@dataclass(frozen=True, slots=True)
class ChainLink:
    """A step in a pokja, with the pokja where else it is held."""

    step: ChainStep
    state: HeldState
    here: GroupHolders
    elsewhere: tuple[GroupHolders, ...]
    limits: tuple[StepLimit, ...]

    @property
    def lacks(self) -> bool:
        """Return whether something is missing or twice there."""
        return self.state in LACKING


@dataclass(frozen=True, slots=True)
class GroupChain:
    """The five steps in a pokja."""

    group: ChainGroup
    links: tuple[ChainLink, ...]

    @property
    def is_empty(self) -> bool:
        """Return whether no agency of the pokja holds a step."""
        return all(link.here.is_empty for link in self.links)


@dataclass(frozen=True, slots=True)
class ChainGap:
    """What the chain lacks. `groups` are the pokja concerned; none where it is all of them."""

    step: ChainStep
    state: HeldState
    groups: tuple[ChainGroup, ...]


def chains(groups: Sequence[ChainGroup], duties: Iterable[StepDuty]) -> list[GroupChain]:
    """Return the chain of each pokja."""
    known = list(duties)
    held = {(group.id, step): holders(group, step, known) for group in groups for step in ChainStep}
    limits = {
        (group.id, step): tuple(
            dict.fromkeys(
                one.limit
                for one in known
                if (one.group_id, one.step) == (group.id, step) and one.limit is not None
            )
        )
        for group in groups
        for step in ChainStep
    }
    return [
        GroupChain(
            group,
            tuple(
                _link(
                    step,
                    held[group.id, step],
                    [held[other.id, step] for other in groups if other.id != group.id],
                    limits[group.id, step],
                )
                for step in ChainStep
            ),
        )
        for group in groups
    ]


def holders(group: ChainGroup, step: ChainStep, duties: Iterable[StepDuty]) -> GroupHolders:
    """Return who holds a step in a pokja: an agency once, as lead if any of its duties says so."""
    own: dict[int, list[StepDuty]] = {}
    for one in duties:
        if (one.group_id, one.step) == (group.id, step):
            own.setdefault(one.holder.agency_id, []).append(one)
    leads: list[StepHolder] = []
    supports: list[StepHolder] = []
    for parts in own.values():
        first = parts[0].holder
        leading = [part for part in parts if part.holding is StepHolding.LEAD]
        is_lead = bool(leading)
        holder = StepHolder(
            first.agency_id,
            first.name,
            first.slug,
            all(part.holder.is_proposal for part in leading or parts),
        )
        (leads if is_lead else supports).append(holder)
    return GroupHolders(group, _by_name(leads), _by_name(supports))


def _by_name(holders: Iterable[StepHolder]) -> tuple[StepHolder, ...]:
    return tuple(sorted(holders, key=lambda one: one.name.casefold()))


def _link(
    step: ChainStep,
    here: GroupHolders,
    others: Sequence[GroupHolders],
    limits: tuple[StepLimit, ...],
) -> ChainLink:
    elsewhere = tuple(one for one in others if not one.is_empty)
    led_elsewhere = any(one.leads for one in elsewhere)
    if len(here.leads) > 1:
        state = HeldState.TWO_LEADS
    elif here.leads:
        state = HeldState.HELD
    elif here.supports:
        state = HeldState.LED_ELSEWHERE if led_elsewhere else HeldState.NO_LEAD
    else:
        state = HeldState.ELSEWHERE if elsewhere else HeldState.NOBODY
    return ChainLink(step, state, here, elsewhere, limits)


def gaps(shown: Sequence[GroupChain]) -> list[ChainGap]:
    """Return what lacks in the chains that are shown, in the order of the steps: a step that nobody
    holds or leads is said once, two leads in each pokja where they are."""
    found = []
    for place, step in enumerate(ChainStep):
        links = [(chain.group, chain.links[place]) for chain in shown]
        if any(link.state is HeldState.NOBODY for _group, link in links):
            found.append(ChainGap(step, HeldState.NOBODY, ()))
        leaderless = tuple(group for group, link in links if link.state is HeldState.NO_LEAD)
        if leaderless:
            found.append(ChainGap(step, HeldState.NO_LEAD, leaderless))
        found += [
            ChainGap(step, HeldState.TWO_LEADS, (group,))
            for group, link in links
            if link.state is HeldState.TWO_LEADS
        ]
    return found
