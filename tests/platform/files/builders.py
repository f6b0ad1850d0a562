"""Files as people make them: small, whole, and with anything a test wants to see gone."""

import io
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import docx
import openpyxl
import pillow_heif
from PIL import Image
from PIL.TiffImagePlugin import IFDRational
from pypdf import PdfReader, PdfWriter

NIK = "6472015505080001"  # invented
PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << {resources} >> {more}"


def pdf(
    *pages: str | bytes,
    resources: str = "/Font << /F1 4 0 R >>",
    objects: dict[int, bytes] | None = None,
    root: str = "",
    page_more: str = "",
    info: dict[str, str] | None = None,
    trailer: str = "",
) -> bytes:
    """A PDF with a page for each text (str: words; bytes: a content stream of one's own).

    `objects` are further ones by number from 50 on; `root`, `page_more`, `trailer` are added to
    the catalogue, to each page and to the trailer.
    """
    found: dict[int, bytes] = {
        4: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    }
    kids = []
    for place, content in enumerate(pages):
        page, stream = 100 + 2 * place, 101 + 2 * place
        if isinstance(content, str):
            lines = " T* ".join(f"({line}) Tj" for line in content.split("\n"))
            content = f"BT /F1 12 Tf 14 TL 72 720 Td {lines} ET".encode("latin-1")
        found[page] = (
            PAGE.format(resources=resources, more=page_more) + f" /Contents {stream} 0 R >>"
        ).encode()
        found[stream] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
        kids.append(f"{page} 0 R")
    found[1] = f"<< /Type /Catalog /Pages 2 0 R {root} >>".encode()
    found[2] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>".encode()
    if info:
        pairs = " ".join(f"/{key} ({value})" for key, value in info.items())
        found[3] = f"<< {pairs} >>".encode()
        trailer += " /Info 3 0 R"
    return _numbered(found | (objects or {}), trailer)


def _numbered(found: dict[int, bytes], trailer: str) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = {}
    for number in sorted(found):
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, found[number]))
    start = out.tell()
    out.write(b"xref\n0 1\n0000000000 65535 f \n")
    for number, place in places.items():
        out.write(b"%d 1\n%010d 00000 n \n" % (number, place))
    size = max(found) + 1
    out.write(f"trailer << /Size {size} /Root 1 0 R {trailer} >>\n".encode())
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def stream(data: bytes, head: str = "") -> bytes:
    """A PDF stream object."""
    return f"<< /Length {len(data)} {head} >>\nstream\n".encode() + data + b"\nendstream"


def scan(*, words: str = "") -> bytes:
    """A PDF whose page is a picture, with the words that text recognition put under it."""
    photo = jpeg((300, 420))
    look = stream(
        photo,
        "/Type /XObject /Subtype /Image /Width 300 /Height 420 /ColorSpace /DeviceRGB"
        " /BitsPerComponent 8 /Filter /DCTDecode",
    )
    text = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET " if words else ""
    return pdf(
        f"{text}q 595 0 0 842 0 0 cm /P Do Q".encode(),
        resources="/Font << /F1 4 0 R >> /XObject << /P 50 0 R >>",
        objects={50: look},
    )


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **save: object) -> bytes:
    """A picture of any kind."""
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    out = io.BytesIO()
    mode = "RGBA" if kind == "PNG" and save.pop("clear", False) else "RGB"
    Image.new(mode, size, (90, 120, 90)).save(out, kind, **save)  # type: ignore[arg-type]
    return out.getvalue()


def jpeg(size: tuple[int, int] = (60, 40), **save: object) -> bytes:
    """A photo."""
    return picture("JPEG", size, **save)


def exif() -> Image.Exif:
    """Who, with what, where, and upside down."""
    found = Image.Exif()
    found[0x010F] = "KameraUji"
    found[0x013B] = "PembuatUji"
    found[0x0112] = 6
    gps = found.get_ifd(0x8825)
    gps[1], gps[2] = "S", (IFDRational(0), IFDRational(30), IFDRational(7))
    gps[3], gps[4] = "E", (IFDRational(117), IFDRational(9), IFDRational(13))
    found[0x8825] = gps
    return found


def photo_with_gps(kind: str = "JPEG") -> bytes:
    """A photo that says where and by whom it was taken."""
    more = {"comment": b"KomentarUji"} if kind == "JPEG" else {}
    return picture(kind, exif=exif().tobytes(), **more)


def _rapat(document: Any) -> None:
    document.add_paragraph("Rapat.")


@cache
def word(fill: Callable[[Any], object] = _rapat) -> bytes:
    """A DOCX, as python-docx makes it: author, dates, a thumbnail."""
    document = docx.Document()
    document.core_properties.author = "PembuatUji"
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sheet(fill: Callable[..., object] = lambda book: book.active.append(["Rapat", 12])) -> bytes:
    """An XLSX, as openpyxl makes it."""
    book = openpyxl.Workbook()
    book.properties.creator = "PembuatUji"
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data: bytes, changes: dict[str, bytes | None]) -> bytes:
    """The same archive with parts replaced, added or (None) left out."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def renamed(data: bytes, names: Callable[[str], str], text: Callable[[bytes], bytes]) -> bytes:
    """The same archive with other names of parts, and its lists (relations, types) rewritten."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name.endswith((".rels", "[Content_Types].xml")):
                content = text(content)
            new.writestr(names(name), content)
    return out.getvalue()


def compact_pdf(start: int | None = None) -> bytes:
    """A PDF whose objects and their list stand in streams, as new programs write them. `start`
    is where it says the list is; None for where it is."""
    whole = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        PAGE.format(resources="/Font << /F1 4 0 R >>", more="/Contents 5 0 R >>").encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    places, packed = b"", b""
    for number, one in enumerate(whole, start=1):
        places += b"%d %d " % (number, len(packed))
        packed += one + b" "
    head = f"/Type /ObjStm /N {len(whole)} /First {len(places)}"
    out = io.BytesIO(b"%PDF-1.5\n")
    out.seek(0, io.SEEK_END)
    rows = bytes([0, 0, 0, 255]) + b"".join(bytes([2, 0, 6, n]) for n in range(len(whole)))
    for number, one in (
        (5, stream(b"BT /F1 12 Tf 72 720 Td (Rapat.) Tj ET")),
        (6, stream(places + packed, head)),
        (7, b""),
    ):
        rows += bytes([1]) + out.tell().to_bytes(2, "big") + bytes([0])
        if number == 7:
            place = out.tell()
            one = stream(rows, "/Type /XRef /Size 8 /W [1 2 1] /Root 1 0 R")
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, one))
    out.write(b"startxref\n%d\n%%%%EOF\n" % (place if start is None else start))
    return out.getvalue()


def locked(data: bytes, *, opens_with: str, algorithm: str = "AES-128") -> bytes:
    """A PDF that its owner's password protects; to be opened with `opens_with` (may be empty)."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(opens_with, owner_password="pemilik", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def part(data: bytes, name: str) -> bytes:
    """One part of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def laid_open(data: bytes) -> bytes:
    """The bytes of a file and, of an archive, of everything packed in it."""
    if not data.startswith(b"PK\x03\x04"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join((data, *map(laid_open, map(archive.read, archive.namelist()))))


def encrypted_zip(data: bytes) -> bytes:
    """The archive with the flag of a password on every part."""
    locked = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = locked.find(signature)
        while place >= 0:
            locked[place + offset] |= 1
            place = locked.find(signature, place + 4)
    return bytes(locked)


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that says it is `width` x `height` and has almost no data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        sum_ = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + sum_

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")
