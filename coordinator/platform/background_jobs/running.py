"""Doing queued work, one piece after another, outside any transaction.

The scheduler gives the table of handlers. A handler gets a `Work`, calls `work.progress(...)` at
least once a minute, and returns a `Product`; any exception it raises ends the work as failed.
"""

import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from coordinator import logs
from coordinator.clock import now
from coordinator.errors import DomainError
from coordinator.permissions import Viewer
from coordinator.platform.background_jobs import queries, service, storage
from coordinator.platform.background_jobs.rules import LEASE
from coordinator.translation import gettext as _

stopping = threading.Event()  # set when the scheduler is asked to stop


class Stopped(Exception):
    """The work must end here: cancelled, given to another, or the process is stopping."""


@dataclass(frozen=True, slots=True)
class Product:
    """What work ends with: a sentence for the page, and a file where it made one."""

    note: str = ""
    name: str = ""
    media_type: str = ""
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work in a handler's hands: for whom, with what, and how to say how far it is."""

    viewer: Viewer
    params: Mapping[str, Any]
    report: Callable[[int, int], bool]

    def progress(self, done: int, total: int) -> None:
        """Say that `done` of `total` is done. Raises Stopped; let it pass."""
        if stopping.is_set() or not self.report(done, total):
            raise Stopped


Handler = Callable[[Work], Product]


def run_queued(handlers: Mapping[str, Handler]) -> str:
    """Do what waits; return in words how much was done."""
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    count = 0
    while not stopping.is_set() and queries.is_waiting(now() - LEASE):
        claim = service.claim_next(owner)
        if claim is None:
            break
        _do(claim, owner, handlers)
        count += 1
    return f"{count} pekerjaan"


def _do(claim: service.Claim, owner: str, handlers: Mapping[str, Handler]) -> None:
    def report(done: int, total: int) -> bool:
        return service.report_progress(claim.id, owner, done=done, total=total)

    handler = handlers.get(claim.kind)
    if handler is None:
        service.fail(claim.id, owner, note=_("Jenis pekerjaan ini tidak dikenal."))
        return
    try:
        product = handler(Work(claim.viewer, claim.params, report))
        if product.data is not None:
            storage.keep(claim.public_id, product.data)
    except Stopped:
        service.put_back(claim.id, owner)  # nothing is put back that was cancelled
        return
    except DomainError as error:
        service.fail(claim.id, owner, note=error.message)
        return
    except Exception as error:
        logs.fault("long work failed", error, task=claim.public_id)
        service.fail(claim.id, owner, note=_("Ada gangguan pada sistem. Coba lagi."))
        return
    result = (product.name, product.media_type) if product.data is not None else None
    service.finish(claim.id, owner, note=product.note, result=result)
