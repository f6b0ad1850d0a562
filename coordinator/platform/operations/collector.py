"""When Python looks for cyclic garbage: at moments of ours, never in the middle of something.

CPython 3.11 collects inside whichever allocation happens to be due. One of them makes the
dictionary of an object's attributes. A finalizer that runs there lets another thread go on; where
that thread asks for the dictionary of the same object, there are two over the same values, which
are freed twice, and the process crashes later, in the middle of any page. Statements and
columns are such objects, and all threads share them. From 3.12 on the interpreter collects between
its instructions only. See docs/decisions/0038-garbage-between-requests.md.
"""

import gc

DUE = 20_000  # containers made and not freed since the last look: some pages' worth
YOUNG_LOOKS = 50  # looks at what is new before one at everything


class Collector:
    """Takes over from the interpreter as soon as it is made; its owner asks it again and again."""

    def __init__(self) -> None:
        gc.disable()
        self._looks = 0

    def collect_if_due(self) -> bool:
        """Collect where enough has been made, and return whether it was. A few milliseconds, in
        which no other thread of the process runs."""
        if gc.get_count()[0] < DUE:
            return False
        self._looks += 1
        gc.collect(2 if self._looks % YOUNG_LOOKS == 0 else 1)
        return True
