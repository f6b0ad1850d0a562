"""The kabupaten/kota of the demo: a mapping copied from the province's, and work of its own."""

from dataclasses import replace

from coordinator.clock import frozen_time
from coordinator.demo import queries
from coordinator.demo.answering import answer_duties_below
from coordinator.demo.reports import ReportWriter
from coordinator.demo.scenario import (
    AGENCIES_BELOW,
    ASSIGNED_BELOW,
    BELOW,
    OUTCOMES_BELOW,
    SHARE_BELOW,
    ForceBelow,
)
from coordinator.demo.stage import ASSIGNED, BEGAN, Stage, outcomes_of
from coordinator.mapping.copies.copying import proposals
from coordinator.mapping.copies.service import publish_mirror, save_mirror
from coordinator.mapping.versions.queries import published
from coordinator.oversight.reminders.service import ensure_ladder
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.rules import TaskForceState
from coordinator.plans.actions.models import ActionItem


def load_below(province: Stage, actions: dict[str, ActionItem], password_hash: str) -> list[Stage]:
    """Load the kabupaten/kota that have not begun by themselves; return them."""
    stages = []
    for part in BELOW:
        force = directory.task_force_by_code(part.code)
        if force is not None and force.state is TaskForceState.NOT_STARTED:
            stages.append(_load(province, force, part, actions, password_hash))
    return stages


def _load(
    province: Stage,
    force: TaskForce,
    part: ForceBelow,
    actions: dict[str, ActionItem],
    password_hash: str,
) -> Stage:
    with frozen_time(province.ago(BEGAN)):
        _copy_mapping(province, force)
    ensure_ladder(force.id)
    stage = Stage(force)
    with frozen_time(stage.ago(BEGAN)):
        for person in part.people(force.short_region):
            stage.add_person(person, password_hash)
    office = stage.viewers[part.office]
    with frozen_time(stage.ago(ASSIGNED)):
        for place, (code, (lead, *support)) in enumerate(ASSIGNED_BELOW.items(), start=1):
            if lead in part.focal_points:
                stage.assign(
                    actions[code], lead, tuple(support), place=place, share=SHARE_BELOW, by=office
                )
    answer_duties_below(stage, part)
    writer = ReportWriter(stage, focal_point=part.focal_point, offices=(part.office, part.office))
    windows = ((1, stage.past_window()), (0, stage.open_window()))
    for outcomes, (months_ago, (opens_on, closes_on)) in zip(OUTCOMES_BELOW, windows, strict=True):
        with frozen_time(stage.at(opens_on, 8)):
            period = stage.open_period(months_ago, opens_on, closes_on, by=office)
        for obligation, outcome in outcomes_of(
            queries.all_obligations(period.id), leads=outcomes, others=outcomes, fixed={}
        ):
            writer.report(obligation, outcome, closes_on)
    return stage


def _copy_mapping(province: Stage, force: TaskForce) -> None:
    """Publish a mapping with a few of the province's agencies, as its secretariat would."""
    by = province.viewers["sekretariat"]
    mapping = published(province.force.id)
    assert mapping is not None  # the load requires it
    keys = {one.lineage: one.key for one in province.agencies.values()}
    choices = [
        replace(one, is_included=keys.get(one.lineage) in AGENCIES_BELOW)
        for one in proposals(mapping, region=force.region)
    ]
    save_mirror(force.code, choices, number="", signed_on=None, scan=None, revision=0, by=by)
    publish_mirror(force.code, revision=1, by=by)
