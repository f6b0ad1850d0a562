"""Heads whom no mail may reach get a letter; what is notified by hand counts as a notice."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import flask
import pytest
import sqlalchemy as sa
import time_machine
from docx import Document

from coordinator.db import db
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.oversight.reminders import queries, service
from coordinator.oversight.reminders.hand_service import note_late_contact
from coordinator.oversight.reminders.models import HandNotice
from coordinator.people.onboarding.models import ContactNote
from coordinator.people.onboarding.rules import ContactMeans
from coordinator.people.onboarding.service import NewNote
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from tests import factories
from tests.conftest import Browser
from tests.oversight.reminders.builders import at_eight, morning, mornings

Clock = time_machine.Traveller
CLOSES_ON = date(2026, 10, 16)
H7 = date(2026, 10, 23)
HEAD = "agency_head.dispora@uji.example"
LETTER = NewNote(on=H7, means=ContactMeans.LETTER, text="Surat dikirim.", letter_number="7/UJI")


class Office:
    """A secretariat; Polda and Dispora are silent. Nobody of Dispora reads mail but its head."""

    def __init__(self, clock: Clock) -> None:
        clock.move_to(at_eight(date(2026, 9, 28)))
        service.ensure_ladder(factories.task_force().id)
        self.secretariat = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        self.leadership = factories.person(AccessKind.LEADERSHIP, home="biro-kesra")
        self.polda = factories.person(AccessKind.FOCAL_POINT, "polda")
        factories.person(AccessKind.AGENCY_HEAD, "dispora")
        period = factories.open_period(closes_on=CLOSES_ON, opens_on=date(2026, 9, 1))
        for code, lead in (("1.1", "dispora"), ("1.2", "polda")):
            factories.assign(self.secretariat, code, lead, join=period, due_on=date(2027, 12, 31))
        self.clock = clock

    def until(self, day: date) -> dict[date, list[str]]:
        """Let the mornings pass."""
        return mornings(self.clock, date(2026, 10, 13), day)

    def reports_of(self, slug: str) -> list[str]:
        """The public ids of what an agency owes."""
        agency_id = factories.agency(slug).id
        owed = queries.due_reports(factories.task_force())
        return [one.public_id for one in owed if one.agency_id == agency_id]


@pytest.fixture
def office(app: flask.Flask, clock: Clock) -> Office:
    with app.app_context():
        return Office(clock)


def words(browser: Callable[[], Browser], address: str, path: str) -> str:
    page = browser().sign_in(address, factories.PASSWORD).get(path)
    assert page.status_code == 200
    return " ".join(page.text.split())


def secretariat_of(app: flask.Flask, office: Office) -> str:
    with app.app_context():
        return factories.email_of(office.secretariat)


def test_a_letter_waits_on_the_first_page_until_its_number_is_noted(
    app: flask.Flask, office: Office, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        office.until(H7 - timedelta(days=1))
    me = secretariat_of(app, office)
    assert "Surat perlu disiapkan" not in words(browser, me, "/beranda")
    with app.app_context():
        morning(office.clock, H7)
    signed_in = browser().sign_in(me, factories.PASSWORD)
    home = " ".join(signed_in.get("/beranda").text.split())
    # Dispora's head has a mailbox, but nobody of Dispora was notified; Polda's gets a letter.
    assert "1 laporan, terlama jatuh tempo 16 Oktober 2026" in home
    assert 'href="/pengingat/surat/polda.pdf"' in home
    assert "/pengingat/surat/dispora.pdf" not in home
    page = " ".join(signed_in.get("/pengingat").text.split())
    assert "Kepala, surat perlu disiapkan" in page
    assert "Kepala, menunggu: narahubung belum diberi tahu" in page
    form = signed_in.get("/pengingat/catat/polda?lewat=letter").text
    assert '<option selected value="letter">' in form
    signed_in.post(
        "/pengingat/catat/polda",
        {
            "reports": _ids(app, office, "polda"),
            "on": "23/10/2026",
            "means": "letter",
            "letter_number": "463/7/UJI",
            "text": "Surat untuk Kapolda dikirim.",
        },
    )
    assert "463/7/UJI" in signed_in.get("/orang/instansi/polda").text
    assert "Surat perlu disiapkan" not in signed_in.get("/beranda").text


def _ids(app: flask.Flask, office: Office, slug: str) -> list[str]:
    with app.app_context():
        return office.reports_of(slug)


def test_the_form_says_what_is_missing_and_keeps_what_was_ticked(
    app: flask.Flask, office: Office, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        office.until(H7)
    signed_in = browser().sign_in(secretariat_of(app, office), factories.PASSWORD)
    empty = {"on": "23/10/2026", "means": "letter", "text": "Surat dikirim."}
    page = signed_in.post("/pengingat/catat/polda", empty, status=422)
    assert "Pilih paling sedikit satu laporan." in page.text
    full = {**empty, "reports": _ids(app, office, "polda")}
    page = signed_in.post("/pengingat/catat/polda", full, status=422)
    assert "Tulis nomor surat." in page.text
    assert "checked" in page.text


def test_who_is_not_late_has_no_letter_and_a_contact_goes_to_the_log(
    app: flask.Flask, office: Office, browser: Callable[[], Browser]
) -> None:
    signed_in = browser().sign_in(secretariat_of(app, office), factories.PASSWORD)
    assert signed_in.client.get("/pengingat/surat/dinsos.pdf").status_code == 404
    answer = signed_in.client.get("/pengingat/catat/dinsos")
    assert answer.location == "/orang/instansi/dinsos#catat-kontak"
    assert signed_in.client.get("/pengingat/catat/tidak-ada").status_code == 404


def test_the_letter_lists_what_is_late_with_its_last_day(
    app: flask.Flask, office: Office, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        office.until(H7)
    signed_in = browser().sign_in(secretariat_of(app, office), factories.PASSWORD)
    docx = signed_in.client.get("/pengingat/surat/polda.docx")
    document = Document(BytesIO(docx.data))
    text = "\n".join(
        [part.text for part in document.paragraphs]
        + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    )
    assert "Narahubung Saudara sudah diberi tahu sejak 13 Oktober 2026." in text
    assert "16 Oktober 2026" in text
    assert "Triwulan III 2026" in text
    assert "/tugas-saya" in text
    pdf = signed_in.client.get("/pengingat/surat/polda.pdf")
    assert pdf.data.startswith(b"%PDF")


def test_a_contact_noted_by_hand_lets_it_go_up_a_day_later(
    app: flask.Flask, office: Office
) -> None:
    with app.app_context():
        assert not any(HEAD in got for got in office.until(H7).values())
        call = NewNote(on=H7, means=ContactMeans.TELEPHONE, text="Diminta mengirim laporan.")
        note_late_contact("dispora", call, office.reports_of("dispora"), by=office.secretariat)
        # Friday; the Monday after is the first working day a day later.
        (row,) = morning(office.clock, date(2026, 10, 26))
        assert row.to_address == HEAD
        assert "Narahubung diberi tahu 23 Oktober 2026, belum ada yang dikirim." in row.text


def test_a_contact_is_noted_whole_or_not_at_all(app: flask.Flask, office: Office) -> None:
    with app.app_context():
        office.until(H7)
        ids = office.reports_of("polda")
        refused: list[tuple[type[Exception], str, list[str], NewNote, Viewer]] = [
            (InvalidInput, "polda", [], LETTER, office.secretariat),
            (InvalidInput, "polda", office.reports_of("dispora"), LETTER, office.secretariat),
            (
                InvalidInput,
                "polda",
                ids,
                NewNote(H7 + timedelta(days=1), ContactMeans.WHATSAPP, "Besok."),
                office.secretariat,
            ),
            (NotFound, "tidak-ada", ids, LETTER, office.secretariat),
            (NotAllowed, "polda", ids, LETTER, office.polda),
            (NotAllowed, "polda", ids, LETTER, office.leadership),
        ]
        for error, slug, chosen, note, by in refused:
            with pytest.raises(error):
                note_late_contact(slug, note, chosen, by=by)
            db.session.rollback()
            assert db.session.scalar(sa.select(sa.func.count(ContactNote.id))) == 0
        note_late_contact("polda", LETTER, ids, by=office.secretariat)
        assert len(db.session.scalars(sa.select(HandNotice)).all()) == len(ids) == 1
        entry = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "lateness.noted")
        ).one()
        assert entry.details["reports"] == ids


def test_a_letter_from_before_the_steps_day_is_a_notice_but_not_the_step(
    app: flask.Flask, office: Office, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        office.until(H7 - timedelta(days=1))
        early = NewNote(H7 - timedelta(days=2), ContactMeans.LETTER, "Surat awal.", "5/UJI")
        note_late_contact("polda", early, office.reports_of("polda"), by=office.secretariat)
        morning(office.clock, H7)
    assert "Surat perlu disiapkan" in words(browser, secretariat_of(app, office), "/beranda")


def test_the_leadership_sees_first_what_has_come_to_it(
    app: flask.Flask, office: Office, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        office.until(date(2026, 10, 30))
        leader = factories.email_of(office.leadership)
    page = words(browser, leader, "/ringkasan")
    # Dispora is as late as Polda, but nobody of it was notified.
    assert page.count("naik ke pimpinan") == 1
    assert page.index("naik ke pimpinan") < page.index("Dispora")


def test_an_agency_sees_its_own_steps_in_advance(
    app: flask.Flask, office: Office, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        office.until(date(2026, 10, 19))
        focal_point = factories.email_of(office.polda)
    page = words(browser, focal_point, "/pengingat")
    assert "Jumat, 23 Oktober 2026" in page
    assert "Kepala, surat" in page
    assert "Jumat, 30 Oktober 2026" in page
    assert "Dispora" not in page.split("45 hari ke depan")[1].split("</table>")[0]
    assert "Kepala, atau surat: H+7" in page
    assert "Daftar pimpinan: H+14" in page
