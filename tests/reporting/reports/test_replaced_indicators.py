"""A plan's indicator is replaced while reports are on their way: what was sent reads as it was."""

from dataclasses import replace
from decimal import Decimal

import pytest

from coordinator.clock import today
from coordinator.db import db
from coordinator.oversight.commitments.queries import CommitmentFilter, Moment, commitments
from coordinator.oversight.matrix.obligation_queries import all_of_places
from coordinator.periods.models import ReportingPeriod
from coordinator.plans.actions import queries as plans
from coordinator.plans.versions.service import publish
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.reading.head_queries import head_for
from coordinator.reporting.reports.queries import report_page
from coordinator.reporting.verification.returning_service import default_revise_by, return_report
from coordinator.reporting.verification.rules import ReturnInput, ReturnReason, VerifyInput
from coordinator.reporting.verification.service import verify_report
from tests import factories

KEY = "ran-tppo-2025-2029"


def _replace_indicators() -> None:
    """Give action 1.1 one indicator that it never had, in place of all it has."""
    plan = plans.in_force(KEY)
    assert plan is not None
    actions = [
        replace(
            one,
            indicators=[replace(one.indicators[0], id="uji-lain", name="Lembaga", unit="lembaga")],
        )
        if one.code == "1.1"
        else one
        for one in plan.actions
    ]
    publish(replace(plan, actions=actions), by=None, reason="Naskah baru", notify=False)
    db.session.expire_all()


def _names(story: factories.Story, public_id: str) -> list[str]:
    page = report_page(story.secretariat, public_id)
    assert page is not None
    heads = [one.name for one in head_for(story.secretariat, public_id).indicators]
    assert heads == [one.name for one in page.indicators]
    return heads


def test_a_verified_report_keeps_its_indicators_and_its_share_of_the_target(in_app: None) -> None:
    story = factories.story()
    owed = factories.obligation_of(story.assignment, "dispora")
    public_id = owed.public_id
    factories.submit(owed, story.focal_point, "5")
    verify_report(public_id, VerifyInput(1, identity_checked=True), by=story.secretariat)
    before = _names(story, public_id)
    place = (owed.agency_id,), (owed.working_group_id,)
    counted = all_of_places(story.period.id, *place)
    _replace_indicators()
    assert _names(story, public_id) == before
    assert all_of_places(story.period.id, *place) == counted
    period = db.session.get_one(ReportingPeriod, story.period.id)
    at = Moment(period, period.year, today())
    (row, *_more), _total = commitments(story.leadership, CommitmentFilter(), at)
    verified = {one.name: one.verified for one in row.figures}
    assert verified[before[0]] == Decimal(5)


def test_one_that_is_returned_is_asked_for_what_it_was_sent_with(in_app: None) -> None:
    story = factories.story()
    owed = factories.obligation_of(story.assignment, "dispora")
    public_id = owed.public_id
    factories.submit(owed, story.focal_point, "5")
    day = default_revise_by(story.secretariat.zone)
    wanted = ReturnInput(1, ReturnReason.FIGURE_UNCLEAR, "Periksa angkanya.", day)
    return_report(public_id, wanted, by=story.secretariat)
    before = _names(story, public_id)
    _replace_indicators()
    assert _names(story, public_id) == before
    assert [
        one.name for one in drafts.asked_of(factories.obligation_of(story.assignment, "dispora"))
    ] == before
    factories.submit(factories.obligation_of(story.assignment, "dispora"), story.focal_point, "4")
    assert _names(story, public_id) == before


@pytest.mark.parametrize("is_nil", [False, True])
def test_one_that_named_no_figure_is_about_what_the_plan_has_now(
    in_app: None, *, is_nil: bool
) -> None:
    story = factories.story()
    owed = factories.obligation_of(story.assignment, "dispora")
    public_id = owed.public_id
    if is_nil:
        factories.submit(owed, story.focal_point, kind="nil", nil_reason="Belum ada kegiatan.")
    _replace_indicators()
    assert _names(story, public_id) == ["Lembaga"]
    asked = drafts.asked_of(factories.obligation_of(story.assignment, "dispora"))
    assert [one.name for one in asked] == ["Lembaga"]
