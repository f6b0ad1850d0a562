"""A decree (SK) in place of a proposal: the same words, so nobody is asked again."""

from dataclasses import replace

import pytest

from coordinator.mapping.answers.queries import current_answers
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.answers.service import answer_duty
from coordinator.mapping.duties.diff import to_answer
from coordinator.mapping.duties.rules import BasisStatus
from coordinator.mapping.duties.seed import CitationPart, InstrumentPart, Mapping
from coordinator.mapping.versions import service
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.mapping.duties.builders import revisions, reworded

DECREE = InstrumentPart(id="sk-uji", kind="keputusan", short="SK UJI/1", title="Keputusan uji")


@pytest.fixture
def secretariat(in_app: None) -> Viewer:
    """A secretariat officer of Kaltim."""
    return factories.person(AccessKind.SECRETARIAT)


def decreed(mapping: Mapping, key: str, **change: object) -> Mapping:
    """The mapping with one duty set by a decree, its articles behind the decree's."""
    duty = next(one for one in mapping.duties if one.id == key)
    known = any(one.id == DECREE.id for one in mapping.legal_instruments)
    instruments = mapping.legal_instruments if known else [*mapping.legal_instruments, DECREE]
    return reworded(
        replace(mapping, legal_instruments=instruments),
        key,
        status=BasisStatus.DECREE,
        source=None,
        citations=[CitationPart(instrument=DECREE.id, article="Lampiran"), *duty.citations],
        **change,
    )


def proposed(mapping: Mapping) -> str:
    """The first duty of Dispora that no text assigns and that names an article."""
    return next(
        one.id
        for one in mapping.duties
        if one.agency == "dispora" and one.status is BasisStatus.PROPOSAL
    )


def test_the_same_words_by_decree_keep_their_answer(secretariat: Viewer, mapping: Mapping) -> None:
    key, force = proposed(mapping), factories.task_force().id
    focal_point = factories.person(AccessKind.FOCAL_POINT, "dispora")
    duty = revisions(key)[0].duty_id
    answer_duty(duty, Answer.ACCEPTED, by=focal_point)
    set_by_decree = decreed(mapping, key)
    assert to_answer(mapping, set_by_decree) == []
    service.publish(set_by_decree, by=secretariat, reason="SK")
    assert duty in current_answers(force)
    # And back, when the version is taken back.
    service.publish(mapping, by=secretariat, reason="kembali")
    assert duty in current_answers(force)


def test_other_words_by_decree_are_asked_again(secretariat: Viewer, mapping: Mapping) -> None:
    key, force = proposed(mapping), factories.task_force().id
    focal_point = factories.person(AccessKind.FOCAL_POINT, "dispora")
    duty = revisions(key)[0].duty_id
    answer_duty(duty, Answer.ACCEPTED, by=focal_point)
    other = decreed(mapping, key, text="Bunyi lain menurut lampiran")
    assert [one.id for one in to_answer(mapping, other)] == [key]
    service.publish(other, by=secretariat, reason="SK")
    assert duty not in current_answers(force)


def test_a_law_in_place_of_a_decree_is_asked_again(secretariat: Viewer, mapping: Mapping) -> None:
    """What a decree set and an article now assigns is another claim on the agency."""
    key, force = proposed(mapping), factories.task_force().id
    focal_point = factories.person(AccessKind.FOCAL_POINT, "dispora")
    duty = revisions(key)[0].duty_id
    service.publish(decreed(mapping, key), by=secretariat, reason="SK")
    answer_duty(duty, Answer.ACCEPTED, by=focal_point)
    law = reworded(
        mapping,
        key,
        status=BasisStatus.REGULATION,
        source=None,
        citations=[CitationPart(instrument="uu-21-2007", article="Pasal 57 ayat (2)")],
    )
    assert [one.id for one in to_answer(decreed(mapping, key), law)] == [key]
    service.publish(law, by=secretariat, reason="uji")
    assert duty not in current_answers(force)
