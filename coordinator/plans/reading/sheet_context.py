"""What all parts of the reading share: the sheet's columns, what is known, what was decided."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from coordinator.plans.actions.seed import PlanPart
from coordinator.plans.reading.faults import Faults
from coordinator.plans.reading.guesses import LONGEST_KEY
from coordinator.plans.reading.layout import PlanLayout, letters
from coordinator.plans.reading.matching import BaseActions
from coordinator.plans.reading.raw import PlacedText
from coordinator.plans.reading.shapes import Ambiguity, Choices, Field, KnownNames, Option
from coordinator.plans.reading.values import Way
from coordinator.platform.yaml_files import shown

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_TEXT = 2000

BAD_KEY = "ID hanya boleh berisi huruf kecil, angka, dan tanda hubung."
ONLY_ONE_OF = "Isi dengan salah satu: {}."
KEY_TWICE = "ID “{}” sudah dipakai di atas."


def too_long(most: int) -> str:
    """Return the sentence about a text that is too long."""
    return f"Paling panjang {most} karakter."


def question_key(group: str, sheet: str, place: tuple[int, int], mark: str = "") -> str:
    """Return the key of a question about a cell."""
    cell = f"{letters(place[1])}{place[0] + 1}{mark}"
    return f"{group}:{sheet}!{cell}" if sheet else f"{group}:{cell}"


class Written(NamedTuple):
    """The place of an indicator (sheet and row), with its targets and its action's lead."""

    sheet: str
    row: int
    targets: str
    leads: str


@dataclass(slots=True)
class Shared:
    """What the sheets of one plan share: which codes and ids are taken and where, which strategies
    there are, which names wait for a person."""

    base: BaseActions
    codes: dict[str, tuple[str, int]] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    indicator_keys: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    titles: dict[int, str] = field(default_factory=dict)
    written: dict[int, str] = field(default_factory=dict)  # strategies as the file calls them
    # The place of each indicator of each action, by its words.
    stated: dict[tuple[str, str, str], Written] = field(default_factory=dict)
    agencies: dict[str, list[int]] = field(default_factory=dict)
    groups: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetContext:
    """One sheet's reading. `exact`: it is our template, whose texts are taken as they are."""

    layout: PlanLayout
    faults: Faults
    known: KnownNames
    choices: Choices
    shared: Shared
    plan: PlanPart | None
    exact: bool
    questions: list[Ambiguity] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)  # the keys of questions without an answer

    @property
    def base(self) -> BaseActions:
        """The actions of the plan in force."""
        return self.shared.base

    @property
    def replaces_sample(self) -> bool:
        """Whether a real plan takes the place of a sample: nothing made up goes on with it."""
        base = self.known.base
        return bool(base and base.plan.sample and self.plan and not self.plan.sample)

    def ask(
        self,
        group: str,
        text: str,
        ways: Sequence[Way],
        place: tuple[int, int],
        *,
        written: object = "",
        before: Decimal | None = None,
        mark: str = "",
    ) -> Way | None:
        """Return the meaning that a person chose where there are several, or None until one is.

        What is in force already (`before`) was decided once.
        """
        key = self._key_of(group, place, mark)
        if before is not None and not self._answer(key, group, [way.value for way in ways]):
            decided = next((way for way in ways if way.amount.value == before), None)
            if decided is not None:
                return decided
        options = [Option(value=way.value, label=way.label) for way in ways]
        answer = self.choose(group, text, options, place, written=written, mark=mark)
        return next((way for way in ways if way.value == answer), None)

    def choose(
        self,
        group: str,
        text: str,
        options: Sequence[Option],
        place: tuple[int, int],
        *,
        written: object = "",
        mark: str = "",
        suggestion: str = "",
    ) -> str:
        """Return the option that a person chose, "" until one is chosen; the question is kept.
        `suggestion` is chosen on the page beforehand, and counts once the page is sent."""
        row, column = place
        key = self._key_of(group, place, mark)
        answer = self._answer(key, group, [one.value for one in options])
        if not answer:
            self.waiting.append(key)
        self.questions.append(
            Ambiguity(
                key=key,
                group=group,
                text=text,
                options=list(options),
                sheet=self.faults.sheet,
                row=row + 1,
                column=letters(column),
                value=shown(" ".join(str(written).split())),
                answer=answer,
                suggestion=suggestion,
            )
        )
        return answer

    def chosen(self, group: str, place: tuple[int, int]) -> str:
        """Return what a person chose for a cell, whether or not it is still offered."""
        return self.choices.answers.get(self._key_of(group, place, ""), "")

    def _key_of(self, group: str, place: tuple[int, int], mark: str) -> str:
        return question_key(group, self.faults.sheet, place, mark)

    def _answer(self, key: str, group: str, values: Sequence[str]) -> str:
        answer = self.choices.answers.get(key) or self.choices.answers.get(group, "")
        return answer if answer in values else ""

    def has(self, name: Field) -> bool:
        """Whether the sheet has a column for a field: one that it has not keeps what was there."""
        return bool(self.layout.of(name))

    def column(self, name: Field) -> int | None:
        """Return the column of a field."""
        return self.layout.first(name)

    def text(self, found: PlacedText | None, most: int = LONGEST_TEXT) -> str | None:
        """Return a text that may be kept, or None; problems with it are noted."""
        if found is None:
            return None
        is_kept = self.faults.screen(found.text, found.row, found.column)
        if len(found.text) > most:
            self.faults.error(too_long(most), found.row, found.column)
            return None
        return found.text if is_kept else None

    def key(self, found: PlacedText | None) -> str | None:
        """Return an id as written, or None; a wrong one is noted."""
        if found is None:
            return None
        if not KEY.fullmatch(found.text) or len(found.text) > LONGEST_KEY:
            self.faults.error(BAD_KEY, found.row, found.column, found.text)
            return None
        return found.text
