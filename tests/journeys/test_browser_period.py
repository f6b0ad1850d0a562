"""A year is planned, a period opened in five steps, an agency given more time, its calendar moved;
a period is closed and opened again. A phone and a desktop, with scripts and without; each run has a
year of its own, so that runs on one installation do not meet."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

import icalendar
import pytest

from coordinator.clock import today
from tests.journeys.accessibility import look_closely
from tests.journeys.product import Product, fetch
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen


@dataclass(frozen=True, slots=True)
class Run:
    """One window, its year from now, and the agency that gets more time."""

    screen: Screen
    ahead: int
    agency: str
    short: str


RUNS = (
    Run(Screen(PHONE, script=True), 1, "dispora", "Dispora"),
    Run(Screen(DESKTOP, script=False), 4, "satpol-pp", "Satpol PP"),
)


@pytest.mark.parametrize("run", RUNS, ids=lambda run: str(run.screen))
def test_a_period_is_planned_opened_and_extended(
    run: Run, product: Product, person: Callable[[Screen], Person]
) -> None:
    year = today().year + run.ahead
    title = f"Triwulan I {year}"
    # What is past its last day is asked no more: these commitments run on.
    product.sql("UPDATE assignment SET due_on = ?", f"{year}-12-31")
    office = person(run.screen).sign_in(product.account("secretariat"))
    page = office.page
    office.menu("Periode")
    look_closely(office)
    office.open(f"/periode/tahun/{year}")
    office.follow("Triwulan")
    look_closely(office)
    assert "Pola Triwulan sudah diisikan." in office.text()
    office.press(office.button(f"Simpan kalender {year}"))
    look_closely(office)
    assert "4 periode direncanakan" in office.text()

    office.open("/periode")
    office.follow(f"Buka {title}")
    look_closely(office)
    page.get_by_label("Laporan jatuh tempo").fill(f"{year}-03-01")
    page.get_by_label("Lapor mulai").fill(f"{year}-04-01")
    office.press_refused(office.button("Simpan dan lanjut"))
    assert page.get_by_label("Lapor mulai").input_value() == f"{year}-04-01"
    page.get_by_label("Laporan jatuh tempo").fill(f"{year}-04-09")
    office.press(office.button("Simpan dan periksa"))
    assert "Masa pelaporan hanya 9 hari" in office.text()
    page.get_by_label("Laporan jatuh tempo").fill(f"{year}-04-20")
    office.press(office.button("Simpan dan lanjut"))
    look_closely(office)

    first = page.get_by_role("link", name=re.compile("^Pilih tugas")).first
    office.press(first)
    look_closely(office)
    page.locator("input[name=ikut]").first.uncheck()
    save = page.get_by_role("button", name=re.compile("^Simpan pilihan"))
    office.press_refused(save)
    assert not page.locator("input[name=ikut]").first.is_checked()
    page.get_by_label("Alasan").fill("Kegiatan mulai triwulan depan.")
    office.press(save)
    assert "Kegiatan mulai triwulan depan." in office.text()
    office.follow("Lanjut: siapa yang diminta melapor")
    look_closely(office)
    assert "tidak punya narahubung yang dapat dihubungi" in office.text()
    office.press(page.get_by_role("link", name=re.compile("^Perbaiki di sini")).first)
    look_closely(office)
    office.press_refused(office.button("Undang sebagai narahubung"))
    office.follow("Lanjut: emailnya")
    look_closely(office)
    office.press(page.get_by_role("link", name=re.compile("^Lihat emailnya")).first)
    look_closely(office)
    assert "[TPPO]" in office.text()
    office.press(office.button("Kirim uji ke saya"))
    assert "Email uji diantrekan." in office.text()
    office.follow("Lanjut: buka periode")
    look_closely(office)
    page.get_by_label("Ketik nama periode").fill("Triwulan")
    office.press_refused(office.button(f"Buka periode {title}"))
    page.get_by_label("Ketik nama periode").fill(title)
    office.press(office.button(f"Buka periode {title}"))
    look_closely(office)
    [count] = product.sql(
        "SELECT count(*) FROM obligation o JOIN reporting_period p ON p.id = o.period_id "
        "WHERE p.year = ? AND p.label = 'Triwulan I'",
        year,
    )
    assert f"{count[0]} laporan dibuat." in office.text()
    assert count[0] > 50

    # The agency subscribes; then its day moves, and the event with it.
    agency = person(run.screen).sign_in(product.account("focal_point", run.agency))
    agency.menu("Kalender")
    look_closely(agency)
    agency.press(agency.button("Buat tautan kalender"))
    look_closely(agency)
    feed = urlsplit(agency.page.get_by_label("Tautan kalender").input_value()).path
    before = _event(product, feed, title)
    assert before.decoded("DTSTART") == date(year, 4, 20)
    page.get_by_label("Instansi").select_option(label=run.short)
    page.get_by_label("Sampai tanggal").fill(f"{year}-04-27")
    page.get_by_label("Alasan").fill("Kantor banjir.")
    office.press(office.button("Simpan perpanjangan dan beri tahu narahubung"))
    look_closely(office)
    assert "Perpanjangan dicatat." in office.text()
    after = _event(product, feed, title)
    assert str(after["UID"]) == str(before["UID"])
    assert after.decoded("DTSTART") == date(year, 4, 27)
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    agency.press(agency.button("Ganti alamat"))
    assert fetch(f"{product.base_url}{feed}")[0] == 404


def _event(product: Product, path: str, title: str) -> icalendar.Event:
    status, body = fetch(f"{product.base_url}{path}")
    assert status == 200
    return next(
        event
        for event in icalendar.Calendar.from_ical(body).walk("VEVENT")
        if f"laporan jatuh tempo: {title}" in str(event["SUMMARY"])
    )


def test_a_period_is_closed_on_a_phone_and_opened_again_at_a_desk(
    product: Product, person: Callable[[Screen], Person]
) -> None:
    phone = person(Screen(PHONE, script=False)).sign_in(product.account("secretariat"))
    desk = person(Screen(DESKTOP, script=True)).sign_in(product.account("secretariat"))
    [row] = product.sql(
        "SELECT public_id, label, year FROM reporting_period WHERE is_sample = 1 "
        "ORDER BY covers_from LIMIT 1"
    )
    title = f"{row[1]} {row[2]}"
    phone.open(f"/periode/{row[0]}")
    look_closely(phone)
    phone.follow("Tutup periode")
    look_closely(phone)
    assert "Draf terkunci" in phone.text()
    phone.press(phone.button(f"Tutup {title}"))
    assert "Periode ditutup." in phone.text()
    desk.open(f"/periode/{row[0]}")
    look_closely(desk)
    desk.follow("Buka kembali")
    look_closely(desk)
    desk.press_refused(desk.button(f"Buka kembali {title}"))
    until = today() + timedelta(days=7)
    desk.page.get_by_label("Laporan jatuh tempo").fill(until.isoformat())
    desk.page.get_by_label("Alasan").fill("Dua kantor tanpa listrik.")
    desk.press(desk.button(f"Buka kembali {title}"))
    look_closely(desk)
    assert "Dua kantor tanpa listrik." in desk.text()
    desk.open("/pengaturan/hari-libur")
    look_closely(desk)
