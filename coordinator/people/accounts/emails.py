"""Mails about accounts."""

from coordinator.people.accounts.models import Account
from coordinator.people.accounts.rules import LINK_PURPOSE, LinkPurpose
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.translation import gettext as _


def account_link(*, account: Account, purpose: LinkPurpose, link_id: str) -> Email:
    """Return an invitation or a password reset; its secret is derived when it is sent."""
    is_invitation = purpose is LinkPurpose.INVITATION
    subject = (
        _("[TPPO] Undangan ke Koordinator TPPO")
        if is_invitation
        else _("[TPPO] Tautan untuk kata sandi baru")
    )
    return render_email(
        "people/accounts/account_link",
        subject,
        account=account,
        is_invitation=is_invitation,
        link=MailLink("/undangan/", LINK_PURPOSE, link_id),
    )
