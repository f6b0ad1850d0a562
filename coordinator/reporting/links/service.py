"""Actions that a link's holder may take."""

from collections.abc import Mapping, Sequence

from coordinator.db import transactional
from coordinator.errors import Conflict
from coordinator.platform.files.receiving import Received
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.drafts.queries import obligation_for, was_sent_with
from coordinator.reporting.drafts.service import ReportFacts, facts_of
from coordinator.reporting.evidence import service as evidence
from coordinator.reporting.mail_links import queries
from coordinator.reporting.mail_links.rules import LinkState
from coordinator.reporting.mail_links.service import note_use
from coordinator.reporting.reports.evidence_queries import REPORTS
from coordinator.reporting.reports.models import Report
from coordinator.reporting.reports.rules import SubmittedVia
from coordinator.reporting.submission import service as submission
from coordinator.translation import gettext as _


def _open(token: str) -> queries.FoundLink:
    return _opened(queries.link_of(token))


def _opened(link: queries.FoundLink | None) -> queries.FoundLink:
    if link is None or link.state is not LinkState.OPEN:
        raise Conflict(_("Tautan sudah tidak berlaku. Minta tautan baru ke Sekretariat."))
    return link


def _sent_with(link: queries.FoundLink | None, form_key: str) -> ReportFacts | None:
    """Return the report that this form has sent through the link already, or None."""
    if link is None or link.state is not LinkState.SENT:
        return None
    _obligation, report = obligation_for(link.report_id, link.viewer)
    is_done = report is not None and was_sent_with(report.id, form_key, link.viewer)
    return facts_of(report) if report is not None and is_done else None


def _to_write(token: str, form_key: str) -> tuple[queries.FoundLink, ReportFacts | None]:
    """Return the link, and the report where this very form has sent it through the link already.
    Raises Conflict where nothing can be written through it: a colleague's own draft is neither
    shown nor replaced."""
    link = queries.link_of(token)
    sent = _sent_with(link, form_key)
    if link is not None and sent is not None:
        return link, sent
    link = _opened(link)
    if link.has_colleagues_draft:
        raise Conflict(_("Rekan Anda sedang menulis laporan ini. Masuk untuk melanjutkannya."))
    return link, None


@drafts.screened
@transactional
def save_draft(
    token: str,
    draft: Mapping[str, str],
    *,
    version: int,
    form_key: str = "",
    is_autosave: bool = False,
) -> ReportFacts:
    """Keep a draft through a link. Raises Conflict, InvalidInput, NotFound."""
    link, sent = _to_write(token, form_key)
    if sent is not None:
        return sent
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


@drafts.screened
@transactional
def save_and_check(
    token: str, draft: Mapping[str, str], *, version: int, form_key: str
) -> submission.SavedReport:
    """Keep a draft through a link, and say what keeps it from being sent.

    Raises Conflict, InvalidInput, NotFound.
    """
    link, sent = _to_write(token, form_key)
    if sent is not None:
        return submission.SavedReport(sent)
    kept = submission.save_and_check(
        link.report_id, draft, version=version, form_key=form_key, by=link.viewer
    )
    note_use(link)
    return kept


@drafts.screened
@transactional
def save_and_submit(
    token: str, draft: Mapping[str, str], *, version: int, form_key: str, confirmed: bool
) -> submission.SavedReport:
    """Save a draft through a link and send it, which ends the link.

    If it cannot be sent, the draft is saved and the link stays open. Raises Conflict, InvalidInput,
    NotFound.
    """
    link, sent = _to_write(token, form_key)
    if sent is not None:
        return submission.SavedReport(sent)
    kept = submission.save_and_submit(
        link.report_id,
        draft,
        version=version,
        form_key=form_key,
        confirmed=confirmed,
        by=link.viewer,
        via=SubmittedVia.MAIL_LINK,
    )
    note_use(link, is_sent=kept.refused is None)
    return kept


@transactional
def add_files(token: str, files: Sequence[Received], *, form_key: str = "") -> list[str]:
    """Attach files to the draft through a link, as many as fit; return the names of the rest.
    Raises Conflict, InvalidInput, NotFound."""
    link = queries.link_of(token)
    if _sent_with(link, form_key) is not None:
        return []
    link = _opened(link)
    left = drafts.add_files(link.report_id, files, form_key=form_key, by=link.viewer)
    note_use(link)
    return left


@transactional
def remove_file(token: str, evidence_id: str) -> Report:
    """Take away a file that is no colleague's. Raises Conflict, NotFound."""
    link = _open(token)
    if evidence_id not in link.own_files:
        raise Conflict(_("Berkas itu bukan dari tautan ini. Masuk untuk menghapusnya."))
    report = drafts.remove_file(link.report_id, evidence_id, by=link.viewer)
    note_use(link)
    return report


def _require_own(token: str, evidence_id: str) -> queries.FoundLink:
    link = _open(token)
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
def confirm_no_identity(token: str, evidence_id: str) -> None:
    """Keep through a link that a file shows no victim. Raises Conflict, NotFound."""
    link = _require_own(token, evidence_id)
    evidence.confirm_no_identity(evidence_id, by=link.viewer)
    note_use(link)


@transactional
def submit(
    token: str,
    *,
    version: int,
    form_key: str,
    confirmed: bool,
    seen_files: frozenset[str] | None = None,
) -> ReportFacts:
    """Send the report through a link, which ends it. The same form sent twice is one report.

    Raises Conflict, InvalidInput, NotFound.
    """
    link, sent = _to_write(token, form_key)
    if sent is not None:
        return sent
    report = submission.submit_report(
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
