"""Taking in a mail that says that a mail came back, from a file or a mailbox.

What it says is read in a child process (`mail.bounces`); whether it is about a mail that left this
installation is found here. See docs/decisions/0004-outbox.md.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from enum import StrEnum, auto

import sqlalchemy as sa

from coordinator import child, logs
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import NotFound
from coordinator.permissions import Viewer
from coordinator.platform.mail import queries
from coordinator.platform.mail.bounces import MOST_BYTES, BounceReport, FailedAddress, from_json
from coordinator.platform.mail.models import AddressBounce, UnclearAnswer
from coordinator.platform.mail.rules import BounceKind, one_line
from coordinator.screening import findings
from coordinator.translation import gettext as _

READER = "coordinator.platform.mail.bounces"
SECONDS = 5  # of processor time for one file
ANSWER_LENGTH = 300
ADDRESSES = re.compile(r"[^\s<>()\[\]\",;:@=]{1,64}@[\w.\-]{1,200}")
WEB_ADDRESSES = re.compile(r"\b(?:https?://|www\.)\S{1,500}", re.IGNORECASE)
HIDDEN = "[...]"


class MailReading(StrEnum):
    """What a file was. UNREADABLE: so large or broken that the reader was ended."""

    REPORT = auto()
    NO_REPORT = auto()
    UNREADABLE = auto()


class Effect(StrEnum):
    """What a recipient of a report led to. STRANGER: never written to from here, nothing kept."""

    HARD = auto()
    SOFT = auto()
    UNCLEAR = auto()
    STRANGER = auto()


@dataclass(frozen=True, slots=True)
class RecipientOutcome:
    """One recipient of a report. `address` is the outbox's where it is known there, `email_id` the
    mail that came back; `is_policy` where it was refused as spam or by policy."""

    address: str
    effect: Effect
    answer: str
    email_id: int | None = None
    is_policy: bool = False


def take_report(
    data: bytes, *, dry_run: bool = False
) -> tuple[MailReading, list[RecipientOutcome]]:
    """Read a mail, note what it says of the addresses that we wrote to, and return both.

    The same bytes count once. `dry_run` notes nothing. Call it outside a transaction; it raises
    nothing for any `data`.
    """
    data = data[:MOST_BYTES]
    try:
        answer = child.run(READER, data, seconds=SECONDS)
    except child.ChildFailed as error:
        logs.trouble("a mail that came back could not be read", error)
        return MailReading.UNREADABLE, []
    report = from_json(answer)
    if not report.failures:
        return MailReading.NO_REPORT, []
    outcomes = [_about_a_mail(failure, report) for failure in report.failures]
    if not dry_run:
        _note(outcomes, digest=hashlib.sha256(data).hexdigest())
    return MailReading.REPORT, outcomes


def _about_a_mail(failure: FailedAddress, report: BounceReport) -> RecipientOutcome:
    outcome = _outcome(failure, report)
    if outcome.effect is Effect.STRANGER:
        return outcome
    # A mail that its server still tries to deliver has not come back.
    known = None if failure.is_waiting else queries.came_back(outcome.address, report.message_ids)
    return replace(
        outcome,
        email_id=known,
        is_policy=failure.is_policy and outcome.effect is Effect.SOFT,
    )


def _outcome(failure: FailedAddress, report: BounceReport) -> RecipientOutcome:
    """Match a recipient with the mails that left. Only a report with the Message-ID of a mail to
    that very address says something of it: anybody can write the rest, and one dead member of a
    group is no dead group. All else waits for a person, and stops nothing."""
    answer = scrubbed(failure.said)
    effect = Effect(failure.kind) if failure.kind else Effect.UNCLEAR
    written = queries.left_for(failure.addresses)
    named = next((one for one in failure.addresses if one.casefold() in written), "").casefold()
    own = {address.casefold() for address in queries.left_as(report.message_ids)}
    if named in own:
        return RecipientOutcome(named, Effect.UNCLEAR if failure.is_forwarded else effect, answer)
    if len(own) == 1:
        is_another = bool(failure.addresses) or failure.is_forwarded
        return RecipientOutcome(own.pop(), Effect.UNCLEAR if is_another else effect, answer)
    if named:
        return RecipientOutcome(named, Effect.UNCLEAR, answer)
    if failure.addresses:
        return RecipientOutcome(failure.addresses[0].casefold(), Effect.STRANGER, answer)
    return RecipientOutcome("", Effect.UNCLEAR, answer)


@transactional
def _note(outcomes: list[RecipientOutcome], *, digest: str) -> None:
    for outcome in outcomes:
        if outcome.effect is Effect.STRANGER or _is_noted(outcome.address, digest):
            continue
        kept = {
            "report": digest,
            "address": outcome.address,
            "email_id": outcome.email_id,
            "at": now(),
            "answer": outcome.answer,
        }
        if outcome.effect is Effect.UNCLEAR or outcome.is_policy:
            db.session.add(UnclearAnswer(**kept))
        if outcome.effect is not Effect.UNCLEAR:
            db.session.add(AddressBounce(kind=BounceKind(outcome.effect.value), **kept))
        db.session.flush()


def _is_noted(address: str, digest: str) -> bool:
    return any(
        db.session.scalar(
            sa.select(table.id).where(table.report == digest, table.address == address).limit(1)
        )
        for table in (AddressBounce, UnclearAnswer)
    )


def scrubbed(answer: str) -> str:
    """Return a server's sentence without addresses, links and what could tell who somebody is."""
    answer = answer[:2000].encode("utf-8", "replace").decode()
    answer = WEB_ADDRESSES.sub(HIDDEN, ADDRESSES.sub(HIDDEN, answer))
    for found in reversed(findings(answer)):
        answer = answer[: found.start] + HIDDEN + answer[found.end :]
    return one_line(answer, ANSWER_LENGTH)


@transactional
def settle_unclear_answer(answer_id: int, *, by: Viewer) -> None:
    """Take an unclear answer off the list: a person has read it. Raises NotFound."""
    row = queries.unclear_answer(by, answer_id)
    if row is None:
        raise NotFound(_("Balasan itu tidak ada."))
    row.settled_at = row.settled_at or now()
