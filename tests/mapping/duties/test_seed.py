"""The mapping we ship: it holds, claims no law it cannot show, and names nobody."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from coordinator.mapping.duties.lint import check
from coordinator.mapping.duties.rules import BasisStatus, MembershipKind
from coordinator.mapping.duties.seed import ArticlePart, InstrumentPart, Mapping
from coordinator.people.directory.rules import AgencyKind, TaskForceLevel
from coordinator.platform.yaml_files import content_hash
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


def test_the_crime_of_2007_ended_with_the_criminal_code_of_2023(mapping: Mapping) -> None:
    """UU 1/2023 arts. 455, 622, 624: in force since 2 January 2026."""
    instruments = {part.id: part for part in mapping.legal_instruments}
    listed = [
        (part.id, article.article, article.in_force_to)
        for part in mapping.legal_instruments
        for article in part.articles
    ]
    assert listed == [("uu-21-2007", "Pasal 2", date(2026, 1, 2))]
    assert "455" in str(instruments["uu-21-2007"].articles[0].note)
    for key in ("uu-1-2023", "uu-20-2025"):
        assert instruments[key].in_force_from == date(2026, 1, 2)
    cited = [c for duty in mapping.duties for c in duty.citations if c.instrument == "uu-21-2007"]
    assert "Pasal 2" not in [citation.article for citation in cited]


AMENDED = {
    "uu-6-2011": ["uu-63-2024"],
    "uu-10-2009": ["uu-10-2009-perubahan-ketiga"],
    "uu-13-2006": ["uu-31-2014"],
    "pp-7-2018": ["pp-35-2020"],
    "perpres-69-2008": ["perpres-22-2021", "perpres-49-2023"],
}
LATER_UNREAD = (
    "uu-10-2009 uu-40-2009 uu-8-2010 uu-35-2014 uu-12-2022 uu-31-2014 uu-18-2017 uu-6-2011"
)


def test_amendments_are_named_and_what_was_not_read_is_said(mapping: Mapping) -> None:
    instruments = {part.id: part for part in mapping.legal_instruments}
    assert {key: part.amended_by for key, part in instruments.items() if part.amended_by} == AMENDED
    for key in LATER_UNREAD.split():
        assert "erubahan sesudahnya belum diperiksa" in str(instruments[key].note), key
    third = instruments["uu-10-2009-perubahan-ketiga"]
    assert "nomor belum dibaca" in third.short
    assert not re.search(r"Undang-Undang Nomor", third.title.split("atas")[0])
    cited = {c.instrument for part in mapping.duties for c in part.citations}
    unread = {"uu-63-2024", "uu-10-2009-perubahan-ketiga", "pp-35-2020", "uu-20-2025"}
    assert not cited & unread, "a text that nobody read is no basis"


def test_another_provinces_regulation_is_a_model_and_never_a_basis(mapping: Mapping) -> None:
    model = "model-perda-diy-6-2025"
    assert model in {source.id for source in mapping.sources}
    parts = [*mapping.duties, *mapping.memberships]
    resting = [part for part in parts if part.source == model]
    assert len(resting) == 9
    assert all(part.status is BasisStatus.PROPOSAL and not part.citations for part in resting)
    assert not [part for part in mapping.legal_instruments if "diy" in part.id]


# The article gives a right, or names a stage of the trial; who must act is read into it.
READ_INTO = """
    polda-merahasiakan-identitas kejati-merahasiakan-identitas polda-pendampingan-penyidikan
    kejati-pendampingan-penuntutan kejati-ramah-anak polda-ramah-anak polda-surat-keterangan-korban
    polda-berbagi-angka-penegakan kejati-berbagi-angka-perkara rudenim-menempatkan-terpisah
"""
POWERS = "polda-memblokir-harta kejati-memblokir-harta lpsk-mengajukan-restitusi"


def test_a_right_is_no_duty_and_a_power_says_so(mapping: Mapping) -> None:
    duties = {part.id: part for part in mapping.duties}
    for key in READ_INTO.split():
        assert (duties[key].status, duties[key].source) == (BasisStatus.PROPOSAL, "tafsir-pasal")
        assert all(citation.note for citation in duties[key].citations), key
    for key in POWERS.split():
        assert duties[key].text.startswith("Dapat "), key
        assert "kewenangan, bukan kewajiban" in str(duties[key].citations[0].note), key
    by_office = [
        duty.id
        for duty in mapping.duties
        for citation in duty.citations
        if "penyidik, penuntut umum, hakim" in str(citation.note)
    ]
    assert by_office == ["polda-memblokir-harta", "kejati-memblokir-harta"]
    counts = Counter(duty.status for duty in mapping.duties)
    assert counts == {BasisStatus.REGULATION: 39, BasisStatus.PROPOSAL: 164}


def test_an_agency_has_its_own_name_or_says_that_nobody_looked(mapping: Mapping) -> None:
    agencies = {part.id: part for part in mapping.agencies}
    assert agencies["pengadilan-tinggi"].name == "Pengadilan Tinggi Kalimantan Timur"
    assert agencies["rsud-aws"].name == "RSUD Abdoel Wahab Sjahranie"
    # What people wrote until now still finds it.
    assert "PT Samarinda" in agencies["pengadilan-tinggi"].aliases
    assert "RSUD Abdul Wahab Sjahranie" in agencies["rsud-aws"].aliases
    for key in ("bp3mi", "rudenim"):
        assert "elum dicocokkan" in str(agencies[key].note), key


def test_a_key_that_came_later_does_not_change_the_hash_of_a_file_without_it() -> None:
    """A database that was loaded before `articles` existed must not see a new version."""
    part = InstrumentPart(id="uu-21", kind="uu", short="UU 21/2007", title="UU PTPPO")
    assert "articles" not in part.to_plain(exclude_defaults=True)
    assert content_hash(replace(part, articles=[])) == content_hash(part)
    cited = replace(part, articles=[ArticlePart(article="Pasal 2")])
    assert content_hash(cited) != content_hash(part)
