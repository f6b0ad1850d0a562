"""Percent signs, entities and markup, read as a browser shows them."""

import html
import re
from typing import Final

from coordinator.screening.folding import FLAGS, JOINT, FoldedText, Rewriting

# A copied address may be escaped twice: %2520 is %20 is a space.
_ROUNDS: Final = 3
# One character of UTF-8 in two to four bytes, else a row of ASCII.
_PERCENT: Final = (
    r"%(?:f[0-4](?:%[89ab][0-9a-f]){3}|e[0-9a-f](?:%[89ab][0-9a-f]){2}|[cd][0-9a-f]%[89ab][0-9a-f]"
    r"|[0-7][0-9a-f](?:%[0-7][0-9a-f]){0,63})"
)
_ENTITY: Final = r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});?"
_TAG: Final = r"</?(?P<tag>[a-z!][^<> /]{0,40})[^<>]{0,200}>|\[/?[a-z]{1,6}\]"
_CODED: Final = re.compile(f"{_PERCENT}|{_ENTITY}|{_TAG}", FLAGS)
# Tags that people see as a new line or a new cell; the others they do not see.
_SEEN: Final = {
    **dict.fromkeys(("br", "p", "div", "li", "tr", "ul", "ol", "hr", "table"), "\n"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "tab"), "\n"),
    **dict.fromkeys(("td", "th", "tc"), "\t"),
}


def decode(source: FoldedText) -> FoldedText:
    """Return the text as a browser shows it, or ``source`` itself where nothing is encoded."""
    for _round in range(_ROUNDS):
        decoded = _decode_once(source)
        if decoded is source:
            break
        source = decoded
    return source


def _decode_once(source: FoldedText) -> FoldedText:
    out: Rewriting | None = None
    known: dict[str, str] = {}
    for match in _CODED.finditer(source.text):
        text = match[0]
        piece = known.get(text)
        if piece is None:
            piece = known[text] = _shown(match)
        if piece == text:
            continue
        out = out or Rewriting(source)
        out.copy_to(match.start())
        out.put(piece, match.end())
    return source if out is None else out.done()


def _shown(match: re.Match[str]) -> str:
    """Return what people see of an escape, an entity or a tag."""
    text = match[0]
    if text[0] == "%":
        return bytes.fromhex(text.replace("%", "")).decode(errors="replace")
    if text[0] == "&":
        return html.unescape(text) or JOINT  # nothing, for a control character
    name = (match["tag"] or "").rpartition(":")[2].casefold()
    return _SEEN.get(name, JOINT)
