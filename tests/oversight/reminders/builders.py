"""Days of reminders, and the mail server that takes them."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
import time_machine

from coordinator.assignments.models import Assignment
from coordinator.clock import today
from coordinator.db import db
from coordinator.oversight.reminders import queries, service
from coordinator.oversight.reminders.escalating import Escalation, escalations
from coordinator.oversight.reminders.escalation import EscalationState, EscalationWay
from coordinator.oversight.reminders.rules import Audience
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import TaskForce
from coordinator.permissions import Viewer
from coordinator.platform.mail import service as mail
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories

CLOSES_ON = date(2026, 10, 16)  # a Friday
FIRST = date(2026, 10, 13)
H1 = date(2026, 10, 19)
H7 = date(2026, 10, 23)
H14 = date(2026, 10, 30)
FOCAL = "focal_point.dispora@uji.example"
HEAD = "agency_head.dispora@uji.example"
ALTERNATE = "pengganti@uji.example"
FIVE_MINUTES = timedelta(minutes=5)  # past 08.00 WITA, which is midnight UTC


def at_eight(day: date) -> datetime:
    """08.05 WITA of a day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + FIVE_MINUTES


def send_out(*, refused: Collection[str] = ()) -> None:
    """Let the mail server take all mail that waits, except to the addresses that it refuses."""
    while (row := mail.claim_next("uji")) is not None:
        if row.to_address in refused:
            mail.mark_failed(row.id, "uji", answer="550 5.7.1 ditolak", permanent=True)
        else:
            mail.mark_sent(row.id, "uji", answer="250 2.0.0 OK")


def morning(
    clock: time_machine.Traveller, day: date, *, refused: Collection[str] = ()
) -> list[OutgoingEmail]:
    """Work out a day's reminders at 08.05 and send them; return the digests."""
    clock.move_to(at_eight(day))
    newest = db.session.scalar(sa.select(sa.func.max(OutgoingEmail.id))) or 0
    service.queue_reminders(factories.task_force().id)
    send_out(refused=refused)
    return list(
        db.session.scalars(
            sa.select(OutgoingEmail)
            .where(OutgoingEmail.id > newest, OutgoingEmail.kind == "digest")
            .order_by(OutgoingEmail.id)
        )
    )


def mornings(
    clock: time_machine.Traveller, first: date, last: date, *, refused: Collection[str] = ()
) -> dict[date, list[str]]:
    """Go through every day of a span, days off too; return who got a digest on which day."""
    found = {}
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        receivers = sorted(row.to_address for row in morning(clock, day, refused=refused))
        if receivers:
            found[day] = receivers
    return found


def owe(secretariat: Viewer, *leads: str) -> Assignment:
    """Open a period and give each of these agencies an action; return the first."""
    period = factories.open_period(closes_on=CLOSES_ON, opens_on=date(2026, 9, 1))
    given = [
        factories.assign(secretariat, f"1.{n}", lead, join=period, due_on=date(2027, 12, 31))
        for n, lead in enumerate(leads or ("dispora",), start=1)
    ]
    return given[0]


def mails_to(address: str, got: dict[date, list[str]]) -> list[date]:
    """The days on which somebody got a digest."""
    return [day for day, receivers in got.items() if address in receivers]


def standing(force: TaskForce, audience: Audience = Audience.HEAD) -> list[Escalation]:
    """How far the steps to somebody above are today."""
    owed = queries.due_reports(force)
    found = escalations(
        force,
        owed,
        queries.all_steps(force.id).higher,
        today(force.zone),
        days_off=directory.days_off(),
        sent=queries.sent_reminders({one.obligation_id for one in owed}, today(force.zone)),
    )
    return [one for one in found if one.step.audience is audience]


def state(
    force: TaskForce, audience: Audience = Audience.HEAD
) -> tuple[EscalationState, EscalationWay]:
    (one,) = standing(force, audience)
    return one.state, one.way
