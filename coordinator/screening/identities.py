"""Words that announce a person's identity: initials, names, addresses, passports."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from coordinator.screening.finding import WARN, Hit, Kind
from coordinator.screening.folding import FLAGS, begins_word, lowered
from coordinator.screening.persons import KIN, ON_BEHALF, PROTECTED, named, named_before

_PERSON: Final = (
    r"(?:korban|saksi|pelapor|penyintas|anak|perempuan|laki-laki|remaja|pmi|cpmi|tersangka|pelaku)"
)
_INITIALS: Final = re.compile(
    rf"{_PERSON}(?![a-z])[^.;:\n]{{0,24}}(?<![a-z])(?:ber)?inisial(?![a-z])"
    rf"|inisial {PROTECTED}(?![a-z])",
    re.ASCII,
)
_INITIALS_GIVEN: Final = re.compile(r"(?:berinisial|inisial)[ :\"'(]{1,3}", re.ASCII)
_INITIALS_THEMSELVES: Final = re.compile(r"[A-Z]{1,3}(?![A-Za-z])|[A-Z]\.", re.ASCII)
_IDENTITY: Final = re.compile(
    rf"{_PERSON} (?:yang |yg\.? )?bernama(?![a-z])"
    rf"|{PROTECTED}[ ,]{{1,2}}(?:{ON_BEHALF}|sdri?\.|sdri? |nn\.|ny\.)"
    rf"|{ON_BEHALF} {PROTECTED}(?![a-z])",
    re.ASCII,
)
_IDENTITY_FIELD: Final = re.compile(
    r"(?:nama|identitas|alamat|domisili|tempat tinggal|tempat lahir|tanggal lahir|"
    r"tgl\.? lahir)(?: (?:lengkap|asli|rumah|panggilan)){0,2}(?: (?:dari|anak|para)){0,2} "
    rf"{PROTECTED}(?![a-z])(?P<given> {{0,2}}[:=]| (?:adalah|yaitu|yakni|ialah)(?![a-z]))?",
    re.ASCII,
)
_PASSPORT: Final = re.compile(
    r"(?:paspor|passport|splp)[^0-9\n]{0,20}(?<![a-z])[a-z]{1,2}[ \-]?[0-9]{6,8}(?![0-9])", re.ASCII
)

# Where a victim lives: the street, or the village with its name. "Tinggal di rumah aman" is none.
_STREET: Final = (
    r"(?:jl|jln|jalan|gang|gg|rt|rw|perum|perumahan|komplek|kompleks|blok|dusun|lorong|desa|kampung"
    r"|kelurahan|kel)(?![a-z])\.? ?"
)
_HOME: Final = re.compile(
    rf"(?:{PROTECTED}(?:nya)?(?![a-z])[^.;\n]{{0,30}}(?<![a-z])"
    r"(?:(?:ber)?tempat tinggal|tinggal|beralamat|berdomisili|domisili|menetap|kos|mengontrak)"
    rf"|rumah (?:{KIN} )?{PROTECTED}(?:nya)?(?![a-z]))"
    rf"[^.;\n]{{0,30}}(?<![a-z])(?:di|pada)[ :]{{1,2}}(?:[a-z]{{1,20}} ){{0,2}}{_STREET}",
    re.ASCII,
)
_MONTHS: Final = (
    r"(?:jan|feb|mar|apr|mei|jun|jul|ag[us]|sep|okt|nov|des)[a-z]{0,7}[ .\-/]{1,2}(?:19|20)[0-9]{2}"
)
_DATE: Final = (
    rf"[0-3]?[0-9](?: {{0,2}}[ .\-/] {{0,2}})(?:[01]?[0-9][ .\-/]{{1,2}}[0-9]{{2,4}}|{_MONTHS})"
)
_BIRTH: Final = re.compile(
    rf"(?:(?:tanggal|tgl\.?|tempat(?:[ ,/&]{{1,3}}(?:dan )?(?:tanggal|tgl\.?))?) lahir|ttl|lahir)"
    rf" (?:{KIN} )?{PROTECTED}(?:nya)?(?![a-z])[^0-9.;\n]{{0,30}}{_DATE}"
    rf"|{PROTECTED}(?:nya)?[ ,(]{{1,2}}(?:[a-z]{{1,12}} )?(?:lahir|kelahiran)(?![a-z])"
    rf"[^0-9.;\n]{{0,40}}{_DATE}",
    re.ASCII,
)

# "alamat" needs no colon; "nama korban" alone is in every guideline.
_PLACE: Final = re.compile(r"(?:alamat|domisili|tempat)", FLAGS)
# "Alamat korban, umur" names the columns of a form; a place has a capital letter or "di".
_PLACE_GIVEN: Final = re.compile(r" {1,2}(?:[A-Z0-9(\"]|(?:ber[a-z]{2,8} )?(?:di|pada) )", re.ASCII)
# "Alamat korban dirahasiakan" is the sentence we want people to write.
_SECRECY: Final = re.compile(
    r"(?<![a-z])(?:tidak|tanpa|jangan|dilarang|bukan|hindari|menghindari|(?:di|me|ke|pe)?rahasia"
    r"(?:kan|an)?|(?:di|me|pe)?(?:ny)?samar(?:kan|an)?|(?:di|me|per)?lindung(?:i|an)|dihapus)"
    r"(?![a-z])",
    FLAGS,
)
_SENTENCE: Final = 40


# How each begins, as plain text: fast to search for. Then only the rest is matched.
_ROLES: Final = ("korban", "saksi", "pelapor", "penyintas")
_PEOPLE: Final = ("anak", "perempuan", "laki-laki", "remaja", "pmi", "cpmi", "tersangka", "pelaku")
_BEHALF: Final = ("a.n", "a/n", "an.", "atas nama")
_CALLED: Final = (
    *("bernama", "sdr", "saudar", "nn.", "ny.", "tn.", "an ", "gadis", "pekerja", "ibu ", "ayah "),
    *("bapak ", "bpk ", "orang tua ", "ortu ", "suami ", "istri ", "kakak ", "adik ", "paman "),
    *("bibi ", "tante ", "nenek ", "kakek ", "wali "),
)
_FIELDS: Final = ("nama", "identitas", "alamat", "domisili", "tempat", "tanggal", "tgl")
_OTHERS: Final = ("inisial", "berinisial", "paspor", "passport", "splp", "rumah", "ttl", "lahir")
_BEGINS: Final = re.compile(
    "|".join(map(re.escape, (*_ROLES, *_PEOPLE, *_BEHALF, *_CALLED, *_FIELDS, *_OTHERS)))
)


def identities(text: str) -> Iterator[Hit]:
    """Yield warnings for parts of folded text that identify a person or announce it."""
    small = lowered(text)
    cue = -1  # position of the next word that a pattern requires
    for begin in _BEGINS.finditer(small):
        start, word = begin.start(), begin[0]
        if not begins_word(small, start):
            continue
        if cue < start:  # searched once, which is cheaper than every pattern at every "korban"
            found = _CUES.search(small, start)
            cue = len(small) if found is None else found.start()
        if cue <= start + _REACH:
            yield from _told(text, small, start, word)
        if word in _NAMED and (hit := named(text, small, start)) is not None:
            yield hit
    yield from named_before(text, small)


def _told(text: str, small: str, start: int, word: str) -> Iterator[Hit]:
    """Yield the findings at ``start``, where ``word`` may begin one."""
    for pattern, kind, is_told in _BY_WORD[word]:
        if (match := pattern.match(small, start)) is not None and is_told(text, match):
            yield Hit(WARN, kind, *match.span())


def _always(_text: str, _match: re.Match[str]) -> bool:
    return True


def _initials_follow(text: str, match: re.Match[str]) -> bool:
    return _INITIALS_THEMSELVES.match(text, match.end()) is not None


def _not_secret(text: str, match: re.Match[str]) -> bool:
    return not _kept_secret(text, *match.span())


def _field_is_filled(text: str, match: re.Match[str]) -> bool:
    return match["given"] is not None or (
        _PLACE.match(match[0]) is not None
        and _PLACE_GIVEN.match(text, match.end()) is not None
        and _not_secret(text, match)
    )


def _street_follows(text: str, match: re.Match[str]) -> bool:
    """Return whether a capital letter or a number follows: "di desa terpencil" is no address."""
    following = text[match.end() : match.end() + 1]
    return following.isupper() or following.isdigit()


# The pattern, the words that begin it, its kind, and a further condition.
_Told = Callable[[str, re.Match[str]], bool]
_GRAMMAR: Final[tuple[tuple[re.Pattern[str], frozenset[str], Kind, _Told], ...]] = (
    (_INITIALS_GIVEN, frozenset(("inisial", "berinisial")), Kind.INITIALS, _initials_follow),
    (_INITIALS, frozenset((*_ROLES, *_PEOPLE, "inisial")), Kind.INITIALS, _not_secret),
    (_IDENTITY, frozenset((*_ROLES, *_PEOPLE, *_BEHALF)), Kind.IDENTITY, _not_secret),
    (_IDENTITY_FIELD, frozenset(_FIELDS), Kind.IDENTITY, _field_is_filled),
    (_PASSPORT, frozenset(("paspor", "passport", "splp")), Kind.IDENTITY, _always),
    (_HOME, frozenset((*_ROLES, "rumah")), Kind.IDENTITY, _street_follows),
    (_BIRTH, frozenset((*_ROLES, *_FIELDS, "ttl", "lahir")), Kind.IDENTITY, _always),
)
_BY_WORD: Final = {
    word: [(pattern, kind, told) for pattern, words, kind, told in _GRAMMAR if word in words]
    for word in (*_ROLES, *_PEOPLE, *_BEHALF, *_CALLED, *_FIELDS, *_OTHERS)
}
# Each of these patterns has one of these words, at most so far behind where it begins.
_CUES: Final = re.compile(
    "|".join(map(re.escape, (*_BEHALF, *_FIELDS, *_OTHERS)))
    + r"|bernama|sdr|nn\.|ny\.|tinggal|menetap|kos|mengontrak"
)
_REACH: Final = 64  # characters
_NAMED: Final = frozenset((*_ROLES, *_PEOPLE, *_BEHALF, *_CALLED))


def _kept_secret(text: str, start: int, end: int) -> bool:
    """Return whether the words around the span say that the identity is kept secret."""
    return (
        _SECRECY.search(text, max(0, start - _SENTENCE), start) is not None
        or _SECRECY.search(text, start, end + _SENTENCE) is not None
    )
