"""The mail about a ruling."""

from coordinator.mapping.answers.labels import outcome_sentence
from coordinator.mapping.answers.models import DutyResponse, Ruling
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.translation import gettext as _


def ruled(
    *,
    ruling: Ruling,
    response: DutyResponse,
    agency: Agency,
    force: TaskForce,
    is_sample: bool,
) -> Email:
    """Return the mail to an agency: what was ruled, why, and what follows for it."""
    return render_email(
        "oversight/rulings/ruled",
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
