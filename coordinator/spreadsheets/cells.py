"""A spreadsheet's bytes to grids of typed cells. Rows and columns count from 0, as in the file."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import python_calamine

from coordinator.documents.csvfile import FORMULA_STARTS
from coordinator.spreadsheets import csvtext, kinds, marks
from coordinator.spreadsheets.kinds import Kind, Refused
from coordinator.spreadsheets.marks import MOST_COLUMNS, MOST_ROWS, Fault, Marks, Place
from coordinator.spreadsheets.shapes import Sheet

Value = str | Decimal | bool | date | None

TOO_MANY = (
    f"Lembar “%s” terlalu besar untuk sebuah rencana: paling banyak {MOST_ROWS // 1000}.000 baris "
    f"berisi dan {MOST_COLUMNS} kolom. Hapus baris dan kolom yang bukan rencana."
)
NO_SHEET = "Berkas ini tidak memuat lembar kerja yang berisi."
ONLY_HIDDEN = "Semua lembar yang berisi tersembunyi. Tampilkan lembar rencananya, lalu simpan."


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with something in it. A number shown as a percentage is kept as the percentage."""

    value: Value
    is_percent: bool = False
    fault: Fault | None = None


@dataclass(slots=True)
class Grid:
    """One sheet's cells, sparse, with its merged ranges."""

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merges: list[tuple[Place, Place]] = field(default_factory=list)
    hidden_rows: int = 0

    def cell(self, row: int, column: int) -> Cell | None:
        """Return the cell at a place, or None where it is empty."""
        return self.rows.get(row, {}).get(column)


class Book:
    """An opened file: its sheets by name; a sheet's cells only when asked for."""

    def __init__(self, data: bytes, kind: Kind) -> None:
        """Open XLSX, ODS or CSV. Raises Refused."""
        self._book: python_calamine.CalamineWorkbook | None = None
        self._data = data
        self._table: Grid | None = None
        self._marks: dict[str, Marks] = {}
        if kind is Kind.CSV:
            self._table = _csv_grid(data)
            self._marks[""] = Marks("", rows=len(self._table.rows))
            return
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                found = marks.of_xlsx(archive) if kind is Kind.XLSX else marks.of_ods(archive)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
            raise Refused(kinds.DAMAGED) from error
        self._marks = {sheet.name: sheet for sheet in found}
        if kind is Kind.ODS:  # its library takes all sheets at once
            for sheet in found:
                _check(sheet)

    def _opened(self) -> python_calamine.CalamineWorkbook:
        """Return the library's workbook; it is opened only for a sheet that is not too large."""
        if self._book is None:
            try:
                self._book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(self._data))
            except python_calamine.PasswordError as error:
                raise Refused(kinds.LOCKED) from error
            except (python_calamine.CalamineError, OSError, ValueError) as error:
                raise Refused(kinds.DAMAGED) from error
        return self._book

    @property
    def sheets(self) -> list[Sheet]:
        """The file's sheets."""
        return [
            Sheet(name=sheet.name, is_visible=sheet.is_visible, rows=sheet.rows)
            for sheet in self._marks.values()
        ]

    def grid(self, name: str) -> Grid:
        """Return a sheet's cells. Raises Refused where the sheet is too large."""
        if self._table is not None:
            return self._table
        sheet = self._marks[name]
        _check(sheet)
        grid = Grid(name, merges=_within(sheet), hidden_rows=sheet.hidden_rows)
        if sheet.rows == 0:
            return grid
        try:
            source = self._opened().get_sheet_by_name(name)
            shift = source.start[1] if source.start else 0
            for row, values in enumerate(source.iter_rows()):
                _fill(grid, sheet, row, shift, values)
        except (python_calamine.CalamineError, ValueError) as error:
            raise Refused(kinds.DAMAGED) from error
        for (row, column), fault in sheet.faults.items():
            grid.rows.setdefault(row, {})[column] = Cell(None, fault=fault)
        grid.rows = dict(sorted(grid.rows.items()))
        return grid


def _check(sheet: Marks) -> None:
    if sheet.is_too_large:
        raise Refused(TOO_MANY % sheet.name)


def _within(sheet: Marks) -> list[tuple[Place, Place]]:
    """Return the merged ranges as far as the sheet is used, one for each first cell."""
    found: dict[Place, Place] = {}
    for first, last in sheet.merges:
        if first[0] <= sheet.last_row and first[1] <= sheet.last_column:
            found[first] = (min(last[0], sheet.last_row), min(last[1], sheet.last_column))
    return list(found.items())


def _fill(grid: Grid, sheet: Marks, row: int, shift: int, values: Sequence[object]) -> None:
    for column, raw in enumerate(values, start=shift):
        if raw == "" or raw is None:
            continue
        is_percent = (row, column) in sheet.percents
        value = _typed(raw)
        if value is None:
            continue
        if is_percent and isinstance(value, Decimal):
            value *= 100
        grid.rows.setdefault(row, {})[column] = Cell(value, is_percent)


def _typed(raw: object) -> Value:
    if isinstance(raw, str):
        return raw if raw.strip() else None
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, int | float):
        # A sheet keeps 15 digits; what stands behind them is noise of binary fractions.
        return Decimal(format(raw, ".15g"))
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, time | timedelta):
        return str(raw)
    return None


def _csv_grid(data: bytes) -> Grid:
    grid = Grid("")
    for number, row in enumerate(csvtext.rows_of(csvtext.decoded(data))):
        if len(row) > MOST_COLUMNS:
            raise Refused(TOO_MANY % "CSV")
        cells = {column: Cell(_unsafe(text)) for column, text in enumerate(row) if text.strip()}
        if cells:
            grid.rows[number] = cells
        if len(grid.rows) > MOST_ROWS:
            raise Refused(TOO_MANY % "CSV")
    if not grid.rows:
        raise Refused(kinds.EMPTY)
    return grid


def _unsafe(text: str) -> str:
    """Undo the apostrophe that keeps a formula text, as our CSV and Excel's hint write it."""
    is_guarded = text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS)
    return text[1:] if is_guarded else text
