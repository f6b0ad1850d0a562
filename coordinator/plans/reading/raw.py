"""A sheet as it is written: strategies, actions, indicators and targets with their places."""

from dataclasses import dataclass, field
from datetime import date

from coordinator.plans.reading.shapes import Field
from coordinator.plans.reading.slots import Slot
from coordinator.platform.spreadsheets.cells import Cell
from coordinator.platform.versioned_documents.format import plain_number


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text with its place."""

    text: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class RawTarget:
    """A target as written: its column, its cell, and the place of the merged cell it belongs to
    where that is another."""

    column: int
    cell: Cell
    merged: tuple[int, int] | None = None


@dataclass(slots=True)
class RawIndicator:
    """An indicator as written; `place` counts those of one cell."""

    row: int
    cells: dict[Field, PlacedText] = field(default_factory=dict)
    targets: dict[Slot, RawTarget] = field(default_factory=dict)
    place: int = 0


@dataclass(slots=True)
class RawAction:
    """An action item as written; `strategy` counts into the strategies found."""

    row: int
    strategy: int
    group: PlacedText | None = None
    cells: dict[Field, PlacedText] = field(default_factory=dict)
    leads: list[PlacedText] = field(default_factory=list)
    supports: list[PlacedText] = field(default_factory=list)
    indicators: list[RawIndicator] = field(default_factory=list)


@dataclass(slots=True)
class RawStrategy:
    """A strategy as written: its number (0: none), its title without it, and both together.

    `under` is the index of the title across the table above it (-1: none).
    """

    number: int
    title: str
    row: int
    column: int
    written: str = ""
    under: int = -1


@dataclass(slots=True)
class Raw:
    """All that a sheet says."""

    strategies: list[RawStrategy] = field(default_factory=list)
    actions: list[RawAction] = field(default_factory=list)
    rows: int = 0


def text_of(cell: Cell | None, *, exact: bool = False) -> str:
    """Return a cell as text. Other people's spaces and line breaks become one space."""
    if cell is None or cell.value is None:
        return ""
    value = cell.value
    if isinstance(value, str):
        return value.strip() if exact else " ".join(value.split())
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(plain_number(value))
