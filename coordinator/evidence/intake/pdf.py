"""PDF: every word looked at, then written anew without what may run or what says who made it.

A page the detector cannot read (no words on it, a picture that covers part of it, letters without
a table that says which they are) makes the file wait for a person.
"""

import io
import logging
import re
import sys
import warnings
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
)

from coordinator.evidence.intake.answer import Answer, Refused, Text, pack, pack_refusal
from coordinator.evidence.intake.jpeg import without_segments
from coordinator.evidence.rules import PDF, Reading, Refusal, Removed

MOST_PAGES = 500
MOST_OBJECTS = 200_000
DEEPEST = 60
# A photographed KTP is 7 % of an A4 page, the emblem of a letterhead below 1 %.
LARGEST_UNREAD = 0.03
# Actions that are dropped, and those a file is refused for.
DROPPED_ACTIONS = frozenset({"/ImportData", "/SubmitForm", "/Rendition", "/Movie", "/Sound"})
DROPPED_ACTIONS |= frozenset({"/GoToE", "/GoToR"})
REFUSED_ACTIONS = frozenset({"/JavaScript", "/Launch", "/RichMediaExecute"})
# Keys that run something or carry another file, wherever they stand.
DROPPED = frozenset({"/AA", "/OpenAction", "/JS", "/PieceInfo", "/Metadata", "/AF", "/XFA"})
DROPPED |= frozenset({"/EmbeddedFiles", "/Collection", "/LastModified", "/SpiderInfo"})
DROPPED_ANNOTATIONS = frozenset(
    {"/FileAttachment", "/Screen", "/Movie", "/Sound", "/RichMedia", "/3D"}
)


def main(payload: bytes) -> bytes:
    """Answer for one PDF."""
    logging.disable(logging.CRITICAL)  # pypdf's complaints quote the file
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(3000)
    try:
        return pack(_cleaned(payload))
    except Refused as refused:
        return pack_refusal(refused)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return pack_refusal(Refused(Refusal.DAMAGED))
    except (RecursionError, OverflowError):
        return pack_refusal(Refused(Refusal.TOO_COMPLEX))


def _cleaned(payload: bytes) -> Answer:
    if b"%%EOF" not in payload[-2048:]:
        raise Refused(Refusal.DAMAGED)
    if b"/Encrypt" in payload[-4096:] and PdfReader(io.BytesIO(payload)).is_encrypted:
        raise Refused(Refusal.PASSWORD)
    reader = PdfReader(io.BytesIO(payload))
    if reader.is_encrypted:
        raise Refused(Refusal.PASSWORD)
    root = reader.trailer["/Root"]
    assert isinstance(root, DictionaryObject)
    count = root["/Pages"].get("/Count", 0)  # type: ignore[attr-defined]
    if not isinstance(count, int) or count > MOST_PAGES:
        raise Refused(Refusal.TOO_COMPLEX)
    pages = reader.pages
    if len(pages) > MOST_PAGES:
        raise Refused(Refusal.TOO_COMPLEX)
    if not len(pages):
        raise Refused(Refusal.DAMAGED)
    writer = PdfWriter(clone_from=reader)
    if len(writer._objects) > MOST_OBJECTS:
        raise Refused(Refusal.TOO_COMPLEX)
    text = Text()
    removed = _properties(reader, text) | _scrub(writer, text)
    unread = _read_pages(reader, text)
    found = text.warnings()
    reading = Reading.FULL
    if unread or not text.is_whole:
        reading = Reading.NONE if unread == len(pages) else Reading.PARTIAL
    out = io.BytesIO()
    writer.metadata = None
    writer.pdf_header = "%PDF-1.7"
    # What nothing points at any more (attachments, properties) would be written all the same.
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    writer.write(out)
    return Answer(PDF, out.getvalue(), reading, frozenset(removed), found)


# --- words ---------------------------------------------------------------------------------------


def _properties(reader: PdfReader, text: Text) -> set[Removed]:
    """Look through the properties; tell which of them there are."""
    removed: set[Removed] = set()
    info = reader.trailer.get("/Info")
    info = info.get_object() if info is not None else None
    if isinstance(info, DictionaryObject):
        values = {str(key): str(value.get_object()) for key, value in info.items()}
        text.add_all(values.values(), "keterangan berkas")
        if values.get("/Author"):
            removed.add(Removed.AUTHOR)
        if values:
            removed.add(Removed.METADATA)
    return removed


def _read_pages(reader: PdfReader, text: Text) -> int:
    """Look through the pages; return how many could not be read whole."""
    unread = 0
    for number, page in enumerate(reader.pages, 1):
        if text.is_late:
            text.is_whole = False
            break
        words, is_whole = _page_words(page)
        text.add(words, f"halaman {number}")
        unread += not is_whole
    return unread


def _page_words(page: PageObject) -> tuple[str, bool]:
    """Return a page's words, and whether they are all there is to read on it."""
    area = abs(float(page.mediabox.width) * float(page.mediabox.height)) or 1.0
    covered = 0.0
    has_drawn = False

    def before(operator: bytes, operands: Any, matrix: Any, _text_matrix: Any) -> None:
        nonlocal covered, has_drawn
        if operator in (b"Do", b"INLINE IMAGE", b"BI", b"EI"):
            if operator == b"Do" and not _is_image(page, operands):
                return
            covered += abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) / area
        elif operator in (b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"sh"):
            has_drawn = True

    words = page.extract_text(visitor_operand_before=before)
    if not words.strip():
        # A page with nothing on it is read; one with drawings or pictures alone is not.
        contents = page.get_contents()
        is_blank = not covered and not has_drawn and not _images(page)
        return "", is_blank and (contents is None or b"Do" not in contents.get_data())
    odd = sum(not char.isprintable() and not char.isspace() for char in words)
    odd += words.count("\ufffd") + sum("\ue000" <= char <= "\uf8ff" for char in words)
    is_readable = odd * 20 < len(words) and not _has_unknown_letters(page)
    return words, is_readable and covered <= LARGEST_UNREAD and not _hides_pictures(page)


def _resources(page: PageObject, name: str) -> dict[str, Any]:
    resources = page.get("/Resources")
    found = resources.get_object().get(name) if resources is not None else None
    found = found.get_object() if found is not None else None
    return dict(found.items()) if isinstance(found, DictionaryObject) else {}


def _is_image(page: PageObject, operands: Any) -> bool:
    name = str(operands[0]) if operands else ""
    found = _resources(page, "/XObject").get(name)
    # What is not found here stands inside a form; taken for a picture, it can only wait longer.
    return found is None or found.get_object().get("/Subtype") == "/Image"


def _images(page: PageObject) -> bool:
    return any(
        one.get_object().get("/Subtype") == "/Image"
        for one in _resources(page, "/XObject").values()
    )


def _hides_pictures(page: PageObject, depth: int = 0) -> bool:
    """Tell whether forms, patterns or notes on the page hold pictures no visitor sees."""
    for one in _resources(page, "/XObject").values():
        form = one.get_object()
        if form.get("/Subtype") == "/Form" and _form_has_image(form, depth):
            return True
    for one in _resources(page, "/Pattern").values():
        if _form_has_image(one.get_object(), depth):
            return True
    for note in page.get("/Annots", []) or []:
        look = note.get_object().get("/AP")
        look = look.get_object() if look is not None else None
        normal = look.get("/N") if isinstance(look, DictionaryObject) else None
        normal = normal.get_object() if normal is not None else None
        if isinstance(normal, StreamObject) and _form_has_image(normal, depth):
            return True
    return False


def _form_has_image(form: Any, depth: int) -> bool:
    if depth > 5 or not isinstance(form, DictionaryObject):
        return depth > 5
    resources = form.get("/Resources")
    resources = resources.get_object() if resources is not None else None
    objects = resources.get("/XObject") if isinstance(resources, DictionaryObject) else None
    objects = objects.get_object() if objects is not None else None
    for one in (objects or {}).values():
        inner = one.get_object()
        if inner.get("/Subtype") == "/Image":
            pixels = int(inner.get("/Width", 0)) * int(inner.get("/Height", 0))
            if pixels > 10_000:
                return True
        elif _form_has_image(inner, depth + 1):
            return True
    return False


def _has_unknown_letters(page: PageObject) -> bool:
    """Tell whether a font has no table from its letters to Unicode: its text is a guess."""
    for one in _resources(page, "/Font").values():
        font = one.get_object()
        if "/ToUnicode" in font:
            continue
        if font.get("/Subtype") in ("/Type0", "/Type3"):
            encoding = font.get("/Encoding")
            named = str(encoding) if isinstance(encoding, NameObject) else ""
            if font.get("/Subtype") == "/Type3" or named.startswith("/Identity"):
                return True
    return False


# --- cleaning ------------------------------------------------------------------------------------


def _objects(writer: PdfWriter) -> Iterator[PdfObject]:
    for one in writer._objects:
        if one is not None:
            yield one


def _scrub(writer: PdfWriter, text: Text) -> set[Removed]:
    """Take out of every object what runs, what is attached and who wrote; tell what there was."""
    removed: set[Removed] = set()
    for one in _objects(writer):
        _scrub_value(one, text, removed, 0)
    return removed


def _scrub_value(value: Any, text: Text, removed: set[Removed], depth: int) -> None:
    """Scrub direct objects; those referred to come by themselves."""
    if depth > DEEPEST:
        raise Refused(Refusal.TOO_COMPLEX)
    if isinstance(value, ArrayObject):
        for item in list(value):
            if not isinstance(item, IndirectObject):
                _scrub_value(item, text, removed, depth + 1)
        _drop_annotations(value, removed)
        return
    if not isinstance(value, DictionaryObject):
        return
    _refuse_programs(value)
    for key in DROPPED & set(map(str, value.keys())):
        dropped = value.pop(NameObject(key))
        _refuse_programs_in(dropped, depth)
        if key == "/Metadata":
            removed.add(Removed.METADATA)
            stream = dropped.get_object()
            if isinstance(stream, StreamObject):
                text.add(_plain(stream.get_data()), "keterangan berkas")
        elif key in ("/EmbeddedFiles", "/AF", "/Collection"):
            removed.add(Removed.ATTACHMENTS)
    if value.get("/Type") in ("/Filespec", "/F") or "/EF" in value:
        text.add_all((str(value.get(key, "")) for key in ("/F", "/UF", "/Desc")), "nama lampiran")
        value.pop(NameObject("/EF"), None)
        removed.add(Removed.ATTACHMENTS)
    if str(value.get("/S")) in DROPPED_ACTIONS:
        value.clear()
    _scrub_note(value, text, removed)
    if isinstance(value, StreamObject) and value.get("/Subtype") == "/Image":
        _strip_photo(value, removed)
    for item in list(value.values()):
        if not isinstance(item, IndirectObject):
            _scrub_value(item, text, removed, depth + 1)


def _refuse_programs_in(value: Any, depth: int) -> None:
    """The same for what is dropped with everything directly in it."""
    if depth > DEEPEST:
        raise Refused(Refusal.TOO_COMPLEX)
    if isinstance(value, DictionaryObject):
        _refuse_programs(value)
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            if not isinstance(item, IndirectObject):
                _refuse_programs_in(item, depth + 1)


def _refuse_programs(value: DictionaryObject) -> None:
    kind = value.get("/S")
    if isinstance(kind, NameObject) and str(kind) in REFUSED_ACTIONS:
        raise Refused(Refusal.PROGRAM)
    if "/JS" in value or "/JavaScript" in value or "/XFA" in value:
        raise Refused(Refusal.PROGRAM)


def _scrub_note(value: DictionaryObject, text: Text, removed: set[Removed]) -> None:
    """Read notes, form fields and bookmarks; forget who wrote a note and when."""
    words = [
        str(found)
        for key in ("/Contents", "/RC", "/V", "/DV", "/TU", "/Title", "/Alt", "/ActualText", "/E")
        if isinstance(found := value.get(key), str)
    ]
    text.add_all((re.sub(r"<[^>]{0,2000}>", "", word) for word in words), "catatan atau isian")
    if "/Subtype" in value and "/Rect" in value and value.get("/Subtype") != "/Widget":
        for key in ("/T", "/CreationDate", "/M", "/Subj"):
            if key in value:
                text.add(str(value.get(key)), "catatan atau isian")
                value.pop(NameObject(key))
                removed.add(Removed.AUTHOR)


def _drop_annotations(value: ArrayObject, removed: set[Removed]) -> None:
    kept = [
        item
        for item in value
        if not isinstance(found := item.get_object(), DictionaryObject)
        or found.get("/Subtype") not in DROPPED_ANNOTATIONS
        or "/Rect" not in found
    ]
    if len(kept) != len(value):
        removed.add(Removed.ATTACHMENTS)
        value.clear()
        value.extend(kept)


def _strip_photo(value: StreamObject, removed: set[Removed]) -> None:
    """A photo inside the PDF keeps its own EXIF and GPS."""
    filters = value.get("/Filter")
    if isinstance(filters, ArrayObject) and len(filters) == 1:
        filters = filters[0]
    if filters != "/DCTDecode":
        return
    clean, found = without_segments(value._data)
    if found:
        value._data = clean
        removed |= found


def _plain(data: bytes) -> str:
    return re.sub(r"<[^>]{0,2000}>", " ", data.decode("utf-8", errors="replace"))
