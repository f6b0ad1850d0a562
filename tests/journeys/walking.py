"""A walk over pages that were made before: each is shown in a browser, as on a desk, on a phone and
on paper."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from playwright.sync_api import Browser, Page, Route, ViewportSize

from tests.engines import ROOT
from tests.journeys.accessibility import AXE, AXE_RUN
from tests.journeys.screens import DESKTOP, PHONE

HOST: Final = "http://halaman.test"
STATIC: Final = ROOT / "coordinator" / "static"
TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
WIDTHS: Final = "[document.documentElement.scrollWidth, window.innerWidth]"
ON_PAPER: Final = """() => ['.masthead', '.nav-bar', '.skip', '.page-foot', '.filters'].filter(
  name => [...document.querySelectorAll(name)].some(e => e.checkVisibility()))"""
NARROW: Final = ViewportSize(width=PHONE[0], height=PHONE[1])
# The smallest phone in use, or a desk at 400 % (WCAG 1.4.10).
SMALLEST: Final = ViewportSize(width=320, height=640)
WIDE: Final = ViewportSize(width=DESKTOP[0], height=DESKTOP[1])


def faults_of_pages(browser: Browser, pages: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what is wrong with pages (HTML by address), where something is.

    One main heading; nothing wider than the window, on a desk and on two phones; nothing that axe
    finds on the phone (`test_browser_pages` asks it on the desk); no navigation on paper.
    """
    context = browser.new_context(locale="id-ID", viewport=WIDE)
    shown: dict[str, str] = {}

    def answer(route: Route) -> None:
        path = re.sub(r"\?.*", "", route.request.url.removeprefix(HOST))
        if route.request.url in shown:
            route.fulfill(body=shown[route.request.url], content_type="text/html; charset=utf-8")
        elif path.startswith("/static/") and (STATIC / path[8:]).is_file():
            file = STATIC / path[8:]
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        else:
            route.fulfill(status=204)

    context.route("**/*", answer)
    page = context.new_page()
    found: dict[str, list[str]] = {}
    for number, (path, html) in enumerate(pages.items()):
        shown[f"{HOST}/{number}"] = html
        page.goto(f"{HOST}/{number}")
        if complaints := list(_faults(page)):
            found[path] = complaints
    context.close()
    return found


def _faults(page: Page) -> Iterator[str]:
    if (headings := page.locator("h1").count()) != 1:
        yield f"{headings} main headings"
    page.evaluate(AXE)
    for size in (WIDE, SMALLEST, NARROW):
        page.set_viewport_size(size)
        width, window = page.evaluate(WIDTHS)
        if width > window:
            yield f"{width} px wide at {window}"
    yield from page.evaluate(AXE_RUN)
    page.emulate_media(media="print")
    yield from (f"on paper: {name}" for name in page.evaluate(ON_PAPER))
    page.emulate_media(media="screen")
    page.set_viewport_size(WIDE)
