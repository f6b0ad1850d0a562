"""Nothing that is typed becomes an empty box on paper."""

import io
import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

import pytest
from docx import Document

from coordinator import child
from coordinator.platform.documents import paper, rendering
from coordinator.platform.documents.printable import (
    COVERED,
    MISSING,
    not_printable,
    printable,
    printable_text,
    without_bullet,
)
from tests.oversight.cards.builders import pages
from tests.platform.documents.glyphs import empty_boxes

NOW = datetime(2026, 10, 13, 2, 0, tzinfo=UTC)
WORD = "\uf0b7 Ketua Gugus Tugas"


def _every(*blocks: tuple[int, int]) -> str:
    """The characters of blocks, in words of eight."""
    found = [
        chr(code)
        for first, last in blocks
        for code in range(first, last + 1)
        if unicodedata.category(chr(code)) != "Cs"
    ]
    return " ".join("".join(found[at : at + 8]) for at in range(0, len(found), 8))


BLOCKS = {
    "controls and Latin": ((0x00, 0x24F),),
    "phonetic and marks": ((0x250, 0x36F),),
    "Greek, Cyrillic, Hebrew, Arabic": ((0x370, 0x77F),),
    "Indic, Thai, Javanese": ((0x900, 0x9FF), (0xE00, 0xE7F), (0xA980, 0xA9DF)),
    "Latin with two marks, old Greek": ((0x1E00, 0x1FFF),),
    "punctuation, currency, letterlike": ((0x2000, 0x218F),),
    "arrows, maths, technical": ((0x2190, 0x23FF),),
    "boxes, shapes, dingbats": ((0x2400, 0x2BFF),),
    "East Asia": ((0x3000, 0x33FF), (0x4E00, 0x4E7F), (0xAC00, 0xAC3F), (0xFF00, 0xFFEF)),
    "private use": ((0xE000, 0xE0FF), (0xF000, 0xF0FF), (0xF8F0, 0xF8FF)),
    "Arabic forms and variation": ((0xFB00, 0xFBFF), (0xFDF0, 0xFE0F), (0xFE70, 0xFEFF)),
    "emoji": ((0x1F000, 0x1F0FF), (0x1F1E6, 0x1F1FF), (0x1F300, 0x1F6FF), (0x1F900, 0x1FAFF)),
    "mathematical letters, tags": ((0x1D400, 0x1D4FF), (0xE0001, 0xE007F)),
}


def _letter(*texts: str) -> paper.Paper:
    """A letter with each text in every style: plain, bold, small, numbered, in capitals."""
    return paper.Paper(
        title="Uji",
        kop_lines=[texts[0]],
        kop_address=texts[0],
        emblem=None,
        footer=texts[0][:40],
        blocks=[
            *(paper.Paragraph(text) for text in texts),
            paper.Title(texts[0]),
            paper.Items(list(texts)),
            paper.Table(
                ["Satu"],
                [180],
                [[[(style, text) for style in paper.Style]] for text in texts],
            ),
        ],
    )


def test_the_fonts_hold_what_the_list_says() -> None:
    """Every character that goes through unchanged, as it is drawn by the real typesetter."""
    spans = [part.partition("-")[::2] for part in COVERED.split()]
    text = _every(*((int(first, 16), int(last or first, 16)) for first, last in spans))
    assert empty_boxes(rendering.paper_pdf(_letter(text), at=NOW)) == 0
    for character in text:
        on_a_letter = f"\u0628{character}"  # a mark of Arabic belongs on a letter of it
        assert printable_text(on_a_letter) == unicodedata.normalize("NFC", on_a_letter)


@pytest.mark.parametrize("name", BLOCKS)
def test_no_box_is_empty(name: str) -> None:
    text = _every(*BLOCKS[name])
    assert empty_boxes(rendering.paper_pdf(_letter(text), at=NOW)) == 0


def test_an_empty_box_is_seen() -> None:
    """The count itself: the same texts without the rule are full of boxes."""
    data: dict[str, Any] = {**_letter(WORD, "\u6771 \U0001f600").data(), "left_out": ""}
    payload = {"template": "platform/documents/paper.typ", "data": data, "at": 0, "qr": []}
    made = child.run("coordinator.platform.documents.typesetter", json.dumps(payload).encode())
    assert empty_boxes(made) > 5


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("biasa\tsaja\n", "biasa\tsaja\n"),
        (WORD, "\u2022 Ketua Gugus Tugas"),
        (
            "\uf0a7 Kepala Dinas \u201cContoh\u201d \u2713 \u2265 90 %",
            "\u2022 Kepala Dinas \u201cContoh\u201d \u2713 \u2265 90 %",
        ),
        ("\u25aa \u25ab \u25a0 \u27a2 \u2192", "\u25aa \u25ab \u25a0 \u27a2 \u2192"),
        ("\uf0fc selesai \uf0e0 lanjut", "\u2713 selesai \u2192 lanjut"),
        ("Nabi Muhammad \ufdfa", "Nabi Muhammad saw."),
        ("Dinas \U0001f600 Contoh \U0001f44d\U0001f3fd", "Dinas Contoh"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 keluarga", "keluarga"),
        ("1\ufe0f\u20e3 Satu", "1 Satu"),
        ("\u2705 siap \u274c belum", "\u2713 siap \u2717 belum"),
        ("\U0001f4de 0541", "Tel. 0541"),
        ("luas 5 \u33a1, \uff21\uff22\uff23", "luas 5 m2, ABC"),
        ("e\u0301", "\u00e9"),
        ("a\u00adb\u200bc\ufeff", "abc"),
        ("a\u2028b\x0bc\x00d", "a\nb\ncd"),
        ("\u6771\u4eac (Tokyo)", f"{MISSING} (Tokyo)"),
        ("\u0e01\u0e34\u0e19", MISSING),
        ("\ue000", MISSING),
        ("\U0001f600", MISSING),
        ("", ""),
    ],
)
def test_what_is_pasted_is_shown_as(typed: str, shown: str) -> None:
    assert printable_text(typed) == shown
    assert printable({"k": [typed, 1, None, (typed,)]}) == {"k": [shown, 1, None, [shown]]}


def test_paper_says_what_it_could_not_print() -> None:
    said = f"{MISSING}: huruf yang tidak dapat dicetak."
    for text, is_said in (("\u6771\u4eac", True), (WORD, False)):
        letter = _letter(text)
        pdf = rendering.paper_pdf(letter, at=NOW)
        assert (said in " ".join(pages(pdf))) is is_said
        document = Document(io.BytesIO(rendering.paper_docx(letter)))
        foot = document.sections[0].footer.paragraphs[0].text
        assert (said in foot) is is_said
        words = "\n".join(part.text for part in document.paragraphs)
        assert "\uf0b7" not in words
        assert "\u6771" not in words


@pytest.mark.parametrize("bullet", ["\uf0b7 ", "\uf0a7\t", "\u2022", "\u25aa  ", ""])
def test_a_numbered_list_has_no_bullets(bullet: str) -> None:
    assert without_bullet(f"{bullet}Ketua \u2022 Gugus Tugas ") == "Ketua \u2022 Gugus Tugas"


@pytest.mark.parametrize(
    "ahead", ["✔ ", "✔️", "- ", "-", "– ", "* ", "1. ", "2) ", "➤ ", "☑ ", "📌 "]
)
def test_the_mark_of_a_list_is_taken_off_its_line(ahead: str) -> None:
    assert without_bullet(f"{ahead}Kepala Biro-Hukum") == "Kepala Biro-Hukum"


def test_no_space_is_left_before_a_comma_where_something_was_left_out() -> None:
    assert printable_text("Samarinda 🏛️, 29 November") == "Samarinda, 29 November"


def test_letters_that_no_font_has_are_listed_once_each() -> None:
    assert not_printable("Kepala 中文中, ✔ Ja’far") == "中文"
    assert not_printable("Kepala Biro") == ""
