"""Letters of assignment: the secretariat's list and form, the papers, the agency's own copies."""

import json

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.assignments.letters import exports, queries, service
from coordinator.assignments.letters.forms import LetterForm
from coordinator.assignments.letters.jobs import ALL_LETTERS
from coordinator.assignments.letters.rules import LetterHead, Nature, kept_body, kept_head
from coordinator.clock import today
from coordinator.errors import InvalidInput, NotFound
from coordinator.forms import refuse
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import TaskForce
from coordinator.permissions import Permission
from coordinator.platform.audit.access import log_access
from coordinator.platform.background_jobs import service as background_jobs
from coordinator.platform.documents.printable import MISSING, not_printable, without_bullet
from coordinator.platform.documents.rendering import DOCX_TYPE, PDF_TYPE
from coordinator.translation import gettext as _

bp = flask.Blueprint("letters", __name__)


def _force() -> TaskForce:
    force = directory.task_force(web.viewer())
    if force is None:
        raise NotFound(_("Gugus tugas itu tidak ada."))
    return force


def _form() -> LetterForm:
    form = LetterForm()
    if flask.request.method == "GET":
        form.dated_on.data = today(web.viewer().zone)
        form.copies.data = _("Ketua Gugus Tugas PP TPPO %(region)s\nArsip", region=_force().region)
    return form


def _head(form: LetterForm) -> LetterHead:
    lines = [without_bullet(line) for line in (form.copies.data or "").splitlines()]
    return LetterHead(
        number=(form.number.data or "").strip(),
        place=(form.place.data or "").strip(" ,"),
        dated_on=form.dated_on.data or today(web.viewer().zone),
        nature=Nature(form.nature.data),
        signer=(form.signer.data or "").strip(),
        acknowledged_by=(form.acknowledged_by.data or "").strip(),
        copies=tuple(line for line in lines if line),
    )


@bp.route("/penugasan/surat", methods=["GET", "POST"])
@web.requires(Permission.ASSIGN_ACTIONS)
def letters() -> ResponseReturnValue:
    """Who holds work and when a letter last said so; all letters at once as long work."""
    viewer = web.viewer()
    form = _form()
    if form.validate_on_submit():
        head = _head(form)
        task_id = background_jobs.enqueue(
            ALL_LETTERS,
            title=_("Surat penugasan semua instansi (ZIP)"),
            params={"head": head.data()},
            by=viewer,
        )
        return flask.redirect(flask.url_for("platform.background_jobs.task", task_id=task_id), 303)
    return flask.render_template(
        "assignments/letters/letters.html",
        rows=queries.agencies_with_work(viewer),
        form=form,
        zone=viewer.zone,
    ), (422 if form.errors else 200)


@bp.route("/penugasan/surat/<slug>", methods=["GET", "POST"])
@web.requires(Permission.ASSIGN_ACTIONS)
def agency_letter(slug: str) -> ResponseReturnValue:
    """What a letter to one agency would say, its form, and the letters made before."""
    viewer = web.viewer()
    force = _force()
    agency = directory.agency_by_slug(viewer, slug)
    if agency is None:
        raise NotFound(_("Instansi itu tidak ada."))
    form = _form()
    if form.validate_on_submit():
        try:
            letter_id = service.make_letter(slug, _head(form), by=viewer).public_id
        except InvalidInput as error:
            refuse(form, error)
        else:
            return flask.redirect(
                flask.url_for("assignments.letters.agency_letter", slug=slug, selesai=letter_id),
                303,
            )
    body = queries.body(force, agency, on=today(viewer.zone))
    made = queries.letters_of(viewer, agency.id)
    done = flask.request.args.get("selesai", "")
    return flask.render_template(
        "assignments/letters/agency_letter.html",
        agency=agency,
        body=body,
        odd=not_printable(json.dumps(body.data(), ensure_ascii=False)) if body else "",
        missing=MISSING,
        made=made,
        fresh=next((one for one in made if one.public_id == done), None),
        is_changed=bool(made and body and made[0].content_hash != body.substance),
        form=form,
        zone=viewer.zone,
    ), (422 if form.errors else 200)


@bp.get("/tugas-saya/surat")
@web.requires(Permission.SEE_OWN_TASKS)
def own_letters() -> ResponseReturnValue:
    """The letters made for the viewer's own agency."""
    viewer = web.viewer()
    return flask.render_template(
        "assignments/letters/own_letters.html",
        made=queries.letters_of(viewer, viewer.own_agency_id),
        agency=directory.agency(viewer),
        zone=viewer.zone,
    )


@bp.get("/surat-penugasan/<letter_id>.pdf")
@web.signed_in
def letter_pdf(letter_id: str) -> ResponseReturnValue:
    """A kept letter on A4, for the task force's office and for the agency it went to."""
    return _paper(letter_id, "pdf")


@bp.get("/surat-penugasan/<letter_id>.docx")
@web.signed_in
def letter_docx(letter_id: str) -> ResponseReturnValue:
    """The same letter as DOCX."""
    return _paper(letter_id, "docx")


def _paper(letter_id: str, form: str) -> ResponseReturnValue:
    viewer = web.viewer()
    letter = queries.letter(viewer, letter_id)
    if letter is None:
        raise NotFound(_("Surat itu tidak ada, atau bukan untuk akses Anda."))
    force = _force()
    name = f"surat-penugasan_{force.code}_{letter.agency.slug}_{letter.dated_on.isoformat()}.{form}"
    body, head, at = kept_body(letter.content), kept_head(letter.content), letter.made_at
    emblem = directory.letterhead(force).emblem
    base_url = str(flask.current_app.config["SETTINGS"].base_url)
    if form == "pdf":
        data = exports.letter_pdf(body, head, emblem=emblem, base_url=base_url, at=at)
    else:
        data = exports.letter_docx(body, head, emblem=emblem, base_url=base_url)
    log_access("assignment_letter", by=viewer, subject_id=letter_id)
    return edge.download(data, PDF_TYPE if form == "pdf" else DOCX_TYPE, name)
