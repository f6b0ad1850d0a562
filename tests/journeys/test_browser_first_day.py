"""The real first day, as the README and docs/id tell it: an empty machine, `DEMO=off`, a mail
server, and nobody in the system.

From the first administrator to the end of the first steps, and to the first report that answers a
reminder; everything but the two commands of the machine (the administrator's link, the backup) is
done on screen. The days between opening the period and its
first reminder pass while the server is off: it is started again with its clock moved on, and finds
by itself what is due.
"""

import io
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from PIL import Image
from playwright.sync_api import Browser, FilePayload, expect

from coordinator.clock import today
from coordinator.people.directory.rules import working_day_on_or_after, working_day_on_or_before
from coordinator.people.directory.service import read_holidays
from coordinator.preparation import SEED
from tests.engines import free_port
from tests.journeys.accessibility import look_closely
from tests.journeys.first_day import Postbox, later
from tests.journeys.product import flask, until
from tests.journeys.running import Run, running
from tests.journeys.screens import DESKTOP, NEW_PASSWORD, PHONE, Person, Screen
from tests.people.onboarding.lists import person as row
from tests.people.onboarding.lists import xlsx

ACTION = "Penyuluhan UU 21/2007 di wilayah rawan"
LEAD, SUPPORT = "kejati@instansi.example", "kesbangpol@instansi.example"
SECOND = "admin2@provinsi.example"
FIRST_STEP = 14  # days before the last day: the ladder's first reminder
WINDOW = 28  # days; two weeks before its last day is well after today, regardless of the holidays


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    """A mail server on this machine, and its port."""
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, controller.port
    controller.stop()


@pytest.fixture
def sit(chrome: Browser) -> Iterator[Callable[[Run, Screen], Person]]:
    """Return a maker of people at a window of their own."""
    people: list[Person] = []

    def sit_down(run: Run, screen: Screen) -> Person:
        people.append(Person(chrome, run.base_url, screen))
        return people[-1]

    yield sit_down
    for one in people:
        one.context.close()
    for one in people:
        one.require_quiet()


def test_the_first_day(
    memory_path: Path, postbox: tuple[Postbox, int], sit: Callable[[Run, Screen], Person]
) -> None:
    box, port = postbox
    data_dir = memory_path / "data"
    data_dir.mkdir()
    (data_dir / ".env").write_text(
        f"DEMO=off\nMAIL_MODE=smtp\nSMTP_HOST=127.0.0.1\nSMTP_PORT={port}\n"
        "MAIL_FROM=Koordinator TPPO <tppo@provinsi.example>\n"
    )
    days_off = {
        day.on for year in read_holidays(SEED / "holidays_id.yaml").years for day in year.days
    }
    closes_on = working_day_on_or_after(today() + timedelta(WINDOW), days_off)
    with running(data_dir) as run:
        administrator = _first_administrator(run, sit)
        _invite_secretariat(administrator)
        _invite_second_administrator(administrator)
        _follow(sit(run, Screen(PHONE)), box, SECOND, ends_at="/beranda/administrator")
        secretariat = sit(run, Screen(DESKTOP))
        _follow(secretariat, box, "sekretariat@provinsi.example", ends_at="/beranda")
        assert "Langkah pertama: 4 dari 10 selesai" in secretariat.text()
        _write_letterhead(secretariat)
        _bring_focal_points(secretariat)
        _bring_plan(secretariat)
        for address, screen in ((LEAD, Screen(PHONE)), (SUPPORT, Screen(PHONE, script=False))):
            _follow(sit(run, screen), box, address, ends_at="/tugas-saya")
        _assign(secretariat)
        _open_period(secretariat, closes_on)
        flask(run.env, "backup", "create", str(memory_path / "tppo.tar"))
        _try_mail(secretariat, box)

    reminded_on = working_day_on_or_before(closes_on - timedelta(FIRST_STEP), days_off)
    with later(data_dir, memory_path, reminded_on) as run:
        link = until(lambda: box.link(LEAD, "/l/[0-9a-f]{64}"), "the first reminder arrives")
        _report(sit(run, Screen(PHONE)), link)
        secretariat = sit(run, Screen(DESKTOP)).sign_in(
            {"email": "sekretariat@provinsi.example", "password": NEW_PASSWORD}
        )
        secretariat.menu("Verifikasi")
        assert "Kejati Kaltim" in secretariat.text()
        flask(run.env, "audit", "verify")


def _first_administrator(run: Run, sit: Callable[[Run, Screen], Person]) -> Person:
    """What `make run` prints is enough to come in."""
    command = re.search(r"flask (accounts invite --access administrator --email) ", run.printed())
    assert command, run.printed()
    invited = flask(run.env, *command[1].split(), "admin@provinsi.example")
    link = re.search(rf"{re.escape(run.base_url)}(/undangan/\S+)", invited)
    assert link, invited
    administrator = sit(run, Screen(PHONE))
    _set_password(administrator, link[1])
    assert administrator.page.url.endswith("/beranda/administrator")
    for place in administrator.navigation():
        administrator.open(place)
    return administrator


def _set_password(one: Person, link: str) -> None:
    one.open(link)
    one.page.get_by_label("Kata sandi baru").fill(NEW_PASSWORD)
    one.press(one.button("Simpan kata sandi dan masuk"))


def _follow(one: Person, box: Postbox, address: str, *, ends_at: str) -> None:
    """Come in by the invitation that was mailed."""
    link = until(
        lambda: box.link(address, "/undangan/[0-9a-f]{64}"), f"the invitation to {address} arrives"
    )
    _set_password(one, link)
    assert one.page.url.endswith(ends_at)


def _invite_secretariat(administrator: Person) -> None:
    administrator.menu("Gugus tugas")
    look_closely(administrator)
    assert "Mulai di sini: undang sekretariat gugus tugas Anda." in administrator.text()
    administrator.follow("Undang sekretariat Provinsi Kalimantan Timur")
    look_closely(administrator)
    page = administrator.page
    page.get_by_label("Nama", exact=True).fill("Petugas Sekretariat")
    page.get_by_label("Email, atau nama pengguna").fill("sekretariat@provinsi.example")
    assert page.get_by_label("Akses", exact=True).input_value() == "secretariat"
    administrator.press(administrator.button("Kirim undangan"))
    look_closely(administrator)
    assert "Undangan diantrekan." in administrator.text()
    assert "Sekretariat · Provinsi Kalimantan Timur" in administrator.text()


def _invite_second_administrator(administrator: Person) -> None:
    """The last of the administrator's own steps that is theirs alone."""
    administrator.open("/langkah-pertama")
    look_closely(administrator)
    assert "2 dari 5 selesai" in administrator.text()
    administrator.follow("Administrator kedua")
    administrator.page.get_by_label("Nama", exact=True).fill("Administrator Kedua")
    administrator.page.get_by_label("Email, atau nama pengguna").fill(SECOND)
    administrator.press(administrator.button("Kirim undangan"))
    assert "Undangan diantrekan." in administrator.text()


def _write_letterhead(secretariat: Person) -> None:
    secretariat.follow("Kop surat")
    secretariat.page.get_by_label("Kepala surat").fill("GUGUS TUGAS")
    secretariat.page.get_by_label("Tanya siapa? Nama kantor").fill("Sekretariat Gugus Tugas")
    secretariat.press(secretariat.button("Simpan kop surat"))


def _bring_plan(secretariat: Person) -> None:
    """There is none: the sample is tried and removed, then a plan of one's own is imported."""
    page = secretariat.page
    secretariat.open("/langkah-pertama")
    look_closely(secretariat)
    secretariat.follow("Muat rencana contoh untuk mencoba")
    secretariat.press(secretariat.button("Muat rencana contoh"))
    strip = page.locator(".demo-strip")
    expect(strip).to_contain_text("Rencana aksi di sini contoh, bukan rencana pemerintah.")
    secretariat.press(secretariat.button("Hapus rencana contoh"))
    look_closely(secretariat)
    expect(strip).to_have_count(0)
    secretariat.follow("Impor rencana Anda")
    text = (SEED / "ran_tppo_2025_2029.yaml").read_text(encoding="utf-8")
    own = text.replace("sample: true", "sample: false").replace(", DATA CONTOH)", ")")
    file: FilePayload = {"name": "a.yaml", "mimeType": "text/yaml", "buffer": own.encode()}
    page.locator("input[type=file]").set_input_files(file)
    secretariat.press(secretariat.button("Baca berkas"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Pratinjau impor")
    page.get_by_label("Alasan versi ini").fill("Rapat koordinasi")
    secretariat.press(secretariat.button("Terapkan"))


def _try_mail(secretariat: Person, box: Postbox) -> None:
    """The last step; then the list is gone."""
    secretariat.open("/beranda")
    assert "Langkah pertama: 9 dari 10 selesai" in secretariat.text()
    secretariat.follow("Email")
    secretariat.press(secretariat.button("Kirim email uji ke alamat saya"))
    until(
        lambda: box.link("sekretariat@provinsi.example", "/langkah-pertama"),
        "the test mail arrives",
    )

    def answered() -> bool:
        secretariat.open("/langkah-pertama")
        return "Email uji diterima server" in secretariat.text()

    until(answered, "the page shows what the server answered")
    assert "Semua langkah selesai." in secretariat.text()
    assert "250" in secretariat.text()
    secretariat.open("/beranda")
    assert "Langkah pertama" not in secretariat.text()


def _bring_focal_points(secretariat: Person) -> None:
    """Two agencies name their people in a list."""
    secretariat.menu("Orang")
    secretariat.follow("Impor daftar")
    data = xlsx(
        row("Kejati Kaltim", "Narahubung Kejati", email=LEAD),
        row("Kesbangpol", "Narahubung Kesbangpol", email=SUPPORT),
    )
    file: FilePayload = {"name": "daftar.xlsx", "mimeType": "application/zip", "buffer": data}
    secretariat.page.locator("input[type=file]").set_input_files(file)
    secretariat.press(secretariat.button("Baca dan tampilkan"))
    secretariat.press(secretariat.button("Terapkan 2 baris"))
    secretariat.menu("Orang")
    secretariat.press(secretariat.button("Undang semua yang belum (2)"))
    assert "2 undangan diantrekan." in secretariat.text()


def _assign(secretariat: Person) -> None:
    secretariat.menu("Rencana aksi")
    page = secretariat.page
    secretariat.press(page.get_by_role("link", name=f"Tugaskan {ACTION}"))
    page.get_by_label("Penanggung jawab").select_option("kejati")
    suggested = page.locator("input[name=support]:checked")
    while suggested.count():
        suggested.first.uncheck()
    page.get_by_label(re.compile(r"^\s*Kesbangpol\b")).first.check()
    page.get_by_label("Surat", exact=True).check()
    page.get_by_label("Nomor surat atau nama rapat").fill("463/01/GT-TPPO")
    page.get_by_label("Tanggal surat atau rapat").fill(today().isoformat())
    due = today() + timedelta(days=60)
    page.get_by_label("Batas waktu", exact=True).fill(due.isoformat())
    page.get_by_label(re.compile(r"^Target \d{4}")).fill("12")
    secretariat.press(secretariat.button("Tugaskan dan beri tahu narahubung"))
    assert "Aksi ditugaskan kepada Kejati Kaltim." in secretariat.text()


def _open_period(secretariat: Person, closes_on: date) -> None:
    """Plan the year, then open its first period in five steps."""
    year = today().year
    title = f"Semester I {year}"
    page = secretariat.page
    secretariat.menu("Periode")
    assert "Belum ada periode" in secretariat.text()  # nobody opened one unasked
    secretariat.open(f"/periode/tahun/{year}")
    secretariat.follow("Semester")
    secretariat.press(secretariat.button(f"Simpan kalender {year}"))
    secretariat.open("/periode")
    secretariat.follow(f"Buka {title}")
    page.get_by_label("Lapor mulai").fill(today().isoformat())
    page.get_by_label("Laporan jatuh tempo").fill(closes_on.isoformat())
    secretariat.press(secretariat.button("Simpan dan lanjut"))
    secretariat.follow("Lanjut: siapa yang diminta melapor")
    secretariat.follow("Lanjut: emailnya")
    secretariat.follow("Lanjut: buka periode")
    page.get_by_label("Ketik nama periode").fill(title)
    secretariat.press(secretariat.button(f"Buka periode {title}"))
    assert "2 laporan dibuat." in secretariat.text()


def _report(one: Person, link: str) -> None:
    """From the button in the mail to the receipt: no password is asked."""
    one.open(link)
    page = one.page
    page.get_by_label("Ada capaian").check()
    page.locator("input[name^=value-]").fill("3")
    page.get_by_label("Tempat").fill("Samarinda")
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (90, 150, 120)).save(out, "JPEG")
    photo: FilePayload = {
        "name": "kegiatan.jpg",
        "mimeType": "image/jpeg",
        "buffer": out.getvalue(),
    }
    page.get_by_label("Tambah foto atau berkas").set_input_files([photo])
    page.get_by_label("Catatan singkat").fill("Tiga kegiatan selesai.")
    one.press(one.button("Periksa lalu kirim"))
    page.get_by_label("Tidak ada identitas korban").check()
    one.press(one.button("Kirim laporan ke Sekretariat"))
    assert re.search(r"Laporan terkirim, LAP-\d{4}-\d{5}", one.text()), one.text()
