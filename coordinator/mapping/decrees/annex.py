"""The annex of a decree, as it follows from a mapping. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from coordinator.mapping.duties.labels import standing_labels
from coordinator.mapping.duties.rules import DECREE_KIND, BasisStatus, MembershipKind, split_basis
from coordinator.mapping.duties.seed import CitationPart, LegalBasis, Mapping
from coordinator.platform.yaml_files import YamlFinding
from coordinator.translation import gettext as _


@dataclass(frozen=True, slots=True)
class AnnexLine:
    """A membership (`text` is the agency, `place` its standing) or a duty (`place` is the pokja),
    with its basis in words; `articles` are those alone, as the signed annex has them."""

    place: str
    text: str
    basis: str
    articles: str = ""


@dataclass(frozen=True, slots=True)
class AnnexPart:
    """A pokja with its members, or an agency with its duties."""

    name: str
    lines: tuple[AnnexLine, ...]


@dataclass(frozen=True, slots=True)
class OpenDispute:
    """A question or refusal that waits for a ruling."""

    agency: str
    duty: str
    said: str
    since: str


@dataclass(frozen=True, slots=True)
class Annex:
    """A whole draft. `origin` says from which mapping it was written; `disputes` and `gaps` are a
    working note."""

    task_force: str
    office: str
    origin: str
    groups: tuple[AnnexPart, ...]
    agencies: tuple[AnnexPart, ...]
    disputes: tuple[OpenDispute, ...]
    gaps: tuple[str, ...]
    is_sample: bool = False


def _proposed(source: str) -> str:
    """Return where a proposal comes from, with the word "usulan" said once."""
    if source.casefold().startswith("usulan"):
        return source[:1].upper() + source[1:]
    return _("Usulan: %(source)s", source=source)


class _Names:
    def __init__(self, mapping: Mapping) -> None:
        self.agencies = {part.id: part for part in mapping.agencies}
        self.groups = {part.id: part for part in mapping.working_groups}
        self.instruments = {part.id: part for part in mapping.legal_instruments}
        self.sources = {part.id: part.label for part in mapping.sources}

    def agency(self, key: str) -> str:
        part = self.agencies.get(key)
        if part is None:
            return key
        short = part.abbreviation
        return part.name if short == part.name else f"{part.name} ({short})"

    def group(self, key: str) -> str:
        part = self.groups.get(key)
        return f"{part.number} {part.short}" if part else key

    def basis(self, part: LegalBasis) -> str:
        own, general = split_basis(part.status, part.citations, self._kind)
        if part.status is BasisStatus.PROPOSAL:
            said = _proposed(self.sources.get(part.source or "", "–"))
        else:
            said = self._cited(own)
        if not general:
            return said
        return _(
            "%(source)s. Dasar umum: %(articles)s.", source=said, articles=self._cited(general)
        )

    def articles(self, part: LegalBasis) -> str:
        """Return the articles behind a part, without what is said of them; decrees are none."""
        return self._cited([one for one in part.citations if self._kind(one) != DECREE_KIND])

    def _kind(self, citation: CitationPart) -> str:
        part = self.instruments.get(citation.instrument)
        return part.kind if part else ""

    def _cited(self, citations: Sequence[CitationPart]) -> str:
        return "; ".join(
            f"{part.short if part else one.instrument} {one.article}"
            for one in citations
            for part in [self.instruments.get(one.instrument)]
        )


def groups_of(mapping: Mapping) -> tuple[AnnexPart, ...]:
    """Return every pokja with its koordinator first (where it has none, a line says so), then its
    members in the mapping's order."""
    names, standings = _Names(mapping), standing_labels()
    found = []
    for group in mapping.working_groups:
        members = sorted(
            (part for part in mapping.memberships if part.working_group == group.id),
            key=lambda part: part.as_ is not MembershipKind.LEAD,
        )
        lines = [
            AnnexLine(
                standings[part.as_],
                names.agency(part.agency),
                names.basis(part),
                names.articles(part),
            )
            for part in members
        ]
        if members and members[0].as_ is not MembershipKind.LEAD:
            lines.insert(0, AnnexLine(standings[MembershipKind.LEAD], _("belum ditetapkan"), "–"))
        found.append(AnnexPart(f"{group.number}. {group.name}", tuple(lines)))
    return tuple(found)


def agencies_of(mapping: Mapping) -> tuple[AnnexPart, ...]:
    """Return every agency that has duties, with them; duties of nobody that is known come last."""
    names = _Names(mapping)
    keys = [part.id for part in mapping.agencies]
    keys += sorted({part.agency for part in mapping.duties} - set(keys))
    found = []
    for key in keys:
        lines = tuple(
            AnnexLine(
                names.group(part.working_group), part.text, names.basis(part), names.articles(part)
            )
            for part in mapping.duties
            if part.agency == key
        )
        if lines:
            found.append(AnnexPart(names.agency(key), lines))
    return tuple(found)


def gaps_in(findings: Sequence[YamlFinding]) -> tuple[str, ...]:
    """Return what the check says is missing: duties without an agency or pokja, pokja without a
    koordinator or duties, agencies without either; and every fault that forbids to publish."""
    return tuple(dict.fromkeys(one.message for one in findings if _is_gap(one)))


def _is_gap(finding: YamlFinding) -> bool:
    name, *_index = finding.key.split(".")
    field = finding.key.rsplit(".", 1)[-1]
    if finding.severity == "error" or name in ("working_groups", "agencies"):
        return True
    return name == "duties" and field in ("agency", "working_group")
