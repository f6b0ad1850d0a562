"""The annex as a draft, entering the signed decree, and the decrees that were entered."""

from dataclasses import dataclass, replace
from datetime import date

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import now, today
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.forms import refuse
from coordinator.mapping.decrees import exports, queries, service
from coordinator.mapping.decrees.annex import Annex
from coordinator.mapping.decrees.effect import (
    Choice,
    NewDecree,
    effects,
    newer_decrees,
    signing_office,
    usual_choice,
    without,
)
from coordinator.mapping.decrees.forms import DecreeForm, choice_from, member_value
from coordinator.mapping.duties.labels import standing_labels, status_labels
from coordinator.mapping.duties.rules import BasisStatus
from coordinator.mapping.duties.seed import Mapping
from coordinator.mapping.versions import queries as versions
from coordinator.mapping.versions.queries import Working
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import TaskForce
from coordinator.permissions import Permission
from coordinator.platform.audit.access import log_access
from coordinator.platform.documents.rendering import DOCX_TYPE, PDF_TYPE
from coordinator.platform.files.carrying import carried, token_of
from coordinator.platform.files.handing_out import hand_out
from coordinator.platform.files.receiving import Received
from coordinator.platform.files.rules import PDF
from coordinator.platform.files.taking_in import receive_pdf, taken_in
from coordinator.translation import gettext as _
from coordinator.typed import whole

bp = flask.Blueprint("decrees", __name__)
FORM = "decree-scan"  # what signs the scan that the form carries
PUBLISH = "terbitkan"
CHANGE = "ubah"
USUAL, NOTHING = "usulan", "kosong"  # what to tick
TAKE, LEAVE = "ambil", "biarkan"  # what rests on a newer decree


def _force() -> TaskForce:
    force = directory.task_force(web.viewer())
    if force is None:
        raise NotFound(_("Gugus tugas itu tidak ada."))
    return force


@bp.get("/peran/sk")
@web.requires(Permission.SEE_MAPPING)
def decrees() -> ResponseReturnValue:
    """List the decrees that were entered; the secretariat gets the draft and enters one here."""
    viewer = web.viewer()
    may_edit = viewer.may(Permission.EDIT_MAPPING)
    working = versions.working(viewer) if may_edit else None
    return flask.render_template(
        "mapping/decrees/decrees.html",
        rows=queries.decrees(viewer),
        may_edit=may_edit,
        working=working,
        origin=queries.origin(working, viewer) if working else "",
        proposals=sum(part.status is BasisStatus.PROPOSAL for part in working.mapping.duties)
        if working
        else 0,
        zone=viewer.zone,
    )


# --- the draft -----------------------------------------------------------------------------------


@bp.get("/peran/sk/rancangan.docx")
@web.requires(Permission.EDIT_MAPPING)
def draft_docx() -> ResponseReturnValue:
    """Download the draft of the annex as DOCX."""
    body = exports.annex_docx(_annex(), at=now(), zone=web.viewer().zone)
    return _attachment(body, DOCX_TYPE, "docx")


@bp.get("/peran/sk/rancangan.pdf")
@web.requires(Permission.EDIT_MAPPING)
def draft_pdf() -> ResponseReturnValue:
    """Download the draft of the annex as PDF."""
    body = exports.annex_pdf(_annex(), at=now(), zone=web.viewer().zone)
    return _attachment(body, PDF_TYPE, "pdf")


@bp.get("/peran/sk/naskah.docx")
@web.requires(Permission.EDIT_MAPPING)
def clean_docx() -> ResponseReturnValue:
    """Download the annex as it is to be signed, as DOCX."""
    body = exports.annex_docx(_annex(), at=now(), zone=web.viewer().zone, is_clean=True)
    log_access("export", by=web.viewer(), subject_id="naskah-lampiran-sk.docx")
    name = f"lampiran-sk_{_force().code}_{today(web.viewer().zone).isoformat()}.docx"
    return edge.download(body, DOCX_TYPE, name)


def _annex() -> Annex:
    annex = queries.draft_annex(web.viewer(), _force())
    if annex is None:
        raise NotFound(_("Belum ada pemetaan."))
    return annex


def _attachment(body: bytes, media_type: str, ending: str) -> flask.Response:
    viewer = web.viewer()
    log_access("export", by=viewer, subject_id=f"lampiran-sk.{ending}")
    name = f"rancangan-lampiran-sk_{_force().code}_{today(viewer.zone).isoformat()}.{ending}"
    return edge.download(body, media_type, name)


# --- entering a signed decree --------------------------------------------------------------------


@bp.route("/peran/sk/catat", methods=["GET", "POST"])
@web.requires(Permission.EDIT_MAPPING)
def enter() -> ResponseReturnValue:
    """What the decree says and holds; then a look at what it changes; then the act."""
    viewer = web.viewer()
    working = versions.working(viewer)
    if working is None or not working.newest:
        raise NotFound(_("Belum ada pemetaan yang terbit."))
    mapping = versions.published(viewer.own_task_force_id)
    assert mapping is not None
    form = DecreeForm()
    if flask.request.method == "GET":
        force = _force()
        form.seen.data = str(working.newest)
        form.office.data = signing_office(force.level, force.region)
        choice = usual_choice(mapping, queries.disputed_keys(viewer))
        return _page(form, DecreeLook(working, mapping, choice, None))
    sent = flask.request.form
    choice = choice_from(sent.getlist("duty"), sent.getlist("member"), mapping)
    with taken_in([flask.request.files.get("scan")], field="scan", receive=receive_pdf) as taken:
        scan = taken.first or carried(form.scan_token.data or "", form=FORM, by=viewer)
        problems = taken.errors
        if scan is not None and scan.media_type != PDF:
            scan, problems = None, {"scan": _("Salinan SK harus PDF.")}
        form.scan_token.data = token_of(scan, form=FORM, by=viewer)
        answer = _answer(form, DecreeLook(working, mapping, choice, scan), problems)
        if scan is not None:
            taken.keep()  # the form carries it on; without the act the sweep has it
    return answer


@dataclass(frozen=True, slots=True)
class DecreeLook:
    """What a sent form is about: the mapping, what was ticked, the scan that it carries."""

    working: Working
    mapping: Mapping
    choice: Choice
    scan: Received | None


def _answer(form: DecreeForm, look: DecreeLook, problems: dict[str, str]) -> ResponseReturnValue:
    viewer, act = web.viewer(), flask.request.form.get("act", "")
    if act in (USUAL, NOTHING):
        ticked = usual_choice(look.mapping, queries.disputed_keys(viewer))
        look = replace(look, choice=ticked if act == USUAL else Choice())
    if act in (CHANGE, USUAL, NOTHING):
        return _page(form, look)
    is_sound = form.validate()
    if problems or not is_sound:
        refuse(form, InvalidInput(problems))
        return _page(form, look)
    new = NewDecree(
        form.number.data or "",
        form.signed_on.data or date.min,
        form.about.data or "",
        form.office.data or "",
    )
    try:
        if act in (TAKE, LEAVE):
            form.newer.data = "1" if act == TAKE else ""
        if act != PUBLISH:
            new = service.checked(new, look.choice, look.scan, by=viewer)
            return _preview(form, look, new)
        row = service.enter_decree(
            new,
            look.choice,
            look.scan,
            seen_version=whole(form.seen.data),
            by=viewer,
            takes_newer=form.newer.data == "1",
        )
    except InvalidInput as error:
        refuse(form, error)
        return _page(form, look, no_choice=error.fields.get("choice", ""))
    except Conflict as error:
        form.seen.data = str(look.working.newest)
        return _preview(form, look, new, conflict=error.message)
    return flask.redirect(
        flask.url_for("mapping.versions.version", number=row.mapping_version, sk=1), 303
    )


def _page(form: DecreeForm, look: DecreeLook, *, no_choice: str = "") -> ResponseReturnValue:
    mapping = look.mapping
    disputed = queries.disputed_keys(web.viewer())
    return flask.render_template(
        "mapping/decrees/enter.html",
        form=form,
        working=look.working,
        choice=look.choice,
        scan=look.scan,
        agencies=[
            (
                agency,
                [part for part in mapping.memberships if part.agency == agency.id],
                [part for part in mapping.duties if part.agency == agency.id],
            )
            for agency in mapping.agencies
        ],
        groups={part.id: part for part in mapping.working_groups},
        disputed=disputed,
        member_value=member_value,
        standings=standing_labels(),
        statuses=status_labels(),
        proposal=BasisStatus.PROPOSAL,
        no_choice=no_choice,
    ), (422 if form.errors else 200)


def _preview(
    form: DecreeForm, look: DecreeLook, new: NewDecree, *, conflict: str = ""
) -> ResponseReturnValue:
    """Show what would change, agency by agency, and what stays a proposal."""
    viewer = web.viewer()
    newer, decrees_after = newer_decrees(look.mapping, new.signed_on, look.choice)
    takes_newer = form.newer.data == "1"
    choice = look.choice if takes_newer else without(look.choice, newer)
    found = effects(look.mapping, choice)
    mails, silent = queries.mails(
        viewer, [one.key for one in found if one.duties or one.memberships]
    )
    return flask.render_template(
        "mapping/decrees/preview.html",
        form=form,
        new=new,
        working=look.working,
        scan=look.scan,
        choice=choice,
        newer=newer,
        decrees_after=decrees_after,
        takes_newer=takes_newer,
        newer_texts=[part.text for part in look.mapping.duties if part.id in newer.duties],
        effects=found,
        left=sum(len(one.left) for one in found),
        lowered=sum(one.lowered for one in found),
        disputed=choice.duties & queries.disputed_keys(viewer),
        effective_on=queries.effective_day(viewer, new.signed_on),
        mails=mails,
        silent=silent,
        member_values=[member_value(*pair) for pair in sorted(look.choice.memberships)],
        duty_values=sorted(look.choice.duties),
        conflict=conflict,
    ), (409 if conflict else 200)


# --- the scan of a decree ------------------------------------------------------------------------


@bp.get("/peran/sk/<decree_id>/salinan")
@web.requires(Permission.SEE_MAPPING)
def scan(decree_id: str) -> ResponseReturnValue:
    """Download the scan of a decree, for those who may see the mapping; who took it is logged."""
    viewer = web.viewer()
    found = queries.decree(viewer, decree_id)
    if found is None:
        raise NotFound(_("Salinan SK itu tidak ada."))
    return hand_out(found.file, found.file_name, what="decree", subject_id=decree_id, by=viewer)
