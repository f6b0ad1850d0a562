"""Twenty reports verified with the keyboard; two on a phone without scripts; a decision; a talk."""

import time
from collections.abc import Callable

from tests.journeys.accessibility import axe
from tests.journeys.product import Product
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen

REPORTS = 20
RETURNED_EVERY = 5
FOCUS_ON_BUTTON = "document.activeElement.matches('form.decision button.btn-primary')"


def _waiting(product: Product) -> int:
    return int(product.sql("SELECT count(*) FROM report WHERE state = 'submitted'")[0][0])


def test_twenty_reports_with_the_keyboard_alone(
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
    keys = office.page.keyboard
    started = time.monotonic()
    pressed = 0

    def press(*names: str) -> None:
        nonlocal pressed
        for name in names:
            keys.press(name)
            pressed += 1

    for number in range(1, REPORTS + 1):
        if number % RETURNED_EVERY == 0:
            press("k")  # the focus is now on the list of reasons
            press("ArrowDown", "Tab")
            keys.type("Tambahkan skala peta.")  # s, k, l: letters of a sentence, not commands
            while not office.page.evaluate(FOCUS_ON_BUTTON):
                press("Tab")
        else:
            press("s")
            for _tick in range(office.page.locator("input[data-tick]").count()):
                press("Enter")
        with office.page.expect_navigation():
            press("Enter")
        office.look()
    seconds = time.monotonic() - started
    print(f"\n{REPORTS} reports in {seconds:.1f} s of machine time, {pressed} keys")
    assert _waiting(product) == before - REPORTS
    returned = product.sql("SELECT remark FROM verification ORDER BY id DESC LIMIT ?", REPORTS)
    assert [row[0] for row in returned].count("Tambahkan skala peta.") == REPORTS // RETURNED_EVERY
    # Next, previous, and nothing while the keys are off.
    here = office.page.url
    with office.page.expect_navigation():
        press("j")
    with office.page.expect_navigation():
        press("l")
    assert office.page.url.split("?")[0] == here.split("?")[0]
    office.button("Matikan pintasan").click()
    press("s")
    assert office.page.locator('input[name="verdict"]:checked').count() == 0


def test_on_a_phone_without_scripts(product: Product, person: Callable[[Screen], Person]) -> None:
    office = person(Screen(PHONE, script=False)).sign_in(product.account("secretariat"))
    office.open("/verifikasi")
    office.follow("Mulai memeriksa")
    before = _waiting(product)
    office.page.locator('label[for="verdict-0"]').click()
    office.press_refused(office.button("Simpan keputusan"))
    assert "Ada yang perlu diperbaiki" in office.text()
    for box in office.page.locator("input[data-tick]").all():
        box.check()
    office.press(office.button("Simpan keputusan"))
    assert _waiting(product) == before - 1
    office.follow("Tanya OPD dulu")
    office.page.get_by_label("Komentar atau pertanyaan").type("Mana fotonya?")
    office.press(office.button("Simpan komentar"))
    assert "Mana fotonya?" in office.text()


def test_a_decision_is_taken_from_the_first_page(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    for size in (PHONE, DESKTOP):
        leader = person(Screen(size, script=True)).sign_in(product.account("leadership"))
        assert "keputusan menunggu Anda" in leader.text()
        leader.follow("Buka daftar keputusan")
        assert axe(leader) == []
        leader.press(leader.page.locator("main a.btn-primary").first)
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
