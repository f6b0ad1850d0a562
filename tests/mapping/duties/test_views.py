"""The mapping on screen."""

import re
from collections.abc import Callable

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.permissions import AccessKind
from coordinator.platform.audit.models import AccessLog
from tests import factories
from tests.conftest import Browser

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def office(app: flask.Flask, browser: Callable[[], Browser]) -> Browser:
    """The secretariat, signed in."""
    with app.app_context():
        factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        factories.person(AccessKind.FOCAL_POINT, "dispora")
        db.session.remove()
    return browser().sign_in("secretariat.biro-kesra@uji.example", factories.PASSWORD)


def test_the_first_view_is_the_matrix(office: Browser) -> None:
    page = office.get("/peran").text
    assert "203 uraian tugas dari 42 instansi di 6 pokja." in page
    assert "Tidak ada yang kurang." in page
    assert "Koordinator · 5 tugas" in page
    link = re.search(r'href="(/peran\?instansi=dispora&amp;pokja=pencegahan)">Anggota · 3', page)
    assert link
    duties = office.get(link[1].replace("&amp;", "&")).text
    assert "Dispora punya 3 tugas di 1 pokja." in duties
    assert 'href="/kartu-peran/64/dispora"' in duties


def test_filters_live_in_the_address(office: Browser) -> None:
    page = office.get("/peran?pokja=norma-hukum&jenis=perangkat_daerah&dasar=proposal").text
    assert "Disaring: Pokja IV Norma Hukum · Perangkat daerah · dasar: Belum ditetapkan." in page
    assert "Biro Hukum" in page
    assert ">Dispora<" not in page
    assert "/peran.csv?pokja=norma-hukum&amp;jenis=perangkat_daerah&amp;dasar=proposal" in page
    assert "Belum ada yang cocok" in office.get("/peran?celah=1").text


@pytest.mark.parametrize(
    "query", ["pokja=tidak-ada", "jenis=x", "dasar=%00", "celah=2", "pokja=%27--", "uraian=0"]
)
def test_a_filter_that_means_nothing_narrows_nothing(office: Browser, query: str) -> None:
    page = office.get(f"/peran?{query}").text
    assert "203 uraian tugas" in page
    assert "Disaring" not in page


def test_the_duties_of_a_pokja_can_be_read(office: Browser) -> None:
    page = office.get("/peran?uraian=1&pokja=norma-hukum").text
    assert page.count('<details class="duty"') == 11
    office.get("/peran?instansi=tidak-ada", status=404)


def test_the_files_bear_their_names_and_filters(app: flask.Flask, office: Browser) -> None:
    for ending, media_type in (
        ("csv", "text/csv"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("pdf", "application/pdf"),
    ):
        answer = office.get(f"/peran.{ending}?pokja=norma-hukum")
        assert answer.mimetype == media_type
        name = f"attachment; filename=peran_64_2026-10-13.{ending}"
        assert answer.headers["Content-Disposition"] == name
    text = office.get("/peran.csv?pokja=norma-hukum").data.decode("utf-8-sig")
    assert "IV Norma Hukum" in text
    assert "Dispora" not in text
    with app.app_context():
        noted = db.session.scalars(sa.select(AccessLog.subject_id).order_by(AccessLog.id)).all()
    assert noted == ["peran.csv", "peran.xlsx", "peran.pdf", "peran.csv"]


def test_an_agency_reads_the_matrix_and_finds_its_card(
    office: Browser, browser: Callable[[], Browser]
) -> None:
    own = browser().sign_in("focal_point.dispora@uji.example", factories.PASSWORD)
    page = own.get("/peran").text
    assert 'href="/kartu-peran/64/dispora">Kartu Peran Anda' in page
    assert "Kop surat" not in page
    assert "/kartu-peran/64/satpol-pp" not in own.get("/peran?instansi=satpol-pp").text
