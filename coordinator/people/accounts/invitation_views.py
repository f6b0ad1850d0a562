"""Invite people: users without their own task force first choose one."""

import secrets
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import today
from coordinator.errors import InvalidInput
from coordinator.forms import refuse, select_choices
from coordinator.people.accounts import service
from coordinator.people.accounts.blueprint import bp
from coordinator.people.accounts.forms import InvitationForm
from coordinator.people.accounts.labels import access_labels
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.permissions import AGENCY_KINDS, AccessKind, Permission
from coordinator.translation import gettext as _

INSTALLATION = AccessKind.ADMINISTRATOR.value  # instead of a code: into no task force


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a person is invited to: a task force, or (None) the installation itself."""

    force: TaskForce | None
    agencies: list[Agency]

    @property
    def kinds(self) -> list[AccessKind]:
        if self.force is None:
            return [AccessKind.ADMINISTRATOR]
        return [kind for kind in AccessKind if kind is not AccessKind.ADMINISTRATOR]


def _place() -> _Place | None:
    """Return where the invitation leads: the viewer's own task force, else the one in the address.

    None if the address names none.
    """
    viewer = web.viewer()
    force = directory.task_force(viewer)
    code = flask.request.args.get("gugus", "")
    if force is None and viewer.kind is AccessKind.ADMINISTRATOR:
        if code == INSTALLATION:
            return _Place(None, [])
        force = directory.task_force_by_code(code)
    return None if force is None else _Place(force, directory.agencies_of(force.id))


@bp.route("/orang/undang", methods=["GET", "POST"])
@web.requires(Permission.INVITE_PEOPLE)
def invite() -> ResponseReturnValue:
    """Invite a person by mail, or put one without a mailbox on the list."""
    place = _place()
    if place is None:
        return _choose()
    form = _form(place)
    if form.validate_on_submit():
        person = _person(form, place)
        has_mailbox = "@" in person.email or bool(person.contact_email)
        try:
            if has_mailbox:
                service.invite(
                    person,
                    form_key=form.form_key.data or "",
                    by=web.viewer(),
                    secret_key=flask.current_app.config["SECRET_KEY"],
                )
            else:
                service.add_person(person, by=web.viewer())
        except InvalidInput as error:
            refuse(form, error)
        else:
            return _done(person, form.agency.data, has_mailbox=has_mailbox)
    return flask.render_template(
        "people/accounts/invite.html",
        form=form,
        force=place.force,
        may_choose=web.viewer().task_force_id is None,
        today=today(web.viewer().zone),
    ), (422 if form.errors else 200)


def _choose() -> ResponseReturnValue:
    """Ask for the task force; an unknown code was typed by hand or no longer exists."""
    code = flask.request.args.get("gugus", "")
    return flask.render_template(
        "people/accounts/invite_where.html",
        forces=directory.all_task_forces(),
        installation=INSTALLATION,
        access=flask.request.args.get("akses", ""),
        is_unknown=bool(code) or flask.request.method == "POST",
    ), (422 if flask.request.method == "POST" else 200)


def _form(place: _Place) -> InvitationForm:
    form = InvitationForm(
        agency=flask.request.args.get("instansi", ""),
        kind=_usual_kind(place),
        from_on=today(web.viewer().zone),
    )
    form.form_key.data = form.form_key.data or secrets.token_urlsafe(16)
    labels = access_labels()
    form.kind.choices = select_choices([(kind.value, labels[kind]) for kind in place.kinds])
    agencies = [(each.slug, each.abbreviation) for each in place.agencies]
    form.agency.choices = select_choices([("", _("Pilih instansi")), *agencies])
    form.home.choices = select_choices([("", _("Tidak disebut")), *agencies])
    return form


def _usual_kind(place: _Place) -> str | None:
    """Return the access that is chosen at first: a secretariat mostly invites focal points."""
    if place.force is None:
        return INSTALLATION
    usual = AccessKind.FOCAL_POINT.value if web.viewer().task_force_id is not None else None
    return flask.request.args.get("akses") or usual


def _person(form: InvitationForm, place: _Place) -> service.NewPerson:
    kind = AccessKind(form.kind.data)
    slug = form.agency.data if kind in AGENCY_KINDS else form.home.data
    chosen = next((each for each in place.agencies if each.slug == slug), None)
    return service.NewPerson(
        email=form.email.data or "",
        name=form.name.data or "",
        kind=kind,
        task_force_id=place.force.id if place.force else None,
        agency_id=chosen.id if chosen and kind in AGENCY_KINDS else None,
        home_agency_id=chosen.id if chosen else None,
        is_alternate=form.is_alternate.data,
        from_on=form.from_on.data,
        contact_email=(form.contact_email.data or "").strip().casefold(),
        telephone=form.telephone.data,
        position=form.position.data,
        standing=form.chosen_standing,
        letter_number=form.letter_number.data,
        letter_on=form.letter_on.data,
        until_on=form.until_on.data,
    )


def _done(person: service.NewPerson, slug: str | None, *, has_mailbox: bool) -> ResponseReturnValue:
    done = "undangan" if has_mailbox else "tanpa-surel"
    if person.agency_id is not None and web.viewer().may(Permission.KEEP_CONTACTS):
        return flask.redirect(
            flask.url_for("people.onboarding.agency", slug=slug, selesai=done), 303
        )
    return flask.redirect(flask.url_for("people.onboarding.people", selesai=done), 303)
