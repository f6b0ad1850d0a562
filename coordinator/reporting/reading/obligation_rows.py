"""What an obligation rests on, its place in the matrix and how it ended, as rows."""

from dataclasses import dataclass
from datetime import date, datetime

from coordinator.assignments.obligations.rules import ObligationEnd


@dataclass(frozen=True, slots=True)
class BasisRow:
    """What an assignment rests on: the plan's action, the letter or meeting."""

    code: str
    plan_title: str
    is_plan_draft: bool
    reference: str
    on: date


@dataclass(frozen=True, slots=True)
class MatrixPlace:
    """Where the matrix lists a report: the agency as it is addressed now, and the period."""

    slug: str
    period_public_id: str


@dataclass(frozen=True, slots=True)
class EndRow:
    """Why and when nothing was owed any more. `reason` is that of the closed assignment, or ""."""

    kind: ObligationEnd
    at: datetime
    reason: str
