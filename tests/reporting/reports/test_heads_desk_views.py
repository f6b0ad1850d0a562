"""A report on its way to the agency's head, as the three who wait for each other see it."""

import re
from collections.abc import Callable

import flask
import sqlalchemy as sa

from coordinator.db import db
from coordinator.permissions import AccessKind
from coordinator.reporting.approval.service import send_back
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.rules import ReportState, ReturnReason
from coordinator.reporting.settings.service import set_head_approval
from coordinator.reporting.verification.returning_service import default_revise_by, return_report
from coordinator.reporting.verification.rules import ReturnInput
from tests import factories
from tests.conftest import Browser, csrf_token
from tests.reporting.reports.mail_link import link_in, mail_to


def _hidden(page: str) -> dict[str, str]:
    fields = dict(re.findall(r'name="(version|form_key|seen_files)" value="([^"]*)"', page))
    return {"csrf_token": csrf_token(page), **fields}


def _main(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).split())


def _version() -> int:
    db.session.expire_all()
    return db.session.scalars(sa.select(Report.version)).one()


def test_writer_head_and_secretariat_see_where_the_report_is(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        story = factories.story()
        head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
        set_head_approval("dispora", wanted=True, by=head)
        obligation = factories.obligation_of(story.assignment, "dispora")
        draft = factories.draft_for(obligation, note="Tiga lembaga didatangi.")
        report_id = obligation.public_id
        drafts.save_draft(report_id, draft, version=0, by=story.focal_point)
        mails = [factories.email_of(one) for one in (story.focal_point, head, story.secretariat)]
    writer, chief, desk = (browser().sign_in(one, factories.PASSWORD) for one in mails)
    address = f"/laporan/{report_id}"
    check = _hidden(writer.get(f"{address}/periksa").text)
    sent = {**check, "confirmed": "y", "act": "kirim"}
    answer = writer.client.post(address, data=sent)
    page = writer.get(answer.location).text
    assert "Terkirim ke kepala Dispora" in page
    assert f'data-sent="{report_id}"' in page  # the tab forgets the draft
    assert "report_form.js" in page
    assert "Tiga lembaga didatangi." in page
    assert "belum mengirim laporan" not in page
    assert "Tiga lembaga didatangi." not in desk.get(address).text
    assert f'href="{address}/persetujuan"' in chief.get(address).text
    assert "Tarik dari kepala" not in chief.get(address).text

    # Taken back, and sent again.
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    writer.post(f"{address}/tarik", {"version": version[1]}, page=address)
    page = writer.get(address).text
    assert "Periksa lalu kirim" in page
    assert "Ditarik dari kepala" in page
    # The check page of before, out of the browser's memory, sends nothing and says so.
    answer = writer.client.post(address, data=sent)
    assert "Belum terkirim." in writer.get(answer.location).text
    again = _hidden(writer.get(f"{address}/periksa").text)
    writer.client.post(address, data={**again, "confirmed": "y", "act": "kirim"})
    with app.app_context():
        send_back(report_id, version=_version(), remark="Tambah foto kegiatan.", by=head)
    page = writer.get(address).text
    assert _main(page).count("Tambah foto kegiatan.") == 2  # above the form, and in the history
    assert "Tambah foto kegiatan." not in desk.get(address).text


def test_the_page_behind_a_used_link_says_what_became_of_the_report(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        story = factories.story()
        head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
        obligation = factories.obligation_of(story.assignment, "dispora")
        factories.submit(obligation, story.focal_point)
        return_report(
            obligation.public_id,
            ReturnInput(
                revision_number=1,
                return_reason=ReturnReason.EVIDENCE_MISSING,
                remark="Lampirkan berita acara.",
                revise_by_on=default_revise_by("Asia/Makassar"),
            ),
            by=story.secretariat,
        )
        link = link_in(mail_to(story.focal_point.account_id, "returned"), app)
        set_head_approval("dispora", wanted=True, by=head)
        report_id = obligation.public_id
    phone = browser()
    check = _hidden(phone.get(f"{link}/periksa").text)
    phone.client.post(link, data={**check, "confirmed": "y", "act": "kirim"})
    page = phone.get(link).text
    assert "Terkirim ke kepala Dispora" in page
    assert "Laporan terkirim" not in page
    with app.app_context():
        send_back(report_id, version=_version(), remark="Tambah foto.", by=head)
    page = phone.get(link).text
    assert "Laporan ini sudah berubah" in page
    assert "terkirim, LAP" not in page
    with app.app_context():
        assert db.session.scalars(sa.select(Report.state)).one() is ReportState.RETURNED
