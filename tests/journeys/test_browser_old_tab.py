"""An old tab is used after its session ended: the text comes back, with and without scripts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.product import Product
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen

NOTE = "Rapat koordinasi kedua, daftar hadir menyusul"
BACK = "Belum tersimpan: periksa lalu kirim lagi"


def _go_idle(product: Product) -> None:
    """Let nine hours pass for every session: what is measured is how long nobody used it."""
    past = datetime.now(UTC) - timedelta(hours=9)
    product.sql("UPDATE user_session SET seen_at = ?", past.strftime("%Y-%m-%d %H:%M:%S.%f"))


@pytest.mark.parametrize("screen", [Screen(PHONE, script=False), Screen(DESKTOP)], ids=str)
def test_a_report_typed_into_a_tab_of_yesterday(
    product: Product, person: Callable[[Screen], Person], screen: Screen
) -> None:
    account = product.account("focal_point", "dispora")
    writer = person(screen).sign_in(account)
    writer.open("/tugas-saya")
    page = writer.page
    writer.press(page.locator("main a[href^='/laporan/']").first)
    page.get_by_text("Ada capaian").click()
    page.locator("main textarea[name=note]").fill(NOTE)
    _go_idle(product)
    writer.press_refused(page.get_by_role("button", name="Simpan draf"), 401)
    expect(page.get_by_text("Sesi Anda sudah berakhir")).to_be_visible()
    page.get_by_label("Email").fill(account["email"])
    page.get_by_label("Kata sandi").fill(account["password"])
    writer.press(writer.button("Masuk"))
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.locator("main textarea[name=note]")).to_have_value(NOTE)
    writer.press(page.get_by_role("button", name="Simpan draf"))
    expect(page.locator("main textarea[name=note]")).to_have_value(NOTE)
    expect(page.get_by_text(BACK)).to_have_count(0)


def test_signing_out_then_back_then_send(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    account = product.account("secretariat")
    officer = person(Screen(DESKTOP, script=False)).sign_in(account)
    officer.open("/orang/undang")
    page = officer.page
    other = officer.context.new_page()
    other.goto(f"{officer.base_url}/akun")
    other.locator("details.account > summary").click()
    other.locator("details.account").get_by_role("button", name="Keluar").click()
    page.get_by_label("Nama", exact=True).fill("Orang Contoh Baru")
    officer.press_refused(officer.button("Kirim undangan"), 400)
    page.get_by_label("Email").fill(account["email"])
    page.get_by_label("Kata sandi").fill(account["password"])
    officer.press(officer.button("Masuk"))
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.get_by_label("Nama", exact=True)).to_have_value("Orang Contoh Baru")
