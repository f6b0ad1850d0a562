"""Importing a plan: the file, what its columns mean, what it would change, applying it."""

from urllib.parse import urlencode

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import today
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.forms import refuse, select_choices
from coordinator.paging import page_number, pages
from coordinator.people.directory import queries as directory
from coordinator.people.directory.queries import task_force
from coordinator.permissions import Permission, Viewer
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.diff import named
from coordinator.plans.actions.rules import PlanKind, PlanStatus
from coordinator.plans.actions.seed import PlanPart
from coordinator.plans.importing import choosing, exports, service
from coordinator.plans.importing import queries as imports_queries
from coordinator.plans.importing.forms import ApplyForm, HeadForm, UploadPlanForm
from coordinator.plans.importing.labels import column_choices, missing_labels, row_states
from coordinator.plans.importing.preview import Preview, preview, reached
from coordinator.plans.reading import template as plan_template
from coordinator.plans.reading.queries import known
from coordinator.plans.reading.reading import LARGEST
from coordinator.plans.reading.shapes import LEAVE_OUT, Choices, GuessedPlan, PlanReading, Shape
from coordinator.plans.reading.slots import parse_target_field
from coordinator.plans.versions import editing, labels, queries
from coordinator.plans.versions.models import PlanImport
from coordinator.plans.versions.rules import Missing
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
    page = flask.render_template(
        "plans/importing/imports.html",
        form=form,
        imports=imports_queries.recent(viewer),
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


def _page(row: PlanImport, *, form: ApplyForm | None = None, head: HeadForm | None = None) -> str:
    viewer = web.viewer()
    reading = service.reading_of(row)
    if row.version is not None:
        return flask.render_template(
            "plans/importing/import_applied.html",
            row=row,
            plan=plans.plan_by_id(viewer, row.version.plan_id),
        )
    if reading is None:
        return _waiting(row, viewer)
    if reading.refused is not None:
        return flask.render_template(
            "plans/importing/import_refused.html", row=row, reading=reading
        )
    choices = Choices.from_json(row.choices)
    plan = service.file_of(row, viewer)
    found = None if plan is None or not _is_confirmed(row, reading) else preview(plan)
    return flask.render_template(
        "plans/importing/import_preview.html" if found else "plans/importing/import_match.html",
        row=row,
        reading=reading,
        choices=choices,
        head=_head_form(row, reading, choices, head),
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


def _needs_head(row: PlanImport, reading: PlanReading) -> bool:
    """Whether a person says what plan it is: neither the file nor who uploaded it has."""
    if row.plan_key is not None:
        return False
    is_matrix = reading.shape is Shape.MATRIX and reading.names_plan is None
    return is_matrix or reading.guessed is not None


def _head_form(
    row: PlanImport, reading: PlanReading, choices: Choices, typed: HeadForm | None
) -> HeadForm | None:
    """Return the form about a plan that is new; None where the plan is known, or the file itself
    says which it is."""
    if not _needs_head(row, reading):
        return None
    head = choices.plan or (reading.plan.plan if reading.plan else None)
    said = head or reading.guessed or GuessedPlan()
    form = typed or HeadForm(
        formdata=None,
        title=said.title or row.file_name.rsplit(".", 1)[0],
        kind=said.kind.value if said.kind else None,
        first_year=said.first_year,
        last_year=said.last_year,
    )
    kinds = _kinds(web.viewer())
    form.kind.choices = select_choices(kinds)
    if len(kinds) == 1 and typed is None and said.kind is None:
        form.kind.data = kinds[0][0]
    return form


def _kinds(viewer: Viewer) -> list[tuple[str, str]]:
    kind_labels = labels.kind_labels()
    kinds = [PlanKind.RAN] if queries.may_edit(viewer, None) else []
    return [(one.value, kind_labels[one]) for one in [*kinds, PlanKind.RAD]]


def _apply_form(row: PlanImport, found: Preview | None) -> ApplyForm:
    form = ApplyForm(formdata=None, round=str(row.round), notify=True, missing=Missing.KEEP.value)
    _give_missing(form, found)
    return form


def _give_missing(form: ApplyForm, found: Preview | None) -> None:
    choices = missing_labels(len(found.missing) if found else 0)
    form.missing.choices = select_choices((one.value, choices[one]) for one in Missing)


def _preview_parts(found: Preview, viewer: Viewer) -> dict[str, object]:
    page = page_number()
    shown = found.differences[(page - 1) * CHANGES_SHOWN : page * CHANGES_SHOWN]
    head = found.plan.plan
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
        "differences": named(shown, **names_for(viewer)),
        "page": page,
        "pages": pages(len(found.differences), CHANGES_SHOWN),
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
    head = None
    if _needs_head(row, reading):
        form = HeadForm()
        form.kind.choices = select_choices(_kinds(viewer))
        if not form.validate():
            return _page(row, head=form), 422
        head = _head(form, viewer)
    service.choose(
        import_id,
        choosing.chosen(flask.request.form, reading, choices, head),
        round_seen=_number("round"),
        by=viewer,
    )
    return flask.redirect(flask.url_for("plans.importing.stored", import_id=import_id), 303)


def _number(name: str) -> int:
    return edge.form_number(name, -1)


def _head(form: HeadForm, viewer: Viewer) -> PlanPart:
    kind = PlanKind(form.kind.data)
    force = task_force(viewer)
    national = next((one.key for one in plans.plans(viewer) if one.task_force_id is None), None)
    is_regional = kind is PlanKind.RAD
    code = force.code if force and is_regional else None
    title = (form.title.data or "").strip()
    return PlanPart.made(
        id=editing.fresh_key(title + (f" {code}" if code else ""), ()),
        kind=kind,
        title=title,
        status=PlanStatus.DRAFT,
        first_year=form.first_year.data or 0,
        last_year=form.last_year.data or 0,
        task_force=code,
        national=national if is_regional else None,
    )


@bp.post("/<import_id>/terapkan")
@web.requires(Permission.EDIT_PLAN)
def apply(import_id: str) -> ResponseReturnValue:
    """Publish what was read, as a whole."""
    viewer = web.viewer()
    row = _stored(import_id)
    form = ApplyForm()
    form.missing.choices = select_choices((one.value, "") for one in Missing)
    form.missing.data = form.missing.data or Missing.KEEP.value
    status = 422
    if form.validate_on_submit():
        try:
            done = service.apply(
                import_id,
                round_seen=_number("round"),
                reason=form.reason.data or "",
                missing=Missing(form.missing.data),
                missing_reason=form.missing_reason.data or "",
                notify=bool(form.notify.data),
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
    plan = service.file_of(row, viewer)
    _give_missing(form, preview(plan) if plan else None)
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
