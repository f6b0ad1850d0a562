"""The mail that says what a province proposes."""

from collections.abc import Sequence

from coordinator.assignments.changes.emails import MOST_TITLES
from coordinator.assignments.proposals.models import ProposalBatch
from coordinator.formatting import long_date, plain_date
from coordinator.people.directory.models import TaskForce
from coordinator.plans.actions.models import ActionItem
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.translation import gettext as _


def proposed(
    *,
    batch: ProposalBatch,
    proposer: TaskForce,
    regions: Sequence[str],
    items: Sequence[ActionItem],
    is_sample: bool,
) -> Email:
    """To one person of the secretariats of `regions`, once: the actions that were proposed.

    Lists ten titles and counts the rest: a mail of two hundred lines is read by nobody.
    """
    names = ", ".join(regions)
    return render_email(
        "assignments/proposals/proposed",
        _(
            "[TPPO] Gugus tugas provinsi mengusulkan %(n)s aksi - %(region)s",
            n=len(items),
            region=names,
        ),
        names=names,
        proposer=proposer.region,
        listed=items[:MOST_TITLES],
        total=len(items),
        kind=batch.agency_label,
        basis=f"{batch.basis_reference}, {plain_date(batch.basis_on)}",
        due=long_date(batch.due_on),
        note_text=batch.note,
        region_short=names,
        sample_data=is_sample,
    )
