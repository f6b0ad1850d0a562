"""What is said of duties understood, and that every colour has a word."""

import pytest

from coordinator.oversight.matrix.labels import cell_word, legend
from coordinator.oversight.matrix.rules import Band, Layer, MatrixCell, understanding_cell


@pytest.mark.parametrize(
    ("accepted", "disputed", "total", "band"),
    [
        (0, 0, 0, Band.NO_TASK),
        (0, 0, 3, Band.BELOW),
        (1, 0, 3, Band.ATTENTION),
        (3, 0, 3, Band.ON_TARGET),
        (2, 1, 3, Band.DISPUTED),
        (0, 3, 3, Band.DISPUTED),
    ],
)
def test_understanding(accepted: int, disputed: int, total: int, band: Band) -> None:
    assert understanding_cell(accepted, disputed, total).band is band


COMMON = {Band.ON_TARGET, Band.ATTENTION, Band.DISPUTED}


@pytest.mark.parametrize(
    ("layer", "bands"),
    [
        (Layer.PAHAM, COMMON | {Band.BELOW, Band.NO_TASK}),
        (Layer.LAPOR, COMMON | {Band.SILENT, Band.NOT_DUE, Band.NO_TASK, Band.WAITING}),
        (Layer.TERVERIFIKASI, COMMON | {Band.BELOW, Band.NOT_DUE, Band.NO_TASK, Band.WAITING}),
        (Layer.CAPAIAN, set(Band) - {Band.NONE}),
    ],
)
def test_every_colour_has_a_word_of_its_own(layer: Layer, bands: set[Band]) -> None:
    words = [cell_word(layer, MatrixCell(band, 1, 2)) for band in bands]
    assert all(words)
    assert len(set(words)) == len(words)
    listed = {item["state"] for item in legend(layer)}
    assert {band.value for band in bands} <= listed
