"""Whom a campaign asks, and when its steps fall due. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from coordinator.mapping.answers.rules import AnswerState, DutyStanding
from coordinator.people.directory.ladder_rules import steps_due


class CampaignScope(StrEnum):
    """Which agencies with duties to answer are asked."""

    ALL = auto()
    GROUP = auto()
    SILENT = auto()  # they have answered nothing so far
    CHANGED = auto()  # duties of theirs are new or changed since their first answers
    CONFIRM = auto()  # duties changed, or another head holds office since the answer


class CampaignStep(StrEnum):
    """The first mail of a campaign and the steps of its ladder."""

    OPENING = auto()
    WEEK_BEFORE = auto()
    DAY_BEFORE = auto()
    AFTER = auto()


# Calendar days from the day by which answers are asked. The installation's own: no text sets any.
OFFSETS = {CampaignStep.WEEK_BEFORE: -7, CampaignStep.DAY_BEFORE: -1, CampaignStep.AFTER: 3}
STEPS = {offset: step for step, offset in OFFSETS.items()}


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """How many duties are in which state."""

    open: int = 0
    answered: int = 0
    questioned: int = 0
    refused: int = 0

    @property
    def total(self) -> int:
        """Return how many duties there are."""
        return self.open + self.answered + self.questioned + self.refused

    @property
    def said(self) -> int:
        """Return how many duties have an answer of any kind."""
        return self.total - self.open


def counted(standings: Iterable[DutyStanding]) -> AnswerCounts:
    """Return the counts of duties."""
    states = [one.state for one in standings]
    return AnswerCounts(
        open=states.count(AnswerState.OPEN),
        answered=states.count(AnswerState.ANSWERED),
        questioned=states.count(AnswerState.QUESTIONED),
        refused=states.count(AnswerState.REFUSED),
    )


def by_agency(standings: Iterable[DutyStanding]) -> dict[int, list[DutyStanding]]:
    """Return the duties of each agency."""
    found: dict[int, list[DutyStanding]] = defaultdict(list)
    for one in standings:
        found[one.agency_id].append(one)
    return dict(found)


def asked(
    standings: Iterable[DutyStanding], scope: CampaignScope, working_group_id: int | None
) -> set[int]:
    """Return the agencies that a campaign would ask: those with an open duty, as `scope` says.

    An agency whose duties are all answered and unchanged is never among them.
    """
    found = set()
    for agency_id, duties in by_agency(standings).items():
        is_open = [one for one in duties if one.state is AnswerState.OPEN]
        if scope is CampaignScope.GROUP:
            is_open = [one for one in is_open if one.working_group_id == working_group_id]
        elif scope is CampaignScope.SILENT and len(is_open) < len(duties):
            is_open = []
        elif scope is CampaignScope.CHANGED:
            is_open = [one for one in is_open if one.substance_since > 1]
        if is_open:
            found.add(agency_id)
    return found


@dataclass(frozen=True, slots=True)
class HeadAppointment:
    """An access as head of an agency, from a day on; `is_held` where it holds now."""

    account_id: int
    from_on: date
    is_held: bool


def head_since(appointments: Sequence[HeadAppointment]) -> date | None:
    """Return the day since which the present head of an agency is its head, None without one.

    `appointments` are in order. Those of the same account without another's in between are one.
    """
    present = max((n for n, one in enumerate(appointments) if one.is_held), default=-1)
    if present < 0:
        return None
    first = present
    while first > 0 and appointments[first - 1].account_id == appointments[present].account_id:
        first -= 1
    return appointments[first].from_on


def ladder_steps(
    target_on: date,
    *,
    on: date,
    since: date,
    sent: Collection[CampaignStep],
    days_off: Collection[date],
) -> list[CampaignStep]:
    """Return the steps of a campaign's ladder that are due on the day `on`, the earliest first.

    `since` is the day the campaign began, or the person's access if that was later. The last of
    the list is sent; those before it were missed.
    """
    done = [OFFSETS[step] for step in sent if step in OFFSETS]
    due = steps_due(target_on, OFFSETS.values(), on=on, since=since, sent=done, days_off=days_off)
    return [STEPS[offset] for offset in due]
