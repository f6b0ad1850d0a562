"""Children of the product without their start: a process that has loaded what they need, and forks.

`coordinator.child` starts an interpreter for each file that is read and each document that is made;
loading its libraries takes longer than most tests. Here one process a worker loads each module
once and runs `coordinator.child.main`, with its limits, in a fork for each call. The limit of
memory is for what a child takes beyond that process. Tests of the child itself and of what its
limits stop ask for the fixture `real_children`.
"""

import importlib
import os
import pickle
import resource
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from coordinator import child

READY = b"ready\n"


@pytest.fixture(scope="session", autouse=True)
def _warm_children(worker_dir: Path) -> Iterator[None]:
    """Fork the product's children instead of starting an interpreter for each."""
    warm = WarmChildren(worker_dir)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child, "subprocess", warm)
        yield
    warm.stop()


@pytest.fixture
def real_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start an interpreter for each child."""
    monkeypatch.setattr(child, "subprocess", subprocess)


@dataclass(frozen=True, slots=True)
class _Order:
    """What `coordinator.child.run` would start a process with."""

    arguments: Sequence[str]  # the module, megabytes, seconds
    payload: bytes
    environ: dict[str, str]


class WarmChildren:
    """Replaces the module `subprocess` in `coordinator.child`."""

    TimeoutExpired = subprocess.TimeoutExpired

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._address = ""
        self._server: subprocess.Popen[bytes] | None = None
        self._starting = threading.Lock()  # a request's thread may be the first to need a child

    def run(
        self, command: Sequence[str], *, input: bytes, timeout: float, **_more: Any
    ) -> subprocess.CompletedProcess[bytes]:
        """Run the child that `command` names in a fork, as `subprocess.run` would start it."""
        self._start()
        order = _Order(command[command.index("coordinator.child") + 1 :], input, dict(os.environ))
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(timeout)
            try:
                connection.connect(self._address)
                with connection.makefile("rwb") as line:
                    pickle.dump(order, line)
                    line.flush()
                    code, stdout, stderr = pickle.load(line)
            except TimeoutError:
                raise subprocess.TimeoutExpired(command, timeout) from None
        return subprocess.CompletedProcess(command, code, stdout, stderr)

    def _start(self) -> None:
        with self._starting:
            if self._server is not None and self._server.poll() is None:
                return
            address = str(self._folder / f"children-{secrets.token_hex(4)}")
            command = [sys.executable, "-m", "tests.plugins.warm_children", address]
            server = subprocess.Popen(command, cwd=child.ROOT, stdout=subprocess.PIPE)
            assert server.stdout is not None
            assert server.stdout.readline() == READY
            self._server, self._address = server, address

    def stop(self) -> None:
        """End the process that forks."""
        if self._server is not None:
            self._server.kill()
            self._server.communicate()


def _serve(address: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that answer
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        sys.stdout.buffer.write(READY)
        sys.stdout.buffer.flush()
        while True:
            connection, _ = listener.accept()
            with connection, connection.makefile("rwb") as line:
                order = pickle.load(line)
                with suppress(Exception):  # the child meets it again, and says so
                    importlib.import_module(order.arguments[0])
                if os.fork() == 0:
                    pickle.dump(_answer(order), line)
                    line.flush()
                    os._exit(0)


def _answer(order: _Order) -> tuple[int, bytes, bytes]:
    """Return the exit code of a child and what it wrote to stdout and stderr."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        given.write(order.payload)
        given.seek(0)
        pid = os.fork()
        if pid == 0:
            for number, file in enumerate((given, out, err)):
                os.dup2(file.fileno(), number)
            os.environ.clear()
            os.environ.update(order.environ)
            os._exit(_work(*order.arguments))
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        for file in (out, err):
            file.seek(0)
        return code, out.read(), err.read()


def _work(module: str, megabytes: str, seconds: str) -> int:
    """Do a child's work in this process, and return its exit code."""
    beyond = int(megabytes) + _data_size() // child.MEGABYTE
    sys.argv = ["", module, str(beyond), seconds]
    code: Any = 0
    try:
        child.main()
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return int(code or 0)


def _data_size() -> int:
    """Return how many bytes of this process RLIMIT_DATA counts."""
    pages = int(Path("/proc/self/statm").read_text().split()[5])
    return pages * resource.getpagesize()


if __name__ == "__main__":
    _serve(sys.argv[1])
