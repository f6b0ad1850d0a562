"""Who is late, since when, and who can be asked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import today
from coordinator.oversight.stuck import formatting, queries
from coordinator.people.accounts import appointments, service
from coordinator.permissions import AccessKind, Viewer
from coordinator.reporting.reports.rules import ReturnReason
from coordinator.reporting.settings.service import set_head_approval
from coordinator.reporting.verification.returning_service import return_report
from coordinator.reporting.verification.rules import ReturnInput
from tests import factories

pytestmark = pytest.mark.usefixtures("in_app")
AFTER = datetime(2026, 10, 19, 2, 0, tzinfo=UTC)  # three days after the last day


@pytest.fixture
def story(in_app: None) -> factories.Story:
    """Dispora owes a report as lead, Disnakertrans as supporter."""
    return factories.story()


def _late(story: factories.Story) -> dict[str, queries.LateAgency]:
    return {one.abbreviation: one for one in queries.late_agencies(story.leadership, today())}


def _return(owed: Obligation, *, until: date, by: Viewer) -> None:
    return_report(
        owed.public_id,
        ReturnInput(
            revision_number=1,
            return_reason=ReturnReason.EVIDENCE_UNDATED,
            remark="Tambahkan tanggal pada foto.",
            revise_by_on=until,
        ),
        by=by,
    )


def test_nobody_is_late_before_the_last_day_is_over(
    story: factories.Story, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 10, 16, 10, 0, tzinfo=UTC))
    assert _late(story) == {}


def test_who_never_sent_is_late_since_the_last_day(
    story: factories.Story, clock: time_machine.Traveller
) -> None:
    factories.submit(factories.obligation_of(story.assignment, "dispora"), story.focal_point)
    clock.move_to(AFTER)
    late = _late(story)
    assert list(late) == ["Disnakertrans"]
    one = late["Disnakertrans"]
    assert (one.days, one.unsent, one.returned) == (3, 1, 0)
    assert one.contact is not None
    assert one.contact.email == factories.email_of(story.supporter)


def test_who_does_not_revise_is_late_since_the_day_it_was_asked_for(
    story: factories.Story, clock: time_machine.Traveller
) -> None:
    owed = factories.obligation_of(story.assignment, "dispora")
    factories.submit(owed, story.focal_point)
    _return(owed, until=date(2026, 10, 16), by=story.secretariat)
    clock.move_to(AFTER)
    one = _late(story)["Dispora"]
    assert (one.days, one.unsent, one.returned) == (3, 0, 1)
    assert formatting.what_is_missing(one) == "1 belum diperbaiki"


def test_an_agency_without_a_person_says_so(
    story: factories.Story, clock: time_machine.Traveller
) -> None:
    clock.move_to(AFTER)
    with_person = _late(story)["Dispora"]
    assert formatting.who_must_act(with_person) == with_person.contact.name  # type: ignore[union-attr]
    service.disable(story.focal_point.account_id or 0, by=story.secretariat)
    alone = _late(story)["Dispora"]
    assert alone.contact is None
    assert formatting.who_must_act(alone) == "Dispora belum punya narahubung"
    assert formatting.whatsapp_link(alone, "Kalimantan Timur", "http://x") is None


def test_a_blocked_report_says_because_of_whom(story: factories.Story) -> None:
    owed = factories.obligation_of(story.assignment, "dispora")
    factories.submit(
        owed, story.focal_point, kind="blocked", blocked_by="Kesbangpol belum menetapkan lokasi"
    )
    (one,) = queries.blocked_reports(story.leadership, today() + timedelta(days=2))
    assert (one.agency, one.days) == ("Dispora", 2)
    assert one.blocked_by == "Kesbangpol belum menetapkan lokasi"


def test_an_agency_sees_nothing_of_it(
    story: factories.Story, clock: time_machine.Traveller
) -> None:
    clock.move_to(AFTER)
    assert queries.late_agencies(story.focal_point, today()) == []
    assert queries.blocked_reports(story.focal_point, today()) == []


def test_another_task_force_sees_nothing_of_it(
    story: factories.Story, clock: time_machine.Traveller
) -> None:
    clock.move_to(AFTER)
    stranger = replace(story.leadership, task_force_id=factories.task_force("64.71").id)
    assert queries.late_agencies(stranger, today()) == []


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("+6281234567890", "https://wa.me/6281234567890?text=Yth.%20"),
        ("+62541733766 ext. 12", None),
        (None, None),
    ],
)
def test_whatsapp_is_offered_to_a_mobile_alone(
    story: factories.Story, clock: time_machine.Traveller, number: str | None, link: str | None
) -> None:
    appointments.edit_person(
        story.focal_point.account_id or 0,
        appointments.PersonDetails(name="Narahubung Uji", telephone=number, contact_email=None),
        by=story.secretariat,
    )
    clock.move_to(AFTER)
    found = formatting.whatsapp_link(_late(story)["Dispora"], "Kalimantan Timur", "http://x")
    assert (found or "").startswith(link or "")
    assert (found is None) == (link is None)


def test_a_revision_that_waits_for_the_head_is_late_since_the_day_it_was_asked_for(
    story: factories.Story, clock: time_machine.Traveller
) -> None:
    owed = factories.obligation_of(story.assignment, "dispora")
    factories.submit(owed, story.focal_point)
    _return(owed, until=date(2026, 10, 19), by=story.secretariat)
    head = factories.person(AccessKind.AGENCY_HEAD, "dispora")
    set_head_approval("dispora", wanted=True, by=head)
    factories.submit(owed, story.focal_point, "4")
    clock.move_to(AFTER)
    assert "Dispora" not in _late(story)
    clock.shift(timedelta(days=2))
    one = _late(story)["Dispora"]
    assert (one.days, one.unsent, one.returned) == (2, 0, 1)
    assert formatting.who_must_act(one) == "Kepala Dispora menyetujui"
