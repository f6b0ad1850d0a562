"""The inspectors' weekly mail."""

from coordinator.formatting import number
from coordinator.people.accounts.models import Account
from coordinator.people.directory.models import TaskForce
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.platform.operations.head import Mark, fingerprint
from coordinator.translation import gettext as _


def head_of_trail(
    *, account: Account, task_force: TaskForce, mark: Mark | None, goes_on: bool, sample_data: bool
) -> Email:
    """Return the mail that says how far the audit trail goes, for the inspector's records.

    `goes_on` False: the trail no longer continues from its head; `mark` None: no head is readable.
    """
    subject = (
        _("[TPPO] Kepala jejak audit: %(n)s catatan", n=number(mark.entries))
        if goes_on and mark is not None
        else _("[TPPO] Jejak audit TIDAK COCOK dengan kepalanya")
    )
    return render_email(
        "oversight/auditors/head_of_trail",
        subject,
        account=account,
        task_force=task_force,
        mark=mark,
        fingerprint=fingerprint(mark.hash) if mark else "",
        goes_on=goes_on,
        zone=task_force.zone,
        link=MailLink("/jejak"),
        sample_data=sample_data,
    )
