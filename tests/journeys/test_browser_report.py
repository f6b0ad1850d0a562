"""From the mail to the receipt on a phone with a slow line, without a password; and the same form
behind the sign-in, with and without scripts."""

import io
import re
import time
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import APIResponse, FilePayload, Route, expect

from tests.journeys.accessibility import look_closely
from tests.journeys.product import Product, until
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen

# Chrome's "Slow 3G": 400 kbit/s each way, 400 ms there and back.
SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400 * 1024 / 8,
    "uploadThroughput": 400 * 1024 / 8,
}
MOST_TAPS = 12
MOST_SECONDS = 60


def photo(noise: int = 0) -> FilePayload:
    """A photo as a phone would send it after shrinking."""
    out = io.BytesIO()
    Image.effect_noise((900, 700), 40 + noise).convert("RGB").save(out, "JPEG", quality=60)
    return {"name": "kegiatan.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_from_the_mail_to_the_receipt_on_a_slow_line(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    """On the demo's first day: its newest mail to Dispora is a reminder."""
    reader = person(Screen(PHONE, script=True))
    reader.sign_in(product.account("focal_point", "dispora"))
    reader.open("/kotak-masuk")
    newest = reader.page.locator("main a[href^='/kotak-masuk/']").first
    expect(newest).to_contain_text(re.compile("lewat batas|jatuh tempo"))
    reader.press(newest)
    link = re.search(r"http://[^\s\"<]+(/l/[0-9a-f]{64})", reader.page.content())
    assert link, reader.page.inner_text("main")[:800]

    phone = person(Screen(PHONE, script=True))
    page = phone.page
    line = phone.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_3G)
    taps = 1  # the button in the mail
    began = time.monotonic()
    page.goto(link[1])
    first_page = time.monotonic() - began
    page.get_by_text("Ada capaian").click()
    taps += 1
    expect(page.get_by_text("Bukti yang diterima").first).to_be_visible()
    for box in page.locator("main input[name^=value-][inputmode=decimal]").all():
        box.click()  # the tap that brings the keyboard
        box.press_sequentially("3")
        taps += 2
    for choice in page.locator("main input[name^=value-][value='1']").all():
        choice.check()
        taps += 1
    page.locator("input[type=file]").set_input_files(photo())
    taps += 2  # the button, and the picture
    expect(page.locator(".files")).to_contain_text("kegiatan.jpg")
    page.get_by_role("button", name="Periksa lalu kirim").click()
    page.wait_for_url("**/periksa")
    taps += 1
    page.get_by_text("Tidak ada identitas korban", exact=True).click()
    page.get_by_role("button", name="Kirim laporan ke Sekretariat").click()
    taps += 2
    expect(page.get_by_role("heading", level=1)).to_contain_text("Laporan terkirim, LAP-")
    seconds = time.monotonic() - began
    print(
        f"mail to receipt: {seconds:.1f} s on Slow 3G, {first_page:.1f} s of it the first page, "
        f"{taps} taps"
    )
    phone.look()
    assert taps <= MOST_TAPS
    assert seconds <= MOST_SECONDS
    assert page.locator(".nav-bar").count() == 0
    kept = page.evaluate("Object.keys(sessionStorage).length")
    assert kept == 0
    # The button in the mail once more: the receipt, not a second report.
    page.goto(link[1])
    expect(page.get_by_role("heading", level=1)).to_contain_text("Laporan terkirim, LAP-")
    line.send(
        "Network.emulateNetworkConditions",
        {**SLOW_3G, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    look_closely(phone)


@pytest.mark.parametrize(
    ("agency", "screen"),
    [
        ("satpol-pp", Screen(PHONE, script=True)),
        ("dkp3a", Screen(DESKTOP, script=False)),
    ],
    ids=str,
)
def test_the_form_behind_the_sign_in(
    agency: str, screen: Screen, product: Product, person: Callable[[Screen], Person]
) -> None:
    writer = person(screen).sign_in(product.account("focal_point", agency))
    page = writer.page
    writer.press(page.locator("main a[href^='/laporan/']").first)  # one tap to the most urgent
    look_closely(writer)
    address = page.url
    page.get_by_text("Nihil", exact=True).click()
    page.locator("#nil_reason").fill("Tidak ada kegiatan pada periode ini.")
    if screen.script:
        expect(page.locator("[data-saved]")).to_contain_text("Draf tersimpan")
        page.locator("#note").fill("Belum sampai di server.")
        until(
            lambda: page.evaluate(
                "Object.values(sessionStorage).join('').includes('Belum sampai di server.')"
            ),
            "the tab keeps what was typed",
        )
        page.goto(address)
        expect(page.locator("#note")).to_have_value("Belum sampai di server.")
    writer.press(writer.button("Periksa lalu kirim"))
    assert page.url.endswith("/periksa")
    look_closely(writer)
    assert "Tidak ada kegiatan pada periode ini." in writer.text()
    writer.press_refused(writer.button("Kirim laporan ke Sekretariat"))
    page.get_by_text("Tidak ada identitas korban", exact=True).click()
    writer.press(writer.button("Kirim laporan ke Sekretariat"))
    assert re.search(r"LAP-\d{4}-\d{5}", writer.text())
    assert page.url.endswith("/tanda-terima")
    look_closely(writer)
    if screen.script:
        assert page.evaluate("Object.keys(sessionStorage).length") == 0
    writer.follow("Buka laporan ini")
    look_closely(writer)
    writer.press(writer.button("Tarik laporan"))
    assert "Periksa lalu kirim" in writer.text()


def test_what_is_done_while_a_save_is_on_its_way_is_not_lost(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    """A second photo, and the button, while the answer about the first photo is still to come."""
    writer = person(Screen(PHONE, script=True)).sign_in(product.account("focal_point", "dinsos"))
    page = writer.page
    writer.press(page.locator("main a[href^='/laporan/']").first)
    held: list[tuple[Route, APIResponse]] = []
    is_slow = True

    def line(route: Route) -> None:
        if is_slow and route.request.url.endswith("/simpan-otomatis"):
            held.append((route, route.fetch()))  # the server has it; the answer is on its way
        else:
            route.continue_()

    def arrive() -> None:
        route, answer = held.pop(0)
        route.fulfill(response=answer)

    def wait_for_answer(count: int) -> None:
        until(lambda: page.wait_for_timeout(50) or len(held) >= count, "the save has left")

    page.route("**/laporan/**", line)
    page.get_by_text("Nihil", exact=True).click()
    page.locator("input[type=file]").set_input_files({**photo(1), "name": "satu.jpg"})
    wait_for_answer(1)
    page.locator("input[type=file]").set_input_files({**photo(2), "name": "dua.jpg"})
    page.locator("#nil_reason").fill("Diketik selagi foto diunggah.")
    page.wait_for_timeout(300)
    arrive()
    expect(page.locator("[data-files]")).to_contain_text("satu.jpg")
    wait_for_answer(1)
    page.locator("#note").fill("Diketik sesudah itu.")
    writer.button("Periksa lalu kirim").click()
    expect(page.locator("[data-saved]")).to_contain_text("Menunggu unggahan")
    is_slow = False
    with page.expect_navigation():
        arrive()
    assert page.url.endswith("/periksa"), writer.text()
    writer.look()
    shown = writer.text()
    assert "satu.jpg" in shown
    assert "dua.jpg" in shown
    assert "Diketik sesudah itu." in shown
    # What may be a NIK is not kept in the tab, in any digits and letters it is written.
    page.goto(page.url.removesuffix("/periksa"))
    page.locator("#place").evaluate("field => { field.value = 'Samarinda Ulu'; }")
    page.locator("#note").fill("６４７２ ０１５５ ０５０８ ０００１")
    page.locator("#nil_reason").fill("6472O155O5O8OOOl")
    until(
        lambda: (
            page.wait_for_timeout(200)
            or "Samarinda Ulu" in page.evaluate("Object.values(sessionStorage).join('')")
        ),
        "the tab keeps what was typed",
    )
    kept = page.evaluate("Object.values(sessionStorage).join('')")
    assert "６４７２" not in kept
    assert "6472O" not in kept


def test_what_is_refused_is_said_at_its_field(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    """A file and a NIK that are refused in the background, on a phone: in view, with the name."""
    writer = person(Screen(PHONE, script=True)).sign_in(product.account("focal_point", "dispora"))
    page = writer.page
    writer.press(page.locator("main a[href^='/laporan/']").first)
    picker, said = page.locator("input[type=file]"), page.locator("#files-error")
    bad: FilePayload = {"name": "catatan.xls", "mimeType": "application/x", "buffer": b"\xd0\xcf"}
    picker.set_input_files(bad)
    expect(said).to_contain_text("catatan.xls: ")
    expect(said).to_be_in_viewport()
    expect(said).to_have_attribute("role", "alert")
    picker.set_input_files({**photo(), "name": "baik.jpg"})
    expect(page.locator("[data-files]")).to_contain_text("baik.jpg")
    expect(said).to_be_hidden()
    page.locator("#note").fill("NIK 6472015505080001")
    with writer.refused_behind():
        picker.set_input_files({**photo(3), "name": "lagi.jpg"})
    expect(page.locator("#note-error")).to_contain_text("Belum tersimpan: ")
    expect(said).to_contain_text("Berkas belum diunggah")
    page.locator("#note").fill("Tanpa nomor.")
    picker.set_input_files([{**photo(3), "name": "lagi.jpg"}])
    expect(page.locator("[data-files]")).to_contain_text("lagi.jpg")
    expect(page.locator("#note-error")).to_be_hidden()


def test_kind_number_and_proof_are_on_one_screen_of_a_phone(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    one = person(Screen(PHONE)).sign_in(product.account("focal_point", "dinkes"))
    page, number = one.page, one.page.locator("input.form-control[name^=value-]")
    reports = page.locator("main a[href^='/laporan/']").evaluate_all(
        "links => [...new Set(links.map(one => one.pathname))]"
    )
    for path in reports:
        one.open(path)
        if number.count() == 1:
            break
    assert number.count() == 1
    page.get_by_label("Ada capaian").check()
    proof = page.locator(".recipe li").first
    for part in (page.get_by_text("Apa yang Anda laporkan?"), number, proof):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= PHONE[1]
    expect(page.locator(".recipe")).to_have_count(1)
    # The day says how it is typed, and is said in words, here too.
    day = page.get_by_label("Tanggal", exact=False)
    field = page.locator(".field", has=day).last
    expect(field.get_by_text("Hari/bulan/tahun, misalnya")).to_be_visible()
    day.fill("01/10/2026")
    day.blur()
    expect(field.get_by_role("status")).to_have_text("Kamis, 1 Oktober 2026")
    expect(field.get_by_role("status")).to_be_visible()


def test_a_kind_that_is_missing_reddens_the_kinds_alone(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    one = person(Screen(PHONE)).sign_in(product.account("focal_point", "dinkes"))
    page = one.page
    for path in page.locator("main a[href^='/laporan/']").evaluate_all(
        "links => [...new Set(links.map(one => one.pathname))]"
    ):
        one.open(path)
        if page.locator("[name=kind]").count() and not page.locator("[name=kind]:checked").count():
            break
    one.press_refused(page.get_by_role("button", name="Periksa lalu kirim"))
    page.get_by_label("Ada capaian").check()
    colours = "e => getComputedStyle(e).borderColor"
    place = page.locator("input[name=place]").evaluate(colours)
    assert page.locator("#kind .option").last.evaluate(colours) != place
