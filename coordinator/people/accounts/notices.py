"""Tell a person who holds an access what has happened."""

from datetime import timedelta

from coordinator.clock import now
from coordinator.people.accounts.models import AccessGrant
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.service import GRACE, Email, queue_email

AT_ONCE = timedelta()


def notify(
    grant: AccessGrant,
    email: Email,
    *,
    occasion: tuple[object, ...],
    kind: str,
    thread: str,
    wait: timedelta = GRACE,
) -> OutgoingEmail:
    """Queue a mail to the person of an access, in the outbox of its task force; return it.

    It leaves after `wait`, in which it can still be cancelled. `occasion`, `kind` and `thread` are
    those of `queue_email`. Part of a service.
    """
    return queue_email(
        email,
        occasion=occasion,
        kind=kind,
        to_address=grant.account.mail_address,
        account_id=grant.account_id,
        task_force_id=grant.task_force_id,
        thread=thread,
        not_before=now() + wait,
    )
