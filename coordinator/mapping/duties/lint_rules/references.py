"""Check ids: unique, and defined where they are used."""

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

from coordinator.mapping.duties.lint_rules.nearest import NamedPart, NamedParts
from coordinator.mapping.duties.seed import DutyPart, Mapping, MembershipPart
from coordinator.platform.yaml_files import Source, YamlFinding, shown

# list, key that must be unique in it
UNIQUE = (
    ("sources", "id"),
    ("legal_instruments", "id"),
    ("task_forces", "code"),
    ("working_groups", "id"),
    ("working_groups", "number"),
    ("agencies", "id"),
    ("duties", "id"),
    ("regency_duties", "id"),
)


def based_parts(mapping: Mapping) -> Iterator[tuple[str, int, MembershipPart | DutyPart]]:
    """Yield what has a legal basis: the list it is in, its place there, and itself."""
    for index, membership in enumerate(mapping.memberships):
        yield "memberships", index, membership
    for index, duty in enumerate(mapping.duties):
        yield "duties", index, duty


def findings(mapping: Mapping, source: Source) -> Iterator[YamlFinding]:
    """Yield duplicate ids, undefined ids, and chains that form a cycle."""
    yield from _duplicates(mapping, source)
    yield from _shared_names(mapping, source)
    yield from _unknown(mapping, source)
    yield from _rounds(mapping, source)


def _duplicates(mapping: Mapping, source: Source) -> Iterator[YamlFinding]:
    for name, key in UNIQUE:
        seen: dict[str, int] = {}
        for index, part in enumerate(getattr(mapping, name)):
            value = getattr(part, key)
            line, _column = source.place((name, index, key))
            if value in seen:
                yield source.finding(
                    (name, index, key),
                    f"“{shown(value)}” sudah dipakai di baris {seen[value]}.",
                )
            seen.setdefault(value, line)
    pairs: dict[tuple[str, str], int] = {}
    for index, membership in enumerate(mapping.memberships):
        pair = (membership.agency, membership.working_group)
        line, _column = source.place(("memberships", index))
        if pair in pairs:
            yield source.finding(
                ("memberships", index),
                f"Keanggotaan {shown(pair[0])} di pokja {shown(pair[1])} sudah ada di baris "
                f"{pairs[pair]}.",
            )
        pairs.setdefault(pair, line)


def _shared_names(mapping: Mapping, source: Source) -> Iterator[YamlFinding]:
    owners: dict[str, str] = {}
    for index, agency in enumerate(mapping.agencies):
        here: tuple[str | int, ...] = ("agencies", index)
        names = [((*here, "name"), agency.name), ((*here, "abbreviation"), agency.abbreviation)]
        names += [((*here, "aliases", n), alias) for n, alias in enumerate(agency.aliases)]
        for place, name in names:
            owner = owners.setdefault(name.casefold(), agency.id)
            if owner != agency.id:
                yield source.finding(
                    place,
                    f"Nama “{shown(name)}” juga dipakai oleh {owner}; satu nama, satu instansi.",
                )


def _unknown(mapping: Mapping, source: Source) -> Iterator[YamlFinding]:  # noqa: C901
    forces = NamedParts(
        "Gugus tugas", (NamedPart(p.code, p.name, (p.region,)) for p in mapping.task_forces)
    )
    instruments = NamedParts(
        "Dasar hukum", (NamedPart(p.id, p.short, (p.title,)) for p in mapping.legal_instruments)
    )
    agencies = NamedParts(
        "Instansi",
        (NamedPart(p.id, p.name, (p.abbreviation, *p.aliases)) for p in mapping.agencies),
    )
    groups = NamedParts(
        "Pokja",
        (
            NamedPart(p.id, p.name, (p.short, p.code, p.number, f"pokja {p.number}"))
            for p in mapping.working_groups
        ),
    )
    origins = NamedParts("Sumber", (NamedPart(p.id, p.label) for p in mapping.sources))
    for index, force in enumerate(mapping.task_forces):
        if force.parent is not None and force.parent not in forces:
            yield source.finding(("task_forces", index, "parent"), forces.unknown(force.parent))
    for index, instrument in enumerate(mapping.legal_instruments):
        for place, other in enumerate(instrument.amended_by):
            if other not in instruments:
                yield source.finding(
                    ("legal_instruments", index, "amended_by", place), instruments.unknown(other)
                )
    for name, index, part in based_parts(mapping):
        if part.agency not in agencies:
            yield source.finding((name, index, "agency"), agencies.unknown(part.agency))
        if part.working_group not in groups:
            yield source.finding((name, index, "working_group"), groups.unknown(part.working_group))
        if part.source is not None and part.source not in origins:
            yield source.finding((name, index, "source"), origins.unknown(part.source))
        for place, citation in enumerate(part.citations):
            if citation.instrument not in instruments:
                yield source.finding(
                    (name, index, "citations", place, "instrument"),
                    instruments.unknown(citation.instrument),
                )
    for index, duty in enumerate(mapping.duties):
        model = duty.limit.source if duty.limit else None
        if model is not None and model not in origins:
            yield source.finding(("duties", index, "limit", "source"), origins.unknown(model))
    for index, one in enumerate(mapping.regency_duties):
        if one.instrument not in instruments:
            yield source.finding(
                ("regency_duties", index, "instrument"), instruments.unknown(one.instrument)
            )


def _rounds(mapping: Mapping, source: Source) -> Iterator[YamlFinding]:
    amended = {part.id: part.amended_by for part in mapping.legal_instruments}
    round_ = _first_round(amended)
    if round_:
        index = next(i for i, p in enumerate(mapping.legal_instruments) if p.id in round_)
        yield source.finding(
            ("legal_instruments", index, "amended_by"),
            f"Rantai perubahan berputar: {shown(' → '.join(round_))}.",
        )
    parents = {part.code: [part.parent] for part in mapping.task_forces if part.parent is not None}
    round_ = _first_round(parents)
    if round_:
        index = next(i for i, p in enumerate(mapping.task_forces) if p.code in round_)
        yield source.finding(
            ("task_forces", index, "parent"),
            f"Gugus tugas induk berputar: {shown(' → '.join(round_))}.",
        )


def _first_round(graph: dict[str, Iterable[str]] | dict[str, list[str]]) -> list[str]:
    """Return the ids of a chain that forms a cycle; empty if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))  # it follows the arrows backwards
    return []
