"""What one person is reminded of on one day."""

from dataclasses import dataclass, field

from coordinator.oversight.campaigns.ladder_queries import AnswerCall
from coordinator.oversight.reminders.queries import DueReport
from coordinator.people.accounts.models import AccessGrant, Account
from coordinator.reporting.threads.queries import UnansweredCall


@dataclass(frozen=True, slots=True)
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
