"""The pages of an import: each value as it will be, what is asked, what may be left out."""

import re
from collections.abc import Callable
from typing import Any

import flask
import pytest

from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.seed import PlanFile
from tests.conftest import Browser
from tests.plans.actions.spreadsheets.builders import book
from tests.plans.versions.importing import KEY, apply_import, choices_of, read_waiting, upload

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

LABELS = ["Target B03 2026", "Target B06 2026", "Target B09 2026", "Target B12 2026"]
HEAD = ["Strategi", "Aksi", "Indikator", "Satuan", *LABELS, "PJ", "Pendukung"]
ROWS: list[list[object]] = [
    HEAD,
    ["1. Pencegahan", "Melatih (DATA CONTOH)", "Petugas", "orang", 10, 20, 30, 40, "Dispora"],
    [None, "Menyusun (DATA CONTOH)", "Modul", "modul", 3, 3, 3, "banyak", "Dispora", "DPMPD"],
]
MORE: list[list[object]] = [
    HEAD,
    ["2. Penanganan", "Merujuk (DATA CONTOH)", "Korban", "orang", 9, 8, 7, 6, "Dinsos"],
]


def _two_sheets() -> bytes:
    return book(ROWS, name="Satu", before={"Dua": MORE, "Arsip": [["catatan"]]})


def _send(app: flask.Flask, office: Browser, path: str, **fields: Any) -> str:
    """Send the page's own choices with these put over them; return the next page."""
    page = office.get(path).text
    office.post(path, {**choices_of(page), **_ticked(page), **fields})
    read_waiting(app)
    return office.get(path).text


def _ticked(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in re.findall(r'<input type="checkbox"[^>]*checked[^>]*>', page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]+)"', tag)
        if name and value:
            found.setdefault(name[1], []).append(value[1])
    return found


def _cells(page: str, label: str) -> list[str]:
    return re.findall(rf'<td data-label="{label}"[^>]*>(.*?)</td>', page)


def test_each_value_is_shown_asked_about_and_applied(
    app: flask.Flask, office: Browser, plan: PlanFile
) -> None:
    path = upload(app, office, _two_sheets(), name="matriks.xlsx")
    page = office.get(path).text
    assert "2 lembar lain tidak dibaca" in page
    page = _send(app, office, path, **{"lembar": ["Satu", "Dua"]})
    groups = {name: "pencegahan" for name in choices_of(page) if name.startswith("pokja-")}
    assert "Menunggu jawaban" in page
    # A good row is shown next to the wrong one, and its value once somebody has said which it is.
    assert "Berapa target setahun?" in page
    answer = next(name for name in choices_of(page) if name.startswith("jawab-"))
    page = _send(app, office, path, **groups, **{answer: "last"})
    for text in ("Melatih (DATA CONTOH)", "Merujuk (DATA CONTOH)", "Menyusun (DATA CONTOH)"):
        assert text in page
    assert {"40", "30"} <= set(_cells(page, "2026"))
    assert "Salah" in page
    assert "banyak" in page
    assert "Tinggalkan baris yang salah" in page
    page = _send(app, office, path, **{"tanpa-salah": "y"})
    assert "Pratinjau impor" in page
    assert "Baris yang salah ditinggalkan" in page
    apply_import(office, path)
    with app.app_context():
        stored = plans.in_force(KEY)
    assert stored is not None
    new = {one.title: one for one in stored.actions if one.id not in {a.id for a in plan.actions}}
    assert set(new) == {"Melatih (DATA CONTOH)", "Merujuk (DATA CONTOH)"}
    assert new["Melatih (DATA CONTOH)"].indicators[0].targets == {2026: 40}
    assert new["Merujuk (DATA CONTOH)"].indicators[0].targets == {2026: 30}


def test_a_header_and_columns_are_chosen_on_the_page(
    app: flask.Flask, office: Browser, plan: PlanFile
) -> None:
    rows = [
        ["Laporan"],
        ["apa", "ukur", "t1", "siapa"],
        ["Melatih (DATA CONTOH)", "Petugas", 3, "Dispora"],
    ]
    path = upload(app, office, book(rows), name="matriks.xlsx")
    page = office.get(path).text
    assert "Baris judul kolom tidak ditemukan" in page
    chosen = {"kolom-A": "action", "kolom-B": "indicator", "kolom-C": "target:2026"}
    page = _send(app, office, path, **{"baris-judul": "2"})
    page = _send(app, office, path, **chosen, **{"kolom-D": "lead"})
    groups = {name: "pencegahan" for name in choices_of(page) if name.startswith("pokja-")}
    page = _send(app, office, path, **groups)
    assert "Pratinjau impor" in page, page
    assert _cells(page, "2026") == ["3"]


def test_our_own_table_says_which_plan_it_is(
    app: flask.Flask, office: Browser, plan: PlanFile, runner_file: Callable[[str], bytes]
) -> None:
    path = upload(app, office, runner_file(".csv"), plan="", name="rencana.csv")
    assert "sama dengan yang berlaku" in office.get(path).text


@pytest.fixture
def runner_file(app: flask.Flask, tmp_path: Any) -> Callable[[str], bytes]:
    """Return the plan in force, exported with this ending."""

    def export(ending: str) -> bytes:
        file = tmp_path / f"rencana{ending}"
        assert app.test_cli_runner().invoke(args=["plan", "export", str(file)]).exit_code == 0
        return bytes(file.read_bytes())

    return export


RAD: list[list[object]] = [
    ["RENCANA AKSI DAERAH PP TPPO (DATA CONTOH) TAHUN 2026-2027"],
    [],
    ["No", "Strategi", "Aksi", "Indikator", "Satuan", "Target 2026", "Target 2027", "PJ"],
    ["STRATEGI I: PENCEGAHAN DI HULU"],
    [7, "Pencegahan", "Melatih (DATA CONTOH)", "Petugas terlatih", "orang", 20, 40000, "Dispora"],
    [None, None, None, "Desa terlatih", "desa", 3, "ada", "Dispora"],
]


def test_a_new_plan_is_first_what_its_file_says_and_its_strategy_is_asked_about(
    app: flask.Flask, office: Browser, plan: PlanFile
) -> None:
    path = upload(app, office, book(RAD), plan="", name="rad.xlsx")
    page = office.get(path).text
    assert re.search(r'<input checked[^>]*name="kind"[^>]*value="rad"', page)
    for name, year in (("first_year", "2026"), ("last_year", "2027")):
        tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert tag
        assert f'value="{year}"' in tag[0]
    assert "Strategi 1: PENCEGAHAN DI HULU" in page
    assert "7 di berkas, disimpan 1.7" in page
    assert 'optgroup label="Jarang dipakai"' in page
    page = _send(app, office, path, kind="rad", title="RAD", first_year="2026", last_year="2027")
    # The words of the file, not a number that is nowhere in it.
    assert "STRATEGI I: PENCEGAHAN DI HULU" in page
    assert "disimpan sebagai Strategi 1" in page
    answers = {name: "band" for name in choices_of(page) if name.startswith("jawab-")}
    groups = {name: "pencegahan" for name in choices_of(page) if name.startswith("pokja-")}
    page = _send(
        app,
        office,
        path,
        **{"kind": "rad", "title": "RAD", "first_year": "2026", "last_year": "2027"},
        **answers,
        **groups,
    )
    assert "Pratinjau impor" in page
    assert page.index("Baca sebelum menerapkan") < page.index(">Terapkan<")
    assert "Wajib diisi" in page
    # An indicator and its targets are one block, and numbers are written one way.
    block = re.search(r'<dl class="block"><dt>Indikator</dt><dd>Petugas terlatih.*?</dl>', page)
    assert block
    assert "2026: 20; 2027: 40.000" in block[0]
    assert "Desa" not in block[0]
    assert "40.000" in _cells(page, "2027")


def test_a_file_that_does_not_say_what_it_is_leaves_that_to_a_person(
    app: flask.Flask, office: Browser, plan: PlanFile
) -> None:
    rows = [["Aksi", "Indikator", "Target", "PJ"], ["Melatih (DATA CONTOH)", "Petugas", 3, "X"]]
    page = office.get(upload(app, office, book(rows), plan="", name="matriks.xlsx")).text
    for name in ("first_year", "last_year"):
        tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert tag
        assert 'value=""' in tag[0]
    assert 'name="kind"' in page
    assert not re.search(r'<input checked[^>]*name="kind"', page)
