"""A decree next to others: its name, its day, and one that was signed later."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from coordinator.db import db
from coordinator.errors import InvalidInput
from coordinator.mapping.decrees import service
from coordinator.mapping.decrees.effect import Choice
from coordinator.mapping.duties.models import MappingVersion
from coordinator.mapping.duties.rules import BasisStatus
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.mapping.decrees.builders import OTHER, SIGNED, duty, enter, in_force, received, usual
from tests.mapping.versions.builders import number


@pytest.fixture
def secretariat(in_app: None) -> Viewer:
    """A secretariat officer of Kaltim."""
    return factories.person(AccessKind.SECRETARIAT)


def test_a_number_that_begins_with_sk_says_it_once() -> None:
    assert replace(SIGNED, number="SK-1").short == "SK-1 tanggal 9 Oktober 2026"
    assert replace(SIGNED, number="1/SK/2026").short == "SK 1/SK/2026 tanggal 9 Oktober 2026"


def test_an_older_decree_takes_nothing_from_a_newer_one_unless_told(secretariat: Viewer) -> None:
    choice = usual(secretariat)
    enter(secretariat, OTHER, choice)
    key = sorted(choice.duties)[0]
    law = next(
        one.id for one in in_force(secretariat).duties if one.status is BasisStatus.REGULATION
    )
    with pytest.raises(InvalidInput) as refused:
        enter(secretariat, SIGNED, Choice(frozenset({key})))
    assert set(refused.value.fields) == {"choice"}
    enter(secretariat, SIGNED, Choice(frozenset({key, law})))
    names = {one.id: one.short for one in in_force(secretariat).legal_instruments}
    cited = {one.id: names[one.citations[0].instrument] for one in in_force(secretariat).duties
             if one.id in (key, law)}  # fmt: skip
    assert cited == {key: OTHER.short, law: SIGNED.short}
    older = replace(SIGNED, number="UJI/9")
    service.enter_decree(
        older, Choice(frozenset({key})), received(), seen_version=number(), by=secretariat,
        takes_newer=True,
    )  # fmt: skip
    assert duty(in_force(secretariat), key).citations[0].instrument != cited[key]
    assert duty(in_force(secretariat), key).citations[0].article == "Lampiran"


def test_the_decree_holds_from_its_day_or_the_earliest_that_is_free(
    secretariat: Viewer, clock: time_machine.Traveller
) -> None:
    days = sa.select(MappingVersion.effective_on).order_by(MappingVersion.number.desc()).limit(1)
    factories.open_period()
    clock.shift(timedelta(days=5))  # it covers until 30 September and has closed
    early = replace(SIGNED, number="UJI/1", signed_on=date(2026, 9, 1))
    law = next(
        one.id for one in in_force(secretariat).duties if one.status is BasisStatus.REGULATION
    )
    enter(secretariat, early, Choice(frozenset({law})))
    assert db.session.scalar(days) == date(2026, 9, 30)
    enter(secretariat)
    assert db.session.scalar(days) == SIGNED.signed_on
    enter(secretariat, replace(early, number="UJI/2"), Choice(frozenset({law})))
    assert db.session.scalar(days) == SIGNED.signed_on, (
        "no version begins before the one it follows"
    )
