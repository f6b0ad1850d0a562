"""The page of one report as the viewer may see it, and whether the report can be edited."""

from typing import Protocol

from coordinator.errors import NotFound
from coordinator.mapping.duties.queries import AgencyName
from coordinator.permissions import Permission, Viewer
from coordinator.reporting.reports import queries
from coordinator.reporting.reports.rules import ReportState, may_edit
from coordinator.translation import gettext as _


def page_for(viewer: Viewer, report_id: str) -> queries.ReportPage:
    """Return a report's page. Raises NotFound."""
    page = queries.report_page(viewer, report_id)
    if page is None:
        raise NotFound(_("Laporan itu tidak ada, atau bukan untuk akses Anda."))
    return page


class _Page(Protocol):
    """What decides whether a report can be written in, as its page or its head was read."""

    @property
    def agency(self) -> AgencyName: ...
    @property
    def is_ended(self) -> bool: ...
    @property
    def is_locked(self) -> bool: ...
    @property
    def state(self) -> ReportState | None: ...


def may_write(viewer: Viewer, page: _Page) -> bool:
    """Return whether the viewer may write in the report now."""
    return (
        viewer.may(Permission.WRITE_REPORTS)
        and page.agency.id == viewer.agency_id
        and not page.is_ended
        and not page.is_locked
        and may_edit(page.state)
    )
