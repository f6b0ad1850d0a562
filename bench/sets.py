"""What the data sets contain, and their shared constants."""

from dataclasses import dataclass

POSTERS = 8  # agencies that have sent nothing in the open period: the writers of the load
OPEN_ROWS = 50  # of the agency whose "Tugas saya" is measured
DAYS = 30  # that a period covers


@dataclass(frozen=True)
class Spec:
    """What a data set contains.

    `parties` agencies take part in each item, the first as lead. `revisions` says how many times
    the report of each closed period was submitted, oldest period first; every submission but the
    last was returned. One more period is open.
    """

    name: str
    items: int
    parties: int
    revisions: tuple[int, ...]
    agencies: int = 40

    @property
    def obligations(self) -> int:
        """Return roughly how many obligations the whole year has."""
        return self.items * self.parties * (len(self.revisions) + 1)


# Ten submissions an item: the newest closed report went back and forth five times.
ITEMS_400 = Spec("items-400", 400, 1, (1, 1, 1, 2, 5))  # for --quick
ITEMS_2K = Spec("items-2k", 2_000, 1, (1, 1, 1, 2, 5))
ITEMS_20K = Spec("items-20k", 20_000, 1, (1, 1, 1, 2, 5))
MATRIX_20K = Spec("matrix-20k", 1_000, 5, (1, 1, 1))
MATRIX_200K = Spec("matrix-200k", 10_000, 5, (1, 1, 1))
# All in the open period: the page shows every row the set has.
PERIOD_20K = Spec("period-20k", 4_000, 5, ())
PERIOD_200K = Spec("period-200k", 40_000, 5, ())
# Few obligations on the widest page: an obligation or two in each of 160 x 6 cells.
CELLS_960 = Spec("cells-960", 1_920, 1, (), agencies=160)
