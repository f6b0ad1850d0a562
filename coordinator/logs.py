"""The only place that logs. A line never has text that a user typed.

An exception's message is not safe: PostgreSQL quotes the whole row, a parser the text it could
not read, a mail server its answer. So a line has the kind of the exception, its code, the
constraint, and the places in the code it passed; never its message. Lines of libraries lose the
values they would fill in. One JSON object per line, to standard error.
"""

import errno
import json
import logging
import re
import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any, TextIO, TypedDict, Unpack

from pythonjsonlogger.json import JsonFormatter

ROOT = Path(__file__).parents[1]
MOST_FRAMES = 30  # of one exception, the innermost
MOST_CAUSES = 5
# What SQLite says of a broken constraint: names of our own tables, nothing of the row.
SQLITE_CONSTRAINT = re.compile(
    r"(?:UNIQUE|CHECK|NOT NULL|FOREIGN KEY) constraint failed(?:: (\w+(?:\.\w+)?(?:, \w+\.\w+)*))?"
)
HIDDEN = "***"

_own = logging.getLogger("coordinator.log")
_own.setLevel(logging.INFO)


class Facts(TypedDict, total=False):
    """What a line may have in addition to its sentence: ids, our own names and numbers."""

    account: int | None
    job: str
    method: str
    ms: float
    path: str
    request: str
    status: int
    subject: str
    task: str
    what: str
    why: str


def info(sentence: str, /, **facts: Unpack[Facts]) -> None:
    """Write a line. `sentence` is the code's own, the same each time."""
    _write(logging.INFO, sentence, facts)


def request(**facts: Unpack[Facts]) -> None:
    """Write the line of a request that was answered."""
    _write(logging.INFO, "", facts)


def warning(sentence: str, /, **facts: Unpack[Facts]) -> None:
    """Write a line that somebody should look at eventually."""
    _write(logging.WARNING, sentence, facts)


def trouble(sentence: str, error: BaseException, /, **facts: Unpack[Facts]) -> None:
    """Write a line on what is wrong outside the code (a full disk): its kind, not its places."""
    _write(logging.ERROR, sentence, facts, {"error": summary(error)})


def fault(sentence: str, error: BaseException, /, **facts: Unpack[Facts]) -> None:
    """Write a line on a fault of the code: each exception's kind, and the places it passed."""
    _write(logging.ERROR, sentence, facts, {"trace": described(error)})


def _write(level: int, sentence: str, facts: Facts, more: dict[str, Any] | None = None) -> None:
    line = {"message": sentence} if sentence else {}
    _own.log(level, {**line, **facts, **(more or {})})


# --- exceptions, without their words -------------------------------------------------------------


def summary(error: BaseException) -> str:
    """Return an exception's kind, and what its library says of it in names of its own.

    For example "sqlalchemy.exc.IntegrityError 23505 uq_account_email", "OSError ENOSPC".
    """
    kind = type(error)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return " ".join([f"{module}{kind.__qualname__}", *_codes(error)])


def _codes(error: BaseException) -> Iterator[str]:
    if isinstance(error, OSError) and error.errno is not None:
        yield errno.errorcode.get(error.errno, str(error.errno))
    cause = getattr(error, "orig", None) or error
    for name in ("sqlstate", "sqlite_errorname"):
        if code := getattr(cause, name, None):
            yield str(code)
    diagnosis = getattr(cause, "diag", None)
    for name in ("table_name", "column_name", "constraint_name"):
        if value := getattr(diagnosis, name, None):
            yield str(value)
    if hasattr(cause, "sqlite_errorname"):
        found = SQLITE_CONSTRAINT.fullmatch(str(cause))
        if found and found[1]:
            yield found[1]


def described(error: BaseException) -> list[str]:
    """Return an exception and its causes, newest first, each with the places it passed."""
    lines: list[str] = []
    seen: BaseException | None = error
    for _number in range(MOST_CAUSES):
        if seen is None:
            break
        lines.append(summary(seen))
        lines += [f"  {place}" for place in _places(seen.__traceback__)]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return lines


def _places(trace: TracebackType | None) -> list[str]:
    found = [
        f"{_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(trace)
    ]
    return found[-MOST_FRAMES:]


def _short(path: str) -> str:
    """Return a source file's path from the installation or its libraries on."""
    for start in ("/site-packages/", f"{ROOT}/"):
        if start in path:
            return path.rpartition(start)[2]
    return path


# --- every line of the process -------------------------------------------------------------------


class _Hidden:
    """A placeholder for a value that a library wants to fill in."""

    def __str__(self) -> str:
        return HIDDEN

    __repr__ = __str__


class JsonLines(JsonFormatter):
    """Our own lines as they are; a library's without what it fills in, and without its trace."""

    def __init__(self) -> None:
        super().__init__(
            ["asctime", "levelname"],
            datefmt="%Y-%m-%dT%H:%M:%S%z",
            rename_fields={"asctime": "at", "levelname": "level"},
            json_encoder=json.JSONEncoder,  # the library's own would write an exception's message
            json_ensure_ascii=False,
        )

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        line = record.msg if record.name == _own.name else _of_library(record)
        # A new record: a library's may hold what was typed, in its arguments and attributes.
        safe = {"created": record.created, "levelname": record.levelname.lower(), "msg": line}
        return super().format(logging.makeLogRecord(safe))


def _of_library(record: logging.LogRecord) -> dict[str, Any]:
    line: dict[str, Any] = {
        "logger": record.name,
        "message": _without_values(record),
        "place": f"{_short(record.pathname)}:{record.lineno} {record.funcName}",
    }
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        line["trace"] = described(error)
    return line


def _without_values(record: logging.LogRecord) -> str:
    """Return a library's sentence with only numbers and names of signals filled in.

    A sentence with nothing to fill in may have been filled in before: gunicorn does so with what
    it could not read. Its place in the library's code says which sentence it was.
    """
    if not isinstance(record.msg, str) or not isinstance(record.args, tuple) or not record.args:
        return HIDDEN
    values = [value if _is_harmless(value) else _Hidden() for value in record.args]
    try:
        return record.msg % tuple(values)
    except (TypeError, ValueError):
        return HIDDEN


def _is_harmless(value: object) -> bool:
    """Return whether a value cannot identify a person, such as the signal that ended a worker."""
    if isinstance(value, str):
        return value in signal.Signals.__members__
    return isinstance(value, int | float)


def configure() -> None:
    """Route every line of this process here: ours, libraries', warnings, uncaught exceptions.

    For the process's entry (the web server, the scheduler, a command, a child); a test keeps its
    own handlers.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("gunicorn.error", "gunicorn.access"):  # they have handlers of their own
        for theirs in logging.getLogger(name).handlers:
            theirs.setFormatter(JsonLines())
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns about every short wait
    warnings.showwarning = _warned
    sys.excepthook = _uncaught
    sys.unraisablehook = _unraisable
    threading.excepthook = _thread_died


def silence() -> None:
    """Log nothing more in this process: for a child whose libraries quote what they read."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    del message, file, line  # the message may quote input; the place is enough
    why = f"{category.__name__} {_short(filename)}:{lineno}"
    warning("a library warns", why=why)


def _uncaught(
    _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
) -> None:
    if isinstance(error, KeyboardInterrupt):
        return
    fault("nobody caught it", error)


def _unraisable(what: "sys.UnraisableHookArgs") -> None:
    if what.exc_value is not None:
        fault("it could not be raised", what.exc_value)


def _thread_died(what: threading.ExceptHookArgs) -> None:
    if what.exc_value is not None and not isinstance(what.exc_value, SystemExit):
        fault("a thread ended", what.exc_value)
