"""What is read in a file, what waits for a person, and what is taken out before it is kept."""

import io
import re
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image
from pypdf import PdfReader

from coordinator.platform.files.intake.answer import BadUpload, CleanFile, Text
from coordinator.platform.files.intake.jpeg import BrokenPicture, without_segments
from coordinator.platform.files.intake.office import _markup, _Work
from coordinator.platform.files.intake.package import Package
from coordinator.platform.files.intake.sheets import plain_number
from coordinator.platform.files.rules import Reading, Refusal, Removed
from tests.platform.files import builders
from tests.platform.files.builders import NIK, part, pdf, photo_with_gps, repacked, sheet, word
from tests.platform.files.reading import read_all, read_one

SPACED = "6472 0155 0508 0001"
FULL_WIDTH = "".join(chr(0xFF10 + int(digit)) for digit in NIK)
XMP = f"<x:xmpmeta><dc:creator>PembuatUji</dc:creator><a>{NIK}</a></x:xmpmeta>".encode()


def kept(answer: CleanFile | BadUpload) -> CleanFile:
    """The answer of a file that is taken."""
    assert isinstance(answer, CleanFile), answer
    return answer


# --- a NIK is found wherever it is -----------------------------------------------------------


def _table(document: object) -> None:
    table = document.add_table(1, 2)  # type: ignore[attr-defined]
    table.cell(0, 0).text, table.cell(0, 1).text = "647201 550508", "0001"


def _runs(document: object) -> None:
    paragraph = document.add_paragraph("No. ")  # type: ignore[attr-defined]
    for piece in ("6472", "01550", "5080001"):
        paragraph.add_run(piece).bold = True


def _with_xml(change: Callable[[bytes], bytes], name: str = "word/document.xml") -> bytes:
    made = word(lambda document: document.add_paragraph("ISI"))
    return repacked(made, {name: change(part(made, name))})


def _body(xml: str) -> bytes:
    return _with_xml(lambda data: data.replace(b"<w:t>ISI</w:t>", xml.encode()))


def _extra(name: str, text: str) -> bytes:
    xml = f'<w:x xmlns:w="w"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:x>'
    return repacked(word(), {name: xml.encode()})


def _vanished(document: object) -> None:
    run = document.add_paragraph().add_run(SPACED)  # type: ignore[attr-defined]
    run._r.get_or_add_rPr().append(OxmlElement("w:vanish"))
    assert run._r.find(qn("w:rPr")) is not None


def _hidden_sheet(book: object) -> None:
    hidden = book.create_sheet("Rahasia")  # type: ignore[attr-defined]
    hidden.sheet_state = "veryHidden"
    hidden["C7"] = int(NIK)


def _cell(value: object) -> Callable[[object], None]:
    def fill(book: object) -> None:
        book.active["B3"] = value  # type: ignore[attr-defined]

    return fill


def _comment(book: object) -> None:
    book.active["A1"] = "x"  # type: ignore[attr-defined]
    book.active["A1"].comment = Comment(f"NIK {NIK}", "PembuatUji")  # type: ignore[attr-defined]


def _defined(book: object) -> None:
    book.defined_names["x"] = DefinedName("x", attr_text=f'"{NIK}"')  # type: ignore[attr-defined]


def _typed(raw: str) -> bytes:
    made = sheet(_cell(12345))
    name = "xl/worksheets/sheet1.xml"
    return repacked(made, {name: part(made, name).replace(b"12345", raw.encode())})


NOTE = "<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /T (PembuatUji) /Contents ({text}) >>"
SHOWS = f"BT /F1 9 Tf 9 9 Td ({NIK}) Tj ET".encode()
LETTERS = "/Resources << /Font << /F1 4 0 R >> >>"
LOOK = builders.stream(SHOWS, f"/Type /XObject /Subtype /Form /BBox [0 0 200 20] {LETTERS}")


def _looks(head: str) -> bytes:
    return pdf("Rapat.", page_more=f"/Annots [<< {head} >>]", objects={50: LOOK})


FIELD = "/AcroForm << /Fields [<< /T (nik) /FT /Tx /V ({text}) >>] >>"
HIDING = {
    "pdf: page": pdf(f"NIK {NIK}"),
    "pdf: second page, in groups": pdf("Rapat.", "6472-0155-0508-0001"),
    "pdf: broken over lines": pdf("NIK 64720155\n05080001"),
    "pdf: over two pages": pdf("NIK 647201550508", "0001"),
    "pdf: white": pdf(f"BT 1 1 1 rg /F1 9 Tf 9 9 Td ({NIK}) Tj ET".encode()),
    "pdf: invisible": pdf(f"BT 3 Tr /F1 9 Tf 9 9 Td ({NIK}) Tj ET".encode()),
    "pdf: note": pdf("Rapat.", page_more=f"/Annots [{NOTE.format(text=NIK)}]"),
    "pdf: form field": pdf("Rapat.", root=FIELD.format(text=NIK)),
    "pdf: properties": pdf("Rapat.", info={"Title": NIK}),
    "pdf: xmp": pdf("Rapat.", root="/Metadata 50 0 R", objects={50: builders.stream(XMP)}),
    "pdf: bookmark": pdf(
        "Rapat.",
        root="/Outlines 50 0 R",
        objects={
            50: b"<< /First 51 0 R /Last 51 0 R /Count 1 >>",
            51: f"<< /Title ({NIK}) /Parent 50 0 R >>".encode(),
        },
    ),
    "pdf: attachment's name": pdf(
        "Rapat.",
        root="/Names << /EmbeddedFiles << /Names [(a) 50 0 R] >> >>",
        objects={50: f"<< /Type /Filespec /F (ktp {NIK}.pdf) >>".encode()},
    ),
    "pdf: a stamp's look": _looks("/Subtype /Stamp /Rect [0 0 200 20] /AP << /N 50 0 R >>"),
    "pdf: a field's look when it is ticked": _looks(
        "/Subtype /Widget /Rect [0 0 9 9] /AP << /N << /Ya 50 0 R >> /D << /Ya 50 0 R >> >>"
    ),
    "pdf: a mask": pdf(
        b"/G1 gs BT /F1 9 Tf 9 9 Td (Rapat.) Tj ET",
        resources="/Font << /F1 4 0 R >> /ExtGState << /G1 << /SMask << /G 50 0 R >> >> >>",
        objects={50: LOOK},
    ),
    "pdf: a form no page draws": pdf(
        "Rapat.",
        resources="/Font << /F1 4 0 R >> /XObject << /Simpan 50 0 R >>",
        objects={50: LOOK},
    ),
    "pdf: words under a scan": builders.scan(words=NIK),
    "docx: text": word(lambda document: document.add_paragraph(f"NIK {NIK}")),
    "docx: full-width": word(lambda document: document.add_paragraph(FULL_WIDTH)),
    "docx: several runs": word(_runs),
    "docx: two cells": word(_table),
    "docx: hidden text": word(_vanished),
    "docx: line break": _body("<w:t>64720155</w:t><w:br/><w:t>05080001</w:t>"),
    "docx: deleted text": _body(f"<w:delText>{NIK}</w:delText>"),
    "docx: across a deletion": _body(
        "<w:t>647201</w:t><w:delText>99</w:delText><w:t>5505080001</w:t>"
    ),
    "docx: picture's description": _body(f'<w:t>x</w:t><wp:docPr xmlns:wp="w" descr="{NIK}"/>'),
    "docx: words of a drawing": repacked(
        word(), {"word/media/a.svg": f"<svg><text>{NIK}</text></svg>".encode()}
    ),
    "docx: letters written as numbers": _body("<w:t>&#54;472015505&#x30;8<!-- x -->0001</w:t>"),
    "docx: header": _extra("word/header9.xml", NIK),
    "docx: footer": _extra("word/footer9.xml", SPACED),
    "docx: comment": _extra("word/comments.xml", NIK),
    "docx: footnote": _extra("word/footnotes.xml", NIK),
    "docx: custom data": repacked(word(), {"customXml/item1.xml": f"<a>{NIK}</a>".encode()}),
    "docx: properties": word(lambda document: setattr(document.core_properties, "comments", NIK)),
    "docx: name of a part": repacked(word(), {f"word/{NIK}.xml": b"<x/>"}),
    "xlsx: text": sheet(_cell(SPACED)),
    "xlsx: number": sheet(_cell(int(NIK))),
    "xlsx: scientific": _typed("6.472015505080001E15"),
    "xlsx: very hidden sheet": sheet(_hidden_sheet),
    "xlsx: comment": sheet(_comment),
    "xlsx: defined name": sheet(_defined),
    "xlsx: formula": sheet(_cell(f'="{NIK}"')),
    "xlsx: split over cells": sheet(lambda book: book.active.append(["647201", "550508", "0001"])),
    "xlsx: one digit a cell": sheet(lambda book: book.active.append([int(d) for d in NIK])),
    "xlsx: sheet's name": sheet(lambda book: book.create_sheet(NIK)),
    "xlsx: header of a print": sheet(
        lambda book: setattr(book.active.oddHeader.center, "text", NIK)
    ),
    "xlsx: pivot cache": repacked(
        sheet(), {"xl/pivotCache/pivotCacheRecords1.xml": f'<r><n v="{NIK}"/></r>'.encode()}
    ),
    "xlsx: a workbook inside a document": repacked(
        word(), {"word/embeddings/a.xlsx": sheet(_cell(int(NIK)))}
    ),
}


def test_a_nik_is_found_wherever_it_hides() -> None:
    answers = read_all(list(HIDING.values()))
    passed = [
        name
        for name, answer in zip(HIDING, answers, strict=True)
        if not isinstance(answer, BadUpload) or answer.why is not Refusal.IDENTITY
    ]
    assert passed == []
    told = [answer.where for answer in answers if isinstance(answer, BadUpload)]
    assert not any(re.search(r"\d{6}", where) for where in told), "a refusal repeats the number"
    assert "halaman 2" in told
    assert "lembar ke-2, sampai baris 7" in told


def test_the_rest_is_asked_about() -> None:
    files = [
        pdf("Hubungi 0812-3456-7890. Korban berinisial AB."),
        word(lambda document: document.add_paragraph("LP/B/123/X/2026/SPKT")),
        sheet(lambda book: book.active.append([647201, 550508, 1])),
        pdf("Rapat 45 peserta, anggaran Rp 12.500.000, NIP 198501012010011001."),
    ]
    found = [kept(answer).warnings for answer in read_all(files)]
    assert found == [{"phone": 1, "initials": 1}, {"case_number": 1}, {"nik": 1}, {}]


# --- what cannot be read -------------------------------------------------------------------------


def _image(width: int, height: int) -> bytes:
    """A picture as an object of a PDF."""
    return builders.stream(
        builders.jpeg((width, height)),
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB"
        " /BitsPerComponent 8 /Filter /DCTDecode",
    )


LOGO = _image(40, 40)
WITH_LOGO = "/Font << /F1 4 0 R >> /XObject << /P 50 0 R >>"
WORDS = "BT /F1 12 Tf 72 720 Td (Rapat koordinasi.) Tj ET "
GLYPHS = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [] >>"
READINGS: dict[str, tuple[bytes, Reading]] = {
    "pdf of words": (pdf("Rapat.", "Hadir 12 orang."), Reading.FULL),
    "pdf with a blank page": (pdf("Rapat.", b""), Reading.FULL),
    "scan": (builders.scan(), Reading.NONE),
    "scan with recognised words": (builders.scan(words="Rapat."), Reading.NONE),
    "letterhead": (
        pdf(
            f"{WORDS} q 50 0 0 50 72 760 cm /P Do Q".encode(),
            resources=WITH_LOGO,
            objects={50: LOGO},
        ),
        Reading.PARTIAL,
    ),
    "a line drawn as a picture": (
        pdf(
            f"{WORDS} q 500 0 0 1 72 700 cm /P Do Q".encode(),
            resources=WITH_LOGO,
            objects={50: _image(400, 1)},
        ),
        Reading.FULL,
    ),
    "a photo cut into strips": (
        pdf(
            (WORDS + "".join(f"q 99 0 0 1 9 {n} cm /P{n} Do Q " for n in range(50, 70))).encode(),
            resources="/Font << /F1 4 0 R >> /XObject << "
            + " ".join(f"/P{n} {n} 0 R" for n in range(50, 70))
            + " >>",
            objects={n: _image(400, 4) for n in range(50, 70)},
        ),
        Reading.PARTIAL,
    ),
    "a picture between the words": (
        pdf(f"{WORDS} q BI /W 9 /H 9 /CS /G /BPC 8 ID {'x' * 81} EI Q".encode()),
        Reading.PARTIAL,
    ),
    "a picture in a stamp": (
        pdf(
            "Rapat.",
            page_more="/Annots [<< /Subtype /Stamp /Rect [0 0 9 9] /AP << /N 51 0 R >> >>]",
            objects={
                50: _image(70, 70),
                51: builders.stream(
                    b"/P Do", "/Subtype /Form /Resources << /XObject << /P 50 0 R >> >>"
                ),
            },
        ),
        Reading.PARTIAL,
    ),
    "a stamp that is drawn": (
        pdf(
            "Rapat.",
            page_more="/Annots [<< /Subtype /Stamp /Rect [0 0 9 9] /AP << /N 51 0 R >> >>]",
            objects={51: builders.stream(b"1 1 m 9 9 l S", "/Subtype /Form /Resources << >>")},
        ),
        Reading.PARTIAL,
    ),
    "words with borrowed letters": (
        pdf(
            "Rapat.",
            page_more="/Annots [<< /Subtype /Widget /Rect [0 0 9 9] /AP << /N 51 0 R >> >>]",
            objects={51: builders.stream(SHOWS, "/Subtype /Form")},
        ),
        Reading.PARTIAL,
    ),
    "words and a photographed card": (
        pdf(
            f"{WORDS} q 85 0 0 113 72 400 cm /P Do Q".encode(),
            resources=WITH_LOGO,
            objects={50: _image(300, 400)},
        ),
        Reading.PARTIAL,
    ),
    "one page of two is drawn": (pdf("Rapat.", b"10 10 m 90 90 l 90 10 l f"), Reading.PARTIAL),
    "letters without a table": (
        pdf(b"BT /F2 9 Tf (abc) Tj ET", resources="/Font << /F2 50 0 R >>", objects={50: GLYPHS}),
        Reading.NONE,
    ),
    "docx": (word(), Reading.FULL),
    "docx with a photo": (
        word(lambda document: document.add_picture(io.BytesIO(builders.jpeg((400, 300))))),
        Reading.PARTIAL,
    ),
    "xlsx": (sheet(), Reading.FULL),
    "photo": (builders.jpeg(), Reading.NONE),
    "photo of an iPhone": (builders.picture("HEIF"), Reading.NONE),
}


def test_what_cannot_be_read_is_not_called_read() -> None:
    answers = read_all([data for data, _reading in READINGS.values()])
    got = {name: kept(a).reading for name, a in zip(READINGS, answers, strict=True)}
    assert got == {name: reading for name, (_data, reading) in READINGS.items()}


# --- what is taken out ---------------------------------------------------------------------------

TRACES = (b"KameraUji", b"PembuatUji", b"KomentarUji", b"Exif", b"GPS")


def test_photos_are_redrawn() -> None:
    wide = builders.jpeg((5000, 900))
    answers = read_all([photo_with_gps(), photo_with_gps("PNG"), photo_with_gps("HEIF"), wide])
    for answer in map(kept, answers[:3]):
        assert {Removed.PLACE, Removed.AUTHOR, Removed.METADATA} <= answer.removed
        assert not [trace for trace in TRACES if trace in answer.data]
    with Image.open(io.BytesIO(kept(answers[0]).data)) as upright:
        assert upright.size == (40, 60)
        assert not upright.getexif()
    assert [kept(answer).media_type for answer in answers] == [
        "image/jpeg",
        "image/png",
        "image/jpeg",
        "image/jpeg",
    ]
    with Image.open(io.BytesIO(kept(answers[3]).data)) as small:
        assert small.size == (2000, 360)
    assert kept(answers[3]).removed == {Removed.SIZE}


def test_a_clear_png_stays_clear() -> None:
    answer = kept(read_one(builders.picture("PNG", clear=True)))
    with Image.open(io.BytesIO(answer.data)) as image:
        assert image.mode == "RGBA"


def test_a_pdf_forgets_who_made_it() -> None:
    exif = builders.stream(
        photo_with_gps(),
        "/Type /XObject /Subtype /Image /Width 60 /Height 40 /ColorSpace /DeviceRGB"
        " /BitsPerComponent 8 /Filter /DCTDecode",
    )
    made = pdf(
        f"{WORDS} q 20 0 0 20 72 760 cm /P Do Q".encode(),
        resources=WITH_LOGO,
        objects={50: exif, 51: builders.stream(XMP.replace(NIK.encode(), b"x"))},
        info={"Author": "PembuatUji", "Producer": "KameraUji"},
        root="/Metadata 51 0 R",
        page_more=f"/Annots [{NOTE.format(text='Setuju.')}]",
    )
    answer = kept(read_one(made))
    assert not [trace for trace in (*TRACES, b"xmpmeta") if trace in answer.data]
    assert {Removed.AUTHOR, Removed.METADATA, Removed.PLACE} <= answer.removed
    assert b"/Contents (Setuju" in answer.data
    assert kept(read_one(made)).data == answer.data, "the same file must stay the same file"
    again = kept(read_one(answer.data))
    assert (again.reading, again.removed) == (Reading.PARTIAL, set()), "nothing is left to take"


def test_a_file_that_was_signed_says_that_its_signature_no_longer_holds() -> None:
    field = "<< /Subtype /Widget /FT /Sig /T (TTE) /Rect [0 0 9 9] {value} >>"
    signed, open_one = (
        pdf(
            WORDS,
            page_more=f"/Annots [{field.format(value=value)}]",
            objects={50: b"<< /Type /Sig /ByteRange [0 9 20 9] /Contents <00> >>"},
        )
        for value in ("/V 50 0 R", "")
    )
    office = repacked(word(), {"_xmlsignatures/sig1.xml": b"<Signature/>"})
    for made in (signed, office):
        assert Removed.SIGNATURE in kept(read_one(made)).removed
    assert Removed.SIGNATURE not in kept(read_one(open_one)).removed


def _photo_pdf(data: bytes, filters: str) -> bytes:
    look = builders.stream(
        data,
        "/Type /XObject /Subtype /Image /Width 60 /Height 40 /ColorSpace /DeviceRGB"
        f" /BitsPerComponent 8 /Filter {filters}",
    )
    return pdf(WORDS.encode(), resources=WITH_LOGO, objects={50: look})


def test_photos_in_a_pdf_keep_nothing_however_they_are_packed() -> None:
    two = builders.jpeg() + photo_with_gps()  # as a phone puts a second one behind the first
    box = len(builders.exif().tobytes()) + 8
    jp2 = b"\x00\x00\x00\x0cjP  \r\n\x87\n" + box.to_bytes(4, "big") + b"uuid"
    jp2 += builders.exif().tobytes() + b"\x00\x00\x00\x0cjp2cPIKS"
    answers = read_all(
        [
            _photo_pdf(zlib.compress(photo_with_gps()), "[/FlateDecode /DCTDecode]"),
            _photo_pdf(photo_with_gps().hex().encode() + b">", "[/ASCIIHexDecode /DCTDecode]"),
            _photo_pdf(two, "/DCTDecode"),
            _photo_pdf(b"\r\n" + photo_with_gps(), "[/DCTDecode]"),
            _photo_pdf(jp2, "/JPXDecode"),
        ]
    )
    for answer in map(kept, answers):
        [stored] = [
            one.get_object()
            for one in PdfReader(io.BytesIO(answer.data))
            .pages[0]["/Resources"]["/XObject"]
            .values()
        ]
        assert not [trace for trace in TRACES if trace in stored._data]
        assert not [trace for trace in TRACES if trace in answer.data]
        if b"PIKS" not in stored._data:
            with Image.open(io.BytesIO(stored._data)) as image:
                image.load()
                assert (image.format, image.size) == ("JPEG", (60, 40))
    assert b"PIKS" in kept(answers[4]).data


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_without_its_segments_is_the_same_picture(progressive: bool) -> None:
    noise = Image.effect_noise((200, 130), 90)
    out = io.BytesIO()
    noise.save(out, "JPEG", exif=builders.exif(), progressive=progressive, quality=95)
    clean, removed = without_segments(out.getvalue() + photo_with_gps())
    assert removed == {Removed.METADATA, Removed.PLACE}
    with Image.open(io.BytesIO(out.getvalue())) as old, Image.open(io.BytesIO(clean)) as new:
        assert old.tobytes() == new.tobytes()
    assert clean.count(b"\xff\xd9") == 1
    for broken in (b"", b"GIF89a", b"\xff\xd8\xff", clean[:20]):
        with pytest.raises(BrokenPicture):
            without_segments(broken)


def test_an_office_file_forgets_who_made_it_and_still_opens(tmp_path: Path) -> None:
    def fill(document: object) -> None:
        document.add_paragraph("Rapat koordinasi.")  # type: ignore[attr-defined]
        document.add_picture(io.BytesIO(photo_with_gps()))  # type: ignore[attr-defined]

    tracked = word(fill)
    body = part(tracked, "word/document.xml")
    body = body.replace(
        b"<w:p>",
        b'<w:p w:rsidR="00AB12CD"><w:ins w:id="7" w:author="PembuatUji" '
        b'w:date="2026-01-01T00:00:00Z">'
        b"<w:r><w:t>Tambahan.</w:t></w:r></w:ins></w:p><w:p>",
        1,
    )
    documents = [
        repacked(tracked, {"word/document.xml": body}),
        sheet(lambda book: (_cell("Rapat")(book), _with_comment(book))),
    ]
    for data, suffix in zip(documents, ("docx", "xlsx"), strict=True):
        answer = kept(read_one(data))
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            assert archive.testzip() is None
            names = archive.namelist()
            everything = b"".join(archive.read(name) for name in names)
        assert not [name for name in names if name.startswith(("docProps/", "customXml/"))]
        assert not [trace for trace in (*TRACES, b"rsid") if trace in everything]
        assert {Removed.AUTHOR, Removed.METADATA} <= answer.removed
        assert kept(read_one(data)).data == answer.data
        path = tmp_path / f"bersih.{suffix}"
        path.write_bytes(answer.data)
        _opens(path)


@pytest.mark.parametrize(
    "spelling",
    [
        "<w:ins w:author='PembuatUji'/>",
        '<w:ins w:author = "PembuatUji" w:id="1"/>',
        '<w:ins w:id=">" w:author="PembuatUji"/>',
        '<w:ins w-1:author="PembuatUji"/>',
        '<w:ins w:author="Pembuat&#85;ji"/>',
        "<w:comment w:initials\n=\n'PembuatUji'/>",
        '<author xml:space="preserve">PembuatUji</author>',
        "<author ><![CDATA[PembuatUji]]></author>",
        "<w:fileSharing w:userName='PembuatUji'></w:fileSharing>",
        "<!-- PembuatUji -->",
        '<x15ac:absPath url="C:\\PembuatUji\\"></x15ac:absPath>',
        '<w:mailMerge><w:query w:val="PembuatUji"/></w:mailMerge>',
    ],
)
def test_an_author_is_forgotten_in_any_spelling(spelling: str) -> None:
    whole = f'<w:x xmlns:w="w" xmlns:w-1="w"><w:t a="&amp;&quot;">A &lt; B</w:t>{spelling}</w:x>'
    removed: set[Removed] = set()
    work = _Work(Text(), {}, Package("", "", (), None), removed)
    clean = _markup("word/extra.xml", whole.encode(), work)
    assert b"Uji" not in clean
    assert removed or spelling.startswith("<!--")
    assert b'<w:t a="&amp;&quot;">A &lt; B</w:t>' in clean
    expat.ParserCreate().Parse(clean, True)


def test_pictures_in_an_office_file_keep_nothing_under_any_name() -> None:
    def keyed(kind: str) -> bytes:
        return builders.picture(kind, exif=builders.exif().tobytes())

    gif = builders.picture("GIF", comment=b"KomentarUji")
    pictures = {
        "a.png": photo_with_gps(),
        "b.jpg": photo_with_gps("PNG"),
        "c.tiff": keyed("TIFF"),
        "d.gif": gif,
        "e.bmp": builders.picture("BMP") + b"PembuatUji",
        "f.jpeg": builders.jpeg() + photo_with_gps(),
        "g.wdp": keyed("WEBP"),
        "h.emf": b"\x01\x00\x00\x00" + "PembuatUji".encode("utf-16-le"),
        "i.svg": b"<svg><metadata>PembuatUji</metadata></svg>",
        "j.png": b"<svg><metadata>PembuatUji</metadata></svg>",
        "k.jpg": b"PK\x03\x04PembuatUji",
    }
    made = repacked(word(), {f"word/media/{name}": data for name, data in pictures.items()})
    answer = kept(read_one(made))
    everything = builders.laid_open(answer.data)
    assert not [
        trace for trace in (*TRACES, "PembuatUji".encode("utf-16-le")) if trace in everything
    ]
    assert {Removed.PLACE, Removed.METADATA, Removed.PICTURES} <= answer.removed
    assert answer.reading is Reading.PARTIAL
    for name in pictures:
        stored = part(answer.data, f"word/media/{name}")
        if not name.endswith(".svg"):
            with Image.open(io.BytesIO(stored)) as image:
                image.load()
                assert sorted(image.size) == ([40, 60] if name[0] in "abcdefg" else [1, 1])


def _with_comment(book: object) -> None:
    book.active["A1"] = "x"  # type: ignore[attr-defined]
    book.active["A1"].comment = Comment("Setuju.", "PembuatUji")  # type: ignore[attr-defined]


def _opens(path: Path) -> None:
    """An office program reads what we made of it."""
    done = subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{path.parent}/lo",
            "--headless",
            "--convert-to",
            "txt:Text" if path.suffix == ".docx" else "csv",
            "--outdir",
            str(path.parent),
            str(path),
        ],
        capture_output=True,
        text=True,
    )
    made = path.with_suffix(".txt" if path.suffix == ".docx" else ".csv")
    assert made.exists(), done.stderr
    assert "Rapat" in made.read_text()


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("6.472015505080001E15", NIK),
        ("6472015505080001.0", NIK),
        ("0.6111111111111112", "0.6111111111111112"),
        ("1E-7", "1E-7"),
        ("9E99", "9E99"),
    ],
)
def test_a_number_is_read_as_it_was_typed(raw: str, plain: str) -> None:
    assert plain_number(raw) == plain
