"""A draw that anybody can repeat."""

import pytest

from coordinator.reporting.sampling.rules import drawn, size_of

IDS = [f"laporan{n:03d}" for n in range(200)]


def test_the_same_seed_and_list_give_the_same_sample_in_any_order() -> None:
    first = drawn(IDS, seed="a" * 32, percent=10)
    assert len(first) == 20
    assert drawn(reversed(IDS), seed="a" * 32, percent=10) == first
    assert set(drawn(IDS, seed="b" * 32, percent=10)) != set(first)
    assert drawn(IDS, seed="a" * 32, percent=5) == first[:10]  # a smaller one is its beginning


@pytest.mark.parametrize(
    ("population", "percent", "size"),
    [(0, 10, 0), (1, 1, 1), (11, 10, 2), (10, 10, 1), (7, 100, 7)],
)
def test_the_size_is_rounded_up(population: int, percent: int, size: int) -> None:
    assert size_of(population, percent) == size


def test_every_report_has_its_chance() -> None:
    counts = dict.fromkeys(IDS[:20], 0)
    for n in range(500):
        for one in drawn(counts, seed=f"{n:032x}", percent=10):
            counts[one] += 1
    assert min(counts.values()) > 20  # 50 expected
    assert max(counts.values()) < 90
