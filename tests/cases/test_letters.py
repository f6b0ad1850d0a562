"""Text pasted from Word leaves no empty box in a letter."""

import re

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.people.directory.models import Agency
from tests import factories
from tests.assignments.letters.builders import seated, session_of
from tests.cases import FILES, LETTER
from tests.oversight.cards.builders import pages
from tests.platform.documents.glyphs import empty_boxes

PRINTED = "Tembusan: 1. Ketua Gugus Tugas 2. Kepala Dinas “Contoh” ✓ ≥ 90 % 3. Arsip"


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_letter_shows_what_was_pasted(app: flask.Flask) -> None:
    _title, *copies, _blank, name = (FILES / LETTER).read_text(encoding="utf-8").splitlines()
    with app.app_context():
        story = factories.story()
        with db.engine.begin() as connection:
            named = sa.update(Agency).where(Agency.slug == "dispora")
            connection.execute(named.values(name=name.removeprefix("Nama instansi: ")))
        office = seated(app, session_of(story.secretariat))
    page = "/penugasan/surat/dispora"
    typed = {"number": "463/017", "dated_on": "13/10/2026", "nature": "usual", "signer": "Ketua"}
    answer = office.post(page, {**typed, "copies": "\n".join(copies)})
    link = re.search(r'href="(/surat-penugasan/[^"]+)"', office.get(answer.location).text)
    assert link
    pdf = office.get(link[1]).data
    text = " ".join(pages(pdf))
    assert PRINTED in text
    assert "bersama ini ... diminta" in text
    assert empty_boxes(pdf) == 0
