"""Getting an office aboard, and handing it over, in a real browser: a phone without scripts and a
desktop with them. Each run uses another office, so that runs on one installation do not meet."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import FilePayload, expect

from tests.journeys.accessibility import look_closely
from tests.journeys.product import Product
from tests.journeys.screens import DESKTOP, NEW_PASSWORD, PHONE, Person, Screen
from tests.people.onboarding.lists import NIK_LIKE, xlsx
from tests.people.onboarding.lists import person as row


@dataclass(frozen=True, slots=True)
class Run:
    """One window, the office that comes aboard in it, and the one that is handed over."""

    screen: Screen
    empty: str
    empty_name: str
    left: str
    left_name: str


RUNS = (
    Run(Screen(PHONE, script=False), "bpkad", "BPKAD", "dinkes", "Dinkes"),
    Run(Screen(DESKTOP, script=True), "inspektorat", "Inspektorat", "bappeda", "Bappeda"),
)


@pytest.mark.parametrize("run", RUNS, ids=lambda run: str(run.screen))
def test_an_office_comes_aboard(
    run: Run, product: Product, person: Callable[[Screen], Person]
) -> None:
    secretariat = person(run.screen).sign_in(product.account("secretariat"))
    page = secretariat.page
    assert "OPD yang narahubungnya tidak dapat dihubungi" in secretariat.text()
    secretariat.open(f"/orang/instansi/{run.empty}")
    assert "Tidak ada narahubung yang dapat dihubungi: belum ada narahubung" in secretariat.text()
    look_closely(secretariat)

    _import(secretariat, run)
    people = product.sql(
        "SELECT a.name, a.email FROM account a JOIN access_grant g ON g.account_id = a.id "
        "JOIN agency i ON i.id = g.agency_id WHERE i.slug = ? ORDER BY a.id",
        run.empty,
    )
    assert [name for name, _email in people] == [f"Orang {run.empty}", f"Wakil {run.empty}"]

    secretariat.open("/orang?keadaan=not_invited")
    look_closely(secretariat)
    ticked = page.get_by_role("checkbox", name=re.compile(f"Orang {re.escape(run.empty)}"))
    ticked.check()
    secretariat.press(secretariat.button("Undang yang dicentang"))
    assert "1 undangan diantrekan." in secretariat.text()

    name, code = _letter(secretariat, run)
    newcomer = person(run.screen)
    newcomer.open("/masuk")
    newcomer.follow("Punya surat aktivasi? Aktifkan akun")
    look_closely(newcomer)
    _fill_activation(newcomer, name, code, "pendek")
    newcomer.press_refused(newcomer.button("Simpan kata sandi dan masuk"))
    _fill_activation(newcomer, name, code, NEW_PASSWORD)
    newcomer.press(newcomer.button("Simpan kata sandi dan masuk"))
    assert newcomer.page.url.endswith("/tugas-saya")

    secretariat.open(f"/orang/instansi/{run.empty}")
    page.get_by_label("Lewat").select_option("telephone")
    page.get_by_label("Yang disampaikan").fill("Diminta memeriksa undangan.")
    secretariat.press(secretariat.button("Simpan catatan"))
    assert "Diminta memeriksa undangan." in secretariat.text()
    secretariat.open("/orang/instansi?keadaan=tak-terjangkau")
    assert page.get_by_role("rowheader", name=run.empty_name, exact=True).count() == 0


def _import(secretariat: Person, run: Run) -> None:
    """Upload a list with two good rows, one unknown office and one NIK; apply it."""
    page = secretariat.page
    secretariat.menu("Orang")
    secretariat.follow("Impor daftar")
    look_closely(secretariat)
    data = xlsx(
        row(run.empty_name, f"Orang {run.empty}", email=f"{run.empty}@uji.example"),
        row(f"{run.empty_name} Kaltimm xyz", f"Wakil {run.empty}", role="pengganti"),
        row(run.empty_name, f"Salah {run.empty}", telephone=NIK_LIKE),
    )
    file: FilePayload = {"name": "daftar.xlsx", "mimeType": "application/zip", "buffer": data}
    page.locator("input[type=file]").set_input_files(file)
    secretariat.press(secretariat.button("Baca dan tampilkan"))
    look_closely(secretariat)
    assert "ada angka seperti NIK" in secretariat.text()
    assert NIK_LIKE not in page.content()
    page.get_by_role("main").get_by_role("combobox").select_option(run.empty)
    secretariat.press(secretariat.button("Terapkan"))
    assert "Daftar sudah diterapkan." in secretariat.text()


def _letter(secretariat: Person, run: Run) -> tuple[str, str]:
    """Print the letter of the one without mail; return user name and code."""
    page = secretariat.page
    secretariat.open(f"/orang/surat?instansi={run.empty}")
    look_closely(secretariat)
    secretariat.press(secretariat.button("Buat kode dan tampilkan surat"))
    letter = page.locator(".letter", has_text=f"Wakil {run.empty}")
    expect(letter).to_have_count(1)
    code = letter.locator(".letter-code").inner_text()
    name = letter.locator("dd").nth(1).inner_text()
    assert name == f"{run.empty}.pengganti"
    return name, code


def _fill_activation(one: Person, name: str, code: str, password: str) -> None:
    one.page.get_by_label("Nama pengguna").fill(name)
    one.page.get_by_label("Kode dari surat").fill(code)
    one.page.get_by_label("Kata sandi baru").fill(password)


@pytest.mark.parametrize("run", RUNS, ids=lambda run: str(run.screen))
def test_handing_over(run: Run, product: Product, person: Callable[[Screen], Person]) -> None:
    leaver = person(run.screen).sign_in(product.account("focal_point", run.left))
    secretariat = person(run.screen).sign_in(product.account("secretariat"))
    page = secretariat.page
    secretariat.open(f"/orang/instansi/{run.left}")
    secretariat.press(page.get_by_role("link", name=re.compile("^Serah terima Narahubung")).first)
    look_closely(secretariat)
    assert re.search(r"\d+ laporan terbuka|Tidak ada laporan terbuka", secretariat.text())
    page.get_by_text("Orang baru").click()
    page.get_by_label("Nama penerus").fill(f"Penerus {run.left_name}")
    page.get_by_label("Email penerus").fill(f"penerus.{run.left}@uji.example")
    page.get_by_label("Jabatan penerus").fill("Kepala Bidang Contoh")
    secretariat.press(secretariat.button("Serahkan dan buat berita acara"))
    text = secretariat.text()
    assert "Akun lama sudah ditutup." in text
    assert f"Penerus {run.left_name}, Kepala Bidang Contoh" in text
    look_closely(secretariat)

    leaver.open("/tugas-saya")
    assert "/masuk" in leaver.page.url, "the very next request is refused"
    details = product.sql("SELECT details FROM audit_entry WHERE action = 'duty.handed_over'")
    assert all(json.loads(each[0])["account_closed"] for each in details)
    waiting = product.sql(
        "SELECT id FROM outgoing_email WHERE kind = 'invitation' AND to_address = ?",
        f"penerus.{run.left}@uji.example",
    )
    assert len(waiting) == 1
