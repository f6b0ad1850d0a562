"""The public page: what it says, what it never says, how heavy it is."""

import re
from collections.abc import Callable

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.duties.models import DutyRevision
from coordinator.oversight.cards import service
from coordinator.people.directory.models import Agency
from coordinator.permissions import AccessKind
from tests import factories
from tests.conftest import Browser
from tests.oversight.cards.builders import pages

HEAVIEST = 30_000  # bytes, uncompressed


@pytest.fixture
def story(app: flask.Flask) -> factories.Story:
    """A report of Dispora, its card published."""
    with app.app_context():
        story = factories.story()
        obligation = factories.obligation_of(story.assignment, "dispora")
        factories.submit(obligation, story.focal_point, note="Catatan rahasia laporan.")
        service.publish_card("dispora", by=story.secretariat)
        db.session.remove()
        return story


def sign_in(browser: Browser, kind: str, slug: str = "x") -> Browser:
    """Sign in as one of the story's people."""
    return browser.sign_in(f"{kind}.{slug}@uji.example", factories.PASSWORD)


def test_anybody_reads_a_published_card(
    story: factories.Story, browser: Callable[[], Browser]
) -> None:
    page = browser().get("/kartu-peran/64/dispora").text
    assert "Anda punya <b>3 tugas di 1 pokja</b>" in page
    assert "Rancangan - belum ditetapkan" in page
    assert "Undang-Undang Nomor 40 Tahun 2009 Pasal 20" in page
    assert "Berita acara pengawasan bertanggal" in page
    assert "Undangan rapat saja" in page
    assert "Tim Dispora mendatangi satu lembaga pelatihan" in page
    assert "Koordinator: DKP3A" in page
    assert "Jumat, 16 Oktober 2026" in page
    assert "Sekretariat Gugus Tugas Provinsi Kalimantan Timur" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "Gugus Tugas</span>" not in page
    assert "Provinsi Kalimantan Timur" in page.split("</header>")[0]
    assert re.search(r'aria-label="Kode QR ke kartu ini">\s*<path[^>]* d="M', page)


def test_the_public_card_says_nothing_it_should_not(
    app: flask.Flask, story: factories.Story, browser: Callable[[], Browser]
) -> None:
    """No answer, no report, no person, and of other agencies the name alone."""
    page = browser().get("/kartu-peran/64/dispora").text
    with app.app_context():
        people = db.session.execute(sa.text("SELECT email, name FROM account")).all()
        others = db.session.scalars(
            sa.select(DutyRevision.text).where(
                DutyRevision.agency_id != factories.agency("dispora").id
            )
        ).all()
        own = set(
            db.session.scalars(
                sa.select(DutyRevision.text).where(
                    DutyRevision.agency_id == factories.agency("dispora").id
                )
            )
        )
        report = db.session.scalar(sa.text("SELECT public_id FROM obligation ORDER BY id LIMIT 1"))
        names = db.session.scalars(
            sa.select(Agency.name).where(
                Agency.slug != "dispora", Agency.abbreviation != Agency.name
            )
        ).all()
    assert len(people) >= 4
    for email, name in people:
        assert email not in page
        assert name not in page
    assert [text for text in others if text not in own and text in page] == []
    assert [name for name in names if name in page] == []
    assert str(report) not in page
    for word in ("Jawaban</dt>", "Terima,", "Belum dijawab", "Catatan rahasia", "LAP-", "@"):
        assert word not in page, word


def test_unknown_and_unpublished_look_the_same(
    app: flask.Flask, story: factories.Story, browser: Callable[[], Browser]
) -> None:
    one = browser()
    bodies = set()
    for path in (
        "/kartu-peran/64/satpol-pp",
        "/kartu-peran/64/tidak-ada",
        "/kartu-peran/99/dispora",
        "/kartu-peran/64.01/dispora",
        "/kartu-peran/64/satpol-pp.pdf",
    ):
        answer = one.get(path, status=404)
        bodies.add(re.sub(r"<b>[0-9A-F]{8}</b>|%2F[\w.%-]+", "", answer.text))
    assert len(bodies) == 1
    assert "Satpol" not in bodies.pop()


def test_people_of_the_task_force_see_the_answer(
    story: factories.Story, browser: Callable[[], Browser]
) -> None:
    page = sign_in(browser(), "focal_point", "dispora").get("/kartu-peran/64/dispora").text
    assert page.count("Belum dijawab") == 3
    assert "Masuk dan jawab" not in page


def test_an_agency_sees_its_own_draft_and_no_other(
    app: flask.Flask, story: factories.Story, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        service.withdraw_card("dispora", by=story.secretariat)
    own = sign_in(browser(), "focal_point", "dispora")
    page = own.get("/kartu-peran/64/dispora").text
    assert "Belum terbit." in page
    assert "Kode QR" not in page
    assert "wa.me" not in page
    other = sign_in(browser(), "focal_point", "disnakertrans")
    other.get("/kartu-peran/64/dispora", status=404)
    browser().get("/kartu-peran/64/dispora", status=404)


def test_the_heaviest_card_is_light(
    app: flask.Flask, story: factories.Story, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        slug = db.session.scalar(
            sa.select(Agency.slug)
            .join(DutyRevision, DutyRevision.agency_id == Agency.id)
            .group_by(Agency.slug)
            .order_by(sa.func.count().desc())
            .limit(1)
        )
        service.publish_card(str(slug), by=story.secretariat)
    body = browser().get(f"/kartu-peran/64/{slug}").data
    assert len(body) < HEAVIEST


def test_whatsapp_gets_the_plain_link_alone(
    story: factories.Story, browser: Callable[[], Browser]
) -> None:
    page = browser().get("/kartu-peran/64/dispora").text
    link = re.search(r'href="(https://wa\.me/[^"]+)"([^>]*)>', page)
    assert link
    assert link[1].endswith("http%3A//localhost/kartu-peran/64/dispora")
    assert 'rel="noopener noreferrer"' in link[2]


def test_the_pdf_of_a_published_card(
    story: factories.Story, browser: Callable[[], Browser]
) -> None:
    answer = browser().get("/kartu-peran/64/dispora.pdf")
    assert answer.mimetype == "application/pdf"
    assert "kartu-peran_64_dispora.pdf" in answer.headers["Content-Disposition"]
    (page,) = pages(answer.data)
    assert "http://localhost/kartu-peran/64/dispora" in page.replace(" ", "")


def test_a_hostile_name_stays_text(
    app: flask.Flask, story: factories.Story, browser: Callable[[], Browser]
) -> None:
    name = '<img src=x onerror=alert(1)> #panic("x") $y$ *z*'
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.update(Agency).where(Agency.slug == "dispora").values(name=name))
    page = browser().get("/kartu-peran/64/dispora").text
    assert "<img src=x" not in page
    assert '#panic("x") $y$ *z*' in pages(browser().get("/kartu-peran/64/dispora.pdf").data)[0]


# --- publishing ----------------------------------------------------------------------------------


def test_the_secretariat_publishes_and_withdraws(
    story: factories.Story, browser: Callable[[], Browser]
) -> None:
    office = sign_in(browser(), "secretariat", "biro-kesra")
    page = office.get("/kartu-peran").text
    assert "1 dari 42 kartu terbit" in page
    office.post("/kartu-peran/satpol-pp/terbitkan", {}, page="/kartu-peran")
    browser().get("/kartu-peran/64/satpol-pp")
    office.post("/kartu-peran/satpol-pp/tarik", {}, page="/kartu-peran")
    browser().get("/kartu-peran/64/satpol-pp", status=404)
    office.post("/kartu-peran/terbitkan-semua", {}, page="/kartu-peran")
    assert "42 dari 42 kartu terbit" in office.get("/kartu-peran").text
    office.post("/kartu-peran/tidak-ada/terbitkan", {}, page="/kartu-peran", status=404)


@pytest.mark.parametrize("kind", [AccessKind.FOCAL_POINT, AccessKind.LEADERSHIP])
def test_others_publish_nothing(
    kind: AccessKind, story: factories.Story, browser: Callable[[], Browser]
) -> None:
    slug = "dispora" if kind is AccessKind.FOCAL_POINT else "biro-kesra"
    one = sign_in(browser(), kind.value, slug)
    one.get("/kartu-peran", status=403)
    one.post("/kartu-peran/satpol-pp/terbitkan", {}, page="/akun", status=403)
