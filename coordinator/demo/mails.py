"""The demo's mails: who was reminded, and what became of what was sent."""

from datetime import timedelta

import flask

from config import Settings
from coordinator.clock import frozen_time, now
from coordinator.demo import queries
from coordinator.demo.scenario import DOMAIN, GONE, GONE_ANSWER, REFUSED, REFUSED_ANSWER
from coordinator.demo.stage import Stage
from coordinator.oversight.reminders.queries import run_of
from coordinator.oversight.reminders.service import (
    ensure_ladder,
    queue_digests,
    queue_reminders,
    send_time,
)
from coordinator.platform.mail import queries as mail
from coordinator.platform.mail import service
from coordinator.platform.mail.rules import BounceKind
from coordinator.platform.mail.sending import INBOX_ANSWER
from coordinator.platform.operations.holding import hold

OWNER = "demo"
KIND = "digest"


def remind(stage: Stage) -> bool:
    """Let the newest morning's reminders be worked out; return whether a run was recorded.

    There is no run where that morning had one before the demo was there: then only the digests are
    queued, for who got none.
    """
    ensure_ladder(stage.force.id)
    had_run = run_of(stage.force.id, stage.reminded_on) is not None
    with frozen_time(send_time(stage.force, stage.reminded_on)):
        if had_run:
            queue_digests(stage.force, stage.reminded_on)
        else:
            queue_reminders(stage.force.id)
    return not had_run


def deliver(stage: Stage) -> None:
    """Hand out what was queued, each mail when it was due, as long as nothing leaves this machine.

    Of the newest reminders one is refused by the server, and one comes back.
    """
    settings: Settings = flask.current_app.config["SETTINGS"]
    if settings.mail_mode != "inbox" or hold(settings) is not None:
        return
    for due_at in queries.all_sending_times(now()):
        with frozen_time(due_at):
            row = service.claim_next(OWNER)
            if row is None:
                continue
            if row.kind == KIND and row.to_address == f"{REFUSED}@{DOMAIN}":
                service.mark_failed(row.id, OWNER, answer=REFUSED_ANSWER, permanent=True)
            else:
                service.mark_sent(row.id, OWNER, answer=INBOX_ANSWER)
    address = f"{GONE}@{DOMAIN}"
    with frozen_time(send_time(stage.force, stage.reminded_on) + timedelta(minutes=4)):
        service.note_bounce(
            address, BounceKind.HARD, answer=GONE_ANSWER, email_id=mail.came_back(address)
        )
