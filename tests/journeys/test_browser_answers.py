"""The head accepts two duties and refuses one; the secretariat rules; both agencies read it.

A phone without scripts and a desktop with them. Two of the demo's heads have answered everything:
in this story they start without an answer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.accessibility import axe
from tests.journeys.product import Product, until
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen

REASON = "Urusan ini tidak ada dalam tupoksi kami."


@dataclass(frozen=True, slots=True)
class Story:
    """One run: the window, who answers, and whom they name."""

    screen: Screen
    agency: str
    short: str
    named: str
    named_short: str


STORIES = (
    Story(Screen(PHONE, script=False), "dinsos", "Dinsos", "uptd-ppa", "UPTD PPA"),
    Story(Screen(DESKTOP, script=True), "satpol-pp", "Satpol PP", "dpmptsp", "DPMPTSP"),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.screen))
def test_two_accepted_one_refused_and_ruled(
    story: Story, product: Product, person: Callable[[Screen], Person]
) -> None:
    product.sql(
        "DELETE FROM duty_response WHERE agency_id IN (SELECT id FROM agency WHERE slug = ?)",
        story.agency,
    )
    head = person(story.screen).sign_in(product.account("agency_head", story.agency))
    duty, path = _answer(head, story)
    secretariat = person(story.screen).sign_in(product.account("secretariat"))
    _rule(secretariat, story, duty, path)
    named = person(story.screen).sign_in(product.account("focal_point", story.named))
    _find_mail(named, product, story)
    _receive(named, story, duty)
    head.open(path)
    assert f"dialihkan dari {story.short} ke {story.named_short}" in head.text()
    assert "Kirim pesan" not in head.text()
    _check(head)


def _check(one: Person) -> None:
    """No violation that axe knows of; without scripts there is no axe."""
    if one.screen.script:
        assert axe(one) == [], one.page.url


def _answer(head: Person, story: Story) -> tuple[str, str]:
    """Accept two, refuse the third; return its words and the thread's address."""
    page = head.page
    head.menu("Uraian tugas")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Apakah ini tugas {story.short}?")
    boxes = page.locator("input[name=duty]")
    total = boxes.count()
    assert total > 3
    assert page.locator("input[name=duty]:checked").count() == 0
    page.locator("details.fold summary").first.click()  # folds without a script
    expect(page.get_by_text("Bukti yang diterima").first).to_be_visible()
    _check(head)
    boxes.nth(0).check()
    boxes.nth(1).check()
    head.press(head.button("Terima yang dicentang"))
    assert "2 tugas diterima." in head.text()
    assert f"2 dari {total} tugas sudah dijawab" in head.text()
    head.press(page.locator(".answer-link a").first)
    assert f"Tugas 3 dari {total}." in head.text()
    assert page.locator(".stepper li").count() <= 6
    duty = page.locator(".sheet-title").inner_text()
    expect(page.get_by_label("Menurut Anda, kewenangan siapa?")).to_be_hidden()
    page.get_by_label("Bukan kewenangan kami").check()
    page.get_by_label("Alasan, satu atau dua kalimat").fill(REASON)
    head.press_refused(head.button("Simpan jawaban dan lanjut"))
    expect(page.get_by_label("Alasan, satu atau dua kalimat")).to_have_value(REASON)
    _check(head)
    page.get_by_label("Menurut Anda, kewenangan siapa?").select_option(story.named)
    head.press(head.button("Simpan jawaban dan lanjut"))
    assert f"Tugas 4 dari {total}." in head.text()
    _check(head)
    head.menu("Uraian tugas")
    head.press(page.get_by_role("main").get_by_role("link", name=duty, exact=True))
    assert REASON in head.text()
    assert "Kepala" in head.text()
    _check(head)
    return duty, page.url.removeprefix(head.base_url)


def _rule(secretariat: Person, story: Story, duty: str, path: str) -> None:
    page = secretariat.page
    secretariat.open("/tanya")
    _check(secretariat)
    secretariat.press(page.get_by_role("link", name=duty))
    assert page.url.endswith(path)
    page.get_by_label("Pesan").fill("Terima kasih, kami tetapkan hari ini.")
    secretariat.press(secretariat.button(f"Kirim pesan ke {story.short}"))
    assert "Pesan terkirim." in secretariat.text()
    _check(secretariat)
    secretariat.press(page.get_by_role("main").get_by_role("link", name="Tetapkan peran"))
    expect(page.get_by_label("Instansi penerima")).to_be_hidden()
    page.get_by_label("Dialihkan ke instansi lain").check()
    receiver = page.get_by_label("Instansi penerima")
    expect(receiver).to_have_value(story.named)  # whom the agency named
    shown = receiver.locator("option:checked").inner_text()
    assert re.search(rf"{story.named_short} \(\d+ tugas, \d+ penugasan terbuka\)", shown)
    page.get_by_label("Alasan ketetapan").fill("Sesuai tupoksi instansi penerima.")
    page.get_by_label("Bagikan ketetapan ini").check()
    secretariat.press_refused(secretariat.button("Tetapkan peran"))
    expect(page.get_by_label("Alasan ketetapan")).to_have_value("Sesuai tupoksi instansi penerima.")
    _check(secretariat)
    page.get_by_label("Alasan yang ditulis untuk dibagikan").fill(f"Contoh untuk {story.short}.")
    secretariat.press(secretariat.button("Tetapkan peran"))
    text = secretariat.text()
    assert "Ketetapan tersimpan." in text
    assert f"dialihkan dari {story.short} ke {story.named_short}" in text
    _check(secretariat)
    secretariat.open("/tanya?keadaan=ditetapkan")
    assert duty in secretariat.text()
    secretariat.open("/preseden")
    assert f"Contoh untuk {story.short}." in secretariat.text()
    _check(secretariat)


def _find_mail(named: Person, product: Product, story: Story) -> None:
    """The receiver's mail, handed out by the product's own scheduler."""
    product.end_grace("ruled")
    link = named.page.get_by_role("main").get_by_role("link", name="Ketetapan peran").first

    def arrived() -> Locator | None:
        named.open("/kotak-masuk")
        return link if link.count() else None

    named.press(until(arrived, "the mail about the ruling is at /kotak-masuk"))
    named.page.get_by_text("Teks biasa").click()
    plain = named.page.locator("pre.mail-text")
    expect(plain).to_contain_text(f"dialihkan dari {story.short} ke {story.named_short}")
    expect(plain).not_to_contain_text(REASON)  # the thread stays behind sign-in


def _receive(named: Person, story: Story, duty: str) -> None:
    named.menu("Uraian tugas")
    assert "tugas baru atau berubah" in named.text()
    box = named.page.get_by_label(duty)
    box.check()
    named.press(named.button("Terima yang dicentang"))
    assert "1 tugas diterima." in named.text()
    _check(named)
