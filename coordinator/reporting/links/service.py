"""Doing through a link what its holder may."""

from collections.abc import Mapping, Sequence

from coordinator.db import transactional
from coordinator.errors import Conflict
from coordinator.platform.files.receiving import Received
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.evidence import service as evidence
from coordinator.reporting.mail_links import queries
from coordinator.reporting.mail_links.rules import LinkState
from coordinator.reporting.mail_links.service import note_use
from coordinator.reporting.reports.evidence_queries import REPORTS
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.rules import SubmittedVia
from coordinator.reporting.submission.service import submit_report
from coordinator.translation import gettext as _


def _require_open(token: str) -> queries.FoundLink:
    link = queries.link_of(token)
    if link is None or link.state is not LinkState.OPEN:
        raise Conflict(_("Tautan sudah tidak berlaku. Minta tautan baru ke Sekretariat."))
    return link


@transactional
def save_draft(
    token: str,
    draft: Mapping[str, str],
    *,
    version: int,
    form_key: str = "",
    is_autosave: bool = False,
) -> Report:
    """Keep a draft through a link. A colleague's own draft is neither shown nor replaced.

    Raises Conflict, InvalidInput, NotFound.
    """
    sent = _sent_with(token, form_key)
    if sent is not None:
        return sent
    link = _require_open(token)
    if link.has_colleagues_draft:
        raise Conflict(_("Rekan Anda sedang menulis laporan ini. Masuk untuk melanjutkannya."))
    report = drafts.save_draft(
        link.report_id,
        draft,
        version=version,
        form_key=form_key,
        by=link.viewer,
        is_autosave=is_autosave,
    )
    note_use(link)
    return report


@transactional
def add_files(token: str, files: Sequence[Received], *, form_key: str = "") -> list[str]:
    """Attach files to the draft through a link, as many as fit; return the names of the rest.
    Raises Conflict, InvalidInput, NotFound."""
    if _sent_with(token, form_key) is not None:
        return []
    link = _require_open(token)
    left = drafts.add_files(link.report_id, files, form_key=form_key, by=link.viewer)
    note_use(link)
    return left


def _sent_with(token: str, form_key: str) -> Report | None:
    """Return the report that this very form has sent through the link already, or None."""
    link = queries.link_of(token)
    if link is None or link.state is not LinkState.SENT:
        return None
    obligation = drafts.obligation_for(link.report_id, link.viewer)
    return drafts.report_sent_with(obligation, form_key, link.viewer)


@transactional
def remove_file(token: str, evidence_id: str) -> Report:
    """Take away a file that is no colleague's. Raises Conflict, NotFound."""
    link = _require_open(token)
    if evidence_id not in link.own_files:
        raise Conflict(_("Berkas itu bukan dari tautan ini. Masuk untuk menghapusnya."))
    report = drafts.remove_file(link.report_id, evidence_id, by=link.viewer)
    note_use(link)
    return report


def _require_own(token: str, evidence_id: str) -> queries.FoundLink:
    link = _require_open(token)
    if evidence_id not in link.own_files:
        raise Conflict(_("Berkas itu bukan dari tautan ini. Masuk untuk menjawabnya."))
    return link


@transactional
def explain_reuse(token: str, evidence_id: str, reason: str) -> None:
    """Keep through a link why a file serves again. Raises Conflict, NotFound, InvalidInput."""
    link = _require_own(token, evidence_id)
    evidence.explain_reuse(evidence_id, reason, reports=REPORTS, by=link.viewer)
    note_use(link)


@transactional
def acknowledge(token: str, evidence_id: str) -> None:
    """Keep through a link that a file shows no victim. Raises Conflict, NotFound."""
    link = _require_own(token, evidence_id)
    evidence.acknowledge(evidence_id, by=link.viewer)
    note_use(link)


@transactional
def submit(
    token: str,
    *,
    version: int,
    form_key: str,
    confirmed: bool,
    seen_files: frozenset[str] | None = None,
) -> Report:
    """Send the report through a link, which ends it. The same form sent twice is one report.

    Raises Conflict, InvalidInput, NotFound.
    """
    sent = _sent_with(token, form_key)
    if sent is not None:
        return sent
    link = _require_open(token)
    if link.has_colleagues_draft:
        raise Conflict(_("Rekan Anda sedang menulis laporan ini. Masuk untuk melanjutkannya."))
    report = submit_report(
        link.report_id,
        version=version,
        form_key=form_key,
        confirmed=confirmed,
        by=link.viewer,
        via=SubmittedVia.MAIL_LINK,
        seen_files=seen_files,
    )
    note_use(link, is_sent=True)
    return report
