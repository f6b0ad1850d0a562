"""Find the passage that a citation names ("Pasal 14 ayat (3) huruf b") in a pasted law. Pure.

Pasted texts have lost line ends and blanks, or have too many. What cannot be found is said so: a
passage names the parts of the citation that are not in the text, and is then the larger part around
them. Where a beginning or an end is not certain, the passage says that too (`is_unsure`). How
articles and their parts differ from references is in `law_articles` and `article_parts`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from coordinator.mapping.text_checks.article_parts import letters_of, paragraphs_of
from coordinator.mapping.text_checks.citation_rules import CitedPlace, cited_places
from coordinator.mapping.text_checks.cleaning import cleaned, looks_like_page_marks, squeezed
from coordinator.mapping.text_checks.law_articles import Article, articles_of


@dataclass(frozen=True, slots=True)
class Passage:
    """What the text says at a place. `missing` names the parts of the citation not found there: the
    passage is then what is around them. `times` counts how often the text has this article;
    `is_unsure` says that it may begin or end elsewhere."""

    name: str
    text: str
    missing: tuple[str, ...] = ()
    times: int = 1
    is_unsure: bool = False


@dataclass(frozen=True, slots=True)
class PassagesFound:
    """The passages of a citation, and the articles that the text does not have."""

    passages: tuple[Passage, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Return whether every part of the citation was found for certain, each once."""
        return (
            bool(self.passages)
            and not self.missing
            and all(
                not one.missing and one.times == 1 and not one.is_unsure for one in self.passages
            )
        )

    @property
    def quote(self) -> str:
        """Return the passages as one text to quote."""
        return "\n\n".join(one.text for one in self.passages)


class LawText:
    """A pasted text, read once for any number of citations."""

    def __init__(self, text: str) -> None:
        self.articles = articles_of(cleaned(text))

    def speaks_of(self, citation: str) -> bool:
        """Return whether the text has every article of a citation, or would: articles before and
        behind it are there."""
        numbers = [_value(one.number) for one in self.articles if not one.is_explanation]
        own = {one.number for one in self.articles}
        asked = cited_places(citation)
        return bool(asked) and all(
            place.article in own
            or (bool(numbers) and min(numbers) < _value(place.article) < max(numbers))
            for place in asked
        )

    def find(self, citation: str) -> PassagesFound:
        """Return what the text says at the places that a citation names."""
        asked = cited_places(citation)
        if not asked:
            return PassagesFound(missing=(" ".join(citation.split()),))
        passages: list[Passage] = []
        missing: list[str] = []
        for place in asked:
            found = [
                one
                for one in self.articles
                if one.number == place.article and one.is_explanation == place.is_explanation
            ]
            if found:
                passages.append(_passage(found[0], place, times=len(found)))
            else:
                missing.append(_name(place))
        return PassagesFound(tuple(passages), tuple(missing))


def find_passages(text: str, citation: str) -> PassagesFound:
    """Return what a law's text says at the places that a citation names."""
    return LawText(text).find(citation)


def is_quoted_from(text: str, quote: str) -> bool:
    """Return whether a law's text has these words, line by line, regardless of blanks and of what
    is printed on every page."""
    raw, plain = squeezed(text), squeezed(cleaned(text))
    lines = [squeezed(line) for line in quote.replace("…", "\n").replace("...", "\n").splitlines()]
    return "".join(lines) in plain or all(line in plain or line in raw for line in lines)


def _passage(article: Article, place: CitedPlace, *, times: int) -> Passage:
    missing: list[str] = []
    texts: list[str] = []
    is_unsure = article.is_start_unsure
    reaches_end = True
    if place.paragraphs:
        own = paragraphs_of(article.text, is_explanation=article.is_explanation)
        for one in place.paragraphs:
            part = own.parts.get(one)
            if part is None:
                missing.append(f"ayat ({one})")
            else:
                texts.append(part)
        is_unsure = is_unsure or own.is_unsure
        reaches_end = own.last in place.paragraphs or not own.parts
    scopes = texts if texts and not missing else [article.text]
    if place.letters and not missing:
        scopes, lost, doubt, has_last = _with_letters(scopes, place)
        missing += lost
        is_unsure = is_unsure or doubt
        reaches_end = reaches_end and has_last
    is_unsure = is_unsure or (article.is_end_unsure and reaches_end)
    text = "\n".join(scopes)
    return Passage(
        _name(place), text, tuple(missing), times, is_unsure or looks_like_page_marks(text)
    )


def _with_letters(
    scopes: Sequence[str], place: CitedPlace
) -> tuple[list[str], list[str], bool, bool]:
    """Return each scope with its first words and the letters that are cited; those letters that
    none of them has (the scopes are then whole); whether that is uncertain; and whether the last
    letter of a scope is among them."""
    found = [letters_of(one, is_explanation=place.is_explanation) for one in scopes]
    is_unsure = any(one.is_unsure for one in found)
    lost = [f"huruf {one}" for one in place.letters if not any(one in own.parts for own in found)]
    if lost:
        return list(scopes), lost, is_unsure, True
    shown = []
    for own in found:
        cited = [own.parts[one] for one in place.letters if one in own.parts]
        if cited:
            shown.append("\n".join([own.before, *cited] if own.before else cited))
    return shown, [], is_unsure, any(own.last in place.letters for own in found)


def _value(number: str) -> int:
    return int(number.rstrip("abcdefghijklmnopqrstuvwxyz"))


def _name(place: CitedPlace) -> str:
    name = f"Pasal {place.article.upper()}"
    if place.paragraphs:
        name += " ayat " + ", ".join(f"({one})" for one in place.paragraphs)
    if place.letters:
        name += " huruf " + ", ".join(place.letters)
    return f"Penjelasan {name}" if place.is_explanation else name
