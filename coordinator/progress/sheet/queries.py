"""What an agency's sheet holds."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from coordinator.permissions import Viewer
from coordinator.plan.models import Indicator
from coordinator.progress.queries import my_tasks, report_page

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
    targets: dict[int, Decimal]
    draft: dict[str, str]


def open_reports(viewer: Viewer) -> list[OpenReport]:
    """Return what the viewer's agency still has to send, most urgent first."""
    found = []
    for task in my_tasks(viewer, period_id=None)[:MOST_REPORTS]:
        page = report_page(viewer, task.public_id) if task.is_open else None
        if page is None:
            continue
        found.append(
            OpenReport(
                key=task.public_id,
                title=task.title,
                period=task.period,
                due_on=task.last_day,
                question=page.action.question if page.is_lead else "",
                is_lead=page.is_lead,
                version=page.report.version if page.report else 0,
                indicators=page.indicators,
                targets=page.targets,
                draft=dict(page.report.draft) if page.report else {},
            )
        )
    return found
