"""Phone numbers of people; public lines and emergency numbers are not personal."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from coordinator.screening.finding import WARN, Hit, Kind
from coordinator.screening.folding import FLAGS, begins_word, lowered

# Each alternative has a lookbehind for a digit, or for the rest of a longer number.
_TRUNK: Final = r"[ .\-/]{0,3}(?:\(0\) ?)?"
_MOBILE: Final = re.compile(
    rf"(?P<prefix>\+62{_TRUNK}|0062(?<![0-9]0062){_TRUNK}|\(\+62\){_TRUNK}|\(62\){_TRUNK}"
    rf"|62(?<![0-9]62)(?<![0-9][.\-/]62){_TRUNK}|\(0|0(?<![0-9]0)(?<![0-9][.\-/]0))"
    r"(?P<number>8[1-9](?:[ .\-)/]{0,3}[0-9]){7,10})(?![0-9])",
    re.ASCII,
)
_BETWEEN: Final = re.compile(r"[ .\-)/]{1,3}")
_SLASH_AFTER: Final = 3  # digits before the first slash: 0812/3456/7890, but not 081/1234/2026
_LANDLINE: Final = re.compile(
    r"\((?:0|\+?62[ \-]?)[2-79][0-9]{1,2}\)[ .\-/]{0,3}[0-9]{2,4}(?:[ .\-]{0,3}[0-9]{2,4}){1,3}"
    r"(?![0-9])"
    r"|0(?<![0-9]0)(?<![./\-]0)[2-79][0-9]{1,2}(?: ?[\-/] ?| )[0-9]{6,8}(?![0-9/])",
    re.ASCII,
)
# Victims are often abroad, or were promised work there: any country, written with its plus.
_ABROAD: Final = re.compile(r"\+[1-9](?:[ \-()./]{0,3}[0-9]){8,14}(?![0-9])", re.ASCII)
_LINK: Final = re.compile(
    r"(?:wa\.me/|phone=|tel:|callto:)(?P<number>\+?[0-9](?:[ \-]?[0-9]){8,14})(?![0-9])", re.ASCII
)
# Three digits are the emergency numbers 110, 112 and 129, which belong in every report.
_OF_WHOM: Final = (
    r"(?:(?:ibu|ayah|bapak|bpk|orang|tua|ortu|suami|istri|kakak|adik|anak|wali|keluarga|rumah|kantor"
    r"|dari|milik|korban|saksi|pelapor|penyintas|pribadi|ybs|nya|yang|bersangkutan|bisa|dihubungi|di)"
    r"[ .:=/\-]{1,3}){0,5}"
)
_LABELLED_PHONE: Final = re.compile(
    r"(?:hp|wa|whatsapp|telp|telepon|tlp|handphone|ponsel|fax|faks)"
    rf"[ .:=/\-]{{1,4}}{_OF_WHOM}"
    r"(?:no(?:mor)?[ .:]{1,3})?\(?(?P<number>[0-9](?:[ .\-()]{0,3}[0-9]){6,13})"
    r"(?![0-9])",
    re.ASCII,
)
# A mobile number without its 0, in the groups of one.
_SHORTENED: Final = re.compile(
    r"(?:nomor(?:nya)?|no|kontak|hubungi|hub)[ .:]{1,3}"
    r"(?P<number>8[1-9][0-9]([ .\-])[0-9]{3,4}\2[0-9]{3,5})(?![0-9/.\-])",
    re.ASCII,
)
# The landline of an office is on its letterhead. The sentence says whose a landline is.
_OFFICE: Final = re.compile(
    r"(?:kantor|sekretariat|setda|dinas|dinsos|dinkes|disdik|disnaker|disdukcapil|dp3a|dkp3a"
    r"|badan|biro|bidang|upt|uptd|pos|posko|pengaduan|aduan|hotline|call cent(?:er|re)|layanan|fax"
    r"|faks|faksimile|polda|polres|polresta|polsek|kejaksaan|kejari|kejati|pengadilan|imigrasi|rsud|rs"
    r"|rumah sakit|puskesmas|hotel|sekolah|universitas|lembaga|yayasan|lpsk|bp3mi|bp2mi"
    r"|kecamatan|kelurahan|gubernur|bupati|wali ?kota|pemkab|pemkot|pemprov|kop surat"
    r"|jam kerja)(?![a-z])",
    re.ASCII,
)
_AT_HOME: Final = re.compile(
    r"(?:korban|saksi|pelapor|penyintas|ayah|suami|istri|orang tua|ortu|kakak|adik|nenek|kakek"
    r"|paman|bibi|keluarga|pribadi|rumah(?! (?:sakit|aman|singgah|makan)))(?:nya)?(?![a-z])",
    re.ASCII,
)
_SENTENCE: Final = 60  # characters before and after
_ENDS_SENTENCE: Final = re.compile(
    r"[.?!;\n](?<!Jl\.)(?<!No\.)(?<!Telp\.)(?<!Tlp\.)(?<!Gg\.)(?<!Kel\.)(?<!Kec\.)"
    r"(?:(?<=\n)| {1,4}(?=[A-Z]))",
    re.ASCII,
)
_IS_MOBILE: Final = re.compile(r"(?:\+?62|0)?8", re.ASCII)
# Numbers of 10 to 13 digits that may begin with 08 and are announced as something else.
_NOT_A_PHONE: Final = re.compile(
    r"(?<![a-z])(?:nib|npwp|nip|rek|rekening|invoice|inv|resi|billing|va|rp|sn)[^0-9\n]{0,12}\Z",
    FLAGS,
)
_MONEY_TAIL: Final = re.compile(r"[0-9]{3}(?:\.[0-9]{3}){2,4}")
# The ministry's public SAPA 129 line: quoted in every outreach report, not a private number.
_PUBLIC_LINES: Final = frozenset({"08111129129", "628111129129"})


def phones(text: str, repaired: str) -> Iterator[Hit]:
    """Yield telephone numbers in folded text as warnings.

    ``repaired`` is the same text with O and l in numbers read as digits.
    """
    for reading in (text,) if repaired == text else (text, repaired):
        yield from mobiles(reading)
    small = lowered(text)
    whose = _Whose(text, small)
    for pattern in (_LANDLINE, _ABROAD):
        for match in pattern.finditer(text):
            if not whose.is_of_an_office(match.span(), match[0]):
                yield Hit(WARN, Kind.PHONE, *match.span())
    for pattern in (_LABELLED_PHONE, _LINK, _SHORTENED):
        for match in pattern.finditer(small):
            number, span = match["number"], match.span("number")
            if (
                begins_word(small, match.start())
                and _digits(number) not in _PUBLIC_LINES
                and not whose.is_of_an_office(span, number)
            ):
                yield Hit(WARN, Kind.PHONE, *span)


class _Whose:
    """Whose a landline is; its sentences are searched once, on first use."""

    def __init__(self, text: str, small: str) -> None:
        self._text, self._small = text, small

    @cached_property
    def _offices(self) -> Sequence[int]:
        return self._starts(_OFFICE)

    @cached_property
    def _homes(self) -> Sequence[int]:
        return self._starts(_AT_HOME)

    @cached_property
    def _ends(self) -> Sequence[int]:
        return array("Q", [match.end() for match in _ENDS_SENTENCE.finditer(self._text)])

    def _starts(self, pattern: re.Pattern[str]) -> Sequence[int]:
        found = map(re.Match.start, pattern.finditer(self._small))
        return array("Q", [start for start in found if begins_word(self._small, start)])

    def is_of_an_office(self, span: tuple[int, int], number: str) -> bool:
        """Return whether the text calls a landline an office's and mentions no home."""
        plain = _digits(number)
        if _IS_MOBILE.match(plain) or (number[0] == "+" and not plain.startswith("62")):
            return False
        start, end = max(0, span[0] - _SENTENCE), span[1] + _SENTENCE
        before = bisect_right(self._ends, span[0]) - 1
        if before >= 0:
            start = max(start, self._ends[before])
        if before + 1 < len(self._ends):
            end = min(end, self._ends[before + 1])
        return _any_in(self._offices, start, end) and not _any_in(self._homes, start, end)


def _any_in(places: Sequence[int], start: int, end: int) -> bool:
    at = bisect_left(places, start)
    return at < len(places) and places[at] < end


def mobiles(text: str) -> Iterator[Hit]:
    """Yield mobile telephone numbers."""
    for match in _MOBILE.finditer(text):
        if _is_mobile(text, match):
            yield Hit(WARN, Kind.PHONE, *match.span())


def _is_mobile(text: str, match: re.Match[str]) -> bool:
    prefix, number = match["prefix"], match["number"]
    is_bare = prefix.startswith("62")
    if is_bare and _MONEY_TAIL.fullmatch(number):  # Rp 62.812.345.678
        return False
    groups = _BETWEEN.split(number)
    if min(len(groups[0]) + 1, *map(len, groups)) < 2 or (is_bare and len(groups[0]) < 3):
        return False  # single digits and pairs after a bare 62: a row of a table
    if "/" in number and len(groups[0]) < _SLASH_AFTER:
        return False
    if _digits(match[0]) in _PUBLIC_LINES:
        return False
    start = match.start()
    return _NOT_A_PHONE.search(text, max(0, start - 28), start) is None


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
