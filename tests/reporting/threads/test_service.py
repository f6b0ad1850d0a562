"""The conversation on a report: who may write, who is called, who gets a mail, and once."""

import io
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from PIL import Image
from werkzeug.datastructures import FileStorage

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.oversight.reminders.service import digests, ensure_ladder, queue_reminders, render
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.files.receiving import receive
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.evidence.review_service import withdraw
from coordinator.reporting.evidence.rules import WithdrawReason
from coordinator.reporting.reading.head_queries import report_head
from coordinator.reporting.reading.queries import submissions
from coordinator.reporting.reports import queries
from coordinator.reporting.reports.evidence_queries import REPORTS
from coordinator.reporting.submission import service
from coordinator.reporting.threads import timeline
from coordinator.reporting.threads.models import ReportComment
from coordinator.reporting.threads.queries import unanswered
from coordinator.reporting.threads.related_queries import related_to
from coordinator.reporting.threads.rules import Addressee, called
from coordinator.reporting.threads.service import write_comment
from tests import factories
from tests.factories import Story

pytestmark = pytest.mark.usefixtures("in_app")

TODAY = date(2026, 10, 13)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@narahubung mana fotonya?", [Addressee.FOCAL_POINT]),
        ("Terima kasih, @Sekretariat.", [Addressee.SECRETARIAT]),
        ("@sekretariat @narahubung @sekretariat", [Addressee.SECRETARIAT, Addressee.FOCAL_POINT]),
        ("tulis ke dinas@narahubung.example", []),
        ("@narahubungku, @budi, sekretariat", []),
    ],
)
def test_functions_are_called_never_persons(text: str, found: list[Addressee]) -> None:
    assert called(text) == found


@pytest.fixture
def story(in_app: None) -> Story:
    """Dispora's report was sent."""
    story = factories.story()
    factories.submit(factories.obligation_of(story.assignment, "dispora"), story.focal_point)
    ensure_ladder(factories.task_force().id)
    return story


@pytest.fixture
def owed(story: Story) -> Obligation:
    """What Dispora owed."""
    return factories.obligation_of(story.assignment, "dispora")


def test_a_mention_is_mailed_once_in_the_digest_and_ends_with_the_answer(
    story: Story, owed: Obligation
) -> None:
    force = factories.task_force()
    write_comment(owed.public_id, "@narahubung Kapan fotonya?", by=story.secretariat)
    found = next(d for d in digests(force, TODAY) if d.account.id == story.focal_point.account_id)
    assert [one.public_id for one in found.questions] == [owed.public_id]
    email = render(found, force, TODAY)
    assert "1 pertanyaan untuk Anda" in email.subject
    assert f"/laporan/{owed.public_id}/percakapan" in {link.path for link in email.links}
    assert "Kapan fotonya" not in email.text  # words stay behind sign-in
    queue_reminders(force.id)
    assert unanswered(force.id, untold_by=TODAY) == []
    assert len(unanswered(force.id)) == 1
    write_comment(owed.public_id, "Hari ini, @sekretariat.", by=story.focal_point)
    (waits,) = unanswered(force.id)
    assert waits.addressee is Addressee.SECRETARIAT
    (office,) = [d for d in digests(force, date(2026, 10, 14)) if d.questions]
    assert office.account.id == story.secretariat.account_id
    assert "Yth. Sekretariat" in render(office, force, TODAY).text
    write_comment(owed.public_id, "Diterima.", by=story.secretariat)
    assert unanswered(force.id) == []
    kinds = set(db.session.scalars(sa.select(OutgoingEmail.kind)))
    assert kinds <= {"assigned", "digest", "sent"}  # a comment is no mail of its own


def test_who_writes_and_who_reads(story: Story, owed: Obligation) -> None:
    head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
    write_comment(owed.public_id, "Dari kepala.", by=head)
    write_comment(owed.public_id, "Dari sekretariat.", form_key="k", by=story.secretariat)
    write_comment(owed.public_id, "Dari sekretariat.", form_key="k", by=story.secretariat)
    auditor = factories.person(AccessKind.AUDITOR, home="inspektorat")
    for by in (story.leadership, auditor):
        with pytest.raises(NotAllowed):
            write_comment(owed.public_id, "Tidak boleh.", by=by)
    abroad = replace(story.secretariat, task_force_id=factories.task_force("64.71").id)
    for stranger in (story.supporter, abroad):
        with pytest.raises(NotFound):
            write_comment(owed.public_id, "Tidak boleh.", by=stranger)
    with pytest.raises(InvalidInput):
        write_comment(owed.public_id, "NIK 6472015505080001", by=story.secretariat)
    draft = factories.obligation_of(story.assignment, "disnakertrans")
    with pytest.raises(NotFound):  # a draft is its agency's alone
        write_comment(draft.public_id, "Belum dikirim.", by=story.secretariat)
    assert len(db.session.scalars(sa.select(ReportComment)).all()) == 2
    said = [(i["verb"], i.get("said")) for i in history(story.leadership, owed)]
    assert ("Kepala Dispora:", "Dari kepala.") in said
    assert ("Sekretariat:", "Dari sekretariat.") in said
    assert "Dikirim" in {verb for verb, _said in said}


def history(viewer: Viewer, owed: Obligation) -> list[dict[str, str]]:
    """The history of a report, as the viewer reads it."""
    head = report_head(viewer, owed.public_id)
    assert head is not None
    return timeline.of_report(viewer, head, submissions(viewer, head), related_to(viewer, head))


def test_what_becomes_of_a_file_is_in_the_history(story: Story) -> None:
    owed = factories.obligation_of(story.assignment, "disnakertrans")
    out = io.BytesIO()
    Image.new("RGB", (20, 20), (90, 120, 90)).save(out, "JPEG")
    out.seek(0)
    photo = receive(FileStorage(out, filename="kegiatan.jpg"), field="files")
    report = drafts.save_draft(
        owed.public_id,
        factories.draft_for(owed),
        version=0,
        files=[photo],
        by=story.supporter,
    )
    service.submit_report(
        owed.public_id,
        version=report.version,
        form_key="dengan-foto",
        confirmed=True,
        by=story.supporter,
    )
    (row,) = queries.latest_revision(owed).evidence
    withdraw(row.evidence.public_id, WithdrawReason.WRONG_FILE, reports=REPORTS, by=story.supporter)
    for viewer in (story.secretariat, story.leadership):
        said = [(item["verb"], item.get("text", "")) for item in history(viewer, owed)]
        assert ("Bukti ditarik: salah berkas", "kegiatan.jpg, oleh Disnakertrans") in said
