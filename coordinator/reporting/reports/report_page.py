"""The page of one report: loaded for whoever asks, and whether it can be written in."""

from coordinator.errors import NotFound
from coordinator.permissions import Permission, Viewer
from coordinator.reporting.reports import queries
from coordinator.reporting.reports.rules import may_edit
from coordinator.translation import gettext as _


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
