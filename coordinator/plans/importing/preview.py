"""What applying a file would do, compared with what is in force."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from coordinator.assignments.replanning import queries as replanning_queries
from coordinator.assignments.replanning.queries import Elsewhere
from coordinator.assignments.replanning.rules import (
    NO_WISHES,
    AssignmentOutcome,
    Running,
    Wishes,
    outcomes,
)
from coordinator.clock import today
from coordinator.people.accounts.queries import recipients_of_agencies
from coordinator.people.directory.queries import active_task_forces
from coordinator.permissions import Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.diff import compare, counted
from coordinator.plans.actions.differences import PlanChange, PlanDifference, PlanSubject
from coordinator.plans.actions.seed import ActionPart, PlanFile
from coordinator.plans.actions.use_queries import all_keys_in_use
from coordinator.plans.versions import queries
from coordinator.plans.versions.rules import (
    Missing,
    below_law,
    completed,
    faults,
    left_out,
    replaces_sample,
    to_complete,
)


@dataclass(frozen=True, slots=True)
class Preview:
    """The changes a file would make where what it leaves out (`missing`) is kept, or where that is
    discontinued (`if_stopped`). `number` is the version in force (0: the plan is new); `faults`
    keep the whole from being applied; `below_law` are targets to look at twice.

    `outcomes` are the running assignments that change, `closed` those that end where missing
    actions are discontinued: of the viewer's own task force. `elsewhere` counts what others hold of
    the changed actions."""

    plan: PlanFile
    number: int
    differences: list[PlanDifference]
    missing: list[ActionPart]
    if_stopped: list[PlanDifference]
    faults: list[str]
    below_law: list[str]
    replaces_sample: bool
    is_overtaken: bool
    outcomes: list[AssignmentOutcome]
    closed: list[AssignmentOutcome]
    elsewhere: Elsewhere
    unsent: int  # reports of what is closed that could still be sent
    unreachable: list[str]  # the agencies of what is closed of which nobody reads mail

    @property
    def fingerprint(self) -> str:
        """What of the running work a person saw, in short: it changes where an assignment does."""
        seen = [
            (one.running.public_id, one.running.version, one.closed, one.targets, one.gone)
            for one in (*self.outcomes, *self.closed)
        ]
        text = repr((seen, [part.id for part in self.missing]))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def likely(self) -> list[PlanDifference]:
        """What will change, where nobody chooses otherwise: a real plan keeps nothing of a sample
        that it does not have."""
        return self.if_stopped if self.replaces_sample else self.differences

    @property
    def counts(self) -> dict[PlanChange, int]:
        """Actions by change."""
        return counted(self.likely)

    @property
    def is_same(self) -> bool:
        """True where nothing would change, regardless of what is done with missing actions."""
        return not self.differences and not self.missing


@dataclass(frozen=True, slots=True)
class SeenPreview:
    """Which preview a person applies: the round of the reading, and `Preview.fingerprint`."""

    round: int
    fingerprint: str


def preview(plan: PlanFile, viewer: Viewer, known_in_use: Collection[str] | None = None) -> Preview:
    """Return what publishing `plan` would change; what it leaves out is not changed.

    `known_in_use` are the actions and indicators that work rested on when the file was read, where
    the file was asked about them.
    """
    key = plan.plan.id
    former = plans.in_force(key)
    in_use = all_keys_in_use(key) if former else set()
    rest = to_complete(former, plan, lambda: in_use)
    whole = completed(rest, plan, Missing.KEEP)
    missing = left_out(rest, plan)
    differences = compare(former, whole)
    stopped = completed(rest, plan, Missing.DISCONTINUE, "-") if missing else whole
    changed = [one.id for one in compare(former, stopped) if one.subject is PlanSubject.ACTION]
    running = replanning_queries.running(viewer, key) if former else []
    all_outcomes = outcomes_of(running, former, stopped, viewer)
    closed = [one for one in all_outcomes if one.closed is not None]
    return Preview(
        plan=plan,
        number=queries.newest_number(plan.plan.id),
        differences=differences,
        missing=missing,
        if_stopped=compare(former, stopped) if missing else differences,
        faults=list(faults(whole, former)),
        below_law=list(below_law(whole.actions, former.actions if former else ())),
        replaces_sample=replaces_sample(former, plan),
        is_overtaken=known_in_use is not None and not in_use <= set(known_in_use),
        outcomes=[one for one in all_outcomes if one.closed is None],
        closed=closed,
        unsent=replanning_queries.unsent_reports(viewer, [one.running.id for one in closed]),
        unreachable=_unreachable(closed, viewer),
        elsewhere=replanning_queries.elsewhere(viewer, key, changed),
    )


def _unreachable(closed: Collection[AssignmentOutcome], viewer: Viewer) -> list[str]:
    leads = {
        one.running.agency_ids[0]: one.running.lead for one in closed if one.running.agency_ids
    }
    people = recipients_of_agencies(leads, today(viewer.zone))
    return [name for agency_id, name in leads.items() if not people[agency_id]]


def outcomes_of(
    running: Collection[Running],
    former: PlanFile | None,
    after: PlanFile,
    viewer: Viewer,
    wishes: Wishes = NO_WISHES,
) -> list[AssignmentOutcome]:
    """Return what becomes of the running assignments of the viewer's task force."""
    return outcomes(
        running,
        former,
        after,
        level=plans.level_of(viewer.own_task_force_id),
        year=today(viewer.zone).year,
        wishes=wishes,
    )


def applied_outcomes(
    plan: PlanFile, missing: Missing, missing_reason: str, wishes: Wishes, viewer: Viewer
) -> list[AssignmentOutcome]:
    """Return what applying a plan does to the running assignments of the task force."""
    key = plan.plan.id
    former = plans.in_force(key)
    if former is None:
        return []
    rest = to_complete(former, plan, lambda: all_keys_in_use(key))
    whole = completed(rest, plan, missing, missing_reason.strip())
    return outcomes_of(replanning_queries.running(viewer, key), former, whole, viewer, wishes)


def reached(
    plan_key: str, owner: str | None, differences: list[PlanDifference], viewer: Viewer
) -> tuple[int, int]:
    """Return how many agencies the changes touch, and for how many of them somebody reads mail.

    Counted in all task forces that read the plan (`owner`: the code of a regional plan's).
    """
    plan = plans.plan_by_key(plan_key)
    touched = with_people = 0
    for force in active_task_forces():
        if owner is not None and force.code != owner:
            continue
        found = queries.touched(force.id, plan.id if plan else -1, differences)
        people = recipients_of_agencies(found, today(viewer.zone))
        touched += len(found)
        with_people += sum(map(bool, people.values()))
    return touched, with_people
