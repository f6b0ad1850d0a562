"""Headers that appear again further down: the same one, or one with other columns."""

from coordinator.plans.reading.columns import folded, header_text
from coordinator.plans.reading.faults import Faults
from coordinator.plans.reading.layout import EXACT, PlanLayout, is_known
from coordinator.plans.reading.shapes import Field
from coordinator.platform.spreadsheets.cells import Grid

LEAST = 3  # texts of a header
OTHER_COLUMNS = (
    "Judul kolom di baris ini lain dari judul di baris %d, jadi baris di bawahnya tidak dapat "
    "dipastikan. Samakan urutan dan tahun kolomnya, atau pindahkan tabel ini ke lembar sendiri "
    "lalu pilih kedua lembar."
)


class RepeatedHeaders:
    """Tells headers from rows, from the top of a sheet down.

    Under a header with other columns each row is wrong, until the sheet's own header appears again.
    """

    def __init__(self, grid: Grid, layout: PlanLayout, faults: Faults) -> None:
        self.faults, self.top = faults, layout.top
        self.lines = [
            {at: text for at in layout.columns if (text := folded(header_text(grid.cell(row, at))))}
            for row in range(layout.top, layout.bottom + 1)
        ]
        self._read = {at for at, column in layout.columns.items() if column.field is not None}
        self._last = -2  # the row of a header
        self._is_other = False

    def is_again(self, row: int, texts: dict[int, str]) -> bool:
        """Whether a row is a header; one with other columns is noted as an error."""
        is_below = self._last == row - 1  # a further line of one header
        if len(texts) < LEAST and not is_below:
            return False
        words = {at: folded(text) for at, text in texts.items()}
        names = set(words.values())
        is_header = self._is_header(names, is_below=is_below)
        read = {at: word for at, word in words.items() if at in self._read or not is_header}
        if read and any(read.items() <= line.items() for line in self.lines):
            self._is_other = self._is_other and is_below
            self._last = row
            return True
        if not is_header and not any(names <= set(line.values()) for line in self.lines):
            return False
        if not (self._is_other and is_below):
            self.faults.error(OTHER_COLUMNS % (self.top + 1), row, min(texts))
        self._is_other, self._last = True, row
        return True

    def check(self, row: int) -> None:
        """Mark a row as wrong where it is under a header with other columns."""
        if self._is_other:
            self.faults.spoil(row)

    def _is_header(self, names: set[str], *, is_below: bool) -> bool:
        known = sum(is_known(name) for name in names)
        if is_below:
            return 1 < len(names) == known
        fields = {EXACT.get(name) for name in names}
        return bool(fields & {Field.ACTION, Field.INDICATOR}) and (
            len(fields - {None}) >= LEAST and known * 2 >= len(names)
        )
