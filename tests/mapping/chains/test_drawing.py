"""The drawing: what it says fits its boxes, in order, from top to bottom."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordinator.mapping.chains.drawing import (
    LEFT,
    RIGHT,
    WIDTH,
    drawing,
    width_of,
    wrapped,
)
from coordinator.mapping.chains.labels import LineKind, StepLine

ROOM = WIDTH - LEFT - RIGHT


def line(text: str, kind: LineKind = LineKind.SUPPORT) -> StepLine:
    """A line of words alone."""
    return StepLine(kind, text)


@given(st.lists(st.text("abcmwij XIV(),", min_size=1, max_size=90), max_size=6))
@settings(max_examples=60, deadline=None)
def test_boxes_hold_their_text_and_do_not_touch(texts: list[str]) -> None:
    steps = [(f"Langkah {n}", [line(text) for text in texts[n:]]) for n in range(3)]
    drawn = drawing(steps)
    assert [box.number for box in drawn.boxes] == [1, 2, 3]
    for box, after in zip(drawn.boxes, drawn.boxes[1:], strict=False):
        assert box.below < after.y
    for box in drawn.boxes:
        ys = [row.y for row in box.rows]
        assert ys == sorted(ys)
        assert all(box.middle < y < box.below for y in ys)
    assert drawn.boxes[-1].below < drawn.height
    assert list(drawn.arrows) == [box.below for box in drawn.boxes[:-1]]


def test_long_texts_are_wrapped_and_no_word_is_lost() -> None:
    text = "Pendukung (usulan): " + ", ".join(["Dinas Contoh"] * 12)
    rows = wrapped(text, ROOM)
    assert len(rows) > 3
    assert " ".join(rows) == text
    assert max(width_of(row) for row in rows) <= ROOM


@pytest.mark.parametrize("kept", ["UU 21/2007", "Pasal 52", "ayat (1)", "Pokja III"])
def test_a_number_stays_with_its_word(kept: str) -> None:
    for room in range(60, 300, 7):
        rows = wrapped(f"Batas waktu: paling lama 7 hari, contoh {kept} dan seterusnya", room)
        assert kept in " | ".join(rows).replace("\N{NO-BREAK SPACE}", " ")


def test_a_box_shows_what_is_missing_and_what_is_elsewhere() -> None:
    (missing, away, held, both) = drawing(
        [
            ("a", [line("Belum ada", LineKind.FAULT), line("Pendukung")]),
            ("b", [line("Di Pokja I", LineKind.ELSEWHERE)]),
            ("c", [line("Penanggung jawab", LineKind.LEAD)]),
            ("d", [line("Di Pokja I", LineKind.ELSEWHERE), line("Pendukung")]),
        ]
    ).boxes
    assert (missing.is_faulty, missing.is_away) == (True, False)
    assert (away.is_faulty, away.is_away) == (False, True)
    assert (held.is_faulty, held.is_away) == (False, False)
    assert not both.is_away
