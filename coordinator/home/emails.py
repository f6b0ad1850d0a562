"""The mail that shows whether mail leaves."""

from datetime import datetime

from coordinator.people.accounts.models import Account
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.translation import gettext as _


def trial(*, account: Account, zone: str, at: datetime) -> Email:
    """Return the mail that somebody sends to themselves."""
    return render_email(
        "home/trial",
        _("[TPPO] Email uji"),
        account=account,
        at=at,
        zone=zone,
        link=MailLink("/langkah-pertama"),
    )
