"""Undoing a verdict: by whom, until when, and that nothing of it is left but the audit trail."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import now
from coordinator.db import db
from coordinator.errors import Conflict, NotAllowed, NotFound
from coordinator.oversight.matrix.models import MatrixCount
from coordinator.permissions import AccessKind
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState
from coordinator.platform.mail.service import claim_next, mark_sent
from coordinator.reporting.drafts.service import add_files, remove_file, save_draft
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.reports.models import Report, VerifiedValue
from coordinator.reporting.reports.rules import ReportState, ReturnReason, ShortfallReason
from coordinator.reporting.verification.formatting import given_text
from coordinator.reporting.verification.given_queries import given_verdict
from coordinator.reporting.verification.returning_service import reopen_report, return_report
from coordinator.reporting.verification.rules import ReturnInput, VerifyInput
from coordinator.reporting.verification.service import verify_report
from coordinator.reporting.verification.undoing_service import undo_verdict
from tests import factories
from tests.factories import Story
from tests.reporting.verification.builders import photo, send

pytestmark = pytest.mark.usefixtures("in_app")

ACCEPT = VerifyInput(revision_number=1, identity_checked=True)
RETURN = ReturnInput(
    revision_number=1,
    return_reason=ReturnReason.EVIDENCE_UNDATED,
    remark="Tambahkan tanggal pada foto.",
    revise_by_on=date(2026, 10, 20),
)


@pytest.fixture
def story() -> Story:
    """Dispora and Disnakertrans owe a report."""
    return factories.story()


@pytest.fixture
def owed(story: Story) -> Obligation:
    """Dispora's report, sent with one photo."""
    obligation = factories.obligation_of(story.assignment, "dispora")
    send(obligation, story.focal_point, files=1)
    return obligation


def report_of(obligation: Obligation) -> Report:
    """The report as it is stored."""
    db.session.expire_all()
    return db.session.scalars(sa.select(Report).where(Report.obligation_id == obligation.id)).one()


def accept(owed: Obligation, story: Story, **change: object) -> int:
    """Approve it, its photo ticked; return the version of the report afterwards."""
    file = db.session.scalars(sa.select(Evidence.public_id)).one()
    given = replace(ACCEPT, checked_files={file}, **change)  # type: ignore[arg-type]
    return verify_report(owed.public_id, given, by=story.secretariat).version


def matrix() -> list[tuple[object, ...]]:
    """What the matrix is read from."""
    columns = [one for one in MatrixCount.__table__.columns if one.name != "id"]
    return sorted(map(tuple, db.session.execute(sa.select(*columns))), key=str)


def mails() -> list[MailState]:
    """How far the mails about returned reports are, the oldest first."""
    query = sa.select(OutgoingEmail.state).where(OutgoingEmail.kind == "returned")
    return list(db.session.scalars(query.order_by(OutgoingEmail.id)))


def acts() -> list[str]:
    """What the audit trail says of verdicts."""
    query = sa.select(AuditEntry.action).order_by(AuditEntry.id)
    wanted = ("report.verified", "report.returned", "report.verdict_undone")
    return [one for one in db.session.scalars(query) if one in wanted]


def test_an_approval_undone_leaves_the_report_as_it_was(
    story: Story, owed: Obligation, clock: time_machine.Traveller
) -> None:
    before = matrix()
    version = accept(owed, story)
    assert matrix() != before
    clock.shift(timedelta(seconds=59))
    undo_verdict(owed.public_id, version=version, by=story.secretariat)
    report = report_of(owed)
    assert (report.state, report.verified_at, report.mend_by_on) == (
        ReportState.SUBMITTED,
        None,
        None,
    )
    assert matrix() == before
    assert db.session.scalars(sa.select(VerifiedValue)).all() == []
    file = db.session.scalars(sa.select(Evidence)).one()
    assert file.check_state.value == "waiting"  # a person has to look again
    assert acts() == ["report.verified", "report.verdict_undone"]
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.account_id == story.secretariat.account_id
    assert (entry.details["before"], entry.details["after"]) == ("verified", "submitted")
    assert set(entry.details["verified"].values()) == {"3"}
    # Judged again, as if for the first time.
    accept(owed, story)
    assert report_of(owed).state is ReportState.VERIFIED


def test_a_return_undone_cancels_its_mail_and_may_be_given_again(
    story: Story, owed: Obligation
) -> None:
    version = return_report(owed.public_id, RETURN, by=story.secretariat).version
    assert mails() == [MailState.QUEUED]
    undo_verdict(owed.public_id, version=version, by=story.secretariat)
    assert mails() == [MailState.CANCELLED]
    assert report_of(owed).state is ReportState.SUBMITTED
    assert acts() == ["report.returned", "report.verdict_undone"]
    # The same words once more: the agency is notified after all.
    return_report(owed.public_id, RETURN, by=story.secretariat)
    assert mails() == [MailState.CANCELLED, MailState.QUEUED]


def test_after_a_minute_a_verdict_is_only_reopened(
    story: Story, owed: Obligation, clock: time_machine.Traveller
) -> None:
    version = accept(owed, story)
    clock.shift(timedelta(seconds=60))
    with pytest.raises(Conflict, match="60 detik"):
        undo_verdict(owed.public_id, version=version, by=story.secretariat)
    assert report_of(owed).state is ReportState.VERIFIED
    reopen_report(
        owed.public_id,
        revision_number=1,
        reason="Terhitung dua kali.",
        revise_by_on=date(2026, 10, 20),
        by=story.secretariat,
    )
    with pytest.raises(Conflict):  # and a reopened verdict is not undone
        undo_verdict(owed.public_id, version=version + 1, by=story.secretariat)


def test_only_its_verifier_undoes_a_verdict(story: Story, owed: Obligation) -> None:
    version = accept(owed, story)
    colleague = factories.person(AccessKind.SECRETARIAT, home="dkp3a", email="lain@uji.example")
    for by in (colleague, story.leadership, story.focal_point):
        with pytest.raises(NotAllowed):
            undo_verdict(owed.public_id, version=version, by=by)
    with pytest.raises(NotFound):
        undo_verdict("tidakada1234", version=version, by=story.secretariat)
    abroad = replace(story.secretariat, task_force_id=factories.task_force("64.72").id)
    with pytest.raises(NotFound):
        undo_verdict(owed.public_id, version=version, by=abroad)
    assert report_of(owed).state is ReportState.VERIFIED
    undo_verdict(owed.public_id, version=version, by=story.secretariat)
    with pytest.raises(Conflict):  # once
        undo_verdict(owed.public_id, version=version, by=story.secretariat)


@pytest.mark.parametrize("act", ["text", "file added", "file removed", "sent again"])
def test_what_the_agency_did_since_is_not_undone(
    story: Story, owed: Obligation, act: str, clock: time_machine.Traveller
) -> None:
    version = return_report(owed.public_id, RETURN, by=story.secretariat).version
    clock.shift(timedelta(seconds=5))
    by = story.focal_point
    if act == "text":
        draft = factories.draft_for(owed, note="Tanggalnya ada di halaman 2.")
        save_draft(owed.public_id, draft, version=version, by=by)
    elif act == "file added":
        add_files(owed.public_id, [photo((9, 9, 90))], by=by)
    elif act == "file removed":
        file = db.session.scalars(sa.select(Evidence.public_id)).one()
        remove_file(owed.public_id, file, by=by)
    else:
        factories.submit(owed, by)
    report = report_of(owed)
    state, newest = report.state, report.version
    for seen in (version, newest):  # on the page from before, and on one loaded again
        with pytest.raises(Conflict):
            undo_verdict(owed.public_id, version=seen, by=story.secretariat)
    assert report_of(owed).state is state
    assert acts() == ["report.returned"]


def test_a_verdict_whose_mail_has_left_is_not_undone(story: Story, owed: Obligation) -> None:
    version = return_report(owed.public_id, RETURN, by=story.secretariat).version
    with db.engine.begin() as connection:
        connection.execute(sa.update(OutgoingEmail).values(not_before=now() - timedelta(1)))
    while (mail := claim_next("uji")) is not None:
        mark_sent(mail.id, "uji", answer="250 OK")
    with pytest.raises(Conflict, match="sudah dikirim"):
        undo_verdict(owed.public_id, version=version, by=story.secretariat)
    assert report_of(owed).state is ReportState.RETURNED


def test_what_was_done_is_said_to_who_did_it(story: Story, owed: Obligation) -> None:
    def said() -> str:
        given = given_verdict(story.secretariat, owed.public_id)
        return given_text(given) if given else ""

    assert said() == ""
    version = return_report(owed.public_id, RETURN, by=story.secretariat).version
    assert said() == "Dikembalikan: Dispora, perbaikan paling lambat Selasa, 20 Oktober"
    undo_verdict(owed.public_id, version=version, by=story.secretariat)
    assert said() == ""
    version = accept(owed, story)
    assert said() == "Disetujui: Dispora, 2 angka"
    assert given_verdict(story.leadership, owed.public_id) is None
    undo_verdict(owed.public_id, version=version, by=story.secretariat)
    first = owed.party.assignment.action_item.indicators[0].id
    accept(owed, story, values={first: "1"}, shortfall_reason=ShortfallReason.OTHER)
    assert said() == "Disetujui sebagian: Dispora, 1 dari 2 angka dikurangi"
