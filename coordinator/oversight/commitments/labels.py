"""What a status and a figure are called."""

from coordinator.assignments.obligations.rules import ObligationEnd
from coordinator.formatting import number
from coordinator.oversight.commitments.queries import BY_FIGURE, Commitment
from coordinator.oversight.commitments.rules import CHOICES, ReportStatus, YearFigure
from coordinator.plans.actions.rules import Better
from coordinator.reporting.reports.rules import ReportKind
from coordinator.tags import looks
from coordinator.translation import gettext as _

SHOWN_KINDS = (ReportKind.NIL, ReportKind.BLOCKED)  # next to the status

_TAGS = {
    ReportStatus.SILENT: "silent",
    ReportStatus.RETURNED: "returned",
    ReportStatus.UNSENT: "none",
    ReportStatus.DISPUTED: "disputed",
    ReportStatus.SUBMITTED: "submitted",
    ReportStatus.VERIFIED: "verified",
    ReportStatus.ENDED: "inactive",
}


def status_tag(one: Commitment) -> tuple[str, str] | None:
    """Return the state (`coordinator/tags.py`) and the word of the lead's report; None where no
    report is asked for in the period."""
    if one.status is ReportStatus.NOT_ASKED:
        return None
    state = _TAGS[one.status]
    if one.status is ReportStatus.UNSENT:
        return state, _("Belum dikirim")  # begun or not: nobody but the agency knows
    if one.status is ReportStatus.ENDED:
        is_moved = one.ended_as is ObligationEnd.TRANSFERRED
        return state, _("Dialihkan") if is_moved else _("Ditutup")
    return state, looks()[state].word


def status_text(one: Commitment) -> str:
    """Return the same in words, for a file."""
    found = status_tag(one)
    if found is None:
        return _("tidak diminta")
    kind = f", {looks()[one.kind].word}" if one.kind in SHOWN_KINDS else ""
    return found[1] + kind


def figure_text(one: YearFigure) -> str:
    """Return "7 dari 12 kegiatan", or what else can be said of an indicator."""
    if one.kind in CHOICES:
        return _("sudah tercapai") if one.verified else _("belum tercapai")
    value, target = number(one.verified), number(one.target)
    if one.target is None:
        return _("%(value)s %(unit)s, tanpa target", value=value, unit=one.unit)
    if one.verified is None:
        return _("belum ada angka, target %(target)s %(unit)s", target=target, unit=one.unit)
    if one.better is Better.DOWN:
        return _("%(value)s %(unit)s, paling banyak %(n)s", value=value, unit=one.unit, n=target)
    return _("%(value)s dari %(target)s %(unit)s", value=value, target=target, unit=one.unit)


def order_labels() -> dict[str, str]:
    """Return the orders of the list that can be chosen, with their words."""
    return {
        "": _("Batas waktu"),
        "laporan": _("Laporan"),
        BY_FIGURE: _("Terverifikasi terendah"),
        f"-{BY_FIGURE}": _("Terverifikasi tertinggi"),
        "aksi": _("Urutan rencana"),
        "ketua": _("Penanggung jawab"),
        "pokja": _("Pokja"),
        "baru": _("Terbaru ditugaskan"),
    }
