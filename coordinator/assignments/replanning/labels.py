"""What a new version of a plan means for an assignment, in words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from coordinator.assignments.models import ReplannedAssignment, part_title
from coordinator.assignments.replanning.rules import AssignmentOutcome, TargetChange
from coordinator.plans.actions.diff import number
from coordinator.translation import gettext as _


def value_text(value: Decimal | None, unit: str = "") -> str:
    """Return a target in words, such as "12 kegiatan"."""
    return _("tanpa target") if value is None else f"{number(value)} {unit}".strip()


def title_of(outcome: AssignmentOutcome) -> str:
    """Return the assignment's code and title, as the new version has them."""
    return f"{outcome.after.code} {part_title(outcome.after.title, outcome.running.part)}"


def sentences(outcomes: Iterable[AssignmentOutcome], year: int) -> dict[int, list[str]]:
    """Return, by agency id, what changes for its assignments: one sentence each, the closed ones
    first. Of targets only this `year`'s is said; the page of the assignment has the others."""
    found: dict[int, list[str]] = defaultdict(list)
    for one in sorted(outcomes, key=lambda one: one.closed is None):
        text = _closed(one) if one.closed is not None else _targets(one, year)
        for agency_id in one.running.agency_ids if text else ():
            found[agency_id].append(text)
    return dict(found)


def undo_sentences(
    rows: Iterable[ReplannedAssignment], titles: Mapping[str, str]
) -> dict[int, list[str]]:
    """Return, by agency id, what a version that is taken back means for its assignments. It is read
    before they are changed; `titles` are those that hold again, with their codes, by action."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        assignment = row.assignment
        action = assignment.action_item
        former = titles.get(action.key, f"{action.code} {action.title}")
        title = part_title(former, assignment.part)
        text = (
            _("Penugasan “%(title)s” berlaku lagi, dan laporannya diminta lagi.", title=title)
            if assignment.closed_at is not None
            else _("Target “%(title)s” kembali seperti sebelumnya.", title=title)
        )
        for party in assignment.active_parties:
            found[party.agency_id].append(text)
    return dict(found)


def _closed(one: AssignmentOutcome) -> str:
    return _(
        "Penugasan “%(title)s” ditutup. Anda tidak diminta melapor lagi; laporan yang sudah "
        "dikirim tetap tersimpan.",
        title=title_of(one),
    )


def _targets(one: AssignmentOutcome, year: int) -> str:
    changes = [change for change in one.targets if change.changes and change.year == year]
    if not changes:
        return ""
    return _(
        "Target %(year)s “%(title)s”: %(what)s.",
        year=year,
        title=title_of(one),
        what="; ".join(_change(change) for change in changes),
    )


def _change(change: TargetChange) -> str:
    return _(
        "%(name)s %(before)s menjadi %(after)s",
        name=change.name,
        before=value_text(change.before, change.former_unit if change.has_other_unit else ""),
        after=value_text(change.after, change.unit),
    )
