"""From the province's mapping to Balikpapan's own, in a real browser: in minutes, not meetings.

Two runs on one installation, each making another task force: a phone without scripts and a desktop
with them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.journeys.accessibility import axe
from tests.journeys.product import Product
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen


@dataclass(frozen=True, slots=True)
class Story:
    """One run: the window and the task force that is made."""

    screen: Screen
    code: str
    region: str


STORIES = (
    Story(Screen(PHONE, script=False), "64.74", "Kota Bontang"),
    Story(Screen(DESKTOP, script=True), "64.71", "Kota Balikpapan"),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.screen))
def test_a_kabupaten_kota_gets_its_own_mapping(
    story: Story, product: Product, person: Callable[[Screen], Person]
) -> None:
    secretariat = person(story.screen).sign_in(product.account("secretariat"))
    page = secretariat.page
    secretariat.open("/kabupaten-kota")
    _look_closely(secretariat)
    secretariat.open(f"/kabupaten-kota/{story.code}")
    assert page.locator("#name-dinsos").input_value() == f"Dinas Sosial {story.region}"
    assert page.locator("#in-dinsos").is_checked()
    assert not page.locator("#in-polda").is_checked()

    page.locator("#name-dinsos").fill("")
    page.locator("#in-dkp").uncheck()
    page.locator("#place-dispora-koordinasi").select_option("member")
    secretariat.press_refused(secretariat.button("Simpan draf"))
    assert "Isi nama instansi." in secretariat.text()
    assert not page.locator("#in-dkp").is_checked(), "what was chosen is kept"
    _look_closely(secretariat)
    page.locator("#name-dinsos").fill(f"Dinas Sosial dan PM {story.region}")
    page.get_by_label("Nomor SK").fill("188.44/12/2026")
    page.get_by_label("Tanggal SK").fill("2026-03-02")
    secretariat.press(secretariat.button("Simpan draf"))
    assert "Draf tersimpan." in secretariat.text()
    _look_closely(secretariat)

    secretariat.press(secretariat.button(f"Terbitkan pemetaan {story.region}"))
    assert "Pemetaan terbit." in secretariat.text()
    names = {
        name
        for (name,) in product.sql(
            "SELECT a.name FROM agency a JOIN task_force f ON f.id = a.task_force_id "
            "WHERE f.code = ?",
            story.code,
        )
    }
    assert f"Dinas Sosial dan PM {story.region}" in names
    assert f"Dinas Kelautan dan Perikanan {story.region}" not in names
    [(duties,)] = product.sql(
        "SELECT count(*) FROM duty d JOIN task_force f ON f.id = d.task_force_id WHERE f.code = ?",
        story.code,
    )
    assert f"{duties} dari {duties}" in secretariat.text(), "nobody has answered yet"
    assert "PM " + story.region not in secretariat.text(), "counts, and nothing of their own"


def _look_closely(one: Person) -> None:
    if one.screen.script:  # axe is a script itself
        assert axe(one) == []
