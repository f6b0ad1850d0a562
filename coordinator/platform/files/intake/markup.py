"""Words out of the XML of office files: what is shown, what is hidden, and what was deleted."""

from collections.abc import Iterator

# Document types and entities are refused by a handler (markup.parse).
from xml.parsers import expat  # nosec B407

# Where a line ends. Runs inside a paragraph belong together: Word cuts a number into several where
# a spelling check or a colour begins.
LINE_ENDS = frozenset({"p", "tr", "si", "comment", "text", "threadedComment", "definedName"})
LINE_ENDS |= frozenset({"author", "pt", "v", "f", "formula1", "formula2", "br", "cr"})
LINE_ENDS |= frozenset({"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader"})
GAPS = frozenset({"tab", "ptab", "tc"})
# Attributes in which people put words: descriptions of pictures, names, prompts, cached values.
SPOKEN = frozenset({"descr", "title", "alt", "tooltip", "prompt", "error", "promptTitle", "v"})
SPOKEN |= frozenset({"errorTitle", "displayName", "caption", "string", "Target", "location"})
SPOKEN |= frozenset({"name", "instr", "text"})
APART = "\n#\n"  # between values that have nothing to do with each other
DELETED = "delText"
CHUNK = 1 << 16


class NotMarkup(Exception):
    """The part is no XML, or XML that office programs do not write."""


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rsplit(":", 1)[-1]


def parse(data: bytes, parser: "expat.XMLParserType") -> None:
    """Feed a part to a parser. Raises NotMarkup, also for document types and entities."""

    def refuse(*_args: object) -> None:
        raise NotMarkup

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.buffer_text = True
    try:
        for start in range(0, len(data), CHUNK):
            parser.Parse(data[start : start + CHUNK], False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise NotMarkup from error


def words(data: bytes) -> Iterator[str]:
    """Return a part's words: once with what was deleted under tracked changes, and, where that
    differs, once without, because a number may run across the cut."""
    shown: list[str] = []
    everything: list[str] = []
    spoken: list[str] = []
    opened: list[str] = []

    def mark(element: str) -> None:
        sign = "\n" if element in LINE_ENDS else "\t" if element in GAPS else ""
        if sign:
            shown.append(sign)
            everything.append(sign)

    def start(name: str, attributes: dict[str, str]) -> None:
        opened.append(local(name))
        told = attributes.values() if opened[-1] == "docVar" else _spoken(attributes)
        spoken.extend(value for value in told if len(value) > 2)

    def end(_name: str) -> None:
        mark(opened.pop())

    def characters(value: str) -> None:
        everything.append(value)
        if opened[-1] != DELETED:
            shown.append(value)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parse(data, parser)
    yield "".join(everything)
    if len(shown) != len(everything):
        yield "".join(shown)
    if spoken:
        yield APART.join(spoken)


def _spoken(attributes: dict[str, str]) -> Iterator[str]:
    return (value for key, value in attributes.items() if local(key) in SPOKEN)


def properties(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield (element or attribute, value) of a part that is a list of properties."""
    found: list[tuple[str, str]] = []
    open_elements: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        open_elements.append(local(name))
        found.extend((local(key), value) for key, value in attributes.items() if _told(key))

    def end(_name: str) -> None:
        open_elements.pop()

    def characters(value: str) -> None:
        if value.strip():
            found.append((open_elements[-1] if open_elements else "", value))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parse(data, parser)
    yield from found


def _told(key: str) -> bool:
    return local(key) in SPOKEN | {"name", "userName", "linkTarget"}
