"""The ladder, which reminders will be sent when, and what is notified otherwise than by mail."""

from datetime import timedelta

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import now, today
from coordinator.errors import InvalidInput, NotFound
from coordinator.formatting import plain_date
from coordinator.forms import refuse, select_choices
from coordinator.oversight.reminders import exports, late_queries, queries
from coordinator.oversight.reminders.coming import coming_steps, grouped
from coordinator.oversight.reminders.escalating import letters_due
from coordinator.oversight.reminders.formatting import ladder_line, receiver_labels
from coordinator.oversight.reminders.forms import LateContactForm
from coordinator.oversight.reminders.hand_service import note_late_contact
from coordinator.oversight.reminders.rules import ReminderSubject
from coordinator.oversight.reminders.service import next_sending
from coordinator.people.accounts.queries import contacts_of_agencies
from coordinator.people.directory import queries as directory
from coordinator.people.onboarding.labels import means_labels
from coordinator.people.onboarding.rules import ContactMeans
from coordinator.people.onboarding.service import NewNote
from coordinator.permissions import AccessKind, Permission
from coordinator.platform.documents.rendering import DOCX_TYPE, PDF_TYPE
from coordinator.translation import gettext as _

bp = flask.Blueprint("reminders", __name__)
AHEAD = timedelta(days=45)


@bp.get("/pengingat")
@web.requires(Permission.SEE_REMINDERS)
def schedule() -> ResponseReturnValue:
    """Show every coming step: an agency sees its own, the secretariat all."""
    viewer = web.viewer()
    force = directory.task_force(viewer)
    on = today(viewer.zone)
    is_secretariat = viewer.kind is AccessKind.SECRETARIAT
    ladder = queries.all_steps(viewer.own_task_force_id)
    owed = queries.due_reports(force) if force else []
    if not is_secretariat:
        owed = [item for item in owed if item.agency_id == viewer.agency_id]
    steps, climbing = (
        coming_steps(
            force,
            owed,
            ladder,
            on=on,
            sending_on=next_sending(force).date(),
            until=on + AHEAD,
        )
        if force
        else ([], [])
    )
    contacts = contacts_of_agencies({item.agency_id for item in owed}, on)
    return flask.render_template(
        "oversight/reminders/schedule.html",
        lines=[ladder_line(ladder, subject) for subject in ReminderSubject],
        subjects=ReminderSubject,
        steps=steps,
        groups=grouped(steps),
        receivers=receiver_labels(),
        letters=letters_due(climbing) if is_secretariat else [],
        unreachable=sorted({i.agency for i in owed if not contacts[i.agency_id]}),
        on=on,
        is_secretariat=is_secretariat,
        last_run=queries.last_run(viewer),
        zone=viewer.zone,
    )


@bp.route("/pengingat/catat/<slug>", methods=["GET", "POST"])
@web.requires(Permission.KEEP_CONTACTS)
def note_contact(slug: str) -> ResponseReturnValue:
    """Note that an agency was notified of late reports by letter, telephone or in person."""
    viewer = web.viewer()
    on = today(viewer.zone)
    agency, late = late_queries.late_reports(viewer, slug, on)
    if agency is None:
        raise NotFound(_("Instansi itu tidak ada."))
    log = flask.url_for("people.onboarding.agency", slug=slug)
    if not late:
        return flask.redirect(f"{log}#catat-kontak")
    form = LateContactForm()
    form.means.choices = select_choices(
        [(means.value, label) for means, label in means_labels().items()]
    )
    form.reports.choices = [(item.public_id, item.title) for item in late]
    if flask.request.method == "GET":
        form.on.data = on
        form.reports.data = [item.public_id for item in late]
        asked = flask.request.args.get("lewat", "")
        form.means.data = asked if asked in set(ContactMeans) else form.means.data
    if form.validate_on_submit() and form.on.data is not None:
        note = NewNote(
            on=form.on.data,
            means=ContactMeans(form.means.data),
            text=form.text.data or "",
            letter_number=form.letter_number.data or "",
        )
        try:
            note_late_contact(slug, note, form.reports.data or [], by=viewer)
        except InvalidInput as error:
            refuse(form, error)
        else:
            return flask.redirect(f"{log}?selesai=catatan", 303)
    return flask.render_template(
        "oversight/reminders/note_contact.html",
        agency=agency,
        form=form,
        hints={
            item.public_id: _(
                "%(period)s, batas %(day)s", period=item.period, day=plain_date(item.last_day)
            )
            for item in late
        },
    ), (422 if form.errors else 200)


@bp.get("/pengingat/surat/<slug>.pdf")
@web.requires(Permission.KEEP_CONTACTS)
def letter_pdf(slug: str) -> ResponseReturnValue:
    """Return the letter to the head of an agency about what is late, as PDF."""
    return _letter(slug, "pdf")


@bp.get("/pengingat/surat/<slug>.docx")
@web.requires(Permission.KEEP_CONTACTS)
def letter_docx(slug: str) -> ResponseReturnValue:
    """Return the same letter as DOCX, to be edited."""
    return _letter(slug, "docx")


def _letter(slug: str, kind: str) -> ResponseReturnValue:
    viewer = web.viewer()
    on = today(viewer.zone)
    words = late_queries.late_letter(viewer, slug, on)
    if words is None:
        raise NotFound(_("Tidak ada laporan instansi itu yang lewat batas."))
    base_url = flask.current_app.config["SETTINGS"].base_url
    name = f"laporan-lewat-batas_{slug}_{on.isoformat()}.{kind}"
    if kind == "pdf":
        return edge.download(exports.letter_pdf(words, base_url=base_url, at=now()), PDF_TYPE, name)
    return edge.download(exports.letter_docx(words, base_url=base_url), DOCX_TYPE, name)
