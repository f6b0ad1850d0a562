"""The draft of the annex, made by the real programs: the same words as PDF and DOCX."""

import io
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from coordinator.mapping.decrees import exports
from coordinator.mapping.decrees.annex import Annex, OpenDispute, agencies_of, gaps_in, groups_of
from coordinator.mapping.decrees.effect import signing_office
from coordinator.mapping.duties.seed import Mapping
from coordinator.people.directory.rules import TaskForceLevel
from tests.mapping.duties.builders import KEY, reworded
from tests.mapping.duties.small_mapping import GOOD, look
from tests.oversight.cards.builders import pages

AT = datetime(2026, 10, 13, 1, tzinfo=UTC)
MARKUP = "#text(red)[x] *tebal* <w:br/> & $x$ \\ `kode` @rujuk"
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def annex(mapping: Mapping, **change: object) -> Annex:
    """An annex of a mapping."""
    one = Annex(
        task_force="Gugus Tugas PP TPPO Provinsi Contoh",
        office="Gubernur Contoh",
        origin="Disusun dari pemetaan versi 3, berlaku sejak 1 Oktober 2026.",
        groups=groups_of(mapping),
        agencies=agencies_of(mapping),
        disputes=(),
        gaps=(),
    )
    return replace(one, **change)


def docx_words(docx: bytes) -> str:
    """The words of a DOCX in their order, those of tables among them."""
    body = Document(io.BytesIO(docx)).element.body
    return " ".join(
        "".join(text.text or "" for text in paragraph.iter(qn("w:t")))
        for paragraph in body.iter(qn("w:p"))
    )


def plain(text: str) -> str:
    """A text without what only sets it."""
    return re.sub(r"\s+", " ", text)


def in_order(text: str, said: Sequence[str]) -> None:
    """Assert that sentences follow each other."""
    at = 0
    for one in said:
        found = text.find(one, at)
        assert found >= 0, one
        at = found + len(one)


@pytest.fixture
def whole(in_app: None, mapping: Mapping) -> tuple[bytes, bytes]:
    """(PDF, DOCX) of the bundled mapping; one duty reads like markup."""
    one = annex(
        reworded(mapping, KEY, text=MARKUP),
        disputes=(OpenDispute("Dispora", "Mendata", "Bukan kewenangan kami", "3 Oktober 2026"),),
        gaps=("Pokja “I” belum punya koordinator.",),
    )
    return (
        exports.annex_pdf(one, at=AT, zone="Asia/Makassar"),
        exports.annex_docx(one, at=AT, zone="Asia/Makassar"),
    )


def test_it_reads_as_an_annex_and_ends_with_a_working_note(whole: tuple[bytes, bytes]) -> None:
    said = (
        "LAMPIRAN",
        "KEPUTUSAN GUBERNUR CONTOH",
        "NOMOR ....",
        "TANGGAL ....",
        "TENTANG",
        "SUSUNAN KELOMPOK KERJA DAN URAIAN TUGAS",
        "Disusun dari pemetaan versi 3, berlaku sejak 1 Oktober 2026. Dibuat Selasa, 13 Oktober",
        "I. SUSUNAN KELOMPOK KERJA",
        "Pokja I. Sub Gugus Tugas Pencegahan",
        "Koordinator",
        "Anggota",
        "Pokja VI.",
        "II. URAIAN TUGAS TIAP INSTANSI",
        "1. Dinas Kependudukan, Pemberdayaan Perempuan dan Perlindungan Anak (DKP3A)",
        "UU 12/2022 Pasal 76 ayat (3)",
        "GUBERNUR CONTOH,",
        "Nama",
        "CATATAN KERJA, BUKAN BAGIAN LAMPIRAN",
        "Hapus sebelum ditandatangani",
        "Bukan kewenangan kami",
        "Pokja “I” belum punya koordinator.",
    )
    in_order(plain(" ".join(pages(whole[0]))), said)
    in_order(plain(docx_words(whole[1])), said)


def test_every_page_says_that_it_is_a_draft_and_repeats_its_head(
    whole: tuple[bytes, bytes],
) -> None:
    found = pages(whole[0])
    assert len(found) > 10
    for number, page in enumerate(found, start=1):
        assert page.strip().startswith("RANCANGAN")
        assert f"Halaman {number} dari {len(found)}" in page
    assert all("Uraian tugas" in plain(page) for page in found[5:-2])
    document = Document(io.BytesIO(whole[1]))
    assert "RANCANGAN" in "".join(one.text for one in document.sections[0].header.paragraphs)
    assert len(document.tables) > 40
    for table in document.tables:
        if table.style and table.style.name == "Table Grid":
            assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_texts_of_the_mapping_are_never_markup(whole: tuple[bytes, bytes]) -> None:
    assert MARKUP in plain(" ".join(pages(whole[0])))
    assert MARKUP in docx_words(whole[1])


def test_the_working_note_has_pages_of_its_own(whole: tuple[bytes, bytes]) -> None:
    found = pages(whole[0])
    (at,) = (n for n, page in enumerate(found) if "CATATAN KERJA" in page)
    assert "GUBERNUR CONTOH," not in "".join(found[at:])
    assert "Uraian tugas" not in plain(found[at]).split("CATATAN KERJA")[0]


def test_libreoffice_opens_it_with_its_pages(whole: tuple[bytes, bytes], tmp_path: Path) -> None:
    office = shutil.which("soffice")
    assert office, "install it with: apt-get install -y libreoffice-writer"
    file = tmp_path / "lampiran.docx"
    file.write_bytes(whole[1])
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [
            office,
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(file),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    found = pages((tmp_path / "lampiran.pdf").read_bytes())
    assert len(found) > 10
    for number, page in enumerate(found, start=1):
        assert "RANCANGAN" in page
        assert f"Halaman {number} dari {len(found)}" in page
    assert "CATATAN KERJA" in found[-1]


def test_an_empty_mapping_and_a_broken_draft_can_be_printed(in_app: None) -> None:
    """A draft may name agencies and pokja that it does not have; a pokja may have nobody."""
    mapping, _findings = look(GOOD)
    assert mapping is not None
    lost = replace(
        mapping,
        duties=[replace(mapping.duties[0], agency="hilang", working_group="tidak-ada")],
        memberships=[],
    )
    found = plain(" ".join(pages(exports.annex_pdf(annex(lost), at=AT, zone="Asia/Makassar"))))
    assert "1. hilang" in found
    assert "Belum ada anggota." in found
    assert "Tidak ada yang menunggu ketetapan." in found
    nothing = replace(mapping, duties=[], memberships=[])
    found = plain(" ".join(pages(exports.annex_pdf(annex(nothing), at=AT, zone="Asia/Makassar"))))
    assert "Belum ada uraian tugas." in found


def test_the_note_names_what_the_check_finds_missing(in_app: None) -> None:
    without_lead = GOOD.replace("as: lead", "as: member").replace(
        'text: "Berbagi data jumlah putusan"', 'text: "Mengatur jalannya sidang"'
    )
    mapping, findings = look(without_lead)
    assert gaps_in(findings) == ("Pokja I belum punya koordinator.",)
    assert mapping is not None
    first = groups_of(mapping)[0].lines[0]
    assert (first.place, first.text) == ("Koordinator", "belum ditetapkan")
    _mapping, findings = look(GOOD.replace("    agency: dinsos\n", "", 1))
    assert any("instansi" in said for said in gaps_in(findings))


@pytest.mark.parametrize(
    ("level", "region", "office"),
    [
        (TaskForceLevel.PROVINCE, "Provinsi Kalimantan Timur", "Gubernur Kalimantan Timur"),
        (TaskForceLevel.REGENCY, "Kabupaten Paser", "Bupati Paser"),
        (TaskForceLevel.CITY, "Kota Balikpapan", "Wali Kota Balikpapan"),
    ],
)
def test_who_signs_follows_from_the_task_force(
    in_app: None, level: TaskForceLevel, region: str, office: str
) -> None:
    assert signing_office(level, region) == office


def test_what_is_to_be_signed_has_the_articles_alone(in_app: None) -> None:
    mapping, _findings = look(GOOD)
    assert mapping is not None
    one = annex(mapping, gaps=("Contoh yang kurang",))
    draft = plain(docx_words(exports.annex_docx(one, at=AT, zone="Asia/Makassar")))
    clean = plain(docx_words(exports.annex_docx(one, at=AT, zone="Asia/Makassar", is_clean=True)))
    for words in ("CATATAN KERJA", "Contoh yang kurang", "Disusun dari pemetaan", "Dibuat "):
        assert words in draft
        assert words not in clean
    assert "RANCANGAN" not in clean
    for words in ("Usulan", "usulan", "Dasar umum"):
        assert words not in clean
    texts = [part.text for part in mapping.duties]
    assert texts
    assert all(text in clean for text in texts)
