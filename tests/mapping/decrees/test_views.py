"""The pages of decrees: the draft, entering the signed one, the list; what other pages then say."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import flask
import pytest

from coordinator.db import db
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.answers.service import answer_duty
from coordinator.mapping.decrees.effect import Choice
from coordinator.mapping.duties.rules import BasisStatus
from coordinator.mapping.versions import service as versions
from coordinator.mapping.versions.queries import published
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.conftest import Browser
from tests.mapping.answers.builders import NIK, duties_of, sit_down
from tests.mapping.decrees.builders import (
    SIGNED,
    enter,
    in_force,
    keep_decree,
    received,
    scan_bytes,
)
from tests.mapping.duties.builders import KEY, reworded
from tests.mapping.versions.builders import number
from tests.oversight.cards.builders import pages
from tests.statements import statements

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
SHORT = "SK 100.3.3.1/K.7/2026 tanggal 9 Oktober 2026"
TYPED = {
    "number": SIGNED.number,
    "signed_on": "09/10/2026",
    "about": SIGNED.about,
    "office": SIGNED.office,
}


@pytest.fixture
def officer(app: flask.Flask) -> Viewer:
    """A secretariat officer of Kaltim."""
    with app.app_context():
        return factories.person(AccessKind.SECRETARIAT)


@pytest.fixture
def secretariat(app: flask.Flask, officer: Viewer) -> Browser:
    """The officer at a browser."""
    return sit_down(app, officer)


@pytest.fixture
def person(app: flask.Flask) -> Callable[..., tuple[Viewer, Browser]]:
    """Return a maker of people at a browser."""

    def make(kind: AccessKind, *where: str) -> tuple[Viewer, Browser]:
        with app.app_context():
            viewer = factories.person(kind, *where)
        return viewer, sit_down(app, viewer)

    return make


def fields(page: str) -> dict[str, list[str]]:
    """What the form would send if nobody touched it; files apart."""
    form = re.search(r'<form\b[^>]*action="/peran/sk/catat".*?</form>', page, re.DOTALL)
    assert form
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input\b[^>]*>", form[0]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if not name or 'type="file"' in tag:
            continue
        if 'type="checkbox"' in tag and " checked" not in tag:
            continue
        found.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    for name, text in re.findall(
        r'<textarea\b[^>]*name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', form[0], re.DOTALL
    ):
        found[name] = [unescape(text)]
    return found


def send(
    who: Browser,
    page: str,
    act: str,
    *,
    scan: bytes | None = None,
    status: int = 200,
    **change: Any,
) -> Any:
    """Send the form of a page; return the answer."""
    data: dict[str, Any] = {**fields(page), **change, "act": act}
    if scan is not None:
        data["scan"] = (io.BytesIO(scan), "sk bertanda tangan.pdf")
    answer = who.client.post("/peran/sk/catat", data=data, content_type="multipart/form-data")
    errors = re.findall(r'class="error"[^>]*>([^<]+)<', answer.text)
    assert answer.status_code == status, (answer.status_code, errors)
    return answer


def plain(html: str) -> str:
    """A page's words in one line."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_the_draft_is_offered_and_says_what_it_was_written_from(
    app: flask.Flask, secretariat: Browser, officer: Viewer
) -> None:
    page = plain(secretariat.get("/peran/sk").text)
    assert "Disusun dari pemetaan versi 1, berlaku sejak" in page
    found = pages(secretariat.get("/peran/sk/rancangan.pdf").data)
    assert "Disusun dari pemetaan versi 1" in plain(found[0])
    with app.app_context():
        mapping = published(officer.own_task_force_id)
        assert mapping is not None
        versions.save_draft(reworded(mapping, KEY, text="Bunyi draf"), revision=0, by=officer)
    answer = secretariat.get("/peran/sk/rancangan.pdf")
    assert "rancangan-lampiran-sk_64_2026-10-13.pdf" in answer.headers["Content-Disposition"]
    text = plain(" ".join(pages(answer.data)))
    assert "Disusun dari draf yang dimulai dari pemetaan versi 1, belum berlaku." in text
    assert "Bunyi draf" in text
    assert "KEPUTUSAN GUBERNUR KALIMANTAN TIMUR" in text
    assert secretariat.get("/peran/sk/rancangan.docx").data.startswith(b"PK")


def test_the_note_lists_open_disputes_and_no_person(
    app: flask.Flask, secretariat: Browser, person: Callable[..., tuple[Viewer, Browser]]
) -> None:
    head, _browser = person(AccessKind.AGENCY_HEAD, "dispora")
    with app.app_context():
        asked = duties_of(head)[0]
        answer_duty(asked.duty_id, Answer.NOT_OURS, reason="Alasan rahasia dapur", by=head)
        text, name = asked.text, "Orang Contoh"
    note = plain(pages(secretariat.get("/peran/sk/rancangan.pdf").data)[-1])
    assert "CATATAN KERJA" in note
    assert text[:40] in note
    assert "Bukan kewenangan kami" in note
    assert "13 Oktober 2026" in note
    assert "rahasia" not in note
    assert name not in note


def test_everything_proposed_is_ticked_the_law_and_disputes_are_not(
    app: flask.Flask, secretariat: Browser, person: Callable[..., tuple[Viewer, Browser]]
) -> None:
    focal_point, _browser = person(AccessKind.FOCAL_POINT, "dispora")
    with app.app_context():
        asked = duties_of(focal_point)[0]
        disputed = asked.duty.key
        answer_duty(asked.duty_id, Answer.NOT_OURS, reason="Bukan kami", by=focal_point)
        mapping = published(focal_point.own_task_force_id)
        assert mapping is not None
    page = secretariat.get("/peran/sk/catat").text
    found = fields(page)
    assert set(found["duty"]) == {
        one.id for one in mapping.duties if one.status is BasisStatus.PROPOSAL
    } - {disputed}
    assert len(found["member"]) == len(mapping.memberships)
    assert "dipertanyakan, menunggu ketetapan" in page
    assert found["office"] == ["Gubernur Kalimantan Timur"]


def test_from_the_form_over_the_look_to_the_version(
    app: flask.Flask, secretariat: Browser, person: Callable[..., tuple[Viewer, Browser]]
) -> None:
    person(AccessKind.FOCAL_POINT, "dispora")
    first = secretariat.get("/peran/sk/catat").text
    ticked = fields(first)["duty"]
    left = [one for one in ticked if one != KEY]
    look = send(secretariat, first, "periksa", scan=scan_bytes(), **TYPED, duty=left).text
    words = plain(look)
    assert f"{len(left)} tugas dan 80 keanggotaan pokja menjadi keputusan." in words
    assert "Belum ada yang terbit" in words
    assert "Dispora: 1 tugas tetap usulan" in words
    assert "Berlaku sejak 9 Oktober 2026" in words
    assert "1 orang mendapat satu email" in words
    with app.app_context():
        assert number() == 1
    answer = send(secretariat, look, "terbitkan", status=303)
    assert answer.headers["Location"] == "/peran/versi/2?sk=1"
    banner = plain(secretariat.get("/peran/versi/2?sk=1").text)
    assert "SK dicatat. Versi 2 terbit. 1 email dikirim setelah pukul" in banner
    assert "tentang Gugus Tugas (DATA CONTOH)" in banner
    rows = plain(secretariat.get("/peran/sk").text)
    assert (
        f"100.3.3.1/K.7/2026 9 Oktober 2026 Gugus Tugas (DATA CONTOH) Gubernur Contoh {len(left)}"
        in rows
    )


def test_a_refusal_keeps_what_was_typed_ticked_and_sent(secretariat: Browser) -> None:
    first = secretariat.get("/peran/sk/catat").text
    wrong = {**TYPED, "number": f"SK {NIK}", "signed_on": "31/02/2026"}
    refused = send(
        secretariat, first, "periksa", scan=scan_bytes(), status=422, **wrong, duty=[KEY]
    ).text
    kept = fields(refused)
    assert kept["number"] == [f"SK {NIK}"]
    assert kept["signed_on"] == ["31/02/2026"]
    assert kept["about"] == [SIGNED.about]
    assert kept["duty"] == [KEY]
    assert "Sudah diterima: sk bertanda tangan.pdf" in plain(refused)
    look = send(secretariat, refused, "periksa", **TYPED).text
    assert "sk bertanda tangan.pdf" in plain(look)
    # Back from the look, everything is there as well.
    again = send(secretariat, look, "ubah").text
    assert fields(again)["duty"] == [KEY]
    assert fields(again)["number"] == [SIGNED.number]
    assert "Sudah diterima" in plain(again)


def test_all_ticks_go_and_come_back_at_once(secretariat: Browser) -> None:
    first = secretariat.get("/peran/sk/catat").text
    emptied = send(secretariat, first, "kosong", number="UJI/1").text
    assert not {"duty", "member"} & set(fields(emptied))
    assert fields(emptied)["number"] == ["UJI/1"]
    back = fields(send(secretariat, emptied, "usulan").text)
    assert back["duty"] == fields(first)["duty"]
    assert back["number"] == ["UJI/1"]


def test_what_is_no_pdf_or_no_scan_is_refused_at_its_field(secretariat: Browser) -> None:
    first = secretariat.get("/peran/sk/catat").text
    page = send(secretariat, first, "periksa", status=422, **TYPED).text
    assert "Lampirkan salinan SK yang sudah ditandatangani (PDF)." in page
    page = send(secretariat, first, "periksa", scan=b"bukan pdf", status=422, **TYPED).text
    assert "Jenis berkas ini tidak diterima" in plain(page)
    assert fields(page)["scan_token"] == [""]
    page = send(
        secretariat, first, "periksa", scan=scan_bytes(), status=422, **TYPED, duty=[], member=[]
    ).text
    assert "Centang paling sedikit satu tugas." in page
    forged = fields(page)["scan_token"][0][:-3]
    page = send(secretariat, first, "periksa", status=422, **TYPED, scan_token=forged).text
    assert "Lampirkan salinan SK" in page


def test_the_same_decree_is_refused_at_its_number(
    app: flask.Flask, secretariat: Browser, officer: Viewer
) -> None:
    with app.app_context():
        enter(officer, choice=Choice(frozenset({KEY})))
    first = secretariat.get("/peran/sk/catat").text
    page = send(secretariat, first, "periksa", scan=scan_bytes(), status=422, **TYPED).text
    field = re.search(r'id="number-error"[^>]*>([^<]+)<', page)
    assert field
    assert "sudah dicatat; lihat versi 2" in field[1]


def test_a_version_in_between_is_looked_at_first(
    app: flask.Flask, secretariat: Browser, officer: Viewer
) -> None:
    first = secretariat.get("/peran/sk/catat").text
    look = send(secretariat, first, "periksa", scan=scan_bytes(), **TYPED).text
    with app.app_context():
        changed = reworded(in_force(officer), KEY, text="Bunyi lain")
        versions.publish(changed, by=officer, reason="uji")
    page = send(secretariat, look, "terbitkan", status=409).text
    assert "sudah terbit versi 2" in plain(page)
    send(secretariat, page, "terbitkan", status=303)
    with app.app_context():
        assert number() == 3


def test_a_draft_in_hand_is_pointed_to(
    app: flask.Flask, secretariat: Browser, officer: Viewer
) -> None:
    assert "Isi SK berbeda dari rancangan?" in secretariat.get("/peran/sk/catat").text
    with app.app_context():
        mapping = reworded(in_force(officer), KEY, text="Bunyi draf")
        versions.save_draft(mapping, revision=0, by=officer)
    page = secretariat.get("/peran/sk/catat").text
    assert "Ada draf pemetaan yang belum terbit." in page
    assert 'href="/peran/ubah"' in page


def test_those_who_see_the_mapping_read_the_list_and_its_scan(
    app: flask.Flask, officer: Viewer, person: Callable[..., tuple[Viewer, Browser]]
) -> None:
    with app.app_context():
        decree_id = keep_decree(officer, received())
        db.session.remove()
    for kind, where in ((AccessKind.FOCAL_POINT, ("dispora",)), (AccessKind.LEADERSHIP, ())):
        _viewer, browser = person(kind, *where)
        page = browser.get("/peran/sk").text
        assert SIGNED.number in page
        assert "/peran/sk/catat" not in page
        assert "rancangan" not in page
        answer = browser.get(f"/peran/sk/{decree_id}/salinan")
        assert answer.data.startswith(b"%PDF")
        assert "sk bertanda tangan.pdf" in answer.headers["Content-Disposition"]
        browser.get("/peran/sk/catat", status=403)
        browser.get("/peran/sk/rancangan.pdf", status=403)


def test_every_page_then_shows_the_decree(
    app: flask.Flask,
    secretariat: Browser,
    officer: Viewer,
    person: Callable[..., tuple[Viewer, Browser]],
) -> None:
    focal_point, browser = person(AccessKind.FOCAL_POINT, "dispora")
    with app.app_context():
        for one in duties_of(focal_point)[:2]:
            answer_duty(one.duty_id, Answer.ACCEPTED, by=focal_point)
        enter(officer)
    card = plain(browser.get("/kartu-peran/64/dispora").text)
    named = "Keputusan Gubernur Contoh Nomor 100.3.3.1/K.7/2026 tanggal 9 Oktober 2026 Lampiran."
    assert named in card
    assert "Rancangan - belum ditetapkan" not in card
    assert "uraian berubah sesudahnya" not in card
    assert card.count("Terima, 13 Oktober 2026") == 2
    # The decree is not a text that could be compared with JDIH's; one duty waits for an answer.
    listed = browser.get("/kartu-peran/64/dispora").text.partition("Peraturan yang disebut")[2]
    items = [plain(one) for one in re.findall("<li>(.*?)</li>", listed, re.DOTALL)]
    (decree,) = [one for one in items if one.startswith("Keputusan Gubernur")]
    assert "belum dicocokkan" not in decree
    assert "Jawab tugas" in card
    printed = plain(" ".join(pages(browser.get("/kartu-peran/64/dispora.pdf").data)))
    assert named in printed
    answers = plain(browser.get("/jawab").text)
    assert f"{SHORT} Lampiran" in answers
    assert "2 dari 3 tugas sudah dijawab" in answers
    assert "Belum ditetapkan" not in answers
    duties = plain(browser.get("/peran?instansi=dispora").text)
    assert f"{SHORT} Lampiran" in duties
    assert duties.count("anggota " + SHORT) == 1
    # A duty that had articles as a proposal names them as a general reference, apart.
    with_articles = next(
        one.agency
        for one in _mapping(app, officer).duties
        if one.status is BasisStatus.DECREE and len(one.citations) > 1
    )
    other = plain(secretariat.get(f"/peran?instansi={with_articles}").text)
    assert re.search(rf"{re.escape(SHORT)} Lampiran\. +Dasar umum: ", other)
    csv = secretariat.get("/peran.csv?dasar=decree").text
    assert "3 dari 3 tugas" in csv
    changes = plain(browser.get("/peran/versi/2?instansi=dispora").text)
    assert f"keputusan: {SHORT} Lampiran" in changes
    assert "Tidak ada yang perlu dijawab lagi." in changes
    with app.app_context():
        answer_duty(duties_of(focal_point)[2].duty_id, Answer.ACCEPTED, by=focal_point)
    done = plain(browser.get("/kartu-peran/64/dispora").text)
    assert "Jawab tugas" not in done
    assert "Apakah ini tugas" not in done


def _mapping(app: flask.Flask, officer: Viewer) -> Any:
    with app.app_context():
        return in_force(officer)


def test_the_pages_read_little(app: flask.Flask, secretariat: Browser, officer: Viewer) -> None:
    with app.app_context():
        enter(officer, choice=Choice(frozenset({KEY})))
        enter(officer, replace(SIGNED, number="UJI/2"), Choice(frozenset({KEY})))
    counted = {}
    for path in ("/peran/sk", "/peran/sk/catat"):
        secretariat.get(path)
        with statements(app) as sent:
            secretariat.get(path)
        counted[path] = sum(one.startswith(("SELECT", "WITH")) for one in sent)
    assert counted == {"/peran/sk": 7, "/peran/sk/catat": 12}
