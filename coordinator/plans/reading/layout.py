"""Where a sheet's header is, and which column is which field."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from coordinator.plans.reading.columns import (
    LABELS,
    NOT_OURS,
    SECOND_BEST,
    SPELLINGS,
    YEAR,
    folded,
    header_text,
)
from coordinator.plans.reading.shapes import ANY_SHEET, LEAVE_OUT, Field, HeaderRow, Heading
from coordinator.plans.reading.slots import (
    DONE,
    FIGURE,
    MONEY,
    ROMAN,
    WORDS_OF_LEVELS,
    SkipReason,
    Slot,
    named,
    parse_target_field,
    part_of,
)
from coordinator.platform.spreadsheets.cells import Cell, Grid
from coordinator.screening import blocks

LOOKED_AT = 60  # rows with something in them, from the top
DEEPEST = 4  # rows of one header
ALIKE = 84
LONGEST_HEADER = 120
LONGEST_LABEL = 50
NEEDED = 2  # columns known, of which one says what is done

EXACT: dict[str, Field] = {
    **{folded(label): name for name, label in LABELS.items()},
    **{text: name for name, texts in SPELLINGS.items() for text in texts},
}
HEADER_ROWS = 40  # among which a person chooses
LONGEST_SAMPLE = 120
HELD_BACK = "(tidak ditampilkan)"  # replaces what may identify a person
LONGEST_UNIT = 30
LEVELS = {word for words in WORDS_OF_LEVELS.values() for word in words}
# Columns under one target, next to its sum or to the other end of its range.
SHARES = frozenset(
    (
        "l", "p", "lk", "pr", "laki laki", "perempuan", "pria", "wanita", "jumlah", "jml", "total",
        "min", "maks", "max", "minimal", "maksimal", "minimum", "maksimum",
    )
)  # fmt: skip
CODE = re.compile(r"^(?:kode|code)\b")
SUM = re.compile(r"\b(?:jumlah|jml|total)\b")
REVISED = re.compile(r"\b(?:perubahan|revisi|pergeseran|penyesuaian)\b")
NUMBERED = re.compile(r" \d{1,2}$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, the field it is taken for (or None), whether that is sure, and why it
    is left aside."""

    text: str
    field: str | None
    is_sure: bool
    why: SkipReason | None = None
    same: int | None = None  # the column that holds the same target


@dataclass(slots=True)
class PlanLayout:
    """The header of a sheet: its first and last row, and the columns by number from 0."""

    top: int
    bottom: int
    columns: dict[int, Column] = field(default_factory=dict)
    _places: dict[str, list[int]] | None = None
    _targets: dict[int, Slot] | None = None
    cut: int = 0  # merged cells of the header that reach below it

    def of(self, name: str) -> list[int]:
        """Return the columns of a field, from the left."""
        if self._places is None:
            self._places = {}
            for at, column in sorted(self.columns.items()):
                if column.field is not None:
                    self._places.setdefault(column.field, []).append(at)
        return self._places.get(name, [])

    def first(self, name: str) -> int | None:
        """Return the first column of a field."""
        places = self.of(name)
        return places[0] if places else None

    @property
    def targets(self) -> dict[int, Slot]:
        """Return which target each column of targets holds."""
        if self._targets is None:
            found = {at: parse_target_field(part.field or "") for at, part in self.columns.items()}
            self._targets = {at: target for at, target in found.items() if target}
        return self._targets

    def replace(self, at: int, column: Column) -> None:
        """Take a column for something else."""
        self.columns[at] = column
        self._places = self._targets = None

    @property
    def is_template(self) -> bool:
        """Whether it is our own: both id columns are there."""
        return bool(self.of(Field.ACTION_KEY) and self.of(Field.INDICATOR_KEY))

    @property
    def score(self) -> float:
        """How much of it is understood; 0 where it cannot be a plan."""
        fields = {column.field for column in self.columns.values() if column.field}
        if not fields & {Field.ACTION, Field.INDICATOR} or len(fields) < NEEDED:
            return 0
        sure = sum(column.is_sure for column in self.columns.values() if column.field)
        return len(fields) + sure / 10 - (self.bottom - self.top) / 100 - self.cut / 2


def letters(column: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def chosen_for(choices: Mapping[str, str], sheet: str) -> dict[str, str]:
    """Return column letters to fields for one sheet: "C" is of every sheet, "Sheet!C" of one."""
    found = {key: name for key, name in choices.items() if "!" not in key}
    mark = f"{sheet}!"
    found |= {key.removeprefix(mark): name for key, name in choices.items() if key.startswith(mark)}
    return found


def header_for(choices: Mapping[str, int], sheet: str) -> int | None:
    """Return the row (from 0) that a person chose as the header of a sheet."""
    row = choices.get(sheet, choices.get(ANY_SHEET))
    return None if row is None else row - 1


def find(grid: Grid, chosen: Mapping[str, str], header: int | None = None) -> PlanLayout | None:
    """Return the header of a sheet, or None where it has none that a plan could have.

    `chosen` maps a column's letters to a field, `header` is the row that is the header, as a person
    decided: then something is always found.
    """
    best: PlanLayout | None = None
    covers = _covers(grid)
    tops = list(grid.rows)[:LOOKED_AT] if header is None else [header]
    left = min((min(cells) for cells in grid.rows.values() if cells), default=0)
    if header is None:  # a text alone at the left edge is a title, never a header
        tops = [row for row in tops if list(grid.rows[row]) != [left]] or tops
    for top in tops:
        for depth in range(DEEPEST):
            if depth and top + depth not in grid.rows and not _reaches(grid, top, top + depth):
                break
            if depth and not _may_be_header(grid, top + depth):
                break
            layout = _layout(grid, covers, top, top + depth)
            if layout.score > (best.score if best else 0):
                best = layout
    if best is None and (chosen or header is not None):
        best = guess(grid, header)
    if best is not None:
        _unlabelled(grid, best)
        _choose(best, chosen)
    return best


def _may_be_header(grid: Grid, row: int) -> bool:
    """Return whether a row may be a lower row of a header.
    Such a row has no figure but years, and most of its words are those of headers."""
    texts = [text for cell in grid.rows.get(row, {}).values() if (text := header_text(cell))]
    if any(text.lstrip("([<>≥≤ ")[:1].isdigit() and not YEAR.fullmatch(text) for text in texts):
        return False
    known = sum(is_known(folded(text)) for text in texts)
    return known * 2 >= len(texts)


@functools.lru_cache(maxsize=4096)
def is_known(text: str) -> bool:
    """Whether a text is one that headers have: a field, a year, a part of one, money."""
    words = set(text.split())
    return bool(
        YEAR.search(text)
        or words & (FIGURE | MONEY | LEVELS)
        or text in SHARES
        or text in EXACT
        or text in SECOND_BEST
        or text in NOT_OURS
        or text in ROMAN
        or (part_of([text]) and len(words) <= 3)
        or (
            3 < len(text) <= LONGEST_LABEL
            and process.extractOne(text, EXACT.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
        )
    )


def guess(grid: Grid, header: int | None = None) -> PlanLayout:
    """Return the row that looks most like a header where none of its words is known.
    It is the first with the most texts, or the one that a person pointed at."""
    rows = list(grid.rows)[:LOOKED_AT]
    top = header if header is not None else max(rows, key=lambda row: (_texts(grid, row), -row))
    return _layout(grid, _covers(grid), top, top)


def _texts(grid: Grid, row: int) -> int:
    return sum(isinstance(cell.value, str) for cell in grid.rows[row].values())


def header_rows(grid: Grid) -> list[HeaderRow]:
    """Return the rows among which a person can choose the header."""
    found = []
    for row in list(grid.rows)[:HEADER_ROWS]:
        texts = [header_text(cell) for cell in grid.rows[row].values()]
        sample = " · ".join(filter(None, texts))
        sample = HELD_BACK if blocks(sample) else sample
        found.append(HeaderRow(row=row + 1, text=sample[:LONGEST_SAMPLE]))
    return found


def _unlabelled(grid: Grid, layout: PlanLayout) -> None:
    """Take in the columns that have no header and something below it: a person may name them.
    One of short words next to a target is a unit, to be confirmed."""
    below: dict[int, list[Cell]] = {}
    for row, cells in grid.rows.items():
        if row > layout.bottom:
            for at, cell in cells.items():
                if at not in layout.columns:
                    below.setdefault(at, []).append(cell)
    for at, found in sorted(below.items()):
        words = [cell.value for cell in found]
        is_unit = (
            at - 1 in layout.targets
            and not layout.of(Field.UNIT)
            and all(
                isinstance(word, str)
                and len(word) <= LONGEST_UNIT
                and not any(letter.isdigit() for letter in word)
                for word in words
            )
        )
        layout.replace(at, Column("", Field.UNIT if is_unit else None, is_sure=not is_unit))


def _choose(layout: PlanLayout, chosen: Mapping[str, str]) -> None:
    for at, column in layout.columns.items():
        decided = chosen.get(letters(at))
        if decided is not None:
            name = None if decided == LEAVE_OUT else decided
            # The page sends "leave out" for a target without a year before anyone was asked.
            why = SkipReason.NO_YEAR if name is None and column.why is SkipReason.NO_YEAR else None
            layout.replace(at, Column(column.text, name, True, why))


def headings(layout: PlanLayout, sheet: str = "") -> list[Heading]:
    """Return the columns as the screen shows them; `sheet` names one behind the first."""
    return [
        Heading(
            column=letters(at),
            text=HELD_BACK if blocks(column.text) else column.text,
            field=column.field,
            is_sure=column.is_sure,
            sheet=sheet,
        )
        for at, column in sorted(layout.columns.items())
    ]


def _covers(grid: Grid) -> dict[tuple[int, int], tuple[int, int]]:
    """Return for each covered place near the top the first place of its merged range."""
    last = list(grid.rows)[:LOOKED_AT][-1:] or [0]
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for first, end in grid.merges:
        if first[0] > last[0] or end[1] - first[1] > 250:
            continue
        for row in range(first[0], min(end[0], last[0] + DEEPEST) + 1):
            for column in range(first[1], end[1] + 1):
                found[row, column] = first
    return found


def _reaches(grid: Grid, top: int, row: int) -> bool:
    return any(first[0] <= top and end[0] >= row for first, end in grid.merges)


def _layout(
    grid: Grid, covers: Mapping[tuple[int, int], tuple[int, int]], top: int, bottom: int
) -> PlanLayout:
    """Return the header that rows `top` to `bottom` would be."""
    texts: dict[int, list[str]] = {}
    used = [column for row in range(top, bottom + 1) for column in grid.rows.get(row, {})]
    for row in range(top, bottom + 1):
        carried = ""
        for column in range(min(used, default=0), max(used, default=-1) + 1):
            place = covers.get((row, column), (row, column))
            text = header_text(grid.cell(*place))[:LONGEST_HEADER]
            if text:
                carried = text if row < bottom else ""
            # A heading over several columns that were not merged is in the first of them.
            elif row < bottom and carried and _is_part(grid, row, bottom, column):
                text = carried
            parts = texts.setdefault(column, [])
            if text and text not in parts[-1:]:
                parts.append(text)
    year = _only_year(grid, top)
    layout = PlanLayout(top, bottom)
    for column, parts in texts.items():
        if parts:
            layout.replace(column, _column(tuple(parts), year))
    _settle(layout)
    layout.cut = sum(
        1
        for first, end in grid.merges
        if top <= first[0] <= bottom < end[0] <= first[0] + DEEPEST and grid.cell(*first)
    )
    below = [folded(header_text(cell)) for cell in grid.rows.get(bottom + 1, {}).values()]
    if len(below) > 1 and all(text in SHARES for text in below):  # it belongs to the header
        layout.cut += DEEPEST
    return layout


def _only_year(grid: Grid, top: int) -> int | None:
    """Return the one year that the title above a header names, or None."""
    years = {
        int(year)
        for row, cells in grid.rows.items()
        if row < top
        for cell in cells.values()
        for year in re.findall(rf"(?<!\d){YEAR.pattern}(?!\d)", header_text(cell))
    }
    return years.pop() if len(years) == 1 else None


def _is_part(grid: Grid, row: int, bottom: int, column: int) -> bool:
    """Return whether the cells below an empty one belong under a heading to its left.
    Such cells are a year, a part of one, a figure or its money."""
    below = [folded(header_text(grid.cell(lower, column))) for lower in range(row + 1, bottom + 1)]
    return any(
        YEAR.fullmatch(text)
        or (text and (text in FIGURE or text in MONEY or text in SHARES or part_of([text])))
        for text in below
    )


@functools.lru_cache(maxsize=4096)
def _column(parts: tuple[str, ...], year: int | None) -> Column:  # noqa: C901
    text = " / ".join(parts)
    whole = folded(text)
    last = folded(parts[-1])
    if len(parts) > 1 and last in EXACT:  # "Satuan" under "Target 2026" is a unit
        return Column(text, EXACT[last], is_sure=True)
    if len(parts) > 1 and last in NOT_OURS and not ({last} & (MONEY | DONE)):
        return Column(text, None, True, SkipReason.NOT_OURS)
    target = named(parts, year)
    if target is not None:
        return Column(text, *target)
    # The lowest row names the column; a row above it names a group.
    for candidate in (folded(parts[-1]), whole, folded(parts[0])):
        if candidate in EXACT:
            return Column(text, EXACT[candidate], is_sure=True)
    if folded(parts[-1]) in NOT_OURS or whole in NOT_OURS:
        return Column(text, None, True, SkipReason.NOT_OURS)
    for candidate in (folded(parts[-1]), folded(parts[0])):
        bare = NUMBERED.sub("", candidate)  # "pemangku_kepentingan_1"
        if bare in SECOND_BEST or bare in EXACT:
            return Column(text, SECOND_BEST.get(bare) or EXACT[bare], is_sure=False)
    if 3 < len(parts[-1]) <= LONGEST_LABEL:
        found = process.extractOne(
            folded(parts[-1]), EXACT.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE
        )
        if found:
            return Column(text, EXACT[found[0]], is_sure=False)
    return Column(text, None, is_sure=False)


def _rivals(layout: PlanLayout) -> dict[int, int]:
    """Return the columns of one target that measure different things, each with another of them.
    For example women and men, minimum and maximum. The sum or the revised target has no rivals."""
    same: dict[str, list[int]] = {}
    for at, column in layout.columns.items():
        if column.field is not None and column.is_sure and parse_target_field(column.field):
            same.setdefault(column.field, []).append(at)
    found: dict[int, int] = {}
    for places in same.values():
        if len({folded(layout.columns[at].text) for at in places}) < 2 or _whole(layout, places):
            continue
        found |= {at: next(other for other in places if other != at) for at in places}
    return found


def _whole(layout: PlanLayout, places: list[int]) -> list[int]:
    """Return which of the columns of one target is surely it: the revised one, else the sum."""
    for pattern in (REVISED, SUM):
        found = [at for at in places if pattern.search(folded(layout.columns[at].text))]
        if len(found) == 1:
            return found
    return []


def _settle(layout: PlanLayout) -> None:
    """One column a field, the surest and leftmost; agencies that help may have several."""
    taken: dict[str, int] = {}
    targets = {at for at, one in layout.columns.items() if parse_target_field(one.field or "")}
    order = sorted(
        layout.columns.items(),
        key=lambda item: (
            not item[1].is_sure,
            not CODE.search(folded(item[1].text)),  # "No" next to it only counts the rows
            not REVISED.search(folded(item[1].text)),
            not SUM.search(folded(item[1].text)),
            # Of two units that behind the target is its own.
            item[1].field == Field.UNIT and item[0] - 1 not in targets,
            item[0],
        ),
    )
    rivals = _rivals(layout)
    for at, column in order:
        if at in rivals:
            layout.replace(at, Column(column.text, None, False, SkipReason.RIVAL, rivals[at]))
            continue
        if column.field is None or column.field == Field.SUPPORT:
            continue
        if column.field not in taken:
            taken[column.field] = at
            continue
        # "Penanggung jawab" next to "Instansi pelaksana": the second does the work with it.
        second = Field.SUPPORT if column.field == Field.LEAD and not column.is_sure else None
        why = SkipReason.TWICE if second is None and parse_target_field(column.field) else None
        same = taken[column.field] if why else None
        layout.replace(at, Column(column.text, second, is_sure=False, why=why, same=same))
