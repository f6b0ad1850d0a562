"""Labels of the mapping's parts and changes, in Indonesian."""

from coordinator.mapping.duties.diff import KIND_WORDS
from coordinator.mapping.duties.differences import MappingChange, MappingSubject
from coordinator.mapping.duties.rules import BasisStatus
from coordinator.translation import gettext as _


def change_labels() -> dict[MappingChange, str]:
    """Return the label of each change."""
    return {
        MappingChange.ADDED: _("Baru"),
        MappingChange.REMOVED: _("Dihapus"),
        MappingChange.MOVED: _("Pindah"),
        MappingChange.REWORDED: _("Berubah bunyi"),
        MappingChange.REBASED: _("Berubah dasar"),
    }


def subject_labels() -> dict[MappingSubject, str]:
    """Return the labels of what a change is about."""
    return {
        MappingSubject.DUTY: _("tugas"),
        MappingSubject.MEMBERSHIP: _("keanggotaan pokja"),
        MappingSubject.AGENCY: _("instansi"),
        MappingSubject.WORKING_GROUP: _("pokja"),
        MappingSubject.INSTRUMENT: _("dasar hukum"),
    }


def status_choices() -> list[tuple[str, str]]:
    """Return the kinds of basis of a duty or membership."""
    return [
        (BasisStatus.PROPOSAL.value, _("Usulan, belum ditetapkan")),
        (BasisStatus.REGULATION.value, _("Peraturan")),
        (BasisStatus.GUIDE.value, _("Petunjuk resmi")),
        (BasisStatus.DECREE.value, _("Keputusan (SK)")),
    ]


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds of agencies."""
    return [(kind.value, word[:1].upper() + word[1:]) for kind, word in KIND_WORDS.items()]


def instrument_kind_choices() -> list[tuple[str, str]]:
    """Return the kinds of legal instruments."""
    return [
        ("uu", _("Undang-undang")),
        ("pp", _("Peraturan pemerintah")),
        ("perpres", _("Peraturan presiden")),
        ("permen", _("Peraturan menteri")),
        ("peraturan", _("Peraturan lembaga")),
        ("perda", _("Peraturan daerah")),
        ("pergub", _("Peraturan gubernur")),
        ("keputusan", _("Keputusan (SK)")),
    ]


def standing_choices() -> list[tuple[str, str]]:
    """Return an agency's places in a pokja."""
    return [("", _("Bukan anggota")), ("member", _("Anggota")), ("lead", _("Koordinator"))]
