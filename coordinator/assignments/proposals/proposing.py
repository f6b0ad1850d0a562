"""What "Usulkan ke kabupaten/kota" does in the form that gives many actions: look, then propose."""

from datetime import date
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from coordinator import web
from coordinator.assignments.changes.forms import BulkForm
from coordinator.assignments.changes.queries import Filter
from coordinator.assignments.changes.service import AssignmentBasis
from coordinator.assignments.proposals import offering, service
from coordinator.assignments.rules import BasisKind
from coordinator.assignments.service import require_dates
from coordinator.errors import Conflict


def _terms(form: BulkForm) -> service.ProposalTerms:
    return service.ProposalTerms(
        AssignmentBasis(
            BasisKind(form.basis_kind.data),
            (form.basis_reference.data or "").strip(),
            form.basis_on.data or date.min,
        ),
        form.due_on.data or date.min,
        (form.note.data or "").strip(),
    )


def answer(wanted: Filter, form: BulkForm, source: Any) -> ResponseReturnValue:
    """Answer a valid form: propose where that was pressed, else show what would be proposed.

    Raises NotAllowed, InvalidInput.
    """
    viewer = web.viewer()
    terms, codes = _terms(form), form.forces.data or []
    conflict = ""
    if source.get("act") == "usulkan":
        try:
            batch = service.propose(
                wanted,
                terms,
                codes=codes,
                kind=form.agency_kind.data or "",
                fingerprint=source.get("fingerprint", ""),
                form_key=form.form_key.data or None,
                by=viewer,
            )
        except Conflict as error:
            conflict = error.message
        else:
            return flask.redirect(
                flask.url_for("assignments.proposals.sent", batch_id=batch.public_id), 303
            )
    service.require_proposer(viewer)
    require_dates(terms.basis.on, terms.due_on, viewer)
    offer = offering.prepare(viewer, wanted, codes)
    service.require_offer(offer)
    kind = offering.kinds(viewer).get(form.agency_kind.data or "")
    return flask.render_template(
        "assignments/proposals/preview.html",
        form=form,
        source=source,
        offer=offer,
        mails=len(offer.people),
        kind=kind.abbreviation if kind else "",
        conflict=conflict,
    ), (409 if conflict else 200)
