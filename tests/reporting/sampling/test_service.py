"""The auditor's sample: drawn once, repeatable, with the auditor's own findings."""

from datetime import date

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.exc import DBAPIError

from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.permissions import AccessKind, Viewer
from coordinator.reporting.sampling import exports, queries, service
from coordinator.reporting.sampling.models import SampleDraw, SampledReport
from coordinator.reporting.sampling.rules import FindingKind, drawn
from coordinator.reporting.verification.rules import VerifyInput
from coordinator.reporting.verification.service import verify_report
from tests import factories

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def auditor(in_app: None) -> Viewer:
    """The inspectorate."""
    return factories.person(AccessKind.AUDITOR, home="inspektorat")


@pytest.fixture
def story(in_app: None) -> factories.Story:
    """Dispora's report is verified, Disnakertrans's waits; the window is still open."""
    story = factories.story()
    lead = factories.obligation_of(story.assignment, "dispora")
    factories.submit(lead, story.focal_point)
    factories.submit(factories.obligation_of(story.assignment, "disnakertrans"), story.supporter)
    verify_report(
        lead.public_id,
        VerifyInput(revision_number=1, identity_checked=True),
        by=story.secretariat,
    )
    return story


def test_drawn_once_and_repeatable(
    story: factories.Story, auditor: Viewer, clock: time_machine.Traveller
) -> None:
    period = story.period.public_id
    with pytest.raises(Conflict):  # the window is open
        service.draw_sample(period, percent=50, by=auditor)
    clock.move_to("2026-11-02 02:00")
    for by in (story.secretariat, story.leadership, story.focal_point):
        with pytest.raises(NotAllowed):
            service.draw_sample(period, percent=50, by=by)
    for percent in (0, 101, None):
        with pytest.raises(InvalidInput):
            service.draw_sample(period, percent=percent, by=auditor)
    draw = service.draw_sample(period, percent=50, by=auditor)
    rows = queries.drawn_reports(story.leadership, draw)
    assert [row.agency for row in rows] == ["Dispora"]  # what only waits is not in it
    assert service.repeats(draw, [row.report_id for row in rows])
    assert not service.repeats(draw, ["lain"])
    with pytest.raises(Conflict):
        service.draw_sample(period, percent=100, by=auditor)
    assert len(db.session.scalars(sa.select(SampleDraw)).all()) == 1
    assert queries.draw_of(story.focal_point, story.period.id) is None


def test_findings_are_added_never_changed(
    story: factories.Story, auditor: Viewer, clock: time_machine.Traveller
) -> None:
    clock.move_to("2026-11-02 02:00")
    draw = service.draw_sample(story.period.public_id, percent=100, by=auditor)
    one = queries.drawn_reports(auditor, draw)[0].sampled.public_id
    with pytest.raises(NotAllowed):
        service.write_finding(one, FindingKind.CONFORMS, "", by=story.secretariat)
    with pytest.raises(InvalidInput) as refusal:
        service.write_finding(one, FindingKind.FINDING, " ", by=auditor)
    assert set(refusal.value.fields) == {"text"}
    with pytest.raises(InvalidInput):
        service.write_finding(one, FindingKind.FINDING, "NIK 6472015505080001", by=auditor)
    with pytest.raises(NotFound):
        service.write_finding("tidakada1234", FindingKind.CONFORMS, "", by=auditor)
    service.write_finding(one, FindingKind.FINDING, "=Foto tanpa tanggal", by=auditor)
    service.write_finding(one, FindingKind.CONFORMS, "Tanggal ada di berkas.", by=auditor)
    row = queries.drawn_reports(story.secretariat, draw)[0]
    assert [f.kind for f in row.findings] == [FindingKind.FINDING, FindingKind.CONFORMS]
    assert row.finding is not None
    assert row.finding.text == "Tanggal ada di berkas."
    everything = queries.population(auditor, draw)
    text = exports.sample_csv(draw, [row], everything, "Asia/Makassar").decode("utf-8-sig")
    lines = [line.split(";") for line in text.splitlines()]
    ids = [line[0] for line in lines[lines.index(["Kunci", "Laporan", "SHA-256"]) + 1 :]]
    again = drawn(ids, seed=draw.seed, percent=draw.percent)  # from the file alone
    assert again == [one.report_id for one in queries.drawn_reports(auditor, draw)]
    assert "Sesuai;Tanggal ada di berkas.;2 November 2026" in text
    assert draw.seed in text
    with pytest.raises(DBAPIError):
        _change(draw.id)


@transactional
def _change(draw_id: int) -> None:
    db.session.execute(
        sa.update(SampledReport).where(SampledReport.draw_id == draw_id).values(position=9)
    )


def test_nothing_verified_draws_nothing(in_app: None, auditor: Viewer) -> None:
    period = factories.open_period(closes_on=date(2026, 10, 12), opens_on=date(2026, 10, 1))
    with pytest.raises(Conflict):
        service.draw_sample(period.public_id, percent=10, by=auditor)
