"""Attacks stop nobody who works here; idle administrators, old passwords and codes are guarded."""

from datetime import date, timedelta
from typing import Any

import flask
import pytest
import sqlalchemy as sa

from coordinator.clock import today
from coordinator.db import db
from coordinator.errors import Conflict, NotAllowed, NotFound
from coordinator.people.accounts import appointments, codes, limiter, passwords, service
from coordinator.people.accounts.models import AccessGrant, Account, ActivationCode, KnownDevice
from coordinator.people.accounts.rules import CODE_ALPHABET, normal_code, shown_code
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.conftest import NOW, Browser

SQLITE_ONLY = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
NEW_PASSWORD = "empat kata yang lain sama sekali"
ATTACKER = {"REMOTE_ADDR": "203.0.113.66"}


@pytest.fixture
def email(app: flask.Flask) -> str:
    """The address of a focal point of Dispora."""
    with app.app_context():
        return factories.email_of(factories.person(AccessKind.FOCAL_POINT, "dispora"))


def _send(browser: Browser, email: str, password: str, **more: Any) -> int:
    token = browser.token("/masuk")
    answer = browser.client.post(
        "/masuk", data={"csrf_token": token, "email": email, "password": password}, **more
    )
    return int(answer.status_code)


def _sign_out(browser: Browser) -> None:
    browser.post("/keluar", {}, page="/akun")


# --- known devices -------------------------------------------------------------------------------


def test_an_attack_on_the_account_keeps_its_own_browser_in(app: flask.Flask, email: str) -> None:
    own = Browser(app).sign_in(email, factories.PASSWORD)
    _sign_out(own)
    for _ in range(10):
        assert _send(Browser(app), email, "salah", environ_base=ATTACKER) == 422
    right = factories.PASSWORD
    assert _send(Browser(app), email, right, environ_base=ATTACKER) == 429, "not from there"
    assert _send(own, email, right, environ_base=ATTACKER) == 303


def test_an_attack_from_the_office_keeps_its_own_browsers_in(app: flask.Flask, email: str) -> None:
    """A whole office shares one IPv4 address: a new browser there has few tries, an own one ten."""
    own = Browser(app).sign_in(email, factories.PASSWORD)
    _sign_out(own)
    for number in range(30):
        assert _send(Browser(app), f"p{number}@uji.example", "salah") == 422
    assert [_send(Browser(app), email, "salah") for _ in range(3)] == [422] * 3
    assert _send(Browser(app), email, factories.PASSWORD) == 429
    assert _send(own, email, factories.PASSWORD) == 303


def test_a_known_browser_may_not_guess_for_ever(app: flask.Flask, email: str) -> None:
    own = Browser(app).sign_in(email, factories.PASSWORD)
    _sign_out(own)
    assert [_send(own, email, "salah") for _ in range(11)] == [422] * 10 + [429]
    assert _send(Browser(app), email, factories.PASSWORD) == 303, "others are not stopped by it"


def test_a_browser_is_known_to_one_account_alone(app: flask.Flask, email: str) -> None:
    with app.app_context():
        other = factories.email_of(factories.person(AccessKind.FOCAL_POINT, "disdikbud"))
    own = Browser(app).sign_in(email, factories.PASSWORD)
    _sign_out(own)
    for _ in range(10):
        _send(Browser(app), other, "salah")
    assert _send(own, other, factories.PASSWORD) == 429


def test_a_new_password_forgets_every_browser(app: flask.Flask, email: str) -> None:
    own = Browser(app).sign_in(email, factories.PASSWORD)
    own.post("/akun", {"old": factories.PASSWORD, "password": NEW_PASSWORD})
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(KnownDevice)) == 0


@SQLITE_ONLY
def test_the_cookie_of_a_browser(app: flask.Flask, email: str) -> None:
    browser = Browser(app)
    token = browser.token("/masuk")
    answer = browser.client.post(
        "/masuk", data={"csrf_token": token, "email": email, "password": factories.PASSWORD}
    )
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("kenal-"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    value = cookie.split("=", 1)[1].split(";")[0]
    assert email not in cookie
    with app.app_context():
        row = db.session.scalars(sa.select(KnownDevice)).one()
        assert value not in (row.token_hash, str(row.id))
    _sign_out(browser)
    browser.sign_in(email, factories.PASSWORD)
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(KnownDevice)) == 1


def test_a_thousand_failures_in_all_leave_everybody_few_tries(
    app: flask.Flask, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anyone who has forty addresses fills that counter: it must not keep a new browser out."""
    monkeypatch.setattr(limiter, "FAILURES_IN_ALL", 20)
    own = Browser(app).sign_in(email, factories.PASSWORD)
    _sign_out(own)
    for number in range(20):
        more = {"environ_base": {"REMOTE_ADDR": f"203.0.113.{number}"}}
        assert _send(Browser(app), f"p{number}@uji.example", "salah", **more) == 422
    assert [_send(Browser(app), email, "salah", environ_base=ATTACKER) for _ in range(4)] == [
        422, 422, 422, 429,
    ]  # fmt: skip
    assert _send(Browser(app), email, factories.PASSWORD) == 303, "a new browser elsewhere"
    assert _send(own, email, factories.PASSWORD, environ_base=ATTACKER) == 303


def test_one_network_may_not_try_ever_new_names(app: flask.Flask, email: str) -> None:
    """A hundred and fifty failures in five minutes are more than an office makes."""
    with app.app_context():
        for number in range(150):
            buckets = limiter.guesses("sign-in", f"p{number}@uji.example", "203.0.113.66")
            limiter.require_attempt_left(buckets)
            limiter.count_failure(buckets)
    own = Browser(app).sign_in(email, factories.PASSWORD)
    _sign_out(own)
    assert _send(Browser(app), "nama@baru.example", "salah", environ_base=ATTACKER) == 429
    assert _send(Browser(app), email, factories.PASSWORD, environ_base=ATTACKER) == 429
    assert _send(own, email, factories.PASSWORD, environ_base=ATTACKER) == 303, "a known browser"
    assert _send(Browser(app), email, factories.PASSWORD) == 303, "another network"


@SQLITE_ONLY
def test_many_networks_together_keep_nobody_out(app: flask.Flask, email: str) -> None:
    """36 networks of 28 tries filled the counter of everybody; 36 /64 of one home are one."""
    with app.app_context():
        for network in range(36):
            for number in range(28):
                buckets = limiter.guesses(
                    "sign-in", f"p{network}-{number}", f"2001:db8:{network:x}::1"
                )
                limiter.require_attempt_left(buckets)
                limiter.count_failure(buckets)
    assert _send(Browser(app), email, factories.PASSWORD) == 303


@SQLITE_ONLY
@pytest.mark.parametrize("is_known", [True, False])
def test_one_password_is_checked_at_a_time(
    app: flask.Flask, email: str, monkeypatch: pytest.MonkeyPatch, is_known: bool
) -> None:
    """Guessing must not take every core: a check takes a third of a second of one. After a wrong
    password and after a fault the next one is checked."""
    taken = []

    class Watched:
        def verify(self, stored: str, password: str) -> bool:
            taken.append(not passwords.one_check.acquire(blocking=False))
            if password == "rusak":
                raise MemoryError
            return bool(real.verify(stored, password))

    real = passwords.hasher
    monkeypatch.setattr(passwords, "hasher", Watched())
    name = email if is_known else "x@uji.example"
    assert _send(Browser(app), name, "rusak") == 500
    assert _send(Browser(app), name, "salah") == 422
    assert _send(Browser(app), email, factories.PASSWORD) == 303
    assert taken == [True] * 3
    assert passwords.one_check.acquire(blocking=False)
    passwords.one_check.release()


# --- the other doors -----------------------------------------------------------------------------


def test_the_old_password_may_not_be_guessed_from_a_session(app: flask.Flask, email: str) -> None:
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    wrong = {"old": "salah", "password": NEW_PASSWORD}
    for _ in range(10):
        someone.post("/akun", wrong, status=422)
    for old in ("salah", factories.PASSWORD):
        someone.post("/akun", {**wrong, "old": old}, status=429)


def test_unknown_links_are_limited_used_ones_not(app: flask.Flask, email: str) -> None:
    with app.app_context():
        account = db.session.scalars(sa.select(Account).where(Account.email == email)).one()
        used = service.send_reset(account.id, by=None, secret_key=app.config["SECRET_KEY"])
    Browser(app).post(f"/undangan/{used}", {"password": NEW_PASSWORD})
    client = app.test_client()
    for _ in range(40):
        assert client.get(f"/undangan/{used}").status_code == 404
    statuses = [client.get(f"/undangan/{number:064d}").status_code for number in range(31)]
    assert statuses == [404] * 30 + [429]


@pytest.mark.parametrize(
    ("kind", "minutes"), [(AccessKind.ADMINISTRATOR, 30), (AccessKind.SECRETARIAT, 480)]
)
def test_who_is_idle_is_out(app: flask.Flask, clock: Any, kind: AccessKind, minutes: int) -> None:
    with app.app_context():
        address = factories.email_of(factories.person(kind, home="biro-kesra"))
    someone = Browser(app).sign_in(address, factories.PASSWORD)
    at = NOW + timedelta(minutes=minutes)
    clock.move_to(at)
    someone.get("/akun")
    at += timedelta(minutes=minutes, seconds=-1)
    clock.move_to(at)
    someone.get("/akun")
    clock.move_to(at + timedelta(minutes=minutes, seconds=1))
    assert someone.client.get("/akun").location.startswith("/masuk")


def test_an_administrator_at_work_stays(app: flask.Flask, clock: Any) -> None:
    with app.app_context():
        address = factories.email_of(factories.person(AccessKind.ADMINISTRATOR))
    someone = Browser(app).sign_in(address, factories.PASSWORD)
    for minutes in range(4, 200, 4):
        clock.move_to(NOW + timedelta(minutes=minutes))
        someone.get("/akun")


# --- codes on paper ------------------------------------------------------------------------------


@pytest.fixture
def viewer(app: flask.Flask) -> Viewer:
    """The secretariat."""
    with app.app_context():
        return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")


def _person_without_mail(by: Viewer, name: str = "dispora.pengganti", **more: Any) -> Account:
    return service.add_person(
        service.NewPerson(
            email=name,
            name="Orang Tanpa Email",
            kind=AccessKind.FOCAL_POINT,
            task_force_id=by.task_force_id,
            agency_id=factories.agency("dispora").id,
            **more,
        ),
        by=by,
    )


@pytest.fixture
def code(app: flask.Flask, viewer: Viewer) -> str:
    """The code of a person without a mailbox."""
    with app.app_context():
        account = _person_without_mail(viewer)
        return codes.new_code(account.id, by=viewer, secret_key=app.config["SECRET_KEY"])[0]


def _activate(app: flask.Flask, code: str, status: int = 303, **more: str) -> Browser:
    someone = Browser(app)
    fields = {"email": "dispora.pengganti", "code": code, "password": NEW_PASSWORD, **more}
    someone.post("/aktivasi", fields, status=status)
    return someone


def test_a_code_lets_in_once(app: flask.Flask, code: str) -> None:
    typed = shown_code(code).lower().replace("-", " ")
    someone = _activate(app, typed, email=" Dispora.Pengganti ")
    assert someone.client.get("/").location == "/tugas-saya"
    _activate(app, code, status=422)
    assert _send(Browser(app), "DISPORA.pengganti", NEW_PASSWORD) == 303


def test_a_bad_password_does_not_use_the_code_up(app: flask.Flask, code: str) -> None:
    _activate(app, code, status=422, password="pendek")
    _activate(app, code)


def test_a_code_lives_fourteen_days(app: flask.Flask, code: str, clock: Any) -> None:
    clock.move_to(NOW + timedelta(days=14, seconds=1))
    _activate(app, code, status=422)
    clock.move_to(NOW + timedelta(days=14))
    _activate(app, code)


def test_printing_again_kills_the_code_before(app: flask.Flask, viewer: Viewer, code: str) -> None:
    with app.app_context():
        account = db.session.scalars(
            sa.select(Account).where(Account.email == "dispora.pengganti")
        ).one()
        second, _until = codes.new_code(account.id, by=viewer, secret_key=app.config["SECRET_KEY"])
    _activate(app, code, status=422)
    _activate(app, second)


def test_guessing_a_code_is_limited_and_tells_nothing(app: flask.Flask, code: str) -> None:
    def answer(name: str) -> str:
        someone = Browser(app)
        text: str = someone.post(
            "/aktivasi",
            {"email": name, "code": "A" * 12, "password": NEW_PASSWORD},
            status=422,
        ).text
        return text[text.index("<main") :].replace(name, "").split("csrf_token")[0]

    assert answer("dispora.pengganti") == answer("dispora.tidakada1")
    for _ in range(9):
        _activate(app, "A" * 12, status=422)
    _activate(app, code, status=429)


@SQLITE_ONLY
def test_the_code_is_nowhere(app: flask.Flask, code: str) -> None:
    assert set(code) <= set(CODE_ALPHABET)
    assert not set("01IOLSZB") & set(CODE_ALPHABET)
    assert normal_code(shown_code(code)) == code
    with app.app_context():
        for table in db.metadata.sorted_tables:
            rows = repr([tuple(row) for row in db.session.execute(sa.select(table))])
            assert code not in rows, table.name


@SQLITE_ONLY
def test_who_has_a_working_mailbox_gets_no_code(app: flask.Flask, viewer: Viewer) -> None:
    """Else the secretariat could sign in as anybody."""
    with app.app_context():
        account = _person_without_mail(viewer, contact_email="kantor@dispora.example")
        with pytest.raises(Conflict):
            codes.new_code(account.id, by=viewer, secret_key="k")
        focal_point = Viewer(None, AccessKind.FOCAL_POINT, viewer.task_force_id)
        with pytest.raises(NotAllowed):
            codes.new_code(account.id, by=focal_point, secret_key="k")
        stranger = Viewer(None, AccessKind.SECRETARIAT, factories.task_force("64.72").id)
        with pytest.raises(NotFound):
            codes.new_code(account.id, by=stranger, secret_key="k")


def test_letters_are_printed_with_fresh_codes(app: flask.Flask, viewer: Viewer) -> None:
    with app.app_context():
        first = _person_without_mail(viewer).public_id
        second = _person_without_mail(viewer, "dispora.lain").public_id
        address = factories.email_of(viewer)
    browser = Browser(app).sign_in(address, factories.PASSWORD)
    page = browser.post("/orang/surat", {"orang": [first, second]}, status=200).text
    assert page.count('class="letter-code"') == 2
    printed = page.split('class="letter-code">')[1][:14]
    assert printed not in browser.get("/orang/surat").text
    _activate(app, printed) if "dispora.lain" not in page.split("letter-code")[0] else _activate(
        app, printed, email="dispora.lain"
    )
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ActivationCode)) == 2


# --- appointments --------------------------------------------------------------------------------


def test_ending_an_access_ends_it_with_the_next_request(
    app: flask.Flask, viewer: Viewer, email: str
) -> None:
    someone = Browser(app).sign_in(email, factories.PASSWORD)
    with app.app_context():
        address = factories.email_of(viewer)
        account = db.session.scalars(sa.select(Account).where(Account.email == email)).one()
        public_id, grant_id = account.public_id, account.grants[0].id
    secretariat = Browser(app).sign_in(address, factories.PASSWORD)
    page = f"/orang/{public_id}"
    someone.get("/tugas-saya")
    secretariat.post(f"{page}/akhiri", {"grant": str(grant_id)}, page=page)
    assert someone.client.get("/tugas-saya").status_code == 302
    again = Browser(app).sign_in(email, factories.PASSWORD)
    assert again.client.get("/tugas-saya").location == "/akses"
    assert "Akses ini sudah diakhiri." in secretariat.get(page).text


def test_an_appointment_is_edited_and_audited(app: flask.Flask, viewer: Viewer, email: str) -> None:
    with app.app_context():
        address = factories.email_of(viewer)
        account = db.session.scalars(sa.select(Account).where(Account.email == email)).one()
        public_id, grant_id = account.public_id, account.grants[0].id
    secretariat = Browser(app).sign_in(address, factories.PASSWORD)
    page, prefix = f"/orang/{public_id}", f"akses{grant_id}-"
    fields = {
        f"{prefix}from_on": "2026-10-01",
        f"{prefix}until_on": "31/12/2026",
        f"{prefix}position": "Kepala Bidang",
        f"{prefix}standing": "plh",
        f"{prefix}is_alternate": "y",
    }
    refused = secretariat.post(page, {**fields, f"{prefix}until_on": "2026-09-01"}, status=422)
    assert "mendahului tanggal mulai" in refused.text
    assert "Kepala Bidang" in refused.text
    secretariat.post(page, fields)
    with app.app_context():
        grant = db.session.get_one(AccessGrant, grant_id)
        assert (grant.from_on, grant.until_on) == (date(2026, 10, 1), date(2026, 12, 31))
        assert (grant.position, grant.standing, grant.is_alternate) == (
            "Kepala Bidang",
            "plh",
            True,
        )
    secretariat.post(
        page,
        {"orang-name": "Nama Baru", "orang-telephone": "0812-1111-0001", "orang-contact_email": ""},
    )
    assert "Nama Baru" in secretariat.get(page).text


def test_another_task_forces_access_is_not_ended(app: flask.Flask, viewer: Viewer) -> None:
    with app.app_context():
        account = service.add_person(
            service.NewPerson(
                "lain@uji.example",
                "Orang Lain",
                AccessKind.SECRETARIAT,
                factories.task_force("64.72").id,
            ),
            by=None,
        )
        grant_id = account.grants[0].id
        with pytest.raises(NotFound):
            appointments.end_access(grant_id, by=viewer)
        with pytest.raises(NotFound):
            appointments.edit_appointment(
                grant_id, appointments.Appointment(from_on=today()), by=viewer
            )
        with pytest.raises(NotFound):
            appointments.edit_person(account.id, appointments.PersonDetails(name="X"), by=viewer)


def test_a_closed_person_may_come_back_without_the_old_password(
    app: flask.Flask, viewer: Viewer, email: str
) -> None:
    with app.app_context():
        account = db.session.scalars(sa.select(Account).where(Account.email == email)).one()
        service.disable(account.id, by=viewer)
        appointments.end_access(account.grants[0].id, by=viewer)
        service.invite(
            service.NewPerson(
                email,
                "Orang Kembali",
                AccessKind.FOCAL_POINT,
                viewer.task_force_id,
                factories.agency("dispora").id,
            ),
            by=viewer,
            secret_key="k",
        )
    assert _send(Browser(app), email, factories.PASSWORD) == 422
