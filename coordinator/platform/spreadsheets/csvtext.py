"""Text with separators, as Excel, LibreOffice and people write it, to rows of text."""

import csv
import io
from dataclasses import dataclass
from itertools import islice
from typing import Any

from coordinator.platform.spreadsheets.kinds import UNKNOWN, UTF_16, BadSheet
from coordinator.platform.spreadsheets.marks import MOST_COLUMNS, MOST_ROWS

SEPARATORS = ";\t,|"
LOOKED_AT = 30  # rows that decide which separator it is
LONGEST_CELL = 40_000

NO_SEPARATOR = (
    "Berkas teks ini tidak berkolom: pemisah titik koma (;), koma (,), tab, atau garis tegak (|) "
    "tidak ditemukan."
)
OTHER_SEPARATOR = (
    "Kolom berkas ini tampaknya dipisahkan “%s”, yang tidak dibaca. Simpan ulang dengan pemisah "
    "titik koma (;), koma (,), tab, atau garis tegak (|)."
)
# What divides the columns of some programs' exports, and is never read as such.
OTHERS = "^~¦#:§\x1f\x1e"
BROKEN_QUOTES = (
    'Tanda kutip (") yang dibuka di baris %d tidak ditutup di ujung selnya, jadi baris sesudahnya '
    "tertelan. Hapus tanda kutip itu, atau simpan ulang dari Excel atau LibreOffice."
)
SWALLOWED = (
    'Satu sel di baris %d memuat baris lain beserta kolomnya: tampaknya tanda kutip (") di sana '
    "tidak ditutup. Hapus tanda kutip itu; bila memang isinya, beri spasi sesudah tiap “%s” di sel "
    "itu."
)
TOO_LONG = f"Satu sel di baris %d lebih panjang dari {LONGEST_CELL:,} karakter.".replace(",", ".")


def decoded(data: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 or what Windows calls ANSI. Raises BadSheet."""
    encoding = "utf-16" if data.startswith(UTF_16) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise BadSheet(UNKNOWN) from error


def rows_of(text: str) -> list[list[str]]:
    """Return the rows of a separated text. Raises BadSheet."""
    lines = text.lstrip("\n\r")
    hint = ""
    if lines[:4].lower() == "sep=" and len(lines) > 4:  # what Excel itself writes and obeys
        hint = lines[4]
        text = lines[5:].lstrip("\r").removeprefix("\n")
    return _read(text, hint or _separator(text))


@dataclass(frozen=True, slots=True)
class _Looks:
    """How the first rows look with one separator: the better, the greater."""

    are_quotes_whole: bool
    score: float
    width: int

    @property
    def order(self) -> tuple[bool, float, int]:
        """What the separators are compared by."""
        return self.are_quotes_whole, self.score, self.width


def _separator(text: str) -> str:
    """Return the separator that divides the first rows into the same number of cells."""
    found = {separator: _looks(text, separator) for separator in SEPARATORS}
    best = max(found, key=lambda separator: found[separator].order)
    if not found[best].width:
        best = max(found, key=lambda separator: found[separator].width)
    if not found[best].width:
        raise BadSheet(_reason(text))
    return best


def _looks(text: str, separator: str) -> _Looks:
    """Return how much a text looks like a table with this separator.

    A table's rows are alike: most are divided, into as many cells each. A comma inside sentences
    makes rows of every width, and is followed by a space.
    """
    rows, are_quotes_whole = _first(text, separator, strict=True)
    if not are_quotes_whole:
        rows, _is_whole = _first(text, separator, strict=False)
    rows = [row for row in rows if any(row)]
    widths = [len(row) for row in rows if len(row) > 1]
    if not widths:
        return _Looks(False, 0, 0)
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    behind = [cell for row in rows for cell in row[1:] if cell]
    spaced = sum(cell.startswith(" ") for cell in behind) / max(len(behind), 1)
    share = (len(widths) + widths.count(usual)) / len(rows)
    return _Looks(are_quotes_whole, share - spaced, usual)


def _first(text: str, separator: str, *, strict: bool) -> tuple[list[list[str]], bool]:
    """Return the first rows, and whether all of them could be read."""
    rows: list[list[str]] = []
    try:
        for row in islice(_reader(text, separator, strict=strict), LOOKED_AT):
            rows.append(row)  # noqa: PERF402 (what was read before a fault counts)
    except csv.Error:
        return rows, False
    return rows, True


def _reason(text: str) -> str:
    """Return why a text has no columns, with the separator it seems to have."""
    lines = [line for line in text.splitlines()[:LOOKED_AT] if line.strip()]
    for other in OTHERS:
        counts = {line.count(other) for line in lines}
        if len(lines) > 1 and len(counts) == 1 and counts != {0}:
            return OTHER_SEPARATOR % (other if other.isprintable() else f"U+{ord(other):04X}")
    return NO_SEPARATOR


def _read(text: str, separator: str) -> list[list[str]]:
    """Return the rows. Raises BadSheet with the line where a quote takes in what is not its own."""
    rows: list[list[str]] = []
    reader = _reader(text, separator, strict=True)
    line = 1
    try:
        for row in reader:
            if reader.line_num > line and _swallows(row, separator):
                raise BadSheet(SWALLOWED % (line, separator))
            rows.append(row[: MOST_COLUMNS + 1])
            if len(rows) >= MOST_ROWS * 5:
                break
            line = reader.line_num + 1
    except csv.Error as error:
        is_long = "field larger" in str(error) and '"' not in text
        raise BadSheet((TOO_LONG if is_long else BROKEN_QUOTES) % line) from error
    return rows


def _reader(text: str, separator: str, *, strict: bool) -> Any:
    csv.field_size_limit(LONGEST_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)


def _swallows(row: list[str], separator: str) -> bool:
    """Tell whether a cell holds lines that have as many separators as rows have. People who list
    things in a cell write a space behind each."""
    least = max(len(row) - 1, 2)
    return any(
        "\n" in cell.replace("\r", "\n")
        and cell.count(separator) - cell.count(f"{separator} ") >= least
        for cell in row
    )
