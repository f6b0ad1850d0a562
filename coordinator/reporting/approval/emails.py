"""Mails between an agency's head and its focal point."""

from collections.abc import Sequence

from coordinator.assignments.obligations.models import Obligation
from coordinator.mapping.duties.queries import AgencyName
from coordinator.people.directory.models import TaskForce
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.translation import gettext as _


def asked(
    *, agency: AgencyName, obligations: Sequence[Obligation], force: TaskForce, is_sample: bool
) -> Email:
    """To the head: what waits for approval, one report or all of a sheet.

    The page behind the button asks to sign in.
    """
    many = len(obligations) > 1
    one = f"/laporan/{obligations[0].public_id}/persetujuan"
    return render_email(
        "reporting/approval/head_asked",
        _(
            "[TPPO] %(n)s laporan menunggu persetujuan Anda - %(agency)s",
            n=len(obligations),
            agency=agency.abbreviation,
        ),
        agency=agency,
        items=[(row.party.assignment.title, row.period.title) for row in obligations],
        link=MailLink("/tugas-saya" if many else one),
        region_short=force.short_region,
        sample_data=is_sample,
    )


def sent_back(
    *,
    agency: AgencyName,
    obligation: Obligation,
    remark: str,
    link: MailLink,
    force: TaskForce,
    is_sample: bool,
) -> Email:
    """To the focal point: what the head wants changed."""
    return render_email(
        "reporting/approval/head_back",
        _("[TPPO] Kepala meminta perubahan - %(agency)s", agency=agency.abbreviation),
        agency=agency,
        title=obligation.party.assignment.title,
        period=obligation.period.title,
        remark=remark,
        link=link,
        needs_no_password=link.is_secret,
        region_short=force.short_region,
        sample_data=is_sample,
    )
