"""A province proposes twelve actions to three kabupaten/kota; one of them accepts with one press;
the province reads numbers. In a real browser: the province at a desk, the kota on a phone without
scripts."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from tests.journeys.accessibility import axe
from tests.journeys.product import Product
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen

CODES = ("64.01", "64.71", "64.72")
EMAIL = "sekretariat.balikpapan@contoh.test"


@pytest.fixture(scope="module", autouse=True)
def _balikpapan(product: Product) -> None:
    """Give Balikpapan pokja and offices of its own, and somebody who answers for it."""
    password = product.account("secretariat")["email"]
    with closing(sqlite3.connect(product.data_dir / "koordinator.db", timeout=10)) as connection:
        run = connection.execute
        (kota,) = run("SELECT id FROM task_force WHERE code = '64.71'").fetchone()
        (own,) = run("SELECT id FROM task_force WHERE code = '64'").fetchone()
        run("UPDATE task_force SET state = 'active' WHERE id = ?", (kota,))
        run(
            'INSERT INTO working_group (task_force_id, "key", position, numeral, code, short, '
            'name, scope, is_active) SELECT ?, "key", position, numeral, code, short, name, scope, '
            "is_active FROM working_group WHERE task_force_id = ?",
            (kota, own),
        )
        run(
            "INSERT INTO agency (task_force_id, key, slug, lineage, name, abbreviation, kind, "
            "is_active) SELECT ?, key, slug, lineage, name || ' setempat', "
            "abbreviation || ' Setempat', kind, 1 FROM agency "
            "WHERE task_force_id = ? AND kind = 'perangkat_daerah'",
            (kota, own),
        )
        account = run(
            "INSERT INTO account (public_id, email, name, password_hash, is_active, is_sample, "
            "created_at) SELECT 'balikpapan12', ?, 'Setempat', password_hash, 1, 1, created_at "
            "FROM account WHERE email = ?",
            (EMAIL, password),
        ).lastrowid
        run(
            "INSERT INTO access_grant (account_id, kind, task_force_id, is_alternate, from_on) "
            "VALUES (?, 'secretariat', ?, 0, '2026-01-01')",
            (account, kota),
        )
        connection.commit()


def _look(who: Person) -> None:
    if who.screen.script:  # axe is a script itself
        assert axe(who) == []


def test_twelve_actions_to_three_and_one_answers_with_one_press(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    province = person(Screen(DESKTOP)).sign_in(product.account("secretariat"))
    page = province.page
    province.open("/penugasan")
    province.follow("Usulan")
    province.follow("Usulkan aksi")
    _look(province)
    ticks = page.locator("input[name=aksi]")
    for place in range(12):
        ticks.nth(place).check()
    province.press(province.button("Lanjut"))
    assert "Usulkan 12 aksi" in province.text()
    for box in page.locator("input[name=forces]").all():
        box.set_checked(box.get_attribute("value") in CODES)
    page.get_by_label("Nomor surat atau nama rapat").fill("463/300/UJI")
    _look(province)
    province.press(province.button("Periksa"))
    assert "Belum punya pemetaan" in province.text()
    assert "Setempat" not in province.text()
    _look(province)
    province.press(province.button("Usulkan 12 aksi ke 3 kabupaten/kota"))
    assert "36 usulan menunggu, 0 diterima, 0 ditolak." in province.text()
    _look(province)
    address = page.url.removeprefix(product.base_url)
    assert product.sql(
        "SELECT count(*), count(DISTINCT to_address) FROM outgoing_email WHERE kind = 'proposed'"
    ) == [(1, 1)]

    kota = person(Screen(PHONE, script=False)).sign_in(
        {"email": EMAIL, "password": product.account("secretariat")["password"]}
    )
    assert "Usulan provinsi menunggu" in kota.text()
    kota.follow("Lihat usulan")
    assert "12 aksi menunggu jawaban Anda." in kota.text()
    _look(kota)
    kota.press(kota.button("Terima semua yang bisa (11)"))
    assert "11 aksi ditugaskan" in kota.text()
    _look(kota)
    assert product.sql(
        "SELECT count(*) FROM assignment a JOIN task_force t ON t.id = a.task_force_id "
        "WHERE t.code = '64.71'"
    ) == [(11,)]

    kota.open("/penugasan/usulan")
    assert "1 aksi menunggu jawaban Anda." in kota.text()
    kota.press(kota.page.get_by_role("link", name="1.12"))
    _look(kota)
    kota.press_refused(kota.button("Tolak usulan ini"))
    kota.page.get_by_label("Alasan").fill("Imigrasi bekerja dari Samarinda.")
    kota.press(kota.button("Tolak usulan ini"))
    assert "Usulan ditolak." in kota.text()

    province.open(address)
    assert "24 usulan menunggu, 11 diterima, 1 ditolak." in province.text()
    for path in (address, "/penugasan/usulan", "/surel", "/jejak"):
        province.open(path)
        assert "Setempat" not in province.text(), path
        assert "Samarinda." not in province.text(), path
