"""What one mapping changes against another: each kind of change, at the agencies it touches."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from coordinator.mapping.duties.diff import compare, to_answer
from coordinator.mapping.duties.differences import (
    MappingChange,
    MappingDifference,
    MappingSubject,
    by_agency,
)
from coordinator.mapping.duties.rules import BasisStatus, MembershipKind
from coordinator.mapping.duties.seed import CitationPart, Mapping
from tests.mapping.duties.builders import KEY, reworded

CITED = CitationPart(instrument="uu-21-2007", article="Pasal 58")


def replaced(mapping: Mapping, parts_of: str, key: str, /, **change: Any) -> Mapping:
    """The mapping with one part of a list changed."""
    parts = [
        replace(part, **change) if part.id == key else part for part in getattr(mapping, parts_of)
    ]
    return replace(mapping, **{parts_of: parts})


def members(mapping: Mapping, agency: str, **change: Any) -> Mapping:
    """The mapping with an agency's first membership changed."""
    first = next(m for m in mapping.memberships if m.agency == agency)
    return replace(
        mapping,
        memberships=[replace(m, **change) if m is first else m for m in mapping.memberships],
    )


def only(found: list[MappingDifference]) -> MappingDifference:
    """The one difference."""
    assert len(found) == 1, found
    return found[0]


def test_a_mapping_changes_nothing_against_itself(mapping: Mapping) -> None:
    assert compare(mapping, mapping) == []
    assert to_answer(mapping, mapping) == []


def test_against_nothing_everything_is_new(mapping: Mapping) -> None:
    found = compare(None, mapping)
    assert {one.change for one in found} == {MappingChange.ADDED}
    parts = ("duties", "memberships", "agencies", "working_groups", "legal_instruments")
    assert len(found) == sum(len(getattr(mapping, name)) for name in parts)
    assert to_answer(None, mapping) == mapping.duties


DUTY_CHANGES: dict[str, tuple[dict[str, Any], MappingChange, tuple[str, ...], bool]] = {
    "wording": ({"text": "Lain"}, MappingChange.REWORDED, ("dispora",), True),
    "unit": ({"unit": "Bidang Pemuda"}, MappingChange.REWORDED, ("dispora",), True),
    "evidence": ({"evidence": ["Foto"]}, MappingChange.REWORDED, ("dispora",), False),
    "refused evidence": (
        {"not_evidence": ["Undangan"]},
        MappingChange.REWORDED,
        ("dispora",),
        False,
    ),
    "example": ({"example": "Satu contoh."}, MappingChange.REWORDED, ("dispora",), False),
    "agency": ({"agency": "dinsos"}, MappingChange.MOVED, ("dinsos", "dispora"), True),
    "pokja": ({"working_group": "koordinasi"}, MappingChange.MOVED, ("dispora",), True),
    "articles": ({"citations": [CITED]}, MappingChange.REBASED, ("dispora",), True),
    "source": ({"source": "usulan-sekretariat"}, MappingChange.REBASED, ("dispora",), False),
}


@pytest.mark.parametrize("name", DUTY_CHANGES)
def test_a_changed_duty(mapping: Mapping, name: str) -> None:
    """The last column: whether the agency is asked again (docs/decisions/0009)."""
    change, kind, agencies, asked = DUTY_CHANGES[name]
    after = reworded(mapping, KEY, **change)
    found = only(compare(mapping, after))
    assert (found.change, found.subject, found.id) == (kind, MappingSubject.DUTY, KEY)
    assert found.agencies == agencies
    assert found.before != found.after
    assert [duty.id for duty in to_answer(mapping, after)] == ([KEY] if asked else [])
    assert set(by_agency([found])) == set(agencies)


def test_law_instead_of_a_proposal_is_said_in_words(mapping: Mapping) -> None:
    after = reworded(mapping, KEY, status=BasisStatus.REGULATION, source=None, citations=[CITED])
    found = only(compare(mapping, after))
    assert found.before.startswith("belum ditetapkan, menurut pernyataan")
    assert found.after == "peraturan: UU 21/2007 Pasal 58"


def test_a_checked_text_is_a_change_of_basis_that_asks_nobody(mapping: Mapping) -> None:
    duty = next(d for d in mapping.duties if d.citations)
    checked = [replace(c, text_checked_on=date(2026, 11, 3)) for c in duty.citations]
    after = reworded(mapping, duty.id, citations=checked)
    found = only(compare(mapping, after))
    assert found.change is MappingChange.REBASED
    assert "dicocokkan dengan naskah 3 November 2026" in found.after
    assert to_answer(mapping, after) == []


def test_a_note_to_an_article_is_seen(mapping: Mapping) -> None:
    duty = next(d for d in mapping.duties if d.citations)
    noted = [replace(duty.citations[0], note="Lain."), *duty.citations[1:]]
    found = only(compare(mapping, reworded(mapping, duty.id, citations=noted)))
    assert found.change is MappingChange.REBASED
    assert "[Lain.]" in found.after


def test_an_amended_law_rebases_what_rests_on_it(mapping: Mapping) -> None:
    """A new amendment of a cited law touches every agency whose duty cites it, and asks nobody."""
    law = next(
        i
        for i in mapping.legal_instruments
        if not i.amended_by
        and any(c.instrument == i.id for d in mapping.duties for c in d.citations)
    )
    other = next(i.id for i in mapping.legal_instruments if i.id != law.id)
    after = replaced(mapping, "legal_instruments", law.id, amended_by=[other])
    found = compare(mapping, after)
    citing = [
        part
        for part in (*mapping.duties, *mapping.memberships)
        if any(c.instrument == law.id for c in part.citations)
    ]
    assert {one.change for one in found} == {MappingChange.REBASED}
    assert len(found) == len(citing) + 1
    assert [one.subject for one in found if not one.agencies] == [MappingSubject.INSTRUMENT]
    assert to_answer(mapping, after) == []


@pytest.mark.parametrize(
    ("make", "change", "subject"),
    [
        (
            lambda m: members(m, "dispora", as_=MembershipKind.LEAD),
            MappingChange.MOVED,
            MappingSubject.MEMBERSHIP,
        ),
        (
            lambda m: members(m, "dispora", source="rakor-kalsel-2025-12-02"),
            MappingChange.REBASED,
            MappingSubject.MEMBERSHIP,
        ),
        (
            lambda m: replaced(m, "agencies", "dispora", name="Lain"),
            MappingChange.REWORDED,
            MappingSubject.AGENCY,
        ),
        (
            lambda m: replaced(m, "agencies", "dispora", aliases=["Lain"]),
            MappingChange.REWORDED,
            MappingSubject.AGENCY,
        ),
    ],
)
def test_a_changed_agency_or_membership(
    mapping: Mapping,
    make: Callable[[Mapping], Mapping],
    change: MappingChange,
    subject: MappingSubject,
) -> None:
    after = make(mapping)
    found = only(compare(mapping, after))
    assert (found.change, found.subject, found.agencies) == (change, subject, ("dispora",))
    assert to_answer(mapping, after) == []


@pytest.mark.parametrize("field", ["number", "code", "short", "name", "scope"])
def test_a_changed_pokja_touches_no_agency(mapping: Mapping, field: str) -> None:
    found = only(
        compare(mapping, replaced(mapping, "working_groups", "pencegahan", **{field: "X"}))
    )
    assert (found.change, found.subject, found.agencies) == (
        MappingChange.REWORDED,
        MappingSubject.WORKING_GROUP,
        (),
    )
    assert found.before != found.after


def test_a_new_id_of_an_agency_is_no_change_of_its_duties(mapping: Mapping) -> None:
    after = replaced(mapping, "agencies", "dispora", id="disporapar", former_ids=["dispora"])
    after = replace(
        after,
        **{
            name: [
                replace(part, agency="disporapar") if part.agency == "dispora" else part
                for part in getattr(after, name)
            ]
            for name in ("duties", "memberships")
        },
    )
    assert compare(mapping, after) == []
    assert to_answer(mapping, after) == []
    moved = reworded(after, KEY, agency="dinsos")
    assert only(compare(mapping, moved)).agencies == ("dinsos", "disporapar")


def test_there_and_back_are_each_others_opposite(mapping: Mapping) -> None:
    after = replace(mapping, duties=mapping.duties[3:])
    gone, came = compare(mapping, after), compare(after, mapping)
    assert [one.change for one in gone] == [MappingChange.REMOVED] * 3
    assert [one.change for one in came] == [MappingChange.ADDED] * 3
    assert [one.id for one in gone] == [one.id for one in came]
    assert to_answer(mapping, after) == []
