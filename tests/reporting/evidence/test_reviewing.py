"""What one agency says of a file never destroys what another agency showed: the secretariat looks
first. Both engines."""

import re
from datetime import timedelta

import flask
import flask_migrate
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.clock import today
from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.permissions import Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.files import storage
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.smtp import compose
from coordinator.reporting.evidence import handing_out, queries
from coordinator.reporting.evidence import review_queries as reviews
from coordinator.reporting.evidence.models import EvidenceReview
from coordinator.reporting.evidence.review_service import decide_review, withdraw
from coordinator.reporting.evidence.rules import CheckState, ReviewState, WithdrawReason
from coordinator.reporting.evidence.service import explain_reuse
from coordinator.reporting.reports.evidence_marks import VerdictMark, verdict_marks
from coordinator.reporting.reports.evidence_queries import REPORTS
from tests import factories
from tests.engines import ROOT, migrate
from tests.reporting.evidence.builders import first_again, lay, received, send, use
from tests.reporting.evidence.shared_file import SharedFile, the_review, verify

pytestmark = pytest.mark.usefixtures("in_app")


def subjects() -> list[tuple[str, str]]:
    """Who was sent which mail about files, by address."""
    rows = db.session.execute(
        sa.select(OutgoingEmail.to_address, OutgoingEmail.subject)
        .where(OutgoingEmail.kind.like("evidence%"))
        .order_by(OutgoingEmail.id)
    )
    return [(row[0], row[1]) for row in rows]


@pytest.fixture
def shared(in_app: None) -> SharedFile:
    """The shared minutes."""
    return SharedFile()


def test_another_agencys_proof_is_hidden_not_destroyed(shared: SharedFile) -> None:
    supporter = shared.story.supporter
    found = shared.take_back()
    own, theirs = use(shared.own), use(shared.theirs)
    assert (own.file, own.name, own.check_state) == (None, "berkas ditarik", CheckState.REFUSED)
    assert (theirs.withdrawn_at, theirs.file, theirs.is_hidden) == (None, None, True)
    assert theirs.name == "berkas yang ditinjau"  # the name may be what tells
    assert storage.current().has(shared.sha256)
    assert (found.state, found.asked_for_id) == (ReviewState.OPEN, own.agency_id)
    for viewer in (supporter, shared.secretariat, shared.story.leadership):
        with pytest.raises(NotFound, match="sedang ditinjau Sekretariat"):
            handing_out.open_file(viewer, shared.theirs)
    assert verdict_marks([shared.owed.public_id]) == {shared.owed.public_id: VerdictMark.REVIEWED}
    assert queries.used_bytes(theirs.agency_id) == theirs.size  # it still takes room
    hidden = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "evidence.hidden")
    ).one()
    assert (hidden.subject_id, hidden.agency_id) == (shared.theirs, theirs.agency_id)


def test_the_other_agency_and_the_verifier_get_a_mail(shared: SharedFile) -> None:
    shared.take_back()
    supporter, verifier = (
        factories.email_of(one) for one in (shared.story.supporter, shared.secretariat)
    )
    assert sorted(subjects()) == sorted(
        [
            (supporter, "[TPPO] Bukti laporan sedang ditinjau"),
            (verifier, "[TPPO] Putuskan tinjauan bukti dalam satu hari kerja"),
        ]
    )
    texts = db.session.scalars(
        sa.select(OutgoingEmail.text).where(OutgoingEmail.kind == "evidence_review")
    ).all()
    assert all("Dispora menyebut" in text for text in texts)
    assert all("risalah" not in text for text in texts)
    shared.decide(is_kept=False)
    # Who decides knows; the other two get a mail: who asked, and whose file it was.
    assert sorted(subjects()[2:]) == sorted(
        (factories.email_of(one), "[TPPO] Bukti laporan dihapus")
        for one in (shared.story.focal_point, shared.story.supporter)
    )


def mail_to(viewer: Viewer) -> str:
    """The newest mail about a file to somebody, as it leaves."""
    row = db.session.scalars(
        sa.select(OutgoingEmail)
        .where(
            OutgoingEmail.kind == "evidence_review",
            OutgoingEmail.account_id == viewer.account_id,
        )
        .order_by(OutgoingEmail.id.desc())
    ).first()
    assert row is not None
    message = compose(
        row, sender="tppo@uji.example", base_url="https://tppo.uji.example", secret_key="k"
    )
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_each_mail_says_what_its_reader_has_to_do(shared: SharedFile) -> None:
    found = shared.take_back()
    officer, supporter = mail_to(shared.secretariat), mail_to(shared.story.supporter)
    assert f"https://tppo.uji.example/tinjauan-bukti/{found.public_id}" in officer
    assert "dalam satu hari kerja" in officer
    assert "tidak ada" not in officer
    assert f"https://tppo.uji.example/laporan/{shared.owed.public_id}" in supporter
    assert "siapa pun" not in supporter
    shared.decide(is_kept=True)
    asker = mail_to(shared.story.focal_point)
    assert "Unggah lagi bila" in asker
    assert "laporan di atas memakai" not in asker
    assert "ditampilkan lagi pada laporan" in mail_to(shared.story.supporter)


def test_one_agencys_word_alone_refuses_nothing_of_another(in_app: None) -> None:
    """Who takes shared minutes back before others hand them in makes a review, no refusal."""
    story = factories.story()
    own_owed = factories.obligation_of(story.assignment, "dispora")
    own = lay(own_owed, story.focal_point, received(name="risalah.jpg"))
    withdraw(own, WithdrawReason.IDENTITY, reports=REPORTS, by=story.focal_point)
    with pytest.raises(InvalidInput, match="sudah ditarik karena"):
        lay(own_owed, story.focal_point, received())
    db.session.rollback()
    owed = factories.obligation_of(story.assignment, "disnakertrans")
    theirs = lay(owed, story.supporter, received(name="risalah.jpg"))
    assert use(theirs).is_hidden
    found = db.session.scalars(
        sa.select(EvidenceReview).where(EvidenceReview.state == ReviewState.OPEN)
    ).one()
    assert found.asked_for_id == use(own).agency_id
    assert reviews.bytes_to_judge(story.secretariat, found.public_id, theirs) is not None
    assert "dalam satu hari kerja" in mail_to(story.secretariat)
    decide_review(
        found.public_id, is_kept=True, reason="Bukan.", reports=REPORTS, by=story.secretariat
    )
    assert use(theirs).file is not None
    assert use(lay(own_owed, story.focal_point, received())).file is not None


def test_what_the_secretariat_cleared_is_not_hidden_by_another_word(shared: SharedFile) -> None:
    shared.take_back()
    shared.decide(is_kept=True)
    again = lay(shared.own_owed, shared.story.focal_point, received(name="rapat2.jpg"))
    before = len(subjects())
    with pytest.raises(InvalidInput, match="tidak memuat identitas"):
        withdraw(again, WithdrawReason.IDENTITY, reports=REPORTS, by=shared.story.focal_point)
    assert not use(shared.theirs).is_hidden
    assert len(subjects()) == before
    withdraw(again, WithdrawReason.WRONG_FILE, reports=REPORTS, by=shared.story.focal_point)
    withdraw(shared.theirs, WithdrawReason.IDENTITY, reports=REPORTS, by=shared.secretariat)
    assert use(shared.theirs).check_state is CheckState.REFUSED


def test_nobody_takes_away_what_is_under_review(shared: SharedFile) -> None:
    shared.take_back()
    for viewer in (shared.story.supporter, shared.secretariat):
        with pytest.raises(InvalidInput, match="sedang ditinjau"):
            withdraw(shared.theirs, WithdrawReason.WRONG_FILE, reports=REPORTS, by=viewer)
        db.session.rollback()
    assert storage.current().has(shared.sha256)
    assert use(shared.theirs).is_hidden


def test_only_the_secretariat_reads_the_file_and_only_to_decide(shared: SharedFile) -> None:
    found = shared.take_back()
    for viewer in (shared.story.supporter, shared.story.focal_point, shared.story.leadership):
        assert reviews.bytes_to_judge(viewer, found.public_id, shared.theirs) is None
        with pytest.raises(NotAllowed):
            decide_review(found.public_id, is_kept=True, reason="Ya.", reports=REPORTS, by=viewer)
    held = reviews.bytes_to_judge(shared.secretariat, found.public_id, shared.theirs)
    assert held is not None
    assert held.name == "risalah.jpg"
    assert reviews.bytes_to_judge(shared.secretariat, found.public_id, shared.own) is None
    shared.decide(is_kept=True)
    assert reviews.bytes_to_judge(shared.secretariat, found.public_id, shared.theirs) is None


def test_kept_is_as_before_and_may_be_handed_in_again(shared: SharedFile) -> None:
    third = first_again(shared.story)
    shared.take_back()
    with pytest.raises(InvalidInput, match="sedang ditinjau Sekretariat"):
        lay(third, shared.story.focal_point, received())
    with pytest.raises(InvalidInput, match="Tulis alasannya"):
        decide_review(
            the_review().public_id, is_kept=True, reason=" ", reports=REPORTS, by=shared.secretariat
        )
    shared.decide(is_kept=True)
    theirs = use(shared.theirs)
    assert (theirs.name, theirs.is_hidden, theirs.check_state) == (
        "risalah.jpg",
        False,
        CheckState.CLEAN,
    )
    assert handing_out.open_file(shared.story.supporter, shared.theirs)[1].sha256 == shared.sha256
    assert verdict_marks([shared.owed.public_id]) == {}
    assert use(lay(third, shared.story.focal_point, received())).file is not None
    with pytest.raises(Conflict):
        shared.decide(is_kept=False)


def test_deleted_is_gone_for_all_and_refused(shared: SharedFile) -> None:
    shared.take_back()
    shared.decide(is_kept=False)
    theirs = use(shared.theirs)
    assert (theirs.file, theirs.name) == (None, "berkas ditarik")
    assert theirs.check_state is CheckState.REFUSED
    assert not storage.current().has(shared.sha256)
    assert verdict_marks([shared.owed.public_id]) == {shared.owed.public_id: VerdictMark.GONE}
    third = first_again(shared.story)
    with pytest.raises(InvalidInput, match="sudah ditarik karena memuat identitas"):
        lay(third, shared.story.focal_point, received())
    db.session.rollback()
    # A mistake can be put right: the file is taken again, though its bytes do not come back.
    shared.decide(is_kept=True)
    assert use(lay(third, shared.story.focal_point, received())).file is not None
    assert use(shared.theirs).file is None
    assert verdict_marks([shared.owed.public_id]) == {shared.owed.public_id: VerdictMark.GONE}


def test_what_an_agency_alone_used_is_gone_at_once_and_can_be_allowed_again(
    shared: SharedFile,
) -> None:
    """No way around: a file kept from everybody by one agency's word is taken again by the
    secretariat's."""
    story = shared.story
    fresh = received(b"lain", name="undangan.jpg")
    one = lay(first_again(story), story.focal_point, fresh)
    withdraw(one, WithdrawReason.IDENTITY, reports=REPORTS, by=story.focal_point)
    assert not storage.current().has(fresh.sha256)
    found = the_review()
    assert found.state is ReviewState.DELETED
    assert subjects() == []
    assert reviews.waiting(shared.secretariat) == (0, None)
    with pytest.raises(InvalidInput, match="sudah ditarik karena"):
        lay(shared.own_owed, story.focal_point, received(b"lain"))
    db.session.rollback()
    shared.decide(is_kept=True)
    assert use(lay(shared.own_owed, story.focal_point, received(b"lain"))).file is not None


def test_a_second_agency_that_says_the_same_joins_the_review(shared: SharedFile) -> None:
    found = shared.take_back()
    withdraw(shared.theirs, WithdrawReason.IDENTITY, reports=REPORTS, by=shared.story.supporter)
    assert the_review().id == found.id
    assert use(shared.theirs).name == "berkas ditarik"
    assert not storage.current().has(shared.sha256)
    shared.decide(is_kept=True)  # nothing is left to show; the file may come again
    assert use(shared.theirs).file is None


def test_what_the_secretariat_takes_back_goes_everywhere_and_is_mailed(shared: SharedFile) -> None:
    withdraw(shared.theirs, WithdrawReason.IDENTITY, reports=REPORTS, by=shared.secretariat)
    assert use(shared.own).check_state is use(shared.theirs).check_state is CheckState.REFUSED
    assert not storage.current().has(shared.sha256)
    assert {address for address, _subject in subjects()} == {
        factories.email_of(one) for one in (shared.story.focal_point, shared.story.supporter)
    }


def test_what_the_secretariat_takes_back_for_another_reason_is_mailed(shared: SharedFile) -> None:
    withdraw(shared.theirs, WithdrawReason.WRONG_FILE, reports=REPORTS, by=shared.secretariat)
    assert subjects() == [
        (factories.email_of(shared.story.supporter), "[TPPO] Bukti laporan ditarik Sekretariat")
    ]
    assert verdict_marks([shared.owed.public_id]) == {shared.owed.public_id: VerdictMark.GONE}
    assert use(shared.own).file is not None


def test_a_report_goes_out_with_a_file_under_review_and_waits_for_its_verdict(
    shared: SharedFile,
) -> None:
    """What others say of a file delays nobody's report; nobody judges on what they cannot see."""
    story = shared.story
    third = first_again(story)
    other = lay(third, story.focal_point, received(b"empat"))
    owner = factories.assign(story.secretariat, "1.3", lead="disnakertrans", join=story.period)
    fourth = factories.obligation_of(owner, "disnakertrans")
    mine = lay(fourth, story.supporter, received(b"empat"))
    explain_reuse(mine, "Rapat bersama.", reports=REPORTS, by=story.supporter)
    withdraw(other, WithdrawReason.IDENTITY, reports=REPORTS, by=story.focal_point)
    send(fourth, story.supporter)
    with pytest.raises(InvalidInput, match="sedang ditinjau"):
        verify(fourth, mine, story.secretariat)


def test_another_task_force_is_not_reached(shared: SharedFile) -> None:
    """Balikpapan holds the same bytes: nothing of it is hidden, refused or named."""
    theirs = use(shared.theirs)
    below = factories.task_force("64.71").id
    with db.engine.begin() as connection:
        columns = [c.name for c in theirs.__table__.columns if c.name not in ("id", "public_id")]
        names = ", ".join(columns)
        values = ", ".join(str(below) if c == "task_force_id" else c for c in columns)
        connection.execute(
            sa.text(
                f"INSERT INTO evidence (public_id, {names}) "
                f"SELECT 'balikpapan01', {values} FROM evidence WHERE id = {theirs.id}"
            )
        )
    shared.take_back()
    shared.decide(is_kept=False)
    below_use = use("balikpapan01")
    assert (below_use.file is not None, below_use.is_hidden) == (True, False)
    assert below_use.name == "risalah.jpg"
    assert storage.current().has(shared.sha256)
    assert reviews.refused_as(below, shared.sha256, agency_id=theirs.agency_id) is None


def test_after_one_working_day_it_is_before_the_leadership(
    shared: SharedFile, clock: time_machine.Traveller
) -> None:
    shared.take_back()
    leadership, secretariat = shared.story.leadership, shared.secretariat
    assert reviews.waiting(secretariat)[0] == 1
    on = today()
    assert reviews.late_count(leadership, on + timedelta(days=1)) == 0
    assert reviews.late_count(leadership, on + timedelta(days=2)) == 1
    assert use(shared.theirs).is_hidden  # still
    assert reviews.late_count(shared.story.supporter, on + timedelta(days=2)) == 0


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_every_state_of_a_report_bears_the_mark_of_its_evidence() -> None:
    """A template that says "Selesai" of a report says as well that its evidence is under review."""
    states = re.compile(r"tag\((?:report|line|task|row)\.state\b|tag\(state\)")
    shown = {
        str(path.relative_to(ROOT / "templates"))
        for path in (ROOT / "templates").rglob("*.html")
        if states.search(path.read_text("utf-8")) and "components" not in path.parts
    }
    assert "reporting/report_pages/report.html" in shown
    texts = {one: (ROOT / "templates" / one).read_text("utf-8") for one in shown}
    assert [one for one in shown if not re.search(r"verdict_mark\(|tag\(mark", texts[one])] == []


def test_a_downgrade_gives_back_what_a_review_hides(app: flask.Flask) -> None:
    """The former schema knows no review: bytes and name are in their place, then and after."""
    with app.app_context():
        shared = SharedFile()
        shared.take_back()
        db.session.remove()
        db.engine.dispose()
        folder = str(ROOT / "migrations")
        flask_migrate.downgrade(directory=folder, revision="0014")
        with db.engine.connect() as connection:
            found = connection.execute(
                sa.text("SELECT name, file_id FROM evidence WHERE public_id = :id"),
                {"id": shared.theirs},
            ).one()
        assert found.name == "risalah.jpg"
        assert found.file_id is not None
        db.engine.dispose()
        migrate()
        assert not use(shared.theirs).is_hidden
        assert use(shared.theirs).file is not None
