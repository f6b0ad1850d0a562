"""Numbers of police reports and court cases."""

import re
from collections.abc import Iterator
from typing import Final

from coordinator.screening.finding import Hit, Kind, Severity
from coordinator.screening.folding import FLAGS

# A police report or court docket leads to the file, and the file to the person.
_CASE: Final = re.compile(
    r"(?<![a-z])(?:LP|STTLP|STPL|SPDP|LI)(?:[./\-](?:[A-Z]|GAR))? ?[/\-.] ?[0-9]{1,5} ?/ ?"
    r"(?:[IVX]{1,4}|[0-9]{1,4}|[A-Z]{2,12})(?![a-z])[/ A-Z0-9.\-]{0,40}"
    r"|(?<![a-z])(?:SP\.? ?-?(?:sidik|lidik|kap|han)|BP)[ ./\-]{1,2}[0-9]{1,5} ?/ ?[IVX0-9]{1,4}"
    r" ?/[/ A-Z0-9.\-]{0,24}reskrim[a-z]{0,4}"
    r"|(?<![0-9])[0-9]{1,5} ?(?:P?K ?)?/ ?(?:Pen\.)?(?:Pid|Pdt|Res)[.A-Z\-]{0,16} ?/ ?"
    r"(?:19|20)[0-9]{2}(?: ?/ ?P[NT][. ]{0,2}[A-Z]{0,12})?"
    r"|(?<![a-z])PDM ?- ?[0-9]{1,5} ?/[/ A-Z0-9.\-]{3,30}"
    r"|(?<![a-z])laporan polisi (?:nomor|no)[ .:]{1,3}[A-Z/.\- ]{0,12}[0-9]{1,5}(?![0-9])",
    FLAGS,
)


def case_numbers(text: str) -> Iterator[Hit]:
    for match in _CASE.finditer(text):
        tail = len(match[0]) - len(match[0].rstrip(" .-/"))
        yield Hit(Severity.WARN, Kind.CASE_NUMBER, match.start(), match.end() - tail)
