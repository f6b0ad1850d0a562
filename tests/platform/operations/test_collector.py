"""Garbage is collected when the process asks for it, and never inside an allocation."""

import gc
import subprocess
import sys
import weakref
from collections.abc import Iterator

import pytest

from coordinator.platform.operations.collector import ALLOCATIONS, YOUNG_PER_FULL, Collector
from tests.engines import ROOT

# What crashed web workers: a collection while the dictionary of `shared` is made, and in it a
# finalizer that asks for the same dictionary, as another thread would.
TWO_DICTIONARIES = """
import gc
from coordinator.platform.operations.collector import Collector
{setup}
class Shared:
    def __init__(self):
        self.a, self.b, self.c = 1, 2, 3
class Finalized:
    def __del__(self):
        found.append(shared.__dict__)
found, shared, was_on = [], Shared(), gc.isenabled()
gc.disable()
gc.set_threshold(1, 10**9, 10**9)
garbage = Finalized()
garbage.itself = garbage
del garbage
kept = [{{}} for _ in range(200)]  # none is left to be used again: the next one is allocated
if was_on:
    gc.enable()
mine = shared.__dict__
gc.disable()
print(all(one is mine for one in found), len(found))
"""


class Cycle:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector() -> Iterator[Collector]:
    """One in charge of this process, until the test is over."""
    gc.collect()
    yield Collector()
    gc.enable()


def _run(setup: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", TWO_DICTIONARIES.format(setup=setup)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.split()


def test_no_object_gets_two_dictionaries() -> None:
    assert _run("Collector()") == ["True", "0"]
    if sys.version_info < (3, 12):  # what it is for
        assert _run("") == ["False", "1"]


def test_it_collects_what_is_due_and_not_before(collector: Collector) -> None:
    watched = weakref.ref(Cycle())
    assert not collector.collect_if_due()
    assert watched() is not None
    for _ in range(ALLOCATIONS):
        Cycle()
    assert watched() is not None, "nobody else collects"
    assert collector.collect_if_due()
    assert watched() is None


def test_what_has_grown_old_is_collected_too(collector: Collector) -> None:
    grown_old = Cycle()
    watched = weakref.ref(grown_old)
    gc.collect(1)
    gc.collect(1)
    del grown_old
    for _ in range(YOUNG_PER_FULL):
        for _ in range(ALLOCATIONS):
            Cycle()
        assert collector.collect_if_due()
    assert watched() is None
