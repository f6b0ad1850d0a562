"""Finding an action and an indicator again in the plan that is in force."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from rapidfuzz import fuzz

from coordinator.plans.actions.seed import ActionPart, IndicatorPart, PlanFile
from coordinator.plans.reading.columns import folded
from coordinator.platform.yaml_files import shown

SAME_CODE_ALIKE = 60
ALIKE = 65  # of titles that may mean one action


@dataclass(frozen=True, slots=True)
class Match:
    """The action found, or None; `note` says what a person should look at."""

    action: ActionPart | None
    note: str = ""


class BaseActions:
    """The actions of the plan in force, each found at most once."""

    def __init__(self, base: PlanFile | None, in_use: Collection[str] = ()) -> None:
        """`in_use`: the ids of actions and indicators that work rests on."""
        actions = base.actions if base else []
        self.in_use = frozenset(in_use)
        self._rows: list[tuple[str, str]] = []  # folded title and code of every row without an id
        self._times: Counter[str] = Counter()  # how many rows have a title
        self._expected: set[str] | None = None
        self._named: set[str] = set()  # the ids that rows say
        self._by_key = {action.id: action for action in actions}
        self._by_code = {action.code: action for action in actions}
        self._folds = {action.id: folded(action.title) for action in actions}
        self._by_title: dict[str, ActionPart | None] = {}
        for action in actions:
            fold = folded(action.title)
            # Two of one title: neither is found by it.
            self._by_title[fold] = None if fold in self._by_title else action
        self._indicators = {part.id for action in actions for part in action.indicators}
        self._found: set[str] = set()
        self.agency_keys = {
            key for action in actions for key in (action.lead, *action.support) if key
        }
        self.group_keys = {action.working_group for action in actions}

    def has(self, key: str) -> bool:
        """Whether an action of the plan in force has this id."""
        return key in self._by_key

    def has_indicator(self, key: str) -> bool:
        """Whether an indicator of the plan in force has this id."""
        return key in self._indicators

    def code_of(self, title: str) -> str:
        """Return the code of the action with this title, "" where none or several have it."""
        found = self._by_title.get(folded(title))
        return found.code if found else ""

    def expect(self, key: str | None, title: str, code: str) -> None:
        """Note a row of the file: the action with its id, or else its title, is kept for it."""
        if key:
            self._named.add(key)
        else:
            self._rows.append((folded(title), code))
            self._times[folded(title)] += 1

    @property
    def _kept(self) -> set[str]:
        """The actions that rows say themselves, once every row of the file is noted."""
        if self._expected is None:
            said = (self._titled(fold, code) for fold, code in self._rows)
            self._expected = self._named | {action.id for action in said if action is not None}
        return self._expected

    def _titled(self, fold: str, code: str) -> ActionPart | None:
        """Return the action that a row says by its title. Of rows with one title only the one with
        the action's code says it."""
        found = self._by_title.get(fold)
        return None if found is None or (self._times[fold] > 1 and found.code != code) else found

    def is_sure(self, key: str | None, title: str, code: str) -> bool:
        """Return whether a row says itself which action it is: by its id, or by its title."""
        found = self._titled(folded(title), code)
        return key is not None or (found is not None and found.id not in self._found)

    def alike(self, title: str, code: str) -> list[tuple[ActionPart, int]]:
        """Return the actions in use that a row may go on with, the likeliest first, each with how
        alike the titles are (0-100). None that another row says by its title or has taken."""
        found = [
            (action, self._likeness(action, folded(title)))
            for action in self._by_key.values()
            if action.id in self.in_use and action.id not in self._kept | self._found
        ]
        likely = [one for one in found if one[1] >= ALIKE or one[0].code == code]
        return sorted(likely, key=lambda one: (-one[1], one[0].code != code, one[0].code))

    def _likeness(self, action: ActionPart, fold: str) -> int:
        return round(fuzz.token_set_ratio(self._folds[action.id], fold))

    def is_likeliest(self, action: ActionPart, title: str, code: str) -> bool:
        """Return whether no other row of the file is more like an action than this one, or as much
        and has its code."""
        own = (self._likeness(action, folded(title)), code == action.code)
        others = (
            (self._likeness(action, fold), other == action.code)
            for fold, other in self._rows
            if (fold, other) != (folded(title), code)
        )
        return all(own > other for other in others)

    def is_taken(self, key: str) -> bool:
        """Return whether an action is another row's."""
        return key in self._found

    def take(self, key: str) -> ActionPart:
        """Return the action with this id, which no other row can mean any more."""
        self._found.add(key)
        return self._by_key[key]

    def find(self, key: str | None, title: str, code: str) -> Match:
        """Return the action that a row means: by its id, its title, or its code where the titles
        are alike. A code that now belongs to something else is another action."""
        if key is not None:
            return Match(self._taken(self._by_key.get(key)))
        found = self._titled(folded(title), code)
        if found is not None and found.id not in self._found:
            return Match(self._taken(found))
        found = self._by_code.get(code)
        if found is None or found.id in self._found | self._kept:
            return Match(None)
        if fuzz.token_set_ratio(folded(found.title), folded(title)) >= SAME_CODE_ALIKE:
            return Match(self._taken(found))
        return Match(
            None,
            f"Kode {shown(code)} tadinya aksi lain (“{shown(found.title)}”): ini aksi baru.",
        )

    def _taken(self, action: ActionPart | None) -> ActionPart | None:
        if action is not None:
            self._found.add(action.id)
        return action

    def indicator(
        self, action: ActionPart | None, key: str | None, name: str, *, is_only: bool
    ) -> IndicatorPart | None:
        """Return the indicator that a row means: by id, by name, or the only one of both."""
        if action is None:
            return None
        for part in action.indicators:
            if part.id == key or (key is None and folded(part.name) == folded(name)):
                return part
        if key is None and is_only and len(action.indicators) == 1:
            return action.indicators[0]
        return None
