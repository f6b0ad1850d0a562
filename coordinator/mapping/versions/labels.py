"""Labels of the mapping's parts and changes, in Indonesian."""

from coordinator.mapping.duties.diff import KIND_WORDS, Change, Subject
from coordinator.mapping.duties.rules import BasisStatus
from coordinator.translation import gettext as _


def change_labels() -> dict[Change, str]:
    """Return the label of each change."""
    return {
        Change.ADDED: _("Baru"),
        Change.REMOVED: _("Dihapus"),
        Change.MOVED: _("Pindah"),
        Change.REWORDED: _("Berubah bunyi"),
        Change.REBASED: _("Berubah dasar"),
    }


def subject_labels() -> dict[Subject, str]:
    """Return the labels of what a change is about."""
    return {
        Subject.DUTY: _("tugas"),
        Subject.MEMBERSHIP: _("keanggotaan pokja"),
        Subject.AGENCY: _("instansi"),
        Subject.WORKING_GROUP: _("pokja"),
        Subject.INSTRUMENT: _("dasar hukum"),
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
