"""The XML of office files, rewritten in one plain spelling.

The same part can be spelt in many ways: single quotes, blanks around "=", numbers for letters, ">"
within a value. What is looked for in a part (office.py) is looked for in the one spelling below.
Fields of a text document are joined over its runs and judged here, because Word cuts their words
anywhere: those that start programs refuse the file, those that fetch something are emptied.
"""

import re
from collections.abc import Callable

# Document types and entities are refused by a handler (markup.parse).
from xml.parsers import expat  # nosec B407

from coordinator.platform.files.intake.answer import BadUpload
from coordinator.platform.files.intake.markup import local, parse
from coordinator.platform.files.rules import Refusal, Removed

# The one spelling. Text is plain, too, where no letter is written as a number.
TAG = re.compile(rb'</?[^\s<>/"\'=!?][^\s<>/"\'=]*(?: [^\s<>/"\'=]+="[^"<>]*")* ?/?>')
DECLARATION = re.compile(rb"^(?:\xef\xbb\xbf)?<\?xml\s[^<>]*\?>\s*")
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PIECE = 1 << 18
FIELDS = re.compile(rb"instrText|fldSimple|ddeLink")

STARTS = frozenset({"DDE", "DDEAUTO"})
FETCHES = frozenset({"INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "LINK", "DATABASE"})
FETCHES |= frozenset({"RD"})
STARTING = re.compile(r"\bDDE(?:AUTO)?\s", re.IGNORECASE)


def utf8(data: bytes) -> bytes:
    """Return markup in UTF-8: what is written in another encoding could hide from the patterns.

    Raises BadUpload for an encoding that office programs do not write, and for document types.
    """
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            data = data.decode(encoding).encode()
            break
    head = data[:200]
    declared = re.search(rb"""encoding=["']([\w.-]+)["']""", head)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        if declared[1].lower() not in (b"utf-16", b"iso-8859-1", b"windows-1252"):
            raise BadUpload(Refusal.DAMAGED)
        if declared[1].lower() != b"utf-16":
            data = data.decode(declared[1].decode()).encode()
        data = re.sub(rb"""encoding=["'][\w.-]+["']""", b'encoding="UTF-8"', data, count=1)
    if b"\x00" in head or re.search(rb"<!(?:DOCTYPE|ENTITY)", data, re.IGNORECASE):
        raise BadUpload(Refusal.DAMAGED)
    return data


def plain(data: bytes, removed: set[Removed]) -> bytes:
    """Return a part in the one spelling, its fields judged. Raises NotMarkup, BadUpload."""
    body = DECLARATION.sub(b"", data, count=1)
    if b"&#" not in body and not FIELDS.search(body) and _is_plain(body):
        return HEAD + body
    return _Writer(removed).written(data)


def _is_plain(body: bytes) -> bool:
    """Tell whether every tag is in the one spelling; a piece at a time, for the memory."""
    start = 0
    while start < len(body):
        end = body.find(b"<", start + PIECE)
        end = len(body) if end < 0 else end
        if b"<" in TAG.sub(b"", body[start:end]):
            return False
        start = end
    return True


def listed(data: bytes, wanted: Callable[[str, dict[str, str]], dict[str, str] | None]) -> bytes:
    """Return a part that is a list of empty elements (relations, content types), rewritten.

    `wanted` is called for each with its name and attributes, both without prefix, and returns the
    attributes to write; None leaves it out. Raises NotMarkup, BadUpload.
    """
    out: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if not out:
            space = attributes.get("xmlns") or next(iter(attributes.values()), "")
            out.append(f'<{local(name)} xmlns="{_escaped(space, is_value=True)}">')
            end.append(f"</{local(name)}>")
            return
        kept = wanted(local(name), {local(key): value for key, value in attributes.items()})
        if kept is not None:
            out.append(f"<{local(name)}{_attributes(kept)}/>")

    end: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parse(data, parser)
    return HEAD + "".join([*out, *end]).encode()


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(
        f' {key}="{_escaped(value, is_value=True)}"' for key, value in attributes.items()
    )


def _escaped(text: str, *, is_value: bool = False) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = text.replace("\r", "&#13;")
    if is_value:
        text = text.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return text


class _Field:
    """One field: where the pieces of its instruction are in the output."""

    def __init__(self) -> None:
        self.pieces: list[int] = []
        self.is_open = True
        self.is_composed = False  # another field says what this one does


class _Writer:
    """Writes a part as it is read; comments and instructions to programs are left out."""

    def __init__(self, removed: set[Removed]) -> None:
        self._removed = removed
        self._out: list[str] = []
        self._is_open = False  # the last start tag lacks its end: it may turn out empty
        self._elements: list[str] = []
        self._fields: list[_Field] = []
        self._loose: list[str] = []  # instructions outside any field

    def written(self, data: bytes) -> bytes:
        """Return the part. Raises NotMarkup, BadUpload."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parse(data, parser)
        while self._fields:
            self._judge(self._fields.pop())
        if STARTING.search("".join(self._loose)):
            raise BadUpload(Refusal.COMMAND)
        return HEAD + "".join(self._out).encode()

    def _close(self) -> None:
        if self._is_open:
            self._out.append(">")
            self._is_open = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._close()
        part = local(name)
        self._elements.append(part)
        if part == "ddeLink":
            raise BadUpload(Refusal.COMMAND)
        if part == "fldSimple":
            attributes = {
                key: self._allowed(value) if local(key) == "instr" else value
                for key, value in attributes.items()
            }
        elif part == "fldChar":
            self._turn(next((v for k, v in attributes.items() if local(k) == "fldCharType"), ""))
        self._out.append(f"<{name}{_attributes(attributes)}")
        self._is_open = True

    def _end(self, name: str) -> None:
        self._elements.pop()
        self._out.append("/>" if self._is_open else f"</{name}>")
        self._is_open = False

    def _characters(self, value: str) -> None:
        self._close()
        if self._elements[-1] in ("instrText", "delInstrText"):
            field = next((one for one in reversed(self._fields) if one.is_open), None)
            if field is None:
                self._loose.append(value)
            else:
                field.pieces.append(len(self._out))
        self._out.append(_escaped(value))

    def _turn(self, kind: str) -> None:
        if kind == "begin":
            outer = self._fields[-1] if self._fields else None
            if outer is not None and outer.is_open:
                words = self._words(outer).lstrip()
                outer.is_composed |= not words.startswith("=") and len(f"{words}x".split()) < 2
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].is_open = False
        elif kind == "end" and self._fields:
            self._judge(self._fields.pop())

    def _words(self, field: _Field) -> str:
        return "".join(self._out[place] for place in field.pieces)

    def _judge(self, field: _Field) -> None:
        words = self._words(field)
        if field.is_composed and words.strip():  # nobody writes that by hand
            raise BadUpload(Refusal.COMMAND)
        if words and not self._allowed(words):
            for place in field.pieces:
                self._out[place] = ""

    def _allowed(self, instruction: str) -> str:
        """Return a field's instruction, or nothing where it fetches. Raises BadUpload."""
        keyword = next(iter(instruction.split(None, 1)), "").strip('"').upper()
        if keyword in STARTS:
            raise BadUpload(Refusal.COMMAND)
        if keyword in FETCHES:
            self._removed.add(Removed.LINKS)
            return ""
        return instruction
