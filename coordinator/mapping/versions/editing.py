"""Edits of a mapping: each takes a mapping and returns another. Pure; the draft keeps the result.

Every function that saves a part raises InvalidInput with its objections by form field, and
NotFound where the part to change is not in the mapping.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from coordinator.checked import Unfit
from coordinator.errors import InvalidInput, NotFound
from coordinator.mapping.duties.rules import BasisStatus, MembershipKind
from coordinator.mapping.duties.seed import (
    AgencyPart,
    DutyPart,
    InstrumentPart,
    LegalBasis,
    Mapping,
    MembershipPart,
    SourcePart,
    WorkingGroupPart,
)
from coordinator.platform.yaml_files import SeedPart
from coordinator.translation import gettext as _

P = TypeVar("P", bound=SeedPart)
SECRETARIAT = "usulan sekretariat"
WORDS_IN_KEY = 6


def find(parts: Sequence[P], key: str) -> P:
    """Return the part with the id `key`. Raises NotFound."""
    for part in parts:
        if getattr(part, "id", None) == key:
            return part
    raise NotFound(_("Bagian itu tidak ada di pemetaan ini."))


def new_key(text: str, taken: frozenset[str], longest: int = 80) -> str:
    """Return a readable id that was never used, because history refers to removed ids too."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)[:WORDS_IN_KEY]
    stem = "-".join(words)[: longest - 4].strip("-") or "bagian"
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key


def _made(model: type[P], values: dict[str, Any]) -> P:
    try:
        return model.checked(values)
    except Unfit as error:
        raise InvalidInput(
            {
                str(part["loc"][0]): _("Isian ini kosong atau terlalu panjang.")
                for part in error.faults
            }
        ) from error


def _set(parts: Sequence[P], part: P) -> list[P]:
    """Return the parts with `part` in the place of the one with its id, else at the end."""
    key = part.id  # type: ignore[attr-defined]
    found = [part if getattr(one, "id", None) == key else one for one in parts]
    return found if part in found else [*found, part]


def _without(parts: Sequence[P], key: str) -> list[P]:
    find(parts, key)
    return [one for one in parts if getattr(one, "id", None) != key]


def with_source(mapping: Mapping, label: str) -> tuple[Mapping, str]:
    """Return the mapping with a source of proposals called `label`, and the source's id."""
    for source in mapping.sources:
        if source.label.casefold() == label.strip().casefold():
            return mapping, source.id
    key = new_key(label, frozenset(source.id for source in mapping.sources))
    source = _made(SourcePart, {"id": key, "label": label})
    return replace(mapping, sources=[*mapping.sources, source]), key


def with_basis(
    mapping: Mapping, values: dict[str, Any], new_source: str
) -> tuple[Mapping, dict[str, Any]]:
    """Return the mapping and `values` with a valid basis: anything that is not law is marked so.

    A proposal names its source (chosen, or newly written); anything else cites an article.
    """
    values = dict(values)
    if values["status"] is BasisStatus.PROPOSAL:
        if new_source.strip():
            mapping, values["source"] = with_source(mapping, new_source)
        elif not values.get("source"):
            raise InvalidInput({"source": _("Pilih sumber usulan, atau tulis yang baru.")})
    else:
        values["source"] = None
        if not values.get("citations"):
            raise InvalidInput({"status": _("Isi paling sedikit satu pasal, atau pilih usulan.")})
    return mapping, values


# --- duties --------------------------------------------------------------------------------------


def save_duty(
    mapping: Mapping,
    key: str | None,
    values: dict[str, Any],
    *,
    new_source: str = "",
    join: bool = False,
    taken: frozenset[str] = frozenset(),
) -> tuple[Mapping, str]:
    """Change the duty `key`, or add one (None); return the mapping and the duty's id.

    `join` makes the agency a member of the pokja if it is not one yet; that membership is a
    proposal of the secretariat, regardless of the duty's own basis.
    """
    former = find(mapping.duties, key) if key is not None else None
    agency = find(mapping.agencies, values["agency"])
    group = find(mapping.working_groups, values["working_group"])
    if former is None:
        for duty in mapping.duties:  # a double click adds one duty, not two
            if all(getattr(duty, n) == values[n] for n in ("agency", "working_group", "text")):
                return mapping, duty.id
    mapping, values = with_basis(mapping, values, new_source)
    own = key or new_key(
        f"{agency.id} {values['text']}",
        taken | {duty.id for duty in mapping.duties},
        longest=100,
    )
    kept = {"lineage": former.lineage} if former else {}
    duty = _made(DutyPart, {**kept, **values, "id": own})
    if not is_member(mapping, agency.id, group.id):
        if not join:
            raise InvalidInput(
                {
                    "working_group": _(
                        "%(agency)s bukan anggota Pokja %(pokja)s. Pilih pokja lain, atau centang "
                        "“Jadikan anggota pokja ini”.",
                        agency=agency.abbreviation,
                        pokja=f"{group.number} {group.short}",
                    )
                }
            )
        mapping, source = with_source(mapping, SECRETARIAT)
        member = _made(
            MembershipPart,
            {
                "agency": agency.id,
                "working_group": group.id,
                "as": MembershipKind.MEMBER,
                "status": BasisStatus.PROPOSAL,
                "source": source,
            },
        )
        mapping = replace(mapping, memberships=[*mapping.memberships, member])
    duties = _set(mapping.duties, duty) if former else _beside(mapping.duties, duty)
    return replace(mapping, duties=duties), own


def is_member(mapping: Mapping, agency: str, group: str) -> bool:
    """Return whether an agency is in a pokja."""
    return any((m.agency, m.working_group) == (agency, group) for m in mapping.memberships)


def _beside(duties: Sequence[DutyPart], duty: DutyPart) -> list[DutyPart]:
    """Return the duties with a new one after the last of its agency, as the file is ordered."""
    places = [index for index, one in enumerate(duties) if one.agency == duty.agency]
    at = places[-1] + 1 if places else len(duties)
    return [*duties[:at], duty, *duties[at:]]


def remove_duty(mapping: Mapping, key: str) -> Mapping:
    """Remove a duty from the mapping."""
    return replace(mapping, duties=_without(mapping.duties, key))


# --- agencies and their memberships --------------------------------------------------------------


def save_agency(
    mapping: Mapping,
    key: str | None,
    values: dict[str, Any],
    memberships: dict[str, dict[str, Any] | None],
    *,
    new_source: str = "",
    replace_lead: bool = False,
    taken: frozenset[str] = frozenset(),
) -> tuple[Mapping, str]:
    """Change the agency `key`, or add one (None); return the mapping and the agency's id.

    `memberships` gives, by pokja, its standing there (`as`, `status`, `source`, `citations`), or
    None where it is no member; objections name the row ("memberships.2.kind"). A pokja has one
    lead: another one becomes a member where `replace_lead`, else it is refused.
    """
    former = find(mapping.agencies, key) if key is not None else None
    own = key or new_key(
        values["abbreviation"], taken | {agency.id for agency in mapping.agencies}, longest=60
    )
    kept = {"former_ids": former.former_ids, "lineage": former.lineage} if former else {}
    agency = _made(AgencyPart, {**kept, **values, "id": own})
    _require_own_names(mapping, agency)
    mapping = replace(mapping, agencies=_set(mapping.agencies, agency))
    errors: dict[str, str] = {}
    for number, (group, standing) in enumerate(memberships.items()):
        try:
            mapping = _set_membership(mapping, agency, group, standing, new_source, replace_lead)
        except InvalidInput as error:
            errors |= {f"memberships.{number}.{name}": text for name, text in error.fields.items()}
    if errors:
        raise InvalidInput(errors)
    return mapping, own


def _require_own_names(mapping: Mapping, agency: AgencyPart) -> None:
    used = {
        name.casefold(): other.abbreviation
        for other in mapping.agencies
        if other.id != agency.id
        for name in (other.name, other.abbreviation, *other.aliases)
    }
    objections = {}
    for field, names in (
        ("name", [agency.name]),
        ("abbreviation", [agency.abbreviation]),
        ("aliases", agency.aliases),
    ):
        for name in names:
            if name.casefold() in used:
                objections[field] = _(
                    "“%(name)s” sudah dipakai oleh %(other)s.",
                    name=name,
                    other=used[name.casefold()],
                )
    if objections:
        raise InvalidInput(objections)


def _set_membership(
    mapping: Mapping,
    agency: AgencyPart,
    group_key: str,
    standing: dict[str, Any] | None,
    new_source: str,
    replace_lead: bool,
) -> Mapping:
    group = find(mapping.working_groups, group_key)
    rest = [m for m in mapping.memberships if (m.agency, m.working_group) != (agency.id, group.id)]
    if standing is None:
        duties = sum(
            (duty.agency, duty.working_group) == (agency.id, group.id) for duty in mapping.duties
        )
        if duties:
            raise InvalidInput(
                {
                    "kind": _(
                        "Masih ada %(n)s tugas di Pokja %(pokja)s. Pindahkan atau hapus dahulu.",
                        n=duties,
                        pokja=group.number,
                    )
                }
            )
        return replace(mapping, memberships=rest)
    mapping, standing = with_basis(mapping, standing, "" if standing.get("source") else new_source)
    member = _made(MembershipPart, {**standing, "agency": agency.id, "working_group": group.id})
    lead = lead_of(mapping, group.id)
    if member.as_ is MembershipKind.LEAD and lead not in (None, agency.id):
        if not replace_lead:
            raise InvalidInput(
                {
                    "kind": _(
                        "Pokja %(pokja)s sudah dikoordinasi %(lead)s. Pilih anggota, atau centang "
                        "“Koordinator sekarang menjadi anggota”.",
                        pokja=group.number,
                        lead=find(mapping.agencies, lead or "").abbreviation,
                    )
                }
            )
        rest = [
            replace(m, as_=MembershipKind.MEMBER)
            if (m.agency, m.working_group) == (lead, group.id)
            else m
            for m in rest
        ]
    places = [
        index
        for index, m in enumerate(mapping.memberships)
        if (m.agency, m.working_group) == (agency.id, group.id)
    ]
    at = places[0] if places else len(rest)
    return replace(mapping, memberships=[*rest[:at], member, *rest[at:]])


def lead_of(mapping: Mapping, group: str) -> str | None:
    """Return the id of the agency that leads a pokja."""
    leads = (m for m in mapping.memberships if m.as_ is MembershipKind.LEAD)
    return next((m.agency for m in leads if m.working_group == group), None)


def remove_agency(mapping: Mapping, key: str) -> Mapping:
    """Remove an agency without duties from the task force, with its memberships."""
    agency = find(mapping.agencies, key)
    duties = sum(duty.agency == key for duty in mapping.duties)
    if duties:
        raise InvalidInput(
            {
                "name": _(
                    "%(agency)s masih punya %(n)s tugas. Pindahkan atau hapus dahulu.",
                    agency=agency.abbreviation,
                    n=duties,
                )
            }
        )
    return replace(
        mapping,
        agencies=_without(mapping.agencies, key),
        memberships=[m for m in mapping.memberships if m.agency != key],
    )


# --- legal instruments ---------------------------------------------------------------------------


def save_instrument(
    mapping: Mapping,
    key: str | None,
    values: dict[str, Any],
    *,
    taken: frozenset[str] = frozenset(),
) -> tuple[Mapping, str]:
    """Change the instrument `key`, or add one (None); return the mapping and the id."""
    former = find(mapping.legal_instruments, key) if key is not None else None
    known = {part.id for part in mapping.legal_instruments}
    own = key or new_key(values["short"], taken | known)
    starts, ends = values.get("in_force_from"), values.get("in_force_to")
    if starts and ends and ends < starts:
        raise InvalidInput({"in_force_to": _("Akhir berlaku tidak boleh sebelum mulai berlaku.")})
    if own in values.get("amended_by", []):
        raise InvalidInput({"amended_by": _("Peraturan tidak dapat mengubah dirinya sendiri.")})
    for other in mapping.legal_instruments:
        if other.id != own and other.short.casefold() == values["short"].strip().casefold():
            raise InvalidInput({"short": _("Sebutan ini sudah dipakai.")})
    kept = {"articles": former.articles} if former else {}
    part = _made(InstrumentPart, {**kept, **values, "id": own})
    return (
        replace(mapping, legal_instruments=_set(mapping.legal_instruments, part)),
        own,
    )


@dataclass(frozen=True, slots=True)
class InstrumentUses:
    """What of a mapping needs an instrument: how many duties, memberships and duties of a
    kabupaten/kota cite it, and which instruments it amends."""

    duties: int
    memberships: int
    regency_duties: int
    amends: tuple[str, ...]

    @property
    def citations(self) -> int:
        """Return how many parts cite it."""
        return self.duties + self.memberships + self.regency_duties

    @property
    def words(self) -> str:
        """Say what uses it; "" where nothing does."""
        said = []
        if self.duties:
            said.append(_("dikutip %(n)s uraian tugas", n=self.duties))
        if self.memberships:
            said.append(_("dikutip %(n)s keanggotaan pokja", n=self.memberships))
        if self.regency_duties:
            said.append(_("dikutip %(n)s tugas kabupaten/kota", n=self.regency_duties))
        if self.amends:
            said.append(_("tercatat mengubah %(other)s", other=", ".join(self.amends)))
        return ", ".join(said)


def uses_of(mapping: Mapping, instrument: str) -> InstrumentUses:
    """Return what needs an instrument: while something does, it cannot be removed."""

    def cited(parts: Sequence[LegalBasis]) -> int:
        return sum(any(c.instrument == instrument for c in part.citations) for part in parts)

    return InstrumentUses(
        cited(mapping.duties),
        cited(mapping.memberships),
        sum(part.instrument == instrument for part in mapping.regency_duties),
        tuple(part.short for part in mapping.legal_instruments if instrument in part.amended_by),
    )


def remove_instrument(mapping: Mapping, key: str) -> Mapping:
    """Remove an instrument that nothing cites and that amends nothing."""
    if words := uses_of(mapping, key).words:
        raise InvalidInput({"short": _("Masih dipakai: %(what)s.", what=words)})
    return replace(mapping, legal_instruments=_without(mapping.legal_instruments, key))


# --- pokja ---------------------------------------------------------------------------------------


def save_group(
    mapping: Mapping,
    key: str | None,
    values: dict[str, Any],
    *,
    taken: frozenset[str] = frozenset(),
) -> tuple[Mapping, str]:
    """Change the pokja `key`, or add one (None); return the mapping and the id."""
    if key is not None:
        find(mapping.working_groups, key)
    own = key or new_key(
        values["short"], taken | {part.id for part in mapping.working_groups}, longest=60
    )
    for other in mapping.working_groups:
        if other.id != own and other.number.casefold() == values["number"].strip().casefold():
            raise InvalidInput(
                {"number": _("Nomor ini sudah dipakai pokja %(other)s.", other=other.short)}
            )
    part = _made(WorkingGroupPart, {**values, "id": own})
    return replace(mapping, working_groups=_set(mapping.working_groups, part)), own


def remove_group(mapping: Mapping, key: str) -> Mapping:
    """Retire a pokja that has neither members nor duties."""
    members = sum(m.working_group == key for m in mapping.memberships)
    duties = sum(duty.working_group == key for duty in mapping.duties)
    if members or duties:
        raise InvalidInput(
            {
                "name": _(
                    "Pokja ini masih punya %(m)s anggota dan %(n)s tugas. Pindahkan dahulu.",
                    m=members,
                    n=duties,
                )
            }
        )
    return replace(mapping, working_groups=_without(mapping.working_groups, key))


def move_group(mapping: Mapping, key: str, *, up: bool) -> Mapping:
    """Move a pokja one place up or down in every list; at the end of the list it stays."""
    groups = list(mapping.working_groups)
    at = groups.index(find(groups, key))
    to = at - 1 if up else at + 1
    if 0 <= to < len(groups):
        groups[at], groups[to] = groups[to], groups[at]
    return replace(mapping, working_groups=groups)
