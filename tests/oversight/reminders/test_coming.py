"""What the page of reminders shows of a day: one row an agency and step."""

from datetime import date

from coordinator.oversight.reminders.coming import ComingStep, StepReceiver, grouped
from coordinator.oversight.reminders.queries import DueReport
from coordinator.oversight.reminders.rules import ReminderSubject

LAST = date(2026, 12, 4)
TO = StepReceiver.CONTACTS


def step(agency: str, title: str, offset: int = -3) -> ComingStep:
    """A step about one report."""
    item = DueReport(
        obligation_id=1,
        public_id="uji",
        agency_id=1,
        agency=agency,
        title=title,
        period="November 2026",
        subject=ReminderSubject.REPORT,
        last_day=LAST,
        since=LAST,
        has_draft=False,
    )
    return ComingStep(date(2026, 12, 1), offset, item, TO)


def test_the_same_step_of_one_agency_is_one_row_with_every_report() -> None:
    rows = grouped([step("Dispora", "A"), step("Dispora", "B"), step("Dinsos", "C")])
    assert [(row.agency, [one.title for one in row.reports]) for row in rows] == [
        ("Dispora", ["A", "B"]),
        ("Dinsos", ["C"]),
    ]


def test_another_step_is_another_row() -> None:
    rows = grouped([step("Dispora", "A"), step("Dispora", "A", 1)])
    assert [row.offset for row in rows] == [-3, 1]
