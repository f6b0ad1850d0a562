"""Where the demo is set: a task force, its days, its people and what they do there.

Everything goes through the services, as on the day it is said to have happened.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from datetime import time as day_time
from decimal import Decimal
from itertools import cycle
from zoneinfo import ZoneInfo

from coordinator.assignments.changes.assigning import NewAssignment, assign_action
from coordinator.assignments.models import AssignmentTarget
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.rules import BasisKind
from coordinator.clock import frozen_time, now, today
from coordinator.db import db
from coordinator.demo import queries
from coordinator.demo.scenario import UNSEEN, Person
from coordinator.demo.stories import monthly
from coordinator.oversight.opening.service import NewPeriod, open_new_period
from coordinator.oversight.reminders.service import send_time
from coordinator.people.accounts import service as accounts
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.rules import working_day_on_or_after, working_day_on_or_before
from coordinator.periods.models import ReportingPeriod
from coordinator.permissions import AccessKind, Viewer
from coordinator.plans.actions.models import ActionItem
from coordinator.plans.actions.rules import IndicatorKind, PartyKind

MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
BEGAN = 150  # days ago
ASSIGNED = 120
CUMULATIVE_AT_LEAST = Decimal(12)  # a year: less is no whole number a month


class Stage:
    """A task force while the demo is loaded, and the people who act there."""

    def __init__(self, force: TaskForce) -> None:
        self.force = force
        self.on = today(force.zone)
        self.days_off = directory.days_off()
        has_begun = now() >= send_time(force, self.on)
        # The last morning on which reminders went out, and the working day before it: on it is
        # done what was done last.
        self.reminded_on = self.working_day_before(self.on, is_included=has_begun)
        self.latest = self.working_day_before(self.reminded_on)
        self.agencies = {one.slug: one for one in directory.agencies_by_key(force.id).values()}
        self.viewers: dict[str, Viewer] = {}

    def working_day_before(self, day: date, *, is_included: bool = False) -> date:
        """Return the last working day before a day, or the day itself where that counts."""
        return working_day_on_or_before(
            day if is_included else day - timedelta(days=1), self.days_off
        )

    def at(self, day: date, hour: int = 10, minute: int = 0) -> datetime:
        """Return an instant of a day in the task force's zone."""
        return datetime.combine(day, day_time(hour, minute), ZoneInfo(self.force.zone))

    def ago(self, days: int) -> datetime:
        """Return an instant of a morning so many days ago; on a working day."""
        day = working_day_on_or_before(self.on - timedelta(days=days), self.days_off)
        return self.at(day, 9 + days % 3, 7 * days % 60)

    def add_person(self, person: Person, password_hash: str) -> None:
        """Add an account with a password. Call it at the time at which the demo begins."""
        agency = self.agencies[person.agency] if person.agency else None
        home = self.agencies[person.home] if person.home else agency
        is_admin = person.kind is AccessKind.ADMINISTRATOR
        account = accounts.add_person(
            accounts.NewPerson(
                email=person.email,
                name=person.name
                if not agency
                else person.name.replace(agency.slug, agency.abbreviation),
                kind=person.kind,
                task_force_id=None if is_admin else self.force.id,
                agency_id=agency.id if agency else None,
                home_agency_id=home.id if home else None,
                is_alternate=person.is_alternate,
                from_on=self.on - timedelta(days=BEGAN),
            ),
            by=None,
            is_sample=True,
        )
        accounts.store_password_hash(account.id, password_hash)
        # One focal point has not signed in for months: the secretariat's page lists one too.
        account.last_seen_at = self.ago(
            75 if person.local_part == UNSEEN else 1 + len(self.viewers) % 9
        )
        self.viewers[person.local_part] = Viewer(
            account_id=account.id,
            kind=person.kind,
            task_force_id=None if is_admin else self.force.id,
            agency_id=agency.id if agency else None,
            home_agency_id=home.id if home else None,
            zone=self.force.zone,
        )

    def assign(
        self,
        action: ActionItem,
        lead: str,
        support: tuple[str, ...],
        *,
        place: int,
        share: Decimal = Decimal(1),
        by: Viewer,
    ) -> None:
        """Give an action to agencies; `share` is the part of the plan's target that is theirs."""
        year = today(self.force.zone).year
        due = self.on.year + (self.on.month == 12)
        assign_action(
            NewAssignment(
                action_id=action.public_id,
                lead=lead,
                support=support,
                basis_kind=BasisKind.MEETING if place % 3 else BasisKind.LETTER,
                basis_reference="Rapat koordinasi (DATA CONTOH)"
                if place % 3
                else f"DATA CONTOH/{place:03d}",
                basis_on=today(self.force.zone) - timedelta(days=5),
                due_on=date(due, 12, 31),
                targets={
                    indicator.id: _shared(target.value, indicator.kind, share)
                    for indicator in action.indicators
                    for target in indicator.targets
                    if target.year == year
                },
            ),
            by=by,
            is_sample=True,
        )

    def open_period(
        self, months_ago: int, opens_on: date, closes_on: date, *, by: Viewer
    ) -> ReportingPeriod:
        """Open the period of a month and give each assignment what the month owes."""
        month = (self.on.year * 12 + self.on.month - 1) - months_ago
        year, index = divmod(month, 12)
        after = date(year + (index == 11), (index + 1) % 12 + 1, 1)
        period = open_new_period(
            self.force.id,
            NewPeriod(
                year=year,
                label=MONTHS.split()[index],
                position=index + 1,
                periods_in_year=12,
                covers_from=date(year, index + 1, 1),
                covers_until=after - timedelta(days=1),
                opens_on=opens_on,
                closes_on=closes_on,
            ),
            by=by,
            is_sample=True,
        )
        # The assignments are younger than the year: a twelfth of its target is what a month owes.
        for target in queries.all_yearly_targets(self.force.id, year):
            if target.indicator.kind is IndicatorKind.NUMBER:
                db.session.add(
                    AssignmentTarget(
                        assignment_id=target.assignment_id,
                        indicator_id=target.indicator_id,
                        year=year,
                        period_id=period.id,
                        value=monthly(target.value, target.indicator.accumulation),
                    )
                )
        db.session.flush()
        return period

    def past_window(self) -> tuple[date, date]:
        """Return the window of the newest past period; it ended a few days ago."""
        closes_on = working_day_on_or_before(self.on - timedelta(days=4), self.days_off)
        return self.on - timedelta(days=40), closes_on

    def open_window(self) -> tuple[date, date]:
        """Return the window of the open period; it ends in a few days."""
        closes_on = working_day_on_or_after(self.on + timedelta(days=3), self.days_off)
        return self.on - timedelta(days=20), closes_on

    def frozen(self, instant: datetime) -> AbstractContextManager[None]:
        """Let services act at an instant, but never later than now."""
        return frozen_time(min(instant, self.at(self.latest, 17)))


def _shared(value: Decimal, kind: IndicatorKind, share: Decimal) -> Decimal:
    if kind is not IndicatorKind.NUMBER or share == 1:
        return value
    return max(CUMULATIVE_AT_LEAST, (value * share).quantize(Decimal(1)))


def outcomes_of(
    obligations: Sequence[Obligation],
    *,
    leads: tuple[str, ...],
    others: tuple[str, ...],
    fixed: Mapping[tuple[str, str], str],
) -> list[tuple[Obligation, str]]:
    """Return what becomes of each obligation: what is fixed for its action's code and its agency,
    else a word in turn, the lead's apart from the supporters'. Two do not wait for each other."""
    turns = {PartyKind.LEAD: cycle(leads), PartyKind.SUPPORT: cycle(others)}
    found = [
        (
            one,
            fixed.get((one.party.assignment.action_item.code, one.party.agency.slug))
            or next(turns[one.party.kind]),
        )
        for one in obligations
    ]
    stopped = {
        one.party.assignment_id
        for one, word in found
        if word == "blocked" and one.party.kind is PartyKind.LEAD
    }
    return [
        (one, "verified")
        if word == "blocked"
        and one.party.kind is PartyKind.SUPPORT
        and one.party.assignment_id in stopped
        else (one, word)
        for one, word in found
    ]
