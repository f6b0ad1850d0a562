"""The forms behind /peran/ubah: duties, agencies, legal instruments, pokja; all of it a draft."""

from collections.abc import Callable
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.mapping.duties.diff import chain_text
from coordinator.mapping.duties.models import Duty, LegalInstrument, WorkingGroup
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.text_checks import queries as text_checks
from coordinator.mapping.versions import editing, form_data, labels, queries, service
from coordinator.mapping.versions.blueprint import bp
from coordinator.mapping.versions.forms import PartForm
from coordinator.mapping.versions.queries import Working
from coordinator.people.directory.models import Agency
from coordinator.permissions import Permission
from coordinator.platform.yaml_files import SeedPart, content_hash
from coordinator.translation import gettext as _

Apply = Callable[[Mapping], tuple[Mapping, str]]


def _working() -> Working:
    found = queries.working(web.viewer())
    if found is None:
        raise NotFound(_("Belum ada pemetaan untuk diubah."))
    return found


def _digest(*parts: SeedPart) -> str:
    return "-".join(content_hash(part)[:16] for part in parts)


def _keys(model: type[Duty | Agency | WorkingGroup | LegalInstrument]) -> frozenset[str]:
    return frozenset(queries.used_keys(web.viewer(), model))


def _keep(working: Working, mapping: Mapping) -> None:
    if mapping != working.mapping:
        service.save_draft(
            mapping,
            revision=working.revision,
            base_number=working.number,
            by=web.viewer(),
        )


def _answer(
    template: str,
    form: PartForm,
    working: Working,
    apply: Apply,
    *,
    digest: str,
    back: Callable[[str], str],
    **context: Any,
) -> ResponseReturnValue:
    """Show a form, or save it to the draft and return to the list.

    A part that somebody else changed in the meantime is not overwritten: the page shows both texts,
    and sending the form again confirms the choice.
    """
    is_conflict = False
    if form.validate_on_submit():
        try:
            if (form.seen.data or "") != digest:
                raise Conflict("")
            mapping, key = apply(working.mapping)
            _keep(working, mapping)
        except InvalidInput as error:
            form_data.refuse(form, error)
        except Conflict:
            is_conflict = True
        else:
            return flask.redirect(back(key), 303)
    if is_conflict or flask.request.method == "GET":
        form.seen.data = digest
    status = 409 if is_conflict else 422 if form.errors else 200
    page = flask.render_template(
        template, form=form, working=working, is_conflict=is_conflict, **context
    )
    return page, status


def _removed(apply: Callable[[Mapping], Mapping], back: str, digest: str) -> ResponseReturnValue:
    """Remove a part from the draft and return to its list. Raises Conflict, InvalidInput."""
    working = _working()
    if flask.request.form.get("seen", "") != digest:
        raise Conflict(_("Bagian ini baru saja diubah orang lain. Buka lagi, lalu putuskan."))
    try:
        _keep(working, apply(working.mapping))
    except InvalidInput as error:
        return web.error_page(409, error.message)
    return flask.redirect(back, 303)


def _changed(working: Working) -> set[str]:
    return {difference.id for difference in working.differences()}


# --- duties --------------------------------------------------------------------------------------


@bp.get("/peran/ubah/tugas")
@web.requires(Permission.EDIT_MAPPING)
def duties() -> ResponseReturnValue:
    """List the duties in the draft, by agency or pokja."""
    working = _working()
    mapping = working.mapping
    agency, group = flask.request.args.get("instansi", ""), flask.request.args.get("pokja", "")
    shown = [
        duty
        for duty in mapping.duties
        if agency in ("", duty.agency) and group in ("", duty.working_group)
    ]
    return flask.render_template(
        "mapping/versions/duties.html",
        working=working,
        duties=shown,
        agency=agency,
        group=group,
        agencies=form_data.agency_choices(mapping),
        groups=form_data.group_choices(mapping),
        changed=_changed(working),
    )


@bp.route("/peran/ubah/tugas/baru", methods=["GET", "POST"], defaults={"key": None})
@bp.route("/peran/ubah/tugas/<key>", methods=["GET", "POST"])
@web.requires(Permission.EDIT_MAPPING)
def duty(key: str | None) -> ResponseReturnValue:
    """Change a duty, or add one."""
    working = _working()
    mapping = working.mapping
    part = editing.find(mapping.duties, key) if key else None
    form = form_data.duty_form(
        mapping, part, flask.request.args.get("instansi", ""), flask.request.args.get("pokja", "")
    )

    def apply(mapping: Mapping) -> tuple[Mapping, str]:
        return editing.save_duty(
            mapping,
            key,
            form_data.duty_values(form, part),
            new_source=form_data.plain(form.new_source.data),
            join=bool(form.join.data),
            taken=_keys(Duty),
        )

    return _answer(
        "mapping/versions/duty.html",
        form,
        working,
        apply,
        digest=_digest(part) if part else "",
        back=lambda saved: flask.url_for(
            "mapping.versions.duties",
            instansi=editing.find(_working().mapping.duties, saved).agency,
            selesai="1",
        ),
        part=part,
        text_findings=text_checks.findings_about(web.viewer(), key, is_duty=True),
        names=dict(form_data.agency_choices(mapping) + form_data.group_choices(mapping)),
        chain_line=chain_text(mapping, part) if part else "",
    )


@bp.post("/peran/ubah/tugas/<key>/hapus")
@web.requires(Permission.EDIT_MAPPING)
def remove_duty(key: str) -> ResponseReturnValue:
    """Remove a duty from the draft."""
    part = editing.find(_working().mapping.duties, key)
    return _removed(
        lambda mapping: editing.remove_duty(mapping, key),
        flask.url_for("mapping.versions.duties", instansi=part.agency, selesai="1"),
        _digest(part),
    )


# --- agencies ------------------------------------------------------------------------------------


@bp.get("/peran/ubah/instansi")
@web.requires(Permission.EDIT_MAPPING)
def agencies() -> ResponseReturnValue:
    """List the agencies with their memberships and duties."""
    working = _working()
    mapping = working.mapping
    return flask.render_template(
        "mapping/versions/agencies.html",
        working=working,
        agencies=sorted(mapping.agencies, key=lambda part: part.abbreviation.casefold()),
        kinds=dict(labels.kind_choices()),
        changed=_changed(working) | {d.id.split("@")[0] for d in working.differences()},
    )


@bp.route("/peran/ubah/instansi/baru", methods=["GET", "POST"], defaults={"key": None})
@bp.route("/peran/ubah/instansi/<key>", methods=["GET", "POST"])
@web.requires(Permission.EDIT_MAPPING)
def agency(key: str | None) -> ResponseReturnValue:
    """Change an agency and its place in each pokja, or add one."""
    working = _working()
    mapping = working.mapping
    part = editing.find(mapping.agencies, key) if key else None
    form = form_data.agency_form(mapping, part)
    own = [m for m in mapping.memberships if m.agency == key]
    names = {a.id: a.abbreviation for a in mapping.agencies}

    def apply(mapping: Mapping) -> tuple[Mapping, str]:
        return editing.save_agency(
            mapping,
            key,
            form_data.agency_values(form),
            form_data.agency_standings(form, mapping, part),
            new_source=form_data.plain(form.new_source.data),
            replace_lead=bool(form.replace_lead.data),
            taken=_keys(Agency),
        )

    return _answer(
        "mapping/versions/agency.html",
        form,
        working,
        apply,
        digest=_digest(part, *own) if part else "",
        back=lambda _saved: flask.url_for("mapping.versions.agencies", selesai="1"),
        part=part,
        text_findings=text_checks.findings_about(web.viewer(), key, is_duty=False),
        own={m.working_group: m for m in own},
        leads={
            group.id: names.get(editing.lead_of(mapping, group.id) or "", "")
            for group in mapping.working_groups
        },
    )


@bp.post("/peran/ubah/instansi/<key>/hapus")
@web.requires(Permission.EDIT_MAPPING)
def remove_agency(key: str) -> ResponseReturnValue:
    """Remove an agency from the draft."""
    mapping = _working().mapping
    part = editing.find(mapping.agencies, key)
    return _removed(
        lambda mapping: editing.remove_agency(mapping, key),
        flask.url_for("mapping.versions.agencies", selesai="1"),
        _digest(part, *(m for m in mapping.memberships if m.agency == key)),
    )


# --- legal instruments ---------------------------------------------------------------------------


@bp.get("/peran/ubah/dasar")
@web.requires(Permission.EDIT_MAPPING)
def instruments() -> ResponseReturnValue:
    """List the legal instruments, and which texts have been checked."""
    working = _working()
    mapping = working.mapping
    return flask.render_template(
        "mapping/versions/instruments.html",
        working=working,
        instruments=mapping.legal_instruments,
        checked=text_checks.checked_days(web.viewer()),
        uses={
            part.id: editing.uses_of(mapping, part.id).citations
            for part in mapping.legal_instruments
        },
        changed=_changed(working),
    )


@bp.route("/peran/ubah/dasar/baru", methods=["GET", "POST"], defaults={"key": None})
@bp.route("/peran/ubah/dasar/<key>", methods=["GET", "POST"])
@web.requires(Permission.EDIT_MAPPING)
def instrument(key: str | None) -> ResponseReturnValue:
    """Change a legal instrument, or add one."""
    working = _working()
    part = editing.find(working.mapping.legal_instruments, key) if key else None
    form = form_data.instrument_form(working.mapping, part)
    return _answer(
        "mapping/versions/instrument.html",
        form,
        working,
        lambda mapping: editing.save_instrument(
            mapping, key, form_data.instrument_values(form, part), taken=_keys(LegalInstrument)
        ),
        digest=_digest(part) if part else "",
        back=lambda _saved: flask.url_for("mapping.versions.instruments", selesai="1"),
        part=part,
        uses=editing.uses_of(working.mapping, key) if key else None,
    )


@bp.post("/peran/ubah/dasar/<key>/hapus")
@web.requires(Permission.EDIT_MAPPING)
def remove_instrument(key: str) -> ResponseReturnValue:
    """Remove an instrument from the draft."""
    part = editing.find(_working().mapping.legal_instruments, key)
    return _removed(
        lambda mapping: editing.remove_instrument(mapping, key),
        flask.url_for("mapping.versions.instruments", selesai="1"),
        _digest(part),
    )


# --- pokja ---------------------------------------------------------------------------------------


@bp.get("/peran/ubah/pokja")
@web.requires(Permission.EDIT_MAPPING)
def groups() -> ResponseReturnValue:
    """List the pokja in their order."""
    working = _working()
    return flask.render_template(
        "mapping/versions/groups.html",
        working=working,
        groups=working.mapping.working_groups,
        names={part.id: part.abbreviation for part in working.mapping.agencies},
        lead_of=lambda key: editing.lead_of(working.mapping, key),
        changed=_changed(working),
    )


@bp.route("/peran/ubah/pokja/baru", methods=["GET", "POST"], defaults={"key": None})
@bp.route("/peran/ubah/pokja/<key>", methods=["GET", "POST"])
@web.requires(Permission.EDIT_MAPPING)
def group(key: str | None) -> ResponseReturnValue:
    """Change a pokja, or add one."""
    working = _working()
    part = editing.find(working.mapping.working_groups, key) if key else None
    form = form_data.group_form(part)
    return _answer(
        "mapping/versions/group.html",
        form,
        working,
        lambda mapping: editing.save_group(
            mapping, key, form_data.group_values(form), taken=_keys(WorkingGroup)
        ),
        digest=_digest(part) if part else "",
        back=lambda _saved: flask.url_for("mapping.versions.groups", selesai="1"),
        part=part,
    )


@bp.post("/peran/ubah/pokja/<key>/hapus")
@web.requires(Permission.EDIT_MAPPING)
def remove_group(key: str) -> ResponseReturnValue:
    """Retire an empty pokja."""
    part = editing.find(_working().mapping.working_groups, key)
    return _removed(
        lambda mapping: editing.remove_group(mapping, key),
        flask.url_for("mapping.versions.groups", selesai="1"),
        _digest(part),
    )


@bp.post("/peran/ubah/pokja/<key>/geser")
@web.requires(Permission.EDIT_MAPPING)
def move_group(key: str) -> ResponseReturnValue:
    """Move a pokja one place up or down."""
    working = _working()
    up = flask.request.form.get("arah") == "naik"
    _keep(working, editing.move_group(working.mapping, key, up=up))
    return flask.redirect(flask.url_for("mapping.versions.groups"), 303)
