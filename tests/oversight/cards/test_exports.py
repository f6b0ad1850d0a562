"""Cards on paper."""

import io
from dataclasses import replace

import pytest
from PIL import Image
from pypdf import PdfReader

from coordinator.clock import now
from coordinator.oversight.cards.exports import card_pdf, cards_pdf
from coordinator.people.directory import queries as directory
from tests import factories
from tests.oversight.cards.builders import card_of, pages

pytestmark = pytest.mark.usefixtures("in_app")
ZONE = "Asia/Makassar"


def printed(slug: str, *, is_published: bool = True, **letterhead: object) -> bytes:
    """Return an agency's card as PDF."""
    head = replace(directory.letterhead(factories.task_force()), **letterhead)  # type: ignore[arg-type]
    return card_pdf(
        card_of(slug),
        head,
        is_published=is_published,
        base_url="https://tppo.example.go.id",
        at=now(),
        zone=ZONE,
    )


def test_four_duties_fit_one_page() -> None:
    factories.story()
    (page,) = pages(printed("satpol-pp", telephone="(nomor contoh)"))
    assert "PEMERINTAH PROVINSI KALIMANTAN TIMUR" in page
    assert "Kartu Peran: Satuan Polisi Pamong Praja (Satpol PP)" in page
    assert f"Anda punya 4 tugas di {len(card_of('satpol-pp').groups)} pokja" in page
    assert "Rancangan - belum ditetapkan." in page
    assert "Tiga jawaban kepala OPD" in page
    assert "Telepon (nomor contoh)" in page
    assert "https://tppo.example.go.id/kartu-peran/64/satpol-pp" in page.replace(" ", "")
    assert "dicetak Selasa, 13 Oktober 2026 pukul 10.00 WITA" in page
    assert "Halaman 1 dari 1" in page
    assert "DATA CONTOH" not in page


def test_a_long_card_repeats_its_head_and_counts_its_pages() -> None:
    text = pages(printed("dkp3a"))
    assert len(text) > 1
    for number, page in enumerate(text, start=1):
        assert f"Halaman {number} dari {len(text)}" in page
    assert all("Apa dan mengapa" in page for page in text[:-1])


def test_a_settled_card_bears_no_mark() -> None:
    text = " ".join(pages(printed("lpsk")))
    assert "Rancangan" not in text
    assert "Undang-Undang Nomor" in text


def test_a_draft_bears_no_code_and_says_so() -> None:
    text = " ".join(pages(printed("dispora", is_published=False)))
    assert "Belum terbit" in text
    assert "https://" not in text


def test_sample_offices_are_marked() -> None:
    assert "DATA CONTOH: kantor" in " ".join(pages(printed("dispora", is_sample=True)))


def test_the_emblem_is_on_it() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (190, 220), (20, 90, 60)).save(picture, "PNG")
    with_emblem = printed("dispora", emblem=picture.getvalue())
    assert "Lambang daerah" not in pages(with_emblem)[0]
    assert "Lambang daerah" in pages(printed("dispora"))[0]


def test_it_is_tagged_and_titled_for_readers() -> None:
    reader = PdfReader(io.BytesIO(printed("dispora")))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "id"
    assert reader.metadata is not None
    assert reader.metadata.title == "Kartu Peran: Dinas Pemuda dan Olahraga (Dispora)"


def test_many_cards_are_counted_one_by_one_and_listed() -> None:
    cards = [(card_of(slug), True) for slug in ("dkp3a", "dispora", "lpsk")]
    body = cards_pdf(
        cards,
        directory.letterhead(factories.task_force()),
        base_url="https://tppo.example.go.id",
        at=now(),
        zone=ZONE,
        seconds=20,
    )
    text = pages(body)
    firsts = [page for page in text if "Halaman 1 dari" in page]
    assert len(firsts) == 3
    outline = PdfReader(io.BytesIO(body)).outline
    assert [entry["/Title"] for entry in outline] == [  # type: ignore[index, call-overload]
        f"Kartu Peran: {card.full_name}" for card, _published in cards
    ]
