"""A sheet's rows to action items as they are written: merged and blank cells filled, titles,
sub-totals, footnotes and signatures told apart. Nothing is looked up yet."""

import re
from datetime import date

from coordinator.plans.reading.columns import STRATEGY_TITLE_LABEL, folded
from coordinator.plans.reading.faults import Faults
from coordinator.plans.reading.indicator_cells import IndicatorCells
from coordinator.plans.reading.layout import PlanLayout
from coordinator.plans.reading.raw import PlacedText, Raw, RawAction, RawStrategy, text_of
from coordinator.plans.reading.repeated_headers import RepeatedHeaders
from coordinator.plans.reading.shapes import Field
from coordinator.plans.reading.values import fault_message
from coordinator.plans.reading.writings import are_column_numbers, is_signature, numbered, ordinal
from coordinator.platform.spreadsheets.cells import Cell, Grid
from coordinator.platform.spreadsheets.dittos import FILLED, NOTHING_ABOVE, is_ditto

TOTAL = re.compile(
    r"(?:grand |sub ?)?(?:total|jumlah)(?: (?:keseluruhan|seluruhnya|strategi|pokja|kegiatan|aksi|"
    r"target|program)(?: .{1,60})?)?(?: [ivx\d ]{1,8})?|rata rata(?: .{1,40})?"
)
FOOTNOTE = re.compile(
    r"\s*(?:\*|catatan\b|keterangan\b|ket\b|sumber\s*:|note\b|nb\b|\d{1,2}\)\s|¹|²|³)", re.I
)
GROUP_BANNER = re.compile(r"\s*(?:pokja|sub\s*gugus\s+tugas|kelompok\s+kerja)\b[\s:]*", re.I)
STRATEGY_BANNER = re.compile(
    r"\s*(?:strategi|pilar|sasaran(?: strategis)?|tujuan|fokus|arah kebijakan|program)\b", re.I
)
ROMAN = re.compile(r"[IVX]{1,5}")
BANNER_WORD = re.compile(
    r"\s*(?:strategi|pilar|sasaran(?: strategis)?|tujuan|fokus|arah kebijakan|program)\s*"
    r"(?P<number>\d{1,2}|[IVX]{1,5}|[A-Z])\b\s*[.:)–-]*\s*(?=\S)",
    re.I,
)
ACTION_CODE = re.compile(r"\(?(?:\d{1,3}(?:\.\w{1,3})*|[IVX]{1,5}|[A-Za-z])[.)]?")
WIDE = 3  # columns under one merged cell

CODE_IS_DATE = (
    "Excel mengubah kode ini menjadi tanggal. Ubah format kolom menjadi Teks, lalu tulis ulang."
)
SKIPPED_TOTAL = "Baris jumlah dilewati."
SKIPPED_NOTE = "Catatan kaki dilewati."
SKIPPED_TEXT = "Baris ini tidak tampak sebagai aksi, jadi dilewati."
SKIPPED_SIGNATURE = "Tempat, tanggal, dan tanda tangan dilewati."


# Fields whose value is given once for several indicators.
OF_ACTION = (
    Field.ACTION_KEY,
    Field.STRATEGY,
    Field.CODE,
    Field.ACTION,
    Field.QUESTION,
    Field.WORKING_GROUP,
    Field.TAG,
    Field.ORIGIN,
    Field.BASIS,
    Field.DUTIES,
    Field.NATIONAL,
    Field.DISCONTINUED,
)
OF_INDICATOR = (
    Field.INDICATOR_KEY,
    Field.INDICATOR,
    Field.UNIT,
    Field.KIND,
    Field.BETTER,
    Field.ACCUMULATION,
)


class Reader:
    """Walks down a sheet below its header."""

    def __init__(self, grid: Grid, layout: PlanLayout, faults: Faults, *, exact: bool) -> None:
        self.grid, self.layout, self.faults, self.exact = grid, layout, faults, exact
        self.raw = Raw()
        self.group: PlacedText | None = None
        self.strategy = -1
        self._band = -1  # the strategy that a title across the table named last
        self.action: RawAction | None = None
        self._last = layout.bottom
        self._by_key: dict[str, RawAction] = {}
        self._by_code: dict[str, RawAction] = {}
        self._by_words: dict[tuple[int, str, str], RawAction] = {}
        self._fills = {
            (row, column): first
            for first, end in grid.merges
            if end[0] > first[0] and end[0] > layout.bottom
            for row in range(max(first[0] + 1, layout.bottom + 1), min(end[0], 100_000) + 1)
            for column in (first[1],)
        }
        self.indicators = IndicatorCells(grid, layout, faults, exact=exact)
        self._is_signed = False
        self._widths = {
            first: end[1] - first[1] + 1 for first, end in grid.merges if end[1] > first[1]
        }
        self._headers = RepeatedHeaders(grid, layout, faults)
        self._strategy_title = next(
            (
                at
                for at, column in layout.columns.items()
                if folded(column.text) == folded(STRATEGY_TITLE_LABEL)
            ),
            None,
        )

    def read(self) -> Raw:
        """Return what the sheet says, and note what was passed over."""
        if not self.exact:
            self._fill_dittos()
        for row, cells in self.grid.rows.items():
            if row <= self.layout.bottom:
                continue
            for column, cell in cells.items():
                if cell.fault is not None and self._is_read(column):
                    self.faults.error(fault_message(cell.fault), row, column)
            if not self._is_passed(row, cells):
                self._headers.check(row)
                self._item(row, cells)
                self._last = row
        return self.raw

    def _fill_dittos(self) -> None:
        """Replace "sda", "idem" and ditto marks by the cell above."""
        rows: set[int] = set()
        for at in self.layout.columns:
            above: Cell | None = None
            for row, cells in self.grid.rows.items():
                cell = cells.get(at)
                if row <= self.layout.bottom or cell is None or not self._is_read(at):
                    continue
                if isinstance(cell.value, str) and is_ditto(cell.value):
                    if above is None:
                        self.faults.error(NOTHING_ABOVE % cell.value.strip(), row, at)
                        continue
                    cells[at] = above
                    rows.add(row + 1)
                else:
                    above = cell
        if rows:
            self.faults.note(FILLED % ", ".join(map(str, sorted(rows))))

    def _is_read(self, column: int) -> bool:
        known = self.layout.columns.get(column)
        return known is not None and known.field is not None

    def _found(
        self, row: int, column: int, *, fill: bool = True, lines: bool = False
    ) -> PlacedText | None:
        """Return the text at a place, or that of the merged cell it belongs to; with its `lines`
        where they tell names apart."""
        place = (row, column)
        if fill and self.grid.cell(row, column) is None:
            place = self._fills.get(place, place)
        cell = self.grid.cell(*place)
        if lines and cell is not None and isinstance(cell.value, str):
            text = cell.value.strip()
        else:
            text = text_of(cell, exact=self.exact)
        return PlacedText(text, *place) if text else None

    def _value(self, found: PlacedText) -> object:
        cell = self.grid.cell(found.row, found.column)
        return None if cell is None else cell.value

    def _of(self, row: int, name: Field) -> PlacedText | None:
        column = self.layout.first(name)
        return None if column is None else self._found(row, column)

    def _own(self, row: int, name: Field) -> PlacedText | None:
        column = self.layout.first(name)
        return None if column is None else self._found(row, column, fill=False)

    # --- Rows that are no action -----------------------------------------------------------------

    def _is_passed(self, row: int, cells: dict[int, Cell]) -> bool:
        """Whether a row is no action: a second header, column numbers, a sum, a note, a title."""
        texts = {column: text_of(cell) for column, cell in cells.items()}
        texts = {column: text for column, text in texts.items() if text}
        if not texts:
            return not any(cell.fault for cell in cells.values())
        if self.exact:
            return False
        if are_column_numbers(list(texts.values())) or self._headers.is_again(row, texts):
            self._is_signed = False
            return True
        column, first = next(iter(texts.items()))
        has_indicator = self._own(row, Field.INDICATOR) is not None
        total = self._total(texts, has_indicator=has_indicator)
        if total:
            self.faults.warning(SKIPPED_TOTAL, row, column, total)
            return True
        targets = any(at in texts for at in self.layout.targets)
        names = [*self.layout.of(Field.LEAD), *self.layout.of(Field.SUPPORT)]
        agencies = any(at in texts for at in names)
        if self._is_signature(row, texts, has_indicator=has_indicator):
            self.faults.warning(SKIPPED_SIGNATURE, row, column)
            return True
        if has_indicator or targets:
            return False
        if agencies and (len(texts) > 1 or row == self._last + 1):
            # One more agency in a row of its own; further down it is a signature.
            return False
        return self._is_title(row, texts, column, first)

    def _is_signature(self, row: int, texts: dict[int, str], *, has_indicator: bool) -> bool:
        """Return whether a row belongs to the place, date and signature under a table.
        It begins one, or continues one until a row that is surely an action."""
        targets = [texts[at] for at in self.layout.targets if at in texts]
        has_number = any(text[:1].isdigit() or text[:1] in "<>≥≤" for text in targets)
        has_action = self._own(row, Field.ACTION) is not None
        known = sum(self._is_read(at) for at in texts)
        if (has_indicator and (has_number or has_action or not self._is_signed)) or (
            has_action and (has_number or known > 2)
        ):
            self._is_signed = False
            return False
        if self._is_signed:
            alone = next(iter(texts.values())) if len(texts) == 1 else ""
            self._is_signed = not (STRATEGY_BANNER.match(alone) or GROUP_BANNER.match(alone))
            return self._is_signed
        names = {*self.layout.of(Field.LEAD), *self.layout.of(Field.SUPPORT)}
        is_next = row == self._last + 1 and texts.keys() <= names
        is_sure = is_next or self._is_before_data(row)
        self._is_signed = not has_number and any(
            is_signature(text, is_sure=is_sure) for text in texts.values()
        )
        return self._is_signed

    def _is_before_data(self, row: int) -> bool:
        """Return whether a row is numbered like an action, or is right above a bare indicator.
        That is one with no action of its own: "2 | Kepala desa dilatih"."""
        if self._own(row, Field.ACTION) is None:
            return False
        code = self._own(row, Field.CODE)
        return (code is not None and ACTION_CODE.fullmatch(code.text) is not None) or (
            self._is_above_indicator(row)
        )

    def _is_above_indicator(self, row: int) -> bool:
        """Whether the next row is an indicator with targets and no action of its own."""
        below = self.grid.rows.get(row + 1, {})
        return (
            self._own(row + 1, Field.INDICATOR) is not None
            and self._own(row + 1, Field.ACTION) is None
            and any(at in below for at in self.layout.targets)
        )

    def _total(self, texts: dict[int, str], *, has_indicator: bool) -> str:
        """Return the label of a row that is only a total: a label, perhaps a unit, and numbers."""
        at, word = next(
            ((at, text) for at, text in texts.items() if not NUMBER_ONLY.fullmatch(text)), (-1, "")
        )
        is_name = self.layout.first(Field.INDICATOR) == at
        if not TOTAL.fullmatch(folded(word)) or (has_indicator and not is_name):
            return ""
        code = self.layout.first(Field.CODE)
        if code in texts and code != at:
            return ""
        unit = self.layout.first(Field.UNIT)
        if is_name and unit in texts:
            return ""
        others = {other for other in texts if other not in (at, unit) and self._is_read(other)}
        return word if others <= self.layout.targets.keys() else ""

    def _is_title(self, row: int, texts: dict[int, str], column: int, first: str) -> bool:
        """Take a row with only a title: a pokja, a strategy, a footnote. Return whether it is."""
        body = {at: text for at, text in texts.items() if at != self.layout.first(Field.CODE)}
        code = self.layout.first(Field.CODE)
        # A title across the table begins in the column of the code: then it is no number.
        number = texts.get(code, "") if code is not None and body else ""
        title = next(iter(body.values()), first)
        at = next(iter(body), column)
        if len(body) > 1:
            strategy, action = self.layout.first(Field.STRATEGY), self.layout.first(Field.ACTION)
            return not ({strategy, action} & body.keys()) and self._skip(row, at, title)
        if GROUP_BANNER.match(title) and at != self.layout.first(Field.WORKING_GROUP):
            self.group = PlacedText(title, row, at)
            return True
        if FOOTNOTE.match(first):
            self.faults.warning(SKIPPED_NOTE, row, column, first)
            return True
        is_wide = self._widths.get((row, at), 1) >= WIDE
        is_action = at == self.layout.first(Field.ACTION) and not is_wide
        if is_action and not STRATEGY_BANNER.match(title) and self._is_above_indicator(row):
            return False
        is_top = ROMAN.fullmatch(number) or re.fullmatch(r"\d{1,2}\.?|[A-Z]\.?", number)
        has_column = self.layout.first(Field.STRATEGY) is not None
        numbering = numbered(title)[0]
        is_numbered = bool(numbering) and "." not in numbering and not numbering.islower()
        if STRATEGY_BANNER.match(title) or (
            not has_column and (is_top or (is_numbered and not number) or (is_wide and not number))
        ):
            self._set_strategy(f"{number.rstrip('.')}. {title}" if number else title, row, at)
            is_across = is_wide or at != self.layout.first(Field.STRATEGY)
            self._band = self.strategy if has_column and is_across else -1
            return True
        if at == self.layout.first(Field.STRATEGY):
            self._set_strategy(title, row, at)
            return True
        if is_action:
            return False
        return self._skip(row, column, first)

    def _skip(self, row: int, column: int, text: str) -> bool:
        self.faults.warning(SKIPPED_TEXT, row, column, text)
        return True

    # --- Actions and indicators -----------------------------------------------------------------

    def _set_strategy(self, text: str, row: int, column: int, under: int = -1) -> None:
        number, title = strategy_of(text)
        if under >= 0:
            band = self.raw.strategies[under]
            is_same = not title or folded(title) == folded(band.title)
            if is_same and number in (0, band.number):
                self.strategy = under
                return
        if self.exact and self._strategy_title is not None:
            beside = self._found(row, self._strategy_title)
            title = beside.text if beside else title
        same = folded(title)
        for place, known in enumerate(self.raw.strategies):
            is_it = folded(known.title) == same and (not number or known.number == number)
            is_it = is_it and known.under == under
            if is_it or (self.exact and number and known.number == number):
                if place != self.strategy:
                    self.action = None
                self.strategy = place
                return
        self.raw.strategies.append(RawStrategy(number, title, row, column, text, under))
        self.strategy = len(self.raw.strategies) - 1
        self.action = None

    def _item(self, row: int, cells: dict[int, Cell]) -> None:
        self.raw.rows += 1
        strategy = self._of(row, Field.STRATEGY)
        if strategy and not self.exact:
            self._set_strategy(strategy.text, strategy.row, strategy.column, self._band)
        action = self._current(row)
        if action is None:
            return
        for name in OF_ACTION:
            found = self._of(row, name)
            if found is None:
                continue
            if name is Field.CODE and isinstance(self._value(found), date):
                self.faults.error(CODE_IS_DATE, found.row, found.column, found.text)
                continue
            known = action.cells.setdefault(name, found)
            if self.exact and known.text != found.text:
                self.faults.error(
                    f"Berbeda dengan baris {known.row + 1} dari aksi yang sama.",
                    found.row,
                    found.column,
                    found.text,
                )
        for name, into in ((Field.LEAD, action.leads), (Field.SUPPORT, action.supports)):
            for column in self.layout.of(name):
                found = self._found(row, column, lines=not self.exact)
                if found and found not in into:
                    into.append(found)
        self._indicator(row, cells, action)

    def _current(self, row: int) -> RawAction | None:
        """Return the action a row belongs to: the one above where its own cell is blank, merged
        or says the same again."""
        title, key, code = (
            self._of(row, name) for name in (Field.ACTION, Field.ACTION_KEY, Field.CODE)
        )
        if self.exact:
            return self._of_template(row, title, key, code)
        if self.layout.first(Field.ACTION) is None:
            title = self._of(row, Field.INDICATOR)
        if title is None:
            if self.action is None:
                self.faults.error("Aksi kosong.", row, self.layout.first(Field.ACTION))
            return self.action
        if self.action is not None:
            known = self.action.cells.get(Field.ACTION)
            known_code = self.action.cells.get(Field.CODE)
            is_same = known is not None and (
                known == title
                or (
                    known.text == title.text
                    and (code is None or known_code is None or code.text == known_code.text)
                )
            )
            if is_same and self.action.strategy == self.strategy:
                return self.action
        # In a table sorted by something else, the rows of one action are apart.
        place = (self.strategy, folded(title.text), code.text if code else "")
        self.action = self._by_words.get(place) or self._new(row, title)
        self._by_words[place] = self.action
        return self.action

    def _of_template(
        self, row: int, title: PlacedText | None, key: PlacedText | None, code: PlacedText | None
    ) -> RawAction | None:
        known = None
        if key:
            known = self._by_key.get(key.text)
        elif code:
            known = self._by_code.get(code.text)
        elif title is None:
            known = self.action
            if known is None:
                self.faults.error("Aksi kosong.", row, self.layout.first(Field.ACTION))
                return None
        self.action = known or self._new(row, title)
        if key:
            self._by_key[key.text] = self.action
        if code:
            self._by_code.setdefault(code.text, self.action)
        return self.action

    def _new(self, row: int, title: PlacedText | None) -> RawAction:
        if self.exact:
            strategy = self._of(row, Field.STRATEGY)
            if strategy:
                self._set_strategy(strategy.text, strategy.row, strategy.column)
        self.action = RawAction(row, self.strategy, self.group)
        if title:
            self.action.cells[Field.ACTION] = title
        self.raw.actions.append(self.action)
        return self.action

    def _indicator(self, row: int, cells: dict[int, Cell], action: RawAction) -> None:
        named = {name: found for name in OF_INDICATOR if (found := self._of(row, name))}
        action.indicators += self.indicators.of_row(row, cells, named)


NUMBER_ONLY = re.compile(r"[\d.,\s%()-]+")


def strategy_of(text: str) -> tuple[int, str]:
    """Return a strategy's number (0 where none is written) and its title: "Strategi II: ..."."""
    if re.fullmatch(r"\d{1,4}|[IVX]{1,5}", text):
        return ordinal(text), ""
    found = BANNER_WORD.match(text)
    if found:
        return ordinal(found["number"]), text[found.end() :].strip()
    number, title = numbered(text)
    return (ordinal(number.split(".")[0]) if number else 0), title
