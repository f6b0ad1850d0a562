"""The pages of a PDF: their words, and whether those are all there is to see on them.

A picture is seen by a person, however small: a NIK fits into one of a stamp's size. So is what is
drawn without words, and letters without a table that says which they are.
"""

import re
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from coordinator.platform.files.intake.answer import Text
from coordinator.platform.files.rules import Reading

DEEPEST = 6  # forms within forms
RULE = 4  # pixels: what is no thicker is a line or a shade, not a picture
MOST_IN_RULES = 64 * 64  # pixels of those on a page: a photo may be cut into strips
SCANNED = 0.5  # of a page under pictures: its words are, as a rule, a machine's guess
# Notes that are drawn: without words in them they are a drawing.
DRAWN_NOTES = frozenset({"/Stamp", "/Ink", "/FreeText", "/Watermark", "/Redact", "/Polygon"})
SHOWS_TEXT = re.compile(rb"T[jJ]\b|[)>]\s*['\"]")
FILLS = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"sh"})
UNREADABLE = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError)


def read(reader: PdfReader, text: Text) -> Reading:
    """Look through the pages; return how far they could be read."""
    readings = set()
    for number, page in enumerate(reader.pages, 1):
        if text.is_late:
            text.is_whole = False
            break
        readings.add(_read_page(page, text, f"halaman {number}"))
    if readings == {Reading.NONE}:
        return Reading.NONE
    return Reading.FULL if readings <= {Reading.FULL} and text.is_whole else Reading.PARTIAL


def _read_page(page: PageObject, text: Text, place: str) -> Reading:
    seen = _Seen()
    area = abs(float(page.mediabox.width) * float(page.mediabox.height)) or 1.0
    covered = 0.0
    has_drawn = False
    drawn = set()

    def before(operator: bytes, operands: Any, matrix: Any, _text_matrix: Any) -> None:
        nonlocal covered, has_drawn
        if operator == b"Do":
            name = str(operands[0]) if operands else ""
            drawn.add(name)
            if not _is_image(page, name):
                return
        elif operator == b"INLINE IMAGE":
            seen.note_inline(operands)
        else:
            has_drawn |= operator in FILLS
            return
        covered += abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) / area

    words = page.extract_text(visitor_operand_before=before)
    text.add(words, place)
    seen.walk(page, drawn)
    for look, is_drawing in [*((one, False) for one in seen.apart), *_notes(page, seen)]:
        found = _apart(page, look, seen)
        text.add(found, place)
        seen.has_picture |= is_drawing and not found.strip()
    if not words.strip():
        # A page with nothing on it is read; one with drawings or pictures alone is not.
        is_blank = not has_drawn and not drawn and not seen.has_picture
        return Reading.FULL if is_blank else Reading.NONE
    odd = sum(not char.isprintable() and not char.isspace() for char in words)
    odd += words.count("\ufffd") + sum("\ue000" <= char <= "\uf8ff" for char in words)
    if odd * 20 >= len(words) or seen.has_unknown_letters or covered > SCANNED:
        return Reading.NONE
    return Reading.PARTIAL if seen.has_picture else Reading.FULL


def _apart(page: PageObject, look: StreamObject, seen: "_Seen") -> str:
    """Return the words of something drawn that the page's own words do not hold."""

    def before(operator: bytes, operands: Any, _matrix: Any, _text_matrix: Any) -> None:
        if operator == b"INLINE IMAGE":
            seen.note_inline(operands)

    try:
        return page.extract_xform_text(look, visitor_operand_before=before)  # type: ignore[arg-type]
    except UNREADABLE:
        seen.has_picture = True
        return ""


def _is_image(page: PageObject, name: str) -> bool:
    found = _part(_part(page, "/Resources"), "/XObject").get(name)
    # A name not found here is inside a form; counted as a picture, the file at worst waits longer.
    return found is None or found.get_object().get("/Subtype") == "/Image"


def _notes(page: PageObject, seen: "_Seen") -> Iterator[tuple[StreamObject, bool]]:
    """Yield how each note and form field looks, in each of its states, and whether it is drawn."""
    notes = page.get("/Annots")
    for note in (notes.get_object() if notes is not None else None) or ():
        found = note.get_object()
        if not isinstance(found, DictionaryObject):
            continue
        for one in _part(found, "/AP").values():
            state = one.get_object()
            several = isinstance(state, DictionaryObject) and not isinstance(state, StreamObject)
            for look in [inner.get_object() for inner in state.values()] if several else [state]:
                if isinstance(look, StreamObject):
                    seen.walk(look)
                    yield look, str(found.get("/Subtype")) in DRAWN_NOTES


def _part(holder: Any, name: str) -> dict[str, Any]:
    found = holder.get(name) if holder is not None else None
    found = found.get_object() if found is not None else None
    return found if isinstance(found, DictionaryObject) else {}


class _Seen:
    """What a page and the forms, patterns, masks and notes on it draw besides words."""

    def __init__(self) -> None:
        self.has_picture = False
        self.has_unknown_letters = False
        self.apart: list[StreamObject] = []
        self._in_rules = 0
        self._known: set[int] = set()

    def walk(self, holder: Any, drawn: set[str] | None = None, depth: int = 0) -> None:  # noqa: C901
        """Look through the resources of a page or form, and of what they draw with. Forms that a
        page holds and does not draw are read apart."""
        if depth > DEEPEST:
            self.has_picture = True
            return
        if isinstance(holder, StreamObject) and "/Resources" not in holder:
            # It borrows its letters from somewhere else: its words are not found.
            self.has_picture |= bool(SHOWS_TEXT.search(holder.get_data()))
        resources = _part(holder, "/Resources")
        for font in _part(resources, "/Font").values():
            self._note_font(font.get_object())
        for name, one in _part(resources, "/XObject").items():
            look = self._new(one)
            if look is None:
                continue
            kind = look.get("/Subtype")
            if kind == "/Image":
                self._note_image(look.get("/Width"), look.get("/Height"))
            elif kind == "/Form":
                if drawn is not None and name not in drawn:
                    self.apart.append(look)
                self.walk(look, depth=depth + 1)
            else:
                self.has_picture = True
        for one in _part(resources, "/Pattern").values():
            self._walk_apart(one, depth)
        for state in _part(resources, "/ExtGState").values():
            found = state.get_object()
            self._walk_apart(_part(found, "/SMask").get("/G"), depth)
            font = found.get("/Font")
            if isinstance(font, ArrayObject) and font:
                self._note_font(font[0].get_object())

    def _walk_apart(self, one: Any, depth: int) -> None:
        look = self._new(one) if one is not None else None
        if look is not None:
            self.apart.append(look)
            self.walk(look, depth=depth + 1)

    def _new(self, one: Any) -> StreamObject | None:
        look = one.get_object()
        key = one.idnum if isinstance(one, IndirectObject) else -id(look)
        if not isinstance(look, StreamObject) or key in self._known:
            return None
        self._known.add(key)
        return look

    def note_inline(self, operands: Any) -> None:
        """Note a picture that is drawn inline, between the words."""
        settings = operands.get("settings", {}) if isinstance(operands, dict) else {}
        width, height = (
            settings.get(short, settings.get(long))
            for short, long in (("/W", "/Width"), ("/H", "/Height"))
        )
        self._note_image(width, height)

    def _note_image(self, width: Any, height: Any) -> None:
        sides = [side.get_object() for side in (width, height) if side is not None]
        if len(sides) != 2 or not all(isinstance(side, int) for side in sides):
            self.has_picture = True
            return
        if min(sides) <= RULE:
            self._in_rules += sides[0] * sides[1]
        self.has_picture |= min(sides) > RULE or self._in_rules > MOST_IN_RULES

    def _note_font(self, font: Any) -> None:
        """A font without a table from its letters to Unicode: its text is a guess."""
        if "/ToUnicode" in font:
            return
        encoding = font.get("/Encoding")
        named = str(encoding) if isinstance(encoding, NameObject) else ""
        is_unnamed = font.get("/Subtype") == "/Type0" and named.startswith("/Identity")
        self.has_unknown_letters |= is_unnamed or font.get("/Subtype") == "/Type3"
