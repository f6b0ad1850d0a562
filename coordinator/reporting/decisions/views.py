"""Decisions that wait: the list, one request, the note, the decision."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import local, today
from coordinator.errors import InvalidInput, NotFound
from coordinator.forms import refuse, select_choices
from coordinator.people.directory import queries as directory
from coordinator.permissions import Permission
from coordinator.reporting.decisions import queries, service
from coordinator.reporting.decisions.forms import DecisionForm, NoteForm
from coordinator.reporting.decisions.rules import DecisionState
from coordinator.reporting.evidence.review_queries import late_count
from coordinator.reporting.reports.evidence_marks import verdict_marks
from coordinator.reporting.reports.labels import state_labels
from coordinator.reporting.reports.rules import ReportKind
from coordinator.translation import gettext as _

bp = flask.Blueprint("decisions", __name__)

TABS = {
    "": DecisionState.OPEN,
    "diputuskan": DecisionState.DECIDED,
    "ditarik": DecisionState.WITHDRAWN,
}


@bp.get("/keputusan")
@web.requires(Permission.SEE_DECISIONS)
def decision_list() -> ResponseReturnValue:
    """What reports ask to be decided, oldest first, with the words of both sides."""
    viewer = web.viewer()
    tab = flask.request.args.get("keadaan", "")
    state = TABS.get(tab, DecisionState.OPEN)
    on = today(viewer.zone)
    rows = queries.requests(viewer, state)
    return flask.render_template(
        "reporting/decisions/decision_list.html",
        letterhead=directory.page_head(web.viewer()),
        rows=rows,
        tab=tab if tab in TABS else "",
        state=state,
        states=DecisionState,
        counts=queries.counts(viewer),
        late_reviews=late_count(viewer, on) if viewer.may(Permission.DECIDE_REQUESTS) else 0,
        waited={
            row.request.id: (on - local(row.request.created_at, viewer.zone).date()).days
            for row in rows
        },
        may_decide=viewer.may(Permission.DECIDE_REQUESTS),
        may_note=viewer.may(Permission.NOTE_DECISIONS),
        kinds=ReportKind,
        zone=viewer.zone,
    )


def _asked(request_id: str) -> queries.RequestOfReport:
    asked = queries.request(web.viewer(), request_id)
    if asked is None:
        raise NotFound(_("Permintaan keputusan itu tidak ada."))
    return asked


@bp.get("/keputusan/<request_id>")
@web.requires(Permission.SEE_DECISIONS)
def decision(request_id: str) -> ResponseReturnValue:
    """One request, with the form of anyone who may act on it."""
    asked = _asked(request_id)
    form = DecisionForm(formdata=None)
    form.decided_on.data = today(web.viewer().zone)
    note = NoteForm(formdata=None)
    note.note.data = asked.request.note
    other = asked.request.concerned_agency
    note.concerned.data = other.slug if other else ""
    return _show(asked, note, form)


def _show(asked: queries.RequestOfReport, note: NoteForm, form: DecisionForm) -> str:
    viewer = web.viewer()
    on = today(viewer.zone)
    note.concerned.choices = select_choices(
        [
            ("", _("Tidak ada")),
            *(
                (one.slug, f"{one.abbreviation}, {one.name}")
                for one in directory.agencies(viewer)
                if one.id != asked.agency.id
            ),
        ]
    )
    is_open = asked.request.state is DecisionState.OPEN
    return flask.render_template(
        "reporting/decisions/decision.html",
        letterhead=directory.page_head(web.viewer()),
        asked=asked,
        request_row=asked.request,
        note_form=note,
        form=form,
        is_open=is_open,
        may_decide=is_open and viewer.may(Permission.DECIDE_REQUESTS),
        may_note=is_open and viewer.may(Permission.NOTE_DECISIONS),
        told=queries.recipients(asked, on),
        waited=(on - local(asked.request.created_at, viewer.zone).date()).days,
        states=DecisionState,
        kinds=ReportKind,
        marks=verdict_marks([asked.obligation.public_id]),
        report_state=state_labels()[asked.request.report.state],
        zone=viewer.zone,
        on=on,
    )


@bp.post("/keputusan/<request_id>/catatan")
@web.requires(Permission.NOTE_DECISIONS)
def note(request_id: str) -> ResponseReturnValue:
    """Keep the secretariat's note."""
    asked = _asked(request_id)
    form = NoteForm()
    form.concerned.choices = select_choices(
        [("", ""), *((one.slug, one.slug) for one in directory.agencies(web.viewer()))]
    )
    if form.validate():
        try:
            service.note_request(
                request_id,
                form.note.data or "",
                concerned=form.concerned.data or "",
                by=web.viewer(),
            )
        except InvalidInput as error:
            refuse(form, error)
        else:
            return _back(request_id, "catatan")
    decision_form = DecisionForm(formdata=None)
    return _show(asked, form, decision_form), 422


@bp.post("/keputusan/<request_id>")
@web.requires(Permission.DECIDE_REQUESTS)
def decide(request_id: str) -> ResponseReturnValue:
    """Keep the leadership's decision."""
    asked = _asked(request_id)
    form = DecisionForm()
    if form.validate():
        try:
            service.decide_request(
                request_id,
                service.NewDecision(
                    text=form.decision.data or "",
                    decided_on=form.decided_on.data,
                    basis=form.basis.data or "",
                ),
                by=web.viewer(),
            )
        except InvalidInput as error:
            refuse(form, error)
        else:
            return _back(request_id, "diputuskan")
    return _show(asked, NoteForm(formdata=None), form), 422


def _back(request_id: str, done: str) -> ResponseReturnValue:
    return flask.redirect(
        flask.url_for("reporting.decisions.decision", request_id=request_id, selesai=done), 303
    )
