"""`make run` without make: the command that prepares, serves, schedules and stops."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.engines import ROOT, free_port
from tests.journeys.product import descendants, environment, fetch, is_gone, until


class Run:
    """A started `python -m coordinator.platform.operations.run` and what it printed."""

    def __init__(self, data_dir: Path, **more: str) -> None:
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.env = environment(data_dir, self.port, **more)
        self.log = data_dir.parent / f"run-{self.port}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "coordinator.platform.operations.run"],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def printed(self) -> str:
        """Return all that it said."""
        return self.log.read_text()

    def answers(self, path: str) -> bool:
        """Tell whether `path` answers 200; the end of the process fails the test at once."""
        assert self.process.poll() is None, self.printed()[-3000:]
        return fetch(self.base_url + path)[0] == 200

    def stop(self) -> None:
        """SIGTERM; everything below the process must be gone with it."""
        below = descendants(self.process.pid)
        self.process.terminate()
        try:
            code = self.process.wait(timeout=600)
            assert code == 0, self.printed()[-3000:]
            until(lambda: all(map(is_gone, below)), f"{below} are gone")
        finally:
            for pid in (self.process.pid, *below):
                if not is_gone(pid):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()
        assert len(below) >= 4  # gunicorn and its two workers, the scheduler
        assert fetch(f"{self.base_url}/sehat")[0] == 0


@contextmanager
def running(data_dir: Path, **more: str) -> Iterator[Run]:
    """Start, wait until ready, and stop at the end."""
    run = Run(data_dir, **more)
    try:
        until(lambda: run.answers("/sehat"), "/sehat answers 200")
        until(lambda: run.answers("/siap"), "/siap answers 200")
        yield run
    finally:
        run.stop()
