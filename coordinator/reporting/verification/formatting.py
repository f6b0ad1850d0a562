"""The text of the verification page."""

from decimal import Decimal

from coordinator import formatting, screening
from coordinator.plans.actions.rules import IndicatorKind
from coordinator.reporting.reading.rows import ReportHead, SubmissionRow
from coordinator.reporting.reports.rules import ReportKind, Verdict
from coordinator.reporting.verification.given_queries import GivenVerdict
from coordinator.reporting.verification.verifier_queries import Desk
from coordinator.translation import gettext as _


def doubtful_text(revision: SubmissionRow) -> str:
    """Return in words what the detector asks a person to look at in a submission's own text."""
    texts = (revision.note, revision.place, revision.nil_reason, revision.blocked_by)
    kinds = {found.kind for text in texts for found in screening.findings(text or "")}
    return formatting.of_kinds(kinds)


def recipient_text(head: ReportHead, desk: Desk) -> str:
    """Return who would get the mail about a returned report, by function; "" where nobody."""
    functions = [
        *([_("narahubung")] if desk.has_focal_point else []),
        *([_("pengganti")] if desk.has_alternate else []),
    ]
    if not functions:
        return ""
    return _("%(who)s %(agency)s", who=_(" dan ").join(functions), agency=head.agency.abbreviation)


def _amount(value: Decimal, unit: str, kind: IndicatorKind) -> str:
    """Return a value as a button or a notice names it: "5 kegiatan", "angka 0"."""
    if kind in (IndicatorKind.YES_NO, IndicatorKind.MILESTONE):
        # As the form asked for it, and as the figures next to the button show it.
        return _("“Sudah” (angka 1)") if value else _("“Belum” (angka 0)")
    if not value:
        return _("angka 0")
    return f"{formatting.number(value)} {unit}"


def approve_text(revision: SubmissionRow) -> str:
    """Return what the button says that approves a submission as it was reported."""
    if revision.kind is ReportKind.NIL:
        return _("Terima laporan nihil")
    if revision.kind is ReportKind.BLOCKED:
        return _("Terima laporan terhambat")
    if len(revision.values) > 1:
        return _("Setujui, %(n)s angka", n=len(revision.values))
    if revision.values:
        (one,) = revision.values
        what = _amount(one.value, one.indicator.unit, one.indicator.kind)
        is_counted = one.value and what[0].isdigit()
        return _("Setujui, %(what)s", what=what) if is_counted else _("Setujui %(what)s", what=what)
    if revision.contribution is not None:
        return _("Setujui, jumlah dukungan %(n)s", n=formatting.number(revision.contribution))
    return _("Setujui laporan")


def given_text(given: GivenVerdict) -> str:
    """Return what a verifier has just done: "Disetujui: UPTD PPA, 5 kegiatan"."""
    if given.verdict is Verdict.RETURNED:
        day = formatting.day_and_month(given.mend_by_on) if given.mend_by_on else "–"
        return _(
            "Dikembalikan: %(agency)s, perbaikan paling lambat %(day)s",
            agency=given.agency,
            day=day,
        )
    kinds = {
        ReportKind.NIL: _("Diterima: %(agency)s, laporan nihil", agency=given.agency),
        ReportKind.BLOCKED: _("Diterima: %(agency)s, laporan terhambat", agency=given.agency),
    }
    if given.kind in kinds:
        return kinds[given.kind]
    less = [one for one in given.values if one.accepted is not None and one.accepted < one.reported]
    if len(given.values) > 1:
        if less:
            return _(
                "Disetujui sebagian: %(agency)s, %(n)s dari %(total)s angka dikurangi",
                agency=given.agency,
                n=len(less),
                total=len(given.values),
            )
        return _("Disetujui: %(agency)s, %(n)s angka", agency=given.agency, n=len(given.values))
    for one in less:
        return _(
            "Disetujui sebagian: %(agency)s, %(accepted)s dari %(reported)s",
            agency=given.agency,
            accepted=formatting.number(one.accepted),
            reported=_amount(one.reported, one.unit, one.kind),
        )
    for one in given.values:
        what = _amount(one.reported, one.unit, one.kind)
        return _("Disetujui: %(agency)s, %(what)s", agency=given.agency, what=what)
    return _("Disetujui: %(agency)s", agency=given.agency)
