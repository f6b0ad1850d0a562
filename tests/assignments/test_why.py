""" "Mengapa ini tugas saya?": complete, short before a click, and of one's own part only."""

import re

import flask
import pytest

from coordinator.assignments.why import why
from coordinator.permissions import AccessKind
from tests import factories
from tests.assignments.letters.builders import seated, session_of

MOST_WORDS = 60


def visible_words(html: str) -> list[str]:
    """Return the words that can be read without opening anything, its heading included."""
    bare = re.sub(r"<details.*?</summary>.*?</details>", "", html, flags=re.S)
    bare = re.sub(r'<svg.*?</svg>|<span class="visually-hidden">.*?</span>', "", bare, flags=re.S)
    return re.sub(r"<[^>]+>", " ", bare).split()


def parts(html: str) -> list[str]:
    """Return the parts of a page's side column that answer the question."""
    return [
        part
        for part in re.findall(r'<section class="aside-part".*?</section>', html, re.S)
        if "Mengapa ini tugas" in part
    ]


def folds(html: str) -> list[str]:
    """Return what opens under each of the questions on the page of an assignment."""
    [aside] = parts(html)
    return re.split(r'<details class="fold">\s*<summary>(?=Mengapa ini tugas)', aside)[1:]


def test_each_party_reads_its_own(in_app: None) -> None:
    story = factories.story()
    other = factories.person(AccessKind.FOCAL_POINT, "disdikbud")
    of_all = why(story.secretariat, story.assignment, story.assignment.parties)
    assert [one.agency.slug for one in of_all] == ["dispora", "disnakertrans"]
    assert [one.is_lead for one in of_all] == [True, False]
    assert of_all[0].duties
    assert of_all[0].is_draft
    (own,) = why(story.supporter, story.assignment, story.assignment.parties)
    assert own.agency.slug == "disnakertrans"
    assert why(other, story.assignment, story.assignment.parties) == []


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_sixty_words_before_a_click_and_everything_behind_it(app: flask.Flask) -> None:
    with app.app_context():
        story = factories.story()
        report_id = factories.obligation_of(story.assignment, "dispora").public_id
        given = [
            factories.assign(story.secretariat, code, lead, support).public_id
            for code, lead, support in (
                ("5.1", "polda", ("kejati", "dinsos")),
                ("6.1", "dkp3a", ("bappeda", "diskominfo", "lsm-pendamping")),
                ("3.1", "dinsos", ("uptd-ppa", "lpsk")),
            )
        ]
        sessions = [session_of(story.secretariat), session_of(story.focal_point)]
    office, own = (seated(app, session) for session in sessions)
    (asked,) = parts(own.get(f"/laporan/{report_id}").text)
    for said in ("Pokja I", "Belum ditetapkan", "Aksi 1.1", "463/01/UJI", "Bukti yang diterima"):
        assert said in asked
    assert "Tanya siapa?" in asked
    longest = 0
    for assignment_id in given:
        found = folds(office.get(f"/penugasan/{assignment_id}").text)
        assert len(found) >= 3
        for part in found:
            longest = max(longest, len(visible_words(part)))
            assert "Belum ditetapkan" in part or "Pasal" in part or "hanya penugasan" in part
    assert 0 < longest <= MOST_WORDS
