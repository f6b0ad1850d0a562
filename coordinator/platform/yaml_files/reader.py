"""YAML text to plain data.

PyYAML parses. Neither its loader nor ruamel.yaml or strictyaml would do: each composes the whole
tree first, which is what a hostile file is made for.

The data is built from the parser's events, not from a composed tree: nothing recurses with the
file's depth, an alias is never followed, and reading stops at the first part too many. `no`,
`12:30` and `007` stay text, a key given twice is a fault instead of a silent loss, and no tag can
make an object.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

import yaml

from coordinator.platform.yaml_files.findings import (
    BadFile,
    Location,
    Source,
    YamlFinding,
    dotted,
    shown,
    unreadable,
)
from coordinator.typed import clean

LARGEST = 5_000_000  # bytes; the real mapping has about 150 kB
DEEPEST = 30  # levels; the real mapping has 5
MOST_PARTS = 100_000  # values, lists and mappings; the real mapping has about 3,500
MOST_FINDINGS = 500
TAG = "tag:yaml.org,2002:"
PLAIN_TAGS = frozenset(
    TAG + name for name in ("str", "int", "float", "bool", "timestamp", "null", "seq", "map")
)
NULLS = frozenset(("", "~", "null", "Null", "NULL"))
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
UTF_16_AND_32 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
INDENTED_BY_TAB = re.compile(r" *\t")
QUOTES = ("“”„‟«»", "‘’‚‛")  # double and single


def is_in_odd_quotes(text: str) -> bool:
    """Return whether a text is in Word's quotation marks, or opens one and never closes it.

    Its author meant YAML's quotation marks.
    """
    marks = next((marks for marks in QUOTES if text.startswith(tuple(marks))), "")
    closing = [place for place, char in enumerate(text) if place and char in marks]
    return bool(marks) and (not closing or closing[0] == len(text) - 1)


def check_size(raw: bytes, name: str) -> None:
    """Raise BadFile where the file is larger than any mapping could be."""
    if len(raw) > LARGEST:
        raise unreadable(name, f"Berkas terlalu besar, paling besar {LARGEST // 1_000_000} MB.")


def parse(raw: bytes, name: str) -> Source:
    """Return the data of a YAML file, all scalars as text. Raises BadFile."""
    check_size(raw, name)
    text = _decoded(raw, name)
    odd = NOT_TEXT.search(text)
    if odd:
        raise unreadable(
            name,
            f"Berkas memuat karakter yang tidak diizinkan (U+{ord(odd[0]):04X}).",
            text.count("\n", 0, odd.start()) + 1,
            odd.start() - text.rfind("\n", 0, odd.start()),
        )
    builder = _Builder(name)
    try:
        data = builder.document(yaml.parse(text, Loader=LOADER))
    except yaml.MarkedYAMLError as error:
        raise BadFile([*builder.findings, _syntax(error, text, name)]) from error
    if builder.findings:
        raise BadFile(builder.findings)
    return Source(name, data, builder.places, builder.keys)


def _decoded(raw: bytes, name: str) -> str:
    start = raw[:1000]
    if raw.startswith(UTF_16_AND_32) or start.count(0) * 4 > len(start):
        raise unreadable(
            name,
            "Berkas disimpan sebagai UTF-16 (“Unicode”). Simpan ulang dengan pengodean UTF-8.",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The line as it is written; a byte that is no UTF-8 has no column that an editor shows.
        raise unreadable(
            name,
            "Berkas bukan UTF-8. Simpan ulang dengan pengodean UTF-8.",
            raw.count(b"\n", 0, error.start) + 1,
        ) from error


ODD_QUOTES = (
    'Tanda kutip ini dari Word (“ ”), bukan tanda kutip YAML. Ganti dengan tanda kutip biasa (") '
    "atau hapus."
)
QUOTE_HINT = "Beri tanda kutip pada seluruh isinya."
INDENT_HINT = "Periksa jarak dari kiri: yang setingkat harus rata."
# libyaml's words, and ours. What is not here gets the general sentence.
SYNTAX = {
    "mapping values are not allowed in this context": (
        "Titik dua (:) tidak boleh berada di sini. "
        f"{QUOTE_HINT} Atau periksa jarak dari kiri baris ini."
    ),
    "found character that cannot start any token": (
        f"Isi tidak boleh diawali karakter ini. {QUOTE_HINT}"
    ),
    "could not find expected ':'": "Titik dua (:) sesudah kunci tidak ditemukan.",
    "did not find expected key": f"Kunci diharapkan di sini. {INDENT_HINT}",
    "did not find expected '-' indicator": f"Tanda hubung (-) diharapkan di sini. {INDENT_HINT}",
    "found unexpected end of stream": "Tanda kutip yang dibuka di sini tidak ditutup.",
    "did not find expected ',' or ']'": "Kurung siku [ yang dibuka di sini tidak ditutup.",
    "did not find expected ',' or '}'": "Kurung kurawal { yang dibuka di sini tidak ditutup.",
    "found unknown escape character": "Dalam kutip ganda, garis miring terbalik ditulis \\\\.",
    "did not find expected <document start>": "Berkas memuat lebih dari satu dokumen.",
}
OPENED = ("found unexpected end of stream", "did not find expected ',' or")


def _syntax(error: yaml.MarkedYAMLError, text: str, name: str) -> YamlFinding:
    problem = error.problem or ""
    mark = error.problem_mark or error.context_mark
    sentence = SYNTAX.get(problem, "Periksa tanda kutip, titik dua, dan jarak dari kiri.")
    if problem.startswith(OPENED) and error.context_mark:
        mark = error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.split("\n")
    written = lines[line] if line < len(lines) else ""
    if INDENTED_BY_TAB.match(written) or written[column : column + 1] == "\t":
        sentence = "Baris ini memakai tab. Ganti dengan spasi."
    return YamlFinding(
        name, line + 1, column + 1, "", "error", f"Bukan YAML yang benar. {sentence}"
    )


class _Builder:
    """Builds data from events, and keeps the place of each part of it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.places: dict[Location, tuple[int, int]] = {}
        self.keys: dict[Location, tuple[int, int]] = {}
        self.findings: list[YamlFinding] = []
        self._events: Iterator[Any] = iter(())
        self._parts = 0

    def document(self, events: Iterable[Any]) -> Any:
        """Return the data of the only document. Raises BadFile where reading cannot go on."""
        self._events = iter(events)
        next(self._events)  # the stream's start
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            raise unreadable(self.file, "Berkas kosong.")
        data = self._build(next(self._events), ())
        next(self._events)  # the document's end
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            self._fault(event, (), "Berkas memuat lebih dari satu dokumen (---).")
        return data

    def _fault(self, event: Any, path: Location, message: str) -> None:
        line, column = _start(event)
        self.findings.append(YamlFinding(self.file, line, column, dotted(path), "error", message))
        if len(self.findings) >= MOST_FINDINGS:
            self._stop(event, "Terlalu banyak kesalahan; perbaiki dahulu yang di atas.")

    def _stop(self, event: Any, message: str) -> NoReturn:
        stop = YamlFinding(self.file, *_start(event), "", "error", message)
        raise BadFile([*self.findings, stop])

    def _build(self, event: Any, path: Location, place: tuple[int, int] | None = None) -> Any:
        """Return the data of `event` and of all inside it; `place` where it is not its own."""
        self._parts += 1
        if self._parts > MOST_PARTS:
            self._stop(event, f"Berkas memuat lebih dari {MOST_PARTS:,} bagian.".replace(",", "."))
        if len(path) > DEEPEST:
            self._stop(event, "Berkas bersarang terlalu dalam.")
        self.places[path] = place or _start(event)
        if isinstance(event, yaml.AliasEvent):
            self._fault(event, path, "Alias YAML (*) tidak diizinkan; tulis isinya sekali lagi.")
            return None
        if event.tag not in (None, "!") and event.tag not in PLAIN_TAGS:
            self._fault(event, path, f"Tag {shown(event.tag)} tidak diizinkan; hapus.")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _scalar(self, event: Any, path: Location) -> str | None:
        if NOT_TEXT.search(event.value):  # written as "\\x00" inside quotes
            self._fault(event, path, "Isi memuat karakter yang tidak diizinkan.")
        is_plain = event.implicit[0] and not event.style
        if event.tag == TAG + "null" or (is_plain and event.value in NULLS):
            return None
        text = clean(str(event.value))
        if not event.style and is_in_odd_quotes(text):
            self._fault(event, path, ODD_QUOTES)
        return text

    def _sequence(self, path: Location) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            found.append(self._build(event, (*path, len(found))))
        return found

    def _mapping(self, path: Location) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(key_event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(key_event, yaml.ScalarEvent):
                self._fault(key_event, path, "Kunci harus berupa kata.")
                self._build(key_event, (*path, "?"))
                self._build(next(self._events), (*path, "?"))
                continue
            key = clean(key_event.value)
            place = (*path, key)
            if key in found:
                line = self.keys[place][0]
                self._fault(
                    key_event, place, f"Kunci ini ditulis dua kali; yang pertama di baris {line}."
                )
                self._build(next(self._events), (*path, "?"))
                continue
            self.keys[place] = _start(key_event)
            value = next(self._events)
            # An empty value has no place: point at its key.
            is_empty = isinstance(value, yaml.ScalarEvent) and not value.value and not value.style
            found[key] = self._build(value, place, self.keys[place] if is_empty else None)
        return found


def _start(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
