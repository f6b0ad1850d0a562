"""Kartu Peran in a real browser: published by the secretariat, read by anybody on a phone with and
without scripts, printed, and all of them taken along at once."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.journeys.accessibility import SMALL_TARGETS, axe
from tests.journeys.product import Product
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen

CARD = "/kartu-peran/64/{}"
# One run with scripts and one without; each publishes another agency's card.
RUNS = [("disdikbud", "Disdikbud", True), ("dishub", "Dishub", False)]


def paper(one: Person) -> str:
    """Return the text of the page as the browser prints it."""
    one.page.emulate_media(media="print")
    body = one.page.pdf(format="A4", prefer_css_page_size=True)
    one.page.emulate_media(media="screen")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(body)).pages]
    return " ".join(" ".join(pages).split())


@pytest.mark.parametrize(("slug", "short", "script"), RUNS, ids=["script", "no-script"])
def test_a_card_is_published_and_read(
    slug: str,
    short: str,
    script: bool,
    product: Product,
    person: Callable[[Screen], Person],
    tmp_path: Path,
) -> None:
    path = CARD.format(slug)
    passer_by = person(Screen(PHONE, script=script))
    passer_by.page.goto(path)
    expect(passer_by.page.get_by_role("heading", level=1)).to_have_text("Halaman tidak ditemukan")
    passer_by.refusals.clear()

    office = person(Screen(DESKTOP, script=script)).sign_in(product.account("secretariat"))
    office.menu("Peran OPD")
    office.follow("Kartu Peran")
    row = office.page.get_by_role("row").filter(
        has=office.page.get_by_role("button", name=f"Terbitkan {short}", exact=True)
    )
    office.press(row.get_by_role("button"))
    assert "Kartu diterbitkan." in office.text()

    passer_by.open(path)
    page = passer_by.page
    assert re.search(r"Anda punya \d+ tugas di \d+ pokja", passer_by.text())
    assert "Rancangan - belum ditetapkan" in passer_by.text()
    expect(page.get_by_role("img", name="Kode QR ke kartu ini")).to_be_visible()
    assert page.evaluate(SMALL_TARGETS, [24, "a[href], button, summary"]) == []
    duties = page.locator("details.duty")
    assert duties.count() > 1
    expect(duties.nth(1).get_by_text("Bukti yang diterima")).to_be_hidden()
    duties.nth(1).locator("summary").click()
    expect(duties.nth(1).get_by_text("Bukti yang diterima")).to_be_visible()
    if script:  # axe is a script itself
        assert axe(passer_by) == []
    share = page.get_by_role("link", name="Bagikan ke WhatsApp").get_attribute("href")
    assert str(share).startswith("https://wa.me/?text=")

    passer_by.open(path)
    printed = paper(passer_by)
    assert "PEMERINTAH PROVINSI KALIMANTAN TIMUR" in printed
    assert printed.count("Bukti yang diterima") == duties.count()  # folded ones too
    assert "Masuk dan jawab" not in printed
    answer = passer_by.context.request.get(f"{path}.pdf")
    assert answer.status == 200
    text = PdfReader(io.BytesIO(answer.body())).pages[0].extract_text()
    assert "Rancangan - belum ditetapkan" in text

    office.press(office.page.get_by_role("button", name=f"Tarik {short}", exact=True))
    passer_by.page.goto(path)
    expect(passer_by.page.get_by_role("heading", level=1)).to_have_text("Halaman tidak ditemukan")
    passer_by.refusals.clear()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_all_cards_with_progress(
    script: bool, product: Product, person: Callable[[Screen], Person], tmp_path: Path
) -> None:
    office = person(Screen(PHONE, script=script)).sign_in(product.account("secretariat"))
    office.open("/kartu-peran")
    wanted = "Semua kartu, ZIP" if script else "Semua kartu, satu PDF"
    office.press(office.button(wanted))
    page = office.page
    assert re.search(r"/pekerjaan/[\w-]{12}$", page.url)
    if script and page.get_by_role("progressbar").count():
        assert axe(office) == []
    link = page.get_by_role("link", name=re.compile("^Unduh kartu-peran_64_"))
    expect(link).to_be_visible()  # the page renews itself, with or without a script
    office.look()
    with page.expect_download() as download:
        link.click()
    target = tmp_path / "cards"
    download.value.save_as(target)
    if script:
        with zipfile.ZipFile(target) as archive:
            assert "kartu-peran_64_dispora.pdf" in archive.namelist()
            assert len(archive.namelist()) == 42
    else:
        assert len(PdfReader(target).outline) == 42
    office.open("/pekerjaan")
    assert "Selesai" in office.text()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["360", "1366"])
def test_pages_about_cards(
    size: tuple[int, int], product: Product, person: Callable[[Screen], Person]
) -> None:
    one = person(Screen(size)).sign_in(product.account("secretariat"))
    found = {}
    for path in (
        "/kartu-peran",
        CARD.format("dkp3a"),
        "/pengaturan/kop",
        "/pekerjaan",
        "/peran?uraian=1&pokja=norma-hukum",
    ):
        one.open(path)
        small = one.page.evaluate(SMALL_TARGETS, [24, "a[href], button, summary, input, select"])
        found[path] = [*axe(one), *small]
    assert not any(found.values()), found
