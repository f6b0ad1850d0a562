"""Mails between an agency's head and its focal point."""

from flask_babel import gettext as _

from coordinator.directory.models import Agency, TaskForce
from coordinator.mail.rendering import render_email
from coordinator.mail.service import Email
from coordinator.periods.models import Obligation


def asked(*, agency: Agency, obligation: Obligation, force: TaskForce, is_sample: bool) -> Email:
    """To the head: a report waits for approval. The page behind the button asks to sign in."""
    return render_email(
        "head_asked",
        _("[TPPO] 1 laporan menunggu persetujuan Anda - %(agency)s", agency=agency.abbreviation),
        agency=agency,
        title=obligation.party.assignment.title,
        period=obligation.period.title,
        link=f"[[base]]/laporan/{obligation.public_id}/persetujuan",
        region_short=force.short_region,
        sample_data=is_sample,
    )


def sent_back(
    *,
    agency: Agency,
    obligation: Obligation,
    remark: str,
    link: str,
    force: TaskForce,
    is_sample: bool,
) -> Email:
    """To the focal point: what the head wants changed."""
    return render_email(
        "head_back",
        _("[TPPO] Kepala meminta perubahan - %(agency)s", agency=agency.abbreviation),
        agency=agency,
        title=obligation.party.assignment.title,
        period=obligation.period.title,
        remark=remark,
        link=link,
        needs_no_password="[[token:" in link,
        region_short=force.short_region,
        sample_data=is_sample,
    )
