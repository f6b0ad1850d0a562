"""What is recorded of a digest: each step of each report that it sent, or passed over."""

from collections.abc import Iterator
from datetime import date

from coordinator.oversight.reminders.digest import Digest
from coordinator.oversight.reminders.models import ReminderNotice
from coordinator.people.directory.ladder_rules import NoticeOutcome


def sent_notices(digest: Digest, email_id: int, on: date) -> Iterator[ReminderNotice]:
    """Return the notices of a digest that was queued as a mail."""
    by_id = {item.obligation_id: item for item in digest.items}
    steps = [*sorted(digest.steps.items())]
    steps += [(key, [offset]) for key, offset in sorted(digest.escalated.items())]
    for obligation_id, offsets in steps:
        for offset in offsets:
            is_sent = offset == offsets[-1]
            yield ReminderNotice(
                obligation_id=obligation_id,
                subject=by_id[obligation_id].subject,
                due_on=by_id[obligation_id].last_day,
                offset_days=offset,
                account_id=digest.account.id,
                outcome=NoticeOutcome.SENT if is_sent else NoticeOutcome.SKIPPED,
                noted_on=on,
                email_id=email_id,
            )
