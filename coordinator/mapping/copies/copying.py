"""Derive a kabupaten/kota's first mapping from the province's. Pure."""

from collections.abc import Mapping as Mappings
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coordinator.mapping.duties.rules import BasisStatus, MembershipKind
from coordinator.mapping.duties.seed import (
    AgencyPart,
    DutyPart,
    InstrumentPart,
    Mapping,
    MembershipPart,
    SourcePart,
    TaskForcePart,
)
from coordinator.people.directory.rules import AgencyKind
from coordinator.translation import gettext as _

SOURCE = SourcePart(
    id="disalin-dari-provinsi",
    label="Disalin dari pemetaan provinsi",
    note="Belum diperiksa untuk kabupaten/kota. SK gugus tugas setempat yang menetapkan.",
)
DECREE = "sk-gugus-tugas"


@dataclass(frozen=True, slots=True)
class CopyChoice:
    """What the secretariat decided about one agency of the province.

    `places` maps a pokja's id to lead or member; a pokja not in it is one it does not belong to.
    """

    lineage: str
    is_included: bool
    name: str
    abbreviation: str
    places: Mappings[str, MembershipKind]


@dataclass(frozen=True, slots=True)
class Decree:
    """The SK that sets the task force up: number, and the day it was signed (ISO)."""

    number: str
    signed_on: str


def local_name(name: str, kind: AgencyKind, *, province: str, region: str) -> str:
    """Return the proposed name of the same kind of agency in a kabupaten/kota.

    A biro of the province's Sekretariat Daerah is a bagian there. What is not an office of the
    region's own government keeps its name, because the local office's name is not known here.
    """
    if kind is not AgencyKind.PERANGKAT_DAERAH:
        return name
    base = name.removesuffix(f" {province}").strip()
    if base.startswith("Biro "):
        base = "Bagian " + base.removeprefix("Biro ")
    return f"{base} {region}"


def local_abbreviation(abbreviation: str) -> str:
    """Return the proposed abbreviation: "Biro Hukum" is "Bagian Hukum" in a kabupaten/kota."""
    if abbreviation.startswith("Biro "):
        return "Bagian " + abbreviation.removeprefix("Biro ")
    return abbreviation


def is_proposed(part: AgencyPart) -> bool:
    """Return whether an agency is selected by default.

    True for offices of the region's own government that every region has. A hospital with its own
    name is not one.
    """
    return part.kind is AgencyKind.PERANGKAT_DAERAH and not part.name.startswith("RSUD ")


def proposals(province: Mapping, *, region: str) -> list[CopyChoice]:
    """Return what is proposed for each agency of the province's mapping, in its order."""
    own_region = province.task_forces[0].region
    places: dict[str, dict[str, MembershipKind]] = {}
    for part in province.memberships:
        places.setdefault(part.agency, {})[part.working_group] = part.as_
    return [
        CopyChoice(
            lineage=agency.lineage or agency.id,
            is_included=is_proposed(agency),
            name=local_name(agency.name, agency.kind, province=own_region, region=region),
            abbreviation=local_abbreviation(agency.abbreviation),
            places=places.get(agency.id, {}),
        )
        for agency in province.agencies
    ]


def choices_of(draft: Mapping, province: Mapping, *, region: str) -> list[CopyChoice]:
    """Return what a draft says of each agency of the province, for the table."""
    kept = {part.lineage or part.id: part for part in draft.agencies}
    places: dict[str, dict[str, MembershipKind]] = {}
    for member in draft.memberships:
        places.setdefault(member.agency, {})[member.working_group] = member.as_
    found = []
    for proposal in proposals(province, region=region):
        agency = kept.get(proposal.lineage)
        if agency is None:
            found.append(
                CopyChoice(
                    proposal.lineage,
                    False,
                    proposal.name,
                    proposal.abbreviation,
                    proposal.places,
                )
            )
        else:
            found.append(
                CopyChoice(
                    proposal.lineage,
                    True,
                    agency.name,
                    agency.abbreviation,
                    places.get(agency.id, {}),
                )
            )
    return found


def copied_mapping(
    province: Mapping,
    force: TaskForcePart,
    choices: Sequence[CopyChoice],
    *,
    decree: Decree | None = None,
) -> Mapping:
    """Return a kabupaten/kota's mapping made from the province's and what was chosen.

    Every duty and membership becomes a `proposal` with the copying as its source, regardless of its
    status in the province: an article that names the provincial office assigns nothing here. The
    articles are kept as a general reference.
    """
    wanted = {choice.lineage: choice for choice in choices if choice.is_included}
    agencies, memberships = [], []
    for agency in province.agencies:
        choice = wanted.get(agency.lineage or agency.id)
        if choice is None:
            continue
        agencies.append(
            AgencyPart.made(
                id=agency.id,
                name=choice.name,
                abbreviation=choice.abbreviation,
                kind=agency.kind,
                lineage=choice.lineage,
            )
        )
        cited = {
            part.working_group: part.citations
            for part in province.memberships
            if part.agency == agency.id
        }
        memberships += [
            MembershipPart(
                agency=agency.id,
                working_group=group,
                as_=kind,
                status=BasisStatus.PROPOSAL,
                source=SOURCE.id,
                citations=cited.get(group, []),
            )
            for group, kind in choice.places.items()
        ]
    duties = copied_duties(province, choices)
    instruments = list(province.legal_instruments)
    if decree is not None:
        instruments = [part for part in instruments if part.id != DECREE]
        instruments.append(_decree_part(decree, force))
    models = {duty.limit.source for duty in duties if duty.limit}
    others = [part for part in province.task_forces if part.code == force.parent]
    return Mapping(
        schema_="1",
        title=f"Pemetaan {force.name}",
        sources=[SOURCE, *(part for part in province.sources if part.id in models)],
        legal_instruments=instruments,
        task_forces=[force, *others],
        working_groups=province.working_groups,
        agencies=agencies,
        memberships=memberships,
        duties=duties,
        regency_duties=province.regency_duties,
    )


def copied_duties(province: Mapping, choices: Sequence[CopyChoice]) -> list[DutyPart]:
    """Return the duties that come with the chosen agencies and pokja."""
    lineages = {part.id: part.lineage or part.id for part in province.agencies}
    places = {choice.lineage: choice.places for choice in choices if choice.is_included}
    return [
        _copied(duty)
        for duty in province.duties
        if duty.working_group in places.get(lineages.get(duty.agency, ""), {})
    ]


def _copied(duty: DutyPart) -> DutyPart:
    return replace(
        duty,
        status=BasisStatus.PROPOSAL,
        source=SOURCE.id,
        lineage=duty.lineage or duty.id,
        unit=None,
    )


def _decree_part(decree: Decree, force: TaskForcePart) -> InstrumentPart:
    return InstrumentPart.made(
        id=DECREE,
        kind="keputusan",
        short=f"SK {decree.number}"[:80],
        title=f"Keputusan tentang {force.name}, nomor {decree.number}",
        in_force_from=decree.signed_on,
    )


def problems(choices: Sequence[CopyChoice]) -> dict[str, str]:  # noqa: C901
    """Return the problems of a table, by field name."""
    found: dict[str, str] = {}
    names: dict[str, str] = {}
    included = [choice for choice in choices if choice.is_included]
    if not included:
        found["table"] = _("Centang paling sedikit satu instansi.")
    for choice in included:
        if not choice.name.strip():
            found[f"name-{choice.lineage}"] = _("Isi nama instansi.")
        if not choice.abbreviation.strip():
            found[f"short-{choice.lineage}"] = _("Isi singkatan.")
        if not choice.places:
            found[f"name-{choice.lineage}"] = _("Pilih paling sedikit satu pokja.")
        for text in {choice.name.strip().casefold(), choice.abbreviation.strip().casefold()}:
            owner = names.setdefault(text, choice.lineage)
            if text and owner != choice.lineage:
                found[f"name-{choice.lineage}"] = _("Nama atau singkatan ini dipakai dua kali.")
    leads: dict[str, str] = {}
    for choice in included:
        for group, kind in choice.places.items():
            if kind is MembershipKind.LEAD and leads.setdefault(group, choice.lineage) != (
                choice.lineage
            ):
                found[f"place-{choice.lineage}-{group}"] = _("Pokja ini sudah punya koordinator.")
    return found
