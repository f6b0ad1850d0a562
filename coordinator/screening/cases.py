"""Numbers of police reports and court cases."""

import re
from collections.abc import Iterator
from typing import Final

from coordinator.screening.finding import WARN, Hit, Kind
from coordinator.screening.folding import begins_word, lowered

# Police abbreviations for the documents of a case: the report, its receipt (tanda bukti lapor), the
# progress notice to the person who reported (SP2HP), the notice to the prosecutor.
_SHORT: Final = r"(?:lp[ab]?|sttlpm?|stpl|stbl|tbl|spdp|sp2hp|sp2hap)"
_LONG: Final = (
    r"(?:laporan polisi|lap\. ?polisi|tanda bukti lapor(?:an)?|surat pemberitahuan perkembangan)"
)
_PAPERS: Final = rf"(?:{_SHORT}|{_LONG})(?![a-z0-9])"
_LETTER: Final = r"(?:(?:[a-z]|gar) ?[./\- ] ?)?"
_MONTH: Final = r"(?:[ivx]{1,4}|0?[1-9]|1[0-2])(?![a-z0-9])"
_YEAR: Final = r"(?:19|20)[0-9]{2}(?![0-9])"
_DEPARTMENT: Final = r"(?:spkt|res|dit|sat|um|pol|bareskrim|krim|siber|huk)[a-z.0-9]{0,20}"
_REST: Final = r"(?: ?[/\-] ?[a-z0-9.\-]{1,24}){0,5}"
# The number of a document: 45/V/2026, 45/2026, B/45/V, 12/SPKT/2026, 214 VIII 2026. A suffix of
# another office makes it that office's own letter: LP-12/Dinsos/2026.
_NUMBERED: Final = (
    rf"{_LETTER}[0-9]{{1,5}}(?: ?[/\-] ?(?:{_YEAR}|{_MONTH}|{_DEPARTMENT}){_REST}"
    rf"| (?:[ivx]{{1,4}}|[0-9]{{1,2}}|tahun|th\.?) {_YEAR})"
)
_NUMBER: Final = r"[ .:]{1,3}(?:ke ?-? ?[0-9]{1,2}[ .:]{1,3})?(?:nomor|nmr|no)[ .:]{1,4}"
# A police report or court docket leads to the file, and the file to the person.
_CASE: Final = re.compile(
    rf"{_PAPERS} ?[ ./:\-]{{1,3}}{_NUMBERED}"
    r"|(?:lp|sttlp)[./\-][abc] ?[/\-] ?[0-9]{1,5}(?![0-9./\-])"
    rf"|{_PAPERS}{_NUMBER}[a-z/.\- ]{{0,16}}[0-9]{{1,5}}(?![0-9])"
    r"(?: ?/ ?[a-z0-9.\-]{1,12}){0,5}"
    rf"|li(?:/[a-z])?[/\-][0-9]{{1,5}} ?/ ?(?:{_MONTH}|{_DEPARTMENT})[/ a-z0-9.\-]{{0,40}}"
    r"|(?:sp\.? ?-?(?:sidik|lidik|kap|han)|bp)[ ./\-]{1,2}[0-9]{1,5} ?/ ?[ivx0-9]{1,4}"
    r" ?/[/ a-z0-9.\-]{0,24}reskrim[a-z]{0,4}"
    r"|pdm ?- ?[0-9]{1,5} ?/[/ a-z0-9.\-]{3,30}"
    r"|pid\.(?:sus|b|c)(?:[.\-][a-z]{2,8})? (?:(?:nomor|no)[. :]{1,3})?"
    rf"[0-9]{{1,5}} (?:tahun |th\.? )?{_YEAR}",
    re.ASCII,
)
_DOCKET: Final = re.compile(
    r"[0-9](?<![0-9].)[0-9]{0,4}+ ?+(?:p?k ?)?/ ?(?:pen\.)?(?:pid|pdt|res)[.a-z\-]{0,16} ?/ ?"
    r"(?:19|20)[0-9]{2}(?: ?/ ?p[nt][. ]{0,2}[a-z]{0,12})?",
    re.ASCII,
)
# How each begins, as plain text: fast to search for.
_BEGINS: Final = re.compile(
    r"lp|stt|stpl|stbl|tbl|sp|laporan polisi|lap\. ?polisi|tanda bukti lapor|surat pemberitahuan"
    r"|li[/\-]|bp|pdm|pid\."
)


def case_numbers(text: str) -> Iterator[Hit]:
    """Yield the case numbers in folded text as warnings."""
    small = lowered(text)
    for found in _BEGINS.finditer(small):
        if begins_word(small, found.start()):
            match = _CASE.match(small, found.start())
            if match is not None:
                yield _hit(match)
    for match in _DOCKET.finditer(small):
        yield _hit(match)


def _hit(match: re.Match[str]) -> Hit:
    tail = len(match[0]) - len(match[0].rstrip(" .-/"))
    return Hit(WARN, Kind.CASE_NUMBER, match.start(), match.end() - tail)
