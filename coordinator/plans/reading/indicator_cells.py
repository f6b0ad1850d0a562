"""A row's indicators and targets as they are written: merged targets filled, lists divided."""

from collections.abc import Mapping
from dataclasses import replace

from coordinator.plans.reading.faults import Faults
from coordinator.plans.reading.layout import PlanLayout
from coordinator.plans.reading.raw import PlacedText, RawIndicator, RawTarget, text_of
from coordinator.plans.reading.shapes import Field
from coordinator.plans.reading.writings import in_order, lines_of, may_be_several
from coordinator.platform.spreadsheets.cells import Cell, Grid

MERGED_DOWN = (
    "Sel target ini digabung dengan baris %d: angkanya berlaku juga untuk indikator ini. Periksa."
)
SPLIT = (
    "Sel ini memuat %d indikator; dibaca satu per satu dengan satuan dan target menurut nomornya."
)
PERHAPS_SEVERAL = (
    "Sel ini tampaknya memuat beberapa indikator, tetapi dibaca sebagai satu. Bila benar beberapa, "
    "pisahkan: satu baris untuk tiap indikator."
)
SEVERAL_INDICATORS = (
    "Sel ini memuat %d indikator, tetapi satuan atau targetnya tidak bernomor sama. Pisahkan: satu "
    "baris untuk tiap indikator. Sisipkan baris di bawahnya, pindahkan indikator, satuan, dan "
    "targetnya, lalu biarkan kolom aksi di baris itu kosong."
)


class IndicatorCells:
    """Reads the indicators of one sheet. `exact`: it is our template and needs no guesses."""

    def __init__(self, grid: Grid, layout: PlanLayout, faults: Faults, *, exact: bool) -> None:
        self.grid, self.layout, self.faults, self.exact = grid, layout, faults, exact
        self._merged = _target_merges(grid, layout)

    def of_row(
        self, row: int, cells: Mapping[int, Cell], named: Mapping[Field, PlacedText]
    ) -> list[RawIndicator]:
        """Return the indicators of a row, whose name, unit and words are `named`."""
        indicator = RawIndicator(row, dict(named))
        for column, slot in self.layout.targets.items():
            raw = self._target(row, column, cells)
            if raw is not None:
                indicator.targets[slot] = raw
        # An indicator merged over several rows, one for each agency, is one indicator.
        names = (indicator.cells.get(name) for name in (Field.INDICATOR, Field.INDICATOR_KEY))
        has_name = any(found is not None and found.row == row for found in names)
        own = any(raw.merged is None for raw in indicator.targets.values())
        if not has_name and not own:
            return []
        for slot, raw in indicator.targets.items():
            if raw.merged is not None and raw.merged[0] != row:
                self.faults.warning(
                    MERGED_DOWN % (raw.merged[0] + 1), row, raw.column, text_of(raw.cell)
                )
                indicator.targets[slot] = replace(
                    raw, merged=raw.merged if raw.merged[1] != raw.column else None
                )
        return self._divided(indicator)

    def _target(self, row: int, column: int, cells: Mapping[int, Cell]) -> RawTarget | None:
        cell = cells.get(column)
        if cell is not None or self.exact:
            return None if cell is None else RawTarget(column, cell)
        first = self._merged.get((row, column))
        source = self.grid.cell(*first) if first else None
        return RawTarget(column, source, first) if source is not None else None

    def _divided(self, indicator: RawIndicator) -> list[RawIndicator]:
        """Return the indicators of one cell: usually one, else one for each numbered line, with the
        unit and the targets of the same number."""
        name = indicator.cells.get(Field.INDICATOR)
        lines = [] if name is None or self.exact else self._lines(name)
        if name is None or len(lines) < 2:
            if name is not None and not self.exact and may_be_several(name.text):
                self.faults.warning(PERHAPS_SEVERAL, name.row, name.column, name.text)
            return [indicator]
        count = len(lines)
        unit = indicator.cells.get(Field.UNIT)
        unit_lines = [] if unit is None else self._lines(unit)
        units = in_order(unit_lines, lines) if unit_lines else [unit.text if unit else ""] * count
        targets = {
            slot: in_order(lines_of(raw.cell.value), lines)
            if isinstance(raw.cell.value, str)
            else []
            for slot, raw in indicator.targets.items()
        }
        if len(units) != count or any(len(found) != count for found in targets.values()):
            self.faults.error(SEVERAL_INDICATORS % count, name.row, name.column, name.text)
            return [RawIndicator(indicator.row, {Field.INDICATOR: name})]
        self.faults.warning(SPLIT % count, name.row, name.column, name.text)
        made = []
        for place, (_number, line) in enumerate(lines):
            cells = {**indicator.cells, Field.INDICATOR: PlacedText(line, name.row, name.column)}
            if unit is not None:
                cells[Field.UNIT] = PlacedText(units[place], unit.row, unit.column)
            of_line = {
                slot: replace(raw, cell=replace(raw.cell, value=targets[slot][place]))
                for slot, raw in indicator.targets.items()
            }
            made.append(RawIndicator(indicator.row, cells, of_line, place))
        return made

    def _lines(self, found: PlacedText) -> list[tuple[int, str]]:
        cell = self.grid.cell(found.row, found.column)
        value = None if cell is None else cell.value
        return lines_of(value) if isinstance(value, str) else []


def _target_merges(grid: Grid, layout: PlanLayout) -> dict[tuple[int, int], tuple[int, int]]:
    """Return for each place of a target that a merged cell covers the first place of that cell."""
    return {
        (row, column): first
        for first, end in grid.merges
        if end[0] > layout.bottom
        for column in layout.targets
        if first[1] <= column <= end[1]
        for row in range(max(first[0], layout.bottom + 1), min(end[0], 100_000) + 1)
        if (row, column) != first and first[1] in layout.targets
    }
