"""What is wrong in a file, said with its line."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from coordinator import screening

Location = tuple[str | int, ...]
Severity = Literal["error", "warning"]
SHOWN = 60  # characters of a file's own text that a sentence repeats
SEVERITY_WORDS = {"error": "galat", "warning": "peringatan"}


def shown(text: str) -> str:
    """Return a file's own text as a sentence may repeat it: short, printable, nobody's number."""
    if screening.blocks(text[:1000]):
        text = re.sub(r"\d", "•", text)
    text = "".join(char if char.isprintable() else "�" for char in text[: SHOWN + 1])
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


@dataclass(frozen=True, slots=True)
class YamlFinding:
    """Something wrong (or odd) in a file, where a person finds it: 1-based line and column."""

    file: str
    line: int
    column: int
    key: str
    severity: Severity
    message: str

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as `roles check --json` prints it."""
        return asdict(self)

    def __str__(self) -> str:
        parts = [f"{self.file}:{self.line}:{self.column}", SEVERITY_WORDS[self.severity], self.key]
        return ": ".join(filter(None, (*parts, self.message)))


class BadFile(Exception):
    """The file cannot be used; `findings` says why."""

    def __init__(self, findings: list[YamlFinding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Source:
    """A file's data, with the place of every value and every key of it."""

    file: str
    data: Any
    places: dict[Location, tuple[int, int]]
    keys: dict[Location, tuple[int, int]]

    def place(self, location: Iterable[str | int], *, of_key: bool = False) -> tuple[int, int]:
        """Return line and column of a part, or of the nearest part above it that has a place."""
        path: Location = tuple(location)
        if of_key and path in self.keys:
            return self.keys[path]
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def finding(
        self,
        location: Iterable[str | int],
        message: str,
        *,
        severity: Severity = "error",
        of_key: bool = False,
    ) -> YamlFinding:
        """Return a finding at `location`: at its value, or at the key in front of the value."""
        path: Location = tuple(location)
        line, column = self.place(path, of_key=of_key)
        return YamlFinding(self.file, line, column, dotted(path), severity, message)


def dotted(path: Location) -> str:
    """Return a place in the data as one word: `duties.3.agency`, counted from 0."""
    return ".".join(shown(str(part)) for part in path)


def unreadable(name: str, message: str, line: int = 1, column: int = 1) -> BadFile:
    """Return the error of a file of which nothing can be used."""
    return BadFile([YamlFinding(name, line, column, "", "error", message)])
