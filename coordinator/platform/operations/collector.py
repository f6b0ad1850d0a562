"""Garbage collection at safe moments: between requests and jobs, never inside an allocation.

CPython 3.11 collects inside whichever allocation happens to be due, for example while it makes the
dictionary of an object's attributes. If a finalizer then lets another thread run, and that thread
asks for the same dictionary, two dictionaries share the same values. They are freed twice, and the
process crashes later, in the middle of any page. Statements and columns are such objects, shared by
all threads. From 3.12 on the interpreter collects only between instructions.
See docs/decisions/0038-garbage-between-requests.md.
"""

import gc

ALLOCATIONS = 20_000  # containers made and not freed since the last collection: a few pages' worth
YOUNG_PER_FULL = 50  # collections of the young objects for each of all objects


class Collector:
    """Replaces the interpreter's automatic collection; its owner calls it again and again."""

    def __init__(self) -> None:
        gc.disable()
        self._collections = 0

    def collect_if_due(self) -> bool:
        """Collect if enough was allocated, and return whether it did.

        Takes a few milliseconds, in which no other thread of the process runs.
        """
        if gc.get_count()[0] < ALLOCATIONS:
            return False
        self._collections += 1
        gc.collect(2 if self._collections % YOUNG_PER_FULL == 0 else 1)
        return True
