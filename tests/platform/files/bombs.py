"""Small files that would fill memory, disk or an afternoon."""

import io
import zipfile
from collections.abc import Callable

from coordinator.platform.files.rules import Refusal
from tests.platform.files import builders
from tests.platform.files.builders import pdf, repacked, sheet, word


def _bomb() -> bytes:
    """A DOCX whose document unpacks to 400 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as document:
            for _ in range(400):
                document.write(b"a" * 1_000_000)
    return out.getvalue()


def _lying_bomb() -> bytes:
    """The same, with a directory that promises a hundred bytes."""
    data = bytearray(_bomb())
    place = data.rfind(b"PK\x01\x02")
    data[place + 24 : place + 28] = (100).to_bytes(4, "little")
    return bytes(data)


def _many(count: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<x/>")
        for number in range(count):
            archive.writestr(f"word/{number}", b"")
    return out.getvalue()


def _xml_bomb() -> bytes:
    entities = b'<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    return b'<?xml version="1.0"?><!DOCTYPE x [' + entities + b"]><x>&j;</x>"


def _pages(count: int) -> bytes:
    return pdf(*(["Rapat."] * count))


def _nested() -> bytes:
    """A DOCX in a DOCX in a DOCX."""
    nested = word()
    for _ in range(3):
        nested = repacked(word(), {"word/embeddings/a.docx": nested})
    return nested


def _ring() -> bytes:
    """A PDF whose tree of pages holds itself."""
    loop = {50: b"<< /Type /Pages /Kids [50 0 R] /Count 3 /Parent 2 0 R >>"}
    return pdf("x", objects=loop).replace(b"[100 0 R]", b"[50 0 R 100 0 R]")


def _document(xml: bytes) -> bytes:
    return repacked(word(), {"word/document.xml": xml})


OUTER = b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'
DEEP = b"[" * 50_000 + b"]" * 50_000

# Building them all takes ten seconds: each is built in the test that needs it.
BOMBS: dict[str, tuple[Callable[[], bytes], Refusal]] = {
    "bom.docx": (_bomb, Refusal.TOO_COMPLEX),
    "bom berbohong.docx": (_lying_bomb, Refusal.DAMAGED),
    "seratus ribu.docx": (lambda: _many(100_000), Refusal.TOO_COMPLEX),
    "bom xml.docx": (lambda: _document(_xml_bomb()), Refusal.DAMAGED),
    "xml luar.xlsx": (lambda: repacked(sheet(), {"xl/workbook.xml": OUTER}), Refusal.DAMAGED),
    "bersarang.docx": (_nested, Refusal.TOO_COMPLEX),
    "piksel.png": (lambda: builders.png_of_size(60_000, 60_000), Refusal.TOO_COMPLEX),
    "halaman.pdf": (lambda: _pages(600), Refusal.TOO_COMPLEX),
    "dua puluh ribu.pdf": (
        lambda: pdf("x").replace(b"/Count 1", b"/Count 20000"),
        Refusal.TOO_COMPLEX,
    ),
    "melingkar.pdf": (_ring, Refusal.DAMAGED),
    "dalam.pdf": (
        lambda: pdf("x", root="/Deep 50 0 R", objects={50: DEEP}),
        Refusal.TOO_COMPLEX,
    ),
    "xml dalam.docx": (lambda: _document(b"<x>" * 200_000), Refusal.DAMAGED),
}
