"""The tables of a file that list people, row by row. Merged cells, "the same as above", faulty
formulas and duplicate columns are resolved before a cell's meaning is read."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from coordinator import numbers
from coordinator.people.importing import layout
from coordinator.people.importing.layout import PeopleLayout
from coordinator.people.importing.rules import (
    OF_THE_GROUP,
    OWN_SHEETS,
    CellProblem,
    FileProblem,
    PeopleColumn,
)
from coordinator.platform.spreadsheets import kinds
from coordinator.platform.spreadsheets.cells import Book, Cell, Grid
from coordinator.platform.spreadsheets.dittos import FILLED, NOTHING_ABOVE, is_ditto
from coordinator.platform.spreadsheets.kinds import BadSheet, BookKind
from coordinator.platform.spreadsheets.marks import Fault

OTHER_SHEETS = "Lembar tidak dibaca, karena tidak ada kolom OPD dan Nama: {}."
FAULTS = {Fault.NO_RESULT: CellProblem.FORMULA, Fault.ERROR: CellProblem.FAULT}
Problems = list[tuple[PeopleColumn, str]]


class BadList(Exception):
    """The file has no list of people in it."""

    def __init__(self, problem: FileProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class PeopleTable:
    """A sheet with a header of people, read row by row."""

    def __init__(self, grid: Grid, header: PeopleLayout, *, prefix: str) -> None:
        self.grid = grid
        self._layout = header
        self._prefix = f"{prefix}: " if prefix else ""
        self._notes = [part.sentence for part in grid.left_out] + header.notes(grid)
        self._above: dict[PeopleColumn, str] = {}
        self._filled: list[int] = []

    @property
    def said(self) -> list[str]:
        """Return, once it is read, the sentences about what was left out or filled."""
        filled = [FILLED % ", ".join(map(str, self._filled))] if self._filled else []
        return [f"{self._prefix}{sentence}" for sentence in [*self._notes, *filled]]

    def people(self) -> Iterator[tuple[int, dict[PeopleColumn, str], Problems]]:
        """Yield the rows that have a person: the row, its texts, and the problems of its cells."""
        for row in self.grid.rows:
            if row <= self._layout.bottom:
                continue
            again = layout.at(self.grid, row)
            if again is not None:  # a second table, or the header of the next printed page
                if again.titles != self._layout.titles:
                    self._notes += again.notes(self.grid)
                self._layout = again
                continue
            places = [place for some in self._layout.columns.values() for place in some]
            if not any(self.grid.cell(row, place) for place in places):
                continue
            problems: Problems = []
            texts = {
                column: self._read(row, column, places, problems)
                for column, places in self._layout.columns.items()
            }
            self._above = texts
            yield row, texts, problems

    def _read(self, row: int, column: PeopleColumn, places: list[int], problems: Problems) -> str:
        """Return a row's text in a column.

        It is the row's own, that of a merged cell, or the text above if the cell says "the same".
        """
        cells = [cell for place in places if (cell := self.grid.cell(row, place))]
        if not cells:
            cells = [cell for place in places if (cell := self._merged(row, place))]
            if cells and column not in OF_THE_GROUP:
                problems.append((column, CellProblem.MERGED))
                return ""
        fault = next((cell.fault for cell in cells if cell.fault is not None), None)
        if fault is not None:
            problems.append((column, FAULTS[fault]))
            return ""
        texts = {_compared(column, text): text for cell in cells if (text := _text(cell))}
        if len(texts) > 1:
            problems.append((column, CellProblem.TWO_COLUMNS))
            return ""
        text = next(iter(texts.values()), "")
        if not is_ditto(text):
            return text
        if not self._above.get(column):
            problems.append((column, NOTHING_ABOVE % text))
            return ""
        if row + 1 not in self._filled:
            self._filled.append(row + 1)
        return self._above[column]

    def _merged(self, row: int, place: int) -> Cell | None:
        """Return the cell that is merged down to a place from another person's row."""
        cell = self.grid.at(row, place)
        first = cell.from_merge if cell else None
        is_down = first is not None and first[1] == place and first[0] > self._layout.bottom
        return cell if is_down else None


def tables_of(data: bytes) -> tuple[list[PeopleTable], list[str]]:
    """Return the visible sheets that list people, and sentences about what was left out."""
    kind = kinds.kind_of(data)
    if kind is BookKind.YAML:
        raise BadSheet(kinds.UNKNOWN)
    book = Book(data, kind)
    found: list[PeopleTable] = []
    said = [part.sentence for part in book.left_out_sheets]
    others: list[str] = []
    for sheet in book.sheets:
        if not sheet.is_visible:
            continue
        grid = book.grid(sheet.name)
        header = layout.first(grid)
        if header is not None:
            found.append(
                PeopleTable(grid, header, prefix=sheet.name if len(book.sheets) > 1 else "")
            )
        elif sheet.rows and sheet.name not in OWN_SHEETS:
            others.append(sheet.name)
    if not found:
        raise BadList(FileProblem.NO_HEADER)
    if others:
        said.append(OTHER_SHEETS.format(", ".join(others[: layout.MOST_NAMED])))
    return found, said


def _text(cell: Cell | None) -> str:
    value = cell.value if cell else None
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return numbers.shown(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def _compared(column: PeopleColumn, text: str) -> str:
    """Return a text as it is compared with that of another column of its kind."""
    signs = filter(str.isalnum, text) if column is PeopleColumn.TELEPHONE else text.split()
    return "".join(signs).casefold()
