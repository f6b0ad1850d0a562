"""What is asked in a report, and what it is held against."""

from datetime import date, timedelta

from coordinator.clock import today
from coordinator.reporting.reading.head_queries import head_for
from coordinator.reporting.verification.returning_service import reopen_report
from coordinator.reporting.verification.rules import VerifyInput
from coordinator.reporting.verification.service import verify_report
from tests import factories

ACCEPT = VerifyInput(revision_number=1, identity_checked=True)


def _verified(story: factories.Story, public_id: str) -> set[str | None]:
    targets = head_for(story.focal_point, public_id).targets.values()
    return {str(one.verified) if one.verified is not None else None for one in targets}


def test_what_was_verified_in_the_year_counts_for_its_other_periods(in_app: None) -> None:
    story = factories.story()
    third = factories.obligation_of(story.assignment, "dispora").public_id
    factories.submit(factories.obligation_of(story.assignment, "dispora"), story.focal_point, "5")
    assert _verified(story, third) == {None}  # it was sent, and nobody has checked it
    verify_report(third, ACCEPT, by=story.secretariat)
    assert _verified(story, third) == {"5"}
    factories.open_period(
        label="Triwulan IV", position=4, covers=(date(2026, 10, 1), date(2026, 12, 31))
    )
    later = factories.obligation_of(story.assignment, "dispora").public_id
    assert _verified(story, later) == {"5"}
    factories.open_period(
        label="Triwulan I", position=1, covers=(date(2027, 1, 1), date(2027, 3, 31))
    )
    other = factories.obligation_of(story.assignment, "dispora").public_id
    assert other not in (third, later)
    assert _verified(story, other) <= {None}
    reopen_report(
        third,
        revision_number=1,
        reason="Keliru.",
        revise_by_on=today() + timedelta(days=7),
        by=story.secretariat,
    )
    assert _verified(story, later) == {None}
