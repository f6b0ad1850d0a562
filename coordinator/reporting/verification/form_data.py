"""Between the verdict's form and what its services are given."""

from dataclasses import replace

import flask

from coordinator import web
from coordinator.errors import InvalidInput
from coordinator.forms import select_choices
from coordinator.reporting.reading.rows import SubmissionRow
from coordinator.reporting.reports.labels import return_reason_labels, shortfall_reason_labels
from coordinator.reporting.reports.rules import SURE, ReturnReason, ShortfallReason
from coordinator.reporting.verification.forms import VerdictForm
from coordinator.reporting.verification.returning_service import default_revise_by
from coordinator.reporting.verification.rules import ReturnInput, VerifyInput, accepted_value
from coordinator.translation import gettext as _


def verdict_form(latest: SubmissionRow) -> VerdictForm:
    """Return the form of a verdict on the newest submission, with its choices."""
    form = VerdictForm()
    choices = [("verify", _("Setujui"))]
    if latest.values:
        choices.append(("partial", _("Setujui sebagian")))
    form.verdict.choices = select_choices([*choices, ("return", _("Kembalikan"))])
    form.shortfall_reason.choices = select_choices(
        [("", _("Pilih alasan")), *((k.value, v) for k, v in shortfall_reason_labels().items())]
    )
    form.return_reason.choices = select_choices(
        [("", _("Pilih alasan")), *((k.value, v) for k, v in return_reason_labels().items())]
    )
    if flask.request.method == "GET":
        form.revision.data = latest.number
        form.mend_by_on.data = default_revise_by(web.viewer().zone)
    return form


def return_input(form: VerdictForm) -> ReturnInput:
    """Return why a submission is sent back, as the form says."""
    reason = form.return_reason.data
    return ReturnInput(
        revision_number=form.revision.data or 0,
        return_reason=ReturnReason(reason) if reason else None,
        remark=(form.remark.data or "").strip(),
        revise_by_on=form.mend_by_on.data,
        identity_checked=bool(form.identity_checked.data),
    )


def verify_input(form: VerdictForm, latest: SubmissionRow) -> VerifyInput:
    """Return what is accepted; only a verdict "in part" has values and a shortfall's reason.

    Raises InvalidInput where other values were typed than the pressed button names: Enter in such
    an input presses the form's first button.
    """
    given = VerifyInput(
        revision_number=form.revision.data or 0,
        identity_checked=bool(form.identity_checked.data),
        checked_files=frozenset(flask.request.form.getlist("files")),
    )
    typed = flask.request.form
    if form.verdict.data != "partial":
        others = {
            f"value-{one.indicator_id}": _("Anda mengubah angka ini. Tekan “Setujui sebagian”")
            for one in latest.values
            if typed.get(f"value-{one.indicator_id}", "").strip()
            and accepted_value(typed[f"value-{one.indicator_id}"], one.value, one.indicator.kind)
            != one.value
        }
        if others:
            raise InvalidInput(others)
        return given
    reason = form.shortfall_reason.data
    ids = [value.indicator_id for value in latest.values]
    return replace(
        given,
        values={one: typed.get(f"value-{one}", "") for one in ids},
        confirmed={one: typed.get(f"{SURE}value-{one}", "") for one in ids},
        shortfall_reason=ShortfallReason(reason) if reason else None,
    )
