"""Garbage collection in the tests' own process."""

import gc


def pytest_collection_finish() -> None:
    """Freeze everything that was imported and collected, and collect less often: looking at it
    again took a fifth of a run's processor time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
