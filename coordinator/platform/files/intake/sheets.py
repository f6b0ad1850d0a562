"""Cells of a workbook, row by row: hidden sheets, hidden rows, numbers as they were typed."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

# Document types and entities are refused by a handler (markup.parse).
from xml.parsers import expat  # nosec B407

from coordinator import screening
from coordinator.platform.files.intake.answer import Text
from coordinator.platform.files.intake.markup import NotMarkup, local, parse
from coordinator.screening import Kind

SHEET_PART = re.compile(r"^xl/(?:work|chart)sheets?/sheet(\d+)\.xml$", re.IGNORECASE)
LONGEST_NUMBER = 18  # digits: what is longer is no NIK
BATCH = 500  # rows handed to the detector in one piece
# What another program reads as a sheet, regardless of its name.
ROOT = re.compile(rb"\A(?:<\?[^>]*>\s*)?<(?:[^\s<>/:]+:)?(?:work|chart|dialog)sheet\b")


def number_of(name: str, data: bytes, related: Sequence[str]) -> str:
    """Return the number of a sheet: by its name, else by its place among those that relations
    call sheets (`related`, in small letters). Empty for a part that is none."""
    usual = SHEET_PART.search(name)
    if usual:
        return usual[1]
    if name.lower() in related:
        return str(related.index(name.lower()) + 1)
    return str(len(related) + 1) if ROOT.search(data) else ""


class _Enough(Exception):
    """There is no time, or no room, to read on."""


def shared_strings(data: bytes) -> list[str]:
    """Return the workbook's table of texts, in which cells point by number."""
    found: list[str] = []
    item: list[str] = []
    skipped = [0]

    def start(name: str, _attributes: dict[str, str]) -> None:
        part = local(name)
        if part == "si":
            item.clear()
        elif part == "rPh":  # how to pronounce it
            skipped[0] += 1

    def end(name: str) -> None:
        part = local(name)
        if part == "si":
            found.append("".join(item))
        elif part == "rPh":
            skipped[0] -= 1

    def characters(value: str) -> None:
        if not skipped[0]:
            item.append(value)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parse(data, parser)
    return found


def read(data: bytes, shared: list[str], text: Text, number: str) -> None:  # noqa: C901, PLR0915
    """Look through one sheet, each row as a line with tabs between its cells, so that a number
    spread over neighbours is seen."""
    row: list[str] = []
    lines: list[str] = []
    state = {"kind": "", "value": False, "row": "", "formula": False}
    value: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        part = local(name)
        if part == "row":
            state["row"] = attributes.get("r", "")
            row.clear()
        elif part == "c":
            state["kind"] = attributes.get("t", "n")
        elif part in ("v", "t", "f"):
            value.clear()
            state["value"] = True
        elif "tooltip" in attributes or "prompt" in attributes or "display" in attributes:
            lines.extend(v for k, v in attributes.items() if k in ("tooltip", "prompt", "display"))

    def end(name: str) -> None:
        part = local(name)
        if part == "f":
            lines.append("".join(value))
            state["value"] = False
        elif part in ("v", "t"):
            state["value"] = False
            row.append(_cell("".join(value), str(state["kind"]), shared))
        elif part == "row":
            if row:
                lines.append("\t".join(row))
                if _is_spread(row):
                    text.doubt(Kind.NIK)
            if len(lines) >= BATCH:
                flush()
        elif part in ("oddHeader", "oddFooter", "formula1", "formula2", "evenHeader"):
            lines.append("".join(value))
            state["value"] = False

    def characters(piece: str) -> None:
        if state["value"]:
            value.append(piece)
        elif piece.strip():
            lines.append(piece)

    def flush() -> None:
        text.add("\n".join(lines), f"lembar ke-{number}, sampai baris {state['row']}")
        lines.clear()
        if not text.is_whole:
            raise _Enough

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    try:
        parse(data, parser)
        if lines:
            flush()
    except _Enough:
        return


def _cell(raw: str, kind: str, shared: list[str]) -> str:
    if kind == "s":
        try:
            return shared[int(raw)]
        except (ValueError, IndexError) as error:
            raise NotMarkup from error
    if kind != "n":
        return raw
    return plain_number(raw)


def plain_number(raw: str) -> str:
    """Return a number as a person typed it: 6.4720155050800016E15 is 6472015505080001(6)."""
    if "E" not in raw.upper() and not raw.endswith(".0"):
        return raw
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return raw
    if number != number.to_integral_value() or abs(number.adjusted()) > LONGEST_NUMBER:
        return raw
    return format(number.quantize(Decimal(1)), "f")


def _is_spread(row: list[str]) -> bool:
    """Tell whether three neighbouring numbers (6, 6 and up to 4 digits) could be a NIK in pieces.

    Typed as numbers they have lost their leading zeros, which is weak evidence: a person is asked.
    Pieces that kept their zeros are found in the row itself.
    """
    return any(
        first.isdecimal()
        and len(first) == 6
        and second.isdecimal()
        and 5 <= len(second) <= 6
        and last.isdecimal()
        and len(last) <= 4
        and screening.blocks(first + second.zfill(6) + last.zfill(4))
        for first, second, last in zip(row, row[1:], row[2:], strict=False)
    )
