"""How a search finds and marks words."""

import pytest

from coordinator.home.rules import MOST_WORDS, Finder, asked, folded, telling


@pytest.mark.parametrize(
    ("query", "text", "is_found"),
    [
        ("magang luar negeri", "Mengawasi Magang ke Luar Negeri", True),
        ("negeri magang", "Mengawasi Magang ke Luar Negeri", True),
        ("luar neg", "Mengawasi magang ke luar negeri", True),
        ("gang", "Mengawasi magang", False),
        ("magang laut", "Mengawasi magang ke luar negeri", False),
        ("DISPORA", "Dispora Dinas Pemuda", True),
        ("resume", "Résumé", True),
        ("Dínas", "dinas", True),
        ("1.1", "1.1 Pengawasan", True),
        ("satpol-pp", "Satpol PP", True),
        ("%", "100% selesai", False),
        ("_", "a_b", False),
        ("", "apa pun", False),
        (".*", "apa pun", False),
    ],
)
def test_words_in_any_order_by_their_beginning(query: str, text: str, is_found: bool) -> None:
    assert Finder(asked(query)).finds(folded(text)) is is_found


def test_matches_are_cut_out_and_nothing_is_lost() -> None:
    text = "Mengawasi Magang ke luar-negeri, MAGANG lagi"
    pieces = Finder(asked("magang neg")).pieces(text)
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.is_match] == ["Magang", "negeri", "MAGANG"]


def test_a_long_query_is_cut_and_fillers_say_nothing() -> None:
    assert len(asked(" ".join(f"k{n}" for n in range(40)))) == MOST_WORDS
    assert telling(("magang", "dan", "di", "luar")) == ("magang", "luar")
    assert folded("Straße É ﬁ") == "strasse e fi"
