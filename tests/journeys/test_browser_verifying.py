"""Twenty reports verified with the keyboard; two on a phone without scripts; a decision; a talk."""

import re
import time
from collections.abc import Callable

from tests.journeys.accessibility import axe
from tests.journeys.keys import KEYS_A_REPORT, Keys
from tests.journeys.product import Product
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen

REPORTS = 20
RETURNED_EVERY = 5
FOCUS_ON_BUTTON = "document.activeElement.matches('[data-return] button')"


def _waiting(product: Product) -> int:
    return int(product.sql("SELECT count(*) FROM report WHERE state = 'submitted'")[0][0])


def test_five_reports_in_twenty_keys_and_the_last_one_undone(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    office = person(Screen(DESKTOP, script=True)).sign_in(product.account("secretariat"))
    office.open("/verifikasi?tanda=dipakai-ulang")
    assert axe(office) == []
    office.open("/verifikasi")
    before = _waiting(product)
    office.follow("Mulai memeriksa")
    assert axe(office) == []
    office.page.wait_for_selector("[data-keys]:not([hidden])")
    keys = Keys(office)
    for _report in range(5):
        assert office.page.locator("[autofocus]").count() == 1
        named = office.page.locator("#putusan button.btn-primary").inner_text()
        assert named.startswith(("Setujui", "Terima")), named
        keys.approve()
        assert re.search(r"(Disetujui|Diterima): ", office.text())
    assert keys.pressed <= 5 * KEYS_A_REPORT, keys.pressed
    assert _waiting(product) == before - 5
    assert axe(office) == []
    here = office.page.url
    keys.press("u")
    keys.enter()
    assert "Keputusan diurungkan." in office.text()
    assert _waiting(product) == before - 4
    assert axe(office) == []
    # Next and previous; nothing while the keys are off.
    there = office.page.url.split("?")[0]
    with office.page.expect_navigation():
        keys.press("j")
    assert office.page.url.split("?")[0] == here.split("?")[0]
    with office.page.expect_navigation():
        keys.press("k")
    assert office.page.url.split("?")[0] == there
    office.button("Matikan pintasan").click()
    keys.press("b")
    assert office.page.locator("[data-return][open]").count() == 0
    office.button("Hidupkan pintasan").click()


def test_twenty_reports_with_the_keyboard_alone(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    office = person(Screen(DESKTOP, script=True)).sign_in(product.account("secretariat"))
    office.open("/verifikasi")
    before = _waiting(product)
    reports = min(REPORTS, before - 2)
    office.follow("Mulai memeriksa")
    office.page.wait_for_selector("[data-keys]:not([hidden])")
    keys = Keys(office)
    started = time.monotonic()
    for number in range(1, reports + 1):
        if number % RETURNED_EVERY == 0:
            keys.press("b")  # the focus is now on the list of reasons
            keys.press("ArrowDown", "Tab")
            # s, b, k: letters of a sentence, not commands
            office.page.keyboard.type("Tambahkan skala peta.")
            while not office.page.evaluate(FOCUS_ON_BUTTON):
                keys.press("Tab")
            keys.enter()
            assert "Dikembalikan: " in office.text()
        else:
            keys.approve()
    seconds = time.monotonic() - started
    print(f"\n{reports} reports in {seconds:.1f} s of machine time, {keys.pressed} keys")
    assert _waiting(product) == before - reports
    returned = product.sql("SELECT remark FROM verification ORDER BY id DESC LIMIT ?", reports)
    assert [row[0] for row in returned].count("Tambahkan skala peta.") == reports // RETURNED_EVERY


def test_on_a_phone_without_scripts(product: Product, person: Callable[[Screen], Person]) -> None:
    office = person(Screen(PHONE, script=False)).sign_in(product.account("secretariat"))
    office.open("/verifikasi")
    office.follow("Mulai memeriksa")
    assert office.page.evaluate("window.scrollY") == 0  # the report is read before the tick
    before = _waiting(product)
    approve = office.page.locator("#putusan button.btn-primary")
    office.press_refused(approve)
    assert "Ada yang perlu diperbaiki" in office.text()
    for box in office.page.locator("input[data-tick]").all():
        box.check()
    office.press(approve)
    assert _waiting(product) == before - 1
    office.press(office.page.locator("[data-undo]"))
    assert "Keputusan diurungkan." in office.text()
    assert _waiting(product) == before
    office.follow("Tanya OPD dulu")
    office.page.get_by_label("Komentar atau pertanyaan").type("Mana fotonya?")
    office.press(office.button("Simpan komentar"))
    assert "Mana fotonya?" in office.text()


def test_a_decision_is_taken_from_the_first_page(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    for size in (PHONE, DESKTOP):
        leader = person(Screen(size, script=True)).sign_in(product.account("leadership"))
        assert "keputusan menunggu" in leader.text()
        assert axe(leader) == []
        leader.press(leader.page.locator("ol.asked a").first)
        assert axe(leader) == []
        leader.page.get_by_label("Keputusan", exact=True).fill("Bappeda menyiapkan pembagiannya.")
        leader.page.get_by_label("Dasar").fill("Rapat pimpinan")
        leader.press(leader.button("Simpan keputusan"))
        assert "Keputusan tersimpan." in leader.text()
        assert axe(leader) == []
    auditor = person(Screen(PHONE, script=True)).sign_in(product.account("auditor"))
    auditor.open("/sampel")
    assert axe(auditor) == []
    auditor.press(auditor.button("Ambil sampel"))
    assert axe(auditor) == []
    auditor.press(auditor.page.locator("table.listing th a").first)
    auditor.page.locator('label[for="kind-0"]').click()
    auditor.press(auditor.button("Simpan hasil pemeriksaan"))
    assert "Hasil pemeriksaan tersimpan." in auditor.text()
