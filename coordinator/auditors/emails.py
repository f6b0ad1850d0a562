"""The inspectors' weekly mail."""

from flask_babel import gettext as _

from coordinator.accounts.models import Account
from coordinator.directory.models import TaskForce
from coordinator.mail.links import MailLink
from coordinator.mail.rendering import render_email
from coordinator.mail.service import Email
from coordinator.operations.head import Mark, fingerprint
from coordinator.words import number


def head_of_trail(
    *, account: Account, task_force: TaskForce, mark: Mark, goes_on: bool, sample_data: bool
) -> Email:
    """How far the audit trail goes, to be kept; `goes_on` False: it is no longer what it was."""
    subject = (
        _("[TPPO] Kepala jejak audit: %(n)s catatan", n=number(mark.entries))
        if goes_on
        else _("[TPPO] Jejak audit TIDAK COCOK dengan kepalanya")
    )
    return render_email(
        "head_of_trail",
        subject,
        account=account,
        task_force=task_force,
        entries=mark.entries,
        seal=mark.seal,
        at=mark.at,
        fingerprint=fingerprint(mark.hash),
        goes_on=goes_on,
        zone=task_force.zone,
        link=MailLink("/jejak"),
        sample_data=sample_data,
    )
