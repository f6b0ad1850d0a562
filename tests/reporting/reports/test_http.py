"""Reports through the browser: nothing typed is lost, nothing of others is shown."""

import html
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flask
import pytest
import sqlalchemy as sa

from coordinator.db import db
from coordinator.platform.audit.models import AccessLog
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.reports.models import Report, ReportRevision
from tests import factories
from tests.conftest import Browser
from tests.reporting.evidence.builders import picture


@dataclass
class Office:
    """The story over HTTP: who may sign in, and the addresses of the two reports."""

    app: flask.Flask
    browser: Callable[[], Browser]
    emails: dict[str, str]
    report: str
    support: str
    fields: list[str]

    def sign_in(self, who: str) -> Browser:
        """A browser of somebody."""
        return self.browser().sign_in(self.emails[who], factories.PASSWORD)

    def count(self, model: type[Any]) -> int:
        """How many rows there are."""
        with self.app.app_context():
            return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0

    def draft(self) -> dict[str, str]:
        """What the database keeps of the lead's draft."""
        with self.app.app_context():
            return dict(db.session.scalars(sa.select(Report.draft)).one())

    def filled(self, page: str, **change: Any) -> dict[str, Any]:
        """What a browser sends back: the page's hidden fields, and a good report."""
        version = re.search(r'name="version" value="(\d+)"', page)
        key = re.search(r'name="form_key"[^>]*value="([^"]+)"', page)
        assert version
        assert key
        return {
            "version": version[1],
            "form_key": key[1],
            "kind": "achievement",
            **dict.fromkeys(self.fields, "5"),
            "note": "Lima lembaga didatangi.",
            "confirmed": "y",
            "act": "kirim",
            **change,
        }


@pytest.fixture
def office(app: flask.Flask, browser: Callable[[], Browser]) -> Office:
    """Dispora and Disnakertrans at work."""
    with app.app_context():
        story = factories.story()
        lead = factories.obligation_of(story.assignment, "dispora")
        return Office(
            app=app,
            browser=browser,
            emails={
                name: factories.email_of(getattr(story, name))
                for name in ("secretariat", "focal_point", "supporter", "leadership")
            },
            report=f"/laporan/{lead.public_id}",
            support=f"/laporan/"
            f"{factories.obligation_of(story.assignment, 'disnakertrans').public_id}",
            fields=[n for n in factories.draft_for(lead) if n.startswith("value-")],
        )


def test_a_bad_number_answers_422_and_keeps_everything_typed_and_uploaded(office: Office) -> None:
    own = office.sign_in("focal_point")
    first, *others = office.fields
    page = own.get(office.report).text
    answer = own.post(
        office.report,
        office.filled(page, **{first: "lima <b>", "files": [picture()], "place": "Kota Uji"}),
        status=422,
    ).text
    error = re.search(rf'id="{first}-error">([^<]+)<', answer)
    assert error
    assert "angka" in error[1]
    assert re.search(rf'aria-describedby="{first}-hint {first}-error"', answer)
    assert f'href="#{first}"' in answer  # the summary leads there
    assert 'value="lima &lt;b&gt;"' in answer
    assert "lima <b>" not in answer
    for kept in ("Kota Uji", "Lima lembaga didatangi.", "kegiatan.jpg"):
        assert kept in answer
    assert not any(f'id="{name}-error"' in answer for name in others)
    assert office.count(ReportRevision) == 0
    assert office.draft()[first] == "lima <b>"
    sent = own.post(office.report, office.filled(answer))
    receipt = own.get(sent.location).text
    assert "kegiatan.jpg" in receipt
    assert office.count(Evidence) == 1


def test_a_refused_file_does_not_lose_the_good_one_nor_the_text(office: Office) -> None:
    own = office.sign_in("focal_point")
    page = own.get(office.report).text
    bad = (io.BytesIO(b"MZ\x90\x00program"), "laporan.pdf")
    answer = own.post(office.report, office.filled(page, files=[picture(), bad]), status=422).text
    # Named, and directly under the picker, which the browser empties.
    assert re.search(r'<input[^>]*id="files"[^>]*>\s*<p class="error" id="files-error"', answer)
    assert re.search(r"laporan\.pdf: [^<]*Jenis berkas ini tidak diterima", answer)
    assert "kegiatan.jpg" in answer
    assert "Lima lembaga didatangi." in answer
    assert office.count(ReportRevision) == 0


def test_the_tick_about_identity_is_required(office: Office) -> None:
    own = office.sign_in("focal_point")
    fields = office.filled(own.get(office.report).text)
    del fields["confirmed"]
    answer = own.post(office.report, fields, status=422).text
    assert 'id="confirmed-error"' in answer
    assert office.count(ReportRevision) == 0


@pytest.mark.parametrize("field", ["note", "place", "contribution", "value"])
def test_a_nik_is_refused_at_its_field_and_not_kept(office: Office, field: str) -> None:
    nik = "6472015505080001"  # invented
    own = office.sign_in("focal_point")
    name = office.fields[0] if field == "value" else field
    page = own.get(office.report).text
    answer = own.post(office.report, office.filled(page, **{name: nik}), status=422).text
    assert "NIK" in answer
    if field != "contribution":  # the lead's form has no such field
        assert f'id="{name}-error"' in answer
    with office.app.app_context():
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(sa.select(table)):
                assert nik not in repr(tuple(row)), table.name


def test_of_two_editors_the_second_sees_both_texts_and_overwrites_nothing(office: Office) -> None:
    first, second = office.sign_in("focal_point"), office.sign_in("focal_point")
    page = first.get(office.report).text
    mine = office.filled(page, note="Tulisan pertama.", act="simpan")
    theirs = office.filled(page, note="Tulisan kedua.", act="simpan")
    first.post(office.report, mine)
    answer = second.post(office.report, theirs, status=409).text
    assert "Tulisan kedua." in html.unescape(answer)
    assert "Tulisan pertama." in html.unescape(answer)
    assert "Yang tersimpan" in answer
    assert office.draft()["note"] == "Tulisan pertama."
    again = {**office.filled(answer, act="simpan"), "note": "Tulisan kedua."}
    second.post(office.report, again)
    assert office.draft()["note"] == "Tulisan kedua."


def test_an_editor_too_late_for_a_sent_report_gets_a_message_and_changes_nothing(
    office: Office,
) -> None:
    first, second = office.sign_in("focal_point"), office.sign_in("focal_point")
    page = first.get(office.report).text
    token = second.token(office.report)
    first.post(office.report, office.filled(page))
    late = {**office.filled(page, note="Terlambat."), "form_key": "lain", "csrf_token": token}
    answer = second.client.post(office.report, data=late)
    assert answer.status_code == 409
    with office.app.app_context():
        assert db.session.scalars(sa.select(ReportRevision.note)).all() == [
            "Lima lembaga didatangi."
        ]


def test_a_double_click_is_one_submission_with_one_receipt(office: Office) -> None:
    own = office.sign_in("focal_point")
    page = own.get(office.report).text
    token = own.token(office.report)
    fields = {**office.filled(page), "csrf_token": token}
    answers = [own.client.post(office.report, data=fields) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert len({answer.location for answer in answers}) == 1
    receipt = own.get(answers[0].location).text
    assert re.search(r"LAP-2026-\d{5}", receipt)
    assert office.count(ReportRevision) == 1
    kinds = {"assigned", "sent"}
    with office.app.app_context():
        assert set(db.session.scalars(sa.select(OutgoingEmail.kind))) == kinds


def test_a_saved_draft_is_there_again_on_the_next_visit(office: Office) -> None:
    own = office.sign_in("focal_point")
    page = own.get(office.report).text
    own.post(office.report, office.filled(page, act="simpan", note='Kutipan "ganda" & <tanda>'))
    again = office.sign_in("focal_point").get(office.report).text
    assert 'Kutipan "ganda" & <tanda>' in html.unescape(again)
    assert "<tanda>" not in again
    assert office.count(ReportRevision) == 0


# --- who sees what -------------------------------------------------------------------------------


@pytest.fixture
def drafted(office: Office) -> str:
    """A draft with a file; return the file's address."""
    own = office.sign_in("focal_point")
    page = own.get(office.report).text
    own.post(
        office.report,
        office.filled(page, act="simpan", note="Catatan rahasia", files=[picture("rahasia.jpg")]),
    )
    with office.app.app_context():
        return f"/bukti/{db.session.scalars(sa.select(Evidence.public_id)).one()}"


@pytest.mark.parametrize("who", ["leadership", "secretariat"])
def test_no_one_outside_the_agency_sees_a_draft_or_its_file(
    office: Office, drafted: str, who: str
) -> None:
    reader = office.sign_in(who)
    for path in (office.report, "/matriks", "/matriks/dispora", "/matriks.csv"):
        text = reader.get(path).text
        assert "Catatan rahasia" not in text, path
        assert "rahasia.jpg" not in text, path
        assert "Draf disimpan" not in text, path
    reader.get(drafted, status=404)


def test_another_agencys_report_is_not_there(office: Office, drafted: str) -> None:
    other = office.sign_in("supporter")
    refused = other.get(office.report, status=404).text
    assert "Catatan rahasia" not in refused
    other.get(drafted, status=404)
    other.post(
        office.report,
        {"kind": "achievement", "note": "Ditimpa", "version": "1", "form_key": "k"},
        page=office.support,
        status=404,
    )
    missing = other.get("/laporan/tidak-ada-sama", status=404).text
    strip = re.compile(r"[0-9A-F]{8}")
    assert strip.sub("", refused) == strip.sub("", missing)  # the two look the same
    assert office.draft()["note"] == "Catatan rahasia"


def test_a_download_is_a_download_and_is_logged(office: Office, drafted: str) -> None:
    own = office.sign_in("focal_point")
    answer = own.get(drafted)
    assert answer.headers["Content-Disposition"] == "attachment; filename=rahasia.jpg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.mimetype == "image/jpeg"
    office.sign_in("supporter").get(drafted, status=404)
    with office.app.app_context():
        rows = db.session.scalars(sa.select(AccessLog)).all()
        assert [(row.what, row.subject_id) for row in rows] == [
            ("evidence", drafted.removeprefix("/bukti/"))
        ]


def test_a_supporters_form_asks_no_target(office: Office) -> None:
    page = office.sign_in("supporter").get(office.support).text
    assert not any(f'name="{name}"' in page for name in office.fields)
    assert 'name="contribution"' in page
