"""Entering a signed decree: one version, what it changes and leaves, who gets a mail."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed
from coordinator.mapping.answers.queries import current_answers
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.answers.service import answer_duty
from coordinator.mapping.decrees import queries, service
from coordinator.mapping.decrees.effect import Choice
from coordinator.mapping.decrees.models import MappingDecree
from coordinator.mapping.duties.document import MAPPING_FORMAT
from coordinator.mapping.duties.lint import check_bytes
from coordinator.mapping.duties.rules import BasisStatus
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.versions import service as versions
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.files.models import StoredFile
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories
from tests.mapping.answers.builders import NIK, duties_of, person_elsewhere
from tests.mapping.decrees.builders import OTHER, SIGNED, duty, enter, in_force, received, usual
from tests.mapping.duties.builders import revisions, reworded
from tests.mapping.versions.builders import mails, number


@pytest.fixture
def secretariat(in_app: None) -> Viewer:
    """A secretariat officer of Kaltim."""
    return factories.person(AccessKind.SECRETARIAT)


def statuses(mapping: Mapping) -> dict[str, BasisStatus]:
    """The status of every duty and membership."""
    found = {part.id: part.status for part in mapping.duties}
    return found | {
        f"{part.agency}@{part.working_group}": part.status for part in mapping.memberships
    }


def refusal(act: Callable[[], object]) -> dict[str, str]:
    """What a refused act says, by field."""
    with pytest.raises(InvalidInput) as refused:
        act()
    return refused.value.fields


def test_what_was_proposed_is_decreed_and_the_law_stays(secretariat: Viewer) -> None:
    before = in_force(secretariat)
    row = enter(secretariat)
    after = in_force(secretariat)
    assert (number(), row.mapping_version) == (2, 2)
    was, now = statuses(before), statuses(after)
    assert {now[key] for key, status in was.items() if status is BasisStatus.PROPOSAL} == {
        BasisStatus.DECREE
    }
    kept = {key for key, status in was.items() if status is not BasisStatus.PROPOSAL}
    assert len(kept) > 30
    assert all(now[key] is was[key] for key in kept)
    assert row.duties == sum(one.status is BasisStatus.PROPOSAL for one in before.duties)
    assert row.memberships == len(before.memberships)
    (decree,) = (one for one in after.legal_instruments if one not in before.legal_instruments)
    assert decree.kind == "keputusan"
    assert decree.short == "SK 100.3.3.1/K.7/2026 tanggal 9 Oktober 2026"
    assert decree.title == (
        "Keputusan Gubernur Contoh Nomor 100.3.3.1/K.7/2026 tanggal 9 Oktober 2026 tentang "
        "Gugus Tugas (DATA CONTOH)"
    )
    for part in (*after.duties, *after.memberships):
        cited = [(one.instrument, one.article) for one in part.citations]
        assert ((decree.id, "Lampiran") in cited) == (part.status is BasisStatus.DECREE)
        assert part.status is not BasisStatus.DECREE or part.source is None
    _checked, findings = check_bytes(MAPPING_FORMAT.to_json(after).encode(), "uji")
    assert [str(one) for one in findings if one.severity == "error"] == []


def test_the_articles_of_a_proposal_stay_behind_the_decree(secretariat: Viewer) -> None:
    before = in_force(secretariat)
    key = next(
        one.id for one in before.duties if one.citations and one.status is BasisStatus.PROPOSAL
    )
    enter(secretariat)
    after = duty(in_force(secretariat), key)
    assert after.citations[1:] == duty(before, key).citations


def test_only_what_was_chosen_changes_also_a_duty_of_the_law(secretariat: Viewer) -> None:
    before = in_force(secretariat)
    law = next(one.id for one in before.duties if one.status is BasisStatus.REGULATION)
    proposal = next(one.id for one in before.duties if one.status is BasisStatus.PROPOSAL)
    member = before.memberships[0]
    pair = (member.agency, member.working_group)
    enter(secretariat, choice=Choice(frozenset({law, proposal, "asing"}), frozenset({pair})))
    was, now = statuses(before), statuses(in_force(secretariat))
    assert {key for key in was if was[key] is not now[key]} == {law, proposal, "@".join(pair)}


def test_a_later_decree_replaces_the_earlier_one(secretariat: Viewer) -> None:
    enter(secretariat)
    key = next(one.id for one in in_force(secretariat).duties if one.status is BasisStatus.DECREE)
    enter(secretariat, OTHER, Choice(frozenset({key})))
    after = in_force(secretariat)
    shorts = {one.id: one.short for one in after.legal_instruments}
    decrees = [
        shorts[one.instrument]
        for one in duty(after, key).citations
        if shorts[one.instrument].startswith("SK ")
    ]
    assert decrees == ["SK UJI/8/2026 tanggal 12 Oktober 2026"]


def test_a_duty_in_dispute_is_not_ticked_at_first(secretariat: Viewer) -> None:
    focal_point = factories.person(AccessKind.FOCAL_POINT, "dispora")
    asked = next(one for one in duties_of(focal_point) if one.status is BasisStatus.PROPOSAL)
    key = asked.duty.key
    answer_duty(asked.duty_id, Answer.NOT_OURS, reason="Bukan bidang kami", by=focal_point)
    assert key not in usual(secretariat).duties
    enter(secretariat)
    assert duty(in_force(secretariat), key).status is BasisStatus.PROPOSAL


def test_answers_stay(secretariat: Viewer) -> None:
    focal_point = factories.person(AccessKind.FOCAL_POINT, "dispora")
    for one in duties_of(focal_point):
        answer_duty(one.duty_id, Answer.ACCEPTED, by=focal_point)
    force = factories.task_force().id
    answered = current_answers(force)
    assert len(answered) >= 3
    enter(secretariat)
    assert current_answers(force) == answered
    mail = " ".join(mails()[0].text.split())
    assert "Bunyi tugas tidak berubah, dan jawaban Anda tetap berlaku." in mail


def test_head_and_focal_point_get_one_mail_each(secretariat: Viewer) -> None:
    head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
    focal_point = factories.person(AccessKind.FOCAL_POINT, "dispora")
    factories.person(AccessKind.FOCAL_POINT, "dinsos")
    own = [one.text for one in in_force(secretariat).duties if one.agency == "dispora"]
    keys = {one.id for one in in_force(secretariat).duties if one.agency == "dispora"}
    left = sorted(keys)[0]
    enter(secretariat, choice=Choice(frozenset(keys - {left})))
    sent = {mail.to_address: mail for mail in mails()}
    assert set(sent) == {factories.email_of(head), factories.email_of(focal_point)}
    assert len(mails()) == 2
    text = sent[factories.email_of(head)].text
    said = duty(in_force(secretariat), left).text
    one_line = re.sub(r"\s+", " ", text)
    assert (
        "Keputusan Gubernur Contoh Nomor 100.3.3.1/K.7/2026 tanggal 9 Oktober 2026 menetapkan "
        f"{len(own) - 1} tugas Dispora. Bunyi tugas tidak berubah. {len(own)} tugas "
        "masih menunggu jawaban Anda. 1 tugas lain tetap usulan."
    ) in one_line
    assert all((line in text) == (line != said) for line in own)
    assert "perlu Anda jawab" not in text
    html = re.sub(r"\s+", " ", sent[factories.email_of(head)].html)
    assert f"menetapkan {len(own) - 1} tugas Dispora." in html


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"number": " "}, "number", "Tulis nomor SK."),
        ({"number": "1" * 51}, "number", "Paling panjang 50 karakter."),
        ({"number": f"SK {NIK}"}, "number", "Ada angka seperti NIK"),
        ({"about": ""}, "about", "Tulis tentang apa SK itu."),
        ({"about": f"nomor {NIK}"}, "about", "Ada angka seperti NIK"),
        ({"office": ""}, "office", "Tulis jabatan yang menandatangani."),
        ({"signed_on": date(2026, 10, 14)}, "signed_on", "Tanggal ini belum tiba."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    secretariat: Viewer, change: dict[str, object], field: str, said: str
) -> None:
    found = refusal(lambda: enter(secretariat, replace(SIGNED, **change)))
    assert set(found) == {field}
    assert said in found[field]
    assert number() == 1


def test_without_a_scan_or_a_choice_nothing_is_entered(secretariat: Viewer) -> None:
    choice = usual(secretariat)
    found = refusal(
        lambda: service.enter_decree(SIGNED, choice, None, seen_version=1, by=secretariat)
    )
    assert set(found) == {"scan"}
    photo = replace(received(), media_type="image/jpeg")
    found = refusal(
        lambda: service.enter_decree(SIGNED, choice, photo, seen_version=1, by=secretariat)
    )
    assert found == {"scan": "Salinan SK harus PDF."}
    assert set(refusal(lambda: enter(secretariat, choice=Choice()))) == {"choice"}
    assert number() == 1


def test_the_same_decree_is_refused_at_its_number(secretariat: Viewer) -> None:
    enter(secretariat)
    law = Choice(
        frozenset(
            one.id for one in in_force(secretariat).duties if one.status is BasisStatus.REGULATION
        )
    )
    again = replace(SIGNED, number=" 100.3.3.1/k.7/2026 ", about="Lain")
    assert refusal(lambda: enter(secretariat, again, law)) == {
        "number": "SK dengan nomor dan tanggal ini sudah dicatat; lihat versi 2."
    }
    assert number() == 2
    # The number of another year is another decree.
    enter(secretariat, replace(SIGNED, signed_on=date(2025, 10, 9)), law)
    assert number() == 3


def test_taken_back_it_can_be_entered_again(
    secretariat: Viewer, clock: time_machine.Traveller
) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dispora")
    before = in_force(secretariat)
    enter(secretariat)
    clock.shift(timedelta(seconds=60))
    versions.undo(2, by=secretariat)
    assert in_force(secretariat) == before
    assert [mail.state.value for mail in mails()] == ["cancelled"]
    (line,) = queries.decrees(secretariat)
    assert line.is_undone
    enter(secretariat, replace(SIGNED, about="Susunan gugus tugas (DATA CONTOH)"))
    again, first = queries.decrees(secretariat)
    assert (again.version, again.is_undone, again.about[:8]) == (4, False, "Susunan ")
    assert first == line  # it stays in the list as it was
    assert "lihat versi 4" in refusal(lambda: enter(secretariat))["number"]


def test_nothing_is_left_of_an_act_that_fails(
    secretariat: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dispora")

    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("no record")

    monkeypatch.setattr(service, "record", fail)
    with pytest.raises(RuntimeError):
        enter(secretariat)
    db.session.rollback()
    assert number() == 1
    for model in (MappingDecree, OutgoingEmail, StoredFile):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


def test_it_is_in_the_audit_trail(secretariat: Viewer) -> None:
    row = enter(secretariat)
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "mapping.decreed")
    ).one()
    assert entry.account_id == secretariat.account_id
    assert entry.subject_id == row.public_id
    assert entry.details["mapping_version"] == 2
    assert entry.details["duties"] == row.duties
    newest = db.session.scalar(sa.select(sa.func.max(AuditEntry.id)))
    assert newest == entry.id, "the record is the last thing done"


@pytest.mark.parametrize("kind", [one for one in AccessKind if one is not AccessKind.SECRETARIAT])
def test_only_the_secretariat_enters_a_decree(secretariat: Viewer, kind: AccessKind) -> None:
    slug = "dispora" if kind in (AccessKind.FOCAL_POINT, AccessKind.AGENCY_HEAD) else None
    other = factories.person(kind, slug) if slug else factories.person(kind)
    with pytest.raises(NotAllowed):
        service.enter_decree(SIGNED, usual(secretariat), received(), seen_version=1, by=other)
    assert number() == 1


def test_another_task_force_sees_and_changes_nothing_of_it(secretariat: Viewer) -> None:
    row = enter(secretariat)
    stranger = person_elsewhere(AccessKind.SECRETARIAT)
    assert queries.decrees(stranger) == []
    assert queries.decree(stranger, row.public_id) is None
    assert queries.version_of(stranger, SIGNED.number, SIGNED.signed_on) is None
    with pytest.raises(Conflict):  # it has no mapping of its own
        service.enter_decree(
            SIGNED, Choice(frozenset({"x"})), received(), seen_version=1, by=stranger
        )


def test_a_mapping_that_changed_meanwhile_is_looked_at_again(secretariat: Viewer) -> None:
    choice = usual(secretariat)
    key = sorted(choice.duties)[0]
    versions.publish(
        reworded(in_force(secretariat), key, text="Bunyi lain"), by=secretariat, reason="uji"
    )
    with pytest.raises(Conflict, match="versi 2"):
        enter(secretariat, choice=choice, seen_version=1)
    assert [one.status for one in revisions(key)] == [BasisStatus.PROPOSAL] * 2
