"""A person at a real browser. Every page that is shown is checked."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

# Milliseconds: only a page that hangs reaches it, never a slow machine.
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)
PHONE = (360, 740)
DESKTOP = (1366, 768)
# What somebody chooses who comes aboard.
NEW_PASSWORD = "empat kata milik sendiri saja"
# Pages that were measured at the other width too, by their address without its numbers.
_measured: set[tuple[str, bool]] = set()
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
FAILED_LOAD_TEXT = "Failed to load resource: the server responded with a status of"
FAILED_LOAD = re.compile(rf"{FAILED_LOAD_TEXT} (\d+)")
SIDEWAYS = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .slice(0, 5).map(e => e.tagName + '.' + e.className)"""


def chromium_path() -> str:
    """Return Debian's Chromium, the one without windows if it is there: a window of its own costs
    it a quarter of the time. Its absence is a failure that names its cure, never a skip."""
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        raise RuntimeError(
            "chromium is missing; install it with: "
            "apt-get -o DPkg::Lock::Timeout=600 install -y chromium"
        )
    return path


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Debian's Chromium while the block lasts."""
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = launch(playwright, path)
        yield browser
        browser.close()


def launch(playwright: Playwright, path: str) -> Browser:
    """Start the browser, quiet towards the network."""
    return playwright.chromium.launch(executable_path=path, args=list(FLAGS))


@dataclass(frozen=True, slots=True)
class Screen:
    """What a browser window looks like."""

    size: tuple[int, int] = DESKTOP
    script: bool = True
    dark: bool = False
    still: bool = False

    @property
    def is_phone(self) -> bool:
        """True for the narrow screen."""
        return self.size[0] < 600

    def __str__(self) -> str:
        return f"{self.size[0]}-{'script' if self.script else 'no-script'}"


class Person:
    """One browser window with its own cookies, on a machine set to Jakarta's time on purpose."""

    def __init__(self, browser: Browser, base_url: str, screen: Screen) -> None:
        self.base_url = base_url
        self.screen = screen
        self.context: BrowserContext = browser.new_context(
            viewport={"width": screen.size[0], "height": screen.size[1]},
            java_script_enabled=screen.script,
            color_scheme="dark" if screen.dark else "light",
            reduced_motion="reduce" if screen.still else "no-preference",
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            base_url=base_url,
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.complaints: list[str] = []
        self.refusals: list[int] = []
        self.strangers: list[str] = []
        self.seen: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", self._page_error)
        self.context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        refused = FAILED_LOAD.match(message.text)
        if refused and 400 <= int(refused[1]) < 500:
            self.refusals.append(int(refused[1]))
        else:
            self.complaints.append(f"{message.text} at {message.location}")

    def _page_error(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and (
            f"{parts.scheme}://{parts.netloc}" != self.base_url
        ):
            self.strangers.append(request.url)

    # --- what must hold on every page ------------------------------------------------------------

    def require_quiet(self) -> None:
        """Assert: no console error, no refused request that was not provoked, no other host."""
        where = self.page.url
        assert not self.complaints, f"{where}: {self.complaints}"
        assert not self.refusals, f"{where}: unexpected answers {self.refusals}"
        assert not self.strangers, f"{where} asked other hosts: {self.strangers}"

    def look(self) -> None:
        """Check the page that is shown now."""
        self.page.wait_for_load_state("load")
        where = f"{self.page.url} at {self.screen}"
        self.seen.append(urlsplit(self.page.url).path)
        assert self.page.locator("h1").count() == 1, f"{where}: not one h1"
        assert self.page.title().endswith(" - Koordinator TPPO"), f"{where}: {self.page.title()}"
        self.require_no_sideways_scrolling()
        kind = (re.sub(r"\d+|[0-9A-Z]{26}", "#", self.seen[-1]), self.screen.is_phone)
        if kind not in _measured:
            _measured.add(kind)
            with self.resized(DESKTOP if self.screen.is_phone else PHONE):
                self.require_no_sideways_scrolling()
        self.require_quiet()

    def require_no_sideways_scrolling(self) -> None:
        """Assert that the page is not wider than the window."""
        width, window = self.page.evaluate(
            "[document.documentElement.scrollWidth, window.innerWidth]"
        )
        assert width <= window, (
            f"{self.page.url} is {width} px wide at {window}: {self.page.evaluate(SIDEWAYS)}"
        )

    @contextmanager
    def resized(self, size: tuple[int, int]) -> Iterator[None]:
        """Show the same page in a window of another size while the block lasts."""
        own = self.screen.size
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        yield
        self.page.set_viewport_size({"width": own[0], "height": own[1]})

    # --- acts ------------------------------------------------------------------------------------

    def open(self, path: str) -> None:
        """Go to an address and check the page."""
        self.page.goto(path)
        self.look()

    def press(self, target: Locator) -> None:
        """Press what leads to another page, and check that page."""
        with self.page.expect_navigation():
            target.click()
        self.look()

    def press_refused(self, target: Locator, status: int = 422) -> None:
        """Press a button whose form will be refused with `status`, and check the page."""
        with self.page.expect_navigation() as answer:
            target.click()
        response = answer.value
        assert response is not None
        assert response.status == status, f"{response.url}: {response.status}"
        self.page.wait_for_load_state("load")
        self.refusals = [code for code in self.refusals if code != status]
        self.look()

    @contextmanager
    def refused_behind(self, status: int = 422) -> Iterator[None]:
        """Expect that a request the page sends by itself is refused once while the block lasts."""
        line = f"{FAILED_LOAD_TEXT} {status}"
        with self.page.expect_console_message(lambda message: message.text.startswith(line)):
            yield
        self.refusals.remove(status)

    def button(self, name: str) -> Locator:
        """Return the button of the page's content with this name."""
        return self.page.get_by_role("main").get_by_role("button", name=name, exact=True)

    def follow(self, name: str) -> None:
        """Follow a link of the content by its exact name."""
        self.press(self.page.get_by_role("main").get_by_role("link", name=name, exact=True).first)

    def menu(self, name: str) -> None:
        """Go through the navigation, which phones fold away."""
        if self.screen.is_phone:
            self.page.locator("details.menu.all > summary").click()
            links = self.page.locator(".menu-sheet .menu-list a")
        else:
            links = self.page.locator(".nav-bar a")
        link = links.filter(has_text=re.compile(rf"^{re.escape(name)}\d*")).first
        if not link.is_visible():  # it is in a group, which opens first
            link.locator("xpath=ancestor::details/summary").click()
        self.press(link)

    def navigation(self) -> list[str]:
        """Return the addresses of the navigation, in its order."""
        links = self.page.locator(".nav-bar a")
        return [str(link.get_attribute("href")) for link in links.all()]

    def sign_in(self, account: dict[str, Any]) -> "Person":
        """Sign in; return itself."""
        self.open("/masuk")
        self.page.get_by_label("Email").fill(account["email"])
        self.page.get_by_label("Kata sandi").fill(account["password"])
        self.press(self.button("Masuk"))
        assert "/masuk" not in self.page.url
        return self

    def text(self) -> str:
        """Return the text of the page's content as it is shown, in one line."""
        return " ".join(self.page.get_by_role("main").inner_text().split())


NewPerson = Callable[..., Person]
