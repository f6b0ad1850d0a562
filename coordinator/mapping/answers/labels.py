"""Labels of answers and rulings."""

from coordinator.mapping.answers.models import DutyResponse, Ruling
from coordinator.mapping.answers.rules import Answer, Outcome
from coordinator.permissions import AccessKind
from coordinator.translation import gettext as _


def answer_labels() -> dict[Answer, str]:
    """Return the labels of each answer, as its option is called."""
    return {
        Answer.ACCEPTED: _("Terima"),
        Answer.NEEDS_EXPLANATION: _("Perlu dijelaskan"),
        Answer.NOT_OURS: _("Bukan kewenangan kami"),
    }


def speaker(kind: AccessKind, agency: str) -> str:
    """Return who speaks in a thread, by access and never by a person's name."""
    if kind is AccessKind.SECRETARIAT:
        return str(_("Sekretariat"))
    if kind is AccessKind.AGENCY_HEAD:
        return str(_("Kepala %(agency)s", agency=agency))
    return str(_("Narahubung %(agency)s", agency=agency))


def outcome_labels() -> dict[Outcome, str]:
    """Return the labels of each outcome."""
    return {
        Outcome.STAYS: _("Tetap"),
        Outcome.MOVED: _("Dialihkan"),
        Outcome.SHARED: _("Dibagi"),
        Outcome.REWORDED: _("Bunyinya diperbaiki"),
    }


def outcome_sentence(ruling: Ruling, response: DutyResponse) -> str:
    """Return what was ruled, in one sentence."""
    agency = response.agency.abbreviation
    receiver = ruling.to_agency.abbreviation if ruling.to_agency else ""
    if ruling.outcome is Outcome.STAYS:
        return str(_("Tugas ini tetap pada %(agency)s.", agency=agency))
    if ruling.outcome is Outcome.MOVED:
        return str(_("Tugas ini dialihkan dari %(agency)s ke %(to)s.", agency=agency, to=receiver))
    if ruling.outcome is Outcome.SHARED:
        return str(
            _("Tugas ini menjadi tugas bersama %(agency)s dan %(to)s.", agency=agency, to=receiver)
        )
    return str(_("Tugas ini tetap pada %(agency)s dengan bunyi yang baru.", agency=agency))
