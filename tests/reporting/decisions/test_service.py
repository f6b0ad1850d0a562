"""What a report asks to be decided: asked, noted, decided once, told to both agencies."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.reporting.decisions import queries, service
from coordinator.reporting.decisions.models import DecisionRequest
from coordinator.reporting.decisions.queries import requests_of
from coordinator.reporting.decisions.rules import DecisionState
from coordinator.reporting.decisions.service import NewDecision, request_decision
from coordinator.reporting.reports.models import ReportRevision
from coordinator.reporting.reports.queries import latest_revision
from coordinator.reporting.reports.rules import ReportState
from coordinator.reporting.verification.rules import VerifyInput
from coordinator.reporting.verification.service import verify_report
from tests import factories
from tests.factories import Story

pytestmark = pytest.mark.usefixtures("in_app")

NIK = "6472015505080001"  # invented
DECIDED = NewDecision("Diskominfo menyediakan data.", date(2026, 10, 13), "Rapat 13 Oktober 2026")


@transactional
def ask(revision: ReportRevision, question: str, asked_of: str, by: Viewer) -> str | None:
    """Ask as the submission would; return the id of what waits."""
    found = request_decision(revision, question, asked_of, by=by)
    return found.public_id if found else None


@pytest.fixture
def story(in_app: None) -> Story:
    """Dispora reports that it is blocked, and asks."""
    return factories.story()


@pytest.fixture
def asked(story: Story) -> str:
    """The id of what Dispora's blocked report asks."""
    owed = factories.obligation_of(story.assignment, "dispora")
    factories.submit(
        owed, story.focal_point, kind="blocked", blocked_by="Menunggu data antarinstansi"
    )
    found = ask(latest_revision(owed), "Siapa menyediakan data?", "Sekda", story.focal_point)
    assert found
    return found


def test_asked_noted_decided_and_both_agencies_told(story: Story, asked: str) -> None:
    factories.person(AccessKind.FOCAL_POINT, "diskominfo")
    assert [row.request.public_id for row in queries.requests(story.leadership, DecisionState.OPEN)]
    assert queries.waiting(story.leadership)[0] == 1
    service.note_request(
        asked, "Data ada di Diskominfo.", concerned="diskominfo", by=story.secretariat
    )
    before = set(db.session.scalars(sa.select(OutgoingEmail.id)))
    service.decide_request(asked, DECIDED, by=story.leadership)
    mails = [m for m in db.session.scalars(sa.select(OutgoingEmail)) if m.id not in before]
    assert {m.kind for m in mails} == {"decided"}
    assert {m.to_address.split("@")[0] for m in mails} == {
        "focal_point.dispora",
        "focal_point.diskominfo",
    }
    to_asker = next(m for m in mails if "dispora" in m.to_address)
    to_other = next(m for m in mails if "diskominfo" in m.to_address)
    assert "Diskominfo menyediakan data." in to_asker.text
    assert "terhambat" in to_asker.text
    assert [link["path"].rpartition("/")[0] for link in to_asker.links] == ["/laporan"]
    assert to_other.links == []  # another agency's report is not theirs to open
    assert all((m.not_before - m.queued_at).total_seconds() == 120 for m in mails)
    row = queries.request(story.leadership, asked)
    assert row is not None
    assert row.request.state is DecisionState.DECIDED
    assert queries.waiting(story.leadership) == (0, None)
    actions = set(db.session.scalars(sa.select(AuditEntry.action)))
    assert {"decision.requested", "decision.noted", "decision.decided"} <= actions
    # The report itself went on as it was: it can be verified.
    owed = factories.obligation_of(story.assignment, "dispora")
    done = verify_report(
        owed.public_id,
        VerifyInput(revision_number=1, identity_checked=True),
        by=story.secretariat,
    )
    assert done.state is ReportState.VERIFIED


def test_a_decision_is_made_once(story: Story, asked: str) -> None:
    service.decide_request(asked, DECIDED, by=story.leadership)
    with pytest.raises(Conflict):
        service.decide_request(asked, replace(DECIDED, text="Lain."), by=story.leadership)
    with pytest.raises(Conflict):
        service.note_request(asked, "Terlambat.", by=story.secretariat)
    assert db.session.scalars(sa.select(DecisionRequest.decision)).all() == [DECIDED.text]


def test_who_may_note_and_decide(story: Story, asked: str) -> None:
    auditor = factories.person(AccessKind.AUDITOR, home="inspektorat")
    for by in (story.secretariat, story.focal_point, auditor):
        with pytest.raises(NotAllowed):
            service.decide_request(asked, DECIDED, by=by)
    for by in (story.leadership, story.focal_point, auditor):
        with pytest.raises(NotAllowed):
            service.note_request(asked, "Catatan.", by=by)
    abroad = factories.task_force("64.71").id
    with pytest.raises(NotFound):
        service.decide_request(asked, DECIDED, by=replace(story.leadership, task_force_id=abroad))
    assert queries.request(replace(story.leadership, task_force_id=abroad), asked) is None
    assert queries.request(story.focal_point, asked) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": " "}, "decision"),
        ({"basis": ""}, "basis"),
        ({"decided_on": None}, "decided_on"),
        ({"decided_on": date(2026, 10, 14)}, "decided_on"),  # tomorrow
        ({"decided_on": date(2026, 10, 12)}, "decided_on"),  # before it was asked
        ({"text": f"NIK {NIK}"}, "decision"),
    ],
)
def test_a_bad_decision_is_refused_at_its_field(
    story: Story, asked: str, change: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        service.decide_request(asked, replace(DECIDED, **change), by=story.leadership)
    assert set(refusal.value.fields) == {field}


def test_a_new_submission_keeps_replaces_or_withdraws_the_request(story: Story, asked: str) -> None:
    owed = factories.obligation_of(story.assignment, "dispora")
    revision = latest_revision(owed)
    by = story.focal_point
    assert ask(revision, " Siapa menyediakan data? ", "Sekda", by) == asked  # its place stays
    other = ask(revision, "Mulai kapan?", "Sekda", by)
    assert other != asked
    assert ask(revision, "", "", by) is None
    states = [one.state for one in requests_of(revision.report_id)]
    assert states == [DecisionState.WITHDRAWN, DecisionState.WITHDRAWN]
    for question, asked_of, field in (
        ("", "Sekda", "decision_asked_of"),
        ("Apa?", "", "decision_asked_of"),
        (f"Korban {NIK}", "Sekda", "decision_question"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            ask(revision, question, asked_of, by)
        assert refusal.value.fields.keys() & {"decision_question", "decision_asked_of"}
        assert field in refusal.value.fields or not question
