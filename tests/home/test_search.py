"""Search: by the names people use, over what the viewer may read."""

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db, transactional
from coordinator.home.search import Findings, search
from coordinator.people.directory.models import AgencyAlias
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.assignments.letters.builders import seated, session_of


def titles(findings: Findings, kind: str) -> list[str]:
    """Return the titles found of a kind."""
    return [
        "".join(piece.text for piece in hit.title)
        for group in findings.groups
        if group.kind == kind
        for hit in group.hits
    ]


def alias() -> str:
    """Return a name of Dispora's that is in neither its name nor its abbreviation."""
    row = db.session.scalars(
        sa.select(AgencyAlias).where(AgencyAlias.agency_id == factories.agency("dispora").id)
    ).first()
    if row is not None:
        return row.name
    return _add_alias()


@transactional
def _add_alias() -> str:
    row = AgencyAlias(
        task_force_id=factories.task_force().id,
        agency_id=factories.agency("dispora").id,
        name="Kepemudaan Kaltim",
        folded="kepemudaan kaltim",
    )
    db.session.info["audited"] = True
    db.session.add(row)
    return row.name


def test_everybody_finds_who_does_what_and_their_own_assignments(in_app: None) -> None:
    """The same on both engines: case, accents and order do not matter."""
    story = factories.story()
    head = factories.person(AccessKind.AGENCY_HEAD, "disdikbud")
    for viewer in (story.secretariat, story.leadership, story.focal_point, head):
        found = search(viewer, "díspora")
        assert titles(found, "agency") == ["Dispora"]
        assert any("pemuda" in text.lower() for text in titles(found, "duty"))
        assert titles(search(viewer, "pengiriman pemu"), "action") == [
            "1.1 Pengawasan program pelatihan dan pengiriman pemuda"
        ]
        assert titles(search(viewer, alias()), "agency") == ["Dispora"]
    assert len(titles(search(story.secretariat, "dispora"), "assignment")) == 1
    assert len(titles(search(story.supporter, "dispora"), "assignment")) == 1
    assert titles(search(head, "dispora"), "assignment") == []
    # No text has all three words: what has some of them is shown, and said to be partial.
    partial = search(story.focal_point, "magang luar negeri")
    assert partial.is_partial
    assert any("luar negeri" in text for text in titles(partial, "duty"))
    assert any("magang" in text for text in titles(partial, "duty"))
    assert search(story.focal_point, "zzz").total == 0
    nobody = Viewer(account_id=1, kind=AccessKind.ADMINISTRATOR)
    assert search(nobody, "dispora").groups == []


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_page_marks_words_and_leads_somewhere(app: flask.Flask) -> None:
    with app.app_context():
        story = factories.story()
        session = session_of(story.focal_point)
    own = seated(app, session)
    text = own.get("/cari?q=dispora").text
    assert "<mark>Dispora</mark>" in text
    assert 'href="/peran?instansi=dispora"' in text
    assert 'href="/laporan/' in text
    assert "Tidak ada yang cocok" in own.get("/cari?q=zzzz").text
    hostile = own.get("/cari?q=%3Cscript%3Ealert(1)%3C/script%3E%25_%27%22").text
    assert "<script>alert" not in hostile
    assert own.get("/cari?q=" + "a" * 5000).status_code == 200
    assert "Misalnya" in own.get("/cari").text
    assert 'action="/cari" role="search"' in own.get("/tugas-saya").text
