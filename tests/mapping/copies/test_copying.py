"""What is proposed for a kabupaten/kota, and what its mapping is made of."""

import pytest

from coordinator.mapping.copies.copying import (
    CopyChoice,
    Decree,
    choices_of,
    copied_mapping,
    local_name,
    problems,
    proposals,
)
from coordinator.mapping.duties.document import MAPPING_FORMAT
from coordinator.mapping.duties.lint import check_bytes
from coordinator.mapping.duties.rules import BasisStatus, MembershipKind
from coordinator.mapping.duties.seed import Mapping
from coordinator.people.directory.rules import AgencyKind

REGION = "Kota Balikpapan"


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("Dinas Sosial", AgencyKind.PERANGKAT_DAERAH, "Dinas Sosial Kota Balikpapan"),
        (
            "UPTD Perlindungan Perempuan dan Anak Provinsi Kalimantan Timur",
            AgencyKind.PERANGKAT_DAERAH,
            "UPTD Perlindungan Perempuan dan Anak Kota Balikpapan",
        ),
        (
            "Biro Hukum Sekretariat Daerah",
            AgencyKind.PERANGKAT_DAERAH,
            "Bagian Hukum Sekretariat Daerah Kota Balikpapan",
        ),
        # Nobody can tell from here what the local office is called.
        (
            "Kepolisian Daerah Kalimantan Timur",
            AgencyKind.PENEGAK_HUKUM,
            "Kepolisian Daerah Kalimantan Timur",
        ),
    ],
)
def test_the_same_kind_of_agency_gets_a_local_name(
    name: str, kind: AgencyKind, expected: str
) -> None:
    assert local_name(name, kind, province="Provinsi Kalimantan Timur", region=REGION) == expected


def balikpapan(mapping: Mapping, choices: list[CopyChoice]) -> Mapping:
    """The copied mapping of Balikpapan."""
    force = next(part for part in mapping.task_forces if part.code == "64.71")
    return copied_mapping(mapping, force, choices, decree=Decree("188.44/1/2026", "2026-03-02"))


def test_offices_of_the_region_are_ticked_and_others_are_not(mapping: Mapping) -> None:
    ticked = {c.lineage for c in proposals(mapping, region=REGION) if c.is_included}
    kinds = {part.id: part.kind for part in mapping.agencies}
    assert {kinds[key] for key in ticked} == {AgencyKind.PERANGKAT_DAERAH}
    assert {"dinsos", "dispora", "satpol-pp"} <= ticked


def test_everything_copied_is_a_proposal(mapping: Mapping) -> None:
    """An article that names the provincial office assigns nothing to the kota's."""
    copied = balikpapan(mapping, proposals(mapping, region=REGION))
    assert {part.status for part in (*copied.duties, *copied.memberships)} == {BasisStatus.PROPOSAL}
    assert {part.source for part in copied.duties} == {"disalin-dari-provinsi"}
    province = {part.id: part for part in mapping.duties}
    assert all(part.citations == province[part.id].citations for part in copied.duties)
    assert all(part.lineage == part.id for part in copied.duties)


def test_what_was_copied_passes_the_linter(mapping: Mapping) -> None:
    copied = balikpapan(mapping, proposals(mapping, region=REGION))
    again, findings = check_bytes(MAPPING_FORMAT.to_yaml(copied).encode(), "balikpapan.yaml")
    assert [f for f in findings if f.severity == "error"] == []
    assert again == copied


def test_the_chain_is_copied_and_a_model_keeps_its_source(mapping: Mapping) -> None:
    copied = balikpapan(mapping, proposals(mapping, region=REGION))
    province = {part.id: part for part in mapping.duties}
    stepped = [part for part in copied.duties if part.step]
    assert len(stepped) > 10
    for part in stepped:
        there = province[part.id]
        assert (part.step, part.step_as, part.limit) == (there.step, there.step_as, there.limit)
    assert {part.id for part in copied.sources} == {
        "disalin-dari-provinsi",
        "model-perda-diy-6-2025",
    }
    assert copied.regency_duties == mapping.regency_duties


def test_a_pokja_left_takes_its_duties_along(mapping: Mapping) -> None:
    choices = [
        CopyChoice(
            c.lineage,
            c.is_included,
            c.name,
            c.abbreviation,
            {g: k for g, k in c.places.items() if g != "pencegahan"},
        )
        for c in proposals(mapping, region=REGION)
        if c.lineage == "dinsos"
    ]
    copied = balikpapan(mapping, choices)
    assert [part.id for part in copied.agencies] == ["dinsos"]
    assert {part.working_group for part in copied.duties} == set(choices[0].places)


def test_a_draft_is_read_back_into_the_same_table(mapping: Mapping) -> None:
    choices = proposals(mapping, region=REGION)
    assert choices_of(balikpapan(mapping, choices), mapping, region=REGION) == choices


def test_an_impossible_table_is_refused_by_field() -> None:
    lead = {"pencegahan": MembershipKind.LEAD}
    table = [
        CopyChoice("a", True, "Dinas A", "A", lead),
        CopyChoice("b", True, "", "B", lead),
        CopyChoice("c", True, "Dinas A", "C", {}),
        CopyChoice("d", False, "", "", {}),
    ]
    assert set(problems(table)) == {"name-b", "name-c", "place-b-pencegahan"}
    assert set(problems(table[3:])) == {"table"}
