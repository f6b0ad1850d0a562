"""The plans: the list of actions, one action, the versions and what each changed."""

from dataclasses import replace
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import now, today
from coordinator.errors import NotFound
from coordinator.mapping.duties import queries as duty_queries
from coordinator.paging import SIZE, page_number, pages
from coordinator.people.directory import queries as directory
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.diff import TAG_WORDS, counted, named
from coordinator.plans.actions.differences import PlanDifference
from coordinator.plans.actions.document import head_of
from coordinator.plans.actions.models import Plan
from coordinator.plans.actions.rules import PartyKind, PlanStatus, targets_for
from coordinator.plans.reading.exports import file_of
from coordinator.plans.reading.queries import known
from coordinator.plans.versions import labels, name_queries, queries, version_queries
from coordinator.plans.versions.blueprint import bp
from coordinator.plans.versions.held_queries import all_held_by_version
from coordinator.plans.versions.queries import PlanFilter
from coordinator.plans.versions.rules import UNDO_WITHIN
from coordinator.platform.audit.access import log_access
from coordinator.platform.mail.service import GRACE
from coordinator.translation import gettext as _

CHANGES_SHOWN = 50  # a page
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def wanted_actions() -> PlanFilter:
    """Return the filter in the query string."""
    args = flask.request.args
    return PlanFilter(
        group=args.get("pokja", ""),
        holding=args.get("status", ""),
        tag=args.get("tugas", ""),
        strategy=args.get("strategi", ""),
        plan=args.get("rencana", ""),
        text=args.get("cari", "").strip()[:80],
        sort=args.get("urut", ""),
    )


@bp.get("/rencana")
@web.requires(Permission.SEE_PLAN)
def actions() -> ResponseReturnValue:
    """The actions of the plans with indicators, targets, suggested agencies, and who holds them."""
    viewer = web.viewer()
    wanted = wanted_actions()
    page = page_number()
    rows, total = queries.listed_actions(viewer, wanted, page=page, size=SIZE)
    everything = total
    if wanted != PlanFilter(sort=wanted.sort):
        everything = queries.action_count(viewer)
    return flask.render_template(
        "plans/versions/actions.html",
        letterhead=directory.page_head(web.viewer()),
        rows=rows,
        total=total,
        everything=everything,
        held=queries.held_count(viewer),
        page=page,
        pages=pages(total),
        wanted=wanted,
        filters=_filter_texts(viewer, wanted),
        plans=plans.plans(viewer),
        strategies=queries.strategies_of(viewer),
        groups=duty_queries.working_groups(viewer),
        tags=TAG_WORDS,
        holding=labels.holding_labels(),
        statuses=labels.status_labels(),
        holders=queries.holders(viewer, [row.id for row in rows]),
        agencies={agency.key: agency for agency in directory.agencies(viewer)},
        lead=PartyKind.LEAD,
        draft=PlanStatus.DRAFT,
        targets=_targets(viewer),
        year=today(viewer.zone).year,
        may_assign=viewer.may(Permission.ASSIGN_ACTIONS),
        may_open=viewer.may(Permission.SEE_ASSIGNMENTS),
        may_edit=viewer.may(Permission.EDIT_PLAN),
    )


@bp.get("/rencana.xlsx")
@web.requires(Permission.SEE_PLAN)
def actions_xlsx() -> ResponseReturnValue:
    """The actions of one plan that the list shows, as a workbook that can be imported again."""
    return _table("xlsx")


@bp.get("/rencana.csv")
@web.requires(Permission.SEE_PLAN)
def actions_csv() -> ResponseReturnValue:
    """The same as CSV."""
    return _table("csv")


def _table(form: str) -> flask.Response:
    viewer = web.viewer()
    wanted = wanted_actions()
    read = plans.plans(viewer)
    plan = plans.plan(viewer, wanted.plan) if wanted.plan else (read[0] if read else None)
    file = plans.in_force(plan.key) if plan else None
    if plan is None or file is None:
        raise NotFound(_("Rencana itu tidak ada."))
    rows, _total = queries.listed_actions(viewer, replace(wanted, plan=plan.key))
    keys = {row.key for row in rows}
    file = replace(file, actions=[part for part in file.actions if part.id in keys])
    log_access("export", by=viewer, subject_id=f"rencana/{plan.key}.{form}")
    return edge.download(
        file_of(file, known(viewer), f".{form}"),
        "text/csv" if form == "csv" else XLSX,
        f"rencana-{plan.key}.{form}",
    )


def _targets(viewer: Viewer) -> Any:
    """Return what gives an indicator's targets by year, for the viewer's level."""
    level = plans.level_of(viewer.own_task_force_id)
    return lambda indicator: targets_for(indicator.targets, level)


def _filter_texts(viewer: Viewer, wanted: PlanFilter) -> list[str]:
    groups = queries.group_names(viewer.own_task_force_id)
    found = [
        _("Pokja %(name)s", name=groups.get(wanted.group, wanted.group)) if wanted.group else "",
        labels.holding_labels().get(wanted.holding, ""),
        TAG_WORDS.get(wanted.tag, ""),
        _("Strategi %(n)s", n=wanted.strategy) if wanted.strategy else "",
        next((one.title for one in plans.plans(viewer) if one.key == wanted.plan), wanted.plan),
        f"“{wanted.text}”" if wanted.text else "",
    ]
    return [text for text in found if text]


def find_action(viewer: Viewer, action_id: str) -> Any:
    """Return an action the viewer's task force reads. Raises NotFound."""
    found = plans.action(viewer, action_id)
    if found is None:
        raise NotFound(_("Aksi itu tidak ada."))
    return found


@bp.get("/rencana/<action_id>")
@web.requires(Permission.SEE_PLAN)
def action(action_id: str) -> ResponseReturnValue:
    """One action in full, with its history over the versions."""
    viewer = web.viewer()
    found = find_action(viewer, action_id)
    duties = {duty.duty.key: duty for duty in duty_queries.duties(viewer)}
    return flask.render_template(
        "plans/versions/action.html",
        action=found,
        national=queries.national_action(found),
        regional=queries.regional_actions(viewer, found),
        agencies=name_queries.all_agency_names(viewer.own_task_force_id),
        groups=name_queries.all_pokja_names(viewer.own_task_force_id),
        duties=[duties[link.duty_key] for link in found.duties if link.duty_key in duties],
        holders=queries.holders(viewer, [found.id]).get(found.id, []),
        history=_history(viewer, found.plan, found.key),
        labels=labels.page_labels(),
        zone=viewer.zone,
        tags=TAG_WORDS,
        statuses=labels.status_labels(),
        lead=PartyKind.LEAD,
        draft=PlanStatus.DRAFT,
        targets=_targets(viewer),
        may_assign=viewer.may(Permission.ASSIGN_ACTIONS),
        may_open=viewer.may(Permission.SEE_ASSIGNMENTS),
        may_edit=queries.may_edit(viewer, found.plan.task_force_id),
        base=queries.newest_number(found.plan.key),
    )


def names_for(viewer: Viewer) -> dict[str, Any]:
    """Return the names to show for keys in differences, as the viewer's task force has them."""
    return {
        "agencies": name_queries.all_agency_names(viewer.own_task_force_id),
        "groups": name_queries.all_pokja_names(viewer.own_task_force_id),
        "duties": {one.duty.key: one.text for one in duty_queries.duties(viewer)},
    }


def _history(viewer: Viewer, plan: Plan, key: str) -> list[tuple[Any, PlanDifference]]:
    found = queries.history_of(plan.id, key)
    shown = named([one for _version, one in found], **names_for(viewer))
    return [(version, one) for (version, _one), one in zip(found, shown, strict=True)]


# --- versions ------------------------------------------------------------------------------------


@bp.get("/rencana/versi")
@web.requires(Permission.SEE_PLAN)
def versions() -> ResponseReturnValue:
    """The published versions of the plans, newest first."""
    viewer = web.viewer()
    read = plans.plans(viewer)
    return flask.render_template(
        "plans/versions/versions.html",
        versions=version_queries.versions(viewer),
        plans=read,
        editable={one.key for one in read if queries.may_edit(viewer, one.task_force_id)},
        statuses=labels.status_labels(),
        zone=viewer.zone,
        may_edit=viewer.may(Permission.EDIT_PLAN),
    )


@bp.get("/rencana/versi/<key>/<int:number>")
@web.requires(Permission.SEE_PLAN)
def version(key: str, number: int) -> ResponseReturnValue:
    """What one version changed; `?instansi=` narrows it to one agency, `?dari=` compares with an
    earlier version than the one before it."""
    viewer = web.viewer()
    found = plans.version(viewer, key, number)
    plan = plans.plan(viewer, key)
    if found is None or plan is None:
        raise NotFound(_("Versi itu tidak ada."))
    before = min(edge.query_number("dari", number - 1), number - 1)
    differences = named(queries.changes(plan.id, before, number), **names_for(viewer))
    slug = flask.request.args.get("instansi", "")
    agency = directory.agency_by_slug(viewer, slug) if slug else None
    if slug and agency is None:
        raise NotFound(_("Instansi itu tidak ada."))
    if agency is not None:
        by_agency = queries.touched(viewer.own_task_force_id, plan.id, differences)
        differences = by_agency.get(agency.id, [])
    page = page_number()
    may_edit = queries.may_edit(viewer, plan.task_force_id)
    is_open = may_edit and queries.may_undo(found, at=now())
    return flask.render_template(
        "plans/versions/version.html",
        version=found,
        title=head_of(found.content).title,
        plan=plan,
        since=before,
        agency=agency,
        counts=counted(differences),
        count=len(differences),
        differences=differences[(page - 1) * CHANGES_SHOWN : page * CHANGES_SHOWN],
        page=page,
        pages=pages(len(differences), CHANGES_SHOWN),
        agencies=_touched_agencies(viewer, plan, differences) if agency is None else [],
        changes=labels.change_labels(),
        subjects=labels.subject_labels(),
        statuses=labels.status_labels(),
        zone=viewer.zone,
        may_edit=may_edit,
        may_undo=is_open,
        held=all_held_by_version(found) if is_open else [],
        undo_until=found.recorded_at + UNDO_WITHIN,
        mails_until=found.recorded_at + GRACE,
        is_waiting=now() < found.recorded_at + GRACE,
    )


def _touched_agencies(
    viewer: Viewer, plan: Plan, differences: list[PlanDifference]
) -> list[tuple[Any, int]]:
    found = queries.touched(viewer.own_task_force_id, plan.id, differences)
    own = {agency.id: agency for agency in directory.agencies(viewer)}
    return [(own[one], len(what)) for one, what in found.items() if one in own]
