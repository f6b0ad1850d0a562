"""The whole timeline of a report, newest first: its history, comments, files and decisions.

Who acted is said by access, never by a person's name: screens are shared.
"""

from datetime import datetime

from coordinator import formatting
from coordinator.permissions import AccessKind, Viewer
from coordinator.reporting.evidence import labels as evidence_labels
from coordinator.reporting.reading.rows import ReportHead, Submissions
from coordinator.reporting.threads import history
from coordinator.reporting.threads.related_queries import Decision, FileEvent, Related
from coordinator.translation import gettext as _


def of_report(
    viewer: Viewer, head: ReportHead, sent: Submissions | None, related: Related
) -> list[dict[str, str]]:
    """Return the items of components/content.history; a draft is its agency's alone."""
    if sent is None:
        return []
    zone, agency = viewer.zone, head.agency.abbreviation
    items = history.items_of(
        sent, related.approvals, zone, with_draft=head.agency.id == viewer.agency_id
    )
    items += [
        _item(c.written_at, zone, speaker(c.written_as, agency) + ":", c.text, said=True)
        for c in related.comments
    ]
    items += [_event(event, zone) for event in related.events]
    items += _reopenings(sent, zone)
    for request in related.decisions:
        items += _decision(request, zone)
    return sorted(items, key=lambda item: item["iso"], reverse=True)


def speaker(kind: AccessKind, agency: str) -> str:
    """Return who speaks in a thread, by access."""
    if kind is AccessKind.SECRETARIAT:
        return _("Sekretariat")
    if kind is AccessKind.AGENCY_HEAD:
        return _("Kepala %(agency)s", agency=agency)
    return _("Narahubung %(agency)s", agency=agency)


def _item(at: datetime, zone: str, verb: str, text: str, *, said: bool = False) -> dict[str, str]:
    return {
        "when": formatting.long_time(at, zone),
        "iso": at.isoformat(),
        "verb": verb,
        "said" if said else "text": text,
    }


def _event(event: FileEvent, zone: str) -> dict[str, str]:
    verb = evidence_labels.event(event.action, level=event.level, reason=event.reason)
    who = event.agency or _("Sekretariat")
    return _item(event.at, zone, verb, _("%(name)s, oleh %(who)s", name=event.name, who=who))


def _reopenings(sent: Submissions, zone: str) -> list[dict[str, str]]:
    return [
        _item(
            verdict.reopened_at,
            zone,
            _("Verifikasi dibuka kembali"),
            _("oleh Sekretariat: %(reason)s", reason=verdict.reopen_reason or ""),
        )
        for revision in sent.revisions
        if (verdict := revision.verification) is not None and verdict.reopened_at is not None
    ]


def _decision(request: Decision, zone: str) -> list[dict[str, str]]:
    asked = _("kepada %(who)s: %(what)s", who=request.asked_of, what=request.question)
    items = [_item(request.created_at, zone, _("Minta keputusan"), asked)]
    if request.decided_at is not None and request.decided_on is not None:
        text = _(
            "oleh pimpinan gugus tugas: %(what)s (%(basis)s, %(day)s)",
            what=request.decision,
            basis=request.basis,
            day=formatting.plain_date(request.decided_on),
        )
        items.append(_item(request.decided_at, zone, _("Diputuskan"), text))
    if request.withdrawn_at is not None:
        text = _("kiriman yang baru tidak memintanya lagi.")
        items.append(_item(request.withdrawn_at, zone, _("Permintaan keputusan ditarik:"), text))
    return items
