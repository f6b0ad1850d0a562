"""Publishing: dated, told once, undone in time; past periods keep what they were read under."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.mapping.answers.queries import current_answers
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.answers.service import answer_duty
from coordinator.mapping.duties.document import MAPPING_FORMAT, document
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.versions import queries, service
from coordinator.oversight.matrix.exports import matrix_csv
from coordinator.oversight.matrix.queries import matrix
from coordinator.oversight.matrix.rules import Layer
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail.rules import MailState
from tests import factories
from tests.mapping.duties.builders import KEY, revisions, reworded
from tests.mapping.versions.builders import mails, number


@pytest.fixture
def secretariat(in_app: None) -> Viewer:
    """A secretariat officer of Kaltim."""
    return factories.person(AccessKind.SECRETARIAT)


def without(mapping: Mapping, **lists: set[str]) -> Mapping:
    """The mapping without some agencies, with what refers to them."""
    gone = lists["agencies"]
    return replace(
        mapping,
        agencies=[part for part in mapping.agencies if part.id not in gone],
        memberships=[part for part in mapping.memberships if part.agency not in gone],
        duties=[part for part in mapping.duties if part.agency not in gone],
    )


def test_what_was_published_can_be_read_back(secretariat: Viewer, mapping: Mapping) -> None:
    force = factories.task_force().id
    assert document(force, 1) == mapping
    service.publish(reworded(mapping, KEY, text="Lain."), by=secretariat, reason="SK")
    assert document(force, 1) == mapping
    assert document(force, 2) == reworded(mapping, KEY, text="Lain.")
    assert queries.published(force) == document(force, 2)


def test_each_touched_agency_gets_one_mail_and_nobody_else(
    secretariat: Viewer, mapping: Mapping
) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dispora")
    head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
    factories.person(AccessKind.FOCAL_POINT, "dinsos")
    changed = reworded(mapping, KEY, text="Mengawasi magang.")
    second = next(d.id for d in mapping.duties if d.agency == "dispora" and d.id != KEY)
    changed = reworded(changed, second, text="Mendata lembaga pelatihan.")
    done = service.publish(changed, by=secretariat, reason="SK")
    assert done.mails == 1
    (mail,) = mails()
    assert mail.to_address == factories.email_of(head)
    assert "Mengawasi magang." in mail.text
    assert "Mendata lembaga pelatihan." in mail.text
    assert "Mendata lembaga pelatihan." in mail.html
    assert {link.path for link in mail.mail_links} == {"/peran/versi/2?instansi=dispora"}
    assert mail.not_before == mail.queued_at + timedelta(minutes=2)


def test_a_moved_duty_is_mailed_to_both_agencies(secretariat: Viewer, mapping: Mapping) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dispora")
    factories.person(AccessKind.FOCAL_POINT, "dinsos")
    service.publish(reworded(mapping, KEY, agency="dinsos"), by=secretariat, reason="SK")
    texts = {mail.to_address.split("@")[0].split(".")[-1]: mail.text for mail in mails()}
    assert "TIDAK LAGI TUGAS ANDA" in texts["dispora"]
    assert "TUGAS BARU" in texts["dinsos"]


def test_only_what_changed_must_be_answered_again(secretariat: Viewer, mapping: Mapping) -> None:
    focal_point = factories.person(AccessKind.FOCAL_POINT, "dispora")
    force = factories.task_force().id
    own = [duty for duty in mapping.duties if duty.agency == "dispora"]
    for duty in own:
        answer_duty(revisions(duty.id)[0].duty_id, Answer.ACCEPTED, by=focal_point)
    answered = set(current_answers(force))
    assert len(answered) == len(own)
    changed_id = revisions(KEY)[0].duty_id

    service.publish(reworded(mapping, KEY, text="Lain."), by=secretariat, reason="SK")
    assert set(current_answers(force)) == answered - {changed_id}
    # A recipe of evidence asks nobody again; back to the old words, the old answer holds again.
    service.publish(
        reworded(mapping, KEY, evidence=["Berita acara bertanggal."]), by=secretariat, reason="SK"
    )
    assert set(current_answers(force)) == answered


def test_undone_within_two_minutes_nothing_is_left(
    secretariat: Viewer, mapping: Mapping, clock: time_machine.Traveller
) -> None:
    focal_point = factories.person(AccessKind.FOCAL_POINT, "dispora")
    answer_duty(revisions(KEY)[0].duty_id, Answer.ACCEPTED, by=focal_point)
    force = factories.task_force().id
    answered = set(current_answers(force))
    service.publish(reworded(mapping, KEY, text="Lain."), by=secretariat, reason="SK")
    clock.shift(timedelta(seconds=90))
    service.undo(2, by=secretariat)
    assert [mail.state for mail in mails()] == [MailState.CANCELLED]
    assert queries.published(force) == mapping
    assert set(current_answers(force)) == answered
    with pytest.raises(Conflict):
        service.undo(2, by=secretariat)


def test_after_two_minutes_a_version_stays(
    secretariat: Viewer, mapping: Mapping, clock: time_machine.Traveller
) -> None:
    service.publish(reworded(mapping, KEY, text="Lain."), by=secretariat, reason="SK")
    clock.shift(timedelta(minutes=2))
    with pytest.raises(Conflict):
        service.undo(2, by=secretariat)
    assert number() == 2


def _matrices(viewer: Viewer) -> list[bytes]:
    db.session.rollback()
    found = []
    period = db.session.scalars(sa.select(ReportingPeriod)).one()
    for layer in Layer:
        table = matrix(viewer, period, layer, on=date(2026, 10, 13))
        found.append(matrix_csv(table, {}))
    return found


def test_a_past_period_reads_the_same_after_everything_changed(
    secretariat: Viewer, mapping: Mapping
) -> None:
    """Agencies renamed, moved and removed, pokja renamed and removed: byte for byte the same."""
    period = factories.open_period(closes_on=date(2026, 10, 9), opens_on=date(2026, 10, 1))
    dispora = factories.person(AccessKind.FOCAL_POINT, "dispora")
    dinsos = factories.person(AccessKind.FOCAL_POINT, "dinsos")
    first = factories.assign(secretariat, "1.1", "dispora", ("dinsos",), join=period)
    factories.submit(factories.obligation_of(first, "dispora"), dispora)
    for duty in [d for d in mapping.duties if d.agency == "dinsos"][:2]:
        answer_duty(
            revisions(duty.id)[0].duty_id, Answer.NOT_OURS, reason="Bukan bidang.", by=dinsos
        )
    before = _matrices(secretariat)

    groups = [
        replace(part, name=f"{part.name} baru", short=f"{part.short} baru")
        for part in mapping.working_groups
    ]
    agencies = [
        replace(part, name=f"Badan {part.name}", abbreviation=f"B-{part.abbreviation}")
        for part in mapping.agencies
    ]
    changed = replace(
        reworded(mapping, KEY, text="Lain.", agency="dinsos"),
        working_groups=groups[::-1],
        agencies=agencies[::-1],
    )
    changed = without(changed, agencies={"dispora"})
    service.publish(changed, by=secretariat, reason="SK baru")
    assert _matrices(secretariat) == before


def test_nothing_takes_effect_inside_a_closed_period(secretariat: Viewer, mapping: Mapping) -> None:
    factories.open_period(closes_on=date(2026, 10, 9), opens_on=date(2026, 10, 1))
    changed = reworded(mapping, KEY, text="Lain.")
    with pytest.raises(InvalidInput) as refusal:
        service.publish(changed, by=secretariat, reason="SK", effective_on=date(2026, 9, 29))
    assert "30 September 2026" in refusal.value.fields["effective_on"]
    assert number() == 1
    service.publish(changed, by=secretariat, reason="SK", effective_on=date(2026, 9, 30))
    assert number() == 2


def test_an_agency_under_a_new_id_keeps_its_history_and_address(
    secretariat: Viewer, mapping: Mapping
) -> None:
    agency = factories.agency("dispora").id
    changed = replace(
        mapping,
        agencies=[
            replace(part, id="disporapar", former_ids=["dispora"]) if part.id == "dispora" else part
            for part in mapping.agencies
        ],
        memberships=[
            replace(part, agency="disporapar") if part.agency == "dispora" else part
            for part in mapping.memberships
        ],
        duties=[
            replace(part, agency="disporapar") if part.agency == "dispora" else part
            for part in mapping.duties
        ],
    )
    done = service.publish(changed, by=secretariat, reason="SK")
    assert done.differences == []
    assert factories.agency("disporapar").id == agency
    assert len(revisions(KEY)) == 1


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", [AccessKind.LEADERSHIP, AccessKind.AUDITOR, AccessKind.ADMINISTRATOR]
)
def test_only_the_secretariat_changes_the_mapping(
    in_app: None, mapping: Mapping, kind: AccessKind
) -> None:
    other = factories.person(kind)
    changed = reworded(mapping, KEY, text="Lain.")
    for act in (
        lambda: service.publish(changed, by=other, reason="x"),
        lambda: service.save_draft(changed, revision=0, by=other),
        lambda: service.discard_draft(by=other),
        lambda: service.undo(1, by=other),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert number() == 1


def test_a_file_of_another_task_force_is_refused(secretariat: Viewer, mapping: Mapping) -> None:
    other = replace(mapping, task_forces=mapping.task_forces[1:])
    with pytest.raises(NotAllowed):
        service.publish(other, by=secretariat, reason="x")


# --- the draft -----------------------------------------------------------------------------------


def test_a_draft_changes_nothing_until_it_is_published(
    secretariat: Viewer, mapping: Mapping
) -> None:
    changed = reworded(mapping, KEY, text="Lain.")
    revision = service.save_draft(changed, revision=0, by=secretariat)
    force = factories.task_force().id
    assert queries.published(force) == mapping
    assert queries.edited(secretariat) == (changed, revision)
    with pytest.raises(InvalidInput):
        service.publish_draft(revision=revision, reason=" ", effective_on=None, by=secretariat)
    service.publish_draft(revision=revision, reason="SK", effective_on=None, by=secretariat)
    assert queries.published(force) == changed
    assert queries.draft(secretariat) is None


def test_two_editors_cannot_overwrite_each_other(secretariat: Viewer, mapping: Mapping) -> None:
    mine = reworded(mapping, KEY, text="Satu.")
    service.save_draft(mine, revision=0, by=secretariat)
    for revision in (0, 2):
        with pytest.raises(Conflict):
            service.save_draft(
                reworded(mapping, KEY, text="Dua."), revision=revision, by=secretariat
            )
        with pytest.raises(Conflict):
            service.publish_draft(revision=revision, reason="SK", effective_on=None, by=secretariat)
    assert queries.edited(secretariat) == (mine, 1)


def test_a_draft_on_an_old_version_is_not_published(secretariat: Viewer, mapping: Mapping) -> None:
    service.save_draft(reworded(mapping, KEY, text="Satu."), revision=0, by=secretariat)
    service.publish(reworded(mapping, KEY, text="Dua."), by=None, reason="berkas")
    with pytest.raises(Conflict):
        service.publish_draft(revision=1, reason="SK", effective_on=None, by=secretariat)
    service.discard_draft(by=secretariat)
    with pytest.raises(NotFound):
        service.publish_draft(revision=1, reason="SK", effective_on=None, by=secretariat)
    assert number() == 2


def test_a_document_keeps_everything(mapping: Mapping) -> None:
    assert MAPPING_FORMAT.from_json(MAPPING_FORMAT.to_json(mapping)) == mapping
