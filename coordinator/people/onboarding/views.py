"""The list of people, the list of agencies, and each agency's contact page."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import today
from coordinator.errors import InvalidInput, NotFound
from coordinator.forms import refuse, select_choices
from coordinator.mapping.duties.queries import working_groups
from coordinator.paging import SIZE, page_number, pages
from coordinator.people.accounts import queries as accounts
from coordinator.people.accounts.forms import STANDINGS
from coordinator.people.directory import queries as directory
from coordinator.people.onboarding import queries, service
from coordinator.people.onboarding.blueprint import bp
from coordinator.people.onboarding.forms import ContactNoteForm
from coordinator.people.onboarding.labels import means_labels, reach_sentence, state_labels
from coordinator.people.onboarding.rules import ContactMeans, InviteState, Reach
from coordinator.permissions import AccessKind, Permission
from coordinator.platform.operations.holding import hold
from coordinator.translation import gettext as _


@bp.get("/orang")
@web.requires(Permission.SEE_PEOPLE)
def people() -> ResponseReturnValue:
    """List who has access, and the state of each invitation."""
    viewer = web.viewer()
    pokja = flask.request.args.get("pokja", "")
    state = flask.request.args.get("keadaan", "")
    if state not in set(InviteState):
        state = ""
    everybody = queries.people_states(viewer, pokja=pokja)
    shown = [person for person in everybody if not state or _is_in(person, state)]
    page = page_number()
    return flask.render_template(
        "people/onboarding/people.html",
        people=shown[(page - 1) * SIZE : page * SIZE],
        total=len(shown),
        page=page,
        pages=pages(len(shown)),
        counts={
            each: sum(_is_in(person, each.value) for person in everybody) for each in InviteState
        },
        groups=working_groups(viewer),
        pokja=pokja,
        state=state,
        states=state_labels(),
        today=today(viewer.zone),
        zone=viewer.zone,
        held=hold(flask.current_app.config["SETTINGS"]),
    )


def _is_in(person: queries.PersonState, state: str) -> bool:
    """Return whether a person belongs under a state; failed mail counts for active people too."""
    return person.state == state or (state == InviteState.FAILED and person.is_failed)


@bp.post("/orang/undang-semua")
@web.requires(Permission.INVITE_PEOPLE)
def invite_people() -> ResponseReturnValue:
    """Invite all who were not yet, those of one pokja, or those ticked."""
    ticked = flask.request.form.getlist("orang")
    done = service.invite_people(
        None if flask.request.form.get("act") == "semua" else ticked,
        pokja=flask.request.form.get("pokja", ""),
        by=web.viewer(),
        secret_key=flask.current_app.config["SECRET_KEY"],
    )
    return flask.redirect(
        flask.url_for(
            "people.onboarding.people",
            selesai="diundang",
            surel=done.mails,
            surat=done.without_mailbox or None,
            lain=done.elsewhere or None,
        ),
        303,
    )


@bp.post("/orang/<account_id>/alamat-diperbaiki")
@web.requires(Permission.INVITE_PEOPLE)
def mend_address(account_id: str) -> ResponseReturnValue:
    """Allow mail again to an address that bounced."""
    service.mend_address(accounts.account_id(web.viewer(), account_id), by=web.viewer())
    back = flask.request.form.get("next", "")
    return flask.redirect(
        back
        if web.is_safe_next(back)
        else flask.url_for("people.onboarding.people", selesai="alamat"),
        303,
    )


@bp.get("/orang/surel/<int:email_id>")
@web.requires(Permission.INVITE_PEOPLE)
def receiver(email_id: int) -> ResponseReturnValue:
    """Redirect to the person whose mail bounced, where the address can be corrected."""
    public_id = queries.receiver(web.viewer(), email_id)
    if not public_id:
        raise NotFound(_("Orang itu tidak ada."))
    return flask.redirect(flask.url_for("people.accounts.person", account_id=public_id), 303)


@bp.get("/orang/instansi")
@web.requires(Permission.KEEP_CONTACTS)
def agencies() -> ResponseReturnValue:
    """List every agency with its contacts."""
    viewer = web.viewer()
    everyone = queries.agencies(viewer, today(viewer.zone))
    only = flask.request.args.get("keadaan", "")
    shown = [each for each in everyone if only != "tak-terjangkau" or not each.is_reachable]
    return flask.render_template(
        "people/onboarding/agencies.html",
        agencies=shown,
        total=len(everyone),
        unreachable=sum(not each.is_reachable for each in everyone),
        only=only,
        reach_sentence=reach_sentence,
        ok=Reach.OK,
        focal_point=AccessKind.FOCAL_POINT,
    )


@bp.route("/orang/instansi/<slug>", methods=["GET", "POST"])
@web.requires(Permission.KEEP_CONTACTS)
def agency(slug: str) -> ResponseReturnValue:
    """Show one agency: its people, how to reach them, and the log of contacts."""
    viewer = web.viewer()
    on = today(viewer.zone)
    found = queries.agency(viewer, slug, on)
    if found is None:
        raise NotFound(_("Instansi itu tidak ada."))
    form = ContactNoteForm()
    form.means.choices = select_choices(
        [(means.value, label) for means, label in means_labels().items()]
    )
    if flask.request.method == "GET":
        form.on.data = on
    if form.validate_on_submit() and form.on.data is not None:
        note = service.NewNote(
            on=form.on.data,
            means=ContactMeans(form.means.data),
            text=form.text.data or "",
            letter_number=form.letter_number.data or "",
        )
        try:
            service.note_contact(slug, note, by=viewer)
        except InvalidInput as error:
            refuse(form, error)
        else:
            return flask.redirect(
                flask.url_for("people.onboarding.agency", slug=slug, selesai="catatan"), 303
            )
    states = {person.account.id: person for person in queries.people_states(viewer)}
    return flask.render_template(
        "people/onboarding/agency.html",
        found=found,
        agency=found.agency,
        current=[c for c in found.contacts if c.reach is not Reach.EXPIRED],
        former=[c for c in found.contacts if c.reach is Reach.EXPIRED],
        states=states,
        unclear=queries.unclear_answers(viewer, found.contacts),
        notes=queries.contact_notes(viewer, found.agency.id),
        means=means_labels(),
        form=form,
        reach_sentence=reach_sentence,
        standings=STANDINGS,
        ok=Reach.OK,
        bounced=Reach.BOUNCED,
        whatsapp=_whatsapp(found),
        on=on,
    ), (422 if form.errors else 200)


@bp.get("/orang/surat")
@web.requires(Permission.INVITE_PEOPLE)
def letters() -> ResponseReturnValue:
    """List who needs an activation letter."""
    slug = flask.request.args.get("instansi", "")
    return flask.render_template(
        "people/onboarding/letters.html",
        people=queries.needing_letters(web.viewer(), slug=slug),
        slug=slug,
    )


@bp.post("/orang/surat")
@web.requires(Permission.INVITE_PEOPLE)
def print_letters() -> ResponseReturnValue:
    """Print the letters, one per page, each with a new code that is shown only once."""
    viewer = web.viewer()
    made = service.print_letters(
        flask.request.form.getlist("orang"),
        slug=flask.request.form.get("instansi", ""),
        by=viewer,
        secret_key=flask.current_app.config["SECRET_KEY"],
    )
    if not made:
        return flask.redirect(flask.url_for("people.onboarding.letters", selesai="kosong"), 303)
    return flask.render_template(
        "people/onboarding/letters_print.html",
        letters=made,
        base_url=flask.current_app.config["SETTINGS"].base_url,
        on=today(viewer.zone),
    )


def _whatsapp(found: queries.AgencyReach) -> str:
    """Return a text to paste into WhatsApp: address, user names, and the office to ask.

    Such texts are forwarded, so they never have a token or the title of a duty.
    """
    viewer = web.viewer()
    force = directory.task_force(viewer)
    names = [
        contact.grant.account.email
        for contact in found.contacts
        if contact.reach not in (Reach.EXPIRED, Reach.CLOSED)
    ]
    base = flask.current_app.config["SETTINGS"].base_url
    lines = [
        _("Yth. Bapak/Ibu %(agency)s,", agency=found.agency.abbreviation),
        _(
            "Laporan Gugus Tugas PP TPPO %(region)s dikirim lewat Koordinator TPPO: %(address)s",
            region=force.short_region if force else "",
            address=f"{base}/masuk",
        ),
    ]
    if names:
        lines.append(_("Nama untuk masuk: %(names)s", names=", ".join(names)))
        lines.append(
            _(
                "Undangan ada di email, atau kode di surat aktivasi: %(address)s",
                address=f"{base}/aktivasi",
            )
        )
    else:
        lines.append(_("Mohon sampaikan nama narahubung dan penggantinya kepada kami."))
    lines.append(_("Pertanyaan: Sekretariat Gugus Tugas PP TPPO."))
    return "\n".join(lines)
