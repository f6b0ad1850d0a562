"""Find text that could identify a victim or witness, before it is stored.

UU 21/2007 Pasal 44 gives witnesses and victims the right to secrecy of their identity; Pasal 24
punishes anyone who discloses it. This product coordinates agencies and needs no victim data, so
free text, file names and text extracted from files pass through :func:`findings` before a save:

* ``block``: a NIK (population number) or Kartu Keluarga (family card) number. The save is refused.
* ``warn``: a phone number, "korban berinisial ...", a victim's name or address, a police or court
  case number, a possible NIK in scientific notation. The user is asked to confirm before the save.

Written by hand, not on presidio: that brings a language model of hundreds of MB and no rule for an
Indonesian number, and these rules have to hold against people who hide one.

A finding says *where* and *what kind*, never *what*: it does not hold the matched text, so no log
line, repr in an error report or stored row can repeat the secret. Nothing here logs.

Run time is linear in the length of the text. Every quantifier in the patterns is bounded, except
those that match a whole run of digits or chain of runs, and each window of runs is checked once.
"""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain
from operator import attrgetter

from coordinator.screening.cases import case_numbers
from coordinator.screening.decoding import decode
from coordinator.screening.finding import BLOCK, Finding, Hit, Kind, Severity
from coordinator.screening.folding import FoldedText, as_typed, fold
from coordinator.screening.identities import identities
from coordinator.screening.labels import Labels
from coordinator.screening.lookalikes import confused_population_numbers, repaired
from coordinator.screening.notation import shown_by_spreadsheets
from coordinator.screening.phones import phones
from coordinator.screening.population import population_numbers
from coordinator.screening.spoken import announced_in_pieces, spoken_numbers

__all__ = ["Finding", "Kind", "Severity", "blocks", "findings"]

_START, _END = attrgetter("start"), attrgetter("end")


def findings(text: str) -> list[Finding]:
    """Return every finding in ``text``, ordered by ``start`` and without overlaps.

    Where two findings overlap, a block wins over a warning, then the earlier over the later one.
    Pure: no logging, no state, no exception for any ``str`` (lone surrogates included).
    Legal basis: UU 21/2007 Pasal 24 and 44.
    """
    typed = as_typed(text)
    shown = decode(typed)
    reading = fold(shown)
    mended = repaired(reading.text)
    hits = chain(_numbers(reading, mended), _words(reading.text, mended))
    found = [*map(reading.finding, hits)]
    if shown is not typed:  # a number may be inside a tag, or be read as an escape
        reading = fold(typed)
        found += map(reading.finding, _numbers(reading, repaired(reading.text)))
    return _without_overlaps(found)


def _numbers(reading: FoldedText, mended: str) -> Iterator[Hit]:
    labels = Labels(reading.text)
    yield from population_numbers(reading.text, labels, reading.joints)
    yield from confused_population_numbers(reading.text, mended, labels, reading.joints)
    yield from shown_by_spreadsheets(reading.text, labels)
    yield from announced_in_pieces(reading.text, labels)
    yield from spoken_numbers(reading)


def _words(text: str, mended: str) -> Iterator[Hit]:
    yield from phones(text, mended)
    yield from identities(text)
    yield from case_numbers(text)


def blocks(text: str) -> bool:
    """Return whether ``text`` has a NIK or Kartu Keluarga number: the save must be refused."""
    return any(found.severity is BLOCK for found in findings(text))


def _without_overlaps(hits: list[Finding]) -> list[Finding]:
    """Keep blocks first, then the earliest and longest hits; drop any that overlaps a kept one."""
    hits.sort(key=_END, reverse=True)
    hits.sort(key=_START)
    refused = _apart([hit for hit in hits if hit.severity is BLOCK])
    asked = [hit for hit in hits if hit.severity is not BLOCK]
    if not refused or not asked:
        return refused or _apart(asked)
    # Hits that do not overlap are ordered by start and end, so only two neighbours are checked.
    starts = [hit.start for hit in refused]
    free = []
    for hit in asked:
        following = bisect_left(starts, hit.start)
        is_free_before = following == 0 or refused[following - 1].end <= hit.start
        if is_free_before and (following == len(starts) or starts[following] >= hit.end):
            free.append(hit)
    return sorted([*refused, *_apart(free)], key=_START)


def _apart(hits: list[Finding]) -> list[Finding]:
    """Return the hits, from an ordered list, that do not overlap the one kept before."""
    kept = []
    reached = 0
    for hit in hits:
        if hit.start >= reached:
            kept.append(hit)
            reached = hit.end
    return kept
