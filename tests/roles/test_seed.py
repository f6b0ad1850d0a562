"""The mapping we ship: it holds, claims no law it cannot show, and names nobody."""

import re
from collections import Counter

import pytest

from coordinator.directory.rules import AgencyKind, TaskForceLevel
from coordinator.roles.lint import check
from coordinator.roles.rules import BasisStatus, MembershipKind
from coordinator.roles.seed import InstrumentPart, Mapping
from coordinator.seedfile import content_hash
from tests.engines import ROOT

FILE = ROOT / "seed" / "roles_perpres49.yaml"


@pytest.fixture(scope="module")
def mapping() -> Mapping:
    """The real mapping; it has no fault and nothing odd."""
    found, findings = check(FILE)
    assert [str(finding) for finding in findings] == []
    assert found is not None
    return found


# --- the real file -------------------------------------------------------------------------------


def test_the_province_and_its_ten_with_their_codes(mapping: Mapping) -> None:
    codes = "64 64.01 64.02 64.03 64.07 64.08 64.09 64.11 64.71 64.72 64.74"
    assert [force.code for force in mapping.task_forces] == codes.split()
    levels = Counter(force.level for force in mapping.task_forces)
    assert levels == {TaskForceLevel.PROVINCE: 1, TaskForceLevel.REGENCY: 7, TaskForceLevel.CITY: 3}
    assert {force.parent for force in mapping.task_forces[1:]} == {"64"}
    assert mapping.task_forces[0].parent is None


def test_six_pokja_with_one_lead_each(mapping: Mapping) -> None:
    assert [group.number for group in mapping.working_groups] == ["I", "II", "III", "IV", "V", "VI"]
    leads = Counter(
        part.working_group for part in mapping.memberships if part.as_ is MembershipKind.LEAD
    )
    assert leads == {group.id: 1 for group in mapping.working_groups}


def test_every_agency_has_a_duty_in_each_pokja_it_belongs_to(mapping: Mapping) -> None:
    assert len(mapping.duties) >= 120
    places = {(part.agency, part.working_group) for part in mapping.memberships}
    assert {(part.agency, part.working_group) for part in mapping.duties} == places
    assert {agency for agency, _group in places} == {agency.id for agency in mapping.agencies}


def test_law_has_its_article_and_a_proposal_its_source(mapping: Mapping) -> None:
    parts = [*mapping.duties, *mapping.memberships]
    for part in parts:
        if part.status is BasisStatus.PROPOSAL:
            assert part.source, part
        else:
            assert part.citations, part
    # No guide and no decree had been published: claiming one would be an invention.
    assert {part.status for part in parts} <= {BasisStatus.REGULATION, BasisStatus.PROPOSAL}
    assert {part.status for part in mapping.memberships} == {BasisStatus.PROPOSAL}


def test_nothing_claims_to_have_been_compared_with_the_official_text(mapping: Mapping) -> None:
    parts = [*mapping.duties, *mapping.memberships]
    assert all(c.text_checked_on is None for part in parts for c in part.citations)
    assert all(part.text_checked_on is None for part in mapping.legal_instruments)


def test_it_names_offices_and_no_persons(mapping: Mapping) -> None:
    text = FILE.read_text(encoding="utf-8")
    titles = r"\b(Bapak|Ibu|Sdr|Sdri|Dr|Drs|Dra|Ir|Prof|H|Hj|AKBP|Kombes|Brigjen|Irjen)\.? [A-Z]"
    degrees = r",? (S\.H|S\.E|S\.Sos|S\.Pd|M\.H|M\.Si|M\.M|M\.AP|M\.Pd|SH|SE|MH|MSi|Ph\.?D)\b\.?"
    for pattern in (titles, degrees):
        found = [match[0] for match in re.finditer(pattern, text)]
        assert found == [], found
    assert not re.search(r"\b\d{16}\b|\b\d{18}\b", text)  # no NIK, no NIP


def test_the_court_shares_data_only_and_has_its_kind(mapping: Mapping) -> None:
    courts = [agency.id for agency in mapping.agencies if agency.kind is AgencyKind.PENGADILAN]
    assert courts == ["pengadilan-tinggi"]


def test_an_article_that_another_law_replaced_is_listed_without_a_date_we_do_not_know(
    mapping: Mapping,
) -> None:
    listed = [
        (instrument.id, article)
        for instrument in mapping.legal_instruments
        for article in instrument.articles
    ]
    assert [(key, article.article) for key, article in listed] == [("uu-21-2007", "Pasal 2")]
    assert listed[0][1].in_force_to is None
    assert "455" in str(listed[0][1].note)


def test_a_key_that_came_later_does_not_change_the_hash_of_a_file_without_it() -> None:
    """A database that was loaded before `articles` existed must not see a new version."""
    part = InstrumentPart(id="uu-21", kind="uu", short="UU 21/2007", title="UU PTPPO")
    assert "articles" not in part.model_dump(mode="json")
    same = InstrumentPart(**part.model_dump(), articles=[])
    assert content_hash(same) == content_hash(part)
    assert content_hash(InstrumentPart(**part.model_dump(), articles=[{"article": "Pasal 2"}])) != (
        content_hash(part)
    )
