"""The province's list of task forces below it, and a kabupaten/kota's first mapping."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import today
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.forms import refuse
from coordinator.mapping.copies import queries, service
from coordinator.mapping.copies.copying import (
    CopyChoice,
    choices_of,
    copied_duties,
    is_proposed,
    proposals,
)
from coordinator.mapping.copies.forms import MirrorForm, OfficerForm, choices_from
from coordinator.mapping.duties.regency_rules import cited_articles, regency_duties, unheld
from coordinator.mapping.duties.rules import MembershipKind
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.versions.queries import published
from coordinator.people.accounts import service as accounts
from coordinator.people.directory.models import TaskForce
from coordinator.people.directory.rules import TaskForceState
from coordinator.permissions import AccessKind, Permission
from coordinator.platform.files.handing_out import hand_out
from coordinator.platform.files.rules import ACCEPT
from coordinator.platform.files.taking_in import taken_in
from coordinator.translation import gettext as _
from coordinator.typed import whole

bp = flask.Blueprint("copies", __name__)


def state_labels() -> dict[TaskForceState, str]:
    """Return the words for how far a task force is."""
    return {
        TaskForceState.NOT_STARTED: _("Belum mulai"),
        TaskForceState.DRAFTING: _("Menyusun"),
        TaskForceState.ACTIVE: _("Aktif"),
    }


@bp.get("/kabupaten-kota")
@web.requires(Permission.SEE_TASK_FORCES_BELOW)
def task_forces() -> ResponseReturnValue:
    """Show the progress of each task force below: counts only, no personal data."""
    viewer = web.viewer()
    return flask.render_template(
        "mapping/copies/task_forces.html",
        rows=queries.below(viewer, today(viewer.zone)),
        labels=state_labels(),
        states=TaskForceState,
        may_edit=viewer.may(Permission.EDIT_MAPPING),
    )


def _force(code: str) -> TaskForce:
    force = queries.force_to_mirror(web.viewer(), code)
    if force is None:
        raise NotFound(_("Gugus tugas itu tidak dapat disusun dari sini."))
    return force


def _province(force: TaskForce) -> Mapping:
    province = published(force.parent_id) if force.parent_id is not None else None
    if province is None:
        raise Conflict(_("Provinsi belum punya pemetaan untuk disalin."))
    return province


@bp.route("/kabupaten-kota/<below>", methods=["GET", "POST"])
@web.requires(Permission.EDIT_MAPPING)
def draft(below: str) -> ResponseReturnValue:
    """Show and save the table: agencies, names, pokja, and the SK."""
    force = _force(below)
    province = _province(force)
    kept, revision = queries.draft_of(force)
    groups = [part.id for part in province.working_groups]
    choices = (
        proposals(province, region=force.region)
        if kept is None
        else choices_of(kept, province, region=force.region)
    )
    decree = queries.decree_of(force.id)
    form = MirrorForm(obj=decree, revision=str(revision))
    errors: dict[str, str] = {}
    if flask.request.method == "POST":
        choices = choices_from(flask.request.form, choices, groups)
        errors = _save(below, form, choices)
        if not errors and not form.errors:
            return flask.redirect(
                flask.url_for("mapping.copies.draft", below=below, selesai="draf"), 303
            )
    return _page(force, province, form, choices, errors, revision, kept)


def _save(code: str, form: MirrorForm, choices: list[CopyChoice]) -> dict[str, str]:
    if not form.validate_on_submit():
        return {}
    try:
        with taken_in([flask.request.files.get("scan")], field="scan") as taken:
            if taken.errors:
                raise InvalidInput(taken.errors)
            service.save_mirror(
                code,
                choices,
                number=form.number.data or "",
                signed_on=form.signed_on.data,
                scan=taken.first,
                revision=whole(form.revision.data),
                by=web.viewer(),
            )
    except InvalidInput as error:
        refuse(form, error)
        return {name: text for name, text in error.fields.items() if not hasattr(form, name)}
    return {}


def _page(
    force: TaskForce,
    province: Mapping,
    form: MirrorForm,
    choices: list[CopyChoice],
    errors: dict[str, str],
    revision: int,
    kept: Mapping | None,
) -> ResponseReturnValue:
    kinds = {part.lineage or part.id: part for part in province.agencies}
    own = [choice for choice in choices if is_proposed(kinds[choice.lineage])]
    others = [choice for choice in choices if not is_proposed(kinds[choice.lineage])]
    viewer = web.viewer()
    return flask.render_template(
        "mapping/copies/draft.html",
        force=force,
        form=form,
        own=own,
        others=others,
        groups=province.working_groups,
        member_kinds=MembershipKind,
        errors=errors,
        revision=revision,
        kept=kept,
        decree=queries.decree_of(force.id),
        unheld=unheld(regency_duties(province), cited_articles(copied_duties(province, choices))),
        accept=ACCEPT,
        is_parent=viewer.own_task_force_id == force.parent_id,
    ), (422 if errors or form.errors else 200)


@bp.post("/kabupaten-kota/<below>/terbitkan")
@web.requires(Permission.EDIT_MAPPING)
def publish(below: str) -> ResponseReturnValue:
    """Publish the first mapping."""
    force = _force(below)
    service.publish_mirror(below, revision=edge.form_number("revision", -1), by=web.viewer())
    if web.viewer().own_task_force_id == force.id:
        return flask.redirect("/peran", 303)
    return flask.redirect(flask.url_for("mapping.copies.task_forces", terbit=below), 303)


@bp.route("/kabupaten-kota/<below>/sekretariat", methods=["GET", "POST"])
@web.requires(Permission.INVITE_PEOPLE)
def officer(below: str) -> ResponseReturnValue:
    """Invite the first officer of a task force's own secretariat."""
    viewer = web.viewer()
    force = queries.force_below(viewer, below)
    if force is None:
        raise NotFound(_("Gugus tugas itu tidak ada di bawah gugus tugas Anda."))
    form = OfficerForm()
    if form.validate_on_submit():
        try:
            accounts.invite(
                accounts.NewPerson(
                    email=form.email.data or "",
                    name=form.name.data or "",
                    kind=AccessKind.SECRETARIAT,
                    task_force_id=force.id,
                ),
                by=viewer,
                secret_key=flask.current_app.config["SECRET_KEY"],
            )
        except InvalidInput as error:
            refuse(form, error)
        else:
            return flask.redirect(flask.url_for("mapping.copies.task_forces", undang=below), 303)
    return flask.render_template("mapping/copies/officer.html", form=form, force=force), (
        422 if form.errors else 200
    )


@bp.get("/kabupaten-kota/<below>/sk")
@web.requires(Permission.SEE_MAPPING)
def decree_file(below: str) -> ResponseReturnValue:
    """Download the scan of the SK, for the task force's own people and its drafters."""
    viewer = web.viewer()
    decree = queries.readable_decree(viewer, below)
    if decree is None or decree.file is None:
        raise NotFound(_("Salinan SK itu tidak ada."))
    name = decree.file_name or "sk"
    return hand_out(decree.file, name, what="decree", subject_id=below, by=viewer)
