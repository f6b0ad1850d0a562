"""What laws give to a kabupaten/kota and no agency of its mapping holds. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from coordinator.mapping.duties.article_rules import places
from coordinator.mapping.duties.seed import DutyPart, Mapping

LETTERS = re.compile(
    r"\bhuruf\s+([a-z](?:\s*(?:,|dan|sampai dengan)\s*(?:huruf\s+)?[a-z]\b)*)", re.I
)


@dataclass(frozen=True, slots=True)
class RegencyDuty:
    """A duty of a kabupaten/kota; `law` is its article as people read it."""

    text: str
    instrument: str
    article: str
    law: str
    note: str | None


def regency_duties(mapping: Mapping) -> list[RegencyDuty]:
    """Return the duties of a kabupaten/kota that a mapping lists."""
    short = {part.id: part.short for part in mapping.legal_instruments}
    return [
        RegencyDuty(
            one.text,
            one.instrument,
            one.article,
            f"{short.get(one.instrument, one.instrument)} {one.article}",
            one.note,
        )
        for one in mapping.regency_duties
    ]


def cited_articles(duties: Iterable[DutyPart]) -> list[tuple[str, str]]:
    """Return instrument and article of everything that duties cite."""
    return [(one.instrument, one.article) for duty in duties for one in duty.citations]


def unheld(listed: Iterable[RegencyDuty], cited: Iterable[tuple[str, str]]) -> list[RegencyDuty]:
    """Return the duties whose article no duty of the mapping cites."""
    known = list(cited)
    return [
        one
        for one in listed
        if not any(
            instrument == one.instrument and names_same(one.article, article)
            for instrument, article in known
        )
    ]


def names_same(article: str, other: str) -> bool:
    """Return whether two citations of an instrument have an article in common: the same ayat and
    letters, where both name some."""
    letters, others = _letters(article), _letters(other)
    if letters and others and not letters & others:
        return False
    return any(
        one.covers(two) or two.covers(one) for one in places(article) for two in places(other)
    )


def _letters(article: str) -> set[str]:
    return {
        letter
        for found in LETTERS.finditer(article)
        for letter in re.findall(r"\b[a-z]\b", found[1].lower())
    }
