"""Every finding of the linter on its line, with its key; and what hostile files end in."""

import json
import re
from datetime import date
from pathlib import Path

import flask
import pytest

from coordinator.mapping.duties import lint
from coordinator.platform.yaml_files import MOST_FINDINGS
from tests.engines import ROOT
from tests.mapping.duties.small_mapping import GOOD, look

CITED = '      - {instrument: uu-21, article: "Pasal 57"}\n'
SECOND_GROUP = "  - {id: dua, number: II, code: B, short: Dua, name: P2, scope: S}\n"
DUTIES = "duties:\n"


def edited(old: str, new: str) -> str:
    """The good file with one edit."""
    assert GOOD.count(old) >= 1, old
    return GOOD.replace(old, new, 1)


def test_the_good_file_has_no_finding() -> None:
    mapping, findings = look(GOOD)
    assert [str(finding) for finding in findings] == []
    assert mapping is not None


def test_the_file_we_ship_has_no_finding() -> None:
    mapping, findings = lint.check(ROOT / "seed" / "roles_perpres49.yaml")
    assert [str(finding) for finding in findings] == []
    assert mapping is not None


# name, what is edited, into what, line, key, severity, what the sentence says
TABLE = [
    # --- the text of the file
    ("tab", "    kind: uu\n", "\tkind: uu\n", 7, "", "error", "memakai tab"),
    ("tab after spaces", "    kind: uu\n", "  \tkind: uu\n", 7, "", "error", "memakai tab"),
    ("open quote", 'putusan"', "putusan", 51, "", "error", "Tanda kutip .* tidak ditutup"),
    ("open bracket", "amended_by: [uu-21]", "amended_by: [uu-21", 14, "", "error", "siku"),
    ("colon in a value", '"Pemetaan uji"', "Peta: uji", 2, "", "error", "Titik dua"),
    ("no space after colon", "title: ", "title:", 3, "", "error", "Titik dua"),
    ("bad indent", "  - id: dinsos\n", "   - id: dinsos\n", 22, "", "error", "Tanda hubung|rata"),
    ("at sign", '"Pemetaan uji"', "@uji", 2, "", "error", "tidak boleh diawali"),
    ("backslash", '"Pemetaan uji"', '"C:\\uji"', 2, "", "error", "Bukan YAML"),
    ("two documents", "duties:\n", "---\nduties:\n", 32, "", "error", "lebih dari satu"),
    ("control character", "Mendata", "Men\x07data", 43, "", "error", r"U\+0007"),
    ("escaped control", "Mendata", "Men\\x07data", 43, "duties.1.text", "error", "karakter"),
    ("key twice", "    kind: uu\n", "    kind: uu\n    kind: pp\n", 8,
     "legal_instruments.0.kind", "error", "dua kali; yang pertama di baris 7"),
    ("key is a list", "    kind: uu\n", "    kind: uu\n    ? [a]\n    : b\n", 8,
     "legal_instruments.0", "error", "Kunci harus"),
    ("python object", '"Mendata rumah perlindungan"', "!!python/object/apply:os.system [ls]", 43,
     "duties.1.text", "error", "Tag .*python"),
    ("binary", '"Mendata rumah perlindungan"', '!!binary "aGE="', 43, "duties.1.text", "error",
     "Tag"),
    ("alias", 'label: "usulan sekretariat"', "label: &a x, note: *a", 4, "sources.0.note", "error",
     "Alias"),
    ("too deep", '"Mendata rumah perlindungan"', "[" * 40 + "]" * 40, 43, "",
     "error", "terlalu dalam"),
    # --- the shape
    ("unknown key", "    text: \"Mendata", "    teks: \"Mendata", 43, "duties.1.teks", "error",
     "Kunci tidak dikenal"),
    ("missing key", "    text: \"Mendata rumah perlindungan\"\n", "", 40, "duties.1.text", "error",
     "wajib ada"),
    ("duty without agency", "    agency: dinsos\n", "", 40, "duties.1.agency", "error",
     "menyebut instansinya"),
    ("empty agency", "    agency: dinsos\n", "    agency:\n", 41, "duties.1.agency", "error",
     "menyebut instansinya"),
    ("agency of blanks", "    agency: dinsos\n", '    agency: " "\n', 41, "duties.1.agency",
     "error", "menyebut instansinya"),
    ("membership without agency", "  - {agency: dinsos, ", "  - {", 30, "memberships.1.agency",
     "error", "menyebut instansinya"),
    ("bad word", "as: member", "as: anggota", 30, "memberships.1.as", "error", "lead, member"),
    ("bad status", "status: regulation", "status: undang", 37, "duties.0.status", "error",
     "salah satu dari"),
    ("no in a word's place", "status: regulation", "status: no", 37, "duties.0.status", "error",
     "salah satu dari"),
    ("bad id", "id: dinsos-mendata", "id: Dinsos Mendata", 40, "duties.1.id", "error",
     "huruf kecil"),
    ("no such day", "2007-04-19", "2007-02-30", 10, "legal_instruments.0.in_force_from", "error",
     "kalender"),
    ("day as a number", "2007-04-19", "1176940800", 10, "legal_instruments.0.in_force_from",
     "error", "2026-11-21"),
    ("day in words", "2007-04-19", '"19 April 2007"', 10, "legal_instruments.0.in_force_from",
     "error", "2026-11-21"),
    ("too long an id", "id: satu,", f"id: {'a' * 61},", 19, "working_groups.0.id", "error",
     "60 karakter"),
    ("no list", "    aliases: [\"Dinsos Uji\"]", "    aliases: Dinsos", 26, "agencies.1.aliases",
     "error", "daftar"),
    ("other schema", "schema: 1", "schema: 2", 1, "schema", "error", "salah satu dari"),
    # --- ids
    ("duty twice", "id: dinsos-mendata", "id: dispora-mengawasi", 40, "duties.1.id", "error",
     "sudah dipakai di baris 33"),
    ("agency twice", "  - {id: pengadilan, n", "  - {id: dispora, n", 27, "agencies.2.id", "error",
     "sudah dipakai di baris 21"),
    ("pokja number twice", "agencies:\n", SECOND_GROUP.replace("II", "I") + "agencies:\n", 20,
     "working_groups.1.number", "error", "sudah dipakai"),
    ("instrument twice", "{id: perda-4,", "{id: uu-21,", 14, "legal_instruments.1.id", "error",
     "sudah dipakai"),
    ("membership twice", "{agency: dinsos, working", "{agency: dispora, working", 30,
     "memberships.1", "error", "sudah ada di baris 29"),
    ("alias of two", '"Dinsos Uji"', "dispora", 26, "agencies.1.aliases.0", "error",
     "juga dipakai oleh dispora"),
    ("abbreviation of two", "abbreviation: PU", "abbreviation: DINSOS", 27,
     "agencies.2.abbreviation", "error", "juga dipakai oleh dinsos"),
    # --- what is referred to
    ("misspelt agency", "    agency: dinsos\n", "    agency: disporra\n", 41, "duties.1.agency",
     "error", "Maksud Anda “dispora” .Dinas Pemuda dan Olahraga"),
    ("agency by its name", "    agency: dinsos\n", "    agency: Dinas Sosial\n", 41,
     "duties.1.agency", "error", "Maksud Anda “dinsos”"),
    ("agency by its alias", "{agency: dinsos, w", "{agency: Dinsos Uji, w", 30,
     "memberships.1.agency", "error", "Maksud Anda “dinsos”"),
    ("ambiguous agency", "    agency: dinsos\n", "    agency: dinas\n", 41, "duties.1.agency",
     "error", "ambigu: “.*“"),
    ("unknown agency", "    agency: dinsos\n", "    agency: bkkbn\n", 41, "duties.1.agency",
     "error", "“bkkbn” tidak ada di daftar.$"),
    ("unknown pokja", "    working_group: satu\n    text: \"Mendata",
     "    working_group: sattu\n    text: \"Mendata", 42, "duties.1.working_group", "error",
     "Maksud Anda “satu”"),
    ("pokja by its number", "    working_group: satu\n    text: \"Mendata",
     "    working_group: Pokja I\n    text: \"Mendata", 42, "duties.1.working_group", "error",
     "Maksud Anda “satu”"),
    ("unknown instrument", "{instrument: uu-21, article: \"Pasal 57\"}",
     "{instrument: UU 21/2007, article: \"Pasal 57\"}", 39, "duties.0.citations.0.instrument",
     "error", "Maksud Anda “uu-21”"),
    ("unknown source", "    source: usulan\n    citations", "    source: usulann\n    citations",
     45, "duties.1.source", "error", "Maksud Anda “usulan”"),
    ("unknown amendment", "amended_by: [uu-21]", "amended_by: [uu-99-2]", 14,
     "legal_instruments.1.amended_by.0", "error", "tidak ada di daftar"),
    ("unknown parent", 'parent: "64"', 'parent: "65"', 17, "task_forces.1.parent", "error",
     "Gugus tugas “65” tidak ada"),
    ("amendments go round", "    short: \"UU 21/2007\"\n",
     "    short: \"UU 21/2007\"\n    amended_by: [perda-4]\n", 9, "legal_instruments.0.amended_by",
     "error", "berputar: .*→"),
    ("amended by itself", "amended_by: [uu-21]", "amended_by: [perda-4]", 14,
     "legal_instruments.1.amended_by", "error", "berputar: perda-4 → perda-4"),
    ("its own parent", 'parent: "64"', 'parent: "64.71"', 17, "task_forces.1.parent", "error",
     "induk berputar"),
    # --- the basis
    ("regulation without article", "    citations:\n" + CITED, "", 37, "duties.0.status", "error",
     "regulation harus menyebut pasal"),
    ("guide without article", "as: member, status: proposal, source: usulan}",
     "as: member, status: guide}", 30, "memberships.1.status", "error",
     "guide harus menyebut pasal"),
    ("decree without article", "as: lead, status: proposal, source: usulan}",
     "as: lead, status: decree}", 29, "memberships.0.status", "error",
     "decree harus menyebut pasal"),
    ("proposal without source", "    source: usulan\n    citations", "    citations", 40,
     "duties.1.source", "error", "sumbernya"),
    ("cited twice", CITED, CITED + CITED, 40, "duties.0.citations.1", "warning", "sudah dikutip"),
    ("law to come", "2007-04-19", "2027-01-01", 39, "duties.0.citations.0.instrument", "error",
     "belum berlaku pada 2026-10-13; mulai berlaku 2027-01-01"),
    ("law to come behind a proposal", "2007-04-19", "2027-01-01", 47,
     "duties.1.citations.0.instrument", "warning", "belum berlaku"),
    ("law that went", "in_force_from: 2007-04-19", "in_force_to: 2026-10-13", 39,
     "duties.0.citations.0.instrument", "error", "tidak berlaku lagi pada 2026-10-13"),
    ("dead article", '"Pasal 57"', '"Pasal 2 ayat (1)"', 39, "duties.0.citations.0.article",
     "error", "Pasal 2 UU 21/2007 tidak berlaku lagi .* 2026-01-02. Lihat Pasal 455 KUHP"),
    ("dead article behind a proposal", '"Pasal 52"', '"Pasal 2"', 47,
     "duties.1.citations.0.article", "warning", "tidak berlaku lagi"),
    ("article to look at", '"Pasal 57"', '"Pasal 9"', 39, "duties.0.citations.0.article",
     "warning", "perlu diperiksa .* Sedang diuji"),
    ("article without a word", ', note: "Sedang diuji."', "", 13, "legal_instruments.0.articles.1",
     "warning", "tanpa catatan"),
    ("article listed twice", '"Pasal 9"', '"pasal 2"', 13,
     "legal_instruments.0.articles.1.article", "error", "sudah didaftar"),
    ("ends before it begins", "    in_force_from: 2007-04-19\n",
     "    in_force_from: 2007-04-19\n    in_force_to: 2006-01-01\n", 11,
     "legal_instruments.0.in_force_to", "error", "sesudah tanggal mulai"),
    ("article ends first", "in_force_to: 2026-01-02,",
     "in_force_from: 2026-01-02, in_force_to: 2025-01-01,", 12,
     "legal_instruments.0.articles.0.in_force_to", "error", "sesudah tanggal mulai"),
    ("law checked in the future", "    kind: uu\n",
     "    kind: uu\n    text_checked_on: 2026-10-14\n", 8,
     "legal_instruments.0.text_checked_on", "error", "belum tiba"),
    ("article checked in the future", '"Pasal 57"}', '"Pasal 57", text_checked_on: 2027-01-01}', 39,
     "duties.0.citations.0.text_checked_on", "error", "belum tiba"),
    # --- who does what
    ("pokja without member", "agencies:\n", SECOND_GROUP + "agencies:\n", 20,
     "working_groups.1.id", "warning", "Pokja II belum punya anggota"),
    ("pokja without duty", "agencies:\n", SECOND_GROUP + "agencies:\n", 20,
     "working_groups.1.id", "warning", "Pokja II belum punya uraian tugas"),
    ("not a member",
     "  - {agency: dinsos, working_group: satu, as: member, status: proposal, source: usulan}\n",
     "", 41, "duties.1.working_group", "error", "dinsos bukan anggota pokja satu"),
    ("agency without pokja and duty", "memberships:\n",
     "  - {id: bps, name: BPS, abbreviation: BPS, kind: lembaga}\nmemberships:\n", 28,
     "agencies.3.id", "warning", "BPS belum masuk pokja mana pun dan belum punya uraian tugas"),
    ("agency without duty", GOOD[GOOD.index("  - id: pengadilan-b"):], "", 27, "agencies.2.id",
     "warning", "PU belum punya uraian tugas"),
    ("no lead", "as: lead", "as: member", 19, "working_groups.0.id", "warning",
     "Pokja I belum punya koordinator"),
    ("two leads", "as: member", "as: lead", 30, "memberships.1.as", "error",
     "dua koordinator: dispora .baris 29. dan dinsos"),
    ("court with a duty", "Berbagi data jumlah putusan", "Mengadili perkara", 51, "duties.2.text",
     "warning", "hanya berbagi data"),
    ("court in the lead", "{agency: pengadilan, working_group: satu, as: member",
     "{agency: pengadilan, working_group: satu, as: lead", 31, "memberships.2.as", "warning",
     "pilih koordinator lain"),
    # --- the words
    ("long duty", "Mendata rumah perlindungan", "Mendata " + "rumah " * 40, 43, "duties.1.text",
     "warning", "karakter; di kartu"),
    ("same duty twice", "  - id: pengadilan-b",
     "  - {id: lagi, agency: dinsos, working_group: satu, text: \"Mendata Rumah  perlindungan.\", "
     "status: proposal, source: usulan}\n  - id: pengadilan-b", 48, "duties.2.text", "warning",
     "sama dengan yang di baris 43"),
    ("population number", "Mendata rumah", "Mendata NIK 6472014508900001", 43, "duties.1.text",
     "error", "mirip NIK. Hapus"),
    ("telephone number", "Mendata rumah", "Hubungi 0812-3456-7890", 43, "duties.1.text", "warning",
     "nomor telepon"),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_every_finding_names_line_key_and_severity(
    row: tuple[str, str, str, int, str, str, str],
) -> None:
    _name, old, new, line, key, severity, says = row
    mapping, findings = look(edited(old, new))
    fitting = [finding for finding in findings if re.search(says, finding.message)]
    everything = [str(finding) for finding in findings]
    assert (line, key, severity) in {(f.line, f.key, f.severity) for f in fitting}, everything
    assert all(finding.file == "peta.yaml" and finding.column >= 1 for finding in findings)
    has_error = any(finding.severity == "error" for finding in findings)
    assert (mapping is None) == has_error
    if severity == "error":
        assert mapping is None


def test_a_membership_without_duty_of_an_agency_that_has_others() -> None:
    text = edited("agencies:\n", SECOND_GROUP + "agencies:\n").replace(
        DUTIES,
        "  - {agency: dinsos, working_group: dua, as: lead, status: proposal, source: usulan}\n"
        + DUTIES,
    )
    mapping, findings = look(text)
    assert mapping is not None
    assert [(f.line, f.key, f.message) for f in findings] == [
        (20, "working_groups.1.id", "Pokja II belum punya uraian tugas satu pun."),
        (33, "memberships.3", "dinsos belum punya uraian tugas di pokja dua."),
    ]


def test_the_day_asked_for_decides_what_is_in_force() -> None:
    text = edited('"Pasal 57"', '"Pasal 2"')
    assert look(text, on=date(2026, 1, 1))[1] == []
    assert [f.severity for f in look(text, on=date(2026, 1, 2))[1]] == ["error"]
    # The law itself came later than that; one finding, not also one for its article.
    assert [f.key for f in look(text, on=date(2007, 4, 18))[1]] == [
        "duties.0.citations.0.instrument",
        "duties.1.citations.0.instrument",
    ]


def test_all_findings_are_listed_at_once_in_the_order_of_the_file() -> None:
    text = edited("as: member", "as: lead").replace("id: dinsos-mendata", "id: dispora-mengawasi")
    _mapping, findings = look(text.replace(CITED, CITED.replace("uu-21", "uu-99")))
    assert [finding.line for finding in findings] == [30, 39, 40]


def test_a_suggestion_is_never_applied() -> None:
    mapping, findings = look(edited("    agency: dinsos\n", "    agency: disporra\n"))
    assert mapping is None
    assert {finding.severity for finding in findings} == {"error", "warning"}


def test_no_number_of_a_person_and_no_escape_is_repeated() -> None:
    for text in (
        edited("    agency: dinsos\n", "    agency: NIK 6472014508900001\n"),
        edited("    agency: dinsos\n", "    6472014508900001: x\n    agency: dinsos\n"),
        edited("Mendata rumah", "NIK 6472014508900001"),
    ):
        _mapping, findings = look(text)
        assert findings
        assert "6472014508900001" not in json.dumps([f.as_dict() for f in findings])
    _mapping, findings = look(edited("id: dinsos-mendata", 'id: "\\u202Ex"'))
    assert all(str(finding).isprintable() for finding in findings)


def test_a_file_full_of_faults_is_not_told_to_the_end() -> None:
    row = "  - {agency: x, working_group: y, as: member, status: proposal, source: z}\n"
    _mapping, findings = look(edited(DUTIES, row * 400 + DUTIES))
    assert len(findings) == MOST_FINDINGS + 1
    assert any("temuan; sisanya" in finding.message for finding in findings)


# --- the command ---------------------------------------------------------------------------------


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_command(app: flask.Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    path = tmp_path / "peta.yaml"

    path.write_text(GOOD)
    good = runner.invoke(args=["roles", "check", str(path), "--on", "2026-10-13"])
    assert good.exit_code == 0, good.output
    assert good.output == (
        "0 galat, 0 peringatan; 3 instansi, 3 keanggotaan, 3 uraian tugas: dapat dimuat.\n"
    )

    path.write_text(edited("as: lead", "as: member").replace('"Pasal 57"', '"Pasal 2"'))
    bad = runner.invoke(args=["roles", "check", str(path), "--on", "2026-10-13"])
    assert bad.exit_code == 1
    lines = bad.output.splitlines()
    assert lines[0] == (
        "peta.yaml:19:10: peringatan: working_groups.0.id: Pokja I belum punya koordinator."
    )
    assert lines[1].startswith("peta.yaml:39:38: galat: duties.0.citations.0.article: Pasal 2 ")
    assert lines[2] == "1 galat, 1 peringatan: tidak dapat dimuat."
    before = runner.invoke(args=["roles", "check", str(path), "--on", "2025-12-31"])
    assert before.exit_code == 0

    as_json = runner.invoke(args=["roles", "check", str(path), "--json", "--on", "2026-10-13"])
    assert as_json.exit_code == 1
    told = json.loads(as_json.output)
    assert [finding["severity"] for finding in told] == ["warning", "error"]
    assert set(told[0]) == {"file", "line", "column", "key", "severity", "message"}

    for wrong in (
        [str(tmp_path / "tidak-ada.yaml")],
        [str(tmp_path)],
        [],
        [str(path), "--on", "x"],
    ):
        assert runner.invoke(args=["roles", "check", *wrong]).exit_code == 2


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_loading_asks_what_is_in_force_on_the_day_it_takes_effect(
    app: flask.Flask, tmp_path: Path
) -> None:
    path = tmp_path / "peta.yaml"
    path.write_text(edited("2007-04-19", "2026-12-01"))
    runner = app.test_cli_runner()
    command = ["roles", "load", str(path), "--dry-run", "--effective-on"]
    assert runner.invoke(args=[*command, "2026-11-30"]).exit_code == 1
    assert runner.invoke(args=[*command, "2026-12-01"]).exit_code == 0


def test_the_example_of_the_manual_has_no_finding() -> None:
    manual = (ROOT / "docs" / "id" / "pemetaan.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", manual, re.DOTALL)
    assert example is not None
    mapping, findings = look(example[1])
    assert [str(finding) for finding in findings] == []
    assert mapping is not None
