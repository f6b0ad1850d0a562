"""Typing from paper, and the agency's answer, when something is in the way."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flask
import pytest
import sqlalchemy as sa
from PIL import Image
from werkzeug.datastructures import FileStorage

from coordinator.clock import today
from coordinator.db import db
from coordinator.permissions import AccessKind
from coordinator.platform.files.receiving import receive
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.on_behalf import service as on_behalf
from coordinator.reporting.reports.models import ReportRevision
from coordinator.reporting.reports.rules import ReturnReason
from coordinator.reporting.verification.returning_service import default_revise_by, return_report
from coordinator.reporting.verification.rules import ReturnInput
from tests import factories
from tests.conftest import Browser, csrf_token


def _paper(colour: int = 9) -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (colour, 120, 90)).save(out, "JPEG")
    out.seek(0)
    return out, "kertas.jpg"


@dataclass
class Desk:
    """Dispora's report that the secretariat types."""

    app: flask.Flask
    story: factories.Story
    report_id: str
    fields: dict[str, str]
    mails: dict[str, str]

    @property
    def address(self) -> str:
        """Its form."""
        return f"/laporan/{self.report_id}/atas-nama"

    def send(self, one: Browser, *files: tuple[io.BytesIO, str], **more: str) -> Any:
        """Press the button."""
        fields: dict[str, Any] = {
            "csrf_token": csrf_token(one.client.get("/laporan/" + self.report_id).text),
            "form_key": "satu",
            "reference": "460/12/DISPORA",
            "dated_on": "2026-10-12",
            "scan": _paper(),
            "files": list(files),
            **self.fields,
            **more,
        }
        return one.client.post(self.address, data=fields, content_type="multipart/form-data")


@pytest.fixture
def desk(app: flask.Flask) -> Desk:
    """Nothing was sent yet."""
    with app.app_context():
        story = factories.story()
        obligation = factories.obligation_of(story.assignment, "dispora")
        return Desk(
            app=app,
            story=story,
            report_id=obligation.public_id,
            fields=factories.draft_for(obligation, note="Menurut kertasnya."),
            mails={
                "secretariat": factories.email_of(story.secretariat),
                "focal_point": factories.email_of(story.focal_point),
            },
        )


def _errors(page: str) -> str:
    return " ".join(re.findall(r'class="error"[^>]*>([^<]+)<', page))


def test_the_officer_is_asked_what_everybody_is_asked(
    desk: Desk, browser: Callable[[], Browser]
) -> None:
    officer = browser().sign_in(desk.mails["secretariat"], factories.PASSWORD)
    with desk.app.app_context():  # the same photo serves another report
        theirs = factories.obligation_of(desk.story.assignment, "disnakertrans")
        upload = FileStorage(_paper()[0], filename="lain.jpg")
        drafts.add_files(
            theirs.public_id, [receive(upload, field="files")], by=desk.story.supporter
        )
    refused = desk.send(officer)
    assert refused.status_code == 422
    assert "Centang setelah membandingkan" in _errors(refused.text)
    assert "Pilih lagi pindaiannya" in _errors(refused.text)
    refused = desk.send(officer, confirmed="y")
    assert refused.status_code == 422
    assert "Tulis alasannya" in _errors(refused.text)
    many = desk.send(
        officer, *(_paper(40 * n) for n in range(5)), confirmed="y", reuse_reason="Satu kegiatan."
    )
    assert "Paling banyak 5 berkas" in _errors(many.text)
    with desk.app.app_context():
        assert db.session.scalars(sa.select(ReportRevision)).all() == []
    assert desk.send(officer, confirmed="y", reuse_reason="Satu kegiatan.").status_code == 303


def test_what_was_typed_outlives_the_agencys_own_sending(
    desk: Desk, browser: Callable[[], Browser]
) -> None:
    officer = browser().sign_in(desk.mails["secretariat"], factories.PASSWORD)
    with desk.app.app_context():
        obligation = factories.obligation_of(desk.story.assignment, "dispora")
        factories.submit(obligation, desk.story.focal_point)
    answer = desk.send(officer, confirmed="y")
    assert answer.status_code == 409
    assert "Menurut kertasnya." in answer.text
    assert "sudah dikirim" in answer.text
    assert "Kirim atas nama Dispora</button>" not in answer.text


def test_the_agency_says_what_is_wrong_or_corrects_it(
    desk: Desk, browser: Callable[[], Browser]
) -> None:
    with desk.app.app_context():
        obligation = factories.obligation_of(desk.story.assignment, "dispora")
        on_behalf.type_report(
            desk.report_id,
            factories.draft_for(obligation),
            paper=on_behalf.SourcePaper(
                "460/12/DISPORA",
                today(),
                receive(FileStorage(_paper()[0], filename="kertas.jpg"), field="scan"),
            ),
            files=[],
            form_key="k1",
            confirmed=True,
            by=desk.story.secretariat,
        )
    person = browser().sign_in(desk.mails["focal_point"], factories.PASSWORD)
    address = f"/laporan/{desk.report_id}"
    assert "benarkah isinya" in person.get("/tugas-saya").text
    refused = person.post(
        f"{address}/jawab-ketikan",
        {"revision": "1", "act": "keberatan", "remark": " "},
        page=address,
        status=422,
    )
    assert "apa yang keliru" in _errors(refused.text)
    assert 'value="keberatan"' in refused.text
    with desk.app.app_context():
        other = factories.person(AccessKind.SECRETARIAT, home="biro-kesra", email="s2@uji.example")
        return_report(
            desk.report_id,
            ReturnInput(
                revision_number=1,
                return_reason=ReturnReason.EVIDENCE_MISSING,
                remark="Lampirkan berita acara.",
                revise_by_on=default_revise_by("Asia/Makassar"),
            ),
            by=other,
        )
    assert "benarkah isinya" not in person.get("/tugas-saya").text


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_an_unlikely_number_on_paper_is_taken_when_it_is_meant(
    desk: Desk, browser: Callable[[], Browser]
) -> None:
    officer = browser().sign_in(desk.mails["secretariat"], factories.PASSWORD)
    values = {name: "1.234" for name in desk.fields if name.startswith("value-")}
    asked = desk.send(officer, confirmed="y", **values)
    assert asked.status_code == 422
    assert "jauh di atas target" in _errors(asked.text)
    ticks = {f"yakin-{name}": text for name, text in values.items()}
    assert desk.send(officer, confirmed="y", **values, **ticks).status_code == 303
