"""Giving work: one open assignment an item, one lead, and who hears of it."""

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import flask
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from coordinator.assignments.changes import assigning as service
from coordinator.assignments.changes.assigning import NewAssignment
from coordinator.assignments.models import Assignment, AssignmentParty, AssignmentTarget
from coordinator.assignments.rules import BasisKind
from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions.rules import PartyKind
from coordinator.platform.audit.models import AuditEntry
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories
from tests.conftest import Browser

NIK = "6472015505080001"  # invented


@pytest.fixture
def secretariat(in_app: None) -> Viewer:
    """Who assigns."""
    return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")


def new(code: str = "1.1", **change: object) -> NewAssignment:
    """An assignment that nothing is wrong with, but for `change`."""
    return replace(
        NewAssignment(
            action_id=factories.action(code).public_id,
            lead="dispora",
            support=("disnakertrans",),
            basis_kind=BasisKind.LETTER,
            basis_reference="463/01/UJI",
            basis_on=date(2026, 10, 1),
            due_on=date(2026, 12, 31),
        ),
        **change,  # type: ignore[arg-type]
    )


def count() -> int:
    """How many assignments there are."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Assignment)) or 0


def test_one_lead_its_supporters_and_the_duties_behind_each(secretariat: Viewer) -> None:
    assignment = service.assign_action(
        new(support=("kantor-imigrasi", "disnakertrans", "dispora")), by=secretariat
    )
    parties = {party.agency.slug: party for party in assignment.parties}
    assert {slug: party.kind for slug, party in parties.items()} == {
        "dispora": PartyKind.LEAD,
        "kantor-imigrasi": PartyKind.SUPPORT,
        "disnakertrans": PartyKind.SUPPORT,
    }
    assert {slug: [link.duty.key for link in p.duties] for slug, p in parties.items()} == {
        "dispora": ["dispora-mengawasi-pengiriman-pemuda"],
        "kantor-imigrasi": ["kantor-imigrasi-mewawancarai-pemohon"],
        "disnakertrans": ["disnakertrans-mengawasi-cabang-lpk"],
    }
    assert assignment.working_group.key == "pencegahan"


def test_an_item_has_one_open_assignment(secretariat: Viewer) -> None:
    service.assign_action(new(), by=secretariat)
    with pytest.raises(Conflict):
        service.assign_action(new(lead="dinsos"), by=secretariat)
    assert count() == 1
    service.assign_action(new("1.2"), by=secretariat)
    assert count() == 2


def test_a_closed_item_may_be_assigned_again(secretariat: Viewer) -> None:
    service.assign_action(new(), by=secretariat)
    with db.engine.begin() as connection:
        connection.execute(
            sa.text(
                "UPDATE assignment SET closed_at = '2026-10-13 00:00:00', closed_reason = 'uji'"
            )
        )
    service.assign_action(new(lead="dinsos"), by=secretariat)
    assert count() == 2


@pytest.mark.parametrize(
    ("index", "statement"),
    [
        (
            "uq_assignment_open_item|assignment.action_item_id, assignment.part",
            "INSERT INTO assignment (public_id, task_force_id, action_item_id, working_group_id, "
            "basis_kind, basis_reference, basis_on, due_on, assigned_at, is_sample) "
            "SELECT 'lain', task_force_id, action_item_id, working_group_id, basis_kind, "
            "basis_reference, basis_on, due_on, assigned_at, is_sample FROM assignment",
        ),
        (
            "uq_assignment_party_one_lead|assignment_party.assignment_id",
            "UPDATE assignment_party SET kind = 'lead'",
        ),
    ],
)
def test_the_database_refuses_a_second_open_assignment_and_a_second_lead(
    secretariat: Viewer, index: str, statement: str
) -> None:
    service.assign_action(new(), by=secretariat)
    with db.engine.connect() as connection, pytest.raises(IntegrityError, match=index):
        connection.execute(sa.text(statement))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lead": "pengadilan-tinggi"}, "lead"),
        ({"support": ("pengadilan-tinggi",)}, "support"),
        ({"lead": ""}, "lead"),
        ({"lead": "tidak-ada"}, "lead"),
        ({"support": ("tidak-ada",)}, "support"),
        ({"due_on": date(2026, 10, 12)}, "due_on"),
        ({"basis_on": date(2026, 10, 14)}, "basis_on"),
    ],
)
def test_what_is_refused_is_refused_whole_with_its_field(
    secretariat: Viewer, change: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        service.assign_action(new(**change), by=secretariat)
    assert set(refusal.value.fields) == {field}
    assert count() == 0
    assert db.session.scalars(sa.select(OutgoingEmail.id)).all() == []
    actions = db.session.scalars(sa.select(AuditEntry.action)).all()
    assert "action.assigned" not in actions


@pytest.mark.parametrize(
    "change", [{"due_on": date(2026, 10, 13)}, {"basis_on": date(2026, 10, 13)}]
)
def test_today_is_not_past_and_not_future(secretariat: Viewer, change: dict[str, object]) -> None:
    service.assign_action(new(**change), by=secretariat)
    assert count() == 1


def test_an_agency_of_another_task_force_or_an_inactive_one_is_refused(
    secretariat: Viewer,
) -> None:
    with db.engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO agency "
                "(task_force_id, key, slug, lineage, name, abbreviation, kind, is_active)"
                " VALUES (:force, 'disdik-kota', 'disdik-kota', 'disdikbud', 'Disdik Kota', "
                "'Disdik Kota', 'perangkat_daerah', :yes)"
            ).bindparams(force=factories.task_force("64.72").id, yes=True)
        )
        connection.execute(
            sa.text("UPDATE agency SET is_active = :no WHERE slug = 'dinkes'").bindparams(no=False)
        )
    for change in (
        {"lead": "disdik-kota"},
        {"support": ("disdik-kota",)},
        {"lead": "dinkes"},
        {"support": ("dinkes",)},
    ):
        with pytest.raises(InvalidInput):
            service.assign_action(new(**change), by=secretariat)
    assert count() == 0


def test_who_may_not_assign_and_where_there_is_no_such_item(secretariat: Viewer) -> None:
    for kind in (AccessKind.LEADERSHIP, AccessKind.AUDITOR, AccessKind.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            service.assign_action(new(), by=replace(secretariat, kind=kind))
    with pytest.raises(NotFound):
        service.assign_action(new(action_id="tidak-ada"), by=secretariat)


def test_targets_of_this_year_are_the_secretariats_later_years_the_plans(
    secretariat: Viewer,
) -> None:
    item = factories.action("1.1")
    plan = {(i.id, t.year): t.value for i in item.indicators for t in i.targets}
    first, second = (indicator.id for indicator in item.indicators)
    service.assign_action(
        new(targets={first: Decimal("7.5")}, due_on=date(2028, 6, 30)), by=secretariat
    )
    stored = {
        (target.indicator_id, target.year): target.value
        for target in db.session.scalars(sa.select(AssignmentTarget))
    }
    assert stored == {
        (first, 2026): Decimal("7.5"),
        **{
            (indicator, year): plan[indicator, year]
            for indicator in (first, second)
            for year in (2027, 2028)
        },
    }


# --- who hears -----------------------------------------------------------------------------------


def test_focal_points_and_alternates_of_the_parties_hear_once_and_nobody_else(
    secretariat: Viewer,
) -> None:
    heard = {
        factories.email_of(factories.person(AccessKind.FOCAL_POINT, slug, email=email))
        for slug, email in (
            ("dispora", ""),
            ("dispora", "pengganti@uji.example"),
            ("disnakertrans", ""),
        )
    }
    factories.person(AccessKind.AGENCY_HEAD, "dispora")
    factories.person(AccessKind.FOCAL_POINT, "dinsos")
    factories.person(AccessKind.LEADERSHIP, home="biro-kesra")
    form = new(form_key="formulir-1")
    made = [service.assign_action(form, by=secretariat).id for _ in range(3)]
    assert len(set(made)) == 1
    assert count() == 1
    mails = list(db.session.scalars(sa.select(OutgoingEmail)))
    assert sorted(mail.to_address for mail in mails) == sorted(heard)
    by_receiver = {mail.to_address: mail.text for mail in mails}
    assert "penanggung jawab" in by_receiver["focal_point.dispora@uji.example"]
    assert "mendukung Dispora" in by_receiver["focal_point.disnakertrans@uji.example"]
    assert all("463/01/UJI" in text for text in by_receiver.values())
    actions = list(db.session.scalars(sa.select(AuditEntry.action)))
    assert actions.count("action.assigned") == 1


def test_a_focal_point_of_the_past_or_the_future_hears_nothing(secretariat: Viewer) -> None:
    for name, column, day in (
        ("dulu", "until_on", date(2026, 10, 12)),
        ("kelak", "from_on", date(2026, 10, 14)),
    ):
        person = factories.person(AccessKind.FOCAL_POINT, "dispora", email=f"{name}@uji.example")
        with db.engine.begin() as connection:
            connection.execute(
                sa.text(
                    f"UPDATE access_grant SET {column} = :day WHERE account_id = :id"
                ).bindparams(day=day, id=person.account_id)
            )
    service.assign_action(new(), by=secretariat)
    assert db.session.scalars(sa.select(OutgoingEmail.id)).all() == []


# --- at the same moment --------------------------------------------------------------------------


def test_of_two_officers_assigning_the_same_item_at_once_one_wins(app: flask.Flask) -> None:
    with app.app_context():
        officers = [
            factories.person(
                AccessKind.SECRETARIAT, home="biro-kesra", email=f"petugas{n}@uji.example"
            )
            for n in range(4)
        ]
        factories.person(AccessKind.FOCAL_POINT, "dispora")
        form = new()
        db.session.remove()
    barrier = threading.Barrier(len(officers))
    results: list[str] = []

    def assign(officer: Viewer) -> None:
        with app.app_context():
            barrier.wait()
            try:
                service.assign_action(form, by=officer)
                results.append("won")
            except Conflict:
                results.append("conflict")
            except BaseException as error:
                results.append(repr(error))
            db.session.remove()

    threads = [threading.Thread(target=assign, args=(officer,)) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["conflict", "conflict", "conflict", "won"]
    with app.app_context():
        assert count() == 1
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AssignmentParty)) == 2
        assert len(db.session.scalars(sa.select(OutgoingEmail.id)).all()) == 1


# --- the form ------------------------------------------------------------------------------------


@pytest.fixture
def form_page(
    app: flask.Flask, browser: Callable[[], Browser]
) -> tuple[Browser, str, dict[str, str]]:
    """A signed-in officer, the form's address, and what it is filled with."""
    with app.app_context():
        address = factories.email_of(factories.person(AccessKind.SECRETARIAT, home="biro-kesra"))
        factories.open_period()
        path = f"/penugasan/baru/{factories.action('1.1').public_id}"
    officer = browser().sign_in(address, factories.PASSWORD)
    page = officer.get(path).text
    key = re.search(r'name="form_key"[^>]*value="([^"]+)"', page)
    assert key
    fields = {
        "form_key": key[1],
        "lead": "dispora",
        "basis_kind": "meeting",
        "basis_reference": "Rakor Oktober",
        "basis_on": "05/10/2026",
        "due_on": "31/12/2026",
        "note": "Utamakan lembaga pelatihan.",
        "join": "y",
    }
    return officer, path, fields


@pytest.mark.parametrize("field", ["note", "basis_reference"])
def test_a_nik_in_the_form_is_refused_at_its_field_and_stored_nowhere(
    app: flask.Flask, form_page: tuple[Browser, str, dict[str, str]], field: str
) -> None:
    officer, path, fields = form_page
    page = officer.post(path, {**fields, field: f"Korban {NIK}"}, status=422).text
    assert f'id="{field}-error"' in page
    assert "NIK" in page
    with app.app_context():
        assert count() == 0
        stored = "".join(
            repr(tuple(row))
            for table in db.metadata.sorted_tables
            for row in db.session.execute(sa.select(table))
        )
        assert NIK not in stored


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lead": "pengadilan-tinggi"}, "lead"),
        ({"due_on": "30/02/2027"}, "due_on"),
        ({"due_on": "12/10/2026"}, "due_on"),
        ({"basis_on": "2026-10-14"}, "basis_on"),
        ({"basis_reference": ""}, "basis_reference"),
    ],
)
def test_the_form_says_what_is_wrong_and_keeps_the_rest(
    app: flask.Flask,
    form_page: tuple[Browser, str, dict[str, str]],
    change: dict[str, str],
    field: str,
) -> None:
    officer, path, fields = form_page
    page = officer.post(path, {**fields, **change}, status=422).text
    assert f'id="{field}-error"' in page
    assert "Utamakan lembaga pelatihan." in page
    with app.app_context():
        assert count() == 0


def test_a_bad_target_is_an_error_at_its_field(
    app: flask.Flask, form_page: tuple[Browser, str, dict[str, str]]
) -> None:
    officer, path, fields = form_page
    with app.app_context():
        name = f"target-{factories.action('1.1').indicators[0].id}"
    page = officer.post(path, {**fields, name: "selusin"}, status=422).text
    assert f'id="{name}-error"' in page
    assert 'value="selusin"' in page
    with app.app_context():
        assert count() == 0


def test_a_court_is_not_offered(form_page: tuple[Browser, str, dict[str, str]]) -> None:
    officer, path, _fields = form_page
    page = officer.get(path).text
    assert 'value="dinsos"' in page
    assert "pengadilan-tinggi" not in page


def test_the_double_click_makes_one_assignment_with_one_receipt(
    app: flask.Flask, form_page: tuple[Browser, str, dict[str, str]]
) -> None:
    officer, path, fields = form_page
    places = {officer.post(path, fields).location for _ in range(2)}
    with app.app_context():
        assert count() == 1
    assert len(places) == 1
