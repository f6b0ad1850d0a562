"""Where a report is written, by whom, and whether it can be."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from coordinator.errors import NotFound
from coordinator.permissions import Permission, Viewer
from coordinator.progress import queries
from coordinator.progress.models import DraftEvidence, Report
from coordinator.progress.rules import may_edit


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where a report is written, by whom, and through what."""

    viewer: Viewer
    form_url: str
    check_url: str
    sent_url: str
    save: Callable[..., Report]
    add_files: Callable[..., list[str]]
    remove_file: Callable[[str], Report]
    submit: Callable[..., Report]
    # What the uploader says of a file (its public id): why it serves again; that it is no victim's.
    explain: Callable[[str, str], object]
    assure: Callable[[str], object]
    # Out of a mail: whom it was sent to. No navigation, no history, no earlier evidence, and a
    # colleague's draft stays theirs.
    is_link: bool = False
    recipient: str = ""
    hides_draft: bool = False
    # Asked each time: an upload in this very request counts.
    own_files: Callable[[], frozenset[str]] | None = None
    frame: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def files(self, page: queries.ReportPage) -> list[DraftEvidence]:
        """The files shown beside the draft."""
        laid = page.report.draft_evidence if page.report else []
        if self.own_files is None:
            return list(laid)
        own = self.own_files()
        return [row for row in laid if row.evidence.public_id in own]

    def draft(self, page: queries.ReportPage) -> dict[str, str]:
        """The stored text that may be shown."""
        return {} if self.hides_draft or page.report is None else dict(page.report.draft)


def page_for(viewer: Viewer, report_id: str) -> queries.ReportPage:
    """Return a report's page. Raises NotFound."""
    page = queries.report_page(viewer, report_id)
    if page is None:
        raise NotFound(_("Laporan itu tidak ada, atau bukan untuk akses Anda."))
    return page


def may_write(viewer: Viewer, page: queries.ReportPage) -> bool:
    """Tell whether the viewer may write in the report now."""
    return (
        viewer.may(Permission.WRITE_REPORTS)
        and page.agency.id == viewer.agency_id
        and page.obligation.ended_as is None
        and not page.is_locked
        and may_edit(page.report.state if page.report else None)
    )
