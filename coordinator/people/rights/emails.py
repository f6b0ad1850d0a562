"""The mail to a person who was given a right."""

from coordinator.people.accounts.models import AccessGrant, GrantedRight
from coordinator.people.directory.models import TaskForce
from coordinator.people.rights.labels import right_labels
from coordinator.permissions import Right
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.translation import gettext as _

# Where the work of a right begins.
PLACES = {Right.CHECK_TEXTS: "/peran/naskah"}


def right_given(*, right: GrantedRight, grant: AccessGrant, force: TaskForce) -> Email:
    """Return the mail that says which right somebody has, from when until when."""
    label = right_labels()[right.kind]
    return render_email(
        "people/rights/right_given",
        _("[TPPO] Hak baru untuk Anda: %(right)s", right=label),
        label=label,
        right=right,
        account=grant.account,
        link=MailLink(PLACES[right.kind]),
        region_short=force.short_region,
        sample_data=grant.account.is_sample,
    )
