"""Edits of the mapping: each gives another mapping, refuses nonsense, and leaves the rest alone."""

from dataclasses import asdict, replace
from typing import Any

import flask
import pytest

from coordinator.errors import InvalidInput, NotFound
from coordinator.mapping.duties.document import MAPPING_FORMAT
from coordinator.mapping.duties.lint import check_bytes
from coordinator.mapping.duties.rules import BasisStatus, MembershipKind
from coordinator.mapping.duties.seed import CitationPart, LegalBasis, Mapping
from coordinator.mapping.versions import editing
from coordinator.mapping.versions.merging import merged
from tests.mapping.duties.builders import KEY, reworded

pytestmark = [
    pytest.mark.usefixtures("in_request"),
    pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True),
]


@pytest.fixture
def in_request(empty_app: flask.Flask) -> Any:
    """Words need a request; the edits themselves touch nothing."""
    with empty_app.test_request_context():
        yield


def duty_of(mapping: Mapping, key: str = KEY, **change: Any) -> dict[str, Any]:
    """A duty's fields, some of them changed."""
    part = editing.find(mapping.duties, key)
    fields = {name: getattr(part, name) for name in asdict(part)}
    return {k: v for k, v in {**fields, **change}.items() if k not in ("id", "lineage")}


def refusal(act: Any) -> dict[str, str]:
    """What an edit is refused with."""
    with pytest.raises(InvalidInput) as refused:
        act()
    return refused.value.fields


def errors(mapping: Mapping) -> list[str]:
    """The errors the check finds in a mapping."""
    _mapping, findings = check_bytes(MAPPING_FORMAT.to_json(mapping).encode(), "draf")
    return [finding.message for finding in findings if finding.severity == "error"]


def test_a_duty_saved_as_it_is_changes_nothing(mapping: Mapping) -> None:
    for duty in mapping.duties:
        assert editing.save_duty(mapping, duty.id, duty_of(mapping, duty.id))[0] == mapping


def test_a_changed_duty_keeps_its_identity_and_its_place(mapping: Mapping) -> None:
    changed, key = editing.save_duty(mapping, KEY, duty_of(mapping, text="Mengawasi magang"))
    assert key == KEY
    assert changed == reworded(mapping, KEY, text="Mengawasi magang")


def test_a_new_duty_takes_an_id_that_was_never_used(mapping: Mapping) -> None:
    values = duty_of(mapping, text="Mendata lembaga pelatihan kerja")
    usual = "dispora-mendata-lembaga-pelatihan-kerja"
    changed, key = editing.save_duty(mapping, None, values)
    assert key == usual
    # The id of a duty that was removed long ago would bring back its history.
    changed, key = editing.save_duty(mapping, None, values, taken=frozenset({usual}))
    assert key == f"{usual}-2"
    places = [n for n, duty in enumerate(changed.duties) if duty.agency == "dispora"]
    assert places == list(range(places[0], places[0] + len(places)))
    assert errors(changed) == []
    again, same = editing.save_duty(changed, None, values)
    assert (again, same) == (changed, key)


@pytest.mark.parametrize("text", ["🙂", "-- //", "ÀÉÎ õü", "a" * 1900])
def test_ids_are_made_of_any_text(mapping: Mapping, text: str) -> None:
    changed, key = editing.save_duty(mapping, None, duty_of(mapping, text=text))
    assert len(key) <= 120
    assert errors(changed) == []


def test_what_is_not_law_names_its_source_and_law_its_article(mapping: Mapping) -> None:
    assert "source" in refusal(
        lambda: editing.save_duty(
            mapping, KEY, duty_of(mapping, status=BasisStatus.PROPOSAL, source=None)
        )
    )
    for status in (BasisStatus.REGULATION, BasisStatus.GUIDE, BasisStatus.DECREE):
        assert "status" in refusal(
            lambda status=status: editing.save_duty(
                mapping, KEY, duty_of(mapping, status=status, citations=[])
            )
        )
    cited = [CitationPart(instrument="uu-21-2007", article="Pasal 58")]
    changed, _key = editing.save_duty(
        mapping, KEY, duty_of(mapping, status=BasisStatus.REGULATION, citations=cited)
    )
    part = editing.find(changed.duties, KEY)
    assert part.source is None  # no longer called a proposal of anybody
    assert errors(changed) == []


def test_a_new_source_is_added_once(mapping: Mapping) -> None:
    values = duty_of(mapping, status=BasisStatus.PROPOSAL, source=None)
    changed, _key = editing.save_duty(mapping, KEY, values, new_source="Rapat pokja 3 Nov 2026")
    assert editing.find(changed.duties, KEY).source == "rapat-pokja-3-nov-2026"
    again, _key = editing.save_duty(changed, KEY, values, new_source=" rapat POKJA 3 nov 2026 ")
    assert len(again.sources) == len(mapping.sources) + 1


def test_a_duty_falls_to_a_member_or_makes_one_on_purpose(mapping: Mapping) -> None:
    inside = {m.working_group for m in mapping.memberships if m.agency == "dispora"}
    group = next(g.id for g in mapping.working_groups if g.id not in inside)
    values = duty_of(mapping, working_group=group)
    assert "working_group" in refusal(lambda: editing.save_duty(mapping, KEY, values))
    changed, _key = editing.save_duty(mapping, KEY, values, join=True)
    assert editing.is_member(changed, "dispora", group)
    assert errors(changed) == []


def test_what_is_not_there_cannot_be_changed(mapping: Mapping) -> None:
    for act in (
        lambda: editing.save_duty(mapping, "tidak-ada", duty_of(mapping)),
        lambda: editing.remove_duty(mapping, "tidak-ada"),
        lambda: editing.remove_agency(mapping, "tidak-ada"),
        lambda: editing.remove_group(mapping, "tidak-ada"),
        lambda: editing.remove_instrument(mapping, "tidak-ada"),
    ):
        with pytest.raises(NotFound):
            act()


# --- agencies ------------------------------------------------------------------------------------


def agency_of(mapping: Mapping, key: str, **change: Any) -> dict[str, Any]:
    """An agency's own fields, some of them changed."""
    part = editing.find(mapping.agencies, key)
    names = ("name", "abbreviation", "kind", "aliases", "note")
    return {**{name: getattr(part, name) for name in names}, **change}


def standings(mapping: Mapping, key: str) -> dict[str, dict[str, Any] | None]:
    """An agency's place in each pokja."""
    found: dict[str, dict[str, Any] | None] = {g.id: None for g in mapping.working_groups}
    for m in mapping.memberships:
        if m.agency == key:
            found[m.working_group] = {
                "as": m.as_,
                "status": m.status,
                "source": m.source,
                "citations": m.citations,
            }
    return found


def test_an_agency_saved_as_it_is_changes_nothing(mapping: Mapping) -> None:
    for part in mapping.agencies:
        saved, _key = editing.save_agency(
            mapping, part.id, agency_of(mapping, part.id), standings(mapping, part.id)
        )
        assert saved == mapping


def test_two_agencies_share_no_name(mapping: Mapping) -> None:
    other = editing.find(mapping.agencies, "dinsos")
    for field, value in (
        ("name", other.name.upper()),
        ("abbreviation", other.abbreviation),
        ("aliases", [other.abbreviation.lower()]),
    ):
        assert list(
            refusal(
                lambda field=field, value=value: editing.save_agency(
                    mapping, "dispora", agency_of(mapping, "dispora", **{field: value}), {}
                )
            )
        ) == [field]


def test_a_pokja_has_one_lead(mapping: Mapping) -> None:
    wanted = standings(mapping, "dispora")
    group = next(key for key, standing in wanted.items() if standing)
    lead = editing.lead_of(mapping, group)
    assert lead not in (None, "dispora")
    place = list(wanted).index(group)
    wanted[group] = {**(wanted[group] or {}), "as": MembershipKind.LEAD}
    own = agency_of(mapping, "dispora")
    assert f"memberships.{place}.kind" in refusal(
        lambda: editing.save_agency(mapping, "dispora", own, wanted)
    )
    changed, _key = editing.save_agency(mapping, "dispora", own, wanted, replace_lead=True)
    assert editing.lead_of(changed, group) == "dispora"
    assert editing.is_member(changed, str(lead), group)
    assert errors(changed) == []


def test_no_agency_leaves_a_pokja_where_it_has_duties(mapping: Mapping) -> None:
    nowhere: dict[str, dict[str, Any] | None] = {g.id: None for g in mapping.working_groups}
    assert refusal(
        lambda: editing.save_agency(mapping, "dispora", agency_of(mapping, "dispora"), nowhere)
    )
    assert refusal(lambda: editing.remove_agency(mapping, "dispora"))
    without = mapping
    for duty in mapping.duties:
        if duty.agency == "dispora":
            without = editing.remove_duty(without, duty.id)
    without = editing.remove_agency(without, "dispora")
    assert not [m for m in without.memberships if m.agency == "dispora"]
    assert errors(without) == []


# --- instruments and pokja -----------------------------------------------------------------------


def test_instruments_are_in_force_in_order_and_cited_ones_stay(mapping: Mapping) -> None:
    part = editing.find(mapping.legal_instruments, "uu-21-2007")
    values = {k: v for k, v in part.to_plain("python").items() if k != "id"}
    assert editing.save_instrument(mapping, part.id, values)[0] == mapping
    assert "in_force_to" in refusal(
        lambda: editing.save_instrument(
            mapping, part.id, {**values, "in_force_from": "2026-02-01", "in_force_to": "2026-01-01"}
        )
    )
    assert "amended_by" in refusal(
        lambda: editing.save_instrument(mapping, part.id, {**values, "amended_by": [part.id]})
    )
    assert "short" in refusal(lambda: editing.save_instrument(mapping, None, values))
    assert "short" in refusal(lambda: editing.remove_instrument(mapping, part.id))
    changed, key = editing.save_instrument(
        mapping, None, {**values, "kind": "keputusan", "short": "SK Uji 1", "title": "SK untuk uji"}
    )
    assert key == "sk-uji-1"
    assert editing.remove_instrument(changed, key) == mapping


@pytest.mark.parametrize("key", ["pp-59-2021", "permensos-8-2023"])
def test_an_instrument_that_only_regency_duties_cite_stays(mapping: Mapping, key: str) -> None:
    """A kabupaten copied few agencies: no duty of its own cites the instrument."""

    def cites(part: LegalBasis) -> bool:
        return any(one.instrument == key for one in part.citations)

    mapping = replace(
        mapping,
        duties=[one for one in mapping.duties if not cites(one)],
        memberships=[one for one in mapping.memberships if not cites(one)],
        legal_instruments=[
            replace(one, amended_by=[k for k in one.amended_by if k != key])
            for one in mapping.legal_instruments
        ],
    )
    count = sum(one.instrument == key for one in mapping.regency_duties)
    assert refusal(lambda: editing.remove_instrument(mapping, key)) == {
        "short": f"Masih dipakai: dikutip {count} tugas kabupaten/kota."
    }
    freed = replace(
        mapping, regency_duties=[one for one in mapping.regency_duties if one.instrument != key]
    )
    after = editing.remove_instrument(freed, key)
    found = check_bytes(MAPPING_FORMAT.to_json(after).encode(), "draf")[1]
    assert [one.message for one in found if one.severity == "error"] == []


def test_pokja_keep_their_order_until_it_is_changed(mapping: Mapping) -> None:
    keys = [group.id for group in mapping.working_groups]
    moved = editing.move_group(mapping, keys[1], up=True)
    assert [g.id for g in moved.working_groups] == [keys[1], keys[0], *keys[2:]]
    assert editing.move_group(moved, keys[1], up=True) == moved
    assert editing.move_group(moved, keys[1], up=False) == mapping
    assert "name" in refusal(lambda: editing.remove_group(mapping, keys[0]))
    values = {"number": "I", "code": "X", "short": "X", "name": "X", "scope": "X"}
    assert "number" in refusal(lambda: editing.save_group(mapping, None, values))


# --- carrying a draft over -----------------------------------------------------------------------


def test_changes_at_different_parts_both_stay(mapping: Mapping) -> None:
    other = next(duty.id for duty in mapping.duties if duty.agency == "dinsos")
    mine = editing.remove_duty(reworded(mapping, KEY, text="Dari saya"), other)
    third = next(d.id for d in mapping.duties if d.id not in (KEY, other))
    theirs = reworded(mapping, third, text="Dari mereka")
    theirs, added = editing.save_duty(theirs, None, duty_of(theirs, text="Tugas yang baru"))
    both, clashes = merged(mapping, mine, theirs)
    assert clashes == []
    texts = {duty.id: duty.text for duty in both.duties}
    assert texts[KEY] == "Dari saya"
    assert texts[third] == "Dari mereka"
    assert texts[added] == "Tugas yang baru"
    assert other not in texts


def test_a_part_changed_on_both_sides_is_named(mapping: Mapping) -> None:
    mine = reworded(mapping, KEY, text="Dari saya")
    both, clashes = merged(mapping, mine, reworded(mapping, KEY, text="Dari mereka"))
    assert clashes == ["Dari saya"]
    assert both == mine
    both, clashes = merged(mapping, mine, mine)
    assert (both, clashes) == (mine, [])
    removed = editing.remove_duty(mapping, KEY)
    both, clashes = merged(mapping, removed, mine)
    assert clashes == ["Dari saya"]
    assert both == removed
