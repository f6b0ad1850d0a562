"""What happened to a report, newest first: drafts, submissions, the head's decisions, verdicts.

Who acted is said by access, not by name.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from coordinator import formatting
from coordinator.reporting.reports.labels import return_reason_labels, shortfall_reason_labels
from coordinator.reporting.reports.rules import (
    ReportKind,
    ReportState,
    ReturnReason,
    ShortfallReason,
    SubmittedVia,
    Verdict,
    may_edit,
)
from coordinator.translation import gettext as _

# Pages that show a report read its history from rows, its form from entities.


class _Unit(Protocol):
    @property
    def unit(self) -> str: ...


class _Number(Protocol):
    @property
    def value(self) -> Decimal: ...


class _Reported(_Number, Protocol):
    @property
    def indicator(self) -> _Unit: ...


class _Withdrawal(Protocol):
    @property
    def withdrawn_at(self) -> datetime: ...
    @property
    def is_objection(self) -> bool: ...


class _Verdict(Protocol):
    @property
    def verdict(self) -> Verdict: ...
    @property
    def decided_at(self) -> datetime: ...
    @property
    def return_reason(self) -> ReturnReason | None: ...
    @property
    def shortfall_reason(self) -> ShortfallReason | None: ...
    @property
    def remark(self) -> str: ...
    @property
    def values(self) -> Sequence[_Number]: ...


class _Submission(Protocol):
    @property
    def submitted_at(self) -> datetime: ...
    @property
    def kind(self) -> ReportKind: ...
    @property
    def via(self) -> SubmittedVia: ...
    @property
    def values(self) -> Sequence[_Reported]: ...
    @property
    def withdrawal(self) -> _Withdrawal | None: ...
    @property
    def verification(self) -> _Verdict | None: ...


class _Written(Protocol):
    @property
    def state(self) -> ReportState: ...
    @property
    def saved_at(self) -> datetime: ...
    @property
    def revisions(self) -> Sequence[_Submission]: ...


class _Approval(Protocol):
    @property
    def asked_at(self) -> datetime: ...
    @property
    def decided_at(self) -> datetime | None: ...
    @property
    def is_approved(self) -> bool | None: ...
    @property
    def remark(self) -> str: ...


def items_of(
    report: _Written, approvals: Iterable[_Approval], zone: str, *, with_draft: bool
) -> list[dict[str, str]]:
    """Return the items of components/content.history; only the agency sees draft and approvals."""
    items: list[dict[str, str]] = []
    for revision in report.revisions:
        items.append(
            {
                "when": formatting.long_time(revision.submitted_at, zone),
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
        items += [item for one in approvals for item in _head(one, zone)]
        items.sort(key=lambda item: item["iso"])
    newest = report.revisions[-1].submitted_at if report.revisions else None
    is_newer = newest is None or report.saved_at > newest
    if with_draft and is_newer and may_edit(report.state):
        items.append(
            {
                "when": formatting.long_time(report.saved_at, zone),
                "iso": report.saved_at.isoformat(),
                "verb": _("Draf disimpan"),
                "text": "",
            }
        )
    return items[::-1]


def _head(approval: _Approval, zone: str) -> list[dict[str, str]]:
    """What went between an agency's focal point and its head: theirs alone."""

    def item(at: datetime, verb: str, text: str) -> dict[str, str]:
        return {
            "when": formatting.long_time(at, zone),
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


def _by(revision: _Submission) -> str:
    return {
        SubmittedVia.SCREEN: _("oleh narahubung."),
        SubmittedVia.MAIL_LINK: _("lewat tautan email kepada narahubung."),
        SubmittedVia.ON_BEHALF: _("oleh Sekretariat atas nama instansi, dari laporan kertas."),
    }[revision.via]


def _withdrawn(withdrawal: _Withdrawal, zone: str) -> dict[str, str]:
    return {
        "when": formatting.long_time(withdrawal.withdrawn_at, zone),
        "iso": withdrawal.withdrawn_at.isoformat(),
        "verb": _("Ditarik"),
        "text": _("karena instansi berkeberatan atas ketikan Sekretariat.")
        if withdrawal.is_objection
        else _("oleh instansi sebelum dibuka pemeriksa."),
    }


def _what(revision: _Submission) -> str:
    if revision.kind is ReportKind.NIL:
        return _("Nihil.")
    if revision.kind is ReportKind.BLOCKED:
        return _("Terhambat.")
    if not revision.values:
        return _("Dukungan dilaporkan.")
    values = ", ".join(
        f"{formatting.number(value.value)} {value.indicator.unit}" for value in revision.values
    )
    return _("Dilaporkan %(values)s.", values=values)


def _verdict(verification: _Verdict, zone: str) -> dict[str, str]:
    item = {
        "when": formatting.long_time(verification.decided_at, zone),
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
    values = ", ".join(formatting.number(value.value) for value in verification.values)
    text = _("oleh Sekretariat.")
    if values:
        text = _("oleh Sekretariat: %(values)s.", values=values)
    if verification.shortfall_reason is not None:
        why = shortfall_reason_labels()[verification.shortfall_reason].lower()
        text += " " + _("Selisih: %(why)s.", why=why)
    return item | {"verb": _("Diverifikasi"), "text": text}
