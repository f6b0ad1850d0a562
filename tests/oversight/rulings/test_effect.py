"""What a ruling makes of a duty that a decree (SK) set. Pure."""

from dataclasses import replace

import pytest

from coordinator.mapping.answers.rules import Outcome
from coordinator.mapping.duties.rules import BasisStatus
from coordinator.mapping.duties.seed import CitationPart, InstrumentPart
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
