"""What a card holds, as plain values. Pure.

Everything in a `Card` may be read by anybody once the card is published: of other agencies there
is the name alone, of people nothing, of answers and reports nothing.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from coordinator.mapping.chains.hand_over_rules import OwnStep
from coordinator.mapping.duties.rules import MembershipKind, TextStatement
from coordinator.people.directory.rules import AgencyKind
from coordinator.plans.actions.rules import PartyKind


class DueKind(StrEnum):
    """What can be said of when a duty is next reported."""

    REPORT = auto()  # the agency owes a report in the period
    NOT_ASSIGNED = auto()  # no action of the plan carries the duty
    NOT_IN_PERIOD = auto()  # assigned, but not in this period
    NO_PERIOD = auto()
    SHARES_DATA = auto()  # a court: no assignment, no reminder


@dataclass(frozen=True, slots=True)
class Due:
    """When a duty is next reported; `on` is the period's last day for everybody."""

    kind: DueKind
    period: str = ""
    periods_in_year: int = 0
    on: date | None = None


@dataclass(frozen=True, slots=True)
class CardCitation:
    """An article of an instrument ("Undang-Undang Nomor 21 Tahun 2007"), what amended that, and
    whether the article was compared with the text."""

    instrument: str
    article: str
    amended_by: tuple[str, ...]
    statement: TextStatement | None = None


@dataclass(frozen=True, slots=True)
class CardInstrument:
    """An instrument named on the card, with its full title."""

    title: str
    amended_by: tuple[str, ...]
    is_checked: bool


@dataclass(frozen=True, slots=True)
class CardGroup:
    """A pokja of the agency: its part there, who leads, who else is in it (names only)."""

    id: int
    numeral: str
    short: str
    part: MembershipKind | None
    is_proposal: bool
    source: str | None
    lead: str | None
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardDuty:
    """One duty of the agency."""

    duty_id: int
    revision_id: int
    text: str
    unit: str | None  # with its office
    unit_said_on: date | None  # the agency itself said so; None: the mapping does
    group: CardGroup
    is_proposal: bool
    source: str | None
    citations: tuple[CardCitation, ...]  # what assigns it
    general: tuple[CardCitation, ...]  # articles that assign it to nobody
    partners: tuple[tuple[str, PartyKind], ...]
    due: Due
    evidence: tuple[str, ...]
    not_evidence: tuple[str, ...]
    example: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """An agency's role card."""

    code: str
    region: str
    slug: str
    name: str
    abbreviation: str
    kind: AgencyKind
    version: int
    effective_on: date | None
    groups: tuple[CardGroup, ...]
    duties: tuple[CardDuty, ...]
    instruments: tuple[CardInstrument, ...]
    steps: tuple[OwnStep, ...]  # of the chain; of other agencies the names alone
    has_sample: bool

    @property
    def proposals(self) -> int:
        """Return how many of its duties no text assigns to the agency."""
        return sum(duty.is_proposal for duty in self.duties)

    @property
    def is_draft(self) -> bool:
        """Return whether any duty is not assigned by a text: "Rancangan - belum ditetapkan"."""
        return self.proposals > 0

    @property
    def full_name(self) -> str:
        """Return a text such as "Dinas Pemuda dan Olahraga (Dispora)"."""
        if self.abbreviation == self.name:
            return self.name
        return f"{self.name} ({self.abbreviation})"

    @property
    def path(self) -> str:
        """Return the path of the card on the site."""
        return f"/kartu-peran/{self.code}/{self.slug}"


def instrument_name(title: str) -> str:
    """Return the part of an instrument's title before what it is about."""
    return re.split(r" tentang | \(", title, maxsplit=1)[0]
