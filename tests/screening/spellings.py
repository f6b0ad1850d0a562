"""Every way to write a made-up NIK that the grammar knows, as Hypothesis strategies.

A number is drawn with its digits (of any script, encoded in any way), its groups (any partition),
its gaps (one kind, or each another), its label or none, and what is next to it. It knows nothing of
the detector: what a number could also be (a date, an amount) is decided by rules of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import strategies as st

REGENCIES = (
    *("6401", "6402", "6409", "6411", "6471", "6472", "6474", "1101", "1271", "1404", "1671"),
    *("1871", "2171", "3174", "3273", "3302", "3404", "3578", "5103", "5371", "6171", "6205"),
    *("6371", "6501", "7105", "7202", "7371", "7404", "7501", "7604", "8171", "8202", "9171"),
)
SCRIPTS = {
    "ascii": "0123456789",
    "full width": "０１２３４５６７８９",
    "arabic": "٠١٢٣٤٥٦٧٨٩",
    "devanagari": "०१२३४५६७८९",
    "thai": "๐๑๒๓๔๕๖๗๘๙",
    "javanese": "꧐꧑꧒꧓꧔꧕꧖꧗꧘꧙",
    "bold": "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "superscript": "⁰¹²³⁴⁵⁶⁷⁸⁹",
    "subscript": "₀₁₂₃₄₅₆₇₈₉",
    "circled": "⓪①②③④⑤⑥⑦⑧⑨",
    "white on black": "⓿❶❷❸❹❺❻❼❽❾",
    "ideographs": "〇一二三四五六七八九",
    "segments": "".join(chr(0x1FBF0 + digit) for digit in range(10)),
}
KEYCAP = "\ufe0f\u20e3"
ENCODED = ("{}", "&#{code};", "&#x{code:x};", "&#0{code};", "%{code:x}", "%25{code:x}")
SIGNS = (
    *(" ", "-", ".", "/", "_", ",", ":", ";", "|", "+", "=", "*", "~", "'", '"', "\\", "#"),
    *(" - ", " / ", "--", "...", " . ", ".-", ") (", "] [", "}{", "> <", '" "', "' - '"),
    *("\u00a0", "\u2009", "\u3000", "\u2013", "\u2014", "\u2212", "•", "·", "–\u00a0", "👉", "“"),
)
LINE_ENDS = ("\n", "\r\n", "-\n", " \n ", "\u2028", "<br>", "<br/>", "</p><p>", "&#10;", "%0A")
COLUMNS = ("\t", "  ", "</td><td>", " | ", "&emsp;&emsp;")
UNSEEN = (
    *("\u200b", "\u200d", "\u2060", "\u00ad", "\ufeff", "\u200e", "<b>", "</b>", "&shy;", "&zwnj;"),
    *('<span style="color:red">', "<i></i>", "&lt;b&gt;", "%E2%80%8B", "[b]", "</w:t><w:t>"),
)
CODED = ("&nbsp;", "&#45;", "&#x2d;", "%20", "%2D", "%2E", "%C2%A0", "&ndash;", "&amp;nbsp;")
LABELS = (
    *(
        "NIK ",
        "NIK: ",
        "nik : ",
        "N.I.K. ",
        "N.I.K: ",
        "No. KTP ",
        "No KTP: ",
        "KTP = ",
        "NIK/KTP: ",
    ),
    *(
        "Nomor Induk Kependudukan: ",
        "e-KTP no. ",
        "NIK korban: ",
        "<b>NIK</b>: ",
        "NIK&nbsp;",
        "NІK ",
    ),
    *("NIK/KTP: ", "NIK&nbsp;", "NІK ", "NIK:", "NIK", "nomor identitas: ", "NIK “", "KTP_"),
)
FAMILY_CARD_LABELS = ("KK ", "No. KK: ", "Kartu Keluarga ", "Nomor KK = ", "k.k. ")


@dataclass(frozen=True)
class Spelled:
    """A number as written, the digits of its groups, and the gaps as people see them."""

    text: str
    groups: tuple[str, ...]
    gaps: tuple[str, ...]

    @property
    def seen(self) -> str:
        """The number in ASCII digits, with its gaps."""
        parts = [part for pair in zip(self.groups, (*self.gaps, ""), strict=True) for part in pair]
        return "".join(parts)

    @property
    def may_be_counts(self) -> bool:
        """Whether a row or column of a table looks the same: no group begins with 0, or each has
        two digits."""
        has_zero = any(group[0] == "0" and len(group) > 1 for group in self.groups[1:])
        visible = {gap for gap in self.gaps if gap}
        is_listed = visible == {" "} or any(set(gap) & set("\t|,;\n") for gap in visible)
        are_pairs = {len(group) for group in self.groups} == {2}
        return is_listed and (are_pairs or not has_zero)

    @property
    def may_be_else(self) -> bool:
        """Whether a date, an amount, an account code or a place on the map is written so."""
        return any(re.search(pattern, self.seen) for pattern in _ELSE)


_ELSE = (
    r"(?<!\d)\d{1,2}([ ./_\-])\d{1,2}\1(19|20)\d\d(?!\d)",
    r"(?<!\d)(19|20)\d\d([ ./_\-])\d{1,2}\2\d{1,2}(?!\d)",
    r"(?<!\d)(19|20)\d{6}(\d{6})?(?!\d)",
    r"(?<!\d)\d{4}(19|20)\d\d(?!\d)",
    r"(?<!\d)\d{1,3}(\.\d{3}){2,}(?!\d)|(?<!\d)\d{1,3}(,\d{3}){2,}(?!\d)",
    r"^\d(\.\d{1,3}){4,}",
    r"(?<!\d)\d{1,3}[.,]\d{4,}",
)


@st.composite
def numbers(draw: st.DrawFn, *, is_family_card: bool = False) -> str:
    """Draw 16 digits: place, day (women + 40), month, year, serial as registers give them."""
    day = draw(st.integers(1, 31)) + (0 if is_family_card else draw(st.sampled_from([0, 40])))
    parts = (draw(st.integers(1, 60)), day, draw(st.integers(1, 12)), draw(st.integers(0, 99)))
    place = draw(st.sampled_from(REGENCIES)) + "".join(f"{part:02}" for part in parts)
    return f"{place}{draw(st.integers(1, 999)):04}"


@st.composite
def spelled(draw: st.DrawFn, number: str | None = None) -> Spelled:
    """Draw a spelling of a number."""
    number = number or draw(numbers())
    most_cuts = draw(st.sampled_from([0, 1, 3, 6, 15]))
    cuts = sorted(draw(st.sets(st.integers(1, 15), max_size=most_cuts)))
    edges = [0, *cuts, 16]
    groups = tuple(number[a:b] for a, b in pairwise(edges))
    gap = st.sampled_from(draw(st.sampled_from([SIGNS, SIGNS, LINE_ENDS, COLUMNS, UNSEEN, CODED])))
    if draw(st.booleans()):
        gaps = [draw(gap)] * len(cuts)
    else:
        gaps = [draw(st.one_of(gap, st.sampled_from(SIGNS))) for _ in cuts]
    digits = (
        SCRIPTS[draw(st.sampled_from(sorted(SCRIPTS)))] if draw(st.booleans()) else "0123456789"
    )
    keycaps = KEYCAP if digits[0] == "0" and draw(st.integers(0, 9)) == 0 else ""
    encoded = draw(st.sampled_from(ENCODED)) if digits.isascii() and draw(st.booleans()) else "{}"
    written = [
        "".join(
            encoded.format(digits[int(digit)] + keycaps, code=ord(digits[int(digit)]))
            for digit in group
        )
        for group in groups
    ]
    parts = [part for pair in zip(written, (*gaps, ""), strict=True) for part in pair]
    return Spelled("".join(parts), groups, tuple(_as_seen(gap) for gap in gaps))


def _as_seen(gap: str) -> str:
    """A gap as people see it, in the plainest sign."""
    if gap in UNSEEN:
        return ""
    if gap in LINE_ENDS:
        return "\n"
    if gap in COLUMNS:
        return "\t"
    if gap.isspace() or gap in {"&nbsp;", "%20", "%C2%A0", "&amp;nbsp;"}:
        return " "
    return {
        "&#45;": "-",
        "&#x2d;": "-",
        "%2D": "-",
        "%2E": ".",
        "&ndash;": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "•": ".",
        "·": ".",
    }.get(gap, gap)
