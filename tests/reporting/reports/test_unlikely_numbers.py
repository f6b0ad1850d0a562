"""Unlikely numbers in a report: asked about at their field, in the form and in the sheet."""

import io
import json
import re
from collections.abc import Callable

import flask
import openpyxl
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.reporting.sheet import reader
from tests import factories
from tests.conftest import Browser

SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@SQLITE_ONLY
def test_a_percentage_below_one_is_asked_about_and_taken_with_the_tick(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        story = factories.story()
        db.session.execute(sa.text("UPDATE indicator SET kind = 'percent'"))
        db.session.commit()
        obligation = factories.obligation_of(story.assignment, "dispora")
        draft = factories.draft_for(obligation, "0,9")
        address = f"/laporan/{obligation.public_id}"
        mail = factories.email_of(story.focal_point)
    fields = [name for name in draft if name.startswith("value-")]
    writer = browser().sign_in(mail, factories.PASSWORD)

    def check(version: str, **more: str) -> str:
        answer = writer.post(
            address,
            {**draft, "version": version, "act": "periksa", **more},
            page=address,
            status=303 if more else 422,
        )
        return answer.location if more else answer.text

    page = check("0")
    assert "0,9 dibaca 0,9 persen, bukan 90 persen" in page
    assert all(f'name="yakin-{field}" value="0,9"' in page for field in fields)
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version
    ticks = {f"yakin-{field}": "0,9" for field in fields}
    assert check(version[1], **ticks).endswith("/periksa")
    # The form keeps the answer, so that the next save does not ask again.
    kept = writer.get(address).text
    for name in ticks:
        assert f'<input type="hidden" name="{name}" value="0,9">' in kept


def test_the_sheet_is_read_as_it_is_shown() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Laporan"
    for row in (
        ["Kunci", "Nilai 1"],
        ["a", 0.9],
        ["b", 12],
        ["c", 80],
        ["d", "x"],
        ["e", "\u200b7"],
    ):
        sheet.append(row)
    for place, form in (("B2", "0%"), ("B3", '0" kali"'), ("B4", '0"%"')):
        sheet[place].number_format = form
    sheet.row_dimensions[5].hidden = True
    out = io.BytesIO()
    book.save(out)
    answer = json.loads(reader.main(out.getvalue()))
    assert [row[1] for row in answer["rows"]] == ["Nilai 1", "90%", "12", "80%", "", "7"]
    assert answer["said"] == ["Baris tersembunyi tidak dibaca: 5."]


@SQLITE_ONLY
def test_paper_and_the_verifier_are_asked_what_the_form_asks(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        story = factories.story()
        db.session.execute(sa.text("UPDATE indicator SET kind = 'percent'"))
        db.session.commit()
        obligation = factories.obligation_of(story.assignment, "dispora")
        factories.submit(obligation, story.focal_point, "90", note="Baris satu.\nBaris dua.")
        address = f"/verifikasi/{obligation.public_id}"
        receipt_of = f"/laporan/{obligation.public_id}/tanda-terima"
        office_mail, mail = (
            factories.email_of(one) for one in (story.secretariat, story.focal_point)
        )
        fields = [name for name in factories.draft_for(obligation) if name.startswith("value-")]
    receipt = browser().sign_in(mail, factories.PASSWORD).get(receipt_of).text
    assert "90 " in receipt
    assert '<dd class="typed">Baris satu.\nBaris dua.</dd>' in receipt

    office = browser().sign_in(office_mail, factories.PASSWORD)
    verdict = {
        "revision": "1",
        "verdict": "partial",
        "shortfall_reason": "evidence_covers_less",
        "identity_checked": "y",
        **dict.fromkeys(fields, "0,9"),
    }
    page = office.post(address, verdict, page=address, status=422).text
    assert "0,9 dibaca 0,9 persen, bukan 90 persen" in page
    assert f'name="yakin-{fields[0]}" value="0,9"' in page
    ticks = {f"yakin-{field}": "0,9" for field in fields}
    office.post(address, {**verdict, **ticks}, page=address, status=303)
