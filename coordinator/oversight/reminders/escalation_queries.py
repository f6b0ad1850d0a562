"""Who heads an agency, who was notified of what is late, and what did not arrive."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as day_time
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from coordinator.clock import latest, now
from coordinator.db import db
from coordinator.oversight.reminders.escalation import HigherStep, told_by_hand
from coordinator.oversight.reminders.models import HandNotice, ReminderNotice
from coordinator.oversight.reminders.queries import NoticeKey
from coordinator.oversight.reminders.rules import SEND_HOUR
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.accounts.queries import recipients_of_agencies
from coordinator.people.directory.models import Agency
from coordinator.people.directory.rules import AgencyKind
from coordinator.people.onboarding.models import ContactNote
from coordinator.people.onboarding.rules import ContactMeans
from coordinator.permissions import AccessKind
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.queries import all_returned_ids, unreachable
from coordinator.platform.mail.rules import MailState

WAITING = (MailState.QUEUED, MailState.SENDING)
# A mail leaves after the hour at which it is worked out, never at it.
ON_ITS_WAY = timedelta(minutes=1)


def all_told(
    obligation_ids: Collection[int],
    higher: Collection[HigherStep],
    zone: str,
    *,
    with_waiting: bool = False,
) -> dict[NoticeKey, datetime]:
    """Return when somebody of its agency was first told of each report: a reminder was accepted by
    a mail server and did not come back, or a contact was noted.

    Reports of which nobody was notified are left out, and what the head got does not count.
    `with_waiting`: as if what waits in the outbox had been accepted.
    """
    accepted = sa.and_(OutgoingEmail.state == MailState.SENT, OutgoingEmail.sent_at <= latest())
    if with_waiting:
        accepted = sa.or_(accepted, OutgoingEmail.state.in_(WAITING))
    rows = db.session.execute(
        sa.select(
            ReminderNotice.obligation_id,
            ReminderNotice.subject,
            ReminderNotice.due_on,
            ReminderNotice.offset_days,
            ReminderNotice.noted_on,
            OutgoingEmail.sent_at,
        )
        .join(OutgoingEmail, OutgoingEmail.id == ReminderNotice.email_id)
        .where(
            ReminderNotice.obligation_id.in_(obligation_ids),
            accepted,
            OutgoingEmail.id.not_in(all_returned_ids()),
        )
    )
    above = {(step.subject, step.offset) for step in higher}
    found: dict[NoticeKey, datetime] = {}
    for obligation_id, subject, due_on, offset, noted_on, sent_at in rows:
        if (subject, offset) not in above:
            key = (obligation_id, subject, due_on)
            at = sent_at or leaving_at(noted_on, zone)
            found[key] = min(at, found.get(key, at))
    contacts = db.session.execute(
        sa.select(
            HandNotice.obligation_id,
            HandNotice.subject,
            HandNotice.due_on,
            ContactNote.on,
            ContactNote.noted_at,
        )
        .join(ContactNote, ContactNote.id == HandNotice.note_id)
        .where(HandNotice.obligation_id.in_(obligation_ids))
    )
    for obligation_id, subject, due_on, on, noted_at in contacts:
        key = (obligation_id, subject, due_on)
        end_of_day = datetime.combine(on, day_time.max, ZoneInfo(zone))
        at = told_by_hand(noted_at, end_of_day)
        found[key] = min(at, found.get(key, at))
    return found


def leaving_at(on: date, zone: str) -> datetime:
    """Return when a day's reminders are taken to be accepted, where that is not known yet."""
    return datetime.combine(on, day_time(SEND_HOUR), ZoneInfo(zone)) + ON_ITS_WAY


def all_letters(obligation_ids: Collection[int]) -> dict[NoticeKey, date]:
    """Return the day of the newest letter that each report was in."""
    rows = db.session.execute(
        sa.select(
            HandNotice.obligation_id,
            HandNotice.subject,
            HandNotice.due_on,
            sa.func.max(ContactNote.on),
        )
        .join(ContactNote, ContactNote.id == HandNotice.note_id)
        .where(
            HandNotice.obligation_id.in_(obligation_ids), ContactNote.means == ContactMeans.LETTER
        )
        .group_by(HandNotice.obligation_id, HandNotice.subject, HandNotice.due_on)
    )
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def all_lost(obligation_ids: Collection[int]) -> set[tuple[NoticeKey, int]]:
    """Return the steps, by report and offset, of which every mail failed, was stopped or came
    back."""
    is_lost = sa.or_(
        OutgoingEmail.state.in_((MailState.FAILED, MailState.CANCELLED)),
        OutgoingEmail.id.in_(all_returned_ids()),
    )
    rows = db.session.execute(
        sa.select(
            ReminderNotice.obligation_id,
            ReminderNotice.subject,
            ReminderNotice.due_on,
            ReminderNotice.offset_days,
        )
        .join(OutgoingEmail, OutgoingEmail.id == ReminderNotice.email_id)
        .where(ReminderNotice.obligation_id.in_(obligation_ids))
        .group_by(
            ReminderNotice.obligation_id,
            ReminderNotice.subject,
            ReminderNotice.due_on,
            ReminderNotice.offset_days,
        )
        .having(sa.func.sum(sa.case((is_lost, 0), else_=1)) == 0)
    )
    return {((row[0], row[1], row[2]), row[3]) for row in rows}


@dataclass(frozen=True, slots=True)
class HeadOfAgency:
    """Who heads an agency, None where nobody is named; `is_reachable`: has a mailbox that takes
    mail."""

    slug: str
    kind: AgencyKind
    grant: AccessGrant | None
    is_reachable: bool


def all_heads(agency_ids: Collection[int], on: date) -> dict[int, HeadOfAgency]:
    """Return who heads each agency on a day; the caller acts for the scheduler, or has checked
    access to its reports."""
    heads = {
        agency_id: grants[0]
        for agency_id, grants in recipients_of_agencies(agency_ids, on).items()
        if grants and grants[0].kind is AccessKind.AGENCY_HEAD
    }
    closed = unreachable({grant.account.mail_address for grant in heads.values()} - {""}, now())
    agencies = db.session.execute(
        sa.select(Agency.id, Agency.slug, Agency.kind).where(Agency.id.in_(agency_ids))
    )
    found = {}
    for agency_id, slug, kind in agencies:
        grant = heads.get(agency_id)
        address = grant.account.mail_address if grant else ""
        found[agency_id] = HeadOfAgency(
            slug, kind, grant, bool(address) and address.casefold() not in closed
        )
    return found
