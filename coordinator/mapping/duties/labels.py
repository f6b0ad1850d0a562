"""The labels of the responsibility matrix: the same on the page, in sheets and on paper."""

from coordinator.mapping.duties.responsibility import (
    AgencyRow,
    GroupColumn,
    GroupPart,
    MappingFilter,
)
from coordinator.mapping.duties.rules import BasisStatus, MembershipKind
from coordinator.people.directory.rules import AgencyKind
from coordinator.translation import gettext as _


def kind_labels() -> dict[AgencyKind, str]:
    """Return the kinds of agencies in words, in the order of the filter."""
    return {
        AgencyKind.PERANGKAT_DAERAH: _("Perangkat daerah"),
        AgencyKind.INSTANSI_VERTIKAL: _("Instansi vertikal"),
        AgencyKind.PENEGAK_HUKUM: _("Penegak hukum"),
        AgencyKind.PENGADILAN: _("Pengadilan"),
        AgencyKind.TNI: _("TNI"),
        AgencyKind.LEMBAGA: _("Lembaga"),
        AgencyKind.MASYARAKAT: _("Masyarakat"),
    }


def status_labels() -> dict[BasisStatus, str]:
    """Return the label of each kind of basis that a duty can have."""
    return {
        BasisStatus.REGULATION: _("Peraturan"),
        BasisStatus.GUIDE: _("Petunjuk resmi"),
        BasisStatus.DECREE: _("Keputusan (SK)"),
        BasisStatus.PROPOSAL: _("Belum ditetapkan"),
    }


def standing_labels() -> dict[MembershipKind, str]:
    """Return an agency's standing in a pokja in words."""
    return {MembershipKind.LEAD: _("Koordinator"), MembershipKind.MEMBER: _("Anggota")}


def part_text(part: GroupPart, status: BasisStatus | None) -> str:
    """Return a text such as "Koordinator · 3 tugas" or "Bukan anggota · 2 tugas"."""
    name = standing_labels()[part.kind] if part.kind else _("Bukan anggota")
    if part.duties == 0:
        counted = _("belum ada tugas")
    elif status is None:
        counted = _("%(n)s tugas", n=part.duties)
    else:
        counted = _("%(n)s dari %(m)s tugas", n=part.shown, m=part.duties)
    return f"{name} · {counted}"


def lead_text(column: GroupColumn) -> str:
    """Return who leads a pokja, or that nobody does."""
    return column.lead or _("belum ada koordinator")


def gap_text(row: AgencyRow) -> str:
    """Return the gaps of an agency in words; empty where there are none."""
    if row.is_homeless:
        return _("belum di pokja mana pun")
    idle = sum(part.duties == 0 for part in row.parts.values())
    outside = sum(part.kind is None for part in row.parts.values())
    said = []
    if idle:
        said.append(_("belum ada tugas di %(n)s pokja", n=idle))
    if outside:
        said.append(_("tugas di %(n)s pokja tanpa keanggotaan", n=outside))
    return "; ".join(said)


def filter_texts(asked: MappingFilter, group_name: str) -> list[str]:
    """Return the filter in words, for "Disaring: ..."."""
    said = []
    if asked.group:
        said.append(_("Pokja %(name)s", name=group_name))
    if asked.kind is not None:
        said.append(kind_labels()[asked.kind])
    if asked.status is not None:
        said.append(_("dasar: %(status)s", status=status_labels()[asked.status]))
    if asked.gaps_only:
        said.append(_("hanya yang ada kurangnya"))
    return said
