"""What a cell's number format adds to the number that is shown. Pure."""

import functools
import re
from dataclasses import dataclass

DIGITS = "0#?"
BRACKETS = re.compile(r"\[(?:\$(?P<currency>[^\]-]*))?[^\]]*\]")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format in Excel's writing, as far as it changes what a person reads.

    `is_percent`: the number is shown a hundredfold; `thousands`: how often it is divided by 1,000;
    `before` and `unit`: the text in front of the number and behind it.
    """

    is_percent: bool = False
    thousands: int = 0
    before: str = ""
    unit: str = ""


PLAIN = NumberFormat()


@functools.lru_cache(maxsize=2048)
def parse(code: str) -> NumberFormat:
    """Return what a format such as `#,##0" orang"` or `0%` shows; only its first part counts, that
    of positive numbers. A sign in quotes or behind a backslash is text, whatever it is."""
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
