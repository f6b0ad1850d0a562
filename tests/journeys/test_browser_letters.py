"""The secretariat sees what nobody holds, writes a letter, keeps a view and searches; the agency
fetches its letter. In a real browser, on a phone as well."""

from collections.abc import Callable

from coordinator.permissions import AccessKind
from tests.journeys.product import Product
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen


def test_from_home_to_a_letter(product: Product, person: Callable[[Screen], Person]) -> None:
    office = person(Screen(DESKTOP)).sign_in(product.account(AccessKind.SECRETARIAT))
    page = office.page
    assert "Aksi yang belum ditugaskan" in office.text()
    office.open("/penugasan/surat/dispora")
    page.fill("#number", "463/017")
    page.fill("#signer", "Sekretaris Gugus Tugas")
    office.press(office.button("Buat surat Dispora"))
    assert "Surat dibuat." in office.text()
    for name, start in (("PDF", b"%PDF"), ("DOCX", b"PK")):
        with page.expect_download() as download:
            page.locator(".note a", has_text=name).click()
        path = download.value.path()
        assert path.read_bytes().startswith(start)
        assert download.value.suggested_filename.startswith("surat-penugasan_64_dispora_")

    # Filters are in the address: saved, left, opened again by its name, and gone back from.
    office.open("/penugasan/instansi?urut=-utama")
    page.locator(".saved-views summary").click()
    page.fill("#nama-tampilan", "Paling banyak memimpin")
    office.press(page.locator(".saved-views button"))
    office.open("/penugasan/instansi")
    before = page.locator("tbody th").first.inner_text()
    page.get_by_role("link", name="Paling banyak memimpin").click()
    page.wait_for_url("**urut=-utama")
    assert page.locator("tbody th").first.inner_text() != before
    page.go_back()
    assert page.locator("tbody th").first.inner_text() == before

    page.fill("#cari-atas", "dispora")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cari?q=dispora")
    office.look()
    assert page.locator("mark").first.inner_text() == "Dispora"

    own = person(Screen(PHONE, script=False)).sign_in(
        product.account(AccessKind.FOCAL_POINT, "dispora")
    )
    own.open("/tugas-saya/surat")
    assert "463/017" in own.text()
    own.page.locator("details.menu.all summary").click()
    own.page.fill("#cari-menu", "satpol")
    own.page.keyboard.press("Enter")
    own.page.wait_for_url("**/cari?q=satpol")
    own.look()
    assert "Satpol PP" in own.text()
