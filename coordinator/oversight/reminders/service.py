"""Compute the day's reminders: one digest per person, task force and day; each step is sent once.

What is due comes from rows and dates, not from the scheduler's memory: a second scheduler, a power
outage, `flask jobs run` or cron may call this any number of times.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from datetime import time as day_time
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import latest, now, today
from coordinator.db import db, transactional
from coordinator.oversight.campaigns.ladder_queries import all_calls
from coordinator.oversight.campaigns.service import forget_notices_after, note_steps
from coordinator.oversight.campaigns.telling_service import tell_newcomers
from coordinator.oversight.reminders import emails, queries
from coordinator.oversight.reminders.digest import Digest
from coordinator.oversight.reminders.escalating import escalations
from coordinator.oversight.reminders.head_digests import add_heads, add_next_steps
from coordinator.oversight.reminders.models import ReminderNotice, ReminderRun, ReminderStep
from coordinator.oversight.reminders.notices import sent_notices
from coordinator.oversight.reminders.rules import (
    COMING_DAYS,
    DEFAULT_LADDER,
    MONDAY,
    SEND_HOUR,
    ReminderSubject,
)
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.accounts.queries import contacts_of_agencies, secretariat_of
from coordinator.people.directory import queries as directory
from coordinator.people.directory.ladder_rules import steps_due
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.rules import is_working_day, working_day_on_or_after
from coordinator.permissions import AccessKind
from coordinator.platform.audit.service import record
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.service import Email, queue_email
from coordinator.reporting.mail_links.tokens import mail_addresses, may_carry_links
from coordinator.reporting.threads.queries import unanswered
from coordinator.reporting.threads.rules import Addressee
from coordinator.reporting.threads.service import mark_told

Sent = Mapping[tuple[int, ReminderSubject, date, int], set[int]]


def digests(
    task_force: TaskForce,
    on: date,
    *,
    owed: Sequence[queries.DueReport] | None = None,
    sent: Sent | None = None,
    told: Mapping[queries.NoticeKey, datetime] | None = None,
) -> list[Digest]:
    """Return the digests that a day asks for; none on a day off.

    `owed`, `sent` and `told` (when somebody of its agency was first told of a report) are read from
    the database, unless a simulation passes its own.

    A digest is sent if a step is due, of reports or of the campaign that asks for answers to
    duties, if a comment mentions the person's function, or if late reports go to the head: to the
    head it lists these alone. It then lists everything of that person that is overdue or due by
    then, most urgent first; on Mondays also what is due within two weeks.
    """
    days_off = directory.days_off()
    if not is_working_day(on, days_off):
        return []
    ladder = queries.all_steps(task_force.id)
    is_asked = owed is None  # a simulated future period has no comments
    owed = queries.due_reports(task_force) if owed is None else owed
    if sent is None:
        sent = queries.sent_reminders({item.obligation_id for item in owed}, today(task_force.zone))
    by_agency: dict[int, list[queries.DueReport]] = {}
    for item in owed:
        by_agency.setdefault(item.agency_id, []).append(item)
    contacts = contacts_of_agencies(set(by_agency), on)
    by_person: dict[int, Digest] = {}
    for agency_id, items in by_agency.items():
        for grant in contacts[agency_id]:
            digest = _digest(grant, items, ladder.contacts, sent, days_off, on)
            if digest is None:
                continue
            former = by_person.get(grant.account_id)
            if former is None:
                by_person[grant.account_id] = digest
            else:  # one person for two agencies still gets one mail
                former.add_items(digest.items)
                former.steps.update(digest.steps)
                former.grants.update(digest.grants)
    late = [item for item in owed if item.last_day < on]
    climbing = escalations(
        task_force, late, ladder.higher, on, days_off=days_off, sent=sent, told=told
    )
    add_heads(by_person, climbing, task_force)
    add_next_steps(by_person.values(), climbing, task_force, on, days_off)
    if is_asked:
        _add_questions(by_person, task_force, on)
        _add_calls(by_person, task_force, on)
    return [by_person[account_id] for account_id in sorted(by_person)]


def _add_questions(by_person: dict[int, Digest], task_force: TaskForce, on: date) -> None:
    """Add each mention not yet sent to the digests of the people who hold the function."""
    calls = unanswered(task_force.id, untold_by=today(task_force.zone))
    contacts = contacts_of_agencies({call.agency_id for call in calls}, on)
    secretariat = secretariat_of(task_force.id, on) if calls else []
    for call in calls:
        is_for_secretariat = call.addressee is Addressee.SECRETARIAT
        for grant in secretariat if is_for_secretariat else contacts[call.agency_id]:
            name = "" if is_for_secretariat else call.agency
            digest = by_person.setdefault(
                grant.account_id, Digest(grant.account, grant.agency_id or 0, name, [], {}, {})
            )
            digest.questions.append(call)


def _add_calls(by_person: dict[int, Digest], task_force: TaskForce, on: date) -> None:
    """Add what the running campaign asks to the digests of the people its step is due to."""
    for call in all_calls(task_force, on):
        for grant, _steps in call.due:
            digest = by_person.setdefault(
                grant.account_id,
                Digest(
                    grant.account,
                    call.agency_id,
                    call.agency,
                    [],
                    {},
                    {},
                    is_head=grant.kind is AccessKind.AGENCY_HEAD,
                ),
            )
            digest.calls.append(call)


def _digest(
    grant: AccessGrant,
    items: list[queries.DueReport],
    ladder: dict[ReminderSubject, list[int]],
    sent: Sent,
    days_off: frozenset[date],
    on: date,
) -> Digest | None:
    steps: dict[int, list[int]] = {}
    for item in items:
        key = (item.obligation_id, item.subject, item.last_day, grant.account_id)
        due = steps_due(
            item.last_day,
            ladder[item.subject],
            on=on,
            since=max(item.since, grant.from_on),
            sent=sent.get(key, set()),
            days_off=days_off,
        )
        if due:
            steps[item.obligation_id] = due
    if not steps:
        return None
    horizon = on + timedelta(days=COMING_DAYS if on.weekday() == MONDAY else 0)
    listed = [item for item in items if item.obligation_id in steps or item.last_day <= horizon]
    return Digest(
        grant.account,
        grant.agency_id or 0,
        items[0].agency,
        listed,
        steps,
        {item.obligation_id: grant for item in listed},
    )


def render(
    digest: Digest, task_force: TaskForce, on: date, *, links: Mapping[int, MailLink] | None = None
) -> Email:
    """Return a digest as a mail. `links` leads each button somewhere, by obligation: without them
    (nothing is queued, only shown) to the page behind the sign-in, with the words of the mail
    that will be sent."""
    if links is None:
        asked = {grant.agency_id for grant in digest.grants.values() if grant.agency_id}
        needs_no_password = may_carry_links(task_force.id, asked)
    else:
        needs_no_password = any(link.is_secret for link in links.values())
    return emails.digest(
        digest,
        on=on,
        force=task_force,
        links=links or {},
        needs_no_password=needs_no_password,
    )


def send_time(task_force: TaskForce, on: date) -> datetime:
    """Return the instant at which a day's reminders are computed: 08.00 local time."""
    return datetime.combine(on, day_time(SEND_HOUR), ZoneInfo(task_force.zone))


def next_sending(task_force: TaskForce) -> datetime:
    """Return when reminders are next computed: 08.00 on the next working day without a run."""
    days_off = directory.days_off()
    on = working_day_on_or_after(today(task_force.zone), days_off)
    if queries.run_of(task_force.id, on) is not None:
        on = working_day_on_or_after(on + timedelta(days=1), days_off)
    return send_time(task_force, on)


def is_overdue(task_force: TaskForce, last_on: date | None) -> bool:
    """Return whether today's reminders should have been computed ten minutes ago and were not."""
    on = today(task_force.zone)
    if last_on == on or not is_working_day(on, directory.days_off()):
        return False
    return now() > send_time(task_force, on) + timedelta(minutes=10)


@transactional
def queue_reminders(task_force_id: int) -> int | None:
    """Queue today's digests of one task force; return how many, None where it is not time yet or
    was done already."""
    task_force = db.session.get_one(TaskForce, task_force_id)
    on = today(task_force.zone)
    if now() < send_time(task_force, on):
        return None
    if not is_working_day(on, directory.days_off()) or queries.run_of(task_force.id, on):
        return None
    _forget_what_lies_ahead(task_force, on)
    count = tell_newcomers(task_force, on) + queue_digests(task_force, on)
    db.session.add(ReminderRun(task_force_id=task_force.id, on=on, finished_at=now(), emails=count))
    db.session.flush()
    record(
        "reminders.queued",
        by=None,
        subject=("task_force", task_force.code),
        task_force_id=task_force.id,
        on=on.isoformat(),
        emails=count,
    )
    return count


@transactional
def queue_digests(task_force: TaskForce, on: date) -> int:
    """Queue the digests of a day, without a run of their own; return how many. What a person was
    sent is not sent again."""
    found = digests(task_force, on)
    for digest in found:
        email = queue_email(
            render(digest, task_force, on, links=_links(digest)),
            occasion=("digest", on.isoformat()),
            kind="digest",
            to_address=digest.account.mail_address,
            account_id=digest.account.id,
            task_force_id=task_force.id,
            thread=f"digest-{task_force.code}-{digest.account.public_id}",
        )
        db.session.add_all(sent_notices(digest, email.id, on))
        for call in digest.calls:
            note_steps(call, digest.account.id, email.id, on=on)
    mark_told({call.mention_id for digest in found for call in digest.questions}, on)
    db.session.flush()
    return len(found)


def _forget_what_lies_ahead(task_force: TaskForce, on: date) -> None:
    """Delete runs and notices that a wrong clock dated in the future: they count for nothing, and
    must not be in the way when their day comes. Their mails stay in the outbox."""
    forget_notices_after(task_force.id, on)
    own = sa.select(Obligation.id).where(Obligation.task_force_id == task_force.id)
    db.session.execute(
        sa.delete(ReminderNotice).where(
            ReminderNotice.noted_on > on, ReminderNotice.obligation_id.in_(own)
        )
    )
    db.session.execute(
        sa.delete(ReminderRun).where(
            ReminderRun.task_force_id == task_force.id, ReminderRun.finished_at > latest()
        )
    )


def _links(digest: Digest) -> dict[int, MailLink]:
    """Make the links of a digest's buttons: one a report, for this person alone."""
    obligations = queries.obligations(set(digest.grants))
    made = mail_addresses([(one, digest.grants[one.id]) for one in obligations])
    return {obligation_id: link for (obligation_id, _grant), link in made.items()}


@transactional
def ensure_ladder(task_force_id: int) -> None:
    """Give a task force the usual ladder (H-14, H-3, H+1; H+7 to the head, H+14 to the
    leadership) where it has none."""
    has_steps = db.session.scalar(
        sa.select(ReminderStep.id).where(ReminderStep.task_force_id == task_force_id).limit(1)
    )
    if has_steps:
        return
    db.session.add_all(
        ReminderStep(
            task_force_id=task_force_id, subject=subject, offset_days=offset, audience=audience
        )
        for subject, offset, audience in DEFAULT_LADDER
    )
    record(
        "ladder.set",
        by=None,
        subject=("task_force", task_force_id),
        task_force_id=task_force_id,
        steps=[
            f"{subject.value}{offset:+d} {who.value}" for subject, offset, who in DEFAULT_LADDER
        ],
    )
