"""Text with separators, as Excel, LibreOffice and people write it, to rows of text."""

import csv
import io

from coordinator.spreadsheets.kinds import UNKNOWN, UTF_16, Refused
from coordinator.spreadsheets.marks import MOST_COLUMNS, MOST_ROWS

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
BROKEN_QUOTES = "Tanda kutip di berkas ini tidak ditutup, jadi kolomnya tidak dapat dikenali."


def decoded(data: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 or what Windows calls ANSI. Raises Refused."""
    encoding = "utf-16" if data.startswith(UTF_16) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Refused(UNKNOWN) from error


def rows_of(text: str) -> list[list[str]]:
    """Return the rows of a separated text. Raises Refused."""
    lines = text.lstrip("\n\r")
    hint = ""
    if lines[:4].lower() == "sep=" and len(lines) > 4:  # what Excel itself writes and obeys
        hint = lines[4]
        text = lines[5:].lstrip("\r").removeprefix("\n")
    return _read(text, hint or _separator(text), MOST_ROWS * 5)


def _separator(text: str) -> str:
    """Return the separator that divides most of the first rows into the same number of cells."""
    best, most = "", 0
    for separator in SEPARATORS:
        widths = [len(row) for row in _read(text, separator, LOOKED_AT) if any(row)]
        wide = [width for width in widths if width > 1]
        score = sum(wide) if wide else 0
        # A comma inside sentences makes rows of every width; a table's rows are alike.
        score = score * 2 if wide and wide.count(max(set(wide), key=wide.count)) > 1 else score
        if score > most:
            best, most = separator, score
    if not best:
        raise Refused(_reason(text))
    return best


def _reason(text: str) -> str:
    """Return why a text has no columns, with the separator it seems to have."""
    lines = [line for line in text.splitlines()[:LOOKED_AT] if line.strip()]
    for other in OTHERS:
        counts = {line.count(other) for line in lines}
        if len(lines) > 1 and len(counts) == 1 and counts != {0}:
            return OTHER_SEPARATOR % (other if other.isprintable() else f"U+{ord(other):04X}")
    return NO_SEPARATOR


def _read(text: str, separator: str, most: int) -> list[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append(row[: MOST_COLUMNS + 1])
            if len(rows) >= most:
                break
    except csv.Error as error:
        raise Refused(BROKEN_QUOTES) from error
    return rows
