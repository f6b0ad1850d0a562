"""A lawyer is given the right, checks ten articles with the keyboard and finds one wrong; the
secretariat corrects it in the draft and publishes; card and workbook say what was compared.

The text of the law is DATA CONTOH.
"""

import io
import re
import time
from collections.abc import Callable

import openpyxl
from playwright.sync_api import Locator

from tests.journeys.accessibility import SMALL_TARGETS, axe
from tests.journeys.keys import Keys
from tests.journeys.product import Product, until
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen

ARTICLES = 10
WRONG = 4  # the one that is found wrong
LAW = "DATA CONTOH, bukan bunyi undang-undang.\n" + "\n".join(
    f"Pasal {number}\n(1) Contoh bunyi {number}.\n(2) Contoh lain {number}.\n(3) Contoh ketiga."
    for number in range(32, 54)
)
REMARK = "Pasal ini memberi hak, bukan kewajiban (DATA CONTOH)."
OFFICE = "Biro Hukum Setda (contoh)"
NEW_WORDS = "Memperlakukan anak secara ramah, bunyi contoh yang diperbaiki"


def test_ten_articles_are_checked_and_one_is_corrected(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    office = person(Screen(DESKTOP)).sign_in(product.account("secretariat"))
    lawyer = person(Screen(DESKTOP)).sign_in(product.account("focal_point", "biro-hukum"))
    assert "/peran/naskah" not in lawyer.navigation()
    _give_right(office)
    _read_mail(lawyer, product)
    lawyer.menu("Pencocokan naskah")
    assert axe(lawyer) == []
    _paste(lawyer)
    wrong = _check_ten(lawyer)
    _look_at_both_sizes(lawyer, wrong)

    agency, duty = _correct(office, wrong)
    office.open(f"/kartu-peran/64/{agency}")
    shown = office.page.get_by_role("main").text_content() or ""  # folded duties too
    said = re.search(r"\(dicocokkan dengan naskah, [^)]*\)", " ".join(shown.split()))
    assert said, "another duty of the same agency was found to agree"
    assert OFFICE in said[0]
    assert office.page.get_by_text(NEW_WORDS).count()
    book = openpyxl.load_workbook(io.BytesIO(office.context.request.get("/peran.xlsx").body()))
    lines = {row[2]: row[7] for row in book["Uraian tugas"].iter_rows(values_only=True)}
    assert lines[NEW_WORDS] == "belum dicocokkan dengan naskah JDIH"
    assert duty not in lines
    assert [one for one in lines.values() if OFFICE in str(one) and "dicocokkan" in str(one)]
    lawyer.open("/peran/naskah?peraturan=uu-21-2007&keadaan=belum")
    assert wrong in lawyer.text(), "other words are asked again"


def _give_right(office: Person) -> None:
    office.open("/orang")
    office.follow("Hak tambahan")
    office.page.get_by_label("Nama atau email").fill("biro hukum")
    office.press(office.button("Cari orang"))
    office.page.locator(".option").filter(has_text="Narahubung OPD Biro Hukum").first.click()
    office.press(office.button("Beri hak"))
    assert "Hak diberikan." in office.text()
    assert axe(office) == []


def _read_mail(lawyer: Person, product: Product) -> None:
    product.end_grace("right_given")
    link = lawyer.page.get_by_role("main").get_by_role("link", name="Hak baru untuk Anda").first

    def arrived() -> Locator | None:
        lawyer.open("/kotak-masuk")
        return link if link.count() else None

    lawyer.press(until(arrived, "the mail about the right is at /kotak-masuk"))


def _paste(lawyer: Person) -> None:
    lawyer.open("/peran/naskah?peraturan=uu-21-2007")
    lawyer.follow("Naskah UU 21/2007")
    page = lawyer.page
    page.get_by_label("Sumber").fill("salinan dari Biro Hukum (DATA CONTOH)")
    page.get_by_label("Naskah yang ditempel").fill(f"{LAW}\nNIK 6472015708900003")
    lawyer.press_refused(lawyer.button("Simpan naskah"))
    assert "memuat angka seperti NIK" in lawyer.text()
    assert axe(lawyer) == []
    page.get_by_label("Naskah yang ditempel").fill(LAW)
    lawyer.press(lawyer.button("Simpan naskah"))
    assert "Naskah tersimpan." in lawyer.text()
    assert axe(lawyer) == []
    lawyer.follow("Mulai mencocokkan Pasal 32")


def _check_ten(lawyer: Person) -> str:
    """Check ten articles with keys alone; return the article that was found wrong."""
    keys, page = Keys(lawyer), lawyer.page
    page.wait_for_selector("[data-keys]:not([hidden])")
    page.get_by_label("Kantor yang mencocokkan").fill(OFFICE)  # kept from the first time on
    page.locator("h1").click()
    wrong = ""
    started = time.monotonic()
    for number in range(1, ARTICLES + 1):
        assert page.get_by_label("Kantor yang mencocokkan").input_value() == OFFICE
        if number != WRONG:
            keys.press("s")
            keys.enter()
            continue
        wrong = page.locator("h1").inner_text().removeprefix("UU 21/2007 ")
        keys.press("b")
        for row in range(page.locator("[data-return] fieldset").count()):
            keys.press("ArrowDown" if row == 0 else "Space", "Tab")
            if row == 0:
                page.keyboard.type(REMARK)  # s, b, k: letters of a sentence, not commands
            keys.press("Tab")
        keys.enter()
        assert "Tidak sesuai" in lawyer.text()
    print(f"\n{ARTICLES} articles, {time.monotonic() - started:.1f} s, {keys.pressed} keys")
    assert keys.pressed <= 4 * ARTICLES
    progress = re.search(r"(\d+) dari 38 kutipan dicocokkan · 1 tidak sesuai", lawyer.text())
    assert progress
    assert int(progress[1]) >= ARTICLES
    here = page.url.split("?")[0]
    with page.expect_navigation():
        keys.press("k")
    with page.expect_navigation():
        keys.press("j")
    assert page.url.split("?")[0] == here
    return wrong


def _look_at_both_sizes(lawyer: Person, wrong: str) -> None:
    for path in ("/peran/naskah?peraturan=uu-21-2007", "/peran/naskah/peraturan/uu-21-2007"):
        lawyer.open(path)
        assert axe(lawyer) == []
    lawyer.open("/peran/naskah?peraturan=uu-21-2007&keadaan=tidak-sesuai")
    lawyer.follow(wrong)
    assert REMARK in lawyer.text()
    for size in (DESKTOP, PHONE):
        with lawyer.resized(size):
            assert axe(lawyer) == []
            selector = "a[href], button, summary, input, select, textarea"
            assert lawyer.page.evaluate(SMALL_TARGETS, [24, selector]) == []


def _correct(office: Person, wrong: str) -> tuple[str, str]:
    """Correct the duty in the draft and publish; return its agency and its former words."""
    office.open("/beranda")
    row = office.page.locator(".queue-item").filter(has_text="Temuan pencocokan naskah")
    office.press(row.get_by_role("link", name="Perbaiki di draf"))
    assert axe(office) == []
    office.press(office.page.get_by_role("link", name=re.compile(rf"Perbaiki di draf.*{wrong}")))
    assert REMARK in office.text()
    assert axe(office) == []
    agency = office.page.get_by_label("Instansi", exact=True).input_value()
    words = office.page.get_by_label("Bunyi tugas")
    former = words.input_value()
    words.fill(NEW_WORDS)
    office.press(office.button("Simpan di draf"))
    office.open("/peran/ubah")
    assert "Diubah di draf" in office.text()
    office.page.get_by_label("Alasan versi ini").fill("Temuan Biro Hukum (DATA CONTOH)")
    office.press(office.page.get_by_role("button", name="Terbitkan versi"))
    office.open("/peran/ubah")
    assert "Temuan pencocokan naskah" not in office.text()
    return agency, former


def test_a_step_on_a_phone_without_scripts(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    office = person(Screen(PHONE, script=False)).sign_in(product.account("secretariat"))
    office.open("/peran/naskah?peraturan=pp-7-2018")
    office.press(office.page.get_by_role("link", name=re.compile("^(Mulai|Lanjut) mencocokkan")))
    page = office.page
    button = page.locator("button[data-approve]")
    office.press_refused(button)
    assert "Kutip bunyi naskahnya" in office.text()
    page.get_by_label("Kutipan naskah").fill("Contoh kutipan (DATA CONTOH).")
    office.press(button)
    assert "Tersimpan: PP 7/2018" in office.text()
