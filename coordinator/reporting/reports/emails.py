"""The receipt of a report."""

from datetime import date

from coordinator.assignments.obligations.models import Obligation
from coordinator.mapping.duties.queries import AgencyName
from coordinator.people.directory.models import TaskForce
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.reporting.reports.models import Report
from coordinator.translation import gettext as _


def sent(
    *,
    agency: AgencyName,
    obligation: Obligation,
    report: Report,
    by_link: bool,
    to_sender: bool,
    verify_by: date,
    force: TaskForce,
    is_sample: bool,
) -> Email:
    """The receipt: to who sent the report; after a link of a mail, to their colleagues as well."""
    subject = _(
        "[TPPO] Laporan terkirim, %(number)s - %(agency)s",
        number=report.number or "",
        agency=agency.abbreviation,
    )
    return render_email(
        "reporting/reports/sent",
        subject,
        agency=agency,
        title=obligation.party.assignment.title,
        period=obligation.period.title,
        number=report.number,
        by_link=by_link,
        to_sender=to_sender,
        verify_by=verify_by,
        link=MailLink(f"/laporan/{obligation.public_id}/tanda-terima"),
        region_short=force.short_region,
        sample_data=is_sample,
    )
