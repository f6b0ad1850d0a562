"""The rule of the steps to the head and to the leadership, as tables."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from coordinator.oversight.reminders.escalation import (
    EscalationState,
    EscalationWay,
    HigherStep,
    Late,
    first_day,
    state_of,
    told_by_hand,
    way_to_head,
)
from coordinator.oversight.reminders.rules import Audience, ReminderSubject
from coordinator.people.directory.rules import AgencyKind

WITA = ZoneInfo("Asia/Makassar")
LAST_DAY = date(2026, 10, 16)  # a Friday; H+7 is Friday the 23rd
HOLIDAY = date(2026, 10, 23)
HEAD = HigherStep(ReminderSubject.REPORT, 7, Audience.HEAD)
LONG_AGO = datetime(2026, 10, 19, 0, 6, tzinfo=UTC)  # H+1, which goes out on Monday


def eight(day: date) -> datetime:
    return datetime.combine(day, time(8), WITA)


def state(
    on: date,
    *,
    told_at: datetime | None = LONG_AGO,
    since: date = date.min,
    began_on: date = date(2026, 10, 1),
    is_done: bool = False,
    days_off: frozenset[date] = frozenset(),
) -> EscalationState:
    return state_of(
        Late(LAST_DAY, ReminderSubject.REPORT, began_on),
        HigherStep(HEAD.subject, HEAD.offset, HEAD.audience, since),
        told_at=told_at,
        is_done=is_done,
        at=eight(on),
        on=on,
        days_off=days_off,
    )


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 10, 22), EscalationState.AHEAD),
        (date(2026, 10, 23), EscalationState.DUE),
        (date(2026, 11, 30), EscalationState.DUE),
    ],
)
def test_a_step_comes_on_its_day(on: date, expected: EscalationState) -> None:
    assert state(on) is expected


def test_a_step_on_a_day_off_comes_on_the_working_day_after() -> None:
    off = frozenset({HOLIDAY})
    assert state(HOLIDAY, days_off=off) is EscalationState.AHEAD
    assert state(date(2026, 10, 26), days_off=off) is EscalationState.DUE


@pytest.mark.parametrize(
    ("told_at", "expected"),
    [
        (None, EscalationState.UNTOLD),
        (eight(date(2026, 10, 23)) - timedelta(hours=24), EscalationState.DUE),
        (eight(date(2026, 10, 23)) - timedelta(hours=24, seconds=-1), EscalationState.UNTOLD),
        (eight(date(2026, 10, 23)), EscalationState.UNTOLD),
        (eight(date(2026, 12, 1)), EscalationState.UNTOLD),  # by a wrong clock
    ],
)
def test_nobody_above_hears_what_was_not_said_a_day_before(
    told_at: datetime | None, expected: EscalationState
) -> None:
    assert state(date(2026, 10, 23), told_at=told_at) is expected


@pytest.mark.parametrize(
    ("since", "began_on", "expected"),
    [
        (date(2026, 10, 23), date(2026, 10, 1), EscalationState.DUE),
        (
            date(2026, 10, 24),
            date(2026, 10, 1),
            EscalationState.PASSED,
        ),  # late before the step was there
        (date.min, date(2026, 10, 23), EscalationState.DUE),
        (date.min, date(2026, 10, 24), EscalationState.PASSED),  # owed only after its day
    ],
)
def test_what_was_late_before_the_step_does_not_go_up(
    since: date, began_on: date, expected: EscalationState
) -> None:
    assert state(date(2026, 11, 2), since=since, began_on=began_on) is expected


def test_what_is_done_stays_done() -> None:
    assert state(date(2026, 10, 23), is_done=True) is EscalationState.DONE
    assert state(date(2026, 10, 23), is_done=True, told_at=None) is EscalationState.DONE


@pytest.mark.parametrize("kind", list(AgencyKind))
@pytest.mark.parametrize("is_reachable", [True, False])
def test_only_heads_of_the_own_government_with_a_mailbox_get_mail(
    kind: AgencyKind, is_reachable: bool
) -> None:
    is_mailed = kind is AgencyKind.PERANGKAT_DAERAH and is_reachable
    expected = EscalationWay.MAIL if is_mailed else EscalationWay.LETTER
    assert way_to_head(kind, is_reachable=is_reachable) is expected


@pytest.mark.parametrize(
    ("told_at", "expected"),
    [
        (LONG_AGO, date(2026, 10, 23)),
        (eight(date(2026, 10, 22)), date(2026, 10, 23)),
        # Accepted a minute after eight on Thursday: Friday at eight is a minute too early.
        (eight(date(2026, 10, 22)) + timedelta(minutes=1), date(2026, 10, 26)),
        (eight(date(2026, 10, 23)) + timedelta(minutes=1), date(2026, 10, 26)),
        (eight(date(2026, 10, 26)) + timedelta(minutes=1), date(2026, 10, 28)),
    ],
)
def test_the_day_named_in_advance_is_the_day_it_comes(told_at: datetime, expected: date) -> None:
    found = first_day(
        date(2026, 10, 23), told_at, send_hour=time(8), zone=WITA, days_off=frozenset()
    )
    assert found == expected
    assert state(found, told_at=told_at) is EscalationState.DUE
    before = found - timedelta(days=1)
    assert state(before, told_at=told_at) is not EscalationState.DUE or before.weekday() > 4


def test_a_contact_counts_from_its_day_or_from_when_it_was_noted() -> None:
    end = datetime(2026, 10, 20, 23, 59, 59, tzinfo=WITA)
    noted = datetime(2026, 10, 20, 10, tzinfo=WITA)
    assert told_by_hand(noted, end) == noted
    assert told_by_hand(noted + timedelta(days=3), end) == end
