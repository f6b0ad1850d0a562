"""Where a sheet's header is, and which column is which field."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from coordinator.plan.importing.columns import (
    LABELS,
    LEVEL_WORDS,
    MONEY,
    NOT_OURS,
    SECOND_BEST,
    SPELLINGS,
    YEAR,
    folded,
    header_text,
    parse_target_field,
    target_field,
)
from coordinator.plan.importing.shapes import LEAVE_OUT, Field, Heading
from coordinator.plan.rules import TargetLevel
from coordinator.spreadsheets.cells import Grid

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
TARGET_WORDS = frozenset(("target", "targets", "target capaian", "sasaran", "tahun", "th", "thn"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, the field it is taken for (or None), and whether that is sure."""

    text: str
    field: str | None
    is_sure: bool


@dataclass(slots=True)
class Layout:
    """The header of a sheet: its first and last row, and the columns by number from 0."""

    top: int
    bottom: int
    columns: dict[int, Column] = field(default_factory=dict)
    _places: dict[str, list[int]] | None = None
    _targets: dict[int, tuple[TargetLevel | None, int]] | None = None

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
    def targets(self) -> dict[int, tuple[TargetLevel | None, int]]:
        """Return level and year of each column of targets."""
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
        return len(fields) + sure / 10 - (self.bottom - self.top) / 100


def letters(column: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def find(grid: Grid, chosen: Mapping[str, str]) -> Layout | None:
    """Return the header of a sheet, or None where it has none that a plan could have.

    `chosen` maps a column's letters to a field, as a person decided.
    """
    best: Layout | None = None
    covers = _covers(grid)
    for top in list(grid.rows)[:LOOKED_AT]:
        for depth in range(DEEPEST):
            if depth and top + depth not in grid.rows and not _reaches(grid, top, top + depth):
                break
            layout = _layout(grid, covers, top, top + depth)
            if layout.score > (best.score if best else 0):
                best = layout
    if best is None and chosen:
        # Nothing is known of the words, and a person has said which column is which.
        top = next(iter(grid.rows))
        best = _layout(grid, covers, top, top)
    if best is not None:
        _choose(best, chosen)
    return best


def _choose(layout: Layout, chosen: Mapping[str, str]) -> None:
    for at, column in layout.columns.items():
        decided = chosen.get(letters(at))
        if decided is not None:
            name = None if decided == LEAVE_OUT else decided
            layout.replace(at, Column(column.text, name, is_sure=True))


def headings(layout: Layout) -> list[Heading]:
    """Return the columns as the screen shows them."""
    return [
        Heading(column=letters(at), text=column.text, field=column.field, is_sure=column.is_sure)
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
) -> Layout:
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
            # A heading over several columns that nobody merged stands over the first of them.
            elif row < bottom and carried and _is_part(grid, row, bottom, column):
                text = carried
            parts = texts.setdefault(column, [])
            if text and text not in parts[-1:]:
                parts.append(text)
    layout = Layout(top, bottom)
    for column, parts in texts.items():
        if parts:
            layout.replace(column, _column(tuple(parts)))
    _settle(layout)
    return layout


def _is_part(grid: Grid, row: int, bottom: int, column: int) -> bool:
    """Whether below an empty place stands a year or the second of two kinds of agencies."""
    below = (header_text(grid.cell(lower, column)) for lower in range(row + 1, bottom + 1))
    return any(YEAR.fullmatch(text) for text in below)


@functools.lru_cache(maxsize=4096)
def _column(parts: tuple[str, ...]) -> Column:
    text = " / ".join(parts)
    whole = folded(text)
    target = _target(parts)
    if target is not None:
        return Column(text, *target)
    # The lowest row names the column; what stands over it is a group.
    for candidate in (folded(parts[-1]), whole, folded(parts[0])):
        if candidate in EXACT:
            return Column(text, EXACT[candidate], is_sure=True)
    if folded(parts[-1]) in NOT_OURS or whole in NOT_OURS:
        return Column(text, None, is_sure=True)
    for candidate in (folded(parts[-1]), folded(parts[0])):
        if candidate in SECOND_BEST:
            return Column(text, SECOND_BEST[candidate], is_sure=False)
    if 3 < len(parts[-1]) <= LONGEST_LABEL:
        found = process.extractOne(
            folded(parts[-1]), EXACT.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE
        )
        if found:
            return Column(text, EXACT[found[0]], is_sure=False)
    return Column(text, None, is_sure=False)


def _target(parts: tuple[str, ...]) -> tuple[str | None, bool] | None:
    """Return the field and whether it is sure, where the header is one of targets."""
    words = folded(" ".join(parts))
    # "2025" over "Target", or "Target" over "2025".
    named = parts[0] if folded(parts[-1]) in TARGET_WORDS else parts[-1]
    years = re.findall(rf"(?<!\d){YEAR.pattern}(?!\d)", folded(named))
    if not years:
        # "Target" alone, of no year: a person says which.
        return (None, False) if words in TARGET_WORDS - {"sasaran", "tahun"} else None
    if len(set(years)) > 1 or len(folded(named).split()) > 8:
        return None
    if any(word in MONEY for word in words.split()):
        return None, True
    level = next(
        (
            level
            for level, names in LEVEL_WORDS.items()
            if any(re.search(rf"\b{name}\b", words) for name in names)
        ),
        None,
    )
    is_alone = YEAR.fullmatch(words) is not None
    if not is_alone and not any(word in TARGET_WORDS for word in words.split()):
        return target_field(level, int(years[0])), False
    return target_field(level, int(years[0])), not is_alone


def _settle(layout: Layout) -> None:
    """One column a field, the surest and leftmost; agencies that help may have several."""
    taken: dict[str, int] = {}
    order = sorted(layout.columns.items(), key=lambda item: (not item[1].is_sure, item[0]))
    for at, column in order:
        if column.field is None or column.field == Field.SUPPORT:
            continue
        if column.field not in taken:
            taken[column.field] = at
            continue
        # "Penanggung jawab" beside "Instansi pelaksana": the second does the work with it.
        second = Field.SUPPORT if column.field == Field.LEAD and not column.is_sure else None
        layout.replace(at, Column(column.text, second, is_sure=False))
