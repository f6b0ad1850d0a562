"""The page of the chain, and where else it is read: the list of roles, the draft, the cards."""

import re
from html import unescape

import flask
import pytest

from coordinator.mapping.chains import queries
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.versions import service
from coordinator.permissions import AccessKind
from tests import factories
from tests.conftest import Browser
from tests.mapping.answers.builders import person_elsewhere, sit_down
from tests.mapping.chains.builders import with_steps
from tests.statements import statements

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
PATH = "/peran/rantai"
FIRST_AID = "dinkes-pertolongan-pertama"


@pytest.fixture
def reader(app: flask.Flask) -> Browser:
    """Dispora's focal point."""
    with app.app_context():
        viewer = factories.person(AccessKind.FOCAL_POINT, "dispora")
    return sit_down(app, viewer)


def publish(app: flask.Flask, mapping: Mapping) -> None:
    """Put a mapping in force."""
    with app.app_context():
        service.publish(mapping, by=None, reason="uji rantai", notify=False)


def drawn(page: str, key: str) -> str:
    """The words in the drawing of a pokja."""
    found = re.search(rf'<svg[^>]*aria-labelledby="t-{key} d-{key}".*?</svg>', page, re.DOTALL)
    assert found
    rows = re.findall(r"<text [^>]*>([^<]*)</text>", found[0])
    return " ".join(unescape(row).replace("\N{NO-BREAK SPACE}", " ") for row in rows)


def tabled(page: str, key: str) -> str:
    """The words in the table of a pokja."""
    section = page.partition(f'id="rantai-{key}"')[2].partition("</table>")[0]
    table = section.partition("<tbody>")[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", table)).split()).replace(" ,", ",")


def test_anybody_of_the_task_force_reads_the_chain_and_what_it_lacks(reader: Browser) -> None:
    page = reader.get(PATH).text
    assert "1 hal yang kurang." in page
    assert "Menemukan: belum ada penanggung jawab. Pendukungnya di Pokja I, III, dan V." in page
    assert "Penanggung jawab: Dinsos (usulan)" in drawn(page, "rehabilitasi-sosial")
    assert "paling lama 24 jam (PP 9/2008 Pasal 14 ayat (5))" in drawn(page, "penegakan-hukum")
    assert "Di Pokja V: Polda Kaltim" in drawn(page, "rehabilitasi-sosial")
    assert "Tidak ada langkah rantai di pokja ini." in page


@pytest.mark.parametrize(
    "key", ["semua", "pencegahan", "rehabilitasi-kesehatan", "rehabilitasi-sosial"]
)
def test_the_table_says_what_is_drawn(reader: Browser, key: str) -> None:
    page = reader.get(PATH).text
    words = tabled(page, key)
    drawing = drawn(page, key)
    for said in re.split(r"\s+", re.sub(r"\d+ (?=[A-Z])", " ", drawing)):
        assert said in words.replace("Batas waktu:", "") + "Batas waktu:", said
    title = re.search(rf'<title id="t-{key}">([^<]+)</title>', page)
    description = re.search(rf'<desc id="d-{key}">([^<]+)</desc>', page)
    assert title
    assert description
    assert title[1].startswith("Rantai penanganan di")
    assert "5. Memproses hukum" in description[1]


def test_a_model_is_never_shown_as_law(reader: Browser) -> None:
    page = re.sub(r"<text .*?</text>", " ", unescape(reader.get(PATH).text))
    model = "paling sedikit 3 bulan (model, bukan kewajiban: Perda DIY 6/2025"
    assert page.count("paling sedikit 3 bulan") == page.count(model) > 1
    assert "Diubah dengan PP 35/2020. (belum dicocokkan dengan naskah JDIH)" in " ".join(
        re.sub(r"<[^>]*>", " ", page).split()
    )


def test_a_limit_says_what_it_is_for_and_from_when(reader: Browser) -> None:
    page = reader.get(PATH).text
    for key in ("semua", "penegakan-hukum"):
        assert (
            "paling lama 24 jam (PP 9/2008 Pasal 14 ayat (5)): Melapor kepada polisi terdekat "
            "paling lama 24 jam sejak menerima korban" in " ".join(tabled(page, key).split())
        )
    assert "Memantau korban sesudah reintegrasi" in drawn(page, "rehabilitasi-sosial")


def test_one_pokja_can_be_chosen(reader: Browser) -> None:
    page = reader.get(f"{PATH}?pokja=norma-hukum").text
    assert "Pokja IV Norma Hukum" in page
    assert 'id="rantai-pencegahan"' not in page
    assert "Di Pokja III: Dinsos (usulan)" in drawn(page, "norma-hukum")
    for nothing in ("tidak-ada", "%00", "'--"):
        assert 'id="rantai-semua"' in reader.get(f"{PATH}?pokja={nothing}").text


def test_two_leads_stand_out_in_words_and_with_a_sign(
    app: flask.Flask, reader: Browser, bundled: Mapping
) -> None:
    steps = {FIRST_AID: ("serve", "lead"), "rsud-aws-memeriksa-medis-korban": ("serve", "lead")}
    publish(app, with_steps(bundled, steps))
    page = reader.get(f"{PATH}?pokja=rehabilitasi-kesehatan").text
    assert "5 hal yang kurang." in page
    assert "Melayani: lebih dari satu penanggung jawab di Pokja II." in page
    assert "Lebih dari satu penanggung jawab" in drawn(page, "rehabilitasi-kesehatan")
    assert "Lebih dari satu penanggung jawab" in tabled(page, "rehabilitasi-kesehatan")
    assert "Menampung: tidak ada instansi yang menjalankannya di pokja mana pun." in page
    svg = page.partition('<svg class="chain-drawing"')[2].partition("</svg>")[0]
    assert svg.count("chain-sign") == svg.count("is-faulty") == 5


def test_a_mapping_without_steps_says_so_instead_of_five_gaps(
    app: flask.Flask, reader: Browser, bundled: Mapping
) -> None:
    publish(app, with_steps(bundled, {}))
    page = reader.get(PATH).text
    assert "Belum ada tugas yang ditandai sebagai langkah rantai." in page
    assert "yang kurang" not in page
    assert '<svg class="chain-drawing"' not in page


def test_a_court_holds_no_step(app: flask.Flask, reader: Browser, bundled: Mapping) -> None:
    steps = {"pengadilan-tinggi-berbagi-data-putusan": ("prosecute", "lead")}
    publish(app, with_steps(bundled, {**steps, FIRST_AID: ("serve", "lead")}))
    page = reader.get(f"{PATH}?pokja=penegakan-hukum").text
    assert "Memproses hukum: tidak ada instansi yang menjalankannya" in page
    assert "PT Kaltim" not in drawn(page, "penegakan-hukum")


def test_another_task_force_reads_nothing_of_it(app: flask.Flask) -> None:
    with app.app_context():
        stranger = person_elsewhere(AccessKind.SECRETARIAT)
        assert queries.step_duties(stranger) == []
    page = sit_down(app, stranger).get(PATH).text
    assert "Dinsos" not in page


def test_the_pages_lead_to_it(app: flask.Flask, reader: Browser) -> None:
    assert 'href="/peran/rantai"' in reader.get("/peran").text
    assert 'href="/peran/rantai?pokja=norma-hukum"' in reader.get("/peran?pokja=norma-hukum").text
    with app.app_context():
        office = sit_down(app, factories.person(AccessKind.SECRETARIAT))
    draft = office.get("/peran/ubah").text
    assert "1 hal yang kurang pada versi yang berlaku." in draft
    assert 'href="/peran/rantai"' in draft


def test_a_card_says_from_whom_and_to_whom(app: flask.Flask, reader: Browser) -> None:
    with app.app_context():
        office = sit_down(app, factories.person(AccessKind.SECRETARIAT))
    page = office.get("/kartu-peran/64/uptd-ppa").text
    text = " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())
    assert "Langkah Anda dalam rantai penanganan" in text
    assert (
        "Menampung (pendukung), Pokja III. Sebelumnya melayani, oleh Dinsos di Pokja III. "
        "Sesudahnya memulangkan, oleh Dinsos di Pokja III." in text
    )
    assert 'href="/peran/rantai"' in page
    own = reader.get("/kartu-peran/64/dispora").text
    assert "Langkah Anda" not in own


def test_the_page_reads_in_few_statements(app: flask.Flask, reader: Browser) -> None:
    reader.get(PATH)
    with statements(app) as sent:
        reader.get(PATH)
    about = [one for one in sent if "FROM working_group" in one or "limit_value" in one]
    assert len(about) == 2
    assert len(sent) == 8, sent
