"""Files that every viewer opens are taken; a picture nobody can check is drawn again."""

import pytest

from coordinator.platform.files.intake.answer import BadUpload, CleanFile
from coordinator.platform.files.rules import PDF, SHEET, WORD, Reading
from tests.cases import FILES
from tests.platform.files.builders import part
from tests.platform.files.reading import read_all

# Type, and how much of the words could be read: pictures are seen by a person.
CASES = {
    "15-backslash-names.xlsx": (SHEET, Reading.FULL),
    "65-owner-password-only.pdf": (PDF, Reading.FULL),
    "66-leading-bom.pdf": (PDF, Reading.FULL),
    "67-trailing-zeros.pdf": (PDF, Reading.FULL),
    "71-docx-document2.docx": (WORD, Reading.FULL),
    "73-docx-webp.docx": (WORD, Reading.PARTIAL),
    "74-docx-tmp-image.docx": (WORD, Reading.PARTIAL),
}
PICTURES = {
    "73-docx-webp.docx": "word/media/image1.webp",
    "74-docx-tmp-image.docx": "word/media/image1.tmp",
}


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
