"""Changing a plan on screen: each save is a version with its reason."""

from collections.abc import Callable

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.forms import refuse, select_choices
from coordinator.permissions import Permission
from coordinator.plans.actions import queries as plans
from coordinator.plans.actions.differences import PlanDifference
from coordinator.plans.actions.models import ActionItem, Plan
from coordinator.plans.actions.rules import PlanStatus
from coordinator.plans.actions.seed import ActionPart, PlanFile, PlanPart
from coordinator.plans.versions import editing, form_data, labels, queries, service
from coordinator.plans.versions.blueprint import bp
from coordinator.plans.versions.forms import ActionForm, ChangeForm, PlanForm, StopForm
from coordinator.plans.versions.rules import SAMPLE_MARK, below_law
from coordinator.plans.versions.views import find_action
from coordinator.platform.versioned_documents.publication import Publication
from coordinator.translation import gettext as _
from coordinator.typed import whole


def _of_own(plan: Plan | None) -> Plan:
    if plan is None:
        raise NotFound(_("Rencana itu tidak ada."))
    if not queries.may_edit(web.viewer(), plan.task_force_id):
        raise NotAllowed(
            _(
                "RAN hanya diubah Sekretariat provinsi tempat aplikasi ini dimulai, RAD hanya oleh "
                "Sekretariat gugus tugasnya."
            )
        )
    return plan


def _in_force(plan: Plan) -> tuple[PlanFile, int]:
    number = queries.newest_number(plan.key)
    file = plans.document(plan.id, number)
    if file is None:
        raise NotFound(_("Rencana itu tidak ada."))
    return file, number


def _seen(form: ChangeForm) -> int:
    return whole(form.seen.data, -1)


def _save(
    form: ChangeForm,
    plan: Plan,
    change: Callable[[PlanFile], PlanFile],
    is_same: Callable[[PlanFile | None, PlanFile], bool],
) -> Publication[PlanDifference]:
    """Publish what `change` makes of the plan in force. Raises Conflict where the part that is
    changed is no longer the one its writer saw."""
    file, number = _in_force(plan)
    seen = _seen(form)
    if seen != number and not is_same(plans.document(plan.id, seen), file):
        raise Conflict(
            _("Bagian ini baru saja diubah orang lain. Tulisan Anda masih ada di bawah.")
        )
    return service.publish(
        change(file),
        by=web.viewer(),
        reason=form.reason.data or "",
        base_number=number,
        notify=bool(form.notify.data),
    )


def _answer(
    form: ChangeForm, act: Callable[[], str], render: Callable[[dict[str, str]], str]
) -> ResponseReturnValue:
    """Do what a sent form says and go on, or show the form (again); `render` gets the objections by
    name of field, also of fields the form object does not have."""
    status = 200
    errors: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            return flask.redirect(act(), 303)
        except InvalidInput as error:
            refuse(form, error)
            status, errors = 422, error.fields
        except Conflict as error:
            form.form_errors = [*form.form_errors, error.message]
            status = 409
    elif flask.request.method == "POST":
        status = 422
    return render(errors), status


# --- one action ----------------------------------------------------------------------------------


@bp.route("/rencana/<action_id>/ubah", methods=["GET", "POST"])
@web.requires(Permission.EDIT_PLAN)
def edit(action_id: str) -> ResponseReturnValue:
    """Change an action and its indicators."""
    action = find_action(web.viewer(), action_id)
    plan = _of_own(action.plan)
    file, number = _in_force(plan)
    return _action_page(plan, file, number, action, editing.action_of(file, action.key))


@bp.route("/rencana/baru/<key>", methods=["GET", "POST"])
@web.requires(Permission.EDIT_PLAN)
def new(key: str) -> ResponseReturnValue:
    """Add an action to a plan."""
    plan = _of_own(plans.plan(web.viewer(), key))
    file, number = _in_force(plan)
    return _action_page(plan, file, number, None, None)


def _targets(part: ActionPart) -> dict[str, object]:
    return {one.id: (one.targets, one.level_targets) for one in part.indicators}


def _action_page(
    plan: Plan, file: PlanFile, number: int, action: ActionItem | None, part: ActionPart | None
) -> ResponseReturnValue:
    viewer = web.viewer()
    is_post = flask.request.method == "POST"
    form = ActionForm() if is_post else ActionForm(data=form_data.filled(part))
    form_data.give_choices(form, file, part, viewer)
    years = range(file.plan.first_year, file.plan.last_year + 1)
    if is_post:
        typed = form_data.typed_targets(flask.request.form, years, len(form.indicators))
    else:
        typed = form_data.stored_targets(part)
        form.seen.data, form.notify.data = str(number), True
    key, public_id = part.id if part else "", action.public_id if action else ""

    def act() -> str:
        wanted = form_data.read_action(form, typed, file, part)
        below = list(below_law([wanted], [part] if part else []))
        if below and not form.below_law.data:
            raise InvalidInput(
                {"below_law": " ".join([*below, _("Bila memang demikian, centang lalu simpan.")])}
            )
        done = _save(
            form,
            plan,
            lambda current: editing.with_action(current, wanted),
            lambda seen, current: (
                editing.action_of(seen, key) == editing.action_of(current, key) and seen is not None
            ),
        )
        if not public_id:
            return flask.url_for(
                "plans.versions.version", key=done.key, number=done.number, terbit=done.mails
            )
        return flask.url_for(
            "plans.versions.action",
            action_id=public_id,
            tersimpan=done.mails,
            target="berubah" if part is not None and _targets(part) != _targets(wanted) else None,
        )

    def render(errors: dict[str, str]) -> str:
        return flask.render_template(
            "plans/versions/edit.html",
            form=form,
            plan=plan,
            action=action,
            part=part,
            targets=typed,
            target_name=form_data.target_name,
            levels=[form_data.EVERY_LEVEL, *labels.page_labels()["levels"]],
            labels=labels.page_labels(),
            years=years,
            errors=errors,
        )

    return _answer(form, act, render)


@bp.route("/rencana/<action_id>/hentikan", methods=["GET", "POST"])
@web.requires(Permission.EDIT_PLAN)
def stop(action_id: str) -> ResponseReturnValue:
    """Say that an action is not carried on, or take it up again."""
    viewer = web.viewer()
    action = find_action(viewer, action_id)
    plan = _of_own(action.plan)
    form = StopForm()
    if flask.request.method == "GET":
        form.seen.data, form.notify.data = str(queries.newest_number(plan.key)), True
    key, is_stopped = action.key, bool(action.discontinued)

    def act() -> str:
        reason = None if is_stopped else (form.reason.data or "").strip()
        done = _save(
            form,
            plan,
            lambda current: editing.stopped(current, key, reason),
            lambda seen, current: (
                seen is not None and editing.action_of(seen, key) == editing.action_of(current, key)
            ),
        )
        return flask.url_for("plans.versions.action", action_id=action_id, tersimpan=done.mails)

    def render(_errors: dict[str, str]) -> str:
        return flask.render_template(
            "plans/versions/stop.html",
            form=form,
            action=action,
            holders=queries.holders(viewer, [action.id]).get(action.id, []),
        )

    return _answer(form, act, render)


# --- the plan itself -----------------------------------------------------------------------------


def _require_called_sample(form: PlanForm) -> None:
    """What is made up stays a draft that says so; its text becomes real by an import only."""
    wrong = {}
    if form.status.data == PlanStatus.ENACTED:
        wrong["status"] = _("Data contoh tidak dapat ditetapkan. Impor naskah resminya.")
    if (form.basis.data or "").strip():
        wrong["basis"] = _("Kosongkan: data contoh tidak punya dasar penetapan.")
    for name in ("title", "note"):
        if SAMPLE_MARK.casefold() not in (form[name].data or "").casefold():
            wrong[name] = _("Isinya data contoh: sebut “%(mark)s” di sini.", mark=SAMPLE_MARK)
    if wrong:
        raise InvalidInput(wrong)


@bp.route("/rencana/tentang/<key>", methods=["GET", "POST"])
@web.requires(Permission.EDIT_PLAN)
def plan(key: str) -> ResponseReturnValue:
    """Enact a plan, or change its title, note and strategies."""
    found = _of_own(plans.plan(web.viewer(), key))
    file, number = _in_force(found)
    head = file.plan
    form = PlanForm()
    status_labels = labels.status_labels()
    is_enacted = head.status is PlanStatus.ENACTED and not head.sample
    offered = [PlanStatus.ENACTED] if is_enacted else list(PlanStatus)
    form.status.choices = select_choices((one.value, status_labels[one]) for one in offered)
    if flask.request.method == "GET":
        form.seen.data, form.notify.data = str(number), True
        form.title.data, form.status.data = head.title, head.status.value
        form.basis.data, form.source.data, form.note.data = head.basis, head.source, head.note
        form.strategies.data = "\n".join(f"{one.number}. {one.title}" for one in file.strategies)

    def act() -> str:
        strategies = editing.strategies_in(form.strategies.data or "")
        if strategies is None:
            raise InvalidInput({"strategies": _("Awali tiap baris dengan nomor: “1. Judul”.")})
        if head.sample:
            _require_called_sample(form)
        if form.status.data == PlanStatus.ENACTED and not (form.basis.data or "").strip():
            raise InvalidInput(
                {"basis": _("Tulis dasar penetapannya: Perpres, Pergub, atau Perbup.")}
            )
        wanted = PlanPart.checked(
            {
                **head.to_plain(),
                "title": form.title.data,
                "status": form.status.data,
                "basis": (form.basis.data or "").strip() or None,
                "source": (form.source.data or "").strip() or None,
                "note": (form.note.data or "").strip() or None,
            }
        )
        done = _save(
            form,
            found,
            lambda current: editing.with_head(current, wanted, strategies),
            lambda seen, current: (
                seen is not None
                and (seen.plan, seen.strategies) == (current.plan, current.strategies)
            ),
        )
        return flask.url_for(
            "plans.versions.version", key=key, number=done.number, terbit=done.mails
        )

    def render(_errors: dict[str, str]) -> str:
        return flask.render_template(
            "plans/versions/plan.html", form=form, plan=found, is_enacted=is_enacted
        )

    return _answer(form, act, render)
