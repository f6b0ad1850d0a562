"""Opening a period in five steps, each with an address of its own.

The planned period stores each decision, so that nothing is lost when going back.
"""

from collections.abc import Callable
from datetime import date

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import today
from coordinator.errors import InvalidInput, NotFound
from coordinator.formatting import month_grids
from coordinator.forms import refuse
from coordinator.oversight.opening import queries, service
from coordinator.oversight.opening.blueprint import bp
from coordinator.oversight.opening.forms import AddressForm, ContactForm, NameForm
from coordinator.oversight.reminders.digest import Digest
from coordinator.oversight.reminders.service import render
from coordinator.oversight.reminders.simulation import Sending, simulate
from coordinator.people.accounts import queries as accounts
from coordinator.people.accounts import service as account_service
from coordinator.people.accounts.appointments import PersonDetails, edit_person
from coordinator.people.directory import queries as directory
from coordinator.people.directory.ladder_rules import step_on
from coordinator.people.onboarding.labels import reach_sentence
from coordinator.people.onboarding.rules import Reach
from coordinator.periods import planning
from coordinator.periods import queries as periods
from coordinator.periods.labels import window_warnings
from coordinator.periods.models import ReportingPeriod
from coordinator.periods.period_forms import DatesForm, ReasonForm
from coordinator.periods.rules import Window, is_name_typed
from coordinator.permissions import AccessKind, Permission
from coordinator.plans.actions.rules import PartyKind
from coordinator.platform.mail.links import fill
from coordinator.translation import gettext as _

Handler = Callable[[ReportingPeriod], ResponseReturnValue]
PAGES = {
    1: "oversight/opening/step1.html",
    2: "oversight/opening/step2.html",
    3: "oversight/opening/step3.html",
    4: "oversight/opening/step4.html",
    5: "oversight/opening/step5.html",
}
LONGEST_CALENDAR = 4  # months shown on the first step


@bp.route("/periode/<period_id>/buka/<int:step>", methods=["GET", "POST"])
@web.requires(Permission.RUN_PERIODS)
def wizard(period_id: str, step: int) -> ResponseReturnValue:
    """Show or submit one step of opening a planned period."""
    period = periods.period(web.viewer(), period_id)
    handler = STEPS.get(step)
    if period is None or handler is None:
        raise NotFound(_("Periode itu tidak ada."))
    if period.opened_at is not None:
        return flask.redirect(flask.url_for("oversight.opening.page", period_id=period_id), 303)
    return handler[1](period)


def _page(
    step: int, period: ReportingPeriod, *, status: int = 200, **context: object
) -> ResponseReturnValue:
    bars = [
        {
            "label": str(label()),
            "state": "done" if number < step else "current" if number == step else "rest",
        }
        for number, (label, _handler) in STEPS.items()
    ]
    return flask.render_template(
        PAGES[step],
        period=period,
        step=step,
        steps=bars,
        on=today(web.viewer().zone),
        **context,
    ), status


def _to(period: ReportingPeriod, step: int, *, selesai: str | None = None) -> ResponseReturnValue:
    return flask.redirect(
        flask.url_for(
            "oversight.opening.wizard", period_id=period.public_id, step=step, selesai=selesai
        ),
        303,
    )


# --- 1: dates ------------------------------------------------------------------------------------


def _dates(period: ReportingPeriod) -> ResponseReturnValue:
    form = DatesForm(obj=period)
    if form.validate_on_submit():
        try:
            planning.change_dates(
                period.public_id,
                covers=(form.covers_from.data or date.min, form.covers_until.data or date.min),
                window=Window(form.opens_on.data or date.min, form.closes_on.data or date.min),
                by=web.viewer(),
            )
        except InvalidInput as error:
            refuse(form, error)
        else:
            wanted = flask.request.form.get("act", "lanjut")
            return _to(period, 1 if wanted == "periksa" else 2)
    window = period.window
    years = range(window.opens_on.year, min(window.closes_on.year, window.opens_on.year + 1) + 1)
    holidays = [holiday for year in years for holiday in directory.holidays_of(year)]
    days_off = directory.days_off()
    return _page(
        1,
        period,
        form=form,
        window=window,
        working_days=window.working_days(days_off),
        warnings=window_warnings(window, holidays),
        months=month_grids(window.opens_on, window.closes_on)[:LONGEST_CALENDAR],
        names={holiday.on: holiday.name for holiday in holidays},
        is_past=window.closes_on < today(web.viewer().zone),
        status=422 if form.errors else 200,
    )


# --- 2: what is due ------------------------------------------------------------------------------


def _due(period: ReportingPeriod) -> ResponseReturnValue:
    viewer = web.viewer()
    due = queries.preview_obligations(viewer, period)
    slug = flask.request.args.get("instansi", "")
    chosen = next((part for part in due if part.agency.slug == slug), None)
    form = ReasonForm()
    if flask.request.method == "POST" and chosen is not None:
        shown = [item.assignment for item in chosen.items]
        ticked = set(flask.request.form.getlist("ikut"))
        if form.validate():
            try:
                planning.leave_out(
                    period.public_id,
                    among=shown,
                    left_out=[key for key in shown if key not in ticked],
                    reason=form.reason.data or "",
                    by=viewer,
                )
            except InvalidInput as error:
                refuse(form, error)
            else:
                return _to(period, 2)
        return _page(
            2, period, chosen=chosen, form=form, ticked=ticked, kinds=PartyKind, status=422
        )
    if chosen is not None:
        ticked = {item.assignment for item in chosen.items if item.is_in}
        return _page(2, period, chosen=chosen, form=form, ticked=ticked, kinds=PartyKind)
    return _page(
        2,
        period,
        chosen=None,
        form=form,
        due=due,
        total=sum(len(part.due) for part in due),
        disputed=sum(len(part.disputed) for part in due),
        left_out=period.left_out or {},
        codes=queries.codes_of(viewer, list(period.left_out or {})),
        last=periods.newest_period(viewer.own_task_force_id),
    )


# --- 3: who will be asked ------------------------------------------------------------------------


def _people(period: ReportingPeriod) -> ResponseReturnValue:
    viewer = web.viewer()
    on = today(viewer.zone)
    reached = queries.preview_recipients(viewer, queries.preview_obligations(viewer, period), on)
    slug = flask.request.args.get("instansi", "")
    chosen = next((each for each in reached if each.agency.slug == slug), None)
    address, contact = AddressForm(prefix="alamat-"), ContactForm(prefix="baru-")
    act = flask.request.form.get("act", "")
    if flask.request.method == "POST" and chosen is not None:
        form = address if act == "alamat" else contact
        if form.validate():
            try:
                if act == "alamat":
                    _change_address(address)
                else:
                    _invite(contact, chosen.agency.id)
            except InvalidInput as error:
                _refuse_any(form, error)
            else:
                return _to(period, 3, selesai=slug)
    has_errors = bool(address.errors or contact.errors)
    return _page(
        3,
        period,
        reached=reached,
        chosen=chosen,
        address=address,
        contact=contact,
        act=act,
        unreachable=[each for each in reached if not each.is_reachable],
        alternates=[each for each in reached if each.only_alternate],
        fine=[each for each in reached if each.is_reachable and not each.only_alternate],
        reach_sentence=reach_sentence,
        reach=Reach,
        status=422 if has_errors else 200,
    )


def _refuse_any(form: AddressForm | ContactForm, error: InvalidInput) -> None:
    """Attach the errors to their fields, or to the mailbox if this form lacks the field."""
    mailbox = form.contact_email if isinstance(form, AddressForm) else form.email
    for name, message in error.fields.items():
        field = form[name if name in form else mailbox.short_name]
        field.errors = [*field.errors, message]


def _change_address(form: AddressForm) -> None:
    viewer = web.viewer()
    person = accounts.person(viewer, form.account.data or "")
    if person is None:
        raise NotFound(_("Orang itu tidak ada."))
    edit_person(
        person.id,
        PersonDetails(person.name, person.telephone, (form.contact_email.data or "").strip()),
        by=viewer,
    )


def _invite(form: ContactForm, agency_id: int) -> None:
    viewer = web.viewer()
    account_service.invite(
        account_service.NewPerson(
            email=form.email.data or "",
            name=form.name.data or "",
            kind=AccessKind.FOCAL_POINT,
            task_force_id=viewer.task_force_id,
            agency_id=agency_id,
            home_agency_id=agency_id,
        ),
        by=viewer,
        secret_key=flask.current_app.config["SECRET_KEY"],
    )


# --- 4: exact mails ------------------------------------------------------------------------------


def _sendings(period: ReportingPeriod) -> list[Sending]:
    """Return the days on which something about this period leaves, with the mails about it."""
    viewer = web.viewer()
    force = directory.task_force(viewer)
    if force is None:
        return []
    extra = queries.projected_reports(viewer, period, queries.preview_obligations(viewer, period))
    ids = {item.obligation_id for item in extra}
    found = []
    for sending in simulate(force, extra=extra):
        about = [digest for digest in sending.digests if ids & {*digest.steps, *digest.escalated}]
        if about:
            found.append(Sending(sending.on, about))
    return found


def _mails(period: ReportingPeriod) -> ResponseReturnValue:
    viewer = web.viewer()
    force = directory.task_force(viewer)
    sendings = _sendings(period)
    problem = ""
    if flask.request.method == "POST" and sendings and force is not None:
        first = sendings[0]
        try:
            service.send_trial(
                period.public_id, render(first.digests[0], force, first.on), by=viewer
            )
        except InvalidInput as error:
            problem = next(iter(error.fields.values()))
        else:
            return _to(period, 4, selesai="uji")
    day = flask.request.args.get("hari", "")
    person = flask.request.args.get("orang", "")
    shown: tuple[Sending, Digest] | None = None
    for sending in sendings:
        for digest in sending.digests:
            if sending.on.isoformat() == day and digest.account.public_id == person:
                shown = (sending, digest)
    days_off = directory.days_off()
    mail = render(shown[1], force, shown[0].on) if shown and force else None
    return _page(
        4,
        period,
        sendings=[
            (sending, _ladder_step(period, sending, days_off), sending.on.isoformat() == day)
            for sending in sendings
        ],
        shown=shown,
        mail=mail,
        # Seen by its writer, not by its receiver: its links are paths of this site.
        mail_text=fill(mail.text, mail.links, base_url="", secret_key="") if mail else "",
        people=len({digest.account.id for sending in sendings for digest in sending.digests}),
        problem=problem,
        status=422 if problem else 200,
    )


def _ladder_step(period: ReportingPeriod, sending: Sending, days_off: frozenset[date]) -> str:
    """Return the reminder step of this period's items on that day: "H-14"."""
    offsets = {
        offset
        for digest in sending.digests
        for steps in (
            {key: found[-1] for key, found in digest.steps.items()},
            digest.escalated,
        )
        for obligation_id, offset in steps.items()
        if obligation_id < 0
    }
    texts = []
    for offset in sorted(offsets):
        text = f"H{'+' if offset > 0 else '−'}{abs(offset)}"
        if step_on(period.closes_on, offset, days_off) != sending.on:
            text = _("%(step)s, menyusul", step=text)
        texts.append(text)
    return ", ".join(texts)


# --- 5: open -------------------------------------------------------------------------------------


def _open(period: ReportingPeriod) -> ResponseReturnValue:
    viewer = web.viewer()
    form = NameForm()
    if form.validate_on_submit():
        if is_name_typed(form.name.data or "", period.title):
            try:
                service.open_planned_period(period.public_id, by=viewer)
            except InvalidInput as error:
                refuse(form, error)
            else:
                return flask.redirect(
                    flask.url_for(
                        "oversight.opening.page", period_id=period.public_id, selesai="dibuka"
                    ),
                    303,
                )
        else:
            form.name.errors = [_("Ketik persis: %(title)s", title=period.title)]
    due = queries.preview_obligations(viewer, period)
    reached = queries.preview_recipients(viewer, due, today(viewer.zone))
    sendings = _sendings(period)
    return _page(
        5,
        period,
        form=form,
        due=[part for part in due if part.due],
        total=sum(len(part.due) for part in due),
        disputed=sum(len(part.disputed) for part in due),
        unreachable=[each for each in reached if not each.is_reachable],
        first=sendings[0] if sendings else None,
        status=422 if form.errors else 200,
    )


STEPS: dict[int, tuple[Callable[[], str], Handler]] = {
    1: (lambda: _("Tanggal"), _dates),
    2: (lambda: _("Yang dilaporkan"), _due),
    3: (lambda: _("Siapa"), _people),
    4: (lambda: _("Email"), _mails),
    5: (lambda: _("Buka"), _open),
}
