"""A report out of a mail: without a password, one report, one person, and nothing else."""

import html
import io
import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

import flask
import pytest
import sqlalchemy as sa
import time_machine
from pypdf import PdfReader
from werkzeug.datastructures import FileStorage

from coordinator.clock import today
from coordinator.db import db
from coordinator.errors import Conflict
from coordinator.oversight.handover import service as handover
from coordinator.oversight.opening import service as opening
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.models import Account
from coordinator.people.directory.rules import AgencyKind
from coordinator.permissions import AccessKind
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.files.receiving import receive
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.mail_links.models import ReportLink
from coordinator.reporting.on_behalf import service as on_behalf
from coordinator.reporting.reports.models import Report, ReportRevision
from coordinator.reporting.reports.rules import ReturnReason, SubmittedVia
from coordinator.reporting.settings.service import save_settings
from coordinator.reporting.verification.returning_service import default_revise_by, return_report
from coordinator.reporting.verification.rules import ReturnInput
from tests import factories
from tests.conftest import Browser, check_page, csrf_token
from tests.reporting.evidence.builders import picture
from tests.reporting.reports.mail_link import link_in, mail_to, remind


@dataclass
class Post:
    """A reminder has arrived at Dispora's focal point, and at the alternate."""

    app: flask.Flask
    story: factories.Story
    report_id: str
    link: str
    others: str
    fields: dict[str, str]

    def opened(self, browser: Browser, link: str = "") -> str:
        """The page behind the link."""
        return str(browser.get(link or self.link).text)

    def form(self, page: str, **change: str) -> dict[str, object]:
        """What a browser sends back of the form."""
        version = re.search(r'name="version" value="(\d+)"', page)
        key = re.search(r'name="form_key"[^>]*value="([^"]+)"', page)
        assert version
        assert key
        return {
            "csrf_token": csrf_token(page),
            "version": version[1],
            "form_key": key[1],
            "kind": "achievement",
            "note": "Tiga lembaga didatangi.",
            **self.fields,
            **change,
        }


@pytest.fixture
def post(app: flask.Flask) -> Post:
    """The digest of H-3 is in the outbox."""
    with app.app_context():
        story = factories.story()
        alternate = factories.person(
            AccessKind.FOCAL_POINT, "dispora", email="pengganti@uji.example", alternate=True
        )
        remind()
        obligation = factories.obligation_of(story.assignment, "dispora")
        own = mail_to(story.focal_point.account_id, "digest")
        return Post(
            app=app,
            story=story,
            report_id=obligation.public_id,
            link=link_in(own, app),
            others=link_in(mail_to(alternate.account_id, "digest"), app),
            fields={
                k: v for k, v in factories.draft_for(obligation).items() if k.startswith("value-")
            },
        )


def test_from_the_mail_to_the_receipt(
    post: Post, browser: Callable[[], Browser], caplog: pytest.LogCaptureFixture
) -> None:
    phone = browser()
    token = post.link.removeprefix("/l/")
    logging.getLogger("coordinator").addHandler(caplog.handler)
    for _ in range(10):  # a mail scanner, many times
        assert phone.client.get(post.link).status_code == 200
        assert phone.client.head(post.link).status_code == 200
    answer = phone.get(post.link)
    page = answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    for shown in ("Untuk", "Dispora", "focal_point.dispora@uji.example", "Bukti yang diterima"):
        assert shown in page
    for hidden in ("Riwayat", 'class="nav-bar"', "data-keep", "/matriks"):
        assert hidden not in page
    with post.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Report)) == 0
        assert db.session.scalars(sa.select(ReportLink.used_at)).all() == [None] * 3
        person = db.session.get_one(Account, post.story.focal_point.account_id)
        assert person.last_seen_at is None

    saved = phone.client.post(
        post.link,
        data=post.form(page, act="simpan-otomatis", files=picture()),  # type: ignore[arg-type]
    )
    assert saved.status_code == 200, saved.text
    said = json.loads(saved.text)
    assert said["version"] == 1
    assert "kegiatan.jpg" in said["files"]
    assert said["saved_at"] == "10.00 WITA"
    page = post.opened(phone)
    assert "kegiatan.jpg" in page
    assert "Tiga lembaga didatangi." in page

    checked = phone.client.post(post.link, data=post.form(page, act="periksa"))
    assert (checked.status_code, checked.location) == (303, f"{post.link}/periksa")
    check = phone.get(checked.location).text
    assert "kegiatan.jpg" in check
    assert "Kirim laporan ke Sekretariat" in check
    fields = {
        name: value
        for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', check)
        if name in ("csrf_token", "version", "form_key", "seen_files")
    }
    early = phone.client.get(f"{post.link}/tanda-terima.pdf")
    assert (early.status_code, early.location) == (303, post.link), "nothing was sent yet"
    unticked = phone.client.post(post.link, data={**fields, "act": "kirim"})
    assert unticked.status_code == 422
    assert "Centang setelah" in unticked.text
    for _ in range(2):  # a double click
        sent = phone.client.post(post.link, data={**fields, "act": "kirim", "confirmed": "y"})
        assert (sent.status_code, sent.location) == (303, post.link)
    receipt = phone.get(post.link).text
    number = re.search(r"LAP-2026-\d{5}", receipt)
    assert number
    assert "Diperiksa paling lambat" in receipt
    assert "Hasilnya dikirim" not in receipt, "an approval sends no mail"
    assert "Bila dikembalikan, Anda diberi tahu lewat email." in receipt
    assert "Tiga lembaga" not in receipt
    assert token not in re.findall(r'href="https://wa.me/[^"]+"', receipt)[0]
    paper = phone.get(f"{post.link}/tanda-terima.pdf")
    assert paper.mimetype == "application/pdf"
    printed = " ".join(PdfReader(io.BytesIO(paper.data)).pages[0].extract_text().split())
    assert number[0] in printed
    assert "Diperiksa paling lambat" in printed
    assert "Tiga lembaga" not in printed
    assert token not in printed

    with post.app.app_context():
        revision = db.session.scalars(sa.select(ReportRevision)).one()
        assert revision.via is SubmittedVia.MAIL_LINK
        assert revision.submitted_by_id == post.story.focal_point.account_id
        assert len(revision.evidence) == 1
        person = db.session.get_one(Account, post.story.focal_point.account_id)
        assert person.last_seen_at is not None
        audit = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "report.submitted")
        ).one()
        assert audit.details["via"] == "mail_link"
        told = db.session.scalars(
            sa.select(OutgoingEmail.to_address).where(OutgoingEmail.kind == "sent")
        ).all()
        assert sorted(told) == ["focal_point.dispora@uji.example", "pengganti@uji.example"]
        for table in db.metadata.sorted_tables:  # the token is nowhere
            for row in db.session.execute(sa.select(table)):
                assert token not in repr(tuple(row)), table.name
    assert "/l/***" in caplog.text
    assert token not in caplog.text
    # What the colleague had in hand is over, with words.
    over = phone.client.get(post.others)
    assert over.status_code == 410
    check_page(over.text, post.others)
    assert "Tautan sudah tidak berlaku" in over.text
    history = (
        browser()
        .sign_in(_email(post, "secretariat"), factories.PASSWORD)
        .get(f"/laporan/{post.report_id}")
        .text
    )
    assert "lewat tautan email kepada narahubung" in history


def _email(post: Post, who: str) -> str:
    with post.app.app_context():
        return factories.email_of(getattr(post.story, who))


def test_it_shows_no_colleagues_draft_and_overwrites_none(
    post: Post, browser: Callable[[], Browser]
) -> None:
    first, second = browser(), browser()
    page = post.opened(first)
    empty = second.get(post.others).text
    answer = first.client.post(
        post.link, data=post.form(page, act="simpan", note="Kalimat milik pertama.")
    )
    assert answer.status_code == 303
    hidden = second.get(post.others).text
    assert "Kalimat milik pertama" not in hidden
    assert "Rekan Anda sedang menulis" in hidden
    late = second.client.post(
        post.others, data=post.form(empty, act="simpan", note="Kalimat kedua.")
    )
    assert late.status_code == 409
    assert "Kalimat milik pertama" not in late.text
    assert "Kalimat kedua." in late.text
    with post.app.app_context():
        draft = db.session.scalars(sa.select(Report.draft)).one()
        assert draft["note"] == "Kalimat milik pertama."


def test_a_nik_typed_behind_a_link_is_refused_and_kept_nowhere(
    post: Post, browser: Callable[[], Browser]
) -> None:
    nik = "6472015505080001"  # invented
    phone = browser()
    page = post.opened(phone)
    for act, status in (("simpan-otomatis", 422), ("periksa", 422)):
        answer = phone.client.post(post.link, data=post.form(page, act=act, note=nik))
        assert answer.status_code == status
    assert "NIK" in html.unescape(answer.text)
    with post.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Report)) == 0


def test_what_ends_a_link(
    post: Post, browser: Callable[[], Browser], clock: time_machine.Traveller
) -> None:
    def status(link: str) -> int:
        return int(browser().client.get(link).status_code)

    assert (status(post.link), status(post.others)) == (200, 200)
    # Switched off for the kind of agency, and on again.
    for version, off in ((0, [AgencyKind.PERANGKAT_DAERAH.value]), (1, [])):
        with post.app.app_context():
            save_settings(
                mail_links=True,
                no_links_for=off,
                link_grace_days=14,
                version=version,
                by=post.story.secretariat,
            )
        assert status(post.link) == (410 if off else 200)
    # The period's end and the days after it: 16 October and 14 days.
    clock.move_to("2026-10-30T02:00:00+00:00")
    assert status(post.link) == 200
    clock.move_to("2026-10-31T02:00:00+00:00")
    assert status(post.link) == 410
    clock.move_to("2026-10-13T02:00:00+00:00")
    # A change of person: at once.
    with post.app.app_context():
        leaver = db.session.get_one(Account, post.story.focal_point.account_id)
        head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
        handover.hand_over(
            leaver.public_id,
            "dispora",
            handover.Successor(account_id="baru", name="Penerus Uji", email="penerus@uji.example"),
            handover.HandoverLetter(on=today()),
            by=head,
            secret_key=post.app.config["SECRET_KEY"],
        )
    assert (status(post.link), status(post.others)) == (410, 200)
    with post.app.app_context():
        other = db.session.scalars(
            sa.select(Account.id).where(Account.email == "pengganti@uji.example")
        ).one()
        accounts.disable(other, by=post.story.secretariat)
    assert status(post.others) == 410


def test_links_can_be_off_and_mails_then_lead_to_the_sign_in(app: flask.Flask) -> None:
    with app.app_context():
        story = factories.story()
        save_settings(
            mail_links=False, no_links_for=[], link_grace_days=14, version=0, by=story.secretariat
        )
        remind()
        mail = mail_to(story.focal_point.account_id, "digest")
        obligation = factories.obligation_of(story.assignment, "dispora")
        assert not mail.holds_secret
        assert f"/laporan/{obligation.public_id}" in {link.path for link in mail.mail_links}


def test_a_returned_report_brings_a_fresh_link_that_shows_what_to_correct(
    post: Post, browser: Callable[[], Browser]
) -> None:
    with post.app.app_context():
        obligation = factories.obligation_of(post.story.assignment, "dispora")
        factories.submit(obligation, post.story.focal_point, note="Kalimat pertama.")
        day = default_revise_by("Asia/Makassar")
        given = ReturnInput(1, ReturnReason.EVIDENCE_MISSING, "Lampirkan berita acara.", day)
        return_report(post.report_id, given, by=post.story.secretariat)
        fresh = link_in(mail_to(post.story.focal_point.account_id, "returned"), post.app)
    assert fresh != post.link
    assert browser().client.get(post.link).status_code == 410
    page = browser().get(fresh).text
    assert "Lampirkan berita acara." in page
    assert "Kalimat pertama." in page


def test_good_links_open_no_matter_what_a_neighbour_guesses(
    post: Post, browser: Callable[[], Browser]
) -> None:
    stranger = browser()
    answer = stranger.client.get(f"/l/{0:064x}")
    for n in range(1, 60):
        answer = stranger.client.get(f"/l/{n:064x}")
    assert answer.status_code == 429
    assert "tautan yang tidak dikenal" in answer.text
    assert browser().client.get(post.link).status_code == 200


def test_what_a_leaver_or_the_secretariat_left_is_no_colleagues_draft(
    post: Post, browser: Callable[[], Browser]
) -> None:
    with post.app.app_context():
        leaver = db.session.get_one(Account, post.story.focal_point.account_id)
        drafts.save_draft(
            post.report_id,
            {"note": "Dimulai pendahulu."},
            version=0,
            by=post.story.focal_point,
        )
    assert "Rekan Anda sedang menulis" in post.opened(browser(), post.others)
    with post.app.app_context():
        leaver = db.session.get_one(Account, post.story.focal_point.account_id)
        handover.hand_over(
            leaver.public_id,
            "dispora",
            handover.Successor(account_id="baru", name="Penerus Uji", email="penerus@uji.example"),
            handover.HandoverLetter(on=today()),
            by=factories.person(AccessKind.AGENCY_HEAD, "dispora"),
            secret_key=post.app.config["SECRET_KEY"],
        )
    page = post.opened(browser(), post.others)
    assert "Dimulai pendahulu." in page
    assert "Rekan Anda" not in page


def test_a_closed_period_ends_its_links_and_paper_too(
    post: Post, browser: Callable[[], Browser], clock: time_machine.Traveller
) -> None:
    clock.move_to("2026-10-20T02:00:00+00:00")
    assert browser().client.get(post.link).status_code == 200
    with post.app.app_context():
        obligation = factories.obligation_of(post.story.assignment, "dispora")
        opening.close_period(obligation.period.public_id, by=post.story.secretariat)
        with pytest.raises(Conflict):
            on_behalf.type_report(
                post.report_id,
                factories.draft_for(obligation),
                paper=on_behalf.SourcePaper("460/12/DISPORA", today(), None),
                files=[],
                form_key="k1",
                confirmed=True,
                by=post.story.secretariat,
            )
    assert browser().client.get(post.link).status_code == 410


def test_a_link_answers_what_is_asked_about_its_files(
    post: Post, browser: Callable[[], Browser]
) -> None:
    """The same photo serves a colleague's report: the reason can be written without signing in."""
    with post.app.app_context():
        theirs = factories.obligation_of(post.story.assignment, "disnakertrans")
        upload = FileStorage(picture()[0], filename="kegiatan.jpg")
        drafts.add_files(
            theirs.public_id, [receive(upload, field="files")], by=post.story.supporter
        )
    phone = browser()
    page = post.opened(phone)
    phone.client.post(
        post.link,
        data=post.form(page, act="periksa", files=picture()),  # type: ignore[arg-type]
    )
    check = phone.get(f"{post.link}/periksa").text
    field = re.search(r'name="(reuse-[^"]+)"', check)
    assert field
    assert f'name="{field[1]}"' in post.opened(phone)
    fields = {
        name: value
        for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', check)
        if name in ("csrf_token", "version", "form_key", "seen_files")
    } | {"act": "kirim", "confirmed": "y"}
    for reason, words in (("", "Tulis alasan"), ("6472015505080001", "NIK")):  # invented
        refused = phone.client.post(post.link, data={**fields, field[1]: reason})
        assert refused.status_code == 422
        assert words in refused.text
        assert f'href="#{field[1]}"' in refused.text
    with post.app.app_context():  # what the detector asks about is answered in the same way
        db.session.execute(
            sa.text("UPDATE evidence SET warnings = '{\"phone\": 1}' WHERE reuse_of_id > 0")
        )
        db.session.commit()
    refused = phone.client.post(post.link, data={**fields, field[1]: "Satu kegiatan bersama."})
    assert refused.status_code == 422
    word = field[1].replace("reuse-", "word-")
    assert f'name="{word}"' in refused.text
    sent = phone.client.post(post.link, data={**fields, word: "y"})
    assert sent.status_code == 303, sent.text
    assert "Laporan terkirim, LAP-" in phone.get(post.link).text
