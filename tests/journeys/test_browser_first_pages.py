"""How many taps it takes from signing in to what somebody came for, on a phone and on a desk."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from coordinator.permissions import AccessKind
from tests.journeys.product import Product
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])


class Fingers:
    """Somebody who counts what they tap."""

    def __init__(self, one: Person) -> None:
        self.one = one
        self.taps = 0

    def tap(self, target: Locator) -> None:
        """Tap what leads to another page."""
        self.taps += 1
        self.one.press(target)


def _signed_in(one: Person, name: str) -> Fingers:
    """Sign in with one tap, as a sample person on this machine."""
    one.open("/masuk")
    fingers = Fingers(one)
    fingers.tap(one.page.locator(".samples").get_by_role("button", name=name).first)
    return fingers


def _sheets(one: Person, file: Path) -> int:
    """Return on how many A4 pages the shown page prints."""
    one.page.pdf(path=file, prefer_css_page_size=True)
    done = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True)
    pages = re.search(r"Pages:\s+(\d+)", done.stdout)
    assert pages is not None
    return int(pages[1])


@SIZES
def test_the_leadership_sees_what_is_stuck_and_with_whom_and_prints_it_in_four_taps(
    size: tuple[int, int], person: Callable[[Screen], Person], tmp_path: Path
) -> None:
    one = person(Screen(size))
    fingers = _signed_in(one, "Pimpinan")
    stuck = one.page.get_by_role("table", name="Lewat batas")
    first = stuck.locator("tbody tr").first
    expect(first).to_contain_text(re.compile(r"\d+ hari"))
    expect(first.locator(".ways, .on-paper").first).to_be_attached()
    assert _sheets(one, tmp_path / "ringkasan.pdf") <= 2
    fingers.tap(first.get_by_role("link").first)
    assert "Narahubung:" in one.text()
    report = one.page.locator("table.listing tbody th a").first
    fingers.tap(report)
    expect(one.page.get_by_role("navigation", name="Letak halaman")).to_contain_text("Matriks")
    assert fingers.taps <= 4


@SIZES
def test_the_secretariat_rings_the_first_late_agency_in_two_taps(
    size: tuple[int, int], person: Callable[[Screen], Person]
) -> None:
    one = person(Screen(size))
    fingers = _signed_in(one, "Sekretariat")
    reachable = one.page.locator(".to-call li", has=one.page.locator('a[href^="mailto:"]')).first
    expect(reachable).to_contain_text(re.compile(r"lewat \d+ hari"))
    way = reachable.locator('a[href^="https://wa.me"], a[href^="tel:"], a[href^="mailto:"]').first
    expect(way).to_be_visible()
    assert fingers.taps == 1  # the second opens the telephone or the mail program


def test_each_first_page_prints_on_one_sheet_of_paper(
    product: Product, person: Callable[[Screen], Person], tmp_path: Path
) -> None:
    for kind in AccessKind:
        one = person(Screen(DESKTOP)).sign_in(product.account(kind))
        one.open("/")
        assert _sheets(one, tmp_path / f"{kind}.pdf") <= 2, kind  # both sides of it


@SIZES
def test_a_mail_in_the_local_inbox_is_shown_whole(
    size: tuple[int, int], product: Product, person: Callable[[Screen], Person]
) -> None:
    one = person(Screen(size)).sign_in(product.account(AccessKind.FOCAL_POINT, "dispora"))
    one.open("/kotak-masuk")
    one.press(one.page.locator("main table th a").first)
    hidden = one.page.locator("iframe.mail-frame").evaluate(
        "f => f.contentDocument.documentElement.scrollHeight - f.clientHeight"
    )
    assert hidden <= 0
    inside = one.page.frame_locator("iframe.mail-frame")
    one.press(inside.get_by_role("link", name="Laporkan").first)
    assert "/l/" in one.page.url


def test_days_are_typed_day_first_and_said_in_words(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    one = person(Screen(PHONE)).sign_in(product.account(AccessKind.SECRETARIAT))
    one.open("/pengaturan/hari-libur")
    field = one.page.get_by_label("Tanggal", exact=True)
    said = one.page.locator(".field", has=field).get_by_role("status")
    for typed, words in (
        ("12/11/2026", "Kamis, 12 November 2026"),
        ("1-2-2027", "Senin, 1 Februari 2027"),
        ("31/02/2027", ""),
        ("11/13/2026", ""),
    ):
        field.fill(typed)
        field.blur()
        expect(said).to_have_text(words)
    field.fill("31/02/2027")
    one.page.get_by_label("Nama", exact=True).fill("Libur uji")
    one.press_refused(one.button("Tambah hari libur"))
    expect(field).to_have_value("31/02/2027")
    assert "Tanggal tidak dikenali. Tulis seperti 12/11/2026" in one.text()


def test_the_menus_close_and_open_with_keys_and_without_scripts(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    one = person(Screen(DESKTOP)).sign_in(product.account(AccessKind.SECRETARIAT))
    bar = one.page.locator(".nav-bar")
    bar.locator("summary", has_text="Waktu").click()
    expect(bar.get_by_role("link", name="Pengingat")).to_be_visible()
    bar.locator("summary", has_text="Orang").click()
    expect(bar.get_by_role("link", name="Pengingat")).to_be_hidden()  # one at a time
    one.page.keyboard.press("Escape")
    expect(bar.get_by_role("link", name="Email keluar")).to_be_hidden()
    one.page.locator("details.account > summary").click()
    expect(one.page.get_by_role("link", name="Akun dan akses")).to_be_visible()
    one.page.get_by_role("main").click()
    expect(one.page.get_by_role("link", name="Akun dan akses")).to_be_hidden()
    plain = person(Screen(DESKTOP, script=False)).sign_in(product.account(AccessKind.SECRETARIAT))
    plain.page.locator(".nav-bar summary", has_text="Waktu").click()
    plain.press(plain.page.locator(".nav-bar").get_by_role("link", name="Kalender"))
    assert plain.page.url.endswith("/kalender")
