"""Finding an action and an indicator again in the plan that is in force."""

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
        self._expected: set[str] = set()
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

    def expect(self, key: str | None, title: str) -> None:
        """Keep the action with this id, or else this title, for the row that has it."""
        found = self._by_key.get(key) if key else self._by_title.get(folded(title))
        if found is not None:
            self._expected.add(found.id)

    def is_sure(self, key: str | None, title: str) -> bool:
        """Return whether a row says itself which action it is: by its id, or by its title."""
        found = self._by_title.get(folded(title))
        return key is not None or (found is not None and found.id not in self._found)

    def alike(self, title: str, code: str) -> list[tuple[ActionPart, int]]:
        """Return the actions in use that a row may go on with, the likeliest first, each with how
        alike the titles are (0-100). None that another row says by its title or has taken."""
        wanted = folded(title)
        found = [
            (action, round(fuzz.token_set_ratio(self._folds[action.id], wanted)))
            for action in self._by_key.values()
            if action.id in self.in_use
            and not action.discontinued
            and action.id not in self._expected | self._found
        ]
        likely = [one for one in found if one[1] >= ALIKE or one[0].code == code]
        return sorted(likely, key=lambda one: (-one[1], one[0].code != code, one[0].code))

    def take(self, key: str) -> ActionPart:
        """Return the action with this id, which no other row can mean any more."""
        self._found.add(key)
        return self._by_key[key]

    def find(self, key: str | None, title: str, code: str) -> Match:
        """Return the action that a row means: by its id, its title, or its code where the titles
        are alike. A code that now belongs to something else is another action."""
        if key is not None:
            return Match(self._taken(self._by_key.get(key)))
        found = self._by_title.get(folded(title))
        if found is not None and found.id not in self._found:
            return Match(self._taken(found))
        found = self._by_code.get(code)
        if found is None or found.id in self._found | self._expected:
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
