"""Servers of this run: gunicorn with the product, or with the floors. Only servers started here
are stopped."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

import config
from bench.dataset import CACHE, app_on
from coordinator.template_cache import FOLDER

PRODUCT = ("--config", "coordinator/platform/operations/gunicorn_conf.py", "wsgi:app")
FLOOR = ("--config", "bench/floor_conf.py", "bench.floor:app")
PATIENCE = 60.0


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def compile_templates(home: Path, database: Path) -> None:
    """Give the installation in `home` all compiled templates, as one that has been used has them:
    a start loads those, and its workers share them. They are compiled once, in `var/bench`."""
    environment = app_on(CACHE, database).jinja_env
    for name in environment.list_templates():
        environment.get_template(name)
    shutil.copytree(CACHE / FOLDER, home / FOLDER, dirs_exist_ok=True)


class Server:
    """gunicorn on a free loopback port, until the `with` block ends."""

    def __init__(self, what: tuple[str, ...], environ: dict[str, str], log: Path) -> None:
        self.port = free_port()
        self.environ = {
            **{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
            **environ,
            "PORT": str(self.port),
            # A start is measured as on an installed machine, with compiled modules; they are kept
            # here, so that nothing outside var/bench is written.
            "PYTHONPYCACHEPREFIX": str(CACHE / "pycache"),
        }
        self.what = what
        self.log = log
        self.start_seconds = 0.0

    def __enter__(self) -> Self:
        with self.log.open("ab") as log:
            began = time.perf_counter()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *self.what],
                cwd=config.ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            while not self._answers():
                if self.process.poll() is not None or time.perf_counter() - began > PATIENCE:
                    raise RuntimeError(f"gunicorn did not start; see {self.log}")
                time.sleep(0.005)
        except BaseException:
            self._end()
            raise
        self.start_seconds = time.perf_counter() - began
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._end()

    def _end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(25)  # gunicorn lets its workers finish for 20 s
        except subprocess.TimeoutExpired:
            for pid in reversed(process_tree(self.process.pid)):
                os.kill(pid, signal.SIGKILL)
            self.process.wait(5)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/sehat")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def memory(self) -> float:
        """Return the proportional set size of the process and its children, in MB."""
        return sum(_pss(pid) for pid in process_tree(self.process.pid)) / 1024


def process_tree(pid: int) -> list[int]:
    """Return a process and all below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        found.append(one)
        todo.extend(children.get(one, ()))
    return found


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
