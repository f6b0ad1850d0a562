"""What a sheet holds beside its values: how far it reaches, percent formats, merged cells, faults.

The library that gives the values says nothing of these, and takes a sheet whole; so the XML is
walked once before it, in pieces, and a sheet that is too large is never given to it.
"""

import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum, auto
from xml.parsers import expat

from coordinator.spreadsheets.kinds import DAMAGED, Refused

MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_CELLS = 600_000  # filled ones
FURTHEST_ROW = 100_000
PIECE = 256 * 1024
BUILT_IN_PERCENT = frozenset((9, 10))

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
    hidden_rows: int = 0
    percents: set[Place] = field(default_factory=set)
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
        """Note that a cell has something in it (or `times` beside each other, in `rows` rows)."""
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


class _Enough(Exception):
    """The sheet is too large: the rest of it is of no interest."""


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Walk one part of an archive. Names come without their namespace. Raises Refused."""
    parser = expat.ParserCreate(namespace_separator=" ")
    local = _LocalNames().__getitem__

    def refuse_doctype(*_arguments: object) -> None:
        raise Refused(DAMAGED)  # no spreadsheet program writes one; entities are only for bombs

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
    except _Enough:
        return
    except (expat.ExpatError, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise Refused(DAMAGED) from error


def of_xlsx(archive: zipfile.ZipFile) -> list[Marks]:
    """Return the marks of each sheet of an XLSX workbook, in its order. Raises Refused."""
    targets: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    _parse(archive, "xl/_rels/workbook.xml.rels", relation)
    found: list[tuple[str, bool, str]] = []

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            found.append(
                (
                    attributes.get("name", ""),
                    attributes.get("state", "visible") == "visible",
                    targets.get(attributes.get("id", ""), ""),
                )
            )

    _parse(archive, "xl/workbook.xml", sheet)
    percents = _percent_styles(archive)
    sheets = []
    for name, is_visible, target in found:
        part = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        part = posixpath.normpath(part)
        marks = Marks(name, is_visible)
        if "/worksheets/" in f"/{part}":  # a chart sheet has no cells
            _xlsx_sheet(archive, part, marks, percents)
        sheets.append(marks)
    return sheets


def _percent_styles(archive: zipfile.ZipFile) -> set[str]:
    """Return the numbers of the cell styles that show a percentage."""
    if "xl/styles.xml" not in archive.namelist():
        return set()
    formats = {str(number) for number in BUILT_IN_PERCENT}
    styles: list[str] = []
    inside = {"cellXfs": False}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt" and "%" in attributes.get("formatCode", ""):
            formats.add(attributes.get("numFmtId", ""))
        elif name == "cellXfs":
            inside["cellXfs"] = True
        elif name == "xf" and inside["cellXfs"]:
            styles.append(attributes.get("numFmtId", "0"))

    def end(name: str) -> None:
        if name == "cellXfs":
            inside["cellXfs"] = False

    _parse(archive, "xl/styles.xml", start, end)
    return {str(place) for place, number in enumerate(styles) if number in formats}


def place_of(reference: str) -> Place:
    """Return row and column (from 0) of a reference such as "C12". Raises ValueError."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(reference)
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]) - 1, column - 1


class _XlsxCell:
    """Where the walk through a sheet is."""

    __slots__ = ("column", "has_formula", "has_value", "is_in_value", "kind", "row", "style")

    def __init__(self) -> None:
        self.row, self.column = -1, -1
        self.kind, self.style = "", ""
        self.has_formula = self.has_value = self.is_in_value = False


def _xlsx_sheet(archive: zipfile.ZipFile, part: str, marks: Marks, percents: set[str]) -> None:
    at = _XlsxCell()

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            reference = attributes.get("r")
            if reference:
                at.row, at.column = place_of(reference)
            else:
                at.column += 1
            at.kind, at.style = attributes.get("t", ""), attributes.get("s", "")
            at.has_formula = at.has_value = False
        elif name == "row":
            at.row = int(attributes["r"]) - 1 if "r" in attributes else at.row + 1
            at.column = -1
            marks.hidden_rows += attributes.get("hidden") in ("1", "true")
        elif name == "f":
            at.has_formula = True
        elif name in ("v", "t"):
            at.is_in_value = True
        elif name == "mergeCell":
            first, _colon, last = attributes.get("ref", "").partition(":")
            marks.merges.append((place_of(first), place_of(last or first)))

    def text(_piece: str) -> None:
        at.has_value = at.has_value or at.is_in_value

    def end(name: str) -> None:
        if name in ("v", "t"):
            at.is_in_value = False
        if name != "c":
            return
        if at.kind == "e":
            marks.faults[at.row, at.column] = Fault.ERROR
        elif at.has_formula and not at.has_value and at.kind != "str":
            marks.faults[at.row, at.column] = Fault.NO_RESULT
        elif not at.has_value:
            return
        marks.filled(at.row, at.column)
        if at.style in percents and at.kind in ("", "n"):
            marks.percents.add((at.row, at.column))
        if marks.is_too_large:
            raise _Enough

    _parse(archive, part, start, end, text)


def of_ods(archive: zipfile.ZipFile) -> list[Marks]:
    """Return the marks of each sheet of an ODS workbook, in its order. Raises Refused."""
    hidden: set[str] = set()
    style = {"name": ""}
    sheets: list[Marks] = []
    at = {"row": 0, "rows": 1, "column": 0, "depth": 0}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "style" and attributes.get("family") == "table":
            style["name"] = attributes.get("name", "")
        elif name == "table-properties" and attributes.get("display") == "false":
            hidden.add(style["name"])
        elif name == "table":
            at["depth"] += 1
            if at["depth"] == 1:
                marks = Marks(attributes.get("name", ""))
                marks.is_visible = attributes.get("style-name", "") not in hidden
                sheets.append(marks)
                at.update(row=0, rows=1, column=0)
        elif at["depth"] != 1:
            return
        elif name == "table-row":
            at["rows"] = int(attributes.get("number-rows-repeated", "1"))
            at["column"] = 0
            if attributes.get("visibility", "visible") != "visible" and at["rows"] < MOST_ROWS:
                sheets[-1].hidden_rows += at["rows"]
        elif name in ("table-cell", "covered-table-cell"):
            times = int(attributes.get("number-columns-repeated", "1"))
            _ods_cell(sheets[-1], at, attributes, times)
            at["column"] += times

    def end(name: str) -> None:
        if name == "table-row" and at["depth"] == 1:
            at["row"] += at["rows"]
        elif name == "table":
            at["depth"] -= 1

    _parse(archive, "content.xml", start, end)
    return sheets


def _ods_cell(marks: Marks, at: dict[str, int], attributes: dict[str, str], times: int) -> None:
    place = (at["row"], at["column"])
    down = int(attributes.get("number-rows-spanned", "1"))
    across = int(attributes.get("number-columns-spanned", "1"))
    if down > 1 or across > 1:
        marks.merges.append((place, (place[0] + down - 1, place[1] + across - 1)))
    # It stands twice, as office:value-type and behind it as calcext:, which alone knows "error". A
    # formula whose result is empty text has neither: an empty cell.
    kind = attributes.get("value-type")
    if kind is None:
        return
    if kind == "error":
        marks.faults[place] = Fault.ERROR
    marks.filled(*place, times, at["rows"])
    if kind == "percentage":
        for step in range(min(times, MOST_COLUMNS)):
            marks.percents.add((place[0], place[1] + step))
    if marks.is_too_large:
        raise _Enough
