"""A ministry's matrix arrives in the evening, in a real browser: matched, applied, read, undone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.accessibility import axe
from tests.journeys.product import Product
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen
from tests.plans.versions.importing import matrix


@pytest.mark.parametrize(
    "screen", [Screen(PHONE, script=False), Screen(DESKTOP, script=True)], ids=str
)
def test_a_plan_is_imported_from_a_matrix_in_the_browser(
    screen: Screen, product: Product, person: Callable[[Screen], Person], tmp_path: Path
) -> None:
    office = person(screen).sign_in(product.account("secretariat"))
    reader = person(screen).sign_in(product.account("agency_head", "dispora"))
    before = _actions(product)
    file = tmp_path / "matriks.xlsx"
    file.write_bytes(matrix())
    office.open("/rencana")
    _look_closely(office)
    office.follow("Impor berkas")
    _look_closely(office)
    page = office.page
    page.get_by_label("Rencana", exact=True).select_option("ran-tppo-2025-2029")
    page.get_by_label("Pilih berkas rencana").set_input_files(file)
    office.press(office.button("Baca berkas"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Cocokkan berkas")
    _look_closely(office)
    page.get_by_label("Yang dimaksud dengan Badan Antah").select_option(label="DPMPD")
    for choice in page.locator("select[name^=pokja-]").all():
        choice.select_option("pencegahan")
    page.get_by_label("Masih data contoh").check(force=True)
    for choice in page.locator("select[name^=jawab-]").all():
        choice.select_option("new")
    office.press(office.button("Baca dengan pilihan ini"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Pratinjau impor")
    _look_closely(office)
    assert "Belum ada yang berubah" in office.text()
    assert _actions(product) == before
    office.press_refused(office.button("Terapkan"))
    assert "Tulis alasannya" in office.text()
    page.get_by_label("Alasan versi ini").fill("Naskah kementerian")
    office.press(office.button("Terapkan"))
    assert "Rencana diterapkan" in office.text()
    _look_closely(office)
    office.press(page.get_by_role("link", name="Lihat atau urungkan"))
    _look_closely(office)
    version = page.url.rsplit("/", 1)[1]
    # Its mail waits two minutes; the reader sees the same page that it links to.
    waiting = product.sql(
        "SELECT text FROM outgoing_email WHERE kind = 'plan_changed' AND state = 'queued' "
        "AND text LIKE '%Dispora%'"
    )
    assert any("Pengawasan magang" in text for (text,) in waiting)
    reader.open(f"/rencana/versi/ran-tppo-2025-2029/{version}?instansi=dispora")
    assert "Pengawasan magang" in reader.text()
    assert "Urungkan" not in reader.text()
    _look_closely(reader)
    office.follow("Urungkan")
    _look_closely(office)
    office.press(office.button("Urungkan"))
    assert "diurungkan" in office.text()
    assert _actions(product) == before
    assert not product.sql(
        "SELECT 1 FROM outgoing_email WHERE kind = 'plan_changed' AND state NOT IN ('cancelled')"
    )
    office.open("/rencana")
    page.locator(".task-title a").first.click()
    office.look()
    _look_closely(office)
    office.follow("Ubah isi")
    for fold in page.locator("details.fold > summary").all():
        fold.click()
    _look_closely(office)


def _actions(product: Product) -> list[tuple[object, ...]]:
    return product.sql(
        "SELECT id, public_id, code, title, discontinued FROM action_item ORDER BY id"
    )


def _look_closely(one: Person) -> None:
    if one.screen.script:  # axe is a script itself
        assert axe(one) == []
