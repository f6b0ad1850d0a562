"""More time for an agency, and where the day ends."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.obligations import extensions
from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import today
from coordinator.db import db
from coordinator.errors import InvalidInput, NotAllowed
from coordinator.oversight.matrix import queries as matrix_queries
from coordinator.oversight.matrix.rules import Counts, Layer
from coordinator.oversight.stuck.queries import late_agencies
from coordinator.periods.models import Extension, ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from coordinator.reporting.reports import task_queries
from coordinator.reporting.reports.rules import ReturnReason
from coordinator.reporting.verification.returning_service import return_report
from coordinator.reporting.verification.rules import ReturnInput
from tests import factories
from tests.conftest import Browser

Clock = time_machine.Traveller
LAST_SECOND = datetime(2026, 10, 16, 15, 59, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 10, 16, 16, 0, 0, tzinfo=UTC)


@pytest.fixture
def secretariat(in_app: None) -> Viewer:
    """Who opens and assigns."""
    return factories.person(AccessKind.SECRETARIAT, home="biro-kesra")


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
            viewer.agency_id: [task.due_on for task in task_queries.open_tasks(viewer)]
            for viewer in (story.focal_point, story.supporter)
        }
        assert days == {
            story.focal_point.agency_id: [date(2026, 10, 23)],
            story.supporter.agency_id: [date(2026, 10, 16)],
        }
        silent = {
            row.slug: row.counts.silent
            for row in matrix_queries.matrix(
                story.leadership, story.period, Layer.LAPOR, on=today()
            ).rows
            if row.counts.total
        }
        assert silent == {"dispora": 0, "disnakertrans": 1}
        late = late_agencies(story.secretariat, today())
        assert [one.abbreviation for one in late] == ["Disnakertrans"]
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
        found = matrix_queries.matrix(story.leadership, period, Layer.LAPOR, on=today())
        return next(row.counts for row in found.rows if row.slug == "dispora")

    with app.app_context():
        assert counts().silent == silent
        assert counts().due == silent
        factories.submit(db.session.get_one(Obligation, owed), story.focal_point)
        after = counts()
        assert (after.reported, after.in_time, after.silent) == (1, in_time, 0)
        clock.move_to(datetime(2026, 11, 30, tzinfo=UTC))
        assert counts().in_time == in_time  # the first submission decides, for good


def test_correcting_late_leaves_the_report_in_time(secretariat: Viewer, clock: Clock) -> None:
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
    found = matrix_queries.matrix(secretariat, period, Layer.LAPOR, on=today())
    counts = next(row.counts for row in found.rows if row.slug == "dispora")
    assert (counts.in_time, counts.due) == (1, 1)
