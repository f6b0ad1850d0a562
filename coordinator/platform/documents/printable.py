"""Text as paper can show it: the fonts of a document cover less than people can type. Pure.

Every text goes through `printable` where it becomes a PDF or DOCX (`documents.rendering`), so that
no sign turns into an empty box. What Word and telephones add as decoration becomes a plain sign or
is left out; letters that no font has become MISSING, and the paper says so at its foot.
"""

import re
import unicodedata
from typing import Any

MISSING = "[?]"
# The characters that the fonts typst carries can show in every style (Libertinus Serif, New
# Computer Modern, DejaVu Sans Mono), without private use and what is drawn as nothing. A test
# prints each.
COVERED = (
    "20-7e a0-ac ae-19a 19c-25b 25d-260 262-263 265-269 26b 26d-281 283-286 288-29c 29f-377 "
    "37a-37f 384-38a 38c 38e-3a1 3a3-482 48a-4ff 510-513 51a-51d 606-60c 615 61b 61f 621-63a "
    "640-655 65a 660-66d 674 679-67b 67e-680 683-684 686-687 691 698 6a4 6a9 6af 6be 6cc "
    "6f0-6f9 1e00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d 1f5f-1f7d "
    "1f80-1fb4 1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef 1ff2-1ff4 1ff6-1ffe 2000-200a 2010-2027 "
    "202f-2040 2042 2044-2052 2054-205f 2070-2071 2074-208e 2090-209c 20a0-20c0 2100-211e 2120 "
    "2122 2124 2126-2151 2153-2184 2189 2190-2328 232b-23ff 2460-2606 2609-262f 2638-268b "
    "2690-269c 26a0-26a7 26aa-26af 26b2 2701-2704 2706-2709 270c-2714 2717-2726 272a-274b 274d "
    "274f-2752 2756 2758-275e 2761-277f 2794 2798-27af 27b1-2b73 2b76-2b95 2b97-2bff fb00-fb06 "
    "fffd "
)
# Fonts of pictures (Symbol, Wingdings) come out of Word as private use: U+F000 and the key's code.
PICTURES = {
    "\uf020": " ",
    "\uf02d": "-",
    "\uf0a3": "\u2264",
    "\uf0ae": "\u2192",
    "\uf0b0": "\u00b0",
    "\uf0b1": "\u00b1",
    "\uf0b3": "\u2265",
    "\uf0b4": "\u00d7",
    "\uf0e0": "\u2192",
    "\uf0e8": "\u2192",
    "\uf0fb": "\u2717",
    "\uf0fc": "\u2713",
    "\uf0fd": "\u2717",
    "\uf0fe": "\u2713",
}
SIGNS = PICTURES | {
    "\ufdfa": "saw.",  # honorifics, as Indonesian writes them
    "\ufdfb": "swt.",
    "\u2043": "-",
    "\u2715": "\u00d7",
    "\u2716": "\u00d7",
    "\u3008": "\u27e8",  # what NFC makes of U+2329
    "\u3009": "\u27e9",
    "\u2705": "\u2713",
    "\u274c": "\u2717",
    "\u274e": "\u2717",
    "\u2753": "?",
    "\u2757": "!",
    "\u2795": "+",
    "\u2796": "-",
    "\u2797": "\u00f7",
    "\U0001f449": "\u2192",
    "\U0001f4de": "Tel.",
    "\U0001f4f1": "HP",
    "\U0001f4e7": "Email",
}
BULLETS = re.compile(
    "[\uf000-\uf0ff\U0001f4cc\U0001f4cd\U0001f534-\U0001f53b\U0001f7e0-\U0001f7eb]"
)
EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]")
STRAY_MARKS = re.compile("(?<![\u0600-\u06ff])[\u064b-\u065f\u0670]+")  # of Arabic, on no Arabic
# Bullets, ticks, arrows and pictures, a dash, or a number of its own.
BULLET_AHEAD = re.compile(
    "^(?:[\\s\ufe0f\uf000-\uf0ff\u00b7\u2022\u2023\u2043\u2190-\u21ff\u25a0-\u25ff\u2600-\u27bf\u2b00-\u2bff"
    "\U0001f000-\U0001faff]+|[-\u2013\u2014*+]\\s*|\\d{1,2}[.)]\\s+)+"
)
LINE_ENDS = str.maketrans(dict.fromkeys("\x0b\x0c\x85\u2028\u2029", "\n"))
DRAWN_AS_NOTHING = frozenset({"Cc", "Cf", "Me", "Mn"})
RUN_OF_MISSING = re.compile(rf"(?:{re.escape(MISSING)}){{2,}}")


def _covered() -> frozenset[str]:
    found = {"\n", "\t"}
    for part in COVERED.split():
        first, _dash, last = part.partition("-")
        found.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return frozenset(found)


_COVERED = _covered()


def printable(value: Any) -> Any:
    """Return JSON whose every text can be printed; keys stay as they are."""
    if isinstance(value, str):
        return printable_text(value)
    if isinstance(value, list | tuple):
        return [printable(one) for one in value]
    if isinstance(value, dict):
        return {key: printable(one) for key, one in value.items()}
    return value


def printable_text(text: str) -> str:
    """Return a text in which every character has a glyph.

    Bullets and marks become plain ones, emoji go, a letter without a glyph is written by its parts
    or as MISSING (once for a run of them).
    """
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text.translate(LINE_ENDS).replace("\r\n", "\n"))
    signs = [_shown(character) for character in text]
    shown = RUN_OF_MISSING.sub(MISSING, STRAY_MARKS.sub("", "".join(signs)))
    if "" in signs:  # the spaces around what was left out
        shown = re.sub(r" {2,}", " ", re.sub(r" +(?=[,;:]|\.(?!\.))", "", shown)).strip(" ")
    return shown if shown.strip() or not text.strip() else MISSING


def without_bullet(line: str) -> str:
    """Return a line without the bullet it was pasted with: for lists that number their lines."""
    return BULLET_AHEAD.sub("", line).strip()


def not_printable(text: str) -> str:
    """Return the letters of a text that no font has, each once, in their order."""
    letters = unicodedata.normalize("NFC", text)
    return "".join(dict.fromkeys(one for one in letters if _shown(one) == MISSING))


def is_missing(value: Any) -> bool:
    """Tell whether a printable value holds a letter that could not be printed."""
    if isinstance(value, str):
        return MISSING in value
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, list) and any(is_missing(one) for one in value)


def _shown(character: str) -> str:
    if character in SIGNS:
        return SIGNS[character]
    if BULLETS.match(character):
        return "\u2022"
    if character in _COVERED:
        return character
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    for form in ("NFKC", "NFD"):
        parts = [part for part in unicodedata.normalize(form, character) if part != character]
        known = [part for part in parts if part in _COVERED]
        if known and (form == "NFD" or len(known) == len(parts)):
            return "".join(known)
    return "" if category in DRAWN_AS_NOTHING or EMOJI.match(character) else MISSING
