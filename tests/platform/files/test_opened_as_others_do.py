"""Files that every viewer opens are taken, from any program; a reason given is the true one."""

import ast
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from pypdf import PdfReader

from coordinator.platform.files import intake, labels, preview_document
from coordinator.platform.files.intake.answer import BadUpload, CleanFile
from coordinator.platform.files.intake.package import known_name, resolved
from coordinator.platform.files.rules import (
    OLE,
    PDF,
    SHEET,
    WORD,
    Reading,
    Refusal,
    Removed,
    kind_of,
)
from tests.platform.files import builders
from tests.platform.files.builders import locked, part, pdf, picture, renamed, repacked, sheet, word
from tests.platform.files.reading import read_all

PAPER = pdf("Rapat koordinasi.")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n"
PDFS = {
    "owner's password only, RC4": locked(PAPER, opens_with="", algorithm="RC4-128"),
    "owner's password only, AES": locked(PAPER, opens_with="", algorithm="AES-256"),
    "a mark of UTF-8 first": b"\xef\xbb\xbf" + PAPER,
    "line ends first": b"\r\n\r\n" + PAPER,
    "the head of a download first": HEAD + PAPER,
    "as far in as viewers look": b"-" * 1023 + PAPER,
    "zeros behind": PAPER + b"\x00" * 6000,
    "line ends and zeros behind": PAPER + b"\r\n\x00\x1a" * 3000,
    "short rubbish behind": PAPER + b"--batas-unggahan--\r\n",
    "rubbish on both sides": HEAD + PAPER + b"\x00" * 5000,
    "list of objects at no place": re.sub(rb"startxref\n\d+", b"startxref\n0", PAPER),
    "list of objects far away": re.sub(rb"startxref\n\d+", b"startxref\n99999999", PAPER),
    "every object elsewhere": re.sub(rb"\d{10} 00000 n", b"0000000009 00000 n", PAPER),
    "everything moved by an editor": PAPER.replace(b"1.7\n", b"1.7\n% tambahan satu baris\n"),
    "list of objects misspelt": PAPER.replace(b"xref\n0 1", b"xrff\n0 1"),
    "objects in streams, list elsewhere": builders.compact_pdf(3),
    "number of pages kept apart": pdf("Rapat koordinasi.", objects={50: b"1"}).replace(
        b"/Count 1", b"/Count 50 0 R"
    ),
}


def taken(files: dict[str, bytes]) -> dict[str, CleanFile]:
    """The answers; none may be a refusal."""
    answers = dict(zip(files, read_all(list(files.values())), strict=True))
    refused = {name: (a.why, a.where) for name, a in answers.items() if isinstance(a, BadUpload)}
    assert refused == {}
    return {name: answer for name, answer in answers.items() if isinstance(answer, CleanFile)}


def test_a_pdf_that_viewers_open_is_taken_and_read() -> None:
    for name, answer in taken(PDFS).items():
        assert answer.media_type == PDF, name
        assert answer.reading is Reading.FULL, name
        assert answer.data.startswith(b"%PDF-1.7"), name
        assert answer.data.rstrip().endswith(b"%%EOF"), name
        assert b"/Encrypt" not in answer.data, name
        text = PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
        assert text.startswith("Rapat"), name


# --- office files --------------------------------------------------------------------------------


def _same(value: str) -> str:
    return value


def _backslashed(name: str) -> str:
    return name.replace("/", "\\")


def _document2(value: str) -> str:
    return value.replace("document.xml", "document2.xml")


def _in_bytes(change: Callable[[str], str]) -> Callable[[bytes], bytes]:
    return lambda data: change(data.decode()).encode()


def _absolute(data: bytes) -> bytes:
    return data.replace(b'Target="word/', b'Target="/word/').replace(
        b'Target="xl/', b'Target="/xl/'
    )


def _types_last(data: bytes) -> bytes:
    return repacked(data, {"[Content_Types].xml": part(data, "[Content_Types].xml")})


def _by_default(data: bytes) -> bytes:
    """The document's type by its ending, as small generators write it."""
    main = "wordprocessingml.document.main+xml"
    types = part(data, "[Content_Types].xml").decode()
    types = re.sub(rf'<Override PartName="/word/document.xml"[^>]*{re.escape(main)}"/>', "", types)
    named = f"application/vnd.openxmlformats-officedocument.{main}"
    types = re.sub(r'(Extension="xml" ContentType=")[^"]*', rf"\g<1>{named}", types)
    return repacked(data, {"[Content_Types].xml": types.encode()})


def _strict(data: bytes) -> bytes:
    return data.replace(
        b"schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument",
        b"purl.oclc.org/ooxml/officeDocument/relationships/officeDocument",
    )


OFFICE: dict[str, tuple[bytes, str]] = {
    "document2.xml": (renamed(word(), _document2, _in_bytes(_document2)), WORD),
    "backslashes in a text": (renamed(word(), _backslashed, bytes), WORD),
    "backslashes in sheets": (renamed(sheet(), _backslashed, bytes), SHEET),
    "backslashes in targets too": (
        renamed(
            sheet(),
            _backslashed,
            lambda data: data.replace(b'Target="worksheets/', b'Target="worksheets\\'),
        ),
        SHEET,
    ),
    "capitals": (renamed(word(), str.upper, bytes), WORD),
    "capitals in sheets": (renamed(sheet(), str.title, bytes), SHEET),
    "names from the dot on": (renamed(word(), lambda name: f"./{name}", bytes), WORD),
    "absolute targets": (renamed(word(), _same, _absolute), WORD),
    "absolute targets in sheets": (renamed(sheet(), _same, _absolute), SHEET),
    "types at the end of the archive": (_types_last(word()), WORD),
    "type by the ending": (_by_default(word()), WORD),
    "strict dialect": (renamed(word(), _same, _strict), WORD),
    "folders as entries": (repacked(word(), {"word/": b"", "word\\media\\": b""}), WORD),
}


def test_office_files_of_other_programs_are_taken_and_open() -> None:
    answers = taken({name: data for name, (data, _kind) in OFFICE.items()})
    for name, answer in answers.items():
        assert answer.media_type == OFFICE[name][1], name
        assert answer.reading is Reading.FULL, name
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            assert not [one for one in archive.namelist() if "\\" in one], name
        file = io.BytesIO(answer.data)
        if answer.media_type == WORD and name not in ("capitals", "strict dialect"):
            assert docx.Document(file).paragraphs[0].text == "Rapat.", name
        elif answer.media_type == SHEET:
            assert openpyxl.load_workbook(file).active["A1"].value == "Rapat", name
        preview = preview_document._is_word(answer.data)
        assert preview is (answer.media_type == WORD), name


PICTURES = {
    "webp": ("word/media/a.webp", picture("WEBP")),
    "png called tmp": ("word/media/a.tmp", picture("PNG")),
    "jpeg called tmp": ("word/media/a.tmp", picture("JPEG")),
    "gif called bin": ("word/media/a.bin", picture("GIF")),
    "png without an ending": ("word/media/image1", picture("PNG")),
    "png beside the document": ("word/gambar.tmp", picture("PNG")),
    "webp called png": ("word/media/a.png", picture("WEBP")),
}


def test_a_picture_is_judged_by_its_bytes_and_drawn_where_that_can_be_done() -> None:
    made = {name: repacked(word(), {where: data}) for name, (where, data) in PICTURES.items()}
    for name, answer in taken(made).items():
        assert answer.reading is Reading.PARTIAL, name
        assert Removed.PICTURES not in answer.removed, name
        kept = part(answer.data, PICTURES[name][0])
        assert kept.startswith((b"\x89PNG", b"\xff\xd8\xff")), name
        assert len(preview_document._of_office(answer.data)[0]) == 1, name


def test_a_picture_that_cannot_be_drawn_leaves_a_blank_and_says_so() -> None:
    broken = picture("WEBP")[:40]
    emf = b"\x01\x00\x00\x00" + b"\x00" * 36 + b" EMF" + b"\x00" * 60
    heic = picture("HEIF")
    made = {
        "broken webp": repacked(word(), {"word/media/a.webp": broken}),
        "drawing called tmp": repacked(word(), {"word/media/a.tmp": emf}),
        "photo of an iPhone": repacked(word(), {"word/media/a.heic": heic}),
    }
    for name, answer in taken(made).items():
        assert Removed.PICTURES in answer.removed, name
    assert "(TTE) tidak berlaku lagi" in labels.removed([Removed.SIGNATURE.value])
    assert labels.removed([Removed.PICTURES.value]) == "gambar yang tidak dapat diperiksa dihapus"


@pytest.mark.parametrize(
    ("source", "target", "name"),
    [
        ("", "word/document.xml", "word/document.xml"),
        ("", "/word/document.xml", "word/document.xml"),
        ("word/document.xml", "media/a.png", "word/media/a.png"),
        ("word/document.xml", "../xl/a.xml", "xl/a.xml"),
        ("word/document.xml", "./media//a.png", "word/media/a.png"),
        ("word/document.xml", "media\\a.png", "word/media/a.png"),
        ("word/document.xml", "../../a.png", None),
        ("word/document.xml", "/../a.png", None),
        ("word/document.xml", "..\\..\\a.png", None),
    ],
)
def test_where_a_target_leads(source: str, target: str, name: str | None) -> None:
    assert resolved(source, target) == name


def test_a_target_may_be_coded_and_in_capitals() -> None:
    spelling = {"word/media/foto rapat.png": "word/media/Foto rapat.png"}
    found = known_name("word/document.xml", "MEDIA/foto%20rapat.png", spelling)
    assert found == "word/media/Foto rapat.png"
    assert known_name("word/document.xml", "media/lain.png", spelling) is None


# --- reasons -------------------------------------------------------------------------------------

# The word of each sentence that names its cause: no other sentence holds it.
TELLING = {
    Refusal.EMPTY: "kosong",
    Refusal.TYPE: "Jenis berkas ini tidak diterima",
    Refusal.OLD_FORMAT: "Format lama",
    Refusal.TOO_LARGE: "terlalu besar",
    Refusal.DAMAGED: "rusak atau terpotong",
    Refusal.PASSWORD: "bersandi",
    Refusal.PROGRAM: "makro, skrip, atau program",
    Refusal.COMMAND: "rumus atau isian",
    Refusal.PART: "Di dalam berkas ini ada bagian yang tidak dapat diperiksa",
    Refusal.PACKING: "dikemas",
    Refusal.TOO_COMPLEX: "terlalu rumit",
    Refusal.IDENTITY: "NIK",
}


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_each_sentence_names_its_own_cause(app) -> None:  # type: ignore[no-untyped-def]
    with app.test_request_context():
        sentences = {why: labels.refusal(why) for why in Refusal}
    for why, telling in TELLING.items():
        assert [one for one, text in sentences.items() if telling in text] == [why]


# What in a file leads to which reason, by the function that gives it. A new place must be written
# here, and the sentence of its reason must be true for it.
GIVEN = {
    ("answer", "warnings"): {"IDENTITY"},  # a number of a person in the words
    ("inner", "_without_drawing"): {"PROGRAM"},  # a script in a drawing
    ("office", "_checked_parts"): {"TOO_COMPLEX", "PASSWORD", "PROGRAM"},  # the archive's list
    ("office", "_cleaned"): {"PART"},  # a part of no known kind
    ("office", "_embedded"): {"TOO_COMPLEX", "PART"},  # a file in the file
    ("office", "_markup"): {"COMMAND"},  # DDE or WEBSERVICE in a formula
    ("office", "_unpacked"): {"DAMAGED", "PROGRAM"},  # sizes that lie; the test virus
    ("office", "_content_types"): {"PROGRAM"},  # a type that names macros
    ("office", "main"): {"DAMAGED", "PACKING"},
    ("office", "wanted"): {"PROGRAM"},  # the same
    ("opening", "_rebuilt"): {"PASSWORD", "DAMAGED"},
    ("opening", "_unlocked"): {"PASSWORD", "DAMAGED", "TOO_COMPLEX"},
    ("opening", "without_rubbish"): {"DAMAGED"},  # no end
    ("package", "_content_types"): {"PROGRAM"},
    ("package", "_media_type"): {"TYPE"},  # slides, drawings, a binary workbook
    ("package", "_part_name"): {"DAMAGED"},  # a name that leads out of the package
    ("package", "_relations"): {"PROGRAM"},  # a relation that names macros
    ("package", "described"): {"TYPE", "DAMAGED"},  # an archive of something else; two documents
    ("package", "noted"): {"PROGRAM"},  # the same two
    ("package", "parts"): {"DAMAGED"},  # two parts of one name
    ("pdf", "_cleaned"): {"TOO_COMPLEX", "DAMAGED"},  # pages, objects; no page
    ("pdf", "_refuse_programs"): {"PROGRAM", "PART"},  # scripts, launching; XFA
    ("pdf", "_refuse_programs_in"): {"TOO_COMPLEX"},
    ("pdf", "_scrub_value"): {"TOO_COMPLEX"},
    ("pdf", "main"): {"DAMAGED", "TOO_COMPLEX"},
    ("pictures", "_redrawn"): {"TOO_COMPLEX"},  # pixels
    ("pictures", "main"): {"DAMAGED"},
    ("rewriting", "_allowed"): {"COMMAND"},  # DDE in a field
    ("rewriting", "_judge"): {"COMMAND"},  # a field that another composes
    ("rewriting", "_start"): {"COMMAND"},  # a DDE link
    ("rewriting", "utf8"): {"DAMAGED"},
    ("rewriting", "written"): {"COMMAND"},
}


def test_every_place_that_gives_a_reason_is_known() -> None:
    found: dict[tuple[str, str], set[str]] = {}
    for path in sorted(Path(intake.__file__).parent.glob("*.py")):
        for function in ast.walk(ast.parse(path.read_text())):
            if not isinstance(function, ast.FunctionDef):
                continue
            names = {
                reason.attr
                for node in ast.walk(function)
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "BadUpload"
                for reason in ast.walk(node.args[0])
                if isinstance(reason, ast.Attribute)
                and getattr(reason.value, "id", "") == "Refusal"
            }
            if names:
                found[path.stem, function.name] = names
    assert found == GIVEN


CAUSES: dict[str, tuple[bytes, Refusal, str]] = {
    "an object of another program": (
        repacked(word(), {"word/embeddings/oleObject1.bin": OLE}),
        Refusal.PART,
        "objek sisipan dari program lain (OLE)",
    ),
    "a web page in a document": (
        repacked(word(), {"word/afchunk.html": b"<p>x</p>"}),
        Refusal.PART,
        "halaman web",
    ),
    "a film": (
        repacked(word(), {"word/media/a.mp4": b"\x00\x00\x00\x18ftypmp42"}),
        Refusal.PART,
        "video atau rekaman suara",
    ),
    "an unknown part": (
        repacked(word(), {"word/6472015505080001.jxl": b"?"}),
        Refusal.PART,
        "bagian yang tidak dikenal (.jxl)",
    ),
    "a locked file inside": (
        repacked(word(), {"word/embeddings/a.xlsx": builders.encrypted_zip(sheet())}),
        Refusal.PART,
        "berkas lain",
    ),
    "a dynamic form": (
        pdf("Rapat.", root="/AcroForm << /XFA (x) /Fields [] >>"),
        Refusal.PART,
        "formulir dinamis (XFA)",
    ),
    "a formula that fetches": (
        sheet(lambda book: book.active.append(['=WEBSERVICE("http://x.test/")'])),
        Refusal.COMMAND,
        "",
    ),
    "a binary workbook": (
        renamed(
            repacked(sheet(), {"xl/workbook.bin": b"\x83\x01"}),
            _same,
            lambda data: data.replace(b"xl/workbook.xml", b"xl/workbook.bin").replace(
                b"openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                b"ms-excel.sheet.binary.main",
            ),
        ),
        Refusal.TYPE,
        "",
    ),
    "a saved message": (OLE + "__substg1.0_0037001F".encode("utf-16-le"), Refusal.TYPE, ""),
}


def test_a_reason_is_only_given_for_its_cause() -> None:
    answers = read_all([data for data, _why, _where in CAUSES.values()])
    got = {
        name: (answer.why, answer.where) if isinstance(answer, BadUpload) else answer
        for name, answer in zip(CAUSES, answers, strict=True)
    }
    assert got == {name: (why, where) for name, (_data, why, where) in CAUSES.items()}


def test_an_odd_way_of_packing_is_called_that() -> None:
    data = bytearray(word())
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        place = data.find(signature)
        while place >= 0:
            data[place + offset] = 98  # PPMd
            place = data.find(signature, place + 4)
    [answer] = read_all([bytes(data)])
    assert isinstance(answer, BadUpload)
    assert answer.why is Refusal.PACKING


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\n\n", b"\x00" * 500])
def test_what_begins_as_a_pdf(before: bytes) -> None:
    assert kind_of(before + PAPER) == "pdf"
