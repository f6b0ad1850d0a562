"""The main job in a real browser, from the mapping to the audit trail.

Two runs: a phone without scripts and a desktop with them; every page is measured at both widths.
Each gives away another action of the plan, so that runs on one installation do not meet. The demo's
dates depend on the real today; the dates typed here do too.
"""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, expect

from tests.journeys.product import WITA, Product, until
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen

DAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]
MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"


@dataclass(frozen=True, slots=True)
class Story:
    """One run: the window, and the free action that is given away in it."""

    screen: Screen
    code: str
    title: str
    lead: str
    short: str
    support: str
    support_short: str
    unit: str

    @property
    def shade(self) -> int:
        """What tells this run's photos from the others': the same file again asks for a reason."""
        return 10 * STORIES.index(self) + 5


STORIES = (
    Story(
        Screen(PHONE, script=False),
        "3.5",
        "Pelatihan keterampilan dan sekolah kembali bagi korban",
        "disnakertrans",
        "Disnakertrans",
        "dinsos",
        "Dinsos",
        "paket",
    ),
    Story(
        Screen(DESKTOP, script=True),
        "4.4",
        "Pendampingan regulasi TPPO di kabupaten/kota",
        "biro-hukum",
        "Biro Hukum",
        "dkp3a",
        "DKP3A",
        "kab/kota",
    ),
)


def photo(name: str, shade: int) -> FilePayload:
    """A photo as a phone makes it, with the camera's name and the place inside."""
    exif = Image.Exif()
    exif[0x010F] = "Kamera Contoh"
    exif.get_ifd(0x8825).update({1: "S", 2: (0.0, 30.0, 8.0), 3: "E", 4: (117.0, 9.0, 0.0)})
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (shade, 150, 120)).save(out, "JPEG", exif=exif)
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def today() -> date:
    """Today where the task force is."""
    return datetime.now(WITA).date()


def in_words(day: date) -> str:
    """ "16 Oktober 2026" """
    return f"{day.day} {MONTHS.split()[day.month - 1]} {day.year}"


def with_weekday(day: date) -> str:
    """ "Jumat, 16 Oktober 2026" """
    return f"{DAYS[day.weekday()]}, {in_words(day)}"


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.screen))
def test_one_commitment(story: Story, product: Product, person: Callable[[Screen], Person]) -> None:
    secretariat = person(story.screen).sign_in(product.account("secretariat"))
    focal_point = person(story.screen).sign_in(product.account("focal_point", story.lead))

    _read_mapping(secretariat)
    _assign(secretariat, story)
    _find_mail(focal_point, product, story, kind="assigned", subject=story.title)
    report = _report(focal_point, story)
    _return(secretariat, report)
    _find_mail(focal_point, product, story, kind="returned", subject="Perlu diperbaiki sebelum")
    _mend(focal_point, story, report)
    _verify_less(secretariat, report)

    leadership = person(story.screen).sign_in(product.account("leadership"))
    _read_matrix(leadership, story, report)
    auditor = person(story.screen).sign_in(product.account("auditor"))
    _read_trail(auditor, report)


def _read_mapping(secretariat: Person) -> None:
    assert secretariat.page.url.endswith("/beranda")
    secretariat.menu("Peran OPD")
    page = secretariat.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Peran OPD")
    assert "Usulan, belum ditetapkan." in secretariat.text()
    secretariat.follow("Baca uraian tugas")
    assert "Belum ditetapkan: " in secretariat.text()
    page.get_by_label("Pokja").select_option("pencegahan")
    secretariat.press(secretariat.button("Terapkan"))
    duties = page.locator("details.duty")
    assert duties.count() > 5
    duty = duties.first
    duty.locator("summary").click()  # folds without a script
    expect(duty.get_by_text("Mengapa", exact=True)).to_be_visible()
    expect(duty.get_by_text("Bukti yang diterima")).to_be_visible()
    assert page.locator("details.duty", has_text="Pasal").count()  # some duties have an article
    assert page.locator("details.duty .tag", has_text="Belum ditetapkan").count()  # others none
    secretariat.look()  # unfolded, still no wider than the screen


def _assign(secretariat: Person, story: Story) -> None:
    secretariat.menu("Rencana aksi")
    page = secretariat.page
    fold = page.get_by_label("Saring dan urutkan")
    if fold.is_visible():  # on a phone the list comes first
        fold.check()
    page.get_by_label("Tampilkan").select_option("belum")
    secretariat.press(secretariat.button("Terapkan"))
    secretariat.press(page.get_by_role("link", name=f"Tugaskan {story.title}"))
    page.get_by_label("Penanggung jawab").select_option(story.lead)
    suggested = page.locator("input[name=support]:checked")
    while suggested.count():
        suggested.first.uncheck()
    # Next to each agency is what it holds already.
    page.get_by_label(re.compile(rf"^\s*{re.escape(story.support_short)}\b")).first.check()
    page.get_by_label("Surat", exact=True).check()
    page.get_by_label("Nomor surat atau nama rapat").fill(f"463/{story.code}/GT-TPPO")
    page.get_by_label("Tanggal surat atau rapat").fill(today().isoformat())
    due = today() + timedelta(days=60)
    page.get_by_label("Batas waktu", exact=True).fill(due.isoformat())
    page.get_by_label(re.compile(r"^Target \d{4}")).fill("12")
    expect(page.get_by_label("Ikutkan dalam periode yang terbuka")).to_be_checked()
    secretariat.press(secretariat.button("Tugaskan dan beri tahu narahubung"))
    text = secretariat.text()
    assert f"Aksi ditugaskan kepada {story.short}." in text
    assert f"463/{story.code}/GT-TPPO, {in_words(today())}" in text
    assert with_weekday(due) in text
    assert f": 12 {story.unit}" in text
    assert story.support_short in text
    assert page.locator("tbody tr").count() == 2  # the lead's obligation and the supporter's


def _find_mail(
    focal_point: Person, product: Product, story: Story, *, kind: str, subject: str
) -> None:
    """Read the mail in the local inbox, reloading until the scheduler has handed it out."""
    product.end_grace(kind)
    link = focal_point.page.get_by_role("main").get_by_role("link", name=subject).first

    def arrived() -> Locator | None:
        waiting = "SELECT 1 FROM outgoing_email WHERE kind = ? AND state != 'sent'"
        if product.sql(waiting, kind):  # an older mail with the same subject may lie there already
            return None
        focal_point.open("/kotak-masuk")
        return link if link.count() else None

    focal_point.press(until(arrived, f"the mail {subject!r} is at /kotak-masuk"))
    frame = focal_point.page.frame_locator("iframe.mail-frame")
    expect(frame.get_by_text(story.title).last).to_be_visible()
    focal_point.page.get_by_text("Teks biasa").click()
    plain = focal_point.page.locator("pre.mail-text")
    expect(plain).to_contain_text(story.title)
    expect(plain).to_contain_text(focal_point.base_url)
    expect(plain).to_contain_text("DATA CONTOH")


def _report(focal_point: Person, story: Story) -> str:
    """Report a number, a note and a file; return the report's address."""
    focal_point.menu("Tugas saya")
    page = focal_point.page
    task = page.locator(".urgent, .task").filter(has_text=story.title)
    if task.get_by_role("link", name="Laporkan sekarang").count():
        focal_point.press(task.get_by_role("link", name="Laporkan sekarang"))
    else:
        focal_point.press(task.get_by_role("link", name=story.title))
    path = page.url.removeprefix(focal_point.base_url)
    assert f"463/{story.code}/GT-TPPO" in focal_point.text()  # "Mengapa ini tugas ...?"
    page.get_by_label("Ada capaian").check()
    page.locator("input[name^=value-]").fill("5")
    page.get_by_label("Tempat").fill("Samarinda")
    picture = photo("kegiatan.jpg", story.shade)
    page.get_by_label("Tambah foto atau berkas").set_input_files([picture])
    page.get_by_label("Catatan singkat").fill(f"Lima {story.unit} selesai bulan ini.")
    _send(focal_point)
    text = focal_point.text()
    receipt = re.search(r"Laporan terkirim, (LAP-\d{4}-\d{5})", text)
    assert receipt, text
    assert "Diperiksa paling lambat" in text
    assert "kegiatan.jpg" in text
    _require_wita(text)
    focal_point.open(path)  # from a bookmark
    assert receipt[1] in focal_point.text()
    return path


def _send(focal_point: Person) -> None:
    """Look at everything once more, then send."""
    focal_point.press(focal_point.button("Periksa lalu kirim"))
    focal_point.page.get_by_label("Tidak ada identitas korban").check()
    focal_point.press(focal_point.button("Kirim laporan ke Sekretariat"))


def _require_wita(text: str) -> None:
    """The browser is in Jakarta; the page must speak of the task force's own time."""
    times = re.findall(r"(\d{1,2} \w+ \d{4}) pukul (\d\d)\.(\d\d) WITA", text)
    assert times, text
    now = datetime.now(WITA)
    recent = {now - timedelta(minutes=minutes) for minutes in range(5)}
    assert any(
        (day, f"{at:%H}", f"{at:%M}") == found
        for found in times
        for at in recent
        for day in (in_words(at.date()),)
    ), times
    assert "WIB" not in text


def _open_verdict(secretariat: Person, report: str) -> None:
    secretariat.menu("Verifikasi")
    link = secretariat.page.locator(f'a[href$="/verifikasi/{report.rpartition("/")[2]}"]')
    secretariat.press(link)


def _return(secretariat: Person, report: str) -> None:
    _open_verdict(secretariat, report)
    page = secretariat.page
    page.locator("summary", has_text="Kembalikan").click()
    page.get_by_label("Alasan pengembalian").select_option(label="Bukti tanpa tanggal")
    page.get_by_label("Apa yang perlu diperbaiki").fill("Tambahkan berita acara yang bertanggal.")
    page.get_by_label("Diperbaiki paling lambat").fill((today() + timedelta(7)).isoformat())
    secretariat.press(page.get_by_role("button", name=re.compile("^Kembalikan ke ")))
    assert "Dikembalikan: " in secretariat.text()


def _mend(focal_point: Person, story: Story, report: str) -> None:
    """See why it came back, correct it, send it again; what was sent first is still there."""
    focal_point.menu("Tugas saya")
    page = focal_point.page
    focal_point.press(page.get_by_role("main").locator(f'a[href="{report}"]').first)
    text = focal_point.text()
    assert "Dikembalikan: bukti tanpa tanggal." in text
    assert "Tambahkan berita acara yang bertanggal." in text
    assert f"Perbaiki paling lambat {with_weekday(today() + timedelta(7))}." in text
    expect(page.locator("input[name^=value-]")).to_have_value("5")
    expect(page.locator("ul.files")).to_contain_text("kegiatan.jpg")
    expect(page.locator("ul.files")).to_contain_text("lokasi, nama pembuat")
    page.get_by_label("Catatan singkat").fill("Berita acara tertanggal sudah dilampirkan.")
    letter = photo("berita-acara.jpg", story.shade + 100)
    page.get_by_label("Tambah foto atau berkas").set_input_files([letter])
    _send(focal_point)
    text = focal_point.text()
    assert "Laporan terkirim, LAP-" in text
    focal_point.open(report)
    text = focal_point.text()
    assert "ke-2, " in text
    assert "berita-acara.jpg" in text


def _verify_less(secretariat: Person, report: str) -> None:
    _open_verdict(secretariat, report)
    page = secretariat.page
    assert "kiriman ke-2" in secretariat.text()
    page.locator("summary", has_text="Setujui sebagian").click()
    page.locator("input[name^=value-]").fill("4")
    page.get_by_label("Alasan selisih").select_option(label="Tanpa laporan bertanggal")
    for tick in page.get_by_label("Sudah saya lihat").all():
        tick.check()
    secretariat.press(secretariat.button("Setujui sebagian"))
    assert "Disetujui sebagian: " in secretariat.text()
    secretariat.open(report)
    text = secretariat.text()
    assert "Dilaporkan 5 Terverifikasi 4" in text
    assert "Selisih: tanpa laporan bertanggal." in text


def _read_matrix(leadership: Person, story: Story, report: str) -> None:
    page = leadership.page
    assert page.url.endswith("/ringkasan")
    leadership.follow("Buka matriks lengkap")
    # The demo's open period is this month's; the matrix begins with the last one that closed.
    page.get_by_label("Periode").select_option(label=" ".join(in_words(today()).split()[1:]))
    leadership.press(leadership.button("Terapkan"))
    leadership.press(page.get_by_role("link", name=re.compile(r"^\d\. Terverifikasi")))
    matrix = page.url
    name = page.get_by_role("rowheader", name=story.short, exact=True, include_hidden=True)
    row = page.locator("table.matrix tbody tr").filter(has=name)
    if not row.is_visible():  # phones fold the groups that need no attention
        page.locator("tbody.fold").filter(has=name).locator("tr.group a").click()
        expect(row).to_be_visible()
    reported, verified = (
        int(row.locator(f'td.num[data-label="{label}"]').inner_text())
        for label in ("Dilaporkan", "Terverifikasi")
    )
    assert 1 <= verified <= reported

    leadership.press(row.get_by_role("link", name=story.short, exact=True))
    line = page.locator("tbody tr").filter(has=page.locator(f'a[href="{report}"]'))
    expect(line.locator("td.num").nth(0)).to_have_text(re.compile(rf"5 {story.unit}"))
    expect(line.locator("td.num").nth(1)).to_have_text(re.compile(rf"4 {story.unit}"))
    leadership.press(line.locator(f'a[href="{report}"]'))
    assert "Dilaporkan 5 Terverifikasi 4" in leadership.text()

    leadership.open(matrix)
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    rows = {row["Singkatan"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}
    assert rows[story.short]["Dilaporkan"] == str(reported)
    assert rows[story.short]["Terverifikasi"] == str(verified)


def _read_trail(auditor: Person, report: str) -> None:
    """Every act of this story is in the trail, found through the page's own filter and links."""
    auditor.menu("Jejak audit")
    page = auditor.page
    page.get_by_label("Tindakan").select_option(label="Laporan diverifikasi")
    auditor.press(auditor.button("Terapkan"))
    auditor.press(page.locator(f'tbody a[href$="objek={report.rpartition("/")[2]}"]').first)
    acts = [" ".join(text.split()) for text in page.locator("tbody tr").all_inner_texts()]
    for act, access in (
        ("Draf disimpan", "Narahubung OPD"),
        ("Laporan dikirim", "Narahubung OPD"),
        ("Laporan dikembalikan", "Sekretariat"),
        ("Laporan diverifikasi", "Sekretariat"),
    ):
        assert any(act in line and access in line for line in acts), (act, acts)
    assert sum("Laporan dikirim" in line for line in acts) == 2
    for label in ("Aksi ditugaskan", "Penugasan ikut periode", "Masuk"):
        auditor.open("/jejak")
        page.get_by_label("Tindakan").select_option(label=label)
        auditor.press(auditor.button("Terapkan"))
        newest = page.locator("tbody tr").first
        expect(newest).to_contain_text(label)
        expect(newest).to_contain_text(in_words(today()))
