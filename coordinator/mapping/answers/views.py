"""An agency answers its duties."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import edge, web
from coordinator.clock import today
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.forms import refuse, select_choices
from coordinator.mapping.answers import campaign_queries, queries, service
from coordinator.mapping.answers.forms import UNKNOWN, DutyAnswerForm
from coordinator.mapping.answers.labels import answer_labels, outcome_labels
from coordinator.mapping.answers.rules import Answer, due_to_rule
from coordinator.mapping.duties import queries as duty_queries
from coordinator.mapping.duties.rules import MembershipKind
from coordinator.mapping.units.queries import own_count, own_units
from coordinator.people.directory import queries as directory
from coordinator.people.directory.models import Agency
from coordinator.permissions import AccessKind, Permission
from coordinator.translation import gettext as _

bp = flask.Blueprint("answers", __name__)

MOST_STEPS = 6


def _own_agency() -> Agency:
    agency = directory.agency(web.viewer())
    if agency is None:
        raise NotFound(_("Instansi itu tidak ada."))
    return agency


@bp.get("/jawab")
@web.signed_in
def overview() -> ResponseReturnValue:
    """Show all duties of the agency: those that need an answer, and those answered.

    People who read the answers of all agencies are sent to that page.
    """
    viewer = web.viewer()
    if viewer.may(Permission.SEE_ANSWERS):
        return flask.redirect(flask.url_for("oversight.campaigns.progress"))
    if not viewer.may(Permission.ANSWER_DUTIES):
        raise NotAllowed(_("Akses Anda tidak dapat menjawab uraian tugas."))
    return _overview()


@bp.post("/jawab")
@web.requires(Permission.ANSWER_DUTIES)
def accept() -> ResponseReturnValue:
    """Accept the selected duties, "where clear"."""
    ticked = set(flask.request.form.getlist("duty"))
    chosen = [
        own.revision.duty_id
        for own in campaign_queries.own_duties(web.viewer())
        if own.revision.duty.public_id in ticked
    ]
    if not chosen:
        return _overview(_("Centang paling sedikit satu tugas.")), 422
    seen = edge.form_number("version")
    try:
        count = service.accept_duties(chosen, seen_version=seen, by=web.viewer())
    except Conflict as error:
        return _overview(error.message), 409
    return flask.redirect(flask.url_for("mapping.answers.overview", diterima=count), 303)


def _overview(problem: str = "") -> str:
    viewer = web.viewer()
    duties = campaign_queries.own_duties(web.viewer())
    version = duty_queries.current_version(viewer.own_task_force_id)
    unanswered = [own for own in duties if own.state == "unanswered"]
    asked_by = campaign_queries.asked_of_own_agency(viewer)
    changed = {own.revision.substance_since for own in unanswered if not own.asks_again} - {1}
    return flask.render_template(
        "mapping/answers/overview.html",
        problem=problem,
        ticked=set(flask.request.form.getlist("duty")),
        agency=_own_agency(),
        duties=duties,
        unanswered=unanswered,
        asked=[own for own in duties if own.state == "asked"],
        ruled=[own for own in duties if own.state == "ruled"],
        accepted=[own for own in duties if own.state == "accepted"],
        changed=[
            own
            for own in unanswered
            if own.revision.substance_since in changed and not own.asks_again
        ],
        changed_since=min(changed, default=None),
        changed_newest=max(changed, default=None),
        version=version,
        asked_by=asked_by,
        asked_now=sum(
            asked_by is not None and asked_by.asks_about(own.revision.working_group_id)
            for own in unanswered
        ),
        units=own_units(viewer),
        unit_count=own_count(viewer),
        on=today(viewer.zone),
        amendments=duty_queries.amendments(),
        received=flask.request.args.get("diterima", ""),
        is_done="selesai" in flask.request.args,
        on_behalf=viewer.kind is AccessKind.FOCAL_POINT,
        head=AccessKind.AGENCY_HEAD,
        answer_labels=answer_labels(),
        outcome_labels=outcome_labels(),
        zone=viewer.zone,
    )


@bp.route("/jawab/<duty_id>", methods=["GET", "POST"])
@web.requires(Permission.ANSWER_DUTIES)
def answer(duty_id: str) -> ResponseReturnValue:
    """Show one duty and its three answers; saving leads to the next unanswered duty."""
    duties = campaign_queries.own_duties(web.viewer())
    place = next((n for n, own in enumerate(duties) if own.revision.duty.public_id == duty_id), -1)
    if place < 0:
        raise NotFound(_("Uraian tugas itu tidak ada pada instansi Anda."))
    form = _prepared_answer()
    problem = ""
    if form.is_submitted():
        form.only_what_was_asked()
    if form.validate_on_submit():
        try:
            _save_answer(form, duties[place].revision.duty_id)
        except InvalidInput as error:
            is_question = form.answer.data == Answer.NEEDS_EXPLANATION
            refuse(
                form,
                InvalidInput(
                    {
                        "question" if is_question and name == "reason" else name: message
                        for name, message in error.fields.items()
                    }
                ),
            )
        except Conflict as error:
            problem = error.message
        else:
            return flask.redirect(_next_address(duties, place), 303)
        duties = campaign_queries.own_duties(web.viewer())  # the refusal rolled back what was read
    return _answer_page(form, duties, place, problem), (
        409 if problem else 422 if form.errors else 200
    )


def _prepared_answer() -> DutyAnswerForm:
    viewer = web.viewer()
    form = DutyAnswerForm()
    form.answer.choices = select_choices((k.value, v) for k, v in answer_labels().items())
    form.suggested_agency.choices = select_choices(
        [
            ("", _("Pilih instansi")),
            *(
                (one.slug, f"{one.name} ({one.abbreviation})")
                for one in directory.agencies(viewer)
                if one.id != viewer.own_agency_id
            ),
            (UNKNOWN, _("Kami tidak tahu")),
        ]
    )
    if flask.request.method == "GET":
        version = duty_queries.current_version(viewer.own_task_force_id)
        form.version.data = version.number if version else 0
    return form


def _save_answer(form: DutyAnswerForm, duty_id: int) -> None:
    viewer = web.viewer()
    given = Answer(form.answer.data)
    suggested = None
    if given is Answer.NOT_OURS:
        if not form.suggested_agency.data:
            raise InvalidInput({"suggested_agency": _("Pilih instansi, atau “Kami tidak tahu”.")})
        if form.suggested_agency.data != UNKNOWN:
            suggested = directory.agency_by_slug(viewer, form.suggested_agency.data)
    is_question = given is Answer.NEEDS_EXPLANATION
    service.answer_duty(
        duty_id,
        given,
        reason=(form.question.data if is_question else form.reason.data) or "",
        suggested_agency_id=suggested.id if suggested else None,
        seen_version=form.version.data or 0,
        by=viewer,
    )


def _next_address(duties: list[campaign_queries.OwnDuty], place: int) -> str:
    """Return the next duty without an answer, or the overview where none is left."""
    rest = [*duties[place + 1 :], *duties[:place]]
    following = next((own for own in rest if own.state == "unanswered"), None)
    if following is None:
        return flask.url_for("mapping.answers.overview", selesai="1")
    return flask.url_for(
        "mapping.answers.answer", duty_id=following.revision.duty.public_id, tersimpan="1"
    )


def _answer_page(
    form: DutyAnswerForm, duties: list[campaign_queries.OwnDuty], place: int, problem: str
) -> str:
    viewer = web.viewer()
    own = duties[place]
    first = max(0, min(place - MOST_STEPS // 2, len(duties) - MOST_STEPS))
    if problem:
        # Read again before answering: the page shown now is the present wording.
        version = duty_queries.current_version(viewer.own_task_force_id)
        form.version.raw_data = None
        form.version.data = version.number if version else 0
    agency = _own_agency()
    members = duty_queries.memberships(viewer)
    group = own.revision.working_group_id
    return flask.render_template(
        "mapping/answers/answer.html",
        form=form,
        problem=problem,
        agency=agency,
        own=own,
        number=place + 1,
        total=len(duties),
        steps=list(enumerate(duties))[first : first + MOST_STEPS],
        place=place,
        skip=_next_address(duties, place).partition("?tersimpan")[0],
        membership=next(
            (m for m in members if m.agency_id == agency.id and m.working_group_id == group), None
        ),
        lead=MembershipKind.LEAD,
        amendments=duty_queries.amendments(),
        due_on=due_to_rule(today(viewer.zone), directory.days_off(), days=queries.ruling_days()),
        precedents=queries.precedents(viewer, [own.revision.duty], agency.lineage).get(
            own.revision.duty.lineage, []
        ),
        published=queries.published_on(own.revision.duty_id),
        on_behalf=viewer.kind is AccessKind.FOCAL_POINT,
        is_saved="tersimpan" in flask.request.args,
        head=AccessKind.AGENCY_HEAD,
        answers=Answer,
        answer_labels=answer_labels(),
        outcome_labels=outcome_labels(),
        zone=viewer.zone,
    )
