"""Importing a plan: the file, what its columns mean, what it would change, applying it."""

from dataclasses import replace
from urllib.parse import urlencode

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.assignments.replanning.labels import value_text
from coordinator.assignments.replanning.rules import TargetFate, Wishes
from coordinator.clock import today
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.forms import refuse, select_choices
from coordinator.paging import page_number, pages
from coordinator.people.directory import queries as directory
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.diff import named
from coordinator.plans.importing import choosing, exports, heads, service
from coordinator.plans.importing import queries as imports_queries
from coordinator.plans.importing.forms import ApplyForm, HeadForm, PlanStandingForm, UploadPlanForm
from coordinator.plans.importing.labels import (
    column_choices,
    missing_labels,
    new_target_labels,
    row_states,
    usual_new_target,
)
from coordinator.plans.importing.preview import Preview, SeenPreview, preview, reached
from coordinator.plans.reading import template as plan_template
from coordinator.plans.reading.queries import known
from coordinator.plans.reading.reading import LARGEST
from coordinator.plans.reading.shapes import LEAVE_OUT, Choices, PlanReading, Shape
from coordinator.plans.reading.slots import parse_target_field
from coordinator.plans.versions import labels, queries
from coordinator.plans.versions.models import PlanImport
from coordinator.plans.versions.rules import Missing
from coordinator.plans.versions.version_queries import all_taken_back
from coordinator.plans.versions.views import CHANGES_SHOWN, XLSX, names_for
from coordinator.platform.background_jobs import queries as background_jobs
from coordinator.platform.background_jobs.rules import ENDED, TaskState, share
from coordinator.translation import gettext as _

bp = flask.Blueprint("importing", __name__, url_prefix="/rencana/impor")

YEARS = (2025, 2029)
ROWS_SHOWN = 50
MOST_YEARS = 6  # target columns on a page, in addition to the others


@bp.route("", methods=["GET", "POST"])
@web.requires(Permission.EDIT_PLAN)
def imports() -> ResponseReturnValue:
    """Choose a file; what is in it is shown before anything changes."""
    viewer = web.viewer()
    form = UploadPlanForm()
    editable = [one for one in plans.plans(viewer) if queries.may_edit(viewer, one.task_force_id)]
    samples = {one.key for one in editable if one.is_sample}  # nobody's own plan: offered last
    choices = [
        *((one.key, _("Pembaruan: %(title)s", title=one.title)) for one in editable),
        ("", _("Rencana baru, atau berkas menyebut rencananya sendiri")),
    ]
    form.plan.choices = select_choices(sorted(choices, key=lambda each: each[0] in samples))
    if form.validate_on_submit():
        try:
            public_id = service.start(
                form.file.data.stream.read(LARGEST + 1),
                form.file.data.filename or "",
                plan_key=form.plan.data or None,
                by=viewer,
            )
        except InvalidInput as error:
            refuse(form, error)
        else:
            return flask.redirect(flask.url_for("plans.importing.stored", import_id=public_id), 303)
    recent = imports_queries.recent(viewer)
    page = flask.render_template(
        "plans/importing/imports.html",
        form=form,
        imports=recent,
        undone=all_taken_back([row.version_id for row in recent if row.version_id]),
        zone=viewer.zone,
    )
    return page, (422 if form.errors else 200)


@bp.get("/templat.xlsx")
@web.requires(Permission.EDIT_PLAN)
def template() -> ResponseReturnValue:
    """The empty table to fill in, with drop-down lists and a guide; or `?rencana=` in it."""
    viewer = web.viewer()
    key = flask.request.args.get("rencana", "")
    plan = plans.plan(viewer, key) if key else None
    if key and plan is None:
        raise NotFound(_("Rencana itu tidak ada."))
    return edge.download(
        plan_template.template(known(viewer), plans.in_force(plan.key) if plan else None),
        XLSX,
        f"{key or 'templat-rencana'}.xlsx",
    )


def _stored(import_id: str) -> PlanImport:
    found = imports_queries.stored(web.viewer(), import_id)
    if found is None:
        raise NotFound(_("Impor itu tidak ada atau sudah kedaluwarsa. Unggah lagi."))
    return found


@bp.get("/<import_id>")
@web.requires(Permission.EDIT_PLAN)
def stored(import_id: str) -> ResponseReturnValue:
    """How far an import is: being read, to be matched, to be applied, applied."""
    return _page(_stored(import_id)), 200


def _page(
    row: PlanImport,
    *,
    form: ApplyForm | None = None,
    head: HeadForm | None = None,
    standing: PlanStandingForm | None = None,
    typed: Choices | None = None,
) -> str:
    """`typed`: what a refused form says, shown in place of what is stored."""
    viewer = web.viewer()
    reading = service.reading_of(row)
    if row.version is not None:
        return flask.render_template(
            "plans/importing/import_applied.html",
            row=row,
            plan=plans.plan_by_id(viewer, row.version.plan_id),
            is_undone=bool(all_taken_back([row.version.id])),
        )
    if reading is None:
        return _waiting(row, viewer)
    if reading.refused is not None:
        return flask.render_template(
            "plans/importing/import_refused.html", row=row, reading=reading
        )
    choices = typed or Choices.from_json(row.choices)
    if typed is not None:
        reading = choosing.answered(reading, typed)
    plan = service.file_of(row, viewer)
    found = None
    if plan is not None and _is_confirmed(row, reading):
        found = preview(plan, viewer, service.known_in_use(reading))
    if form is not None and found is not None:
        form.seen.data = found.fingerprint  # what is shown from now on
    return flask.render_template(
        "plans/importing/import_preview.html" if found else "plans/importing/import_match.html",
        row=row,
        reading=reading,
        choices=choices,
        head=heads.head_form(row, reading, choices, head, viewer),
        standing=heads.standing_form(row, heads.replaced_head(row, reading), choices, standing),
        fields=_fields(reading, choices),
        table=_table(reading),
        columns=choosing.heading_names(reading),
        questions=choosing.question_names(reading),
        question_groups=choosing.group_names(reading),
        agencies=directory.agencies(viewer),
        groups=queries.group_names(viewer.own_task_force_id),
        leave_out=LEAVE_OUT,
        form=form or _apply_form(row, found),
        errors=sum(one.severity == "error" for one in reading.problems),
        warnings=sum(one.severity == "warning" for one in reading.problems),
        **(_preview_parts(found, viewer) if found else {}),
    )


def _waiting(row: PlanImport, viewer: Viewer) -> str:
    task = background_jobs.task(viewer, row.task_id or "")
    return flask.render_template(
        "plans/importing/import_waiting.html",
        row=row,
        task=task,
        states=TaskState,
        share=share(task.done, task.total) if task else 0,
        has_ended=task is None or task.state in ENDED,
    )


def _is_confirmed(row: PlanImport, reading: PlanReading) -> bool:
    """Return whether the preview may be shown: a matrix's columns are confirmed before it."""
    return row.round > 1 or reading.shape is not Shape.MATRIX


def _years(reading: PlanReading, choices: Choices) -> tuple[int, int]:
    head = choices.plan or (reading.plan.plan if reading.plan else None) or reading.guessed
    years = (head.first_year or YEARS[0], head.last_year or YEARS[1]) if head else YEARS
    slots = (parse_target_field(one.field or "") for one in reading.headings)
    all_years = [*(slot.year for slot in slots if slot), *years]
    return min(all_years), max(all_years)


def _fields(reading: PlanReading, choices: Choices) -> list[tuple[str, dict[str, str]]]:
    """Return what a column can hold, in groups."""
    parts = (parse_target_field(one.field or "") for one in reading.headings)
    own = {slot.part for slot in parts if slot and slot.part}
    return column_choices(*_years(reading, choices), own)


def _table(reading: PlanReading) -> dict[str, object]:
    """Return the rows of one page, with the labels of their targets as columns where they fit."""
    page = edge.query_number("baris", 1, least=1)
    count = pages(len(reading.table), ROWS_SHOWN)
    page = min(page, count)
    rows = reading.table[(page - 1) * ROWS_SHOWN : page * ROWS_SHOWN]
    columns = sorted({one.label for row in reading.table for one in row.targets}, key=_by_year)
    columns = columns if len(columns) <= MOST_YEARS else []
    years: list[object] = [{"text": label, "num": True} for label in columns] or [_("Target")]
    heads: list[object] = [
        _("Aksi"),
        _("Indikator"),
        _("Penanggung jawab"),
        _("Pendukung"),
        _("Satuan"),
    ]
    return {
        "rows": rows,
        "total": len(reading.table),
        "labels": columns,
        "heads": [*heads, *years],
        "page": page,
        "pages": count,
        "url": _rows_url,
        "states": row_states(),
        "has_sheets": len(reading.read_sheets) > 1,
    }


def _by_year(label: str) -> tuple[str, str]:
    return label.rpartition(" ")[2], label


def _rows_url(page: int) -> str:
    query = flask.request.args.to_dict()
    query["baris"] = str(page)
    return f"{flask.request.path}?{urlencode(query)}#baris-rencana"


def _apply_form(row: PlanImport, found: Preview | None) -> ApplyForm:
    usual = usual_new_target(today(web.viewer().zone))
    form = ApplyForm(formdata=None, round=str(row.round), notify=True, new_targets=usual)
    form.missing.data = _give_choices(form, found)
    form.seen.data = found.fingerprint if found else ""
    if found and found.replaces_sample:
        form.missing_reason.data = _("Aksi contoh; tidak ada di naskah resmi")
    return form


def _give_choices(form: ApplyForm, found: Preview | None) -> str:
    """Give a form its choices; return the usual one for missing actions."""
    words = missing_labels(len(found.missing) if found else 0)
    offered = [Missing.DISCONTINUE] if found and found.replaces_sample else list(Missing)
    form.missing.choices = select_choices((one.value, words[one]) for one in offered)
    year = today(web.viewer().zone).year
    form.new_targets.choices = select_choices(new_target_labels(year).items())
    return offered[0].value


def _preview_parts(found: Preview, viewer: Viewer) -> dict[str, object]:
    page = page_number()
    shown = found.likely[(page - 1) * CHANGES_SHOWN : page * CHANGES_SHOWN]
    head = found.plan.plan
    names = names_for(viewer)
    telling = {
        choice: reached(head.id, head.task_force, differences, viewer)
        for choice, differences in (
            (Missing.KEEP, found.differences),
            (Missing.DISCONTINUE, found.if_stopped),
        )
        if found.missing or choice is Missing.KEEP
    }
    return {
        "found": found,
        "value_text": value_text,
        "has_new_targets": any(
            change.fate is TargetFate.NEW and change.plan is not None
            for one in found.outcomes
            for change in one.targets
        ),
        "differences": named(shown, **names),
        "agency_names": names["agencies"],
        "page": page,
        "pages": pages(len(found.likely), CHANGES_SHOWN),
        "changes": labels.change_labels(),
        "subjects": labels.subject_labels(),
        "statuses": labels.status_labels(),
        "telling": telling,
    }


@bp.post("/<import_id>")
@web.requires(Permission.EDIT_PLAN)
def choose(import_id: str) -> ResponseReturnValue:
    """Take the columns, names and header that were chosen, and read the file again."""
    viewer = web.viewer()
    row = _stored(import_id)
    if flask.request.form.get("act") == "ulang":
        service.read_again(import_id, by=viewer)
        return flask.redirect(flask.url_for("plans.importing.stored", import_id=import_id), 303)
    reading = service.reading_of(row)
    if reading is None:
        raise Conflict(_("Berkas ini sedang dibaca. Tunggu sebentar, lalu muat ulang."))
    choices = Choices.from_json(row.choices)
    typed = choosing.chosen(flask.request.form, reading, choices, None)
    head = None
    former = heads.replaced_head(row, reading)
    if heads.needs_head(row, reading):
        form = HeadForm()
        form.kind.choices = select_choices(heads.kinds_for(viewer))
        if not form.validate():
            return _page(row, head=form, typed=typed), 422
        head = heads.new_head(form, viewer)
    elif former is not None:
        standing = PlanStandingForm()
        heads.standing_form(row, former, choices, standing)
        try:
            head = heads.standing_head(standing, former) if standing.validate() else None
        except InvalidInput as error:
            refuse(standing, error)
        if head is None:
            return _page(row, standing=standing, typed=typed), 422
    service.choose(
        import_id,
        replace(typed, plan=head or typed.plan),
        round_seen=_number("round"),
        by=viewer,
    )
    return flask.redirect(flask.url_for("plans.importing.stored", import_id=import_id), 303)


def _number(name: str) -> int:
    return edge.form_number(name, -1)


@bp.post("/<import_id>/terapkan")
@web.requires(Permission.EDIT_PLAN)
def apply(import_id: str) -> ResponseReturnValue:
    """Publish what was read, as a whole."""
    viewer = web.viewer()
    row = _stored(import_id)
    form = ApplyForm()
    plan = service.file_of(row, viewer)
    usual = _give_choices(form, preview(plan, viewer) if plan else None)
    form.missing.data = form.missing.data or usual
    form.new_targets.data = form.new_targets.data or usual_new_target(today(viewer.zone))
    status = 422
    if form.validate_on_submit():
        try:
            done = service.apply(
                import_id,
                seen=SeenPreview(_number("round"), form.seen.data or ""),
                reason=form.reason.data or "",
                missing=Missing(form.missing.data),
                missing_reason=form.missing_reason.data or "",
                notify=bool(form.notify.data),
                wishes=Wishes(
                    follow=form.follow.data or (),
                    new_from=today(viewer.zone).year + (form.new_targets.data == "next"),
                ),
                by=viewer,
            )
        except InvalidInput as error:
            refuse(form, error)
        except Conflict as error:
            form.form_errors = [*form.form_errors, error.message]
            status = 409
        else:
            return flask.redirect(
                flask.url_for("plans.importing.stored", import_id=import_id, surel=done.mails), 303
            )
    return _page(row, form=form), status


@bp.post("/<import_id>/buang")
@web.requires(Permission.EDIT_PLAN)
def discard(import_id: str) -> ResponseReturnValue:
    """Throw a file away that was not applied."""
    service.discard(import_id, by=web.viewer())
    return flask.redirect(flask.url_for("plans.importing.imports", dibuang="1"), 303)


@bp.get("/<import_id>/galat.csv")
@web.requires(Permission.EDIT_PLAN)
def problems_csv(import_id: str) -> ResponseReturnValue:
    """Return the problems of the file as CSV, so that they can be corrected."""
    reading = service.reading_of(_stored(import_id))
    return edge.download(
        exports.problems_csv(reading.problems if reading else []),
        "text/csv",
        f"galat-rencana-{today()}.csv",
    )
