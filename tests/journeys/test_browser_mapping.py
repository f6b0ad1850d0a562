"""A new mapping arrives mid-year, in a real browser, while a period is open and reports are in.

Four runs on one installation: a phone and a desktop, with scripts and without. Each changes
another agency's first duty, so that runs do not meet.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from coordinator.mapping.duties.document import MAPPING_FORMAT
from coordinator.mapping.duties.lint import check
from coordinator.mapping.duties.seed import DutyPart, Mapping
from tests.journeys.accessibility import axe
from tests.journeys.product import Product, until
from tests.journeys.screens import DESKTOP, PHONE, Person, Screen
from tests.mapping.duties.builders import reworded


@dataclass(frozen=True, slots=True)
class Story:
    """One run: the window, the agency whose duty changes, and who reads its mail."""

    screen: Screen
    agency: str
    short: str
    access: str


STORIES = (
    Story(Screen(PHONE, script=True), "dispora", "Dispora", "agency_head"),
    Story(Screen(DESKTOP, script=False), "dkp3a", "DKP3A", "focal_point"),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.screen))
def test_a_new_mapping_mid_year(
    story: Story, product: Product, person: Callable[[Screen], Person], tmp_path: Path
) -> None:
    secretariat = person(story.screen).sign_in(product.account("secretariat"))
    reader = person(story.screen).sign_in(product.account(story.access, story.agency))
    assert product.sql("SELECT 1 FROM report LIMIT 1"), "reports are in"
    past = _past_matrix(secretariat, product)

    mapping = _download(secretariat, tmp_path)
    duty = next(part for part in mapping.duties if part.agency == story.agency)
    text = f"Mencatat hasil {story.screen} setiap bulan"
    _edit_on_screen(secretariat, story, duty, text)
    secretariat.press(secretariat.button("Buang draf"))
    assert "Belum ada perubahan" in secretariat.text()

    changed = tmp_path / "peran baru.yaml"
    changed.write_text(
        MAPPING_FORMAT.to_yaml(reworded(mapping, duty.id, text=text)), encoding="utf-8"
    )
    _refuse_bad_file(secretariat, changed, tmp_path)
    _upload(secretariat, changed)
    _read_draft(secretariat, story, duty, text)
    undone = _publish(secretariat)
    assert "Masih dapat diurungkan" in secretariat.text()
    secretariat.press(secretariat.button("Urungkan"))
    assert f"Versi {undone} diurungkan." in secretariat.text()

    _upload(secretariat, changed)
    number = _publish(secretariat)
    assert number == undone + 2
    _read_mail(reader, product, story, number, duty, text)
    _read_changes(reader, story, number, duty, text)
    assert not product.sql(
        "SELECT 1 FROM outgoing_email WHERE kind = 'mapping_changed' AND state = 'sent' "
        "AND thread = ?",
        f"mapping:64:{undone}",
    ), "nobody was told of what was undone"
    assert _past_matrix(secretariat, product) == past


def _past_matrix(secretariat: Person, product: Product) -> bytes:
    [(period,)] = product.sql(
        "SELECT public_id FROM reporting_period WHERE closes_on < date('now', '+8 hours') "
        "ORDER BY closes_on DESC LIMIT 1"
    )
    answer = secretariat.context.request.get(f"/matriks.csv?periode={period}")
    assert answer.ok
    return answer.body()


def _download(secretariat: Person, folder: Path) -> Mapping:
    answer = secretariat.context.request.get("/peran/ubah/pemetaan.yaml")
    assert answer.ok
    file = folder / "unduhan.yaml"
    file.write_bytes(answer.body())
    mapping, findings = check(file)
    assert mapping is not None, findings
    return mapping


def _look_closely(one: Person) -> None:
    if one.screen.script:  # axe is a script itself
        assert axe(one) == []


def _edit_on_screen(secretariat: Person, story: Story, duty: DutyPart, text: str) -> None:
    """The same change by hand: the duty is found, reworded, and waits in the draft."""
    page = secretariat.page
    secretariat.open("/peran/ubah")
    _look_closely(secretariat)
    secretariat.follow("Tugas")
    page.get_by_label("Instansi").select_option(story.agency)
    secretariat.press(secretariat.button("Terapkan"))
    _look_closely(secretariat)
    secretariat.follow(duty.text)
    _look_closely(secretariat)
    page.get_by_label("Bunyi tugas").fill("Nomor 6472015708900003")
    secretariat.press_refused(secretariat.button("Simpan di draf"))
    assert "Ada angka seperti NIK" in secretariat.text()
    _look_closely(secretariat)
    page.get_by_label("Bunyi tugas").fill(text)
    secretariat.press(secretariat.button("Simpan di draf"))
    assert "Tersimpan di draf." in secretariat.text()
    for path in ("instansi", f"instansi/{story.agency}", "dasar", "dasar/uu-21-2007", "pokja",
                 "pokja/pencegahan"):  # fmt: skip
        secretariat.open(f"/peran/ubah/{path}")
        _look_closely(secretariat)
    secretariat.open("/peran/ubah")
    assert text in secretariat.text()


def _refuse_bad_file(secretariat: Person, changed: Path, folder: Path) -> None:
    bad = folder / "keliru.yaml"
    lines = changed.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if line.strip() == "agency: dinsos")
    lines[at] = lines[at].replace("dinsos", "dinsoss")
    bad.write_text("".join(lines), encoding="utf-8")
    secretariat.open("/peran/ubah")
    secretariat.page.get_by_label("Unggah pemetaan baru").set_input_files(bad)
    secretariat.press_refused(secretariat.button("Unggah sebagai draf"))
    assert "Draf tidak berubah" in secretariat.text()
    row = secretariat.page.locator("table.listing tbody tr").filter(has_text="dinsoss").first
    expect(row.locator("td").first).to_have_text(str(at + 1))
    _look_closely(secretariat)


def _upload(secretariat: Person, file: Path) -> None:
    secretariat.open("/peran/ubah")
    secretariat.page.get_by_label("Unggah pemetaan baru").set_input_files(file)
    secretariat.press(secretariat.button("Unggah sebagai draf"))
    assert "Berkas menjadi draf." in secretariat.text()


def _read_draft(secretariat: Person, story: Story, duty: DutyPart, text: str) -> None:
    shown = secretariat.text()
    assert "1 perubahan untuk 1 instansi" in shown
    assert f"{story.short}: 1 perubahan" in shown
    assert duty.text in shown
    assert text in shown
    assert "1 instansi mendapat satu email." in shown
    assert "1 tugas baru atau berubah perlu dijawab" in shown
    _look_closely(secretariat)


def _publish(secretariat: Person) -> int:
    """Publish the draft; return the new version's number."""
    secretariat.page.get_by_label("Alasan versi ini").fill("SK Gubernur (DATA CONTOH)")
    button = secretariat.page.get_by_role("button", name="Terbitkan versi")
    secretariat.press(button)
    assert "terbit." in secretariat.text()
    _look_closely(secretariat)
    return int(secretariat.page.url.split("?")[0].rsplit("/", 1)[1])


def _read_mail(
    reader: Person, product: Product, story: Story, number: int, duty: DutyPart, text: str
) -> None:
    product.end_grace("mapping_changed")
    subject = f"Peran {story.short} berubah: versi {number}"
    link = reader.page.get_by_role("main").get_by_role("link", name=subject).first

    def arrived() -> Locator | None:
        reader.open("/kotak-masuk")
        return link if link.count() else None

    reader.press(until(arrived, f"the mail {subject!r} is at /kotak-masuk"))
    reader.page.get_by_text("Teks biasa").click()
    plain = reader.page.locator("pre.mail-text")
    expect(plain).to_contain_text(text)
    expect(plain).to_contain_text("1 tugas perlu Anda jawab")
    expect(plain).to_contain_text(f"/peran/versi/{number}?instansi={story.agency}")
    words = plain.inner_text().split()
    assert len(words) <= 150


def _read_changes(reader: Person, story: Story, number: int, duty: DutyPart, text: str) -> None:
    reader.open(f"/peran/versi/{number}?instansi={story.agency}")
    shown = reader.text()
    assert f"Apa yang berubah untuk {story.short}" in shown
    assert duty.text in shown
    assert text in shown
    assert "1 tugas perlu Anda jawab." in shown
    assert reader.page.get_by_role("link", name="Jawab sekarang").get_attribute("href") == "/jawab"
    assert reader.button("Urungkan").count() == 0
    _look_closely(reader)
    reader.open("/peran/versi")
    assert "SK Gubernur (DATA CONTOH)" in reader.text()
    _look_closely(reader)
