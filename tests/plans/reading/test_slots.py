"""Which target a header names: its year, the part of it, or that it is money or done already."""

import pytest

from coordinator.plans.reading.slots import (
    SkipReason,
    Slot,
    named,
    parse_target_field,
    target_field,
)


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        (("Target 2026",), "target:2026"),
        (("Target Capaian 2026",), "target:2026"),
        (("2026", "Target"), "target:2026"),
        (("TARGET", "2026"), "target:2026"),
        (("Target 2026", "TW I"), "target:2026/Q1"),
        (("Target 2026", "Triwulan", "IV"), "target:2026/Q4"),
        (("2026", "Triwulan III"), "target:2026/Q3"),
        (("Target 2026", "Semester 2"), "target:2026/S2"),
        (("Target B09 2026",), "target:2026/B09"),
        (("Target Agustus 2026",), "target:2026/M08"),
        (("2026", "Nop", "Target"), "target:2026/M11"),
        (("Target provinsi 2026",), "target:province:2026"),
        (("Target Kinerja dan Anggaran Tahun berjalan (2026)", "K"), "target:2026"),
        (("Target Kinerja dan Anggaran Tahun berjalan (2026)", "Fisik"), "target:2026"),
    ],
)
def test_a_header_of_a_target(parts: tuple[str, ...], field: str) -> None:
    found = named(parts, None)
    assert found is not None
    assert (found.field, found.why) == (field, None)


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        (("2026", "Rp"), SkipReason.MONEY),
        (("Pagu 2026",), SkipReason.MONEY),
        (("Anggaran 2026", "TW I"), SkipReason.MONEY),
        (("Target Kinerja dan Anggaran (2026)", "Rp"), SkipReason.MONEY),
        (("Realisasi 2026",), SkipReason.DONE),
        (("Realisasi Kinerja Pada Triwulan", "I", "K"), SkipReason.DONE),
        (("Capaian 2024",), SkipReason.DONE),
        (("Kondisi akhir 2028", "Target"), SkipReason.DONE),
        (("Target Renstra 2024 s/d 2028", "K"), SkipReason.YEARS),
        (("Waktu Pelaksanaan", "TW II"), SkipReason.NOT_OURS),
        (("Target",), SkipReason.NO_YEAR),
        (("Jan", "Target"), SkipReason.NO_YEAR),
    ],
)
def test_what_is_left_aside_says_why(parts: tuple[str, ...], why: SkipReason) -> None:
    found = named(parts, None)
    assert found is not None
    assert (found.field, found.why) == (None, why)


@pytest.mark.parametrize("text", ["Kegiatan", "Indikator capaian", "Penanggung jawab", "Sasaran"])
def test_other_headers_are_none_of_them(text: str) -> None:
    assert named((text,), 2026) is None


def test_a_title_gives_the_year_of_months_and_is_named() -> None:
    found = named(("Jan", "Target"), 2026)
    assert found == ("target:2026/M01", False, SkipReason.TITLE_YEAR)


@pytest.mark.parametrize("name", ["target:2026", "target:province:2026", "target:2026/B03"])
def test_a_field_is_written_as_it_is_read(name: str) -> None:
    slot = parse_target_field(name)
    assert slot is not None
    assert target_field(slot) == name


@pytest.mark.parametrize("name", ["target", "target:26", "target:2026/X1", "target:x:2026", "lead"])
def test_what_is_no_field_of_a_target(name: str) -> None:
    assert parse_target_field(name) is None


def test_parts_of_a_year_stand_in_their_order() -> None:
    parts = ["Q1", "S1", "B09", "M11", ""]
    assert [Slot(None, 2026, part).month for part in parts] == [3, 6, 9, 11, 12]
