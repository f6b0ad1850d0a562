"""The target of each year, from the cells that give it: parts of a year, merged cells, shares.

Where the cells can be read in two ways, a person is asked; nothing is taken because it comes first.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from coordinator.numbers import Doubt, doubt
from coordinator.plans.actions.rules import Accumulation, IndicatorKind, TargetLevel
from coordinator.plans.reading.guesses import MeasureGuess
from coordinator.plans.reading.sheet_context import SheetContext
from coordinator.plans.reading.slots import Slot, part_label, target_label
from coordinator.plans.reading.values import Amount, Way, readable

HUNDRED = Decimal(100)
Year = tuple[TargetLevel | None, int]

PERIODS = "Target %s terbagi: %s. Berapa target setahun?"
ONLY_SUM = "Target %s dijumlahkan dari %s: %s."
ONLY_LAST = "Target %s diambil dari %s yang terakhir: %s."
WHOLE_AND_PARTS = (
    "Target setahun %s (%s) tidak sama dengan jumlah (%s) dan bukan angka terakhir (%s) dari "
    "target di dalam tahun itu. Yang dibaca target setahun."
)
NOT_KEPT = "Rencana menyimpan target setahun; target triwulan atau bulan diisi pada penugasan."
ACROSS = "Satu sel target mencakup %s. Angka itu berlaku bagaimana?"
EACH = "Satu sel target mencakup %s: %s berlaku untuk tiap tahun."
ONE_YEAR = "Satu sel target mencakup semua kolom tahun %d: dibaca sebagai target setahun."
SMALL = "Target persen ini di bawah 1. Yang dimaksud?"
LARGE = "Target persen ini di atas 100. Yang dimaksud?"


@dataclass(frozen=True, slots=True)
class Read:
    """A target's cell as it was read: where it is, what it says, the merged cell it belongs to."""

    slot: Slot
    row: int
    column: int
    amount: Amount
    written: object
    merged: tuple[int, int] | None = None


class Years:
    """Finds the targets of one indicator; `before` are those in force, by level and year."""

    def __init__(
        self,
        given: SheetContext,
        reads: Sequence[Read],
        measure: MeasureGuess,
        *,
        is_sum_sure: bool | None,
        before: Mapping[Year, Decimal],
        mark: str,
    ) -> None:
        """`is_sum_sure`: whether the file or the plan in force says that parts add up (None: it
        does not); `mark` tells indicators of one row apart."""
        self.given, self.reads, self.measure = given, reads, measure
        self.is_sum_sure, self.before, self.mark = is_sum_sure, before, mark

    def found(self) -> dict[Year, Decimal]:
        """Return the targets; where somebody must answer first, the first reading."""
        of_years: dict[Year, list[Read]] = {}
        for read in self._spread():
            of_years.setdefault((read.slot.level, read.slot.year), []).append(read)
        return self._checked({year: self._of_year(year, reads) for year, reads in of_years.items()})

    # --- Merged cells ---

    def _spread(self) -> Iterator[Read]:
        """Return the cells with what a cell merged over several columns means for each."""
        wide: dict[tuple[int, int], list[Read]] = {}
        for read in self.reads:
            if read.merged is not None:
                wide.setdefault(read.merged, []).append(read)
        firsts = {(read.row, read.column) for read in self.reads}
        for read in self.reads:
            if read.merged is not None:
                continue
            covered = wide.get((read.row, read.column), [])
            if not covered:
                yield read
                continue
            yield from self._of_wide([read, *covered])
        for place, covered in wide.items():
            if place not in firsts:
                yield from self._of_wide(covered)

    def _of_wide(self, reads: list[Read]) -> Iterator[Read]:
        first = reads[0]
        years = sorted({read.slot.year for read in reads})
        if len(years) == 1:
            if len(reads) > 1:
                self._warn(ONE_YEAR % years[0], first)
            yield replace(first, slot=Slot(first.slot.level, years[0]))
            return
        span = f"{years[0]}-{years[-1]}"
        said = readable(first.amount.value)
        each = [replace(first, slot=Slot(first.slot.level, year), merged=None) for year in years]
        if self.measure.kind is not IndicatorKind.NUMBER or self.is_sum_sure is False:
            self._warn(EACH % (span, said), first)
            yield from each
            return
        total = f"{said} seluruhnya, dicapai pada {years[-1]}"
        way = self.given.ask(
            "across",
            ACROSS % span,
            (
                Way("each", f"{said} setiap tahun", first.amount),
                Way("last", total, first.amount),
            ),
            (first.row, first.column),
            written=first.written,
            mark=self.mark,
        )
        yield from each[-1:] if way is not None and way.value == "last" else each

    # --- Parts of a year ---

    def _of_year(self, year: Year, reads: list[Read]) -> tuple[Amount, Read]:
        whole = next((read for read in reads if not read.slot.part), None)
        parts = sorted((read for read in reads if read.slot.part), key=lambda read: read.slot.month)
        if not parts:
            assert whole is not None
            return whole.amount, whole
        self.given.faults.note(NOT_KEPT)
        last, total = parts[-1].amount, sum((read.amount.value for read in parts), Decimal(0))
        if whole is not None:
            if whole.amount.value not in (last.value, total):
                numbers = (readable(whole.amount.value), readable(total), readable(last.value))
                self._warn(WHOLE_AND_PARTS % (year[1], *numbers), whole)
            return whole.amount, whole
        return self._of_parts(year, parts, total), parts[-1]

    def _of_parts(self, year: Year, parts: list[Read], total: Decimal) -> Amount:
        first, last = parts[0], parts[-1].amount
        values = [read.amount.value for read in parts]
        label = target_label(*year).removeprefix("Target ")
        said = ", ".join(
            f"{part_label(read.slot.part)} {readable(read.amount.value)}" for read in parts
        )
        summed = replace(last, value=total)
        if total == last.value:
            return last
        if not self._may_add_up(values):
            self._warn(ONLY_LAST % (label, said, readable(last.value)), first)
            return last
        falls = any(after < before for before, after in itertools.pairwise(values))
        if self.is_sum_sure or (falls and self.measure.kind is IndicatorKind.NUMBER):
            self._warn(ONLY_SUM % (label, said, readable(total)), first)
            return summed
        steps = [values[0], *(b - a for a, b in itertools.pairwise(values))]
        way = self.given.ask(
            "periods",
            PERIODS % (label, said),
            (
                Way(
                    "last",
                    f"{readable(last.value)}: tiap angka berisi jumlah sejak Januari "
                    f"(yang dikerjakan tiap periode {', '.join(map(readable, steps))})",
                    last,
                ),
                Way(
                    "sum",
                    f"{readable(total)}: tiap angka berisi yang dikerjakan pada periode itu saja",
                    summed,
                ),
            ),
            (first.row, first.column),
            written=said,
            before=self.before.get(year),
            mark=self.mark,
        )
        return way.amount if way else last

    def _may_add_up(self, values: Sequence[Decimal]) -> bool:
        """Whether the parts of a year may be added: never states, percentages only up to 100."""
        if self.is_sum_sure is not None:
            return self.is_sum_sure
        if self.measure.kind is IndicatorKind.PERCENT:
            return sum(values) <= HUNDRED
        return self.measure.accumulation is Accumulation.CUMULATIVE

    # --- Sense ---

    def _checked(self, found: Mapping[Year, tuple[Amount, Read]]) -> dict[Year, Decimal]:
        """Return targets that make sense.

        Percentages below 1 or above 100 are asked about, once for the row: where 0,8 means 80, a 1
        in the same row means 100.
        """
        values = {year: amount.value for year, (amount, _read) in found.items()}
        if self.measure.kind is not IndicatorKind.PERCENT:
            return values
        new = {year: value for year, value in values.items() if self.before.get(year) != value}
        parts = [read.amount.value for read in self.reads]
        has_share = any(
            doubt(value, is_percent=True) is Doubt.BELOW_ONE for value in (*new.values(), *parts)
        )
        small = [year for year, value in new.items() if has_share and 0 < value <= 1]
        large = [
            year
            for year, value in new.items()
            if doubt(value, is_percent=True) is Doubt.ABOVE_HUNDRED
        ]
        for group, name, text, years, factor in (
            ("percent-small", "hundredfold", SMALL, small, HUNDRED),
            ("percent-large", "hundredth", LARGE, large, 1 / HUNDRED),
        ):
            if not years:
                continue
            amount, read = found[years[0]]
            said = (
                "; ".join(readable(values[year] * times) for year in years) for times in (1, factor)
            )
            ways = [
                Way(key, f"{one} persen", amount)
                for key, one in zip(("as-written", name), said, strict=True)
            ]
            way = self.given.ask(
                group, text, ways, (read.row, read.column), written=read.written, mark=self.mark
            )
            if way is not None and way.value == name:
                values |= {year: values[year] * factor for year in years}
        return values

    def _warn(self, text: str, read: Read) -> None:
        self.given.faults.warning(text, read.row, read.column, read.written)
