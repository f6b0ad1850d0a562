"""A real worker collects its garbage between requests, and nobody else does."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import ROOT, free_port
from tests.faults.cyclic_app import EACH
from tests.journeys.product import descendants, fetch, is_gone, until

WORKER = "coordinator.platform.operations.web_worker.BufferingWorker"
REQUESTS = 60


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """One worker of the product's kind with another application in it."""
    port = free_port()
    bind = f"127.0.0.1:{port}"
    options = ("--worker-class", WORKER, "--workers", "1", "--threads", "4", "--bind", bind)
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *options, "tests.faults.cyclic_app:app"],
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    below: set[int] = set()
    try:
        until(lambda: fetch(f"http://{bind}/")[0] == 200, "it serves", 60)
        below = descendants(process.pid)
        yield f"http://{bind}/"
    finally:
        process.terminate()
        process.wait(60)
        for pid in below:
            if not is_gone(pid):
                os.kill(pid, signal.SIGKILL)


def test_what_requests_leave_does_not_pile_up(address: str) -> None:
    left = []
    for _ in range(REQUESTS):
        status, body = fetch(address)
        assert status == 200
        collects_by_itself, alive = body.split()
        assert collects_by_itself == b"False"
        left.append(int(alive))
    assert max(left) < REQUESTS * EACH / 2
