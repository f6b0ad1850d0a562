"""One leaves, another takes over: at once, as a whole, and with a paper."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import flask
import pytest
import sqlalchemy as sa

from coordinator.clock import today
from coordinator.db import db
from coordinator.oversight.handover.models import Handover
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.people.accounts.queries import contacts_of_agencies
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.reporting.drafts import service as drafts
from tests import factories
from tests.conftest import NOW, Browser

SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
LEAVER = "focal_point.dispora@uji.example"


@dataclass(frozen=True)
class World:
    """The people of a handover, signed in, and where it is begun."""

    secretariat: Browser
    leaver: Browser
    head: Browser
    path: str
    own_path: str


@pytest.fixture
def world(app: flask.Flask, browser: Callable[[], Browser]) -> World:
    """Dispora leads an assignment with one draft; it has a head and no alternate."""
    with app.app_context():
        story = factories.story()
        obligation = factories.obligation_of(story.assignment, "dispora")
        drafts.save_draft(obligation.public_id, {"note": "Draf."}, version=0, by=story.focal_point)
        head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
        addresses = [
            factories.email_of(person) for person in (story.secretariat, story.focal_point, head)
        ]
        public_id = db.session.get_one(Account, story.focal_point.account_id).public_id
        head_id = db.session.get_one(Account, head.account_id).public_id
    people = [browser().sign_in(address, factories.PASSWORD) for address in addresses]
    path = f"/orang/{public_id}/serah-terima?instansi=dispora"
    return World(*people, path, path.replace(public_id, head_id))


NEW = {
    "successor": "baru",
    "name": "Penerus Baru",
    "email": "penerus@uji.example",
    "position": "Kepala Bidang Contoh",
    "standing": "plt",
    "on": "2026-10-13",
    "letter_number": "800/7/CONTOH",
    "letter_on": "2026-10-12",
}


def _account(email: str) -> Account:
    return db.session.scalars(sa.select(Account).where(Account.email == email)).one()


def test_the_page_says_what_moves(world: World) -> None:
    text = world.secretariat.get(world.path).text
    assert "1 laporan terbuka" in text
    assert "1 di antaranya sudah ada drafnya" in text
    assert "ditutup saat ini juga" in text


def test_one_press_does_it_all(app: flask.Flask, world: World) -> None:
    answer = world.secretariat.post(world.path, NEW)
    with app.app_context():
        leaver, successor = _account(LEAVER), _account("penerus@uji.example")
        assert not leaver.is_active
        agency_id = factories.agency("dispora").id
        contacts = contacts_of_agencies({agency_id}, today())[agency_id]
        assert [grant.account_id for grant in contacts] == [successor.id]
        assert contacts[0].from_on == today()
        assert contacts[0].letter_number == "800/7/CONTOH"
        waiting = db.session.scalars(
            sa.select(OutgoingEmail).where(OutgoingEmail.state == "queued")
        ).all()
        to = {(row.kind, row.to_address) for row in waiting}
        assert ("assigned", "penerus@uji.example") in to, "the mail about the duty follows"
        assert ("invitation", "penerus@uji.example") in to
        assert LEAVER not in {row.to_address for row in waiting}
        entry = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "duty.handed_over")
        ).one()
        assert entry.details["reports"] == 1
        assert entry.details["account_closed"] is True
        title = factories.action("1.1").title
    paper = world.secretariat.get(answer.location).text
    for words in (
        "Berita acara serah terima",
        "Penerus Baru, Plt. Kepala Bidang Contoh",
        "800/7/CONTOH",
        "Selasa, 13 Oktober 2026",
        title,
        "draf",
        "Yang menyerahkan,",
        "Nomor: ....",
    ):
        assert words in paper, words


def test_the_next_request_of_the_old_person_is_refused(world: World) -> None:
    """R30: sessions, links and rights end with the press."""
    world.leaver.get("/tugas-saya")
    world.secretariat.post(world.path, NEW)
    answer = world.leaver.client.get("/tugas-saya")
    assert answer.status_code == 302
    assert answer.location.startswith("/masuk")


def test_links_sent_to_the_old_person_are_dead(app: flask.Flask, world: World) -> None:
    with app.app_context():
        token = accounts.send_reset(
            _account(LEAVER).id, by=None, secret_key=app.config["SECRET_KEY"]
        )
    world.secretariat.post(world.path, NEW)
    assert app.test_client().get(f"/undangan/{token}").status_code == 404
    with app.app_context():
        reset = db.session.scalars(
            sa.select(OutgoingEmail).where(OutgoingEmail.kind == "reset")
        ).one()
        assert reset.state == "cancelled", "a personal link goes to nobody else"


def test_the_successor_finds_the_draft(app: flask.Flask, world: World) -> None:
    world.secretariat.post(world.path, NEW)
    with app.app_context():
        successor = _account("penerus@uji.example")
        token = accounts.open_session(account_id=successor.id, address="", browser="")
    newcomer = Browser(app)
    with newcomer.client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert "Lanjutkan draf" in newcomer.get("/tugas-saya").text


def test_pressing_twice_hands_over_once(app: flask.Flask, world: World) -> None:
    token = world.secretariat.token(world.path)
    first = world.secretariat.client.post(world.path, data={**NEW, "csrf_token": token})
    second = world.secretariat.client.post(world.path, data={**NEW, "csrf_token": token})
    assert (first.status_code, second.status_code) == (303, 404)
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Handover)) == 1


def test_an_alternate_becomes_the_focal_point(app: flask.Flask, world: World) -> None:
    with app.app_context():
        alternate = factories.person(
            AccessKind.FOCAL_POINT, "dispora", email="wakil@uji.example", alternate=True
        )
        public_id = db.session.get_one(Account, alternate.account_id).public_id
    world.secretariat.post(world.path, {"successor": public_id, "on": "2026-10-13"})
    with app.app_context():
        grants = db.session.scalars(
            sa.select(AccessGrant).where(AccessGrant.account_id == alternate.account_id)
        ).all()
        assert [(grant.is_alternate, grant.ended_at) for grant in grants] == [(False, None)]


def test_other_access_stays(app: flask.Flask, world: World) -> None:
    """Who works for two agencies leaves one of them; mail about the other is still theirs."""
    with app.app_context():
        accounts.add_person(
            accounts.NewPerson(
                email=LEAVER,
                name="Narahubung",
                kind=AccessKind.FOCAL_POINT,
                task_force_id=factories.task_force().id,
                agency_id=factories.agency("dinsos").id,
            ),
            by=None,
        )
    assert "Aksesnya yang lain tetap." in world.secretariat.get(world.path).text
    world.secretariat.post(world.path, NEW)
    with app.app_context():
        account = _account(LEAVER)
        assert account.is_active
        held = [grant.agency_id for grant in account.grants if grant.holds(today())]
        assert held == [factories.agency("dinsos").id]
        row = db.session.scalars(sa.select(Handover)).one()
        assert not row.account_closed
    assert world.leaver.client.get("/tugas-saya").location.startswith(("/masuk", "/akses"))


def test_a_person_without_mail_takes_over(app: flask.Flask, world: World) -> None:
    world.secretariat.post(world.path, {**NEW, "email": ""})
    with app.app_context():
        account = _account("dispora.narahubung")
        assert account.mail_address == ""
    assert "Penerus Baru" in world.secretariat.get("/orang/surat").text


def test_an_office_mailbox_passes_on(app: flask.Flask, world: World) -> None:
    """The successor uses the same mailbox: their own user name, the mail goes to the office."""
    world.secretariat.post(world.path, {**NEW, "email": LEAVER})
    with app.app_context():
        account = _account("dispora.narahubung")
        assert account.mail_address == LEAVER
        kinds = set(
            db.session.scalars(
                sa.select(OutgoingEmail.kind).where(
                    OutgoingEmail.account_id == account.id, OutgoingEmail.state == "queued"
                )
            )
        )
        assert kinds == {"assigned", "invitation"}


def test_the_leaver_hands_over_and_sees_the_paper_once(app: flask.Flask, world: World) -> None:
    assert "Serah terima dari" in world.leaver.get("/akun").text
    answer = world.leaver.post(world.path, NEW, status=200)
    assert "Berita acara serah terima" in answer.text
    assert world.leaver.client.get("/akun").location.startswith("/masuk")
    with app.app_context():
        row = db.session.scalars(sa.select(Handover)).one()
        assert row.done_by_id == row.leaver_id
        path = f"/orang/serah-terima/{row.public_id}"
    assert "Penerus Baru" in world.head.get(path).text
    assert "Penerus Baru" in world.secretariat.get(path).text


def test_the_head_may_for_their_people(world: World) -> None:
    world.head.get(world.path)
    world.head.get(world.own_path)
    world.head.post(world.path, NEW)


def test_others_are_refused(app: flask.Flask, world: World, browser: Callable[[], Browser]) -> None:
    with app.app_context():
        other_head = factories.email_of(factories.person(AccessKind.AGENCY_HEAD, "dinsos"))
        leader = factories.email_of(
            factories.person(AccessKind.LEADERSHIP, email="l@uji.example", home="biro-kesra")
        )
    other = browser().sign_in(other_head, factories.PASSWORD)
    other.get(world.path, status=404)
    other.post(world.path, NEW, page="/akun", status=404)
    browser().sign_in(leader, factories.PASSWORD).get(world.path, status=403)
    world.leaver.get(world.own_path, status=404)
    world.secretariat.get(world.path.replace("dispora", "dinsos"), status=404)


def test_the_paper_of_another_agency_does_not_exist(
    app: flask.Flask, world: World, browser: Callable[[], Browser]
) -> None:
    location = world.secretariat.post(world.path, NEW).location
    with app.app_context():
        other = factories.email_of(factories.person(AccessKind.AGENCY_HEAD, "dinsos"))
    browser().sign_in(other, factories.PASSWORD).get(location, status=404)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("successor", ""),
        ("successor", "tidakada"),
        ("name", ""),
        ("name", "NIK 6472015505080001"),
        ("email", "bukan email"),
        ("on", ""),
        ("on", "2026-10-14"),
        ("standing", "raja"),
    ],
)
@SQLITE_ONLY
def test_a_bad_form_moves_nothing(app: flask.Flask, world: World, field: str, value: str) -> None:
    answer = world.secretariat.post(world.path, {**NEW, field: value}, status=422)
    assert "800/7/CONTOH" in answer.text, "what was typed stays"
    with app.app_context():
        assert _account(LEAVER).is_active
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Handover)) == 0


def test_the_paper_stays_as_it_was_signed(app: flask.Flask, world: World, clock: Any) -> None:
    location = world.secretariat.post(world.path, NEW).location.split("?")[0]
    before = world.secretariat.get(location).text
    with app.app_context():
        viewer = Viewer(None, AccessKind.SECRETARIAT, factories.task_force().id)
        accounts.disable(_account("penerus@uji.example").id, by=viewer)
    clock.move_to(NOW + timedelta(hours=2))
    after = world.secretariat.get(location).text

    def body(text: str) -> str:
        return text[text.index("<main") : text.index("</main>")]

    assert body(before) == body(after)
