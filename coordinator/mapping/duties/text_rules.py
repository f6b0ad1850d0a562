"""A citation in force with the words that rest on it, and the check that counts for it. Pure."""

from dataclasses import dataclass
from datetime import date

from coordinator.mapping.duties.rules import (
    BasisStatus,
    MembershipKind,
    TextStatement,
    TextVerdict,
    newest_statement,
)


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """The check that counts for a citation."""

    id: int
    verdict: TextVerdict
    checked_on: date
    office: str
    quote: str | None
    remark: str | None


@dataclass(frozen=True, slots=True)
class CitedWords:
    """A citation in force, and the words of the duty or membership that rests on it.

    `part` is the id of the duty or of the agency in the mapping; `kind` is None for a duty, else
    the membership's.
    """

    citation_id: int
    instrument_id: int
    instrument_key: str
    instrument: str
    article: str
    note: str | None
    part: str
    kind: MembershipKind | None
    agency: str
    group: str
    text: str
    unit: str | None
    status: BasisStatus
    source_label: str | None
    file_on: date | None
    subject: str
    check: CheckFacts | None

    @property
    def is_duty(self) -> bool:
        """Return whether the words are those of a duty."""
        return self.kind is None

    @property
    def statement(self) -> TextStatement | None:
        """Return what counts: the newer of the mapping file's day and the check."""
        one = self.check
        check = TextStatement(one.verdict, one.checked_on, one.office) if one else None
        return newest_statement(self.file_on, check)
