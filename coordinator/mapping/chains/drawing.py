"""The chain as shapes: five boxes from top to bottom. Pure; the template writes the SVG.

There is one drawing for every width: a phone has room for a column, and paper and a wide screen
have the table next to it. The page's own style gives the colours.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coordinator.mapping.chains.labels import LineKind, StepLine

WIDTH = 330
EDGE = 2  # half the thickest outline, so that none is cut
LEFT, RIGHT = 44, 12  # of the text in its box
TITLE, SIZE = 15, 13
LINE, GAP = 18, 24  # from one line of text to the next; between two boxes
# Parts of the font's size, a little wider than the fonts that the page names.
NARROW, USUAL, WIDE = 0.31, 0.55, 0.69
BOLD = 1.08
# "UU 21/2007", "Pasal 52", "ayat (1)" and "Pokja III" stay together.
TOGETHER = re.compile(r"\b(UU|PP|Perpres|Permensos|Perda|SK|Pasal|ayat|huruf|Pokja) (?=\S)")
SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class TextRow:
    """A row of text; `kind` names its style."""

    y: int
    text: str
    kind: LineKind


@dataclass(frozen=True, slots=True)
class StepBox:
    """A step as a box."""

    y: int
    height: int
    number: int
    title: str
    rows: tuple[TextRow, ...]
    is_faulty: bool
    is_away: bool  # nobody of this pokja holds it

    @property
    def middle(self) -> int:
        """Return where the number is drawn."""
        return self.y + 24

    @property
    def below(self) -> int:
        """Return where the box ends."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class ChainDrawing:
    """All boxes; `arrows` are the y of each line between two of them."""

    height: int
    boxes: tuple[StepBox, ...]
    arrows: tuple[int, ...]


def width_of(text: str, size: int = SIZE, *, bold: bool = False) -> float:
    """Return about how wide a text is drawn."""
    units = sum(
        NARROW
        if one in "ijlt.,:;()'| /-I" + SPACE
        else WIDE
        if one.isupper() or one in "mw"
        else USUAL
        for one in text
    )
    return units * size * (BOLD if bold else 1)


def wrapped(text: str, room: float, *, bold: bool = False) -> list[str]:
    """Return a text in rows that fit; a word that is wider than the room keeps a row of its own."""
    rows: list[str] = []
    for word in TOGETHER.sub(rf"\1{SPACE}", text).split(" "):
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and width_of(longer, bold=bold) <= room:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


def drawing(steps: Sequence[tuple[str, Sequence[StepLine]]]) -> ChainDrawing:
    """Return the drawing of steps, each a title with its lines."""
    boxes: list[StepBox] = []
    top = EDGE
    for number, (title, lines) in enumerate(steps, start=1):
        rows: list[TextRow] = []
        y = top + 31
        for line in lines:
            is_bold = line.kind in (LineKind.LEAD, LineKind.FAULT)
            for text in wrapped(line.words, WIDTH - LEFT - RIGHT - EDGE, bold=is_bold):
                y += LINE
                rows.append(TextRow(y, text, line.kind))
            y += 3
        kinds = {line.kind for line in lines}
        height = max(y - top + 9, 48)
        boxes.append(
            StepBox(
                top,
                height,
                number,
                title,
                tuple(rows),
                LineKind.FAULT in kinds,
                not kinds & {LineKind.LEAD, LineKind.SUPPORT, LineKind.FAULT},
            )
        )
        top += height + GAP
    arrows = tuple(box.below for box in boxes[:-1])
    return ChainDrawing(top - GAP + EDGE, tuple(boxes), arrows)
