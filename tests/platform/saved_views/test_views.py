"""Saved views: an address under a name, nobody else's business, no rows of its own."""

import re
from urllib.parse import unquote

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.errors import InvalidInput, NotFound
from coordinator.platform.saved_views import service
from coordinator.platform.saved_views.models import SavedView
from coordinator.platform.saved_views.queries import kept_query
from coordinator.platform.saved_views.rules import MOST, kept
from tests import factories
from tests.assignments.letters.builders import seated, session_of


def test_only_what_the_page_knows_is_kept() -> None:
    assert kept_query("/penugasan", "pokja=pencegahan&halaman=3&urut=-batas&x=1") == (
        "pokja=pencegahan&urut=-batas"
    )
    assert kept_query("/penugasan", "instansi=&pokja=") == ""
    assert kept_query("/jejak", "tindakan=x") == ""
    # Nothing that could be a person: no spaces, no sign of an address, no long number.
    for value in ("Budi Santoso", "budi@uji.example", "6472010101900001", "x" * 81, "<b>"):
        assert kept("/penugasan", [("instansi", value)]) == []


def test_saving_replacing_and_letting_go(in_app: None) -> None:
    story = factories.story()
    own = service.save_view("/penugasan", "pokja=pencegahan", "Pokja I", by=story.secretariat)
    again = service.save_view("/penugasan", "pokja=gakkum", "Pokja I", by=story.secretariat)
    assert again is own
    assert again.query == "pokja=gakkum"
    with pytest.raises(InvalidInput, match="Pilih saringan"):
        service.save_view("/penugasan", "halaman=2", "Kosong", by=story.secretariat)
    with pytest.raises(NotFound):
        service.save_view("/jejak", "tindakan=x", "Jejak", by=story.secretariat)
    with pytest.raises(NotFound):
        service.delete_view(own.public_id, by=story.leadership)
    for number in range(1, MOST):
        service.save_view("/rencana", "status=belum", f"Belum {number}", by=story.secretariat)
    with pytest.raises(InvalidInput, match="Hapus satu"):
        service.save_view("/rencana", "status=belum", "Satu lagi", by=story.secretariat)
    assert service.delete_view(own.public_id, by=story.secretariat) == "/penugasan"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SavedView)) == MOST - 1


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_saved_shared_and_deleted_on_screen(app: flask.Flask) -> None:
    """Without a script; the address that is shared shows each reader what their access shows."""
    with app.app_context():
        story = factories.story()
        sessions = {
            name: session_of(viewer)
            for name, viewer in (("office", story.secretariat), ("leader", story.leadership))
        }
    office, leader = seated(app, sessions["office"]), seated(app, sessions["leader"])
    assert "Simpan tampilan" not in office.get("/penugasan").text
    page = "/penugasan?instansi=dispora&halaman=1&selesai=x"
    text = office.get(page).text
    hidden = dict(re.findall(r'type="hidden" name="(place|query)" value="([^"]*)"', text))
    assert hidden == {"place": "/penugasan", "query": "instansi=dispora"}
    refused = office.post(
        "/tampilan", {**hidden, "name": "6472010101900001"}, page=page, status=422
    )
    assert "NIK" in refused.text
    assert 'value="instansi=dispora"' in refused.text
    answer = office.post("/tampilan", {**hidden, "name": "Dispora saja"}, page=page)
    assert unquote(answer.location) == "/penugasan?instansi=dispora"
    shown = office.get(answer.location).text
    assert 'aria-current="true">Dispora saja</a>' in shown
    assert "Dispora saja" in office.get("/tampilan").text
    shared = leader.get(answer.location).text
    assert "Dispora saja" not in shared
    assert "Pengawasan program pelatihan" in shared
    assert "Dispora saja" not in leader.get("/tampilan").text
    (delete,) = set(re.findall(r'action="(/tampilan/[^"]+/hapus)"', shown))
    leader.post(delete, {}, page="/akun", status=404)
    assert office.post(delete, {"dari": "daftar"}, page="/akun").location == "/penugasan"
    assert "Dispora saja" not in office.get("/penugasan?instansi=dispora").text
