"""Uploading a list of people, looking at what it would do, and applying it."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.errors import InvalidInput, NotFound
from coordinator.forms import refuse
from coordinator.people.directory import queries as directory
from coordinator.people.importing import exports, service
from coordinator.people.importing.forms import UploadPeopleForm
from coordinator.people.importing.labels import cell_problem, role_labels, row_place
from coordinator.people.importing.questions import answer_text, question_text
from coordinator.people.importing.rules import LARGEST_FILE, TITLES, PeopleColumn, Role
from coordinator.people.importing.service import RowDecision, RowEffect
from coordinator.people.onboarding import queries
from coordinator.people.onboarding.models import PeopleImport
from coordinator.permissions import Permission
from coordinator.translation import gettext as _
from coordinator.typed import whole

bp = flask.Blueprint("importing", __name__)

SHOWN = 200  # good rows on a page; wrong ones are all shown


@bp.route("/orang/impor", methods=["GET", "POST"])
@web.requires(Permission.KEEP_CONTACTS)
def upload() -> ResponseReturnValue:
    """Upload a file; its content is shown before anything changes."""
    form = UploadPeopleForm()
    if form.validate_on_submit():
        data = form.file.data.stream.read(LARGEST_FILE + 1)
        try:
            stored = service.keep(service.read(data, by=web.viewer()), by=web.viewer())
        except InvalidInput as error:
            refuse(form, error)
        else:
            return flask.redirect(
                flask.url_for("people.importing.preview", import_id=stored.public_id), 303
            )
    return flask.render_template("people/importing/upload.html", form=form), (
        422 if form.errors else 200
    )


@bp.get("/orang/impor/templat.xlsx")
@web.requires(Permission.KEEP_CONTACTS)
def template() -> ResponseReturnValue:
    """Download the empty list to fill in."""
    return edge.download(
        service.template(by=web.viewer()),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "daftar-narahubung.xlsx",
    )


def _stored(import_id: str) -> PeopleImport:
    stored = queries.people_import(web.viewer(), import_id)
    if stored is None:
        raise NotFound(_("Daftar itu sudah kedaluwarsa. Unggah lagi."))
    return stored


def _chosen() -> dict[int, str]:
    """Return the agencies that were selected for rows with an unknown name."""
    return {
        whole(name.removeprefix("instansi-"), -1): value
        for name, value in flask.request.form.items()
        if name.startswith("instansi-")
    }


def _answers() -> dict[int, RowDecision]:
    """Return the answers to the rows that need a person's decision."""
    return {
        whole(name.removeprefix("jawaban-"), -1): RowDecision(value)
        for name, value in flask.request.form.items()
        if name.startswith("jawaban-") and value in set(RowDecision)
    }


@bp.get("/orang/impor/<import_id>")
@web.requires(Permission.KEEP_CONTACTS)
def preview(import_id: str) -> ResponseReturnValue:
    """Show what the list would do, row by row; after it was applied, what it did."""
    viewer = web.viewer()
    stored = _stored(import_id)
    is_done = stored.applied_at is not None
    judged = [] if is_done else service.judge(stored.rows, {}, by=viewer)
    counts = stored.counts or {
        verdict.value: sum(found.verdict is verdict for found in judged) for verdict in RowEffect
    }
    good = [found for found in judged if found.verdict not in (RowEffect.ERROR, RowEffect.ASKED)]
    return flask.render_template(
        "people/importing/preview.html",
        stored=stored,
        is_done=is_done,
        left=exports.left_out_rows(stored.rows) if is_done else [],
        row_place=row_place,
        counts=counts,
        total=sum(counts.values()),
        wrong=[
            (place, found)
            for place, found in enumerate(judged)
            if found.verdict is RowEffect.ERROR and not found.needs_agency
        ],
        unknown=[(place, found) for place, found in enumerate(judged) if found.needs_agency],
        asked=[
            (
                place,
                found,
                question_text(found),
                [(one, answer_text(one, found)) for one in found.answers],
            )
            for place, found in enumerate(judged)
            if found.verdict is RowEffect.ASKED
        ],
        good=good[:SHOWN],
        more=max(0, len(good) - SHOWN),
        agencies=directory.agencies(viewer),
        names={agency.slug: agency.abbreviation for agency in directory.agencies(viewer)},
        titles={column.value: title for column, title in TITLES.items()},
        roles={role.value: label for role, label in role_labels().items()},
        reason=cell_problem,
        agency_column=PeopleColumn.AGENCY.value,
        head=Role.HEAD.value,
    )


@bp.post("/orang/impor/<import_id>")
@web.requires(Permission.KEEP_CONTACTS)
def apply(import_id: str) -> ResponseReturnValue:
    """Apply every good row at once."""
    service.apply(import_id, _chosen(), _answers(), by=web.viewer())
    return flask.redirect(flask.url_for("people.importing.preview", import_id=import_id), 303)


@bp.get("/orang/impor/<import_id>/galat.csv")
@web.requires(Permission.KEEP_CONTACTS)
def errors_csv(import_id: str) -> ResponseReturnValue:
    """Download the rows with errors, to be corrected in the file."""
    stored = _stored(import_id)
    lines = (
        exports.error_rows(service.judge(stored.rows, {}, by=web.viewer()))
        if stored.applied_at is None
        else exports.left_out_rows(stored.rows)
    )
    return edge.download(exports.errors_csv(lines), "text/csv", "galat-daftar-narahubung.csv")
