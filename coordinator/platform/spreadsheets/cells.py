"""A spreadsheet's bytes to grids of cells as they are shown: the one way in for sheets and CSV.

Rows and columns count from 0, as in the file. What is hidden or struck out is left out and said,
unless the caller takes it.
"""

import io
import math
import re
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import python_calamine

from coordinator.platform.documents.csvfile import FORMULA_STARTS
from coordinator.platform.spreadsheets import csvtext, kinds, ods, xlsx
from coordinator.platform.spreadsheets.formats import PLAIN
from coordinator.platform.spreadsheets.kinds import BadSheet, BookKind
from coordinator.platform.spreadsheets.marks import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    Fault,
    Marks,
    Place,
)
from coordinator.platform.spreadsheets.shapes import LeftOut, Reason, Sheet
from coordinator.typed import clean

Value = str | Decimal | bool | date | None

TOO_MANY = (
    f"Lembar “%s” terlalu besar untuk dibaca: paling banyak {MOST_ROWS // 1000}.000 baris "
    f"berisi dan {MOST_COLUMNS} kolom. Hapus baris dan kolom yang tidak perlu."
)
# What a faulty formula leaves in a CSV.
ERROR_TEXT = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)|Err:5\d\d")
LARGEST_WHOLE = 2**53  # kept exactly
NO_SHEET = "Berkas ini tidak memuat lembar kerja yang berisi."
ONLY_HIDDEN = "Semua lembar yang berisi tersembunyi. Tampilkan lembar yang dimaksud, lalu simpan."


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with something in it, as it is shown.

    A number shown as a percentage is kept as the percentage. `unit` and `before` are what the
    number's format writes behind and in front of it. A text keeps its line ends as "\\n".
    `from_merge`: the first cell of the merged range that gave this one its value.
    """

    value: Value
    is_percent: bool = False
    fault: Fault | None = None
    unit: str = ""
    before: str = ""
    from_merge: Place | None = None
    thousands: int = 0


@dataclass(slots=True)
class Grid:
    """One sheet's cells, sparse, with its merged ranges and what was left out."""

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merges: list[tuple[Place, Place]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    unseen: set[Place] = field(default_factory=set)  # numbers whose format shows nothing
    _covers: dict[int, list[tuple[Place, Place]]] | None = None

    def cell(self, row: int, column: int) -> Cell | None:
        """Return the cell at a place, or None where it is empty."""
        return self.rows.get(row, {}).get(column)

    def at(self, row: int, column: int) -> Cell | None:
        """Return the cell at a place, or that of the merged range it belongs to, down or to the
        right, which has `from_merge` then. Raises BadSheet where there are endless ranges."""
        own = self.cell(row, column)
        if own is not None:
            return own
        for first, last in self._ranges().get(row, ()):
            if first[1] <= column <= last[1] and (row, column) != first:
                source = self.cell(*first)
                if source is None:
                    return None
                return Cell(
                    source.value,
                    source.is_percent,
                    source.fault,
                    source.unit,
                    source.before,
                    from_merge=first,
                    thousands=source.thousands,
                )
        return None

    def _ranges(self) -> dict[int, list[tuple[Place, Place]]]:
        if self._covers is None:
            if sum(last[0] - first[0] + 1 for first, last in self.merges) > MOST_CELLS:
                raise BadSheet(TOO_MANY % self.name)
            self._covers = {}
            for first, last in self.merges:
                for row in range(first[0], last[0] + 1):
                    self._covers.setdefault(row, []).append((first, last))
        return self._covers


def letters(column: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


class Book:
    """An opened file: its sheets by name; a sheet's cells only when asked for."""

    def __init__(self, data: bytes, kind: BookKind) -> None:
        """Open XLSX, ODS or CSV. Raises BadSheet."""
        self._book: python_calamine.CalamineWorkbook | None = None
        self._data = data
        self._table: Grid | None = None
        self._marks: dict[str, Marks] = {}
        if kind is BookKind.CSV:
            self._table = _csv_grid(data)
            self._marks[""] = Marks("", rows=len(self._table.rows))
            return
        data = self._data = kinds.with_slashes(data)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                found = xlsx.marks_of(archive) if kind is BookKind.XLSX else ods.marks_of(archive)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
            raise BadSheet(kinds.DAMAGED) from error
        self._marks = {sheet.name: sheet for sheet in found}
        if kind is BookKind.ODS:  # its library takes all sheets at once
            for sheet in found:
                _check(sheet)

    def _opened(self) -> python_calamine.CalamineWorkbook:
        """Return the library's workbook; it is opened only for a sheet that is not too large."""
        if self._book is None:
            try:
                self._book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(self._data))
            except python_calamine.PasswordError as error:
                raise BadSheet(kinds.LOCKED) from error
            except (python_calamine.CalamineError, OSError, ValueError) as error:
                raise BadSheet(kinds.DAMAGED) from error
        return self._book

    @property
    def sheets(self) -> list[Sheet]:
        """The file's sheets."""
        return [
            Sheet(name=sheet.name, is_visible=sheet.is_visible, rows=sheet.rows)
            for sheet in self._marks.values()
        ]

    @property
    def left_out_sheets(self) -> list[LeftOut]:
        """The hidden sheets with something in them, as one part; none where there are none."""
        names = [sheet.name for sheet in self.sheets if sheet.rows and not sheet.is_visible]
        return [LeftOut(reason=Reason.HIDDEN_SHEET, places=names)] if names else []

    def grid(self, name: str, *, take: Collection[Reason] = (), keep: Collection[str] = ()) -> Grid:
        """Return a sheet's cells. Raises BadSheet where the sheet is too large.

        Hidden and struck-out rows, columns and cells are left out (`Grid.left_out`), but for the
        reasons in `take`. A hidden column with a cell that is exactly a text in `keep` is one that
        a program hid: it is read without a note.
        """
        if self._table is not None:
            return self._table
        sheet = self._marks[name]
        _check(sheet)
        grid = Grid(name, merges=_within(sheet))
        if sheet.rows == 0:
            return grid
        try:
            source = self._opened().get_sheet_by_name(name)
            shift = source.start[1] if source.start else 0
            for row, values in enumerate(source.iter_rows()):
                _fill(grid, sheet, row, shift, values)
        except (python_calamine.CalamineError, ValueError) as error:
            raise BadSheet(kinds.DAMAGED) from error
        for (row, column), fault in sheet.faults.items():
            grid.rows.setdefault(row, {})[column] = Cell(None, fault=fault)
        _leave_out(grid, sheet, frozenset(take), frozenset(keep))
        grid.rows = {row: cells for row, cells in sorted(grid.rows.items()) if cells}
        return grid


def _check(sheet: Marks) -> None:
    if sheet.is_too_large:
        raise BadSheet(TOO_MANY % sheet.name)


def _within(sheet: Marks) -> list[tuple[Place, Place]]:
    """Return the merged ranges as far as the sheet is used, one for each first cell."""
    found: dict[Place, Place] = {}
    for first, last in sheet.merges:
        if first[0] <= sheet.last_row and first[1] <= sheet.last_column:
            found[first] = (min(last[0], sheet.last_row), min(last[1], sheet.last_column))
    return list(found.items())


def _fill(grid: Grid, sheet: Marks, row: int, shift: int, values: Sequence[object]) -> None:  # noqa: C901
    for column, raw in enumerate(values, start=shift):
        if raw == "" or raw is None:
            continue
        if isinstance(raw, float) and not math.isfinite(raw):
            sheet.faults.setdefault((row, column), Fault.ERROR)  # what programs write for "none"
            continue
        value = _typed(sheet.texts.get((row, column), raw))
        if value is None:
            continue
        shown = sheet.formats.get((row, column), PLAIN)
        if isinstance(value, Decimal):
            words = shown.words if value else shown.zero
            if words is not None and not value and not words:
                continue  # a 0 that nobody sees
            if words:
                grid.rows.setdefault(row, {})[column] = Cell(words)
                continue
            if words is not None:
                grid.unseen.add((row, column))
            if shown.is_percent:
                value *= 100
            elif shown.thousands:
                value /= 1000**shown.thousands
        else:
            shown = PLAIN
        grid.rows.setdefault(row, {})[column] = Cell(
            value,
            shown.is_percent,
            unit=shown.unit,
            before=shown.before,
            thousands=0 if shown.is_percent else shown.thousands,
        )


def _typed(raw: object) -> Value:
    if isinstance(raw, str):
        text = clean(raw.replace("\r\n", "\n"))
        return text if text.strip() else None
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, int | float):
        if float(raw).is_integer() and abs(raw) < LARGEST_WHOLE:
            return Decimal(int(raw))  # all 16 digits of a NIK, so that it is found
        # A sheet keeps 15 digits; the digits after them are noise of binary fractions.
        return Decimal(format(raw, ".15g"))
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, time | timedelta):
        return str(raw)
    return None


def _leave_out(grid: Grid, sheet: Marks, take: frozenset[Reason], keep: frozenset[str]) -> None:  # noqa: C901
    """Take hidden and struck-out parts from the grid, and note them."""
    own = {
        column
        for cells in (grid.rows.values() if keep and sheet.hidden_columns else ())
        for column, cell in cells.items()
        if cell.value in keep
    }
    used = {column for cells in grid.rows.values() for column in cells}
    hidden_rows = [row for row in grid.rows if row in sheet.hidden_rows]
    hidden_columns = sorted((sheet.hidden_columns & used) - own)
    # A text that is struck out in part has lost that part already.
    struck = {place for place in sheet.struck if grid.cell(*place) and place not in sheet.texts}
    struck_rows = [
        row
        for row, cells in grid.rows.items()
        if cells and row not in sheet.hidden_rows and all((row, at) in struck for at in cells)
    ]
    whole = {*struck_rows, *sheet.hidden_rows}
    gone = {*hidden_columns}
    cells_struck = sorted(
        place
        for place in sheet.struck
        if place[0] not in whole and place[1] not in gone and grid.cell(*place)
    )
    unseen = sorted(
        place for place in grid.unseen if place[0] not in whole and place[1] not in gone
    )
    found: list[tuple[Reason, list[str]]] = [
        (Reason.HIDDEN_ROW, [str(row + 1) for row in hidden_rows]),
        (Reason.HIDDEN_COLUMN, [letters(column) for column in hidden_columns]),
        (Reason.STRUCK_ROW, [str(row + 1) for row in struck_rows]),
        (Reason.STRUCK_CELL, [f"{letters(column)}{row + 1}" for row, column in cells_struck]),
        (Reason.UNSEEN_NUMBER, [f"{letters(column)}{row + 1}" for row, column in unseen]),
    ]
    grid.left_out = [
        LeftOut(reason=reason, sheet=grid.name, places=places, is_taken=reason in take)
        for reason, places in found
        if places
    ]
    for reason, rows in ((Reason.HIDDEN_ROW, hidden_rows), (Reason.STRUCK_ROW, struck_rows)):
        if reason not in take:
            for row in rows:
                del grid.rows[row]
    if Reason.HIDDEN_COLUMN not in take:
        for cells in grid.rows.values():
            for column in gone & cells.keys():
                del cells[column]
    if Reason.UNSEEN_NUMBER not in take:
        for row, column in unseen:
            grid.rows.get(row, {}).pop(column, None)
    if Reason.STRUCK_CELL not in take:
        for row, column in struck.intersection(cells_struck):
            grid.rows.get(row, {}).pop(column, None)


def _csv_grid(data: bytes) -> Grid:
    grid = Grid("")
    for number, row in enumerate(csvtext.rows_of(csvtext.decoded(data))):
        if len(row) > MOST_COLUMNS:
            raise BadSheet(TOO_MANY % "CSV")
        cells: dict[int, Cell] = {}
        for column, raw in enumerate(row):
            value = _typed(_unguarded(raw))
            if isinstance(value, str) and ERROR_TEXT.fullmatch(value.strip()):
                cells[column] = Cell(None, fault=Fault.ERROR)
            elif value is not None:
                cells[column] = Cell(value)
        if cells:
            grid.rows[number] = cells
        if len(grid.rows) > MOST_ROWS:
            raise BadSheet(TOO_MANY % "CSV")
    if not grid.rows:
        raise BadSheet(kinds.EMPTY)
    return grid


def _unguarded(text: str) -> str:
    """Undo the apostrophe that keeps a formula text, as our CSV and Excel's hint write it."""
    is_guarded = text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS)
    return text[1:] if is_guarded else text
