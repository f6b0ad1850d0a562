"""The sheet's preview over HTTP: it asks what the form asks, names places as people see them, and
the verifier sees what was confirmed."""

import io
import re
from collections.abc import Callable

import flask
import openpyxl
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.reporting.reports.models import ReportRevision
from tests import factories
from tests.conftest import Browser

SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
PREVIEW = "/tugas-saya/lembar"
APPLY = "/tugas-saya/lembar/terapkan"


def _filled(body: bytes, texts: dict[str, str], *, hide: str = "", hide_row: bool = False) -> bytes:
    """The sheet as somebody fills and hides things in it."""
    book = openpyxl.load_workbook(io.BytesIO(body))
    page = book["Laporan"]
    place = {str(cell.value): cell for cell in page[1]}
    for head, text in texts.items():
        page.cell(2, place[head].column).value = text
    if hide:
        page.column_dimensions[place[hide].column_letter].hidden = True
    page.row_dimensions[2].hidden = hide_row
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fields(page: str) -> dict[str, str]:
    return {
        name: _plain(text)
        for name, text in re.findall(r'name="(form_key|payload)" value="([^"]*)"', page)
    }


def _plain(text: str) -> str:
    return text.replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&")


@SQLITE_ONLY
def test_a_number_far_above_the_target_is_asked_about_and_shown_to_the_verifier(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        story = factories.story()
        report_id = factories.obligation_of(story.assignment, "dispora").public_id
        writer_mail, office_mail, supporter_mail = (
            factories.email_of(one)
            for one in (story.focal_point, story.secretariat, story.supporter)
        )
        indicator = factories.action("1.1").indicators[0].name
        count = len(factories.action("1.1").indicators)
    writer = browser().sign_in(writer_mail, factories.PASSWORD)
    body = writer.client.get("/tugas-saya/lembar.xlsx").data
    texts = {
        "Jenis laporan": "Ada capaian",
        **{f"Nilai {n}": "1.234" for n in range(1, count + 1)},
        "Catatan singkat": "Baris satu.\nBaris dua.",
        "Kirim? (ya/tidak)": "ya",
    }

    def preview(data: bytes) -> str:
        return writer.post(
            PREVIEW, {"sheet": (io.BytesIO(data), "l.xlsx")}, page=PREVIEW, status=200
        ).text

    wrong = preview(_filled(body, {**texts, "Nilai 1": "banyak"}))
    assert f"{indicator}, kolom Nilai 1 (J2)" in _plain(wrong)

    page = preview(_filled(body, texts, hide="Catatan singkat"))
    assert "1234 jauh di atas target (12)" in page
    for said in ("Ada capaian", indicator, "Baris satu.\nBaris dua.", "Catatan singkat (kolom"):
        assert said in _plain(page), said
    asked = _fields(page)
    refused = writer.post(APPLY, {**asked, "confirmed": "y"}, page=PREVIEW, status=422).text
    assert "Jawab pertanyaan" in refused
    assert "jauh di atas target" in refused  # nothing is uploaded again
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ReportRevision)) == 0
    ticks = dict(re.findall(r'name="(yakin-[^"]+)" value="([^"]*)"', refused))
    assert ticks
    writer.post(APPLY, {**_fields(refused), **ticks, "confirmed": "y"}, page=PREVIEW, status=303)

    office = browser().sign_in(office_mail, factories.PASSWORD)
    assert "Angka tidak lazim, dipastikan pelapor" in office.get("/verifikasi").text
    page = office.get(f"/verifikasi/{report_id}").text
    assert "Angka tidak lazim, dipastikan pelapor." in page
    assert "jauh di atas target" in page

    sheet = (
        browser().sign_in(supporter_mail, factories.PASSWORD).client.get("/tugas-saya/lembar.xlsx")
    )
    asked_of = openpyxl.load_workbook(io.BytesIO(sheet.data))["Laporan"]
    assert asked_of.cell(2, 7).value == "Apa dukungan Disnakertrans untuk Dispora?"


@SQLITE_ONLY
def test_a_hidden_row_is_chosen_by_a_person(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        mail = factories.email_of(factories.story().focal_point)
    writer = browser().sign_in(mail, factories.PASSWORD)
    body = _filled(
        writer.client.get("/tugas-saya/lembar.xlsx").data,
        {"Jenis laporan": "Nihil", "Alasan nihil": "Tidak ada.", "Kirim? (ya/tidak)": "ya"},
        hide_row=True,
    )
    page = writer.post(
        PREVIEW, {"sheet": (io.BytesIO(body), "l.xlsx")}, page=PREVIEW, status=200
    ).text
    assert "Ikutkan baris 2" in page
    key = re.search(r'name="baris" value="([^"]+)"', page)
    assert key

    def sent() -> int:
        with app.app_context():
            query = sa.select(sa.func.count()).select_from(ReportRevision)
            return db.session.scalar(query) or 0

    fields = {**_fields(page), "confirmed": "y"}
    writer.post(APPLY, fields, page=PREVIEW, status=303)
    assert sent() == 0
    writer.post(APPLY, {**fields, "baris": key[1]}, page=PREVIEW, status=303)
    assert sent() == 1
