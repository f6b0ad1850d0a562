"""Every hostile file ends in its message, and no harm is left in what is kept."""

import pytest

from coordinator.platform.files.intake.answer import BadUpload
from coordinator.platform.files.receiving import read
from coordinator.platform.files.rules import Refusal
from tests.platform.files.bombs import BOMBS
from tests.platform.files.builders import laid_open
from tests.platform.files.hostile import everything
from tests.platform.files.reading import read_all


def test_each_ends_in_its_message() -> None:
    others = everything()
    assert len({*BOMBS, *(case.name for case in others)}) >= 100
    wrong = []
    answers = read_all([case.data for case in others])
    for case, answer in zip(others, answers, strict=True):
        got = answer.why if isinstance(answer, BadUpload) else None
        if got is not case.refusal:
            wrong.append((case.name, case.refusal, got))
        elif not isinstance(answer, BadUpload):
            found = laid_open(answer.data)
            left = [trace for trace in case.traces if trace in found]
            if left:
                wrong.append((case.name, case.refusal, left))
    assert wrong == []
    refused = sum(case.refusal is not None for case in others)
    print(f"{len(others)} hostile files: {refused} refused, {len(others) - refused} disarmed")


@pytest.mark.usefixtures("real_children")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_meets_the_limits(name: str) -> None:
    """Through the product's own child: 10 s of processor time, 200 MB."""
    make, refusal = BOMBS[name]
    with pytest.raises(BadUpload) as refused:
        read(make())
    assert refused.value.why in (refusal, Refusal.TOO_COMPLEX)
