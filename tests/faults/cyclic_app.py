"""A WSGI application each of whose requests leaves 5,000 objects that only a collector frees."""

import gc
import weakref
from collections.abc import Iterable
from typing import Any

EACH = 5_000
alive: "weakref.WeakSet[Cycle]" = weakref.WeakSet()


class Cycle:
    """An object that holds itself."""

    def __init__(self) -> None:
        self.itself = self
        alive.add(self)


def app(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Say whether the interpreter collects by itself, and how many objects are left."""
    for _ in range(EACH):
        Cycle()
    body = f"{gc.isenabled()} {len(alive)}".encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
