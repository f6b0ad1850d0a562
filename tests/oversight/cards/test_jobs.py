"""All cards of a task force as one file."""

import io
import zipfile

import pytest

from coordinator.oversight.cards import service
from coordinator.oversight.cards.jobs import make_all_cards
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.background_jobs.running import Stopped, Work
from tests import factories
from tests.oversight.cards.builders import pages

pytestmark = [
    pytest.mark.usefixtures("in_app"),
    pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True),
]


@pytest.fixture
def office() -> Viewer:
    viewer = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    service.publish_card("dispora", by=viewer)
    return viewer


def test_a_zip_with_a_file_for_each_agency(office: Viewer) -> None:
    steps: list[tuple[int, int]] = []
    product = make_all_cards(
        Work(office, {"form": "zip"}, lambda done, total: steps.append((done, total)) is None)
    )
    assert product.name == "kartu-peran_64_2026-10-13.zip"
    assert product.data is not None
    with zipfile.ZipFile(io.BytesIO(product.data)) as archive:
        names = archive.namelist()
        own = " ".join(pages(archive.read("kartu-peran_64_dispora.pdf")))
        other = " ".join(pages(archive.read("kartu-peran_64_satpol-pp.pdf")))
    assert len(names) == len(set(names)) == 42
    assert "Belum terbit" not in own
    assert "Belum terbit" in other
    assert steps == [(number, 42) for number in range(42)]


def test_one_pdf_with_every_card(office: Viewer) -> None:
    product = make_all_cards(Work(office, {"form": "pdf"}, lambda _done, _total: True))
    assert product.name == "kartu-peran_64_2026-10-13.pdf"
    assert product.data is not None
    text = pages(product.data)
    assert sum("Halaman 1 dari" in page for page in text) == 42
    assert product.note == "42 kartu."


def test_it_stops_when_told(office: Viewer) -> None:
    with pytest.raises(Stopped):
        make_all_cards(Work(office, {"form": "zip"}, lambda done, _total: done < 2))
