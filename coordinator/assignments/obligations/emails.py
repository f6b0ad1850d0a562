"""Mails about more time."""

from datetime import date

from coordinator.formatting import day_and_month
from coordinator.mapping.duties.queries import AgencyName
from coordinator.people.directory.models import TaskForce
from coordinator.periods.models import ReportingPeriod
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.translation import gettext as _


def extension(
    *,
    period: ReportingPeriod,
    agency: AgencyName,
    until_on: date | None,
    reason: str,
    force: TaskForce,
    is_sample: bool,
) -> Email:
    """To an agency's focal point: until when it has time and why; `until_on` None takes it back."""
    if until_on is None:
        subject = _(
            "[TPPO] Perpanjangan %(title)s dicabut - %(agency)s",
            title=period.title,
            agency=agency.abbreviation,
        )
    else:
        subject = _(
            "[TPPO] %(title)s diperpanjang sampai %(day)s - %(agency)s",
            title=period.title,
            day=day_and_month(until_on),
            agency=agency.abbreviation,
        )
    return render_email(
        "assignments/obligations/extension",
        subject,
        period=period,
        agency=agency.abbreviation,
        until_on=until_on,
        reason=reason,
        region_short=force.short_region,
        sample_data=is_sample,
    )
