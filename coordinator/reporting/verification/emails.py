"""The mail about a report that goes back to its agency."""

from coordinator import formatting
from coordinator.assignments.obligations.models import Obligation
from coordinator.mapping.duties.queries import AgencyName
from coordinator.people.directory.models import TaskForce
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.reporting.reports.labels import sent_back_texts
from coordinator.reporting.reports.models import Report, Verification
from coordinator.translation import gettext as _


def returned(
    *,
    agency: AgencyName,
    obligation: Obligation,
    report: Report,
    verification: Verification,
    force: TaskForce,
    is_sample: bool,
    link: MailLink | None = None,
) -> Email:
    """To the focal point: why the report came back and by when it must be revised."""
    mend_by = report.mend_by_on
    reason, remark = sent_back_texts(verification)
    subject = _(
        "[TPPO] Perlu diperbaiki sebelum %(day)s - %(agency)s",
        day=formatting.day_and_month(mend_by) if mend_by else "",
        agency=agency.abbreviation,
    )
    return render_email(
        "reporting/verification/returned",
        subject,
        agency=agency,
        title=obligation.party.assignment.title,
        period=obligation.period.title,
        number=report.number,
        reason=reason,
        remark=remark,
        mend_by=mend_by,
        link=link or MailLink(f"/laporan/{obligation.public_id}"),
        needs_no_password=link is not None and link.is_secret,
        region_short=force.short_region,
        sample_data=is_sample,
    )
