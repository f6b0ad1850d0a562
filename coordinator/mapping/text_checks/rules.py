"""The steps of checking texts: one article as it is cited, with all that rests on it. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from coordinator.mapping.duties.rules import TextVerdict
from coordinator.mapping.duties.text_rules import CitedWords
from coordinator.mapping.text_checks.citation_rules import article_order

LONGEST_TEXT = 600_000  # characters of a pasted law; the longest with its annexes
LONGEST_QUOTE = 10_000
LONGEST_REMARK = 1000


class StepState(StrEnum):
    """What is known of a citation; the values are those of the filter in the address."""

    OPEN = "belum"
    AGREES = "sesuai"
    DIFFERS = "tidak-sesuai"
    DOUBTFUL = "ragu"


STATES = {
    TextVerdict.AGREES: StepState.AGREES,
    TextVerdict.DIFFERS: StepState.DIFFERS,
    TextVerdict.DOUBTFUL: StepState.DOUBTFUL,
}


@dataclass(frozen=True, slots=True)
class CheckFilter:
    """What the address narrows the list to; empty values narrow nothing."""

    instrument: str = ""
    state: StepState | None = None


@dataclass(frozen=True, slots=True)
class CheckStep:
    """An article as it is cited, with every duty and membership that cites it so."""

    id: str
    instrument_id: int
    instrument_key: str
    instrument: str
    article: str
    items: tuple[CitedWords, ...]

    @property
    def states(self) -> frozenset[StepState]:
        """Return the states of its citations."""
        return frozenset(state_of(one) for one in self.items)

    @property
    def is_open(self) -> bool:
        """Return whether one of its citations was not compared yet."""
        return StepState.OPEN in self.states

    @property
    def subjects(self) -> tuple[CitedWords, ...]:
        """Return its citations, once where the same words cite the article twice."""
        return tuple({one.subject: one for one in self.items}.values())

    @property
    def newest_check(self) -> int:
        """Return the id of the newest check of its citations, 0 where there is none."""
        return max((one.check.id for one in self.items if one.check is not None), default=0)

    @property
    def agencies(self) -> tuple[str, ...]:
        """Return the agencies whose words cite it, each once."""
        return tuple(dict.fromkeys(one.agency for one in self.items))

    @property
    def quote(self) -> str:
        """Return the words that were quoted when it was last checked."""
        checks = [one.check for one in self.items if one.check is not None]
        return (max(checks, key=lambda one: one.id).quote or "") if checks else ""


@dataclass(frozen=True, slots=True)
class CheckProgress:
    """How many citations there are, and what is known of how many."""

    total: int
    compared: int
    differs: int
    doubtful: int

    @property
    def percent(self) -> int:
        """Return the share that was compared."""
        return self.compared * 100 // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class StepPlace:
    """Where a step is among those of the filter; ids of its neighbours, None at the ends."""

    position: int
    total: int
    previous: str | None
    following: str | None
    next_open: str | None


def state_of(one: CitedWords) -> StepState:
    """Return what is known of a citation."""
    return STATES[one.statement.verdict] if one.statement is not None else StepState.OPEN


def steps_of(words: Iterable[CitedWords]) -> list[CheckStep]:
    """Return the steps of citations that are ordered by instrument: by instrument, then article."""

    def key(one: CitedWords) -> tuple[int, tuple[int, str], str]:
        return one.instrument_id, article_order(one.article), _folded(one.article)

    found = []
    for _key, group in groupby(sorted(words, key=key), key=key):
        items = tuple(group)
        first = items[0]
        name = f"{first.instrument_id}:{_folded(first.article)}"
        found.append(
            CheckStep(
                id=hashlib.sha256(name.encode()).hexdigest()[:12],
                instrument_id=first.instrument_id,
                instrument_key=first.instrument_key,
                instrument=first.instrument,
                article=first.article,
                items=items,
            )
        )
    return found


def _folded(article: str) -> str:
    return "".join(article.split()).casefold()


def wanted_steps(steps: Sequence[CheckStep], asked: CheckFilter) -> list[CheckStep]:
    """Return the steps that a filter leaves: those with a citation in its state."""
    return [
        one
        for one in steps
        if asked.instrument in ("", one.instrument_key)
        and (asked.state is None or asked.state in one.states)
    ]


def progress_of(steps: Iterable[CheckStep]) -> CheckProgress:
    """Count the citations of some steps."""
    states = [state_of(one) for step in steps for one in step.items]
    return CheckProgress(
        total=len(states),
        compared=len(states) - states.count(StepState.OPEN),
        differs=states.count(StepState.DIFFERS),
        doubtful=states.count(StepState.DOUBTFUL),
    )


def place_of(step_id: str, steps: Sequence[CheckStep], asked: CheckFilter) -> StepPlace:
    """Return where a step is among those of a filter.

    A step that has left the filter (it was just checked) still has its neighbours there. After the
    last open one comes the first that is open.
    """
    wanted = {one.id for one in wanted_steps(steps, asked)}
    ids = [one.id for one in steps if one.id in wanted or one.id == step_id]
    at = ids.index(step_id)
    opens = {one.id for one in steps if one.is_open} & wanted
    upcoming = [one for one in [*ids[at + 1 :], *ids[:at]] if one in opens]
    return StepPlace(
        position=at + 1 if step_id in wanted else 0,
        total=len(wanted),
        previous=ids[at - 1] if at else None,
        following=ids[at + 1] if at + 1 < len(ids) else None,
        next_open=upcoming[0] if upcoming else None,
    )
