"""Two versions of a document, part by part. Pure."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

P = TypeVar("P")


def pairs(
    before: Iterable[P],
    after: Iterable[P],
    *,
    key: Callable[[P], Hashable],
    former_key: Callable[[P], Hashable] | None = None,
) -> Iterator[tuple[P | None, P | None]]:
    """Return each part of `after` with the part it was before, in the order of `after`, then those
    of `before` that are gone. A part that is new has None before it, one that is gone None after.

    Parts with one `key` are the same; `former_key` gives the key of those of `before` where it
    differs from the one they have now.
    """
    was = {(former_key or key)(part): part for part in before}
    for part in after:
        yield was.pop(key(part), None), part
    for gone in was.values():
        yield gone, None
