"""Run heavy or hostile work in a separate process, with limits of time and memory.

A hostile file in a parser, or a library that needs 80 MB, must not affect the web process or the
scheduler. `run` starts `python -m coordinator.child MODULE`; the child sets its own limits, then
calls the module's `main(payload: bytes) -> bytes`. multiprocessing has no limits, and its children
carry the parent's memory or its imports.
"""

import importlib
import math
import re
import resource
import signal
import subprocess
import sys
from enum import StrEnum, auto
from pathlib import Path

from coordinator import logs

ROOT = Path(__file__).parents[1]  # where `python -m` finds us, wherever the server was started
MEGABYTE = 1024 * 1024
SECONDS = 10  # of processor time
PATIENCE = 6  # how many times longer by the clock: a busy machine is not a hostile file
MEGABYTES = 200
OUT_OF_MEMORY = 77  # the child's exit code
KIND = re.compile(rb"^child: ([\w .]{1,200})$", re.MULTILINE)


class Failure(StrEnum):
    """Why a child gave no answer."""

    TIME = auto()
    MEMORY = auto()
    CRASH = auto()


class ChildFailed(Exception):
    """The child gave no answer; `why` is the reason, `detail` the kind of its exception."""

    def __init__(self, why: Failure, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else str(why))
        self.why = why
        self.detail = detail


def run(
    module: str, payload: bytes, *, seconds: float = SECONDS, megabytes: int = MEGABYTES
) -> bytes:
    """Return what `module.main(payload)` returns in a child process.

    The child may use `seconds` of processor time and `megabytes` of memory of its own; by the
    clock it may take six times as long. Raises ChildFailed.
    """
    command = [sys.executable, "-m", "coordinator.child", module, str(megabytes), str(seconds)]
    try:
        done = subprocess.run(  # noqa: S603 our own interpreter, our own module names
            command,
            input=payload,
            capture_output=True,
            timeout=seconds * PATIENCE,
            check=False,
            cwd=ROOT,
        )
    except subprocess.TimeoutExpired as error:
        raise ChildFailed(Failure.TIME) from error
    if done.returncode == -signal.SIGXCPU:
        raise ChildFailed(Failure.TIME)
    if done.returncode == OUT_OF_MEMORY:
        raise ChildFailed(Failure.MEMORY)
    if done.returncode != 0:
        raise ChildFailed(Failure.CRASH, _last_words(done.stderr) or f"exit code {done.returncode}")
    return done.stdout


def _last_words(stderr: bytes) -> str:
    """Return the kind of exception a child printed last.

    All other output may quote its input (for example from a C library) and is dropped.
    """
    found = KIND.findall(stderr)
    return found[-1].decode() if found else ""


def main() -> None:
    """Limit this process, then do the named module's work from stdin to stdout."""
    module, megabytes, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    size = megabytes * MEGABYTE
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    cpu = math.ceil(seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = importlib.import_module(module).main(sys.stdin.buffer.read())
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
    except Exception as error:
        # The message may repeat the input: the kind of exception is enough for the log.
        sys.stderr.write(f"\nchild: {logs.summary(error)}\n")
        sys.exit(1)
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
