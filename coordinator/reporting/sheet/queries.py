"""What an agency's sheet holds."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from coordinator.permissions import Viewer
from coordinator.plans.actions.models import Indicator
from coordinator.reporting.reports.lines import question_of
from coordinator.reporting.reports.queries import report_page
from coordinator.reporting.reports.rules import AskedIndicator
from coordinator.reporting.reports.targets import PeriodTarget, asked_items
from coordinator.reporting.reports.task_queries import open_tasks

MOST_REPORTS = 200


@dataclass(frozen=True, slots=True)
class OpenReport:
    """A report the agency can still write, with its draft."""

    key: str
    title: str
    period: str
    due_on: date
    question: str
    is_lead: bool
    version: int
    indicators: list[Indicator]
    targets: dict[int, PeriodTarget]
    draft: dict[str, str]
    is_sample: bool = False  # of the demo: its texts leave the system with the sheet
    # What was reported before, and verified, by indicator id.
    previous: dict[int, tuple[Decimal, Decimal | None]] = field(default_factory=dict)

    @property
    def asked(self) -> list[AskedIndicator]:
        """What the row asks: the same as the form."""
        return asked_items(self.indicators, self.targets, self.previous)


def open_reports(viewer: Viewer) -> list[OpenReport]:
    """Return what the viewer's agency still has to send, most urgent first."""
    found = []
    for task in open_tasks(viewer, most=MOST_REPORTS):
        page = report_page(viewer, task.public_id)
        if page is None:
            continue
        found.append(
            OpenReport(
                key=task.public_id,
                title=task.title,
                period=task.period,
                due_on=task.last_day,
                question=question_of(page),
                is_lead=page.is_lead,
                version=page.report.version if page.report else 0,
                indicators=page.indicators,
                targets=page.targets,
                draft=dict(page.report.draft) if page.report else {},
                is_sample=page.period.is_sample,
                previous=page.previous,
            )
        )
    return found
