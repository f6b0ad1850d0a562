"""Words that announce who somebody is: initials, names, addresses, passports."""

import re
from collections.abc import Iterator
from typing import Final

from coordinator.screening.finding import Hit, Kind, Severity
from coordinator.screening.folding import FLAGS, begins_word, lowered
from coordinator.screening.names import NOT_NAMES

_PROTECTED: Final = r"(?:korban|saksi|pelapor|penyintas)"
_PERSON: Final = (
    r"(?:korban|saksi|pelapor|penyintas|anak|perempuan|laki-laki|remaja|pmi|cpmi|tersangka|pelaku)"
)
_ON_BEHALF: Final = r"(?:a\.n\.?|a/n|an\.|atas nama)"
_INITIALS: Final = re.compile(
    rf"{_PERSON}(?![a-z])[^.;:\n]{{0,24}}(?<![a-z])(?:ber)?inisial(?![a-z])"
    rf"|inisial {_PROTECTED}(?![a-z])",
    re.ASCII,
)
_INITIALS_GIVEN: Final = re.compile(r"(?:berinisial|inisial)[ :\"'(]{1,3}", re.ASCII)
_INITIALS_THEMSELVES: Final = re.compile(r"[A-Z]{1,3}(?![A-Za-z])|[A-Z]\.", re.ASCII)
_IDENTITY: Final = re.compile(
    rf"{_PERSON} (?:yang |yg\.? )?bernama(?![a-z])"
    rf"|{_PROTECTED}[ ,]{{1,2}}(?:{_ON_BEHALF}|sdri?\.|sdri? |nn\.|ny\.)"
    rf"|{_ON_BEHALF} {_PROTECTED}(?![a-z])",
    re.ASCII,
)
_IDENTITY_FIELD: Final = re.compile(
    r"(?:nama|identitas|alamat|domisili|tempat tinggal|tempat lahir|tanggal lahir|"
    r"tgl\.? lahir)(?: (?:lengkap|asli|rumah|panggilan)){0,2}(?: (?:dari|anak|para)){0,2} "
    rf"{_PROTECTED}(?![a-z])(?P<given> {{0,2}}[:=]| (?:adalah|yaitu|yakni|ialah)(?![a-z]))?",
    re.ASCII,
)
_PASSPORT: Final = re.compile(
    r"(?:paspor|passport|splp)[^0-9\n]{0,20}(?<![a-z])[a-z]{1,2}[ \-]?[0-9]{6,8}(?![0-9])", re.ASCII
)

# What a name follows. The first three say that a name comes, the last may be followed by anything.
_NAMED: Final = re.compile(
    rf"(?:bernama|{_ON_BEHALF}|saudar[ai]|sdri?|nn\.|(?P<person>{_PROTECTED}(?:nya)?))"
    r"(?![a-z])[ .:\"'(]{1,3}(?:(?:anak|ibu|bapak|bpk|sdri?|saudar[ai]|nn|ny)[. ]{1,2}){0,2}",
    re.ASCII,
)
_NAME: Final = re.compile(r"[A-Z](?:[a-z']{2,24}|[A-Z']{2,24})(?![A-Za-z0-9])", re.ASCII)
_ACRONYM: Final = 4  # letters: capitals that a word for a person may be followed by
# A village or an application is "bernama" as well.
_THING: Final = re.compile(
    r"(?<![a-z])(?:desa|kampung|dusun|kota|kecamatan|kelurahan|pulau|sungai|aplikasi|sistem|situs"
    r"|laman|program|kegiatan|gerakan|inovasi|grup|akun|kanal|kapal|km|perusahaan|pt|cv|toko|kafe"
    r"|hotel|kelompok|forum|komunitas|lembaga|yayasan|organisasi|sekolah|layanan|berkas|lembar"
    r"|lokasi|tempat|rumah|buku|modul|film|lagu)(?: [a-z]{1,20})?(?: yang| yg)? \Z",
    FLAGS,
)
_BEFORE_A_THING: Final = 48
# "Kepada Yth. Sdr. ..." is the address of a letter to an office.
_ADDRESSED: Final = re.compile(r"(?:yth|kepada)[. :]{1,3}\Z", FLAGS)
_HEADING: Final = re.compile(r"[A-Z][A-Za-z]{1,20} (?:[a-z]{2,5} )?\Z", re.ASCII)

# An address is an address without a colon; "nama korban" alone is what every guideline says.
_PLACE: Final = re.compile(r"(?:alamat|domisili|tempat)", FLAGS)
# "Alamat korban dirahasiakan" is the sentence we want people to write.
_SECRECY: Final = re.compile(
    r"(?<![a-z])(?:tidak|tanpa|jangan|dilarang|bukan|hindari|menghindari|(?:di|me|ke|pe)?rahasia"
    r"(?:kan|an)?|(?:di|me|pe)?(?:ny)?samar(?:kan|an)?|(?:di|me|per)?lindung(?:i|an)|dihapus)"
    r"(?![a-z])",
    FLAGS,
)
_SENTENCE: Final = 40


def identities(text: str) -> Iterator[Hit]:
    """Yield what tells, or announces, who somebody is in folded text, to be asked about."""
    small = lowered(text)
    for match in _words(_INITIALS_GIVEN, small):
        if _INITIALS_THEMSELVES.match(text, match.end()):
            yield Hit(Severity.WARN, Kind.INITIALS, *match.span())
    for match in _words(_INITIALS, small):
        if not _kept_secret(text, *match.span()):
            yield Hit(Severity.WARN, Kind.INITIALS, *match.span())
    for match in _words(_IDENTITY, small):
        if not _kept_secret(text, *match.span()):
            yield Hit(Severity.WARN, Kind.IDENTITY, *match.span())
    for match in _words(_IDENTITY_FIELD, small):
        told = match["given"] is not None or (
            _PLACE.match(match[0]) is not None and not _kept_secret(text, *match.span())
        )
        if told:
            yield Hit(Severity.WARN, Kind.IDENTITY, *match.span())
    for match in _words(_PASSPORT, small):
        yield Hit(Severity.WARN, Kind.IDENTITY, *match.span())
    yield from _names(text, small)


def _words(pattern: re.Pattern[str], small: str) -> Iterator[re.Match[str]]:
    return (match for match in pattern.finditer(small) if begins_word(small, match.start()))


def _names(text: str, small: str) -> Iterator[Hit]:
    for match in _words(_NAMED, small):
        name = _NAME.match(text, match.end())
        if name is None or name[0].casefold() in NOT_NAMES:
            continue
        if not _is_thing(text, small, match, name[0]):
            yield Hit(Severity.WARN, Kind.IDENTITY, match.start(), name.end())


def _is_thing(text: str, small: str, match: re.Match[str], name: str) -> bool:
    """Whether the words around say that it is no person: a heading, an office, a village."""
    start = match.start()
    if match["person"]:
        # "Pemulihan Korban Terpadu" is a heading, "korban TPPU" a case; "korban AMINAH" is not.
        has_ended = small[match.end("person")] == "."
        is_heading = text[start].isupper() and _HEADING.search(text, max(0, start - 32), start)
        return has_ended or bool(is_heading) or (name.isupper() and len(name) <= _ACRONYM)
    if small.startswith("bernama", start):
        return _THING.search(text, max(0, start - _BEFORE_A_THING), start) is not None
    return _ADDRESSED.search(text, max(0, start - 12), start) is not None


def _kept_secret(text: str, start: int, end: int) -> bool:
    """Whether the words around the span say that the identity is being kept secret."""
    return (
        _SECRECY.search(text, max(0, start - _SENTENCE), start) is not None
        or _SECRECY.search(text, start, end + _SENTENCE) is not None
    )
