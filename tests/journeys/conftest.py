"""A prepared installation (once a run), a product on a copy of it (once a
worker; each module finds it as it was prepared), a browser."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser

from tests.journeys.product import Product, copy_of
from tests.journeys.screens import Person, Screen, chromium


@pytest.fixture(scope="session")
def prepared(run_dir: Path, worker_dir: Path) -> Path:
    """DATA_DIR of a migrated installation with the demo, made by whichever worker comes first."""
    ready = run_dir / "prepared"
    with FileLock(run_dir / "prepared.lock"):
        if not ready.exists():
            made = worker_dir / "prepared"
            Product(made).prepare()
            shutil.copytree(made, run_dir / "preparing", dirs_exist_ok=True)
            (run_dir / "preparing").rename(ready)
    return ready


@pytest.fixture(scope="session")
def served(prepared: Path, worker_dir: Path) -> Iterator[Product]:
    """The real product, running: web server and scheduler as processes of their own."""
    running = copy_of(prepared, worker_dir / "product" / "data")
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def product(served: Product, prepared: Path) -> Product:
    """The running product, with everything in it as it was prepared."""
    served.reset_to(prepared)
    return served


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """Debian's Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def person(chrome: Browser, product: Product) -> Iterator[Callable[[Screen], Person]]:
    """Return a maker of people, each at a window of their own; all are closed at the end."""
    people: list[Person] = []

    def sit_down(screen: Screen) -> Person:
        people.append(Person(chrome, product.base_url, screen))
        return people[-1]

    yield sit_down
    for one in people:
        one.context.close()
    for one in people:
        one.require_quiet()
