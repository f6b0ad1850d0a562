"""Mails about questions on duties."""

from datetime import date

from coordinator.mapping.answers.models import DutyResponse
from coordinator.people.directory.models import TaskForce
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.translation import gettext as _


def question(
    *,
    response: DutyResponse,
    due_on: date,
    force: TaskForce,
    to_secretariat: bool,
    is_sample: bool,
) -> Email:
    """Return the mail to the secretariat or the suggested agency about a question."""
    return render_email(
        "mapping/answers/question",
        _("[TPPO] Peran belum jelas: pertanyaan %(agency)s", agency=response.agency.abbreviation),
        response=response,
        due_on=due_on,
        to_secretariat=to_secretariat,
        link=MailLink(f"/tanya/{response.public_id}"),
        region_short=force.short_region,
        sample_data=is_sample,
    )


def message(
    *,
    response: DutyResponse,
    force: TaskForce,
    from_secretariat: bool,
    is_sample: bool,
) -> Email:
    """Return the mail to the other side of a thread. The message itself needs sign-in."""
    return render_email(
        "mapping/answers/question_message",
        _("[TPPO] Jawaban baru tentang tugas %(agency)s", agency=response.agency.abbreviation),
        response=response,
        from_secretariat=from_secretariat,
        link=MailLink(f"/tanya/{response.public_id}"),
        region_short=force.short_region,
        sample_data=is_sample,
    )
