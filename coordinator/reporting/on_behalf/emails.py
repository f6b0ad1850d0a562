"""Mails about reports typed for an agency."""

from coordinator.assignments.obligations.models import Obligation
from coordinator.mapping.duties.queries import AgencyName
from coordinator.people.directory.models import TaskForce
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.reporting.reports.models import Report
from coordinator.translation import gettext as _


def typed(
    *,
    agency: AgencyName,
    obligation: Obligation,
    report: Report,
    link: MailLink,
    force: TaskForce,
    is_sample: bool,
) -> Email:
    """To the agency: a report was typed for it; is it right?"""
    return render_email(
        "reporting/on_behalf/typed_on_behalf",
        _("[TPPO] Benarkah laporan ini? - %(agency)s", agency=agency.abbreviation),
        agency=agency,
        title=obligation.party.assignment.title,
        period=obligation.period.title,
        number=report.number,
        link=link,
        needs_no_password=link.is_secret,
        region_short=force.short_region,
        sample_data=is_sample,
    )


def objected(
    *,
    agency: AgencyName,
    obligation: Obligation,
    report: Report,
    remark: str,
    force: TaskForce,
    is_sample: bool,
) -> Email:
    """To the secretariat: the agency says that what was typed is not right."""
    return render_email(
        "reporting/on_behalf/objected",
        _(
            "[TPPO] Keberatan atas %(number)s - %(agency)s",
            number=report.number or "",
            agency=agency.abbreviation,
        ),
        agency=agency,
        title=obligation.party.assignment.title,
        period=obligation.period.title,
        remark=remark,
        link=MailLink(f"/laporan/{obligation.public_id}"),
        region_short=force.short_region,
        sample_data=is_sample,
    )
