"""Check that what is not law is marked, and what is cited as law is in force on the day."""

from collections.abc import Iterator
from datetime import date

from coordinator.mapping.duties.article_rules import ArticleRef, places
from coordinator.mapping.duties.lint_rules.references import based_parts
from coordinator.mapping.duties.rules import BasisStatus, split_basis
from coordinator.mapping.duties.seed import ArticlePart, CitationPart, InstrumentPart, Mapping
from coordinator.platform.yaml_files import Source, YamlFinding, shown
from coordinator.platform.yaml_files.findings import Location, Severity


def findings(mapping: Mapping, source: Source, *, on: date, today: date) -> Iterator[YamlFinding]:
    """Yield claims without a basis, and citations of what does not hold `on` that day."""
    yield from _unfounded(mapping, source)
    yield from _dates(mapping, source, today)
    yield from _dead(mapping, source, on)


def _unfounded(mapping: Mapping, source: Source) -> Iterator[YamlFinding]:
    """Yield a legal status without an article and a proposal without its source."""
    for name, index, part in based_parts(mapping):
        if part.status is BasisStatus.PROPOSAL:
            if part.source is None:
                yield source.finding(
                    (name, index, "source"),
                    "Status proposal harus menyebut sumbernya (source).",
                )
        elif not part.citations:
            yield source.finding(
                (name, index, "status"),
                f"Status {part.status.value} harus menyebut pasal (citations).",
            )
        cited: set[tuple[str, str]] = set()
        for place, citation in enumerate(part.citations):
            pair = (citation.instrument, citation.article.casefold())
            if pair in cited:
                yield source.finding(
                    (name, index, "citations", place),
                    "Pasal ini sudah dikutip di atas untuk hal yang sama.",
                    severity="warning",
                )
            cited.add(pair)


def _dates(mapping: Mapping, source: Source, today: date) -> Iterator[YamlFinding]:
    """Yield periods that end before they begin, and texts checked on a future day."""
    for index, instrument in enumerate(mapping.legal_instruments):
        here: Location = ("legal_instruments", index)
        yield from _reversed(instrument, here, source)
        yield from _too_early(instrument.text_checked_on, here, source, today)
        seen: set[str] = set()
        for place, article in enumerate(instrument.articles):
            there = (*here, "articles", place)
            yield from _reversed(article, there, source)
            if article.article.casefold() in seen:
                yield source.finding((*there, "article"), "Pasal ini sudah didaftar di atas.")
            seen.add(article.article.casefold())
            if not (article.in_force_from or article.in_force_to or article.note):
                yield source.finding(
                    there,
                    "Pasal ini tanpa tanggal dan tanpa catatan; lengkapi atau hapus.",
                    severity="warning",
                )
    for name, index, part in based_parts(mapping):
        for place, citation in enumerate(part.citations):
            there = (name, index, "citations", place)
            yield from _too_early(citation.text_checked_on, there, source, today)


def _reversed(
    part: InstrumentPart | ArticlePart, here: Location, source: Source
) -> Iterator[YamlFinding]:
    if part.in_force_from and part.in_force_to and part.in_force_to <= part.in_force_from:
        yield source.finding(
            (*here, "in_force_to"), "Tanggal berhenti berlaku harus sesudah tanggal mulai berlaku."
        )


def _too_early(
    checked_on: date | None, here: Location, source: Source, today: date
) -> Iterator[YamlFinding]:
    if checked_on is not None and checked_on > today:
        yield source.finding(
            (*here, "text_checked_on"),
            f"Naskah tidak mungkin sudah dicocokkan pada {checked_on}: tanggal itu belum tiba.",
        )


def _dead(mapping: Mapping, source: Source, on: date) -> Iterator[YamlFinding]:
    instruments = {part.id: part for part in mapping.legal_instruments}
    listed = {
        part.id: [(places(article.article), article) for article in part.articles]
        for part in mapping.legal_instruments
    }
    for name, index, part in based_parts(mapping):
        claims, _general = split_basis(
            part.status, part.citations, lambda one: _kind(instruments.get(one.instrument))
        )
        for place, citation in enumerate(part.citations):
            severity: Severity = "error" if citation in claims else "warning"
            instrument = instruments.get(citation.instrument)
            if instrument is None:  # said by `references`
                continue
            here = (name, index, "citations", place)
            said = _not_in_force(instrument.short, instrument, on)
            if said:
                yield source.finding((*here, "instrument"), said, severity=severity)
                continue
            for said, is_sure in _dead_articles(citation, instrument, listed[instrument.id], on):
                yield source.finding(
                    (*here, "article"), said, severity=severity if is_sure else "warning"
                )


def _kind(instrument: InstrumentPart | None) -> str:
    return instrument.kind if instrument else ""


def _not_in_force(what: str, part: InstrumentPart | ArticlePart, on: date) -> str:
    """Return the sentence that says why `part` does not hold `on` that day, or nothing."""
    if part.in_force_from is not None and on < part.in_force_from:
        return f"{shown(what)} belum berlaku pada {on}; mulai berlaku {part.in_force_from}."
    if part.in_force_to is not None and on >= part.in_force_to:
        return f"{shown(what)} tidak berlaku lagi pada {on}; berhenti berlaku {part.in_force_to}."
    return ""


def _dead_articles(
    citation: CitationPart,
    instrument: InstrumentPart,
    listed: list[tuple[list[ArticleRef], ArticlePart]],
    on: date,
) -> Iterator[tuple[str, bool]]:
    """Yield what is wrong with the articles that are cited, and whether dates say it."""
    cited = places(citation.article)
    for those, article in listed:
        if not any(place.covers(other) for place in those for other in cited):
            continue
        what = f"{article.article} {instrument.short}"
        said = _not_in_force(what, article, on)
        if said:
            yield f"{said} {article.note}" if article.note else said, True
        elif article.note and not (article.in_force_from or article.in_force_to):
            yield f"{shown(what)} perlu diperiksa sebelum dikutip: {article.note}", False
