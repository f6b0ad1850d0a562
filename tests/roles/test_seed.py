"""The mapping file: the real one holds, and every way to break one is found on its line."""

import re
from collections import Counter
from pathlib import Path

import pytest

from coordinator.directory.rules import AgencyKind, TaskForceLevel
from coordinator.roles.rules import BasisStatus, MembershipKind
from coordinator.roles.seed import Mapping, check
from coordinator.seedfile import Finding
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


# --- broken files --------------------------------------------------------------------------------

SMALL = """\
schema: 1
title: "Pemetaan uji"
sources:
  - id: usulan
    label: "usulan sekretariat"
legal_instruments:
  - {id: uu-21, kind: uu, short: "UU 21/2007", title: "UU PTPPO"}
task_forces:
  - {code: "64", name: "Gugus Tugas", region: "Provinsi Uji", level: province}
working_groups:
  - {id: satu, number: I, code: A, short: Satu, name: "Pokja satu", scope: "Semua"}
agencies:
  - {id: dinas-a, name: "Dinas A", abbreviation: "DA", kind: perangkat_daerah}
  - {id: dinas-b, name: "Dinas B", abbreviation: "DB", kind: perangkat_daerah}
memberships:
  - {agency: dinas-a, working_group: satu, as: lead, status: proposal, source: usulan}
  - {agency: dinas-b, working_group: satu, as: member, status: proposal, source: usulan}
duties:
  - id: a-satu
    agency: dinas-a
    working_group: satu
    text: "Mengawasi."
    status: regulation
    citations: [{instrument: uu-21, article: "Pasal 57"}]
  - id: b-satu
    agency: dinas-b
    working_group: satu
    text: "Mendata."
    status: proposal
    source: usulan
"""


def check_text(tmp_path: Path, text: str | bytes) -> tuple[Mapping | None, list[Finding]]:
    """Check a file with this content."""
    path = tmp_path / "peta.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return check(path)


def test_the_small_file_is_good(tmp_path: Path) -> None:
    found, findings = check_text(tmp_path, SMALL)
    assert findings == []
    assert found is not None


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('title: "Pemetaan uji"', 'title: "a"\ntitle: "b"', 3, "dua kali"),
        ('    text: "Mendata."', '\ttext: "Mendata."', 28, "Bukan YAML"),
        ('"Mendata."', "!!python/object/apply:os.system [ls]", 28, "Bagian ini|teks|Tag"),
        ('"Mendata."', "!!python/name:os.system", 28, "Tag"),
        ('"Mendata."', '!!binary "aGFsbw=="', 28, "Tag"),
        ('label: "usulan sekretariat"', "label: &a [x, x]\n    note: *a", 6, "Alias"),
        ('title: "UU PTPPO"}', 'title: "UU", in_force_from: 2026-02-30}', 7, "kalender"),
        ("    agency: dinas-b\n", "    agency: dinas-z\n", 26, "“dinas-z” tidak ada"),
        ("working_group: satu\n    text: \"Mendata", "working_group: dua\n    text: \"Mendata", 27,
         "“dua” tidak ada"),
        ("instrument: uu-21,", "instrument: uu-99,", 24, "“uu-99” tidak ada"),
        ("    source: usulan\n", "    source: rapat\n", 30, "“rapat” tidak ada"),
        ("  - id: b-satu", "  - id: a-satu", 25, "sudah dipakai"),
        ("as: member", "as: lead", 11, "dua koordinator"),
        ("    status: proposal\n    source: usulan\n", "    status: proposal\n", 25, "sumber"),
        ('    citations: [{instrument: uu-21, article: "Pasal 57"}]\n', "", 23, "pasal"),
        ("    status: regulation", "    status: law", 23, "salah satu dari"),
        ("    text: \"Mengawasi.\"", "    teks: \"Mengawasi.\"", 22, "tidak dikenal"),
        ("schema: 1", "schema: 2", 1, "salah satu dari"),
        ("level: province", "level: provinsi", 9, "salah satu dari"),
        ('abbreviation: "DB"', 'abbreviation: "da"', 14, "juga dipakai"),
        ("  - id: a-satu", "  - id: A Satu!", 19, "huruf kecil"),
        ('text: "Mengawasi."', 'text: ""', 22, "kosong"),
        ('text: "Mengawasi."', "text: [a, b]", 22, "teks"),
        ("duties:\n", "duties: banyak\nlain:\n", 18, "Isi dengan daftar"),
        ("schema: 1\n", "schema: 1\n? [a]\n: b\n", 2, "Kunci"),
        ("schema: 1\n", "schema: [1\n", 2, "Bukan YAML"),
        ('"Mendata."', '"Mendata\x01."', 1, "karakter"),
    ],
)  # fmt: skip
def test_each_fault_is_found_on_its_line(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    assert old in SMALL
    found, findings = check_text(tmp_path, SMALL.replace(old, new, 1))
    assert found is None
    fitting = [f for f in findings if re.search(message, f.message)]
    assert fitting, [str(finding) for finding in findings]
    assert line in {finding.line for finding in fitting}, [str(finding) for finding in fitting]
    assert all(finding.severity == "error" for finding in fitting)
    assert all(finding.file == "peta.yaml" for finding in findings)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("as: lead", "as: member", 11, "belum punya koordinator"),
        (SMALL[SMALL.index("  - id: b-satu") :], "", 17, "belum punya uraian tugas"),
    ],
    ids=["no lead", "no duty"],
)
def test_what_is_odd_is_a_warning_and_the_file_loads(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    found, findings = check_text(tmp_path, SMALL.replace(old, new, 1))
    assert found is not None
    [warning] = findings
    assert (warning.severity, warning.line) == ("warning", line)
    assert message in warning.message


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12)
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (SMALL.encode("utf-16"), "UTF-8"),
        (SMALL.encode("utf-16-le"), "UTF-8|karakter|Bukan YAML"),
        (b"\xff\xfe\x00", "UTF-8"),
        ("title: Rés".encode("latin-1"), "UTF-8"),
        (b"#" * 10_000_000, "5 MB"),
        (b"[" * 20_000, "dalam|Bukan YAML"),
        (b"[" * 20_000 + b"]" * 20_000, "dalam"),
        (b"a:\n" + b"".join(b" " * n + b"- a:\n" for n in range(1, 3000)), "dalam|Bukan YAML"),
        (BOMB.encode(), "Alias"),
        (b"a: &a [*a]\n", "Alias"),
        (b"", "kosong"),
        (b"\n# hanya catatan\n", "kosong"),
        (b"halo", "pasangan kunci"),
        (b"- a\n- b\n", "pasangan kunci"),
        (b"a: 1\n---\nb: 2\n", "Bukan YAML"),
        (b"%PDF-1.4\n%\xc3\xa9", "Bukan YAML|karakter"),
        (b"schema: 1\x00", "karakter"),
    ],
    ids=[
        "utf-16",
        "utf-16 without bom",
        "binary",
        "latin-1",
        "10 MB",
        "open brackets",
        "depth 20,000",
        "deep blocks",
        "alias bomb",
        "endless alias",
        "empty",
        "comments",
        "a word",
        "a list",
        "two documents",
        "a pdf",
        "nul",
    ],
)
def test_no_content_makes_it_fail_without_a_finding(
    tmp_path: Path, content: bytes, message: str
) -> None:
    found, findings = check_text(tmp_path, content)
    assert found is None
    assert findings
    assert re.search(message, findings[0].message), findings[0]
    assert all(finding.line >= 1 for finding in findings)
    assert len(findings) < 1000


def test_a_file_that_is_not_there_or_is_a_folder_is_a_finding(tmp_path: Path) -> None:
    for path in (tmp_path / "tidak-ada.yaml", tmp_path):
        found, findings = check(path)
        assert found is None
        assert "tidak dapat dibaca" in findings[0].message


def test_a_byte_order_mark_of_a_windows_editor_is_fine(tmp_path: Path) -> None:
    found, findings = check_text(tmp_path, b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert findings == []
    assert found is not None


@pytest.mark.parametrize("word", ["no", "yes", "on", "12:30", "007", "1e3", "0x1F", "64.10"])
def test_words_that_yaml_takes_for_something_else_stay_words(tmp_path: Path, word: str) -> None:
    found, _findings = check_text(tmp_path, SMALL.replace('"Mendata."', word, 1))
    assert found is not None
    assert found.duties[1].text == word


def test_all_faults_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = SMALL.replace("instrument: uu-21", "instrument: uu-99").replace("as: member", "as: lead")
    _found, findings = check_text(tmp_path, text.replace("  - id: b-satu", "  - id: a-satu"))
    assert [finding.line for finding in findings] == [11, 24, 25]
