"""Random histories of reports, answers, more time, mail that comes back and contacts by hand.

Each mail to a head is held against a history kept the slow way: who acts for the agency had
heard of that report, under that last day, a day before; it was owed, not disputed, and seven
days late; it was a working day; and nobody got the same step twice. `SOAK=1` runs 10,000.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import example, given
from hypothesis import strategies as st

from coordinator.assignments.obligations import extensions
from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import now, today
from coordinator.db import db
from coordinator.errors import DomainError
from coordinator.mapping.answers.rules import Answer
from coordinator.mapping.answers.service import answer_duty
from coordinator.oversight.reminders import queries, service
from coordinator.oversight.reminders.hand_service import note_late_contact
from coordinator.oversight.reminders.models import HandNotice, ReminderNotice
from coordinator.oversight.reminders.rules import ReminderSubject
from coordinator.people.directory import queries as directory
from coordinator.people.onboarding.models import ContactNote
from coordinator.people.onboarding.rules import ContactMeans
from coordinator.people.onboarding.service import NewNote
from coordinator.permissions import AccessKind
from coordinator.platform.mail import service as mail
from coordinator.platform.mail.models import AddressBounce, OutgoingEmail
from coordinator.platform.mail.rules import BounceKind, MailState
from coordinator.reporting.reports.rules import ReturnReason
from coordinator.reporting.verification.returning_service import return_report
from coordinator.reporting.verification.rules import ReturnInput
from tests import factories
from tests.histories import begin_again, histories
from tests.oversight.reminders.builders import at_eight, send_out

SLUGS = ("dispora", "polda")
CLOSES_ON = date(2026, 12, 18)  # H+7 is Christmas
BEGUN = date(2026, 12, 7)
STEP = st.one_of(
    st.tuples(st.just("days"), st.integers(1, 6)),
    st.tuples(st.just("off"), st.integers(1, 12)),
    st.tuples(st.just("submit"), st.integers(0, 2)),
    st.tuples(st.just("give_back"), st.integers(0, 2), st.integers(1, 6)),
    st.tuples(st.just("more_time"), st.integers(0, 1), st.integers(1, 9)),
    st.tuples(st.just("dispute"), st.integers(0, 1), st.booleans()),
    st.tuples(st.just("come_back"), st.integers(0, 3)),
    st.tuples(st.just("free_addresses")),
    st.tuples(st.just("note"), st.integers(0, 1), st.sampled_from(ContactMeans), st.integers(0, 3)),
)


class World:
    """Dispora owes two reports and Polda one; each has a focal point and a head."""

    def __init__(self, clock: time_machine.Traveller) -> None:
        self.clock = clock
        service.ensure_ladder(factories.task_force().id)
        self.secretariat = factories.person(AccessKind.SECRETARIAT, home="biro-kesra")
        self.people = {slug: factories.person(AccessKind.FOCAL_POINT, slug) for slug in SLUGS}
        self.heads = {slug: factories.person(AccessKind.AGENCY_HEAD, slug) for slug in SLUGS}
        period = factories.open_period(closes_on=CLOSES_ON, opens_on=date(2026, 12, 1))
        self.period_id = period.id
        self.assignments = [
            factories.assign(self.secretariat, code, lead, join=period, due_on=date(2027, 12, 31))
            for code, lead in (("1.1", "dispora"), ("1.2", "dispora"), ("1.3", "polda"))
        ]
        self.slugs = ("dispora", "dispora", "polda")

    def obligation(self, which: int) -> Obligation:
        """One of the three."""
        return factories.obligation_of(self.assignments[which], self.slugs[which])

    def days(self, count: int) -> None:
        """Days pass, each with its reminders."""
        for _day in range(count):
            self.morning()

    def off(self, count: int) -> None:
        """The server is off, and comes back."""
        self.clock.shift(timedelta(days=count - 1))
        self.morning()

    def morning(self) -> None:
        """The next day's reminders, held against what is true before they are worked out."""
        on = today() + timedelta(days=1)
        self.clock.move_to(at_eight(on))
        owed = {one.key for one in queries.due_reports(factories.task_force())}
        told = self.told()
        newest = db.session.scalar(sa.select(sa.func.max(ReminderNotice.id))) or 0
        service.queue_reminders(factories.task_force().id)
        rows = db.session.scalars(sa.select(ReminderNotice).where(ReminderNotice.id > newest))
        heads = {viewer.account_id: slug for slug, viewer in self.heads.items()}
        for row in rows:
            assert on.weekday() < 5
            assert on not in directory.days_off()
            assert (row.obligation_id, row.subject, row.due_on) in owed
            if row.account_id in heads:
                assert heads[row.account_id] == "dispora"
                assert row.offset_days == 7
                assert on >= row.due_on + timedelta(days=7)
                at = told.get((row.obligation_id, row.subject, row.due_on))
                assert at is not None
                assert now() - at >= timedelta(hours=24)
            else:
                assert row.offset_days < 7
        send_out()
        self.clock.move_to(datetime(on.year, on.month, on.day, 2, 0, tzinfo=UTC))

    def told(self) -> dict[tuple[int, ReminderSubject, date], datetime]:
        """When the agency's people were notified of each report, the obvious way."""
        found: dict[tuple[int, ReminderSubject, date], datetime] = {}
        focal_points = {viewer.account_id for viewer in self.people.values()}
        gone = set(db.session.scalars(sa.select(AddressBounce.email_id)))
        for row in db.session.scalars(sa.select(ReminderNotice)):
            email = db.session.get_one(OutgoingEmail, row.email_id)
            if row.account_id not in focal_points or email.id in gone:
                continue
            if email.state is MailState.SENT and email.sent_at is not None:
                key = (row.obligation_id, row.subject, row.due_on)
                found[key] = min(email.sent_at, found.get(key, email.sent_at))
        for notice in db.session.scalars(sa.select(HandNotice)):
            note = db.session.get_one(ContactNote, notice.note_id)
            midnight = datetime(note.on.year, note.on.month, note.on.day, 16, tzinfo=UTC)
            key = (notice.obligation_id, notice.subject, notice.due_on)
            at = min(note.noted_at, midnight)
            found[key] = min(at, found.get(key, at))
        return found

    def submit(self, which: int) -> None:
        """One report is sent."""
        factories.submit(self.obligation(which), self.people[self.slugs[which]])

    def give_back(self, which: int, days: int) -> None:
        """One report is returned."""
        obligation = self.obligation(which)
        version = factories.obligation_version(obligation)
        by = today() + timedelta(days=days)
        return_report(
            obligation.public_id,
            ReturnInput(version, ReturnReason.FIGURE_UNCLEAR, "Jelaskan asal angka.", by),
            by=self.secretariat,
        )

    def more_time(self, who: int, days: int) -> None:
        """One agency gets more time."""
        extensions.grant_extension(
            self.period_id,
            factories.agency(SLUGS[who]).id,
            until_on=max(today(), CLOSES_ON) + timedelta(days=days),
            reason="Banjir",
            by=self.secretariat,
        )

    def dispute(self, who: int, is_theirs: bool) -> None:
        """One agency refuses the duties behind its reports, or accepts them."""
        answer = Answer.ACCEPTED if is_theirs else Answer.NOT_OURS
        for place, slug in enumerate(self.slugs):
            for link in self.assignments[place].lead.duties if slug == SLUGS[who] else ():
                answer_duty(link.duty_id, answer, reason="Bukan bidang kami.", by=self.people[slug])

    def come_back(self, place: int) -> None:
        """One of the newest mails comes back."""
        rows = db.session.scalars(
            sa.select(OutgoingEmail)
            .where(OutgoingEmail.state == MailState.SENT, OutgoingEmail.kind == "digest")
            .order_by(OutgoingEmail.id.desc())
            .limit(4)
        ).all()
        if place < len(rows):
            row = rows[place]
            kind = BounceKind.HARD if place % 2 else BounceKind.SOFT
            mail.note_bounce(row.to_address, kind, answer="550", email_id=row.id)

    def free_addresses(self) -> None:
        """All addresses take mail again."""
        for viewer in (*self.people.values(), *self.heads.values()):
            mail.clear_bounces(factories.email_of(viewer))

    def note(self, who: int, means: ContactMeans, days_ago: int) -> None:
        """The secretariat notes a contact."""
        agency_id = factories.agency(SLUGS[who]).id
        late = queries.due_reports(factories.task_force())
        note_late_contact(
            SLUGS[who],
            NewNote(today() - timedelta(days=days_ago), means, "Diminta mengirim.", "7/UJI"),
            [one.public_id for one in late if one.agency_id == agency_id],
            by=self.secretariat,
        )

    def check(self) -> None:
        """What must hold after every step: no step of a report reaches a person twice."""
        db.session.expire_all()
        rows = db.session.scalars(sa.select(ReminderNotice))
        counts = Counter(
            (row.obligation_id, row.subject, row.due_on, row.offset_days, row.account_id)
            for row in rows
        )
        assert all(count == 1 for count in counts.values())
        mails = db.session.scalars(sa.select(OutgoingEmail).where(OutgoingEmail.kind == "digest"))
        days = Counter((one.account_id, one.queued_at.date()) for one in mails)
        assert all(count == 1 for count in days.values())


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_random_histories(
    app: flask.Flask,
    clock: time_machine.Traveller,
    data_dir: Path,
    sqlite_templates: dict[str, Path],
) -> None:
    """SQLite: a fresh copy of the seeded database for every history."""

    @example([("days", 25)])
    @example([("off", 25), ("days", 4)])
    @example([("days", 6), ("come_back", 0), ("days", 20), ("note", 0, ContactMeans.LETTER, 0)])
    @histories(12, soak=10_000)
    @given(st.lists(STEP, min_size=4, max_size=14))
    def one_history(steps: list[tuple[object, ...]]) -> None:
        begin_again(data_dir, sqlite_templates)
        clock.move_to(at_eight(BEGUN))
        world = World(clock)
        for name, *values in steps:
            try:
                getattr(world, str(name))(*values)
            except DomainError:
                db.session.rollback()
            world.check()

    with app.app_context():
        one_history()
