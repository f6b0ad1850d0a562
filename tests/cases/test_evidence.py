"""Files that every viewer opens are taken; a picture nobody can check is drawn again."""

import pytest

from coordinator.platform.files.intake.answer import BadUpload, CleanFile
from tests.cases import FILES
from tests.cases.evidence import CASES, PICTURES
from tests.platform.files.builders import part
from tests.platform.files.reading import read_all


@pytest.fixture(scope="module")
def answers() -> dict[str, CleanFile | BadUpload]:
    """The answer to each file."""
    found = read_all([(FILES / file).read_bytes() for file in CASES])
    return dict(zip(CASES, found, strict=True))


@pytest.mark.parametrize("file", CASES)
def test_a_file_is_taken(answers: dict[str, CleanFile | BadUpload], file: str) -> None:
    answer = answers[file]
    assert isinstance(answer, CleanFile), answer
    assert (answer.media_type, answer.reading) == CASES[file]


@pytest.mark.parametrize("file", PICTURES)
def test_a_picture_is_redrawn(answers: dict[str, CleanFile | BadUpload], file: str) -> None:
    answer = answers[file]
    assert isinstance(answer, CleanFile), answer
    assert part(answer.data, PICTURES[file]).startswith(b"\x89PNG")
