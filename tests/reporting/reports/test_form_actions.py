"""Each button of the report form has an address of its own, for a signed-in person and for a mail's
link alike; anyone who opens such an address is led to the form."""

import io
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import flask
import lxml.html
import pytest
import sqlalchemy as sa

from coordinator.clock import now
from coordinator.db import db
from coordinator.formatting import long_time
from coordinator.reporting.report_form.editors import FormAction
from coordinator.reporting.reports.models import Report
from tests import factories
from tests.conftest import Browser
from tests.reporting.evidence.builders import picture
from tests.reporting.reports.mail_link import link_in, mail_to, remind
from tests.reporting.reports.writer import Writer

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture(params=["account", "link"])
def writer(
    app: flask.Flask, browser: Callable[[], Browser], request: pytest.FixtureRequest
) -> Writer:
    """Dispora's focal point, signed in or out of a mail."""
    with app.app_context():
        story = factories.story()
        obligation = factories.obligation_of(story.assignment, "dispora")
        values = [name for name in factories.draft_for(obligation) if name.startswith("value-")]
        if request.param == "link":
            remind()
            address = link_in(mail_to(story.focal_point.account_id, "digest"), app)
            return Writer(app, browser(), address, values)
        email, address = factories.email_of(story.focal_point), f"/laporan/{obligation.public_id}"
    return Writer(app, browser().sign_in(email, factories.PASSWORD), address, values)


def test_from_the_form_to_the_receipt_by_its_buttons(writer: Writer) -> None:
    typed = {"kind": "achievement", "note": "Tiga lembaga.", **dict.fromkeys(writer.values, "3")}
    saved = writer.press(writer.open(), **typed)  # Enter in a field
    assert (saved.status_code, saved.location) == (303, f"{writer.address}?selesai=draf")
    assert writer.draft()["note"] == "Tiga lembaga."

    refused = writer.press(writer.open(), "Periksa", note="", kind=None, files=picture("satu.jpg"))
    assert refused.status_code == 422
    assert "Pilih apa yang Anda laporkan" in refused.text
    assert "satu.jpg" in refused.text
    removed = writer.press(refused.text, "satu.jpg", **typed)
    assert (removed.status_code, removed.location) == (303, f"{writer.address}#bukti")
    assert "satu.jpg" not in writer.open()
    assert writer.draft()["note"] == "Tiga lembaga."

    checked = writer.press(writer.open(), "Periksa", note="Empat lembaga.")
    assert (checked.status_code, checked.location) == (303, f"{writer.address}/periksa")
    assert "Empat lembaga." in writer.open(checked.location)
    sent = writer.press(writer.open(checked.location), confirmed="y")
    assert sent.status_code == 303
    assert "Laporan terkirim, LAP-" in writer.open(sent.location)


def _saved_yesterday() -> datetime:
    then = now() - timedelta(days=1)
    with db.engine.begin() as connection:
        connection.execute(sa.update(Report.__table__).values(saved_at=then))
    return then


def test_a_draft_of_another_day_is_dated(writer: Writer) -> None:
    writer.press(writer.open(), kind="nil", note="Lama.")
    saved = re.compile(r"Draf tersimpan (\d\d\.\d\d WITA)\.")
    assert saved.search(writer.open())
    with writer.app.app_context():
        day = long_time(_saved_yesterday())
    page = writer.open()
    assert not saved.search(page)
    assert f"Draf tersimpan {day}." in " ".join(page.split())


def test_two_texts_are_merged_by_field(writer: Writer) -> None:
    first = writer.open()
    first = writer.press(first, kind="nil", note="Lama.", place="Kota Lama")
    page = writer.open()
    writer.press(page, note="Dari tab lain.", place="Kota Baru", **{writer.values[0]: "7"})
    late = writer.press(page, note="Dari tab ini.", place="Kota Ini")
    assert late.status_code == 409
    chosen = {"pilih-place": "tersimpan", f"pilih-{writer.values[0]}": "tersimpan"}
    merged = writer.press(late.text, **chosen)
    assert (merged.status_code, merged.location) == (303, f"{writer.address}?selesai=draf")
    assert writer.draft() == {
        "kind": "nil",
        "note": "Dari tab ini.",
        "place": "Kota Baru",
        writer.values[0]: "7",
    }
    assert f'href="{writer.address}">Pakai yang tersimpan' in late.text
    mine = writer.press(late.text, "Pakai semua tulisan saya")
    assert mine.status_code == 409, "a version that is not the newest any more"


def test_the_script_saves_behind_the_page(writer: Writer) -> None:
    page = writer.open()
    fields = {**writer.fields(page), "note": "Separuh."}
    address = str(lxml.html.fromstring(page).xpath("//form/@data-autosave")[0])
    answer = writer.browser.client.post(address, data=fields)
    said = json.loads(answer.text)
    assert said.pop("saved_at").endswith("WITA")
    assert said == {"version": 1, "file_errors": [], "files": None}
    bad = (io.BytesIO(b"MZ\x90\x00program"), "laporan.pdf")
    fields |= {"version": "1", "note": "Semua."}
    answer = writer.browser.client.post(
        address, data={**fields, "files": [bad, picture("dua.jpg")]}
    )
    said = json.loads(answer.text)
    assert "laporan.pdf" in said["file_errors"][0]
    assert "dua.jpg" in said["files"]
    assert re.search(
        rf'formaction="{writer.address}/hapus" name="public_id" value="', said["files"]
    )
    answer = writer.browser.client.post(address, data={**fields, "note": "NIK 6472015505080001"})
    assert answer.status_code == 422  # an invented number
    assert list(json.loads(answer.text)["refused"]) == ["note"]
    answer = writer.browser.client.post(address, data={**fields, "note": "Lain."})
    assert answer.status_code == 409
    assert writer.draft()["note"] == "Semua."


def test_an_address_that_was_refused_leads_to_the_form(writer: Writer) -> None:
    for action in FormAction:
        if action not in (FormAction.AUTOSAVE, FormAction.CHECK):
            answer = writer.browser.client.get(f"{writer.address}/{action}")
            assert (answer.status_code, answer.location) == (303, writer.address), action


@pytest.mark.parametrize("act", [None, "simpan", "simpan-otomatis", "periksa", "apa saja"])
def test_a_page_from_before_the_upgrade_loses_no_text(writer: Writer, act: str | None) -> None:
    fields = {**writer.fields(writer.open()), "note": "Dari halaman lama."}
    answer = writer.browser.client.post(writer.address, data=fields | ({"act": act} if act else {}))
    assert answer.status_code == {"simpan-otomatis": 200, "periksa": 422}.get(act or "", 303)
    assert writer.draft() == {"note": "Dari halaman lama."}


def test_an_old_page_takes_a_file_away_and_uses_what_is_stored(writer: Writer) -> None:
    writer.press(writer.open(), note="Dengan foto.", files=picture("satu.jpg"))
    page = writer.open()
    fields = writer.fields(page)
    file = re.search(r'name="public_id" value="([^"]+)"', page)
    assert file
    data = {**fields, "note": "Tanpa foto.", "act": f"hapus:{file[1]}"}
    answer = writer.browser.client.post(writer.address, data=data)
    assert answer.location == f"{writer.address}#bukti"
    assert "satu.jpg" not in writer.open()
    answer = writer.browser.client.post(
        writer.address, data={**fields, "note": "Batal.", "act": "pakai-tersimpan"}
    )
    assert (answer.status_code, answer.location) == (303, writer.address)
    assert writer.draft() == {"note": "Tanpa foto."}
