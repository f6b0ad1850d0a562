"""Who writes a report through the form: a person who signed in, or the holder of a mail's link.

The form needs nothing else of them than `ReportEditor`. Every change goes to the service of the
capability, which checks access; the addresses are those of the page the editor is on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import flask

from coordinator.permissions import Viewer
from coordinator.platform.files.receiving import Received
from coordinator.reporting.drafts import service as drafts
from coordinator.reporting.drafts.service import ReportFacts
from coordinator.reporting.evidence import service as evidence
from coordinator.reporting.reading.rows import FileRow, ReportHead
from coordinator.reporting.reports.evidence_queries import REPORTS
from coordinator.reporting.submission import service as submission
from coordinator.reporting.submission.service import SavedReport


class FormAction(StrEnum):
    """What the buttons and the script of the form do. The value is the last part of the address
    that they send to, below the form's own; old pages (old_pages.py) send it as a field."""

    SAVE = "simpan"
    AUTOSAVE = "simpan-otomatis"
    CHECK = "periksa"
    SEND = "kirim"
    MERGE = "gabungkan"
    REMOVE_FILE = "hapus"


class ReportEditor(Protocol):
    """One report in the hands of one writer."""

    @property
    def viewer(self) -> Viewer:
        """Who writes."""

    @property
    def report_id(self) -> str:
        """The report's public id."""

    @property
    def form_url(self) -> str:
        """The address of the form."""

    @property
    def sent_url(self) -> str:
        """Where sending leads."""

    @property
    def is_link(self) -> bool:
        """True out of a mail: no history, no earlier evidence."""

    @property
    def recipient(self) -> str:
        """The address a link was sent to."""

    @property
    def hides_draft(self) -> bool:
        """True where the draft is a colleague's, which a link neither shows nor replaces."""

    @property
    def frame(self) -> Mapping[str, Any]:
        """What the page's frame shows in place of the navigation, for the template."""

    def url_of(self, action: FormAction) -> str:
        """Return the address that an action is sent to."""

    def draft_of(self, page: ReportHead) -> dict[str, str]:
        """Return the stored text that may be shown, by field."""

    def files_of(self, files: Sequence[FileRow]) -> list[FileRow]:
        """Return those of the draft's files that may be shown."""

    def save(
        self, draft: Mapping[str, str], *, version: int, form_key: str, is_autosave: bool = False
    ) -> ReportFacts:
        """Keep the text. Raises NotAllowed, NotFound, InvalidInput, Conflict."""

    def save_and_check(
        self, draft: Mapping[str, str], *, version: int, form_key: str
    ) -> SavedReport:
        """Keep the text, and say what keeps it from being sent.

        Raises NotAllowed, NotFound, InvalidInput, Conflict.
        """

    def save_and_submit(
        self, draft: Mapping[str, str], *, version: int, form_key: str, confirmed: bool
    ) -> SavedReport:
        """Keep the text and send it; it is kept too where it cannot be sent.

        Raises NotAllowed, NotFound, InvalidInput, Conflict.
        """

    def add_files(self, files: Sequence[Received], *, form_key: str) -> list[str]:
        """Attach files; return the names of those that do not fit.

        Raises NotAllowed, NotFound, InvalidInput, Conflict.
        """

    def remove_file(self, evidence_id: str) -> None:
        """Take a file away from the draft. Raises NotAllowed, NotFound, Conflict."""

    def explain_reuse(self, evidence_id: str, reason: str) -> None:
        """Keep why a file serves again. Raises NotAllowed, NotFound, InvalidInput, Conflict."""

    def acknowledge(self, evidence_id: str) -> None:
        """Keep that a file identifies no victim or witness.

        Raises NotAllowed, NotFound, Conflict.
        """

    def submit(
        self, *, version: int, form_key: str, confirmed: bool, seen_files: frozenset[str] | None
    ) -> ReportFacts:
        """Send the report. Raises NotAllowed, NotFound, InvalidInput, Conflict."""


@dataclass(frozen=True, slots=True)
class AccountEditor:
    """Somebody who signed in, on the page of the report."""

    viewer: Viewer
    report_id: str
    is_link: bool = False
    recipient: str = ""
    hides_draft: bool = False

    @property
    def form_url(self) -> str:
        """The address of the form."""
        return flask.url_for("reporting.report_pages.report", report_id=self.report_id)

    @property
    def sent_url(self) -> str:
        """The receipt."""
        return flask.url_for("reporting.receipts.receipt", report_id=self.report_id)

    @property
    def frame(self) -> Mapping[str, Any]:
        """Nothing: the frame is that of every page."""
        return {}

    def url_of(self, action: FormAction) -> str:
        """Return the address that an action is sent to."""
        return f"{self.form_url}/{action}"

    def draft_of(self, page: ReportHead) -> dict[str, str]:
        """Return the stored text, by field."""
        return dict(page.report.draft) if page.report else {}

    def files_of(self, files: Sequence[FileRow]) -> list[FileRow]:
        """Return them all."""
        return list(files)

    def save(
        self, draft: Mapping[str, str], *, version: int, form_key: str, is_autosave: bool = False
    ) -> ReportFacts:
        """Keep the text. Raises NotAllowed, NotFound, InvalidInput, Conflict."""
        return drafts.save_draft(
            self.report_id,
            draft,
            version=version,
            form_key=form_key,
            is_autosave=is_autosave,
            by=self.viewer,
        )

    def save_and_check(
        self, draft: Mapping[str, str], *, version: int, form_key: str
    ) -> SavedReport:
        """Keep the text, and say what keeps it from being sent.

        Raises NotAllowed, NotFound, InvalidInput, Conflict.
        """
        return submission.save_and_check(
            self.report_id, draft, version=version, form_key=form_key, by=self.viewer
        )

    def save_and_submit(
        self, draft: Mapping[str, str], *, version: int, form_key: str, confirmed: bool
    ) -> SavedReport:
        """Keep the text and send it. Raises NotAllowed, NotFound, InvalidInput, Conflict."""
        return submission.save_and_submit(
            self.report_id,
            draft,
            version=version,
            form_key=form_key,
            confirmed=confirmed,
            by=self.viewer,
        )

    def add_files(self, files: Sequence[Received], *, form_key: str) -> list[str]:
        """Attach files; return the names of those that do not fit.

        Raises NotAllowed, NotFound, InvalidInput, Conflict.
        """
        return drafts.add_files(self.report_id, files, form_key=form_key, by=self.viewer)

    def remove_file(self, evidence_id: str) -> None:
        """Take a file away from the draft. Raises NotAllowed, NotFound, Conflict."""
        drafts.remove_file(self.report_id, evidence_id, by=self.viewer)

    def explain_reuse(self, evidence_id: str, reason: str) -> None:
        """Keep why a file serves again. Raises NotAllowed, NotFound, InvalidInput, Conflict."""
        evidence.explain_reuse(evidence_id, reason, reports=REPORTS, by=self.viewer)

    def acknowledge(self, evidence_id: str) -> None:
        """Keep that a file identifies no victim. Raises NotAllowed, NotFound, Conflict."""
        evidence.confirm_no_identity(evidence_id, by=self.viewer)

    def submit(
        self, *, version: int, form_key: str, confirmed: bool, seen_files: frozenset[str] | None
    ) -> ReportFacts:
        """Send the report. Raises NotAllowed, NotFound, InvalidInput, Conflict."""
        return submission.submit_report(
            self.report_id,
            version=version,
            form_key=form_key,
            confirmed=confirmed,
            seen_files=seen_files,
            by=self.viewer,
        )
