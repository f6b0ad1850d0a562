"""The words of the check of texts."""

from coordinator.mapping.duties.rules import BasisStatus, MembershipKind
from coordinator.mapping.duties.text_rules import CitedWords
from coordinator.mapping.text_checks.passages import Passage, PassagesFound
from coordinator.mapping.text_checks.rules import CheckProgress, StepState
from coordinator.translation import gettext as _


def state_labels() -> dict[StepState, str]:
    """Return what each state is called, in the order of the filter."""
    return {
        StepState.OPEN: _("Belum dicocokkan"),
        StepState.AGREES: _("Sesuai"),
        StepState.DIFFERS: _("Tidak sesuai"),
        StepState.DOUBTFUL: _("Ragu"),
    }


def claim_text(one: CitedWords) -> str:
    """Return the words that rest on a citation: a duty's, or what an agency is in a pokja."""
    if one.kind is MembershipKind.LEAD:
        return _("Koordinator Pokja %(group)s", group=one.group)
    if one.kind is MembershipKind.MEMBER:
        return _("Anggota Pokja %(group)s", group=one.group)
    return one.text


def standing_text(one: CitedWords) -> str:
    """Return what the citation is to the words: their basis, or for a proposal a general one."""
    if one.status is BasisStatus.PROPOSAL:
        return _("Dasar umum sebuah usulan (%(source)s)", source=one.source_label)
    return {
        BasisStatus.REGULATION: _("Dasar: peraturan"),
        BasisStatus.GUIDE: _("Dasar: petunjuk resmi"),
        BasisStatus.DECREE: _("Dasar umum; yang menetapkan tugas ini sebuah keputusan (SK)"),
    }[one.status]


def progress_text(progress: CheckProgress) -> str:
    """Return a text such as "12 dari 45 kutipan dicocokkan"."""
    return _("%(n)s dari %(m)s kutipan dicocokkan", n=progress.compared, m=progress.total)


def objections_text(progress: CheckProgress) -> str:
    """Return how many differ or are doubtful; empty where none."""
    said = []
    if progress.differs:
        said.append(_("%(n)s tidak sesuai", n=progress.differs))
    if progress.doubtful:
        said.append(_("%(n)s ragu", n=progress.doubtful))
    return ", ".join(said)


def all_agree_label(count: int) -> str:
    """Return the button that finds all citations of a step to agree."""
    if count == 1:
        return _("Sesuai: simpan")
    return _("Semua sesuai: simpan %(n)s kutipan", n=count)


def each_label(count: int) -> str:
    """Return the button that saves what was chosen for each citation."""
    if count == 1:
        return _("Simpan putusan ini")
    return _("Simpan %(n)s putusan", n=count)


def not_found_texts(found: PassagesFound) -> list[str]:
    """Return, a sentence each, what of a citation the pasted text does not have."""
    said = [_("%(place)s tidak ditemukan di naskah ini.", place=name) for name in found.missing]
    for one in found.passages:
        said += _doubts(one)
    return said


def _doubts(one: Passage) -> list[str]:
    said = []
    if one.missing:
        said.append(
            _(
                "%(parts)s tidak ditemukan; yang tampak bagian di sekitarnya.",
                parts=f"{one.name}: {', '.join(one.missing)}",
            )
        )
    if one.times > 1:
        said.append(
            _(
                "%(place)s ada %(n)s kali di naskah ini; yang tampak yang pertama.",
                place=one.name,
                n=one.times,
            )
        )
    if one.is_unsure:
        said.append(
            _(
                "%(place)s: periksa batasnya, awal atau akhirnya tidak pasti di naskah ini.",
                place=one.name,
            )
        )
    return said
