"""The draft as a whole: what it would change, publishing, files; and the published versions."""

from datetime import date, timedelta
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import now, today
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.forms import refuse
from coordinator.mapping.answers.campaign_queries import is_asking
from coordinator.mapping.chains import queries as chains
from coordinator.mapping.duties.diff import to_answer
from coordinator.mapping.duties.differences import MappingDifference, by_agency
from coordinator.mapping.duties.document import MAPPING_FORMAT, document
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.text_checks import queries as text_checks
from coordinator.mapping.text_checks.labels import claim_text
from coordinator.mapping.versions import bundled, labels, queries, service, updating
from coordinator.mapping.versions.blueprint import bp
from coordinator.mapping.versions.forms import PublishForm, UpdateForm, YamlForm
from coordinator.mapping.versions.queries import Working
from coordinator.people.directory.queries import agency_by_slug, task_force
from coordinator.periods.queries import newest_closed_end
from coordinator.permissions import AGENCY_KINDS, Permission
from coordinator.platform.mail.rules import MailState
from coordinator.platform.mail.service import GRACE
from coordinator.platform.mail.thread_queries import all_states
from coordinator.platform.yaml_files import YamlFinding
from coordinator.translation import gettext as _
from coordinator.typed import whole

# The list of a part in a file's key ("duties.12.text") -> the page where it is corrected.
PAGES = {
    "duties": "mapping.versions.duty",
    "agencies": "mapping.versions.agency",
    "legal_instruments": "mapping.versions.instrument",
    "working_groups": "mapping.versions.group",
}


# --- the draft -----------------------------------------------------------------------------------


@bp.get("/peran/ubah")
@web.requires(Permission.EDIT_MAPPING)
def draft() -> ResponseReturnValue:
    """Show what the draft would change, its errors, and the form to publish it."""
    working = queries.working(web.viewer())
    return _draft_page(working, _publish_form(working), YamlForm(seen=_token(working))), 200


def _token(working: Working | None) -> str:
    return working.token if working else "0.0"


def _earliest() -> date | None:
    viewer = web.viewer()
    return newest_closed_end(viewer.own_task_force_id, today(viewer.zone))


def _publish_form(working: Working | None) -> PublishForm:
    form = PublishForm(seen=_token(working), notify=True)
    if flask.request.method == "GET":
        form.effective_on.data = max(today(web.viewer().zone), _earliest() or date.min)
    return form


def _draft_page(
    working: Working | None,
    form: PublishForm,
    upload: YamlForm,
    refused: list[YamlFinding] | None = None,
) -> str:
    viewer = web.viewer()
    differences = working.differences() if working else []
    touched, reached = queries.receivers(viewer, differences, today(viewer.zone))
    findings = service.draft_problems(working.content) if working else ()
    form.notify.label.text = _("Kirim email ke %(n)s instansi", n=reached)
    return flask.render_template(
        "mapping/versions/draft.html",
        working=working,
        form=form,
        upload=upload,
        refused=refused or [],
        findings=[(finding, _place(working, finding)) for finding in findings],
        errors=sum(finding.severity == "error" for finding in findings),
        **_grouped(
            differences, working.base if working else None, working.mapping if working else None
        ),
        count=len(differences),
        touched=touched,
        reached=reached,
        asked=len(working.to_answer()) if working else 0,
        earliest=_earliest(),
        update=bundled.offer(viewer),
        text_findings=text_checks.findings(viewer),
        chain_gaps=chains.gap_count(viewer),
        claim_text=claim_text,
        changed={one.id.partition("@")[0] for one in differences},
    )


def _place(working: Working | None, finding: YamlFinding) -> str | None:
    """Return the page where a finding's part can be corrected."""
    name, _dot, rest = finding.key.partition(".")
    index = rest.split(".")[0]
    place, parts = whole(index, -1), getattr(working.mapping, name, []) if working else []
    if not 0 <= place < len(parts):
        return None
    part = parts[place]
    if name == "memberships":
        return flask.url_for("mapping.versions.agency", key=part.agency)
    return flask.url_for(PAGES[name], key=part.id) if name in PAGES else None


def _grouped(
    differences: list[MappingDifference], before: Mapping | None, after: Mapping | None
) -> dict[str, Any]:
    """Return the changes as pages show them: by agency, then those that touch no agency."""
    mappings = (mapping for mapping in (before, after) if mapping)
    names = {part.id: part.abbreviation for mapping in mappings for part in mapping.agencies}
    return {
        "groups": sorted(
            ((key, names.get(key, key), own) for key, own in by_agency(differences).items()),
            key=lambda group: group[1].casefold(),
        ),
        "names": names,
        "general": [difference for difference in differences if not difference.agencies],
        "changes": labels.change_labels(),
        "subjects": labels.subject_labels(),
    }


@bp.post("/peran/ubah/terbitkan")
@web.requires(Permission.EDIT_MAPPING)
def publish() -> ResponseReturnValue:
    """Publish the draft."""
    viewer = web.viewer()
    working = queries.working(viewer)
    form = _publish_form(working)
    status = 422
    # While a request for answers runs, no other begins: agencies are added to it on its page.
    is_running = is_asking(viewer)
    if form.validate_on_submit():
        try:
            if form.seen.data != _token(working):
                raise Conflict(
                    _("Draf ini baru saja diubah orang lain. Periksa lagi sebelum menerbitkan.")
                )
            done = service.publish_draft(
                revision=working.revision if working else 0,
                reason=(form.reason.data or "").strip(),
                effective_on=form.effective_on.data,
                notify=bool(form.notify.data),
                # The mail that asks for answers says what changed; one mail is enough.
                asking=bool(form.ask.data and not is_running),
                by=viewer,
            )
        except InvalidInput as error:
            refuse(form, error)
        except Conflict as error:
            form.form_errors = [*form.form_errors, error.message]
            status = 409
        else:
            if form.ask.data and is_running:
                return flask.redirect(
                    flask.url_for("oversight.campaigns.progress", terbit=done.number), 303
                )
            if form.ask.data:
                scope = "changed" if done.number > 1 else "all"
                return flask.redirect(
                    flask.url_for(
                        "oversight.campaigns.new",
                        cakupan=scope,
                        terbit=done.number,
                        email=done.mails,
                    ),
                    303,
                )
            return flask.redirect(
                flask.url_for("mapping.versions.version", number=done.number, terbit=done.mails),
                303,
            )
    working = queries.working(viewer)
    if status == 409:
        form.seen.data = _token(working)
    return _draft_page(working, form, YamlForm(formdata=None, seen=_token(working))), status


@bp.post("/peran/ubah/buang")
@web.requires(Permission.EDIT_MAPPING)
def discard() -> ResponseReturnValue:
    """Discard the draft."""
    service.discard_draft(by=web.viewer())
    return flask.redirect(flask.url_for("mapping.versions.draft", dibuang="1"), 303)


@bp.post("/peran/ubah/pindahkan")
@web.requires(Permission.EDIT_MAPPING)
def carry_over() -> ResponseReturnValue:
    """Put the draft's changes on the version that is now in force."""
    viewer = web.viewer()
    working = queries.working(viewer)
    clashes = service.carry_over_draft(revision=working.revision if working else 0, by=viewer)
    return flask.redirect(flask.url_for("mapping.versions.draft", bentrok=len(clashes)), 303)


@bp.route("/peran/ubah/pembaruan", methods=["GET", "POST"])
@web.requires(Permission.EDIT_MAPPING)
def update() -> ResponseReturnValue:
    """Show what the newer bundled mapping would change; put it into the draft or decline it."""
    viewer = web.viewer()
    form = UpdateForm()
    working = queries.working(viewer)
    if form.validate_on_submit():
        if form.act.data == UpdateForm.ASIDE:
            updating.decline_update(by=viewer)
            return flask.redirect(flask.url_for("mapping.versions.draft", dikesampingkan="1"), 303)
        if form.seen.data != _token(working):
            raise Conflict(_("Draf baru saja diubah orang lain. Muat ulang, lalu periksa lagi."))
        updating.draft_update(
            revision=working.revision if working else 0,
            base_number=working.number if working else None,
            by=viewer,
        )
        return flask.redirect(flask.url_for("mapping.versions.draft", pembaruan="1"), 303)
    found = bundled.offer(viewer)
    if found is None:
        raise NotFound(_("Tidak ada pembaruan pemetaan bawaan."))
    form.seen.data = _token(working)
    return flask.render_template(
        "mapping/versions/update.html",
        form=form,
        found=found,
        is_draft=working is not None and working.is_draft,
        **_grouped(found.differences, working.mapping if working else None, found.mapping),
    )


@bp.post("/peran/ubah/berkas")
@web.requires(Permission.EDIT_MAPPING)
def upload() -> ResponseReturnValue:
    """Make a YAML file the draft; a file with an error leaves the draft as it was."""
    viewer = web.viewer()
    working = queries.working(viewer)
    form = YamlForm()
    refused: list[YamlFinding] = []
    status = 422
    file = form.file.data
    if not form.validate_on_submit() or not file or not file.filename:
        form.file.errors = [_("Pilih berkas YAML lebih dahulu.")]
    elif form.seen.data != _token(working):
        form.file.errors = [_("Draf baru saja diubah orang lain. Periksa, lalu unggah lagi.")]
        status = 409
    else:
        refused = service.take_file(
            file.read(service.LARGEST_FILE + 1),
            file.filename[-80:],
            revision=working.revision if working else 0,
            base_number=working.number if working else None,
            by=viewer,
        )
        if not refused:
            return flask.redirect(flask.url_for("mapping.versions.draft", diunggah="1"), 303)
        form.file.errors = [_("Berkas ini belum dapat dipakai. Draf tidak berubah.")]
    form.seen.data = _token(working)
    publishing = PublishForm(formdata=None, seen=_token(working), notify=True)
    publishing.effective_on.data = max(today(viewer.zone), _earliest() or date.min)
    return _draft_page(working, publishing, form, refused), status


@bp.get("/peran/ubah/pemetaan.yaml")
@web.requires(Permission.EDIT_MAPPING)
def download() -> ResponseReturnValue:
    """Download the mapping as a YAML file: the draft, or the version in force."""
    viewer = web.viewer()
    working = queries.working(viewer)
    if working is None:
        raise NotFound(_("Belum ada pemetaan."))
    force = task_force(viewer)
    state = f"draf-{working.revision}" if working.is_draft else f"versi-{working.number}"
    name = f"pemetaan-{force.code if force else ''}-{state}.yaml"
    return edge.download(MAPPING_FORMAT.to_yaml(working.mapping), "application/yaml", name)


# --- versions ------------------------------------------------------------------------------------


@bp.get("/peran/versi")
@web.requires(Permission.SEE_MAPPING)
def versions() -> ResponseReturnValue:
    """List the published versions, newest first."""
    viewer = web.viewer()
    return flask.render_template(
        "mapping/versions/versions.html",
        versions=queries.with_changes(viewer, queries.versions(viewer)),
        may_edit=viewer.may(Permission.EDIT_MAPPING),
    )


@bp.get("/peran/versi/<int:number>")
@web.requires(Permission.SEE_MAPPING)
def version(number: int) -> ResponseReturnValue:
    """Show what one version changed; `?instansi=` narrows it to one agency."""
    viewer = web.viewer()
    found = queries.version(viewer, number)
    force = task_force(viewer)
    if found is None or force is None:
        raise NotFound(_("Versi itu tidak ada."))
    slug = flask.request.args.get("instansi", "")
    agency = agency_by_slug(viewer, slug) if slug else None
    if slug and agency is None:
        raise NotFound(_("Instansi itu tidak ada."))
    before, after = document(force.id, number - 1), document(force.id, number)
    differences = queries.changes_of(force.id, number)
    if agency is not None:
        differences = [one for one in differences if agency.key in one.agencies]
    asked = {
        duty.id
        for duty in (to_answer(before, after) if before and after else [])
        if agency is not None and duty.agency == agency.key
    }
    is_own = agency is not None and viewer.kind in AGENCY_KINDS and viewer.agency_id == agency.id
    may_edit = viewer.may(Permission.EDIT_MAPPING)
    bar = queries.undo_bar(found, force.code, at=now()) if may_edit else None
    left = found.recorded_at + GRACE - now()
    return flask.render_template(
        "mapping/versions/version.html",
        version=found,
        agency=agency,
        **_grouped(differences, before, after),
        count=len(differences),
        is_told=before is not None and after is not None,
        waiting=queries.unanswered(viewer, asked) if is_own else [],
        asked=len(asked),
        is_own=is_own,
        left=left if may_edit and bar is None and left > timedelta(0) else None,
        is_asked_about=bar is queries.UndoBar.REQUEST,
        mails=all_states(queries.mail_thread(force.code, number)).get(MailState.QUEUED, 0),
        undo_until=found.recorded_at + GRACE,
        may_edit=may_edit,
    )


@bp.post("/peran/versi/<int:number>/urungkan")
@web.requires(Permission.EDIT_MAPPING)
def undo(number: int) -> ResponseReturnValue:
    """Take a version back while its mails wait."""
    done = service.undo(number, by=web.viewer())
    return flask.redirect(
        flask.url_for("mapping.versions.version", number=done.number, diurungkan=number), 303
    )
