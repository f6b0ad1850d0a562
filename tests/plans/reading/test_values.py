"""What a target's cell means, without a file around it."""

from decimal import Decimal

import pytest

from coordinator.numbers import BadNumber
from coordinator.plans.reading.values import Unclear, shown_number, target
from coordinator.platform.spreadsheets.cells import Cell


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("10.000,-", "10000", ""),
        ("Rp 10.000,-", "10000", "rupiah"),
        ("Rp1,5 miliar", "1500000000", "rupiah"),
        ("2/tahun", "2", ""),
        ("1 keg", "1", "keg"),
        ("5 (lima) %", "5", "%"),
        ("1,5 jt", "1500000", ""),
        ("1,5 juta rupiah", "1500000", "rupiah"),
        ("25 rb orang", "25000", "orang"),
        ("100 persen", "100", "%"),
        ("12 bln", "12", "bln"),
        ("min. 3", "3", ""),
        ("3x", "3", "kali"),
        ("3x sebulan", "36", "kali"),
        ("1.000.000", "1000000", ""),
        ("0,75", "0.75", ""),
        ("> 80", "80", ""),
        ("2 kali/triwulan", "8", "kali"),
        ("2 kali per semester", "4", "kali"),
        ("1 laporan per bulan", "12", "laporan"),
        ("1 laporan/OPD/tahun", "1", "laporan/OPD"),
        ("1 laporan setiap bulan", "12", "laporan"),
        ("90% per bulan", "90", "%"),
        ("4 dok.", "4", "dok"),
        ("12 meter", "12", "meter"),
        ("12 orang¹", "12", "orang"),
        ("5 km²", "5", "km2"),
        ("1 (per bulan)", "12", ""),
        ("2 kali (setiap triwulan)", "8", "kali"),
        ("5 (lima kali setiap bulan)", "60", "kali"),
        ("1,5 (juta)", "1500000", ""),
        ("10 (ribu)", "10000", ""),
        ("80 (%)", "80", "%"),
        ("1 laporan per dua bulan", "6", "laporan"),
        ("1 kali tiap enam bulan", "2", "kali"),
        ("2 kali/3 bulan", "8", "kali"),
        ("1 kali per caturwulan", "3", "kali"),
        ("3 bulan sekali", "4", "kali"),
        ("1 laporan sebulan sekali", "12", "laporan"),
        ("3 kali dalam setahun", "3", "kali"),
        ("0,5 triliun", "500000000000", ""),
        ("5 ratus orang", "500", "orang"),
        ("10 K/L", "10", "K/L"),
    ],
)
def test_a_writing_is_read_as_people_mean_it(written: str, value: str, unit: str) -> None:
    found = target(Cell(written))
    assert found is not None
    assert (found.value, found.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "written",
    ["1,5 jt", "2 kali/triwulan", "1 laporan per bulan", "10 (ribu)", "3 bulan sekali"],
)
def test_what_was_multiplied_is_said(written: str) -> None:
    found = target(Cell(written))
    assert found is not None
    assert written in found.note


@pytest.mark.parametrize(
    ("written", "readings"),
    [
        ("1,234", ["1234", "1,234"]),
        ("1,234 orang", ["1234", "1,234"]),
        ("1,5 M", ["1500000000", "1500000"]),
        ("2 kali per minggu", ["104", "96", "2"]),
        ("1 berita/hari", ["365", "1"]),
        ("1 laporan bulanan", ["12", "1"]),
        ("2 minggu sekali", ["26", "24"]),
        ("100 orang dalam 3 bulan", ["400", "100"]),
        ("10k", ["10000", "10"]),
    ],
)
def test_what_may_mean_two_numbers_is_asked(written: str, readings: list[str]) -> None:
    with pytest.raises(Unclear) as asked:
        target(Cell(written))
    assert [shown_number(way.amount.value) for way in asked.value.ways] == readings
    assert len({way.value for way in asked.value.ways}) == len(readings)


@pytest.mark.parametrize("written", ["10-12", "12 kali di 5 desa", "banyak", "1. 100\n2. 2"])
def test_what_is_no_single_number_is_refused(written: str) -> None:
    with pytest.raises(BadNumber):
        target(Cell(written))


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("-5", "di bawah nol"),
        ("-12 orang", "di bawah nol"),
        ("–3", "di bawah nol"),
        ("2 tahun sekali", "tidak pas dalam setahun"),
        ("1 kali per lima tahun", "tidak pas dalam setahun"),
        ("1 laporan setiap akhir bulan", "tidak pas dalam setahun"),
        ("2 triliun", "terlalu besar"),
        ("2,5 T", "terlalu besar"),
        ("½", "pecahan"),
        ("1½ kali", "pecahan"),
        ("±5", "kira-kira"),
        ("sekitar 5", "kira-kira"),
        ("12 (dua puluh) kali", "berbeda"),
        ("²", "Bukan angka"),
    ],
)
def test_what_is_refused_says_why(written: str, reason: str) -> None:
    with pytest.raises(BadNumber, match=reason):
        target(Cell(written))


@pytest.mark.parametrize(
    ("written", "value", "said"),
    [("5¹", 5, "¹"), ("12²", 12, "²"), ("7⁽¹⁾", 7, "⁽¹⁾"), ("12 orang (target awal)", 12, "awal")],
)
def test_what_is_no_part_of_the_number_is_said(written: str, value: int, said: str) -> None:
    found = target(Cell(written))
    assert found is not None
    assert found.value == value
    assert said in found.note


@pytest.mark.parametrize(
    ("cell", "value", "unit"),
    [
        (Cell(Decimal("1.5"), unit="juta"), 1_500_000, ""),
        (Cell(Decimal("1.5"), unit="jt"), 1_500_000, ""),
        (Cell(Decimal(1), unit="kali/bulan"), 12, "kali"),
        (Cell(Decimal(500), before="Rp"), 500, "rupiah"),
    ],
)
def test_a_number_format_says_as_much_as_text(cell: Cell, value: int, unit: str) -> None:
    found = target(cell)
    assert found is not None
    assert (found.value, found.unit) == (value, unit)
