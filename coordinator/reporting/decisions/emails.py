"""The mail about a decision."""

from coordinator.mapping.duties.queries import AgencyName
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.reporting.decisions.queries import RequestOfReport
from coordinator.reporting.reports.rules import ReportKind
from coordinator.translation import gettext as _


def decided(
    *, asked: RequestOfReport, agency: AgencyName | Agency, force: TaskForce, is_sample: bool
) -> Email:
    """To both agencies: what was decided, and what follows for the one that asked."""
    is_asker = agency.id == asked.agency.id
    return render_email(
        "reporting/decisions/decided",
        _("[TPPO] Sudah diputuskan - %(agency)s", agency=asked.agency.abbreviation),
        agency=agency,
        asker=asked.agency,
        title=asked.title,
        period=asked.obligation.period.title,
        request=asked.request,
        is_asker=is_asker,
        was_blocked=is_asker and asked.request.revision.kind is ReportKind.BLOCKED,
        # The other agency may not open the report; it reads the decision here.
        link=MailLink(f"/laporan/{asked.obligation.public_id}") if is_asker else None,
        region_short=force.short_region,
        sample_data=is_sample,
    )
