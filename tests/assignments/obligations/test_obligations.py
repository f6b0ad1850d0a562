"""Who owes a report when a period is opened, and when an assignment joins one."""

from collections.abc import Callable
from datetime import UTC, datetime

import flask
import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.exc import IntegrityError

from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.service import join_period
from coordinator.db import db
from coordinator.errors import Conflict, NotAllowed, NotFound
from coordinator.mapping.duties.queries import current_version
from coordinator.oversight.opening import service
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.conftest import Browser

Clock = time_machine.Traveller
LAST_SECOND = datetime(2026, 10, 16, 15, 59, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 10, 16, 16, 0, 0, tzinfo=UTC)


@pytest.fixture
def secretariat(in_app: None) -> Viewer:
    """Who opens and assigns."""
    return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")


def obligations(period: ReportingPeriod | None = None) -> list[str]:
    """The agencies that owe a report (in a period)."""
    query = sa.select(Obligation)
    if period is not None:
        query = query.where(Obligation.period_id == period.id)
    return sorted(row.party.agency.slug for row in db.session.scalars(query))


# --- who owes ------------------------------------------------------------------------------------


def test_opening_makes_one_obligation_a_party(secretariat: Viewer) -> None:
    factories.assign(secretariat, "1.1", "dispora", ("disnakertrans", "dinsos"))
    factories.assign(secretariat, "1.2", "dispora", ())
    assert obligations() == []
    period = factories.open_period()
    assert obligations(period) == ["dinsos", "disnakertrans", "dispora", "dispora"]
    version = current_version(period.task_force_id)
    assert version is not None
    assert period.mapping_version == version.number
    assert {row.due_on for row in db.session.scalars(sa.select(Obligation))} == {period.closes_on}


def test_a_closed_assignment_and_an_ended_party_owe_nothing_new(secretariat: Viewer) -> None:
    closed = factories.assign(secretariat, "1.1", "dispora")
    partly = factories.assign(secretariat, "1.2", "dinsos", ("dinkes",))
    with db.engine.begin() as connection:
        connection.execute(
            sa.text(
                "UPDATE assignment SET closed_at = '2026-10-13 00:00:00', closed_reason = 'uji' "
                "WHERE id = :id"
            ).bindparams(id=closed.id)
        )
        connection.execute(
            sa.text(
                "UPDATE assignment_party SET ended_at = '2026-10-13 00:00:00' "
                "WHERE assignment_id = :id AND kind = 'support'"
            ).bindparams(id=partly.id)
        )
    assert obligations(factories.open_period()) == ["dinsos"]


def test_joining_twice_makes_none_more(secretariat: Viewer) -> None:
    period = factories.open_period()
    assignment = factories.assign(secretariat, support=("disnakertrans",), join=period)
    assert join_period(assignment.id, period.id, by=secretariat) == 0
    assert obligations() == ["disnakertrans", "dispora"]
    with db.engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(
            sa.text(
                "INSERT INTO obligation (public_id, period_id, party_id, task_force_id, agency_id,"
                " working_group_id, due_on) SELECT 'lain', period_id, party_id, task_force_id,"
                " agency_id, working_group_id, due_on FROM obligation"
            )
        )


def test_an_assignment_made_in_an_open_period_joins_only_when_asked(secretariat: Viewer) -> None:
    period = factories.open_period()
    assignment = factories.assign(secretariat)
    assert obligations() == []
    assert join_period(assignment.id, period.id, by=secretariat) == 1
    assert obligations(period) == ["dispora"]


@pytest.mark.parametrize("ticked", [True, False])
def test_the_forms_tick_decides(
    app: flask.Flask, browser: Callable[[], Browser], ticked: bool
) -> None:
    with app.app_context():
        address = factories.email_of(factories.person(AccessKind.SECRETARIAT, home="biro-kesra"))
        factories.open_period()
        path = f"/penugasan/baru/{factories.action('1.1').public_id}"
    fields = {
        "lead": "dispora",
        "basis_kind": "meeting",
        "basis_reference": "Rakor Oktober",
        "basis_on": "2026-10-05",
        "due_on": "2026-12-31",
        **({"join": "y"} if ticked else {}),
    }
    officer = browser().sign_in(address, factories.PASSWORD)
    answer = officer.post(path, fields)
    with app.app_context():
        assert obligations() == (["dispora"] if ticked else [])
    if not ticked:
        place = answer.location.split("?")[0]
        officer.post(f"{place}/ikutkan", {}, page=place)
        with app.app_context():
            assert obligations() == ["dispora"]


def test_a_label_names_one_period_of_a_year(secretariat: Viewer) -> None:
    factories.open_period()
    with pytest.raises(IntegrityError):
        factories.open_period()
    assert len(db.session.scalars(sa.select(ReportingPeriod)).all()) == 1


def test_a_task_force_without_mapping_opens_no_period(secretariat: Viewer) -> None:
    period = factories.open_period()
    with pytest.raises(Conflict):
        service.open_new_period(
            factories.task_force("64.72").id,
            service.NewPeriod(
                year=2026,
                label="Triwulan III",
                position=3,
                periods_in_year=4,
                covers_from=period.covers_from,
                covers_until=period.covers_until,
                opens_on=period.opens_on,
                closes_on=period.closes_on,
            ),
            by=None,
        )


def test_only_the_secretariat_of_the_task_force_lets_join(secretariat: Viewer) -> None:
    period = factories.open_period()
    assignment = factories.assign(secretariat)
    leadership = factories.person(AccessKind.LEADERSHIP, home="biro-kesra")
    with pytest.raises(NotAllowed):
        join_period(assignment.id, period.id, by=leadership)
    elsewhere = factories.task_force("64.72").id
    abroad = Viewer(secretariat.account_id, AccessKind.SECRETARIAT, task_force_id=elsewhere)
    with pytest.raises(NotFound):
        join_period(assignment.id, period.id, by=abroad)
    assert obligations() == []
