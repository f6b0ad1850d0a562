"""What a cell's number format adds to the number that is shown. Pure."""

import functools
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

DIGITS = "0#?"
NOTHING = ("", "-", "–", "—")  # what people put in place of 0
MONEY = re.compile(r"^(?:rp|idr)\b\.?\s*", re.I)
CONDITION = re.compile(r"(?:\[[^\]<>=]*\])*\[(?P<sign><=|>=|<>|=|<|>)(?P<number>-?[\d.]+)\]")
PIECE = re.compile(r'"[^"]*"?|\\.|[_*].|\[[^\]]*\]|;|.', re.S)
COMPARED: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le, ">=": operator.ge, "<>": operator.ne, "=": operator.eq, "<": operator.lt,
    ">": operator.gt,
}  # fmt: skip
BRACKETS = re.compile(r"\[(?:\$(?P<currency>[^\]-]*))?[^\]]*\]")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format in Excel's writing, as far as it changes what a person reads.

    `is_percent`: the number is shown a hundredfold; `thousands`: how often it is divided by 1,000;
    `before` and `unit`: the text in front of the number and behind it. `words` are shown in place
    of every number, `zero` in place of 0 ("" shows nothing); None where the number itself is.
    """

    is_percent: bool = False
    thousands: int = 0
    before: str = ""
    unit: str = ""
    words: str | None = None
    zero: str | None = None


PLAIN = NumberFormat()


@functools.lru_cache(maxsize=2048)
def parse(code: str) -> NumberFormat:
    """Return what a format such as `#,##0" orang"` or `0%` shows. Of its parts that of positive
    numbers counts, and that of 0 where it shows no number."""
    parts = _parts(code)
    conditions = [CONDITION.match(part) for part in parts]
    if any(conditions):
        main = next((part for part in parts if _has_number(part)), "")
        shown, words = _of_part(main), None
        at_zero = next(
            (
                part
                for part, found in zip(parts, conditions, strict=True)
                if not found or COMPARED[found["sign"]](0, float(found["number"].strip(".") or 0))
            ),
            main,
        )
    else:
        shown = _of_part(parts[0])
        is_bare = len(parts) == 1 and not code.startswith('"')
        words = None if is_bare or _has_number(parts[0]) else _words(parts[0])
        at_zero = parts[2] if len(parts) > 2 else parts[0]
    zero = _words(at_zero) if len(parts) > 1 or _has_number(code) else words
    if zero is not None:
        bare = MONEY.sub("", zero)
        zero = bare if bare in NOTHING else None if _has_number(at_zero) else zero
    if words is None and zero is None:
        return shown
    return replace(shown, words=words, zero=zero)


def _parts(code: str) -> list[str]:
    """Return the parts of a format, which a semicolon outside of texts divides."""
    parts = [""]
    for piece in PIECE.findall(code):
        if piece == ";":
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _has_number(part: str) -> bool:
    return any(piece in DIGITS for piece in PIECE.findall(part))


def _words(part: str) -> str | None:
    """Return the text shown instead of a number, or None where a number or a date is shown.

    0 leaves `#` and `?` empty.
    """
    shown = ""
    if part and not BRACKETS.sub("", part):  # a colour alone: the number is shown
        return None
    for piece in PIECE.findall(part):
        if piece[0] == '"':
            shown += piece.strip('"')
        elif piece[0] == "\\":
            shown += piece[1:]
        elif piece[0] in "_*#?,. " or (piece[0] == "[" and len(piece) > 1):
            continue
        elif piece.isalnum() or piece in "@%/:[":
            return None
        else:
            shown += piece
    return " ".join(shown.split())


def _of_part(code: str) -> NumberFormat:  # noqa: C901
    """Return what one part shows. Any sign in quotes or after a backslash is text."""
    texts = ["", ""]
    seen = thousands = 0
    is_percent = False
    at = 0
    while at < len(code):
        char = code[at]
        if char == ";":
            break
        if char == '"':
            end = code.find('"', at + 1)
            end = len(code) if end < 0 else end
            texts[seen] += code[at + 1 : end]
            at = end
        elif char == "\\":
            at += 1
            texts[seen] += code[at : at + 1]
        elif char in "_*":  # a space as wide as the next character, or that character repeated
            at += 1
        elif char == "[" and (found := BRACKETS.match(code, at)):
            texts[seen] += found["currency"] or ""
            at = found.end() - 1
        elif char == "%":
            is_percent = True
        elif char in DIGITS:
            seen, thousands = 1, 0
        elif code.startswith("General", at):
            seen, at = 1, at + len("General") - 1
        elif char in "eE" and code[at + 1 : at + 2] in ("+", "-"):
            at += 1
        elif char == ",":
            thousands += seen
        elif char not in ".@":
            texts[seen] += char
        at += 1
    if not seen:
        return PLAIN
    before, unit = (" ".join(text.split()) for text in texts)
    return NumberFormat(is_percent, thousands, before, of_unit(unit))


def of_unit(text: str) -> str:
    """Return the text behind a number as its unit: "" for a mere mark, as in 10.000,-"""
    return text if text == "%" or any(char.isalnum() for char in text) else ""
