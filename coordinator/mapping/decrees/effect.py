"""What a signed decree (SK) makes of a mapping. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from coordinator.formatting import plain_date
from coordinator.mapping.duties.limits import founded
from coordinator.mapping.duties.rules import DECREE_KIND, BasisStatus
from coordinator.mapping.duties.seed import (
    CitationPart,
    DutyPart,
    InstrumentPart,
    LegalBasis,
    Mapping,
    MembershipPart,
)
from coordinator.mapping.versions.editing import new_key
from coordinator.people.directory.rules import TaskForceLevel, short_region
from coordinator.translation import gettext as _

B = TypeVar("B", bound=LegalBasis)
ANNEX = "Lampiran"  # what is cited of a decree
LONGEST_NUMBER = 50  # characters, so that number and day fit into an instrument's short name
Pair = tuple[str, str]  # the agency and the pokja of a membership


@dataclass(frozen=True, slots=True)
class NewDecree:
    """A signed decree: its number, its day, what it is about, and the office that signed it."""

    number: str
    signed_on: date
    about: str
    office: str

    @property
    def short(self) -> str:
        """Return a text such as "SK 100/K.1/2026 tanggal 12 Oktober 2026"."""
        day = plain_date(self.signed_on)
        if re.match(r"(?i)sk\b", self.number):  # "SK-1" is its number
            return _("%(number)s tanggal %(day)s", number=self.number, day=day)
        return _("SK %(number)s tanggal %(day)s", number=self.number, day=day)

    @property
    def name(self) -> str:
        """Return the decree's name without what it is about."""
        return _(
            "Keputusan %(office)s Nomor %(number)s tanggal %(day)s",
            office=self.office,
            number=self.number,
            day=plain_date(self.signed_on),
        )

    @property
    def title(self) -> str:
        """Return the decree's full title, as the mapping names the instrument."""
        return _("%(name)s tentang %(about)s", name=self.name, about=self.about)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a decree's annex holds: duties by id, memberships by agency and pokja."""

    duties: frozenset[str] = frozenset()
    memberships: frozenset[Pair] = frozenset()

    def __len__(self) -> int:
        return len(self.duties) + len(self.memberships)


@dataclass(frozen=True, slots=True)
class AgencyEffect:
    """What a decree changes for one agency: what it sets, and what stays a proposal.

    `lowered` are duties that a law or a guide assigned before and that now rest on the decree.
    """

    key: str
    name: str
    duties: tuple[DutyPart, ...]
    memberships: tuple[MembershipPart, ...]
    left: tuple[DutyPart, ...]
    lowered: int


def signing_office(level: TaskForceLevel, region: str) -> str:
    """Return the office that signs a task force's decrees: "Gubernur Kalimantan Timur"."""
    if level is TaskForceLevel.PROVINCE:
        return _("Gubernur %(region)s", region=short_region(region))
    if level is TaskForceLevel.REGENCY:
        return _("Bupati %(region)s", region=short_region(region))
    return _("Wali Kota %(region)s", region=region.removeprefix("Kota "))


def usual_choice(mapping: Mapping, disputed: Collection[str]) -> Choice:
    """Return what is ticked at first: every proposal, except the duties that are in dispute.

    What a law or guide assigns keeps its status: a decree that repeats it does not lower it.
    """
    return Choice(
        frozenset(
            part.id
            for part in mapping.duties
            if part.status is BasisStatus.PROPOSAL and part.id not in disputed
        ),
        frozenset(
            (part.agency, part.working_group)
            for part in mapping.memberships
            if part.status is BasisStatus.PROPOSAL
        ),
    )


def known_choice(mapping: Mapping, choice: Choice) -> Choice:
    """Return the part of a choice that the mapping has."""
    return Choice(
        choice.duties & {part.id for part in mapping.duties},
        choice.memberships & {(part.agency, part.working_group) for part in mapping.memberships},
    )


def newer_decrees(mapping: Mapping, signed_on: date, choice: Choice) -> tuple[Choice, list[str]]:
    """Return the part of a choice that rests on a decree signed after a day, and those decrees."""
    newer = {
        one.id: one.short
        for one in mapping.legal_instruments
        if one.kind == DECREE_KIND and one.in_force_from and one.in_force_from > signed_on
    }

    def cited(part: LegalBasis) -> set[str]:
        return {one.instrument for one in part.citations} & set(newer)

    duties = {part.id: cited(part) for part in mapping.duties if part.id in choice.duties}
    members = {
        (part.agency, part.working_group): cited(part)
        for part in mapping.memberships
        if (part.agency, part.working_group) in choice.memberships
    }
    keys = set().union(*duties.values(), *members.values())
    return Choice(
        frozenset(key for key, found in duties.items() if found),
        frozenset(pair for pair, found in members.items() if found),
    ), [name for key, name in newer.items() if key in keys]


def without(choice: Choice, other: Choice) -> Choice:
    """Return what is chosen and not in the other choice."""
    return Choice(choice.duties - other.duties, choice.memberships - other.memberships)


def decreed_mapping(
    mapping: Mapping, decree: NewDecree, choice: Choice, *, taken: Collection[str] = ()
) -> tuple[Mapping, str]:
    """Return the mapping with what was chosen set by the decree, and the instrument's id.

    A decree that the mapping knows by its number and day stays one instrument. `taken` are ids
    that no new instrument may have.
    """
    instruments = list(mapping.legal_instruments)
    known = next((part for part in instruments if _is_the_decree(part, decree)), None)
    key = known.id if known else _free_key(mapping, decree, taken)
    part = InstrumentPart.made(
        id=key,
        kind=DECREE_KIND,
        short=decree.short,
        title=decree.title,
        in_force_from=decree.signed_on.isoformat(),
    )
    if known:
        instruments[instruments.index(known)] = replace(
            known, short=part.short, title=part.title, in_force_from=part.in_force_from
        )
    else:
        instruments.append(part)
    decrees = {one.id for one in instruments if one.kind == DECREE_KIND}
    cited = CitationPart(instrument=key, article=ANNEX)
    return replace(
        mapping,
        legal_instruments=instruments,
        duties=[
            founded(_set(one, cited, decrees)) if one.id in choice.duties else one
            for one in mapping.duties
        ],
        memberships=[
            _set(one, cited, decrees)
            if (one.agency, one.working_group) in choice.memberships
            else one
            for one in mapping.memberships
        ],
    ), key


def _is_the_decree(part: InstrumentPart, decree: NewDecree) -> bool:
    names = {decree.short.casefold(), f"SK {decree.number}".casefold()}
    return (
        part.kind == DECREE_KIND
        and part.in_force_from == decree.signed_on
        and part.short.casefold() in names
    )


def _free_key(mapping: Mapping, decree: NewDecree, taken: Collection[str]) -> str:
    used = frozenset(taken) | {part.id for part in mapping.legal_instruments}
    return new_key(f"sk {decree.number} {decree.signed_on.year}", used)


def _set(part: B, cited: CitationPart, decrees: Collection[str]) -> B:
    """Return a part that rests on the decree; its articles stay as a general reference, an older
    decree's do not: this one replaces it."""
    articles = [one for one in part.citations if one.instrument not in decrees]
    return replace(part, status=BasisStatus.DECREE, source=None, citations=[cited, *articles])


def effects(mapping: Mapping, choice: Choice) -> list[AgencyEffect]:
    """Return what a choice changes, agency by agency in the mapping's order; agencies with neither
    a change nor a proposal are left out."""
    found = []
    for agency in mapping.agencies:
        own = [part for part in mapping.duties if part.agency == agency.id]
        chosen = tuple(part for part in own if part.id in choice.duties)
        memberships = tuple(
            part
            for part in mapping.memberships
            if part.agency == agency.id and (agency.id, part.working_group) in choice.memberships
        )
        left = tuple(
            part
            for part in own
            if part.status is BasisStatus.PROPOSAL and part.id not in choice.duties
        )
        if chosen or memberships or left:
            lowered = (BasisStatus.REGULATION, BasisStatus.GUIDE)
            found.append(
                AgencyEffect(
                    agency.id,
                    agency.abbreviation,
                    chosen,
                    memberships,
                    left,
                    sum(part.status in lowered for part in chosen),
                )
            )
    return found
