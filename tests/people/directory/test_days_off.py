"""The table of days off on screen and in the shell."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import flask
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.clock import today
from coordinator.db import db
from coordinator.errors import InvalidInput, NotAllowed
from coordinator.people.directory import holidays, queries, service
from coordinator.people.directory.cli import holidays_cli
from coordinator.people.directory.models import Holiday
from coordinator.people.directory.rules import HolidayKind, add_working_days
from coordinator.people.directory.task_forces import add_task_force
from coordinator.periods.rules import Window
from coordinator.permissions import AccessKind, Viewer
from tests import factories
from tests.conftest import Browser
from tests.engines import ROOT
from tests.periods.builders import planned

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def test_the_screen_adds_changes_and_removes_and_working_days_follow(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        viewer = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        planned(viewer, window=Window(date(2026, 10, 14), date(2026, 10, 30)))
        address = factories.email_of(viewer)
    officer = browser().sign_in(address, factories.PASSWORD)
    place = "/pengaturan/hari-libur"
    fields = {"on": "2026-10-30", "name": "Hari Jadi", "kind": "national", "source": "SK 1/2026"}
    answer = officer.post(place, {**fields, "source": ""}, status=422)
    assert "Hari Jadi" in answer.text
    assert "Tulis sumbernya" in answer.text
    officer.post(place, fields)
    assert "Hari itu sudah ada" in officer.post(place, fields, status=422).text
    page = officer.get(f"{place}?tahun=2026").text
    assert "SK 1/2026" in page
    assert "Triwulan IV 2026" in page  # its last day is now a day off
    with app.app_context():
        assert add_working_days(date(2026, 10, 29), 1, queries.days_off()) == date(2026, 11, 2)
    officer.post(f"{place}/2026-10-30", {**fields, "on": "2026-10-29", "kind": "joint_leave"})
    officer.post(f"{place}/2026-10-29/hapus", {}, page=place)
    officer.get(f"{place}/2026-10-29", status=404)
    officer.get(f"{place}/kapan", status=404)
    with app.app_context():
        assert add_working_days(date(2026, 10, 28), 1, queries.days_off()) == date(2026, 10, 29)
        actions = db.session.scalars(
            sa.text("SELECT action FROM audit_entry WHERE action LIKE 'holiday.%' ORDER BY id")
        ).all()
    assert actions == ["holiday.added", "holiday.changed", "holiday.removed"]


@pytest.mark.usefixtures("in_app")
def test_only_the_province_and_the_administrator_change_it() -> None:
    day = holidays.DayOff(date(2026, 10, 30), "x", HolidayKind.NATIONAL, "SK")
    office = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
    administrator = factories.person(AccessKind.ADMINISTRATOR)
    add_task_force("63.71", "Kota Banjarmasin", by=administrator)  # its province is not here
    below = [
        Viewer(
            office.account_id,
            AccessKind.SECRETARIAT,
            task_force_id=factories.task_force(code).id,
        )
        for code in ("64.71", "63.71")
    ]
    for viewer in (*below, factories.person(AccessKind.LEADERSHIP, home="biro-kesra")):
        with pytest.raises(NotAllowed):
            holidays.save_day_off(day, by=viewer)
        with pytest.raises(NotAllowed):
            holidays.remove_day_off(date(2026, 12, 25), by=viewer)
    holidays.save_day_off(day, by=administrator)
    with pytest.raises(InvalidInput):
        holidays.save_day_off(day, by=administrator)
    assert today() == date(2026, 10, 13)


def test_check_finds_what_the_library_knows_otherwise(app: flask.Flask) -> None:
    runner = app.test_cli_runner()

    def check(year: int) -> tuple[int, list[dict[str, str]]]:
        done = runner.invoke(holidays_cli, ["check", str(year), "--json"])
        return done.exit_code, json.loads(done.output)

    file = service.read_holidays(ROOT / "seed" / "holidays_id.yaml")
    assert {part.year: len(part.days) for part in file.years} == {2025: 28, 2026: 25, 2027: 26}
    for year in (2025, 2026, 2027):
        assert check(year) == (0, [])
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.delete(Holiday).where(Holiday.on == date(2026, 12, 25)))
        connection.execute(
            sa.update(Holiday).where(Holiday.on == date(2026, 12, 24)).values(kind="national")
        )
        connection.execute(
            sa.update(Holiday).where(Holiday.on == date(2026, 1, 1)).values(on=date(2026, 1, 2))
        )
    code, rows = check(2026)
    assert code == 1
    assert [(row["on"], row["difference"]) for row in rows] == [
        ("2026-01-01", "missing"),
        ("2026-01-02", "extra"),
        ("2026-12-24", "kind"),
        ("2026-12-25", "missing"),
    ]
    spoken = runner.invoke(holidays_cli, ["check", "2026"])
    assert spoken.exit_code == 1
    assert "4 perbedaan pada 2026." in spoken.output
    assert runner.invoke(holidays_cli, ["check", "tahun"]).exit_code == 2


def test_the_end_of_the_table_is_said_a_year_before(
    app: flask.Flask, browser: Callable[[], Browser], clock: time_machine.Traveller
) -> None:
    # The seed ends with 2027. Until the end of 2026 nothing is missing; from New Year 2027 on the
    # home page says so, and in 2028 it names the year people are in.
    with app.app_context():
        address = factories.email_of(factories.person(AccessKind.SECRETARIAT, home="biro-kesra"))
    said = "Tabel hari libur belum memuat"
    for day, expected in (
        (datetime(2026, 12, 31, 2, tzinfo=UTC), None),
        (datetime(2027, 1, 4, 2, tzinfo=UTC), f"{said} 2028"),
        (datetime(2028, 2, 1, 2, tzinfo=UTC), f"{said} 2028"),
    ):
        clock.move_to(day)
        page = browser().sign_in(address, factories.PASSWORD).get("/beranda").text
        assert (expected in page) if expected else (said not in page), day


def test_days_that_no_decree_was_compared_with_are_said(
    app: flask.Flask, browser: Callable[[], Browser], clock: time_machine.Traveller
) -> None:
    said = "Belum dicocokkan dengan SKB"
    with app.app_context():
        address = factories.email_of(factories.person(AccessKind.SECRETARIAT, home="biro-kesra"))
    officer = browser().sign_in(address, factories.PASSWORD)
    assert said not in officer.get("/beranda").text  # October: the decree for 2027 may not be out
    clock.move_to(datetime(2026, 11, 2, 2, tzinfo=UTC))
    officer = browser().sign_in(address, factories.PASSWORD)
    assert said in officer.get("/beranda").text
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE holiday SET source = 'SKB' WHERE \"on\" > '2026-12-31'"))
    assert said not in officer.get("/beranda").text
