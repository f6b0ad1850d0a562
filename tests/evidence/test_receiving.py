"""Files as people and attackers hand them in: what is kept, and what it is made into."""

import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational
from werkzeug.datastructures import FileStorage

from coordinator.errors import InvalidInput
from coordinator.evidence import receiving, storage
from coordinator.evidence.receiving import Received, receive
from coordinator.evidence.rules import LARGEST_FILE, clean_name

pytestmark = [
    pytest.mark.usefixtures("in_app"),
    pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True),  # no database here
]

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
NIK = "6472015505080001"  # invented


def office(*parts: str, encrypted: bool = False) -> bytes:
    """A ZIP with the named parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for part in parts:
            archive.writestr(part, "<x/>")
    data = bytearray(out.getvalue())
    if encrypted:
        for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            place = data.find(signature)
            while place >= 0:
                data[place + offset] |= 1
                place = data.find(signature, place + 4)
    return bytes(data)


def jpeg(size: tuple[int, int] = (60, 40), **save: object) -> bytes:
    """A photo."""
    out = io.BytesIO()
    Image.new("RGB", size, (90, 120, 90)).save(out, "JPEG", **save)  # type: ignore[arg-type]
    return out.getvalue()


def photo_with_gps() -> bytes:
    """A photo that says where and by whom it was taken, upside down."""
    exif = Image.Exif()
    exif[0x010F] = "KameraUji"
    exif[0x013B] = "PembuatUji"
    exif[0x0112] = 6
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "S", (IFDRational(0), IFDRational(30), IFDRational(7))
    gps[3], gps[4] = "E", (IFDRational(117), IFDRational(9), IFDRational(13))
    exif[0x8825] = gps
    data = jpeg(exif=exif, comment=b"KomentarUji")
    with Image.open(io.BytesIO(data)) as image:
        assert image.getexif().get_ifd(0x8825)
    return data


def hand_in(data: bytes, name: str = "bukti.pdf") -> Received:
    """Upload bytes under a name."""
    return receive(FileStorage(io.BytesIO(data), filename=name), field="files")


def kept(data_dir: Path) -> list[Path]:
    """Every file in the store."""
    return [path for path in (data_dir / "evidence").rglob("*") if path.is_file()]


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "word"),
    [
        (b"", "kosong.pdf", "kosong"),
        (b"%PDF" + b"0" * LARGEST_FILE, "besar.pdf", "paling besar 10 MB"),
        (b"halo, ini teks", "catatan.txt", "Jenis berkas"),
        (PDF[:-6], "potong.pdf", "rusak"),
        (jpeg()[:300], "rusak.jpg", "rusak"),
        (PDF.replace(b"<<>>\n%%EOF", b"<</Encrypt 3 0 R>>\n%%EOF"), "sandi.pdf", "bersandi"),
        (office("word/document.xml", encrypted=True), "sandi.docx", "bersandi"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "sandi.xlsx", "bersandi"),
        (office("word/document.xml", "word/vbaProject.bin"), "makro.docx", "makro"),
        (office("xl/workbook.xml", "xl/vbaProject.bin"), "makro.xlsm", "makro"),
        (PDF.replace(b"<<>>endobj", b"<</S/JavaScript>>endobj"), "aksi.pdf", "program"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_fault_has_its_own_words(data: bytes, name: str, word: str, data_dir: Path) -> None:
    with pytest.raises(InvalidInput) as refusal:
        hand_in(data, name)
    assert set(refusal.value.fields) == {"files"}
    assert word in refusal.value.fields["files"]
    assert kept(data_dir) == []


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MZ\x90\x00" + b"\x00" * 500 + b"%%EOF", "laporan.pdf"),
        (b"<html><script>alert(1)</script></html>", "foto.jpg"),
        (b"<!doctype html><p>x", "foto.jpeg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "logo.png"),
        (b'<?xml version="1.0"?><svg/>', "logo.svg"),
        (office("setup.exe"), "bukti.docx"),
        (office("word/other.xml"), "bukti.docx"),
        (b"GIF89a" + b"\x00" * 100, "gerak.jpg"),
        (b"\x7fELF" + b"\x00" * 200, "bukti.pdf"),
        (b"PK\x03\x04rusak", "bukti.docx"),
    ],
    ids=[
        "exe",
        "html",
        "html doctype",
        "svg",
        "svg xml",
        "zip",
        "zip word",
        "gif",
        "elf",
        "no zip",
    ],
)
def test_the_content_decides_not_the_name(data: bytes, name: str, data_dir: Path) -> None:
    with pytest.raises(InvalidInput):
        hand_in(data, name)
    assert kept(data_dir) == []


@pytest.mark.parametrize(
    "name",
    [f"{NIK}.pdf", f"ktp {NIK}.jpg", "6472-0155-0508-0001.pdf", "KK 6472 0110 5508 0001.pdf"],
)
def test_a_name_with_a_nik_is_refused_before_the_content_is_read(name: str, data_dir: Path) -> None:
    with pytest.raises(InvalidInput) as refusal:
        hand_in(PDF, name)
    assert "NIK" in refusal.value.fields["files"]
    assert NIK not in str(refusal.value)
    assert kept(data_dir) == []


def test_a_picture_of_too_many_pixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MOST_PIXELS", 1000)
    with pytest.raises(InvalidInput):
        hand_in(jpeg(), "besar.jpg")


# --- what is kept --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "media_type", "ending"),
    [
        (PDF, "application/pdf", ".pdf"),
        (office("word/document.xml"), WORD, ".docx"),
        (jpeg(), "image/jpeg", ".jpg"),
    ],
    ids=["pdf", "docx", "jpeg"],
)
def test_a_good_file_is_kept_under_its_own_type(
    data: bytes, media_type: str, ending: str, data_dir: Path
) -> None:
    received = hand_in(data, "Daftar hadir.exe")
    assert (received.media_type, received.name) == (media_type, f"Daftar hadir{ending}")
    [path] = kept(data_dir)
    stored = path.read_bytes()
    assert hashlib.sha256(stored).hexdigest() == path.name == received.sha256
    assert len(stored) == received.size
    assert received.metadata_removed is (media_type == "image/jpeg")
    if not received.metadata_removed:
        assert stored == data


def test_place_camera_and_author_are_removed_from_a_photo_and_it_is_turned_upright(
    data_dir: Path,
) -> None:
    received = hand_in(photo_with_gps(), "lokasi.jpg")
    [path] = kept(data_dir)
    stored = path.read_bytes()
    for trace in (b"KameraUji", b"PembuatUji", b"KomentarUji", b"Exif", b"GPS"):
        assert trace not in stored
    with Image.open(io.BytesIO(stored)) as image:
        assert not image.getexif()
        assert not image.getexif().get_ifd(0x8825)
        assert "comment" not in image.info
        assert image.size == (40, 60)
    assert received.metadata_removed


def test_a_png_loses_its_text_and_keeps_its_transparency(data_dir: Path) -> None:
    from_camera = io.BytesIO()
    text = Image.new("RGBA", (30, 30), (1, 2, 3, 0))
    info = PngInfo()
    info.add_text("Author", "PembuatUji")
    text.save(from_camera, "PNG", pnginfo=info)
    assert b"PembuatUji" in from_camera.getvalue()
    hand_in(from_camera.getvalue(), "gambar.png")
    [path] = kept(data_dir)
    assert b"PembuatUji" not in path.read_bytes()
    with Image.open(path) as image:
        assert image.getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_a_large_photo_is_made_smaller(data_dir: Path) -> None:
    hand_in(jpeg((4000, 1000)), "lebar.jpg")
    with Image.open(kept(data_dir)[0]) as image:
        assert image.size == (2400, 600)


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\windows\\system.ini", "system.pdf"),
        ("/", "berkas.pdf"),
        ("...", "berkas.pdf"),
        ("", "berkas.pdf"),
        ("laporan\u202egpj.exe", "laporangpj.pdf"),
        ("a\x00b\r\nc\u200b.pdf", "abc.pdf"),
        ('<img src="x">:|?*.pdf', "img src=x.pdf"),
        ("Rapat 16 Oktober (final).PDF", "Rapat 16 Oktober (final).pdf"),
        ("é" * 300 + ".pdf", "é" * 120 + ".pdf"),
    ],
)
def test_names_become_safe(given: str, clean: str) -> None:
    assert clean_name(given, "application/pdf") == clean
    assert hand_in(PDF, given or "berkas").name.endswith(".pdf")


# --- the store -----------------------------------------------------------------------------------


def test_the_same_bytes_are_stored_once(data_dir: Path) -> None:
    first, second = hand_in(PDF, "a.pdf"), hand_in(PDF, "b.pdf")
    assert first.sha256 == second.sha256
    assert len(kept(data_dir)) == 1


@pytest.mark.parametrize("point", ["fsync", "replace"])
def test_a_failure_before_the_rename_leaves_no_file(
    point: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(*((os, "fsync") if point == "fsync" else (Path, "replace")), fail)
        with pytest.raises(OSError, match="No space"):
            storage.store(b"bukti")
    assert kept(data_dir) == []
    sha256 = storage.store(b"bukti")
    assert storage.path_of(sha256).read_bytes() == b"bukti"


def test_a_killed_process_leaves_at_most_a_temporary_file(data_dir: Path) -> None:
    """A real kill between writing and renaming: the final name never holds half a file."""
    child = os.fork()
    if child == 0:

        def die(*_args: object) -> None:
            os.kill(os.getpid(), 9)

        Path.replace = die  # type: ignore[assignment,method-assign]
        storage.store(b"bukti yang terputus")
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == 9
    assert [path for path in kept(data_dir) if not path.name.endswith(".tmp")] == []
    sha256 = storage.store(b"bukti yang terputus")
    assert storage.path_of(sha256).read_bytes() == b"bukti yang terputus"
