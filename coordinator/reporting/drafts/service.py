"""Keeping a draft: its text and its files."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

from coordinator import screening
from coordinator.assignments.obligations.models import Obligation
from coordinator.clock import now
from coordinator.db import db, transactional
from coordinator.errors import Conflict, InvalidInput, NotFound
from coordinator.permissions import Viewer
from coordinator.plans.actions.models import Indicator
from coordinator.plans.actions.rules import PartyKind
from coordinator.platform.audit.service import record, record_continued
from coordinator.platform.files.receiving import Received
from coordinator.reporting.drafts.queries import own_obligation, report_to_write, was_sent_with
from coordinator.reporting.evidence.service import attach, discard
from coordinator.reporting.evidence.taking_in import MOST_FILES, too_many
from coordinator.reporting.reports.evidence_queries import REPORTS
from coordinator.reporting.reports.measured_queries import all_measured
from coordinator.reporting.reports.models import DraftEvidence, Report
from coordinator.reporting.reports.rules import (
    FIELDS,
    SURE,
    AskedIndicator,
    ReportState,
    is_sure,
)
from coordinator.translation import gettext as _

P = ParamSpec("P")
Saved = TypeVar("Saved")

EDITING_SESSION = timedelta(minutes=30)
LONGEST_TEXT = 2000  # characters of one field of a report


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A report as a service left it: plain values, which no transaction expires."""

    state: ReportState
    version: int
    saved_at: datetime


def facts_of(report: Report) -> ReportFacts:
    """Return what a service says of the report it changed."""
    return ReportFacts(report.state, report.version, report.saved_at)


def asked_of(obligation: Obligation) -> list[Indicator]:
    """Return the indicators whose values this obligation's report must give: the lead's alone."""
    if obligation.party.kind is not PartyKind.LEAD:
        return []
    return all_measured(obligation.id, obligation.party.assignment.action_item_id)


def asked_in(obligation: Obligation, report: Report | None) -> list[Indicator]:
    """Return the same, where the caller has the report (None: not begun): one that was never sent
    is about what the plan has now, which is loaded once however often it is asked for."""
    if report is not None and report.first_submitted_at is not None:
        return asked_of(obligation)
    if obligation.party.kind is not PartyKind.LEAD:
        return []
    return list(obligation.party.assignment.action_item.indicators)


def require_no_identity(draft: Mapping[str, str]) -> None:
    """Refuse NIK and KK numbers before anything is stored. Raises InvalidInput.

    Number fields are checked too, because a draft stores them as typed (UU 21/2007 arts. 24, 44),
    and so is text that belongs to no field.
    """
    found = {}
    for name, text in draft.items():
        if len(text or "") > LONGEST_TEXT:
            found[name] = _("Paling panjang 2.000 karakter.")
        elif screening.blocks(text or ""):
            found[name] = _("Ada angka seperti NIK di sini. Hapus angka itu.")
    if found:
        raise InvalidInput(found)


def changed_by_somebody() -> Conflict:
    """Return the refusal of a save over a newer draft."""
    return Conflict(_("Laporan ini baru saja diubah orang lain. Tulisan Anda masih ada di bawah."))


class ScreenedText(dict[str, str]):
    """Typed text that has been screened."""


def screened(
    save: Callable[Concatenate[str, Mapping[str, str], P], Saved],
) -> Callable[Concatenate[str, Mapping[str, str], P], Saved]:
    """Screen the text once, before the transaction of a service that saves it.

    Reading it takes time and needs no lock. The first argument identifies the report, by its id or
    a link's token.
    """

    @functools.wraps(save)
    def wrapper(
        which: str, draft: Mapping[str, str], /, *args: P.args, **kwargs: P.kwargs
    ) -> Saved:
        if not isinstance(draft, ScreenedText):
            require_no_identity(draft)
            draft = ScreenedText(draft)
        return save(which, draft, *args, **kwargs)

    return wrapper


@screened
@transactional
def save_draft(
    public_id: str,
    draft: Mapping[str, str],
    *,
    version: int,
    files: Sequence[Received] = (),
    form_key: str = "",
    by: Viewer,
    is_autosave: bool = False,
) -> ReportFacts:
    """Save the text exactly as typed, and attach files to the draft.

    The form that sent the report (`form_key`) changes nothing when it is sent again. `version` is
    the draft's version the form was opened with: somebody else's newer save is never overwritten.
    The same text sent again by the same person (a lost reply) is no conflict. An autosave
    (`is_autosave`) has its own audit entry only when it begins an editing session. Raises
    NotAllowed, NotFound, InvalidInput, Conflict.
    """
    obligation, report = own_obligation(public_id, by)
    if report is not None and was_sent_with(report.id, form_key, by):
        return facts_of(report)
    report = keep_text(
        obligation, report, draft, version=version, files=files, by=by, is_autosave=is_autosave
    )
    return facts_of(report)


def keep_text(
    obligation: Obligation,
    report: Report | None,
    draft: Mapping[str, str],
    *,
    version: int,
    files: Sequence[Received] = (),
    by: Viewer,
    is_autosave: bool = False,
) -> Report:
    """Do what `save_draft` says of a text that was screened; part of every service that saves."""
    values = [AskedIndicator(i.id, i.kind).field for i in asked_in(obligation, report)]
    kept = {name: draft[name] for name in (*FIELDS, *values) if draft.get(name)}
    numbers = [name for name in ("contribution", *values) if name in kept]
    kept |= {SURE + name: kept[name] for name in numbers if is_sure(draft, name)}
    report = report_to_write(obligation, report, by)
    is_repeat = report.saved_by_id == by.account_id and report.draft == kept
    if report.version != version and not is_repeat:
        raise changed_by_somebody()
    left = _attach_files(report, obligation, files, by) if files else []
    if left:
        raise InvalidInput({"files": too_many(left)})
    goes_on = (
        is_autosave
        and report.version > 0
        and report.saved_by_id == by.account_id
        and abs(now() - report.saved_at) < EDITING_SESSION
    )
    if not is_repeat or report.version == 0:
        report.version += 1
    report.draft = kept
    report.saved_at = now()
    report.saved_by_id = by.account_id or report.saved_by_id
    if goes_on:
        record_continued()
    else:
        record(
            "report.draft_saved",
            by=by,
            subject=("report", obligation.public_id),
            agency_id=obligation.agency_id,
            version=report.version,
            files=len(files),
        )
    db.session.flush()
    return report


@transactional
def add_files(
    public_id: str, files: Sequence[Received], *, form_key: str = "", by: Viewer
) -> list[str]:
    """Attach as many files to the draft as fit, even if its text is refused; return the rest.

    The result lists the names of the files that do not fit. An additional file overwrites nothing,
    so it needs no version. The form that sent the report (`form_key`) adds nothing when it is sent
    again. Raises NotAllowed, NotFound, Conflict, InvalidInput.
    """
    obligation, report = own_obligation(public_id, by)
    if report is not None and was_sent_with(report.id, form_key, by):
        return []
    report = report_to_write(obligation, report, by)
    before = len(report.draft_evidence)
    left = _attach_files(report, obligation, files, by)
    record(
        "report.files_added",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        files=len(report.draft_evidence) - before,
    )
    return left


def _attach_files(
    report: Report, obligation: Obligation, files: Sequence[Received], by: Viewer
) -> list[str]:
    """Attach files to a draft, as many as fit; return the names of the rest."""
    laid = [row.evidence for row in report.draft_evidence if row.evidence.withdrawn_at is None]
    there = {one.file.sha256 for one in laid if one.file is not None}
    count = len(laid)
    left: list[str] = []
    for received in files:
        if received.sha256 in there:
            continue  # the same form sent twice
        if count >= MOST_FILES:
            left.append(received.name)
            continue
        there.add(received.sha256)
        count += 1
        evidence = attach(
            received, obligation, by.account_id or report.saved_by_id, reports=REPORTS
        )
        report.draft_evidence.append(DraftEvidence(evidence=evidence))
    db.session.flush()
    return left


@transactional
def remove_file(public_id: str, evidence_id: str, *, by: Viewer) -> Report:
    """Take a file away from the draft; submissions that rest on it keep it.

    Raises NotAllowed, NotFound, Conflict.
    """
    obligation, report = own_obligation(public_id, by)
    report = report_to_write(obligation, report, by)
    row = next((r for r in report.draft_evidence if r.evidence.public_id == evidence_id), None)
    if row is None:
        raise NotFound(_("Berkas itu tidak ada."))
    db.session.delete(row)
    discard(row.evidence, by=by)
    report.version += 1
    report.saved_at = now()
    db.session.flush()
    record(
        "report.file_removed",
        by=by,
        subject=("report", obligation.public_id),
        agency_id=obligation.agency_id,
        evidence=evidence_id,
    )
    return report
