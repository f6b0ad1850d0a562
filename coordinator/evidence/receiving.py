"""From bytes on the wire to bytes we keep: type by content, pictures without metadata.

No database here: a file is received, judged and stored before any transaction begins.
"""

import io
import zipfile
from dataclasses import dataclass

import filetype
from flask_babel import gettext as _
from PIL import Image, ImageOps
from werkzeug.datastructures import FileStorage

from coordinator import screening
from coordinator.errors import InvalidInput
from coordinator.evidence import storage
from coordinator.evidence.rules import DOCUMENT_TYPES, IMAGE_TYPES, LARGEST_FILE, clean_name

MOST_PIXELS = 50_000_000
LARGEST_SIDE = 2400
OOXML_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "word/document.xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xl/workbook.xml",
}


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is stored and may get its row."""

    sha256: str
    size: int
    media_type: str
    name: str
    metadata_removed: bool


def receive(upload: FileStorage, *, field: str) -> Received:
    """Check, clean and store an uploaded file.

    Raises InvalidInput (about form field `field`) with its own words for: a name with a NIK, an
    empty, too large, unknown, damaged, encrypted or macro-carrying file.
    """

    def refuse(message: str) -> InvalidInput:
        return InvalidInput({field: message})

    given = upload.filename or ""
    if screening.blocks(given):
        raise refuse(_("Nama berkas memuat angka seperti NIK. Ganti namanya lalu unggah lagi."))
    data = upload.stream.read(LARGEST_FILE + 1)
    if not data:
        raise refuse(_("Berkas kosong. Pilih berkas lain."))
    if len(data) > LARGEST_FILE:
        upload.stream.seek(0, io.SEEK_END)
        size = max(len(data), upload.stream.tell()) / 1_000_000
        raise refuse(
            _(
                "Berkas %(size)s MB, paling besar 10 MB. Kecilkan atau pilih berkas lain.",
                size=f"{size:.0f}",
            )
        )
    media_type = filetype.guess_mime(data) or ""
    if media_type == "application/zip":
        media_type = _office_type(data)
    if media_type in IMAGE_TYPES:
        try:
            data = without_metadata(data, media_type)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise refuse(
                _("Foto ini rusak atau terlalu besar ukurannya. Pilih foto lain.")
            ) from error
    elif media_type in DOCUMENT_TYPES:
        problem = _document_problem(data, media_type)
        if problem:
            raise refuse(problem)
    elif data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise refuse(
            _(
                "Berkas bersandi atau format lama tidak dapat diperiksa. "
                "Simpan sebagai DOCX atau XLSX."
            )
        )
    else:
        raise refuse(_("Jenis berkas ini tidak diterima. Kirim JPG, PNG, PDF, DOCX, atau XLSX."))
    return Received(
        sha256=storage.store(data),
        size=len(data),
        media_type=media_type,
        name=clean_name(given, media_type),
        metadata_removed=media_type in IMAGE_TYPES,
    )


def without_metadata(data: bytes, media_type: str) -> bytes:
    """Return the picture drawn anew: upright, at most 2400 px, no EXIF, GPS or comments."""
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
        if image.width * image.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        image.load()
        upright = ImageOps.exif_transpose(image)
        mode = "RGBA" if media_type == "image/png" and "A" in upright.getbands() else "RGB"
        clean = Image.new(mode, upright.size)
        clean.paste(upright.convert(mode))
    clean.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    out = io.BytesIO()
    if media_type == "image/png":
        clean.save(out, "PNG", optimize=False)
    else:
        clean.save(out, "JPEG", quality=85)
    return out.getvalue()


def _office_type(data: bytes) -> str:
    """Tell DOCX and XLSX from other ZIP files by the part each must have."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return ""
    return next((kind for kind, part in OOXML_PARTS.items() if part in names), "")


def _document_problem(data: bytes, media_type: str) -> str | None:
    if media_type == "application/pdf":
        if b"/Encrypt" in data:
            return _("Berkas bersandi tidak dapat diperiksa. Hapus sandinya lalu unggah lagi.")
        if b"%%EOF" not in data[-2048:]:
            return _("Berkas PDF ini rusak atau terpotong. Simpan ulang lalu unggah lagi.")
        if b"/JavaScript" in data or b"/Launch" in data:
            return _("Berkas PDF ini memuat program. Cetak ulang sebagai PDF biasa.")
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if any(part.flag_bits & 1 for part in archive.infolist()):
                return _("Berkas bersandi tidak dapat diperiksa. Hapus sandinya lalu unggah lagi.")
            if OOXML_PARTS[media_type] not in archive.namelist():
                return _("Berkas ini rusak. Simpan ulang lalu unggah lagi.")
            if any(name.endswith("vbaProject.bin") for name in archive.namelist()):
                return _("Berkas dengan makro tidak diterima. Simpan tanpa makro.")
    except (zipfile.BadZipFile, OSError, ValueError):
        return _("Berkas ini rusak. Simpan ulang lalu unggah lagi.")
    return None
