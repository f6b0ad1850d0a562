"""What a sheet says, to the parts of a plan: ids found again, codes and gaps filled.

A field that has no column at all is not in the file: an action that is in force keeps its own.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coordinator.plans.actions.seed import (
    ActionPart,
    IndicatorPart,
    PlanFile,
    PlanPart,
    StrategyPart,
)
from coordinator.plans.reading import continuing, guesses
from coordinator.plans.reading.codes import Codes, bare_title, title_of
from coordinator.plans.reading.columns import folded
from coordinator.plans.reading.duplicates import without_repeats
from coordinator.plans.reading.indicators import Indicators
from coordinator.plans.reading.parties import Parties
from coordinator.plans.reading.raw import PlacedText, Raw, RawAction
from coordinator.plans.reading.shapes import Field, RowState, Unknown
from coordinator.plans.reading.sheet_context import (
    BAD_KEY,
    KEY,
    KEY_TWICE,
    ONLY_ONE_OF,
    SheetContext,
    too_long,
)
from coordinator.plans.reading.strategies import Strategies
from coordinator.platform.yaml_files import shown

TAGS = ("koordinasi", "advokasi", "pelindungan", "penegakan", "pelaporan")
LONGEST_CODE = 20
UNDECIDED = "belum-dipastikan"

NO_TITLE = "Aksi ini tidak berjudul."
NO_STRATEGY = "Strategi kosong."
TITLE_ONLY = "Baris ini hanya berisi judul tanpa indikator, jadi dilewati."


@dataclass(frozen=True, slots=True)
class Made:
    """An action of the file: as written, as it will be (None where it cannot), the same one in the
    plan in force, whether it can be applied, its strategy, and its code as the file has it."""

    raw: RawAction
    part: ActionPart | None
    before: ActionPart | None
    state: RowState
    strategy: int | None = None
    code: str = ""


class Assembler:
    """Makes the parts of one sheet."""

    def __init__(
        self, raw: Raw, given: SheetContext, *, titles: Mapping[int, str], origin: str
    ) -> None:
        """`titles`: strategies' titles by number from elsewhere in the file; `origin`: the file
        and sheet, for the origin of what has none."""
        self.raw, self.given, self.origin = raw, given, origin
        self.parties = Parties(given)
        self.indicators = Indicators(given)
        self.strategies = Strategies(raw, given, titles)
        self.codes = Codes(given, self.strategies.of)
        self._keys = given.shared.keys
        self._before: ActionPart | None = None
        self.made: list[Made] = []
        self.waits_for_years = False  # somebody must say first which year a column is

    # --- Actions --------------------------------------------------------------------------------

    def actions(self) -> list[ActionPart]:
        """Return the actions that can be made.

        The others are noted in the faults; `made` has every action of the file.
        """
        kept = [action for action in self.raw.actions if not self._is_title_only(action)]
        self.codes.reserve(kept)
        for action in kept:
            self._before = None
            self.parties.has_open = False
            asked, errors = len(self.given.waiting), self.given.faults.errors
            written = action.indicators
            leads = "; ".join(found.text for found in action.leads)
            title = bare_title(self.given, action)
            action.indicators = without_repeats(self.given, title, written, leads)
            if written and not action.indicators:
                continue  # all of it repeats earlier rows
            part = self._action(action)
            rows = {action.row, *(one.row for one in action.indicators)}
            rows |= {found.row for found in action.cells.values()}
            is_wrong = self.given.faults.errors > errors or bool(
                rows & self.given.faults.error_rows
            )
            is_asked = self.parties.has_open or len(self.given.waiting) > asked
            is_asked = is_asked or self.strategies.is_open(action) or self.waits_for_years
            state = RowState.WRONG if is_wrong else RowState.ASKED if is_asked else RowState.READY
            if state is RowState.READY and part is None:
                state = RowState.WRONG
            strategy, number = self.strategies.of(action), self.codes.in_file(action)
            self.made.append(Made(action, part, self._before, state, strategy, number))
        self.codes.say()
        return [one.part for one in self.made if one.part is not None]

    def expect(self) -> None:
        """Keep the actions in force that the sheet says by id or title for the rows that do."""
        for action in self.raw.actions:
            found = action.cells.get(Field.ACTION_KEY)
            title, code = bare_title(self.given, action), self.codes.written(action)
            self.given.base.expect(found.text if found else None, title, code)

    def sound(self) -> list[ActionPart]:
        """Return the actions that can be applied.

        A wrong one is replaced by the same action in force, so that a wrong row never discontinues
        anything (but an action of a sample plan).
        """
        found: list[ActionPart] = []
        for one in self.made:
            if one.state is RowState.READY and one.part is not None:
                found.append(one.part)
            elif one.before is not None and not self.given.replaces_sample:
                found.append(one.before)
        return found

    @property
    def holds_work(self) -> bool:
        """Whether a row that would be left out may be an action that work rests on: leaving it out
        would end that work."""
        is_asked = any(key.startswith(continuing.ACTION) for key in self.given.waiting)
        in_use = self.given.base.in_use
        return is_asked or any(
            self.given.replaces_sample and one.before is not None and one.before.id in in_use
            for one in self.made
            if one.state is not RowState.READY
        )

    def _is_title_only(self, action: RawAction) -> bool:
        is_only = not (action.indicators or action.leads) and self.given.has(Field.INDICATOR)
        if self.given.exact or not is_only:
            return False
        self.given.faults.warning(TITLE_ONLY, action.row, None, title_of(self.given, action).text)
        return True

    def _action(self, action: RawAction) -> ActionPart | None:
        given = self.given
        written = title_of(self.given, action)
        strategy = self.strategies.of(action)
        if not written.text:
            given.faults.error(NO_TITLE, action.row, given.column(Field.ACTION))
            return None
        if strategy is None:
            given.faults.error(NO_STRATEGY, action.row, given.column(Field.STRATEGY))
            return None
        title = bare_title(self.given, action)
        kept_title = given.text(PlacedText(title, written.row, written.column))
        code = self.codes.of(action, strategy)
        if len(code) > LONGEST_CODE:
            column = given.column(Field.CODE)
            given.faults.error(too_long(LONGEST_CODE), action.row, column, code)
            return None
        found = action.cells.get(Field.ACTION_KEY)
        written_code = code if self.codes.written(action) else ""
        place = (action.row, written.column)
        match = continuing.action_of(given, given.key(found), title, written_code, place)
        if match.note:
            given.faults.warning(match.note, action.row, written.column, title)
        before = self._before = match.action
        key = self._key(found, before, title)
        group = self.parties.group(action, strategy, before)
        lead, support = self.parties.parties(action, before)
        if key is None:
            return None
        indicators = self.indicators.made(action, key, title, before)
        duties = self._duties(action, before)
        tag = self._tag(action, before)
        texts = self._texts(action, before)
        if group is None and self.parties.has_open:
            group = UNDECIDED  # to show the rest of the row; nothing that is open is applied
        if not indicators or kept_title is None or group is None:
            return None
        if texts["national"] is not None and not KEY.fullmatch(texts["national"]):
            column = given.column(Field.NATIONAL)
            given.faults.error(BAD_KEY, action.row, column, texts["national"])
            return None
        values: dict[str, Any] = {
            "id": key,
            "code": code,
            "strategy": strategy,
            "working_group": group,
            "title": kept_title,
            "tag": tag,
            "lead": lead,
            "support": support,
            "duties": duties,
            "indicators": indicators,
            **texts,
        }
        first = indicators[0]
        kept = self._kept_question(before, indicators)
        values["question"] = texts["question"] or kept or guesses.question(first.name, first.kind)
        values["origin"] = texts["origin"] or f"{self.origin} baris {action.row + 1}"
        return ActionPart.checked(values)

    def _key(self, found: PlacedText | None, before: ActionPart | None, title: str) -> str | None:
        key = found.text if found else before.id if before else None
        if key is None:
            key = guesses.unused(
                guesses.slug(title), lambda text: text in self._keys or self.given.base.has(text)
            )
        elif key in self._keys and found:
            self.given.faults.error(KEY_TWICE.format(shown(key)), found.row, found.column)
            return None
        elif not KEY.fullmatch(key):  # said already
            return None
        self._keys.add(key)
        return key

    def _texts(self, action: RawAction, before: ActionPart | None) -> dict[str, str | None]:
        """Return the texts that may be missing; where the file has no such column, those before.

        The question follows the indicator, and a row that is in the file is not discontinued: these
        two come from the file alone.
        """
        fields = {"origin": Field.ORIGIN, "basis": Field.BASIS, "national": Field.NATIONAL}
        found = {
            name: self.given.text(action.cells.get(field))
            if self.given.has(field)
            else getattr(before, name, None)
            for name, field in fields.items()
        }
        if self.given.replaces_sample and not self.given.has(Field.ORIGIN):
            found["origin"] = None  # it is from this file now
        for name, field in (("question", Field.QUESTION), ("discontinued", Field.DISCONTINUED)):
            found[name] = self.given.text(action.cells.get(field))
        return found

    def _kept_question(
        self, before: ActionPart | None, indicators: Sequence[IndicatorPart]
    ) -> str | None:
        """Return the question of an action whose first indicator goes on under its name; a file
        with a column of questions, and a real plan over a sample, keep none."""
        if before is None or self.given.has(Field.QUESTION) or self.given.replaces_sample:
            return None
        asked = (before.indicators[0].id, folded(before.indicators[0].name))
        is_same = asked in {(one.id, folded(one.name)) for one in indicators}
        return before.question if is_same else None

    def _tag(self, action: RawAction, before: ActionPart | None) -> str | None:
        if not self.given.has(Field.TAG):
            return before.tag if before else None
        found = action.cells.get(Field.TAG)
        if found is None or folded(found.text) in TAGS:
            return folded(found.text) if found else None
        self.given.faults.error(
            ONLY_ONE_OF.format(", ".join(TAGS)), found.row, found.column, found.text
        )
        return None

    def _duties(self, action: RawAction, before: ActionPart | None) -> list[str]:
        if not self.given.has(Field.DUTIES):
            return list(before.duties) if before else []
        found = action.cells.get(Field.DUTIES)
        keys = [key for key in re.split(r"[;,\s]+", found.text) if key] if found else []
        known = {*self.given.known.duties, *(before.duties if before else ())}
        for key in keys:
            if found and not KEY.fullmatch(key):
                self.given.faults.error(BAD_KEY, found.row, found.column, key)
                return []
            if found and self.given.known.duties and key not in known:
                message = f"Uraian tugas “{key}” tidak ada di pemetaan."
                self.given.faults.warning(message, found.row, found.column, key)
        return keys

    def unknown(self) -> tuple[list[Unknown], list[Unknown]]:
        """Return the names of agencies and of pokja that wait for a person's choice."""
        return self.parties.unknown(self.given.shared.titles, self.given.shared.written)


def complete(
    plan: PlanPart,
    titles: Mapping[int, str],
    actions: list[ActionPart],
    base: PlanFile | None = None,
) -> PlanFile:
    """Return the whole plan; an action kept from the plan in force brings its strategy."""
    known = dict(titles)
    before = {part.number: part.title for part in base.strategies} if base else {}
    for action in actions:
        if action.strategy not in known and action.strategy in before:
            known[action.strategy] = before[action.strategy]
    strategies = [StrategyPart.made(number=number, title=title) for number, title in known.items()]
    return PlanFile(schema_="1", plan=plan, strategies=strategies, actions=actions)
