"""Putting the first steps away and back, and the mail that shows whether mail leaves."""

from coordinator.clock import now, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, NotAllowed
from coordinator.home import emails
from coordinator.home.first_step_queries import TRIED
from coordinator.home.models import HiddenFirstSteps
from coordinator.people.accounts.models import Account
from coordinator.people.accounts.notices import AT_ONCE, notify
from coordinator.people.accounts.queries import grants_in_force
from coordinator.permissions import Permission, Viewer
from coordinator.platform.audit.service import record
from coordinator.translation import gettext as _


def _person(by: Viewer) -> int:
    if not by.may(Permission.SET_UP) or by.account_id is None:
        raise NotAllowed(_("Akses Anda tidak mencakup halaman ini."))
    return by.account_id


@transactional
def set_hidden(is_hidden: bool, *, by: Viewer) -> None:
    """Put the list away from the viewer's first page, or back. Raises NotAllowed."""
    account_id = _person(by)
    row = db.session.get(HiddenFirstSteps, account_id)
    if is_hidden and row is None:
        db.session.add(HiddenFirstSteps(account_id=account_id, hidden_at=now()))
        record("first_steps.hidden", by=by, subject=_subject(account_id))
    elif row is not None and not is_hidden:
        db.session.delete(row)
        record("first_steps.shown", by=by, subject=_subject(account_id))


def _subject(account_id: int) -> tuple[str, str]:
    return "account", db.session.get_one(Account, account_id).public_id


@transactional
def send_trial(*, by: Viewer) -> None:
    """Queue a mail to the viewer themselves, to see what the server answers; one a minute.

    Raises NotAllowed, Conflict where the viewer has no mailbox.
    """
    account_id = _person(by)
    grant = next(
        each
        for each in grants_in_force(account_id, today(by.zone))
        if each.kind is by.kind and each.task_force_id == by.task_force_id
    )
    if not grant.account.mail_address:
        raise Conflict(_("Anda belum punya alamat email. Minta diisi di halaman Orang."))
    minute = now().replace(second=0, microsecond=0)
    notify(
        grant,
        emails.trial(account=grant.account, zone=by.zone, at=minute),
        occasion=(TRIED, minute.isoformat()),
        kind=TRIED,
        thread=TRIED,
        wait=AT_ONCE,
    )
    record("mail.tried", by=by, subject=("account", grant.account.public_id))
