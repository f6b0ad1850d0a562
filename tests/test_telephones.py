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
        "0812\u20131111\u20130001",
        "81211110001.0",
        "081211110001.0",
        "6281211110001.00",
        "81,211,110,001",
        "006281211110001",
        "+62 (0) 812 1111 0001",
        "+62081211110001",
        "WA: 0812-1111-0001",
        "No. HP 0812 1111 0001 (WA)",
        "https://wa.me/6281211110001",
        "\uff10\uff18\uff11\uff12\uff11\uff11\uff11\uff11\uff10\uff10\uff10\uff11",
    ],
)
def test_one_number_in_many_writings(written: str) -> None:
    assert telephones.read(written) == "+6281211110001"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("0541 123456", "+62541123456"),
        ("0541/741234", "+62541741234"),
        ("(0541) 741234", "+62541741234"),
        ("541741234", "+62541741234"),
        ("1500771", "+621500771"),
        ("+60 12-345 6789", "+60123456789"),
        ("0060123456789", "+60123456789"),
        ("-", ""),
        (" ", ""),
    ],
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
        ("wa " * 50_000, "Bukan nomor"),
        ("0812 1111 000O", "huruf atau tanda di dalam nomor: O"),
        ("O812 1111 0001", "huruf atau tanda di dalam nomor: O"),
        ("0812-1111-000\u00b2", "huruf atau tanda di dalam nomor: \u00b2"),
        ("0812-1111-0001, Budi", "huruf atau tanda di dalam nomor: , Budi"),
        ("081211110001234", "Bukan nomor"),
        ("60123456789", "Bukan nomor"),
        ("81211110001.5", "Bukan nomor"),
        ("0812111100.00", "Bukan nomor"),
        ("0812+11110001", "Bukan nomor"),
        ("0081211110001", "008 dapat berarti"),
        ("0541-741234/741235", "lebih dari satu"),
        ("0812-1111-0001\n0813-1111-0001", "lebih dari satu"),
        ("+6281211110001+6281311110001", "lebih dari satu"),
        ("0541-733766 Budi", "huruf atau tanda"),
        ("0812-1111-0001 (Ibu Rina)", "huruf atau tanda"),
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


def test_an_extension_is_dialled() -> None:
    assert telephones.telephone_link("+62541733766 ext. 12") == "tel:+62541733766;ext=12"
    assert telephones.telephone_link("+6281234567890") == "tel:+6281234567890"
