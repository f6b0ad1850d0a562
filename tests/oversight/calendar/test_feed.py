"""The calendar feed: whose it is, when it dies, what it says, and how it moves."""

import io
import logging
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import flask
import icalendar
import pytest
import sqlalchemy as sa
import time_machine

from coordinator.assignments.obligations import extensions
from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import today
from coordinator.db import db
from coordinator.oversight.calendar import queries, service
from coordinator.oversight.matrix import queries as matrix_queries
from coordinator.oversight.matrix.rules import Layer
from coordinator.oversight.opening import service as opening
from coordinator.oversight.reminders import service as reminders
from coordinator.people.accounts import appointments
from coordinator.people.accounts import service as accounts
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.directory.models import TaskForce
from coordinator.reporting.reports import task_queries
from coordinator.reporting.reports.rules import ReturnReason
from coordinator.reporting.revisions import withdrawal
from coordinator.reporting.verification.returning_service import return_report
from coordinator.reporting.verification.rules import ReturnInput
from tests import factories
from tests.conftest import Browser

SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


def subscribe(who: Browser) -> str:
    """Make the address on the page; return its path."""
    who.post("/kalender", {"act": "buat"})
    found = re.search(r'id="address" readonly value="([^"]+)"', who.get("/kalender").text)
    assert found
    return urlsplit(found[1]).path


def read(app: flask.Flask, path: str) -> dict[str, icalendar.Event]:
    """Fetch the feed as a calendar program does; events by UID."""
    answer = app.test_client().get(path)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "text/calendar"
    assert max(len(line) for line in answer.data.split(b"\r\n")) <= 75
    calendar = icalendar.Calendar.from_ical(answer.data)
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def test_a_moved_day_moves_the_event(app: flask.Flask, browser: Callable[[], Browser]) -> None:
    with app.app_context():
        story = factories.story()
        address = factories.email_of(story.focal_point)
        boss = factories.email_of(story.secretariat)
        key = story.period.public_id
        owed_id = factories.obligation_of(story.assignment, "dispora").id
    own = subscribe(browser().sign_in(address, factories.PASSWORD))
    office = subscribe(browser().sign_in(boss, factories.PASSWORD))
    uid = f"due-{key}-dispora@koordinator-tppo"
    before = read(app, own)
    assert before[uid].decoded("DTSTART") == date(2026, 10, 16)
    assert before[uid].decoded("DTEND") == date(2026, 10, 17)
    assert str(before[uid]["SUMMARY"]) == "1 laporan jatuh tempo: Triwulan III 2026 - Dispora"
    assert [alarm.decoded("TRIGGER") for alarm in before[uid].walk("VALARM")] == [
        timedelta(days=-3, hours=8),
        timedelta(days=-1, hours=8),
    ]
    assert f"closes-{key}@koordinator-tppo" in read(app, office)
    with app.app_context():
        extensions.grant_extension(
            story.period.id,
            factories.agency("dispora").id,
            until_on=date(2026, 10, 23),
            reason="Rahasia kantor",
            by=story.secretariat,
        )
    after = read(app, own)
    assert set(after) == set(before)
    assert after[uid].decoded("DTSTART") == date(2026, 10, 23)
    assert int(after[uid]["SEQUENCE"]) > int(before[uid]["SEQUENCE"])
    assert after[uid].decoded("LAST-MODIFIED") >= before[uid].decoded("LAST-MODIFIED")
    moved = read(app, office)[f"extension-{key}-dispora@koordinator-tppo"]
    assert moved.decoded("DTSTART") == date(2026, 10, 23)
    with app.app_context():
        extensions.withdraw_extension(
            story.period.id, factories.agency("dispora").id, by=story.secretariat
        )
    last = read(app, own)[uid]
    assert last.decoded("DTSTART") == date(2026, 10, 16)
    assert int(last["SEQUENCE"]) > int(after[uid]["SEQUENCE"])
    # What is sent leaves the calendar; what comes back returns with its own day.
    with app.app_context():
        factories.submit(db.session.get_one(Obligation, owed_id), story.focal_point)
    assert uid not in read(app, own)
    with app.app_context():
        report_id = db.session.get_one(Obligation, owed_id).public_id
        return_report(
            report_id,
            ReturnInput(1, ReturnReason.OTHER, "Catatan pemeriksa", date(2026, 10, 20)),
            by=story.secretariat,
        )
    events = read(app, own)
    assert events[f"mend-{report_id}@koordinator-tppo"].decoded("DTSTART") == date(2026, 10, 20)
    text = app.test_client().get(own).text + app.test_client().get(office).text
    for word in ("Rahasia kantor", "Catatan pemeriksa", "Kegiatan berjalan", "uji.example"):
        assert word not in text


def _revision(event: icalendar.Event) -> tuple[int, datetime, datetime]:
    """An entry's SEQUENCE, DTSTAMP and LAST-MODIFIED."""
    stamp, modified = event.decoded("DTSTAMP"), event.decoded("LAST-MODIFIED")
    return int(event["SEQUENCE"]), stamp, modified


def _rose(before: icalendar.Event, after: icalendar.Event) -> bool:
    assert before["UID"] == after["UID"]
    pairs = zip(_revision(before), _revision(after), strict=True)
    return all(new > old for old, new in pairs)  # type: ignore[operator]


def test_a_text_that_changes_is_a_new_revision(
    app: flask.Flask, browser: Callable[[], Browser], clock: time_machine.Traveller
) -> None:
    with app.app_context():
        story = factories.story()
        own_id = factories.obligation_of(story.assignment, "dispora").id
        second = factories.assign(story.secretariat, "1.2", join=story.period)
        address = factories.email_of(story.focal_point)
        uid = f"due-{story.period.public_id}-dispora@koordinator-tppo"
        other = f"assignment-{second.public_id}-dispora@koordinator-tppo"
    own = subscribe(browser().sign_in(address, factories.PASSWORD))
    first = read(app, own)
    assert str(first[uid]["SUMMARY"]).startswith("2 laporan")
    clock.shift(timedelta(hours=3))
    for again in (read(app, own), read(app, own)):
        assert {key: _revision(one) for key, one in again.items()} == {
            key: _revision(one) for key, one in first.items()
        }
    # One report leaves, and the reading after it says so; the other entries stay as they were.
    with app.app_context():
        factories.submit(db.session.get_one(Obligation, own_id), story.focal_point)
    one_left = read(app, own)
    assert str(one_left[uid]["SUMMARY"]).startswith("1 laporan")
    assert _rose(first[uid], one_left[uid])
    assert _revision(one_left[other]) == _revision(first[other])
    clock.move_to(datetime(2026, 10, 17, 1, tzinfo=UTC))
    late = read(app, own)
    assert str(late[uid]["SUMMARY"]).startswith("TERLAMBAT")
    assert _rose(one_left[uid], late[uid])
    # The text of before is a revision of its own too.
    with app.app_context():
        report_id = db.session.get_one(Obligation, own_id).public_id
        withdrawal.withdraw_report(report_id, revision_number=1, by=story.focal_point)
    back = read(app, own)
    assert "2 laporan" in str(back[uid]["SUMMARY"])
    assert int(back[uid]["SEQUENCE"]) > int(late[uid]["SEQUENCE"])
    assert int(back[uid]["SEQUENCE"]) < 2**31


@SQLITE
def test_the_feed_is_read_where_nothing_can_be_written(
    app: flask.Flask, browser: Callable[[], Browser], clock: time_machine.Traveller
) -> None:
    with app.app_context():
        story = factories.story()
        address = factories.email_of(story.focal_point)
        uid = f"due-{story.period.public_id}-dispora@koordinator-tppo"
    own = subscribe(browser().sign_in(address, factories.PASSWORD))
    before = read(app, own)[uid]
    clock.move_to(datetime(2026, 10, 17, 1, tzinfo=UTC))
    with app.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        try:
            connection.close()
            after = read(app, own)[uid]
        finally:
            db.engine.dispose()
    assert _rose(before, after)


@SQLITE
def test_programs_ask_once_an_hour(app: flask.Flask, browser: Callable[[], Browser]) -> None:
    with app.app_context():
        address = factories.email_of(factories.story().focal_point)
    own = subscribe(browser().sign_in(address, factories.PASSWORD))
    lines = app.test_client().get(own).text.splitlines()
    assert "X-PUBLISHED-TTL:PT1H" in lines
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines


@SQLITE
def test_the_address_is_a_secret_that_dies_with_the_access(
    app: flask.Flask,
    browser: Callable[[], Browser],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with app.app_context():
        story = factories.story()
        people = {
            name: factories.email_of(getattr(story, name))
            for name in ("focal_point", "supporter", "leadership", "secretariat")
        }
    # What is logged: the path with its secret masked.
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger("coordinator").addHandler(handler)
    paths = {
        name: subscribe(browser().sign_in(email, factories.PASSWORD))
        for name, email in people.items()
    }
    tokens = {
        name: path.removeprefix("/kalender/").removesuffix(".ics") for name, path in paths.items()
    }
    assert all(re.fullmatch(r"[0-9a-f]{64}", token) for token in tokens.values())
    stranger = app.test_client()
    first = stranger.get(paths["focal_point"])
    assert first.headers["Referrer-Policy"] == "no-referrer"
    assert first.headers["Cache-Control"] == "private, max-age=900"
    again = stranger.get(paths["focal_point"], headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    logging.getLogger("coordinator").removeHandler(handler)
    assert "/kalender/***" in stream.getvalue()
    assert not any(token in stream.getvalue() for token in tokens.values())
    with app.app_context(), db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            rows = repr(connection.execute(sa.select(table)).all())
            assert not any(token in rows for token in tokens.values()), table.name

    # A new address kills the old one at once; switching off kills the new one.
    owner = browser().sign_in(people["focal_point"], factories.PASSWORD)
    fresh = subscribe(owner)
    assert fresh != paths["focal_point"]
    assert stranger.get(paths["focal_point"]).status_code == 404
    assert stranger.get(fresh).status_code == 200
    owner.post("/kalender", {"act": "matikan"})
    assert stranger.get(fresh).status_code == 404
    # So do the end of the access and the end of the account.
    with app.app_context():
        grant = db.session.scalars(
            sa.select(AccessGrant.id).where(AccessGrant.account_id == story.supporter.account_id)
        ).one()
        appointments.end_access(grant, by=story.secretariat)
        accounts.disable(story.leadership.account_id or 0, by=story.secretariat)
    assert stranger.get(paths["supporter"]).status_code == 404
    assert stranger.get(paths["leadership"]).status_code == 404
    # Guessing is limited, and does not keep a right token out.
    answers = [stranger.get(f"/kalender/{n:064x}.ics").status_code for n in range(40)]
    assert answers[0] == 404
    assert answers[-1] == 429
    assert stranger.get(paths["secretariat"]).status_code == 200


INSTANTS = [
    datetime(2026, 10, 16, 15, 59, 59, tzinfo=UTC) + timedelta(seconds=seconds)
    for seconds in (-86400, -43200, -57600, -3600, -60, 0)
] + [
    datetime(2026, 10, 16, 16, 0, 0, tzinfo=UTC) + timedelta(seconds=seconds)
    for seconds in (0, 1, 60, 3600, 28800, 86399)
]


@SQLITE
@pytest.mark.usefixtures("in_app")
def test_late_is_one_word_everywhere(clock: time_machine.Traveller) -> None:
    """Due 16 October in Samarinda: not late at 15:59:59 UTC, late at 16:00:00 UTC, in the same
    breath on "Tugas saya", in the matrix (and so its exports), in mails and in the calendar."""
    story = factories.story()
    force = db.session.get_one(TaskForce, story.period.task_force_id)
    feed = service.make_feed(by=story.focal_point, secret_key="k")
    for instant in INSTANTS:
        clock.move_to(instant)
        is_late = instant >= datetime(2026, 10, 16, 16, tzinfo=UTC)
        on = today()
        [task] = task_queries.open_tasks(story.focal_point)
        assert (task.last_day < on) is is_late
        rows = matrix_queries.matrix(story.leadership, story.period, Layer.LAPOR, on=on).rows
        assert [row.counts.silent for row in rows if row.slug == "dispora"] == [int(is_late)]
        content = service.feed_content(feed.id, story.focal_point, on=on, base_url="x").decode()
        assert ("TERLAMBAT" in content) is is_late
        assert '"on": "2026-10-16"' in content
        owed = reminders.queries.due_reports(force)
        mail = reminders.render(
            reminders.Digest(
                db.session.get_one(AccessGrant, 1).account,
                owed[0].agency_id,
                "Dispora",
                owed,
                {},
                {},
            ),
            force,
            on,
        )
        assert ("lewat batas" in mail.subject) is is_late
        assert ("terlambat" in mail.text) is is_late
        assert (opening.closing(story.secretariat, story.period).silent != []) is is_late


@SQLITE
def test_the_page_has_every_date_and_the_days_off(
    app: flask.Flask, browser: Callable[[], Browser]
) -> None:
    with app.app_context():
        story = factories.story()
        reminders.ensure_ladder(story.period.task_force_id)
        own = factories.email_of(story.focal_point)
        office = factories.email_of(story.secretariat)
        assert queries.reminder_days(story.focal_point, today())
    page = browser().sign_in(own, factories.PASSWORD).get("/kalender").text
    assert "1 laporan jatuh tempo: Triwulan III 2026 - Dispora" in page
    assert "Batas waktu aksi 1.1 - Dispora" in page
    assert "Libur: Hari Raya Natal" in page
    assert page.index("Jumat, 16 Oktober") < page.index("Pengingat</a>: 1 laporan")
    assert "Disnakertrans" not in page
    page = browser().sign_in(office, factories.PASSWORD).get("/kalender").text
    assert "Laporan jatuh tempo: Triwulan III 2026" in page
