"""Questions and refusals: the list, the thread, the ruling, and what is shared of it."""

from datetime import date

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import local, today
from coordinator.errors import Conflict, InvalidInput, NotAllowed, NotFound
from coordinator.forms import refuse, select_choices
from coordinator.mapping.answers import queries as answers
from coordinator.mapping.answers import questions
from coordinator.mapping.answers import service as answers_service
from coordinator.mapping.answers.forms import MessageForm, PublishQuestionForm
from coordinator.mapping.answers.labels import (
    answer_labels,
    outcome_labels,
    outcome_sentence,
    speaker,
)
from coordinator.mapping.answers.models import DutyResponse
from coordinator.mapping.answers.rules import Answer, Outcome, due_to_rule, working_days_late
from coordinator.mapping.duties import queries as duty_queries
from coordinator.oversight.rulings import queries, service
from coordinator.oversight.rulings.forms import RulingForm
from coordinator.paging import SIZE, page_number, pages
from coordinator.people.accounts.queries import recipients_of_agency
from coordinator.people.directory import queries as directory
from coordinator.permissions import AGENCY_KINDS, Permission
from coordinator.translation import gettext as _

bp = flask.Blueprint("rulings", __name__)

# The tabs of /tanya, by the value in the address.
WAITING, RULED, LAPSED = "", "ditetapkan", "tanpa-ketetapan"
EDITED = "kartu-"  # the page has two forms


# --- Tanya ---------------------------------------------------------------------------------------


@bp.get("/tanya")
@web.requires(Permission.SEE_QUESTIONS)
def question_list() -> ResponseReturnValue:
    """List the questions and refusals: those that wait, oldest first; those ruled on; the rest."""
    viewer = web.viewer()
    state = flask.request.args.get("keadaan", WAITING)
    slug = flask.request.args.get("instansi", "")
    found = questions.threads(viewer, agency=slug)
    held = {a.response_id for a in answers.current_answers(viewer.own_task_force_id).values()}
    parts: dict[str, list[DutyResponse]] = {WAITING: [], RULED: [], LAPSED: []}
    for one in found:
        waits = one.ruling is None and one.id in held
        parts[WAITING if waits else RULED if one.ruling else LAPSED].append(one)
    parts[RULED].sort(key=lambda one: one.ruling.ruled_at if one.ruling else one.answered_at)
    parts[RULED].reverse()
    parts[LAPSED].reverse()
    shown = parts.get(state, parts[WAITING])
    page = page_number()
    on, off = today(viewer.zone), directory.days_off()
    due = {
        one.id: due_to_rule(
            local(one.answered_at, viewer.zone).date(), off, days=answers.ruling_days()
        )
        for one in shown
    }
    return flask.render_template(
        "oversight/rulings/question_list.html",
        parts=parts,
        state=state if state in parts else WAITING,
        slug=slug,
        shown=shown[(page - 1) * SIZE : page * SIZE],
        page=page,
        pages=pages(len(shown)),
        due=due,
        late={key: working_days_late(day, on, off) for key, day in due.items()},
        on=on,
        is_agency=viewer.kind in AGENCY_KINDS,
        own_agency_id=viewer.agency_id,
        agencies=directory.agencies(viewer),
        may_rule=viewer.may(Permission.RULE_ON_DUTIES),
        answer_kinds=Answer,
        answer_labels=answer_labels(),
        outcome_sentence=outcome_sentence,
        zone=viewer.zone,
    )


def _thread(question_id: str) -> DutyResponse:
    response = answers.thread(web.viewer(), question_id)
    if response is None:
        raise NotFound(_("Pertanyaan itu tidak ada."))
    return response


@bp.get("/tanya/<question_id>")
@web.requires(Permission.SEE_QUESTIONS)
def thread(question_id: str) -> ResponseReturnValue:
    """Show one question with its thread and ruling."""
    return _thread_page(
        question_id, MessageForm(formdata=None), PublishQuestionForm(formdata=None, prefix=EDITED)
    )


@bp.post("/tanya/<question_id>")
@web.requires(Permission.SEE_QUESTIONS)
def write(question_id: str) -> ResponseReturnValue:
    """Add a message to the thread."""
    viewer = web.viewer()
    _thread(question_id)
    if not (viewer.may(Permission.RULE_ON_DUTIES) or viewer.may(Permission.ANSWER_DUTIES)):
        raise NotAllowed(_("Akses Anda hanya dapat membaca percakapan ini."))
    form = MessageForm()
    if form.validate():
        try:
            answers_service.write_message(question_id, form.text.data or "", by=viewer)
        except InvalidInput as error:
            refuse(form, error)
        else:
            return _back_to(question_id, "terkirim")
    return _thread_page(question_id, form, PublishQuestionForm(formdata=None, prefix=EDITED)), 422


@bp.post("/tanya/<question_id>/terbitkan")
@web.requires(Permission.RULE_ON_DUTIES)
def publish(question_id: str) -> ResponseReturnValue:
    """Put an edited question and answer on the role card."""
    response = _thread(question_id)
    form = PublishQuestionForm(prefix=EDITED)
    if form.validate():
        try:
            answers_service.publish_question(
                response.id,
                question=form.question.data or "",
                answer=form.answer.data or "",
                by=web.viewer(),
            )
        except InvalidInput as error:
            refuse(form, error)
        else:
            return _back_to(question_id, "terbit")
    return _thread_page(question_id, MessageForm(formdata=None), form), 422


@bp.post("/tanya/<question_id>/tarik/<published_id>")
@web.requires(Permission.RULE_ON_DUTIES)
def withdraw(question_id: str, published_id: str) -> ResponseReturnValue:
    """Take a published question off the role card."""
    _thread(question_id)
    answers_service.withdraw_question(published_id, by=web.viewer())
    return _back_to(question_id, "ditarik")


def _back_to(question_id: str, said: str) -> ResponseReturnValue:
    """Return to the thread, which says what was done."""
    return flask.redirect(
        f"{flask.url_for('oversight.rulings.thread', question_id=question_id)}?{said}=1", 303
    )


def _may_answer(response: DutyResponse) -> bool:
    """Return whether the duty is still the viewer's to answer."""
    viewer = web.viewer()
    return viewer.may(Permission.ANSWER_DUTIES) and any(
        revision.duty_id == response.duty_id
        for revision in duty_queries.duties(viewer, agency_id=viewer.own_agency_id)
    )


def _thread_page(question_id: str, message: MessageForm, edited: PublishQuestionForm) -> str:
    viewer = web.viewer()
    response = _thread(question_id)
    off = directory.days_off()
    due_on = due_to_rule(
        local(response.answered_at, viewer.zone).date(), off, days=answers.ruling_days()
    )
    return flask.render_template(
        "oversight/rulings/thread.html",
        response=response,
        revision=response.revision,
        messages=answers.messages(response),
        is_waiting=answers.is_waiting(viewer, response),
        due_on=due_on,
        late_by=working_days_late(due_on, today(viewer.zone), off),
        on=today(viewer.zone),
        message_form=message,
        publish_form=edited,
        published=answers.published_on(response.duty_id),
        may_rule=viewer.may(Permission.RULE_ON_DUTIES),
        may_write=viewer.may(Permission.RULE_ON_DUTIES) or viewer.may(Permission.ANSWER_DUTIES),
        may_answer=_may_answer(response),
        precedents=answers.precedents(viewer, [response.duty], response.agency.lineage).get(
            response.duty.lineage, []
        )
        if viewer.kind not in AGENCY_KINDS or viewer.agency_id == response.agency_id
        else [],
        amendments=duty_queries.amendments(),
        said=set(flask.request.args),
        speaker=speaker,
        answer_kinds=Answer,
        answer_labels=answer_labels(),
        outcome_labels=outcome_labels(),
        sentence=outcome_sentence(response.ruling, response) if response.ruling else "",
        zone=viewer.zone,
    )


# --- Tetapkan -----------------------------------------------------------------------------------


@bp.route("/tanya/<question_id>/tetapkan", methods=["GET", "POST"])
@web.requires(Permission.RULE_ON_DUTIES)
def rule(question_id: str) -> ResponseReturnValue:
    """Show the four possible rulings with their consequences, and make one."""
    viewer = web.viewer()
    response = _thread(question_id)
    if not answers.is_waiting(viewer, response):
        raise Conflict(_("Pertanyaan ini sudah tidak menunggu ketetapan."))
    form = _prepared_form(response)
    if form.validate_on_submit():
        try:
            service.rule_on(question_id, _new_ruling(form), by=viewer)
        except InvalidInput as error:
            refuse(form, _at_its_field(form, error))
        else:
            return flask.redirect(
                flask.url_for("oversight.rulings.thread", question_id=question_id, ditetapkan="1"),
                303,
            )
    return _page(form, question_id, today(viewer.zone))


def _prepared_form(response: DutyResponse) -> RulingForm:
    form = RulingForm()
    form.outcome.choices = select_choices(
        [
            (Outcome.STAYS.value, _("Tetap pada %(agency)s", agency=response.agency.abbreviation)),
            (Outcome.MOVED.value, _("Dialihkan ke instansi lain")),
            (Outcome.SHARED.value, _("Dibagi dengan instansi lain")),
            (Outcome.REWORDED.value, _("Bunyi tugas diperbaiki")),
        ]
    )
    receivers = [
        (
            one.slug,
            _(
                "%(name)s (%(duties)s tugas, %(assignments)s penugasan terbuka)",
                name=one.abbreviation,
                duties=one.duties,
                assignments=one.assignments,
            ),
        )
        for one in queries.candidates(web.viewer(), but=response.agency_id)
    ]
    for field in (form.moved_to, form.shared_with):
        field.choices = select_choices([("", _("Pilih instansi")), *receivers])
    if flask.request.method == "GET":
        form.new_text.data = response.revision.text
        if response.answer is Answer.NOT_OURS and response.suggested_agency is not None:
            form.moved_to.data = form.shared_with.data = response.suggested_agency.slug
    return form


def _new_ruling(form: RulingForm) -> service.NewRuling:
    outcome = Outcome(form.outcome.data)
    shared = (form.shared_reason.data or "").strip()
    if form.share.data and not shared:
        raise InvalidInput({"shared_reason": _("Tulis alasan yang boleh dibaca gugus tugas lain.")})
    return service.NewRuling(
        outcome=outcome,
        reason=form.reason.data or "",
        to_agency=form.receiver_field.data or "",
        new_text=(form.new_text.data or "") if outcome is Outcome.REWORDED else "",
        shared_reason=shared if form.share.data else "",
    )


def _at_its_field(form: RulingForm, error: InvalidInput) -> InvalidInput:
    """Return the service's errors under the names of the form's fields."""
    return InvalidInput(
        {
            form.receiver_field.short_name if name == "to_agency" else name: message
            for name, message in error.fields.items()
        }
    )


def _page(form: RulingForm, question_id: str, on: date) -> ResponseReturnValue:
    # A refused ruling has rolled back its transaction: the data is read again.
    viewer = web.viewer()
    response = _thread(question_id)
    return flask.render_template(
        "oversight/rulings/rule.html",
        form=form,
        response=response,
        due_on=due_to_rule(
            local(response.answered_at, viewer.zone).date(),
            directory.days_off(),
            days=answers.ruling_days(),
        ),
        on=on,
        after=queries.consequences(response, on),
        has_people=bool(recipients_of_agency(response.agency_id, on)),
        version=duty_queries.current_version(viewer.own_task_force_id),
        precedents=answers.precedents(viewer, [response.duty], response.agency.lineage).get(
            response.duty.lineage, []
        ),
        outcomes=Outcome,
        outcome_labels=outcome_labels(),
        messages=answers.messages(response),
        amendments=duty_queries.amendments(),
        zone=viewer.zone,
    ), (422 if form.errors else 200)


# --- Preseden ------------------------------------------------------------------------------------


@bp.get("/preseden")
@web.requires(Permission.SEE_QUESTIONS)
def precedent_list() -> ResponseReturnValue:
    """List the rulings that task forces have shared."""
    text = flask.request.args.get("cari", "").strip()[:100]
    page = page_number()
    found, total = answers.shared_precedents(web.viewer(), text=text, page=page)
    return flask.render_template(
        "oversight/rulings/precedent_list.html",
        precedents=found,
        total=total,
        page=page,
        pages=pages(total),
        text=text,
        is_agency=web.viewer().kind in AGENCY_KINDS,
        outcome_labels=outcome_labels(),
        zone=web.viewer().zone,
    )
