"""What step four shows is what leaves."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from coordinator.clock import today
from coordinator.db import db
from coordinator.oversight.opening import queries, service
from coordinator.oversight.reminders import service as reminders
from coordinator.oversight.reminders.simulation import simulate
from coordinator.people.directory.models import TaskForce
from coordinator.periods.rules import Window
from coordinator.permissions import AccessKind
from coordinator.platform.mail.models import OutgoingEmail
from tests import factories
from tests.oversight.reminders.builders import send_out
from tests.periods.builders import planned

pytestmark = [
    pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("in_app"),
]


def test_the_simulated_list_is_the_sent_list(clock: time_machine.Traveller) -> None:
    """Another period is running; six weeks later every mail has left as it was announced, those to
    a head and those of a focal point whose head gets a letter among them."""
    story = factories.story()
    factories.person(
        AccessKind.FOCAL_POINT, "dispora", email="pengganti@uji.example", alternate=True
    )
    factories.assign(story.secretariat, "1.2", "dinsos", ("dispora",))
    factories.person(AccessKind.FOCAL_POINT, "dinsos")
    factories.person(AccessKind.AGENCY_HEAD, "dispora")
    reminders.ensure_ladder(story.period.task_force_id)
    period = planned(story.secretariat, window=Window(date(2026, 10, 19), date(2026, 11, 9)))
    force = db.session.get_one(TaskForce, period.task_force_id)
    extra = queries.projected_reports(
        story.secretariat, period, queries.preview_obligations(story.secretariat, period)
    )
    foretold = [
        (sending.on, digest.account.mail_address, reminders.render(digest, force, sending.on))
        for sending in simulate(force, extra=extra, until=date(2026, 11, 24))
        for digest in sending.digests
    ]
    assert len(foretold) >= 10
    service.open_planned_period(period.public_id, by=story.secretariat)
    day = datetime(2026, 10, 13, 2, tzinfo=UTC)
    sent = []
    for _n in range(43):
        clock.move_to(day)
        on = today()
        before = set(db.session.scalars(sa.select(OutgoingEmail.id)))
        reminders.queue_reminders(force.id)
        send_out()
        rows = db.session.scalars(
            sa.select(OutgoingEmail)
            .where(OutgoingEmail.id.not_in(before), OutgoingEmail.kind == "digest")
            .order_by(OutgoingEmail.account_id)
        )
        sent += [(on, row.to_address, row.subject, _words(row.text)) for row in rows]
        day += timedelta(days=1)
    assert sent == [(on, to, email.subject, _words(email.text)) for on, to, email in foretold]
    assert sum(to == "agency_head.dispora@uji.example" for _on, to, *_rest in sent) == 2


def _words(text: str) -> list[str]:
    """A mail's lines without its links, which are other ones in a preview."""
    return [line for line in text.splitlines() if "[[" not in line and "kata sandi" not in line]
