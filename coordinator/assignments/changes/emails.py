"""Mails about what becomes of assignments."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from coordinator.assignments.models import Assignment
from coordinator.formatting import long_date
from coordinator.people.accounts.models import AccessGrant
from coordinator.people.directory.models import Agency, TaskForce
from coordinator.plans.actions.rules import PartyKind
from coordinator.platform.mail.rendering import render_email
from coordinator.platform.mail.service import Email
from coordinator.translation import gettext as _

MOST_TITLES = 10


class ChangeNotice(StrEnum):
    """What a change means for one agency."""

    MOVED_AWAY = auto()
    NEW_LEAD = auto()
    SUPPORT_ENDED = auto()
    SPLIT = auto()
    DUE_MOVED = auto()
    CLOSED = auto()


def assignment_changed(
    *,
    assignment: Assignment,
    agency: Agency,
    news: ChangeNotice,
    reason: str,
    force: TaskForce,
    is_sample: bool,
) -> Email:
    """To an agency's focal point: what changed about work it has or had."""
    lead = assignment.lead.agency.abbreviation
    said = {
        ChangeNotice.MOVED_AWAY: (
            _("Dialihkan"),
            _("Aksi ini dialihkan kepada %(lead)s.", lead=lead),
            _("Anda tidak diminta melapor lagi. Laporan yang sudah dikirim tetap milik Anda."),
        ),
        ChangeNotice.NEW_LEAD: (
            _("Penanggung jawab baru"),
            _("Penanggung jawab aksi yang Anda dukung sekarang %(lead)s.", lead=lead),
            _("Tugas Anda sebagai pendukung tetap."),
        ),
        ChangeNotice.SUPPORT_ENDED: (
            _("Dukungan selesai"),
            _("%(agency)s tidak lagi mendukung aksi ini.", agency=agency.abbreviation),
            _("Anda tidak diminta melapor lagi. Laporan yang sudah dikirim tetap milik Anda."),
        ),
        ChangeNotice.SPLIT: (
            _("Dibagi"),
            _("Aksi ini dibagi menjadi beberapa bagian."),
            _("Bagian Anda: %(part)s.", part=assignment.part),
        ),
        ChangeNotice.DUE_MOVED: (
            _("Batas waktu berubah"),
            _("Batas waktu aksi ini berubah."),
            _(
                "Batas waktu sekarang %(day)s. Tanggal laporan ada di Tugas saya.",
                day=long_date(assignment.due_on),
            ),
        ),
        ChangeNotice.CLOSED: (
            _("Ditutup"),
            _("Penugasan ini ditutup."),
            _("Anda tidak diminta melapor lagi. Laporan yang sudah dikirim tetap tersimpan."),
        ),
    }
    headline, sentence, consequence = said[news]
    return render_email(
        "assignments/changes/assignment_changed",
        _(
            "[TPPO] %(headline)s: %(title)s - %(agency)s",
            headline=headline,
            title=assignment.title,
            agency=agency.abbreviation,
        ),
        agency=agency,
        title=assignment.title,
        sentence=sentence,
        consequence=consequence,
        reason_text=reason,
        region_short=force.short_region,
        sample_data=is_sample,
    )


@dataclass(frozen=True, slots=True)
class AssignedItem:
    """One assignment of a batch, as the mail to one of its parties lists it."""

    agency_id: int
    title: str
    kind: PartyKind


def assigned_together(
    *,
    grants: Sequence[AccessGrant],
    given: Sequence[AssignedItem],
    basis: str,
    due: str,
    report_due: str,
    force: TaskForce,
) -> Email:
    """To one person, once: everything that was given in one act to the agencies they act for.

    Lists ten titles and counts the rest: a mail of two hundred lines is read by nobody.
    """
    names = ", ".join(dict.fromkeys(grant.agency.abbreviation for grant in grants if grant.agency))
    return render_email(
        "assignments/changes/assigned_together",
        _("[TPPO] %(n)s aksi ditugaskan - %(agency)s", n=len(given), agency=names),
        names=names,
        listed=given[:MOST_TITLES],
        total=len(given),
        leads=sum(one.kind is PartyKind.LEAD for one in given),
        lead=PartyKind.LEAD,
        basis=basis,
        due=due,
        report_due=report_due,
        region_short=force.short_region,
        sample_data=any(grant.account.is_sample for grant in grants),
    )
