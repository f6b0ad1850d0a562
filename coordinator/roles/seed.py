"""The shape of `seed/roles_perpres49.yaml`, and what must agree inside it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from coordinator.directory.rules import AgencyKind, TaskForceLevel
from coordinator.roles.rules import BasisStatus, MembershipKind
from coordinator.seedfile import BadFile, Finding, Part, Source, read, validate

Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]


class SourcePart(Part):
    """Where a proposal comes from."""

    id: Key
    label: Text
    note: str | None = None


class InstrumentPart(Part):
    """A law, regulation or decree."""

    id: Key
    kind: Literal["uu", "pp", "perpres", "permen", "peraturan", "perda", "pergub", "keputusan"]
    short: Annotated[str, Field(min_length=1, max_length=80)]
    title: Text
    in_force_from: date | None = None
    in_force_to: date | None = None
    amended_by: list[Key] = []
    text_checked_on: date | None = None
    note: str | None = None


class TaskForcePart(Part):
    """A province's or kabupaten/kota's task force, by Kemendagri code."""

    code: Annotated[str, Field(max_length=8, min_length=2)]
    name: Text
    region: Text
    level: TaskForceLevel
    parent: str | None = None


class WorkingGroupPart(Part):
    """A pokja."""

    id: Key
    number: Annotated[str, Field(max_length=6, min_length=1)]
    code: Annotated[str, Field(max_length=20, min_length=1)]
    short: Annotated[str, Field(max_length=40, min_length=1)]
    name: Text
    scope: Text


class AgencyPart(Part):
    """A member of the task force.

    `former_ids` are ids it had before: its history and its printed addresses stay. `lineage` names
    the agency of the province it was mirrored from: the same kind of agency.
    """

    id: Key
    name: Text
    abbreviation: Annotated[str, Field(max_length=60, min_length=1)]
    kind: AgencyKind
    aliases: list[Text] = []
    note: str | None = None
    former_ids: list[Key] = []
    lineage: Key | None = None


class CitationPart(Part):
    """An article of an instrument."""

    instrument: Key
    article: Annotated[str, Field(max_length=200, min_length=1)]
    note: str | None = None
    text_checked_on: date | None = None


class Basis(Part):
    """What stands behind a duty or a membership."""

    status: BasisStatus
    source: Key | None = None
    citations: list[CitationPart] = []


class MembershipPart(Basis):
    """An agency in a pokja."""

    agency: Key
    working_group: Key
    as_: Annotated[MembershipKind, Field(alias="as")]


class DutyPart(Basis):
    """What an agency must do in a pokja. `lineage` names the duty it was mirrored from."""

    id: Key
    lineage: Key | None = None
    agency: Key
    working_group: Key
    text: Text
    unit: str | None = None
    evidence: list[Text] = []
    not_evidence: list[Text] = []
    example: str | None = None


class Mapping(Part):
    """The whole file. It maps the first task force of the list; the others are only named."""

    schema_: Annotated[Literal["1"], Field(alias="schema")]
    title: Text
    note: str | None = None
    sources: list[SourcePart]
    legal_instruments: list[InstrumentPart]
    task_forces: Annotated[list[TaskForcePart], Field(min_length=1)]
    working_groups: list[WorkingGroupPart]
    agencies: list[AgencyPart]
    memberships: list[MembershipPart]
    duties: list[DutyPart]


def _duplicates(mapping: Mapping, source: Source) -> Iterator[Finding]:
    lists = (
        ("sources", "id"),
        ("legal_instruments", "id"),
        ("task_forces", "code"),
        ("working_groups", "id"),
        ("agencies", "id"),
        ("duties", "id"),
    )
    for name, key in lists:
        seen: set[str] = set()
        for index, part in enumerate(getattr(mapping, name)):
            value = getattr(part, key)
            if value in seen:
                yield source.finding((name, index, key), f"“{value}” sudah dipakai di atas.")
            seen.add(value)
    pairs: set[tuple[str, str]] = set()
    for index, membership in enumerate(mapping.memberships):
        pair = (membership.agency, membership.working_group)
        if pair in pairs:
            yield source.finding(
                ("memberships", index), f"Keanggotaan {pair[0]} di {pair[1]} sudah ada di atas."
            )
        pairs.add(pair)
    names: dict[str, str] = {}
    for index, agency in enumerate(mapping.agencies):
        for name in {agency.name, agency.abbreviation, *agency.aliases}:
            owner = names.setdefault(name.casefold(), agency.id)
            if owner != agency.id:
                yield source.finding(
                    ("agencies", index), f"Nama “{name}” juga dipakai oleh {owner}."
                )


def _unknown(mapping: Mapping, source: Source) -> Iterator[Finding]:
    agencies = {part.id for part in mapping.agencies}
    groups = {part.id for part in mapping.working_groups}
    instruments = {part.id for part in mapping.legal_instruments}
    sources = {part.id for part in mapping.sources}
    codes = {part.code for part in mapping.task_forces}
    for index, force in enumerate(mapping.task_forces):
        if force.parent is not None and force.parent not in codes:
            yield source.finding(
                ("task_forces", index, "parent"), f"Gugus tugas {force.parent} tidak ada."
            )
    for index, instrument in enumerate(mapping.legal_instruments):
        for other in instrument.amended_by:
            if other not in instruments:
                yield source.finding(
                    ("legal_instruments", index, "amended_by"), f"Dasar hukum {other} tidak ada."
                )
    for name in ("memberships", "duties"):
        for index, part in enumerate(getattr(mapping, name)):
            if part.agency not in agencies:
                yield source.finding(
                    (name, index, "agency"), f"Instansi “{part.agency}” tidak ada di daftar."
                )
            if part.working_group not in groups:
                yield source.finding(
                    (name, index, "working_group"), f"Pokja “{part.working_group}” tidak ada."
                )
            if part.source is not None and part.source not in sources:
                yield source.finding(
                    (name, index, "source"), f"Sumber “{part.source}” tidak ada di daftar."
                )
            for place, citation in enumerate(part.citations):
                if citation.instrument not in instruments:
                    yield source.finding(
                        (name, index, "citations", place, "instrument"),
                        f"Dasar hukum “{citation.instrument}” tidak ada di daftar.",
                    )


def _unfounded(mapping: Mapping, source: Source) -> Iterator[Finding]:
    """What is not law is marked: a legal status needs an article, a proposal needs its source."""
    for name in ("memberships", "duties"):
        for index, part in enumerate(getattr(mapping, name)):
            if part.status is BasisStatus.PROPOSAL:
                if part.source is None:
                    yield source.finding(
                        (name, index, "source"), "Status proposal harus menyebut sumbernya."
                    )
            elif not part.citations:
                yield source.finding(
                    (name, index, "status"),
                    f"Status {part.status.value} harus menyebut pasal (citations).",
                )


def _structure(mapping: Mapping, source: Source) -> Iterator[Finding]:
    members = {(part.agency, part.working_group) for part in mapping.memberships}
    with_duty = {(part.agency, part.working_group) for part in mapping.duties}
    for index, duty in enumerate(mapping.duties):
        if (duty.agency, duty.working_group) not in members:
            yield source.finding(
                ("duties", index), f"{duty.agency} bukan anggota pokja {duty.working_group}."
            )
    for index, membership in enumerate(mapping.memberships):
        if (membership.agency, membership.working_group) not in with_duty:
            yield source.finding(
                ("memberships", index),
                f"{membership.agency} belum punya uraian tugas di {membership.working_group}.",
                severity="warning",
            )
    for index, group in enumerate(mapping.working_groups):
        leads = [
            part.agency
            for part in mapping.memberships
            if part.working_group == group.id and part.as_ is MembershipKind.LEAD
        ]
        if len(leads) > 1:
            yield source.finding(
                ("working_groups", index), f"Pokja {group.number} punya dua koordinator."
            )
        elif not leads:
            yield source.finding(
                ("working_groups", index),
                f"Pokja {group.number} belum punya koordinator.",
                severity="warning",
            )


def check(path: Path) -> tuple[Mapping | None, list[Finding]]:
    """Read and check a mapping file; return it (None where an error stands) and all findings."""
    try:
        source = read(path)
        mapping = validate(source, Mapping)
    except BadFile as error:
        return None, error.findings
    findings = [
        *_duplicates(mapping, source),
        *_unknown(mapping, source),
        *_unfounded(mapping, source),
        *_structure(mapping, source),
    ]
    findings.sort(key=lambda finding: (finding.line, finding.column))
    has_error = any(finding.severity == "error" for finding in findings)
    return (None if has_error else mapping), findings
