"""From the proposal to the decree, in a real browser: the secretariat downloads the draft of the
annex, enters the signed decree and publishes; an agency reads its card, its answers and one mail.

On a phone first, with everything that is proposed; then at a desk a second decree.
"""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator

from tests.journeys.accessibility import axe
from tests.journeys.product import Product, until
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen
from tests.mapping.decrees.builders import scan_bytes

AGENCY = "satpol-pp"
ANSWERS = re.compile(r"(?:Terima|Perlu dijelaskan), \d+ \w+ \d{4}")


def test_a_decree_is_signed(
    product: Product, person: Callable[[Screen], Person], tmp_path: Path
) -> None:
    scan = tmp_path / "sk bertanda tangan.pdf"
    scan.write_bytes(scan_bytes())
    office = person(Screen(PHONE)).sign_in(product.account("secretariat"))
    head = person(Screen(PHONE)).sign_in(product.account("agency_head", AGENCY))
    head.open(f"/kartu-peran/64/{AGENCY}")
    before = ANSWERS.findall(_all_of(head))
    assert len(before) == 4
    assert "Rancangan - belum ditetapkan" in head.text()

    _download_draft(office)
    _enter(office, "UJI/1/2026", scan)
    _read_preview(office)
    office.press(office.page.get_by_role("button", name="Terbitkan versi"))
    assert "SK dicatat." in office.text()
    assert axe(office) == []
    [(mails,)] = product.sql(
        "SELECT count(*) FROM outgoing_email JOIN account ON account.id = account_id "
        "WHERE kind = 'mapping_changed' AND account.email = ?",
        product.account("agency_head", AGENCY)["email"],
    )
    assert mails == 1
    _read_as_agency(head, product, before)

    desk = person(Screen(DESKTOP)).sign_in(product.account("secretariat"))
    _refuse_the_same(desk, scan)
    _enter_another(desk)
    _compare(desk)


def _all_of(one: Person) -> str:
    """The page's words, those of closed folds among them."""
    one.page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    return one.text()


def _download_draft(office: Person) -> None:
    office.open("/peran/sk")
    assert axe(office) == []
    for name, start in (("DOCX", b"PK"), ("PDF", b"%PDF")):
        with office.page.expect_download() as download:
            office.page.get_by_role("link", name=f"Unduh rancangan ({name})").click()
        assert download.value.path().read_bytes().startswith(start)
        assert download.value.suggested_filename.startswith("rancangan-lampiran-sk_64_")


def _enter(office: Person, number: str, scan: Path | None) -> None:
    page = office.page
    office.press(page.get_by_role("link", name="Catat SK"))
    assert axe(office) == []
    page.get_by_label("Nomor SK", exact=True).fill(number)
    office.press_refused(office.button("Periksa"))
    assert "Tanggal belum ada" in office.text()
    assert page.get_by_label("Nomor SK", exact=True).input_value() == number
    page.get_by_label("Tanggal SK", exact=True).fill("02/01/2026")
    page.get_by_label("Tentang", exact=True).fill("Susunan gugus tugas (DATA CONTOH)")
    if scan is not None:
        page.get_by_label("Salinan SK").set_input_files(scan)


def _read_preview(office: Person) -> None:
    office.press(office.button("Periksa"))
    shown = office.text()
    assert re.search(r"\d{3} tugas dan \d+ keanggotaan pokja menjadi keputusan\.", shown)
    assert "Satpol PP: 1 tugas tetap usulan" in shown, "what is in dispute stays a proposal"
    assert "Berlaku di sini sejak" in shown, "a period has closed since the day of the decree"
    assert axe(office) == []


def _read_as_agency(head: Person, product: Product, before: list[str]) -> None:
    head.open(f"/kartu-peran/64/{AGENCY}")
    assert ANSWERS.findall(_all_of(head)) == before
    assert "uraian berubah sesudahnya" not in head.text()
    named = "Keputusan Gubernur Kalimantan Timur Nomor UJI/1/2026 tanggal 2 Januari 2026 Lampiran"
    assert _all_of(head).count(named) == 3
    product.end_grace("mapping_changed")
    link = head.page.get_by_role("main").get_by_role("link", name="Peran Satpol PP berubah").first

    def arrived() -> Locator | None:
        head.open("/kotak-masuk")
        return link if link.count() else None

    head.press(until(arrived, "the mail about the decree is at /kotak-masuk"))
    head.page.get_by_text("Teks biasa").click()
    plain = head.page.locator("pre.mail-text").inner_text()
    assert "menetapkan 3 tugas Satpol PP." in " ".join(plain.split())
    assert "KINI DITETAPKAN" in plain
    assert "jawaban Anda tetap berlaku" in " ".join(plain.split())


def _refuse_the_same(desk: Person, scan: Path) -> None:
    desk.open("/peran/sk")
    assert "UJI/1/2026" in desk.text()
    _enter(desk, "uji/1/2026", scan)
    for box in desk.page.locator("details.fold summary").all()[:3]:
        box.click()
    law = desk.page.locator("input[name=duty]:not(:checked) + label:visible", has_text="Peraturan")
    law.first.click()
    desk.press_refused(desk.button("Periksa"))
    assert "sudah dicatat; lihat versi" in desk.text()
    assert "Sudah diterima: sk bertanda tangan.pdf" in desk.text()
    assert axe(desk) == []


def _enter_another(desk: Person) -> None:
    desk.page.get_by_label("Nomor SK", exact=True).fill("UJI/2/2026")
    desk.press(desk.button("Periksa"))
    assert "1 tugas dan 0 keanggotaan pokja menjadi keputusan." in desk.text()
    assert "1 tugas menurut peraturan atau petunjuk juga dicentang." in desk.text()
    desk.press(desk.page.get_by_role("button", name="Terbitkan versi"))
    desk.open("/peran/sk")
    assert "UJI/2/2026" in desk.text()
    assert axe(desk) == []


def _compare(desk: Person) -> None:
    desk.open("/peran/versi")
    desk.follow("Bandingkan dua versi")
    assert "1 perubahan" in desk.text() or "2 perubahan" in desk.text()
    desk.page.get_by_label("Versi lama").select_option("1")
    desk.page.get_by_label("Instansi").select_option(AGENCY)
    desk.press(desk.button("Terapkan"))
    assert "Berubah dasar" in desk.text()
    assert "keputusan: SK UJI/1/2026 tanggal 2 Januari 2026 Lampiran" in desk.text()
    assert axe(desk) == []
    with desk.resized(PHONE):
        desk.require_no_sideways_scrolling()
