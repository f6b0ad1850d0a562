"""Drawing a reproducible sample. Pure."""

import hashlib
from collections.abc import Iterable
from enum import StrEnum, auto

SMALLEST, LARGEST = 1, 100  # percent


class FindingKind(StrEnum):
    """What the auditor found in a report."""

    CONFORMS = auto()
    FINDING = auto()


def size_of(population: int, percent: int) -> int:
    """Return how many of `population` are drawn: `percent` of it, rounded up."""
    return -(-population * percent // 100)


def drawn(ids: Iterable[str], *, seed: str, percent: int) -> list[str]:
    """Return the sampled ids, in the order of the draw.

    The ids, sorted, are ranked by SHA-256 of "seed:id"; the first `percent` (rounded up) are drawn.
    Anyone with the seed and the list gets the same sample.
    """
    known = sorted(set(ids))
    ranked = sorted(known, key=lambda one: (rank(seed, one), one))
    return ranked[: size_of(len(known), percent)]


def rank(seed: str, one: str) -> str:
    """Return what the ids are ordered by."""
    return hashlib.sha256(f"{seed}:{one}".encode()).hexdigest()
