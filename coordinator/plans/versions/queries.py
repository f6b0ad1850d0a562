"""Reading plans with who holds what: the list, versions, and who a change touches."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload, undefer

from coordinator.assignments.models import (
    Assignment,
    AssignmentParty,
)
from coordinator.clock import is_within
from coordinator.db import db
from coordinator.mapping.duties.models import WorkingGroup
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.people.directory.queries import root_task_force
from coordinator.people.directory.rules import AgencyKind, TaskForceLevel
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.diff import compare, compare_action
from coordinator.plans.actions.differences import PlanDifference, PlanSubject
from coordinator.plans.actions.models import ActionItem, Indicator, Plan, PlanVersion, Strategy
from coordinator.plans.actions.rules import PartyKind
from coordinator.plans.actions.seed import ActionPart
from coordinator.plans.versions.rules import UNDO_WITHIN
from coordinator.platform.mail.models import OutgoingEmail
from coordinator.platform.mail.rules import MailState, occasion_prefix
from coordinator.typed import whole

MAIL_KIND = "plan_changed"
HISTORY = 20  # versions in which an action's history is looked for


def mail_thread(key: str, number: int) -> str:
    """Return the thread of a version's mails in the outbox."""
    return f"plan:{key}:{number}"


def mail_occasion(thread: str, task_force_code: str, agency_key: str) -> tuple[str, str, str]:
    """Return the occasion of the mail that tells one agency of a version."""
    return thread, task_force_code, agency_key


def may_edit(viewer: Viewer, owner_id: int | None) -> bool:
    """Tell whether the viewer may publish a plan of `owner_id`. None is the RAN: all task forces
    read it, so it belongs to the province that the installation began with."""
    if not viewer.may(Permission.EDIT_PLAN) or viewer.account_id is None:
        return False
    if owner_id is not None:
        return owner_id == viewer.own_task_force_id
    root = root_task_force()
    return (
        root is not None
        and root.level is TaskForceLevel.PROVINCE
        and root.id == viewer.own_task_force_id
    )


def group_names(task_force_id: int) -> dict[str, str]:
    """Return the pokja of a task force by key, as "I Pencegahan"."""
    rows = db.session.scalars(
        sa.select(WorkingGroup).where(WorkingGroup.task_force_id == task_force_id)
    )
    return {row.key: f"{row.numeral} {row.short}" for row in rows}


# --- the list ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """What of the plans is asked for: all empty, everything. `holding` is "belum" (to be assigned),
    "dipegang" or "henti" (discontinued)."""

    group: str = ""
    holding: str = ""
    tag: str = ""
    strategy: str = ""
    plan: str = ""
    text: str = ""
    sort: str = ""


SORTS = {
    "judul": (sa.func.lower(ActionItem.title),),
    "pokja": (ActionItem.working_group_key, Strategy.number, ActionItem.position),
}


def _held(viewer: Viewer) -> sa.Select[int]:
    return sa.select(Assignment.action_item_id).where(
        Assignment.task_force_id == viewer.own_task_force_id, Assignment.closed_at.is_(None)
    )


def _listed(viewer: Viewer, wanted: PlanFilter) -> sa.Select[ActionItem]:
    query = (
        sa.select(ActionItem)
        .join(ActionItem.plan)
        .join(ActionItem.strategy)
        .where(plans.visible(viewer), ActionItem.left_in.is_(None))
    )
    if wanted.group:
        query = query.where(ActionItem.working_group_key == wanted.group)
    if wanted.tag:
        query = query.where(ActionItem.tag == wanted.tag)
    if wanted.plan:
        query = query.where(Plan.key == wanted.plan)
    strategy = whole(wanted.strategy, -1)
    if strategy >= 0:
        query = query.where(Strategy.number == strategy)
    if wanted.holding == "belum":
        query = query.where(ActionItem.id.not_in(_held(viewer)), ActionItem.discontinued.is_(None))
    elif wanted.holding == "dipegang":
        query = query.where(ActionItem.id.in_(_held(viewer)))
    elif wanted.holding == "henti":
        query = query.where(ActionItem.discontinued.is_not(None))
    for word in wanted.text.split()[:6]:
        query = query.where(
            sa.or_(
                ActionItem.title.icontains(word, autoescape=True),
                ActionItem.code.startswith(word, autoescape=True),
                ActionItem.id.in_(
                    sa.select(Indicator.action_item_id).where(
                        Indicator.name.icontains(word, autoescape=True),
                        Indicator.left_in.is_(None),
                    )
                ),
            )
        )
    return query


def listed_actions(
    viewer: Viewer, wanted: PlanFilter, *, page: int = 1, size: int | None = None
) -> tuple[list[ActionItem], int]:
    """Return a page (`size` None: all) of the actions asked for, in the plans' order unless sorted
    otherwise, and how many there are."""
    query = _listed(viewer, wanted)
    total = db.session.scalar(
        query.with_only_columns(sa.func.count(ActionItem.id), maintain_column_froms=True)
    )
    order = SORTS.get(wanted.sort, ()) or (Plan.id, Strategy.number, ActionItem.position)
    query = query.order_by(*order, ActionItem.id).options(
        joinedload(ActionItem.plan),
        joinedload(ActionItem.strategy),
        selectinload(ActionItem.indicators).selectinload(Indicator.targets),
        selectinload(ActionItem.candidates),
    )
    if size is not None:
        query = query.offset((page - 1) * size).limit(size)
    return list(db.session.scalars(query)), total or 0


def action_count(viewer: Viewer) -> int:
    """Count the actions of the plans the viewer's task force reads."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(ActionItem)
            .join(ActionItem.plan)
            .where(plans.visible(viewer), ActionItem.left_in.is_(None))
        )
        or 0
    )


def held_count(viewer: Viewer) -> int:
    """Count the actions that somebody of the viewer's task force holds."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(_held(viewer).subquery())) or 0


def strategies_of(viewer: Viewer) -> list[Strategy]:
    """Return the strategies of the plans the viewer's task force reads, without their actions."""
    return list(
        db.session.scalars(
            sa.select(Strategy)
            .join(Strategy.plan)
            .where(plans.visible(viewer))
            .order_by(Plan.id, Strategy.number)
        )
    )


@dataclass(frozen=True, slots=True)
class Holder:
    """Who leads an open assignment of an action."""

    assignment_id: str
    lead: str


def holders(viewer: Viewer, action_ids: Iterable[int]) -> dict[int, list[Holder]]:
    """Return who holds which of the actions in the viewer's task force."""
    rows = db.session.execute(
        sa.select(Assignment.action_item_id, Assignment.public_id, Agency.abbreviation)
        .join(AssignmentParty, AssignmentParty.assignment_id == Assignment.id)
        .join(Agency, Agency.id == AssignmentParty.agency_id)
        .where(
            Assignment.task_force_id == viewer.own_task_force_id,
            Assignment.action_item_id.in_(list(action_ids)),
            Assignment.closed_at.is_(None),
            AssignmentParty.kind == PartyKind.LEAD,
            AssignmentParty.ended_at.is_(None),
        )
    )
    found: dict[int, list[Holder]] = defaultdict(list)
    for action_id, public_id, lead in rows:
        found[action_id].append(Holder(public_id, lead))
    return dict(found)


def national_action(action: ActionItem) -> ActionItem | None:
    """Return the action of the national plan that a regional one carries out."""
    if not action.national_key or not action.plan.national_key:
        return None
    return db.session.scalar(
        sa.select(ActionItem)
        .join(ActionItem.plan)
        .where(
            Plan.key == action.plan.national_key,
            Plan.task_force_id.is_(None),
            ActionItem.key == action.national_key,
            ActionItem.left_in.is_(None),
        )
    )


def regional_actions(viewer: Viewer, action: ActionItem) -> list[ActionItem]:
    """Return the actions of the viewer's own regional plans that carry a national one out."""
    return list(
        db.session.scalars(
            sa.select(ActionItem)
            .join(ActionItem.plan)
            .where(
                Plan.task_force_id == viewer.own_task_force_id,
                Plan.national_key == action.plan.key,
                ActionItem.national_key == action.key,
                ActionItem.left_in.is_(None),
            )
            .order_by(ActionItem.position)
        )
    )


# --- versions ------------------------------------------------------------------------------------


def changes(plan_id: int, before: int, after: int) -> list[PlanDifference]:
    """Return what version `after` of a plan changed against version `before`; for the first version
    everything is new."""
    document = plans.document(plan_id, after)
    return [] if document is None else compare(plans.document(plan_id, before), document)


def history_of(plan_id: int, key: str) -> list[tuple[PlanVersion, PlanDifference]]:
    """Return what each of the newest versions changed of one action, newest first."""
    rows = db.session.scalars(
        sa.select(PlanVersion)
        .where(PlanVersion.plan_id == plan_id)
        .options(undefer(PlanVersion.content))
        .order_by(PlanVersion.number.desc())
        .limit(HISTORY + 1)
    ).all()
    parts = [_action_part(row.content, key) for row in rows]
    found = []
    for place, row in enumerate(rows):
        is_oldest = place + 1 == len(rows)
        if is_oldest and row.number > 1:
            break  # the version before it was not read
        one = compare_action(None if is_oldest else parts[place + 1], parts[place])
        if one is not None:
            found.append((row, one))
    return found


def _action_part(content: str, key: str) -> ActionPart | None:
    """Return one action of a document's text without reading the rest of it, which may be long: an
    action is written as its id and then its code."""
    start = content.find(f'{{"id":{json.dumps(key)},"code":')
    if start < 0:
        return None
    return ActionPart.checked(json.JSONDecoder().raw_decode(content, start)[0])


def newest_number(key: str) -> int:
    """Return the number of the version of a plan in force; 0 where there is no such plan."""
    return (
        db.session.scalar(
            sa.select(sa.func.max(PlanVersion.number))
            .join(Plan, Plan.id == PlanVersion.plan_id)
            .where(Plan.key == key)
        )
        or 0
    )


def all_newest_numbers() -> dict[str, int]:
    """Return the number of the version in force of every plan, by the plan's id."""
    rows = db.session.execute(
        sa.select(Plan.key, sa.func.max(PlanVersion.number))
        .join(PlanVersion, PlanVersion.plan_id == Plan.id)
        .group_by(Plan.key)
    )
    return {row[0]: row[1] for row in rows}


def may_undo(version: PlanVersion, *, at: datetime) -> bool:
    """Tell whether a version is the newest, no undoing itself, and not a day old."""
    newest = plans.newest_version(version.plan_id)
    return (
        newest is not None
        and newest.id == version.id
        and version.undoes is None
        and is_within(UNDO_WITHIN, version.recorded_at, at)
    )


# --- whom a change touches -----------------------------------------------------------------------


def touched(
    task_force_id: int, plan_id: int, differences: Iterable[PlanDifference]
) -> dict[int, list[PlanDifference]]:
    """Return, by agency of a task force, the changed actions that name it or that it holds. Courts
    and agencies that are no longer there are not touched."""
    changed = {one.id: one for one in differences if one.subject is PlanSubject.ACTION}
    rows = db.session.execute(
        sa.select(Agency.id, Agency.key).where(
            Agency.task_force_id == task_force_id,
            Agency.is_active,
            Agency.kind != AgencyKind.PENGADILAN,
        )
    )
    by_key = {key: agency_id for agency_id, key in rows}
    holding: dict[str, set[int]] = defaultdict(set)
    for key, agency_id in db.session.execute(
        sa.select(ActionItem.key, AssignmentParty.agency_id)
        .join(Assignment, Assignment.action_item_id == ActionItem.id)
        .join(AssignmentParty, AssignmentParty.assignment_id == Assignment.id)
        .where(
            ActionItem.plan_id == plan_id,
            Assignment.task_force_id == task_force_id,
            Assignment.closed_at.is_(None),
            AssignmentParty.ended_at.is_(None),
        )
    ):
        holding[key].add(agency_id)
    known = set(by_key.values())
    found: dict[int, list[PlanDifference]] = defaultdict(list)
    for key, one in changed.items():
        named = {by_key[agency] for agency in one.agencies if agency in by_key}
        for agency_id in named | (holding[key] & known):
            found[agency_id].append(one)
    return dict(sorted(found.items()))


def agencies_reached(thread: str) -> frozenset[int]:
    """Return the agencies whose mail of a thread has left, or may have."""
    rows = db.session.execute(
        sa.select(OutgoingEmail.key, OutgoingEmail.task_force_id).where(
            OutgoingEmail.thread == thread,
            OutgoingEmail.state.in_((MailState.SENT, MailState.SENDING)),
        )
    ).all()
    keys = defaultdict(list)
    for row in rows:
        keys[row.task_force_id].append(f"{row.key}:")
    agencies = db.session.execute(
        sa.select(Agency.id, Agency.key, TaskForce.id.label("force_id"), TaskForce.code)
        .join(TaskForce, TaskForce.id == Agency.task_force_id)
        .where(TaskForce.id.in_(keys))
    )
    return frozenset(
        one.id
        for one in agencies
        if any(
            key.startswith(occasion_prefix(mail_occasion(thread, one.code, one.key)))
            for key in keys[one.force_id]
        )
    )
