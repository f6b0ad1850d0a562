"""The chain on a phone, on a wide screen and on paper: drawn within its boxes, with its table."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.accessibility import SMALL_TARGETS, axe
from tests.journeys.product import Product
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen

PATH = "/peran/rantai"
# What is drawn beyond the box it belongs to, or beyond the drawing; and what is too small to read.
OUTSIDE = """() => [...document.querySelectorAll('.chain-drawing')].flatMap(drawing => {
  const boxes = [...drawing.querySelectorAll('rect')].map(one => one.getBBox());
  const scale = drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
  return [...drawing.querySelectorAll('text')].filter(one => {
    const at = one.getBBox();
    const fits = boxes.some(box => at.x >= box.x && at.x + at.width <= box.x + box.width
      && at.y >= box.y - 1 && at.y + at.height <= box.y + box.height + 1);
    return !fits || parseFloat(getComputedStyle(one).fontSize) * scale < 12;
  }).map(one => one.textContent);
})"""
SIDES = """() => {
  const [drawing, table] = ['.chain-drawing', '.chain .listing'].map(
    one => document.querySelector(one).getBoundingClientRect());
  return {beside: table.left >= drawing.right, below: table.top >= drawing.bottom};
}"""


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["360", "1366"])
def test_the_chain_is_drawn_with_its_table(
    size: tuple[int, int], product: Product, person: Callable[[Screen], Person]
) -> None:
    one = person(Screen(size)).sign_in(product.account("focal_point"))
    one.open("/peran")
    one.page.get_by_role("link", name="Rantai penanganan").click()
    one.page.wait_for_url(f"**{PATH}")
    assert "1 hal yang kurang." in one.text()
    whole = one.page.get_by_role("img", name="Rantai penanganan di seluruh gugus tugas")
    expect(whole).to_be_visible()
    assert one.page.evaluate(OUTSIDE) == []
    sides = one.page.evaluate(SIDES)
    assert sides["beside" if size == DESKTOP else "below"]
    small = one.page.evaluate(SMALL_TARGETS, [24, "a[href], button, summary, input, select"])
    assert [*axe(one), *small] == []
    one.look()
    one.open(f"{PATH}?pokja=norma-hukum")
    assert one.page.evaluate(OUTSIDE) == []
    assert axe(one) == []
    one.look()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["360", "1366"])
def test_a_step_is_chosen_on_the_form_of_a_duty(
    size: tuple[int, int], product: Product, person: Callable[[Screen], Person]
) -> None:
    office = person(Screen(size)).sign_in(product.account("secretariat"))
    office.open("/peran/ubah/tugas/dinkes-rehabilitasi-7-hari")
    expect(office.page.get_by_label("Langkah rantai")).to_have_value("serve")
    expect(office.page.get_by_label("Kedudukan di langkah itu")).to_have_value("lead")
    expect(office.page.get_by_label("Asal batas waktu")).to_have_value("pasal-1")
    assert axe(office) == []
    office.look()


def test_the_chain_is_printed_with_its_letterhead(
    product: Product, person: Callable[[Screen], Person], tmp_path: Path
) -> None:
    one = person(Screen(DESKTOP)).sign_in(product.account("leadership"))
    one.open(PATH)
    file = tmp_path / "rantai.pdf"
    one.page.pdf(path=file, prefer_css_page_size=True)
    words = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True, text=True
    ).stdout
    first, *rest = words.split("\f")
    assert "GUGUS TUGAS" in first
    assert "Seluruh gugus tugas" in first, "the summary is on the first sheet"
    assert "Memproses hukum" in first
    assert "Terapkan" not in words
    assert len([page for page in rest if page.strip()]) <= 5
