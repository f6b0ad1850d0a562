"""A right is given for a time: to whom, until when, and what ends it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.db import db
from coordinator.errors import InvalidInput, NotAllowed, NotFound
from coordinator.people.accounts import appointments
from coordinator.people.accounts.models import GrantedRight
from coordinator.people.rights import service
from coordinator.people.rights.rules import is_meant, last_possible_day
from coordinator.permissions import AccessKind, Permission, Right, Viewer
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories
from tests.conftest import Browser
from tests.mapping.answers.builders import person_elsewhere, sit_down
from tests.people.rights.builders import TODAY, grant_of, new_right

PLACE = "/peran/naskah"


@pytest.fixture
def office(in_app: None) -> Viewer:
    return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")


@pytest.fixture
def lawyer(in_app: None) -> Viewer:
    return factories.person(AccessKind.FOCAL_POINT, "biro-hukum")


# --- the service ---------------------------------------------------------------------------------


def test_a_right_adds_what_it_names_and_nothing_else(lawyer: Viewer) -> None:
    given = replace(lawyer, rights=frozenset({Right.CHECK_TEXTS}))
    assert not lawyer.may(Permission.CHECK_TEXTS)
    assert {one for one in Permission if given.may(one) and not lawyer.may(one)} == {
        Permission.CHECK_TEXTS
    }


def test_it_is_recorded_and_its_person_gets_one_mail(office: Viewer, lawyer: Viewer) -> None:
    service.give_right(new_right(lawyer), by=office)
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "right.given")
    ).one()
    assert entry.account_id == office.account_id
    assert entry.details == {
        "kind": "check_texts", "from_on": "2026-10-13", "until_on": "2026-11-12",
    }  # fmt: skip
    mail = db.session.scalars(
        sa.select(OutgoingEmail).where(OutgoingEmail.kind == "right_given")
    ).one()
    assert mail.account_id == lawyer.account_id
    assert "Berlaku 13 Oktober 2026 sampai dengan 12 November 2026." in mail.text


@pytest.mark.parametrize(
    ("from_on", "until_on", "field"),
    [
        (TODAY, date(2027, 10, 14), "until_on"),
        (TODAY, date(2026, 10, 12), "until_on"),
        (date(2026, 9, 1), date(2026, 10, 12), "until_on"),
        (date(2026, 9, 11), date(2026, 11, 12), "from_on"),
        (date(2027, 10, 14), date(2027, 11, 12), "from_on"),
        (date(2099, 12, 31), date(2100, 1, 1), "from_on"),
    ],
    ids=[
        "longer than a year",
        "ends before it begins",
        "over already",
        "began long ago",
        "begins in more than a year",
        "begins in decades",
    ],
)
def test_its_days_are_checked(
    office: Viewer, lawyer: Viewer, from_on: date, until_on: date, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        service.give_right(new_right(lawyer, from_on, until_on), by=office)
    assert list(refused.value.fields) == [field]
    service.give_right(new_right(lawyer, TODAY, date(2027, 10, 13)), by=office)


def test_the_same_right_is_not_given_twice(office: Viewer, lawyer: Viewer) -> None:
    service.give_right(new_right(lawyer), by=office)
    with pytest.raises(InvalidInput) as refused:
        service.give_right(new_right(lawyer), by=office)
    assert "sampai 12 November 2026" in refused.value.fields["grant"]
    service.give_right(new_right(lawyer, date(2026, 11, 13), date(2026, 12, 1)), by=office)


def test_a_right_to_come_blocks_no_earlier_one(office: Viewer, lawyer: Viewer) -> None:
    service.give_right(new_right(lawyer, date(2027, 6, 1), date(2027, 7, 1)), by=office)
    service.give_right(new_right(lawyer, TODAY, date(2027, 5, 31)), by=office)
    with pytest.raises(InvalidInput) as refused:
        service.give_right(new_right(lawyer, date(2027, 7, 1), date(2027, 8, 1)), by=office)
    assert "sampai 1 Juli 2027" in refused.value.fields["grant"]


@pytest.mark.parametrize("kind", [AccessKind.LEADERSHIP, AccessKind.AUDITOR])
def test_only_those_who_work_here_can_have_it(office: Viewer, kind: AccessKind) -> None:
    reader = factories.person(kind, home="biro-hukum")
    with pytest.raises(InvalidInput):
        service.give_right(new_right(reader), by=office)


def test_nobody_of_another_task_force_gives_or_gets_it(office: Viewer, lawyer: Viewer) -> None:
    stranger = person_elsewhere(AccessKind.SECRETARIAT)
    with pytest.raises(InvalidInput):
        service.give_right(new_right(stranger), by=office)
    with pytest.raises(InvalidInput):
        service.give_right(new_right(lawyer), by=stranger)
    right = service.give_right(new_right(lawyer), by=office).public_id
    with pytest.raises(NotFound):
        service.end_right(right, by=stranger)
    with pytest.raises(NotAllowed):
        service.give_right(new_right(office), by=lawyer)
    with pytest.raises(NotAllowed):
        service.end_right(right, by=lawyer)


def test_rules() -> None:
    assert last_possible_day(date(2028, 2, 29)) == date(2029, 2, 28)
    assert is_meant("BUDI hukum", "Budi Contoh", "biro.hukum@uji.example")
    assert not is_meant("budi sosial", "Budi Contoh", "biro.hukum@uji.example")
    assert not is_meant(" ", "Budi Contoh")


# --- at the door ---------------------------------------------------------------------------------


@pytest.fixture
def people(app: flask.Flask) -> tuple[Viewer, Viewer]:
    with app.app_context():
        found = (
            factories.person(AccessKind.SECRETARIAT, home="biro-kesra"),
            factories.person(AccessKind.FOCAL_POINT, "biro-hukum"),
        )
        db.session.remove()
    return found


def test_the_page_opens_from_the_first_day_to_the_last(
    app: flask.Flask, people: tuple[Viewer, Viewer]
) -> None:
    office, lawyer = people
    one = sit_down(app, lawyer)
    one.get(PLACE, status=403)
    with app.app_context():
        right = new_right(lawyer, date(2026, 10, 14), date(2026, 10, 15))
        service.give_right(right, by=office)
        db.session.remove()
    one.get(PLACE, status=403)
    assert PLACE not in one.get("/tugas-saya").text
    for day, status in ((14, 200), (15, 200), (16, 403)):
        with time_machine.travel(f"2026-10-{day}T02:00:00Z", tick=False):
            fresh = sit_down(app, lawyer)
            fresh.get(PLACE, status=status)
            assert (f'href="{PLACE}"' in fresh.get("/tugas-saya").text) is (status == 200)


@pytest.mark.parametrize("how", ["the right", "the access"])
def test_ended_early_it_is_refused_from_the_next_request_on(
    app: flask.Flask, people: tuple[Viewer, Viewer], how: str
) -> None:
    office, lawyer = people
    with app.app_context():
        right = service.give_right(new_right(lawyer), by=office).public_id
        grant = grant_of(lawyer)
        db.session.remove()
    one = sit_down(app, lawyer)
    one.get(PLACE)
    with app.app_context():
        if how == "the right":
            service.end_right(right, by=office)
        else:
            appointments.end_access(grant, by=office)
        db.session.remove()
    one.get(PLACE, status=403 if how == "the right" else 302)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_secretariat_finds_a_person_gives_and_ends(
    app: flask.Flask, people: tuple[Viewer, Viewer], browser: Callable[[], Browser]
) -> None:
    office, lawyer = people
    desk = sit_down(app, office)
    assert 'href="/orang/hak"' in desk.get("/orang").text
    page = "/orang/hak?cari=BIRO-hukum"
    assert "Narahubung OPD Biro Hukum" in desk.get(page).text
    assert "Tidak ada yang cocok" in desk.get("/orang/hak?cari=tidak-ada").text
    with app.app_context():
        grant = grant_of(lawyer)
    sent = {"grant": str(grant), "kind": "check_texts", "from_on": "13/10/2026"}
    refused = desk.post(page, {**sent, "until_on": "13/11/2028"}, status=422)
    assert "Paling lama satu tahun" in refused.text
    assert 'value="13/11/2028"' in refused.text
    desk.post(page, {**sent, "until_on": "13/11/2026"})
    listed = desk.get("/orang/hak").text
    assert "13 Oktober 2026 sampai 13 November 2026" in " ".join(listed.split())
    assert "secretariat.biro-kesra" in listed, "who gave it"
    with app.app_context():
        right = db.session.scalars(sa.select(GrantedRight.public_id)).one()
        db.session.remove()
    desk.post(f"/orang/hak/{right}/akhiri", {}, page="/orang/hak")
    assert "Diakhiri" in desk.get("/orang/hak").text
    audit = desk.get("/jejak").text
    assert "Hak tambahan diberikan" in audit
    assert "Hak tambahan diakhiri" in audit
