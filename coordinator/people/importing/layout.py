"""Where in a sheet the people are: its header in one row or two, what each column is, and which
columns are not read. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from coordinator import screening
from coordinator.people.importing.headers import column_of, is_numbering, weak_column_of
from coordinator.people.importing.rules import HEADER_WITHIN, TITLES, PeopleColumn
from coordinator.platform.spreadsheets.cells import Cell, Grid, letters

LONGEST_HEADER = 60  # characters: longer text is a sentence
SHOWN = 40  # characters of a header in a sentence
MOST_NAMED = 12
NOT_READ = "Kolom yang tidak dikenal tidak dibaca: {}."
READ_TWICE = "Kolom {} sama-sama dibaca sebagai {}; bila isinya berbeda, barisnya ditolak."


@dataclass(slots=True)
class PeopleLayout:
    """A header and its columns. Rows and columns count from 0; people are below `bottom`."""

    top: int
    bottom: int
    columns: dict[PeopleColumn, list[int]] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)

    @property
    def is_list(self) -> bool:
        """Return whether it has the columns that every list of people needs."""
        return PeopleColumn.AGENCY in self.columns and PeopleColumn.NAME in self.columns

    def notes(self, grid: Grid) -> list[str]:
        """Say which columns are not read, and which two are one."""
        read = {place for places in self.columns.values() for place in places}
        filled = sorted(
            {
                place
                for row, cells in grid.rows.items()
                if row > self.bottom
                for place in cells
                if place not in read and not is_numbering(self.titles.get(place, ""))
            }
        )
        said = [
            READ_TWICE.format(" dan ".join(map(letters, places)), TITLES[column])
            for column, places in self.columns.items()
            if len(places) > 1
        ]
        if filled:
            named = ", ".join(self._named(place) for place in filled[:MOST_NAMED])
            more = len(filled) - MOST_NAMED
            said.append(NOT_READ.format(named + (f", dan {more} lagi" if more > 0 else "")))
        return said

    def _named(self, place: int) -> str:
        title = self.titles.get(place, "")
        if not title or screening.blocks(title):
            return f"{letters(place)} (tanpa judul)"
        return f"{letters(place)} “{title[:SHOWN]}”"


def first(grid: Grid) -> PeopleLayout | None:
    """Return the header of a sheet, or None if its first rows have none."""
    for row in grid.rows:
        if row >= HEADER_WITHIN:
            return None
        found = at(grid, row)
        if found is not None:
            return found
    return None


def at(grid: Grid, row: int) -> PeopleLayout | None:
    """Return the header that begins in a row, or None: a table may have it again further down."""
    titles = dict(_titles(grid.rows.get(row, {})))
    if not any(column_of(title) or weak_column_of(title) for title in titles.values()):
        return None
    two = _two_rows(grid, row, titles)
    if two is not None and two.is_list:
        return two
    one = _layout(row, row, titles)
    return one if one.is_list else None


def _titles(cells: dict[int, Cell]) -> Iterator[tuple[int, str]]:
    for place, cell in cells.items():
        if isinstance(cell.value, str) and len(cell.value) <= LONGEST_HEADER:
            yield place, " ".join(cell.value.split())


def _layout(top: int, bottom: int, titles: dict[int, str]) -> PeopleLayout:
    found = PeopleLayout(top, bottom, titles=titles)
    for place, title in sorted(titles.items()):
        column = column_of(title)
        if column is not None:
            found.columns.setdefault(column, []).append(place)
    for place, title in sorted(titles.items()):
        weak = weak_column_of(title)
        if weak is not None and weak not in found.columns:
            found.columns[weak] = [place]
    return found


def _two_rows(grid: Grid, row: int, above: dict[int, str]) -> PeopleLayout | None:
    """Return the header of a row and the one below: "Kontak" over "Surel" and "Telepon"."""
    below = dict(_titles(grid.rows.get(row + 1, {})))
    if len(below) < len(grid.rows.get(row + 1, {})):
        return None  # numbers and days: these are people
    titles = dict(above)
    is_header = False
    for place, title in below.items():
        group = _group(grid, row, place)
        known = next(
            (one for one in (title, f"{title} {group}", f"{group} {title}") if column_of(one)), None
        )
        is_header = is_header or known is not None
        if known is None and column_of(above.get(place, "")) is not None:
            return None  # a cell below a complete header: these are people
        titles[place] = known or f"{group} {title}".strip()
    return _layout(row, row + 1, titles) if is_header else None


def _group(grid: Grid, row: int, place: int) -> str:
    """Return the title above a column, which may be merged over several."""
    cell = grid.at(row, place)
    return " ".join(cell.value.split()) if cell and isinstance(cell.value, str) else ""
