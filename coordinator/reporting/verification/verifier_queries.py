"""Which reports a viewer may verify."""

from collections.abc import Callable

from coordinator.clock import today
from coordinator.people.accounts.queries import own_agencies
from coordinator.permissions import Permission, Viewer
from coordinator.reporting.reports.rules import may_verify


def verifier_check(viewer: Viewer) -> Callable[[int, int], bool]:
    """Return the test whether this viewer may verify a report, by its agency and the account that
    typed it. Whom the viewer works for is read once for a whole page."""
    own = own_agencies(viewer.account_id or 0, today(viewer.zone))

    def can_verify(agency_id: int, submitted_by_id: int) -> bool:
        return viewer.may(Permission.VERIFY_REPORTS) and may_verify(
            verifier_id=viewer.account_id or 0,
            own_agencies=own,
            agency_id=agency_id,
            submitted_by_id=submitted_by_id,
        )

    return can_verify
