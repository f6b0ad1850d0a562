"""What a sheet holds in addition to its values.

This is how far it reaches, what each number's format shows, merged cells, faults, and what is
hidden or struck out.

The library that gives the values reports none of these, and reads a sheet whole; so the XML is
walked once before it, in pieces, and a sheet that is too large is never given to it. openpyxl
reports them, in ten times the time.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum, auto
from xml.parsers import expat

from coordinator.platform.spreadsheets.formats import NumberFormat
from coordinator.platform.spreadsheets.kinds import DAMAGED, BadSheet

MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_CELLS = 600_000  # filled ones
FURTHEST_ROW = 100_000
PIECE = 256 * 1024

Place = tuple[int, int]


class Fault(StrEnum):
    """Why a cell has no value of its own."""

    NO_RESULT = auto()
    ERROR = auto()


@dataclass(slots=True)
class Marks:
    """Of one sheet; rows and columns count from 0."""

    name: str
    is_visible: bool = True
    rows: int = 0  # with something in them
    cells: int = 0
    last_row: int = -1
    last_column: int = -1
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    struck: set[Place] = field(default_factory=set)
    formats: dict[Place, NumberFormat] = field(default_factory=dict)
    # Where the library's text is not the one that is shown: paragraphs, struck-out parts.
    texts: dict[Place, str] = field(default_factory=dict)
    faults: dict[Place, Fault] = field(default_factory=dict)
    merges: list[tuple[Place, Place]] = field(default_factory=list)

    @property
    def is_too_large(self) -> bool:
        """Whether it is more than a plan can be."""
        return (
            self.rows > MOST_ROWS
            or self.cells > MOST_CELLS
            or self.last_row >= FURTHEST_ROW
            or self.last_column >= MOST_COLUMNS
        )

    def filled(self, row: int, column: int, times: int = 1, rows: int = 1) -> None:
        """Note a cell that is not empty (or `times` such cells in a row, in `rows` rows)."""
        if row > self.last_row:
            self.rows += rows
        self.last_row = max(self.last_row, row + rows - 1)
        self.last_column = max(self.last_column, column + times - 1)
        self.cells += times * rows


class _LocalNames(dict[str, str]):
    """Names without their namespace; a sheet has few names and very many elements."""

    def __missing__(self, name: str) -> str:
        self[name] = name.rpartition(" ")[2]
        return self[name]


class Enough(Exception):
    """The sheet is too large: the rest of it is of no interest."""


def walk(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Walk one part of an archive. Names come without their namespace. Raises BadSheet."""
    parser = expat.ParserCreate(namespace_separator=" ")
    local = _LocalNames().__getitem__

    def refuse_doctype(*_arguments: object) -> None:
        raise BadSheet(DAMAGED)  # no spreadsheet program writes one; entities are only for bombs

    def started(name: str, attributes: dict[str, str]) -> None:
        start(local(name), {local(key): value for key, value in attributes.items()})

    parser.StartElementHandler = started
    if end:
        parser.EndElementHandler = lambda name: end(local(name))
    if text:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        with archive.open(part) as stream:
            while piece := stream.read(PIECE):
                parser.Parse(piece)
            parser.Parse(b"", True)
    except Enough:
        return
    except (expat.ExpatError, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise BadSheet(DAMAGED) from error
