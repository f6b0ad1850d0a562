"""The holder of a mail's link, as the editor of its report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flask

from coordinator.permissions import Viewer
from coordinator.platform.files.receiving import Received
from coordinator.reporting.drafts.service import ReportFacts
from coordinator.reporting.links import service
from coordinator.reporting.mail_links import queries
from coordinator.reporting.reading.rows import FileRow, ReportHead
from coordinator.reporting.report_form.editors import FormAction
from coordinator.reporting.submission.service import SavedReport


@dataclass(frozen=True, slots=True)
class LinkEditor:
    """A link's holder, on the page that the link opens."""

    token: str
    link: queries.FoundLink
    frame: Mapping[str, Any]
    is_link: bool = True

    @property
    def viewer(self) -> Viewer:
        """The person the link was sent to."""
        return self.link.viewer

    @property
    def report_id(self) -> str:
        """The report's public id."""
        return self.link.report_id

    @property
    def form_url(self) -> str:
        """The address of the link."""
        return flask.url_for("reporting.links.report", token=self.token)

    @property
    def sent_url(self) -> str:
        """The same: it shows the receipt then."""
        return self.form_url

    @property
    def recipient(self) -> str:
        """The address the link was sent to."""
        return self.link.address

    @property
    def hides_draft(self) -> bool:
        """True where the draft is a colleague's."""
        return self.link.has_colleagues_draft

    def url_of(self, action: FormAction) -> str:
        """Return the address that an action is sent to."""
        return f"{self.form_url}/{action}"

    def draft_of(self, page: ReportHead) -> dict[str, str]:
        """Return the stored text, by field; nothing of a colleague's."""
        return dict(page.report.draft) if page.report and not self.hides_draft else {}

    def files_of(self, files: Sequence[FileRow]) -> list[FileRow]:
        """Return those of the draft's files that are no colleague's.

        The link is read again: a file may have come in this very request.
        """
        own = queries.own_files(self.token) if files else frozenset()
        return [one for one in files if one.public_id in own]

    def save(
        self, draft: Mapping[str, str], *, version: int, form_key: str, is_autosave: bool = False
    ) -> ReportFacts:
        """Keep the text. Raises NotFound, InvalidInput, Conflict."""
        return service.save_draft(
            self.token, draft, version=version, form_key=form_key, is_autosave=is_autosave
        )

    def save_and_check(
        self, draft: Mapping[str, str], *, version: int, form_key: str
    ) -> SavedReport:
        """Keep the text, and say what keeps it from being sent.

        Raises NotFound, InvalidInput, Conflict.
        """
        return service.save_and_check(self.token, draft, version=version, form_key=form_key)

    def save_and_submit(
        self, draft: Mapping[str, str], *, version: int, form_key: str, confirmed: bool
    ) -> SavedReport:
        """Keep the text and send it, which ends the link.

        Raises NotFound, InvalidInput, Conflict.
        """
        return service.save_and_submit(
            self.token, draft, version=version, form_key=form_key, confirmed=confirmed
        )

    def add_files(self, files: Sequence[Received], *, form_key: str) -> list[str]:
        """Attach files; return the names of those that do not fit.

        Raises NotFound, InvalidInput, Conflict.
        """
        return service.add_files(self.token, files, form_key=form_key)

    def remove_file(self, evidence_id: str) -> None:
        """Take away a file that is no colleague's. Raises NotFound, Conflict."""
        service.remove_file(self.token, evidence_id)

    def explain_reuse(self, evidence_id: str, reason: str) -> None:
        """Keep why a file serves again. Raises NotFound, InvalidInput, Conflict."""
        service.explain_reuse(self.token, evidence_id, reason)

    def acknowledge(self, evidence_id: str) -> None:
        """Keep that a file identifies no victim. Raises NotFound, Conflict."""
        service.confirm_no_identity(self.token, evidence_id)

    def submit(
        self, *, version: int, form_key: str, confirmed: bool, seen_files: frozenset[str] | None
    ) -> ReportFacts:
        """Send the report, which ends the link. Raises NotFound, InvalidInput, Conflict."""
        return service.submit(
            self.token,
            version=version,
            form_key=form_key,
            confirmed=confirmed,
            seen_files=seen_files,
        )
