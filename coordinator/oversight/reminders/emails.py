"""The digest."""

from collections.abc import Mapping
from datetime import date

from flask_babel import ngettext

from coordinator import formatting
from coordinator.oversight.reminders.digest import Digest
from coordinator.oversight.reminders.formatting import next_step_sentence, told_sentence
from coordinator.oversight.reminders.rules import ReminderSubject
from coordinator.people.directory.models import TaskForce
from coordinator.platform.mail.links import MailLink
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.translation import gettext as _


def digest(
    digest: Digest,
    *,
    on: date,
    force: TaskForce,
    links: Mapping[int, MailLink],
    needs_no_password: bool,
) -> Email:
    """Return the mail to one person: everything overdue or due, most urgent first, one button each.

    The questions on reports that wait for their answer follow, and the duties that the running
    campaign asks about.

    `links` are the targets of the buttons, by obligation; the default is the report's page.
    `needs_no_password` says that some of them open a report without signing in.
    """
    items, questions, calls = digest.items, digest.questions, digest.calls
    late = [item for item in items if item.last_day < on]
    coming = [item for item in items if item.last_day >= on]
    parts = []
    if late:
        parts.append(ngettext("%(num)s lewat batas", "%(num)s lewat batas", len(late)))
    if coming:
        first = coming[0].last_day
        near = sum(item.last_day == first for item in coming)
        when = formatting.day_and_month(first)
        parts.append(_("%(n)s jatuh tempo %(when)s", n=near, when=when))
        if len(coming) > near:
            parts.append(_("%(n)s menyusul", n=len(coming) - near))
    if questions:
        asked = ngettext(
            "%(num)s pertanyaan untuk Anda", "%(num)s pertanyaan untuk Anda", len(questions)
        )
        parts.append(asked)
    if calls:
        parts.append(_("%(n)s uraian tugas belum dijawab", n=sum(call.open for call in calls)))
    subject = _(
        "[TPPO] %(what)s - %(agency)s",
        what=", ".join(parts),
        agency=digest.agency or _("Sekretariat"),
    )
    return render_email(
        "oversight/reminders/digest",
        subject,
        agency=digest.agency,
        items=items,
        questions=questions,
        calls=calls,
        is_head=digest.is_head,
        late=len(late),
        on=on,
        mend=ReminderSubject.REVISION,
        links={
            item.obligation_id: links.get(item.obligation_id)
            or MailLink(f"/laporan/{item.public_id}")
            for item in items
        },
        # A head reads when the agency's people were notified, and signs in for the report.
        told={
            item.obligation_id: told_sentence(item, digest.told_on[item.obligation_id])
            for item in items
            if item.obligation_id in digest.told_on
        },
        next_step=next_step_sentence(digest.next_step) if digest.next_step else "",
        needs_no_password=needs_no_password,
        region_short=force.short_region,
        sample_data=digest.account.is_sample,
    )
