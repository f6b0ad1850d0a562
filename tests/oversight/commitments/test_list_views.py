"""The page of assignments and its files: what a reader sees, sorts, finds and takes along."""

import csv
import html
import io
import re
from collections.abc import Callable
from datetime import date, datetime

import flask
import openpyxl
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.models import Assignment, AssignmentParty
from coordinator.assignments.obligations import extensions
from coordinator.assignments.obligations.models import Obligation
from coordinator.db import db
from coordinator.permissions import AccessKind
from coordinator.platform.audit.models import AccessLog
from tests import factories
from tests.assignments.letters.builders import seated, session_of
from tests.conftest import Browser
from tests.oversight.commitments.builders import CommitmentScene, build
from tests.statements import statements

# The page with its letterhead and its frame, regardless of the number of rows; an order by figures
# has one more.
PAGE = 14
FIRST = 200_000  # ids of the rows that are written here


@pytest.fixture
def scene(
    app: flask.Flask,
    clock: time_machine.Traveller,
    remember: Callable[[str, Callable[[], CommitmentScene]], CommitmentScene],
) -> CommitmentScene:
    """The scene of the queries' tests."""
    return remember("commitments-page", lambda: build(clock))


@pytest.fixture
def reader(app: flask.Flask, scene: CommitmentScene) -> Browser:
    """The leadership, signed in."""
    with app.app_context():
        session = session_of(scene.leadership)
    return seated(app, session)


def cells_of(page: str) -> list[list[str]]:
    """The words of each row of the table, by cell."""
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [
        [
            " ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)
    ]


def test_each_row_says_who_how_far_and_how_much(reader: Browser) -> None:
    page = reader.get("/penugasan?urut=aksi").text
    rows = cells_of(page)
    assert len(rows) == 7
    assert rows[0][0].startswith("1.1 ")
    assert rows[0][0].endswith("Pokja I Pencegahan")
    assert rows[0][1:] == [
        "Dispora",
        "2",
        "Selesai",
        "4 dari 12 kegiatan 5 lembaga, tanpa target",
        "31 Desember 2026",
    ]
    assert rows[6][3] == "tidak diminta"
    assert "Laporan Triwulan III 2026" in page
    assert "Terverifikasi 2026" in page
    assert page.count('<rect width="33%"') == 1
    assert "Berjalan" not in page, "a draft is the agency's own"
    assert "Tugaskan banyak aksi" not in page, "the leadership gives no work"


def test_a_head_sorts_and_turns_round_and_keeps_the_filters(reader: Browser) -> None:
    page = reader.get("/penugasan?cari=dis&keadaan=").text
    assert 'aria-sort="ascending"' in page
    href = html.unescape(re.findall(r'<th[^>]*><a href="([^"]+)">Terverifikasi', page)[0])
    assert href == "/penugasan?cari=dis&urut=capaian"
    sorted_page = reader.get(href).text
    assert cells_of(sorted_page)[-1][1] == "Dispora"
    assert sorted_page.count("aria-sort") == 1
    turned = html.unescape(re.findall(r'<th[^>]*><a href="([^"]+)">Terverif', sorted_page)[0])
    assert turned == "/penugasan?cari=dis&urut=-capaian"
    assert 'aria-sort="descending"' in reader.get(turned).text
    # An order that only a head offers stays chosen when the filters are applied.
    assert '<option value="-ketua" selected>' in reader.get("/penugasan?urut=-ketua").text
    for odd in ("urut=--", "urut=%27;drop", "halaman=-1", "pokja=tidak-ada", "cari=%25_"):
        assert reader.get(f"/penugasan?{odd}").status_code == 200


def test_nothing_found_says_what_can_be_looked_for(reader: Browser) -> None:
    page = reader.get("/penugasan?cari=tidak-ada&urut=-capaian").text
    assert "Tidak ada penugasan yang cocok" in page
    assert "0 penugasan cocok." in page
    assert 'value="tidak-ada"' in page
    assert 'href="/penugasan?urut=-capaian">Tampilkan semua penugasan' in page
    assert "XLSX" not in page


def test_the_csv_says_what_the_screen_says(app: flask.Flask, reader: Browser) -> None:
    address = "?urut=-capaian&cari=dis"
    data = reader.get(f"/penugasan.csv{address}").data
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    shown = cells_of(reader.get(f"/penugasan{address}").text)
    assert [row["Penanggung jawab"] for row in rows] == [row[1] for row in shown]
    assert len(rows) == 5
    first = rows[0]
    assert (first["Kode"], first["Pendukung"]) == ("1.1", "2")
    assert first["Laporan Triwulan III 2026"] == "Selesai"
    assert (first["Terverifikasi 2026"], first["Target 2026"], first["Satuan"]) == (
        "4",
        "12",
        "kegiatan",
    )
    assert first["Indikator lain"].endswith("5 lembaga, tanpa target")
    assert (first["Jatuh tempo laporan"], first["Batas waktu"]) == ("2026-10-16", "2026-12-31")
    with app.app_context():
        noted = db.session.scalars(sa.select(AccessLog.subject_id)).all()
    assert "penugasan.csv" in noted


def test_the_workbook_has_numbers_and_days(reader: Browser) -> None:
    book = openpyxl.load_workbook(io.BytesIO(reader.get("/penugasan.xlsx?urut=aksi").data))
    heads, *rows = book.active.iter_rows(values_only=True)
    first = dict(zip(heads, rows[0], strict=True))
    assert len(rows) == 7
    assert first["Kode"] == "1.1", "a code is no number"
    assert (first["Terverifikasi 2026"], first["Target 2026"], first["Pendukung"]) == (4, 12, 2)
    assert first["Batas waktu"] == datetime(2026, 12, 31)
    assert rows[6][heads.index("Jatuh tempo laporan")] is None


def _give(scene: CommitmentScene, count: int) -> None:
    """Write assignments of Dispora like the first one, each with its obligation."""
    first = db.session.scalars(sa.select(Assignment).order_by(Assignment.id)).first()
    assert first is not None
    same = {
        column.key: getattr(first, column.key)
        for column in sa.inspect(Assignment).column_attrs
        if column.key not in ("id", "public_id", "part", "form_key")
    }
    agency_id = factories.agency("dispora").id
    numbers = range(FIRST, FIRST + count)
    owed = {
        "period_id": scene.period_id,
        "task_force_id": same["task_force_id"],
        "agency_id": agency_id,
        "working_group_id": same["working_group_id"],
        "due_on": same["due_on"],
    }
    rows = {
        Assignment: [same | {"id": n, "public_id": f"t{n}", "part": f"{n}"} for n in numbers],
        AssignmentParty: [
            {"id": n, "assignment_id": n, "agency_id": agency_id, "kind": "lead"} for n in numbers
        ],
        Obligation: [owed | {"id": n, "public_id": f"kb{n}", "party_id": n} for n in numbers],
    }
    db.session.rollback()
    with db.engine.connect().execution_options(writing=True) as connection:
        for model, values in rows.items():
            connection.execute(sa.insert(model), values)
        connection.commit()


@pytest.mark.parametrize("order", ["", "laporan", "capaian"])
def test_two_hundred_rows_ask_the_database_no_more_often(
    app: flask.Flask, scene: CommitmentScene, reader: Browser, order: str
) -> None:
    reader.get("/penugasan")
    with statements(app) as few:
        reader.get(f"/penugasan?urut={order}")
    with app.app_context():
        _give(scene, 200)
    with statements(app) as many:
        page = reader.get(f"/penugasan?urut={order}").text
    assert "207 aksi sedang ditugaskan." in page
    assert len(cells_of(page)) == 50
    assert "Halaman 1 dari 5" in page
    assert len(many) == len(few) <= PAGE + (order == "capaian")
    rows = reader.get(f"/penugasan.csv?urut={order}").text.splitlines()
    assert len(rows) == 1 + 207, "every page of it"


def test_the_choice_of_many_names_the_pokja_and_goes_on_below(
    app: flask.Flask, scene: CommitmentScene
) -> None:
    with app.app_context():
        session = session_of(scene.secretariat)
    page = seated(app, session).get("/penugasan/massal").text
    assert 'data-label="Pokja">I Pencegahan<' in page
    filled = re.findall(r'<(?:a|button) class="btn btn-primary"[^>]*>([^<]+)<', page)
    assert filled == ["Lanjut"]
    assert page.index("Pilih semua") < page.index("<tbody>") < page.index(">Lanjut<")
    assert re.search(r'<p role="status" data-ticked="{n} dipilih"[^>]*></p>', page)


def test_the_page_of_one_folds_the_reasons_and_closes_at_the_end(
    app: flask.Flask, scene: CommitmentScene
) -> None:
    with app.app_context():
        session = session_of(scene.secretariat)
    office = seated(app, session)
    address = re.findall(r'href="(/penugasan/[^"/]+)">1\.1', office.get("/penugasan").text)
    page = office.get(address[0]).text
    assert page.count("<summary>Mengapa ini tugas ") == 3
    assert "<h2>Mengapa" not in page
    links = re.findall(r'<a class="btn btn-sm ([^"]+)"[^>]*>([^<]+)</a>', page)
    assert [text for _style, text in links] == [
        "Ubah",
        "Alihkan",
        "Atur pendukung",
        "Bagi",
        "Tutup",
    ]
    assert [style for style, _text in links[1:4]] == ["btn-link"] * 3
    assert page.index(">Bagi<") < page.index("Riwayat") < page.index(">Tutup<")


def test_the_page_of_one_says_what_the_list_says(app: flask.Flask, scene: CommitmentScene) -> None:
    """Also where the duty is in dispute, an extension counts, or the head has the report."""
    with app.app_context():
        session = session_of(scene.secretariat)
        extensions.grant_extension(
            scene.period_id,
            factories.agency("diskominfo").id,
            until_on=date(2026, 10, 30),
            reason="Pindah kantor",
            by=scene.secretariat,
        )
    office = seated(app, session)
    for row, said in (
        ("1.2", ""),
        ("1.7", "Belum jelas"),
        ("1.8", "Belum dikirim"),
        ("1.5", "Dikembalikan"),
    ):
        listed = office.get(f"/penugasan?cari={row}").text
        [cells] = cells_of(listed)
        page = office.get(re.findall(r'<tbody>.*?href="(/penugasan/[^"/]+)"', listed, re.S)[0]).text
        assert cells[3].startswith(said)
        assert cells_of(page)[0][3] == cells[3].split(" jatuh tempo")[0]


def test_agencies_do_not_see_the_list_or_its_files(
    app: flask.Flask, scene: CommitmentScene
) -> None:
    with app.app_context():
        session = session_of(factories.person(AccessKind.FOCAL_POINT, "dinsos"))
    dinsos = seated(app, session)
    for path in ("/penugasan", "/penugasan.csv", "/penugasan.xlsx"):
        assert dinsos.client.get(path).status_code == 403
