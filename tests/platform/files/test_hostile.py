"""Every hostile file ends in its message, and no harm is left in what is kept."""

import pytest

from coordinator.platform.files.intake.answer import BadUpload
from coordinator.platform.files.receiving import read
from coordinator.platform.files.rules import Refusal
from tests.platform.files import hostile
from tests.platform.files.builders import laid_open
from tests.platform.files.hostile import Hostile
from tests.platform.files.reading import read_all

BOMBS = list(hostile.bombs())
OTHERS = [case for case in hostile.everything() if case not in BOMBS]


def test_there_are_sixty() -> None:
    names = [case.name for case in (*BOMBS, *OTHERS)]
    assert len(names) >= 60


def test_each_ends_in_its_message() -> None:
    wrong = []
    answers = read_all([case.data for case in OTHERS])
    for case, answer in zip(OTHERS, answers, strict=True):
        got = answer.why if isinstance(answer, BadUpload) else None
        if got is not case.refusal:
            wrong.append((case.name, case.refusal, got))
        elif not isinstance(answer, BadUpload):
            found = laid_open(answer.data)
            left = [trace for trace in case.traces if trace in found]
            if left:
                wrong.append((case.name, case.refusal, left))
    assert wrong == []
    refused = sum(case.refusal is not None for case in OTHERS)
    print(f"{len(OTHERS)} hostile files: {refused} refused, {len(OTHERS) - refused} disarmed")


@pytest.mark.parametrize("case", BOMBS, ids=lambda case: case.name)
def test_a_bomb_meets_the_limits(case: Hostile) -> None:
    """Through the product's own child: 10 s of processor time, 200 MB."""
    with pytest.raises(BadUpload) as refused:
        read(case.data)
    assert refused.value.why in (case.refusal, Refusal.TOO_COMPLEX)
