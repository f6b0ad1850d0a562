"""What a sheet says, to the parts of a plan: ids found again, codes and gaps filled.

A field that has no column at all is not in the file: an action that is in force keeps its own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coordinator.plan.importing import guesses
from coordinator.plan.importing.columns import folded
from coordinator.plan.importing.given import (
    BAD_KEY,
    KEY,
    KEY_TWICE,
    ONLY_ONE_OF,
    Given,
    too_long,
)
from coordinator.plan.importing.indicators import Indicators
from coordinator.plan.importing.parties import Parties
from coordinator.plan.importing.raw import Found, Raw, RawAction
from coordinator.plan.importing.shapes import Field, RowState, Unknown
from coordinator.plan.importing.twice import without_repeats
from coordinator.plan.importing.writings import numbered, ordinal
from coordinator.plan.seed import ActionPart, PlanFile, PlanPart, StrategyPart
from coordinator.seedfile import shown

TAGS = ("koordinasi", "advokasi", "pelindungan", "penegakan", "pelaporan")
LONGEST_CODE = 20
ONLY_STRATEGY = 1
UNDECIDED = "belum-dipastikan"

NO_TITLE = "Aksi ini tidak berjudul."
NO_STRATEGY = "Strategi kosong."
TITLE_ONLY = "Baris ini hanya berisi judul tanpa indikator, jadi dilewati."
CODE_TWICE = (
    "Kode {} sudah dipakai di baris {}. Bila seharusnya 1.10, Excel mengubahnya menjadi 1.1: ubah "
    "format kolom menjadi Teks."
)
TWO_TITLES = "Strategi {} punya dua judul yang berbeda."
NO_STRATEGY_TITLE = "Judul strategi {0} tidak ditemukan; ditulis “Strategi {0}”."


@dataclass(frozen=True, slots=True)
class Made:
    """An action of the file: as written, as it will be (None where it cannot), the same one in the
    plan in force, and whether it can be applied."""

    raw: RawAction
    part: ActionPart | None
    before: ActionPart | None
    state: RowState


class Assembler:
    """Makes the parts of one sheet."""

    def __init__(self, raw: Raw, given: Given, *, titles: Mapping[int, str], origin: str) -> None:
        """`titles`: strategies' titles by number from elsewhere in the file; `origin`: the file
        and sheet, for the origin of what has none."""
        self.raw, self.given, self.origin = raw, given, origin
        base = given.known.base
        self._base_strategies = base.strategies if base else []
        self.titles = given.shared.titles
        for number, title in titles.items():
            self.titles.setdefault(number, title)
        self.parties = Parties(given)
        self.indicators = Indicators(given)
        self.numbers = self._strategy_numbers()
        self._codes = given.shared.codes
        self._keys = given.shared.keys
        self._kept_codes: dict[int, str] = {}
        self._before: ActionPart | None = None
        self.made: list[Made] = []

    # --- Strategies -----------------------------------------------------------------------------

    def _strategy_numbers(self) -> list[int]:
        """Return the number of each strategy found: its own, that of the same strategy in the plan
        in force, or the next that is free."""
        taken = self.given.shared.numbers
        taken |= {strategy.number for strategy in self.raw.strategies if strategy.number}
        known = {folded(part.title): part.number for part in self._base_strategies}
        numbers: list[int] = []
        for strategy in self.raw.strategies:
            number = strategy.number or known.get(folded(strategy.title), 0)
            if not strategy.number and (not number or number in taken):
                number = next(n for n in range(1, 100_000) if n not in taken)
            taken.add(number)
            numbers.append(number)
        return numbers

    def take_strategies(self) -> None:
        """Take in the strategies that the sheet names, in its order."""
        titles = self.titles
        faults = self.given.faults
        for number, strategy in zip(self.numbers, self.raw.strategies, strict=True):
            found = Found(strategy.title, strategy.row, strategy.column)
            title = self.given.text(found) if strategy.title else None
            if title and titles.setdefault(number, title) != title:
                faults.error(TWO_TITLES.format(number), found.row, found.column, title)
        before = {part.number: part.title for part in self._base_strategies}
        for action in self.raw.actions:
            number_or_none = self._strategy_of(action)
            if number_or_none is None or number_or_none in titles:
                continue
            number = number_or_none
            titles[number] = before.get(number, f"Strategi {number}")
            if number not in before:
                column = self.given.column(Field.STRATEGY)
                faults.warning(NO_STRATEGY_TITLE.format(number), action.row, column)

    def _strategy_of(self, action: RawAction) -> int | None:
        if action.strategy >= 0:
            return self.numbers[action.strategy]
        code = action.cells.get(Field.CODE)
        text = code.text if code else numbered(self._title(action).text)[0]
        first, dot, _rest = text.partition(".")
        if dot and re.fullmatch(r"\d{1,4}|[IVX]{1,5}", first):
            return ordinal(first)
        return None if self.given.exact else ONLY_STRATEGY

    # --- Actions --------------------------------------------------------------------------------

    def actions(self) -> list[ActionPart]:
        """Return the actions that can be made; what cannot be stands in the faults, and each of the
        file's in `made`."""
        kept = [action for action in self.raw.actions if not self._is_title_only(action)]
        self._reserve_codes(kept)
        for action in kept:
            self._before = None
            self.parties.has_open = False
            asked, errors = len(self.given.waiting), self.given.faults.errors
            written = action.indicators
            leads = "; ".join(found.text for found in action.leads)
            title = self._bare_title(action)
            action.indicators = without_repeats(self.given, title, written, leads)
            if written and not action.indicators:
                continue  # all of it stands in the file before
            part = self._action(action)
            rows = {action.row, *(one.row for one in action.indicators)}
            rows |= {found.row for found in action.cells.values()}
            is_wrong = self.given.faults.errors > errors or bool(
                rows & self.given.faults.error_rows
            )
            is_asked = self.parties.has_open or len(self.given.waiting) > asked
            state = RowState.WRONG if is_wrong else RowState.ASKED if is_asked else RowState.READY
            if state is RowState.READY and part is None:
                state = RowState.WRONG
            self.made.append(Made(action, part, self._before, state))
        return [one.part for one in self.made if one.part is not None]

    def sound(self) -> list[ActionPart]:
        """Return the actions that can be applied; in place of a wrong one the same as it is in
        force, so that a wrong row never discontinues anything."""
        found: list[ActionPart] = []
        for one in self.made:
            if one.state is RowState.READY and one.part is not None:
                found.append(one.part)
            elif one.before is not None:
                found.append(one.before)
        return found

    def _is_title_only(self, action: RawAction) -> bool:
        is_only = not (action.indicators or action.leads) and self.given.has(Field.INDICATOR)
        if self.given.exact or not is_only:
            return False
        self.given.faults.warning(TITLE_ONLY, action.row, None, self._title(action).text)
        return True

    def _reserve_codes(self, actions: list[RawAction]) -> None:
        """Let what is written keep its code, before codes are made for the others."""
        for action in actions:
            text = self._written_code(action)
            if not text:
                continue
            place = (self.given.faults.sheet, action.row)
            if text in self._codes:
                sheet, row = self._codes[text]
                where = f"{row + 1}" if sheet == place[0] else f"{row + 1} lembar “{sheet}”"
                self.given.faults.error(
                    CODE_TWICE.format(shown(text), where),
                    action.row,
                    self.given.column(Field.CODE),
                    text,
                )
            self._codes.setdefault(text, place)
        for action in actions:
            # A row without a code keeps that of the action it means, wherever it stands.
            if self._written_code(action) or self.given.exact:
                continue
            code = self.given.base.code_of(self._bare_title(action))
            if code and code not in self._codes:
                self._codes[code] = (self.given.faults.sheet, action.row)
                self._kept_codes[action.row] = code

    def _title(self, action: RawAction) -> Found:
        found = action.cells.get(Field.ACTION)
        if found is None and not self.given.has(Field.ACTION) and action.indicators:
            found = action.indicators[0].cells.get(Field.INDICATOR)
        return found or Found("", action.row, self.given.column(Field.ACTION) or 0)

    def _bare_title(self, action: RawAction) -> str:
        """Return the title without the number in front of it."""
        text = self._title(action).text
        return text if self.given.exact else numbered(text)[1] or text

    def _written_code(self, action: RawAction) -> str:
        """Return the code as written, or "" where only a running number or a letter is."""
        found = action.cells.get(Field.CODE)
        text = found.text if found else ""
        if self.given.exact:
            return text
        text = (text or numbered(self._title(action).text)[0]).strip("(). ")
        return "" if re.fullmatch(r"\d+|[A-Za-z]|[ivxIVX]{1,5}", text) else text

    def _code(self, action: RawAction, strategy: int) -> str:
        text = self._written_code(action) or self._kept_codes.get(action.row, "")
        place = 0
        own = (self.given.faults.sheet, action.row)
        while not text or self._codes.get(text, own) != own:
            if text and place == 0:  # written twice: said already
                return text
            place += 1
            text = f"{strategy}.{place}"
        self._codes[text] = own
        return text

    def _action(self, action: RawAction) -> ActionPart | None:
        given = self.given
        written = self._title(action)
        strategy = self._strategy_of(action)
        if not written.text:
            given.faults.error(NO_TITLE, action.row, given.column(Field.ACTION))
            return None
        if strategy is None:
            given.faults.error(NO_STRATEGY, action.row, given.column(Field.STRATEGY))
            return None
        title = self._bare_title(action)
        kept_title = given.text(Found(title, written.row, written.column))
        code = self._code(action, strategy)
        if len(code) > LONGEST_CODE:
            column = given.column(Field.CODE)
            given.faults.error(too_long(LONGEST_CODE), action.row, column, code)
            return None
        found = action.cells.get(Field.ACTION_KEY)
        match = given.base.find(given.key(found), title, code if self._written_code(action) else "")
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
        values["question"] = texts["question"] or guesses.question(first.name, first.kind)
        values["origin"] = texts["origin"] or f"{self.origin} baris {action.row + 1}"
        return ActionPart.model_validate(values)

    def _key(self, found: Found | None, before: ActionPart | None, title: str) -> str | None:
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
        """Return the texts that may be missing; where the file has no such column, those before."""
        fields = {
            "question": Field.QUESTION,
            "origin": Field.ORIGIN,
            "basis": Field.BASIS,
            "national": Field.NATIONAL,
            "discontinued": Field.DISCONTINUED,
        }
        return {
            name: self.given.text(action.cells.get(field))
            if self.given.has(field)
            else getattr(before, name, None)
            for name, field in fields.items()
        }

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
        return self.parties.unknown(
            {n: part.title for n, part in zip(self.numbers, self.raw.strategies, strict=True)}
        )


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
    strategies = [StrategyPart(number=number, title=title) for number, title in known.items()]
    return PlanFile.model_validate(
        {"schema": "1", "plan": plan, "strategies": strategies, "actions": actions}
    )
