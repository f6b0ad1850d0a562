"""Opening a period, joining it, more time, and where the day ends."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import flask
import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.exc import IntegrityError

from coordinator.clock import today
from coordinator.compliance import queries as compliance
from coordinator.compliance.rules import Counts, Layer
from coordinator.db import db
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.periods import extensions, service
from coordinator.periods.models import Extension, Obligation, ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from coordinator.progress import queries as progress
from coordinator.progress.rules import ReturnReason
from coordinator.progress.verification.returning_service import return_report
from coordinator.progress.verification.rules import ReturnInput
from coordinator.roles.queries import current_version
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
    assert service.join_period(assignment.id, period.id, by=secretariat) == 0
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
    assert service.join_period(assignment.id, period.id, by=secretariat) == 1
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
        service.join_period(assignment.id, period.id, by=leadership)
    elsewhere = factories.task_force("64.72").id
    abroad = Viewer(secretariat.account_id, AccessKind.SECRETARIAT, task_force_id=elsewhere)
    with pytest.raises(NotFound):
        service.join_period(assignment.id, period.id, by=abroad)
    assert obligations() == []


# --- more time -----------------------------------------------------------------------------------


def test_an_extension_is_later_than_the_close_and_the_newest_counts(secretariat: Viewer) -> None:
    period = factories.open_period()
    agency = factories.agency("dispora")
    with pytest.raises(InvalidInput) as refusal:
        extensions.grant_extension(
            period.id, agency.id, until_on=period.closes_on, reason="Banjir", by=secretariat
        )
    assert set(refusal.value.fields) == {"until_on"}
    for day in (date(2026, 10, 20), date(2026, 10, 23)):
        extensions.grant_extension(
            period.id, agency.id, until_on=day, reason="Banjir", by=secretariat
        )
    assert db.session.scalars(sa.select(Extension.until_on)).all() == [date(2026, 10, 23)]
    leadership = factories.person(AccessKind.LEADERSHIP, home="biro-kesra")
    with pytest.raises(NotAllowed):
        extensions.grant_extension(
            period.id, agency.id, until_on=date(2026, 10, 30), reason="x", by=leadership
        )


def test_an_extension_moves_the_last_day_of_one_agency_everywhere(
    app: flask.Flask, browser: Callable[[], Browser], clock: Clock
) -> None:
    with app.app_context():
        story = factories.story()
        lead = factories.obligation_of(story.assignment, "dispora").public_id
        extensions.grant_extension(
            story.period.id,
            factories.agency("dispora").id,
            until_on=date(2026, 10, 23),
            reason="Banjir",
            by=story.secretariat,
        )
        addresses = {
            name: factories.email_of(getattr(story, name))
            for name in ("focal_point", "supporter", "leadership")
        }
        clock.move_to(datetime(2026, 10, 19, 2, 0, tzinfo=UTC))
        days = {
            viewer.agency_id: [task.due_on for task in progress.my_tasks(viewer, period_id=None)]
            for viewer in (story.focal_point, story.supporter)
        }
        assert days == {
            story.focal_point.agency_id: [date(2026, 10, 23)],
            story.supporter.agency_id: [date(2026, 10, 16)],
        }
        silent = {
            row.slug: row.counts.silent
            for row in compliance.matrix(
                story.leadership, story.period, Layer.LAPOR, on=today()
            ).rows
            if row.counts.total
        }
        assert silent == {"dispora": 0, "disnakertrans": 1}
        assert progress.silent_agencies(story.secretariat, story.period.id, today()) == [
            "Disnakertrans"
        ]
    own = browser().sign_in(addresses["focal_point"], factories.PASSWORD)
    assert "4 hari lagi" in own.get("/tugas-saya").text
    form = own.get(f"/laporan/{lead}").text
    assert "Jumat, 23 Oktober 2026" in form
    assert "diperpanjang" in form
    other = browser().sign_in(addresses["supporter"], factories.PASSWORD)
    tasks = other.get("/tugas-saya").text
    assert "Terlambat 3 hari" in tasks
    assert "23 Oktober" not in tasks
    drill = browser().sign_in(addresses["leadership"], factories.PASSWORD).get("/matriks/dispora")
    assert "23 Oktober 2026" in drill.text


# --- where the day ends --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "in_time", "silent", "word"),
    [(LAST_SECOND, 1, 0, "hari ini"), (MIDNIGHT, 0, 1, "terlambat 1 hari")],
    ids=["last second", "midnight"],
)
def test_the_day_ends_at_midnight_wita(
    app: flask.Flask,
    browser: Callable[[], Browser],
    clock: Clock,
    instant: datetime,
    in_time: int,
    silent: int,
    word: str,
) -> None:
    with app.app_context():
        story = factories.story()
        assert story.period.closes_on == date(2026, 10, 16)
        address = factories.email_of(story.focal_point)
        owed = factories.obligation_of(story.assignment, "dispora").id
    clock.move_to(instant)
    own = browser().sign_in(address, factories.PASSWORD)
    assert word in own.get("/tugas-saya").text.lower()

    def counts() -> Counts:
        period = db.session.scalars(sa.select(ReportingPeriod)).one()
        found = compliance.matrix(story.leadership, period, Layer.LAPOR, on=today())
        return next(row.counts for row in found.rows if row.slug == "dispora")

    with app.app_context():
        assert counts().silent == silent
        assert counts().due == silent
        factories.submit(db.session.get_one(Obligation, owed), story.focal_point)
        after = counts()
        assert (after.reported, after.in_time, after.silent) == (1, in_time, 0)
        clock.move_to(datetime(2026, 11, 30, tzinfo=UTC))
        assert counts().in_time == in_time  # the first submission decides, for good


def test_mending_late_leaves_the_report_in_time(secretariat: Viewer, clock: Clock) -> None:
    focal_point = factories.person(AccessKind.FOCAL_POINT, "dispora")
    period = factories.open_period()
    obligation = factories.obligation_of(factories.assign(secretariat, join=period), "dispora")
    factories.submit(obligation, focal_point)
    return_report(
        obligation.public_id,
        ReturnInput(1, ReturnReason.OTHER, "Lengkapi.", date(2026, 10, 16)),
        by=secretariat,
    )
    clock.move_to(datetime(2026, 10, 27, tzinfo=UTC))
    factories.submit(obligation, focal_point)
    found = compliance.matrix(secretariat, period, Layer.LAPOR, on=today())
    counts = next(row.counts for row in found.rows if row.slug == "dispora")
    assert (counts.in_time, counts.due) == (1, 1)
