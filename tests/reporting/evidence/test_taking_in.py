"""Nothing is kept before it is asked for, and what is refused leaves no bytes. Over HTTP, on both
engines: what is asked first and what the transaction says must agree."""

import io
import itertools
from collections.abc import Callable
from typing import Any

import flask
import pytest
import sqlalchemy as sa
from PIL import Image
from werkzeug.datastructures import FileStorage

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.platform.files import quota, storage
from coordinator.platform.files.models import StoredFile
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.evidence.taking_in import taken_in
from tests import factories
from tests.conftest import Browser
from tests.factories import Story

shades = itertools.count()


def photos(count: int) -> list[tuple[io.BytesIO, str]]:
    """Small photos, each another one."""
    found = []
    for number in range(count):
        out = io.BytesIO()
        Image.new("RGB", (24, 16), (next(shades) % 256, 90, 120)).save(out, "PNG")
        out.seek(0)
        found.append((out, f"foto-{number + 1}.png"))
    return found


def kept() -> int:
    """How many files lie in the store."""
    return sum(path.is_file() for path in storage.root().glob("??/*"))


class Desk:
    """Dispora's focal point and the secretariat, each at a browser; what Dispora owes."""

    def __init__(self, app: flask.Flask, browser: Callable[[], Browser]) -> None:
        self.app = app
        with app.app_context():
            self.story: Story = factories.story()
            owed = factories.obligation_of(self.story.assignment, "dispora")
            self.owed_id, self.public_id = owed.id, owed.public_id
            self.draft = factories.draft_for(owed)
            names = [
                factories.email_of(one) for one in (self.story.focal_point, self.story.secretariat)
            ]
            db.session.remove()
        self.person, self.officer = (browser().sign_in(name, factories.PASSWORD) for name in names)
        self.path = f"/laporan/{self.public_id}"

    @property
    def owed(self) -> Obligation:
        """What Dispora owes, read now."""
        return db.session.get_one(Obligation, self.owed_id)

    def save(self, uploads: list[tuple[io.BytesIO, str]], *, status: int, **more: str) -> str:
        """Save the draft with files next to it; return the page."""
        with self.app.app_context():
            version = factories.obligation_version(self.owed)
        data: dict[str, Any] = {
            **self.draft,
            "version": str(version),
            "form_key": "k" * 22,
            "act": "simpan",
            "files": uploads,
            **more,
        }
        return str(self.person.post(self.path, data, page="/tugas-saya/lembar", status=status).text)


@pytest.fixture
def desk(app: flask.Flask, browser: Callable[[], Browser]) -> Desk:
    """Two people at work."""
    return Desk(app, browser)


def test_six_where_five_fit_keeps_five_and_names_the_sixth(desk: Desk) -> None:
    page = desk.save(photos(6), status=422)
    assert "Paling banyak 5 berkas. Tidak disimpan: foto-6.png." in page
    with desk.app.app_context():
        assert kept() == 5
        assert len(db.session.scalars(sa.select(Evidence)).all()) == 5
    again = photos(10)
    page = desk.save(again, status=422)
    assert "foto-1.png, foto-2.png" in page
    with desk.app.app_context():
        assert kept() == 5


def test_the_same_five_again_are_no_fault(desk: Desk) -> None:
    five = photos(5)
    bodies = [(body.getvalue(), name) for body, name in five]
    desk.save(five, status=303)
    desk.save([(io.BytesIO(body), name) for body, name in bodies], status=303)
    with desk.app.app_context():
        assert kept() == 5


def test_a_report_that_is_sent_keeps_no_bytes(desk: Desk) -> None:
    with desk.app.app_context():
        factories.submit(desk.owed, desk.story.focal_point)
    desk.save(photos(10), status=409)
    with desk.app.app_context():
        assert kept() == 0


def test_what_the_transaction_refuses_is_gone_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked first, all was well; then somebody else was quicker."""
    monkeypatch.setattr("coordinator.reporting.report_form.queries.may_edit", lambda _: True)
    with desk.app.app_context():
        factories.submit(desk.owed, desk.story.focal_point)
    desk.save(photos(2), status=409)
    with desk.app.app_context():
        assert kept() == 0


def test_files_attached_at_once_share_the_quota(desk: Desk) -> None:
    """Two uploads of three each, both asked while all five places were free."""
    with desk.app.app_context():
        left: list[str] = []
        for number in range(2):
            uploads = [werkzeug_file(body, f"{number}-{name}") for body, name in photos(3)]
            with taken_in(uploads, field="files", agency_id=desk.owed.agency_id, room=5) as taken:
                left += drafts.add_files(desk.public_id, taken.files, by=desk.story.focal_point)
        assert left == ["1-foto-3.png"]
        assert kept() == 5


def werkzeug_file(body: io.BytesIO, name: str) -> Any:
    """An upload as a form gives it."""
    return FileStorage(stream=body, filename=name)


def test_no_way_past_the_quota(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    one = photos(1)[0][0].getbuffer().nbytes
    monkeypatch.setattr(quota, "limit", lambda: 3 * one)
    page = desk.save(photos(5), status=422)
    assert "Ruang bukti instansi Anda penuh" in page
    with desk.app.app_context():
        sizes = db.session.scalars(sa.select(StoredFile.size)).all()
        assert kept() == len(sizes)
        assert 0 < sum(sizes) <= 3 * one


@pytest.mark.parametrize("is_sent", [False, True])
def test_a_report_typed_from_paper_that_is_refused_keeps_nothing(desk: Desk, is_sent: bool) -> None:
    if is_sent:
        with desk.app.app_context():
            factories.submit(desk.owed, desk.story.focal_point)
    data: dict[str, Any] = {
        **desk.draft,
        "form_key": "p" * 22,
        "reference": "Laporan 12",
        "dated_on": "2026-10-12",
        "confirmed": "y",
        "scan": photos(1)[0],
        "files": photos(1 if is_sent else 6),
    }
    path = f"{desk.path}/atas-nama"
    answer = desk.officer.post(path, data, page="/beranda", status=409 if is_sent else 422)
    if not is_sent:
        assert "Tidak disimpan: foto-5.png, foto-6.png." in answer.text
    with desk.app.app_context():
        assert kept() == 0


def test_the_scan_of_a_refused_assignment_is_gone(desk: Desk) -> None:
    """The action is given already: the second form is refused, and its scan with it."""
    with desk.app.app_context():
        action = factories.action("1.1").public_id
    data = {
        "lead": "dispora",
        "basis_kind": "letter",
        "basis_reference": "463/01/UJI",
        "basis_on": "2026-10-01",
        "due_on": "2026-12-31",
        "reported_in": "every",
        "form_key": "a" * 22,
        "scan": photos(1)[0],
    }
    path = f"/penugasan/baru/{action}"
    answer = desk.officer.client.post(
        path,
        data={**data, "csrf_token": desk.officer.token("/penugasan/gabungan")},
        content_type="multipart/form-data",
    )
    assert answer.status_code in (409, 422)
    with desk.app.app_context():
        assert kept() == 0
