"""What articles a citation names, and which of them another one covers."""

import pytest

from coordinator.mapping.duties.article_rules import ArticleRef, places


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("Pasal 2", {"2": ""}),
        ("Pasal 7A ayat (4)", {"7a": "4"}),
        ("Pasal 51 ayat (2)-(4)", {"51": "234"}),
        ("Pasal 2 ayat (1), (2), dan ayat (4)", {"2": "124"}),
        ("Pasal 58 ayat (4) huruf c", {"58": "4"}),
        ("Pasal 17 ayat (4) dan Pasal 33 ayat (3)", {"17": "4", "33": "3"}),
        ("Pasal 68 juncto Pasal 59 ayat (2) huruf h", {"68": "", "59": "2"}),
        ("Pasal 2, 3, dan 5", {"2": "", "3": "", "5": ""}),
        ("Pasal 2 sampai dengan Pasal 4", {"2": "", "3": "", "4": ""}),
        ("pasal 2-4", {"2": "", "3": "", "4": ""}),
        ("Pasal 1-9999", {"1": "", "9999": ""}),
        ("Lampiran,  bidang Sosial", {"lampiran, bidang sosial": ""}),
    ],
)
def test_what_articles_a_citation_names(text: str, articles: dict[str, str]) -> None:
    assert {place.article: "".join(sorted(place.paragraphs)) for place in places(text)} == articles


def test_a_place_covers_its_parts_and_not_its_neighbours() -> None:
    whole, first = ArticleRef("2"), ArticleRef("2", frozenset("1"))
    assert whole.covers(first)
    assert whole.covers(whole)
    assert first.covers(ArticleRef("2", frozenset("12")))
    assert not first.covers(ArticleRef("2", frozenset("3")))
    assert not first.covers(whole)  # the article as a whole still holds
    assert not ArticleRef("2").covers(ArticleRef("20"))
