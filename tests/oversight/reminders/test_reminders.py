"""The ladder of reminders, day by day: who is reminded of what, when, and of nothing twice."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa
import time_machine

import config
from coordinator.app import create_app
from coordinator.assignments.obligations import extensions
from coordinator.db import db
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.answers.service import answer_duty
from coordinator.mapping.duties.models import Duty
from coordinator.oversight.reminders import service
from coordinator.oversight.reminders.models import ReminderNotice, ReminderRun
from coordinator.people.directory.ladder_rules import steps_due
from coordinator.people.directory.models import TaskForce
from coordinator.permissions import AccessKind, Viewer
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.reports.rules import ReturnReason
from coordinator.reporting.verification.returning_service import return_report
from coordinator.reporting.verification.rules import ReturnInput, VerifyInput
from coordinator.reporting.verification.service import verify_report
from tests import factories
from tests.engines import ROOT
from tests.oversight.reminders.builders import at_eight
from tests.reporting.reports.mail_link import opened_by

Clock = time_machine.Traveller
DECEMBER = date(2026, 12, 1)


def run(clock: Clock, day: date) -> list[OutgoingEmail]:
    """Work out a day's reminders at 08.05; return the mails they made."""
    clock.move_to(at_eight(day))
    newest = db.session.scalar(sa.select(sa.func.max(OutgoingEmail.id))) or 0
    service.queue_reminders(factories.task_force().id)
    return list(
        db.session.scalars(
            sa.select(OutgoingEmail)
            .where(OutgoingEmail.id > newest, OutgoingEmail.kind == "digest")
            .order_by(OutgoingEmail.id)
        )
    )


def days_with_mail(clock: Clock, first: date, last: date) -> list[date]:
    """Run every day of a span, days off too; return those on which somebody got a mail."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if run(clock, day)]


def notices() -> list[tuple[int, str]]:
    """Each step that was sent or passed over, in order."""
    rows = db.session.execute(
        sa.select(ReminderNotice.offset_days, ReminderNotice.outcome).order_by(ReminderNotice.id)
    )
    return [(offset, outcome.value) for offset, outcome in rows]


def owe(
    secretariat: Viewer,
    closes_on: date,
    *,
    code: str = "1.1",
    lead: str = "dispora",
    label: str = "Triwulan III",
    support: tuple[str, ...] = (),
) -> factories.Assignment:
    """An agency owes a report by a day, from today on."""
    period = factories.open_period(
        closes_on=closes_on, opens_on=min(closes_on, date(2026, 9, 1)), label=label
    )
    return factories.assign(
        secretariat, code, lead, support, join=period, due_on=date(2027, 12, 31)
    )


def owe_each(secretariat: Viewer, *days: date) -> list[str]:
    """Dispora owes one report by each of the days; return their public ids."""
    opened = [
        factories.open_period(closes_on=day, opens_on=date(2026, 9, 1), label=f"Bulan {place}")
        for place, day in enumerate(days)
    ]
    return [
        factories.obligation_of(
            factories.assign(secretariat, f"1.{place}", join=period), "dispora"
        ).public_id
        for place, period in enumerate(opened, start=1)
    ]


# --- which day -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closes_on", "days"),
    [
        # H-3 is Christmas, the day before joint leave: Wednesday the 23rd.
        (date(2026, 12, 28), [date(2026, 12, 14), date(2026, 12, 23), date(2026, 12, 29)]),
        # H-3 is a Sunday: Friday. H+1 is joint leave, then Christmas, then a weekend: Monday.
        (date(2026, 12, 23), [date(2026, 12, 9), date(2026, 12, 18), date(2026, 12, 28)]),
    ],
)
def test_each_step_goes_out_on_its_working_day(
    secretariat: Viewer, focal_point: Viewer, clock: Clock, closes_on: date, days: list[date]
) -> None:
    clock.move_to(at_eight(DECEMBER))
    owe(secretariat, closes_on)
    assert days_with_mail(clock, DECEMBER, date(2027, 1, 6)) == days
    assert notices() == [(-14, "sent"), (-3, "sent"), (1, "sent")]
    assert db.session.scalars(sa.select(ReminderRun.on)).all().count(date(2026, 12, 25)) == 0


def test_a_day_off_sends_nothing_and_the_next_working_day_does(
    secretariat: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    owe(secretariat, date(2026, 10, 16))
    assert run(clock, date(2026, 10, 17)) == []
    assert run(clock, date(2026, 10, 18)) == []
    assert len(run(clock, date(2026, 10, 19))) == 1


def test_nothing_before_eight_in_the_task_forces_zone(
    force: TaskForce, secretariat: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    owe(secretariat, date(2026, 10, 17))
    eight = datetime(2026, 10, 14, 0, 0, tzinfo=UTC)
    clock.move_to(eight - timedelta(seconds=1))
    assert service.queue_reminders(force.id) is None
    clock.move_to(eight)
    assert service.queue_reminders(force.id) == 1


@pytest.mark.parametrize(
    "zone", ["UTC", "Asia/Jakarta", "America/Los_Angeles", "Pacific/Kiritimati"]
)
def test_the_hosts_zone_changes_nothing(
    secretariat: Viewer,
    focal_point: Viewer,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    zone: str,
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        owe(secretariat, date(2026, 10, 16))
        days = days_with_mail(clock, date(2026, 10, 13), date(2026, 10, 21))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert days == [date(2026, 10, 13), date(2026, 10, 19)]


# --- one mail ------------------------------------------------------------------------------------


def test_one_digest_a_person_a_day_the_most_urgent_first(
    secretariat: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    late, due = owe_each(secretariat, date(2026, 10, 5), date(2026, 10, 16))
    mails = run(clock, date(2026, 10, 13))
    assert [mail.to_address for mail in mails] == [factories.email_of(focal_point)]
    assert mails[0].subject == "[TPPO] 1 lewat batas, 1 jatuh tempo Jumat, 16 Oktober - Dispora"
    assert opened_by(mails[0]) == opened_by(mails[0], in_html=True) == [late, due]


def test_focal_point_and_alternate_each_get_one_and_nobody_else(
    secretariat: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    alternate = factories.person(
        AccessKind.FOCAL_POINT, "dispora", email="pengganti@uji.example", alternate=True
    )
    factories.person(AccessKind.AGENCY_HEAD, "dispora")
    factories.person(AccessKind.LEADERSHIP, home="biro-kesra")
    factories.person(AccessKind.FOCAL_POINT, "dinsos")
    owe(secretariat, date(2026, 10, 16))
    mails = run(clock, date(2026, 10, 13))
    assert {mail.to_address for mail in mails} == {
        factories.email_of(focal_point),
        factories.email_of(alternate),
    }
    assert len(mails) == 2


def test_a_person_of_two_agencies_gets_one_mail_about_both(
    secretariat: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    factories.person(AccessKind.FOCAL_POINT, "dinsos", email=factories.email_of(focal_point))
    first = owe(secretariat, date(2026, 10, 16))
    second = owe(secretariat, date(2026, 10, 16), code="3.1", lead="dinsos", label="Bulan 9")
    mails = run(clock, date(2026, 10, 13))
    assert len(mails) == 1
    for assignment, slug in ((first, "dispora"), (second, "dinsos")):
        assert factories.obligation_of(assignment, slug).public_id in opened_by(mails[0])


def test_the_second_run_of_a_day_does_nothing(
    force: TaskForce, secretariat: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    owe(secretariat, date(2026, 10, 16))
    assert len(run(clock, date(2026, 10, 13))) == 1
    assert service.queue_reminders(force.id) is None
    clock.shift(timedelta(hours=6))
    assert service.queue_reminders(force.id) is None
    assert notices() == [(-3, "sent")]


def test_the_unique_key_holds_where_the_record_of_the_run_is_lost(
    force: TaskForce, secretariat: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    owe(secretariat, date(2026, 10, 16))
    run(clock, date(2026, 10, 13))
    with db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM reminder_run"))
    assert service.queue_reminders(force.id) == 0
    assert notices() == [(-3, "sent")]


def test_monday_adds_what_is_coming_and_other_days_do_not(
    secretariat: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    days = (date(2026, 10, 16), date(2026, 10, 19), date(2026, 11, 2))
    friday, monday, later = owe_each(secretariat, *days)
    ids = {"friday": friday, "monday": monday, "later": later}

    def told(day: date) -> set[str]:
        opened = [one for mail in run(clock, day) for one in opened_by(mail)]
        return {name for name, id_ in ids.items() if id_ in opened}

    assert told(date(2026, 10, 19)) == {"friday", "monday", "later"}
    assert told(date(2026, 10, 20)) == {"friday", "monday"}
    assert told(date(2026, 10, 26)) == set()  # a Monday without any step: no empty digest


# --- the server was off --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("back_on", "steps"),
    [
        (date(2026, 10, 5), [(-14, "sent")]),
        (date(2026, 10, 14), [(-14, "skipped"), (-3, "sent")]),
        (date(2026, 10, 20), [(-14, "skipped"), (-3, "skipped"), (1, "sent")]),
        (date(2026, 11, 25), [(-14, "skipped"), (-3, "skipped"), (1, "sent")]),
    ],
)
def test_after_days_without_power_one_mail_catches_up(
    secretariat: Viewer,
    focal_point: Viewer,
    clock: Clock,
    back_on: date,
    steps: list[tuple[int, str]],
) -> None:
    clock.move_to(at_eight(date(2026, 9, 28)))
    owe(secretariat, date(2026, 10, 16))
    assert len(run(clock, back_on)) == 1
    assert notices() == steps
    assert run(clock, back_on + timedelta(days=1)) == []


def test_a_new_assignment_is_not_reminded_of_steps_from_before_it(
    secretariat: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    clock.move_to(at_eight(date(2026, 9, 28)))
    period = factories.open_period(closes_on=date(2026, 10, 16), opens_on=date(2026, 9, 1))
    clock.move_to(at_eight(date(2026, 10, 14)))
    factories.assign(secretariat, join=period)
    assert days_with_mail(clock, date(2026, 10, 14), date(2026, 10, 21)) == [date(2026, 10, 19)]
    assert notices() == [(1, "sent")]


def test_a_new_focal_point_is_not_told_of_steps_from_before_their_time() -> None:
    due = date(2026, 10, 16)
    told = steps_due(
        due,
        (-14, -3, 1),
        on=date(2026, 10, 20),
        since=date(2026, 10, 13),
        sent={-3},
        days_off=(),
    )
    assert told == [1]


# --- who is left alone ---------------------------------------------------------------------------


def test_a_disputed_duty_stops_the_reminders_until_it_is_accepted(
    secretariat: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    assignment = owe(secretariat, date(2026, 10, 16))
    behind = {link.duty_id for link in assignment.lead.duties}
    assert behind
    for duty_id in behind:
        answer_duty(duty_id, Answer.NOT_OURS, reason="Bukan bidang kami.", by=focal_point)
    assert days_with_mail(clock, date(2026, 10, 13), date(2026, 10, 16)) == []
    answer_duty(behind.pop(), Answer.ACCEPTED, by=focal_point)
    assert len(run(clock, date(2026, 10, 19))) == 1


def test_one_clear_duty_is_enough_to_be_asked(
    secretariat: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    assignment = owe(secretariat, date(2026, 10, 16))
    party = assignment.lead
    other = db.session.scalars(
        sa.select(Duty.id).where(Duty.id.not_in([link.duty_id for link in party.duties])).limit(1)
    ).one()
    answer_duty(
        party.duties[0].duty_id, Answer.NEEDS_EXPLANATION, reason="Sejauh apa?", by=focal_point
    )
    with db.engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO party_duty (party_id, duty_id) VALUES (:p, :d)").bindparams(
                p=party.id, d=other
            )
        )
    assert len(run(clock, date(2026, 10, 13))) == 1


def test_a_court_is_never_reminded(secretariat: Viewer, focal_point: Viewer, clock: Clock) -> None:
    owe(secretariat, date(2026, 10, 16))
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE agency SET kind = 'pengadilan' WHERE slug = 'dispora'"))
    assert days_with_mail(clock, date(2026, 10, 13), date(2026, 10, 21)) == []


@pytest.mark.parametrize(
    "ending", ["closed_at = :at, closed_reason = 'selesai'", None], ids=["closed", "disabled"]
)
def test_a_closed_assignment_and_a_closed_account_are_quiet(
    secretariat: Viewer, focal_point: Viewer, clock: Clock, ending: str | None
) -> None:
    owe(secretariat, date(2026, 10, 16))
    with db.engine.begin() as connection:
        if ending:
            stamp = datetime(2026, 10, 13, 1)
            connection.execute(sa.text(f"UPDATE assignment SET {ending}").bindparams(at=stamp))
        else:
            connection.execute(
                sa.text("UPDATE account SET is_active = :no WHERE id = :id").bindparams(
                    no=False, id=focal_point.account_id
                )
            )
    assert run(clock, date(2026, 10, 13)) == []


def test_a_submitted_or_verified_report_is_never_reminded(
    secretariat: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    obligation = factories.obligation_of(owe(secretariat, date(2026, 10, 19)), "dispora")
    factories.submit(obligation, focal_point)
    assert days_with_mail(clock, date(2026, 10, 13), date(2026, 10, 20)) == []
    verify_report(obligation.public_id, VerifyInput(1, identity_checked=True), by=secretariat)
    assert days_with_mail(clock, date(2026, 10, 21), date(2026, 10, 23)) == []


def test_a_draft_does_not_stop_the_reminder_and_is_mentioned(
    secretariat: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    obligation = factories.obligation_of(owe(secretariat, date(2026, 10, 16)), "dispora")
    drafts.save_draft(obligation.public_id, {"note": "Separuh"}, version=0, by=focal_point)
    mails = run(clock, date(2026, 10, 13))
    assert "Draf Anda tersimpan" in mails[0].text
    assert "Separuh" not in mails[0].text


def test_a_returned_report_has_its_own_steps(
    secretariat: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    obligation = factories.obligation_of(owe(secretariat, date(2026, 10, 16)), "dispora")
    factories.submit(obligation, focal_point)
    return_report(
        obligation.public_id,
        ReturnInput(1, ReturnReason.FIGURE_UNCLEAR, "Jelaskan asal angka.", date(2026, 10, 21)),
        by=secretariat,
    )
    assert days_with_mail(clock, date(2026, 10, 13), date(2026, 10, 30)) == [
        date(2026, 10, 20),
        date(2026, 10, 22),
    ]
    subjects = set(db.session.scalars(sa.select(ReminderNotice.subject)))
    assert {subject.value for subject in subjects} == {"mend"}


def test_more_time_moves_the_steps(
    force: TaskForce, secretariat: Viewer, focal_point: Viewer, clock: Clock
) -> None:
    factories.person(AccessKind.FOCAL_POINT, "disnakertrans")
    assignment = owe(secretariat, date(2026, 10, 16), support=("disnakertrans",))
    lead = factories.obligation_of(assignment, "dispora")
    extensions.grant_extension(
        lead.period_id, lead.agency_id, until_on=date(2026, 10, 23), reason="Banjir", by=secretariat
    )
    receivers = {
        day: sorted(mail.to_address for mail in run(clock, day))
        for day in (date(2026, 10, 13), date(2026, 10, 19), date(2026, 10, 20), date(2026, 10, 26))
    }
    extended, other = "focal_point.dispora@uji.example", "focal_point.disnakertrans@uji.example"
    assert receivers == {
        date(2026, 10, 13): [other],
        date(2026, 10, 19): [other],
        date(2026, 10, 20): [extended],
        date(2026, 10, 26): [extended],
    }


# --- the shell, and two schedulers ---------------------------------------------------------------


@pytest.mark.parametrize("day", [date(2026, 10, 13), date(2026, 10, 19), date(2026, 10, 17)])
def test_a_dry_run_of_a_day_is_what_that_day_sends(
    app: flask.Flask, clock: Clock, day: date
) -> None:
    with app.app_context():
        service.ensure_ladder(factories.task_force().id)
        secretariat = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        factories.person(AccessKind.FOCAL_POINT, "dispora")
        factories.person(AccessKind.FOCAL_POINT, "dinsos")
        owe(secretariat, date(2026, 10, 16), support=("dinsos",))
        owe(secretariat, date(2026, 10, 30), code="3.1", lead="dinsos", label="Bulan 9")
    shell = app.test_cli_runner()
    arguments = ["jobs", "run", "queue_todays_reminders", "--on", day.isoformat()]
    assert shell.invoke(args=arguments).exit_code == 2
    printed = shell.invoke(args=[*arguments, "--dry-run", "--json"])
    assert printed.exit_code == 0, printed.output
    expected = json.loads(printed.stdout)
    with app.app_context():
        assert notices() == []
        sent = run(clock, day)
        assert [(mail.to_address, mail.subject) for mail in sent] == [
            (row["to"], row["subject"]) for row in expected
        ]
        for mail, row in zip(sent, expected, strict=True):
            assert sorted(opened_by(mail)) == sorted(row["obligations"])
            assert row["reason"]


SCHEDULER = """
import sys
from datetime import UTC, datetime
import time_machine
time_machine.travel(datetime(2026, 10, 13, 2, tzinfo=UTC), tick=True).start()
from wsgi import app
print("ready", flush=True)
sys.stdin.readline()
from flask.cli import main
sys.argv = ["flask", "jobs", "run", "queue_todays_reminders"]
main()
"""


@pytest.fixture
def shared(
    database: Callable[[str], str], data_dir: Path, clock: Clock
) -> Iterator[tuple[flask.Flask, dict[str, str]]]:
    """An app and the environment with which other processes open the same database."""
    environ = {
        "DATABASE_URL": database("seeded"),
        "DATA_DIR": str(data_dir),
        "SECRET_KEY": "test-secret-key",
        "BASE_URL": "http://localhost",
        "DEMO": "off",
    }
    app = create_app(config.load(environ))
    yield app, environ
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_schedulers_at_the_same_moment_make_one_mail_a_person(
    shared: tuple[flask.Flask, dict[str, str]],
) -> None:
    app, environ = shared
    with app.app_context():
        service.ensure_ladder(factories.task_force().id)
        secretariat = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        slugs = ("dispora", "dinsos", "dinkes", "polda")
        for slug in slugs:
            factories.person(AccessKind.FOCAL_POINT, slug)
        owe(secretariat, date(2026, 10, 16), support=slugs[1:])
        db.session.remove()
        db.engine.dispose()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SCHEDULER],
            cwd=ROOT,
            env={**os.environ, **environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", process.communicate()[1]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    ended = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], ended
    with app.app_context():
        receivers = list(
            db.session.scalars(
                sa.select(OutgoingEmail.to_address).where(OutgoingEmail.kind == "digest")
            )
        )
        assert sorted(receivers) == sorted(f"focal_point.{slug}@uji.example" for slug in slugs)
        assert notices() == [(-3, "sent")] * len(slugs)
        assert len(db.session.scalars(sa.select(ReminderRun)).all()) == 1
    results = sorted(out.strip() for out, _err in ended)
    assert results == ["4 email diantrekan", "tidak ada yang baru"]
