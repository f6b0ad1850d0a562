"""The pages of the draft and the versions, over HTTP, as the secretariat and an agency see them."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import flask
import pytest
import time_machine

from coordinator.mapping.duties.document import MAPPING_FORMAT, document
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.versions import service
from coordinator.permissions import AccessKind
from tests import factories
from tests.conftest import Browser
from tests.mapping.duties.builders import KEY, reworded
from tests.mapping.versions.builders import form_fields

NIK = "6472015708900003"


@pytest.fixture
def secretariat(app: flask.Flask, browser: Callable[[], Browser]) -> Browser:
    """A secretariat officer of Kaltim, signed in."""
    with app.app_context():
        email = factories.email_of(factories.person(AccessKind.SECRETARIAT))
    return browser().sign_in(email, factories.PASSWORD)


@pytest.fixture
def colleague(app: flask.Flask, browser: Callable[[], Browser]) -> Browser:
    """Another officer of the same secretariat."""
    with app.app_context():
        viewer = factories.person(AccessKind.SECRETARIAT, email="rekan@uji.example")
        email = factories.email_of(viewer)
    return browser().sign_in(email, factories.PASSWORD)


def send(who: Browser, path: str, change: dict[str, object], *, status: int = 303) -> str:
    """Open a page, change some of its form's fields, send it; return the answer's text."""
    data = form_fields(who.get(path).text, path.split("?")[0])
    answer = who.client.post(path, data={**data, **change}, content_type="multipart/form-data")
    complaints = re.findall(r'class="error"[^>]*>([^<]+)<', answer.text)
    assert answer.status_code == status, (answer.status_code, complaints)
    return str(answer.text)


def upload(who: Browser, text: str | bytes, *, status: int = 303) -> str:
    """Upload a file as the draft."""
    data = form_fields(who.get("/peran/ubah").text, "/peran/ubah/berkas")
    raw = text if isinstance(text, bytes) else text.encode()
    answer = who.client.post(
        "/peran/ubah/berkas",
        data={**data, "file": (io.BytesIO(raw), "peran baru.yaml")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == status, answer.text[:600]
    return str(answer.text)


def publish(who: Browser, *, status: int = 303, **change: object) -> str:
    """Publish the draft with a reason."""
    data = form_fields(who.get("/peran/ubah").text, "/peran/ubah/terbitkan")
    answer = who.client.post(
        "/peran/ubah/terbitkan", data={**data, "reason": "SK Gubernur", **change}
    )
    assert answer.status_code == status, answer.text[:600]
    return str(answer.text)


PARTS = (
    f"/peran/ubah/tugas/{KEY}",
    "/peran/ubah/instansi/dispora",
    "/peran/ubah/dasar/uu-21-2007",
    "/peran/ubah/pokja/pencegahan",
)


def drafts(app: flask.Flask) -> int:
    """How many drafts there are."""
    with app.app_context():
        return int(
            factories.db.session.scalar(factories.sa.text("SELECT count(*) FROM mapping_draft"))
            or 0
        )


@pytest.mark.parametrize("path", PARTS)
def test_saving_a_form_nobody_touched_changes_nothing(
    app: flask.Flask, secretariat: Browser, path: str
) -> None:
    send(secretariat, path, {})
    assert drafts(app) == 0
    assert "Belum ada perubahan" in secretariat.get("/peran/ubah").text


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_no_part_of_the_real_mapping_is_changed_by_its_own_form(
    app: flask.Flask, secretariat: Browser, mapping: Mapping
) -> None:
    """Every agency with its six memberships, every instrument, and duties of each kind of basis."""
    duties = {(d.status, len(d.citations), d.unit is None): d.id for d in mapping.duties}
    paths = [f"/peran/ubah/tugas/{key}" for key in duties.values()]
    paths += [f"/peran/ubah/instansi/{part.id}" for part in mapping.agencies[::3]]
    paths += [f"/peran/ubah/dasar/{part.id}" for part in mapping.legal_instruments[::3]]
    for path in paths:
        send(secretariat, path, {})
    assert drafts(app) == 0


def test_a_reworded_duty_waits_in_the_draft_until_it_is_published(
    app: flask.Flask, secretariat: Browser
) -> None:
    with app.app_context():
        factories.person(AccessKind.AGENCY_HEAD, "dispora")
    send(secretariat, f"/peran/ubah/tugas/{KEY}", {"text": "Mengawasi magang pemuda"})
    page = secretariat.get("/peran/ubah").text
    assert "1 perubahan untuk 1 instansi" in page
    assert "Mengawasi magang pemuda" in page
    assert "Kirim email ke 1 instansi" in page
    assert "1 tugas baru atau berubah perlu dijawab" in page
    assert "Mengawasi magang pemuda" not in secretariat.get("/peran").text
    publish(secretariat)
    page = secretariat.get("/peran/versi/2?terbit=1").text
    assert "Versi 2 terbit." in page
    assert "Setelah itu email dikirim" in page
    assert "Mengawasi magang pemuda" in page
    assert "SK Gubernur" in secretariat.get("/peran/versi").text
    assert "Belum ada perubahan" in secretariat.get("/peran/ubah").text


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_where_no_mail_waits_none_is_said_to_leave(secretariat: Browser) -> None:
    """Nobody of the agency is registered here."""
    send(secretariat, f"/peran/ubah/tugas/{KEY}", {"text": "Mengawasi magang pemuda"})
    publish(secretariat)
    page = secretariat.get("/peran/versi/2?terbit=0").text
    assert "Tidak ada email yang dikirim." in page
    assert "email berangkat" not in page


def test_what_was_typed_stays_with_its_error(secretariat: Browser) -> None:
    path = f"/peran/ubah/tugas/{KEY}"
    page = send(secretariat, path, {"text": f"Mendata {NIK}", "unit": "Bidang Pemuda"}, status=422)
    assert "Ada angka seperti NIK" in page
    assert 'value="Bidang Pemuda"' in page
    assert "<title>Galat:" in page
    page = send(
        secretariat,
        path,
        {"status": "regulation", "citations-0-instrument": "", "citations-0-article": ""},
        status=422,
    )
    assert "paling sedikit satu pasal" in page
    page = send(
        secretariat, path, {"status": "proposal", "source": "", "new_source": ""}, status=422
    )
    assert "Pilih sumber usulan" in page


NIK_FIELDS = (
    [
        (f"/peran/ubah/tugas/{KEY}", name)
        for name in (
            "text",
            "unit",
            "new_source",
            "evidence",
            "not_evidence",
            "example",
            "citations-0-article",
            "citations-0-note",
        )
    ]
    + [
        ("/peran/ubah/instansi/dispora", name)
        for name in (
            "name",
            "abbreviation",
            "aliases",
            "note",
            "new_source",
            "memberships-0-article",
        )
    ]
    + [("/peran/ubah/dasar/uu-21-2007", name) for name in ("short", "title", "note")]
    + [("/peran/ubah/pokja/pencegahan", name) for name in ("short", "name", "scope", "code")]
)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_every_text_field_refuses_a_nik(app: flask.Flask, secretariat: Browser) -> None:
    for path, name in NIK_FIELDS:
        page = send(secretariat, path, {name: NIK}, status=422)
        assert "Ada angka seperti NIK" in page, (path, name)
        assert NIK in page, (path, name)
    assert drafts(app) == 0


def test_a_new_duty_of_an_agency_that_is_not_in_the_pokja(
    app: flask.Flask, secretariat: Browser, mapping: Mapping
) -> None:
    inside = {m.working_group for m in mapping.memberships if m.agency == "dispora"}
    group = next(g.id for g in mapping.working_groups if g.id not in inside)
    path = f"/peran/ubah/tugas/baru?instansi=dispora&pokja={group}"
    typed = {"text": "Menyiapkan ruang aman", "source": "usulan-sekretariat"}
    page = send(secretariat, path, typed, status=422)
    assert "bukan anggota Pokja" in page
    send(secretariat, path, {**typed, "join": "y"})
    send(secretariat, path, {**typed, "join": "y"})  # pressed twice: one duty
    page = secretariat.get("/peran/ubah").text
    assert "2 perubahan untuk 1 instansi" in page
    publish(secretariat)
    with app.app_context():
        found = document(factories.task_force().id, 2)
    assert found is not None
    (duty,) = [d for d in found.duties if d.text == "Menyiapkan ruang aman"]
    assert (duty.id, duty.working_group) == ("dispora-menyiapkan-ruang-aman", group)
    (member,) = [m for m in found.memberships if (m.agency, m.working_group) == ("dispora", group)]
    assert (member.status.value, member.source) == ("proposal", "usulan-sekretariat")


def test_a_second_lead_is_named_and_replaced_only_on_purpose(
    app: flask.Flask, secretariat: Browser, mapping: Mapping
) -> None:
    at = next(
        n
        for n, group in enumerate(mapping.working_groups)
        if any(
            m.agency == "dispora" and m.working_group == group.id and m.as_.value == "member"
            for m in mapping.memberships
        )
    )
    lead = next(
        m.agency
        for m in mapping.memberships
        if m.working_group == mapping.working_groups[at].id and m.as_.value == "lead"
    )
    path = "/peran/ubah/instansi/dispora"
    page = send(secretariat, path, {f"memberships-{at}-kind": "lead"}, status=422)
    name = next(a.abbreviation for a in mapping.agencies if a.id == lead)
    assert f"sudah dikoordinasi {name}" in page
    send(secretariat, path, {f"memberships-{at}-kind": "lead", "replace_lead": "y"})
    page = secretariat.get("/peran/ubah").text
    assert "2 perubahan untuk 2 instansi" in page
    page = send(secretariat, path, {f"memberships-{at}-kind": ""}, status=422)
    assert "Masih ada" in page


def test_two_people_at_one_duty_see_both_texts(secretariat: Browser, colleague: Browser) -> None:
    path = f"/peran/ubah/tugas/{KEY}"
    mine = form_fields(secretariat.get(path).text, path)
    send(colleague, path, {"text": "Bunyi dari rekan"})
    answer = secretariat.client.post(path, data={**mine, "text": "Bunyi dari saya"})
    assert answer.status_code == 409
    assert "Bunyi dari rekan" in answer.text
    assert "Bunyi dari saya" in answer.text
    # Sent once more, with both in sight, it is kept.
    again = form_fields(answer.text, path)
    assert again["text"] == "Bunyi dari saya"
    assert secretariat.client.post(path, data=again).status_code == 303
    assert "Bunyi dari saya" in secretariat.get("/peran/ubah").text


def test_two_people_at_two_parts_do_not_meet(secretariat: Browser, colleague: Browser) -> None:
    path = f"/peran/ubah/tugas/{KEY}"
    mine = form_fields(secretariat.get(path).text, path)
    send(colleague, "/peran/ubah/pokja/pencegahan", {"short": "Cegah"})
    answer = secretariat.client.post(path, data={**mine, "text": "Bunyi dari saya"})
    assert answer.status_code == 303
    page = secretariat.get("/peran/ubah").text
    assert "Bunyi dari saya" in page
    assert "Cegah" in page


def test_publishing_what_one_has_not_seen_is_refused(
    app: flask.Flask, secretariat: Browser, colleague: Browser
) -> None:
    send(secretariat, f"/peran/ubah/tugas/{KEY}", {"text": "Satu"})
    seen = form_fields(secretariat.get("/peran/ubah").text, "/peran/ubah/terbitkan")
    send(colleague, "/peran/ubah/pokja/pencegahan", {"short": "Cegah"})
    answer = secretariat.client.post("/peran/ubah/terbitkan", data={**seen, "reason": "SK 12"})
    assert answer.status_code == 409
    assert 'value="SK 12"' in answer.text
    with app.app_context():
        assert document(factories.task_force().id, 2) is None


def test_parts_are_removed_only_where_nothing_refers_to_them(secretariat: Browser) -> None:
    for path in (
        "/peran/ubah/instansi/dispora",
        "/peran/ubah/pokja/pencegahan",
    ):
        data = form_fields(secretariat.get(path).text, f"{path}/hapus")
        answer = secretariat.client.post(f"{path}/hapus", data=data)
        assert answer.status_code == 409
        assert "masih punya" in answer.text
    path = f"/peran/ubah/tugas/{KEY}"
    data = form_fields(secretariat.get(path).text, f"{path}/hapus")
    assert secretariat.client.post(f"{path}/hapus", data=data).status_code == 303
    page = secretariat.get("/peran/ubah").text
    assert "Dihapus" in page
    secretariat.get(path, status=404)


def test_pokja_are_added_moved_and_retired(secretariat: Browser) -> None:
    send(
        secretariat,
        "/peran/ubah/pokja/baru",
        {
            "number": "VII",
            "code": "DATA",
            "short": "Data",
            "name": "Sub Gugus Tugas Data",
            "scope": "Data dan laporan",
        },
    )
    page = secretariat.get("/peran/ubah/pokja").text
    assert "VII Data" in page
    answer = secretariat.client.post(
        "/peran/ubah/pokja/data/geser",
        data={**form_fields(page, "/peran/ubah/pokja/data/geser"), "arah": "naik"},
    )
    assert answer.status_code == 303
    page = secretariat.get("/peran/ubah/pokja").text
    assert page.index("VII Data") < page.index(">VI ")
    assert "Pokja VII belum punya anggota" in secretariat.get("/peran/ubah").text
    data = form_fields(
        secretariat.get("/peran/ubah/pokja/data").text, "/peran/ubah/pokja/data/hapus"
    )
    assert secretariat.client.post("/peran/ubah/pokja/data/hapus", data=data).status_code == 303
    assert "VII Data" not in secretariat.get("/peran/ubah/pokja").text


# --- files ---------------------------------------------------------------------------------------


def test_a_file_becomes_the_draft_and_comes_back_the_same(
    secretariat: Browser, mapping: Mapping
) -> None:
    changed = reworded(mapping, KEY, text="Mengawasi: 'magang' #1 pemuda 🙂")
    upload(secretariat, MAPPING_FORMAT.to_yaml(changed))
    page = secretariat.get("/peran/ubah?diunggah=1").text
    assert "1 perubahan untuk 1 instansi" in page
    assert secretariat.get("/peran/ubah/pemetaan.yaml").text == MAPPING_FORMAT.to_yaml(changed)
    answer = upload(secretariat, MAPPING_FORMAT.to_yaml(changed))
    assert "409" not in answer


def test_a_bad_file_leaves_the_draft_as_it_was(
    app: flask.Flask, secretariat: Browser, mapping: Mapping
) -> None:
    text = MAPPING_FORMAT.to_yaml(mapping)
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "agency: dispora" in row)
    page = upload(secretariat, text.replace("agency: dispora", "agency: disporra"), status=422)
    assert "Draf tidak berubah" in page
    assert "disporra" in page
    assert re.search(rf">{line}</td>", page)
    page = upload(secretariat, text.replace("title: ", f"title: {NIK} ", 1), status=422)
    assert "mirip NIK" in page
    assert NIK not in page
    page = upload(secretariat, b"a: [1, 2", status=422)
    assert "Bukan YAML yang benar" in page
    page = upload(secretariat, b"x" * 10_000_001, status=422)
    assert "paling besar 5 MB" in page
    page = upload(secretariat, text.replace("'64'", "'65'"), status=422)
    assert "gugus tugas 65" in page
    assert drafts(app) == 0


def test_a_file_equal_to_what_is_in_force_makes_no_draft(
    app: flask.Flask, secretariat: Browser, mapping: Mapping
) -> None:
    upload(secretariat, MAPPING_FORMAT.to_yaml(mapping))
    assert drafts(app) == 0


def test_an_error_in_the_draft_holds_publishing(
    app: flask.Flask, secretariat: Browser, mapping: Mapping
) -> None:
    """A draft kept before a rule was made stricter, for one: here with two leads."""
    leads = [m for m in mapping.memberships if m.working_group == "pencegahan"]
    broken = replace(
        mapping,
        memberships=[
            replace(m, as_=leads[0].as_) if m is leads[1] else m for m in mapping.memberships
        ],
    )
    with app.app_context():
        viewer = factories.person(AccessKind.SECRETARIAT, email="lain@uji.example")
        service.save_draft(broken, revision=0, by=viewer)
    page = secretariat.get("/peran/ubah").text
    assert "1 galat menahan penerbitan" in page
    assert "punya dua koordinator" in page
    assert f"/peran/ubah/instansi/{leads[1].agency}" in page
    page = publish(secretariat, status=422)
    assert "Perbaiki dahulu" in page


def test_a_draft_is_carried_over_to_a_newer_version(
    app: flask.Flask, secretariat: Browser, mapping: Mapping
) -> None:
    """A ruling publishes a version while a draft of twenty edits waits: none of them is lost."""
    send(secretariat, f"/peran/ubah/tugas/{KEY}", {"text": "Dari draf"})
    other = next(d.id for d in mapping.duties if d.agency == "dinsos")
    with app.app_context():
        service.publish(reworded(mapping, other, text="Dari ketetapan"), by=None, reason="x")
    page = publish(secretariat, status=409)
    assert "sudah terbit versi 2" in page
    answer = secretariat.client.post(
        "/peran/ubah/pindahkan", data=form_fields(page, "/peran/ubah/pindahkan")
    )
    assert answer.status_code == 303
    page = secretariat.get("/peran/ubah").text
    assert "1 perubahan untuk 1 instansi" in page
    publish(secretariat)
    with app.app_context():
        found = document(factories.task_force().id, 3)
    assert found is not None
    texts = {duty.text for duty in found.duties}
    assert {"Dari draf", "Dari ketetapan"} <= texts


def test_a_discarded_draft_is_gone(app: flask.Flask, secretariat: Browser) -> None:
    send(secretariat, f"/peran/ubah/tugas/{KEY}", {"text": "Satu"})
    data = form_fields(secretariat.get("/peran/ubah").text, "/peran/ubah/buang")
    assert secretariat.client.post("/peran/ubah/buang", data=data).status_code == 303
    assert drafts(app) == 0


def test_publishing_says_the_earliest_day(app: flask.Flask, secretariat: Browser) -> None:
    with app.app_context():
        clock = factories.today()
        factories.open_period(
            opens_on=clock - timedelta(days=12), closes_on=clock - timedelta(days=4)
        )
    send(secretariat, f"/peran/ubah/tugas/{KEY}", {"text": "Satu"})
    assert "Paling awal 30 September 2026" in secretariat.get("/peran/ubah").text
    page = publish(secretariat, status=422, effective_on="2026-09-29")
    assert "Galat: Paling awal 30 September 2026" in page
    assert 'value="2026-09-29"' in page
    publish(secretariat, effective_on="30/09/2026")


# --- versions ------------------------------------------------------------------------------------


def test_an_agency_reads_what_changed_for_it_and_what_it_must_answer(
    app: flask.Flask, secretariat: Browser, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        head = factories.email_of(factories.person(AccessKind.AGENCY_HEAD, "dispora"))
    send(secretariat, f"/peran/ubah/tugas/{KEY}", {"text": "Mengawasi magang"})
    publish(secretariat)
    reader = browser().sign_in(head, factories.PASSWORD)
    page = reader.get("/peran/versi/2?instansi=dispora").text
    assert "Apa yang berubah untuk Dispora" in page
    assert "Mengawasi magang" in page
    assert "1 tugas perlu Anda jawab" in page
    assert 'href="/jawab"' in page
    assert "Urungkan" not in page
    page = reader.get("/peran/versi/2?instansi=dinsos").text
    assert "tidak mengubah peran Dinsos" in page
    assert "Mengawasi magang" not in page
    reader.get("/peran/versi/3", status=404)
    reader.get("/peran/versi/2?instansi=tidakada", status=404)
    assert "Ubah tugas" not in reader.get("/peran/versi").text


def test_undo_is_offered_for_two_minutes(
    app: flask.Flask, secretariat: Browser, clock: time_machine.Traveller
) -> None:
    send(secretariat, f"/peran/ubah/tugas/{KEY}", {"text": "Satu"})
    publish(secretariat)
    page = secretariat.get("/peran/versi/2").text
    assert "sampai pukul 10.02 WITA" in page
    data = form_fields(page, "/peran/versi/2/urungkan")
    assert secretariat.client.post("/peran/versi/2/urungkan", data=data).status_code == 303
    assert "Versi 2 diurungkan." in secretariat.get("/peran/versi/3?diurungkan=2").text
    send(secretariat, f"/peran/ubah/tugas/{KEY}", {"text": "Dua"})
    publish(secretariat)
    clock.shift(timedelta(minutes=2))
    assert "Urungkan" not in secretariat.get("/peran/versi/4").text
    assert secretariat.client.post("/peran/versi/4/urungkan", data=data).status_code == 409


def test_another_task_force_sees_none_of_it(
    app: flask.Flask, secretariat: Browser, browser: Callable[[], Browser]
) -> None:
    send(secretariat, f"/peran/ubah/tugas/{KEY}", {"text": "Satu"})
    with app.app_context():
        other = factories.task_force("64.71")
        viewer = factories.person(AccessKind.SECRETARIAT, email="balikpapan@uji.example")
        factories.db.session.execute(
            factories.sa.text("UPDATE access_grant SET task_force_id = :f WHERE account_id = :a"),
            {"f": other.id, "a": viewer.account_id},
        )
        factories.db.session.connection().commit()
    reader = browser().sign_in("balikpapan@uji.example", factories.PASSWORD)
    assert "belum punya pemetaan" in reader.get("/peran/ubah").text
    for path in (*PARTS, "/peran/ubah/tugas", "/peran/versi/1", "/peran/ubah/pemetaan.yaml"):
        reader.get(path, status=404)
