"""Identity numbers as a grammar: written in every way, found in their place; and what is none."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from coordinator.screening import Kind, Severity, blocks, findings
from tests.screening.counting import work
from tests.screening.spellings import (
    FAMILY_CARD_LABELS,
    LABELS,
    Spelled,
    numbers,
    spelled,
)

SOAK = bool(os.environ.get("SOAK"))
PROPERTY = settings(database=None, deadline=None, max_examples=5_000 if SOAK else 80)
# DATA CONTOH: every number is made up.
FAKE_NIK = "6472015505080001"

BEFORE = ("", "17 ", "17 th, ", "1. ", "usia 17/", "(3) ", "08/05/2008 ", "HP 0812-3456-7890; ")
BEFORE_NUMBERS = ("6472014101090002 ", "6472 0141 0109 0002 ", "64.72.01.410109.0002 / ")
AFTER = ("", ".", " 17", ", 17 th", "/17", " 2025", " 08/05/2008", "-08-05-2008", " (17 th)")
AFTER_NUMBERS = (" 0812 3456 7890", "-081234567890", " 6472014101090002", " +62 812-3456-7890")


def place_of(text: str, start: int, length: int) -> list[str]:
    """The severities of what was found in exactly this place."""
    end = start + length
    return [str(one.severity) for one in findings(text) if (one.start, one.end) == (start, end)]


# --- Found, in its place --------------------------------------------------------------------------


@PROPERTY
@given(number=spelled())
@example(Spelled("64010101010000&#10;0&#10;1", ("64010101010000", "0", "1"), ("\n", "\n")))
def test_a_number_written_in_any_way_is_found_in_its_place(number: Spelled) -> None:
    before = "Telah dipulangkan "
    text = f"{before}{number.text} ke rumah aman."
    found = place_of(text, len(before), len(number.text))
    if number.may_be_else or number.may_be_counts:  # then a person may be asked instead
        # The digits of an escape, read as typed, may make a number of their own: it is refused.
        is_refused = "&#" in number.text and blocks(text)
        assert found in (["block"], ["warn"]) or number.may_be_else or is_refused
    else:
        assert found == ["block"]


@PROPERTY
@given(number=spelled(), label=st.sampled_from(LABELS + FAMILY_CARD_LABELS))
def test_what_is_announced_is_refused_however_it_is_grouped(number: Spelled, label: str) -> None:
    before = f"Korban dengan {label}"
    assert place_of(f"{before}{number.text}\n", len(before), len(number.text)) == ["block"]


@PROPERTY
@given(
    number=spelled(),
    before=st.sampled_from(BEFORE + BEFORE_NUMBERS),
    after=st.sampled_from(AFTER + AFTER_NUMBERS),
)
def test_what_is_next_to_a_number_hides_nothing(number: Spelled, before: str, after: str) -> None:
    text = f"Data: {before}{number.text}{after}"
    found = place_of(text, len("Data: ") + len(before), len(number.text))
    beside = Spelled(
        "", (before, *number.groups, after), ("", *number.gaps, "")
    )  # "05/08" + "/2008"
    if number.may_be_else or number.may_be_counts or beside.may_be_else:
        assert findings(text) or number.may_be_else or beside.may_be_else
    else:
        assert found == ["block"]


@PROPERTY
@given(first=numbers(), second=numbers(), label=st.sampled_from(["", "NIK:", "KK ", "ktp_"]))
def test_two_numbers_in_a_row_are_two(first: str, second: str, label: str) -> None:
    text = f"{label}{first}{second}"
    start = len(label)
    assert place_of(text, start, 16) == ["block"]
    assert place_of(text, start + 16, 16) == ["block"]


LOOK_ALIKES = {"0": "0OoОо", "1": "1Il|", "5": "5Ss", "8": "8B", "2": "2Zz"}


@PROPERTY
@given(number=numbers(), data=st.data(), gap=st.sampled_from(["", " ", "-", "."]))
def test_letters_for_digits_are_read_after_the_word_nik(
    number: str, data: st.DataObject, gap: str
) -> None:
    confused = [
        data.draw(st.sampled_from(LOOK_ALIKES[digit])) if digit in LOOK_ALIKES else digit
        for digit in number[4:]
    ]
    written = number[:4] + "".join(confused)
    written = gap.join(written[at : at + 4] for at in range(0, 16, 4))
    assert place_of(f"NIK {written} terlampir", 4, len(written)) == ["block"]


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("6,47202E+15", "warn"),
        ("6.47202E+15", "warn"),
        ("6.47202e15", "warn"),
        ("6,47202 x 10^15", "warn"),
        ("6,47202×10¹⁵", "warn"),
        ("NIK 6,4E+15", "warn"),
        ("NIK 6E+15", "warn"),
        ("6.472015505080001E+15", "block"),
        ("6.4720155050800016E15", "block"),
        ("6,47201550508E+15", "block"),  # place and date of birth are there to be read
        ("6.472.015.505.080.001", "warn"),  # without Rp nobody's budget
        ("6,472,015,505,080,001", "warn"),
        ("NIK 6,472,015,505,080,001", "block"),
        ("NIK: 6.472.015.505.080.001,00", "block"),
        ("NIK 6472 0155 0508 000", "warn"),  # a digit lost
        ("647201550508000108052008", "block"),  # the date of birth written on
        ("6472015505080001081234567890", "block"),
        ("NIK64720155050800011708", "block"),
        ("usia 17<b>6472015505080001</b>", "block"),
        ("<td>6472</td><td>0155</td>\n<td>0508</td><td>0001</td>", "block"),
        ('<img alt="6472015505080001">', "block"),
        ("100%6472015505080001", "block"),
        ("<nik>6472015505080001</nik>", "block"),
        ("?q=%36%34%37%32%30%31%35%35%30%35%30%38%30%30%30%31", "block"),
        ("%2536472015505080001", "block"),
        ("6\n4\n7\n2\n0\n1\n5\n5\n0\n5\n0\n8\n0\n0\n0\n1", "block"),
    ],
)
def test_single_spellings(text: str, severity: str) -> None:
    assert [(str(one.severity), str(one.kind)) for one in findings(text)] == [(severity, "nik")]


# --- Persons, telephones, cases -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "span"),
    [
        ("HP 0812/3456/7890", "phone", "0812/3456/7890"),
        ("hubungi 0812 - 3456 - 7890", "phone", "0812 - 3456 - 7890"),
        ("(0541) 73 12 34", "phone", "(0541) 73 12 34"),
        ("(0541)731-234", "phone", "(0541)731-234"),
        ("0541/731234", "phone", "0541/731234"),
        ("+62.812.3456.7890", "phone", "+62.812.3456.7890"),
        ("+62 (0) 812 3456 7890", "phone", "+62 (0) 812 3456 7890"),
        ("(62) 812-3456-7890", "phone", "(62) 812-3456-7890"),
        ("https://wa.me/6281234567890?text=halo", "phone", "6281234567890"),
        ("https://wa.me/60123456789", "phone", "60123456789"),  # a number in Malaysia
        ("https://api.whatsapp.com/send?phone=60123456789", "phone", "60123456789"),
        ("LP No. 123/IV/2025", "case_number", "LP No. 123/IV/2025"),
        ("LP Nomor: LP/B/12/IV/2025/SPKT", "case_number", "LP Nomor: LP/B/12/IV/2025/SPKT"),
        ("Tanda Bukti Lapor No. 12/IV/2025", "case_number", "Tanda Bukti Lapor No. 12/IV/2025"),
        ("TBL/12/IV/2025/SPKT", "case_number", "TBL/12/IV/2025/SPKT"),
        ("SP2HP/45/V/2025/Reskrim", "case_number", "SP2HP/45/V/2025/Reskrim"),
        ("SP2HP nomor B/45/V/2025", "case_number", "SP2HP nomor B/45/V/2025"),
        ("korban Contohwati dirujuk", "identity", "korban Contohwati"),
        ("Korbannya Ani, anak Pak RT.", "identity", "Korbannya Ani"),
        ("korban AMINAH sudah pulang", "identity", "korban AMINAH"),
        ("seorang perempuan yg bernama Contohwati", "identity", "perempuan yg bernama"),
        ("seorang gadis bernama Contohwati", "identity", "bernama Contohwati"),
        ("rujukan a.n. Contohwati", "identity", "a.n. Contohwati"),
        ("rujukan an. Contohwati", "identity", "an. Contohwati"),
        ("paspor atas nama Contohwati", "identity", "atas nama Contohwati"),
        ("pemulangan sdri. Contohwati", "identity", "sdri. Contohwati"),
        ("pemulangan Sdr Contoh Budiman", "identity", "Sdr Contoh"),
        ("anak dengan inisial CW", "initials", "anak dengan inisial"),
        ("gadis inisial CW", "initials", "inisial "),
        ("Paspor nomor X1234567", "identity", "Paspor nomor X1234567"),
    ],
)
def test_a_person_is_asked_about(text: str, kind: str, span: str) -> None:
    (found,) = findings(text)
    assert (str(found.severity), str(found.kind)) == ("warn", kind)
    assert text[found.start : found.end] == span


@pytest.mark.parametrize(
    "text",
    [
        "a.n. Kepala Dinas, Sekretaris",
        "Yth. Sdr. Bupati Contoh",
        "Penanganan Korban Terpadu",
        "perlindungan korban. Selama proses berjalan",
        "korban TPPO dan korban TPPU",
        "korban Perdagangan Orang",
        "aplikasi bernama Simfoni",
        "nomor 081/1234/2026/12",
        "Inisial perkara tidak ditulis",
        "6,4E+12 dan 1,02E+15",
    ],
)
def test_nobody_is_named(text: str) -> None:
    assert findings(text) == []


# --- What is no identity --------------------------------------------------------------------------


def clean_sentences() -> list[tuple[str, str]]:
    """What each sentence is asked about, and the sentence."""
    lines = (Path(__file__).parent / "clean_sentences.txt").read_text("utf-8").splitlines()
    assert lines[0].startswith("# DATA CONTOH")
    pairs = [line.split("\t", 1) for line in lines[1:]]
    return [("" if kind == "-" else kind, text.replace("\\t", "\t")) for kind, text in pairs]


def test_no_sentence_of_a_report_is_refused() -> None:
    sentences = clean_sentences()
    assert len({text for _kind, text in sentences}) >= 300
    assert [text for _kind, text in sentences if blocks(text)] == []
    for kind, text in sentences:
        assert [str(one.kind) for one in findings(text)] == ([kind] if kind else []), text


def hidden_sentences() -> list[tuple[str, str]]:
    """What must be found in each sentence, with ! where it is refused, and the sentence."""
    lines = (Path(__file__).parent / "hidden_sentences.txt").read_text("utf-8").splitlines()
    assert lines[0].startswith("# DATA CONTOH")
    pairs = [line.split("\t", 1) for line in lines[1:]]
    return [(wanted, text.replace("\\n", "\n")) for wanted, text in pairs]


@pytest.mark.parametrize(("wanted", "text"), hidden_sentences())
def test_a_sentence_that_tells_who_it_is_does_not_pass(wanted: str, text: str) -> None:
    severity = Severity.BLOCK if wanted.startswith("!") else Severity.WARN
    found = [(one.severity, str(one.kind)) for one in findings(text)]
    assert (severity, wanted.removeprefix("!")) in found


# --- Rates and cost -------------------------------------------------------------------------------


def test_recall_and_false_alarms_are_printed() -> None:
    """`pytest -s` shows them; docs/reliability.md keeps the figures of a long run."""
    counts: Counter[str] = Counter()

    @settings(PROPERTY, phases=[Phase.generate])
    @given(number=spelled(), label=st.sampled_from(["", "", *LABELS]))
    def look(number: Spelled, label: str) -> None:
        found = place_of(f"- {label}{number.text};", 2 + len(label), len(number.text))
        counts["written"] += 1
        counts[found[0] if found else "missed"] += 1

    look()
    clean = clean_sentences()
    alarms = sum(blocks(text) for _kind, text in clean)
    asked = sum(bool(findings(text)) for _kind, text in clean)
    hidden = hidden_sentences()
    told = sum(bool(findings(text)) for _wanted, text in hidden)
    print(
        f"numbers in every spelling: {counts['written']}, refused {counts['block']}, asked about "
        f"{counts['warn']}, missed {counts['missed']}; clean sentences refused: {alarms} of "
        f"{len(clean)}, asked about {asked}; sentences that tell who it is found: {told} of "
        f"{len(hidden)}"
    )
    assert counts["missed"] <= counts["written"] / 100


HOSTILE = (
    *("1 ", "1 1-", "1111 ", "1,1;1|", "11/05/2025 ", "117.12345 ", "2.08.03.1.02.0001 "),
    *("&", "&#49;", "&#49", "&amp;", "%", "%31", "%2531", "<", "<b>", "<a ", "</td><td>", "[b]"),
    *("６ ", "6\ufe0f\u20e3", "1\u200b", "👉1", "nik 1 ", "NIK OIO1 ", "6,4E+15 ", "korban Ani "),
)


@pytest.mark.parametrize("unit", HOSTILE)
def test_four_times_the_text_is_four_times_the_work(unit: str) -> None:
    small, large = unit * (5_000 // len(unit)), unit * (20_000 // len(unit))
    assert work(large) <= 4.4 * work(small) + 400


def test_severities_of_warned_numbers_are_known_to_callers() -> None:
    (found,) = findings("6,47202E+15")
    assert (found.severity, found.kind) == (Severity.WARN, Kind.NIK)
