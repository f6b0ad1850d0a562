"""A forgotten password: a link to the address on record, asked for by anybody."""

from coordinator.clock import now
from coordinator.db import transactional
from coordinator.people.accounts import limiter, queries, service
from coordinator.people.accounts.rules import (
    RESETS_IN_A_WHILE,
    RESETS_WHILE,
    LinkPurpose,
    normal_email,
)
from coordinator.platform.audit.service import record


def ask_for_link(*, email: str, address: str, secret_key: str) -> None:
    """Queue a link that sets a new password (30 minutes) to the person with this address or user
    name.

    The answer is the same for an unknown one, a closed account, one without a mailbox, and one
    that got as many links within the hour as it may. Raises TooManyAttempts.
    """
    email = normal_email(email)
    buckets = limiter.guesses("reset", email, address)
    limiter.require_attempt_left(buckets)
    limiter.count_failure(buckets)
    _queue_link(email, secret_key)


@transactional
def _queue_link(email: str, secret_key: str) -> None:
    account = queries.account_by_email(email)
    if account is None or not account.is_active or not account.mail_address:
        return
    sent = queries.all_resets_since(account.id, now() - RESETS_WHILE)
    if sent >= RESETS_IN_A_WHILE:
        return
    force = service.place_of(account, None)
    service.send_link(account, LinkPurpose.RESET, force, secret_key)
    record("account.reset_asked", by=None, subject=("account", account.public_id))
