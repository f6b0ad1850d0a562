"""An access without a task force lets people in too: an administrator on the first day; and what
the database would refuse, the service says in words before."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import flask
import pytest
import sqlalchemy as sa

from coordinator.clock import today
from coordinator.db import db
from coordinator.errors import InvalidInput
from coordinator.people.accounts import service
from coordinator.people.accounts.appointments import Appointment, edit_appointment
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.permissions import AGENCY_KINDS, AccessKind, Viewer
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories
from tests.conftest import Browser

KINDS_OF_A_TASK_FORCE = [kind for kind in AccessKind if kind is not AccessKind.ADMINISTRATOR]


@pytest.fixture
def administrator(app: flask.Flask, browser: Callable[[], Browser]) -> Browser:
    """An administrator, signed in; nobody else is there yet."""
    with app.app_context():
        address = factories.email_of(factories.person(AccessKind.ADMINISTRATOR))
    return browser().sign_in(address, factories.PASSWORD)


def _options(html: str, name: str) -> list[str]:
    select = re.search(rf'<select[^>]*name="{name}".*?</select>', html, re.S)
    return re.findall(r'<option[^>]*value="([^"]*)"', select[0]) if select else []


def _grant(email: str) -> AccessGrant:
    return db.session.scalars(
        sa.select(AccessGrant).join(AccessGrant.account).where(Account.email == email)
    ).one()


def test_an_administrator_is_asked_for_the_task_force_first(administrator: Browser) -> None:
    page = administrator.get("/orang/undang").text
    assert {"64", "64.71", "administrator"} <= set(_options(page, "gugus"))
    assert 'name="email"' not in page
    of_kaltim = administrator.get("/orang/undang?gugus=64").text
    assert "Provinsi Kalimantan Timur" in of_kaltim
    assert set(_options(of_kaltim, "kind")) == {kind.value for kind in KINDS_OF_A_TASK_FORCE}
    assert "dispora" in _options(of_kaltim, "agency")
    installation = administrator.get("/orang/undang?gugus=administrator").text
    assert _options(installation, "kind") == ["administrator"]
    assert 'name="agency"' not in installation
    assert "Pilih gugus tugas dari daftar." in administrator.get("/orang/undang?gugus=99").text


@pytest.mark.parametrize("kind", list(AccessKind), ids=lambda kind: kind.value)
def test_an_administrator_invites_every_access(
    app: flask.Flask, administrator: Browser, kind: AccessKind
) -> None:
    force = "administrator" if kind is AccessKind.ADMINISTRATOR else "64"
    path = f"/orang/undang?gugus={force}"
    fields = {"email": "baru@uji.example", "name": "Orang Baru", "kind": kind.value}
    if kind in AGENCY_KINDS:
        refused = administrator.post(path, fields, status=422).text
        assert "Pilih instansi untuk akses ini." in refused
        assert 'value="baru@uji.example"' in refused
        fields["agency"] = "dispora"
    administrator.post(path, fields)
    with app.app_context():
        grant = _grant("baru@uji.example")
        assert grant.kind is kind
        assert (grant.task_force_id is None) == (kind is AccessKind.ADMINISTRATOR)
        assert (grant.agency_id is None) == (kind not in AGENCY_KINDS)
        mail = db.session.scalars(sa.select(OutgoingEmail)).one()
        assert (mail.to_address, mail.task_force_id) == ("baru@uji.example", grant.task_force_id)
        public_id = grant.account.public_id
    # Sent again: the mail still belongs to the person's task force, whose secretariat can see it.
    administrator.post(f"/orang/{public_id}/undang", {}, page="/orang")
    with app.app_context():
        grant = _grant("baru@uji.example")
        forces = set(db.session.scalars(sa.select(OutgoingEmail.task_force_id)))
        assert forces == {grant.task_force_id}


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("done", ["undangan", "diundang"])
def test_where_no_mail_leaves_the_officer_reads_how_the_link_arrives(
    app: flask.Flask, administrator: Browser, done: str
) -> None:
    how = "flask accounts reset"
    assert app.config["SETTINGS"].mail_mode == "inbox"
    assert how in administrator.get(f"/orang?selesai={done}&surel=2").text
    assert how not in administrator.get("/orang").text


def test_whom_no_mail_reaches_gets_a_letter_from_the_administrator(
    app: flask.Flask, administrator: Browser
) -> None:
    """The first officer of a secretariat may have no mailbox; nobody else could print it."""
    administrator.post(
        "/orang/undang?gugus=64",
        {"email": "sekretariat.satu", "name": "Petugas Satu", "kind": "secretariat"},
    )
    assert "/orang/surat" in administrator.get("/orang?selesai=tanpa-surel").text
    administrator.get("/orang/surat")
    with app.app_context():
        public_id = _grant("sekretariat.satu").account.public_id
    printed = administrator.post("/orang/surat", {"orang": public_id}, status=200).text
    assert "sekretariat.satu" in printed
    assert "Provinsi Kalimantan Timur" in printed
    assert re.search(r'class="letter-code">[A-Z0-9-]{14}<', printed)


def test_the_secretariat_invites_no_administrator(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        address = factories.email_of(factories.person(AccessKind.SECRETARIAT, home="biro-kesra"))
    secretariat = browser().sign_in(address, factories.PASSWORD)
    for path in ("/orang/undang", "/orang/undang?gugus=administrator", "/orang/undang?gugus=64.71"):
        assert "administrator" not in _options(secretariat.get(path).text, "kind")
    fields = {"email": "baru@uji.example", "name": "Orang Baru", "kind": "administrator"}
    secretariat.post("/orang/undang?gugus=administrator", fields, status=422)
    secretariat.post("/orang/undang?gugus=64.71", {**fields, "kind": "leadership"})
    with app.app_context():
        assert _grant("baru@uji.example").task_force_id == factories.task_force().id


@pytest.mark.usefixtures("in_app")
def test_what_the_database_would_refuse_is_said_before() -> None:
    """Every CHECK and key of an access has its sentence: nothing ends in a fault."""
    by: Viewer = factories.person(AccessKind.ADMINISTRATOR)
    force, agency = factories.task_force().id, factories.agency("dispora").id
    yesterday = today() - timedelta(days=1)
    for kind in AccessKind:
        is_of_agency = kind in AGENCY_KINDS
        good = service.NewPerson(
            email=f"{kind.value}@uji.example",
            name="Orang",
            kind=kind,
            task_force_id=None if kind is AccessKind.ADMINISTRATOR else force,
            agency_id=agency if is_of_agency else None,
        )
        wrong = [
            ("until_on", replace(good, until_on=yesterday)),
            ("agency", replace(good, agency_id=None if is_of_agency else agency)),
            ("task_force", replace(good, task_force_id=None if good.task_force_id else force)),
        ]
        if good.task_force_id:
            wrong.append(("task_force", replace(good, task_force_id=9_999)))
        for field, person in wrong:
            for who in (by, None):
                with pytest.raises(InvalidInput) as refused:
                    service.invite(person, by=who, secret_key="k")
                assert field in refused.value.fields, (kind, field)
        service.invite(good, by=by, secret_key="k")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingEmail)) == 6


@pytest.mark.usefixtures("in_app")
def test_only_a_focal_point_is_an_alternate() -> None:
    account = service.add_person(
        service.NewPerson(
            email="kepala@uji.example",
            name="Kepala",
            kind=AccessKind.AGENCY_HEAD,
            task_force_id=factories.task_force().id,
            agency_id=factories.agency("dispora").id,
            is_alternate=True,
        ),
        by=None,
    )
    assert not account.grants[0].is_alternate


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("kind", [AccessKind.ADMINISTRATOR, AccessKind.SECRETARIAT])
def test_nobody_dates_away_their_own_access(kind: AccessKind) -> None:
    """The last administrator who did would lock everybody out."""
    by = factories.person(kind)
    grant = db.session.get_one(Account, by.account_id).grants[0]
    day = timedelta(days=1)
    for field, new in (
        ("from_on", Appointment(from_on=today() + day)),
        ("until_on", Appointment(from_on=grant.from_on, until_on=today() - day)),
    ):
        with pytest.raises(InvalidInput) as refused:
            edit_appointment(grant.id, new, by=by)
        assert set(refused.value.fields) == {field}
    edit_appointment(grant.id, Appointment(from_on=grant.from_on, until_on=today()), by=by)
    assert grant.until_on == today()


FOUR = {
    "name": "Narahubung Baru",
    "email": "narahubung@dispora.go.id",
    "kind": "focal_point",
    "agency": "dispora",
}


def _before_the_fold(html: str) -> set[str]:
    """The fields one sees of the form before anything is opened."""
    form = html.partition('class="narrow invite"')[2].partition("<details")[0]
    names = set(re.findall(r'<(?:input|select)[^>]*\sname="([^"]+)"', form))
    return names - {"csrf_token", "form_key"}


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_four_fields_invite_a_focal_point(app: flask.Flask, secretariat: Browser) -> None:
    page = secretariat.get("/orang/undang").text
    assert _before_the_fold(page) == set(FOUR)
    assert '<option selected value="focal_point">' in page
    assert "Berlaku mulai Selasa, 13 Oktober 2026, tanpa batas waktu" in page
    assert '<details class="fold">' in page
    assert 'value="13/10/2026"' in page  # of "Berlaku mulai"
    answer = secretariat.post("/orang/undang", FOUR)
    assert "Undangan diantrekan." in secretariat.get(answer.location).text
    with app.app_context():
        grant = _grant(FOUR["email"])
        assert (grant.kind, grant.from_on, grant.until_on) == (
            AccessKind.FOCAL_POINT,
            today(),
            None,
        )
        assert grant.agency is not None
        assert grant.agency.slug == "dispora"


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_mistake_in_the_fold_opens_it_and_keeps_what_was_typed(secretariat: Browser) -> None:
    typed = {**FOUR, "telephone": "bukan nomor", "position": "Kepala Seksi", "until_on": ""}
    page = secretariat.post("/orang/undang", typed, status=422).text
    assert '<details class="fold" open>' in page
    assert 'id="telephone-error"' in page
    for text in ("Narahubung Baru", "bukan nomor", "Kepala Seksi"):
        assert f'value="{text}"' in page
    # What the service refuses is at its field too.
    typed = {**FOUR, "from_on": "2026-11-01", "until_on": "2026-10-20"}
    page = secretariat.post("/orang/undang", typed, status=422).text
    assert '<details class="fold" open>' in page
    assert 'id="until_on-error"' in page
    typed = {**FOUR, "from_on": "01/01/2020", "until_on": "01/02/2020"}
    assert "Tanggal itu sudah lewat." in secretariat.post("/orang/undang", typed, status=422).text
    # One of the four needs no fold.
    page = secretariat.post("/orang/undang", {**FOUR, "agency": ""}, status=422).text
    assert 'id="agency-error"' in page
    assert '<details class="fold">' in page


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_where_somebody_works_is_asked_of_those_who_stand_for_no_agency(
    app: flask.Flask, secretariat: Browser
) -> None:
    """An agency that was chosen for another access first does not count."""
    office = {**FOUR, "email": "auditor@uji.example", "kind": "auditor", "home": "inspektorat"}
    secretariat.post("/orang/undang", {**office, "from_on": "2026-11-02"})
    with app.app_context():
        grant = _grant("auditor@uji.example")
        home = grant.account.home_agency
        assert home is not None
        assert (grant.agency_id, home.slug) == (None, "inspektorat")
        assert grant.from_on == today() + timedelta(days=20)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_examples_in_the_messages_are_accepted(app: flask.Flask, secretariat: Browser) -> None:
    page = secretariat.post("/orang/undang", {**FOUR, "email": "bukan@alamat"}, status=422).text
    page += secretariat.post("/orang/undang", {**FOUR, "email": "x"}, status=422).text
    page += secretariat.get("/orang/undang").text
    examples = set(re.findall(r"(?:misalnya|seperti) ([\w.@-]+\w)", page))
    examples = {text for text in examples if "." in text}
    assert examples >= {"narahubung@dispora.go.id", "dispora.pengganti"}
    for text in (*examples, "budi@contoh.test"):
        secretariat.post("/orang/undang", {**FOUR, "email": text})
