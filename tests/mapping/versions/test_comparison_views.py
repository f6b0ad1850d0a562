"""The page that shows two versions side by side."""

import flask
import pytest

from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.versions import service
from coordinator.permissions import AccessKind
from tests import factories
from tests.conftest import Browser
from tests.mapping.answers.builders import person_elsewhere, sit_down
from tests.mapping.duties.builders import KEY, reworded
from tests.mapping.versions.builders import changed
from tests.statements import statements

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def reader(app: flask.Flask, bundled: Mapping) -> Browser:
    """Dispora's focal point, after two more versions."""
    with app.app_context():
        second = changed(bundled)
        third = reworded(second, KEY, text="Mengawasi magang dan kerja pemuda")
        for number, mapping in enumerate((second, third), start=2):
            service.publish(mapping, by=None, reason=f"versi {number}")
        viewer = factories.person(AccessKind.FOCAL_POINT, "dispora")
    return sit_down(app, viewer)


def test_the_page_compares_any_two_versions(reader: Browser) -> None:
    page = reader.get("/peran/versi/banding?lama=1&baru=3").text
    assert "perubahan dari versi 1 ke versi 3." in page
    for said in ("Baru", "Dihapus", "Pindah", "Berubah bunyi", "Versi lama (1)", "Versi baru (3)"):
        assert said in page
    assert "<ins>" in page
    assert "<del>" in page
    assert "belum ada" in page
    assert "tidak ada lagi" in page
    # The newer one may be named first; without an answer it is the last change.
    assert "dari versi 1 ke versi 3." in reader.get("/peran/versi/banding?lama=3&baru=1").text
    assert "1 perubahan dari versi 2 ke versi 3." in reader.get("/peran/versi/banding").text


def test_the_page_narrows_to_one_agency(reader: Browser) -> None:
    page = reader.get("/peran/versi/banding?lama=1&baru=3&instansi=dinsos").text
    assert "1 perubahan dari versi 1 ke versi 3." in page
    assert "Mencatat lembaga pelatihan" not in page
    page = reader.get("/peran/versi/banding?lama=1&baru=3&instansi=dinkes").text
    assert "Kedua versi ini sama untuk instansi itu." in page
    reader.get("/peran/versi/banding?lama=1&baru=3&instansi=tidak-ada", status=404)


def test_what_cannot_be_compared_is_said(reader: Browser) -> None:
    assert "Pilih dua versi yang berbeda." in reader.get("/peran/versi/banding?lama=2&baru=2").text
    assert "Pilih dua versi yang berbeda." in reader.get("/peran/versi/banding?lama=0&baru=9").text
    assert "perubahan dari versi 2 ke versi 3." in reader.get("/peran/versi/banding?lama=x").text


def test_the_list_of_versions_leads_to_it(reader: Browser) -> None:
    assert 'href="/peran/versi/banding"' in reader.get("/peran/versi").text
    assert "/peran/versi/banding?lama=1&amp;baru=2" in reader.get("/peran/versi/2").text


def test_another_task_force_compares_its_own_alone(app: flask.Flask, reader: Browser) -> None:
    with app.app_context():
        stranger = person_elsewhere(AccessKind.SECRETARIAT)
    sit_down(app, stranger).get("/peran/versi/banding?lama=1&baru=3", status=404)


def test_it_reads_the_list_and_two_documents(app: flask.Flask, reader: Browser) -> None:
    path = "/peran/versi/banding?lama=1&baru=3"
    reader.get(path)
    with statements(app) as sent:
        reader.get(path)
    about = [one for one in sent if "mapping_version" in one]
    assert len(about) == 3
