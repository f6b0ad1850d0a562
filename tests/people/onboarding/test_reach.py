"""Who can be reached, shown at once: on the first page, in the list, on the agency's own page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import flask
import pytest
import sqlalchemy as sa

from coordinator.clock import today
from coordinator.db import db
from coordinator.mapping.duties.queries import memberships
from coordinator.people.accounts import appointments
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.directory.models import Agency
from coordinator.people.onboarding import queries
from coordinator.people.onboarding.models import ContactNote
from coordinator.people.onboarding.rules import Reach
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.mail import service as mail
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import BounceKind
from tests import factories
from tests.conftest import NOW, Browser
from tests.people.onboarding.lists import NIK_LIKE

SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
ADDRESS = "focal_point.dispora@uji.example"


@pytest.fixture
def viewer(in_app: None) -> Viewer:
    """The secretariat."""
    return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")


def _why(viewer: Viewer, slug: str = "dispora") -> Reach | None:
    found = queries.agency(viewer, slug, today())
    assert found is not None
    return found.reason


def _bounce(kind: BounceKind, address: str = ADDRESS) -> None:
    mail.note_bounce(address, kind)


def test_an_agency_without_a_named_person_is_unreachable(viewer: Viewer) -> None:
    assert _why(viewer) is None
    assert "dispora" in {each.agency.slug for each in queries.unreachable_agencies(viewer, today())}


def test_a_court_needs_nobody(viewer: Viewer) -> None:
    courts = set(db.session.scalars(sa.select(Agency.slug).where(Agency.kind == "pengadilan")))
    assert courts
    assert not courts & {each.agency.slug for each in queries.agencies(viewer, today())}


def test_an_active_focal_point_is_reached(viewer: Viewer) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dispora")
    assert _why(viewer) is Reach.OK


def test_a_head_is_no_focal_point(viewer: Viewer) -> None:
    factories.person(AccessKind.AGENCY_HEAD, "dispora")
    assert _why(viewer) is None


def test_an_alternate_suffices_and_the_list_says_so(viewer: Viewer) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dispora", alternate=True)
    found = queries.agency(viewer, "dispora", today())
    assert found is not None
    assert found.is_reachable
    assert found.only_alternate


def test_sixty_days_unseen(viewer: Viewer, clock: Any) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dispora")
    clock.move_to(NOW + timedelta(days=60))
    assert _why(viewer) is Reach.OK
    clock.move_to(NOW + timedelta(days=60, seconds=1))
    assert _why(viewer) is Reach.UNSEEN


def test_a_sign_in_counts_as_seen(viewer: Viewer, clock: Any) -> None:
    person = factories.person(AccessKind.FOCAL_POINT, "dispora")
    clock.move_to(NOW + timedelta(days=50))
    accounts.open_session(account_id=person.account_id or 0, address="", browser="")
    clock.move_to(NOW + timedelta(days=100))
    assert _why(viewer) is Reach.OK


def test_on_the_list_but_not_invited(viewer: Viewer) -> None:
    account = accounts.add_person(_new("baru@uji.example"), by=viewer)
    assert _why(viewer) is Reach.NOT_INVITED
    accounts.send_invitation(account.id, by=viewer, secret_key="k")
    assert _why(viewer) is Reach.OK


def _new(email: str, slug: str = "dispora", **more: Any) -> accounts.NewPerson:
    return accounts.NewPerson(
        email=email,
        name="Orang Baru",
        kind=AccessKind.FOCAL_POINT,
        task_force_id=factories.task_force().id,
        agency_id=factories.agency(slug).id,
        **more,
    )


def test_an_appointment_over_and_one_to_come(viewer: Viewer, clock: Any) -> None:
    person = factories.person(AccessKind.FOCAL_POINT, "dispora")
    grant = db.session.scalars(
        sa.select(AccessGrant).where(AccessGrant.account_id == person.account_id)
    ).one()
    on = today()
    appointments.edit_appointment(
        grant.id, appointments.Appointment(from_on=grant.from_on, until_on=on), by=viewer
    )
    assert _why(viewer) is Reach.OK, "the last day is included"
    clock.move_to(NOW + timedelta(days=1))
    assert _why(viewer) is Reach.EXPIRED
    appointments.edit_appointment(
        grant.id, appointments.Appointment(from_on=on + timedelta(days=9)), by=viewer
    )
    assert _why(viewer) is Reach.NOT_YET


def test_a_closed_account(viewer: Viewer) -> None:
    person = factories.person(AccessKind.FOCAL_POINT, "dispora")
    accounts.disable(person.account_id or 0, by=viewer)
    assert _why(viewer) is Reach.CLOSED


# --- bounces -------------------------------------------------------------------------------------


def test_one_hard_bounce_or_five_soft_in_thirty_days(viewer: Viewer, clock: Any) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dispora")
    for day in range(4):
        clock.move_to(NOW + timedelta(days=day * 6))
        _bounce(BounceKind.SOFT)
    assert _why(viewer) is Reach.OK
    _bounce(BounceKind.SOFT)
    assert _why(viewer) is Reach.BOUNCED
    clock.move_to(NOW + timedelta(days=30, hours=1))
    assert _why(viewer) is Reach.OK, "the first of the five is more than thirty days ago"
    _bounce(BounceKind.HARD, ADDRESS.upper())
    clock.move_to(NOW + timedelta(days=59))
    assert _why(viewer) is Reach.BOUNCED


def test_mail_to_an_address_that_takes_none_stops(viewer: Viewer) -> None:
    account = accounts.add_person(_new("baru@uji.example"), by=viewer)
    mail.note_bounce("baru@uji.example", BounceKind.HARD)
    accounts.send_invitation(account.id, by=viewer, secret_key="k")
    assert mail.claim_next("uji") is None, "no server is troubled with it"
    row = db.session.scalars(sa.select(OutgoingEmail)).one()
    assert (row.state, row.attempts) == ("failed", 0)
    assert "tidak sampai" in row.answer


@pytest.mark.parametrize(
    ("answer", "is_recipient", "stops"),
    [
        ("550 5.1.1 no such user", True, True),
        ("551 not local", True, True),
        ("553 mailbox name not allowed", True, True),
        ("550 5.7.1 relaying denied", True, False),
        ("552 5.2.2 mailbox full", True, False),
        ("554 5.6.0 content", True, False),
        ("550 sender refused", False, False),
    ],
)
def test_a_550_about_the_receiver_marks_at_once(
    viewer: Viewer, answer: str, is_recipient: bool, stops: bool
) -> None:
    account = accounts.add_person(_new("baru@uji.example"), by=viewer)
    accounts.send_invitation(account.id, by=viewer, secret_key="k")
    row = mail.claim_next("uji")
    assert row is not None
    mail.mark_failed(row.id, "uji", answer=answer, permanent=True, recipient=is_recipient)
    accounts.send_reset(account.id, by=viewer, secret_key="k")
    assert (mail.claim_next("uji") is None) is stops


def test_mail_that_was_given_up_is_no_reach(viewer: Viewer) -> None:
    person = factories.person(AccessKind.FOCAL_POINT, "dispora")
    accounts.send_reset(person.account_id or 0, by=viewer, secret_key="k")
    row = mail.claim_next("uji")
    assert row is not None
    mail.mark_failed(row.id, "uji", answer="554 no", permanent=True)
    assert _why(viewer) is Reach.BOUNCED


def test_a_new_mailbox_solves_it_and_mail_follows(viewer: Viewer) -> None:
    person = factories.person(AccessKind.FOCAL_POINT, "dispora")
    _bounce(BounceKind.HARD)
    accounts.send_reset(person.account_id or 0, by=viewer, secret_key="k")
    appointments.edit_person(
        person.account_id or 0,
        appointments.PersonDetails(name="Narahubung", contact_email="Kantor@dispora.example"),
        by=viewer,
    )
    assert _why(viewer) is Reach.OK
    row = mail.claim_next("uji")
    assert row is not None
    assert row.to_address == "kantor@dispora.example"


def test_who_has_no_mailbox_gets_no_mail_and_the_outbox_says_so(viewer: Viewer) -> None:
    account = accounts.add_person(_new("dispora.tanpa"), by=viewer)
    assert account.mail_address == ""
    period = factories.open_period()
    factories.assign(viewer, join=period)
    row = db.session.scalars(
        sa.select(OutgoingEmail).where(OutgoingEmail.account_id == account.id)
    ).one()
    assert (row.state, row.answer) == ("failed", "orang ini belum punya alamat email")
    assert not mail.send_again(row.id)


def test_two_people_of_one_mailbox_both_get_their_mail(viewer: Viewer) -> None:
    shared = "kantor@dispora.example"
    accounts.add_person(_new(shared), by=viewer)
    accounts.add_person(_new("dispora.pengganti", contact_email=shared), by=viewer)
    factories.assign(viewer, join=factories.open_period())
    to = list(db.session.scalars(sa.select(OutgoingEmail.to_address)))
    assert to == [shared, shared]


# --- pages ---------------------------------------------------------------------------------------


@pytest.fixture
def secretariat(app: flask.Flask, browser: Callable[[], Browser]) -> Browser:
    """The secretariat, signed in; a focal point of Dispora is there."""
    with app.app_context():
        address = factories.email_of(factories.person(AccessKind.SECRETARIAT, home="biro-kesra"))
        factories.person(AccessKind.FOCAL_POINT, "dispora")
    return browser().sign_in(address, factories.PASSWORD)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_state_that_is_none_hides_nobody(secretariat: Browser) -> None:
    page = secretariat.get("/orang?keadaan=bounced").text
    assert "Belum ada orang" not in page
    assert ADDRESS in page


def test_the_first_page_says_it_at_once(app: flask.Flask, secretariat: Browser) -> None:
    assert "Dispora</a>: " not in secretariat.get("/beranda").text
    with app.app_context():
        mail.note_bounce(ADDRESS, BounceKind.HARD)
        for slug in ("bpkad", "bps-kaltim", "bappeda", "biro-hukum", "biro-kesra", "bp3mi"):
            if db.session.scalar(sa.select(Agency).where(Agency.slug == slug)):
                factories.person(AccessKind.FOCAL_POINT, slug)
    page = secretariat.get("/orang/instansi?keadaan=tak-terjangkau").text
    assert "email tidak sampai sejak 13 Oktober 2026" in page
    assert "OPD yang narahubungnya tidak dapat dihubungi" in secretariat.get("/beranda").text
    one = secretariat.get("/orang/instansi/dispora").text
    assert "Tidak ada narahubung yang dapat dihubungi:" in one


def test_corrected_on_the_agencys_page(app: flask.Flask, secretariat: Browser) -> None:
    with app.app_context():
        mail.note_bounce(ADDRESS, BounceKind.HARD)
        public_id = db.session.scalar(sa.select(Account.public_id).where(Account.email == ADDRESS))
    page = "/orang/instansi/dispora"
    assert "Alamat sudah diperbaiki" in secretariat.get(page).text
    secretariat.post(f"/orang/{public_id}/alamat-diperbaiki", {"next": page}, page=page)
    assert "Alamat sudah diperbaiki" not in secretariat.get(page).text


def test_a_contact_is_noted_and_audited(app: flask.Flask, secretariat: Browser) -> None:
    page = "/orang/instansi/dispora"
    note = {"on": "2026-10-12", "means": "letter", "text": "Diminta menunjuk pengganti."}
    refused = secretariat.post(page, note, status=422)
    assert "Tulis nomor surat." in refused.text
    assert "Diminta menunjuk pengganti." in refused.text, "what was typed stays"
    secretariat.post(page, {**note, "letter_number": "463/1/CONTOH"})
    text = secretariat.get(page).text
    assert "463/1/CONTOH" in text
    assert "12 Oktober 2026" in text
    with app.app_context():
        assert db.session.scalars(sa.select(ContactNote)).one().means == "letter"
        entry = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "contact.noted")
        ).one()
        assert "Diminta" not in str(entry.details)


@SQLITE_ONLY
def test_bad_notes_are_refused(secretariat: Browser) -> None:
    good = {"on": "2026-10-12", "means": "telephone", "text": "Dihubungi."}
    for field, value in (
        ("on", "2026-10-14"),
        ("on", "besok"),
        ("means", "merpati"),
        ("text", ""),
        ("text", f"NIK {NIK_LIKE}"),
    ):
        secretariat.post("/orang/instansi/dispora", {**good, field: value}, status=422)
    secretariat.get("/orang/instansi/tidak-ada", status=404)


@SQLITE_ONLY
def test_the_whatsapp_text_holds_no_secret_and_no_duty(
    app: flask.Flask, secretariat: Browser
) -> None:
    with app.app_context():
        person = db.session.scalars(sa.select(Account).where(Account.email == ADDRESS)).one()
        token = accounts.send_reset(person.id, by=None, secret_key=app.config["SECRET_KEY"])
    text = secretariat.get("/orang/instansi/dispora").text
    assert "Nama untuk masuk: focal_point.dispora@uji.example" in text
    assert "http://localhost/masuk" in text
    assert token not in text
    assert "/undangan/" not in text


def test_inviting_all_sends_one_mail_a_person(app: flask.Flask, secretariat: Browser) -> None:
    with app.app_context():
        by = Viewer(None, AccessKind.SECRETARIAT, factories.task_force().id)
        accounts.add_person(_new("satu@uji.example"), by=by)
        accounts.add_person(_new("dua@uji.example", "dinsos"), by=by)
        accounts.add_person(_new("dinkes.narahubung", "dinkes"), by=by)
        both = _new("satu@uji.example", "dinsos")
        accounts.add_person(both, by=by)
    page = secretariat.get("/orang?keadaan=not_invited").text
    assert page.count('name="orang"') == 2
    answer = secretariat.post("/orang/undang-semua", {"act": "semua", "pokja": ""}, page="/orang")
    assert "2 undangan diantrekan." in secretariat.get(answer.location).text
    assert "1 orang tanpa email" in secretariat.get(answer.location).text
    secretariat.post("/orang/undang-semua", {"act": "semua", "pokja": ""}, page="/orang")
    with app.app_context():
        to = sorted(db.session.scalars(sa.select(OutgoingEmail.to_address)))
    assert to == ["dua@uji.example", "satu@uji.example"]
    assert secretariat.get("/orang?keadaan=invited").text.count("Undang lagi") == 2


@SQLITE_ONLY
def test_inviting_by_pokja_and_by_tick(app: flask.Flask, secretariat: Browser) -> None:
    with app.app_context():
        by = Viewer(None, AccessKind.SECRETARIAT, factories.task_force().id)
        leads = {member.working_group.key: member.agency.slug for member in memberships(by)}
        key, slug = next(iter(leads.items()))
        outside = next(
            each.agency.slug
            for each in queries.agencies(by, today())
            if each.agency.id not in queries._members(by, key)
        )
        accounts.add_person(_new("dalam@uji.example", slug), by=by)
        ticked = accounts.add_person(_new("luar@uji.example", outside), by=by).public_id
    secretariat.post("/orang/undang-semua", {"act": "semua", "pokja": key}, page="/orang")
    with app.app_context():
        assert list(db.session.scalars(sa.select(OutgoingEmail.to_address))) == [
            "dalam@uji.example"
        ]
    secretariat.post("/orang/undang-semua", {"act": "centang", "orang": ticked}, page="/orang")
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingEmail)) == 2
