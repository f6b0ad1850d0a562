"""What one person is reminded of on one day."""

from dataclasses import dataclass, field
from datetime import date

from coordinator.oversight.campaigns.ladder_queries import AnswerCall
from coordinator.oversight.reminders.escalation import EscalationWay
from coordinator.oversight.reminders.queries import DueReport
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.reporting.threads.queries import UnansweredCall


@dataclass(frozen=True, slots=True)
class NextStep:
    """When somebody above hears next of a late report of an agency, and how."""

    on: date
    way: EscalationWay
    agency: str


@dataclass(slots=True)
class Digest:
    """The reminders for one person on one day; `agency` is "" for the secretariat's people."""

    account: Account
    agency_id: int
    agency: str
    items: list[DueReport]
    # Steps per item: the last is sent today, those before it were missed.
    steps: dict[int, list[int]]
    # By obligation: the access under which this person is asked.
    grants: dict[int, AccessGrant]
    # Unanswered mentions in comments on reports that no mail has included yet.
    questions: list[UnansweredCall] = field(default_factory=list)
    # Duties to answer: a step of the running campaign is due to this person.
    calls: list[AnswerCall] = field(default_factory=list)
    is_head: bool = False
    # By obligation: the step at which it goes to this person as head of the agency, and the day on
    # which the agency's people were first told of it.
    escalated: dict[int, int] = field(default_factory=dict)
    told_on: dict[int, date] = field(default_factory=dict)
    # Who hears of what is late next, where somebody is to.
    next_step: NextStep | None = None

    def add_items(self, items: list[DueReport]) -> None:
        """List more reports, each once, the nearest last day first."""
        known = {item.obligation_id for item in self.items}
        self.items.extend(item for item in items if item.obligation_id not in known)
        self.items.sort(key=lambda item: item.last_day)
