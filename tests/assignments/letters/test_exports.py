"""The paper itself, made by the real programs: the same words as PDF and DOCX, fit for signing."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from coordinator.assignments.letters import exports
from coordinator.assignments.letters.rules import LetterAction, LetterBody, LetterDuty
from tests.assignments.letters.builders import head, words_of_docx
from tests.oversight.cards.builders import pages

AT = datetime(2026, 10, 13, 1, tzinfo=UTC)
BASE = "https://tppo.example.go.id"


def body(actions: int) -> LetterBody:
    """Return a body with so many actions; texts that a careless writer would take for markup."""
    return LetterBody(
        addressee="Kepala Dinas Uji",
        agency="Dinas Uji",
        leads=1,
        supports=actions - 1,
        bases=("Undang-Undang Uji, Pasal 1", "Surat 463/01, 20 Juli 2026"),
        unsettled="Uraian tugas di lampiran belum ditetapkan.",
        actions=tuple(
            LetterAction(
                code=f"1.{n}",
                title=f"Aksi ke-{n} #text(red) <w:br/> & *tebal*",
                part="Penanggung jawab",
                indicators=("Kegiatan: 12 kegiatan",),
                basis="Surat 463/01, 20 Juli 2026",
                due="31 Desember 2026",
                duties=(LetterDuty(f"Mengawasi hal ke-{n}", "Belum ditetapkan (usulan)."),),
            )
            for n in range(1, actions + 1)
        ),
        periods=("Triwulan III 2026: dilaporkan 1 Oktober 2026 sampai 16 Oktober 2026",),
        path="/kartu-peran/64/uji",
        office=("Sekretariat Gugus Tugas",),
        kop_lines=("Pemerintah Provinsi Uji", "Gugus Tugas PP TPPO"),
        kop_address="Jalan Uji 1",
        is_sample=False,
    )


def words(text: str) -> list[str]:
    """Return a text's words in order, without what only formats them."""
    return re.findall(
        r"[^\W_]+", re.sub(r"Halaman \d+ dari \d+|Salinan, bukan dokumen TTE", "", text)
    )


@pytest.fixture(scope="module")
def long_letter() -> tuple[bytes, bytes]:
    """Return (PDF, DOCX) of a letter with 25 actions."""
    one = body(25)
    return (
        exports.letter_pdf(one, head(), emblem=None, base_url=BASE, at=AT),
        exports.letter_docx(one, head(), emblem=None, base_url=BASE),
    )


def test_pdf_repeats_its_head_and_counts_its_pages(long_letter: tuple[bytes, bytes]) -> None:
    found = pages(long_letter[0])
    assert len(found) >= 3
    for number, page in enumerate(found, start=1):
        assert f"Halaman {number} dari {len(found)}" in page
        assert "Salinan, bukan dokumen TTE" in page
    assert all("Aksi dan uraian tugas" in page for page in found[1:])
    first = found[0]
    for said in ("463/017/UJI", "Samarinda, 13 Oktober 2026", "Yth. Kepala Dinas Uji", "Pasal 1"):
        assert said in first
    for blank in ("Mengetahui,", "Nama", "Pangkat", "NIP", "Ruang cap atau TTE"):
        assert blank in first
    assert "Aksi ke-25 #text(red) <w:br/> & *tebal*" in " ".join(found)


def test_docx_says_the_same_words(long_letter: tuple[bytes, bytes]) -> None:
    in_pdf = words(" ".join(pages(long_letter[0])))
    in_docx = words(words_of_docx(long_letter[1]))
    assert set(in_docx) - {"Lambang", "daerah"} == set(in_pdf) - {"Lambang", "daerah"}
    table = Document(io.BytesIO(long_letter[1])).tables[-1]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert len(table.rows) == 26


def test_an_office_program_opens_the_docx(long_letter: tuple[bytes, bytes], tmp_path: Path) -> None:
    """LibreOffice sets it on A4 with page numbers and the head of the table on each page."""
    office = shutil.which("soffice")
    assert office, "install it with: apt-get install -y libreoffice-writer"
    file = tmp_path / "surat.docx"
    file.write_bytes(long_letter[1])
    subprocess.run(
        [
            office,
            f"-env:UserInstallation=file://{tmp_path}/profile",
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
    found = pages((tmp_path / "surat.pdf").read_bytes())
    assert f"Halaman 2 dari {len(found)}" in found[1]
    assert all("uraian tugas" in page for page in found[1:])
    assert "Mengawasi hal ke-25" in " ".join(found)


def test_a_letter_with_one_action_is_two_pages_and_marks_samples() -> None:
    one = replace(body(1), is_sample=True)
    pdf = exports.letter_pdf(one, head(number="", signer=""), emblem=None, base_url=BASE, at=AT)
    found = pages(pdf)
    assert len(found) == 2
    assert re.search(r"Nomor : \.{10,} \(DATA CONTOH\)", found[0])
    assert f"{BASE}/kartu-peran/64/uji" in found[0]


def test_control_characters_from_elsewhere_do_no_harm() -> None:
    """A title pasted from a spreadsheet may hold signs that XML forbids."""
    one = replace(body(1), unsettled="Belum\x0b\x01 ditetapkan")
    docx = exports.letter_docx(one, head(), emblem=None, base_url=BASE)
    assert "Belum ditetapkan" in words_of_docx(docx)
