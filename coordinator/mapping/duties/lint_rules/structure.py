"""Check the structure: pokja, members, leads, duties. Every gap is reported."""

import re
from collections import defaultdict
from collections.abc import Iterator

from coordinator.mapping.duties.rules import MembershipKind
from coordinator.mapping.duties.seed import Mapping
from coordinator.people.directory.rules import AgencyKind
from coordinator.platform.yaml_files import Source, YamlFinding, shown

SHARES_DATA = re.compile(
    r"(?:ber|mem)bagi(?:kan)? data\b|(?:menyampaikan|menyediakan|memberikan|menyerahkan) data\b",
    re.IGNORECASE,
)


def findings(mapping: Mapping, source: Source) -> Iterator[YamlFinding]:
    """Yield duties outside the agency's pokja, gaps, and pokja with no lead or more than one."""
    yield from _duties(mapping, source)
    yield from _gaps(mapping, source)
    yield from _leads(mapping, source)
    yield from _courts(mapping, source)


def _duties(mapping: Mapping, source: Source) -> Iterator[YamlFinding]:
    agencies = {part.id for part in mapping.agencies}
    groups = {part.id for part in mapping.working_groups}
    members = {(part.agency, part.working_group) for part in mapping.memberships}
    for index, duty in enumerate(mapping.duties):
        is_known = duty.agency in agencies and duty.working_group in groups
        if is_known and (duty.agency, duty.working_group) not in members:
            yield source.finding(
                ("duties", index, "working_group"),
                f"{duty.agency} bukan anggota pokja {duty.working_group}; "
                "tambahkan keanggotaannya (memberships) atau pindahkan uraian tugas ini.",
            )


def _gaps(mapping: Mapping, source: Source) -> Iterator[YamlFinding]:
    busy = {part.agency for part in mapping.duties}
    members = {part.agency for part in mapping.memberships}
    for index, agency in enumerate(mapping.agencies):
        missing = [
            *(["belum masuk pokja mana pun"] if agency.id not in members else []),
            *(["belum punya uraian tugas"] if agency.id not in busy else []),
        ]
        if missing:
            yield source.finding(
                ("agencies", index, "id"),
                f"{shown(agency.abbreviation)} {' dan '.join(missing)}.",
                severity="warning",
            )
    places = {(part.agency, part.working_group) for part in mapping.duties}
    for index, membership in enumerate(mapping.memberships):
        # An agency without any duty has been reported above.
        if (
            membership.agency in busy
            and (membership.agency, membership.working_group) not in places
        ):
            yield source.finding(
                ("memberships", index),
                f"{shown(membership.agency)} belum punya uraian tugas di pokja "
                f"{shown(membership.working_group)}.",
                severity="warning",
            )
    active = {part.working_group for part in mapping.duties}
    for index, group in enumerate(mapping.working_groups):
        if group.id not in active:
            yield source.finding(
                ("working_groups", index, "id"),
                f"Pokja {shown(group.number)} belum punya uraian tugas satu pun.",
                severity="warning",
            )


def _leads(mapping: Mapping, source: Source) -> Iterator[YamlFinding]:
    members: dict[str, int] = defaultdict(int)
    leads: dict[str, list[int]] = defaultdict(list)
    for index, membership in enumerate(mapping.memberships):
        members[membership.working_group] += 1
        if membership.as_ is MembershipKind.LEAD:
            leads[membership.working_group].append(index)
    for index, group in enumerate(mapping.working_groups):
        here = ("working_groups", index, "id")
        number = shown(group.number)
        if not leads[group.id]:
            said = "belum punya koordinator" if members[group.id] else "belum punya anggota"
            yield source.finding(here, f"Pokja {number} {said}.", severity="warning")
            continue
        first, *others = leads[group.id]
        line, _column = source.place(("memberships", first, "as"))
        for other in others:
            yield source.finding(
                ("memberships", other, "as"),
                f"Pokja {number} punya dua koordinator: "
                f"{shown(mapping.memberships[first].agency)} (baris {line}) dan "
                f"{shown(mapping.memberships[other].agency)}. Tulis member untuk salah satunya.",
            )


def _courts(mapping: Mapping, source: Source) -> Iterator[YamlFinding]:
    """Yield what is assigned to a court beyond sharing data: courts are independent."""
    courts = {part.id for part in mapping.agencies if part.kind is AgencyKind.PENGADILAN}
    for index, duty in enumerate(mapping.duties):
        if duty.agency in courts and not SHARES_DATA.search(duty.text):
            yield source.finding(
                ("duties", index, "text"),
                "Pengadilan hanya berbagi data; uraian tugas ini tampaknya lebih dari itu.",
                severity="warning",
            )
    for index, membership in enumerate(mapping.memberships):
        if membership.agency in courts and membership.as_ is MembershipKind.LEAD:
            yield source.finding(
                ("memberships", index, "as"),
                "Pengadilan hanya berbagi data; pilih koordinator lain.",
                severity="warning",
            )
