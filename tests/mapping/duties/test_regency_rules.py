"""Which duties of a kabupaten/kota nobody holds: by article, ayat and letter."""

from dataclasses import replace

import pytest

from coordinator.mapping.duties.regency_rules import (
    cited_articles,
    names_same,
    regency_duties,
    unheld,
)
from coordinator.mapping.duties.seed import CitationPart, Mapping
from tests.mapping.duties.builders import KEY, reworded


@pytest.mark.parametrize(
    ("listed", "cited", "same"),
    [
        ("Pasal 67", "Pasal 67", True),
        ("Pasal 67", "Pasal 68", False),
        ("Pasal 31 ayat (1)", "Pasal 31 ayat (1)", True),
        ("Pasal 31 ayat (1)", "Pasal 31 ayat (2)-(3)", False),
        ("Pasal 31 ayat (1)", "Pasal 31 ayat (1) dan ayat (3)", True),
        ("Pasal 31 ayat (1)", "Pasal 31", True),
        ("Pasal 31", "Pasal 31 ayat (2)", True),
        ("Pasal 65 huruf a", "Pasal 65 huruf a", True),
        ("Pasal 65 huruf a", "Pasal 65 huruf g", False),
        ("Pasal 65 huruf g", "Pasal 65 huruf a, huruf g, dan huruf h", True),
        ("Pasal 65 huruf g", "Pasal 65 huruf a dan g", True),
        ("Pasal 65 huruf g", "Pasal 65", True),
        ("Pasal 24 huruf b", "Pasal 23 huruf b dan Pasal 26", False),
        ("Pasal 67", "Pasal 65 sampai dengan Pasal 68", True),
    ],
)
def test_when_a_duty_cites_the_article(listed: str, cited: str, *, same: bool) -> None:
    assert names_same(listed, cited) is same


def articles(mapping: Mapping) -> list[str]:
    """The articles that nobody holds."""
    found = unheld(regency_duties(mapping), cited_articles(mapping.duties))
    return [f"{one.instrument} {one.article}" for one in found]


def test_no_agency_of_the_province_holds_what_a_law_gives_to_a_regency(mapping: Mapping) -> None:
    assert articles(mapping) == [
        "permensos-8-2023 Pasal 24 huruf b",
        "permensos-8-2023 Pasal 24 huruf d",
        "permensos-8-2023 Pasal 31 ayat (1)",
        "pp-59-2021 Pasal 65 huruf a",
        "pp-59-2021 Pasal 65 huruf g",
        "pp-59-2021 Pasal 65 huruf h",
        "pp-59-2021 Pasal 67",
    ]


def test_what_a_duty_cites_leaves_the_list(mapping: Mapping) -> None:
    before = articles(mapping)
    (duty,) = (one for one in mapping.duties if one.id == KEY)
    cited = [*duty.citations, CitationPart(instrument="pp-59-2021", article="Pasal 65 huruf g")]
    after = articles(reworded(mapping, KEY, citations=cited))
    assert set(before) - set(after) == {"pp-59-2021 Pasal 65 huruf g"}
    other = [replace(one, instrument="uu-18-2017") for one in cited]
    assert articles(reworded(mapping, KEY, citations=other)) == before
