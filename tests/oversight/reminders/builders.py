"""Days of reminders, and the mail server that takes them."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
import time_machine

from coordinator.db import db
from coordinator.oversight.reminders import service
from coordinator.platform.mail import service as mail
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories

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
