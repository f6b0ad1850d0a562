"""One file: its download, what is known of it, and what may be done with it."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.errors import InvalidInput, NotFound
from coordinator.forms import refuse, select_choices
from coordinator.permissions import Permission
from coordinator.platform.files import labels as file_labels
from coordinator.platform.files.handing_out import hand_out
from coordinator.reporting.evidence import labels, queries, service
from coordinator.reporting.evidence.handing_out import open_file
from coordinator.reporting.evidence.models import Evidence
from coordinator.reporting.evidence.review_service import withdraw
from coordinator.reporting.evidence.rules import Level, WithdrawReason
from coordinator.reporting.evidence_pages.blueprint import bp
from coordinator.reporting.evidence_pages.forms import LevelForm, ReuseForm, WithdrawForm
from coordinator.reporting.reports.evidence_queries import REPORTS
from coordinator.translation import gettext as _


@bp.app_context_processor
def _labels() -> dict[str, object]:
    """What components/evidence.html says of a file."""
    return {"evidence_labels": labels, "file_labels": file_labels}


def _found(evidence_id: str) -> Evidence:
    one = queries.evidence(web.viewer(), evidence_id)
    if one is None:
        raise NotFound(_("Berkas itu tidak ada, atau bukan untuk akses Anda."))
    return one


@bp.get("/bukti/<evidence_id>")
@web.signed_in
def file(evidence_id: str) -> ResponseReturnValue:
    """Hand out a file as a download; who took it is logged."""
    viewer = web.viewer()
    one, stored = open_file(viewer, evidence_id)
    return hand_out(stored, one.name, what="evidence", subject_id=evidence_id, by=viewer)


@bp.get("/bukti/<evidence_id>/rincian")
@web.signed_in
def detail(evidence_id: str) -> ResponseReturnValue:
    """What is known of a file, where else it serves, and what may be done with it."""
    return _show(_found(evidence_id))


@bp.post("/bukti/<evidence_id>/rincian")
@web.requires(Permission.KEEP_EVIDENCE)
def change(evidence_id: str) -> ResponseReturnValue:
    """Explain, assure, restrict or withdraw: `act` says which."""
    viewer = web.viewer()
    one = _found(evidence_id)
    act = flask.request.form.get("act", "")
    form: ReuseForm | LevelForm | WithdrawForm | None = None
    try:
        if act == "pastikan":
            service.confirm_no_identity(evidence_id, by=viewer)
        elif act == "alasan":
            form = reuse = ReuseForm()
            if not form.validate():
                return _show(one, form)
            why = reuse.reuse_reason.data or ""
            service.explain_reuse(evidence_id, why, reports=REPORTS, by=viewer)
        elif act == "tingkat":
            form = level = _level_form()
            if not form.validate():
                return _show(one, form)
            service.set_level(evidence_id, Level(level.level.data), by=viewer)
        else:
            form = withdrawal = _withdraw_form()
            if not form.validate():
                return _show(one, form)
            reason = WithdrawReason(withdrawal.reason.data)
            withdraw(
                evidence_id,
                reason,
                note=withdrawal.note.data or "",
                reports=REPORTS,
                by=viewer,
            )
    except InvalidInput as error:
        if form is not None:
            refuse(form, error)
        return _show(_found(evidence_id), form)
    done = act if act in ("pastikan", "alasan", "tingkat") else "tarik"
    return flask.redirect(
        flask.url_for("reporting.evidence_pages.detail", evidence_id=evidence_id, selesai=done), 303
    )


def _level_form() -> LevelForm:
    form = LevelForm()
    form.level.choices = select_choices(
        [(level.value, label) for level, label in labels.levels().items()]
    )
    return form


def _withdraw_form() -> WithdrawForm:
    form = WithdrawForm()
    form.reason.choices = select_choices(
        [(reason.value, label) for reason, label in labels.withdraw_reasons().items()]
    )
    return form


def _show(
    one: Evidence, bad: ReuseForm | LevelForm | WithdrawForm | None = None
) -> ResponseReturnValue:
    viewer = web.viewer()
    level = bad if isinstance(bad, LevelForm) else _level_form()
    if bad is not level:
        level.level.data = one.level.value
    keeps = viewer.may(Permission.KEEP_EVIDENCE) and one.withdrawn_at is None
    newest = queries.newest_review(one)
    may_see = newest is not None and viewer.may(Permission.SEE_EVIDENCE_REVIEWS)
    report = queries.report_of(viewer, one)
    return flask.render_template(
        "reporting/evidence_pages/detail.html",
        one=one,
        uses=queries.uses_of(viewer, one),
        report_id=report,
        review_id=newest.public_id if newest and may_see else "",
        after_review=labels.after_review(newest.state) if newest and one.withdrawn_at else "",
        is_own=one.agency_id == viewer.own_agency_id,
        may_keep=keeps,
        may_explain=keeps and one.is_reused and REPORTS.is_with_agency(one),
        bad=bad,
        reuse=bad if isinstance(bad, ReuseForm) else ReuseForm(reuse_reason=one.reuse_reason),
        level=level,
        withdrawal=bad if isinstance(bad, WithdrawForm) else _withdraw_form(),
        is_kept_elsewhere=queries.is_kept_elsewhere(one),
        done=flask.request.args.get("selesai", ""),
    ), (422 if bad is not None else 200)
