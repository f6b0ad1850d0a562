"""The letterhead: what it says until it is written, who writes it, what a picture becomes."""

import io
from collections.abc import Callable

import flask
import pytest
import sqlalchemy as sa
from PIL import Image, PngImagePlugin

from coordinator.db import db
from coordinator.errors import Conflict, NotAllowed
from coordinator.people.directory import queries, service
from coordinator.people.directory.emblem import LARGEST_EMBLEM
from coordinator.people.directory.models import Letterhead
from coordinator.permissions import AccessKind
from coordinator.platform.audit.models import AuditEntry
from tests import factories
from tests.conftest import Browser

NIK = "6472015505080001"
FIELDS = {
    "heading": "Pemerintah Provinsi Kalimantan Timur\nSekretariat Daerah",
    "office": "Sekretariat Gugus Tugas",
    "telephone": "(nomor contoh)",
    "hours": "Hari kerja 08.00–16.00 WITA",
    "version": "0",
}


def picture(size: tuple[int, int] = (1200, 1400), *, noisy: bool = False) -> bytes:
    """Return a PNG with a comment in it."""
    image = Image.effect_noise(size, 90).convert("RGB") if noisy else Image.new("RGB", size, "navy")
    comment = PngImagePlugin.PngInfo()
    comment.add_text("Author", "Nama Pembuat")
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=comment)
    return out.getvalue()


@pytest.fixture
def office(app: flask.Flask, browser: Callable[[], Browser]) -> Browser:
    """The secretariat, signed in."""
    with app.app_context():
        factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        db.session.remove()
    return browser().sign_in("secretariat.biro-kesra@uji.example", factories.PASSWORD)


def stored(app: flask.Flask) -> Letterhead | None:
    with app.app_context():
        return db.session.scalar(sa.select(Letterhead))


@pytest.mark.usefixtures("in_app")
def test_until_written_it_follows_from_the_name() -> None:
    letterhead = queries.letterhead(factories.task_force())
    assert letterhead.lines[0] == "Pemerintah Provinsi Kalimantan Timur"
    assert letterhead.office == "Sekretariat Gugus Tugas Provinsi Kalimantan Timur"
    assert letterhead.telephone == letterhead.hours == letterhead.address_line == ""
    assert letterhead.version == 0


@pytest.mark.usefixtures("in_app")
def test_only_the_secretariat_and_nothing_overwritten_unseen() -> None:
    office = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
    new = service.NewLetterhead(lines=("Satu", "Dua"), office="Kantor")
    with pytest.raises(NotAllowed):
        service.save_letterhead(new, version=0, by=head)
    service.save_letterhead(new, version=0, by=office)
    with pytest.raises(Conflict):
        service.save_letterhead(new, version=0, by=office)
    service.save_letterhead(new, version=1, by=office)
    assert queries.letterhead(factories.task_force()).lines == ("Satu", "Dua")
    actions = db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.subject_type == "letterhead")
    )
    assert list(actions) == ["letterhead.saved"] * 2


def test_the_form_saves_and_keeps_what_was_typed(app: flask.Flask, office: Browser) -> None:
    office.get("/pengaturan/kop")
    refused = office.post("/pengaturan/kop", {**FIELDS, "office": f"Kantor {NIK}"}, status=422)
    assert "seperti NIK" in refused.text
    assert f"Kantor {NIK}" in refused.text
    four = office.post("/pengaturan/kop", {**FIELDS, "heading": "a\nb\nc\nd"}, status=422)
    assert "Paling banyak tiga baris." in four.text
    assert stored(app) is None
    office.post("/pengaturan/kop", FIELDS)
    row = stored(app)
    assert row is not None
    assert row.heading.splitlines()[1] == "Sekretariat Daerah"
    stale = office.post("/pengaturan/kop", {**FIELDS, "office": "Kantor lain"}, status=409)
    assert "baru saja diubah orang lain" in stale.text
    assert "Kantor lain" in stale.text
    office.post("/pengaturan/kop", {**FIELDS, "office": "Kantor lain", "version": "1"})
    assert "Kantor lain" in office.get("/pengaturan/kop").text


def test_an_emblem_is_redrawn_small(
    app: flask.Flask, office: Browser, browser: Callable[[], Browser]
) -> None:
    for noisy in (False, True):
        version = str(getattr(stored(app), "version", 0))
        upload = (io.BytesIO(picture(noisy=noisy)), "lambang.png")
        office.post("/pengaturan/kop", {**FIELDS, "version": version, "emblem": upload})
        answer = browser().get("/lambang/64.png")
        assert answer.mimetype == "image/png"
        assert len(answer.data) <= LARGEST_EMBLEM
        assert b"Nama Pembuat" not in answer.data
    keeps = {**FIELDS, "version": "2"}
    office.post("/pengaturan/kop", keeps)
    browser().get("/lambang/64.png")
    office.post("/pengaturan/kop", {**FIELDS, "version": "3", "without_emblem": "y"})
    browser().get("/lambang/64.png", status=404)
    browser().get("/lambang/99.png", status=404)


@pytest.mark.parametrize("data", [b"<svg/>", b"%PDF-1.4", b"\x89PNG\r\n\x1a\nkosong"])
def test_what_is_no_picture_is_refused(app: flask.Flask, office: Browser, data: bytes) -> None:
    upload = (io.BytesIO(data), "lambang.png")
    refused = office.post("/pengaturan/kop", {**FIELDS, "emblem": upload}, status=422)
    assert "Lambang harus gambar PNG atau JPG." in refused.text
    assert stored(app) is None
