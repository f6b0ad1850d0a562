"""Numbers of police reports and court cases."""

import re
from collections.abc import Iterator
from typing import Final

from coordinator.screening.finding import Hit, Kind, Severity
from coordinator.screening.folding import begins_word, lowered

# What the police call the papers of a case: the report, its receipt (tanda bukti lapor), what the
# reporting person is told of the progress (SP2HP), the notice to the prosecutor.
_PAPERS: Final = r"(?:lp|sttlpm?|stpl|stbl|tbl|spdp|sp2hp|sp2hap|li)"
_NUMBER: Final = r"[ .:]{1,3}(?:nomor|no)[ .:]{1,4}"
# A police report or court docket leads to the file, and the file to the person.
_CASE: Final = re.compile(
    rf"{_PAPERS}(?:[./\-](?:[a-z]|gar))? ?[/\-.] ?(?:[a-z] ?/ ?)?[0-9]{{1,5}} ?/ ?"
    r"(?:[ivx]{1,4}|[0-9]{1,4}|[a-z]{2,12})(?![a-z])[/ a-z0-9.\-]{0,40}"
    rf"|(?:{_PAPERS}|laporan polisi|tanda bukti lapor(?:an)?|surat pemberitahuan perkembangan)"
    rf"{_NUMBER}[a-z/.\- ]{{0,16}}[0-9]{{1,5}}(?![0-9])(?: ?/ ?[a-z0-9.\-]{{1,12}}){{0,5}}"
    r"|(?:sp\.? ?-?(?:sidik|lidik|kap|han)|bp)[ ./\-]{1,2}[0-9]{1,5} ?/ ?[ivx0-9]{1,4}"
    r" ?/[/ a-z0-9.\-]{0,24}reskrim[a-z]{0,4}"
    r"|pdm ?- ?[0-9]{1,5} ?/[/ a-z0-9.\-]{3,30}",
    re.ASCII,
)
_DOCKET: Final = re.compile(
    r"[0-9](?<![0-9].)[0-9]{0,4} ?(?:p?k ?)?/ ?(?:pen\.)?(?:pid|pdt|res)[.a-z\-]{0,16} ?/ ?"
    r"(?:19|20)[0-9]{2}(?: ?/ ?p[nt][. ]{0,2}[a-z]{0,12})?",
    re.ASCII,
)


def case_numbers(text: str) -> Iterator[Hit]:
    """Yield the numbers of cases in folded text, to be asked about."""
    small = lowered(text)
    for pattern in (_CASE, _DOCKET):
        for match in pattern.finditer(small):
            if begins_word(small, match.start()):
                tail = len(match[0]) - len(match[0].rstrip(" .-/"))
                yield Hit(Severity.WARN, Kind.CASE_NUMBER, match.start(), match.end() - tail)
