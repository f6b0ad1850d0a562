"""What is shown of a file next to the form: words or a new picture, never its raw bytes."""

import io
from pathlib import Path

import docx
import pytest
import xlsxwriter
from PIL import Image

from coordinator.platform.files import previewing
from coordinator.platform.files.rules import WORD
from tests.platform.files import builders


def _picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2400, 1600), (90, 120, 90)).save(out, kind)
    return out.getvalue()


@pytest.fixture
def keep(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Write bytes to a file; return its path."""

    def write(data: bytes) -> Path:
        path = tmp_path / "berkas"
        path.write_bytes(data)
        return path

    return write


def test_a_picture_is_made_small_and_new(keep) -> None:  # type: ignore[no-untyped-def]
    small = previewing.picture(keep(_picture("PNG")), "image/png")
    assert small is not None
    with Image.open(io.BytesIO(small)) as image:
        assert image.format == "JPEG"
        assert max(image.size) == 960


def test_the_words_of_documents(keep) -> None:  # type: ignore[no-untyped-def]
    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Berita acara 12 Oktober")
    document.save(out)
    found = previewing.beginning(keep(out.getvalue()))
    assert found is not None
    assert found.text == "Berita acara 12 Oktober"
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet("Rekap").write_row(0, 0, ["Lembaga", 5])
    book.close()
    found = previewing.beginning(keep(out.getvalue()))
    assert found is not None
    assert "Rekap" in found.text
    assert "Lembaga | 5" in found.text


def test_a_scanned_page_is_shown_as_its_picture(keep) -> None:  # type: ignore[no-untyped-def]
    out = io.BytesIO()
    Image.new("RGB", (800, 1100), (250, 250, 240)).save(out, "PDF")
    path = keep(out.getvalue())
    found = previewing.beginning(path)
    assert found is not None
    assert (found.text, found.pages, found.pictures, found.more) == ("", 1, 1, 0)
    assert previewing.picture(path, "application/pdf") is not None


def test_pictures_next_to_the_words_are_shown_largest_first(keep) -> None:  # type: ignore[no-untyped-def]
    def fill(document: object) -> None:
        document.add_paragraph("Rapat.")  # type: ignore[attr-defined]
        for width in (100, 400, 300, 200):
            document.add_picture(io.BytesIO(builders.jpeg((width, 50))))  # type: ignore[attr-defined]

    path = keep(builders.word(fill))
    found = previewing.beginning(path)
    assert found is not None
    assert (found.text, found.pictures, found.more) == ("Rapat.", 3, 1)
    seen = []
    for number in range(3):
        small = previewing.picture(path, WORD, number)
        assert small is not None
        with Image.open(io.BytesIO(small)) as image:
            seen.append(image.width)
    assert seen == [400, 300, 200]
    assert previewing.picture(path, WORD, 3) is None
    assert previewing.picture(path, WORD, -1) is None


def test_the_pages_of_a_pdf_are_drawn_as_they_look(keep) -> None:  # type: ignore[no-untyped-def]
    red, white = Image.new("RGB", (595, 842), (200, 30, 30)), Image.new("RGB", (842, 595), "white")
    out = io.BytesIO()
    red.save(out, "PDF", save_all=True, append_images=[white, white, white, white])
    path = keep(out.getvalue())
    found = previewing.beginning(path)
    assert found is not None
    assert (found.pages, found.pictures, found.more) == (5, 3, 2)
    drawn = []
    for number in range(3):
        small = previewing.picture(path, "application/pdf", number)
        assert small is not None
        with Image.open(io.BytesIO(small)) as image:
            drawn.append((image.size, image.convert("RGB").getpixel((100, 100))))
    (portrait, colour), (landscape, _blank), _third = drawn
    assert max(portrait) == portrait[1] == 960
    assert max(landscape) == landscape[0] == 960
    assert isinstance(colour, tuple)
    assert colour[0] > 150 > colour[1]
    assert previewing.picture(path, "application/pdf", 3) is None


def test_words_of_a_page_are_in_its_picture_and_next_to_it(keep) -> None:  # type: ignore[no-untyped-def]
    words = b"BT /F1 60 Tf 72 600 Td (Rapat.) Tj ET "
    path = keep(builders.pdf(words))
    found = previewing.beginning(path)
    assert found is not None
    assert (found.text, found.pictures, found.more) == ("Rapat.", 1, 0)
    small = previewing.picture(path, "application/pdf")
    assert small is not None
    with Image.open(io.BytesIO(small)) as image:
        darkest, _lightest = image.convert("L").getextrema()
    assert darkest < 100, "the words are on the picture"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 rusak", b"PK\x03\x04rusak", b"MZ\x90"])
def test_what_cannot_be_read_is_not_shown(keep, data: bytes) -> None:  # type: ignore[no-untyped-def]
    path = keep(data)
    assert previewing.beginning(path) is None
    assert previewing.picture(path, "image/jpeg") is None
