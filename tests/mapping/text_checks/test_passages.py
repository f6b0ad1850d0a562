"""Finding an article in pasted texts, with what pasting does to them.

Every text here is DATA CONTOH: invented for these tests, no words of a law.
"""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator.mapping.text_checks.citation_rules import CitedPlace, article_order, cited_places
from coordinator.mapping.text_checks.cleaning import squeezed
from coordinator.mapping.text_checks.passages import LawText, find_passages, is_quoted_from
from tests.mapping.text_checks.random_laws import random_law

LAW = """DATA CONTOH

BAB I KETENTUAN CONTOH
Pasal 13
Dinas contoh mencatat sebagaimana dimaksud dalam
Pasal 14 ayat (3) huruf b.
Pasal 13A
(1) Dinas contoh menghitung.
(2) Hitungan sebagaimana dimaksud pada ayat (1) disimpan.
Pasal 14
(1) Dinas contoh membuka loket.
(2) Loket sebagaimana dimaksud pada ayat (1) dan ayat (2) dibuka setiap hari.
(3) Loket memuat:
a. meja contoh;
b. kursi contoh; dan
c. papan contoh.
(4) Ketentuan lain diatur kemudian. BAB II LAIN-LAIN
Pasal 15
Loket ditutup.
PENJELASAN ATAS DATA CONTOH II. PASAL DEMI PASAL Pasal 13 Cukup jelas. Pasal 14 Ayat (1) Yang \
dimaksud dengan loket adalah tempat. Ayat (2) Cukup jelas. Pasal 15 Cukup jelas.
"""
LETTER_B = "(3) Loket memuat:\nb. kursi contoh; dan"


@pytest.mark.parametrize(
    ("citation", "places"),
    [
        ("Pasal 52", [CitedPlace("52")]),
        ("Pasal 5 A", [CitedPlace("5a")]),
        ("Pasal 7A ayat (4)", [CitedPlace("7a", ("4",))]),
        ("pasal52 ayat ( 1 )", [CitedPlace("52", ("1",))]),
        ("Pasal 14 ayat (3) huruf b", [CitedPlace("14", ("3",), ("b",))]),
        ("Pasal 89 ayat (2) huruf d dan huruf e", [CitedPlace("89", ("2",), ("d", "e"))]),
        ("Pasal 5 huruf a sampai dengan huruf c", [CitedPlace("5", (), ("a", "b", "c"))]),
        ("Pasal 51 ayat (2)-(3)", [CitedPlace("51", ("2", "3"))]),
        ("Pasal 14 ayat (3) dan ayat (4)", [CitedPlace("14", ("3", "4"))]),
        ("Pasal 23 huruf b dan Pasal 26", [CitedPlace("23", (), ("b",)), CitedPlace("26")]),
        ("Pasal 68 juncto Pasal 59 ayat (2) huruf h",
         [CitedPlace("68"), CitedPlace("59", ("2",), ("h",))]),
        ("Pasal 15 ayat (1) dan penjelasannya",
         [CitedPlace("15", ("1",)), CitedPlace("15", ("1",), (), is_explanation=True)]),
        ("Pasal 47 huruf a angka 1) dan angka 6)", [CitedPlace("47", (), ("a",))]),
        ("Lampiran, bidang sosial", []),
        ("Enam layanan UPTD PPA", []),
    ],
)  # fmt: skip
def test_what_a_citation_names(citation: str, places: list[CitedPlace]) -> None:
    assert cited_places(citation) == places


@pytest.mark.parametrize(
    ("citation", "passage"),
    [
        ("Pasal 15", "Pasal 15\nLoket ditutup."),
        ("Pasal 13", "Pasal 13\nDinas contoh mencatat sebagaimana dimaksud dalam\n"
         "Pasal 14 ayat (3) huruf b."),
        ("Pasal 13 A ayat (1)", "(1) Dinas contoh menghitung."),
        ("Pasal 14 ayat (2)",
         "(2) Loket sebagaimana dimaksud pada ayat (1) dan ayat (2) dibuka setiap hari."),
        ("Pasal 14 ayat (3) huruf b", LETTER_B),
        ("Pasal 14 ayat (4)", "(4) Ketentuan lain diatur kemudian."),
        ("Pasal 14 ayat (1) dan penjelasannya",
         "(1) Dinas contoh membuka loket.\n\n"
         "Ayat (1) Yang dimaksud dengan loket adalah tempat."),
        ("Pasal 13 dan Pasal 15", "Pasal 13\nDinas contoh mencatat sebagaimana dimaksud dalam\n"
         "Pasal 14 ayat (3) huruf b.\n\nPasal 15\nLoket ditutup."),
    ],
)  # fmt: skip
def test_a_passage_is_found(citation: str, passage: str) -> None:
    found = find_passages(LAW, citation)
    assert found.quote == passage
    assert found.is_whole


def test_what_is_not_there_is_said() -> None:
    nothing = find_passages(LAW, "Pasal 52 ayat (1)")
    assert (nothing.passages, nothing.missing) == ((), ("Pasal 52 ayat (1)",))
    no_article = find_passages(LAW, "Lampiran, bidang contoh")
    assert (no_article.passages, no_article.missing) == ((), ("Lampiran, bidang contoh",))
    paragraph = find_passages(LAW, "Pasal 14 ayat (9)")
    assert paragraph.passages[0].missing == ("ayat (9)",)
    assert paragraph.passages[0].text.startswith("Pasal 14\n(1) Dinas")
    letter = find_passages(LAW, "Pasal 14 ayat (3) huruf k")
    assert letter.passages[0].missing == ("huruf k",)
    assert letter.passages[0].text.startswith("(3) Loket memuat:\na. meja")
    assert not paragraph.is_whole
    assert not letter.is_whole
    half = find_passages(LAW, "Pasal 15 dan Pasal 99")
    assert [one.name for one in half.passages] == ["Pasal 15"]
    assert half.missing == ("Pasal 99",)
    assert not half.is_whole


def test_a_paragraph_that_the_paste_has_lost_is_not_made_up() -> None:
    law = "Pasal 52\n(2) Loket contoh dibuka.\n(3) Loket contoh ditutup.\nPasal 53\nSelesai."
    lost = find_passages(law, "Pasal 52 ayat (1)")
    assert lost.passages[0].missing == ("ayat (1)",)
    assert find_passages(law, "Pasal 52 ayat (3)").quote == "(3) Loket contoh ditutup."


def test_an_article_that_is_there_twice_is_not_taken_for_one() -> None:
    found = find_passages(LAW + "Pasal 99\n(1) satu.\n", "Pasal 15")
    assert found.is_whole
    twice = find_passages("Pasal 15\nSatu contoh.\nPasal 15\nDua contoh.\n", "Pasal 15")
    assert twice.passages[0].times == 2
    assert not twice.is_whole


@pytest.mark.parametrize(
    "law",
    [
        LAW.replace("\n", "\r\n"),
        LAW.replace("Pasal 14\n", "PASAL  14\n").replace("Pasal 15\n", "Pasal15\n"),
        LAW.replace("Pasal 14\n", "P a s a l 14\n\n\n"),
        LAW.replace("Pasal 14\n", "  Pasal\u00a014 \n"),
        LAW.replace("Pasal 14\n", "Pasal\n14\n"),
        LAW.replace("Pasal 14\n", "## **Pasal 14**\n"),
        LAW.replace("(3) Loket", "( 3 ) Loket"),
        LAW.replace("b. kursi", "b . kursi"),
        LAW.replace("a. meja contoh;\nb. kursi", "a. meja contoh; b. kursi"),
        LAW.replace("(1) Dinas contoh membuka loket.\n(2)", "(1) Dinas contoh membuka loket. (2)"),
        " ".join(LAW.split()),
    ],
    ids=["crlf", "no or two blanks", "letters apart", "hard blank", "number below", "markdown",
         "blank in brackets", "blank before dot", "letters in a line", "paragraphs in a line",
         "one line"],
)  # fmt: skip
def test_blanks_and_line_ends_do_not_matter(law: str) -> None:
    for citation in ("Pasal 14 ayat (3) huruf b", "Pasal 14 ayat (1)", "Pasal 15"):
        wanted = "".join(find_passages(LAW, citation).quote.split())
        found = find_passages(law, citation)
        got = "".join(found.quote.split()).replace("##**Pasal14**", "Pasal14")
        assert got.casefold() == wanted.casefold(), citation
        assert found.is_whole


def test_five_a_is_not_five() -> None:
    law = "Pasal 5 A\n(1) Contoh satu.\nPasal 5\nContoh dua.\nPasal 50\nContoh tiga.\n"
    assert find_passages(law, "Pasal 5A").quote == "Pasal 5 A\n(1) Contoh satu."
    assert find_passages(law, "Pasal 5").quote == "Pasal 5\nContoh dua."
    assert find_passages(law, "Pasal 50").quote == "Pasal 50\nContoh tiga."


def test_another_laws_article_is_no_heading() -> None:
    law = "Pasal 3\nContoh menurut.\nPasal 20 Undang-Undang Contoh dan\nPasal 9 ayat (1) di atas."
    assert find_passages(law, "Pasal 20").missing == ("Pasal 20",)
    assert find_passages(law, "Pasal 9").missing == ("Pasal 9",)


def test_line_breaks_before_a_number_make_no_heading() -> None:
    law = (
        "Pasal 46\n(1) Loket menurut Pasal 45 ayat\n(3) dibuka.\n(2) Loket ditutup.\n(3) Selesai.\n"
        "Pasal 47\nDinas menurut Pasal 2,\nPasal 3\ndan Pasal 4 bekerja.\n"
        "Pasal 48\nDinas:\na. buka;\nb. menurut huruf\nc. tidak boleh; dan\nc. tutup.\n"
        "Pasal 49\nDinas menurut\nBAB\nII bekerja.\n"
    )
    for citation, words in (
        ("Pasal 46 ayat (1)", "(1) Loket menurut Pasal 45 ayat\n(3) dibuka."),
        ("Pasal 46 ayat (2)", "(2) Loket ditutup."),
        ("Pasal 46 ayat (3)", "(3) Selesai."),
        ("Pasal 47", "Pasal 47\nDinas menurut Pasal 2,\nPasal 3\ndan Pasal 4 bekerja."),
        ("Pasal 48 huruf c", "Pasal 48\nDinas:\nc. tutup."),
        ("Pasal 49", "Pasal 49\nDinas menurut\nBAB\nII bekerja."),
    ):
        found = find_passages(law, citation)
        assert (found.quote, found.is_whole) == (words, True), citation
    assert not find_passages(law, "Pasal 3").passages


@pytest.mark.parametrize(
    "following",
    ["Pasal 1 5\nLain.", "Pasal l5\nLain.", "PasaI 15\nLain.", "Pasal 16\nLain.",
     "Pasal 15\nLain.\nPasal 15\nLain lagi."],
)  # fmt: skip
def test_a_heading_nobody_can_read_ends_an_article_with_a_doubt(following: str) -> None:
    found = find_passages(f"Pasal 14A\nDinas buka.\n{following}\n", "Pasal 14A")
    assert found.quote == "Pasal 14A\nDinas buka."
    assert found.passages[0].is_unsure
    assert not found.is_whole


def test_a_paragraph_before_the_doubtful_end_is_certain() -> None:
    law = "Pasal 14\n(1) Dinas buka.\n(2) Dinas tutup.\nPasal 16\nLain."
    assert find_passages(law, "Pasal 14 ayat (1)").is_whole
    assert not find_passages(law, "Pasal 14 ayat (2)").is_whole
    skipped = find_passages("Pasal 1\n(1) Satu.\n(3) Tiga.\nPasal 2\nLain.", "Pasal 1 ayat (1)")
    assert (skipped.quote, skipped.is_whole) == ("(1) Satu.", False)


def test_a_table_of_contents_names_the_explanation() -> None:
    law = (
        "DAFTAR ISI\nBAB I KETENTUAN CONTOH 1\nPasal 1 ........ 3\nPENJELASAN ATAS UU CONTOH 45\n\n"
        f"BAB I\nKETENTUAN CONTOH\n{LAW[LAW.index('Pasal 13') :]}"
    )
    assert find_passages(law, "Pasal 14 ayat (1)").quote == "(1) Dinas contoh membuka loket."
    assert find_passages(law, "Pasal 15 dan penjelasannya").quote.endswith("Cukup jelas.")
    alone = "PENJELASAN ATAS UU CONTOH\nPasal 1\nDinas buka.\nPasal 2\nDinas tutup."
    assert find_passages(alone, "Pasal 1").is_whole


def test_what_is_printed_on_every_page_is_not_quoted() -> None:
    law = (
        "Pasal 1\nDinas contoh\n- 12 -\nwww.contoh.test\nPRESIDEN\nREPUBLIK INDONESIA\n"
        "membuka loket.\n"
        "(2) Dinas . . .\n- 13 -\n(2) Dinas lain.\nPasal 2 . . .\n- 14 -\nPasal 2\nTutup.\n"
    )
    assert find_passages(law, "Pasal 1").quote.replace("\n", " ") == (
        "Pasal 1 Dinas contoh membuka loket. (2) Dinas lain."
    )
    assert is_quoted_from(law, "Dinas contoh\nmembuka loket.")
    once = find_passages("Pasal 1\nLaman\nwww.contoh.test\ndibuka.\nPasal 2\nLain.", "Pasal 1")
    assert "www.contoh.test" in once.quote
    assert not once.is_whole, "it may be the foot of the page"


@pytest.mark.parametrize(
    "piece",
    ["\n", " ", "(1) ", "a. ", "Pasal 1\n", "Pasal ", "BAB I\n", "PENJELASAN ATAS ", "ayat (1), ",
     ". . . ", "x . . .\n", "("],
)  # fmt: skip
def test_a_text_of_one_piece_repeated_is_read_to_its_end(piece: str) -> None:
    """60,000 line ends took a minute; 200,000 would never end here."""
    law = "Pasal 1\nx" + piece * (200_000 // max(1, len(piece) // 2)) + "y"
    find_passages(law, "Pasal 1 ayat (1) huruf b")


@given(st.integers(0, 10**9), st.sampled_from([0.0, 0.05, 0.15, 0.4]))
def test_a_wrapped_law_is_taken_apart_exactly_or_said_to_be_unsure(seed: int, share: float) -> None:
    chance = Random(seed)
    law, truth = random_law(chance)
    read = LawText("".join("\n" if c == " " and chance.random() < share else c for c in law))
    for citation, words in truth.items():
        found = read.find(citation)
        if found.is_whole:
            assert squeezed(found.quote) == squeezed(words), citation


def test_most_of_a_wrapped_law_is_certain() -> None:
    for share, least in ((0.0, 0.8), (0.15, 0.7)):
        sure = []
        for seed in range(40):
            chance = Random(seed)
            law, truth = random_law(chance)
            read = LawText(
                "".join("\n" if c == " " and chance.random() < share else c for c in law)
            )
            sure += [read.find(citation).is_whole for citation in truth]
        assert sum(sure) > least * len(sure), share


@given(st.integers(1, 30), st.lists(st.integers(0, 4), min_size=1, max_size=8), st.data())
def test_each_article_of_a_law_is_found_alone(
    first: int, sizes: list[int], data: st.DataObject
) -> None:
    glue = data.draw(st.sampled_from(["\n", " ", "\n\n", "\r\n"]))
    pieces = []
    for n, size in enumerate(sizes, start=first):
        own = [f"({k}) Contoh {n} kali {k}." for k in range(1, size + 1)] or [f"Contoh {n}."]
        pieces += [f"Pasal {n}", *own]
    law = "DATA CONTOH." + glue + glue.join(pieces)
    for n, size in enumerate(sizes, start=first):
        for k in range(1, size + 1):
            found = find_passages(law, f"Pasal {n} ayat ({k})")
            assert found.quote == f"({k}) Contoh {n} kali {k}."
        assert f"Contoh {n}" in find_passages(law, f"Pasal {n}").quote
    assert not find_passages(law, f"Pasal {first + len(sizes)}").passages


@given(st.text(max_size=300), st.text(max_size=60))
def test_no_text_makes_it_fail(law: str, citation: str) -> None:
    found = find_passages(law, citation)
    assert found.passages or found.missing or not citation.strip()


def test_order_and_quotes() -> None:
    cited = ["Pasal 12A", "Lampiran, contoh", "Pasal 9 ayat (3)", "Pasal 12", "Pasal 100"]
    assert sorted(cited, key=article_order) == [
        "Pasal 9 ayat (3)", "Pasal 12", "Pasal 12A", "Pasal 100", "Lampiran, contoh",
    ]  # fmt: skip
    assert is_quoted_from(LAW, "dinas contoh\nmembuka  loket")
    assert not is_quoted_from(LAW, "dinas contoh menutup loket")
