"""Every page of the navigation for every kind of access: width, heading, console, axe, keyboard,
weight, targets, dark scheme, reduced motion, print."""

import gzip
import io
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, expect

from coordinator.permissions import AccessKind
from tests.journeys.accessibility import AXE_RUN, SMALL_TARGETS, axe
from tests.journeys.product import Product, fetch
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen

OUTLINE = """() => {
  const style = getComputedStyle(document.activeElement);
  return {
    tag: document.activeElement.tagName,
    name: document.activeElement.name || '',
    text: (document.activeElement.innerText || '').trim(),
    width: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
  };
}"""
# Bootstrap scrolls smoothly: what has the focus comes into view a moment later.
IN_VIEW = """() => {
  const box = document.activeElement.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight;
}"""
# The whole matrix takes axe too long: one pokja has the same cells.
NARROWER = {"/matriks": "/matriks?pokja=pencegahan", "/peran": "/peran?pokja=pencegahan"}
FIRST_VISIT = 60 * 1024
LIST_PAGE = 15 * 1024
WHOLE_PROVINCE = 30 * 1024  # the matrix, and the mapping without a filter
KINDS = [kind.value for kind in AccessKind]


@pytest.fixture(scope="module")
def cookies(chrome: Browser, product: Product) -> dict[str, Any]:
    """Each kind of access signs in once; its cookies serve every window after that."""
    kept = {}
    for kind in KINDS:
        one = Person(chrome, product.base_url, Screen(DESKTOP)).sign_in(product.account(kind))
        kept[kind] = one.context.cookies()
        one.context.close()
    return kept


@pytest.fixture
def sit(
    person: Callable[[Screen], Person], cookies: dict[str, Any]
) -> Callable[[str, Screen], Person]:
    """Return a maker of signed-in people."""

    def sit_down(kind: str, screen: Screen) -> Person:
        one = person(screen)
        one.context.add_cookies(cookies[kind])
        return one

    return sit_down


def pages_of(one: Person) -> list[str]:
    """Return every page of the person's navigation, and one page behind each that has some."""
    one.open("/akun")
    found = [*one.navigation(), "/akun", "/kotak-masuk"]
    behind = (
        ("/tugas-saya", 'a[href^="/laporan/"]:not([href*="#"])'),
        ("/matriks", '.matrix th a[href^="/matriks/"]'),
        ("/rencana", 'a[href^="/penugasan/baru/"]'),
        ("/penugasan", 'th a[href^="/penugasan/"]'),
        ("/tugas-saya", 'a[href="/tugas-saya/lembar"]'),
        ("/pengingat", 'a[href="/pengaturan/pelaporan"]'),
        ("/keputusan", 'main a[href^="/keputusan/"]'),
        ("/verifikasi", 'th a[href^="/verifikasi/"]'),
        ("/verifikasi?tab=selesai", 'th a[href^="/laporan/"]'),
        ("/orang", 'main a[href^="/orang/"]'),
        ("/jawab", '.tasks a[href^="/jawab/"]'),
        ("/tanya", 'th a[href^="/tanya/"]'),
    )
    for path, link in behind:
        if path.partition("?")[0] in found:
            one.open(path)
            if one.page.locator(link).count():
                found.append(str(one.page.locator(link).first.get_attribute("href")))
    for path in [path for path in found if path.startswith("/laporan/")]:
        one.open(path)
        for name in ("percakapan", "rincian", "tanda-terima", "atas-nama"):
            link = one.page.locator(f'main a[href$="/{name}"]')
            if link.count():
                found.append(str(link.first.get_attribute("href")))
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("kind", KINDS)
def test_pages_of_an_access(
    kind: str, product: Product, sit: Callable[[str, Screen], Person]
) -> None:
    desktop = sit(kind, Screen(DESKTOP))
    paths = pages_of(desktop)
    found = {}
    for path in paths:
        desktop.open(NARROWER.get(path, path))
        found[path] = _small(desktop) + axe(desktop)
        with desktop.resized(PHONE):
            desktop.require_no_sideways_scrolling()
            main = ".btn:not(.btn-sm, .btn-link), .menu > summary, .tabs a, details > summary"
            on_phone = _small(desktop) + desktop.page.evaluate(SMALL_TARGETS, [44, main])
        found[f"{path} on a phone"] = on_phone
    found = {path: complaints for path, complaints in found.items() if complaints}
    assert not found, json.dumps(found, indent=1, ensure_ascii=False)
    assert len(paths) > 4


def _small(one: Person) -> list[str]:
    """Return the targets that are too small for anybody."""
    least = [24, "a[href], button, summary, input, select"]
    return [f"small: {target}" for target in one.page.evaluate(SMALL_TARGETS, least)]


@pytest.mark.parametrize("path", ["/masuk", "/bantuan", "/privasi", "/aksesibilitas"])
def test_public_pages(path: str, person: Callable[[Screen], Person]) -> None:
    one = person(Screen(DESKTOP))
    one.open(path)
    assert _small(one) + axe(one) == []
    with one.resized(PHONE):
        assert _small(one) + one.page.evaluate(AXE_RUN) == []


def test_unfiltered_matrix_and_mapping_fit(sit: Callable[[str, Screen], Person]) -> None:
    one = sit("leadership", Screen(DESKTOP))
    layers = ("paham", "lapor", "terverifikasi", "capaian")
    for path in (*(f"/matriks?lapis={layer}" for layer in layers), "/peran"):
        one.open(path)
        with one.resized(PHONE):
            one.require_no_sideways_scrolling()


# --- keyboard ------------------------------------------------------------------------------------


def tab(one: Person) -> dict[str, Any]:
    """Press Tab and return what has the focus now; the focus must be seen."""
    one.page.keyboard.press("Tab")
    focus: dict[str, Any] = one.page.evaluate(OUTLINE)
    assert focus["tag"] == "BODY" or focus["width"] >= 2, focus
    one.page.wait_for_function(IN_VIEW)
    return focus


def test_keyboard_signs_in(product: Product, person: Callable[[Screen], Person]) -> None:
    account = product.account("focal_point", "dispora")
    one = person(Screen(DESKTOP))
    one.open("/masuk")
    assert tab(one)["text"] == "Langsung ke isi"
    with one.page.expect_event("framenavigated"):
        one.page.keyboard.press("Enter")
    assert one.page.evaluate("document.activeElement.id") == "isi"
    for name, typed in (("email", account["email"]), ("password", account["password"])):
        assert tab(one)["name"] == name  # straight from the skip link into the form
        one.page.keyboard.type(typed)
    assert tab(one)["text"] == "Masuk"
    with one.page.expect_navigation():
        one.page.keyboard.press("Enter")
    one.look()
    assert one.page.url.endswith("/tugas-saya")
    one.open("/tugas-saya")
    assert tab(one)["text"] == "Langsung ke isi"
    one.page.keyboard.press("Enter")
    first = tab(one)  # from there the most urgent report is one key away
    assert first["text"] in ("Laporkan sekarang", "Lanjutkan draf", "Perbaiki laporan"), first


def open_empty_report(one: Person) -> None:
    """Open the first report nothing was written in yet, as the lead of its action."""
    one.open("/tugas-saya")
    rows = one.page.locator(".urgent, .task").filter(has_not_text="mendukung")
    for row in rows.all():
        link = row.locator('a[href^="/laporan/"]:not([href*="#"])').first
        if link.count() == 0:
            continue
        one.open(str(link.get_attribute("href")))
        numbers = one.page.locator("input.form-control[name^=value-]")
        if numbers.count() and not numbers.first.input_value():
            return
        one.open("/tugas-saya")
    raise AssertionError("the demo has no unwritten report")


def test_keyboard_reaches_every_field_of_a_report(sit: Callable[[str, Screen], Person]) -> None:
    one = sit("focal_point", Screen(PHONE))
    open_empty_report(one)
    one.page.get_by_label("Ada capaian").focus()
    one.page.keyboard.press("Space")
    reached = []
    while "Simpan draf" not in reached and len(reached) < 60:
        focus = tab(one)
        reached.append(focus["name"].partition("-")[0] or focus["text"])
        if focus["text"]:
            reached.append(focus["text"])
    for wanted in ("value", "place", "files", "note", "Periksa lalu kirim"):
        assert wanted in reached, (wanted, reached)
    menu = one.page.locator("details.menu.all > summary")
    menu.focus()
    one.page.keyboard.press("Enter")
    expect(one.page.locator(".menu.all .menu-sheet")).to_be_visible()
    one.page.keyboard.press("Escape")
    expect(one.page.locator(".menu.all .menu-sheet")).to_be_hidden()
    expect(menu).to_be_focused()


# --- errors keep what was typed ------------------------------------------------------------------


def photo() -> FilePayload:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 90, 140)).save(out, "JPEG")
    return {"name": "foto-rapat.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_error_summary(script: bool, sit: Callable[[str, Screen], Person]) -> None:
    one = sit("focal_point", Screen(PHONE, script=script))
    open_empty_report(one)
    page = one.page
    one.press_refused(one.button("Periksa lalu kirim"))
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    assert page.title().startswith("Galat: ")
    expect(summary.get_by_role("heading")).to_have_text("Ada yang perlu diperbaiki")
    first = summary.get_by_role("link").first
    wanted = str(first.get_attribute("href")).removeprefix("#")
    first.click()
    assert page.evaluate("document.activeElement.id") == wanted
    message = first.inner_text()
    expect(page.locator("form .error").filter(has_text=message)).to_be_visible()

    page.get_by_label("Ada capaian").check()
    page.get_by_label("Tempat").fill("Balai desa")
    page.get_by_label("Catatan singkat").fill("Kalimat yang tidak boleh hilang.")
    page.get_by_label("Tambah foto atau berkas").set_input_files([photo()])
    one.press_refused(one.button("Periksa lalu kirim"))
    expect(summary).to_be_focused()
    expect(page.get_by_label("Tempat")).to_have_value("Balai desa")
    expect(page.get_by_label("Catatan singkat")).to_have_value("Kalimat yang tidak boleh hilang.")
    expect(page.get_by_label("Ada capaian")).to_be_checked()
    expect(page.locator("ul.files")).to_contain_text("foto-rapat.jpg")
    for target in summary.get_by_role("link").all():
        assert page.locator(str(target.get_attribute("href"))).count() == 1
    if script:  # axe is a script itself
        assert axe(one) == []
    # Take the file out and empty the texts again: the next test finds the report as it was.
    for field in ("Tempat", "Catatan singkat"):
        page.get_by_label(field).fill("")
    one.press(page.get_by_role("button", name="Hapus foto-rapat.jpg"))
    expect(page.locator("ul.files li")).to_have_count(0)


# --- weight --------------------------------------------------------------------------------------


def packed(body: bytes) -> int:
    """Return the size as a proxy in front of gunicorn would send it."""
    return len(gzip.compress(body, 6))


def test_first_visit_is_light(product: Product) -> None:
    status, page = fetch(f"{product.base_url}/masuk")
    assert status == 200
    linked = re.findall(rb'(?:src|href)="(/static/[^"]+)"', page)
    assert len(linked) >= 3
    sizes = {"/masuk": packed(page)}
    for path in dict.fromkeys(linked):
        status, body = fetch(product.base_url + path.decode())
        assert status == 200
        sizes[path.decode()] = packed(body)
    assert sum(sizes.values()) <= FIRST_VISIT, sizes


@pytest.mark.parametrize("kind", ["secretariat", "focal_point", "leadership"])
def test_later_pages_are_light(
    kind: str, product: Product, sit: Callable[[str, Screen], Person]
) -> None:
    one = sit(kind, Screen(DESKTOP))
    sizes = {}
    for path in pages_of(one):
        answer = one.context.request.get(path)
        assert answer.status == 200
        sizes[path] = packed(answer.body())
    heavy = {
        path: size
        for path, size in sizes.items()
        if size > (WHOLE_PROVINCE if path in ("/matriks", "/peran") else LIST_PAGE)
    }
    assert not heavy, heavy
    narrowed = one.context.request.get("/peran?pokja=pencegahan").body()
    assert packed(narrowed) <= LIST_PAGE, packed(narrowed)


def test_a_report_form_with_its_scripts_is_light(sit: Callable[[str, Screen], Person]) -> None:
    one = sit("focal_point", Screen(PHONE))
    one.open("/tugas-saya")  # the visit before: what all pages share is there
    shared = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', one.page.content()))
    open_empty_report(one)
    page = one.context.request.get(one.page.url).body()
    own = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.decode())) - shared
    assert own, "the form has scripts of its own"
    sizes = [packed(one.context.request.get(path).body()) for path in own]
    assert packed(page) + sum(sizes) <= 30_000, (packed(page), sizes)


def test_style_and_script_are_fetched_once(sit: Callable[[str, Screen], Person]) -> None:
    one = sit("secretariat", Screen(DESKTOP))
    one.open("/beranda")
    one.menu("Periode")
    moved = one.page.evaluate(
        "performance.getEntriesByType('resource').map(e => [e.name, e.transferSize])"
    )
    assert len(moved) >= 3
    assert not [name for name, size in moved if size], moved


# --- other ways of looking -----------------------------------------------------------------------


def test_dark_and_still(sit: Callable[[str, Screen], Person]) -> None:
    one = sit("secretariat", Screen(PHONE, dark=True, still=True))
    paths = ["/beranda", "/verifikasi", "/matriks?pokja=pencegahan&lapis=capaian", "/rencana"]
    for path in paths:
        one.open(path)
        paper = one.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert max(map(int, re.findall(r"\d+", paper)[:3])) < 60, paper
        moving = one.page.evaluate(
            """() => [...document.querySelectorAll('*')].filter(e => {
              const s = getComputedStyle(e);
              const times = [s.transitionDuration, s.animationDuration];
              return times.some((time) => parseFloat(time) > 0.01);
            }).map(e => e.className)"""
        )
        assert moving == []
    found = {path: axe(one) for path in paths if one.page.goto(path)}
    assert not any(found.values()), found


def words_of(file: Path) -> str:
    """Return what a PDF says, in one line."""
    done = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


def test_print_hides_the_navigation(sit: Callable[[str, Screen], Person], tmp_path: Path) -> None:
    one = sit("leadership", Screen(DESKTOP))
    for path in ("/matriks", "/peran?pokja=pencegahan", "/matriks/dispora", "/keputusan"):
        one.open(path)
        one.page.emulate_media(media="print")
        for hidden in (".nav-bar", ".menu", ".filters", ".skip"):
            for element in one.page.locator(hidden).all():
                expect(element).to_be_hidden()
        expect(one.page.get_by_role("heading", level=1)).to_be_visible()
        ink = one.page.evaluate("getComputedStyle(document.body).color")
        assert ink == "rgb(0, 0, 0)", (path, ink)
        paper = one.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"), (path, paper)
        one.page.pdf(path=tmp_path / "page.pdf", format="A4", prefer_css_page_size=True)
        words = words_of(tmp_path / "page.pdf")
        assert re.search(r"Halaman 1 dari \d", words)
        assert re.search(r"Dicetak .* pukul \d\d\.\d\d WITA", words)
        if not path.startswith("/peran"):
            assert "PROVINSI KALIMANTAN TIMUR" in words  # of the letterhead
        one.page.emulate_media(media="screen")
