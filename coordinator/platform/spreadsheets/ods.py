"""The marks of an ODS workbook's sheets, and its texts of several lines."""

import zipfile
from dataclasses import replace

from coordinator.platform.spreadsheets import formats
from coordinator.platform.spreadsheets.formats import NumberFormat
from coordinator.platform.spreadsheets.marks import (
    MOST_COLUMNS,
    MOST_ROWS,
    Enough,
    Fault,
    Marks,
    walk,
)
from coordinator.platform.spreadsheets.runs import Runs

FORMATS = ("number-style", "percentage-style", "currency-style")
LONGEST_TEXT = 40_000  # pieces of one cell
BESIDE = ("annotation", "frame", "custom-shape")  # with paragraphs that are no content of the cell
NUMBERS = ("float", "percentage", "currency")
PERCENT = NumberFormat(is_percent=True)


def marks_of(archive: zipfile.ZipFile) -> list[Marks]:
    """Return the marks of each sheet, in its order. Raises BadSheet."""
    reader = _Reader()
    walk(archive, "content.xml", reader.start, reader.end, reader.text)
    return reader.sheets


class _Reader:
    """A walk through `content.xml`."""

    def __init__(self) -> None:
        self.sheets: list[Marks] = []
        # Styles come before the sheets.
        self.style = ""
        self.hidden_tables: set[str] = set()
        self.struck: set[str] = set()
        self.shifted: dict[str, str] = {}  # a style -> superscript or subscript
        self.format_of: dict[str, str] = {}  # a cell's style -> its number format
        self.formats: dict[str, NumberFormat] = {}
        self.data_style = ""
        self.parts = ["", ""]  # text in front of the number and behind it
        self.seen = 0
        self.is_in_format = False
        # Where the walk is.
        self.depth = 0
        self.row, self.rows, self.column = 0, 1, 0
        self.columns: dict[int, str] = {}  # the style of a column's cells
        self.next_column = 0
        self.cell: dict[str, str] | None = None
        self.note = 0
        self.paragraph = 0
        self.lines = 0  # pieces of a cell's text
        self.runs = Runs()
        self.spans: list[str] = []  # the styles of the runs around a piece
        self.paragraphs = 0
        self.has_lines = False

    @property
    def marks(self) -> Marks:
        """The sheet that is read."""
        return self.sheets[-1]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note where the walk is."""
        if self.depth == 0:
            self._of_styles(name, attributes)
        if name == "table":
            self.depth += 1
            if self.depth == 1:
                is_visible = attributes.get("style-name", "") not in self.hidden_tables
                self.sheets.append(Marks(attributes.get("name", ""), is_visible))
                self.row, self.rows, self.column, self.next_column = 0, 1, 0, 0
                self.columns = {}
        elif self.depth != 1:
            return
        elif name == "table-column":
            self._column(attributes)
        elif name == "table-row":
            self.rows = int(attributes.get("number-rows-repeated", "1"))
            self.column = 0
            if attributes.get("visibility", "visible") != "visible":
                last = self.row + min(self.rows, MOST_ROWS)
                self.marks.hidden_rows.update(range(self.row, last))
        elif name in ("table-cell", "covered-table-cell"):
            self.cell = attributes
            self.lines = self.paragraphs = 0
            self.has_lines = False
            self.runs.begin()
            self.spans.clear()
        elif self.cell is not None:
            self._of_text(name, attributes)

    def _of_styles(self, name: str, attributes: dict[str, str]) -> None:
        if name == "style":
            self.style = attributes.get("name", "")
            if "data-style-name" in attributes:
                self.format_of[self.style] = attributes["data-style-name"]
        elif name == "table-properties" and attributes.get("display") == "false":
            self.hidden_tables.add(self.style)
        elif name == "text-properties":
            if attributes.get("text-line-through-style", "none") != "none" or (
                attributes.get("text-line-through-type", "none") != "none"
            ):
                self.struck.add(self.style)
            where = attributes.get("text-position", "").split(" ")[0]
            if where and where not in ("0%", "0"):
                is_low = where == "sub" or where.startswith("-")
                self.shifted[self.style] = "subscript" if is_low else "superscript"
        elif name in FORMATS:
            self.data_style, self.parts, self.seen = attributes.get("name", ""), ["", ""], 0
        elif name == "number" and self.data_style:
            self.seen = 1
        elif name in ("text", "currency-symbol") and self.data_style:
            self.is_in_format = True

    def _column(self, attributes: dict[str, str]) -> None:
        times = int(attributes.get("number-columns-repeated", "1"))
        columns = range(self.next_column, min(self.next_column + times, MOST_COLUMNS))
        self.next_column += times
        if attributes.get("visibility", "visible") != "visible":
            self.marks.hidden_columns.update(columns)
        style = attributes.get("default-cell-style-name")
        if style in self.struck or style in self.format_of:
            self.columns.update(dict.fromkeys(columns, style))

    def _of_text(self, name: str, attributes: dict[str, str]) -> None:
        if name in BESIDE:
            self.note += 1
        elif self.note:
            return
        elif name == "p":
            self.paragraph += 1
            self.spans.append(attributes.get("style-name", ""))
            if self.paragraphs:
                self._line("\n")
            self.paragraphs += 1
        elif name == "span":
            self.spans.append(attributes.get("style-name", ""))
        elif name == "line-break":
            self._line("\n")
        elif name == "tab":
            self._line("\t")
        elif name == "s":
            self._line(" " * min(int(attributes.get("c", "1")), 100))

    def _line(self, piece: str) -> None:
        """Take a piece of the cell's text, as its runs show it."""
        self.lines += 1
        self.has_lines |= "\n" in piece
        self.runs.is_struck = any(style in self.struck for style in self.spans)
        shifts = [self.shifted[style] for style in self.spans if style in self.shifted]
        self.runs.shift = shifts[-1] if shifts else ""
        self.runs.add(piece)

    def text(self, piece: str) -> None:
        """Take a piece of a cell's text, or of a format's."""
        if self.is_in_format:
            self.parts[self.seen] += piece
        elif self.paragraph and not self.note and self.lines < LONGEST_TEXT:
            self._line(piece)

    def end(self, name: str) -> None:
        """Leave an element. Raises Enough."""
        if name in FORMATS:
            before, unit = (" ".join(part.split()) for part in self.parts)
            # What is behind the number of a percentage is its sign.
            self.formats[self.data_style] = (
                PERCENT
                if name == "percentage-style"
                else NumberFormat(before=before, unit=formats.of_unit(unit))
            )
            self.data_style = ""
        elif name in ("text", "currency-symbol"):
            self.is_in_format = False
        elif name in BESIDE and self.note:
            self.note -= 1
        elif name == "p" and self.paragraph and not self.note:
            self.paragraph -= 1
            self.spans.pop()
        elif name == "span" and self.spans and not self.note:
            self.spans.pop()
        elif name == "table-row" and self.depth == 1:
            self.row += self.rows
        elif name == "table":
            self.depth -= 1
        elif (
            name in ("table-cell", "covered-table-cell")
            and self.cell is not None
            and self.depth == 1
        ):
            cell, self.cell = self.cell, None
            self._cell(cell)

    def _cell(self, attributes: dict[str, str]) -> None:  # noqa: C901
        marks, place = self.marks, (self.row, self.column)
        times = int(attributes.get("number-columns-repeated", "1"))
        self.column += times
        down = int(attributes.get("number-rows-spanned", "1"))
        across = int(attributes.get("number-columns-spanned", "1"))
        if down > 1 or across > 1:
            marks.merges.append((place, (place[0] + down - 1, place[1] + across - 1)))
        # It is written twice, as office:value-type and after it as calcext:, which alone knows
        # "error". A formula whose result is empty text has neither: an empty cell.
        kind = attributes.get("value-type")
        if kind is None:
            return
        if kind == "error":
            marks.faults[place] = Fault.ERROR
        marks.filled(*place, times, self.rows)
        if marks.is_too_large:
            raise Enough
        style = attributes.get("style-name") or self.columns.get(place[1], "")
        shown = self.formats.get(self.format_of.get(style, ""), formats.PLAIN)
        if kind == "percentage":
            shown = PERCENT
        elif shown == PERCENT:
            shown = formats.PLAIN
        is_struck = style in self.struck
        text = None
        if kind == "string" and (self.has_lines or self.runs.is_changed) and not is_struck:
            text = self.runs.text
            is_struck = self.runs.has_struck
        elif kind in NUMBERS and self.paragraphs and not float(attributes.get("value") or 0):
            words = self.runs.text.strip()
            if words in formats.NOTHING:
                shown = replace(shown, zero=words)
        if not is_struck and shown == formats.PLAIN and text is None:
            return
        for row in range(place[0], place[0] + self.rows):
            for column in range(place[1], place[1] + times):
                if shown != formats.PLAIN and kind != "string":
                    marks.formats[row, column] = shown
                if text is not None and text.strip():
                    marks.texts[row, column] = text
                if is_struck:
                    marks.struck.add((row, column))
