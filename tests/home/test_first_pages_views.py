"""The first pages of a head, an inspector and an administrator, and the way around."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import flask
import lxml.html
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db, transactional
from coordinator.home.formatting import seen_text
from coordinator.oversight.reminders import jobs
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from coordinator.reporting.settings import service as reporting_settings
from tests import factories
from tests.assignments.letters.builders import seated, session_of
from tests.conftest import Browser
from tests.statements import statements

LATE = datetime(2026, 10, 19, 2, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Scene:
    """The story, and everybody in it who can sit down at a browser."""

    app: flask.Flask
    owed_id: int  # what Dispora owes
    people: Mapping[str, Viewer]

    def sit(self, who: str) -> Browser:
        """Return somebody's browser, signed in at the present time."""
        with self.app.app_context():
            session = session_of(self.people[who])
        return seated(self.app, session)

    def owed(self) -> Obligation:
        """Return what Dispora owes."""
        return db.session.get_one(Obligation, self.owed_id)


@pytest.fixture
def scene(app: flask.Flask) -> Scene:
    """The story, with an inspector, a head and an administrator."""
    with app.app_context():
        story = factories.story()
        people = {
            "secretariat": story.secretariat,
            "leadership": story.leadership,
            "auditor": factories.person(AccessKind.AUDITOR),
            "focal_point": story.focal_point,
            "head": factories.person(AccessKind.AGENCY_HEAD, "dispora"),
            "administrator": factories.person(AccessKind.ADMINISTRATOR),
        }
        owed_id = factories.obligation_of(story.assignment, "dispora").id
    return Scene(app, owed_id, people)


def _page(browser: Browser, path: str) -> lxml.html.HtmlElement:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return lxml.html.fromstring(answer.text)


def _words(page: lxml.html.HtmlElement) -> str:
    return " ".join(page.xpath("string(//main)").split())


@pytest.mark.parametrize(
    ("who", "home"),
    [
        ("secretariat", "/beranda"),
        ("leadership", "/ringkasan"),
        ("head", "/beranda/kepala"),
        ("auditor", "/beranda/inspektorat"),
        ("administrator", "/beranda/administrator"),
        ("focal_point", "/tugas-saya"),
    ],
)
def test_everybody_starts_on_their_own_page(scene: Scene, who: str, home: str) -> None:
    browser = scene.sit(who)
    assert browser.client.get("/").location == home
    page = _page(browser, home)
    # The page is marked in the navigation: once on a bar, once in the menu of a phone.
    assert page.xpath("//a[@aria-current='page']/@href") == [home, home]


def test_a_head_sees_duties_to_answer_what_is_late_and_who_reports(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    clock.move_to(LATE)
    head = scene.sit("head")
    with statements(scene.app) as sent:
        page = _page(head, "/beranda/kepala")
    words = _words(page)
    assert "Uraian tugas yang belum dijawab" in words
    assert page.xpath("//main//a[@href='/jawab']")
    assert "Satu laporan Dispora lewat batas." in words
    (late,) = page.xpath("//h2[.='Macet di Dispora']/following::table[1]/tbody/tr")
    assert late.xpath(".//a/@href")[0].startswith("/laporan/")
    assert "3 hari" in late.text_content()
    assert "Yang melapor untuk Anda" in words
    assert "mailto:" in "".join(page.xpath("//main//a/@href"))
    # The frame 2, the tasks 3, the agency and its letterhead 3, its duties 4, its people 6.
    assert len(sent) <= 19, sent


def test_a_report_that_waits_for_the_head_is_shown_first(scene: Scene) -> None:
    with scene.app.app_context():
        reporting_settings.set_head_approval("dispora", wanted=True, by=scene.people["head"])
        factories.submit(scene.owed(), scene.people["focal_point"])
    page = _page(scene.sit("head"), "/beranda/kepala")
    assert "Laporan menunggu persetujuan Anda" in _words(page)
    (button,) = page.xpath("//main//a[normalize-space()='Baca dan putuskan']/@href")
    assert button.endswith("/persetujuan")


def test_an_inspector_sees_the_sample_and_what_deserves_a_look(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    words = _words(_page(scene.sit("auditor"), "/beranda/inspektorat"))
    assert "Belum ada periode yang masa lapornya habis." in words
    clock.move_to(LATE)
    page = _page(scene.sit("auditor"), "/beranda/inspektorat")
    assert "belum diambil" in _words(page)
    assert page.xpath("//main//a[normalize-space()='Ambil sampel']")


def test_an_administrator_sees_what_the_installation_needs(
    scene: Scene,
) -> None:
    page = _page(scene.sit("administrator"), "/beranda/administrator")
    words = _words(page)
    assert "Penjadwal tidak berjalan" in words  # none runs in this test
    assert "Cadangan terakhirbelum pernah" in words
    # The list of first steps names the second administrator; once it is put away, the page does.
    assert "Administrator kedua" in words
    assert "Hanya satu administrator" not in words
    administrator = scene.sit("administrator")
    administrator.post("/langkah-pertama/sembunyikan", {}, page="/beranda/administrator")
    page = _page(administrator, "/beranda/administrator")
    assert "Hanya satu administrator" in _words(page)
    assert page.xpath("//main//a[contains(@href, 'akses=administrator')]")


def test_a_mail_that_failed_is_counted_on_the_first_pages(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 10, 13, 4, 0, tzinfo=UTC))  # 12.00 WITA, after the run
    with scene.app.app_context():
        jobs.queue_todays_reminders()
        newest = sa.select(sa.func.max(OutgoingEmail.id)).scalar_subquery()
        _fail(sa.update(OutgoingEmail).where(OutgoingEmail.id == newest))
    assert "diterima server, 1 gagal" in _words(_page(scene.sit("secretariat"), "/beranda"))
    words = _words(_page(scene.sit("administrator"), "/beranda/administrator"))
    assert "Email yang ditolak server" in words


@transactional
def _fail(update: sa.Update) -> None:
    db.session.execute(update.values(state=MailState.FAILED))


def test_the_secretariat_has_five_groups_and_settings_are_a_page(
    scene: Scene,
) -> None:
    page = _page(scene.sit("secretariat"), "/pengaturan/hari-libur")
    bar = page.xpath("//nav[@class='nav-bar']")[0]
    groups = [" ".join(one.text_content().split()) for one in bar.xpath(".//summary")]
    assert groups == ["Kerja", "Rencana dan peran", "Waktu", "Orang", "Pengaturan"]
    assert bar.xpath(".//summary[@class='current']")[0].text_content().strip() == "Pengaturan"
    (crumb,) = page.xpath("//nav[@aria-label='Letak halaman']/a/@href")
    assert crumb == "/pengaturan"
    settings = _page(scene.sit("secretariat"), crumb).xpath("//main//li/a/@href")
    assert {"/pengaturan/kop", "/pengaturan/pelaporan", "/pengaturan/hari-libur"} <= set(settings)
    # The account menu holds access and help.
    menu = page.xpath("//details[contains(@class, 'account')]//a/@href")
    assert menu == ["/akun", "/bantuan"]


def test_settings_are_only_those_of_the_reader(scene: Scene) -> None:
    people = {who: scene.sit(who) for who in scene.people}
    found = {
        who: set(_page(browser, "/pengaturan").xpath("//main//li/a/@href"))
        for who, browser in people.items()
    }
    assert "/pengaturan/persetujuan-kepala" in found["head"]
    assert "/pengaturan/kop" not in found["head"] | found["leadership"] | found["auditor"]
    assert found["leadership"] == {"/kalender", "/tampilan", "/pekerjaan", "/akun"}
    for who, browser in people.items():
        assert all(browser.get(path).status_code == 200 for path in found[who])


def test_a_report_leads_back_to_its_place_in_the_matrix(scene: Scene) -> None:
    with scene.app.app_context():
        path = f"/laporan/{scene.owed().public_id}"
    crumbs = _page(scene.sit("leadership"), path).xpath("//nav[@aria-label='Letak halaman']/a")
    assert [one.text for one in crumbs] == ["Matriks", "Dispora"]
    agency = _page(scene.sit("leadership"), crumbs[1].get("href"))
    assert path in agency.xpath("//main//td/a/@href | //main//th/a/@href")
    (own,) = _page(scene.sit("focal_point"), path).xpath(
        "//nav[@aria-label='Letak halaman']/a/@href"
    )
    assert own == "/tugas-saya"


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        (None, "belum pernah masuk"),
        (datetime(2026, 10, 18, 16, 30, tzinfo=UTC), "terakhir masuk hari ini"),  # 00.30 WITA
        (datetime(2026, 10, 18, 15, 30, tzinfo=UTC), "terakhir masuk kemarin"),
        (datetime(2026, 10, 12, 3, 0, tzinfo=UTC), "terakhir masuk 7 hari lalu"),
    ],
)
def test_how_long_ago_somebody_was_seen(in_app: None, seen: datetime | None, text: str) -> None:
    on = datetime(2026, 10, 19, tzinfo=UTC).date()
    assert seen_text(seen, on, "Asia/Makassar") == text
