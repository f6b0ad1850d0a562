"""Phone numbers of people; public lines and emergency numbers are nobody's."""

import re
from collections.abc import Iterator
from typing import Final

from coordinator.screening.finding import Hit, Kind, Severity
from coordinator.screening.folding import FLAGS

_MOBILE: Final = re.compile(
    r"(?<![0-9])(?<![0-9][.\-])"
    r"(?P<prefix>(?:\+|00)?62[ .\-]{0,2}(?:\(0\) ?)?|\(?0)"
    r"(?P<number>8[1-9](?:[ .\-)]{0,2}[0-9]){7,10})(?![0-9])",
    FLAGS,
)
_LANDLINE: Final = re.compile(
    r"\((?:0|\+?62[ \-]?)[2-79][0-9]{1,2}\)[ .\-]{0,2}[0-9]{3,4}[ .\-]?[0-9]{2,4}(?![0-9])"
    r"|(?<![0-9./\-])0[2-79][0-9]{1,2} ?- ?[0-9]{6,8}(?![0-9/])",
    FLAGS,
)
# Victims are often abroad, or were promised work there: any country, written with its plus.
_ABROAD: Final = re.compile(r"\+[1-9](?:[ \-()]{0,2}[0-9]){8,14}(?![0-9])", FLAGS)
# Three digits are the emergency numbers 110, 112 and 129, which belong in every report.
_LABELLED_PHONE: Final = re.compile(
    r"(?<![a-z])(?:hp|wa|whatsapp|telp|telepon|tlp|handphone|ponsel|fax|faks)"
    r"[ .:=/\-]{1,4}(?:no(?:mor)?[ .:]{1,3})?\(?(?P<number>[0-9](?:[ .\-()]{0,2}[0-9]){6,13})"
    r"(?![0-9])",
    FLAGS,
)
# Numbers of 10 to 13 digits that may begin with 08 and are announced as something else.
_NOT_A_PHONE: Final = re.compile(
    r"(?<![a-z])(?:nib|npwp|nip|rek|rekening|invoice|inv|resi|billing|va|rp|sn)[^0-9\n]{0,12}\Z",
    FLAGS,
)
_MONEY_TAIL: Final = re.compile(r"[0-9]{3}(?:\.[0-9]{3}){2,4}")
# The ministry's public SAPA 129 line: quoted in every outreach report, nobody's private number.
_PUBLIC_LINES: Final = frozenset({"08111129129", "628111129129"})


def phones(text: str) -> Iterator[Hit]:
    for match in _MOBILE.finditer(text):
        start = match.start()
        prefix, number = match["prefix"], match["number"]
        bare = not prefix.startswith(("+", "0", "("))
        if bare and _MONEY_TAIL.fullmatch(number):  # Rp 62.812.345.678
            continue
        groups = re.split(r"[ .\-)]{1,2}", number)
        if min(len(groups[0]) + 1, *map(len, groups)) < 2 or (bare and len(groups[0]) < 3):
            continue  # single digits and pairs after a bare 62: a row of a table
        digits = "".join(char for char in match[0] if char.isdigit())
        if digits in _PUBLIC_LINES or _NOT_A_PHONE.search(text, max(0, start - 28), start):
            continue
        yield Hit(Severity.WARN, Kind.PHONE, start, match.end())
    for pattern in (_LANDLINE, _ABROAD):
        for match in pattern.finditer(text):
            yield Hit(Severity.WARN, Kind.PHONE, *match.span())
    for match in _LABELLED_PHONE.finditer(text):
        digits = "".join(char for char in match["number"] if char.isdigit())
        if digits not in _PUBLIC_LINES:
            yield Hit(Severity.WARN, Kind.PHONE, *match.span("number"))
