"""The verification queue, and taking a verdict back."""

from datetime import date

import pytest
import sqlalchemy as sa

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.reporting.reading.file_queries import files_with_uses
from coordinator.reporting.reading.head_queries import report_head
from coordinator.reporting.reading.queries import submissions
from coordinator.reporting.reading.rows import OtherUseRow
from coordinator.reporting.reports.models import Report, Verification
from coordinator.reporting.reports.rules import ReportState
from coordinator.reporting.verification import queries
from coordinator.reporting.verification.returning_service import reopen_report
from coordinator.reporting.verification.rules import Flag, QueueFilter, VerifyInput
from coordinator.reporting.verification.service import verify_report
from coordinator.reporting.verification.verifier_queries import verifier_check
from tests import factories
from tests.factories import Story
from tests.reporting.verification.builders import send

pytestmark = pytest.mark.usefixtures("in_app")

ACCEPT = VerifyInput(revision_number=1, identity_checked=True)
AGAIN = {"reason": "Angka terhitung dua kali.", "revise_by_on": date(2026, 10, 20)}


@pytest.fixture
def story(in_app: None) -> Story:
    """Dispora and Disnakertrans owe a report."""
    return factories.story()


def owed(story: Story, slug: str = "dispora") -> Obligation:
    """What an agency owes."""
    return factories.obligation_of(story.assignment, slug)


def test_what_a_filter_leaves_and_where_the_next_is(story: Story) -> None:
    lead, support = owed(story), owed(story, "disnakertrans")
    send(lead, story.focal_point, files=1)
    send(support, story.supporter)
    by = story.secretariat

    def shown(**wanted: object) -> list[str]:
        rows, total = queries.verification_queue(
            by,
            ReportState.SUBMITTED,
            QueueFilter(**wanted),  # type: ignore[arg-type]
        )
        assert total == len(rows)
        return [row.agency for row in rows]

    assert shown() == ["Dispora", "Disnakertrans"]  # the oldest first
    assert shown(agency="dispora") == ["Dispora"]
    assert shown(working_group="tidak-ada") == []
    assert shown(flag=Flag.NO_EVIDENCE) == ["Disnakertrans"]
    assert shown(flag=Flag.REUSED_FILE) == []
    assert shown(flag=Flag.ON_BEHALF) == []
    assert shown(flag=Flag.NOT_MINE) == []
    mine = verifier_check(by)
    place = queries.place_in_queue(by, lead.public_id, QueueFilter(), mine)
    assert (place.position, place.total) == (1, 2)
    assert (place.previous, place.following) == (None, support.public_id)
    assert place.next_assigned == support.public_id
    last = queries.place_in_queue(by, support.public_id, QueueFilter(), mine)
    assert (last.previous, last.next_assigned) == (lead.public_id, lead.public_id)
    outside = queries.place_in_queue(by, lead.public_id, QueueFilter(agency="disnakertrans"), mine)
    assert (outside.position, outside.next_assigned) == (0, support.public_id)


def test_the_same_file_of_two_reports_is_flagged_on_both_with_where(story: Story) -> None:
    lead, support = owed(story), owed(story, "disnakertrans")
    send(lead, story.focal_point, files=1)
    send(support, story.supporter, files=1)
    wanted = QueueFilter(flag=Flag.REUSED_FILE)
    rows, _total = queries.verification_queue(story.secretariat, ReportState.SUBMITTED, wanted)
    assert [(row.agency, row.reused) for row in rows] == [("Dispora", 1), ("Disnakertrans", 1)]
    assert [(use.agency, use.report_id) for use in _uses(story.secretariat, support)] == [
        ("Dispora", lead.public_id)
    ]
    assert _uses(story.supporter, support) == ()  # other agencies learn nothing


def _uses(viewer: Viewer, obligation: Obligation) -> tuple[OtherUseRow, ...]:
    head = report_head(viewer, obligation.public_id)
    sent = submissions(viewer, head) if head else None
    assert sent is not None
    assert sent.latest is not None
    (file,) = files_with_uses(viewer, sent.latest)
    return file.uses


def test_a_report_that_nobody_may_judge_is_named(story: Story) -> None:
    send(owed(story), story.focal_point)
    on = date(2026, 10, 13)
    assert queries.reports_without_verifier(story.secretariat, on) == []
    own = factories.person(AccessKind.SECRETARIAT, home="dispora", email="lain@uji.example")
    wanted = QueueFilter(flag=Flag.NOT_MINE)
    assert queries.verification_queue(own, ReportState.SUBMITTED, wanted)[1] == 1
    assert queries.reports_without_verifier(own, on) == []  # the colleague may
    _move_home(story.secretariat)
    assert queries.reports_without_verifier(own, on) == ["Dispora"]


def _move_home(viewer: Viewer) -> None:
    home = factories.agency("dispora").id
    db.session.remove()
    with db.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE account SET home_agency_id = :home WHERE id = :id"),
            {"home": home, "id": viewer.account_id},
        )


def test_a_verdict_taken_back_counts_no_more(story: Story) -> None:
    lead = owed(story)
    send(lead, story.focal_point)
    verify_report(lead.public_id, ACCEPT, by=story.secretariat)
    for by in (story.focal_point, story.leadership):
        with pytest.raises(NotAllowed):
            reopen_report(lead.public_id, revision_number=1, **AGAIN, by=by)
    own = factories.person(AccessKind.SECRETARIAT, home="dispora", email="lain@uji.example")
    with pytest.raises(NotAllowed):  # nobody reopens their own agency's
        reopen_report(lead.public_id, revision_number=1, **AGAIN, by=own)
    with pytest.raises(Conflict):
        reopen_report(lead.public_id, revision_number=2, **AGAIN, by=story.secretariat)
    with pytest.raises(InvalidInput) as refusal:
        reopen_report(
            lead.public_id,
            revision_number=1,
            reason="NIK 6472015505080001",
            revise_by_on=date(2026, 10, 13),
            by=story.secretariat,
        )
    assert set(refusal.value.fields) == {"reason", "mend_by_on"}
    with pytest.raises(NotFound):
        reopen_report("tidakada1234", revision_number=1, **AGAIN, by=story.secretariat)

    reopen_report(lead.public_id, revision_number=1, **AGAIN, by=story.secretariat)
    report = db.session.scalars(sa.select(Report).where(Report.obligation_id == lead.id)).one()
    assert report.state is ReportState.RETURNED
    assert report.verified_at is None
    mail = db.session.scalars(sa.select(OutgoingEmail).where(OutgoingEmail.kind == "returned"))
    assert ["dibuka kembali" in one.text for one in mail] == [True]
    with pytest.raises(Conflict):  # once
        reopen_report(lead.public_id, revision_number=1, **AGAIN, by=story.secretariat)

    # Corrected and verified again: the second verdict alone is in force.
    factories.submit(lead, story.focal_point, value="2")
    verify_report(
        lead.public_id, VerifyInput(revision_number=2, identity_checked=True), by=story.secretariat
    )
    in_force = db.session.scalars(
        sa.select(Verification).where(Verification.reopened_at.is_(None))
    ).all()
    assert [[int(v.value) for v in one.values] for one in in_force] == [
        [2] * len(in_force[0].values)
    ]


def test_a_tick_of_another_file_says_nothing_about_a_report(story: Story) -> None:
    lead = owed(story)
    send(lead, story.focal_point)
    for files in (frozenset[str](), frozenset({"lainnya12345"})):
        given = VerifyInput(revision_number=1, checked_files=files)
        with pytest.raises(InvalidInput) as refusal:
            verify_report(lead.public_id, given, by=story.secretariat)
        assert set(refusal.value.fields) == {"identity_checked"}
    assert db.session.scalars(sa.select(Verification)).all() == []
