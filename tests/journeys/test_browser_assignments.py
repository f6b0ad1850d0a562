"""Giving two hundred items to sixty agencies in a real browser, counted in clicks; then taking it
back; then moving one assignment on a phone without scripts."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Locator

from tests.journeys.accessibility import axe
from tests.journeys.product import Product, flask
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen

ITEMS, AGENCIES, MOST_CLICKS = 200, 60, 6


def _fill(product: Product) -> None:
    """Lay a large plan and its agencies straight into the tables, with a focal point each."""
    path = product.data_dir / "koordinator.db"
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        run = connection.execute
        (force,) = run("SELECT id FROM task_force WHERE code = '64'").fetchone()
        run(
            "INSERT INTO plan (key, kind, title, status, is_sample, first_year, last_year) "
            "VALUES ('massal', 'ran', 'Rencana uji', 'draft', 1, 2025, 2029)"
        )
        (plan,) = run("SELECT id FROM plan WHERE key = 'massal'").fetchone()
        run("INSERT INTO strategy (plan_id, number, title) VALUES (?, 1, 'Uji')", (plan,))
        (strategy,) = run("SELECT id FROM strategy WHERE plan_id = ?", (plan,)).fetchone()
        for n in range(AGENCIES):
            slug = f"massal-{n}"
            agency = run(
                "INSERT INTO agency (task_force_id, key, slug, lineage, name, abbreviation, kind, "
                "is_active) VALUES (?, ?, ?, ?, ?, ?, 'perangkat_daerah', 1)",
                (force, slug, slug, slug, f"Dinas {slug}", slug.title()),
            ).lastrowid
            account = run(
                "INSERT INTO account (public_id, email, name, is_active, is_sample, created_at) "
                "VALUES (?, ?, ?, 1, 1, '2026-01-01 00:00:00')",
                (slug, f"{slug}@uji.example", slug),
            ).lastrowid
            run(
                "INSERT INTO access_grant (account_id, kind, task_force_id, agency_id, "
                "is_alternate, from_on) VALUES (?, 'focal_point', ?, ?, 0, '2026-01-01')",
                (account, force, agency),
            )
        for n in range(ITEMS):
            item = run(
                "INSERT INTO action_item (public_id, plan_id, strategy_id, position, key, code, "
                "title, question, working_group_key, tag, origin) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, 'Berapa?', 'pencegahan', 'pencegahan', 'uji')",
                (f"massal{n}", plan, strategy, n, f"massal-{n}", f"M.{n}", f"Aksi massal {n}"),
            ).lastrowid
            run(
                "INSERT INTO candidate_party (action_item_id, agency_key, kind, position) "
                "VALUES (?, ?, 'lead', 1)",
                (item, f"massal-{n % AGENCIES}"),
            )
        connection.commit()


def _counts(product: Product) -> dict[str, int]:
    tables = ("assignment", "assignment_party", "assignment_target", "obligation", "party_duty")
    return {table: product.sql(f"SELECT count(*) FROM {table}")[0][0] for table in tables}


@pytest.fixture(scope="module", autouse=True)
def _large_plan(product: Product) -> None:
    # On a working day the scheduler reminds at its first tick; what was reminded of is not undone.
    flask(product.env, "jobs", "run", "queue_todays_reminders")
    _fill(product)


def test_two_hundred_items_to_sixty_agencies_in_six_clicks_and_back(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    officer = person(Screen(DESKTOP)).sign_in(product.account("secretariat"))
    page = officer.page
    before = _counts(product)
    clicks = 0

    def press(target: Locator) -> None:
        nonlocal clicks
        clicks += 1
        officer.press(target)
        assert axe(officer) == []

    officer.open("/penugasan")
    press(officer.page.get_by_role("link", name="Tugaskan banyak aksi"))
    page.get_by_label("Cari kata").fill("massal")
    press(officer.button("Terapkan"))
    press(officer.page.get_by_role("link", name=f"Pilih semua {ITEMS} aksi"))
    page.get_by_label("Nomor surat atau nama rapat").fill("463/200/UJI")
    press(officer.button("Periksa"))
    press(officer.button(f"Tugaskan {ITEMS} aksi ke {AGENCIES} instansi"))
    assert clicks <= MOST_CLICKS, f"{clicks} clicks"
    after = _counts(product)
    assert after["assignment"] - before["assignment"] == ITEMS
    query = "SELECT count(*), count(DISTINCT to_address) FROM outgoing_email WHERE kind = ?"
    assert product.sql(query, "assigned_together") == [(AGENCIES, AGENCIES)]

    press(officer.button("Urungkan"))
    assert f"Diurungkan: {ITEMS} penugasan ditarik." in officer.text()
    assert _counts(product) == before
    query = "SELECT DISTINCT state FROM outgoing_email WHERE kind = 'assigned_together'"
    assert product.sql(query) == [("cancelled",)]


def test_an_assignment_is_moved_amended_and_closed_on_a_phone_without_scripts(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    officer = person(Screen(PHONE, script=False)).sign_in(product.account("secretariat"))
    page = officer.page
    officer.open("/penugasan?instansi=dispora")
    officer.press(page.locator("table.listing tbody th a").first)
    address = page.url
    officer.follow("Alihkan")
    page.get_by_label("Penanggung jawab baru").select_option("dinsos")
    officer.press_refused(officer.button("Alihkan"))
    assert "Tulis nomor surat atau nama rapat." in officer.text()
    assert page.get_by_label("Penanggung jawab baru").input_value() == "dinsos", "kept"
    page.get_by_label("Nomor surat atau nama rapat").fill("463/201/UJI")
    page.get_by_label("Tanggal surat atau rapat").fill("2026-01-05")
    officer.press(officer.button("Alihkan"))
    assert "Dialihkan kepada Dinsos." in officer.text()
    assert "463/201/UJI" in officer.text()

    officer.follow("Ubah")
    # Somebody else acts while this form is open: nothing of theirs or ours is lost.
    other = person(Screen(DESKTOP)).sign_in(product.account("secretariat"))
    other.open(address.removeprefix(product.base_url) + "/pendukung")
    other.page.get_by_label("Dinkes").check()
    other.press(other.button("Simpan pendukung"))
    page.get_by_label("Catatan").fill("Utamakan pesisir.")
    officer.press_refused(officer.button("Simpan perubahan"), status=409)
    assert "baru saja diubah orang lain" in officer.text()
    assert page.get_by_label("Catatan").input_value() == "Utamakan pesisir."
    officer.press(officer.button("Simpan perubahan"))
    assert "Utamakan pesisir." in officer.text()
    assert "Dinkes" in officer.text()

    officer.follow("Tutup")
    page.get_by_text("Salah tugas").click()
    officer.press_refused(officer.button("Tutup penugasan ini"))
    page.get_by_label("Alasan", exact=True).fill("Bukan kewenangannya.")
    officer.press(officer.button("Tutup penugasan ini"))
    assert "Penugasan ditutup." in officer.text()
    assert "Bukan kewenangannya." in officer.text()
