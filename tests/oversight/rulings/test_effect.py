"""What a ruling makes of a duty that a decree (SK) set. Pure."""

from dataclasses import replace

import pytest

from coordinator.mapping.answers.rules import Outcome
from coordinator.mapping.duties.rules import (
    BasisStatus,
    ChainStep,
    LimitBound,
    LimitUnit,
    StepHolding,
)
from coordinator.mapping.duties.seed import CitationPart, InstrumentPart, LimitPart
from coordinator.oversight.rulings.effect import ruled_mapping
from tests.mapping.duties.small_mapping import GOOD, look

DECREE = InstrumentPart(id="sk-uji", kind="keputusan", short="SK UJI/1", title="Keputusan uji")


@pytest.mark.parametrize("outcome", [Outcome.MOVED, Outcome.SHARED])
def test_a_duty_that_a_decree_gave_to_another_agency_is_a_proposal(outcome: Outcome) -> None:
    mapping, _findings = look(GOOD)
    assert mapping is not None
    law, decree = (
        CitationPart(instrument="uu-21", article="Pasal 52"),
        CitationPart(instrument=DECREE.id, article="Lampiran"),
    )
    duties = [
        replace(one, status=BasisStatus.DECREE, source=None, citations=[decree, law])
        if one.id == "dinsos-mendata"
        else one
        for one in mapping.duties
    ]
    mapping = replace(
        mapping, duties=duties, legal_instruments=[*mapping.legal_instruments, DECREE]
    )
    after = ruled_mapping(mapping, "dinsos-mendata", outcome, to_agency="dispora")
    (given,) = (
        one for one in after.duties if one.agency == "dispora" and one.text.startswith("Mendata")
    )
    assert (given.status, given.source) == (BasisStatus.PROPOSAL, "ketetapan-sekretariat")
    assert given.citations == [law]


@pytest.mark.parametrize(
    ("outcome", "given_as", "limited_by", "keeps_limit"),
    [
        # A step goes to the receiver; where it is shared, the first agency keeps the lead.
        (Outcome.MOVED, StepHolding.LEAD, "uu-21", True),
        (Outcome.SHARED, StepHolding.SUPPORT, "uu-21", True),
        # What only the dropped decree said limits nobody any more.
        (Outcome.MOVED, StepHolding.LEAD, DECREE.id, False),
        (Outcome.SHARED, StepHolding.SUPPORT, DECREE.id, False),
    ],
)
def test_a_ruling_makes_no_second_lead_of_a_step(
    outcome: Outcome, given_as: StepHolding, limited_by: str, keeps_limit: bool
) -> None:
    mapping, _findings = look(GOOD)
    assert mapping is not None
    cited = [
        CitationPart(instrument=DECREE.id, article="Lampiran"),
        CitationPart(instrument="uu-21", article="Pasal 52"),
    ]
    article = next(one.article for one in cited if one.instrument == limited_by)
    limit = LimitPart(
        value=7,
        unit=LimitUnit.DAYS,
        at=LimitBound.MOST,
        instrument=limited_by,
        article=article,
    )
    change = {"citations": cited, "step": ChainStep.SERVE, "step_as": StepHolding.LEAD}
    duties = [
        replace(one, **change, limit=limit) if one.id == "dinsos-mendata" else one
        for one in mapping.duties
    ]
    mapping = replace(
        mapping, duties=duties, legal_instruments=[*mapping.legal_instruments, DECREE]
    )
    after = ruled_mapping(mapping, "dinsos-mendata", outcome, to_agency="dispora")
    (given,) = (one for one in after.duties if one.agency == "dispora" and one.step)
    assert (given.step, given.step_as) == (ChainStep.SERVE, given_as)
    assert given.limit == (limit if keeps_limit else None)
    kept = [one for one in after.duties if one.agency == "dinsos" and one.step]
    assert [one.step_as for one in kept] == (
        [StepHolding.LEAD] if outcome is Outcome.SHARED else []
    )
