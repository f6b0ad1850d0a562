"""An agency's answers to its duties."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.mapping.answers import queries, service
from coordinator.mapping.answers.models import DutyResponse
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.duties.service import load_mapping
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.mapping.duties.builders import KEY, revisions, reworded


@pytest.fixture
def focal_point(in_app: None) -> Viewer:
    """Dispora's narahubung."""
    return factories.person(AccessKind.FOCAL_POINT, "dispora")


def duty_id() -> int:
    """A duty of Dispora."""
    return revisions(KEY)[0].duty_id


def answers() -> list[tuple[str, str | None]]:
    """Every answer given, in order."""
    rows = db.session.execute(
        sa.select(DutyResponse.answer, DutyResponse.reason).order_by(DutyResponse.id)
    )
    return [(answer.value, reason) for answer, reason in rows]


def test_the_newest_answer_counts_and_none_is_lost(focal_point: Viewer) -> None:
    force = factories.task_force().id
    given = (
        (Answer.NOT_OURS, "Bukan kewenangan.", {duty_id()}),
        (Answer.NEEDS_EXPLANATION, "Sejauh apa?", {duty_id()}),
        (Answer.ACCEPTED, "", set()),
        (Answer.NOT_OURS, "Ternyata bukan.", {duty_id()}),
    )
    for answer, reason, disputed in given:
        service.answer_duty(duty_id(), answer, reason=reason, by=focal_point)
        assert queries.disputed_duties(force) == disputed
    assert answers() == [(answer.value, reason or None) for answer, reason, _set in given]
    assert queries.disputed_duties(factories.task_force("64.72").id) == set()


@pytest.mark.parametrize("answer", [Answer.NOT_OURS, Answer.NEEDS_EXPLANATION])
@pytest.mark.parametrize("reason", ["", "   ", "Korban ber-NIK 6472015505080001"])
def test_a_refusal_needs_a_reason_without_identity(
    focal_point: Viewer, answer: Answer, reason: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        service.answer_duty(duty_id(), answer, reason=reason, by=focal_point)
    assert set(refusal.value.fields) == {"reason"}
    assert answers() == []


def test_only_the_agency_that_has_the_duty_answers_it(focal_point: Viewer) -> None:
    other = factories.person(AccessKind.FOCAL_POINT, "dinsos")
    with pytest.raises(NotFound):
        service.answer_duty(duty_id(), Answer.ACCEPTED, by=other)
    for kind in (AccessKind.SECRETARIAT, AccessKind.LEADERSHIP, AccessKind.AUDITOR):
        with pytest.raises(NotAllowed):
            service.answer_duty(duty_id(), Answer.ACCEPTED, by=replace(focal_point, kind=kind))
    assert answers() == []
    head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
    service.answer_duty(duty_id(), Answer.ACCEPTED, by=head)
    assert answers() == [("accepted", None)]


def test_an_answer_belongs_to_the_wording_it_was_given_to(
    focal_point: Viewer, mapping: Mapping
) -> None:
    first = service.answer_duty(duty_id(), Answer.ACCEPTED, by=focal_point).duty_revision_id
    load_mapping(reworded(mapping, KEY, text="Lain."), by=None, reason="x")
    second = service.answer_duty(duty_id(), Answer.ACCEPTED, by=focal_point).duty_revision_id
    assert [first, second] == [revision.id for revision in revisions(KEY)]
