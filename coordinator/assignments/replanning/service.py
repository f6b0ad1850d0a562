"""Bringing running assignments in line with a new version of their plan, and back again.

Called inside the transaction that publishes the version, or takes it back. The mail about the
version says what it means for an agency's assignments (`labels.sentences`).
"""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

import sqlalchemy as sa

from coordinator.assignments.changes.changes import ChangeRequest, add_change, first_due
from coordinator.assignments.changes.service import close_assignment
from coordinator.assignments.models import Assignment, AssignmentTarget, ReplannedAssignment
from coordinator.assignments.obligations.models import Obligation
from coordinator.assignments.obligations.service import create_obligations
from coordinator.assignments.queries import reported_in
from coordinator.assignments.replanning.labels import undo_sentences
from coordinator.assignments.replanning.queries import all_opened_since, all_replanned
from coordinator.assignments.replanning.rules import AssignmentOutcome
from coordinator.assignments.rules import ChangeKind, CloseKind
from coordinator.clock import local, today
from coordinator.db import db, transactional
from coordinator.errors import Conflict, NotAllowed
from coordinator.free_text import refuse_identity
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions.models import Indicator
from coordinator.platform.audit.service import record
from coordinator.platform.mail.requeueing_service import requeue_emails_of
from coordinator.translation import gettext as _

MOST_NAMED = 5  # in one sentence

Targets = Iterable[tuple[str, int, Decimal | None]]  # indicator (its key), year, value


@transactional
def settle(
    outcomes: Collection[AssignmentOutcome],
    *,
    plan_version_id: int,
    version: str,
    reason: str,
    by: Viewer,
) -> int:
    """Make the outcomes true; return how many assignments changed.

    `version` names the plan's version in the history of each ("RAN 2025-2029 versi 4"). Raises
    NotAllowed.
    """
    if not by.may(Permission.ASSIGN_ACTIONS):
        raise NotAllowed(_("Anda tidak dapat mengubah penugasan."))
    refuse_identity(reason=reason)
    assignments = {
        row.id: row
        for row in db.session.scalars(
            sa.select(Assignment).where(
                Assignment.id.in_([one.running.id for one in outcomes]),
                Assignment.task_force_id == by.own_task_force_id,
                Assignment.closed_at.is_(None),
            )
        )
    }
    count = 0
    for one in outcomes:
        assignment = assignments.get(one.running.id)
        changes = [change for change in one.targets if change.changes]
        if assignment is None or not (one.closed is not None or changes):
            continue
        ended: list[Obligation] = []
        if one.closed is not None:
            request = ChangeRequest(version=assignment.version, reason=one.closed)
            _change, ended = close_assignment(
                assignment, CloseKind.DISCONTINUED, request, today(by.zone), by=by
            )
        else:
            _set_targets(assignment, ((c.indicator, c.year, c.after) for c in changes))
            _note(assignment, f"{version}: {reason}", by)
        db.session.add(
            ReplannedAssignment(
                plan_version_id=plan_version_id,
                assignment_id=assignment.id,
                version=assignment.version,
                ended=[obligation.public_id for obligation in ended],
                targets=[
                    (c.indicator, c.year, None if c.before is None else str(c.before))
                    for c in changes
                ],
            )
        )
        count += 1
        if changes:
            record(
                "assignment.replanned",
                by=by,
                subject=("assignment", assignment.public_id),
                agency_id=assignment.lead.agency_id,
                plan=version,
                targets={f"{c.indicator} {c.year}": f"{c.before} -> {c.after}" for c in changes},
            )
    return count


@transactional
def unsettle(
    plan_version_id: int, *, version: str, titles: Mapping[str, str], by: Viewer
) -> dict[int, list[str]]:
    """Undo what a plan's version did to assignments; return what to say of it to agencies (by id).
    `titles` are those of the actions that hold again, by key.

    An assignment that was closed is asked again for what it owed, also in the periods that were
    opened meanwhile.

    Raises NotAllowed, also where they are another task force's; Conflict where somebody has changed
    one of them since: that would be lost.
    """
    rows = all_replanned(plan_version_id)
    own = {by.own_task_force_id}
    if not by.may(Permission.ASSIGN_ACTIONS) or {r.assignment.task_force_id for r in rows} - own:
        raise NotAllowed(_("Anda tidak dapat mengubah penugasan."))
    changed = [row for row in rows if row.assignment.version != row.version]
    if changed:
        raise Conflict(
            _(
                "Versi ini tidak dapat diurungkan: penugasan %(what)s sudah diubah sesudahnya.",
                what=", ".join(one.assignment.action_item.code for one in changed[:MOST_NAMED]),
            )
        )
    said = undo_sentences(rows, titles)
    for row in rows:
        assignment = row.assignment
        if assignment.closed_at is not None:
            _open_again(assignment, row.ended, by)
        before = (
            (key, year, None if value is None else Decimal(value))
            for key, year, value in row.targets
        )
        _set_targets(assignment, before)
        _note(assignment, _("%(version)s diurungkan", version=version), by)
        db.session.delete(row)
        db.session.flush()
        record(
            "assignment.replanning_undone",
            by=by,
            subject=("assignment", assignment.public_id),
            agency_id=assignment.lead.agency_id,
            plan=version,
            obligations=len(row.ended),
        )
    return said


def _open_again(assignment: Assignment, ended: Collection[str], by: Viewer) -> None:
    """Undo that an assignment was closed: what it owed, also in the periods opened meanwhile, and
    the mails about it that were cancelled.

    A report whose last day has passed meanwhile gets the days of a new receiver: the agency was
    told that it need not report.
    """
    assert assignment.closed_at is not None
    missed = all_opened_since(assignment.task_force_id, assignment.closed_at)
    closed_on = local(assignment.closed_at, by.zone).date()
    assignment.closed_at = assignment.closed_kind = assignment.closed_reason = None
    on = today(by.zone)
    for obligation in db.session.scalars(
        sa.select(Obligation).where(Obligation.public_id.in_(ended))
    ):
        obligation.ended_as = obligation.ended_at = None
        if closed_on <= obligation.due_on < on:
            obligation.due_on = first_due(on)
    db.session.flush()
    for period in missed:
        if assignment.public_id not in (period.left_out or {}):
            in_it = reported_in(period.covers_from, period.covers_until)
            create_obligations([period], Assignment.id == assignment.id, in_it)
    for party in assignment.active_parties:
        requeue_emails_of(("assigned", assignment.public_id, party.id))


def _note(assignment: Assignment, text: str, by: Viewer) -> None:
    """Add a line to the history of a changed assignment."""
    assignment.version += 1
    request = ChangeRequest(version=assignment.version, reason=text)
    add_change(assignment, ChangeKind.AMENDED, request, by)


def _set_targets(assignment: Assignment, targets: Targets) -> None:
    """Make these the assignment's targets of a year; None is "tanpa target"."""
    ids = {
        row.key: row.id
        for row in db.session.execute(
            sa.select(Indicator.key, Indicator.id).where(
                Indicator.action_item_id == assignment.action_item_id
            )
        )
    }
    known = {
        (row.indicator_id, row.year): row
        for row in db.session.scalars(
            sa.select(AssignmentTarget).where(
                AssignmentTarget.assignment_id == assignment.id,
                AssignmentTarget.period_id.is_(None),
            )
        )
    }
    for key, year, value in targets:
        row = known.get((ids[key], year))
        if value is None:
            if row is not None:
                db.session.delete(row)
        elif row is not None:
            row.value = value
        else:
            db.session.add(
                AssignmentTarget(
                    assignment_id=assignment.id, indicator_id=ids[key], year=year, value=value
                )
            )
    db.session.flush()
