"""Files under review: the list, one of them, its bytes for those who decide, the decision."""

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.clock import today
from coordinator.errors import InvalidInput, NotFound
from coordinator.forms import refuse
from coordinator.permissions import Permission
from coordinator.platform.files.handing_out import hand_out
from coordinator.reporting.evidence import review_queries as queries
from coordinator.reporting.evidence import review_service as service
from coordinator.reporting.evidence.rules import ReviewState
from coordinator.reporting.evidence_pages.blueprint import bp
from coordinator.reporting.evidence_pages.forms import ReviewForm
from coordinator.reporting.reports.evidence_queries import REPORTS
from coordinator.translation import gettext as _


@bp.get("/tinjauan-bukti")
@web.requires(Permission.SEE_EVIDENCE_REVIEWS)
def review_list() -> ResponseReturnValue:
    """The files that wait for the secretariat's look, the oldest first; or those decided."""
    viewer = web.viewer()
    is_open = flask.request.args.get("keadaan", "") != "diputuskan"
    return flask.render_template(
        "reporting/evidence_pages/review_list.html",
        rows=queries.reviews(viewer, today(viewer.zone), is_open=is_open),
        is_open=is_open,
        states=ReviewState,
        may_decide=viewer.may(Permission.DECIDE_EVIDENCE),
        zone=viewer.zone,
    )


def _found(review_id: str) -> queries.ReviewRow:
    viewer = web.viewer()
    found = queries.review(viewer, review_id, today(viewer.zone))
    if found is None:
        raise NotFound(_("Tinjauan itu tidak ada."))
    return found


@bp.get("/tinjauan-bukti/<review_id>")
@web.requires(Permission.SEE_EVIDENCE_REVIEWS)
def review(review_id: str) -> ResponseReturnValue:
    """One review: who asked, where the file serves, what was decided."""
    return _show(_found(review_id), ReviewForm(formdata=None))


def _show(found: queries.ReviewRow, form: ReviewForm) -> ResponseReturnValue:
    viewer = web.viewer()
    may_decide = viewer.may(Permission.DECIDE_EVIDENCE)
    return flask.render_template(
        "reporting/evidence_pages/review.html",
        found=found,
        one=found.review,
        places=queries.places(found.review, REPORTS),
        form=form,
        states=ReviewState,
        may_decide=may_decide and found.review.state is ReviewState.OPEN,
        may_lift=may_decide and found.review.state is ReviewState.DELETED,
        zone=viewer.zone,
    ), (422 if form.errors else 200)


@bp.post("/tinjauan-bukti/<review_id>")
@web.requires(Permission.DECIDE_EVIDENCE)
def decide(review_id: str) -> ResponseReturnValue:
    """Keep the secretariat's decision: `act` is hapus or tampilkan."""
    found = _found(review_id)
    form = ReviewForm()
    act = flask.request.form.get("act", "")
    if act not in ("hapus", "tampilkan"):
        form.reason.errors = [_("Pilih hapus atau tampilkan.")]
    elif form.validate():
        try:
            service.decide_review(
                review_id,
                is_kept=act == "tampilkan",
                reason=form.reason.data or "",
                reports=REPORTS,
                by=web.viewer(),
            )
        except InvalidInput as error:
            refuse(form, error)
        else:
            return flask.redirect(
                flask.url_for("reporting.evidence_pages.review", review_id=review_id, selesai="1"),
                303,
            )
    return _show(found, form)


@bp.get("/tinjauan-bukti/<review_id>/berkas/<evidence_id>")
@web.requires(Permission.DECIDE_EVIDENCE)
def reviewed_file(review_id: str, evidence_id: str) -> ResponseReturnValue:
    """The bytes under review, for those who decide; each access is logged."""
    viewer = web.viewer()
    held = queries.bytes_to_judge(viewer, review_id, evidence_id)
    if held is None or held.file is None:
        raise NotFound(_("Berkas itu tidak ada, atau tinjauannya sudah diputuskan."))
    subject_id = f"{review_id}/{evidence_id}"
    return hand_out(
        held.file, held.name or "", what="evidence_review", subject_id=subject_id, by=viewer
    )
