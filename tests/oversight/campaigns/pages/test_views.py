"""The page of all agencies' answers, the campaign's forms, its letter and its command."""

import io
import re
from datetime import timedelta

import docx
import flask

from coordinator.clock import today
from coordinator.mapping.versions import service as versions
from coordinator.mapping.versions.queries import published
from coordinator.oversight.campaigns import queries, service
from coordinator.oversight.campaigns.cli import ask_command
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.conftest import Browser
from tests.mapping.answers.builders import NIK, person_elsewhere, sit_down
from tests.mapping.duties.builders import KEY, reworded
from tests.oversight.campaigns.builders import accept_all, deliver, refuse_first, start, told
from tests.statements import statements


def a_day() -> str:
    """A fortnight from now, as it is typed."""
    return f"{today() + timedelta(days=14):%d/%m/%Y}"


def test_from_the_form_to_the_mail(app: flask.Flask, browser: Browser, head: Viewer) -> None:
    with app.app_context():
        typed = {"scope": "all", "target_on": a_day(), "message": "Mohon dibahas di rapat staf."}
    shown = browser.post("/jawab/kampanye/periksa", typed, page="/jawab/kampanye/baru", status=200)
    assert shown.status_code == 200
    assert 'value="dispora"' in shown.text
    assert "Pengingat H-7" in shown.text
    with app.app_context():
        assert told() == []  # nothing has begun
    done = browser.post(
        "/jawab/kampanye/baru", {**typed, "instansi": ["dispora"]}, page="/jawab/kampanye/baru"
    )
    page = browser.get(done.location).text
    assert "Permintaan jawaban dimulai." in page
    assert "Mohon dibahas di rapat staf." in page
    assert "Kepala, email pertama" in page
    assert "untuk 1 instansi" in page
    with app.app_context():
        assert [mail.to_address for mail in told()] == [factories.email_of(head)]


def test_what_is_wrong_is_said_at_its_field_and_kept(app: flask.Flask, browser: Browser) -> None:
    for typed, said in (
        ({"scope": "all", "target_on": "31/02/2027"}, "Tanggal tidak dikenali"),
        ({"scope": "group", "target_on": "31/12/2026", "group": ""}, "Pilih pokja."),
        ({"target_on": "31/12/2026"}, "Pilih satu."),
        ({"scope": "all", "target_on": "31/12/2026", "message": f"NIK {NIK}"}, "NIK"),
        ({"scope": "changed", "target_on": "31/12/2026"}, "Tidak ada instansi"),
    ):
        answer = browser.post(
            "/jawab/kampanye/periksa", typed, page="/jawab/kampanye/baru", status=422
        )
        assert answer.status_code == 422, typed
        assert said in answer.text
        assert f'value="{typed["target_on"]}"' in answer.text
    past = {"scope": "all", "target_on": "01/01/2026", "instansi": ["dispora"]}
    answer = browser.post("/jawab/kampanye/baru", past, page="/jawab/kampanye/baru", status=422)
    assert answer.status_code == 422
    assert "Pilih hari sesudah hari ini" in answer.text


def test_a_second_campaign_is_refused_and_the_first_can_be_ended(
    app: flask.Flask, browser: Browser, secretariat: Viewer
) -> None:
    with app.app_context():
        campaign = start(secretariat).public_id
        typed = {"scope": "all", "target_on": a_day(), "instansi": ["dispora"]}
    answer = browser.post("/jawab/kampanye/baru", typed, page="/jawab/kampanye/baru", status=409)
    assert answer.status_code == 409
    assert "Sudah ada permintaan jawaban yang berjalan." in answer.text
    done = browser.post(f"/jawab/kampanye/{campaign}/akhiri", {}, page="/jawab/instansi")
    assert "Permintaan jawaban diakhiri." in browser.get(done.location).text


def test_the_page_counts_each_state_and_says_who_needs_a_letter(
    app: flask.Flask, browser: Browser, secretariat: Viewer, head: Viewer
) -> None:
    with app.app_context():
        refuse_first(head)
        start(secretariat)
    with statements(app) as sent:
        page = browser.get("/jawab/instansi")
    assert page.status_code == 200
    assert len(sent) <= 24
    row = page.text.partition(">Dispora</a>")[2].partition("</tr>")[0]
    assert ">2" in row.partition("Diterima")[0]
    assert "/tanya?instansi=dispora" in row
    letters = browser.get("/jawab/instansi?keadaan=surat").text
    assert ">Dinsos</a>" in letters  # nobody to write to
    assert ">Dispora</a>" not in letters


def test_the_leadership_and_the_inspector_read_it_without_buttons(
    app: flask.Flask, secretariat: Viewer
) -> None:
    with app.app_context():
        start(secretariat)
        readers = [
            factories.person(AccessKind.LEADERSHIP),
            factories.person(AccessKind.AUDITOR, home="inspektorat"),
        ]
    for reader in readers:
        page = sit_down(app, reader).get("/jawab/instansi").text
        assert "Jawaban paling lambat" in page
        assert "Akhiri permintaan jawaban" not in page
        assert "surat.docx" not in page
    summary = sit_down(app, readers[0]).get("/ringkasan").text
    assert "uraian tugas sudah dijawab instansinya." in summary
    assert "Jawaban diminta paling lambat" in summary


def test_an_agency_sees_the_day_on_its_page(
    app: flask.Flask, secretariat: Viewer, head: Viewer
) -> None:
    with app.app_context():
        start(secretariat)
    browser = sit_down(app, head)
    assert "Sekretariat meminta jawaban paling lambat" in browser.get("/jawab").text
    with app.app_context():
        accept_all(head)
    assert "Sekretariat meminta jawaban" not in browser.get("/jawab").text


def test_the_letter_opens_and_names_the_duties(
    app: flask.Flask, browser: Browser, secretariat: Viewer, head: Viewer
) -> None:
    with app.app_context():
        start(secretariat, message="Mohon *dibahas* #segera.")
    answer = browser.get("/jawab/instansi/dispora/surat.docx")
    paper = docx.Document(io.BytesIO(answer.data))
    words = "\n".join(part.text for part in paper.paragraphs)
    assert "Kepala Dinas Pemuda dan Olahraga" in words
    assert "Mohon *dibahas* #segera." in words
    rows = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert any("Belum ditetapkan" in text for text in rows)
    assert browser.get("/jawab/instansi/dispora/surat.pdf").data.startswith(b"%PDF-")
    browser.get("/jawab/instansi/tidak-ada/surat.pdf", status=404)


def test_a_new_version_leads_to_the_campaign_with_one_mail(
    app: flask.Flask, browser: Browser, secretariat: Viewer, head: Viewer
) -> None:
    with app.app_context():
        accept_all(head)
        mapping = published(factories.task_force().id)
        assert mapping is not None
        changed = reworded(mapping, KEY, text="Mengawasi pengiriman pemuda.")
        versions.save_draft(changed, revision=0, by=secretariat)
    page = browser.get("/peran/ubah").text
    seen = page.partition('id="seen-terbit"')[2].partition('value="')[2].partition('"')[0]
    done = browser.post(
        "/peran/ubah/terbitkan",
        {
            "seen": seen,
            "reason": "Panduan teknis",
            "effective_on": f"{today():%d/%m/%Y}",
            "notify": "y",
            "ask": "y",
        },
        page="/peran/ubah",
    )
    assert done.location.endswith("/jawab/kampanye/baru?cakupan=changed&terbit=2&email=1")
    assert "Versi 2 terbit." in browser.get(done.location).text
    with app.app_context():
        typed = {"scope": "changed", "target_on": a_day(), "instansi": ["dispora"]}
    browser.post("/jawab/kampanye/baru", typed, page="/jawab/kampanye/baru")
    with app.app_context():
        assert [row.state.value for row in told("mapping_changed")] == ["cancelled"]
        (mail,) = told()
        assert "Mengawasi pengiriman pemuda." in mail.text
        assert "Pemetaan versi 2 mengubah tugas ini." in mail.text
        assert any(link.path.startswith("/peran/versi/2") for link in mail.mail_links)


def test_the_same_from_the_shell(app: flask.Flask, head: Viewer) -> None:
    runner = app.test_cli_runner()
    with app.app_context():
        day = f"{today() + timedelta(days=14):%Y-%m-%d}"
    shown = runner.invoke(ask_command, ["--by", day, "--scope", "all", "--dry-run"])
    assert shown.exit_code == 0
    assert "Dispora: 3 tugas, 1 email" in shown.output
    with app.app_context():
        assert told() == []
    done = runner.invoke(ask_command, ["--by", day, "--scope", "all"])
    assert done.exit_code == 0, done.output
    again = runner.invoke(ask_command, ["--by", day, "--scope", "all"])
    assert again.exit_code == 1
    assert "Sudah ada permintaan jawaban yang berjalan." in again.output
    with app.app_context():
        assert len(told()) == 1


def test_a_campaign_ends_after_a_question_and_stays_to_be_read(
    app: flask.Flask, browser: Browser, secretariat: Viewer, head: Viewer
) -> None:
    with app.app_context():
        campaign = start(secretariat, message="Mohon dibahas.").public_id
    page = browser.get("/jawab/instansi").text
    assert f'href="/jawab/kampanye/{campaign}/akhiri"' in page
    assert f'action="/jawab/kampanye/{campaign}/akhiri"' not in page
    asked = browser.get(f"/jawab/kampanye/{campaign}/akhiri").text
    assert "Akhiri permintaan jawaban?" in asked
    assert "1 dibatalkan." in asked
    with app.app_context():
        assert queries.running(secretariat) is not None
    browser.post(f"/jawab/kampanye/{campaign}/akhiri", {})
    page = browser.get("/jawab/instansi").text
    assert "Kepala, email pertama" in page  # it can still be read
    with app.app_context():  # and nothing is asked any more
        ended = queries.campaigns(secretariat)[0]
        assert not any(one.asked_open for one in queries.progress(secretariat, ended).agencies)
    assert f'href="/jawab/kampanye/{campaign}"' in page
    former = browser.get(f"/jawab/kampanye/{campaign}").text
    assert "Kepala, email pertama" in former
    assert "Mohon dibahas." in former
    with app.app_context():
        stranger = person_elsewhere(AccessKind.SECRETARIAT)
    sit_down(app, stranger).get(f"/jawab/kampanye/{campaign}", status=404)


def test_the_check_page_refuses_a_past_day_and_keeps_the_ticks(
    app: flask.Flask, browser: Browser, head: Viewer
) -> None:
    past = {"scope": "all", "target_on": "01/01/2026"}
    page = browser.post("/jawab/kampanye/periksa", past, page="/jawab/kampanye/baru", status=422)
    assert "Pilih hari sesudah hari ini" in page.text
    with app.app_context():
        typed = {"scope": "all", "target_on": a_day(), "message": "Mohon dibahas."}
    shown = browser.post("/jawab/kampanye/periksa", typed, page="/jawab/kampanye/baru", status=200)
    assert "<details" not in shown.text.partition('name="instansi"')[0].rpartition("<form")[2]
    nobody = browser.post("/jawab/kampanye/baru", typed, page="/jawab/kampanye/baru", status=422)
    assert "Centang paling sedikit satu instansi." in nobody.text
    late = {**past, "instansi": ["dispora"]}
    kept = browser.post("/jawab/kampanye/baru", late, page="/jawab/kampanye/baru", status=422).text
    boxes = re.findall(r'name="instansi"[^>]*value="([\w-]+)"( checked)?', kept)
    assert [slug for slug, checked in boxes if checked] == ["dispora"]
    back = browser.post(
        "/jawab/kampanye/periksa", {**typed, "ubah": "1"}, page="/jawab/kampanye/baru", status=200
    ).text
    assert "Mohon dibahas." in back
    assert f'value="{typed["target_on"]}"' in back


def test_the_check_page_says_who_got_it_already(
    app: flask.Flask, browser: Browser, secretariat: Viewer, head: Viewer
) -> None:
    with app.app_context():
        campaign = start(secretariat)
        deliver()
        service.end(campaign.public_id, by=secretariat)
        typed = {"scope": "all", "target_on": a_day(), "instansi": ["dispora"]}
    page = browser.post(
        "/jawab/kampanye/periksa", typed, page="/jawab/kampanye/baru", status=200
    ).text
    assert "1 orang menerima email tentang tugas yang sama" in page
    assert "0 email" in page
    browser.post("/jawab/kampanye/baru", {**typed, "lagi": "y"}, page="/jawab/kampanye/baru")
    with app.app_context():
        assert len(told()) == 2
