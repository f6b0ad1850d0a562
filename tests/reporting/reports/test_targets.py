"""A period's share is not shown as the year's target."""

from decimal import Decimal

from coordinator.assignments.models import AssignmentTarget
from coordinator.periods.models import ReportingPeriod
from coordinator.reporting.reports.targets import PeriodTarget, targets_of


def test_the_periods_own_target_names_the_period_and_the_year() -> None:
    november = ReportingPeriod(id=7, label="November", year=2026)
    year = AssignmentTarget(indicator_id=1, year=2026, value=Decimal(12))
    share = AssignmentTarget(indicator_id=1, year=2026, period_id=7, value=Decimal(1))
    other = AssignmentTarget(indicator_id=2, year=2026, value=Decimal(1250))
    found = targets_of([share, year, other], november)
    assert (found[1].label, found[1].text("rapat")) == (
        "Target November 2026",
        "1 rapat (setahun 12)",
    )
    assert (found[2].label, found[2].text("orang")) == ("Target 2026", "1.250 orang")


def test_what_was_verified_so_far_is_next_to_the_years_target() -> None:
    share = PeriodTarget(Decimal(1), "Oktober 2026", Decimal(12), Decimal(3))
    assert share.text("rapat") == "1 rapat (setahun 12, terverifikasi 3)"
    year = PeriodTarget(Decimal(12), "2026", None, Decimal(3))
    assert year.text("rapat") == "12 rapat (terverifikasi 3)"
