"""The screen of the check: article by article, what is kept, what others see."""

import io
import re
from dataclasses import dataclass

import flask
import openpyxl
import pytest
import sqlalchemy as sa

from coordinator.clock import today
from coordinator.db import db
from coordinator.mapping.duties.rules import TextVerdict
from coordinator.mapping.duties.text_models import TextCheck
from coordinator.mapping.text_checks import queries
from coordinator.mapping.versions import service as versions
from coordinator.mapping.versions.queries import published
from coordinator.people.rights.service import give_right
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.conftest import Browser
from tests.mapping.answers.builders import NIK, sit_down
from tests.mapping.duties.builders import reworded
from tests.mapping.text_checks.builders import LAW, OFFICE, bring, check, lawyer, step_for
from tests.oversight.cards.builders import pages
from tests.people.rights.builders import new_right
from tests.statements import statements

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
FIRST = "Pasal 32"
KEY = "polda-memblokir-harta"


@dataclass(frozen=True)
class Scene:
    """A lawyer and the secretariat at their desks, and the step of Pasal 32."""

    app: flask.Flask
    office: Viewer
    checker: Viewer
    lawyer: Browser
    desk: Browser
    step: str

    def page(self, query: str = "") -> str:
        return " ".join(self.lawyer.get(f"/peran/naskah/{self.step}{query}").text.split())


@pytest.fixture
def scene(app: flask.Flask) -> Scene:
    with app.app_context():
        office = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        checker = lawyer()
        give_right(new_right(checker), by=office)
        bring(checker)
        step = step_for(checker, FIRST).id
        db.session.remove()
    return Scene(app, office, checker, sit_down(app, checker), sit_down(app, office), step)


def rows(scene: Scene, **chosen: str) -> dict[str, str]:
    """The fields of the step's rows as the page sends them."""
    page = scene.lawyer.get(f"/peran/naskah/{scene.step}").text
    found = dict(re.findall(r'name="(rows-\d-subject|seen)"[^>]*value="([^"]+)"', page))
    return {**found, **{name.replace("_", "-"): value for name, value in chosen.items()}}


def sent(scene: Scene, act: str, **more: str) -> dict[str, str]:
    return {
        **rows(scene),
        "quote": "Contoh kutipan.",
        "checked_on": "12/10/2026",
        "office": OFFICE,
        "act": act,
        **{name.replace("_", "-") if name.startswith("rows") else name: value
           for name, value in more.items()},
    }  # fmt: skip


def checks(scene: Scene) -> list[tuple[str, str | None]]:
    with scene.app.app_context():
        found = db.session.scalars(sa.select(TextCheck).order_by(TextCheck.id)).all()
        return [(one.verdict.value, one.remark) for one in found]


def test_words_and_text_are_shown_next_to_each_other(scene: Scene) -> None:
    page = scene.page("?peraturan=uu-21-2007")
    assert "Dapat memerintahkan pemblokiran harta" in page
    assert "Contoh: penyidik dapat memerintahkan pemblokiran harta." in page
    assert "Dari salinan contoh, diambil 13 Oktober 2026." in page
    assert "0 dari 38 kutipan dicocokkan" in page
    assert "pasal 1 dari 21 (UU 21/2007)" in page
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page
    assert 'value="13/10/2026"' in page
    assert 'value="Biro Hukum Sekretariat Daerah"' in page
    assert "Semua sesuai: simpan 2 kutipan" in page


def test_what_the_text_does_not_have_is_said(scene: Scene) -> None:
    with scene.app.app_context():
        absent = step_for(scene.checker, "Pasal 52 ayat (1)").id
        without_text = step_for(scene.checker, "Pasal 37", "pp-7-2018").id
        db.session.remove()
    page = scene.lawyer.get(f"/peran/naskah/{absent}").text
    assert "Pasal 52 ayat (1) tidak ditemukan di naskah ini." in page
    assert "Belum ada naskah PP 7/2018." in scene.lawyer.get(f"/peran/naskah/{without_text}").text


def test_one_press_says_that_all_agree_and_goes_on(scene: Scene) -> None:
    path = f"/peran/naskah/{scene.step}?peraturan=uu-21-2007"
    answer = scene.lawyer.post(path, sent(scene, "semua"))
    assert checks(scene) == [("agrees", None), ("agrees", None)]
    following = scene.lawyer.get(answer.headers["Location"]).text
    assert "Tersimpan: UU 21/2007 Pasal 32." in following
    assert "2 dari 38 kutipan dicocokkan" in following
    assert "<h1>UU 21/2007 Pasal 33 dan Pasal 44</h1>" in following
    assert f'value="{OFFICE}"' in following, "the office is kept from the last time"


def test_a_verdict_for_each(scene: Scene) -> None:
    path = f"/peran/naskah/{scene.step}"
    empty = " ".join(scene.lawyer.post(path, sent(scene, "masing-masing"), status=422).text.split())
    assert len(set(re.findall(r"Pilih putusan untuk ([^:<]+: “[^”]+”)\.", empty))) > 1
    mixed = {"rows-0-verdict": "agrees", "rows-1-verdict": "differs"}
    refused = scene.lawyer.post(path, {**sent(scene, "masing-masing"), **mixed}, status=422)
    assert "Tulis satu kalimat: apa yang tidak sesuai." in refused.text
    assert "Contoh kutipan." in refused.text, "what was typed stays"
    assert '<details class="fold" data-return open>' in refused.text
    mixed["rows-1-remark"] = f"Nomor {NIK}"
    refused = scene.lawyer.post(path, {**sent(scene, "masing-masing"), **mixed}, status=422)
    assert "Ada angka seperti NIK" in refused.text
    mixed["rows-1-remark"] = "Pasal tidak menyebut jaksa."
    contradiction = scene.lawyer.post(path, {**sent(scene, "semua"), **mixed}, status=422)
    assert "Ini dipilih lain." in contradiction.text
    assert checks(scene) == []
    scene.lawyer.post(path, {**sent(scene, "masing-masing"), **mixed})
    assert checks(scene) == [("agrees", None), ("differs", "Pasal tidak menyebut jaksa.")]
    again = scene.page()
    assert "Pasal tidak menyebut jaksa." in again
    scene.lawyer.post(path, sent(scene, "semua"))
    assert checks(scene)[2:] == [("agrees", None)], "only what changed is a new check"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("quote", "", "Kutip bunyi naskahnya"),
        ("office", "", "Tulis kantor yang mencocokkan."),
        ("checked_on", "14/10/2026", "Tanggal itu belum tiba."),
        ("checked_on", "31/02/2026", "Tanggal tidak dikenali."),
    ],
)
def test_what_is_missing_is_asked_at_its_field(
    scene: Scene, field: str, value: str, said: str
) -> None:
    path = f"/peran/naskah/{scene.step}"
    refused = scene.lawyer.post(path, {**sent(scene, "semua"), field: value}, status=422)
    assert said in refused.text
    assert checks(scene) == []


def test_a_page_that_is_out_of_date_decides_nothing(scene: Scene) -> None:
    path = f"/peran/naskah/{scene.step}"
    old = sent(scene, "semua")
    with scene.app.app_context():
        mapping = published(factories.task_force().id)
        assert mapping is not None
        changed = reworded(mapping, KEY, text="Dapat memerintahkan hal lain (contoh)")
        versions.publish(changed, by=scene.office, reason="Uji")
        db.session.remove()
    conflict = scene.lawyer.post(path, old, status=409)
    assert "Pemetaan baru saja berubah." in conflict.text
    assert "Dapat memerintahkan hal lain (contoh)" in conflict.text
    assert "Contoh kutipan." in conflict.text
    assert checks(scene) == []


def test_two_people_at_one_article(scene: Scene) -> None:
    path = f"/peran/naskah/{scene.step}"
    old = sent(scene, "semua")
    with scene.app.app_context():
        check(scene.office, step_for(scene.office, FIRST), TextVerdict.DIFFERS)
        db.session.remove()
    conflict = scene.lawyer.post(path, {**old, "office": "Kantor yang diketik"}, status=409)
    assert "pasal ini dicocokkan orang lain" in conflict.text
    assert "Pasal menyebut orang lain." in conflict.text, "the objection is shown"
    assert "Kantor yang diketik" in conflict.text
    assert "Contoh kutipan." in conflict.text
    assert {verdict for verdict, _remark in checks(scene)} == {"differs"}
    scene.lawyer.post(path, sent(scene, "semua"))
    assert checks(scene)[2:] == [("agrees", None)] * 2, "having read it, one may disagree"


def test_a_quote_that_is_not_in_the_text_is_asked_about(scene: Scene) -> None:
    path = f"/peran/naskah/{scene.step}"
    made_up = {**sent(scene, "semua"), "quote": "Contoh\r\nkarangan."}
    asked = scene.lawyer.post(path, made_up, status=422)
    assert "Kata-kata ini tidak ada di naskah yang ditempel." in asked.text
    assert "Memang benar" in asked.text
    assert not re.search(r"<details(?:(?!</details>).)*name=\"quote\"", asked.text, re.DOTALL)
    assert checks(scene) == []
    scene.lawyer.post(path, {**made_up, "yakin-quote": "Contoh\nkarangan."})
    assert len(checks(scene)) == 2


def test_the_list_filters_in_the_address(scene: Scene) -> None:
    with scene.app.app_context():
        check(scene.checker, step_for(scene.checker, FIRST), TextVerdict.DIFFERS)
        check(scene.checker, step_for(scene.checker, "Pasal 47"), TextVerdict.AGREES)
        db.session.remove()
    every = scene.lawyer.get("/peran/naskah").text
    assert "3 dari 118 kutipan dicocokkan</b> · 2 tidak sesuai" in every
    assert "Perbaiki yang tidak sesuai di draf" not in every
    wrong = scene.lawyer.get("/peran/naskah?peraturan=uu-21-2007&keadaan=tidak-sesuai").text
    assert "Disaring: UU 21/2007 · tidak sesuai." in wrong
    assert f"/peran/naskah/{scene.step}?peraturan=uu-21-2007&amp;keadaan=tidak-sesuai" in wrong
    assert ">Pasal 47<" not in wrong
    step = scene.page("?peraturan=uu-21-2007&keadaan=tidak-sesuai")
    assert "pasal 1 dari 1 (UU 21/2007, tidak sesuai)" in step
    assert "Belum ada yang cocok" in scene.lawyer.get("/peran/naskah?keadaan=ragu").text
    assert "118 kutipan" in scene.lawyer.get("/peran/naskah?keadaan=x&peraturan=%00").text


def test_the_pages_read_in_few_statements(scene: Scene) -> None:
    """BEGIN, the session, the frame's counts, then: the citations, the texts; for a step also the
    pasted words and the last office."""
    for path, least in (("/peran/naskah", 2), (f"/peran/naskah/{scene.step}", 5)):
        scene.lawyer.get(path)
        with statements(scene.app) as sent_now:
            scene.lawyer.client.get(path)
        own = [one for one in sent_now if one.startswith("SELECT")]
        frame = [one for one in own if "citation" not in one and "text" not in one]
        assert len(own) - len(frame) <= least, own
        assert len(sent_now) <= least + 5, sent_now


def test_a_finding_opens_the_duty_in_the_draft(scene: Scene) -> None:
    with scene.app.app_context():
        step = step_for(scene.checker, FIRST)
        check(scene.checker, step, TextVerdict.DIFFERS, TextVerdict.AGREES)
        db.session.remove()
    home = scene.desk.get("/beranda").text
    assert "Temuan pencocokan naskah" in home
    draft = scene.desk.get("/peran/ubah").text
    assert 'id="temuan-naskah"' in draft
    assert f'href="/peran/ubah/tugas/{KEY}"' in draft
    page = " ".join(scene.desk.get(f"/peran/ubah/tugas/{KEY}").text.split())
    assert "UU 21/2007 Pasal 32: tidak sesuai dengan naskah." in page
    assert "Pasal menyebut orang lain." in page
    other = scene.desk.get("/peran/ubah/tugas/kejati-memblokir-harta").text
    assert "tidak sesuai dengan naskah" not in other
    assert "Pasal menyebut orang lain." not in scene.desk.get("/peran?uraian=1").text


def test_everybody_who_reads_the_mapping_sees_the_office_and_no_name(
    scene: Scene, app: flask.Flask
) -> None:
    with app.app_context():
        step = step_for(scene.checker, FIRST)
        check(scene.checker, step, TextVerdict.AGREES, TextVerdict.DOUBTFUL)
        reader = factories.person(AccessKind.AUDITOR, home="inspektorat")
        db.session.remove()
    said = f"dicocokkan dengan naskah, 13 Oktober 2026, {OFFICE}"
    doubt = f"kesesuaian dengan naskah diragukan {OFFICE}, 13 Oktober 2026"
    one = sit_down(app, reader)
    page = " ".join(one.get("/peran?uraian=1").text.split())
    assert f"({said})" in page
    assert f"({doubt})" in page
    card = " ".join(scene.desk.get("/kartu-peran/64/polda").text.split())
    assert f"UU 21/2007 Pasal 32 ({said})" in card or f"Pasal 32 ({said})" in card
    for text in (page, card):
        assert "focal_point.biro-hukum" not in text
    paper = " ".join(" ".join(pages(scene.desk.get("/kartu-peran/64/polda.pdf").data)).split())
    assert said in paper
    book = openpyxl.load_workbook(io.BytesIO(one.get("/peran.xlsx").data))
    found = {row[2]: row[7] for row in book["Uraian tugas"].iter_rows(values_only=True)}
    assert found["Dapat memerintahkan pemblokiran harta tersangka TPPO pada penyedia jasa keuangan "
                 "bila diperlukan"] == said  # fmt: skip
    assert len(found) > 190


def test_the_instrument_says_since_when(scene: Scene) -> None:
    with scene.app.app_context():
        for step in queries.steps(scene.checker):
            if step.instrument_key == "uu-8-2010":
                check(scene.checker, step, TextVerdict.AGREES)
        day = today()
        db.session.remove()
    page = " ".join(scene.desk.get("/peran/ubah/dasar").text.split())
    assert re.search(r"uu-8-2010\">UU 8/2010</a></th>.{0,200}13 Oktober 2026", page), day


def test_a_law_is_shown_as_text_and_never_as_markup(scene: Scene) -> None:
    with scene.app.app_context():
        bring(scene.checker, LAW.replace("Contoh: penyidik", "<b onclick=x>Contoh</b>: penyidik"))
        db.session.remove()
    assert "&lt;b onclick=x&gt;Contoh" in scene.page()
