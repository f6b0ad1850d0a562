"""The secretariat asks for answers; a head answers from the mail on a phone and names a unit.

What a person at the secretariat sees before and after is the same page.
"""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.accessibility import axe
from tests.journeys.product import Product, until
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen

UNIT = "Bidang Pemberdayaan Pemuda"


def test_from_the_request_to_the_answer_and_the_unit(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    office = person(Screen(DESKTOP)).sign_in(product.account("secretariat"))
    office.open("/jawab")
    assert axe(office) == []
    office.press(office.page.get_by_role("link", name="Minta jawaban"))
    office.page.get_by_label("Kalimat dari Sekretariat", exact=False).fill("Mohon dibahas.")
    office.press(office.button("Lihat siapa yang ditanya"))
    assert axe(office) == []
    office.press(office.page.get_by_role("button", name="Mulai,"))
    expect(office.page.get_by_text("Permintaan jawaban dimulai.")).to_be_visible()
    assert axe(office) == []
    product.end_grace("answer_campaign")

    head = person(Screen(PHONE)).sign_in(product.account("agency_head", "dispora"))

    def mail() -> bool:
        head.open("/kotak-masuk")
        return head.page.get_by_text("Apakah ini tugas Dispora?").count() > 0

    until(mail, "the mail has arrived")
    head.press(head.page.locator("main a[href^='/kotak-masuk/']").first)
    letter = head.page.frame_locator("iframe").first
    expect(letter.get_by_text("Mohon dibahas.").first).to_be_visible()
    address = letter.get_by_role("link", name="Jawab uraian tugas").get_attribute("href")
    assert address
    assert address.endswith("/jawab")
    head.open("/jawab")
    expect(head.page.get_by_text("Sekretariat meminta jawaban paling lambat")).to_be_visible()
    for box in head.page.locator("input[name=duty]").all():
        box.check()
    head.press(head.button("Terima yang dicentang"))
    assert "tugas diterima." in head.text()
    assert axe(head) == []
    head.press(head.page.get_by_role("link", name="Isi unit tiap tugas"))
    assert axe(head) == []
    for field in head.page.locator("input[name^=unit-]").all():
        field.fill(UNIT)
    head.press(head.button("Simpan unit"))
    assert "tugas diperbarui." in head.text()
    head.open("/kartu-peran/64/dispora")
    expect(head.page.get_by_text(f"{UNIT} (menurut Dispora,").first).to_be_visible()

    office.open("/jawab/instansi")
    row = office.page.locator("tr", has=office.page.get_by_role("link", name="Dispora", exact=True))
    expect(row).to_contain_text("Kepala, email pertama")
    expect(row).to_contain_text("diterima server")
    expect(row).to_contain_text("3 dari 3")
