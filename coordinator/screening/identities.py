"""Words that announce who somebody is: initials, names, addresses."""

import re
from collections.abc import Iterator
from typing import Final

from coordinator.screening.finding import Hit, Kind, Severity
from coordinator.screening.folding import FLAGS

_PROTECTED: Final = r"(?:korban|saksi|pelapor|penyintas)"
_PERSON: Final = (
    r"(?:korban|saksi|pelapor|penyintas|anak|perempuan|laki-laki|remaja|pmi|cpmi|tersangka|pelaku)"
)
_INITIALS: Final = re.compile(
    rf"(?<![a-z]){_PERSON}(?![a-z])[^.;:\n]{{0,24}}(?<![a-z])(?:ber)?inisial(?![a-z])"
    rf"|(?<![a-z])inisial {_PROTECTED}(?![a-z])",
    FLAGS,
)
_INITIALS_GIVEN: Final = re.compile(
    r"(?<![a-z])berinisial[ :\"'(]{1,3}(?-i:[A-Z]{1,4}(?![A-Za-z])|[A-Z]\.)", FLAGS
)
_IDENTITY: Final = re.compile(
    rf"(?<![a-z])(?:{_PERSON} (?:yang )?bernama(?![a-z])"
    rf"|{_PROTECTED}[ ,]{{1,2}}(?:a\.n\.?|a/n|an\.|atas nama|sdri?\.|sdri? |nn\.|ny\.)"
    rf"|(?:a\.n\.?|a/n|an\.|atas nama) {_PROTECTED}(?![a-z]))",
    FLAGS,
)
_IDENTITY_FIELD: Final = re.compile(
    r"(?<![a-z])(?:nama|identitas|alamat|domisili|tempat tinggal|tempat lahir|tanggal lahir|"
    r"tgl\.? lahir)(?: (?:lengkap|asli|rumah|panggilan)){0,2}(?: (?:dari|anak|para)){0,2} "
    rf"{_PROTECTED}(?![a-z])(?P<given> {{0,2}}[:=]| (?:adalah|yaitu|yakni|ialah)(?![a-z]))?",
    FLAGS,
)
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
    for match in _INITIALS_GIVEN.finditer(text):
        yield Hit(Severity.WARN, Kind.INITIALS, *match.span())
    for match in _INITIALS.finditer(text):
        if not _kept_secret(text, *match.span()):
            yield Hit(Severity.WARN, Kind.INITIALS, *match.span())
    for match in _IDENTITY.finditer(text):
        if not _kept_secret(text, *match.span()):
            yield Hit(Severity.WARN, Kind.IDENTITY, *match.span())
    for match in _IDENTITY_FIELD.finditer(text):
        told = match["given"] is not None or (
            _PLACE.match(match[0]) is not None and not _kept_secret(text, *match.span())
        )
        if told:
            yield Hit(Severity.WARN, Kind.IDENTITY, *match.span())


def _kept_secret(text: str, start: int, end: int) -> bool:
    """Whether the words around the span say that the identity is being kept secret."""
    return (
        _SECRECY.search(text, max(0, start - _SENTENCE), start) is not None
        or _SECRECY.search(text, start, end + _SENTENCE) is not None
    )
