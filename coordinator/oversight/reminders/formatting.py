"""What is said of steps to the head of an agency and to the leadership."""

from datetime import date

from coordinator.formatting import plain_date
from coordinator.oversight.reminders.coming import StepReceiver
from coordinator.oversight.reminders.digest import NextStep
from coordinator.oversight.reminders.escalation import EscalationWay
from coordinator.oversight.reminders.queries import DueReport, Ladder
from coordinator.oversight.reminders.rules import Audience, ReminderSubject
from coordinator.translation import gettext as _


def told_sentence(item: DueReport, on: date) -> str:
    """Return for the head when the agency's people were notified of a report, and what came."""
    if item.waits_for_head:
        return _(
            "Narahubung diberi tahu %(day)s. Laporan menunggu persetujuan Anda.", day=plain_date(on)
        )
    return _("Narahubung diberi tahu %(day)s, belum ada yang dikirim.", day=plain_date(on))


def next_step_sentence(step: NextStep) -> str:
    """Return for a late agency who hears next, and when."""
    day = plain_date(step.on)
    if step.way is EscalationWay.MAIL:
        return _(
            "Bila belum dikirim, %(day)s kepala %(agency)s menerima pengingat.",
            day=day,
            agency=step.agency,
        )
    if step.way is EscalationWay.LETTER:
        return _(
            "Bila belum dikirim, %(day)s disiapkan surat untuk pimpinan %(agency)s.",
            day=day,
            agency=step.agency,
        )
    return _(
        "Bila belum dikirim, %(day)s %(agency)s masuk daftar pimpinan gugus tugas.",
        day=day,
        agency=step.agency,
    )


def receiver_labels() -> dict[StepReceiver, str]:
    """Return whom a step tells."""
    waits = _("menunggu: narahubung belum diberi tahu")
    return {
        StepReceiver.CONTACTS: _("Narahubung"),
        StepReceiver.HEAD: _("Kepala"),
        StepReceiver.LETTER: _("Kepala, surat"),
        StepReceiver.LETTER_NOW: _("Kepala, surat perlu disiapkan"),
        StepReceiver.HEAD_WAITS: _("Kepala, %(why)s", why=waits),
        StepReceiver.LEADERSHIP: _("Pimpinan"),
        StepReceiver.LEADERSHIP_NOW: _("Pimpinan, sudah di daftar"),
        StepReceiver.LEADERSHIP_WAITS: _("Pimpinan, %(why)s", why=waits),
    }


def step_name(offset: int) -> str:
    """Return "H−3" or "H+7"."""
    return f"H{'+' if offset > 0 else '−'}{abs(offset)}"


def ladder_line(ladder: Ladder, subject: ReminderSubject) -> tuple[str, list[tuple[str, str]]]:
    """Return what a ladder is about, and its steps by who is notified."""
    steps = [
        (_("Narahubung"), ladder.contacts[subject]),
        *(
            (label, [one.offset for one in ladder.higher if (one.subject, one.audience) == key])
            for label, key in (
                (_("Kepala, atau surat"), (subject, Audience.HEAD)),
                (_("Daftar pimpinan"), (subject, Audience.LEADERSHIP)),
            )
        ),
    ]
    name = _("Laporan") if subject is ReminderSubject.REPORT else _("Perbaikan")
    return name, [
        (label, ", ".join(step_name(offset) for offset in offsets))
        for label, offsets in steps
        if offsets
    ]
