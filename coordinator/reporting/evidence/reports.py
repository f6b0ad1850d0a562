"""What evidence asks of the reports it is attached to.

Reports belong to a room above, which passes its answers to every service that needs them.
"""

from collections.abc import Collection
from typing import Protocol

from coordinator.reporting.evidence.models import Evidence


class Reports(Protocol):
    """The reports of a task force, as far as a use of a file depends on them."""

    def is_with_agency(self, one: Evidence) -> bool:
        """Return whether the report this use is for can still be edited.

        It can if it was never submitted, was withdrawn, or was returned.
        """

    def numbers(self, obligation_ids: Collection[int | None]) -> dict[int, str]:
        """Return the number of each obligation's report, by obligation; empty where it has none."""

    def verifiers(self, evidence_ids: Collection[int]) -> dict[int, int]:
        """Return, by use, the account that verified a report based on it.

        The newest verdict that was not taken back counts.
        """
