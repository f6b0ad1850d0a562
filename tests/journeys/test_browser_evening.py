"""The evening the national plan appears: 200 rows as a ministry sends them, from upload to live."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.accessibility import axe
from tests.journeys.product import Product
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen
from tests.plans.actions.builders import seed_plan
from tests.plans.versions.ministry import Ministry

PLAN = "ran-tppo-2025-2029"
TITLE = "RAN PP TPPO 2025-2029"


@pytest.mark.parametrize("screen", [Screen(DESKTOP, script=True)], ids=str)
def test_the_plan_takes_the_place_of_the_sample_in_the_browser(
    screen: Screen, product: Product, person: Callable[[Screen], Person], tmp_path: Path
) -> None:
    office = person(screen).sign_in(product.account("secretariat"))
    names = dict(product.sql("SELECT key, abbreviation FROM agency"))
    held = product.sql(
        "SELECT assignment.id, action_item.code FROM assignment "
        "JOIN action_item ON action_item.id = assignment.action_item_id "
        "WHERE assignment.closed_at IS NULL AND assignment.task_force_id = 1"
    )
    codes = [str(code) for _id, code in held]
    gone, renamed, *_others = [code for code in codes if code != "1.1"]  # 1.1 is Dispora's
    ministry = Ministry(
        seed_plan(), names, left_out=(gone,), retitled=(renamed,), measured_otherwise=()
    )
    file = tmp_path / "matriks.xlsx"
    file.write_bytes(ministry.book())
    begun = time.monotonic()
    page = office.page
    office.open("/rencana/impor")
    page.get_by_label("Rencana", exact=True).select_option(PLAN)
    page.get_by_label("Pilih berkas rencana").set_input_files(file)
    office.press(office.button("Baca berkas"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Cocokkan berkas")
    _look_closely(office)
    _say("read", begun)
    page.get_by_label("Naskah resmi, sudah ditetapkan").check(force=True)
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=basis]").fill("Perpres 1/2026 (DATA CONTOH)")
    for choice in page.locator("select[name^=jawab-]").all():
        if not choice.input_value():
            choice.select_option("new")
    for choice in page.locator("select[name^=pokja-]").all():
        if not choice.input_value():
            choice.select_option("pencegahan")
    office.press(office.button("Baca dengan pilihan ini"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Pratinjau impor")
    _look_closely(office)
    _say("matched", begun)
    assert "Penugasan berjalan yang berubah" in office.text()
    assert "ditutup dengan alasan itu" in office.text()
    page.get_by_label("Alasan versi ini").fill("Perpres terbit")
    office.press(office.button("Terapkan"))
    assert "Rencana diterapkan" in office.text()
    _say("applied", begun)
    (state,) = product.sql(f"SELECT is_sample, status FROM plan WHERE key = '{PLAN}'")
    assert (bool(state[0]), state[1]) == (False, "enacted")
    closed = product.sql(
        f"SELECT closed_kind FROM assignment WHERE id IN ({','.join(str(row[0]) for row in held)}) "
        "AND closed_at IS NOT NULL"
    )
    assert closed == [("discontinued",)] * codes.count(gone)
    mails = product.sql(
        "SELECT account_id, COUNT(*) FROM outgoing_email "
        "WHERE kind = 'plan_changed' AND state = 'queued' GROUP BY account_id, task_force_id"
    )
    assert mails
    assert all(count == 1 for _who, count in mails)
    # A focal point goes on with the same report, on a phone.
    reader = person(Screen(PHONE, script=False)).sign_in(product.account("focal_point", "dispora"))
    reader.open("/tugas-saya")
    assert "Pengawasan program pelatihan dan pengiriman pemuda" in reader.text()
    version = product.sql("SELECT MAX(number) FROM plan_version")[0][0]
    office.open(f"/rencana/versi/{PLAN}/{version}")
    _look_closely(office)
    office.follow("Urungkan")
    _look_closely(office)
    office.press(office.button("Urungkan"))
    assert "diurungkan" in office.text()
    reopened = product.sql(
        "SELECT COUNT(*) FROM assignment WHERE closed_at IS NULL AND task_force_id = 1"
    )
    assert reopened == [(len(held),)]


def _say(step: str, begun: float) -> None:
    """Print how long the evening has taken so far; nothing fails for it."""
    print(f"evening: {step} after {time.monotonic() - begun:.1f} s")


def _look_closely(one: Person) -> None:
    assert axe(one) == []
