"""A campaign for one pokja: the totals, the letter and the page of an agency stay true."""

import io
import re

import docx
import flask
import sqlalchemy as sa

from coordinator.db import db
from coordinator.mapping.duties.models import DutyRevision, WorkingGroup
from coordinator.mapping.units.queries import unit_counts
from coordinator.oversight.campaigns import letter_queries, queries
from coordinator.oversight.campaigns.rules import CampaignScope
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.conftest import Browser
from tests.mapping.answers.builders import sit_down
from tests.oversight.campaigns.builders import refuse_first, start


def one_pokja(app: flask.Flask, secretariat: Viewer) -> None:
    """A campaign for Pokja I alone; Dispora has duties in two pokja."""
    with app.app_context():
        group_id = db.session.scalar(
            sa.select(WorkingGroup.id).where(WorkingGroup.key == "pencegahan")
        )
        start(secretariat, scope=CampaignScope.GROUP, group_id=group_id)


def test_a_campaign_for_one_pokja_leaves_the_totals_as_they_are(
    app: flask.Flask, browser: Browser, secretariat: Viewer
) -> None:
    with app.app_context():
        leadership = factories.person(AccessKind.LEADERSHIP)
        refuse_first(factories.person(AccessKind.AGENCY_HEAD, "uptd-ppa"))
    reader = sit_down(app, leadership)
    before = [reader.get(path).text for path in ("/ringkasan", "/jawab/instansi")]
    totals = [re.search(r"\d+ dari \d+ uraian tugas sudah dijawab", page) for page in before]
    assert all(totals)
    one_pokja(app, secretariat)
    for path, total in zip(("/ringkasan", "/jawab/instansi"), totals, strict=True):
        page = reader.get(path).text
        assert total is not None
        assert total[0] in page
        assert "ditolak" in page
        assert re.search(r"Pokja I: \d+ dari \d+", page), path
    with app.app_context():  # the columns of a row add up
        units = unit_counts(leadership)
        for one in queries.progress(leadership, queries.running(leadership)).agencies:
            assert units[one.agency_id].duties == one.counts.total


def test_a_letter_within_a_campaign_for_one_pokja_says_all_that_is_open(
    app: flask.Flask, browser: Browser, secretariat: Viewer
) -> None:
    with app.app_context():
        slug = next(
            one.slug
            for one in queries.progress(secretariat, None).agencies
            if one.counts.total > 1 and len(pokja_of(one.agency_id)) > 1
        )
        group_id = min(pokja_of(factories.agency(slug).id))
        numeral = db.session.get_one(WorkingGroup, group_id).numeral
        owed = len(duties_of_agency(slug))
        start(secretariat, scope=CampaignScope.GROUP, group_id=group_id)
        letter = letter_queries.letter(secretariat, slug)
        assert letter is not None
        assert len(letter.lines) < owed
        elsewhere = next(
            one.slug
            for one in queries.progress(secretariat, queries.running(secretariat)).agencies
            if not one.is_asked and one.counts.open
        )
        plain = letter_queries.letter(secretariat, elsewhere)
        assert plain is not None
        assert plain.target_on is None  # not asked by the campaign: not its day
    paper = docx.Document(io.BytesIO(browser.get(f"/jawab/instansi/{slug}/surat.docx").data))
    words = "\n".join(part.text for part in paper.paragraphs)
    assert f"ada {owed} uraian tugas" in words
    assert f"mengenai {len(letter.lines)} tugas Pokja {numeral} di antaranya" in words
    browser.get("/jawab/instansi/pengadilan-tinggi/surat.docx", status=404)


def test_an_agency_reads_which_of_its_duties_one_pokja_asks(
    app: flask.Flask, secretariat: Viewer
) -> None:
    with app.app_context():
        head = factories.person(AccessKind.AGENCY_HEAD, "uptd-ppa")
        group_id = min(pokja_of(head.own_agency_id))
        start(secretariat, scope=CampaignScope.GROUP, group_id=group_id)
    page = sit_down(app, head).get("/jawab").text
    assert re.search(r"meminta jawaban atas \d+ tugas Pokja \w+ paling lambat", page)


def pokja_of(agency_id: int) -> set[int]:
    """The pokja in which an agency has duties."""
    return set(
        db.session.scalars(
            sa.select(DutyRevision.working_group_id).where(
                DutyRevision.agency_id == agency_id, DutyRevision.until.is_(None)
            )
        )
    )


def duties_of_agency(slug: str) -> list[int]:
    """The duties of an agency."""
    return list(
        db.session.scalars(
            sa.select(DutyRevision.duty_id).where(
                DutyRevision.agency_id == factories.agency(slug).id, DutyRevision.until.is_(None)
            )
        )
    )
