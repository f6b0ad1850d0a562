"""The mail about a ruling."""

from flask_babel import gettext as _

from coordinator.answers.models import DutyResponse, Ruling
from coordinator.answers.words import outcome_sentence
from coordinator.directory.models import Agency, TaskForce
from coordinator.mail.links import MailLink
from coordinator.mail.rendering import render_email
from coordinator.mail.service import Email


def ruled(
    *,
    ruling: Ruling,
    response: DutyResponse,
    agency: Agency,
    force: TaskForce,
    is_sample: bool,
) -> Email:
    """To both agencies: what was ruled, why, and what follows for the one that reads it."""
    return render_email(
        "ruled",
        _("[TPPO] Ketetapan peran: %(agency)s", agency=agency.abbreviation),
        agency=agency,
        duty=ruling.new_text or response.revision.text,
        group=response.revision.working_group,
        sentence=outcome_sentence(ruling, response),
        reason_text=ruling.reason,
        is_receiver=ruling.to_agency_id == agency.id,
        link=MailLink(f"/tanya/{response.public_id}"),
        region_short=force.short_region,
        sample_data=is_sample,
    )
