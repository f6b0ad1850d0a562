"""What a reader answers: a line of JSON, then the bytes to keep. Used on both sides of the pipe."""

import json
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from coordinator import screening
from coordinator.platform.files.rules import Reading, Refusal, Removed

MOST_TEXT = 2_000_000  # characters looked through; what is beyond waits for a person
SECONDS_TO_READ = 6.0  # of processor time; cleaning comes first and has the rest of the ten


class BadUpload(Exception):
    """The file is not taken."""

    def __init__(self, why: Refusal, where: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.where = where


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file that may be kept. `warnings`: how often the detector asks to look, by kind."""

    media_type: str
    data: bytes
    reading: Reading
    removed: frozenset[Removed] = frozenset()
    warnings: dict[str, int] = field(default_factory=dict)


def pack(answer: CleanFile) -> bytes:
    """Return an answer as bytes for the pipe."""
    head = {
        "media_type": answer.media_type,
        "reading": answer.reading.value,
        "removed": sorted(answer.removed),
        "warnings": answer.warnings,
    }
    return json.dumps(head).encode() + b"\n" + answer.data


def pack_refusal(refused: BadUpload) -> bytes:
    """Return a refusal as bytes for the pipe. `where` is a page or a row, never what is there."""
    return json.dumps({"refused": refused.why.value, "where": refused.where}).encode() + b"\n"


def unpack(raw: bytes) -> CleanFile:
    """Read what a child wrote. Raises BadUpload, and ValueError for what is no answer."""
    line, _newline, data = raw.partition(b"\n")
    head = json.loads(line)
    if "refused" in head:
        raise BadUpload(Refusal(head["refused"]), head["where"])
    return CleanFile(
        media_type=head["media_type"],
        data=data,
        reading=Reading(head["reading"]),
        removed=frozenset(Removed(one) for one in head["removed"]),
        warnings={screening.Kind(kind).value: int(n) for kind, n in head["warnings"].items()},
    )


class Text:
    """The words of a file, with their places.

    They are searched once, as one piece, so that a number split over two pages is found too.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._starts: list[int] = []
        self._places: list[str] = []
        self._size = 0
        self._doubts: Counter[str] = Counter()
        self._deadline = time.process_time() + SECONDS_TO_READ
        self.is_whole = True

    @property
    def is_late(self) -> bool:
        """True once there is no time to read on."""
        return time.process_time() > self._deadline

    def add(self, text: str, place: str = "") -> None:
        """Add words found at `place` ("halaman 3")."""
        if not text:
            return
        if self._size + len(text) > MOST_TEXT or self.is_late:
            self.is_whole = False
            return
        self._starts.append(self._size)
        self._places.append(place)
        self._pieces.append(text + "\n")
        self._size += len(text) + 1

    def add_all(self, texts: Iterable[str], place: str = "") -> None:
        """Take in several texts of one place."""
        for text in texts:
            self.add(text, place)

    def doubt(self, kind: screening.Kind) -> None:
        """Note that a person should look, for a reason the words alone do not show."""
        self._doubts[kind.value] += 1

    def warnings(self) -> dict[str, int]:
        """Return how often each doubtful kind occurs. Raises BadUpload for a NIK or KK number."""
        counts = Counter(self._doubts)
        for found in screening.findings("".join(self._pieces)):
            if found.severity is screening.Severity.BLOCK:
                place = self._places[bisect_right(self._starts, found.start) - 1]
                raise BadUpload(Refusal.IDENTITY, place)
            counts[found.kind.value] += 1
        return dict(counts)
