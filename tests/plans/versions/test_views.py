"""The plan on screen: found, read, changed, discontinued, enacted."""

import html
import re
from collections.abc import Callable
from dataclasses import replace

import flask
import pytest

from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.document import PLAN_FORMAT
from coordinator.plans.actions.seed import PlanFile
from coordinator.plans.versions import service
from tests import factories
from tests.conftest import Browser
from tests.plans.versions.plans import new_action, regional

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
KEY = "ran-tppo-2025-2029"


@pytest.fixture
def office(app: flask.Flask, browser: Callable[[], Browser]) -> Browser:
    """The secretariat, signed in."""
    with app.app_context():
        viewer = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        factories.person(AccessKind.FOCAL_POINT, "dispora")
        factories.assign(viewer, "1.1")
        address = factories.email_of(viewer)
    return browser().sign_in(address, factories.PASSWORD)


def _fields(page: str) -> dict[str, str | list[str]]:
    """What a browser would send of the page's form as it is."""
    found: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="([^"]+)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if not name or (kind and kind[1] in ("checkbox", "radio") and "checked" not in tag):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        text = html.unescape(value[1]) if value else ""
        if kind and kind[1] == "checkbox" and name[1] != "notify":
            found.setdefault(name[1], [])
            own = found[name[1]]
            assert isinstance(own, list)
            own.append(text)
        else:
            found[name[1]] = text
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', body)
        first = re.search(r'value="([^"]*)"', body)
        found[name] = html.unescape((chosen or first or [None, ""])[1])
    for name, text in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>\s*(.*?)</textarea>', page, re.S
    ):
        found[name] = html.unescape(text)
    return found


def _stored(app: flask.Flask, code: str = "1.1") -> tuple[str, PlanFile]:
    with app.app_context():
        found = plans.in_force(KEY)
        assert found is not None
        return factories.action(code).public_id, found


def test_the_list_is_filtered_by_its_address_and_paged(office: Browser) -> None:
    page = office.get("/rencana").text
    assert "42 aksi, 1 sudah ditugaskan." in page
    assert "rancangan, belum ditetapkan" in page
    assert page.count('class="task"') == 42
    for query, count in (
        ("status=dipegang", 1),
        ("status=belum", 41),
        ("status=henti", 0),
        ("strategi=2", 3),
        ("pokja=rehabilitasi-kesehatan", 3),
        ("cari=magang+SMK", 1),
        ("cari=1.16", 1),
        ("cari=25%25", 0),
        ("rencana=tidak-ada", 0),
        ("tugas=pelaporan&urut=judul", None),
        ("strategi=²&urut=x&halaman=1", None),
    ):
        text = office.get(f"/rencana?{query}").text
        if count is not None:
            assert text.count('class="task"') == count, query
            assert "Hapus saringan" in text
    csv = office.get("/rencana.csv?strategi=2").get_data(as_text=True)
    assert csv.count("2.1") >= 1
    assert "1.16" not in csv


def test_one_action_is_changed_on_screen_with_a_reason(app: flask.Flask, office: Browser) -> None:
    action_id, before = _stored(app)
    page = office.get(f"/rencana/{action_id}").text
    assert "Dispora" in page
    assert "Mengawasi program pelatihan dan pengiriman pemuda" in page
    assert "Versi 1" in page
    form = _fields(office.get(f"/rencana/{action_id}/ubah").text)
    assert sorted(form["support"]) == sorted(before.actions[0].support)
    assert sorted(form["duties"]) == sorted(before.actions[0].duties)
    # Saved as it is: no version.
    office.post(f"/rencana/{action_id}/ubah", {**form, "reason": "Uji"})
    assert _stored(app)[1] == before
    nik = "NIK 6472" + "015503" + "900001"
    for fields, message in (
        ({"reason": ""}, "Tulis alasannya"),
        ({"reason": "x", "title": nik}, "angka seperti NIK"),
        ({"reason": "x", "title": "   "}, "Tulis aksinya"),
        ({"reason": "x", "code": "1.2"}, "Kode aksi 1.2 dipakai 2 kali"),
        ({"reason": "x", "target-0-semua-2026": "banyak"}, "Isi target dengan angka"),
        ({"reason": "x", "indicators-0-unit": ""}, "Tulis satuannya"),
    ):
        answer = office.post(f"/rencana/{action_id}/ubah", {**form, **fields}, status=422)
        assert message in answer.text
        assert _stored(app)[1] == before
    assert (
        'value="banyak"'
        in office.post(
            f"/rencana/{action_id}/ubah", {**form, "target-0-semua-2026": "banyak"}, status=422
        ).text
    )
    changes = {
        "reason": "Rapat 5",
        "basis": "Pasal 5",
        "target-0-province-2026": "20,5",
        "indicators-2-name": "Peserta",
        "indicators-2-unit": "orang",
        "target-2-semua-2026": "1,500",
    }
    asked = office.post(f"/rencana/{action_id}/ubah", {**form, **changes}, status=422).text
    assert "“1,500” dibaca 1 koma 5, bukan 1500" in asked
    assert 'name="yakin-target-2-semua-2026" value="1,500"' in asked
    assert _stored(app)[1] == before
    changes["target-2-semua-2026"] = "1.500"  # as people here group: nothing to ask
    office.post(f"/rencana/{action_id}/ubah", {**form, **changes})
    _id, after = _stored(app)
    part = after.actions[0]
    assert (part.basis, part.indicators[2].name) == ("Pasal 5", "Peserta")
    assert str(part.indicators[2].targets[2026]) == "1500"
    assert str(part.indicators[0].level_targets["province"][2026]) == "20.5"  # type: ignore[index]
    assert after.actions[1:] == before.actions[1:]
    version = office.get(f"/rencana/versi/{KEY}/2").text
    assert "Pasal 5" in version
    assert "Rapat 5" in version
    assert "1 dibatalkan." in office.get(f"/rencana/versi/{KEY}/2/urungkan").text
    # What was typed on an older state of the same action is not saved over it.
    late = office.post(
        f"/rencana/{action_id}/ubah", {**form, "reason": "Telat", "basis": "Lain"}, status=409
    )
    assert "baru saja diubah orang lain" in late.text
    assert 'value="Lain"' in late.text
    # Another action was not touched in between: its form still holds.
    other = _fields(office.get(f"/rencana/{_stored(app, '1.2')[0]}/ubah").text)
    assert other["seen"] == "2"
    office.post(
        f"/rencana/{_stored(app, '1.2')[0]}/ubah",
        {**other, "seen": "1", "reason": "x", "basis": "B"},
    )
    assert _stored(app)[1].actions[1].basis == "B"


def test_a_changed_target_says_that_the_assignment_keeps_its_own(
    app: flask.Flask, office: Browser
) -> None:
    address = f"/rencana/{_stored(app)[0]}/ubah"
    said = "Target di penugasan tidak ikut berubah."
    form = _fields(office.get(address).text)
    done = office.post(address, {**form, "reason": "Rapat 5", "basis": "Pasal 5"})
    page = office.get(done.location).text
    assert said not in page
    assert "menunggu dua menit" in page
    form = _fields(office.get(address).text)
    form.pop("notify", None)
    done = office.post(address, {**form, "reason": "Rapat 6", "target-0-semua-2026": "97"})
    page = office.get(done.location).text
    assert said in page
    assert "Penugasan ke Dispora tetap memakai target" in page
    assert "menunggu dua menit" not in page, "no mail was wanted"
    assert "Tidak ada email yang dikirim." in page


def test_a_target_below_the_law_is_asked_about_and_marked(
    app: flask.Flask, office: Browser
) -> None:
    action_id, before = _stored(app, "2.1")
    address = f"/rencana/{action_id}/ubah"
    page = office.get(address).text
    law = "Kewajiban hukum: 100 persen (UU 21/2007 Pasal 52 ayat (1) dan Pasal 53)"
    assert law in page
    shown = office.get(f"/rencana/{action_id}").text
    assert law in shown
    assert "belum disebut" not in shown, "the law stands one line below"
    low = {**_fields(page), "reason": "Rapat 6", "target-0-semua-2026": "80"}
    asked = office.post(address, low, status=422).text
    assert "target 2026 80 persen di bawah kewajiban hukum: 100" in asked
    assert 'value="80"' in asked
    assert "Galat:" not in asked, "it is a question"
    assert asked.index('name="below_law"') < asked.index('name="code"'), "beside what it asks"
    assert _stored(app, "2.1")[1] == before
    office.post(address, {**low, "below_law": "y"})
    after = next(one for one in _stored(app, "2.1")[1].actions if one.code == "2.1")
    assert after.indicators[0].targets[2026] == 80
    assert after.indicators[0].legal_floor is not None, "a save on screen keeps the floor"
    assert "di bawah kewajiban hukum" in office.get(f"/rencana/{action_id}").text
    listed = office.get("/rencana?cari=2.1").text
    assert "di bawah kewajiban hukum: 100, UU 21/2007 Pasal 52" in listed
    # It is in force now: another change of the action does not ask again.
    form = _fields(office.get(address).text)
    office.post(address, {**form, "reason": "Rapat 7", "basis": "Pasal 5"})


def test_an_action_is_added_discontinued_and_taken_up_again(
    app: flask.Flask, office: Browser
) -> None:
    form = _fields(office.get(f"/rencana/baru/{KEY}").text)
    office.post(
        f"/rencana/baru/{KEY}",
        {
            **form,
            "code": "1.17",
            "title": "Posko pelabuhan",
            "question": "Berapa posko?",
            "origin": "Rapat",
            "reason": "Rapat",
            "indicators-0-name": "Posko",
            "indicators-0-unit": "posko",
        },
    )
    action_id, stored = _stored(app, "1.17")
    assert stored.actions[-1].id == "posko-pelabuhan"
    page = office.get(f"/rencana/{action_id}/hentikan")
    office.post(
        f"/rencana/{action_id}/hentikan",
        {**_fields(page.text), "reason": "Tidak ada anggaran"},
    )
    shown = office.get("/rencana?status=henti").text
    assert "Posko pelabuhan" in shown
    assert "Tugaskan<" not in shown
    assert "Tidak ada anggaran" in office.get(f"/rencana/{action_id}").text
    page = office.get(f"/rencana/{action_id}/hentikan")
    office.post(f"/rencana/{action_id}/hentikan", {**_fields(page.text), "reason": "Ada lagi"})
    assert _stored(app)[1].actions[-1].discontinued is None
    history = office.get(f"/rencana/{action_id}").text
    assert history.count("Versi ") >= 3


def test_a_plan_is_enacted_with_its_basis_and_never_a_draft_again(
    app: flask.Flask, office: Browser
) -> None:
    with app.app_context():
        stored = plans.in_force(KEY)
        assert stored is not None
        head = replace(stored.plan, sample=False, title="RAN uji")
        service.publish(replace(stored, plan=head), by=None, reason="Naskah resmi")
    form = _fields(office.get(f"/rencana/tentang/{KEY}").text)
    wanted = {**form, "status": "enacted", "reason": "Terbit"}
    assert (
        "Tulis dasar penetapannya"
        in office.post(f"/rencana/tentang/{KEY}", wanted, status=422).text
    )
    office.post(f"/rencana/tentang/{KEY}", {**wanted, "basis": "Perpres contoh 1/2027"})
    for path in ("/rencana", f"/rencana/{_stored(app)[0]}", "/rencana/versi"):
        text = office.get(path).text
        assert "belum ditetapkan" not in text.replace("Usulan, belum ditetapkan", ""), path
        assert "itetapkan" in text
    again = office.get(f"/rencana/tentang/{KEY}").text
    assert 'value="draft"' not in again
    answer = office.post(
        f"/rencana/tentang/{KEY}", {**_fields(again), "status": "draft", "reason": "x"}, status=422
    )
    assert "Pilih salah satu" in answer.text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("status", "enacted", "Data contoh tidak dapat ditetapkan. Impor naskah resminya."),
        ("basis", "Perpres 1/2026", "Kosongkan: data contoh tidak punya dasar penetapan."),
        ("title", "RAN PP TPPO 2025-2029", "Isinya data contoh: sebut “DATA CONTOH” di sini."),
        ("note", "", "Isinya data contoh: sebut “DATA CONTOH” di sini."),
    ],
)
def test_a_sample_cannot_be_called_real_on_screen(
    app: flask.Flask, office: Browser, field: str, value: str, message: str
) -> None:
    address = f"/rencana/tentang/{KEY}"
    form = {**_fields(office.get(address).text), "reason": "Uji"}
    page = office.post(address, {**form, field: value}, status=422).text
    assert re.search(rf'<a[^>]*href="#{field}[^"]*"[^>]*>[^<]*{re.escape(message)}', page)
    with app.app_context():
        assert service.queries.newest_number(KEY) == 1
    office.post(address, {**form, "source": "Uji layar"})
    with app.app_context():
        stored = plans.in_force(KEY)
        assert stored is not None
        assert stored.plan.source == "Uji layar"


def test_versions_are_read_by_all_and_taken_back_on_the_page(
    app: flask.Flask, office: Browser, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
        stored = plans.in_force(KEY)
        assert stored is not None
        by = Viewer(
            factories.db.session.scalar(
                factories.sa.text("SELECT id FROM account WHERE email LIKE 'secretariat%'")
            ),
            AccessKind.SECRETARIAT,
            task_force_id=factories.task_force().id,
        )
        service.publish(
            replace(stored, actions=[*stored.actions, new_action(stored)]), by=by, reason="Uji"
        )
        service.publish(
            regional(stored, new_action(stored, "1.1", national=stored.actions[0].id)),
            by=by,
            reason="RAD",
        )
        address = factories.email_of(head)
    reader = browser().sign_in(address, factories.PASSWORD)
    page = reader.get(f"/rencana/versi/{KEY}/2").text
    assert "Aksi uji 1.90" in page
    assert "Urungkan" not in page
    empty = reader.get(f"/rencana/versi/{KEY}/2?instansi=dispora").text
    assert "Tidak ada aksi yang berubah" in empty
    reader.get(f"/rencana/versi/{KEY}/2?instansi=nobody", status=404)
    reader.get(f"/rencana/versi/{KEY}/2?dari=99&halaman=x")
    assert "RAD uji" in reader.get("/rencana/versi").text
    reader.get(f"/rencana/versi/{KEY}/2/urungkan", status=403)
    assert "Dilaksanakan di RAD" in reader.get(f"/rencana/{_national(app)}").text
    # One tap opens a page that says what comes back; nothing has changed yet.
    page = office.get(f"/rencana/versi/{KEY}/2").text
    assert f'href="/rencana/versi/{KEY}/2/urungkan"' in page
    asked = office.get(f"/rencana/versi/{KEY}/2/urungkan").text
    for words in ("Urungkan versi 2?", "Baru: 1", "Batal", "Email baru"):
        assert words in asked
    assert "Aksi uji 1.90" in office.get("/rencana?cari=Aksi+uji").text
    office.post(f"/rencana/versi/{KEY}/2/urungkan", {}, page=f"/rencana/versi/{KEY}/2/urungkan")
    assert "diurungkan" in office.get(f"/rencana/versi/{KEY}/3?diurungkan=2").text
    office.post(f"/rencana/versi/{KEY}/2/urungkan", {}, page="/akun", status=409)


def _national(app: flask.Flask) -> str:
    with app.app_context():
        found = plans.plan_by_key(KEY)
        assert found is not None
        return str(
            factories.db.session.scalar(
                factories.sa.text(
                    "SELECT public_id FROM action_item WHERE plan_id = :id ORDER BY position"
                ).bindparams(id=found.id)
            )
        )


def test_a_document_is_read_back_as_it_was_written(app: flask.Flask) -> None:
    with app.app_context():
        found = plans.in_force(KEY)
        assert found is not None
        assert PLAN_FORMAT.from_json(plans.newest_version(1).content) == found  # type: ignore[union-attr]
