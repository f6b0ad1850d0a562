"""What evidence asks of the reports that rest on it. Reports are kept by a room above, which passes
its answers to every service that needs them."""

from collections.abc import Collection
from typing import Protocol

from coordinator.reporting.evidence.models import Evidence


class Reports(Protocol):
    """The reports of a task force, as far as a use of a file depends on them."""

    def is_with_agency(self, one: Evidence) -> bool:
        """Tell whether the report a use is for can still be written: never handed in, taken back,
        or returned."""

    def numbers(self, obligation_ids: Collection[int | None]) -> dict[int, str]:
        """Return the number of each obligation's report, by obligation; empty where it has none."""

    def verifiers(self, evidence_ids: Collection[int]) -> dict[int, int]:
        """Return the account that verified a report which rests on a use, by use; the newest
        verdict that stands."""
