"""Indicators that a file writes twice for one action: said where they agree, else asked."""

from decimal import Decimal

from coordinator.plans.reading.columns import folded
from coordinator.plans.reading.raw import RawIndicator, text_of
from coordinator.plans.reading.shapes import Field
from coordinator.plans.reading.sheet_context import SheetContext, Written
from coordinator.plans.reading.values import Amount, Way
from coordinator.plans.reading.writings import numbered

NO_AMOUNT = Amount(Decimal(0))
AGAIN = "Sama dengan baris %s, jadi dibaca sekali."
TWICE = (
    "Indikator ini sudah ada di baris %s untuk aksi yang sama (target %s). Di sini target %s. "
    "Mana yang dibaca?"
)


def without_repeats(
    given: SheetContext, title: str, raws: list[RawIndicator], leads: str
) -> list[RawIndicator]:
    """Return an action's indicators without those given earlier in the file, as a person decided.

    Our template tells indicators apart by their ids.
    """
    if given.exact:
        return raws
    kept: list[RawIndicator] = []
    for raw in raws:
        found, unit = raw.cells.get(Field.INDICATOR), raw.cells.get(Field.UNIT)
        name = numbered(found.text)[1] if found else ""
        key = (folded(title), folded(name), folded(unit.text if unit else ""))
        own = Written(given.faults.sheet, raw.row, _targets(raw), leads)
        before = given.shared.stated.setdefault(key, own)
        if before is own:
            kept.append(raw)
            continue
        where = f"{before.row + 1}"
        if before.sheet != own.sheet:
            where += f" lembar “{before.sheet}”"
        column = (found.column if found else given.column(Field.ACTION)) or 0
        if before[2:] == own[2:] and before.sheet == own.sheet:
            given.faults.warning(AGAIN % where, raw.row, column, name)
            continue
        place = next((n for n, one in enumerate(kept) if one.row == before.row), None)
        ways = [Way("first", f"baris {where}: {before.targets}", NO_AMOUNT)]
        if place is not None and before.sheet == own.sheet:
            ways.append(Way("second", f"baris {raw.row + 1}: {own.targets}", NO_AMOUNT))
        ways.append(Way("both", "keduanya, karena memang dua hal", NO_AMOUNT))
        way = given.ask(
            "twice",
            TWICE % (where, before.targets, own.targets),
            ways,
            (raw.row, column),
            written=name,
            mark=f"#{raw.place + 1}" if raw.place else "",
        )
        if way is None or way.value == "both":
            kept.append(raw)
        elif way.value == "second" and place is not None:
            kept[place] = raw
    return kept


def _targets(raw: RawIndicator) -> str:
    return "; ".join(text_of(one.cell) or "-" for one in raw.targets.values()) or "-"
