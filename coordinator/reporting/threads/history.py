"""What happened to a report itself, newest first: drafts, submissions, the head's word, verdicts.

Who acted is said by access, not by name.
"""

from datetime import datetime

from coordinator import words
from coordinator.reporting.approval.asking import approvals_of
from coordinator.reporting.reports.models import (
    HeadApproval,
    Report,
    ReportRevision,
    Verification,
    Withdrawal,
)
from coordinator.reporting.reports.rules import ReportKind, SubmittedVia, Verdict, may_edit
from coordinator.reporting.reports.words import return_reason_labels, shortfall_reason_labels
from coordinator.translation import gettext as _


def of_report(report: Report | None, zone: str, *, with_draft: bool) -> list[dict[str, str]]:
    """Return the items of components/content.history; a draft is its agency's alone."""
    if report is None:
        return []
    items: list[dict[str, str]] = []
    for revision in report.revisions:
        items.append(
            {
                "when": words.long_time(revision.submitted_at, zone),
                "iso": revision.submitted_at.isoformat(),
                "verb": _("Dikirim"),
                "text": f"{_by(revision)} {_what(revision)}",
            }
        )
        if revision.withdrawal is not None:
            items.append(_withdrawn(revision.withdrawal, zone))
        if revision.verification is not None:
            items.append(_verdict(revision.verification, zone))
    if with_draft:
        items += [item for one in approvals_of(report.id) for item in _head(one, zone)]
        items.sort(key=lambda item: item["iso"])
    newest = report.revisions[-1].submitted_at if report.revisions else None
    is_newer = newest is None or report.saved_at > newest
    if with_draft and is_newer and may_edit(report.state):
        items.append(
            {
                "when": words.long_time(report.saved_at, zone),
                "iso": report.saved_at.isoformat(),
                "verb": _("Draf disimpan"),
                "text": "",
            }
        )
    return items[::-1]


def _head(approval: HeadApproval, zone: str) -> list[dict[str, str]]:
    """What went between an agency's focal point and its head: theirs alone."""

    def item(at: datetime, verb: str, text: str) -> dict[str, str]:
        return {
            "when": words.long_time(at, zone),
            "iso": at.isoformat(),
            "verb": verb,
            "text": text,
        }

    items = [item(approval.asked_at, _("Dikirim ke kepala"), _("oleh narahubung."))]
    if approval.decided_at is None:
        return items
    if approval.is_approved:
        return [*items, item(approval.decided_at, _("Disetujui kepala"), "")]
    if not approval.remark:
        return [*items, item(approval.decided_at, _("Ditarik dari kepala"), _("oleh narahubung."))]
    return [*items, item(approval.decided_at, _("Kepala meminta perubahan:"), approval.remark)]


def _by(revision: ReportRevision) -> str:
    return {
        SubmittedVia.SCREEN: _("oleh narahubung."),
        SubmittedVia.MAIL_LINK: _("lewat tautan surel kepada narahubung."),
        SubmittedVia.ON_BEHALF: _("oleh Sekretariat atas nama instansi, dari laporan kertas."),
    }[revision.via]


def _withdrawn(withdrawal: Withdrawal, zone: str) -> dict[str, str]:
    return {
        "when": words.long_time(withdrawal.withdrawn_at, zone),
        "iso": withdrawal.withdrawn_at.isoformat(),
        "verb": _("Ditarik"),
        "text": _("karena instansi berkeberatan atas ketikan Sekretariat.")
        if withdrawal.is_objection
        else _("oleh instansi sebelum dibuka pemeriksa."),
    }


def _what(revision: ReportRevision) -> str:
    if revision.kind is ReportKind.NIL:
        return _("Nihil.")
    if revision.kind is ReportKind.BLOCKED:
        return _("Terhambat.")
    if not revision.values:
        return _("Dukungan dilaporkan.")
    values = ", ".join(
        f"{words.number(value.value)} {value.indicator.unit}" for value in revision.values
    )
    return _("Dilaporkan %(values)s.", values=values)


def _verdict(verification: Verification, zone: str) -> dict[str, str]:
    item = {
        "when": words.long_time(verification.decided_at, zone),
        "iso": verification.decided_at.isoformat(),
    }
    if verification.verdict is Verdict.RETURNED and verification.return_reason is not None:
        reason = return_reason_labels()[verification.return_reason]
        return item | {
            "verb": _("Dikembalikan"),
            "text": _(
                "oleh Sekretariat: %(reason)s. %(remark)s",
                reason=reason.lower(),
                remark=verification.remark,
            ),
        }
    values = ", ".join(words.number(value.value) for value in verification.values)
    text = _("oleh Sekretariat.")
    if values:
        text = _("oleh Sekretariat: %(values)s.", values=values)
    if verification.shortfall_reason is not None:
        why = shortfall_reason_labels()[verification.shortfall_reason].lower()
        text += " " + _("Selisih: %(why)s.", why=why)
    return item | {"verb": _("Diverifikasi"), "text": text}
