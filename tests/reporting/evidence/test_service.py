"""Uses of files: who sees them, the same file twice, room, taking back. Both engines."""

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.files import quota, storage
from coordinator.platform.files.models import StoredFile
from coordinator.platform.files.rules import Reading
from coordinator.reporting.evidence import labels, queries, service, taking_in
from coordinator.reporting.evidence import review_service as review
from coordinator.reporting.evidence.models import EvidenceReview
from coordinator.reporting.evidence.rules import CheckState, Level, WithdrawReason
from coordinator.reporting.reading.head_queries import report_head
from coordinator.reporting.reports.evidence_queries import REPORTS
from coordinator.reporting.threads.related_queries import related_to
from tests import factories
from tests.factories import Story
from tests.reporting.evidence.builders import first_again, lay, received, send, use

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def story(in_app: None) -> Story:
    """Dispora and Disnakertrans owe a report each."""
    return factories.story()


def events(viewer: Viewer, owed: Obligation) -> list[tuple[str, str]]:
    """What became of a report's files, as the viewer may read it on its page."""
    head = report_head(viewer, owed.public_id)
    related = related_to(viewer, head).events if head else ()
    return [
        (
            labels.event(one.action, level=one.level, reason=one.reason),
            f"{one.name}, oleh {one.agency or 'Sekretariat'}",
        )
        for one in related
    ]


def test_only_what_was_read_whole_without_a_doubt_passes_by_itself(story: Story) -> None:
    owed = factories.obligation_of(story.assignment, "dispora")
    for place, (reading, warnings, state) in enumerate(
        (
            (Reading.FULL, (), CheckState.CLEAN),
            (Reading.FULL, (("phone", 1),), CheckState.WAITING),
            (Reading.PARTIAL, (), CheckState.WAITING),
            (Reading.NONE, (), CheckState.WAITING),
        )
    ):
        file = received(b"%d" % place, reading=reading, warnings=warnings)
        assert use(lay(owed, story.focal_point, file)).check_state is state
    with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
        connection.execute(
            sa.text(
                "UPDATE evidence SET check_state = 'clean', checked_at = '2026-10-13' "
                "WHERE reading = 'none'"
            )
        )


def test_what_the_detector_asks_is_answered_before_sending(story: Story) -> None:
    owed = factories.obligation_of(story.assignment, "dispora")
    public_id = lay(owed, story.focal_point, received(warnings=(("phone", 2),)))
    with pytest.raises(InvalidInput, match=r"nomor telepon \(2\)"):
        send(owed, story.focal_point)
    with pytest.raises(NotFound):
        service.confirm_no_identity(
            public_id, by=story.secretariat
        )  # a draft is its agency's alone
    service.confirm_no_identity(public_id, by=story.focal_point)
    send(owed, story.focal_point)
    assert use(public_id).check_state is CheckState.WAITING  # the verifier still looks


def test_the_same_file_again_says_where_and_why(story: Story) -> None:
    first = factories.obligation_of(story.assignment, "dispora")
    second = factories.obligation_of(story.assignment, "disnakertrans")
    one = lay(first, story.focal_point, received(name="a.jpg"))
    send(first, story.focal_point)
    assert not use(one).is_reused
    again = lay(second, story.supporter, received(name="b.jpg"))
    assert use(again).is_reused
    with pytest.raises(InvalidInput, match="Tulis alasan"):
        send(second, story.supporter)
    with pytest.raises(InvalidInput):
        service.explain_reuse(again, "NIK 6472015505080001", reports=REPORTS, by=story.supporter)
    service.explain_reuse(again, "Satu kegiatan bersama.", reports=REPORTS, by=story.supporter)
    with pytest.raises(Conflict, match="tidak dipakai ulang"):
        service.explain_reuse(one, "Alasan.", reports=REPORTS, by=story.focal_point)
    send(second, story.supporter)
    with pytest.raises(Conflict, match="sudah dikirim"):
        service.explain_reuse(again, "Alasan lain.", reports=REPORTS, by=story.supporter)
    service.set_level(again, Level.RESTRICTED, by=story.secretariat)
    assert events(story.secretariat, second) == [
        ("Alasan memakai ulang bukti ditulis", "b.jpg, oleh Disnakertrans"),
        ("Bukti dibatasi", "b.jpg, oleh Sekretariat"),
    ]
    assert events(story.leadership, second) == events(story.focal_point, second) == []

    uses = queries.uses_of(story.secretariat, use(again))
    assert [(u.agency, u.period, u.is_earlier) for u in uses] == [
        ("Dispora", "Triwulan III 2026", True)
    ]
    assert queries.uses_of(story.supporter, use(again)) == []  # another agency's is not shown
    assert [u.agency for u in queries.uses_of(story.secretariat, use(one))] == ["Disnakertrans"]
    assert len(db.session.scalars(sa.select(StoredFile)).all()) == 1


def test_the_same_photo_kept_differently_is_the_same(story: Story) -> None:
    """As when the product draws photos otherwise in a year: what was handed in is compared too."""
    first = factories.obligation_of(story.assignment, "dispora")
    second = factories.obligation_of(story.assignment, "disnakertrans")
    lay(first, story.focal_point, received(b"kecil", received_sha256="a" * 64))
    send(first, story.focal_point)
    assert use(lay(second, story.supporter, received(b"lain", received_sha256="a" * 64))).is_reused


def test_levels_say_who_opens_what_was_handed_in(story: Story) -> None:
    owed = factories.obligation_of(story.assignment, "dispora")
    auditor = factories.person(AccessKind.AUDITOR, home="inspektorat")
    head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
    administrator = factories.person(AccessKind.ADMINISTRATOR)
    public_id = lay(owed, story.focal_point, received())

    def seen() -> list[bool]:
        everybody = (story.focal_point, head, story.secretariat, auditor, story.leadership)
        return [
            queries.evidence(viewer, public_id) is not None
            for viewer in (*everybody, story.supporter, administrator)
        ]

    assert seen() == [True, True, False, False, False, False, False]
    send(owed, story.focal_point)
    assert seen() == [True, True, True, True, True, False, False]
    service.set_level(public_id, Level.RESTRICTED, by=story.secretariat)
    assert seen() == [True, True, True, True, False, False, False]
    for viewer in (head, auditor, story.leadership, administrator):
        with pytest.raises(NotAllowed):
            service.set_level(public_id, Level.INTERNAL, by=viewer)
    with pytest.raises(NotFound):
        service.set_level(public_id, Level.INTERNAL, by=story.supporter)


def test_a_withdrawn_file_is_gone_and_says_who_when_why(story: Story) -> None:
    owed = factories.obligation_of(story.assignment, "dispora")
    file = received()
    public_id = lay(owed, story.focal_point, file)
    send(owed, story.focal_point)
    with pytest.raises(InvalidInput):
        review.withdraw(
            public_id, WithdrawReason.OTHER, note=" ", reports=REPORTS, by=story.focal_point
        )
    review.withdraw(public_id, WithdrawReason.IDENTITY, reports=REPORTS, by=story.secretariat)
    assert not storage.current().has(file.sha256)
    stone = use(public_id)
    assert (stone.file, stone.withdrawn_by_id) == (None, story.secretariat.account_id)
    assert stone.withdrawn_at is not None
    assert stone.withdrawn_reason == "memuat identitas korban atau saksi"
    assert stone.check_state is CheckState.REFUSED
    assert db.session.scalars(sa.select(StoredFile)).all() == []
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "evidence.withdrawn")
    ).one()
    assert entry.details["reason"] == "identity"
    assert entry.details["sha256"] == file.sha256
    with pytest.raises(Conflict):
        review.withdraw(public_id, WithdrawReason.IDENTITY, reports=REPORTS, by=story.secretariat)


def test_identity_goes_from_every_report_and_does_not_come_back(story: Story) -> None:
    first = factories.obligation_of(story.assignment, "dispora")
    second = factories.obligation_of(story.assignment, "disnakertrans")
    one = lay(first, story.focal_point, received(b"asli", name="AB.jpg", received_sha256="a" * 64))
    send(first, story.focal_point)
    again = lay(
        second, story.supporter, received(b"kecil", name="AB2.jpg", received_sha256="a" * 64)
    )
    same_bytes = received(b"kecil", name="AB3.jpg", received_sha256="b" * 64)
    third = lay(first_again(story), story.focal_point, same_bytes)
    review.withdraw(one, WithdrawReason.IDENTITY, reports=REPORTS, by=story.focal_point)
    assert use(again).is_hidden  # another agency's waits for the secretariat
    found = db.session.scalars(sa.select(EvidenceReview.public_id)).one()
    review.decide_review(
        found, is_kept=False, reason="Sudah dibaca.", reports=REPORTS, by=story.secretariat
    )
    for public_id in (one, again, third):
        stone = use(public_id)
        assert (stone.file, stone.name) == (None, "berkas ditarik")
        assert stone.check_state is CheckState.REFUSED
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "evidence.withdrawn")
    ).all()
    assert {entry.subject_id for entry in entries} == {one, again, third}
    assert {entry.agency_id for entry in entries} == {first.agency_id, second.agency_id}
    assert not [path for path in storage.root().glob("??/*") if path.is_file()]
    for file in (
        received(b"kecil", received_sha256="c" * 64),  # what was downloaded, handed in again
        received(b"beda", received_sha256="a" * 64),
        received(b"beda", received_sha256=storage.store(b"asli")),
    ):
        with pytest.raises(InvalidInput, match="sudah ditarik karena memuat identitas"):
            lay(second, story.supporter, file)
    assert [
        (verb, text.partition(", oleh ")[2]) for verb, text in events(story.supporter, second)
    ] == [
        ("Bukti ditinjau: disebut memuat identitas korban atau saksi", "Dispora"),
        ("Bukti ditarik: memuat identitas korban atau saksi", "Sekretariat"),
    ]


def test_a_file_taken_down_is_not_even_stored_again(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    owed = factories.obligation_of(story.assignment, "dispora")
    public_id = lay(owed, story.focal_point, received())
    review.withdraw(public_id, WithdrawReason.IDENTITY, reports=REPORTS, by=story.focal_point)
    file = received()
    monkeypatch.setattr(taking_in.receiving, "receive", lambda _upload, field: file)
    with pytest.raises(InvalidInput, match="sudah ditarik karena") as refused:
        taking_in.receive(FileStorage(), field="scan", agency_id=owed.agency_id)
    assert set(refused.value.fields) == {"scan"}
    assert not storage.current().has(file.sha256)


def test_bytes_that_another_use_holds_stay(story: Story) -> None:
    first = factories.obligation_of(story.assignment, "dispora")
    second = factories.obligation_of(story.assignment, "disnakertrans")
    file = received()
    one, two = lay(first, story.focal_point, file), lay(second, story.supporter, received())
    review.withdraw(one, WithdrawReason.WRONG_FILE, reports=REPORTS, by=story.focal_point)
    assert queries.is_kept_elsewhere(use(one))  # which the page says
    assert use(one).name == "bukti.jpg"
    assert storage.current().has(file.sha256)
    review.withdraw(two, WithdrawReason.WRONG_FILE, reports=REPORTS, by=story.supporter)
    assert not storage.current().has(file.sha256)


def test_an_agency_has_only_so_much_room(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    owed = factories.obligation_of(story.assignment, "dispora")
    monkeypatch.setattr(quota, "limit", lambda: 1_500_000)
    lay(owed, story.focal_point, received(b"a" * 1_000_000))
    with pytest.raises(InvalidInput, match="terpakai 1 MB dari 1 MB, sisa 0 MB"):
        lay(owed, story.focal_point, received(b"b" * 1_000_000))
    assert queries.used_bytes(owed.agency_id) == 1_000_000
