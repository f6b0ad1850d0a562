"""The marks of an XLSX workbook's sheets."""

import posixpath
import zipfile

from coordinator.platform.spreadsheets import formats
from coordinator.platform.spreadsheets.formats import NumberFormat
from coordinator.platform.spreadsheets.marks import MOST_COLUMNS, Enough, Fault, Marks, Place, walk
from coordinator.platform.spreadsheets.runs import Runs

BUILT_IN = {9: NumberFormat(is_percent=True), 10: NumberFormat(is_percent=True)}
TRUE = ("1", "true")
RELATIONS = "xl/_rels/workbook.xml.rels"


def marks_of(archive: zipfile.ZipFile) -> list[Marks]:
    """Return the marks of each sheet, in its order. Raises BadSheet."""
    targets: dict[str, tuple[str, str]] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            targets[attributes.get("Id", "")] = (kind, _part(attributes.get("Target", "")))

    walk(archive, RELATIONS, relation)
    found: list[tuple[str, bool, str]] = []
    uncomputed: list[bool] = []

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "calcPr":
            uncomputed.append(attributes.get("fullCalcOnLoad") in TRUE)
        if name == "sheet":
            found.append(
                (
                    attributes.get("name", ""),
                    attributes.get("state", "visible") == "visible",
                    targets.get(attributes.get("id", ""), ("", ""))[1],
                )
            )

    walk(archive, "xl/workbook.xml", sheet)
    names = set(archive.namelist())
    parts = dict(targets.values())
    styles = _styles(archive, parts.get("styles", ""), names)
    strings = _changed_strings(archive, parts.get("sharedStrings", ""), names)
    sheets = []
    for name, is_visible, part in found:
        marks = Marks(name, is_visible)
        if "/worksheets/" in f"/{part}":  # a chart sheet has no cells
            _Sheet(marks, styles, strings, is_uncomputed=any(uncomputed)).read(archive, part)
        sheets.append(marks)
    return sheets


def _part(target: str) -> str:
    path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
    return posixpath.normpath(path)


class _Styles:
    """By the number of a cell's style: what its format shows, and whether it is struck out."""

    def __init__(self) -> None:
        self.formats: dict[str, NumberFormat] = {}
        self.struck: set[str] = set()


def _styles(archive: zipfile.ZipFile, part: str, names: set[str]) -> _Styles:  # noqa: C901
    found = _Styles()
    if part not in names:
        return found
    shown = {str(number): form for number, form in BUILT_IN.items()}
    struck_fonts: set[str] = set()
    inside = [""]
    at = {"font": -1, "xf": -1}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name in ("fonts", "cellXfs", "cellStyleXfs", "dxfs"):
            inside[0] = name
        elif name == "numFmt" and inside[0] != "dxfs":
            shown[attributes.get("numFmtId", "")] = formats.parse(attributes.get("formatCode", ""))
        elif name == "font" and inside[0] == "fonts":
            at["font"] = at["font"] + 1
        elif name == "strike" and inside[0] == "fonts":
            if attributes.get("val", "1") in TRUE:
                struck_fonts.add(str(at["font"]))
        elif name == "xf" and inside[0] == "cellXfs":
            at["xf"] = at["xf"] + 1
            style = str(at["xf"])
            form = shown.get(attributes.get("numFmtId", "0"), formats.PLAIN)
            if form != formats.PLAIN:
                found.formats[style] = form
            if attributes.get("fontId", "0") in struck_fonts:
                found.struck.add(style)

    def end(name: str) -> None:
        if name == inside[0]:
            inside[0] = ""

    walk(archive, part, start, end)
    return found


class _RichText:
    """Follows the runs of a text, in the shared texts and inside a cell alike."""

    def __init__(self) -> None:
        self.runs = Runs()
        self.is_in_text = self.is_phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note what the next run looks like."""
        if name in ("si", "is"):
            self.runs.begin()
        elif name == "r":
            self.runs.is_struck, self.runs.shift = False, ""
        elif name == "rPh":
            self.is_phonetic = True
        elif name == "strike":
            self.runs.is_struck = attributes.get("val", "1") in TRUE
        elif name == "vertAlign":
            self.runs.shift = attributes.get("val", "")
        elif name == "t":
            self.is_in_text = not self.is_phonetic

    def text(self, piece: str) -> None:
        """Take a piece of text."""
        if self.is_in_text:
            self.runs.add(piece)

    def end(self, name: str) -> None:
        """Leave an element."""
        if name == "t":
            self.is_in_text = False
        elif name == "rPh":
            self.is_phonetic = False


def _changed_strings(
    archive: zipfile.ZipFile, part: str, names: set[str]
) -> dict[int, tuple[str, bool]]:
    """Return what is left of the shared texts that are struck out or raised in part, and whether
    anything of them is struck out."""
    found: dict[int, tuple[str, bool]] = {}
    if part not in names:
        return found
    rich = _RichText()
    seen = [-1]

    def start(name: str, attributes: dict[str, str]) -> None:
        seen[0] += name == "si"
        rich.start(name, attributes)

    def end(name: str) -> None:
        rich.end(name)
        if name == "si" and rich.runs.is_changed:
            found[seen[0]] = (rich.runs.text, rich.runs.has_struck)

    walk(archive, part, start, end, rich.text)
    return found


def place_of(reference: str) -> Place:
    """Return row and column (from 0) of a reference such as "C12". Raises ValueError."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(reference)
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]) - 1, column - 1


class _Sheet:
    """A walk through one sheet, into its marks."""

    def __init__(
        self,
        marks: Marks,
        styles: _Styles,
        strings: dict[int, tuple[str, bool]],
        *,
        is_uncomputed: bool,
    ) -> None:
        """`is_uncomputed`: the program that wrote the file left the formulas to Excel."""
        self.marks, self.styles, self.strings = marks, styles, strings
        self.is_uncomputed = is_uncomputed
        self.rich = _RichText()
        self.row, self.column = -1, -1
        self.kind = self.style = ""
        self.has_formula = self.has_value = self.is_in_value = False
        self.value: list[str] = []  # of a shared text: its number; of a formula: its result

    def read(self, archive: zipfile.ZipFile, part: str) -> None:
        """Walk through the sheet. Raises BadSheet."""
        walk(archive, part, self.start, self.end, self.text)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note where the walk is."""
        if name == "c":
            reference = attributes.get("r")
            if reference:
                self.row, self.column = place_of(reference)
            else:
                self.column += 1
            self.kind, self.style = attributes.get("t", ""), attributes.get("s", "")
            self.has_formula = self.has_value = False
            self.value.clear()
        elif name == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
            if attributes.get("hidden") in TRUE:
                self.marks.hidden_rows.add(self.row)
        elif name == "f":
            self.has_formula = True
        elif name in ("v", "t"):
            self.is_in_value = True
            self.rich.start(name, attributes)
        elif self.kind == "inlineStr" and name in ("is", "r", "rPh", "strike", "vertAlign"):
            self.rich.start(name, attributes)
        elif name == "mergeCell":
            first, _colon, last = attributes.get("ref", "").partition(":")
            self.marks.merges.append((place_of(first), place_of(last or first)))
        elif name == "col" and attributes.get("hidden") in TRUE:
            first_column, last_column = int(attributes["min"]), int(attributes["max"])
            self.marks.hidden_columns.update(
                range(first_column - 1, min(last_column, MOST_COLUMNS))
            )

    def text(self, piece: str) -> None:
        """Note that a value is there."""
        if self.is_in_value:
            self.has_value = True
            if self.kind == "s" or self.has_formula:
                self.value.append(piece)
            elif self.kind == "inlineStr":
                self.rich.text(piece)

    def end(self, name: str) -> None:  # noqa: C901
        """Note what a cell is. Raises Enough."""
        if name in ("v", "t"):
            self.is_in_value = False
        self.rich.end(name)
        if name != "c":
            return
        marks, place = self.marks, (self.row, self.column)
        if self.kind == "e":
            marks.faults[place] = Fault.ERROR
        elif self.has_formula and self._is_uncomputed():
            marks.faults[place] = Fault.NO_RESULT
        elif not self.has_value:
            return
        marks.filled(*place)
        if self.kind in ("", "n") and self.style in self.styles.formats:
            marks.formats[place] = self.styles.formats[self.style]
        if self.style in self.styles.struck:
            marks.struck.add(place)
        elif (changed := self._changed()) is not None:
            left, has_struck = changed
            if has_struck:
                marks.struck.add(place)
            if left.strip():
                marks.texts[place] = left
        if marks.is_too_large:
            raise Enough

    def _is_uncomputed(self) -> bool:
        """Whether a formula has no result: none at all, or the 0 that programs write in its place
        and leave to Excel."""
        if not self.has_value:
            return self.kind != "str"
        return self.is_uncomputed and self.kind in ("", "n") and "".join(self.value) == "0"

    def _changed(self) -> tuple[str, bool] | None:
        """Return what is left of a text whose runs differ, and whether anything is struck out."""
        if self.kind == "s" and self.strings:
            return self.strings.get(int("".join(self.value)))
        runs = self.rich.runs
        if self.kind != "inlineStr" or not runs.is_changed:
            return None
        return runs.text, runs.has_struck
