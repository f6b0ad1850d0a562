"""Labels of plans on screen, in Indonesian."""

from typing import Any

from coordinator.plans.actions.diff import ACCUMULATION_WORDS, BETTER_WORDS, KIND_WORDS, LEVEL_WORDS
from coordinator.plans.actions.differences import PlanChange, PlanSubject
from coordinator.plans.actions.rules import PlanKind, PlanStatus
from coordinator.plans.versions.rules import RestsOn
from coordinator.translation import gettext as _


def change_labels() -> dict[PlanChange, str]:
    """Return the label of each change."""
    return {
        PlanChange.NEW: _("Baru"),
        PlanChange.CHANGED: _("Berubah"),
        PlanChange.DISCONTINUED: _("Tidak dilanjutkan"),
        PlanChange.RESUMED: _("Dilanjutkan kembali"),
        PlanChange.REMOVED: _("Hilang"),
    }


def subject_labels() -> dict[PlanSubject, str]:
    """Return the labels of what a change is about."""
    return {
        PlanSubject.ACTION: _("aksi"),
        PlanSubject.STRATEGY: _("strategi"),
        PlanSubject.PLAN: _("rencana"),
    }


def status_labels() -> dict[PlanStatus, str]:
    """Return what a plan is, in words: a draft is never shown as enacted, or the reverse."""
    return {
        PlanStatus.DRAFT: _("Rancangan, belum ditetapkan"),
        PlanStatus.ENACTED: _("Ditetapkan"),
    }


def kind_labels() -> dict[PlanKind, str]:
    """Return the kinds of plans."""
    return {
        PlanKind.RAN: _("RAN (nasional)"),
        PlanKind.RAD: _("RAD (daerah)"),
    }


def holding_labels() -> dict[str, str]:
    """Return what the list of actions can be narrowed to, by who holds them."""
    return {
        "belum": _("Belum ditugaskan"),
        "dipegang": _("Sudah ditugaskan"),
        "henti": _("Tidak dilanjutkan"),
    }


def resting_sentence(rests: RestsOn) -> str:
    """Return why a plan cannot be removed, as the rest of a sentence."""
    return {
        RestsOn.ASSIGNMENT: _("sudah ada penugasan dari aksinya"),
        RestsOn.PLAN: _("ada rencana daerah yang merujuk kepadanya"),
        RestsOn.VERSION: _("sudah diubah orang, dan perubahannya akan hilang"),
        RestsOn.OTHER: _("sudah ada usulan atau laporan tentang aksinya"),
    }[rests]


def page_labels() -> dict[str, Any]:
    """Return the words that the pages about actions and changes share, by what they are for."""
    return {
        "kinds": KIND_WORDS,
        "better": BETTER_WORDS,
        "accumulation": ACCUMULATION_WORDS,
        "levels": LEVEL_WORDS,
        "changes": change_labels(),
        "subjects": subject_labels(),
    }


def version_name(title: str, number: int) -> str:
    """Return what a version of a plan is called in the history of what it changed."""
    return _("%(plan)s versi %(n)s", plan=title, n=number)
