"""Names and initials next to words such as "korban" that say whose they are.

The grammar: a word for a person (korban, saksi, pelapor, penyintas, also "ibu korban"), then a name
or initials, or the name first and the word after it: "korban Contohwati", "korban CW (16 th)",
"Contohwati (korban)". A name is recognised by its capital letter and because it is no other known
word (:mod:`.names`); the weaker the link between the two, the more evidence is required: an age, a
title, a second word of a name.
"""

import re
from collections.abc import Iterator
from typing import Final

from coordinator.screening.finding import WARN, Hit, Kind
from coordinator.screening.folding import FLAGS
from coordinator.screening.names import may_be_name

PROTECTED: Final = r"(?:korban|saksi|pelapor|penyintas)"
ON_BEHALF: Final = r"(?:a\.n\.?|a/n|an\.|atas nama)"
KIN: Final = (
    r"(?:ibu|ayah|bapak|bpk|orang tua|ortu|suami|istri|kakak|adik|paman|bibi|tante|nenek|kakek|wali"
    r"|anak)"
)
_TITLES: Final = r"(?:(?:anak|ibu|bapak|bpk|pak|bu|sdri?|saudar[ai]|nn|ny|tn)[. ]{1,2}){0,2}"

# Words that a name follows. After words that announce a name it may be in lower case; words for a
# person may be followed by anything.
_NAMED: Final = re.compile(
    rf"(?:(?P<sure>bernama|sdri?|nn\.|ny\.|tn\.)|{ON_BEHALF}|an(?<![a-z]an)(?= )|saudar[ai]"
    rf"|(?P<person>(?P<kin>{KIN} )?{PROTECTED}(?:nya)?)"
    r"|(?P<anyone>anak(?: laki-laki| perempuan)?|perempuan|remaja|gadis|c?pmi|pekerja(?: migran)?"
    rf"|{KIN}))"
    r"(?: (?:adalah|yaitu|yakni|ialah|tsb|tersebut|ini)(?=[ ,:]))?"
    rf"(?![a-z])(?P<gap>[ .:\"'(,;\-]{{1,3}})(?P<title>{_TITLES})",
    re.ASCII,
)
_WORD: Final = r"[A-Z](?:[a-z']{2,24}|[A-Z']{2,24})(?![A-Za-z0-9])"
_NAME: Final = re.compile(rf"(?P<first>{_WORD})(?P<more>(?: {_WORD}){{0,3}})", re.ASCII)
_SMALL_NAME: Final = re.compile(
    r"(?P<first>[a-z']{3,24})(?P<more>(?: [a-z']{3,24}){0,2})(?![A-Za-z])", re.ASCII
)
_PAUSES: Final = frozenset(",;-")  # between the word for a person and what follows it
_FIRST_AND_LAST: Final = 2  # letters
_INITIALS: Final = re.compile(r"(?:[A-Z]\.){1,3}[A-Z]?(?![A-Za-z])|[A-Z]{1,3}(?![A-Za-z0-9])")
# "(16)", ", 16 tahun", "usia 16 th", ", 16,": how old a person is.
_AGE: Final = re.compile(
    r"[ ,;.(\-]{1,3}(?:(?:ber)?(?:usia|umur)[ :]{1,2})?[1-9][0-9]?"
    r"(?: ?(?:th|thn|tahun)(?![a-z])|(?<=\([0-9])\)|(?<=\([0-9][0-9])\)|(?<=, [0-9][0-9])[,)])",
    FLAGS,
)
_YEARS: Final = re.compile(
    r"[ ,;.(\-]{1,3}(?:(?:ber)?(?:usia|umur) )?[1-9][0-9]? ?t(?:h|ahun)", FLAGS
)
# An upper-case word of up to four letters is a name if it can be pronounced (SITI, not TPPO).
_ACRONYM: Final = 4
_SPOKEN: Final = re.compile(
    r"(?:(?:[bcdfgkps][rly]|[ks]h|[nst]y|ng|[b-df-hj-np-tv-z])?[aeiou]{1,2}(?:ng|[b-df-hj-np-tv-z])?)"
    r"{1,2}",
    FLAGS,
)
# A village or an application is "bernama" as well.
_THING: Final = re.compile(
    r"(?<![a-z])(?:desa|kampung|dusun|kota|kecamatan|kelurahan|pulau|sungai|aplikasi|sistem|situs"
    r"|laman|program|kegiatan|gerakan|inovasi|grup|akun|kanal|kapal|km|perusahaan|pt|cv|toko|kafe"
    r"|hotel|kelompok|forum|komunitas|lembaga|yayasan|organisasi|sekolah|layanan|berkas|lembar"
    r"|lokasi|tempat|rumah|buku|modul|film|lagu|tim|pusat|pos|gedung|ruang)"
    r"(?: [a-z]{1,20})?(?: yang| yg)? \Z",
    FLAGS,
)
_BEFORE_A_THING: Final = 48
# "Kepada Yth. Sdr. ..." is the address of a letter to an office.
_ADDRESSED: Final = re.compile(r"(?:yth|kepada)[. :]{1,3}\Z", FLAGS)
_HEADING: Final = re.compile(r"[A-Z][A-Za-z]{1,20} (?:[a-z]{2,5} )?\Z", re.ASCII)

# The name first: "Contohwati (korban)", "Contohwati, korban TPPO, ...".
_ROLE_AFTER: Final = re.compile(
    rf"(?:\( ?|, ?|\) ?|selaku |sebagai )(?:{KIN} )?{PROTECTED}(?![a-z])"
    r"(?:(?: (?:tppo|tppu|tindak|perdagangan|kekerasan"
    r"|eksploitasi|kdrt|asal|dari|yang|yg|dalam|pada)(?![a-z])[^,.;)\n]{0,60}|"
    r" ?[/&,][^,.;)\n]{0,30})?(?=[,.;)\n]|\Z))",
    re.ASCII,
)
_NAME_BEFORE: Final = re.compile(
    r"(?P<name>[A-Z](?<![A-Za-z].)[A-Za-z']{2,24}(?: [A-Z][A-Za-z'.]{0,24}){0,3}|[A-Z]{2}"
    r"(?<![A-Za-z]..)) ?(?:[(,] ?[0-9]{1,2}(?: ?(?:th|thn|tahun))?,? ?)?\Z",
    re.ASCII,
)
_BEFORE_A_ROLE: Final = 100
_TITLES_BEFORE: Final = frozenset(
    ("Ibu", "Bapak", "Bpk", "Pak", "Sdr", "Sdri", "Saudara", "Saudari")
)


def named(text: str, small: str, start: int) -> Hit | None:
    """Return the name or initials after the word for a person at ``start`` of folded text."""
    match = _NAMED.match(small, start)
    return None if match is None else _named(text, small, match)


def named_before(text: str, small: str) -> Iterator[Hit]:
    """Yield names that are followed by the word for a person."""
    reached = 0
    for match in _ROLE_AFTER.finditer(small):
        begin = max(reached, match.start() - _BEFORE_A_ROLE)
        reached = match.end()
        name = _NAME_BEFORE.search(text, begin, match.start())
        if name is not None and _are_names(name["name"].replace(".", " ").split()):
            yield Hit(WARN, Kind.IDENTITY, name.start(), match.end())


def _are_names(words: list[str]) -> bool:
    """Return whether capitalised words are a name, possibly with a title in front."""
    if words[0] in _TITLES_BEFORE:
        words = words[1:]
    return bool(words) and all(map(may_be_name, words))


def _named(text: str, small: str, match: re.Match[str]) -> Hit | None:
    """Return the name or initials after a word that may announce them, or None."""
    start, begin = match.start(), match.end()
    if match[0].startswith("an ") and start and text[start - 1] in "-0123456789":  # 1990-an
        return None
    name = _name(text, match)
    if name is not None and may_be_name(name["first"]) and _is_person(text, small, match, name):
        return Hit(WARN, Kind.IDENTITY, start, name.end("first"))
    letters = _INITIALS.match(text, begin)
    if letters is not None and _are_initials(text, match, letters):
        return Hit(WARN, Kind.INITIALS, start, letters.end())
    return None


def _name(text: str, match: re.Match[str]) -> re.Match[str] | None:
    """Return the name; lower case counts only after an announcing word or with an age."""
    begin = match.end()
    name = _NAME.match(text, begin)
    if name is not None or not text[begin : begin + 1].islower():
        return name
    name = _SMALL_NAME.match(text, begin)
    is_announced = match["sure"] is not None or (
        ":" in match["gap"] and name is not None and _AGE.match(text, name.end()) is not None
    )
    return name if is_announced else None


def _is_person(text: str, small: str, match: re.Match[str], name: re.Match[str]) -> bool:
    """Return whether a name is still one, given the words around it."""
    start, first = match.start(), name["first"]
    if match["person"]:
        if "." in match["gap"] and not match["title"]:  # the sentence has ended
            return False
        if _AGE.match(text, name.end()) is not None and not _is_letters(first):
            return True
        if not _PAUSES.isdisjoint(match["gap"]):
            return bool(match["title"] or match["kin"]) or (
                "," not in match["gap"]
                and bool(name["more"])
                and all(map(may_be_name, name["more"].split()))
            )
        # "Pemulihan Korban Terpadu" is a heading, "korban TPPU" a case; "korban AMINAH" is not.
        is_heading = text[start].isupper() and _HEADING.search(text, max(0, start - 32), start)
        return not is_heading and not _is_letters(first)
    if match["anyone"]:
        return _YEARS.match(text, name.end()) is not None and not _is_letters(first)
    if not _PAUSES.isdisjoint(match["gap"]):
        return False
    if small.startswith("bernama", start):
        return _THING.search(text, max(0, start - _BEFORE_A_THING), start) is None
    return _ADDRESSED.search(text, max(0, start - 12), start) is None


def _is_letters(word: str) -> bool:
    """Return whether a word is an abbreviation that cannot be pronounced."""
    return word.isupper() and len(word) <= _ACRONYM and _SPOKEN.fullmatch(word) is None


def _are_initials(text: str, match: re.Match[str], letters: re.Match[str]) -> bool:
    """Return whether one to three capitals are initials: two of a victim, else with an age."""
    plain = letters[0].replace(".", "")
    is_role = match["person"] is not None or match["sure"] == "bernama"
    if not (is_role or match["anyone"]) or not may_be_name(plain):
        return False
    if _YEARS.match(text, letters.end()) is not None:
        return True
    if _AGE.match(text, letters.end()) is not None:
        return len(plain) > 1 or "." in letters[0]
    is_near = "." not in match["gap"] and _PAUSES.isdisjoint(match["gap"])
    return is_role and is_near and len(plain) == _FIRST_AND_LAST
