"""What one mapping changes against another: sentences for each agency, not a deepdiff. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from coordinator.formatting import plain_date
from coordinator.mapping.duties.chain_labels import limit_size, limit_text, step_text
from coordinator.mapping.duties.differences import (
    CHAIN,
    MappingChange,
    MappingDifference,
    MappingSubject,
)
from coordinator.mapping.duties.rules import BasisStatus, keeps_answers, split_basis
from coordinator.mapping.duties.seed import (
    AgencyPart,
    CitationPart,
    DutyPart,
    InstrumentPart,
    LegalBasis,
    LimitPart,
    Mapping,
    MembershipPart,
    WorkingGroupPart,
)
from coordinator.people.directory.rules import AgencyKind
from coordinator.platform.versioned_documents.comparing import pairs

# What an agency's answer depends on besides the place of the duty: docs/decisions/0009.
WORDING = ("text", "unit")
RECIPE = ("evidence", "not_evidence", "example")
STATUS_WORDS = {
    BasisStatus.REGULATION: "peraturan",
    BasisStatus.GUIDE: "petunjuk",
    BasisStatus.DECREE: "keputusan",
}
KIND_WORDS = {
    AgencyKind.PERANGKAT_DAERAH: "perangkat daerah",
    AgencyKind.INSTANSI_VERTIKAL: "instansi vertikal",
    AgencyKind.PENEGAK_HUKUM: "penegak hukum",
    AgencyKind.PENGADILAN: "pengadilan",
    AgencyKind.TNI: "TNI",
    AgencyKind.LEMBAGA: "lembaga",
    AgencyKind.MASYARAKAT: "masyarakat",
}


class _Names:
    """The names of a mapping's parts, and each legal basis in words."""

    def __init__(self, mapping: Mapping) -> None:
        self.agencies = {part.id: part.abbreviation for part in mapping.agencies}
        self.groups = {
            part.id: f"Pokja {part.number} {part.short}" for part in mapping.working_groups
        }
        self.instruments = {part.id: part for part in mapping.legal_instruments}
        self.sources = {part.id: part.label for part in mapping.sources}

    def agency(self, key: str) -> str:
        return self.agencies.get(key, key)

    def place(self, agency: str, group: str) -> str:
        return f"{self.agency(agency)}, {self.groups.get(group, group)}"

    def limit(self, limit: LimitPart) -> str:
        """Return a limit with what it rests on."""
        size = limit_size(limit.value, limit.unit, limit.at)
        if limit.source is not None:
            return limit_text(size, None, self.sources.get(limit.source, limit.source))
        instrument = self.instruments.get(limit.instrument or "")
        short = instrument.short if instrument else limit.instrument
        return limit_text(size, f"{short} {limit.article}", None)

    def basis(self, part: LegalBasis, *, with_notes: bool = False) -> str:
        """Return the legal basis in one line: what assigns it, or a proposal's source, and the
        general references."""
        own, general = split_basis(part.status, part.citations, self._kind)
        cited = self._cited(own, with_notes=with_notes)
        other = self._cited(general, with_notes=with_notes)
        if part.status is BasisStatus.PROPOSAL:
            said = f"belum ditetapkan, {self.sources.get(part.source or '', part.source or '')}"
        else:
            said = f"{STATUS_WORDS[part.status]}: {cited}"
        return f"{said} (kaitan: {other})" if other else said

    def _kind(self, citation: CitationPart) -> str:
        instrument = self.instruments.get(citation.instrument)
        return instrument.kind if instrument else ""

    def _cited(self, citations: Sequence[CitationPart], *, with_notes: bool) -> str:
        lines = []
        for citation in citations:
            instrument = self.instruments.get(citation.instrument)
            line = f"{instrument.short if instrument else citation.instrument} {citation.article}"
            if instrument is not None and instrument.amended_by:
                amending = (self.instruments.get(key) for key in instrument.amended_by)
                line += f" (diubah dengan {', '.join(i.short for i in amending if i)})"
            if instrument is not None and instrument.in_force_to is not None:
                line += f" (berlaku sampai {plain_date(instrument.in_force_to)})"
            if citation.text_checked_on is not None:
                line += f" (dicocokkan dengan naskah {plain_date(citation.text_checked_on)})"
            if with_notes and citation.note:
                line += f" [{citation.note}]"
            lines.append(line)
        return "; ".join(lines)


def compare(before: Mapping | None, after: Mapping) -> list[MappingDifference]:
    """Return what `after` changes against `before` (None: everything is new)."""
    if before is None:
        before = replace(
            after,
            agencies=[],
            memberships=[],
            duties=[],
            working_groups=[],
            legal_instruments=[],
        )
    renamed = {old: part.id for part in after.agencies for old in part.former_ids}
    old, new = _Names(before), _Names(after)
    return [
        *_agencies(before, after, renamed),
        *_groups(before, after),
        *_instruments(before, after),
        *_memberships(before, after, renamed, old, new),
        *_duties(before, after, renamed, old, new),
    ]


def _added(
    subject: MappingSubject, key: str, label: str, agencies: tuple[str, ...], after: str
) -> MappingDifference:
    return MappingDifference(MappingChange.ADDED, subject, key, label, agencies, "", after)


def _removed(
    subject: MappingSubject, key: str, label: str, agencies: tuple[str, ...], before: str
) -> MappingDifference:
    return MappingDifference(MappingChange.REMOVED, subject, key, label, agencies, before, "")


def _group_line(part: WorkingGroupPart) -> str:
    return f"{part.number} {part.short} ({part.code}), {part.name}: {part.scope}"


def _groups(before: Mapping, after: Mapping) -> Iterator[MappingDifference]:
    for former, part in pairs(before.working_groups, after.working_groups, key=attrgetter("id")):
        if part and not former:
            yield _added(MappingSubject.WORKING_GROUP, part.id, part.name, (), _group_line(part))
        elif former and not part:
            yield _removed(MappingSubject.WORKING_GROUP, former.id, former.name, (), former.name)
        elif former and part and former != part:
            there, here = _group_line(former), _group_line(part)
            yield MappingDifference(
                MappingChange.REWORDED,
                MappingSubject.WORKING_GROUP,
                part.id,
                part.name,
                (),
                there,
                here,
            )


def _instrument_line(part: InstrumentPart, names: dict[str, str]) -> str:
    facts = [part.title]
    if part.in_force_from:
        facts.append(f"berlaku sejak {plain_date(part.in_force_from)}")
    if part.in_force_to:
        facts.append(f"berlaku sampai {plain_date(part.in_force_to)}")
    if part.amended_by:
        facts.append(f"diubah dengan {', '.join(names.get(key, key) for key in part.amended_by)}")
    if part.text_checked_on:
        facts.append(f"dicocokkan dengan naskah {plain_date(part.text_checked_on)}")
    if part.note:
        facts.append(part.note)
    return f"{part.short}: {'; '.join(facts)}"


def _instruments(before: Mapping, after: Mapping) -> Iterator[MappingDifference]:
    """Compare instruments. They affect no agency themselves: duties that cite them are rebased."""
    old = {part.id: part.short for part in before.legal_instruments}
    new = {part.id: part.short for part in after.legal_instruments}
    for former, part in pairs(
        before.legal_instruments, after.legal_instruments, key=attrgetter("id")
    ):
        there = _instrument_line(former, old) if former else ""
        here = _instrument_line(part, new) if part else ""
        if part and not former:
            yield _added(MappingSubject.INSTRUMENT, part.id, part.short, (), here)
        elif former and not part:
            yield _removed(MappingSubject.INSTRUMENT, former.id, former.short, (), there)
        elif former and part and (there != here or former.kind != part.kind):
            yield MappingDifference(
                MappingChange.REBASED,
                MappingSubject.INSTRUMENT,
                part.id,
                part.short,
                (),
                there,
                here,
            )


def _agency_line(part: AgencyPart) -> str:
    others = f"; juga disebut {', '.join(part.aliases)}" if part.aliases else ""
    return f"{part.name} ({part.abbreviation}), {KIND_WORDS[part.kind]}{others}"


def _agencies(
    before: Mapping, after: Mapping, renamed: dict[str, str]
) -> Iterator[MappingDifference]:
    def former_key(part: AgencyPart) -> str:
        return renamed.get(part.id, part.id)

    for former, part in pairs(
        before.agencies, after.agencies, key=attrgetter("id"), former_key=former_key
    ):
        there = _agency_line(former) if former else ""
        here = _agency_line(part) if part else ""
        one = part or former
        assert one is not None
        name, touched = one.abbreviation, (one.id,)
        if former is None:
            yield _added(MappingSubject.AGENCY, one.id, name, touched, here)
        elif part is None:
            yield _removed(MappingSubject.AGENCY, one.id, name, touched, there)
        elif there != here:
            yield MappingDifference(
                MappingChange.REWORDED, MappingSubject.AGENCY, one.id, name, touched, there, here
            )


def _kind(part: MembershipPart) -> str:
    return "koordinator" if part.as_.value == "lead" else "anggota"


def _memberships(
    before: Mapping, after: Mapping, renamed: dict[str, str], old: _Names, new: _Names
) -> Iterator[MappingDifference]:
    def key(part: MembershipPart) -> tuple[str, str]:
        return renamed.get(part.agency, part.agency), part.working_group

    for former, part in pairs(before.memberships, after.memberships, key=key):
        one = part or former
        assert one is not None
        agency, group = key(one)
        label = (new if part else old).place(one.agency, group)
        name, touched = f"{agency}@{group}", (agency,)
        if former is None:
            yield _added(MappingSubject.MEMBERSHIP, name, label, touched, _kind(one))
            continue
        if part is None:
            yield _removed(MappingSubject.MEMBERSHIP, name, label, touched, _kind(one))
            continue
        if former.as_ is not part.as_:
            yield MappingDifference(
                MappingChange.MOVED,
                MappingSubject.MEMBERSHIP,
                name,
                label,
                touched,
                _kind(former),
                _kind(part),
                ("as",),
            )
        there, here = _bases(former, part, old, new)
        if there != here:
            yield MappingDifference(
                MappingChange.REBASED, MappingSubject.MEMBERSHIP, name, label, touched, there, here
            )


def _duties(
    before: Mapping, after: Mapping, renamed: dict[str, str], old: _Names, new: _Names
) -> Iterator[MappingDifference]:
    for former, part in pairs(before.duties, after.duties, key=attrgetter("id")):
        if former and part:
            yield from _changed_duty(former, part, renamed, old, new)
        elif part:
            place = new.place(part.agency, part.working_group)
            yield _added(MappingSubject.DUTY, part.id, part.text, (part.agency,), place)
        elif former:
            place = old.place(former.agency, former.working_group)
            agency = renamed.get(former.agency, former.agency)
            yield _removed(MappingSubject.DUTY, former.id, former.text, (agency,), place)


def _changed_duty(
    former: DutyPart, part: DutyPart, renamed: dict[str, str], old: _Names, new: _Names
) -> Iterator[MappingDifference]:
    there = renamed.get(former.agency, former.agency)
    if (there, former.working_group) != (part.agency, part.working_group):
        yield MappingDifference(
            MappingChange.MOVED,
            MappingSubject.DUTY,
            part.id,
            part.text,
            (part.agency,) if there == part.agency else (part.agency, there),
            old.place(former.agency, former.working_group),
            new.place(part.agency, part.working_group),
            tuple(
                name
                for name, changed in (
                    ("agency", there != part.agency),
                    ("working_group", former.working_group != part.working_group),
                )
                if changed
            ),
        )
    fields = tuple(
        name for name in (*WORDING, *RECIPE, *CHAIN) if getattr(former, name) != getattr(part, name)
    )
    if fields:
        yield MappingDifference(
            MappingChange.REWORDED,
            MappingSubject.DUTY,
            part.id,
            part.text,
            (part.agency,),
            _wording(former, fields, old),
            _wording(part, fields, new),
            fields,
        )
    before, after = _bases(former, part, old, new)
    if before != after:
        yield MappingDifference(
            MappingChange.REBASED,
            MappingSubject.DUTY,
            part.id,
            part.text,
            (part.agency,),
            before,
            after,
        )


def _bases(former: LegalBasis, part: LegalBasis, old: _Names, new: _Names) -> tuple[str, str]:
    """Return the basis of each, with the notes to the articles if only those differ."""
    texts = old.basis(former), new.basis(part)
    if texts[0] != texts[1]:
        return texts
    return old.basis(former, with_notes=True), new.basis(part, with_notes=True)


def to_answer(before: Mapping | None, after: Mapping) -> list[DutyPart]:
    """Return the duties whose agency is asked (again) after the change: new ones, and those whose
    place, wording, unit, status or articles changed, except by a decree (docs/decisions/0009)."""
    renamed = {old: part.id for part in after.agencies for old in part.former_ids}
    was = {part.id: part for part in before.duties} if before else {}

    def words(part: DutyPart) -> tuple[object, ...]:
        agency = renamed.get(part.agency, part.agency)
        return agency, part.working_group, part.text, part.unit

    def law(part: DutyPart) -> list[tuple[str, str]]:
        return [(citation.instrument, citation.article) for citation in part.citations]

    def holds(former: DutyPart, part: DutyPart) -> bool:
        return words(former) == words(part) and keeps_answers(
            former.status, part.status, is_same_law=law(former) == law(part)
        )

    return [part for part in after.duties if part.id not in was or not holds(was[part.id], part)]


def _wording(part: DutyPart, fields: tuple[str, ...], names: _Names) -> str:
    labels = {
        "text": "",
        "unit": "Unit: ",
        "evidence": "Bukti yang diterima: ",
        "not_evidence": "Bukan bukti: ",
        "example": "Contoh: ",
    }
    lines = []
    for name in fields:
        if name in CHAIN:
            continue
        value = getattr(part, name)
        lines.append(labels[name] + ("; ".join(value) if isinstance(value, list) else value or "–"))
    if "step" in fields or "step_as" in fields:
        lines.append(f"Langkah: {step_text(part.step, part.step_as) if part.step else '–'}")
    if "limit" in fields:
        lines.append(f"Batas waktu: {names.limit(part.limit) if part.limit else '–'}")
    return "\n".join(lines)


def chain_text(mapping: Mapping, part: DutyPart) -> str:
    """Return the step of a duty and its limit in words; empty where it has neither."""
    said = [step_text(part.step, part.step_as)] if part.step else []
    return "; ".join([*said, *([_Names(mapping).limit(part.limit)] if part.limit else [])])
