"""Telephone numbers as people and spreadsheets write them. No database."""

import pytest

from coordinator import telephones


@pytest.mark.parametrize(
    "written",
    [
        "0812-1111-0001",
        "'081211110001",
        "\u2019081211110001",
        "81211110001",
        "6281211110001",
        "62 812-1111-0001",
        "+62 812 1111 0001",
        "(0812) 1111 0001",
        "0812.1111.0001",
        "0062 812 1111 0001",
        "HP: 0812 1111 0001",
        "0812-1111-0001 (WA)",
    ],
)
def test_one_number_in_many_writings(written: str) -> None:
    assert telephones.read(written) == "+6281211110001"


@pytest.mark.parametrize(
    ("written", "kept"),
    [("0541 123456", "+62541123456"), ("+60 12-345 6789", "+60123456789"), ("-", ""), (" ", "")],
)
def test_other_numbers(written: str, kept: str) -> None:
    assert telephones.read(written) == kept


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("8.12E+11", "Excel"),
        ("8,12e+11", "Excel"),
        ("0812111/0813111", "lebih dari satu"),
        ("0812", "Bukan nomor"),
        ("(nomor contoh)", "Bukan nomor"),
        ("9" * 30, "Bukan nomor"),
        # A keypad would dial the letters: a wrong number, never kept.
        ("0541-733766 Budi", "tulisan lain"),
        ("0812-1111-0001 (Ibu Rina)", "tulisan lain"),
        ("(0541) 733-766/733-767 ext 12", "lebih dari satu"),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason(written: str, said: str) -> None:
    with pytest.raises(telephones.BadTelephone, match=said):
        telephones.read(written)


def test_a_kept_writing_is_the_same_number() -> None:
    assert telephones.is_same("0812 1111 0001", "+6281211110001")
    assert not telephones.is_same("0812 000", "+6281211110001")


@pytest.mark.parametrize(
    "written",
    [
        "(0541) 733-766 ext 12",
        "0541 733766 ext. 12",
        "0541 733766, Ext: 12",
        "0541 733766 (ekst. 12)",
        "0541 733766 psw 12",
        "Telp. 0541-733766 pesawat 12",
        "0541-733766 x12",
        "0541-733766#12",
        "+62541733766 ext. 12",
    ],
)
def test_an_extension_is_part_of_the_number(written: str) -> None:
    assert telephones.read(written) == "+62541733766 ext. 12"
